"""Cutting poems: nothing lost, nothing too long, cuts where a reader would pause."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.collections.passages import MOST_LINES, cut, join
from kiosk.collections.text import clean_text
from kiosk.store.records import PassageCut

WORDS = st.sampled_from(["the sea,", "a storm.", "O!", "and then", "II", "", "", " by night;", "*"])
POEMS = st.lists(WORDS, max_size=90).map("\n".join).map(clean_text)


def printed(passage: PassageCut) -> list[str]:
    return [line for line in passage.text.split("\n") if line]


def lengths(poem: str) -> list[int]:
    return [len(printed(passage)) for passage in cut(poem)]


def stanzas(*sizes: int) -> str:
    return "\n\n".join(
        "\n".join(f"stanza {s} line {n}" for n in range(size)) for s, size in enumerate(sizes)
    )


@settings(deadline=None)
@given(POEMS)
def test_joined_passages_equal_the_poem(poem: str) -> None:
    assert join(cut(poem)) == poem


@settings(deadline=None)
@given(st.text().map(clean_text))
def test_joined_passages_equal_any_text(poem: str) -> None:
    assert join(cut(poem)) == poem


@settings(deadline=None)
@given(POEMS)
def test_passages_are_whole_lines_of_bounded_number(poem: str) -> None:
    lines = poem.split("\n")
    for passage in cut(poem):
        assert passage.text.split("\n") == lines[passage.first_line : passage.end_line]
        assert 1 <= len(printed(passage)) <= MOST_LINES
        assert lines[passage.first_line]
        assert lines[passage.end_line - 1]


@settings(deadline=None)
@given(POEMS)
def test_only_blank_lines_lie_between_passages(poem: str) -> None:
    lines = poem.split("\n")
    for one, next_one in pairwise(cut(poem)):
        assert not any(lines[one.end_line : next_one.first_line])


@settings(deadline=None)
@given(st.lists(st.integers(1, MOST_LINES), max_size=12))
def test_a_stanza_that_fits_is_never_cut(sizes: list[int]) -> None:
    poem = stanzas(*sizes)
    lines = poem.split("\n")
    for passage in cut(poem):
        assert passage.first_line == 0 or not lines[passage.first_line - 1]


def test_short_poems_are_one_passage() -> None:
    assert lengths("one line") == [1]
    assert lengths(stanzas(14)) == [14]  # a sonnet set solid
    assert lengths(stanzas(4, 4, 3, 3)) == [14]  # and one set in stanzas
    assert lengths(stanzas(4, 4, 4, 4)) == [16]
    assert cut("") == []


def test_stanzas_are_grouped_evenly() -> None:
    assert lengths(stanzas(*[4] * 10)) == [16, 12, 12] or sorted(lengths(stanzas(*[4] * 10))) == [
        12,
        12,
        16,
    ]
    assert lengths(stanzas(6, 6, 6, 6)) == [12, 12]
    assert lengths(stanzas(9, 9, 9)) == [9, 9, 9]
    assert set(lengths(stanzas(*[2] * 24))) <= {12, 14}  # couplets


def test_a_solid_poem_is_cut_where_a_sentence_ends() -> None:
    lines = [f"line {n} goes on" for n in range(30)]
    lines[13] = "here a sentence ends.”"
    lines[14] = "a comma in the very middle counts for less,"
    assert lengths("\n".join(lines)) == [14, 16]


def test_a_solid_poem_without_any_stop_is_still_cut() -> None:
    assert max(lengths("\n".join("no stop at all" for _ in range(100)))) <= MOST_LINES


def test_a_numeral_stays_with_the_section_below_it() -> None:
    poem = "\n\n".join(f"{numeral}\n\n{stanzas(14)}" for numeral in ("I", "II.", "III"))
    passages = cut(poem)
    assert [passage.text.split("\n")[0] for passage in passages] == ["I", "II.", "III"]


def test_stanza_breaks_inside_a_passage_are_kept() -> None:
    poem = "a\nb\n\n\nc"
    assert cut(poem) == [PassageCut(0, poem)]
