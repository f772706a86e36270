"""A packed network is a bundle that verifies itself; and so is the one that is committed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.bundles import read_bundle, sha256_of, verify_files
from engine.loading import check_scores, load_encoder
from engine.model.architecture import read_architecture
from engine.model.ceclip import CEClip
from engine.training.asking import ByTitleRecipe
from engine.training.check_picture import check_picture
from engine.training.compact import ARCHITECTURE, LABEL
from engine.training.finish import QUERYBANK
from engine.training.interact import INTERACTION
from engine.training.packing import pack, seal
from tests.engine.training.tiny_packing import folder_with_card, tiny_label, with_towers

COMMITTED = Path(__file__).parents[3] / "assets" / "models" / "compact"


@pytest.fixture
def packed(
    tiny_bundle: tuple[Path, dict[str, Any]], make_network: Callable[[int], CEClip], tmp_path: Path
) -> Path:
    towers, _ = tiny_bundle
    out = folder_with_card(tmp_path / "out")
    weights, figures = {"words_weight": 0.4}, {"R@1": 1.0}
    pack(make_network(3), towers, out, tiny_label(towers), weights, figures)
    return with_towers(out, towers)


def test_what_is_packed_loads_verifies_and_answers_as_it_says(packed: Path) -> None:
    bundle = read_bundle(packed)
    assert bundle.missing() == []
    assert all(finding.ok for finding in verify_files(bundle))
    assert check_scores(bundle, load_encoder(bundle)).ok


def test_an_edited_card_is_sealed_and_nothing_else_changes(packed: Path) -> None:
    before = json.loads((packed / "manifest.json").read_text())
    (packed / "README.md").write_text("# A better card\n")
    assert [f.name for f in verify_files(read_bundle(packed)) if not f.ok] == ["README.md"]
    seal(packed)
    assert all(finding.ok for finding in verify_files(read_bundle(packed)))
    after = json.loads((packed / "manifest.json").read_text())
    del before["files"]["README.md"], after["files"]["README.md"]
    assert before == after


def test_the_known_picture_is_drawn_the_same_every_time() -> None:
    assert check_picture().tobytes() == check_picture().tobytes()
    with Image.open(COMMITTED / "check.png") as image:
        assert image.size == check_picture().size


def test_the_committed_files_are_those_of_the_manifest() -> None:
    manifest = read_bundle(COMMITTED).manifest
    for name, entry in manifest["files"].items():
        if name not in manifest["sources"]:
            assert sha256_of(COMMITTED / name) == entry["sha256"], name
            assert (COMMITTED / name).stat().st_size == entry["bytes"]
    heads = manifest["files"]["heads.safetensors"]["bytes"]
    assert heads < 25 * 1024 * 1024


def test_the_committed_heads_fit_the_recipe_and_hold_no_tower() -> None:
    manifest = read_bundle(COMMITTED).manifest
    finished = replace(
        ARCHITECTURE,
        querybank=QUERYBANK,
        interaction=INTERACTION,
        word_shares=ByTitleRecipe().hidden,
    )
    assert read_architecture(manifest) == finished
    assert manifest["sources"].keys() == LABEL.sources.keys()
    assert "non-commercial" in str(manifest["licence"]).lower()
    CEClip(finished).load_heads(COMMITTED / "heads.safetensors")
