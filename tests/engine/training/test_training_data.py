"""What is read, how it is cut, and features that do not depend on the way they were made."""

from __future__ import annotations

import json
import lzma
import random
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from engine.model.ceclip import CEClip
from engine.model.encoder import text_reader
from engine.model.pictures import PictureFormat
from engine.training.data import (
    read_captions,
    read_pictures,
    read_poems,
    read_titled_poems,
)
from engine.training.hold_outs import write_hold_outs
from engine.training.painterly import painterly
from engine.training.picture_features import extract, read
from engine.training.reading import CAPTIONS, PICTURES, POEMS, TITLED
from engine.training.text_features import text_store

FORM = PictureFormat(64, "stretch", (0.5,) * 3, (0.5,) * 3)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def photograph(seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), np.uint8)
    return Image.fromarray(noise).resize((64, 48), Image.Resampling.BICUBIC)


def test_no_picture_stands_on_two_sides(tmp_path: Path) -> None:
    rows = [
        {"image": f"{n}.jpg", "caption": f"picture {n}, {m}"} for n in range(60) for m in range(5)
    ]
    forwards = read_captions(write(tmp_path / "a.xz", rows))
    backwards = read_captions(write(tmp_path / "b.xz", rows[::-1]))
    sides = [set(forwards.train), set(forwards.validation), set(forwards.held_out)]
    assert [len(side) for side in sides] == [42, 6, 12]
    assert len(set.union(*sides)) == 60
    assert sides == [set(backwards.train), set(backwards.validation), set(backwards.held_out)]
    assert all(len(texts) == 5 for texts in forwards.train.values())


def test_no_poem_stands_on_two_sides(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"poem": f"poem {n % 40}", "machine_caption": f"caption {n}"} for n in range(70)
    ]
    rows.append({"poem": "a poem without a caption"})
    poems = read_poems(write(tmp_path / "poems.xz", rows))
    train, held_out = ({pair.poem for pair in side} for side in (poems.train, poems.held_out))
    assert len(train) == 32
    assert len(held_out) == 8
    assert not train & held_out
    assert len(poems.train) + len(poems.held_out) == 70


def test_no_title_stands_on_two_sides_and_each_says_something(tmp_path: Path) -> None:
    rows = [{"title": f" The sea, {n} ", "text": f"waves {n}\n"} for n in range(40)]
    silent = ("Sonnet XVIII", "Untitled", "IV.", "", "a lost \ufffd accent")
    rows += [{"title": title, "text": "the moon"} for title in silent]
    rows += [{"title": "The sea, 3", "text": "another"}, {"title": "The moon", "text": ""}]
    poems = read_titled_poems(write(tmp_path / "titled.xz", rows))
    train, held_out = dict(poems.train), dict(poems.held_out)
    assert len(train) == 32
    assert len(held_out) == 8
    assert not train.keys() & held_out.keys()
    assert train | held_out == {f"The sea, {n}": f"waves {n}" for n in range(40)}
    backwards = read_titled_poems(write(tmp_path / "backwards.xz", rows[:40][::-1]))
    assert dict(backwards.held_out) == held_out


def test_painterly_is_drawn_from_the_generator_alone() -> None:
    image = photograph(1)

    def paint() -> list[Image.Image]:
        return [painterly(image, random.Random(seed)) for seed in range(25)]  # noqa: S311

    made, again = paint(), paint()
    assert all(one.tobytes() == other.tobytes() for one, other in zip(made, again, strict=True))
    assert all(one.size == image.size and one.mode == "RGB" for one in made)
    assert len({one.tobytes() for one in made}) == 25
    assert image.tobytes() == photograph(1).tobytes()


def test_features_do_not_depend_on_chunks_or_on_a_stop(
    make_network: Callable[[int], CEClip], tmp_path: Path
) -> None:
    tower = make_network(1).image_tower
    pictures = [(f"{n}.png", photograph(n)) for n in range(7)]
    names = [name for name, _ in pictures]
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    extract(tower, FORM, pictures, whole, change=painterly, seed=4)
    extract(tower, FORM, pictures, parts, change=painterly, seed=4, chunk=3, batch=2)
    (parts / "001.npz").unlink()  # as if the run had been stopped
    kept = (parts / "000.npz").stat().st_mtime_ns
    extract(tower, FORM, pictures, parts, change=painterly, seed=4, chunk=3, batch=2)
    assert (parts / "000.npz").stat().st_mtime_ns == kept
    for one, other in zip(read(whole, names), read(parts, names), strict=True):
        assert torch.allclose(one.float(), other.float(), atol=2e-3)
    tokens, pooled = read(whole, names[::-1])
    assert tokens.shape == (7, 4, 1280)
    assert torch.equal(tokens[6], read(whole, names)[0][0])
    assert pooled.shape == (7, 1000)


def test_pictures_come_out_of_an_archive(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for n in range(2):
            content = BytesIO()
            photograph(n).save(content, "PNG")
            member = tarfile.TarInfo(f"{n}.png")
            member.size = len(content.getvalue())
            tar.addfile(member, BytesIO(content.getvalue()))
    found = dict(read_pictures(tmp_path / "a.tar"))
    assert sorted(found) == ["0.png", "1.png"]
    assert found["1.png"].tobytes() == photograph(1).tobytes()


def test_a_text_store_says_what_the_tower_says(
    tiny_bundle: tuple[Path, dict[str, Any]], make_network: Callable[[int], CEClip]
) -> None:
    folder, _ = tiny_bundle
    network = make_network(3)
    reader = text_reader(network, folder)
    texts = ["the sea is dark", "a dog", "gold sun sets on the sea and the boats and the moon"]
    store = text_store(network, reader, texts, 6, folder / "kept", batch=2)
    again = text_store(network, reader, texts, 6, folder / "kept")
    assert torch.equal(store.tokens, again.tokens)
    tokens, mask = store.batch([2, 1], limit=5)
    assert mask.tolist() == [[1] * 5, [1] * 4 + [0]]
    ids = torch.tensor([reader.ids(texts)[1]])
    with torch.inference_mode():
        features = network.text(ids, torch.ones_like(ids))
    assert torch.allclose(tokens[1, :4], features.tokens[0], atol=2e-3)
    assert torch.allclose(store.pooled[1], features.pooled[0], atol=1e-5)
    assert tokens[1, 4:].abs().sum() == 0


def test_hold_outs_are_written_for_the_evaluate_command(tmp_path: Path) -> None:
    names = [f"{n}.jpg" for n in range(10)]
    rows = [{"image": name, "caption": f"{name} {m}"} for name in names for m in range(2)]
    held_out = read_captions(write(tmp_path / CAPTIONS, rows)).held_out
    write(tmp_path / POEMS, [{"poem": f"p {n}", "machine_caption": f"c {n}"} for n in range(10)])
    with tarfile.open(tmp_path / PICTURES, "w") as tar:
        for name in names:
            photograph(int(Path(name).stem)).save(tmp_path / name)
            tar.add(tmp_path / name, name)
    write(tmp_path / TITLED, [{"title": f"The sea, {n}", "text": f"p {n}"} for n in range(10)])
    write_hold_outs(tmp_path, tmp_path / "out")
    lines = (tmp_path / "out" / "flickr8k.jsonl").read_text().splitlines()
    pairs = [json.loads(line) for line in lines]
    assert {pair["text"] for pair in pairs} == {texts[0] for texts in held_out.values()}
    pictures = {path.name for path in (tmp_path / "out" / "pictures").iterdir()}
    assert pictures == {pair["image"] for pair in pairs}
    for name in ("multim-poem.jsonl", "titles.jsonl"):
        lines = (tmp_path / "out" / name).read_text().splitlines()
        assert len(lines) == 2
        assert set(json.loads(lines[0])) == {"query", "text"}


@pytest.mark.parametrize("name", ["train", "held_out"])
def test_small_sets_keep_both_sides(tmp_path: Path, name: str) -> None:
    rows = [{"image": f"{n}.jpg", "caption": "x"} for n in range(10)]
    assert getattr(read_captions(write(tmp_path / "a.xz", rows)), name)
