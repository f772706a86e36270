"""A picture's colours and light, in the visitor's language."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list

from kiosk.colours import Impression
from kiosk.words.catalogue import PSEUDO, SOURCE, Words

UNSAID = {"light": "medium", "contrast": "moderate"}  # what is as one expects


def colours_said(seen: Impression, words: Words) -> str:
    """A few sentences, the colours first."""
    colours, touches = _listed(seen.main, words), _listed(seen.touches, words)
    if touches:
        told = [words("colours-mostly-with", colours=colours, touches=touches)]
    else:
        told = [words("colours-mostly", colours=colours)]
    told.append(words(f"warmth-{seen.warmth or 'none'}"))
    if seen.light != UNSAID["light"]:
        told.append(words(f"light-{seen.light}"))
    if seen.contrast != UNSAID["contrast"]:
        told.append(words(f"tones-{seen.contrast}"))
    if seen.lightest:
        told.append(words(f"lightest-{seen.lightest}"))
    return " ".join(told)


def _listed(names: Sequence[str], words: Words) -> str:
    said = [words(f"colour-{name}") for name in names]
    locale = SOURCE if words.language == PSEUDO else words.language
    return format_list(said, locale=locale) if said else ""
