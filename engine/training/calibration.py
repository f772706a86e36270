"""How much words weigh beside a picture, worked out instead of guessed.

    python -m engine.training.calibration --data DATA --bundle BUNDLE

Pictures that no training saw stand in for works with words about them. They are made painterly,
since a gallery hangs paintings, of which the model sees less than of a photograph. What is known of
the work is half of the words of a caption, drawn at random, or one, two, three or four captions, or
a title that says nothing. What is to be found is a poem: the one among training poems that lies
nearest to the fifth caption, for whoever wrote that has seen the picture. (Where the fifth caption
itself is to be found, pictures weigh more than they are good for, since captions are what they
were brought near to.) The words' share grows with their length (`WordsWeight`), and its two numbers
are those that find the poem best over all six.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine.bundles import find_bundle
from engine.model.encoder import Encoder, load_encoder
from engine.model.queries import EncodedQuery
from engine.model.weighing import WordsWeight
from engine.training.data import read_captions, read_pictures, read_poems
from engine.training.metrics import ranks_from_scores
from engine.training.painterly import painterly
from engine.training.reading import CAPTIONS, PICTURES, POEMS

MOST = tuple(round(0.05 * step, 2) for step in range(21))
HALF = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)  # tokens
KNOWN = 5  # lengths of what is known of a work: half a caption, and one to four
SILENT = ("Plate 12", "Composition", "Figure 5", "Opus 7", "Work in progress")  # say nothing
POEMS_SOUGHT = 1500


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture as it is seen, and at least five sentences about it."""

    picture: Image.Image
    captions: Sequence[str]


def validation_scenes(data: Path, *, seed: int) -> list[Scene]:
    """The validation pictures of the data folder, each made painterly once."""
    captions = read_captions(data / CAPTIONS).validation
    rng = random.Random(seed)  # noqa: S311 - a draw, not a secret
    return [
        Scene(painterly(picture, rng), captions[name])
        for name, picture in read_pictures(data / PICTURES)
        if name in captions
    ]


def sought_poems(data: Path, *, seed: int) -> list[str]:
    """Training poems of the data folder, at most `POEMS_SOUGHT`, drawn by seed."""
    poems = sorted({pair.poem for pair in read_poems(data / POEMS).train})
    random.Random(seed).shuffle(poems)  # noqa: S311 - a draw, not a secret
    return poems[:POEMS_SOUGHT]


def words_calibration(
    encoder: Encoder, scenes: Sequence[Scene], poems: Sequence[str], *, seed: int
) -> dict[str, float]:
    """`words_weight` and `words_half`, as a bundle's manifest carries them."""
    found = share_figures(encoder, scenes, poems, seed=seed)
    best = max(found, key=lambda weight: found[weight])
    return {"words_weight": best.most, "words_half": best.half}


def share_figures(
    encoder: Encoder, scenes: Sequence[Scene], poems: Sequence[str], *, seed: int
) -> dict[WordsWeight, float]:
    """Each weighing with its mean reciprocal rank, over the scenes and what is known of them."""
    rng = random.Random(seed)  # noqa: S311 - a draw, not a secret
    pictures = np.stack([encoder.picture(scene.picture).vector for scene in scenes])
    answers = encoder.passages(poems)
    seen = pictures @ answers.T
    fifth = np.stack([encoder.words(scene.captions[-1]).vector for scene in scenes])
    target = (fifth @ answers.T).argmax(axis=1)
    said = [
        [encoder.words(_known(scene.captions, length, rng)) for scene in scenes]
        for length in range(KNOWN)
    ]
    said.append([encoder.words(SILENT[at % len(SILENT)]) for at in range(len(scenes))])
    told = [np.stack([one.vector for one in each]) @ answers.T for each in said]

    def figure(weight: WordsWeight) -> float:
        # The mixture's own length is the same for every candidate, so it changes no rank.
        return float(
            np.mean(
                [
                    np.mean(1.0 / ranks_from_scores(_mixed(weight, each, seen, cosines), target))
                    for each, cosines in zip(said, told, strict=True)
                ]
            )
        )

    weights = [WordsWeight(most, half) for most in MOST for half in HALF]
    return {weight: figure(weight) for weight in weights}


def _mixed(
    weight: WordsWeight, said: Sequence[EncodedQuery], seen: np.ndarray, told: np.ndarray
) -> np.ndarray:
    share = np.array([weight.share(one.length) for one in said])[:, None]
    mixed: np.ndarray = (1 - share) * seen + share * told
    return mixed


def _known(captions: Sequence[str], length: int, rng: random.Random) -> str:
    if length:
        return " ".join(captions[:length])
    words = captions[0].split()
    kept = sorted(rng.sample(range(len(words)), max(1, len(words) // 2)))
    return " ".join(words[at] for at in kept)


def main() -> None:
    """Read the arguments, weigh, and print what the manifest should carry."""
    parser = argparse.ArgumentParser(description="Weigh words against the picture for a bundle.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True, help="an installed bundle's folder")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    bundle = find_bundle(options.bundle.parent, options.bundle.name)
    encoder = load_encoder(bundle.folder, dict(bundle.manifest))
    scenes = validation_scenes(options.data, seed=options.seed)
    poems = sought_poems(options.data, seed=options.seed)
    found = share_figures(encoder, scenes, poems, seed=options.seed)
    for weight, figure in sorted(found.items(), key=lambda one: -one[1])[:10]:
        print(f"words_weight {weight.most:.2f}, words_half {weight.half:4.1f}: {figure:.4f}")
    print(words_calibration(encoder, scenes, poems, seed=options.seed))


if __name__ == "__main__":
    main()
