"""The door: attract, welcome, the choice of a language, and the ways to choose a painting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.events import Action
from kiosk.screens import Screen, WelcomeScreen
from kiosk.visit.camera import open_camera
from kiosk.visit.choosing import enter_list
from kiosk.visit.dial import Dialling
from kiosk.visit.groups import Grouping, groups
from kiosk.visit.menu import Item, Menu
from kiosk.visit.settings import SettingsMenu
from kiosk.visit.stage import Stage, Table
from kiosk.visit.visit import Visit
from kiosk.words.catalogue import words_in
from kiosk.words.marked import foreign, plain


@dataclass(frozen=True, slots=True)
class Welcoming(Stage):
    """At the door. `greeted`: this visitor has been told what to press."""

    greeted: bool = False

    about = "about-welcome"

    def table(self, visit: Visit) -> Table:
        """Straight on, other ways, other languages."""
        several = len(visit.languages) > 1
        return {
            Control.SELECT: "act-choose-painting",
            Control.NEXT: "act-other-ways",
            Control.PREVIOUS: "act-languages" if several else "act-welcome-again",
            Control.BACK: "act-welcome-again-too",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The name, what it is, and a painting of the house."""
        words = visit.words
        return WelcomeScreen(
            heading=words("name"),
            text=words("welcome-text"),
            invitation=words("welcome-invitation", select=visit.key(Control.SELECT)),
            artwork=_first(visit.artworks or ()),
            hints=self.hints(visit),
            offers=tuple(plain(offer) for offer in offers(visit)),
        )

    def here(self, visit: Visit) -> str:
        """What this is and what to press; then each other language in its own voice."""
        return " ".join(self.told(visit))

    def told(self, visit: Visit) -> tuple[str, ...]:
        """The first words by themselves, since they are waited for."""
        words = visit.words
        greeting = words("welcome", select=visit.key(Control.SELECT))
        more = words(
            "welcome-more",
            name=words("name"),
            next=visit.key(Control.NEXT),
            help=visit.key(Control.HELP),
        )
        return (greeting, *offers(visit), more)

    def resume(self, visit: Visit) -> list[Action]:
        """Home again."""
        return greet(visit)

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Whoever has not been greeted is; who has, goes on."""
        if not self.greeted:
            return greet(visit)
        match control:
            case Control.SELECT:
                return enter_list(visit, self)
            case Control.NEXT:
                return Ways(self).open(visit)
            case Control.PREVIOUS if len(visit.languages) > 1:
                return Languages(self).arrive(visit)
            case _:
                return greet(visit)


def greet(visit: Visit) -> list[Action]:
    """Begin the welcome: the voice first, since it is waited for."""
    visit.stage = Welcoming(greeted=True)
    return [visit.say(*visit.stage.told(visit)), visit.show()]


def offers(visit: Visit) -> list[str]:
    """Each language that is not the visitor's, in its own words."""
    found = []
    for code in visit.languages:
        words = words_in(code)
        if words.language != visit.words.language:
            key = visit.key(Control.PREVIOUS, words)
            text = words("language-offer", language=words("language-own"), key=key)
            found.append(foreign(text, code))
    return found


def _first(artworks: tuple[ArtworkCard, ...]) -> ArtworkCard | None:
    """The first work that can be shown."""
    return next((artwork for artwork in artworks if artwork.picture is not None), None)


@dataclass(frozen=True, slots=True)
class Languages(Menu):
    """Each language says its own name."""

    about = "about-languages"
    menuless = True

    def arrive(self, visit: Visit) -> list[Action]:
        """The cursor is at the first that is not spoken already."""
        codes = visit.languages
        spoken = visit.words.language
        others = (at for at, code in enumerate(codes) if words_in(code).language != spoken)
        return replace(self, position=next(others, 0)).open(visit)

    def heading(self, visit: Visit) -> str:
        """What is chosen."""
        return visit.words("languages")

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """A language each."""
        return tuple(
            Item(
                words_in(code)("language-own"),
                lambda code=code: self._speak(visit, code),  # type: ignore[misc]
                language=code,
            )
            for code in visit.languages
        )

    def here(self, visit: Visit) -> str:
        """All of it in the language that is offered."""
        codes = visit.languages
        position = min(self.position, len(codes) - 1)
        words = words_in(codes[position])
        text = words(
            "language-choice",
            language=words("language-own"),
            place=words("place", position=position + 1, count=len(codes)),
            select=visit.key(Control.SELECT, words),
        )
        return foreign(text, codes[position])

    def _speak(self, visit: Visit, code: str) -> list[Action]:
        """The kiosk speaks it from now on, and says so by going on in it."""
        applied = visit.apply(replace(visit.preferences, language=code, voice=""))
        return [applied, *visit.back(self)]


@dataclass(frozen=True, slots=True)
class Ways(Menu):
    """How a painting can be chosen, and what else there is at the door."""

    about = "about-ways"

    def heading(self, visit: Visit) -> str:
        """What is chosen."""
        return visit.words("ways")

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """Those that lead somewhere in this house."""
        words = visit.words
        artworks = visit.artworks or ()
        items = [Item(words("way-list"), lambda: enter_list(visit, self))]
        if any(artwork.number for artwork in artworks):
            items.append(Item(words("way-number"), lambda: Dialling(self).open(visit)))
        if len(groups(artworks, "artist")) > 1:
            items.append(Item(words("way-artist"), lambda: Grouping(self).open(visit)))
        if groups(artworks, "room"):
            items.append(Item(words("way-room"), lambda: Grouping(self, by="room").open(visit)))
        items.append(Item(words("way-camera"), lambda: open_camera(visit, self)))
        if len(visit.languages) > 1:
            items.append(Item(words("way-languages"), lambda: Languages(self).arrive(visit)))
        items.append(Item(words("way-settings"), lambda: SettingsMenu(self).open(visit)))
        return tuple(items)
