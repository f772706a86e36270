"""Whether a poem fits."""

from __future__ import annotations

from engine import Match
from kiosk.fit import fits, threshold

LOW, HIGH = Match(1, 1, 1, 0.2, 0.1), Match(2, 2, 2, 0.6, 0.1)


def test_one_good_poem_is_enough_and_none_is_none() -> None:
    assert fits([LOW, HIGH], (), 0.5)
    assert not fits([LOW], (), 0.5)
    assert not fits([], (), 0.0)


def test_what_a_docent_pinned_fits() -> None:
    assert fits([LOW], (1,), 0.5)
    assert not fits([LOW], (7,), 0.5)


def test_each_bundle_has_its_own_figures_and_one_without_lets_all_pass() -> None:
    manifest = {"calibration": {"fit": {"picture": 0.3, "words": 0.4}}}
    assert threshold(manifest, words=True) == 0.4
    assert threshold(manifest, words=False) == 0.3
    assert threshold({}, words=False) == 0.0
    assert threshold({"calibration": {"words_weight": 0.4}}, words=True) == 0.0
