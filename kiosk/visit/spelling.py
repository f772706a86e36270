"""A word of the line that was heard, letter by letter."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.controls import Control
from kiosk.events import Action
from kiosk.narration import narrate_spelling
from kiosk.screens import Screen, TextScreen
from kiosk.visit.reading import Reading
from kiosk.visit.stage import Over, Stage, Table
from kiosk.visit.visit import Visit
from kiosk.words.marked import foreign

_STOPS = ",;:—–-"  # left out where the word is named, spelled with the rest


@dataclass(frozen=True, slots=True)
class Spelling(Over):
    """At one word of a line."""

    line: tuple[str, ...]  # its words, at least one
    language: str  # BCP 47, of the line
    position: int = 0

    about = "about-spelling"
    has_works = True

    @classmethod
    def of(cls, menu: Stage, visit: Visit) -> list[Action]:
        """Open it for the line that was heard last. `menu` lies over a poem."""
        reading = menu.beneath
        if not isinstance(reading, Reading) or reading.line is None:
            return visit.go(menu)
        words = tuple(reading.lines[reading.line].split())
        return visit.go(cls(menu, words, reading.chosen.language))

    def table(self, visit: Visit) -> Table:
        """From word to word, and its letters."""
        return {
            Control.PREVIOUS: "act-word-before",
            Control.NEXT: "act-word-next",
            Control.SELECT: "act-spell",
            Control.BACK: "act-back",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The line, a word a paragraph."""
        return TextScreen(visit.words("spelling"), self.line, self.position, self.hints(visit))

    def here(self, visit: Visit) -> str:
        """The word, and its place in the line."""
        words = visit.words
        place = words("word-place", position=self.position + 1, count=len(self.line))
        word = self.line[self.position]
        label = foreign(word.rstrip(_STOPS) or word, self.language)
        return words("menu-item", label=label, place=place)

    def hint(self, visit: Visit) -> str:
        """How a word is chosen."""
        keys = {
            "next": visit.key(Control.NEXT),
            "previous": visit.key(Control.PREVIOUS),
            "select": visit.key(Control.SELECT),
        }
        return visit.words("spell-hint", **keys)

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Another word, its letters, or back."""
        count = len(self.line)
        match control:
            case Control.NEXT:
                return visit.go(replace(self, position=(self.position + 1) % count), hint="")
            case Control.PREVIOUS:
                return visit.go(replace(self, position=(self.position - 1) % count), hint="")
            case Control.BACK:
                return visit.back(self)
            case _:
                word = self.line[self.position]
                spelt = narrate_spelling(word, self.language, narration_id=visit.name())
                return [visit.show(), visit.tell(spelt)]
