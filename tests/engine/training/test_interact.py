"""The late interaction: it learns alone, is weighed by what it finds, and a bundle comes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from engine.bundles import read_bundle, verify_files
from engine.loading import check_scores
from engine.loading import load_encoder as load_bundle
from engine.model.architecture import InteractionConfig, read_architecture
from engine.model.ceclip import CEClip
from engine.model.interaction import LateInteraction
from engine.model.stored import restored
from engine.training.data import read_captions
from engine.training.interact import begin, interact
from engine.training.interacting import (
    CLOSER,
    HUNG,
    Interacting,
    InteractionRecipe,
    Sought,
    figures,
    weigh,
)
from engine.training.late_layers import FIRST_LATE_BLOCK, network_of
from engine.training.later import LaterRecipe
from engine.training.later_data import LaterData, read_later_data
from engine.training.moving import MovingAverage
from engine.training.reading import CAPTIONS
from engine.training.titles import Titles
from engine.training.train_on import train_on
from tests.engine.training.tiny_packing import folder_with_card, tiny_label, with_towers

Tiny = tuple[Path, dict[str, Any]]
CONFIG = InteractionConfig(
    width=16,
    hidden=24,
    grid=2,
    first_block=FIRST_LATE_BLOCK,
    typical=3,
    typical_tokens=4,
    closer=96,
)
RECIPE = InteractionRecipe(
    steps=40, pictures=8, others=12, poems=8, poem_depth=5, title_pairs=9, warm_up=2, average=0.9
)


@pytest.fixture
def made(tiny_bundle: Tiny, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> Path:
    """The folder that came of it; what was said is captured."""
    folder, _ = tiny_bundle
    out, kept = folder_with_card(tmp_path / "out"), tmp_path / "kept"
    interact(RECIPE, CONFIG, tiny_label(folder), data=data, bundle=folder, kept=kept, out=out)
    return with_towers(out, folder)


def test_a_bundle_comes_of_it_and_nothing_else_has_moved(
    made: Path, tiny_bundle: Tiny, capsys: pytest.CaptureFixture
) -> None:
    folder, _ = tiny_bundle
    new = restored(load_file(made / "heads.safetensors"))
    old = restored(load_file(folder / "heads.safetensors"))
    assert {name.split(".")[0] for name in set(new) - set(old)} == {"interaction"}
    assert all(torch.equal(new[name], old[name]) for name in old)

    bundle = read_bundle(made)
    assert all(finding.ok for finding in verify_files(bundle))
    assert check_scores(bundle, load_bundle(bundle)).ok
    assert bundle.manifest["metrics"]["recipe"]["interaction"]["steps"] == 40
    again = network_of(made, made / "heads.safetensors")
    assert again.interaction is not None
    # With heads that have none, the same bundle's network has none.
    assert network_of(made, folder / "heads.safetensors").interaction is None


def test_what_is_trained_on_has_to_learn_it_anew(made: Path, data: Path, tmp_path: Path) -> None:
    recipe = LaterRecipe(steps=2, pictures=8, poems=8, titles=0, first_text_layer=1, warm_up=1)
    network = train_on(recipe, data, made, tmp_path / "later", tmp_path / "on")
    assert network.interaction is None
    assert network.architecture.interaction is None
    heads = load_file(tmp_path / "on" / "heads.safetensors")
    assert not [name for name in heads if name.startswith("interaction.")]
    # A bundle that has one is where the next may begin; of the old one nothing is left.
    late = begin(CONFIG, network)
    network.take(late)
    assert network.architecture.interaction == CONFIG
    assert not late.weight.any()


def test_heads_that_were_trained_are_only_weighed_and_packed(
    made: Path, tiny_bundle: Tiny, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    capsys.readouterr()
    folder, _ = tiny_bundle
    out, heads = folder_with_card(tmp_path / "again"), made / "heads.safetensors"
    interact(
        RECIPE,
        CONFIG,
        tiny_label(folder),
        data=data,
        bundle=folder,
        kept=tmp_path / "kept",
        out=out,
        heads=heads,
    )
    told = capsys.readouterr().out
    assert "1. training" not in told
    assert "2. weighing" in told
    new, old = (restored(load_file(one)) for one in (out / "heads.safetensors", heads))
    settled = {"interaction.typical", "interaction.level", "interaction.weight"}
    assert all(torch.equal(new[name], old[name]) for name in old.keys() - settled)


def test_it_goes_on_at_the_larger_size_and_learns_titles(
    made: Path, data: Path, titles: Titles, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    capsys.readouterr()
    recipe = replace(RECIPE, steps=4, anew=False, closer=0.5, drawn=30, described=9, titles=6)
    out = with_towers(folder_with_card(tmp_path / "on"), made)
    interact(
        recipe,
        CONFIG,
        tiny_label(made),
        data=data,
        bundle=made,
        kept=tmp_path / "kept",
        out=out,
        titles=titles,
    )
    assert "titles 0.000" not in capsys.readouterr().out
    assert (tmp_path / "kept" / "maps" / "96" / "painted.npy").exists()
    new, old = (restored(load_file(one / "heads.safetensors")) for one in (out, made))
    moved = {name for name in new if not torch.equal(new[name], old[name])}
    assert moved
    assert {name.split(".")[0] for name in moved} == {"interaction"}
    # It has gone on: after four steps its layers are hardly elsewhere.
    layers = [name for name in moved if name.startswith("interaction.layers.")]
    assert layers
    for name in layers:
        torch.testing.assert_close(new[name].float(), old[name].float(), atol=0.05, rtol=0.05)


def test_it_goes_on_only_from_an_interaction_of_its_kind(
    tiny_bundle: Tiny, data: Path, tmp_path: Path
) -> None:
    folder, _ = tiny_bundle
    with pytest.raises(ValueError, match="no late interaction of this kind"):
        interact(
            replace(RECIPE, anew=False),
            CONFIG,
            tiny_label(folder),
            data=data,
            bundle=folder,
            kept=tmp_path / "kept",
            out=tmp_path / "out",
        )


def test_there_has_to_be_a_larger_size_to_train_on(
    tiny_bundle: Tiny, data: Path, tmp_path: Path
) -> None:
    folder, _ = tiny_bundle
    with pytest.raises(ValueError, match="no larger size to train on"):
        interact(
            replace(RECIPE, closer=0.5),
            replace(CONFIG, closer=None),
            tiny_label(folder),
            data=data,
            bundle=folder,
            kept=tmp_path / "kept",
            out=tmp_path / "out",
        )


def test_it_learns_what_it_is_shown(made: Path, capsys: pytest.CaptureFixture) -> None:
    told = capsys.readouterr().out
    assert "step 40 captions" in told
    assert "with nearness" in told


def test_a_training_fits_captions_to_their_pictures(
    tiny_bundle: Tiny, data: Path, tmp_path: Path
) -> None:
    folder, manifest = tiny_bundle
    network, package = (CEClip(read_architecture(manifest)) for _ in range(2))
    for one in (network, package):
        one.load_towers(folder)
        one.eval()
    network.load_heads(folder / "heads.safetensors")
    torch.manual_seed(0)
    network.take(begin(CONFIG, package))
    read = read_later_data(
        network,
        package,
        data,
        folder,
        tmp_path / "kept",
        views=RECIPE.views,
        first_text_layer=2,
        title_pairs=0,
        seed=1,
    )
    assert len(read.of_picture) == len(read_captions(data / CAPTIONS).train)
    training = Interacting(network, read, RECIPE)
    with torch.no_grad():
        before = [sum(map(float, training.loss())) for _ in range(8)]
    training.train(lambda _: None)
    with torch.no_grad():
        after = [sum(map(float, training.loss())) for _ in range(8)]
    assert sum(after) < 0.9 * sum(before)
    # The cosines of what was sought are those that a visitor's picture is searched with.
    sought = training.captions_sought("plain", count=2)
    assert sought.cosines.shape == sought.nearness.shape
    assert len(sought.target) == 2 * len(read.of_validation)
    assert torch.isfinite(sought.nearness).all()
    poems = training.poems_sought("plain")
    assert poems.nearness.shape[1] == len(torch.unique(read.poem_pairs[:, 1]))
    assert_two_looks_are_their_mean(training, read)


def assert_two_looks_are_their_mean(training: Interacting, data: LaterData) -> None:
    """Where validation pictures were seen closer, too; the cosines are those of the first look."""
    count, closer = len(data.of_validation), CLOSER.format(HUNG)
    views = {view: data.views[view][:count] for view in ("painted", "cropped")}
    data.views[HUNG] = views["cropped"]
    other = training.captions_sought(HUNG, 1)
    data.views[HUNG] = views["painted"]
    alone = training.captions_sought(HUNG, 1)
    data.views[closer] = views["cropped"]
    both = training.captions_sought(HUNG, 1)
    torch.testing.assert_close(both.cosines, alone.cosines)
    torch.testing.assert_close(both.nearness, (alone.nearness + other.nearness) / 2)
    assert not torch.allclose(both.nearness, alone.nearness, atol=1e-3)


@pytest.mark.parametrize("good", [True, False])
def test_what_nearness_weighs_hangs_on_what_it_finds(
    good: bool, tiny_bundle: Tiny, tiny_architecture: Any
) -> None:
    torch.manual_seed(3)
    late = LateInteraction(CONFIG, tiny_architecture.image, 32)
    target = torch.arange(60)
    signal = torch.eye(60) * 0.1
    cosines = signal + 0.1 * torch.randn(60, 60)
    nearness = 5 + 20 * ((signal if good else -signal) + 0.1 * torch.randn(60, 60))
    task = Sought(cosines, nearness, target)
    weight = weigh(late, [task], depth=60)
    assert late.weight.item() == pytest.approx(weight)
    assert late.level.item() == pytest.approx(5, abs=1)
    if good:
        # Two that tell as much as each other weigh alike: 20 of one is 1 of the other.
        assert weight == pytest.approx(1 / 20, rel=0.4)
        assert figures(task, weight)["R@1"] > figures(task, 0.0)["R@1"]
    else:
        assert weight == 0  # what misleads is not turned round, but left out


def test_a_moving_average_is_shown_and_taken_back() -> None:
    weight = torch.nn.Parameter(torch.zeros(1))
    average = MovingAverage([weight], 0.5)
    for step in range(40):
        with torch.no_grad():
            weight.fill_(float(step))
        average.add(step)
    with average.shown():
        assert weight.item() == pytest.approx(38, abs=0.1)
    assert weight.item() == 39
    with pytest.raises(RuntimeError), average.shown():
        raise RuntimeError
    assert weight.item() == 39
    average.settle()
    assert weight.item() == pytest.approx(38, abs=0.1)
