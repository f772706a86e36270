"""A few things to choose from with three keys: before, next, this one. Each says its place."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.events import Action
from kiosk.screens import MenuItem, MenuScreen, Screen
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit
from kiosk.words.marked import foreign, plain


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose."""

    label: str  # may be marked
    do: Callable[[], list[Action]]  # speech has been stopped
    detail: str = ""  # a setting's value, a count
    language: str = ""  # BCP 47, where the label is not in the visitor's


@dataclass(frozen=True, slots=True)
class Menu(Over, ABC):
    """A menu over another place."""

    position: int = 0
    notice: str = ""  # what has just come of it

    about = "about-menu"

    @abstractmethod
    def heading(self, visit: Visit) -> str:
        """What is to be chosen."""

    @abstractmethod
    def items(self, visit: Visit) -> tuple[Item, ...]:
        """At least one."""

    def picture(self) -> ArtworkCard | None:
        """What is shown beside it."""
        return None

    def moved(self, visit: Visit, position: int) -> list[Action]:
        """The cursor goes to another item."""
        return visit.go(replace(self, position=position, notice=""), hint="")

    def table(self, visit: Visit) -> Table:
        """As in every menu."""
        return {
            Control.PREVIOUS: "act-item-before",
            Control.NEXT: "act-item-next",
            Control.SELECT: "act-choose",
            Control.BACK: "act-back",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """All items, one of them under the cursor."""
        items = self.items(visit)
        position = min(self.position, len(items) - 1)
        return MenuScreen(
            heading=self.heading(visit),
            items=tuple(MenuItem(plain(i.label), i.detail, i.language) for i in items),
            position=position,
            place=visit.words("place", position=position + 1, count=len(items)),
            notice=plain(self.notice),
            hints=self.hints(visit),
            artwork=self.picture(),
        )

    def here(self, visit: Visit) -> str:
        """The item under the cursor, and its place."""
        items = self.items(visit)
        position = min(self.position, len(items) - 1)
        item = items[position]
        words = visit.words
        place = words("place", position=position + 1, count=len(items))
        label = foreign(item.label, item.language) if item.language else item.label
        if item.detail:
            label = words("menu-item-detail", label=label, detail=item.detail)
        return words("menu-item", label=label, place=place)

    def hint(self, visit: Visit) -> str:
        """How to move, said on arriving."""
        return visit.words(
            "menu-hint",
            next=visit.key(Control.NEXT),
            previous=visit.key(Control.PREVIOUS),
            select=visit.key(Control.SELECT),
        )

    def resume(self, visit: Visit) -> list[Action]:
        """Back from what was chosen: its name again."""
        return visit.go(self, hint="")

    def open(self, visit: Visit) -> list[Action]:
        """Arrive: the heading first."""
        visit.stage = self
        words = visit.words("menu-opened", heading=self.heading(visit), here=self.here(visit))
        return [visit.show(), visit.say(words, hint=self.hint(visit))]

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Before, next, this one, or back."""
        items = self.items(visit)
        position = min(self.position, len(items) - 1)
        match control:
            case Control.NEXT:
                return self.moved(visit, (position + 1) % len(items))
            case Control.PREVIOUS:
                return self.moved(visit, (position - 1) % len(items))
            case Control.BACK:
                return visit.back(self)
            case _:
                return items[position].do()

    def picked(self, visit: Visit, position: int) -> list[Action]:
        """An item was clicked: it is chosen at once."""
        items = self.items(visit)
        if not 0 <= position < len(items):
            return visit.go(self)
        here = replace(self, position=position)
        visit.stage = here
        return here.items(visit)[position].do()
