"""Text in which words of another language are marked, so that each is spoken by its own voice.

A French title within an English sentence is one string here: `foreign("La Mer", "fr")` inside a
message. What is shown is `plain`, what is spoken are the `runs`.
"""

from __future__ import annotations

import re
import unicodedata

_BEGIN, _MIDDLE, _END = "\ue000", "\ue001", "\ue002"  # private use: no text of ours contains them
_SIGNS = dict.fromkeys(map(ord, _BEGIN + _MIDDLE + _END))
_FOREIGN = re.compile(f"{_BEGIN}([^{_MIDDLE}]*){_MIDDLE}([^{_END}]*){_END}")
_LEADING = re.compile(r"[\s,.;:!?…)\]»”]*")

_NOT_LATIN = frozenset({"ar", "el", "fa", "he", "hi", "ja", "ko", "ru", "th", "uk", "ur", "zh"})


def foreign(text: str, language: str) -> str:
    """`text`, marked as being in `language` (BCP 47)."""
    text = text.translate(_SIGNS)
    return f"{_BEGIN}{language}{_MIDDLE}{text}{_END}" if text.strip() else text


def lettered(text: str, language: str, among: str) -> str:
    """A name or a date: marked where its letters are not those of the sentence around it.

    `language` is that of the work it belongs to, `among` that of the sentence.
    """
    signs = [sign for sign in text if sign.isalpha()]
    latin = all(unicodedata.name(sign, "").startswith("LATIN") for sign in signs)
    sentence_is_latin = among.lower().split("-", maxsplit=1)[0] not in _NOT_LATIN
    return foreign(text, language) if signs and latin != sentence_is_latin else text


def plain(marked: str) -> str:
    """The text as it is shown."""
    return _FOREIGN.sub(r"\2", marked).translate(_SIGNS)


def runs(marked: str, language: str) -> list[tuple[str, str]]:
    """(text, language) in order; what is not marked is in `language`.

    Neighbours in the same language are one run. A stop after a foreign word goes with it, so that
    no run is without a word.
    """
    if not _FOREIGN.search(marked):
        return [(marked, language)] if marked else []
    found: list[tuple[str, str]] = []
    at = 0
    for match in _FOREIGN.finditer(marked):
        _add(found, marked[at : match.start()], language)
        _add(found, match.group(2), match.group(1))
        at = match.end()
    _add(found, marked[at:], language)
    return [(" ".join(text.split()), code) for text, code in found if text.strip()]


def _add(found: list[tuple[str, str]], text: str, language: str) -> None:
    text = text.translate(_SIGNS)
    if found and found[-1][1] == language:
        found[-1] = (found[-1][0] + text, language)
        return
    if found and found[-1][0].strip():
        stops = _LEADING.match(text)
        lead = stops.group() if stops else ""
        found[-1] = (found[-1][0] + lead, found[-1][1])
        text = text[len(lead) :]
    if text.strip():
        found.append((text, language))
