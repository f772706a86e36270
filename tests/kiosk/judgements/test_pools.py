"""Who is asked what: pools by seed, shuffled, without a method, and nothing twice."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.evaluation.judging import Judgement
from kiosk.judgements.pools import (
    DRAWN,
    Page,
    as_text,
    draw,
    form,
    merged,
    pools,
    read_drawn,
    write_drawn,
)

POEMS = [f"poem-{number:02}" for number in range(40)]
RANKINGS = {
    "one": {"sea": POEMS[:20], "rose": POEMS[5:25]},
    "other": {"sea": POEMS[30:], "rose": POEMS[:20]},
}


def test_drawn_by_seed_whoever_else_is_asked() -> None:
    alone = draw(["sea"], POEMS)
    both = draw(["rose", "sea"], POEMS[::-1])
    assert alone["sea"] == both["sea"]
    assert both["sea"] != both["rose"]
    assert len(set(alone["sea"])) == DRAWN
    assert draw(["sea"], POEMS, seed=1) != alone
    assert draw(["sea"], POEMS[:4])["sea"] == POEMS[:4]


def test_every_method_is_asked_for_its_first_five_and_no_more() -> None:
    drawn = draw(["sea", "rose"], POEMS)
    asked = pools(drawn, RANKINGS, {})
    assert set(asked["sea"]) == {*drawn["sea"], *POEMS[:5], *POEMS[30:35]}
    assert set(asked["rose"]) == {*drawn["rose"], *POEMS[5:10], *POEMS[:5]}
    assert len(asked["sea"]) == len(set(asked["sea"]))


def test_the_order_does_not_tell_the_method() -> None:
    drawn = draw(["sea"], POEMS)
    swapped = {"other": RANKINGS["one"], "one": RANKINGS["other"]}
    asked = pools(drawn, RANKINGS, {})
    assert asked == pools(drawn, swapped, {})
    assert asked["sea"] != sorted(asked["sea"])


@settings(deadline=None)
@given(st.sets(st.sampled_from(POEMS)))
def test_what_was_judged_is_not_asked_again(judged: set[str]) -> None:
    drawn = draw(["sea"], POEMS)
    everything = set(pools(drawn, RANKINGS, {})["sea"])
    asked = pools(drawn, RANKINGS, {"sea": judged, "rose": POEMS})
    assert set(asked.get("sea", ())) == everything - judged
    assert "rose" not in asked


def test_the_text_holds_every_poem_and_no_method() -> None:
    asked = {"sea": ["poem-01", "poem-00"]}
    pages = {name: Page(name, f"Title of {name}", f"Lines of {name}") for name in POEMS}
    told = as_text(asked, {"sea": Page("sea", "The Sea", "All blue.")}, pages)
    assert told.index("The Sea") < told.index("Lines of poem-01") < told.index("Lines of poem-00")
    assert "poem-02" not in told
    assert as_text({}, {}, {}) == ""


def test_the_form_has_the_pools_order_and_room_for_the_answer() -> None:
    rows = list(csv.reader(io.StringIO(form({"sea": ["b", "a"]}))))
    assert rows == [
        ["painting", "poem", "grade", "reason"],
        ["sea", "b", "", ""],
        ["sea", "a", "", ""],
    ]


def test_a_second_opinion_is_no_correction() -> None:
    known = [Judgement("sea", "a", 2, "waves")]
    fresh = [Judgement("sea", "b", 0, "no")]
    assert merged(known, fresh, {"sea"}, {"a", "b"}) == [*known, *fresh]
    assert merged(known, [Judgement("sea", "a", 2, "again")], {"sea"}, {"a"}) == known
    with pytest.raises(InputError, match="graded 2 for sea before, and is now graded 1"):
        merged(known, [Judgement("sea", "a", 1, "?")], {"sea"}, {"a"})
    with pytest.raises(InputError, match="no starter painting 'lake'"):
        merged([], [Judgement("lake", "a", 1, "?")], {"sea"}, {"a"})
    with pytest.raises(InputError, match="no English starter poem 'c'"):
        merged([], [Judgement("sea", "c", 1, "?")], {"sea"}, {"a"})


def test_what_was_drawn_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "drawn.csv"
    assert read_drawn(path) == {}
    drawn = draw(["sea", "rose"], POEMS)
    path.write_text(write_drawn(drawn), encoding="utf-8")
    assert read_drawn(path) == drawn
    path.write_text("sea\n", encoding="utf-8")
    with pytest.raises(InputError, match="a painting and a poem"):
        read_drawn(path)
