"""Settings: the file, then the environment; a mistake names itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from engine.errors import InputError
from kiosk.config import CHOICES, HOME, Settings, load_settings
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


def test_a_database_must_look_like_one_and_its_password_is_never_told(tmp_path: Path) -> None:
    assert not read(tmp_path).store_place.on_server
    place = read(tmp_path, EKPHRASIS_DATABASE_URL="postgresql://me:hush@db/poems").store_place
    assert (str(place), place.on_server) == ("PostgreSQL database 'poems' on db", True)
    for wrong in ("mysql://me:hush@db/poems", "hush", "postgresql://me:hush@db:x/poems"):
        with pytest.raises(InputError, match="must look like postgresql://") as caught:
            read(tmp_path, f'database_url = "{wrong}"')
        assert "hush" not in caught.value.sentence
    with_secret = read(tmp_path, 'database_url = "postgresql://me:hush@db/poems"')
    assert "hush" not in repr(with_secret)


def test_nothing_opens_the_file_where_a_server_may_be_meant() -> None:
    for path in (HOME / "kiosk").rglob("*.py"):
        assert "open_store(settings.store_path" not in path.read_text(encoding="utf-8"), path
