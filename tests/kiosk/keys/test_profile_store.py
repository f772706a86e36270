"""What keys mean survives a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.controls import ARROWS, PROFILES, Control
from kiosk.keys.profile_store import keep_profile, load_profile

TAUGHT = replace(ARROWS, name="taught", keys={**ARROWS.keys, "Code240": Control.HELP})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def test_without_a_choice_the_setting_counts(settings: Settings) -> None:
    assert load_profile(settings) is ARROWS
    assert load_profile(replace(settings, key_profile="keypad")) is PROFILES["keypad"]


def test_what_was_taught_is_there_after_the_next_start(settings: Settings) -> None:
    keep_profile(settings, TAUGHT)
    assert load_profile(settings) == TAUGHT


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_profile_can_be_kept(settings: Settings, profile: object) -> None:
    keep_profile(settings, profile)  # type: ignore[arg-type]
    assert load_profile(settings) == profile


def test_a_setting_that_is_changed_afterwards_counts_again(settings: Settings) -> None:
    keep_profile(settings, TAUGHT)
    assert load_profile(replace(settings, key_profile="keypad")) is PROFILES["keypad"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"instead_of": "arrows"}', "\x00"])
def test_a_damaged_file_is_passed_over(
    settings: Settings, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (settings.data_dir / "keys.json").write_text(text)
    assert load_profile(settings) is ARROWS
    assert "cannot be used" in caplog.text


def test_a_profile_that_leaves_somebody_stranded_is_not_used(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    keep_profile(settings, replace(ARROWS, keys={"A": Control.NEXT}))
    assert load_profile(settings) is ARROWS
    assert "no key for back, help, previous, select" in caplog.text


def test_a_disk_that_cannot_be_written_costs_no_visit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    keep_profile(Settings(data_dir=tmp_path / "file"), TAUGHT)
    assert "cannot be kept" in caplog.text
