"""One step's loss and gradient are those of the whole batch, however it is cut up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.amp.grad_scaler import GradScaler

from engine.model.ceclip import CEClip
from engine.training.algorithm.checkpointing import checkpoint_layers
from engine.training.algorithm.examples import draw_steps, read_examples
from engine.training.algorithm.objective import (
    Losses,
    MicroBatch,
    Objective,
    by_rows,
    entropy,
    mean,
    read,
    see,
)
from engine.training.algorithm.parallel import Together
from engine.training.algorithm.recipe import LossRecipe
from engine.training.algorithm.sources import Inputs, LiveSource, picture_format, text_ids
from engine.training.algorithm.starting import new_network
from engine.training.losses import multiple_negatives

WEIGHTS = LossRecipe(ranking=0.7, scores=1.3, towers=0.4)
PAIRS = 6


@pytest.fixture
def network(recipe: Any) -> CEClip:
    made, _ = new_network(recipe(network__dropout=0.0))
    made.thaw()
    return made.train()


@pytest.fixture
def cut(tiny: Path, recipe: Any) -> Any:
    """Cuts a step of six pairs into micro-batches of a size."""
    plan = recipe()
    examples = read_examples(tiny / "pairs", plan)
    made, reader = new_network(plan)
    ids = text_ids(reader, examples.texts, made.architecture.text.context)
    source = LiveSource(examples.images, picture_format(made), ids)
    step = draw_steps(examples, plan, "fine-tune", 0)[0]

    def fetch(at: int, size: int) -> Inputs:
        texts = step.texts[at : at + size]
        wrong = [row for told in texts for row in told[1:]]
        images = [examples.image_of[pair] for pair in step.pairs[at : at + size]]
        return source.fetch(images, [told[0] for told in texts] + wrong)

    def make(size: int) -> list[MicroBatch]:
        return [MicroBatch(fetch(at, size), at, size, ("test", at)) for at in range(0, PAIRS, size)]

    return make


def step_of(network: CEClip, batches: list[MicroBatch]) -> tuple[Losses, dict[str, Tensor]]:
    network.zero_grad()
    objective = Objective(network, WEIGHTS, "full", True, Together())
    same = torch.eye(PAIRS, dtype=torch.bool)
    losses = objective.backward(batches, PAIRS, same, GradScaler("cpu", enabled=False))
    gradients = {
        name: one.grad.clone() for name, one in network.named_parameters() if one.grad is not None
    }
    return losses, gradients


def like(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(
        torch.allclose(one[name], other[name], atol=1e-6, rtol=1e-3) for name in one
    )


def test_it_is_the_loss_as_it_would_be_written_down(network: CEClip, cut: Any) -> None:
    (batch,) = cut(PAIRS)
    network.zero_grad()
    seen = see(network, batch.inputs, PAIRS, ("ranking", "towers"), True)
    loss = (
        0.7 * multiple_negatives(*seen.vectors["ranking"], 20.0)
        + 0.4 * multiple_negatives(*seen.vectors["towers"], 20.0)
        + 1.3 * entropy(read(network, seen))
    )
    loss.backward()
    plain = {
        name: one.grad.clone() for name, one in network.named_parameters() if one.grad is not None
    }
    losses, gradients = step_of(network, [batch])
    assert losses.total == pytest.approx(loss.item(), rel=1e-5)
    assert like(plain, gradients)
    assert any(name.startswith("image_tower.") for name in gradients)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_micro_batches_changes_nothing(network: CEClip, cut: Any, size: int) -> None:
    whole, gradients = step_of(network, cut(PAIRS))
    parts, same_gradients = step_of(network, cut(size))
    assert parts.total == pytest.approx(whole.total, rel=1e-5)
    assert parts.ranking == pytest.approx(whole.ranking, rel=1e-5)
    assert like(gradients, same_gradients)


def test_checkpointing_changes_nothing(network: CEClip, cut: Any) -> None:
    plain, gradients = step_of(network, cut(3))
    checkpoint_layers(network)
    again, same_gradients = step_of(network, cut(3))
    assert again.total == pytest.approx(plain.total, rel=1e-6)
    assert like(gradients, same_gradients)


def test_scores_in_mixed_precision_are_near(network: CEClip, cut: Any) -> None:
    plain, _ = step_of(network, cut(3))
    objective = Objective(network, WEIGHTS, "bf16", True, Together())
    same = torch.eye(PAIRS, dtype=torch.bool)
    mixed = objective.backward(cut(3), PAIRS, same, GradScaler("cpu", enabled=False))
    assert mixed.total == pytest.approx(plain.total, rel=0.05)
    assert mixed.total != plain.total


def test_the_right_text_stands_in_column_0() -> None:
    values = torch.arange(8)  # two right ones, then three wrong ones of each
    assert by_rows(values, 2).tolist() == [[0, 2, 3, 4], [1, 5, 6, 7]]


def test_the_mean_leaves_padding_out() -> None:
    tokens = torch.tensor([[[3.0, 0.0], [0.0, 4.0], [9.0, 9.0]]])
    pooled = mean(tokens, torch.tensor([[1, 1, 0]]))
    assert torch.allclose(pooled, torch.tensor([[0.6, 0.8]]))
