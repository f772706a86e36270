"""What can be done anywhere, for pads with a key of its own for menus."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.cards import ArtworkCard
from kiosk.events import Action
from kiosk.visit.choosing import Choosing
from kiosk.visit.helping import Helping
from kiosk.visit.menu import Item, Menu
from kiosk.visit.poem_menu import PoemMenu
from kiosk.visit.reading import Reading
from kiosk.visit.seeking import Seeking
from kiosk.visit.settings import SettingsMenu
from kiosk.visit.stage import Stage
from kiosk.visit.telling import About
from kiosk.visit.visit import Visit
from kiosk.visit.welcoming import Ways, Welcoming, greet


@dataclass(frozen=True, slots=True)
class PlaceMenu(Menu):
    """Over any place that has no menu of its own."""

    about = "about-place-menu"
    menuless = True

    def heading(self, visit: Visit) -> str:
        """What it is."""
        return visit.words("place-menu")

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """On, about the work, settings, help, home."""
        words = visit.words
        items = [Item(words("menu-go-on"), lambda: visit.back(self))]
        if (work := _work_of(self.under)) is not None:
            items.append(Item(words("menu-about"), lambda: About(self, work).begin(visit)))
        items += [
            Item(words("way-settings"), lambda: SettingsMenu(self).open(visit)),
            Item(words("help"), lambda: visit.go(Helping(self.under))),
            Item(words("menu-home"), lambda: greet(visit)),
        ]
        return tuple(items)


def open_menu(visit: Visit) -> list[Action]:
    """The menu of the place where the visitor is."""
    stage = visit.stage
    if isinstance(stage, Welcoming):
        return Ways(Welcoming(greeted=True)).open(visit)
    if isinstance(stage, Reading):
        return PoemMenu(stage).open(visit)
    return visit.go(stage) if stage.menuless else PlaceMenu(stage).open(visit)


def _work_of(stage: Stage) -> ArtworkCard | None:
    match stage:
        case Choosing():
            return stage.artworks[stage.position]
        case Seeking():
            return stage.artwork
        case _:
            return None
