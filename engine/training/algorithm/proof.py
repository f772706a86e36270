"""What a tiny training must have shown, or it says what it did not and fails.

    python -m engine.training.algorithm.proof PAIRS RUN CLIP [--supervised RUN]

1. The warm-up left both towers as they were, bit for bit, and the fine-tuning moved them.
2. On the hold-out, the cross-encoder finds a picture's poem far more often than the bi-encoder of
   the same bundle, in the first place among all candidates; and that bi-encoder has been trained,
   too: it is far from chance.
3. With `--supervised RUN`, the same against CLIP that was trained for ranking alone.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from engine.bundles import read_bundle
from engine.evaluation.ranking import Evaluation, Pair, evaluate
from engine.evaluation.running import held_out
from engine.loading import load_encoder
from engine.training.algorithm.recipe import WeightsRecipe
from engine.training.algorithm.stage import best_file
from engine.training.algorithm.starting import LOCAL, read_clip
from engine.training.algorithm.state import TOWERS

MARGIN = 2.5  # the cross-encoder is right in the first place so many times as often
LEARNED = 10.0  # a bi-encoder that beats chance so many times has learned something to be beaten


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


def ranking_claims(pairs: Path, run: Path, supervised: Path | None = None) -> list[Claim]:
    """The cross-encoder against bi-encoders that have learned, over the whole hold-out.

    The first is that of its own bundle; the second, where it is given, is CLIP trained for nothing
    but ranking, on the same pairs.
    """
    asked = [Pair(pair.text, image=pair.image) for pair in held_out(pairs)]
    found = _measured(run, asked)
    crossed = found.reranked["R@1"]
    rivals = {"its own bi-encoder": found.bi_encoder["R@1"]}
    if supervised is not None:
        rivals["CLIP, fully supervised,"] = _measured(supervised, asked).bi_encoder["R@1"]
    chance = 100.0 / found.candidates
    claims = []
    for rival, right in rivals.items():
        claims += [
            Claim(
                f"{rival} has learned: {right:.1f} % first among {found.candidates}, "
                f"{chance:.1f} % by chance",
                right >= LEARNED * chance,
            ),
            Claim(
                f"the cross-encoder beats it by far: {crossed:.1f} %",
                crossed >= MARGIN * max(right, chance),
            ),
        ]
    return claims


def _measured(run: Path, asked: list[Pair]) -> Evaluation:
    encoder = load_encoder(read_bundle(run / "bundle"))
    return evaluate(encoder, asked, ks=(1,), rerank=len(asked))


def main() -> int:
    """Print each claim; 1 where one does not hold."""
    parser = argparse.ArgumentParser(description="Prove a tiny training.")
    for name in ("pairs", "run", "clip"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--supervised", type=Path, help="the run of CLIP, fully supervised")
    options = parser.parse_args()
    claims = [
        *towers_claims(options.run, options.clip),
        *ranking_claims(options.pairs, options.run, options.supervised),
    ]
    for claim in claims:
        print(f"  {'ok' if claim.holds else 'NO':<3} {claim.sentence}")
    return 0 if all(claim.holds for claim in claims) else 1


if __name__ == "__main__":
    sys.exit(main())
