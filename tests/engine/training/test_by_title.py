"""Words learn to ask by titles; everything else stays, and a bundle comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional

from engine.bundles import read_bundle, verify_files
from engine.loading import check_scores
from engine.loading import load_encoder as load_bundle
from engine.model.architecture import QuerybankConfig
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS
from engine.model.heads import unit
from engine.model.stored import restored
from engine.training.asking import ByTitleRecipe, ask
from engine.training.banking import bank_queries
from engine.training.by_title import by_title, read_all
from engine.training.data import read_titled_poems
from engine.training.late_layers import network_of
from engine.training.reading import TITLED
from engine.training.text_features import TextStore
from engine.training.titles import Titles
from tests.engine.training.tiny_packing import folder_with_card, tiny_label, with_towers

Tiny = tuple[Path, dict[str, Any]]
RECIPE = ByTitleRecipe(
    steps=60, titles=8, told=10, keep=2, unheard=1, hidden=6, rate=1e-2, shares_rate=1e-2
)
ASKING = {"words_projection.weight", "querybank.words"}


@pytest.fixture
def banked_bundle(tiny_bundle: Tiny, make_network: Callable[[int], CEClip]) -> Tiny:
    """The tiny bundle with a bank of random queries."""
    folder, manifest = tiny_bundle
    network = make_network(3)
    draw = torch.Generator().manual_seed(6)
    pictures, words = (unit(torch.randn(20, 32, generator=draw)) for _ in range(2))
    bank_queries(network, QuerybankConfig(queries=5), pictures, words, seed=0)
    network.save_heads(folder / HEADS)
    architecture = manifest["architecture"] | {"querybank": {"queries": 5, "temperature": 0.05}}
    manifest = manifest | {"architecture": architecture}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder, manifest


def test_a_bundle_comes_of_it_and_only_what_asks_has_moved(
    banked_bundle: Tiny, data: Path, titles: Titles, tmp_path: Path
) -> None:
    folder, manifest = banked_bundle
    out = folder_with_card(tmp_path / "out")
    kept = tmp_path / "kept"
    by_title(
        RECIPE, tiny_label(folder), data=data, bundle=folder, titles=titles, kept=kept, out=out
    )
    made = with_towers(out, folder)

    new, old = (restored(load_file(one / HEADS)) for one in (made, folder))
    assert {name.split(".")[0] for name in new.keys() - old.keys()} == {"word_shares"}
    assert old.keys() <= new.keys()
    assert {name for name in old if not torch.equal(new[name], old[name])} == ASKING

    bundle = read_bundle(made)
    assert all(finding.ok for finding in verify_files(bundle))
    assert check_scores(bundle, load_bundle(bundle)).ok
    assert bundle.manifest["metrics"]["recipe"]["by_title"]["steps"] == 60
    # What was fitted by what has stayed is as it was.
    assert bundle.manifest["calibration"] == manifest["calibration"]


def test_titles_find_their_poems_more_often(
    banked_bundle: Tiny, data: Path, titles: Titles, tmp_path: Path
) -> None:
    folder, _ = banked_bundle
    out = folder_with_card(tmp_path / "out")
    label = tiny_label(folder)
    kept = tmp_path / "kept"
    after = by_title(RECIPE, label, data=data, bundle=folder, titles=titles, kept=kept, out=out)
    before = network_of(folder, folder / HEADS)
    titled, _ = read_all(before, folder, titles, data, kept, RECIPE.seed)
    # None that is held out is among them.
    assert len(titled.poems) == len(read_titled_poems(data / TITLED).train) == 8

    def lost(network: CEClip, told: TextStore) -> float:
        cosines = ask(network, told) @ titled.poems.T
        return float(functional.cross_entropy(RECIPE.scale * cosines, torch.arange(len(cosines))))

    for told in (titled.alone, titled.remarked):
        assert lost(after, told) < lost(before, told) - 0.5


def test_a_bundle_without_a_querybank_is_refused(
    tiny_bundle: Tiny, data: Path, titles: Titles, tmp_path: Path
) -> None:
    folder, _ = tiny_bundle
    out = folder_with_card(tmp_path / "out")
    with pytest.raises(ValueError, match="has no querybank"):
        by_title(
            RECIPE,
            tiny_label(folder),
            data=data,
            bundle=folder,
            titles=titles,
            kept=tmp_path / "kept",
            out=out,
        )
    assert [file.name for file in out.iterdir()] == ["README.md"]
