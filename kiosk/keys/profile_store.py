"""What keys mean at this kiosk, kept from one start to the next.

The settings file names a profile; the learn screen may have put one of its own in its place, which
is kept in the data directory. When staff change the setting afterwards, the setting counts again.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from kiosk.config import Settings
from kiosk.controls import ARROWS, FIVE, PROFILES, Control, ControlProfile

_log = logging.getLogger(__name__)


def load_profile(settings: Settings) -> ControlProfile:
    """The profile of the last choice. A file that cannot be used is passed over, and told of."""
    chosen = PROFILES.get(settings.key_profile, ARROWS)
    path = _path(settings)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["instead_of"] != settings.key_profile:
            return chosen
        return _profile(kept["profile"])
    except FileNotFoundError:
        return chosen
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        _log.warning("%s cannot be used (%s); the setting key_profile counts.", path, problem)
        return chosen


def keep_profile(settings: Settings, profile: ControlProfile) -> None:
    """Remember it for the next start. A disk that cannot be written costs only that."""
    path = _path(settings)
    facts = {
        "instead_of": settings.key_profile,
        "profile": {
            "name": profile.name,
            "keys": dict(profile.keys),
            "spoken": dict(profile.spoken),
            "caps": dict(profile.caps),
            "switches": profile.switches,
        },
    }
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
    except OSError as problem:
        _log.warning("the keys cannot be kept for the next start: %s", problem)


def _path(settings: Settings) -> Path:
    return settings.data_dir / "keys.json"


def _profile(facts: dict[str, Any]) -> ControlProfile:
    """Raises ValueError for one with which a visitor could not reach everything."""
    keys = {str(key): Control(control) for key, control in facts["keys"].items()}
    switches = int(facts["switches"])
    needed = {0: set(FIVE), 1: {Control.SELECT}, 2: {Control.SELECT, Control.NEXT}}
    missing = needed[switches] - set(keys.values())
    if missing:
        raise ValueError(f"no key for {', '.join(sorted(missing))}")
    return ControlProfile(
        name=str(facts["name"]),
        keys=keys,
        spoken={Control(control): str(words) for control, words in facts["spoken"].items()},
        caps={Control(control): str(words) for control, words in facts["caps"].items()},
        switches=switches,
    )
