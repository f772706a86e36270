"""Picture alone, photographs: picture to caption."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.evaluation import Pair, evaluate
from engine.training.data import read_captions, read_pictures
from engine.training.reading import CAPTIONS, PICTURES
from tests.evaluate.page import Subject, figures_of, table

TITLE = "Picture alone: photographs"
NEEDS = f"it needs {CAPTIONS} and {PICTURES} in DATA"


def measure(subject: Subject) -> dict[str, Any] | None:
    """1,000 photographs that no training saw seek the first of their captions."""
    captions, pictures = subject.file(CAPTIONS), subject.file(PICTURES)
    if captions is None or pictures is None:
        return None
    held_out = read_captions(captions).held_out
    with tempfile.TemporaryDirectory() as folder:
        pairs = []
        for name, picture in read_pictures(pictures):
            if name in held_out:
                path = (Path(folder) / name).with_suffix(".png")
                picture.save(path, compress_level=1)
                pairs.append(Pair(held_out[name][0], image=path))
        return figures_of(evaluate(subject.encoder, pairs))


def tell(figures: Mapping[str, Any]) -> str:
    """The figures in words."""
    rows = [("by vectors", figures["vectors"]), ("the best 50 read closely", figures["reranked"])]
    gained = figures["reranked"]["R@1"] - figures["vectors"]["R@1"]
    return (
        f"{figures['pairs']:,} photographs of Flickr8k, each seeking one caption among "
        f"{figures['candidates']:,}. Aims: R@1 25, R@10 70, and 4 more of R@1 by "
        "reading closely.\n\n"
        f"{table(rows)}\nReading closely changes R@1 by {gained:+.1f}. One thousand questions know "
        "a share of a quarter to within 2.7 points either way.\n"
    )
