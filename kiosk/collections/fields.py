"""Cells that mean something: years and languages. Each is read, or kept with a note."""

from __future__ import annotations

import re

YEAR = re.compile(r"(-?\d{1,4})(?:\.0+)?")  # a spreadsheet may have made a number of it
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
LANGUAGE_NAMES = {
    "english": "en",
    "korean": "ko",
    "spanish": "es",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "japanese": "ja",
    "chinese": "zh",
    "latin": "la",
    "한국어": "ko",
    "español": "es",
    "français": "fr",
    "deutsch": "de",
}
# Where rights are told of; the first is the column's own name. `rights` may hold all kinds of
# things, so it is read and is kept among the other columns as well.
LICENCE = ("licence", "license", "rights statement", "rights_statement")
LICENCE_PERHAPS = ("rights", "dc:rights")
RIGHTS_HOLDER = ("rights_holder", "rights holder", "rightsholder", "copyright holder")
UNKNOWN_LANGUAGE = "und"  # BCP 47: undetermined
DEFAULT_LANGUAGE = "en"


class CellNotes:
    """Reads cells of one row and remembers what could not be understood."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.kept: dict[str, str] = {}  # the cells that were not understood, as they were

    def year(self, name: str, cell: str) -> int | None:
        """A year, or None; "c. 1564" is kept as it is and noted."""
        cell = cell.strip()
        if not cell:
            return None
        match = YEAR.fullmatch(cell)
        if match:
            return int(match[1])
        self.kept[name] = cell
        self.notes.append(f"{name} “{cell}” is not a plain year; kept, but not used")
        return None

    def language(self, cell: str) -> str:
        """A BCP 47 tag; English where nothing is said."""
        cell = cell.strip()
        if not cell:
            return DEFAULT_LANGUAGE
        named = LANGUAGE_NAMES.get(cell.casefold())
        if named is not None:
            return named
        if LANGUAGE.fullmatch(cell):
            primary, *rest = cell.replace("_", "-").split("-")
            return "-".join([primary.lower(), *rest])
        self.kept["language"] = cell
        self.notes.append(f"language “{cell}” is not a code such as “en”; kept, but not used")
        return UNKNOWN_LANGUAGE
