"""Parts of a text, and the text without them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.explaining.hiding import cut, lines_of

REFRAIN = "Who has seen the wind?\nNeither I nor you:\n\nWho has seen the wind!\nNeither you nor I:"


def test_a_refrain_is_one_line_wherever_it_comes() -> None:
    lines = lines_of(REFRAIN)
    assert [line.index for line in lines] == [0, 1, 4]
    assert cut(REFRAIN, lines[0].spans) == "Neither I nor you:\nNeither you nor I:"


def test_what_nothing_is_left_of_is_no_line() -> None:
    assert cut("blue\nsea", [(0, 4)]) == "sea"
    assert cut("the blue sea", [(4, 8)]) == "the sea"
    assert cut("sea", [(0, 3)]) == ""
    assert lines_of("...\n\n* * *") == []


@given(st.lists(st.text("ab \n", max_size=12), max_size=6).map("\n".join))
def test_each_line_can_be_taken_away_and_the_others_stay(text: str) -> None:
    lines = lines_of(text)
    printed = text.split("\n")
    for line in lines:
        left = cut(text, line.spans).split()
        gone = {" ".join(printed[line.index].split())}
        kept = [one for one in printed if " ".join(one.split()) not in gone]
        assert left == " ".join(kept).split()
    assert cut(text, [span for line in lines for span in line.spans]).split() == []
