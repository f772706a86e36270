"""One door for artworks: whatever staff bring comes out as rows, and a place for their pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.collections.rows import RowTable
from kiosk.collections.tables import read_table

FIELDS = ("number", "title", "artist", "date", "image", "description", "language", "room")


@dataclass(frozen=True, slots=True)
class PictureFolder:
    """Pictures that lie in the folders below one."""

    folder: Path

    def find(self, name: str) -> Path:
        """Where the picture of this name is or should be; a missing one is found out on opening."""
        # A table made on Windows separates folders its own way.
        return self.folder / name.replace("\\", "/")


@dataclass(frozen=True, slots=True)
class Artworks:
    """Works on their way in: rows whose cells have the names of `FIELDS`, and their pictures."""

    table: RowTable
    pictures: PictureFolder


def read_artworks(path: Path) -> Artworks:
    """The works of a table, whose pictures lie beside it. Raises `InputError`."""
    return Artworks(read_table(path, FIELDS), PictureFolder(path.parent))
