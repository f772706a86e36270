"""Titles of artworks, as they are given, each with what is usually to be seen under it.

Nobody has written down what a photograph would be called if it were a painting, and no caption says
"Lamentation" or "Near Arles". The lists of `data/titles` do: usual subjects with what they show,
names of people, whose portraits they are, and names of places, whose views. Titles are drawn from
them as museums make them up. So are descriptions, where what is to be seen stands among remarks
about how a work was made and where it went.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

SUBJECTS, PEOPLE, PLACES = "subjects.txt", "people.txt", "places.txt"
REMARKS = "remarks.txt"
BLANKS = {"who", "where", "year"}  # of a remark
YEARS = (1430, 1950)  # from and to, of a remark
MEN, WOMEN, FAMILY = "men", "women", "family names"
TOWNS, COUNTRY, WATERS = "towns", "country", "waters"

MAN = ("A man in dark clothes.", "The head and shoulders of a man.", "A man looks straight ahead.")
WOMAN = ("A woman in a dress.", "The head and shoulders of a woman.", "A woman looks to the side.")
TOWN = ("A city street with people and houses.", "Old houses and a church beside the water.")
LAND = ("Trees and hills under a wide sky.", "Houses among trees.")
WATER = ("A river with trees and boats.", "Water with hills behind it.")

SHARES = {"subject": 5, "two": 2, "there": 1, "person": 3, "place": 2}  # how often each is drawn
STUDIES = ("Study for {}", "Study of {}", "Sketch for {}", "{} (detail)", "Scene from {}")
TWO = ("{} and {}", "{}; {}", "{} with {}", "{}, {}")
THERE = ("{} near {}", "{} in {}", "{} at {}", "{} on the Way to {}")
OF_MEN = (
    *("{given} {family}", "Portrait of {given} {family}", "Sir {given} {family}"),
    *("{given} {family}, Duke of {place}", "{given} {family} as a Young Man", "Captain {family}"),
    *("{given} I of {place}", "Portrait of {given} IV", "Doctor {family}", "{given} de {place}"),
    *("Bust of {given} {family}", "{given} {family}, the Artist's Brother", "Lord {family}"),
)
OF_WOMEN = (
    *("{given} {family}", "Portrait of {given} {family}", "Madame {family}", "Lady {family}"),
    *("Mrs. {man} {family}", "{given}, Countess of {place}", "{given} of {place}", "Miss {family}"),
    *("{given} {family}, Wife of {man} {family}", "Mademoiselle {given}", "Young Woman ({given})"),
    *("Portrait of Madame {family}", "{given} {family}, the Artist's Sister"),
)
OF_PLACES = ("View of {}", "{}", "Near {}", "The Road to {}", "A Street in {}", "Houses at {}")
OF_COUNTRY = ("In {}", "Landscape in {}", "A Scene in {}", "Near a Village in {}")
OF_WATERS = ("{}", "On {}", "The Banks of {}", "Along {}", "{} at Evening", "Near {}")


@dataclass(frozen=True, slots=True)
class Shown:
    """Titles, or one that was drawn, and sentences that say what is to be seen."""

    titles: tuple[str, ...]
    sights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """What titles are drawn from."""

    subjects: Sequence[Shown]
    people: Mapping[str, Sequence[str]]
    places: Mapping[str, Sequence[str]]
    remarks: Sequence[str]

    @property
    def sights(self) -> tuple[str, ...]:
        """Every sentence, once."""
        own = (sight for subject in self.subjects for sight in subject.sights)
        return tuple(dict.fromkeys([*own, *MAN, *WOMAN, *TOWN, *LAND, *WATER]))

    def drawn(self, draw: random.Random) -> Shown:
        """One title and its sights."""
        (kind,) = draw.choices(list(SHARES), list(SHARES.values()))
        if kind == "person":
            return self._person(draw)
        if kind == "place":
            return self._place(draw)
        subject = draw.choice(self.subjects)
        title, sights = draw.choice(subject.titles), subject.sights
        if kind == "two":
            other = draw.choice(self.subjects)
            title = draw.choice(TWO).format(title, draw.choice(other.titles))
            return Shown((title,), sights + other.sights)
        if kind == "there":
            where = draw.choice(draw.choice(list(self.places.values())))
            return Shown((draw.choice(THERE).format(title, where),), sights)
        if draw.random() < 1 / 3:
            title = draw.choice(STUDIES).format(title)
        return Shown((title,), sights)

    def described(self, captions: Sequence[str], draw: random.Random) -> str:
        """What a museum would write of a work that shows what two to four of these captions say."""
        count = min(len(captions), draw.randint(2, 4))
        told = [sentence(caption) for caption in draw.sample(captions, count)]
        told += [self._remark(draw) for _ in range(draw.randint(1, 4))]
        draw.shuffle(told)
        return " ".join(told)

    def told(self, captions: Sequence[str], draw: random.Random) -> list[str]:
        """A title and, behind it, what any number of these captions say is to be seen."""
        count = draw.randint(1, len(captions))
        seen = [sentence(caption) for caption in draw.sample(captions, count)]
        return [sentence(self.drawn(draw).titles[0]), *seen]

    def interrupted(self, told: Sequence[str], draw: random.Random) -> list[str]:
        """The same sentences in their order, and one to four remarks anywhere between them."""
        among = list(told)
        for _ in range(draw.randint(1, 4)):
            among.insert(draw.randint(0, len(among)), self._remark(draw))
        return among

    def remarked(self, title: str, draw: random.Random) -> str:
        """A title and what a museum wrote behind it, which shows nothing of the work."""
        remarks = [self._remark(draw) for _ in range(draw.randint(1, 4))]
        return " ".join([sentence(title), *remarks])

    def _remark(self, draw: random.Random) -> str:
        given = draw.choice(self.people[draw.choice((MEN, WOMEN))])
        return draw.choice(self.remarks).format(
            who=f"{given} {draw.choice(self.people[FAMILY])}",
            where=draw.choice(self.places[TOWNS]),
            year=draw.randint(*YEARS),
        )

    def _person(self, draw: random.Random) -> Shown:
        man = draw.random() < 1 / 2
        title = draw.choice(OF_MEN if man else OF_WOMEN).format(
            given=draw.choice(self.people[MEN if man else WOMEN]),
            man=draw.choice(self.people[MEN]),
            family=draw.choice(self.people[FAMILY]),
            place=draw.choice(self.places[TOWNS]),
        )
        return Shown((title,), MAN if man else WOMAN)

    def _place(self, draw: random.Random) -> Shown:
        kind = draw.choice((TOWNS, COUNTRY, WATERS))
        made, sights = {
            TOWNS: (OF_PLACES, TOWN + LAND),
            COUNTRY: (OF_COUNTRY, LAND),
            WATERS: (OF_WATERS, WATER),
        }[kind]
        return Shown((draw.choice(made).format(draw.choice(self.places[kind])),), sights)


def read_titles(folder: Path) -> Titles:
    """The lists of a folder.

    Raises ValueError, with the file and the line, where one is not of their form.
    """
    subjects = [Shown(titles, sights) for titles, sights in _lines(folder / SUBJECTS)]
    people, places = (
        {kind: names for (kind,), names in _lines(folder / name)} for name in (PEOPLE, PLACES)
    )
    for name, held, wanted in (
        (PEOPLE, people, (MEN, WOMEN, FAMILY)),
        (PLACES, places, (TOWNS, COUNTRY, WATERS)),
    ):
        if missing := [kind for kind in wanted if kind not in held]:
            raise ValueError(f"{folder / name} lacks the line of “{missing[0]}”.")
    return Titles(subjects, people, places, _remarks(folder / REMARKS))


def _remarks(path: Path) -> list[str]:
    found = []
    for number, line in _written(path):
        try:
            asked = {field for _, field, _, _ in Formatter().parse(line) if field is not None}
        except ValueError:  # a brace that stands alone
            asked = {""}
        if not asked <= BLANKS:
            raise ValueError(
                f"{path}, line {number}: write {{who}}, {{where}} or {{year}}, and no other brace."
            )
        found.append(line)
    if not found:
        raise ValueError(f"{path} has no remark; write one a line.")
    return found


def _written(path: Path) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [(at, line) for at, line in lines if line.strip() and not line.startswith("#")]


def _lines(path: Path) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    found = []
    for number, line in _written(path):
        left, arrow, right = line.partition("->")
        parts = [tuple(filter(None, map(str.strip, side.split("|")))) for side in (left, right)]
        if not arrow or not all(parts):
            raise ValueError(f"{path}, line {number}: write “one | another -> what is seen”.")
        found.append((parts[0], parts[1]))
    return found


def sentence(caption: str) -> str:
    """A caption as a sentence beside others."""
    words = caption.rstrip(" .")
    return f"{words[:1].upper()}{words[1:]}."


def part_of(caption: str, draw: random.Random) -> str:
    """Some words of a caption that stand side by side, as a title would have them."""
    words = caption.rstrip(" .").split()
    length = min(len(words), draw.randint(2, 5))
    first = draw.randint(0, len(words) - length)
    return " ".join(words[first : first + length])
