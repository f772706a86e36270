"""A query as the model has read it: a picture, words, or both at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuery:
    """A query that the model has read once, to be searched and scored with."""

    vector: Floats  # [dimensions], its dot product with a passage's is their similarity
    length: int = 0  # of words: how many tokens, marks of beginning and end apart
    _tokens: Tensor = field(repr=False, kw_only=True)  # [L, W], as the cross-encoder takes them
    # [L, R, width], as the late interaction does, in so many looks; none for words alone.
    _seen: Tensor | None = field(default=None, repr=False, kw_only=True)
    _looks: float = field(default=0.0, repr=False, kw_only=True)  # what that counts for: 1 is all

    def with_words(self, words: EncodedQuery, told: float, joint: int) -> EncodedQuery:
        """Picture and words as one: (1 - told) of this one's vector and `told` of the words'.

        The first `joint` numbers of the vector are brought to length 1. What the late interaction
        sees counts for the square of the picture's share: a cosine of words says more than one of a
        picture, but what is added to it is on the scale of pictures' (decision 0029).
        """
        share = np.float32(told)
        vector = (1 - share) * self.vector + share * words.vector
        looks = (1.0 - told) ** 2 * self._looks
        length = np.linalg.norm(vector[:joint])
        if length > 0:  # two vectors that point opposite ways have no middle
            vector, looks = vector / length, looks / float(length)
        tokens = torch.cat([self._tokens, words._tokens]) if words._tokens.numel() else self._tokens
        return EncodedQuery(
            vector.astype(np.float32), _tokens=tokens, _seen=self._seen, _looks=looks
        )
