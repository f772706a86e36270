"""Retrieval figures: R@K, mean and median rank. numpy only, so that any room may use it.

Ties count against us: a target that shares its score with others is placed after all of them, so
that a model which gives every text the same score earns the last place and not the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ranks = npt.NDArray[np.int64]


def ranks_from_scores(scores: npt.ArrayLike, target: npt.ArrayLike) -> Ranks:
    """The rank of each query's right answer, 1 being the best.

    `scores` is [queries, candidates], larger is better; `target` is [queries], the column of the
    right answer. A score that is not a number counts as the worst there is. Raises ValueError
    where the shapes do not agree or a target is no column.
    """
    table = np.array(scores, dtype=np.float64)
    columns = np.array(target, dtype=np.int64)
    if table.ndim != 2 or columns.shape != table.shape[:1]:
        raise ValueError(f"scores {table.shape} and target {columns.shape} do not belong together")
    if columns.size and (columns.min() < 0 or columns.max() >= table.shape[1]):
        raise ValueError(f"a target lies outside the {table.shape[1]} candidates")
    table[np.isnan(table)] = -np.inf
    own = table[np.arange(len(columns)), columns]
    # "At least as good" counts the target itself once, which makes the best possible rank 1.
    ranks: Ranks = np.count_nonzero(table >= own[:, None], axis=1).astype(np.int64)
    return ranks


def retrieval_metrics(ranks: npt.ArrayLike, ks: Sequence[int]) -> dict[str, float]:
    """`{"R@1": percent, ..., "mean_rank": ..., "median_rank": ...}` of ranks [queries].

    Raises ValueError where there is no rank to average.
    """
    places = np.asarray(ranks, dtype=np.int64)
    if places.ndim != 1 or places.size == 0:
        raise ValueError("there are no ranks to measure")
    figures = {f"R@{k}": float(np.mean(places <= k) * 100.0) for k in ks}
    figures["mean_rank"] = float(np.mean(places))
    figures["median_rank"] = float(np.median(places))
    return figures
