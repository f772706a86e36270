"""With the poems for one picture: where the ear is, and every way through a poem."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import Control
from kiosk.events import Action
from kiosk.narration import Narration, SpokenPoem, narrate_poem
from kiosk.phrases import extent, poem_named, title_said
from kiosk.screens import ResultScreen, Screen
from kiosk.steps import Step, find_step
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit


@dataclass(frozen=True, slots=True)
class Reading(Over):
    """One of the poems."""

    artwork: ArtworkCard
    poems: tuple[MatchedPoem, ...]  # at least one
    poem: int = 0
    whole: bool = False  # all of a longer poem, not only the passage
    fits: bool = True
    spoken_line: int | None = None
    narration: Narration | None = None  # of this poem
    segment: int = 0  # of it, heard last
    ended: bool = False  # whether it was heard to its end

    about = "about-reading"
    has_works = True

    @property
    def chosen(self) -> MatchedPoem:
        """The poem."""
        return self.poems[self.poem]

    @property
    def lines(self) -> tuple[str, ...]:
        """The printed lines that are shown and read now."""
        return self.chosen.whole if self.whole else self.chosen.lines

    @property
    def line(self) -> int | None:
        """The printed line that was heard last, or comes first."""
        segments = self.narration.segments if self.narration else ()
        heard = [s.line for s in segments[: self.segment + 1] if s.line is not None]
        first = (at for at, text in enumerate(self.lines) if text.strip())
        return heard[-1] if heard else next(first, None)

    def table(self, visit: Visit) -> Table:
        """Other poems, and a menu for this one."""
        moves: Table = {Control.PREVIOUS: "act-poem-before", Control.NEXT: "act-poem-next"}
        return {
            **(moves if len(self.poems) > 1 else {}),
            Control.SELECT: "act-poem-menu",
            Control.BACK: "act-leave-poems",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The poem beside its picture."""
        words = visit.words
        return ResultScreen(
            artwork=self.artwork,
            poem=self.chosen,
            lines=self.lines,
            spoken_line=self.spoken_line,
            place=words("poem-place", position=self.poem + 1, count=len(self.poems)),
            extent=extent(words, is_part=self.chosen.is_part, whole=self.whole),
            hints=self.hints(visit),
            notice="" if self.fits else words("fits-badly"),
        )

    def here(self, visit: Visit) -> str:
        """The poem without its lines."""
        return poem_named(self.chosen, self.poem, len(self.poems), visit.words)

    def hint(self, visit: Visit) -> str:
        """What one can do when a poem has been heard."""
        return self._hint(visit, "poem-hint-short")

    def _hint(self, visit: Visit, menu: str) -> str:
        words = visit.words
        opens = words(menu, select=visit.key(Control.SELECT))
        if len(self.poems) == 1:
            return opens
        return f"{words('poem-hint-next', next=visit.key(Control.NEXT))} {opens}"

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Another poem, the menu, or back."""
        count = len(self.poems)
        match control:
            case Control.NEXT:
                return self.turn(visit, (self.poem + 1) % count)
            case Control.PREVIOUS:
                return self.turn(visit, (self.poem - 1) % count)
            case Control.BACK:
                return visit.back(self)
            case _:
                from kiosk.visit.poem_menu import PoemMenu  # it leads back here

                return PoemMenu(self).open(visit)

    def turn(self, visit: Visit, poem: int) -> list[Action]:
        """To another poem."""
        fresh = Reading(self.under, self.artwork, self.poems, poem, fits=self.fits)
        return fresh.begin(visit)

    def begin(self, visit: Visit, *, arrived: bool = False) -> list[Action]:
        """Show the poem and read it; the picture is named where the visitor has just come."""
        narration = self.narrated(visit, arrived=arrived)
        fresh = replace(self, narration=narration, segment=0, spoken_line=None, ended=False)
        visit.stage = fresh
        actions = [visit.show()]
        if arrived and not self.fits:
            actions.append(visit.say(visit.words("fits-badly")))
        return [*actions, visit.tell(replace(narration, id=visit.name()))]

    def narrated(self, visit: Visit, *, arrived: bool) -> Narration:
        """The poem as it is told."""
        poem = self.chosen
        return narrate_poem(
            SpokenPoem(
                title=poem.title,
                poet=poem.poet,
                lines=self.lines,
                language=poem.language,
                part=poem.is_part,
                extent=extent(visit.words, is_part=poem.is_part, whole=self.whole),
            ),
            rank=self.poem + 1,
            total=len(self.poems),
            artwork_title=title_said(self.artwork) if arrived else "",
            hint=self._hint(visit, "poem-hint" if arrived else "poem-hint-short"),
            language=visit.preferences.language,
            narration_id="poem",
        )

    # --- within the poem ----------------------------------------------------------------------

    def resume(self, visit: Visit) -> list[Action]:
        """Back from help or from a menu: where one is; then on, in the line that was broken off."""
        if self.ended or self.narration is None:
            visit.stage = self
            return [visit.show(), visit.say(self.here(visit), hint=self.hint(visit))]
        return self.go_from(visit, self.segment)

    def step(self, visit: Visit, step: Step) -> list[Action]:
        """To another line of what is read; reading goes on from there."""
        if self.narration is None:
            return self.begin(visit)
        target = find_step(self.narration.segments, self.segment, step)
        if target is None:
            visit.stage = self
            return [visit.show(), visit.say(visit.words("last-line"), hint=self.hint(visit))]
        return self.go_from(visit, target)

    def go_from(self, visit: Visit, segment: int) -> list[Action]:
        """Read on from a segment."""
        if self.narration is None:
            return self.begin(visit)
        visit.stage = replace(self, segment=segment, spoken_line=None, ended=False)
        return [visit.show(), visit.again(self.narration, segment)]

    def read_whole(self, visit: Visit) -> list[Action]:
        """All of the poem from its beginning, though only a passage was offered."""
        return replace(self, whole=self.chosen.is_part).begin(visit)

    def heard(self, visit: Visit, segment: int | None, line: int | None) -> list[Action]:
        """A segment of the poem has begun to sound; with None the poem has ended."""
        if segment is None:
            changed = replace(self, spoken_line=None, ended=True)
        else:
            changed = replace(self, spoken_line=line, segment=segment)
        visit.stage = changed
        return [] if changed.spoken_line == self.spoken_line else [visit.show()]

    def marked(self, visit: Visit, line: int | None) -> list[Action]:
        """One line sounds again by itself; the place in the poem stays."""
        visit.stage = replace(self, spoken_line=line)
        return [] if line == self.spoken_line else [visit.show()]
