"""What visitors are told of why a poem was chosen is so: hidden, it costs the model more."""

from __future__ import annotations

import pytest

from engine.explaining.checking import PICTURE_CHOOSES, SCORE, WORDS_CHOOSE
from kiosk.config import Settings
from kiosk.progress import Told
from kiosk.why_checked import as_json, as_markdown, as_text, check_kiosk


@pytest.mark.slow
def test_what_is_named_weighs_more_than_what_is_not(installed: Settings) -> None:
    """The real model, the starter paintings, the first poem of each."""
    with Told() as told:
        figures = check_kiosk(installed, told, matches=1)
    assert figures.passages > 15
    assert figures.line_named > 0.5
    for name in (SCORE, PICTURE_CHOOSES, WORDS_CHOOSE):
        assert figures.lines[name].holds, (name, figures.lines)
        assert figures.lines[name].count > 10
    assert figures.subjects[SCORE].holds, figures.subjects
    assert set(as_json(figures)["lines"]) == set(figures.lines)
    assert as_markdown(figures).count("\n") == 1 + len(figures.lines) + len(figures.subjects)
    assert f"{figures.passages} passages" in as_text(figures)
