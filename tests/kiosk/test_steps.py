"""Where a step leads, from wherever one is in a narration."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.narration import Segment, SegmentKind, SpokenPoem, narrate_poem
from kiosk.steps import Step, find_step

POEM = SpokenPoem("Wind", "C. R.", ("one", "two", "", "three", "four"))
SEGMENTS = narrate_poem(POEM, rank=1, total=2, hint="Press Back.").segments
AT = {segment.id: index for index, segment in enumerate(SEGMENTS)}


def step_from(name: str, step: Step) -> str | None:
    target = find_step(SEGMENTS, AT[name], step)
    return None if target is None else SEGMENTS[target].id


def test_lines_are_stepped_through_and_stanza_pauses_are_not_lines() -> None:
    assert step_from("announcement", Step.NEXT_LINE) == "title"
    assert step_from("line-1", Step.NEXT_LINE) == "line-3"
    assert step_from("pause-3", Step.NEXT_LINE) == "line-3"
    assert step_from("line-3", Step.PREVIOUS_LINE) == "line-1"
    assert step_from("pause-3", Step.PREVIOUS_LINE) == "line-0"
    assert step_from("announcement", Step.PREVIOUS_LINE) == "announcement"
    assert step_from("hint", Step.NEXT_LINE) is None


def test_repeating_gives_the_last_portion() -> None:
    assert step_from("line-1", Step.REPEAT_LINE) == "line-1"
    assert step_from("pause-3", Step.REPEAT_LINE) == "line-1"
    assert step_from("line-1", Step.REPEAT_STANZA) == "line-0"
    assert step_from("pause-3", Step.REPEAT_STANZA) == "line-0"
    assert step_from("line-4", Step.REPEAT_STANZA) == "line-3"
    assert step_from("hint", Step.REPEAT_STANZA) == "line-3"
    assert step_from("poet", Step.REPEAT_STANZA) == "announcement"
    assert {step_from(name, Step.REPEAT_POEM) for name in AT} == {"title"}


def test_stanzas_part_at_gaps_between_lines_where_there_is_no_pause() -> None:
    bare = [segment for segment in SEGMENTS if segment.kind is SegmentKind.LINE]
    assert find_step(bare, 3, Step.REPEAT_STANZA) == 2
    unnumbered = [replace(segment, line=None) for segment in bare]
    assert find_step(unnumbered, 3, Step.REPEAT_STANZA) == 0


@given(
    st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=12),
    st.integers(0, 11),
    st.sampled_from(Step),
)
def test_a_step_leads_to_words_or_nowhere(chosen: list[Segment], at: int, step: Step) -> None:
    target = find_step(chosen, min(at, len(chosen) - 1), step)
    spoken = [index for index, segment in enumerate(chosen) if segment.text]
    if target is None:
        assert step is Step.NEXT_LINE or not spoken
    elif step is not Step.REPEAT_STANZA and step is not Step.REPEAT_POEM:
        assert target in spoken
