"""The list of paintings, and what stands in its place while it is being read or is empty."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.dialling import dial, numbered
from kiosk.events import Action
from kiosk.phrases import label_said
from kiosk.screens import ChooseScreen, MessageScreen, Screen
from kiosk.visit.seeking import seek
from kiosk.visit.stage import Over, Stage, Table
from kiosk.visit.stuck import Stuck
from kiosk.visit.visit import Visit
from kiosk.words.marked import plain


def enter_list(visit: Visit, under: Stage) -> list[Action]:
    """To the list, if there is one; else words that say why not."""
    words = visit.words
    if visit.artworks is None:
        visit.waited = 0.0
        return visit.go(Waiting(under))
    if visit.artworks_problem is not None:
        problem = visit.artworks_problem
        return visit.go(Stuck(under, words("failed"), words(problem.trouble), problem.sentence))
    if not visit.artworks:
        return visit.go(Stuck(under, words("empty"), words("no-artworks"), words("empty-staff")))
    return visit.go(Choosing(under, visit.artworks))


@dataclass(frozen=True, slots=True)
class Waiting(Over):
    """For the list of paintings, which is still being read."""

    about = "about-waiting"
    has_works = True

    def table(self, visit: Visit) -> Table:
        """There is only waiting."""
        return {
            Control.SELECT: "act-is-it-there",
            Control.BACK: "act-back",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """A message."""
        words = visit.words
        return MessageScreen(words("one-moment"), words("artworks-coming"), "", self.hints(visit))

    def here(self, visit: Visit) -> str:
        """What is waited for."""
        return visit.words("artworks-coming")

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Back, or still waiting."""
        return visit.back(self) if control is Control.BACK else enter_list(visit, self.under)

    def passed(self, visit: Visit) -> list[Action] | None:
        """Never long in silence."""
        return visit.still_at_it("still-fetching")


@dataclass(frozen=True, slots=True)
class Choosing(Over):
    """In the list, or in a part of it."""

    artworks: tuple[ArtworkCard, ...]  # at least one
    position: int = 0
    dialled: str = ""
    notice: str = ""
    heading: str = ""  # of a part: the artist, the room

    about = "about-choosing"
    takes_digits = True
    has_works = True

    def table(self, visit: Visit) -> Table:
        """Through the list, and to the poems."""
        return {
            Control.PREVIOUS: "act-painting-before",
            Control.NEXT: "act-painting-next",
            Control.SELECT: "act-find-poems",
            Control.BACK: "act-clear-number" if self.dialled else "act-back",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The list, and the number that is being dialled."""
        return ChooseScreen(
            heading=plain(self.heading) or visit.words("choose"),
            artworks=self.artworks,
            position=self.position,
            place=self.place(visit),
            dialled=self.dialled,
            notice=plain(self.notice),
            hints=self.hints(visit),
        )

    def place(self, visit: Visit) -> str:
        """Where one is in the list."""
        return visit.words("painting-place", position=self.position + 1, count=len(self.artworks))

    def here(self, visit: Visit) -> str:
        """One painting, with its place and the number on its label."""
        artwork = self.artworks[self.position]
        said = [visit.words("sentence", text=self.place(visit))]
        if artwork.number:
            said.append(visit.words("painting-number", number=artwork.number))
        return " ".join([*said, visit.words("sentence", text=label_said(artwork, visit.words))])

    def hint(self, visit: Visit) -> str:
        """How to move, said on arriving."""
        return visit.words(
            "choose-hint",
            next=visit.key(Control.NEXT),
            previous=visit.key(Control.PREVIOUS),
            select=visit.key(Control.SELECT),
        )

    def resume(self, visit: Visit) -> list[Action]:
        """Back at the same painting."""
        return visit.go(self, hint="")

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Through the list, to the poems, or back."""
        count = len(self.artworks)
        match control:
            case Control.NEXT:
                return self._move(visit, (self.position + 1) % count)
            case Control.PREVIOUS:
                return self._move(visit, (self.position - 1) % count)
            case Control.BACK if self.dialled:
                cleared = replace(self, dialled="", notice="")
                words = visit.words("number-cleared", here=self.here(visit))
                return visit.go(cleared, words)
            case Control.BACK:
                return visit.back(self)
            case _:
                if self.dialled and numbered(self.dialled, self.artworks) is None:
                    return visit.go(self, self.notice)
                return seek(visit, replace(self, dialled="", notice=""), self._chosen)

    @property
    def _chosen(self) -> ArtworkCard:
        return self.artworks[self.position]

    def _move(self, visit: Visit, position: int) -> list[Action]:
        return visit.go(replace(self, position=position, dialled="", notice=""), hint="")

    def digit(self, visit: Visit, digit: int) -> list[Action] | None:
        """One more digit of a number, which counts in the whole list."""
        artworks = visit.artworks or self.artworks
        dialled, found, words = dial(self.dialled, digit, artworks, visit)
        if found is not None:
            shown = visit.words("number-shown", number=dialled)
            return visit.go(Choosing(self.under, artworks, found, dialled, shown), words)
        same = artworks == self.artworks
        position = self.position if same else 0
        return visit.go(Choosing(self.under, artworks, position, dialled, words), words)

    def picked(self, visit: Visit, position: int) -> list[Action]:
        """A painting was clicked: its poems are sought at once."""
        if not 0 <= position < len(self.artworks):
            return visit.go(self)
        here = replace(self, position=position, dialled="", notice="")
        return seek(visit, here, here._chosen)
