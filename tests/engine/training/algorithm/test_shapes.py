"""The synthetic set has the structure that the proof rests on."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.training.algorithm.shapes import (
    CELL,
    COLOURS,
    FORMS,
    GROUND,
    NAMED,
    NAMES,
    ROW,
    THINGS,
    _scenes,
    picture,
    verse,
    write_shapes,
)


def draws(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - draws, no secrets


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 150))
def test_each_verse_is_true_of_its_own_picture_and_of_no_other(seed: int, count: int) -> None:
    scenes = _scenes(count, draws(seed))
    assert len(scenes) == count
    for one, (there, named) in enumerate(scenes):
        assert len(set(there)) == ROW * ROW
        assert len(set(named)) == NAMED
        fits = [other for other, (_, asked) in enumerate(scenes) if set(asked) <= set(there)]
        assert fits == [one]


def test_a_verse_names_its_things_and_each_name_is_of_one_thing() -> None:
    names = [name for row in NAMES.values() for name in row]
    assert len(set(names)) == len(names) == len(THINGS) == len(COLOURS) * len(FORMS)
    named = list(THINGS[3:7])
    words = verse(named, draws(1)).replace(",", " ").replace(";", " ").replace(".", " ")
    told = {NAMES[colour][FORMS.index(form)] for colour, form in named}
    assert told == set(words.split()) & set(names)


@pytest.mark.parametrize("place", range(ROW * ROW))
def test_a_thing_lies_in_its_own_patch_and_no_two_things_look_alike(place: int) -> None:
    seen = set()
    for thing in THINGS:
        things = [THINGS[0]] * (ROW * ROW)
        things[place] = thing
        pixels = np.asarray(picture(things, draws(1)))
        x, y = CELL * (place % ROW), CELL * (place // ROW)
        patch = pixels[y : y + CELL, x : x + CELL]
        assert {tuple(int(one) for one in dot) for dot in patch.reshape(-1, 3)} == {
            GROUND,
            COLOURS[thing[0]],
        }
        seen.add(patch.tobytes())
    assert len(seen) == len(THINGS)


def test_the_same_seed_gives_the_same_set(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_shapes(tmp_path / name, 30, seed=4)
    write_shapes(tmp_path / "c", 30, seed=5)
    pairs, split = (
        [(tmp_path / folder / name).read_bytes() for folder in "abc"]
        for name in ("pairs.jsonl", "split.json")
    )
    assert pairs[0] == pairs[1] != pairs[2]
    assert split[0] == split[1]
    row = json.loads(pairs[0].splitlines()[7])
    assert row["image"] == "images/0007.png"
    assert len(row["caption"].split(", ")) == NAMED
    one, two = (np.asarray(Image.open(tmp_path / name / row["image"])) for name in "ab")
    assert np.array_equal(one, two)
