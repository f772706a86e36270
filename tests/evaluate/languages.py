"""Poems in other languages than English: found by their subjects, through their glosses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.evaluation import Pair, evaluate
from tests.evaluate.page import Subject, figures_of, table

TITLE = "Poems in Korean and Spanish"
NEEDS = "it needs nothing but the starter anthology"
LANGUAGES = {"ko": "Korean", "es": "Spanish"}
PAIRS = Path(__file__).resolve().parents[2] / "data" / "language_pairs.py"


def measure(subject: Subject) -> dict[str, Any]:
    """A poem's subjects seek its gloss, and the poem as it stands."""
    return {
        code: {
            "gloss": figures_of(evaluate(subject.encoder, _pairs(code))),
            "text": figures_of(evaluate(subject.encoder, _pairs(code, "--text"))),
        }
        for code in LANGUAGES
    }


def _pairs(*arguments: str) -> list[Pair]:
    told = subprocess.run(
        [sys.executable, str(PAIRS), *arguments], check=True, capture_output=True, text=True
    )
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    return [Pair(row["text"], query=row["query"]) for row in rows]


def tell(figures: Mapping[str, Any]) -> str:
    """The figures in words."""
    rows = []
    for code, found in figures.items():
        name = f"{LANGUAGES[code]}, {found['gloss']['candidates']} poems"
        rows.append((f"{name}: by the gloss", found["gloss"]["vectors"]))
        rows.append((f"{name}: by the poem itself", found["text"]["vectors"]))
    return (
        "A visitor gets poems in the visitor's own language first. The model reads English, so "
        "each such poem carries an English gloss, which is read in its place and never spoken "
        "(decision 0010). A poem's subjects, as its file names them, seek it among those of its "
        f"language.\n\n{table(rows)}"
    )
