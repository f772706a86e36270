"""A data folder for trainings."""

from __future__ import annotations

import json
import lzma
import random
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from engine.training.later_data import TITLED
from engine.training.reading import CAPTIONS, PICTURES, POEMS
from tests.engine.training.tiny_data import photograph, sentence


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twenty photographs with captions, thirty poems with captions, ten with titles."""
    folder, draw = tmp_path / "data", random.Random(5)  # noqa: S311 - a draw
    folder.mkdir()
    with tarfile.open(folder / PICTURES, "w") as tar:
        for number in range(20):
            file = BytesIO()
            photograph(number).save(file, "PNG")
            member = tarfile.TarInfo(f"{number}.jpg")
            member.size = file.tell()
            file.seek(0)
            tar.addfile(member, file)
    rows: dict[str, list[dict[str, str]]] = {
        CAPTIONS: [
            {"image": f"{number}.jpg", "caption": sentence(draw)}
            for number in range(20)
            for _ in range(3)
        ],
        POEMS: [{"machine_caption": sentence(draw), "poem": sentence(draw)} for _ in range(30)],
        TITLED: [{"author": "", "title": sentence(draw), "text": sentence(draw)} for _ in range(10)]
        + [{"author": "", "title": "Sonnet XVIII", "text": "the moon"}]
        + [{"author": "", "title": "the \ufffd", "text": "the moon"}],
    }
    for name, lines in rows.items():
        with lzma.open(folder / name, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
    return folder
