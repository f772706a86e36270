"""What was seen of each picture's colours, kept beside the store: looked at once, read at once."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.colours import Impression, look_at

if TYPE_CHECKING:
    from PIL.Image import Image

VERSION = 1  # raise it when the same picture would be described otherwise


class ColourNotes:
    """A cache in one small file; a lost or damaged one only means to look again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._notes: dict[str, Any] | None = None

    def impression(self, picture: Path) -> Impression | None:
        """What was seen of this file as it is now; None where nobody has looked yet."""
        facts = self._read().get(str(picture.name))
        if facts is None or facts.get("of") != _of(picture):
            return None
        try:
            seen = dict(facts["seen"])
            return Impression(**seen | {name: tuple(seen[name]) for name in ("main", "touches")})
        except (KeyError, TypeError, ValueError):
            return None

    def look(self, picture: Path, image: Image) -> None:
        """Look at the picture, which is open already, unless that was done. A disk that cannot be
        written costs only that it is looked at again."""
        if self.impression(picture) is not None:
            return
        seen = look_at(image)
        facts = {name: getattr(seen, name) for name in Impression.__slots__}
        with self._lock:
            notes = self._notes = {**(self._notes or {})}
            notes[picture.name] = {"of": _of(picture), "seen": facts}
            fresh = self._path.with_suffix(".new")
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                fresh.write_text(json.dumps({"version": VERSION, "notes": notes}), "utf-8")
                fresh.replace(self._path)
            except OSError:
                return

    def _read(self) -> dict[str, Any]:
        with self._lock:
            if self._notes is None:
                try:
                    kept = json.loads(self._path.read_text(encoding="utf-8"))
                    self._notes = dict(kept["notes"]) if kept["version"] == VERSION else {}
                except (OSError, ValueError, KeyError, TypeError):
                    self._notes = {}
            return self._notes


def _of(picture: Path) -> list[int]:
    """Tells whether the file is another one."""
    try:
        found = picture.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]
