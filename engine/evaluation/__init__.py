"""How well a bundle finds the text that belongs to a picture, and the paper's two tables of it."""

from __future__ import annotations

from engine.evaluation.ranking import Evaluation, Pair, evaluate

__all__ = ["Evaluation", "Pair", "evaluate"]
