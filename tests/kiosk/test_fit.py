"""Whether a poem fits, and from which score on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Match
from engine.bundles import Bundle, find_bundle
from engine.errors import KnownError
from kiosk.camera.judging import judge
from kiosk.commands.fit import MAY_BE_REFUSED, figures_of, pictures_of_nothing
from kiosk.config import Settings
from kiosk.fit import Fit, keep_fit, load_fit

LOW, HIGH = Match(1, 1, 1, 0.2, 0.1), Match(2, 2, 2, 0.6, 0.1)
SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def bundle(**calibration: Any) -> Bundle:
    manifest = {"name": "b", "architecture": {}, "files": {}, "calibration": calibration}
    return Bundle(Path(), manifest)


def test_one_good_poem_is_enough_and_none_is_none() -> None:
    fit = Fit(picture=0.5, words=0.7)
    assert fit.holds([LOW, HIGH], (), words=False)
    assert not fit.holds([LOW, HIGH], (), words=True)
    assert not Fit().holds([], (), words=True)


def test_what_a_docent_pinned_fits() -> None:
    assert Fit(0.5, 0.5).holds([LOW], (1,), words=True)
    assert not Fit(0.5, 0.5).holds([LOW], (7,), words=True)


def test_figures_are_for_the_bundle_they_were_measured_with(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, assets_dir=tmp_path)
    (tmp_path / "models" / "compact").mkdir(parents=True)
    assert load_fit(settings, bundle()) == Fit()
    keep_fit(settings, bundle(), {"picture": {"threshold": 0.2}, "words": {"threshold": 0.4}})
    assert load_fit(settings, bundle()) == Fit(0.2, 0.4)
    other = Bundle(Path(), {**bundle().manifest, "architecture": {"joint": 8}})
    assert load_fit(settings, other) == Fit()


def test_the_manifests_own_figures_come_first(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, assets_dir=tmp_path)
    assert load_fit(settings, bundle(fit={"picture": 0.3, "words": 0.1})) == Fit(0.3, 0.1)


@pytest.mark.parametrize("text", ["", "[]", '{"fingerprint": 1}'])
def test_damaged_figures_let_everything_pass(tmp_path: Path, text: str) -> None:
    settings = Settings(data_dir=tmp_path, assets_dir=tmp_path)
    (tmp_path / "models" / "compact").mkdir(parents=True)
    (tmp_path / "models" / "compact" / "fit.json").write_text(text)
    assert load_fit(settings, bundle()) == Fit()


def test_where_nothing_can_be_kept_there_is_a_sentence(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, assets_dir=tmp_path / "missing")
    with pytest.raises(KnownError, match="cannot be written"):
        keep_fit(settings, bundle(), {})


@given(SCORES, SCORES)
def test_hardly_any_work_is_refused_whatever_the_scores(
    works: list[float], nothing: list[float]
) -> None:
    figures = figures_of(works, nothing)
    assert figures["refused"] <= MAY_BE_REFUSED + 0.05  # a score on the edge, rounded
    assert 0.0 <= figures["threshold"] <= 1.0
    assert 0.0 <= figures["told_apart"] <= 1.0


def test_what_can_be_told_apart_is() -> None:
    works, nothing = np.linspace(0.5, 0.9, 40), np.linspace(0.0, 0.3, 40)
    figures = figures_of(works.tolist(), nothing.tolist())
    assert (figures["told_apart"], figures["passed"]) == (1.0, 0.0)


def test_where_scores_say_nothing_there_is_no_threshold() -> None:
    figures = figures_of([0.2, 0.3, 0.4], [0.5, 0.6, 0.3])
    assert figures["threshold"] == 0.0
    assert (figures["refused"], figures["passed"]) == (0.0, 1.0)


def test_pictures_of_nothing_are_many_and_always_the_same() -> None:
    first, again = list(pictures_of_nothing()), list(pictures_of_nothing())
    assert len(first) == 28
    assert [one.tobytes() for one in first] == [one.tobytes() for one in again]
    assert sum(judge(one) is not None for one in first) >= 4  # the camera refuses the even ones


def test_the_figures_that_are_shipped_are_for_the_bundle_that_is(installed: Settings) -> None:
    shipped = replace(installed, assets_dir=Settings(data_dir=Path()).assets_dir)
    path = shipped.assets_dir / "models" / "compact" / "fit.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    found = find_bundle(installed.bundles_dir, "compact")
    assert facts["fingerprint"] == found.fingerprint
    fit = load_fit(shipped, found)
    assert fit == Fit(facts["fit"]["picture"], facts["fit"]["words"])
    assert fit.words > 0.0
