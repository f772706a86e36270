"""How names and rare words are said. Applied before synthesis, never shown on the screen.

A lexicon is a plain text file that staff edit. Each line is a word, a language, and how the word
is said, parted by tabs or by two spaces or more:

    # word        language   say            IPA, if known
    Goethe        en         gurta          ɡˈɜːtə
    Auvers        en         oh-vair

`say` is a respelling that every voice reads by its ordinary rules; the IPA, which is optional, is
taken in English text by the voices that can say phonemes (espeak-ng, piper). The language is that
of the text in which the word stands, since it is there that a voice goes wrong: `*` for all.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.speech.phonemes import possessive, sounds

FILE_NAME = "pronunciation.txt"  # of staff, in the data directory
SHIPPED = Path("speech") / FILE_NAME  # in the assets directory

_COLUMNS = re.compile(r"\t+\s*|\s{2,}")
_LANGUAGE = re.compile(r"\*|[a-z]{2,3}(?:-[a-z0-9]+)*", re.IGNORECASE)
_SAYABLE = re.compile(r"[^\W\d_](?:[\w' -]*[^\W_])?")

Markup = Callable[[str], str]  # IPA of one word -> what a voice takes in its place


@dataclass(frozen=True, slots=True)
class Entry:
    """One word, or a few that belong together."""

    word: str
    language: str  # BCP 47, lower case; or "*"
    say: str  # a respelling
    ipa: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and how they are said. Later entries replace earlier ones for the same word."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()  # a sentence for each line that could not be understood
    _tables: dict[str, tuple[re.Pattern[str], dict[str, Entry]] | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def fingerprint(self) -> str:
        """Changes when any entry does; for the keys of caches of what was spoken."""
        return hashlib.sha256(repr(self.entries).encode()).hexdigest()[:16]

    def respell(self, text: str, language: str) -> str:
        """The text with each word of the lexicon respelled."""
        return self.apply(text, language, None)

    def apply(self, text: str, language: str, markup: Markup | None) -> str:
        """The text with each word replaced: by `markup` of its IPA, else by its respelling.

        Whole words only, upper or lower case; "Goethe's" is Goethe with an s. A text without
        words of the lexicon comes back as it is.
        """
        table = self._table(language)
        if table is None:
            return text
        pattern, words = table
        english = language.lower().split("-", maxsplit=1)[0] == "en"

        def said(found: re.Match[str]) -> str:
            entry, tail = words.get(_key(found["word"])), found["tail"] or ""
            if entry is None:  # a letter whose other case is two letters
                return found[0]
            if markup is None or not entry.ipa or not english:
                return entry.say + tail
            return markup(possessive(entry.ipa) if tail else entry.ipa)

        return pattern.sub(said, text)

    def _table(self, language: str) -> tuple[re.Pattern[str], dict[str, Entry]] | None:
        language = language.lower()
        if language not in self._tables:
            fitting = {"*", language, language.split("-", maxsplit=1)[0]}
            words = {_key(e.word): e for e in self.entries if e.language in fitting}
            # Longest first: "Van Gogh" before "Gogh". Either apostrophe, any blank.
            choices = "|".join(_as_printed(word) for word in sorted(words, key=len, reverse=True))
            pattern = rf"(?<![^\W_])(?P<word>{choices})(?P<tail>['’]s)?(?![^\W_])"
            self._tables[language] = (re.compile(pattern, re.IGNORECASE), words) if words else None
        return self._tables[language]


NO_LEXICON = Lexicon()


def read_lexicon(paths: Iterable[Path]) -> Lexicon:
    """The entries of all files, of which any may be missing; later files override earlier ones.

    Never raises for what stands in a file: a line that cannot be understood is left out and told
    in `problems`, since one slip of the pen must not silence a kiosk.
    """
    entries: list[Entry] = []
    problems: list[str] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{path} cannot be read ({error}); save it as UTF-8 text.")
            continue
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            try:
                entries.append(_entry(_COLUMNS.split(unicodedata.normalize("NFC", line.strip()))))
            except ValueError as error:
                problems.append(f"{path}, line {number}: {error}; the line is left out.")
    return Lexicon(tuple(entries), tuple(problems))


def _entry(columns: Sequence[str]) -> Entry:
    if len(columns) not in (3, 4):
        raise ValueError(
            "a line has a word, a language, how it is said, and perhaps IPA, parted by tabs or"
            f" two spaces, but here are {len(columns)} parts"
        )
    word, language, say, ipa = [*columns, ""][:4]
    if not any(character.isalpha() for character in word):
        raise ValueError(f"{word!r} is no word")
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is no language such as en, fr or *")
    if not _SAYABLE.fullmatch(say):
        raise ValueError(f"{say!r} cannot be said; use letters, blanks and hyphens only")
    ipa = ipa.strip("/[] ")
    try:
        sounds(ipa)
    except ValueError as error:
        raise ValueError(f"the IPA {ipa!r} cannot be used: {error}") from None
    return Entry(word, language.lower(), say, ipa)


def _key(word: str) -> str:
    return " ".join(word.replace("’", "'").casefold().split())


def _as_printed(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]")
