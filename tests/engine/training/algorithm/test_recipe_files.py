"""Recipes: the published values are the defaults, and a slip is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError
from engine.training.algorithm.recipe import Recipe, known_recipes, load_recipe


@pytest.mark.parametrize("name", known_recipes())
def test_every_recipe_that_comes_along_can_be_read(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name in (name, "ce-clip")
    assert set(recipe.beside) <= set(known_recipes())


def test_the_published_values_are_the_defaults() -> None:
    paper, plain = load_recipe("paper"), Recipe(name="paper")
    for recipe in (paper, plain):
        assert recipe.batch == 64
        assert recipe.data.negatives == 3
        assert recipe.data.hold_out == 0.2
        assert recipe.loss.scale == 20.0
        assert (recipe.warm_up.epochs, recipe.fine_tune.epochs) == (100, 200)
        assert recipe.warm_up.rate == recipe.fine_tune.rate == 1e-6
        assert recipe.network.mapping == 382
        assert recipe.network.pad_inside
        assert not recipe.network.similarity


def test_the_baselines_are_the_towers_alone() -> None:
    few, full = load_recipe("clip-few-shot"), load_recipe("clip-supervised")
    assert not few.network.cross_encoder
    assert (few.data.share, full.data.share) == (0.2, 1.0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("batch = 0", "batch must be at least 1"),
        ("batch = 1.5", "batch is not of type int"),
        ("batch = true", "batch is not of type int"),
        ("seed = -1", "seed is below 0"),
        ("bach = 64", "'bach', which no recipe knows"),
        ("[warm-up]\nrate = 1e-3", "epochs is missing"),
        ("[warm-up]\nepochs = 1\nspeed = 3", "'speed', which no recipe knows"),
        ("beside = 3", "is not a list of names"),
        ("network = 3", "is not a table"),
        ('precision = "half"', "not one of full, bf16, fp16"),
        ('[network]\ntext-reads = "aloud"', "not one of tokens, pooled"),
        ("[data]\nhold-out = 1.0", "from 0 to below 1"),
        ("[data]\nshare = 0.0", "data.share must be above 0"),
        ('[data]\nasks = "caption"', "a caption has no patches"),
        ("[network]\ncross-encoder = false", "only the towers learn"),
        ("batch = ", "cannot be read"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=sentence) as caught:
        load_recipe(str(file))
    assert "mine" in caught.value.sentence or "docs" in caught.value.sentence


def test_an_unknown_recipe_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"clip-few-shot, .*paper"):
        load_recipe("papper")


def test_changes_go_on_top() -> None:
    changed = load_recipe("paper", {"warm-up.epochs": 3, "batch": 8})
    assert (changed.warm_up.epochs, changed.batch) == (3, 8)
    assert changed.fine_tune == load_recipe("paper").fine_tune
    with pytest.raises(InputError, match="no table 'batch'"):
        load_recipe("paper", {"batch.size": 3})
