"""The hold-out: 80/20 by seed, and a text that occurs with several pictures on one side only.

The paper draws its fifth at random from the pairs (Section 4.1). MultiM-Poem has poems with
several pictures, so such a draw puts the answer to a test question among the training texts. Here
whole groups are drawn: pairs that share a text, however it is spelled, or a picture.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Hashable, Sequence

from engine.data.pairs import PoemPair, Split

TEST_SHARE = 0.2
_NO_LETTER = re.compile(r"[^\w]+", re.UNICODE)


def normal(text: str) -> str:
    """What two printings of one poem have in common: their letters and figures, in order."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NO_LETTER.sub(" ", plain).replace("_", " ").strip()


def draw_split(pairs: Sequence[PoemPair], seed: int, test_share: float = TEST_SHARE) -> Split:
    """The same pairs and seed give the same split, whatever order the pairs come in.

    `test_share` of the pairs, to the nearest group, is held out. Raises ValueError for a share
    that is not between 0 and 1.
    """
    if not 0.0 <= test_share <= 1.0:
        raise ValueError(f"a share of {test_share} cannot be held out")
    groups = sorted(sorted(group) for group in _groups(pairs))
    random.Random(seed).shuffle(groups)  # noqa: S311 - a draw, not a secret
    wanted = round(len(pairs) * test_share)
    test: list[str] = []
    train: list[str] = []
    for group in groups:
        # A group that would overshoot goes to training; later, smaller ones may still fit.
        (test if len(test) + len(group) <= wanted else train).extend(group)
    return Split(seed, tuple(sorted(train)), tuple(sorted(test)))


def _groups(pairs: Sequence[PoemPair]) -> list[list[str]]:
    """Ids of pairs that hang together, directly or through others (union-find)."""
    leader: dict[Hashable, Hashable] = {}

    def find(one: Hashable) -> Hashable:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]  # halve the path, so that the next walk is shorter
            one = leader[one]
        return one

    for pair in pairs:
        own = ("pair", pair.id)
        letters = normal(pair.text)
        # A text without a letter (a row of dots) is like no other.
        for trait in (("text", letters) if letters else own, ("image", str(pair.image))):
            leader[find(trait)] = find(own)
    groups: dict[Hashable, list[str]] = {}
    for pair in pairs:
        groups.setdefault(find(("pair", pair.id)), []).append(pair.id)
    return list(groups.values())
