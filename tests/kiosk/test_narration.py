"""The words: every line once, in order, as printed; the place always said; the pauses of verse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.narration import (
    Narration,
    SegmentKind,
    SpokenPoem,
    announce,
    narrate_line,
    narrate_poem,
    narrate_spelling,
)

HOPE = SpokenPoem(
    "“Hope” is the thing with feathers",
    "Emily Dickinson",
    (
        "“Hope” is the thing with feathers",
        "That perches in the soul,",
        "",
        "And sings the tune without the words,",
        "And never stops at all.",
    ),
)

verse = st.lists(
    st.one_of(
        st.just(""), st.just("   "), st.text(max_size=30).filter(lambda line: "\n" not in line)
    ),
    max_size=20,
).map(tuple)


def texts(narration: Narration, kind: SegmentKind) -> list[str]:
    return [segment.text for segment in narration.segments if segment.kind is kind]


@given(lines=verse, rank=st.integers(1, 9), hint=st.text(max_size=10))
def test_every_line_is_said_once_in_order_and_as_printed(
    lines: tuple[str, ...], rank: int, hint: str
) -> None:
    poem = SpokenPoem("A Title", "A Poet", lines, language="fr")
    narration = narrate_poem(poem, rank=rank, total=9, hint=hint)
    said = [segment for segment in narration.segments if segment.kind is SegmentKind.LINE]
    assert [segment.text for segment in said] == [line for line in lines if line.strip()]
    for segment in said:
        assert segment.line is not None
        assert lines[segment.line] == segment.text
        assert segment.language == "fr"
        assert segment.pause_ms > 0
    assert len({segment.id for segment in narration.segments}) == len(narration.segments)
    assert texts(narration, SegmentKind.HINT) == ([hint] if hint else [])
    assert narration.segments[0].text.startswith(f"Poem {rank} of 9")


@given(lines=verse)
def test_a_rest_stands_exactly_where_stanzas_part(lines: tuple[str, ...]) -> None:
    narration = narrate_poem(SpokenPoem("T", "P", lines), rank=1, total=1)
    shape = "".join(
        "/" if segment.kind is SegmentKind.PAUSE else "l"
        for segment in narration.segments
        if segment.kind in (SegmentKind.LINE, SegmentKind.PAUSE)
    )
    stanzas = "\n".join("l" if line.strip() else "" for line in lines).split("\n\n")
    expected = "/".join(part.replace("\n", "") for part in stanzas if part.strip())
    assert shape == expected


def test_a_poem_is_told_as_one_would() -> None:
    narration = narrate_poem(HOPE, rank=2, total=5, artwork_title="The Goldfinch", hint="Press.")
    assert [segment.text for segment in narration.segments] == [
        "Poem 2 of 5, for The Goldfinch.",
        "“Hope” is the thing with feathers",
        "by Emily Dickinson.",
        "“Hope” is the thing with feathers",
        "That perches in the soul,",
        "",
        "And sings the tune without the words,",
        "And never stops at all.",
        "Press.",
    ]


def test_a_line_that_runs_on_is_carried_over_and_a_stanza_is_not() -> None:
    pauses = {
        segment.id: segment.pause_ms for segment in narrate_poem(HOPE, rank=1, total=1).segments
    }
    assert pauses["line-0"] < pauses["line-1"]
    assert pauses["pause-3"] > pauses["line-1"]


def test_quotation_marks_do_not_hide_a_stop() -> None:
    poem = SpokenPoem("T", "P", ("“Who’s there?”", "he said", "and went."))
    pauses = [s.pause_ms for s in narrate_poem(poem, rank=1, total=1).segments[3:]]
    assert pauses[0] == pauses[2] > pauses[1]


def test_a_part_of_a_poem_is_called_one() -> None:
    part = SpokenPoem("The Prelude", "William Wordsworth", ("One line",), part=True)
    assert texts(narrate_poem(part, rank=1, total=1), SegmentKind.POET) == [
        "by William Wordsworth: a part of the poem."
    ]
    whole = SpokenPoem("The Prelude", "", ("One line",), part=True, extent="the whole poem")
    assert texts(narrate_poem(whole, rank=1, total=1), SegmentKind.POET) == [
        "by an unknown poet: the whole poem."
    ]


def test_one_line_again() -> None:
    (segment,) = narrate_line(HOPE, 3, narration_id="again").segments
    assert (segment.text, segment.line) == (HOPE.lines[3], 3)
    for nothing in (2, 5, -1):
        with pytest.raises(ValueError, match="no line"):
            narrate_line(HOPE, nothing)


def test_an_announcement_and_its_hint() -> None:
    narration = announce("No poem was found.", hint="Press Back.", narration_id="7", language="en")
    assert narration.id == "7"
    assert [(s.kind, s.text) for s in narration.segments] == [
        (SegmentKind.ANNOUNCEMENT, "No poem was found."),
        (SegmentKind.HINT, "Press Back."),
    ]
    assert announce("One").id != announce("One").id


def test_a_word_is_spelt_by_the_names_of_its_letters_each_a_segment() -> None:
    narration = narrate_spelling("Dürer’s 3")
    assert [segment.text for segment in narration.segments] == [
        "capital d",
        "u with two dots",
        "r",
        "e",
        "r",
        "apostrophe",
        "s",
        "3",
    ]
    assert len({segment.id for segment in narration.segments}) == len(narration.segments)
    assert [s.text for s in narrate_spelling("Été", "fr").segments] == ["É", "t", "é"]
    assert {s.language for s in narrate_spelling("Été", "fr").segments} == {"fr"}
    with pytest.raises(ValueError, match="nothing to spell"):
        narrate_spelling("  ")


@given(st.text(max_size=30))
def test_no_sign_of_a_word_is_left_out(word: str) -> None:
    if word.strip():
        spelt = narrate_spelling(word)
        assert all(segment.text.strip() for segment in spelt.segments)
