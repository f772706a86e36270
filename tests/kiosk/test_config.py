"""Settings: the file, then the environment; a mistake names itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from engine.errors import InputError
from kiosk.config import CHOICES, Settings, load_settings
from kiosk.controls import PROFILES
from kiosk.ui.palettes import PALETTES


def read(tmp_path: Path, toml: str = "", **environ: str) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(toml, encoding="utf-8")
    return load_settings({"EKPHRASIS_CONFIG": str(file), **environ})


def test_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.bundle == "compact"
    assert settings.store_path == settings.data_dir / "store.sqlite"
    assert (settings.assets_dir / "models").is_dir()


def test_motion_can_be_off_and_a_scheme_must_be_one(tmp_path: Path) -> None:
    assert read(tmp_path).motion
    assert not read(tmp_path, EKPHRASIS_MOTION="no").motion
    assert CHOICES["theme"] == tuple(PALETTES)
    with pytest.raises(InputError, match="must be one of dark, light, yellow, calm"):
        read(tmp_path, 'theme = "plaid"')


def test_a_pad_can_be_ours_alone_and_keys_have_their_ranges(tmp_path: Path) -> None:
    assert not read(tmp_path).keypad_alone
    assert read(tmp_path, "keypad_alone = true").keypad_alone
    assert CHOICES["key_profile"] == tuple(PROFILES)
    for wrong in ("key_bounce_ms = 501", "key_repeat_delay_ms = 2001", 'key_profile = "piano"'):
        with pytest.raises(InputError, match="must be"):
            read(tmp_path, wrong)
    with pytest.raises(InputError, match="must be of type bool"):
        read(tmp_path, 'keypad_alone = "perhaps"')


def test_file_then_environment(tmp_path: Path) -> None:
    toml = 'data_dir = "/srv/kiosk"\nspeed = 1\nidle_seconds = 90'
    assert read(tmp_path, toml).data_dir == Path("/srv/kiosk")
    settings = read(tmp_path, toml, EKPHRASIS_SPEED="1.5", EKPHRASIS_DATA_DIR="~/there")
    assert settings.speed == 1.5
    assert settings.idle_seconds == 90
    assert settings.data_dir == Path.home() / "there"


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("bundel = 'x'", "no setting 'bundel'"),
        ("speed = 9", "between 0.5 and 3"),
        ("matches = 'many'", "must be of type int"),
        ("speed = ", "cannot be read"),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, toml: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, toml)


def test_mistakes_in_the_environment(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="EKPHRASIS_VOLUME must be between"):
        read(tmp_path, EKPHRASIS_VOLUME="11")
    with pytest.raises(InputError, match="no settings file"):
        load_settings({"EKPHRASIS_CONFIG": str(tmp_path / "none.toml")})


def test_frozen(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read(tmp_path).speed = 2  # type: ignore[misc]
