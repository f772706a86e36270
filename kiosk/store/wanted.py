"""What somebody typed, as words to be found, and the words around them in a text. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MARKS = ("»", "«")  # around a word that was found
AROUND = 12  # words of a snippet
BEFORE = 3  # of them stand before the first that was found
SHORT = 3  # letters from which on a word also finds longer ones
HANGUL = "\u1100"  # here and beyond, a letter is a syllable or a word
WORD = re.compile(r"[^\W_]+")
ACCENTS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand one after the other."""

    words: tuple[str, ...]  # plain
    open: bool  # whether the last one may go on


def plain(said: str) -> str:
    """Lower case, without accents."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFD", said.lower()))
    return unicodedata.normalize("NFC", bare)


def read_phrases(search: str) -> list[Phrase]:
    """What stands between blanks is taken together: "it_all" is one word after the other."""
    found = []
    for piece in plain(search).split():
        words = tuple(WORD.findall(piece))
        if words:
            letters = "".join(words)
            found.append(Phrase(words, len(letters) >= SHORT or max(letters) >= HANGUL))
    return found


def snippet(said: str, phrases: Sequence[Phrase]) -> str:
    """Some words of a text, those looked for between `MARKS`; its beginning, if it has none."""
    words = list(WORD.finditer(said))
    marked = [_wanted(plain(word[0]), phrases) for word in words]
    start = max(0, marked.index(True) - BEFORE) if True in marked else 0
    end = min(len(words), start + AROUND)
    if end == 0:
        return said
    at = words[start].start() if start else 0
    parts = ["…"] if start else []
    for word, hit in zip(words[start:end], marked[start:end], strict=True):
        parts += [said[at : word.start()], f"{MARKS[0]}{word[0]}{MARKS[1]}" if hit else word[0]]
        at = word.end()
    parts.append("…" if end < len(words) else said[at:])
    return "".join(parts)


def _wanted(word: str, phrases: Sequence[Phrase]) -> bool:
    return any(
        word == other or (one.open and number == len(one.words) and word.startswith(other))
        for one in phrases
        for number, other in enumerate(one.words, start=1)
    )
