"""Algorithm 1 from a folder of pairs to a bundle: `train` reads top to bottom.

1. The recipe, the pairs and their split; CLIP's and MPNet's weights.
2. Stage 1, warm-up: the towers are frozen and the rest learns from their kept features.
3. The best checkpoint of the warm-up; stage 2, fine-tuning: everything learns.
4. The best checkpoint of the fine-tuning becomes a bundle; the curves are drawn.

Whatever kills it, the same command takes it up again at the last saved state.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

from engine.bundles import Progress, silent
from engine.data.pairs import write_whole
from engine.errors import InputError
from engine.model.text_towers import TextReader
from engine.training.algorithm.checkpointing import checkpoint_layers
from engine.training.algorithm.curves import Curves, draw_curves, read_curve
from engine.training.algorithm.examples import Examples, read_examples
from engine.training.algorithm.finishing import describe_training, write_bundle
from engine.training.algorithm.parallel import Together
from engine.training.algorithm.recipe import Recipe
from engine.training.algorithm.sources import (
    KeptSource,
    LiveSource,
    Source,
    keep_pictures,
    keep_texts,
    picture_format,
    text_ids,
    towers_fingerprint,
)
from engine.training.algorithm.stage import Say, Setting, StoppedError, best_file, run_stage
from engine.training.algorithm.stand_in import Gap, measure_gap, stand_in_source
from engine.training.algorithm.starting import new_network
from engine.training.algorithm.state import Place, find_state, load_weights

STAGES = ("warm-up", "fine-tune")
GAP = "gap.json"


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to."""

    bundle: Path
    steps: int
    accuracy: dict[str, float]  # by stage, the best validation, 0..1


def train(
    recipe: Recipe,
    pairs: Path,
    out: Path,
    *,
    pictures: Path | None = None,
    workers: int = 0,
    most_steps: int | None = None,
    say: Say = print,
    progress: Progress = silent,
) -> Trained | None:
    """Train by `recipe` on the folder `pairs`; `out` takes states, curves and the bundle.

    `pictures` is a folder of any pictures, to measure the gap for a stand-in. `workers` processes
    open pictures ahead. `most_steps`: stop there with the state saved, and give None, as every
    process but the first does. Raises `InputError` where what was given cannot be used.
    """
    started = time.time()
    together = Together()
    if not together.first:
        say, progress = _nothing, silent
    with together.in_turn():  # the first writes the split down, if there is none
        examples = read_examples(pairs, recipe)
    say(
        f"{len(examples.train)} pairs to learn from, {len(examples.validation)} to choose by, "
        f"{examples.test} held out; {examples.vanished} without a {recipe.data.asks} left out."
    )
    network, reader = new_network(recipe)
    towers = towers_fingerprint(network)
    digest = _digest(recipe, examples, towers)
    if not together.alike(digest) or not together.shares(out):
        raise InputError(
            "The processes of this training do not have the same before them; every machine needs "
            f"the same recipe, pairs and first weights, under the same names, and {out} must be "
            "one folder that all of them share."
        )
    place = _taken_up(out, digest)
    network.to(together.device)
    if recipe.checkpointing:
        checkpoint_layers(network)
    setting = Setting(
        network, examples, recipe, out, digest, together, progress, say, workers, most_steps
    )
    curves = Curves(out, place.steps) if together.first else None
    try:
        place = _both_stages(setting, reader, place, curves, pairs, pictures, towers, say)
    except StoppedError:
        say("Stopped where it was asked to; the same command goes on from here.")
        return None
    finally:
        if curves is not None:
            curves.close()
    if not together.first:
        return None
    for stage in STAGES:
        if best_file(out, stage).exists():
            load_weights(network, best_file(out, stage))
    draw_curves(out, out / "curves.png")
    accuracy = _best(out)
    told = describe_training(recipe, pairs, examples, out, time.time() - started)
    told["validation_accuracy"] = accuracy
    if (out / GAP).exists():
        told["gap"] = json.loads((out / GAP).read_text(encoding="utf-8"))
    write_whole(out / "recipe.json", json.dumps(recipe.to_json(), indent=1) + "\n")
    bundle = write_bundle(network.to("cpu").eval(), recipe, out / "bundle", told)
    say(f"Best validation {accuracy}; the bundle is in {bundle}")
    return Trained(bundle, place.steps, accuracy)


def _both_stages(
    setting: Setting,
    reader: TextReader,
    place: Place,
    curves: Curves | None,
    pairs: Path,
    pictures: Path | None,
    towers: str,
    say: Say,
) -> Place:
    """Algorithm 1 from `place` on; a stage without epochs is passed over."""
    network, recipe, out = setting.network, setting.recipe, setting.out
    if place.stage == "warm-up":
        if recipe.warm_up.epochs:
            say("Stage 1, warm-up: the towers are frozen.")
            network.freeze_towers()
            kept = out / "features" / towers
            gap: Gap | None = None
            with setting.together.in_turn():
                if recipe.data.asks == "caption" and recipe.stand_in.correct_gap:
                    gap = measure_gap(network, reader, pairs, pictures, kept, setting.progress)
                    say(f"The gap between captions and pictures: {gap.to_json()}")
                    if setting.together.first:
                        write_whole(out / GAP, json.dumps(gap.to_json()) + "\n")
                source = _frozen_source(setting, reader, gap, kept)
            place = run_stage(setting, "warm-up", place, source, curves)
        place = Place("fine-tune", steps=place.steps)
    if recipe.fine_tune.epochs:
        say("Stage 2, fine-tuning: everything learns.")
        if best_file(out, "warm-up").exists():
            load_weights(network, best_file(out, "warm-up"))
        network.thaw()
        place = run_stage(setting, "fine-tune", place, _live_source(setting, reader), curves)
    return place


def _nothing(_sentence: str) -> None:
    """One process talks; the others do not."""


def _digest(recipe: Recipe, examples: Examples, towers: str) -> str:
    """What a state belongs to: everything that the numbers follow from."""
    told = recipe.to_json()
    for name in ("save_every", "name", "licence", "beside"):  # these change no number
        del told[name]
    return hashlib.sha256(json.dumps([told, examples.digest, towers]).encode()).hexdigest()


def _taken_up(out: Path, digest: str) -> Place:
    found = find_state(out / "states")
    if found is None:
        return Place("warm-up")
    if found[2].get("digest") != digest:
        raise InputError(
            f"{out} holds a training by another recipe, or on other pairs or weights; give "
            "another --out, or delete that folder."
        )
    return found[1]


def _frozen_source(setting: Setting, reader: TextReader, gap: Gap | None, kept: Path) -> Source:
    """What the warm-up learns from; worked out once for all its epochs."""
    network, examples, recipe = setting.network, setting.examples, setting.recipe
    if recipe.data.asks == "caption":
        return stand_in_source(network, reader, examples.captions, examples.texts, gap, kept)
    if not recipe.keep_features:
        return _live_source(setting, reader)
    limit = network.architecture.text.context
    tokens, pooled = keep_pictures(network, examples.images, kept, setting.progress)
    texts = keep_texts(network, reader, examples.texts, limit, kept)
    return KeptSource(tokens, pooled, texts, limit)


def _live_source(setting: Setting, reader: TextReader) -> Source:
    network, examples = setting.network, setting.examples
    ids = text_ids(reader, examples.texts, network.architecture.text.context)
    return LiveSource(examples.images, picture_format(network), ids)


def _best(out: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in read_curve(out / "validation.csv"):
        found[row["stage"]] = max(found.get(row["stage"], 0.0), float(row["accuracy"]))
    return {stage: round(value, 4) for stage, value in found.items()}
