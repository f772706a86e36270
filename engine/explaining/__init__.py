"""Why a poem answers a picture: what of both weighed, found by hiding it from the model."""

from __future__ import annotations

from engine.explaining.backgrounds import Background, measure_background
from engine.explaining.checking import Case, Contrast, ReasonFigures, check_reasons
from engine.explaining.concepts import Concept, concepts
from engine.explaining.reasons import Explainer

__all__ = [
    "Background",
    "Case",
    "Concept",
    "Contrast",
    "Explainer",
    "ReasonFigures",
    "check_reasons",
    "concepts",
    "measure_background",
]
