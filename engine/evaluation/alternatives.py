"""What the paper discusses instead of a joint space, for the record: three simple ways.

- A caption of the picture, and the texts nearest to it (where the pairs have captions).
- Objects recognised in the picture, looked up as words in the texts: the bundle's own towers name
  the five of ImageNet's 1,000 classes that are nearest; a text counts each word of a name that it
  holds, rare words more (inverse document frequency), weighed by how sure the towers are.
- The feeling of the picture against that of the text: the towers say whether the picture lies
  nearer to a glad or to a sad sentence; a word list says it of the text; the nearest wins.

Each gives a matrix of similarities that is ranked as all others are, ties counted against it.
They are baselines of an afternoon, and not the best of their kind.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.splitting import normal
from engine.evaluation.feelings import GLAD, SAD
from engine.evaluation.published import Method
from engine.evaluation.ranking import Pair, Scored, candidates
from engine.picture import load_picture
from engine.types import QueryEncoder

CAPTION = Method("caption", "Caption, then text similarity", -1, "")
KEYWORDS = Method("keywords", "Keywords of recognised objects", -1, "")
SENTIMENT = Method("sentiment", "Sentiment match", -1, "")
OBJECTS = 5
SHARPNESS = 100.0  # as CLIP's own temperature: cosines differ by hundredths
GLAD_SCENE = "a bright, joyful and peaceful scene, full of warmth"
SAD_SCENE = "a dark, sorrowful and frightening scene, full of loss"
Floats = NDArray[np.float64]


def picture_vectors(encoder: QueryEncoder, pairs: Sequence[Pair]) -> Floats:
    """Vectors [pairs, d] of the pairs' pictures."""
    known: dict[Any, Any] = {}
    for pair in pairs:
        if pair.image is None:
            raise ValueError("these baselines ask with pictures")
        if pair.image not in known:
            known[pair.image] = encoder.picture(load_picture(pair.image)).vector
    return np.array([known[pair.image] for pair in pairs], dtype=np.float64)


def by_caption(encoder: QueryEncoder, pairs: Sequence[Pair], captions: Sequence[str]) -> Scored:
    """Texts by their similarity to the picture's caption, text against text."""
    texts, target = candidates([pair.text for pair in pairs])
    similarities = encoder.passages(captions) @ encoder.passages(texts).T
    return _only(similarities.astype(np.float64), target)


def by_keywords(
    encoder: QueryEncoder, pairs: Sequence[Pair], pictures: Floats, names: Sequence[str]
) -> Scored:
    """Texts by the names of recognised objects that they hold."""
    texts, target = candidates([pair.text for pair in pairs])
    shown = encoder.passages([f"a photograph of a {name}" for name in names])
    near = pictures @ shown.T.astype(np.float64)
    held = [words(text) for text in texts]
    often = Counter(word for one in held for word in one)
    scores = np.zeros((len(pairs), len(texts)))
    for row, nearness in enumerate(near):
        top = np.argsort(-nearness)[:OBJECTS]
        sure = np.exp(SHARPNESS * (nearness[top] - nearness[top].max()))
        for place, share in zip(top, sure / sure.sum(), strict=True):
            for word in words(names[place]):
                for column, one in enumerate(held):
                    if word in one:
                        scores[row, column] += share * math.log(1 + len(texts) / often[word])
    return _only(scores, target)


def by_sentiment(encoder: QueryEncoder, pairs: Sequence[Pair], pictures: Floats) -> Scored:
    """Texts by how near their feeling is to the picture's, each in spreads from its own mean."""
    texts, target = candidates([pair.text for pair in pairs])
    glad, sad = encoder.passages([GLAD_SCENE, SAD_SCENE]).astype(np.float64)
    seen = _spread(pictures @ (glad - sad))
    read = _spread(np.array([feeling(text) for text in texts], dtype=np.float64))
    return _only(-np.abs(seen[:, None] - read[None, :]), target)


def feeling(text: str) -> float:
    """Glad minus sad words, as a share of those that are either; 0 where there are none."""
    found = normal(text).split()
    glad = sum(word in GLAD for word in found)
    sad = sum(word in SAD for word in found)
    return (glad - sad) / (glad + sad) if glad + sad else 0.0


def words(text: str) -> frozenset[str]:
    """A text's words, plurals taken for singulars as far as a rule of thumb does."""
    return frozenset(singular(word) for word in normal(text).split() if len(word) > 2)


def singular(word: str) -> str:
    """A plural without its ending, as far as a rule of thumb goes."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return re.sub(r"(?<=[^s])s$|(?<=sh|ch)es$|(?<=x)es$", "", word)


def object_names() -> list[str]:
    """The names of ImageNet's 1,000 classes, the first of each."""
    from engine.model.torchvision_shim import prepare_torchvision

    prepare_torchvision()
    from timm.data.imagenet_info import ImageNetInfo

    known = ImageNetInfo()
    return [known.index_to_description(at).split(",")[0] for at in range(1000)]


def _spread(values: Floats) -> Floats:
    middle: Floats = values - values.mean()
    width = float(values.std())
    return middle / width if width > 0 else middle


def _only(similarities: Floats, target: NDArray[np.int64]) -> Scored:
    return Scored(similarities, np.full_like(similarities, np.nan), target)
