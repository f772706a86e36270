"""Titles are drawn as museums make them up, and every one has something to be seen."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.titles import (
    MAN,
    OF_MEN,
    OF_WOMEN,
    PEOPLE,
    PLACES,
    REMARKS,
    SUBJECTS,
    WOMAN,
    part_of,
    read_titles,
    sentence,
)

DATA = Path(__file__).parents[3] / "data"
TITLES = read_titles(DATA / "titles")


@given(st.integers(0, 2**32))
def test_a_title_that_is_drawn_is_whole_and_shows_something_known(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a draw
    shown = TITLES.drawn(draw)
    (title,) = shown.titles
    assert title.strip() == title != ""
    assert "{" not in title
    assert shown.sights
    assert set(shown.sights) <= set(TITLES.sights)


def test_every_kind_of_title_is_drawn_and_the_same_seed_draws_the_same() -> None:
    def many(seed: int) -> list[tuple[str, ...]]:
        draw = random.Random(seed)  # noqa: S311 - a draw
        return [(*TITLES.drawn(draw).titles,) for _ in range(300)]

    assert many(1) == many(1) != many(2)
    draw = random.Random(3)  # noqa: S311 - a draw
    sights = [TITLES.drawn(draw).sights for _ in range(600)]
    assert MAN in sights
    assert WOMAN in sights
    listed = {sight for subject in TITLES.subjects for sight in subject.sights}
    assert any(set(one) & listed for one in sights)


@given(st.integers(0, 2**32))
def test_a_work_is_told_by_a_title_and_captions(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a draw
    captions = ["a dog runs .", "boats on the sea .", "snow falls ."]
    title, *seen = TITLES.told(captions, draw)
    said = set(map(sentence, captions))
    assert title not in said
    assert 1 <= len(seen) == len(set(seen))
    assert set(seen) <= said


@given(st.integers(0, 2**32), st.lists(st.sampled_from(["A.", "B.", "C."])))
def test_remarks_stand_between_what_is_told(seed: int, told: list[str]) -> None:
    draw = random.Random(seed)  # noqa: S311 - a draw
    among = TITLES.interrupted(told, draw)
    assert [one for one in among if one in {"A.", "B.", "C."}] == told
    assert 1 <= len(among) - len(told) <= 4


@given(st.integers(0, 2**32))
def test_remarks_stand_behind_a_title(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a draw
    told = TITLES.remarked("The Sea at Night", draw)
    title, _, remarks = told.partition(". ")
    assert title == "The Sea at Night"
    assert remarks
    assert "{" not in remarks


def test_names_that_a_title_needs_are_in_the_lists() -> None:
    wanted = {"given", "family", "man", "place"}
    for made in (*OF_MEN, *OF_WOMEN):
        assert set(re.findall(r"{(\w+)}", made)) <= wanted


def test_no_work_of_the_starter_collection_is_among_them() -> None:
    # They are what the model is judged by.
    works = json.loads((DATA / "artworks" / "starter.json").read_text(encoding="utf-8"))

    def plain(title: str) -> str:
        return re.sub(r"^(the|a|an) ", "", title.lower())

    own = {plain(work["title"]) for work in works}
    listed = {plain(title) for subject in TITLES.subjects for title in subject.titles}
    assert own
    assert not own & listed


@pytest.mark.parametrize("line", ["Madonna, a mother", "-> a mother", "Madonna ->", "| -> a | b"])
def test_a_line_of_another_form_is_named(tmp_path: Path, line: str) -> None:
    _lists(tmp_path)
    (tmp_path / SUBJECTS).write_text(f"# a list\n\nThe Sea -> Waves.\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 4: write “one \| another -> what is seen”"):
        read_titles(tmp_path)


def test_a_kind_that_is_missing_is_named(tmp_path: Path) -> None:
    _lists(tmp_path)
    (tmp_path / PLACES).write_text("towns -> Bath\nwaters -> the Avon\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the line of “country”"):
        read_titles(tmp_path)


def _lists(folder: Path) -> None:
    for name in (SUBJECTS, PEOPLE, PLACES, REMARKS):
        text = (DATA / "titles" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")


@given(st.lists(st.sampled_from(["a", "dog", "runs", "on", "sand"]), min_size=1), st.integers())
def test_a_part_of_a_caption_stands_in_it(words: list[str], seed: int) -> None:
    caption = " ".join(words) + " ."
    part = part_of(caption, random.Random(seed))  # noqa: S311 - a draw
    assert part in caption
    assert 1 <= len(part.split()) <= 5
    assert "." not in part


@given(st.integers(0, 2**32))
def test_a_description_says_what_captions_say_among_remarks(seed: int) -> None:
    captions = ["a dog runs .", "Two dogs on sand", "the sea is calm.", "A beach ."]
    told = TITLES.described(captions, random.Random(seed))  # noqa: S311 - a draw
    said = [sentence(caption) for caption in captions if sentence(caption) in told]
    assert 2 <= len(said) <= 4
    rest = told
    for one in said:
        assert told.count(one) == 1
        rest = rest.replace(one, "")
    assert rest.strip()
    assert "{" not in told


def test_a_description_can_be_made_of_one_caption() -> None:
    told = TITLES.described(["a dog runs ."], random.Random(1))  # noqa: S311 - a draw
    assert "A dog runs." in told


def test_remarks_are_many_and_each_stands_once() -> None:
    assert len(set(TITLES.remarks)) == len(TITLES.remarks) > 20


@pytest.mark.parametrize("line", ["Given by {whom}.", "Given by {}.", "Given by {who.", "Given}"])
def test_a_remark_with_another_blank_is_named(tmp_path: Path, line: str) -> None:
    _lists(tmp_path)
    (tmp_path / REMARKS).write_text(f"# remarks\nOil on canvas.\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 3: write {who}, {where} or {year}"):
        read_titles(tmp_path)


def test_a_list_without_remarks_is_told(tmp_path: Path) -> None:
    _lists(tmp_path)
    (tmp_path / REMARKS).write_text("# none yet\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no remark"):
        read_titles(tmp_path)
