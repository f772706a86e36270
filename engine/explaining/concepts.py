"""What a picture and a poem may both speak of: subjects, moods, light and colours.

`concepts.toml` holds them. A text speaks of a concept by its words; a picture carries it in what
people wrote about it, or by lying near to what a picture of it is called.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine.explaining.hiding import Span

SUBJECT, MOOD, LIGHT, COLOUR = KINDS = ("subject", "mood", "light", "colour")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that both may speak of."""

    key: str  # as the kiosk's catalogue names it, too
    kind: str  # one of KINDS
    words: frozenset[str]  # by which an English text speaks of it, in small letters
    shows: str  # what a picture of it is called; "" where only its colours can tell

    def spans(self, text: str) -> list[Span]:
        """Where `text` speaks of it."""
        return [span for word, span in words_with_spans(text) if word in self.words]


@cache
def concepts() -> Mapping[str, Concept]:
    """Every concept by its key, in the order of the file."""
    kept = tomllib.loads(files("engine.explaining").joinpath("concepts.toml").read_text("utf-8"))
    return {
        key: Concept(key, kind, frozenset(facts["words"].split()), facts.get("shows", ""))
        for kind, named in kept.items()
        for key, facts in named.items()
    }


def spoken_of(text: str) -> frozenset[str]:
    """The keys of all concepts that a text has words for."""
    found = {word for word, _ in words_with_spans(text)}
    return frozenset(key for key, concept in concepts().items() if concept.words & found)


def words_with_spans(text: str) -> list[tuple[str, Span]]:
    """Each word in small letters, without 's, and where it stands."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("’", "'")
        found.append((word.removesuffix("'s").removesuffix("'"), match.span()))
    return found
