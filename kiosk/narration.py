"""The words to be spoken: match + artwork -> `Narration`. Pure; knows no Qt, SQL or sound.

A narration is a list of segments. Each is spoken as one utterance, has an id, and is reported as
started and finished, so that the screen can mark the line that is being heard.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass, replace
from enum import StrEnum

# Silences in milliseconds. Those of verse are what makes it verse to the ear: a breath at a line's
# end, hardly one where the sentence runs on into the next line, a rest between stanzas.
AFTER_ANNOUNCEMENT_MS = 300
AFTER_TITLE_MS = 350
AFTER_POET_MS = 900
AFTER_LINE_MS = 350
AFTER_RUN_ON_LINE_MS = 120
BETWEEN_STANZAS_MS = 650  # beyond the pause of the line before
BEFORE_HINT_MS = 900
AFTER_LETTER_MS = 250

_STOPS = ".,;:!?…—–-"  # a line that ends with one of these does not run on
# A letter alone is given as its name, since a voice may take "a" for the article.
_LETTERS = {"a": "ay", "i": "eye", "o": "oh", "ß": "sharp s", "æ": "a e, joined", "ø": "o, slashed"}
_MARKS = {
    "\u0300": "with a grave accent",
    "\u0301": "with an acute accent",
    "\u0302": "with a circumflex",
    "\u0303": "with a tilde",
    "\u0304": "with a macron",
    "\u0308": "with two dots",
    "\u030a": "with a ring",
    "\u030c": "with a caron",
    "\u0327": "with a cedilla",
}
_SIGNS = {
    "'": "apostrophe",
    "’": "apostrophe",
    "-": "hyphen",
    "–": "dash",
    "—": "dash",
    ".": "full stop",
    ",": "comma",
    ";": "semicolon",
    ":": "colon",
    "!": "exclamation mark",
    "?": "question mark",
    "&": "and sign",
}
_CLOSERS = "\"'”’»)]_* "  # what may stand after the stop


class SegmentKind(StrEnum):
    """What a segment is to the listener."""

    ANNOUNCEMENT = "announcement"
    TITLE = "title"
    POET = "poet"
    LINE = "line"
    PAUSE = "pause"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Segment:
    """One utterance, or one silence."""

    id: str  # unique within its narration
    kind: SegmentKind
    text: str  # what is said; empty for a pause
    language: str = "en"  # BCP 47
    pause_ms: int = 0  # silence after the utterance
    line: int | None = None  # for LINE: index into the passage's printed lines


@dataclass(frozen=True, slots=True)
class Narration:
    """What the kiosk says in answer to one thing that happened."""

    id: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class SpokenPoem:
    """A poem, or a passage of one, as it is to be heard."""

    title: str
    poet: str
    lines: tuple[str, ...]  # as printed; an empty string between stanzas
    language: str = "en"  # BCP 47, of the title and the lines
    part: bool = False  # a passage of a longer poem, which is said
    extent: str = ""  # said in place of "a part of the poem", e.g. "the whole poem"


def narrate_poem(
    poem: SpokenPoem,
    *,
    rank: int,
    total: int,
    artwork_title: str = "",
    hint: str = "",
    language: str = "en",
    narration_id: str | None = None,
) -> Narration:
    """The place among the poems, title, poet, every line in order, then what one can do.

    Each line that is not empty becomes one LINE segment with the very text of the page and its
    index; where stanzas part there is a PAUSE segment. `language` is the kiosk's own, for the
    words around the poem. Without a `narration_id` a fresh one is made.
    """
    place = f"Poem {rank} of {total}" + (f", for {artwork_title}." if artwork_title else ".")
    extent = poem.extent or ("a part of the poem" if poem.part else "")
    by = f"by {poem.poet or 'an unknown poet'}" + (f": {extent}." if extent else ".")
    head = [
        Segment("announcement", SegmentKind.ANNOUNCEMENT, place, language, AFTER_ANNOUNCEMENT_MS)
    ]
    if poem.title.strip():
        head.append(Segment("title", SegmentKind.TITLE, poem.title, poem.language, AFTER_TITLE_MS))
    head.append(Segment("poet", SegmentKind.POET, by, language, AFTER_POET_MS))
    segments = [*head, *_verse(poem)]
    if hint:
        segments[-1] = _with_pause(segments[-1], BEFORE_HINT_MS)
        segments.append(Segment("hint", SegmentKind.HINT, hint, language))
    return Narration(narration_id or _fresh_id(), tuple(segments))


def narrate_line(poem: SpokenPoem, index: int, *, narration_id: str | None = None) -> Narration:
    """One line again. Raises ValueError when there is no line to be said at `index`."""
    if not 0 <= index < len(poem.lines) or not poem.lines[index].strip():
        raise ValueError(f"there is no line to be said at {index}")
    return Narration(narration_id or _fresh_id(), (_line(poem, index),))


def announce(
    text: str, *, hint: str = "", language: str = "en", narration_id: str | None = None
) -> Narration:
    """Something the kiosk has to say, and what one can do now."""
    segments = [Segment("announcement", SegmentKind.ANNOUNCEMENT, text, language)]
    if hint:
        segments[0] = _with_pause(segments[0], AFTER_ANNOUNCEMENT_MS)
        segments.append(Segment("hint", SegmentKind.HINT, hint, language))
    return Narration(narration_id or _fresh_id(), tuple(segments))


def narrate_spelling(
    word: str, language: str = "en", *, narration_id: str | None = None
) -> Narration:
    """A word letter by letter, each a segment of its own, so that each can be stepped to.

    Signs that voices leave out are named; so are capitals. Raises ValueError for a word without
    anything to spell.
    """
    signs = [sign for sign in unicodedata.normalize("NFC", word) if not sign.isspace()]
    if not signs:
        raise ValueError("there is nothing to spell")
    return Narration(
        narration_id or _fresh_id(),
        tuple(
            Segment(
                f"letter-{index}",
                SegmentKind.ANNOUNCEMENT,
                _letter(sign, language),
                language,
                AFTER_LETTER_MS,
            )
            for index, sign in enumerate(signs)
        ),
    )


def _letter(sign: str, language: str) -> str:
    """What is said for one sign. Names are English; other languages leave letters to the voice."""
    english = language.lower().split("-", maxsplit=1)[0] == "en"
    if not english:
        return sign
    if sign.isalpha():
        letter = _LETTERS.get(sign.lower(), sign.lower())
        plain = unicodedata.normalize("NFD", sign)
        if len(plain) > 1:  # Dürer, Cézanne: the voice of one language has no name for it
            marks = " ".join(_MARKS.get(mark, "with a mark") for mark in plain[1:])
            letter = f"{_LETTERS.get(plain[0].lower(), plain[0].lower())} {marks}"
        return f"capital {letter}" if sign.isupper() else letter
    return _SIGNS.get(sign, sign if sign.isdigit() else unicodedata.name(sign, "a sign").lower())


def _verse(poem: SpokenPoem) -> list[Segment]:
    segments: list[Segment] = []
    gap = False
    for index, text in enumerate(poem.lines):
        if not text.strip():
            gap = bool(segments)
            continue
        if gap:
            kind = SegmentKind.PAUSE
            segments.append(Segment(f"pause-{index}", kind, "", poem.language, BETWEEN_STANZAS_MS))
            gap = False
        segments.append(_line(poem, index))
    return segments


def _line(poem: SpokenPoem, index: int) -> Segment:
    text = poem.lines[index]
    end = text.rstrip(_CLOSERS)[-1:]
    last = index + 1 == len(poem.lines) or not poem.lines[index + 1].strip()
    runs_on = not last and end not in _STOPS
    pause = AFTER_RUN_ON_LINE_MS if runs_on else AFTER_LINE_MS
    return Segment(f"line-{index}", SegmentKind.LINE, text, poem.language, pause, index)


def _with_pause(segment: Segment, pause_ms: int) -> Segment:
    return replace(segment, pause_ms=pause_ms)


def _fresh_id() -> str:
    return uuid.uuid4().hex
