"""The picture, enlarged; keys go from part to part, and each says where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.events import Action
from kiosk.phrases import title_said
from kiosk.screens import Screen, ZoomScreen
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit
from kiosk.words.marked import plain

CLOSEST = 3  # times; beyond that, parts would need numbers in place of names
_ROWS = {2: ("top", "bottom"), 3: ("top", "middle", "bottom")}
_COLUMNS = {2: ("left", "right"), 3: ("left", "middle", "right")}


@dataclass(frozen=True, slots=True)
class Zooming(Over):
    """One part of the picture, in reading order."""

    artwork: ArtworkCard
    level: int = 1
    part: int = 0

    about = "about-zooming"
    has_works = True

    def table(self, visit: Visit) -> Table:
        """From part to part, and closer."""
        moves: Table = {Control.PREVIOUS: "act-part-before", Control.NEXT: "act-part-next"}
        return {
            **(moves if self.level > 1 else {}),
            Control.SELECT: "act-closer" if self.level < CLOSEST else "act-all-of-it",
            Control.BACK: "act-back",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The part."""
        return ZoomScreen(
            artwork=self.artwork,
            level=self.level,
            column=self.part % self.level,
            row=self.part // self.level,
            place=plain(self.place(visit)),
            hints=self.hints(visit),
        )

    def place(self, visit: Visit) -> str:
        """Which part it is."""
        if self.level == 1:
            return visit.words("zoom-all", title=title_said(self.artwork))
        return visit.words(
            "zoom-place",
            row=_ROWS[self.level][self.part // self.level],
            column=_COLUMNS[self.level][self.part % self.level],
            level=self.level,
        )

    def here(self, visit: Visit) -> str:
        """Which part it is, and of how many."""
        place = visit.words("sentence", text=self.place(visit))
        if self.level == 1:
            return place
        count = self.level * self.level
        part = visit.words("place", position=self.part + 1, count=count)
        return f"{place} {part}."

    def hint(self, visit: Visit) -> str:
        """How to come closer."""
        return visit.words("zoom-hint", select=visit.key(Control.SELECT))

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Another part, closer, or back."""
        count = self.level * self.level
        match control:
            case Control.NEXT:
                return visit.go(replace(self, part=(self.part + 1) % count), hint="")
            case Control.PREVIOUS:
                return visit.go(replace(self, part=(self.part - 1) % count), hint="")
            case Control.BACK:
                return visit.back(self)
            case _:
                level = self.level % CLOSEST + 1
                return visit.go(replace(self, level=level, part=0), hint="")
