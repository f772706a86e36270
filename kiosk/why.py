"""Why each poem of an answer was chosen: the engine's reasons, as far as they hold for a visitor.

A poem may be read by the model through its gloss (`kiosk.own_language`). Then no line of the gloss
is a line of the poem, and none is named. Light and colours are claimed only where the picture's own
pixels show them (`kiosk.colours`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine import Match, Query
from engine.bundles import Bundle
from kiosk.cards import MatchedPoem
from kiosk.colours import Impression, look_at
from kiosk.config import Settings
from kiosk.fit import kept_beside
from kiosk.own_language import ReadByModel

if TYPE_CHECKING:
    from engine.explaining import Background, Explainer
    from kiosk.store.poems import PoemRepository

# A colour's name, without its shade -> what a poem may share with it. A blue green is neither, and
# ochre is no gold.
SHARED_COLOURS = {
    "black": ("black",),
    "blue": ("blue",),
    "brown": ("brown",),
    "green": ("green",),
    "grey": ("grey",),
    "pink": ("pink",),
    "red": ("red",),
    "violet": ("violet",),
    "white": ("white",),
    "yellow": ("yellow", "gold"),
}
SHARED_LIGHT = {"dark": "darkness", "bright": "light"}


def with_reasons(
    explainer: Explainer, poems: PoemRepository, query: Query, matches: Sequence[MatchedPoem]
) -> tuple[MatchedPoem, ...]:
    """The matches, each with its reason. Raises `StoreError` where a poem is gone meanwhile."""
    passages = poems.passages([one.passage_id for one in matches])
    read = ReadByModel(poems).read(passages)
    seen = () if query.picture is None else colours_seen(look_at(query.picture))
    found = explainer.explain(query, [passage.text for passage in read], seen=seen)
    return tuple(
        replace(one, reason=reason if own.text == other.text else replace(reason, line=None))
        for one, reason, own, other in zip(matches, found, passages, read, strict=True)
    )


def colours_seen(seen: Impression) -> frozenset[str]:
    """What a poem may share of a picture's colours and light."""
    keys: set[str] = set()
    for name in (*seen.main, *seen.touches):
        plain = name.removeprefix("dark-").removeprefix("pale-")
        keys.update(SHARED_COLOURS.get(plain, ()))
    if seen.light in SHARED_LIGHT:
        keys.add(SHARED_LIGHT[seen.light])
    return frozenset(keys)


def match_of(poem: MatchedPoem) -> Match:
    """The match that a poem came with."""
    return Match(poem.rank, poem.poem_id, poem.passage_id, poem.score, poem.similarity)


def load_background(settings: Settings, bundle: Bundle) -> Background:
    """What pictures in general carry, as measured for this bundle; nothing where nobody has."""
    from engine.explaining import Background

    try:
        return Background.of_json(kept_beside(settings, bundle)["subjects"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Background()
