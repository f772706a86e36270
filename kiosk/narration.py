"""The words to be spoken: match + artwork -> `Narration`. Pure; knows no Qt, SQL or sound.

A narration is a list of segments. Each is spoken as one utterance, has an id, and is reported as
started and finished, so that the screen can mark the line that is being heard.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.words.catalogue import LANGUAGES, Words, words_in
from kiosk.words.marked import lettered, runs

# Silences in milliseconds. Those of verse are what makes it verse to the ear: a breath at a line's
# end, hardly one where the sentence runs on into the next line, a rest between stanzas.
AFTER_ANNOUNCEMENT_MS = 300
AFTER_TITLE_MS = 350
AFTER_POET_MS = 900
AFTER_LINE_MS = 350
AFTER_RUN_ON_LINE_MS = 120
BETWEEN_STANZAS_MS = 650  # beyond the pause of the line before
BEFORE_HINT_MS = 900
AFTER_PARAGRAPH_MS = 400
AFTER_LETTER_MS = 250

_STOPS = ".,;:!?…—–-"  # a line that ends with one of these does not run on
# The ids of names in the catalogue. A letter alone is given as its name, since a voice may take "a"
# for the article.
_LETTERS = {
    "a": "letter-a",
    "i": "letter-i",
    "o": "letter-o",
    "ß": "letter-sharp-s",
    "æ": "letter-ae",
    "ø": "letter-o-slashed",
}
_MARKS = {
    "\u0300": "mark-grave",
    "\u0301": "mark-acute",
    "\u0302": "mark-circumflex",
    "\u0303": "mark-tilde",
    "\u0304": "mark-macron",
    "\u0308": "mark-two-dots",
    "\u030a": "mark-ring",
    "\u030c": "mark-caron",
    "\u0327": "mark-cedilla",
}
_SIGNS = {
    "'": "sign-apostrophe",
    "’": "sign-apostrophe",
    "-": "sign-hyphen",
    "–": "sign-dash",
    "—": "sign-dash",
    ".": "sign-full-stop",
    ",": "sign-comma",
    ";": "sign-semicolon",
    ":": "sign-colon",
    "!": "sign-exclamation",
    "?": "sign-question",
    "&": "sign-and",
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
    line: int | None = None  # for LINE: index into the passage's printed lines; else a paragraph's


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
    words around the poem; `artwork_title` and `hint` may hold words marked as being in another
    (`kiosk.words.marked`). Without a `narration_id` a fresh one is made.
    """
    words = words_in(language)
    place = words("poem-place", position=rank, count=total)
    if artwork_title:
        place = words("poem-place-for", place=place, title=artwork_title)
    extent = poem.extent or (words("extent-part") if poem.part else "")
    poet = lettered(poem.poet, poem.language, language)
    by = words("poem-by", poet=poet or words("unknown-poet"))
    if extent:
        by = words("poem-by-extent", by=by, extent=extent)
    head = _announcements([words("sentence", text=place)], language)
    head[-1] = _with_pause(head[-1], AFTER_ANNOUNCEMENT_MS)
    if poem.title.strip():
        head.append(Segment("title", SegmentKind.TITLE, poem.title, poem.language, AFTER_TITLE_MS))
    by = words("ended", text=by)
    head += _segments(SegmentKind.POET, by, language)
    head[-1] = _with_pause(head[-1], AFTER_POET_MS)
    segments = [*head, *_verse(poem)]
    if hint:
        segments[-1] = _with_pause(segments[-1], BEFORE_HINT_MS)
        segments += _segments(SegmentKind.HINT, hint, language)
    return Narration(narration_id or _fresh_id(), tuple(segments))


def narrate_line(poem: SpokenPoem, index: int, *, narration_id: str | None = None) -> Narration:
    """One line again. Raises ValueError when there is no line to be said at `index`."""
    if not 0 <= index < len(poem.lines) or not poem.lines[index].strip():
        raise ValueError(f"there is no line to be said at {index}")
    return Narration(narration_id or _fresh_id(), (_line(poem, index),))


def announce(
    text: str, *, hint: str = "", language: str = "en", narration_id: str | None = None
) -> Narration:
    """Something the kiosk has to say, and what one can do now.

    Both may hold words marked as being in another language; each run is a segment of its own.
    """
    return narrate_paragraphs([text], hint=hint, language=language, narration_id=narration_id)


def narrate_paragraphs(
    paragraphs: Sequence[str],
    *,
    hint: str = "",
    language: str = "en",
    narration_id: str | None = None,
) -> Narration:
    """A text in paragraphs; each segment's `line` is its paragraph's index. See `announce`."""
    segments = _announcements(paragraphs, language)
    if hint:
        if segments:
            segments[-1] = _with_pause(segments[-1], AFTER_ANNOUNCEMENT_MS)
        segments += _segments(SegmentKind.HINT, hint, language)
    return Narration(narration_id or _fresh_id(), tuple(segments))


def _announcements(paragraphs: Sequence[str], language: str) -> list[Segment]:
    kind, several = SegmentKind.ANNOUNCEMENT, len(paragraphs) > 1
    segments: list[Segment] = []
    for index, paragraph in enumerate(paragraphs):
        for text, code in runs(paragraph, language):
            name = f"{kind}-{len(segments)}" if segments else str(kind)
            line = index if several else None
            segments.append(Segment(name, kind, text, code, line=line))
        if several and segments:
            segments[-1] = _with_pause(segments[-1], AFTER_PARAGRAPH_MS)
    return segments or [Segment(str(kind), kind, "", language)]


def _segments(kind: SegmentKind, marked: str, language: str) -> list[Segment]:
    return [
        Segment(f"{kind}-{index}" if index else str(kind), kind, text, code)
        for index, (text, code) in enumerate(runs(marked, language))
    ]


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
    """What is said for one sign. Letters are named in English only; other voices know theirs."""
    primary = language.lower().split("-", maxsplit=1)[0]
    if primary not in LANGUAGES:
        return sign
    words = words_in(primary)
    if sign in _SIGNS:
        return words(_SIGNS[sign])
    if primary != "en":
        return sign
    if sign.isalpha():
        letter = _named(words, sign.lower())
        plain = unicodedata.normalize("NFD", sign)
        if len(plain) > 1:  # Dürer, Cézanne: the voice of one language has no name for it
            marks = " ".join(words(_MARKS.get(mark, "mark-other")) for mark in plain[1:])
            letter = f"{_named(words, plain[0].lower())} {marks}"
        return words("letter-capital", letter=letter) if sign.isupper() else letter
    return sign if sign.isdigit() else unicodedata.name(sign, words("sign-other")).lower()


def _named(words: Words, letter: str) -> str:
    return words(_LETTERS[letter]) if letter in _LETTERS else letter


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
