"""A data folder for trainings, and lists of titles."""

from __future__ import annotations

import json
import lzma
import random
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from engine.training.reading import CAPTIONS, PICTURES, POEMS, TITLED
from engine.training.titles import PEOPLE, PLACES, REMARKS, SUBJECTS, Titles, read_titles
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


@pytest.fixture
def titles(tmp_path: Path) -> Titles:
    """Lists in the few words that the tiny tower knows."""
    folder = tmp_path / "titles"
    folder.mkdir()
    (folder / SUBJECTS).write_text("the moon | deep moon -> a dog runs\nthe sun -> boats on sea\n")
    (folder / PEOPLE).write_text("men -> dark\nwomen -> deep\nfamily names -> gold\n")
    (folder / PLACES).write_text("towns -> snow\ncountry -> sets\nwaters -> the sea\n")
    (folder / REMARKS).write_text("gold of {who}\nsnow in {where}, {year}\n")
    return read_titles(folder)
