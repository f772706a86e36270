"""Visits as stories: the whole spoken transcript of each is a file that a person can review.

`EKPHRASIS_WRITE_STORIES=1 pytest tests/kiosk/test_stories.py` writes them anew; read what changed.
A line in brackets is a key, an indented one is heard, "…" is where a key broke it off.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.events import HeadsetPlugged, HeadsetPulled
from kiosk.stages import Reading, Welcoming
from tests.kiosk.visitor import Visitor

FOLDER = Path(__file__).parent / "stories"
Story = Callable[[], Visitor]


def first_visit_by_ear() -> Visitor:
    """Somebody who knows nothing: listens to everything, and finds the way by what is said."""
    one = Visitor()
    one.happen(HeadsetPlugged(), "a headset is plugged in")
    one.hear()
    one.press("select")
    one.hear()
    one.press("next")
    one.hear()
    one.press("select")
    one.hear()
    assert isinstance(one.session.stage, Reading)
    one.press("help")
    one.hear()
    one.press("back", "back")
    one.hear()
    return one


def three_keys_to_a_poem() -> Visitor:
    """Somebody who knows the way interrupts everything."""
    one = Visitor(search_seconds=0.5)
    one.press("select", "select", "select")
    one.hear("The sea is calm")
    assert isinstance(one.session.stage, Reading)
    return one


def by_number_on_a_pad() -> Visitor:
    """The number on the wall label, on a pad with digits."""
    one = Visitor()
    one.press("select")
    one.hear("Welcome")
    one.press("1", "2")
    one.hear()
    one.press("select")
    one.hear("뜰에는")
    return one


def by_number_with_five_keys() -> Visitor:
    """The same with previous, next and select alone."""
    one = Visitor()
    one.press("select")
    one.hear()
    one.press("next")
    one.choose("By the number")
    one.hear()
    one.press("select")
    one.hear()
    one.press("next")
    one.hear()
    one.press("next")
    one.hear()
    one.press("select")
    one.hear()
    one.press("select")
    one.hear("뜰에는")
    return one


def wrong_number() -> Visitor:
    """There is no such number: what is wrong, and what to do."""
    one = Visitor()
    one.press("select")
    one.hear()
    one.press("9")
    one.hear()
    one.press("select")
    one.hear()
    one.press("back")
    one.hear()
    one.press("2")
    one.hear()
    one.press("select")
    one.hear("Who has seen")
    return one


def repeat_a_stanza_slower() -> Visitor:
    """The menu over a poem: slower, then the stanza again."""
    one = Visitor(search_seconds=0.5)
    one.press("select", "select", "next", "select")
    one.hear("But when the trees bow")
    one.press("select")
    one.choose("Slower")
    one.hear()
    one.press("select")
    one.hear()
    one.press("previous", "previous")
    one.hear()
    one.press("select")
    one.hear()
    return one


def spell_a_word() -> Visitor:
    """A word of the line just heard, letter by letter; then on in the poem."""
    one = Visitor(search_seconds=0.5)
    one.press("select", "select", "select")
    one.hear("Gleams")
    one.press("select")
    one.choose("Spell")
    one.hear()
    one.press("next", "next", "next")
    one.hear()
    one.press("select")
    one.hear()
    one.press("back", "back")
    one.hear()
    return one


def two_poems_compared() -> Visitor:
    """Back and forth between two poems, then the reason for one and the painting itself."""
    one = Visitor(search_seconds=4.5)
    one.press("select", "select", "select")
    one.hear()
    one.press("next")
    one.hear("Neither I nor you")
    one.press("previous")
    one.hear("The tide")
    one.press("select")
    one.choose("Why this poem")
    one.hear()
    one.press("back")
    one.choose("About the painting")
    one.hear()
    one.press("back", "back")
    one.hear()
    return one


def why_this_poem() -> Visitor:
    """Why a poem was chosen: what both speak of, and the line, in the poem's own voice."""
    one = Visitor(search_seconds=0.5)
    one.press("select", "select", "select")
    one.hear("The tide")
    one.press("select")
    one.choose("Why this poem")
    one.hear()
    one.note("The reason alone, once more.")
    one.press("previous", "previous")
    one.hear()
    one.press("back", "back", "back")
    one.press("1", "2", "select")
    one.hear("뒷문")
    one.press("select")
    one.choose("Why this poem")
    one.hear()
    one.note("The next poem has no reason that stands out: it is not in its menu.")
    one.press("back", "back", "next")
    one.hear("Neither")
    one.press("select", "previous", "previous", "previous")
    one.hear()
    return one


def leave_in_the_middle() -> Visitor:
    """Somebody puts the headset down and goes; the next visitor meets a clean kiosk."""
    one = Visitor(search_seconds=0.5)
    one.press("select", "previous", "select", "select", "select")
    one.hear("The tide")
    one.press("faster")
    one.hear("Gleams")
    one.happen(HeadsetPulled(), "the headset is pulled out")
    one.hear()
    one.wait(135)
    assert one.session.stage == Welcoming()
    one.press("select")
    one.hear("Poems")
    return one


def headset_pulled() -> Visitor:
    """The plug slips out in the middle of a line: it is said, and the line begins again."""
    one = Visitor(search_seconds=0.5)
    one.press("select", "select", "select")
    one.hear("Upon the straits")
    one.happen(HeadsetPulled(), "the headset is pulled out")
    one.hear("Gleams")
    one.happen(HeadsetPlugged(), "the headset is plugged in")
    one.hear()
    return one


def time_running_out() -> Visitor:
    """Somebody needs long to decide: warned, given more time, warned again, and at last let go."""
    one = Visitor(search_seconds=0.5)
    one.press("select", "select")
    one.hear()
    one.wait(110)
    one.press("back")
    one.hear()
    one.wait(110)
    one.press("next")
    one.hear()
    one.wait(150)
    assert one.session.visit_id == 2
    assert one.session.stage == Welcoming()
    return one


def nothing_fits() -> Visitor:
    """A picture before the camera that no poem fits."""
    one = Visitor(fits=False)
    one.press("select", "next")
    one.choose("Show a picture")
    one.hear()
    one.press("select")
    one.hear("The sea is calm")
    one.press("back")
    one.hear()
    one.press("back")
    one.hear()
    return one


def in_korean() -> Visitor:
    """The language is offered in its own voice; a Dutch title and an English poem keep theirs."""
    one = Visitor()
    one.press("select")
    one.hear()
    one.press("previous")
    one.hear()
    one.press("select")
    one.hear()
    one.press("1", "2")
    one.hear()
    one.press("select")
    one.hear()
    one.press("next")
    one.hear("Neither")
    one.press("select")
    one.hear()
    one.press("help")
    one.hear()
    return one


def in_spanish() -> Visitor:
    """A kiosk whose own language is Spanish."""
    one = Visitor(language="es", voices=())
    one.press("select")
    one.hear()
    one.press("select")
    one.hear()
    one.press("select")
    one.hear("The tide")
    one.press("select")
    one.hear()
    return one


STORIES: tuple[Story, ...] = (
    first_visit_by_ear,
    three_keys_to_a_poem,
    by_number_on_a_pad,
    by_number_with_five_keys,
    wrong_number,
    repeat_a_stanza_slower,
    spell_a_word,
    two_poems_compared,
    why_this_poem,
    leave_in_the_middle,
    headset_pulled,
    time_running_out,
    nothing_fits,
    in_korean,
    in_spanish,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_visit_is_heard_as_it_was_reviewed(story: Story) -> None:
    told = story()
    told._cut()
    title = story.__name__.replace("_", " ").capitalize()
    text = "\n".join([title, "=" * len(title), story.__doc__ or "", *told.story]) + "\n"
    path = FOLDER / f"{story.__name__}.txt"
    if os.environ.get("EKPHRASIS_WRITE_STORIES"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_no_story_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {story.__name__ for story in STORIES}
