"""What visitors are told of why a poem was chosen is so: hidden, it costs the model more."""

from __future__ import annotations

import pytest

from engine.explaining.checking import READING_CHOOSES, SCORE, VECTORS_CHOOSE
from kiosk.config import Settings
from kiosk.progress import Told
from kiosk.why_checked import as_json, as_markdown, as_text, check_kiosk


@pytest.mark.slow
def test_what_is_named_weighs_more_than_what_is_not(installed: Settings) -> None:
    """The real model, the starter paintings, the first poem of each; both halves of the model."""
    with Told() as told:
        figures = check_kiosk(installed, told, matches=1)
    assert figures.passages > 15
    assert figures.line_named > 0.5
    for name in (SCORE, VECTORS_CHOOSE, READING_CHOOSES):
        assert figures.lines[name].holds, (name, figures.lines)
        assert figures.lines[name].count > 10
        assert figures.subjects[name].holds, (name, figures.subjects)
    assert set(as_json(figures)["lines"]) == {SCORE, VECTORS_CHOOSE, READING_CHOOSES}
    assert as_markdown(figures).count("\n") == 7
    assert f"{figures.passages} passages" in as_text(figures)
