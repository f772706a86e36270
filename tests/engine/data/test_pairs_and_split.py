"""A folder of pairs is read as it was written, and no poem is ever on both sides of the cut."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.pairs import (
    PoemPair,
    Split,
    read_captions,
    read_pairs,
    read_split,
    sides,
    write_pairs,
    write_split,
)
from engine.data.splitting import draw_split, normal
from engine.errors import InputError


def pair(number: int, text: str, image: str | None = None) -> PoemPair:
    return PoemPair(str(number), Path(image or f"images/{number}.jpg"), text)


def test_written_and_read_again(tmp_path: Path) -> None:
    pairs = [
        PoemPair("7", tmp_path / "images" / "7.jpg", "one line\nand a\u2028separator"),
        PoemPair("b", tmp_path / "images" / "b.png", "«é»"),
    ]
    write_pairs(tmp_path, pairs)
    assert read_pairs(tmp_path) == pairs
    write_split(tmp_path, Split(3, ("7",), ("b",)))
    split = read_split(tmp_path)
    assert split == Split(3, ("7",), ("b",))
    assert sides(pairs, split) == ([pairs[0]], [pairs[1]])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pairs.jsonl", "split.json"]


def test_a_folder_that_somebody_else_wrote(tmp_path: Path) -> None:
    rows = [{"image": "a.jpg", "text": "A", "source": "ours"}, {"image": "b.jpg", "text": "B"}]
    text = "\ufeff" + "\n\n".join(json.dumps(row) for row in rows) + "\r\n"
    (tmp_path / "pairs.jsonl").write_text(text, encoding="utf-8")
    assert [(one.id, one.text) for one in read_pairs(tmp_path)] == [("1", "A"), ("3", "B")]
    assert read_split(tmp_path) is None


def test_captions_go_by_the_ids_of_their_pairs(tmp_path: Path) -> None:
    rows = [
        {"caption": " a boat ", "machine_caption": "a bird"},
        {"id": "x", "caption": " ", "machine_caption": "a dog"},
        {"id": "y", "caption": 3},
        {"id": "z"},
    ]
    lines = [json.dumps({"image": "a.jpg", "text": "A", **row}) for row in rows]
    (tmp_path / "pairs.jsonl").write_text("\n" + "\n".join(lines), encoding="utf-8")
    assert read_captions(tmp_path) == {"2": "a boat", "x": "a dog"}
    assert {one.id for one in read_pairs(tmp_path)} == {"2", "x", "y", "z"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: must be an object"),
        ('{"text": "t"}', 'line 2: "image" is missing'),
        ('{"image": "a.jpg", "text": " "}', 'line 2: "text" is missing'),
        ('{"image": "a.jpg", "text": "t", "id": "x"}', "occurs twice"),
    ],
)
def test_mistakes_name_their_line(tmp_path: Path, line: str, says: str) -> None:
    first = '{"image": "a.jpg", "text": "t", "id": "x"}\n'
    (tmp_path / "pairs.jsonl").write_text(first + line)
    with pytest.raises(InputError, match=says):
        read_pairs(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "cannot be read"),
        ("[]", "must be"),
        ('{"seed": 1, "train": ["a"]}', "must be"),
        ('{"seed": 1, "train": "ab", "test": []}', "must be"),
        ('{"seed": 1, "train": ["a"], "test": ["a"]}', "both sides"),
    ],
)
def test_unusable_splits(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "split.json").write_text(text)
    with pytest.raises(InputError, match=says):
        read_split(tmp_path)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no"):
        read_pairs(tmp_path)
    (tmp_path / "pairs.jsonl").write_text("\n")
    with pytest.raises(InputError, match="holds no pairs"):
        read_pairs(tmp_path)


def test_what_makes_two_printings_one_poem() -> None:
    assert normal("The Sea,\n  the SEA!") == normal("the sea the sea")
    assert normal("café – naïve") == normal("Cafe\u0301, naive")
    assert normal("sea") != normal("season")


POEMS = ("The sea is dark.", "the SEA,\nis dark", "A dog runs", "gold", "...", "***", "moon")


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(POEMS), st.integers(0, 12)), max_size=40),
    seed=st.integers(0, 9),
    shuffled=st.randoms(use_true_random=False),
)
def test_no_poem_and_no_picture_on_both_sides(
    rows: list[tuple[str, int]], seed: int, shuffled: object
) -> None:
    pairs = [pair(at, text, f"{image}.jpg") for at, (text, image) in enumerate(rows)]
    split = draw_split(pairs, seed)
    assert sorted([*split.train, *split.test]) == sorted(one.id for one in pairs)
    train, test = sides(pairs, split)
    known = {normal(one.text) for one in train} - {""}
    assert not known & {normal(one.text) for one in test}
    assert not {one.image for one in train} & {one.image for one in test}
    assert len(test) <= round(len(pairs) * 0.2)
    other = list(pairs)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert draw_split(other, seed) == split


def test_a_fifth_is_held_out_and_the_seed_decides_which() -> None:
    pairs = [pair(at, f"poem number {at // 2}") for at in range(1000)]
    splits = [draw_split(pairs, seed) for seed in range(3)]
    assert [len(split.test) for split in splits] == [200] * 3
    assert len({split.test for split in splits}) == 3
    with pytest.raises(ValueError, match="share"):
        draw_split(pairs, 1, 1.5)
