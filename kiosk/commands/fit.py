"""`ekphrasis fit`: from which score on a poem fits, measured on the works of this kiosk.

Pictures that show nothing (noise, even walls, gradients, stripes, colour patches; drawn with a
seed) are matched beside the collection's own works: once by the picture alone, once with words,
the works' own and such as stand on labels in any house. Printed is the score that nearly all works
reach, and how often each side is on the wrong side of it; also from where on a subject may be named
from a picture alone (`engine.explaining.backgrounds`). With `--keep` it is put beside the
bundle's model card, for this very bundle.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kiosk.config import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.pipeline import Engine

SIDE = 320  # px; of the pictures that show nothing
MAY_BE_REFUSED = 0.05  # of the works: to be told of a good poem that it fits badly is worse
SAYS_SOMETHING = 0.6  # of 0.5 for a coin and 1 for certainty: from here on a score is gone by
EACH = 4  # of every kind
SEED = 20221108
UNRELATED = (  # of what stands on labels in any house, and in no poem
    "Fire extinguisher, inspected in March.",
    "Cable duct 14, closed for maintenance.",
    "Please scan your ticket at the gate.",
    "Error 0x80 while installing the printer driver.",
    "Invoice 4711, due within thirty days.",
    "Size 42, sixty per cent cotton.",
    "Serial number AX-2231, 230 volts, 50 hertz.",
    "Push bar to open; alarm will sound.",
)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("fit", help="measure from which score on a poem fits")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", action="store_true", help="use the figures from now on")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Match both kinds, print the two thresholds. Raises `KnownError`."""
    from engine import Query, find_bundle
    from engine.explaining import measure_background
    from engine.picture import load_picture
    from kiosk.fit import keep_fit
    from kiosk.matching import MatchService, words_of
    from kiosk.progress import Told
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store, Told() as told:
        service = MatchService(settings, store)
        engine = service.load(told)
        works = [
            (load_picture(path), words_of(work))
            for work in store.artworks.list()
            if (path := store.picture_path(work)) is not None
        ]
        empty = list(pictures_of_nothing())
        nothing = [(image, UNRELATED[at % len(UNRELATED)]) for at, image in enumerate(empty)]
        asked = [Query(image) for image, _ in (*works, *nothing)]
        asked += [Query(image, words) for image, words in (*works, *nothing)]
        scores = []
        for done, query in enumerate(asked, start=1):
            scores.append(best_score(engine, query))
            told("matching", done, len(asked))
        background, named = measure_background(
            engine.encoder, [(engine.encode(Query(image)).vector, words) for image, words in works]
        )
    half, shown = len(asked) // 2, len(works)
    found = {
        "picture": figures_of(scores[:shown], scores[shown:half]),
        "words": figures_of(scores[half : half + shown], scores[half + shown :]),
    }
    if args.keep:
        bundle = find_bundle(settings.bundles_dir, settings.bundle)
        keep_fit(settings, bundle, found, {**background.to_json(), "measured": named})
    if args.json:
        print(json.dumps({**found, "subjects": {"threshold": background.threshold, **named}}))
    else:
        for name, figures in found.items():
            print(
                f"{name:<8} {figures['threshold']:.3f}: {figures['refused']:.0%} of the works fall "
                f"below it, {figures['passed']:.0%} of the pictures of nothing reach it; a work "
                f"scores higher than a picture of nothing {figures['told_apart']:.0%} of the time."
            )
        least = background.threshold
        told_of = "none" if least is None else f"{least:.3f}"
        print(
            f"subjects {told_of}: of the {named['named']:.0f} that pictures alone carry most, "
            f"{named['right']:.0%} are in what people wrote about the pictures."
        )
    return 0


def best_score(engine: Engine, query: Any) -> float:
    """The highest score among the poems that would be offered."""
    return max((match.score for match in engine.match(query).matches), default=0.0)


def figures_of(works: Sequence[float], nothing: Sequence[float]) -> dict[str, float]:
    """The highest threshold that at most `MAY_BE_REFUSED` of the works fall below, and its errors.

    0 where works and pictures of nothing cannot be told apart by their scores.

    `refused`: the share of `works` below it; `passed`: the share of `nothing` at or above it;
    `told_apart`: how often a work scores higher than a picture of nothing, 0.5 for a coin.
    """
    own, other = np.sort(works), np.asarray(nothing)
    spared = int(MAY_BE_REFUSED * len(own))  # works that may fall below
    below = own[spared - 1] if spared else 0.0
    higher = (own[:, None] > other[None]) + 0.5 * (own[:, None] == other[None])
    told_apart = float(np.mean(higher))
    threshold = 0.0  # better none than one that would only refuse works
    if told_apart >= SAYS_SOMETHING:
        threshold = round((float(below) + float(own[spared])) / 2, 3)
    return {
        "threshold": threshold,
        "refused": round(float(np.mean(own < threshold)), 3),
        "passed": round(float(np.mean(other >= threshold)), 3),
        "told_apart": round(told_apart, 3),
    }


def pictures_of_nothing() -> Iterator[Image]:
    """`EACH` of each kind; the same on every machine."""
    from PIL import Image, ImageFilter

    draw = np.random.default_rng(SEED)

    def colour() -> tuple[int, int, int]:
        red, green, blue = draw.integers(20, 235, 3).tolist()
        return red, green, blue

    def noise() -> Image.Image:
        return Image.fromarray(draw.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8))

    for _ in range(EACH):
        yield noise()
        yield noise().filter(ImageFilter.GaussianBlur(3))
        yield noise().filter(ImageFilter.GaussianBlur(18))
        yield Image.new("RGB", (SIDE, SIDE), colour())
        ramp = Image.linear_gradient("L").resize((SIDE, SIDE)).rotate(int(draw.integers(0, 360)))
        yield Image.composite(Image.new("RGB", ramp.size, colour()), noise(), ramp).filter(
            ImageFilter.GaussianBlur(9)
        )
        stripes = np.zeros((SIDE, SIDE, 3), np.uint8)
        wide = int(draw.integers(4, 40))
        stripes[:] = np.asarray(colour(), np.uint8)
        stripes[:, (np.arange(SIDE) // wide) % 2 == 0] = np.asarray(colour(), np.uint8)
        yield Image.fromarray(stripes)
        patches = Image.fromarray(draw.integers(0, 256, (4, 4, 3), dtype=np.uint8))
        yield patches.resize((SIDE, SIDE), Image.Resampling.NEAREST)
