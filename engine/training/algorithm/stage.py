"""One stage of Algorithm 1, from the place where it stands to its end.

1. The pairs of an epoch are cut into steps, a step into micro-batches, dealt out to processes.
2. `Objective.backward` adds up the step's gradient; AdamW takes the step.
3. After each epoch the validation pairs are read; the best weights so far are kept apart.
4. The stage ends with its epochs, or when validation has not become better for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.amp.grad_scaler import GradScaler
from torch.utils.data import DataLoader, Dataset

from engine.bundles import Progress
from engine.model.ceclip import CEClip
from engine.training.algorithm.curves import Curves
from engine.training.algorithm.examples import Examples, Step, draw_steps, read_with
from engine.training.algorithm.objective import MicroBatch, Objective, autocast, entropy, read, see
from engine.training.algorithm.parallel import Together
from engine.training.algorithm.recipe import Recipe, StageRecipe
from engine.training.algorithm.sources import Inputs, Source
from engine.training.algorithm.state import (
    Place,
    find_state,
    learned_weights,
    restore,
    save_state,
    save_weights,
)
from engine.training.algorithm.telling import epoch_told

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """What both stages share."""

    network: CEClip
    examples: Examples
    recipe: Recipe
    out: Path
    digest: str  # of recipe, data and first weights; a state of another is not taken up
    together: Together
    progress: Progress
    say: Say
    workers: int = 0  # processes that open pictures ahead
    most_steps: int | None = None  # stop here, as if killed just after a state was saved


class StoppedError(Exception):
    """The limit on steps was met; the state is saved."""


def best_file(out: Path, stage: str) -> Path:
    """Where the best weights of a stage are kept."""
    return out / f"best-{stage}.safetensors"


def run_stage(
    setting: Setting, stage: str, place: Place, source: Source, curves: Curves | None
) -> Place:
    """Train until the stage is over; gives the last place.

    The parameters that learn are those of `network` that want a gradient. `curves` is None in
    every process but the first.
    """
    recipe, network, together = setting.recipe, setting.network, setting.together
    plan = recipe.warm_up if stage == "warm-up" else recipe.fine_tune
    towers_learn = stage == "fine-tune"
    learning = [one for one in network.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=plan.rate, weight_decay=plan.weight_decay)
    scaler = GradScaler(together.device.type, enabled=recipe.precision == "fp16")
    _take_up(setting, place, optimiser, scaler)
    noise = recipe.stand_in.noise if recipe.data.asks == "caption" else 0.0
    objective = Objective(network, recipe.loss, recipe.precision, towers_learn, together, noise)

    def save(now: Place) -> None:
        if together.first:
            told = {"digest": setting.digest, "scaler": scaler.state_dict()}
            save_state(setting.out / "states", now, network, optimiser, told)
        together.wait()

    begun = place.steps - place.step - place.epoch * _steps_in(setting)
    while place.epoch < plan.epochs and not (plan.patience and place.stale >= plan.patience):
        steps = draw_steps(setting.examples, recipe, stage, place.epoch)
        network.train()
        coming = _batches(setting, stage, place, steps, source)
        # Of the epoch, as much as is still to come: it may be taken up in the middle.
        started, part = time.monotonic(), (len(steps) - place.step) / len(steps)
        for number in range(place.step, len(steps)):
            rate = learning_rate(plan, place.steps - begun)
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.zero_grad(set_to_none=True)
            step = steps[number]
            same = _same(setting.examples, step)
            losses = objective.backward(next(coming), len(step.pairs), same, scaler)
            together.total_gradients(learning)
            scaler.unscale_(optimiser)
            if plan.clip:
                nn.utils.clip_grad_norm_(learning, plan.clip)
            scaler.step(optimiser)
            scaler.update()
            place = replace(place, step=number + 1, steps=place.steps + 1)
            if curves is not None:
                curves.step(
                    {
                        "step": place.steps,
                        "stage": stage,
                        "epoch": place.epoch + 1,
                        "loss": losses.total,
                        "ranking": losses.ranking,
                        "scores": losses.scores,
                        "towers": losses.towers,
                        "rate": rate,
                    }
                )
            name = f"{stage}, epoch {place.epoch + 1} of at most {plan.epochs}"
            setting.progress(name, place.step, len(steps))
            limit = setting.most_steps is not None and place.steps >= setting.most_steps
            if place.step < len(steps) and (place.steps % recipe.save_every == 0 or limit):
                save(place)
                if limit:
                    raise StoppedError
        taken = (time.monotonic() - started) / part
        place = _after_epoch(setting, stage, place, source, curves, taken)
        save(place)
        if setting.most_steps is not None and place.steps >= setting.most_steps:
            raise StoppedError
    return place


def _take_up(
    setting: Setting, place: Place, optimiser: torch.optim.Optimizer, scaler: GradScaler
) -> None:
    """Put back what was saved at this place, if a stage is taken up in the middle."""
    found = find_state(setting.out / "states")
    if found is not None and found[1] == place and (place.epoch or place.step):
        restore(found[0], setting.network, optimiser)
        if found[2].get("scaler"):
            scaler.load_state_dict(found[2]["scaler"])


def _after_epoch(
    setting: Setting,
    stage: str,
    place: Place,
    source: Source,
    curves: Curves | None,
    seconds: float,
) -> Place:
    """Validate, keep the best, and say where the next epoch begins.

    `seconds`: what the steps of a whole epoch take.
    """
    started = time.monotonic()
    accuracy, loss = validate(setting, source)
    better = (accuracy, -loss) > (place.accuracy, -place.loss)
    if curves is not None:
        curves.check(
            {
                "step": place.steps,
                "stage": stage,
                "epoch": place.epoch + 1,
                "accuracy": accuracy,
                "loss": loss,
            }
        )
    if better and setting.together.first:
        weights = learned_weights(setting.network, stage == "fine-tune")
        save_weights(best_file(setting.out, stage), weights)
    place = replace(
        place,
        epoch=place.epoch + 1,
        step=0,
        accuracy=accuracy if better else place.accuracy,
        loss=loss if better else place.loss,
        stale=0 if better else place.stale + 1,
    )
    plan = setting.recipe.warm_up if stage == "warm-up" else setting.recipe.fine_tune
    seconds += time.monotonic() - started
    setting.say(epoch_told(stage, place.epoch, plan.epochs, accuracy, loss, place.stale, seconds))
    return place


@torch.no_grad()
def validate(setting: Setting, source: Source) -> tuple[float, float]:
    """Accuracy and loss on the validation pairs.

    Accuracy: the share of pictures whose own poem scores above each of `rivals` others, drawn
    once by seed. A tie is a miss.
    """
    recipe, examples, together = setting.recipe, setting.examples, setting.together
    network = setting.network.eval()
    pairs = list(examples.validation)
    if not pairs:
        return 0.0, 0.0
    texts = read_with(examples, pairs, recipe.data.rivals, f"{recipe.seed}/validation")
    sums = torch.zeros(3, device=together.device, dtype=torch.float64)
    cuts = range(0, len(pairs), recipe.micro_batch)
    for number, at in enumerate(cuts):
        if number % together.count != together.rank:
            continue
        some, told = pairs[at : at + recipe.micro_batch], texts[at : at + recipe.micro_batch]
        inputs = _fetch(examples, source, some, told).to(together.device)
        with autocast(together.device, recipe.precision):
            seen = see(network, inputs, len(some), (), True)
            logits = read(network, seen)
        if network.architecture.cross is None:
            logits = recipe.loss.scale * logits
        first = (logits[:, :1] > logits[:, 1:]).all(dim=1)
        sums += torch.stack(
            [first.sum(), entropy(logits) * len(some), torch.tensor(float(len(some)))]
        ).to(sums)
        setting.progress("validating", min(at + recipe.micro_batch, len(pairs)), len(pairs))
    together.total(sums)
    hits, loss, count = sums.tolist()
    return hits / count, loss / count


def _steps_in(setting: Setting) -> int:
    pairs, batch = len(setting.examples.train), setting.recipe.batch
    return pairs // batch + (pairs % batch > 1)


def _same(examples: Examples, step: Step) -> Tensor:
    """[B, B], true where two pairs share a picture or a poem."""
    images = torch.tensor([examples.image_of[pair] for pair in step.pairs])
    texts = torch.tensor([examples.text_of[pair] for pair in step.pairs])
    return (images[:, None] == images) | (texts[:, None] == texts)


def _fetch(
    examples: Examples, source: Source, pairs: Sequence[int], texts: Sequence[Sequence[int]]
) -> Inputs:
    right = [told[0] for told in texts]
    wrong = [row for told in texts for row in told[1:]]
    return source.fetch([examples.image_of[pair] for pair in pairs], right + wrong)


class _Ahead(Dataset[list[MicroBatch]]):
    """The steps of an epoch that are still to come, this process's share of each."""

    def __init__(
        self, setting: Setting, stage: str, place: Place, steps: Sequence[Step], source: Source
    ) -> None:
        self._examples = setting.examples
        self._seed = setting.recipe.seed
        self._size = setting.recipe.micro_batch
        self._rank, self._count = setting.together.rank, setting.together.count
        self._stage, self._epoch, self._first = stage, place.epoch, place.step
        self._steps = steps
        self._source = source

    def __len__(self) -> int:
        return len(self._steps) - self._first

    def __getitem__(self, at: int) -> list[MicroBatch]:
        number = self._first + at
        step = self._steps[number]
        cuts = list(range(0, len(step.pairs), self._size))[self._rank :: self._count]
        return [
            MicroBatch(
                inputs=_fetch(
                    self._examples,
                    self._source,
                    step.pairs[cut : cut + self._size],
                    step.texts[cut : cut + self._size],
                ),
                first=cut,
                count=len(step.pairs[cut : cut + self._size]),
                dice=(self._seed, self._stage, self._epoch, number, cut),
            )
            for cut in cuts
        ]


def _batches(
    setting: Setting, stage: str, place: Place, steps: Sequence[Step], source: Source
) -> Iterator[list[MicroBatch]]:
    ahead = _Ahead(setting, stage, place, steps, source)
    loader: DataLoader[Any] = DataLoader(
        ahead, batch_size=None, num_workers=setting.workers, collate_fn=_as_it_is
    )
    return iter(loader)


def _as_it_is(batches: list[MicroBatch]) -> list[MicroBatch]:
    return batches


def learning_rate(plan: StageRecipe, step: int) -> float:
    """The rate of a stage's step, counted from 0: a straight rise, then as it is."""
    return plan.rate * min(1.0, (step + 1) / max(1, plan.rise))
