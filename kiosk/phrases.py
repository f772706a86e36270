"""How the kiosk names things: a work as its label does, a poem, a key. Built from the catalogue."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from kiosk.cards import ArtworkCard, Credit, MatchedPoem
from kiosk.licences import recognise
from kiosk.words.catalogue import Words
from kiosk.words.marked import foreign, lettered

ADDRESS = re.compile(r"https?://[^\s<>“”\"]*[^\s<>“”\".,;:!?)]", re.IGNORECASE)
LICENCES_NAMED_IN = "en"  # of those that are known by name


def title_said(artwork: ArtworkCard) -> str:
    """The title, to be spoken in its own language."""
    return foreign(artwork.title, artwork.language)


def label_said(artwork: ArtworkCard, words: Words) -> str:
    """The work as a label names it, in one breath."""
    title = title_said(artwork)
    artist = lettered(artwork.artist, artwork.language, words.language)
    date = lettered(artwork.date, artwork.language, words.language)
    if artist and date:
        return words("label-full", title=title, artist=artist, date=date)
    if artist:
        return words("label-artist", title=title, artist=artist)
    return words("label-date", title=title, date=date) if date else title


def extent(words: Words, *, is_part: bool, whole: bool) -> str:
    """How much of the poem is here, where that needs saying."""
    if not is_part:
        return ""
    return words("extent-whole") if whole else words("extent-part")


def poem_named(poem: MatchedPoem, position: int, count: int, words: Words) -> str:
    """A poem without its lines; `position` counts from 0."""
    return words(
        "poem-named",
        place=words("poem-place", position=position + 1, count=count),
        title=foreign(poem.title, poem.language),
        poet=lettered(poem.poet, poem.language, words.language) or words("unknown-poet"),
    )


def credit_said(credit: Credit, words: Words) -> tuple[str, ...]:
    """Source, licence and rights holder, a sentence each; nothing for what nobody wrote down."""
    told: list[str] = []
    if credit.source:
        told.append(words("credit-source", source=_without_addresses(credit.source)))
    if credit.licence:
        known = recognise(credit.licence)
        name = foreign(known.name, LICENCES_NAMED_IN) if known else None
        licence = name or _without_addresses(credit.licence)
        told.append(words("credit-licence", licence=licence))
    if credit.rights_holder:
        told.append(words("credit-holder", holder=_without_addresses(credit.rights_holder)))
    return tuple(told)


def _without_addresses(text: str) -> str:
    """Of each address on the web only the house that it is in: nobody can listen to the rest."""
    return ADDRESS.sub(_house, text)


def _house(address: re.Match[str]) -> str:
    try:
        return (urlsplit(address[0]).hostname or "").removeprefix("www.")
    except ValueError:  # brackets that close nothing
        return ""
