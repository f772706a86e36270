"""One frozen `Settings`, from a TOML file and the environment.

The file is `config.toml` in the platform's configuration directory (or where EKPHRASIS_CONFIG
says). What belongs together may stand in a table there: `[rights] free_after_years` is the field
`rights_free_after_years`. Each field may be overridden by an environment variable
EKPHRASIS_<FIELD>, e.g. EKPHRASIS_DATA_DIR. Command-line options come last and belong to their
command.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.store.place import FORM, Place, is_server_url

PREFIX = "EKPHRASIS_"
HOME = Path(__file__).resolve().parent.parent  # where assets/ and data/ stand beside the packages


@dataclass(frozen=True, slots=True)
class Settings:
    """What staff may decide about one kiosk."""

    data_dir: Path  # the store, the pictures, the installed bundles and the caches
    database_url: str = field(default="", repr=False)  # a PostgreSQL store; empty: store.sqlite
    search_on_server: bool = False  # it compares the vectors; else this kiosk, in its own memory
    assets_dir: Path = HOME / "assets"  # what the project ships: bundle manifests, heads
    starter_dir: Path = HOME / "data"  # the starter collection
    bundle: str = "compact"  # the model bundle that answers
    theme: str = "dark"  # a colour scheme: dark, light, yellow (on black), calm
    motion: bool = True  # pages glide to the line that is heard; else they jump
    synthesiser: str = "pyttsx3"  # who speaks; the others stand in for it
    voice: str = ""  # a voice of the synthesiser; empty: the first for the language
    language: str = "en"  # BCP 47, what the kiosk itself speaks
    speed: float = 1.0  # 0.5 to 3 times the voice's own pace
    volume: float = 0.8  # 0 to 1
    sound_device: str = ""  # a part of its name; empty: the system's own; a headset comes first
    loudspeaker_ceiling: float = 1.0  # 0 to 1, a factor on the volume; headsets have none
    beside_screen_reader: str = "voice"  # who speaks while one runs: voice, screen-reader, both
    speech_cache_mb: int = 200  # spoken lines that are kept; 0 keeps none
    readings_cache_mb: int = 1000  # what the model has read of poems; 0 keeps nothing
    viewing_distance_cm: int = 60  # from the eye to the screen; letters are sized by it
    key_profile: str = "arrows"  # which keys mean what, of kiosk/controls.py
    key_bounce_ms: int = 0  # 0 to 500; a second press of the same key within it does not count
    key_repeat_delay_ms: int = 500  # 0 to 2000, until a key that is held counts again
    key_repeat_every_ms: int = 0  # 0 to 2000, from one repeat to the next; 0: it counts once
    scan_seconds: float = 2.0  # 0.5 to 10; how long each control is offered to a single switch
    keypad: str = ""  # a part of the name of a pad that is read beside the window, too
    keypad_alone: bool = False  # nobody else on this machine hears what that pad sends
    camera: str = ""  # a part of its name; empty: any camera
    camera_video: str = ""  # a video file that takes the place of a camera
    idle_seconds: int = 120  # after the last sound, until the kiosk starts afresh
    attract_minutes: int = 10  # without a visitor, until it invites in one sentence; 0: never
    matches: int = 5  # poems offered for a picture
    rights_hold_unconfirmed: bool = True  # what says nothing of its rights waits for a person
    rights_free_after_years: int = 0  # after the poet's death, in your country; 0: not looked at

    @property
    def store_path(self) -> Path:
        """The SQLite file, where no server keeps the store."""
        return self.data_dir / "store.sqlite"

    @property
    def store_place(self) -> Place:
        """Where the store is, to be opened there."""
        return Place(self.store_path, self.database_url)

    @property
    def bundles_dir(self) -> Path:
        """Where installed bundles stand, one folder each."""
        return self.data_dir / "bundles"

    @property
    def pictures_dir(self) -> Path:
        """Copies of the artworks' pictures."""
        return self.data_dir / "pictures"

    @property
    def voices_dir(self) -> Path:
        """Where staff put natural voices: NAME.onnx and NAME.onnx.json."""
        return self.data_dir / "voices"

    @property
    def cache_dir(self) -> Path:
        """What can be made again from the store: index matrices, spoken lines."""
        return self.data_dir / "cache"


RANGES: Mapping[str, tuple[float, float]] = {
    "speed": (0.5, 3.0),
    "volume": (0.0, 1.0),
    "loudspeaker_ceiling": (0.0, 1.0),
    "speech_cache_mb": (0, 100_000),
    "readings_cache_mb": (0, 1_000_000),
    "viewing_distance_cm": (20, 500),
    "key_bounce_ms": (0, 500),
    "key_repeat_delay_ms": (0, 2000),
    "key_repeat_every_ms": (0, 2000),
    "scan_seconds": (0.5, 10.0),
    "idle_seconds": (10, 3600),
    "attract_minutes": (0, 1440),
    "matches": (1, 50),
    "rights_free_after_years": (0, 200),
}

CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("dark", "light", "yellow", "calm"),
    "synthesiser": ("pyttsx3", "flite", "piper", "silence"),
    "key_profile": ("arrows", "keypad", "f13-f24", "one switch", "two switches"),
    "beside_screen_reader": ("voice", "screen-reader", "both"),
}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this machine. Raises `InputError` naming the file or variable at fault."""
    import platformdirs

    environ = os.environ if environ is None else environ
    default_file = Path(platformdirs.user_config_dir("ekphrasis")) / "config.toml"
    file = Path(environ.get(PREFIX + "CONFIG", default_file))
    values: dict[str, Any] = {"data_dir": Path(platformdirs.user_data_dir("ekphrasis"))}
    known = {field.name: field.type for field in fields(Settings)}

    for written, value in _flat(_read(file, required=PREFIX + "CONFIG" in environ)):
        name = written.replace(".", "_")
        if name not in known:
            raise InputError(
                f"{file}: there is no setting {written!r}; the settings are {', '.join(known)}."
            )
        values[name] = _convert(f"{file}: {written}", name, known[name], value)
    for name, kind in known.items():
        variable = PREFIX + name.upper()
        if variable in environ:
            values[name] = _convert(variable, name, kind, environ[variable])
    settings = Settings(**values)
    if settings.search_on_server and not settings.database_url:
        raise InputError("search_on_server needs a server: give database_url as well.")
    return settings


def _read(file: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise InputError(f"There is no settings file {file}; check {PREFIX}CONFIG.") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(f"The settings file {file} cannot be read: {problem}.") from None


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each setting as it is written, those of a table with its name and a point before them."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", of) for inner, of in value.items())
        else:
            yield name, value


def _convert(where: str, name: str, kind: Any, value: Any) -> Any:
    """`value` as the field's type; annotations are strings here, so they are compared as such."""
    try:
        converted: Any
        if kind == "Path":
            converted = Path(value).expanduser()
        elif kind == "int":
            converted = int(value)
        elif kind == "float":
            converted = float(value)
        elif kind == "bool":
            converted = _truth(value)
        else:
            converted = str(value)
    except (TypeError, ValueError, KeyError):
        raise InputError(f"{where} must be of type {kind}, but is {value!r}.") from None
    if name == "database_url" and converted and not is_server_url(converted):
        raise InputError(f"{where} must look like {FORM}.")  # what it is may hold a password
    if name in RANGES:
        low, high = RANGES[name]
        if not low <= converted <= high:
            raise InputError(f"{where} must be between {low} and {high}, but is {value!r}.")
    if name in CHOICES and converted not in CHOICES[name]:
        choices = ", ".join(CHOICES[name])
        raise InputError(f"{where} must be one of {choices}, but is {value!r}.")
    return converted


def _truth(value: Any) -> bool:
    """A TOML truth value, or a word for one from the environment."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return words[str(value).lower()]
