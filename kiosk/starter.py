"""The starter collection: brought into the store once, and only what was not brought before.

A note beside the store says which poems and paintings have been brought. So the set-up may run
again and again, an update may bring new ones, and what staff have deleted does not come back.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.gcompris import unpack
from kiosk.collections.poem_import import import_poems
from kiosk.collections.report import ImportReport
from kiosk.config import Settings
from kiosk.store.database import Store

Told = Callable[[str, int, int], None]
CALLED = "starter collection"  # in the journal of imports


@dataclass(frozen=True, slots=True)
class StarterCollection:
    """The starter poems and paintings of one installation, and what the store has of them."""

    settings: Settings

    @property
    def _note(self) -> Path:
        return self.settings.data_dir / "starter-brought.json"

    def _brought(self) -> dict[str, list[str]]:
        # A new store knows nothing of the old one's note.
        if not self.settings.store_place.exists():
            return {"poems": [], "paintings": []}
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return {"poems": list(note["poems"]), "paintings": list(note["paintings"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {"poems": [], "paintings": []}

    def _remember(self, kind: str, names: list[str]) -> None:
        note = self._brought()
        note[kind] = sorted({*note[kind], *names})
        fresh = self._note.with_suffix(".new")
        fresh.write_text(json.dumps(note, indent=1), encoding="utf-8")
        fresh.replace(self._note)

    def missing_poems(self) -> list[Path]:
        """The poem files that were never brought."""
        brought = set(self._brought()["poems"])
        folder = self.settings.starter_dir / "poems"
        return [path for path in sorted(folder.glob("*.txt")) if path.name not in brought]

    def missing_paintings(self) -> list[dict[str, Any]]:
        """The paintings, as in starter.json, that were never brought."""
        brought = set(self._brought()["paintings"])
        table = self.settings.starter_dir / "artworks" / "starter.json"
        works: list[dict[str, Any]] = json.loads(table.read_text(encoding="utf-8"))
        return [work for work in works if work["image"] not in brought]

    def bring_poems(self, store: Store, told: Told) -> ImportReport | None:
        """Import the missing poems; None when there were none."""
        missing = self.missing_poems()
        if not missing:
            return None
        with tempfile.TemporaryDirectory() as folder:
            for path in missing:
                shutil.copy2(path, folder)  # with its time, by which a run that stopped is known
            report = import_poems(
                store, Path(folder), lambda done, of: told("poems", done, of), called=CALLED
            )
        self._remember("poems", [path.name for path in missing])
        return report

    def bring_paintings(self, store: Store, rcc: Path, told: Told) -> ImportReport | None:
        """Unpack and import the missing paintings from `rcc`; None when there were none.

        Raises `InputError` when `rcc` is missing or is not what it should be.
        """
        missing = self.missing_paintings()
        if not missing:
            return None
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            unpack(rcc, folder, lambda done, of: told("unpacking paintings", done, of))
            table = folder / "starter.json"
            table.write_text(json.dumps(missing, ensure_ascii=False), encoding="utf-8")
            report = import_artworks(
                store, table, lambda done, of: told("paintings", done, of), called=CALLED
            )
        self._remember("paintings", [work["image"] for work in missing])
        return report
