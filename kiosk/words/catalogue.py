"""The catalogue: a message's id and its values -> words in one language.

Messages are written in Fluent, a file a language (`en.ftl`, `ko.ftl`, `es.ftl`). English is
complete; where another language lacked a message, English would stand in. Messages may use these
functions: CAP, a capital at the beginning; END, a stop at the end unless there is one; JOSA, a
Korean particle (`kiosk.words.particles`).
"""

from __future__ import annotations

import logging
from functools import cache
from importlib.resources import files
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

from kiosk.words.marked import plain
from kiosk.words.particles import particle

SOURCE = "en"
LANGUAGES = (SOURCE, "ko", "es")  # BCP 47, in the order in which they are offered
PSEUDO = "ar-XB"  # English turned into letters that run from right to left; never offered
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})
_STOPS = frozenset(".!?…。")
_CLOSERS = "\"'”’»)]"  # what may stand after the stop

_log = logging.getLogger(__name__)


class Words:
    """The words of one language: `words("poem-place", position=1, count=5)`."""

    def __init__(self, language: str, source: str, fallback: Words | None = None) -> None:
        """`source` is in Fluent's syntax."""
        self.language = language
        self._fallback = fallback
        isolating = is_right_to_left(language)  # else a Latin title would turn the sentence round
        functions: dict[str, Any] = {"CAP": _capital, "END": _ended, "JOSA": _josa}
        self._bundle = FluentBundle([language], use_isolating=isolating, functions=functions)
        self._bundle.add_resource(FluentResource(source))

    def __call__(self, message: str, **values: str | int | float) -> str:
        """The words for an id, or for `id.attribute`. Raises KeyError where there are none."""
        name, _, attribute = message.partition(".")
        pattern = None
        if self._bundle.has_message(name):
            found = self._bundle.get_message(name)
            pattern = found.attributes.get(attribute) if attribute else found.value
        if pattern is None:
            if self._fallback is None:
                raise KeyError(message)
            return self._fallback(message, **values)
        text, errors = self._bundle.format_pattern(pattern, values)
        for error in errors:
            _log.warning("the message %s in %s: %s", message, self.language, error)
        return " ".join(str(text).split())

    def has(self, message: str) -> bool:
        """Whether there are words for it."""
        name, _, attribute = message.partition(".")
        if self._bundle.has_message(name):
            found = self._bundle.get_message(name)
            if (attribute in found.attributes) if attribute else (found.value is not None):
                return True
        return self._fallback is not None and self._fallback.has(message)


def words_in(language: str) -> Words:
    """The words for a BCP 47 language; English where there is no catalogue for it."""
    if language == PSEUDO:
        return _load(PSEUDO)
    primary = language.lower().replace("_", "-").split("-", maxsplit=1)[0]
    return _load(primary if primary in LANGUAGES else SOURCE)


def is_right_to_left(language: str) -> bool:
    """Whether it is written from right to left."""
    return language.lower().split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT


def source_of(language: str) -> str:
    """The catalogue's own text."""
    return files("kiosk.words").joinpath(f"{language}.ftl").read_text(encoding="utf-8")


@cache
def _load(language: str) -> Words:
    if language == PSEUDO:
        from kiosk.words.pseudo import mirrored

        return Words(PSEUDO, mirrored(source_of(SOURCE)))
    fallback = None if language == SOURCE else _load(SOURCE)
    return Words(language, source_of(language), fallback)


def _capital(text: Any) -> str:
    words = str(text)
    return words[:1].upper() + words[1:]


def _ended(text: Any) -> str:
    words = str(text)
    if plain(words).rstrip(_CLOSERS)[-1:] in _STOPS:
        return words
    return words.rstrip(",;:") + "."


def _josa(word: Any, form: Any) -> str:
    """`word` may be marked; the particle follows what is read of it."""
    shown = plain(str(word))
    return str(word) + particle(shown, str(form))[len(shown) :]
