"""Words found again: the baseline that knows no meaning (BM25, Robertson et al. 1994).

With k1 and b as usual, the non-negative inverse document frequency of Lucene, and the plurals of
`alternatives.words` taken for singulars. Stop words weigh little of themselves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from engine.data.splitting import normal
from engine.evaluation.alternatives import Floats, singular

K1, B = 1.2, 0.75


class Bm25:
    """Texts, counted once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = [Counter(_terms(text)) for text in texts]
        self._held = Counter(term for counts in self._counts for term in counts)
        lengths = [counts.total() for counts in self._counts]
        mean = sum(lengths) / len(lengths) if lengths else 0.0
        self._norms = [K1 * (1 - B + B * length / (mean or 1.0)) for length in lengths]

    def scores(self, query: str) -> Floats:
        """How well each text [texts] answers the query; 0 where no word is found again."""
        found = np.zeros(len(self._counts))
        for term in dict.fromkeys(_terms(query)):
            held = self._held[term]
            if held:
                rare = math.log(1 + (len(self._counts) - held + 0.5) / (held + 0.5))
                for at, (counts, norm) in enumerate(zip(self._counts, self._norms, strict=True)):
                    often = counts[term]
                    found[at] += rare * often * (K1 + 1) / (often + norm)
        return found


def _terms(text: str) -> list[str]:
    return [singular(word) for word in normal(text).split()]
