"""A text tower learns what titles show; what stays stays, and a bundle comes of it."""

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
from engine.model.encoder import HEADS
from engine.model.heads import unit
from engine.model.stored import restored
from engine.training.averaged import average
from engine.training.entitle import draw_lesson, entitle
from engine.training.entitled import TitlesRecipe, between, standing
from engine.training.late_layers import network_of
from engine.training.teach import pooled_texts
from engine.training.titles import Titles
from tests.engine.training.tiny_packing import folder_with_card, tiny_label, with_towers

Tiny = tuple[Path, dict[str, Any]]
RECIPE = TitlesRecipe(
    steps=40,
    drawn=60,
    parts=12,
    described=10,
    titles_read=16,
    parts_read=4,
    described_read=4,
    kept=40,
    kept_poems=10,
    kept_long=10,
    kept_read=10,
    kept_poems_read=3,
    kept_long_read=3,
    rate=3e-3,
    warm_up=2,
    average=0.9,
)


@pytest.fixture
def made(tiny_bundle: Tiny, data: Path, titles: Titles, tmp_path: Path) -> Path:
    """The folder that came of it."""
    folder, _ = tiny_bundle
    out = folder_with_card(tmp_path / "out")
    entitle(RECIPE, tiny_label(folder), data=data, bundle=folder, titles=titles, out=out)
    return with_towers(out, folder)


def test_a_bundle_comes_of_it_and_only_the_text_tower_has_moved(
    made: Path, tiny_bundle: Tiny
) -> None:
    folder, _ = tiny_bundle
    new, old = (restored(load_file(one / HEADS)) for one in (made, folder))
    assert all(torch.equal(new[name], old[name]) for name in old)
    layers = {name for name in new if name not in old}
    assert layers
    assert all(name.startswith("text_tower.net.encoder.layer.") for name in layers)

    bundle = read_bundle(made)
    assert all(finding.ok for finding in verify_files(bundle))
    assert check_scores(bundle, load_bundle(bundle)).ok
    assert bundle.manifest["metrics"]["recipe"]["titles"]["steps"] == 40


def test_heads_that_learned_are_only_packed(
    made: Path, tiny_bundle: Tiny, titles: Titles, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    capsys.readouterr()
    folder, _ = tiny_bundle
    out, mean = folder_with_card(tmp_path / "again"), tmp_path / "mean.safetensors"
    average([made / HEADS], mean)
    entitle(
        RECIPE,
        tiny_label(folder),
        data=tmp_path / "not-read",
        bundle=folder,
        titles=titles,
        out=out,
        heads=mean,
    )
    assert "learning" not in capsys.readouterr().out
    new, learned, old = (restored(load_file(one / HEADS)) for one in (out, made, folder))
    assert new.keys() == learned.keys()
    # What has not learned is not even rounded once more.
    assert all(torch.equal(new[name], old[name]) for name in old)
    for name, value in learned.items():
        torch.testing.assert_close(new[name].float(), value.float(), atol=0.01, rtol=0.01)


def test_titles_come_nearer_to_what_they_show_and_captions_stay(
    made: Path, tiny_bundle: Tiny, data: Path, titles: Titles
) -> None:
    folder, _ = tiny_bundle
    before, after = network_of(folder, folder / HEADS), network_of(made, made / HEADS)
    lesson = draw_lesson(before, folder, titles, data, RECIPE)

    def near(network: Any, ids: Any, where: torch.Tensor) -> float:
        return float((network.passage_vector(pooled_texts(network, ids)) * where).sum(1).mean())

    assert near(after, lesson.titles.ids, lesson.titles.passages) > near(
        before, lesson.titles.ids, lesson.titles.passages
    )
    for stays in (lesson.kept, lesson.long):
        lay = before.passage_vector(pooled_texts(before, stays.ids))
        assert near(after, stays.ids, lay) > 0.97

    def found(network: Any) -> float:
        return standing(network, lesson, pooled_texts(network, lesson.titles.ids))

    assert found(after) > found(before)


def test_titles_may_stay_where_they_lie_while_descriptions_are_learned(
    tiny_bundle: Tiny, data: Path, titles: Titles
) -> None:
    folder, _ = tiny_bundle
    network = network_of(folder, folder / HEADS)
    lesson = draw_lesson(network, folder, titles, data, replace(RECIPE, share=0.0))
    for stay in (lesson.titles, lesson.parts):
        lay = network.passage_vector(pooled_texts(network, stay.ids))
        torch.testing.assert_close(stay.passages, lay)
    lay = network.passage_vector(pooled_texts(network, lesson.described.ids))
    assert float((lesson.described.passages * lay).sum(dim=1).max()) < 0.999


def test_between_is_a_way_and_its_ends_are_where_it_leads() -> None:
    torch.manual_seed(1)
    lay, seen = unit(torch.randn(5, 8)), unit(torch.randn(5, 8))
    torch.testing.assert_close(between(lay, seen, 0.0), lay)
    torch.testing.assert_close(between(lay, seen, 1.0), seen)
    half = between(lay, seen, 0.5)
    torch.testing.assert_close(half.norm(dim=1), torch.ones(5))
    torch.testing.assert_close((half * lay).sum(1), (half * seen).sum(1))
