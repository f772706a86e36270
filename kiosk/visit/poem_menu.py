"""The menu that select opens while a poem is read: everything one may want with five keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard
from kiosk.events import Action, ReasonsReady
from kiosk.steps import Step
from kiosk.visit.menu import Item, Menu
from kiosk.visit.reading import Reading
from kiosk.visit.settings import SettingsMenu
from kiosk.visit.spelling import Spelling
from kiosk.visit.stage import chain, swapped
from kiosk.visit.telling import About, AboutPoem, Why
from kiosk.visit.visit import Visit
from kiosk.visit.why_said import why_said
from kiosk.visit.zooming import Zooming


@dataclass(frozen=True, slots=True)
class PoemMenu(Menu):
    """Over a poem, which is silent meanwhile and goes on where it was."""

    about = "about-poem-menu"
    has_works = True
    menuless = True

    @property
    def reading(self) -> Reading:
        """The poem beneath."""
        if not isinstance(self.under, Reading):
            raise TypeError("this menu lies over a poem")
        return self.under

    def heading(self, visit: Visit) -> str:
        """Whose menu it is."""
        return visit.words("poem-menu")

    def picture(self) -> ArtworkCard | None:
        """The painting that the poem answers."""
        return self.reading.artwork

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """In the order in which they are wanted most."""
        words, reading = visit.words, self.reading

        def step(to: Step) -> Callable[[], list[Action]]:
            return lambda: reading.step(visit, to)

        first = (
            Item(words("menu-hear-again"), step(Step.REPEAT_POEM))
            if reading.ended
            else Item(words("menu-go-on"), lambda: reading.go_from(visit, reading.segment))
        )
        items = [
            first,
            Item(words("menu-repeat-line"), step(Step.REPEAT_LINE)),
            Item(words("menu-repeat-stanza"), step(Step.REPEAT_STANZA)),
            Item(words("menu-whole-poem"), lambda: reading.read_whole(visit)),
            Item(words("menu-slower"), lambda: self._heard_so(visit, visit.faster(-1))),
            Item(words("menu-faster"), lambda: self._heard_so(visit, visit.faster(1))),
            Item(words("menu-louder"), lambda: self._heard_so(visit, visit.louder(1))),
            Item(words("menu-softer"), lambda: self._heard_so(visit, visit.louder(-1))),
            Item(words("menu-next-line"), step(Step.NEXT_LINE)),
            Item(words("menu-previous-line"), step(Step.PREVIOUS_LINE)),
        ]
        if reading.line is not None:
            items.append(Item(words("menu-spell"), lambda: Spelling.of(self, visit)))
        items.append(Item(words("menu-about"), lambda: About(self, reading.artwork).begin(visit)))
        if reading.chosen.credit:
            about = AboutPoem(self, reading)
            items.append(Item(words("menu-about-poem"), lambda: about.begin(visit)))
        if why_said(reading.chosen, words):
            items.append(Item(words("menu-why"), lambda: Why(self, reading).begin(visit)))
        if reading.artwork.picture is not None:
            zoom = Zooming(self, reading.artwork)
            items.append(Item(words("menu-zoom"), lambda: visit.go(zoom)))
        items.append(Item(words("way-settings"), lambda: SettingsMenu(self).open(visit)))
        return tuple(items)

    def _heard_so(self, visit: Visit, changed: tuple[Action, str]) -> list[Action]:
        """Stay, so that the key can be pressed again; the words are heard in the new way."""
        action, words = changed
        visit.stage = replace(self, notice=words)
        return [action, visit.show(), visit.say(words)]


def explained(visit: Visit, event: ReasonsReady) -> list[Action]:
    """Why the poems were chosen is known now. Nothing is said of it: it is an item of the menu.

    Where a menu lies open, the item that was named last stays the one under the cursor.
    """
    places = [place for place in chain(visit.stage) if isinstance(place, Reading)]
    reading = next((one for one in places if one.artwork.id == event.artwork_id), None)
    known = {poem.passage_id: poem for poem in event.poems}
    if event.visit_id != visit.id or reading is None:
        return []
    poems = tuple(
        replace(poem, reason=known[poem.passage_id].reason) if poem.passage_id in known else poem
        for poem in reading.poems
    )
    fresh = replace(reading, poems=poems)
    menu = next((place for place in chain(visit.stage) if isinstance(place, PoemMenu)), None)
    if menu is None:
        visit.stage = swapped(visit.stage, reading, fresh)
        return []
    here = menu.items(visit)[menu.position].label
    over = PoemMenu(fresh, notice=menu.notice)
    labels = [item.label for item in over.items(visit)]
    visit.stage = swapped(visit.stage, menu, replace(over, position=labels.index(here)))
    return [visit.show()] if isinstance(visit.stage, PoemMenu) else []
