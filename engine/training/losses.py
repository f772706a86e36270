"""The two losses, one for the bi-encoder, one for the cross-encoder; and how numbers are fitted."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional


def multiple_negatives(
    queries: Tensor, passages: Tensor, scale: Tensor | float, same: Tensor | None = None
) -> Tensor:
    """Multiple-negatives ranking loss (Section 4.3), both ways.

    Unit vectors [B, d]; row i of one belongs to row i of the other and every other row is a
    negative, save where `same` [B, B] is true: two pictures with one caption are no mistake.
    `scale` multiplies the cosines.
    """
    logits = scale * queries @ passages.T
    if same is not None:
        itself = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
        logits = logits.masked_fill(same & ~itself, float("-inf"))
    right = torch.arange(len(logits), device=logits.device)
    one_way = functional.cross_entropy(logits, right)
    other_way = functional.cross_entropy(logits.T, right)
    return (one_way + other_way) / 2


def one_positive(logits: Tensor) -> Tensor:
    """Binary cross-entropy (Algorithm 1) over [B, 1 + n]: column 0 is right, the rest wrong.

    The positive weighs as much as its negatives together, so that scores do not sink to the
    base rate of one in 1 + n.
    """
    labels = torch.zeros_like(logits)
    labels[:, 0] = 1.0
    each = functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    return (each[:, 0] + each[:, 1:].mean(dim=1)).mean() / 2


def ranked_first(logits: Tensor) -> Tensor:
    """Cross-entropy over [B, 1 + n]: the right one in column 0 before the wrong ones."""
    target = torch.zeros(len(logits), dtype=torch.long, device=logits.device)
    return functional.cross_entropy(logits, target)


def minimise(loss: Callable[[], Tensor], numbers: nn.Parameter) -> None:
    """Find the few numbers, in place, that make a convex loss least."""
    optimiser = torch.optim.LBFGS([numbers], max_iter=200, line_search_fn="strong_wolfe")

    def step() -> float:
        optimiser.zero_grad()
        value = loss()
        value.backward()  # type: ignore[no-untyped-call]
        return value.item()

    optimiser.step(step)  # type: ignore[no-untyped-call]
