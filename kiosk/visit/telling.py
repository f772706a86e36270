"""Something told in paragraphs: about a work, or why a poem was chosen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.events import Action
from kiosk.phrases import credit_said, title_said
from kiosk.screens import Screen, TextScreen
from kiosk.visit.colours_said import colours_said
from kiosk.visit.reading import Reading
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit
from kiosk.visit.why_said import why_said
from kiosk.words.marked import foreign, lettered, plain


@dataclass(frozen=True, slots=True)
class Telling(Over, ABC):
    """A text, heard at one go or paragraph by paragraph."""

    about = "about-telling"
    has_works = True

    @property
    @abstractmethod
    def position(self) -> int | None:
        """The paragraph that is being heard, or was heard last."""

    @abstractmethod
    def at(self, position: int | None) -> Telling:
        """The same text at another paragraph."""

    @abstractmethod
    def heading(self, visit: Visit) -> str:
        """What it is about."""

    @abstractmethod
    def paragraphs(self, visit: Visit) -> tuple[str, ...]:
        """At least one; may be marked."""

    @abstractmethod
    def picture(self) -> ArtworkCard | None:
        """What is shown beside it."""

    def table(self, visit: Visit) -> Table:
        """From paragraph to paragraph."""
        return {
            Control.PREVIOUS: "act-paragraph-before",
            Control.NEXT: "act-paragraph-next",
            Control.SELECT: "act-all-again",
            Control.BACK: "act-back",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The text, with the paragraph that is being heard."""
        return TextScreen(
            heading=self.heading(visit),
            paragraphs=tuple(plain(text) for text in self.paragraphs(visit)),
            position=self.position,
            hints=self.hints(visit),
            artwork=self.picture(),
        )

    def here(self, visit: Visit) -> str:
        """The heading."""
        return visit.words("sentence", text=self.heading(visit))

    def begin(self, visit: Visit) -> list[Action]:
        """All of it from the start."""
        visit.stage = self.at(None)
        hint = visit.words("telling-hint", key=visit.key(Control.BACK))
        return [visit.show(), visit.say(*self.paragraphs(visit), hint=hint)]

    def resume(self, visit: Visit) -> list[Action]:
        """All of it again."""
        return self.begin(visit)

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Another paragraph, all of it, or back."""
        paragraphs = self.paragraphs(visit)
        count, here = len(paragraphs), self.position
        match control:
            case Control.BACK:
                return visit.back(self)
            case Control.NEXT:
                position = 0 if here is None else (here + 1) % count
            case Control.PREVIOUS:
                position = (-1 if here is None else here - 1) % count
            case _:
                return self.begin(visit)
        visit.stage = self.at(position)
        place = visit.words("place", position=position + 1, count=count)
        return [visit.show(), visit.say(f"{paragraphs[position]} {place}.")]

    def heard(self, visit: Visit, line: int | None) -> list[Action]:
        """A paragraph has begun to sound."""
        if line is None or line == self.position:
            return []
        visit.stage = self.at(line)
        return [visit.show()]


@dataclass(frozen=True, slots=True)
class About(Telling):
    """About this work: its label, what is to be seen, colours and light, whose the picture is."""

    artwork: ArtworkCard
    paragraph: int | None = None

    @property
    def position(self) -> int | None:
        """The paragraph."""
        return self.paragraph

    def at(self, position: int | None) -> Telling:
        """Another paragraph."""
        return replace(self, paragraph=position)

    def heading(self, visit: Visit) -> str:
        """What it is about."""
        return visit.words("about-work")

    def paragraphs(self, visit: Visit) -> tuple[str, ...]:
        """What is known of it; what is not known is said, too."""
        words, work = visit.words, self.artwork
        told = [words("sentence", text=title_said(work))]
        if work.artist:
            artist = lettered(work.artist, work.language, words.language)
            told.append(words("work-artist", artist=artist))
        if work.date:
            date = lettered(work.date, work.language, words.language)
            told.append(words("work-date", date=date))
        if work.room:
            told.append(words("work-room", room=work.room))
        if work.description.strip():
            told.append(foreign(" ".join(work.description.split()), work.language))
        else:
            told.append(words("no-description"))
        if work.colours is not None:
            told.append(colours_said(work.colours, words))
        return (*told, *credit_said(work.credit, words))

    def picture(self) -> ArtworkCard | None:
        """The work."""
        return self.artwork


@dataclass(frozen=True, slots=True)
class OfPoem(Telling):
    """A telling that lies over a poem."""

    reading: Reading
    paragraph: int | None = None

    @property
    def position(self) -> int | None:
        """The paragraph."""
        return self.paragraph

    def at(self, position: int | None) -> Telling:
        """Another paragraph."""
        return replace(self, paragraph=position)

    def picture(self) -> ArtworkCard | None:
        """The work."""
        return self.reading.artwork


@dataclass(frozen=True, slots=True)
class Why(OfPoem):
    """Why this poem was chosen, where there is anything to say."""

    def heading(self, visit: Visit) -> str:
        """What it is about."""
        return visit.words("why-poem")

    def paragraphs(self, visit: Visit) -> tuple[str, ...]:
        """The poem, and the reason."""
        return (self.reading.here(visit), why_said(self.reading.chosen, visit.words))


@dataclass(frozen=True, slots=True)
class AboutPoem(OfPoem):
    """Where the text of this poem comes from and whose it is, as far as somebody wrote it down."""

    def heading(self, visit: Visit) -> str:
        """What it is about."""
        return visit.words("about-poem")

    def paragraphs(self, visit: Visit) -> tuple[str, ...]:
        """The poem, its source, its licence, its rights holder."""
        return (self.reading.here(visit), *credit_said(self.reading.chosen.credit, visit.words))
