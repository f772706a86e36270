"""What a tiny training must have shown, or it says what it did not and fails.

    python -m engine.training.algorithm.proof PAIRS RUN CLIP

1. The warm-up left both towers as they were, bit for bit, and the fine-tuning moved them.
2. On the hold-out, the cross-encoder finds a picture's poem far more often than the bi-encoder of
   the same bundle, in the first place among all candidates.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from engine.bundles import read_bundle
from engine.evaluation.ranking import Pair, evaluate
from engine.evaluation.running import held_out
from engine.loading import load_encoder
from engine.training.algorithm.recipe import WeightsRecipe
from engine.training.algorithm.stage import best_file
from engine.training.algorithm.starting import LOCAL, read_clip
from engine.training.algorithm.state import TOWERS

MARGIN = 3.0  # so many times as often in the first place


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that must be true, and what was found."""

    sentence: str
    holds: bool


def towers_claims(run: Path, clip: Path) -> list[Claim]:
    """Towers before and after each stage, by their bits."""
    begun = _named(read_clip(WeightsRecipe(clip=f"{LOCAL}{clip}"))[1])
    warm, fine = (load_file(best_file(run, stage)) for stage in ("warm-up", "fine-tune"))
    written = [name for name in warm if name.startswith(TOWERS)]
    # The weights that a tower was given and did not write again are those it still has.
    same = all(torch.equal(warm[name], begun[name]) for name in written)
    learns = [name for name in begun if "logit_scale" not in name]
    moved = [name for name in learns if not torch.equal(fine[name], begun[name])]
    return [
        Claim("the warm-up left the towers bit for bit as they were", same),
        Claim(
            f"the fine-tuning moved {len(moved)} of the towers' {len(learns)} tensors",
            len(moved) > 0.9 * len(learns),
        ),
    ]


def _named(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {
        f"image_tower.net.{name.removeprefix('visual.')}"
        if name.startswith("visual.")
        else f"text_tower.net.{name}": value
        for name, value in weights.items()
    }


def ranking_claim(pairs: Path, run: Path) -> Claim:
    """The cross-encoder against its own bi-encoder, over the whole hold-out."""
    bundle = read_bundle(run / "bundle")
    asked = [Pair(pair.text, image=pair.image) for pair in held_out(pairs)]
    found = evaluate(load_encoder(bundle), asked, ks=(1, 5, 20), rerank=len(asked))
    own, crossed = found.bi_encoder["R@1"], found.reranked["R@1"]
    return Claim(
        f"first among {found.candidates}: cross-encoder {crossed:.1f} %, its own bi-encoder "
        f"{own:.1f} %",
        crossed >= MARGIN * max(own, 100.0 / found.candidates),
    )


def main() -> int:
    """Print each claim; 1 where one does not hold."""
    parser = argparse.ArgumentParser(description="Prove a tiny training.")
    for name in ("pairs", "run", "clip"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    claims = [*towers_claims(options.run, options.clip), ranking_claim(options.pairs, options.run)]
    for claim in claims:
        print(f"  {'ok' if claim.holds else 'NO':<3} {claim.sentence}")
    return 0 if all(claim.holds for claim in claims) else 1


if __name__ == "__main__":
    sys.exit(main())
