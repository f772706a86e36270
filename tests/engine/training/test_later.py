"""Training on: what stays is kept and read again, what learns learns, and a bundle comes of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from engine.bundles import read_bundle, verify_files
from engine.errors import BundleError
from engine.loading import check_scores
from engine.loading import load_encoder as load_bundle
from engine.model.architecture import QuerybankConfig
from engine.model.ceclip import CEClip
from engine.model.encoder import load_encoder, text_reader
from engine.model.image_towers import EfficientNetTower
from engine.model.pictures import PictureFormat
from engine.model.text_towers import padded
from engine.training import train_on
from engine.training.asking import AskingRecipe
from engine.training.changes import changed
from engine.training.finish import finish
from engine.training.late_features import (
    VIEWS,
    bert,
    cropped,
    early_texts,
    keep_maps,
    through,
)
from engine.training.later import LaterRecipe
from tests.engine.training.tiny_data import photograph
from tests.engine.training.tiny_packing import folder_with_card, tiny_label, with_towers

SETTLED = ("cross_encoder.out.weight", "cross_encoder.out.bias", "cross_encoder.trust")
FORM = PictureFormat(64, "stretch", (0.5,) * 3, (0.5,) * 3)
Tiny = tuple[Path, dict[str, Any]]
RECIPE = LaterRecipe(
    steps=6, pictures=8, poems=8, titles=4, title_pairs=9, first_text_layer=1, warm_up=1, average=0
)


@torch.inference_mode()
def test_kept_states_and_the_layers_after_them_say_what_the_tower_says(
    make_network: Callable[[int], CEClip], tiny_bundle: Tiny
) -> None:
    network = make_network(3)
    ids = text_reader(network, tiny_bundle[0]).ids(["the sea", "a dog runs in snow and the sun"])
    expected = network.text(*padded(ids))
    kept = early_texts(bert(network), ids, 1)
    hidden, mask = kept.batch([0, 1], 24)
    found = through(bert(network), hidden, mask, 1, 2)
    assert torch.equal(mask, expected.mask)
    real = mask.bool()
    torch.testing.assert_close(found[real], expected.tokens[real], atol=0.01, rtol=0.01)
    assert kept.batch([1, 0], 3)[0].shape == (2, 3, 32)


def test_maps_do_not_hang_on_the_order_or_on_a_stop(
    make_network: Callable[[int], CEClip], tmp_path: Path
) -> None:
    tower = make_network(3).image_tower
    assert isinstance(tower, EfficientNetTower)
    tower.fuse()
    names = [f"{number}.jpg" for number in range(5)]
    pictures = [(name, photograph(number)) for number, name in enumerate(names)]
    for view in VIEWS:
        whole = keep_maps(tower, FORM, pictures, names, view, tmp_path / "whole", batch=1)
        keep_maps(tower, FORM, pictures[3:], names, view, tmp_path / "parts", batch=1)
        again = keep_maps(tower, FORM, pictures[::-1], names, view, tmp_path / "parts", batch=1)
        assert np.isfinite(whole).all()
        assert np.abs(whole).max() > 0
        np.testing.assert_array_equal(whole, again)
        # What is there is not worked out again.
        kept = keep_maps(tower, FORM, [], names, view, tmp_path / "whole")
        np.testing.assert_array_equal(whole, kept)
    with pytest.raises(ValueError, match="other pictures"):
        keep_maps(tower, FORM, [], names[:2], "plain", tmp_path / "whole")


def test_a_crop_keeps_most_of_the_picture_and_its_shape() -> None:
    for seed in range(50):
        part = cropped(photograph(1), random.Random(seed))  # noqa: S311 - a draw
        assert 0.35 < part.width * part.height / (64 * 48) <= 1
        assert 0.75 < part.width / part.height / (64 / 48) < 1.35


@pytest.mark.parametrize("image_rate", [0.0, 1e-3])
def test_a_bundle_comes_of_it_and_only_what_learns_has_moved(
    image_rate: float, tiny_bundle: Tiny, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    folder, manifest = tiny_bundle
    out = tmp_path / "out"
    recipe = changed(RECIPE, [f"image_rate={image_rate}", "text_rate=0.01"])
    network = train_on.train_on(recipe, data, folder, tmp_path / "kept", out)

    told = capsys.readouterr().out
    assert "before:" in told
    assert "step 6 loss" in told
    weights, old = load_file(out / "heads.safetensors"), load_file(folder / "heads.safetensors")
    towers = {
        "image_tower": load_file(folder / "image_tower.safetensors"),
        "text_tower": load_file(folder / "text_tower.safetensors"),
    }
    ours = {name.split(".net.")[0] for name in weights if name not in old}
    assert ours == ({"text_tower", "image_tower"} if image_rate else {"text_tower"})
    text = [name for name in weights if name.startswith("text_tower.net.")]
    assert {name.split("layer.")[1][0] for name in text} == {"1"}
    before = towers["text_tower"]
    assert any(
        (weights[name].float() - before[name.removeprefix("text_tower.net.")]).abs().max() > 1e-3
        for name in text
    )
    # The cross-encoder is not trained here, the adapter with the image tower only.
    still = [name for name in old if name.startswith(("cross_encoder.", "image_mapping."))]
    moved = [name for name in old if name.startswith("adapter.")]
    assert all(torch.equal(weights[name], old[name]) for name in still)
    assert any(not torch.equal(weights[name], old[name]) for name in moved) == bool(image_rate)

    # A kiosk loads it, and it says what the training's network says.
    new = {**manifest, "architecture": network.architecture.to_json()}
    encoder = load_encoder(folder, new, heads=out / "heads.safetensors")
    texts = ["the sea is dark", "a dog runs"]
    reader = text_reader(network, folder)
    with torch.inference_mode():
        expected = network.passage_vector(network.text(*padded(reader.ids(texts))).pooled)
        seen = network.picture(torch.zeros(1, 3, 64, 64))[1]
    torch.testing.assert_close(
        torch.from_numpy(encoder.passages(texts)), expected, atol=0.01, rtol=0.01
    )
    grey = encoder.picture(Image.new("RGB", (64, 64), (127, 127, 127)))
    assert float(seen[0] @ torch.from_numpy(grey.vector)) > 0.95


def test_pictures_learn_beside_texts_that_stay_and_from_earlier_heads(
    tiny_bundle: Tiny, data: Path, tmp_path: Path
) -> None:
    folder, manifest = tiny_bundle
    early, one, other = folder / "heads.safetensors", tmp_path / "one", tmp_path / "other"
    recipe = changed(RECIPE, ["text_rate=0"])
    network = train_on.train_on(recipe, data, folder, tmp_path / "kept", one)
    new, old = load_file(one / "heads.safetensors"), load_file(early)
    texts = [name for name in old if name.endswith("_projection.weight")]
    assert texts
    assert all(torch.equal(new[name], old[name]) for name in texts)
    tower = load_file(folder / "text_tower.safetensors")
    for name, weight in new.items():
        if name.startswith("text_tower.net."):
            kept = tower[name.removeprefix("text_tower.net.")].half()
            assert torch.equal(weight, kept)
    assert any(not torch.equal(new[name], old[name]) for name in old if "adapter." in name)

    # A bundle of these heads, and a training that begins at the earlier ones: its towers are the
    # packages' again, and the same draws bring it to the same place.
    later = {**manifest, "architecture": network.architecture.to_json()}
    (folder / "manifest.json").write_text(json.dumps(later))
    early.rename(tmp_path / "early.safetensors")
    (one / "heads.safetensors").rename(early)
    begin = tmp_path / "early.safetensors"
    with pytest.raises(BundleError, match="do not fit"):
        load_encoder(folder, later, heads=begin)
    train_on.train_on(recipe, data, folder, tmp_path / "kept", other, begin)
    again = load_file(other / "heads.safetensors")
    assert again.keys() == new.keys()
    for name, weight in new.items():
        torch.testing.assert_close(again[name], weight, atol=1e-3, rtol=1e-3)


def test_what_was_trained_on_is_finished_into_a_bundle(
    tiny_bundle: Tiny, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    folder, _ = tiny_bundle
    out, heads = folder_with_card(tmp_path / "out"), folder / "heads.safetensors"
    finish(
        AskingRecipe(epochs=3, rate=0.01),
        QuerybankConfig(queries=3),
        tiny_label(folder),
        data=data,
        bundle=folder,
        heads=heads,
        kept=tmp_path / "kept",
        out=out,
    )

    told = capsys.readouterr().out
    assert "epoch 3 loss" in told
    assert "settled:" in told
    new, old = load_file(out / "heads.safetensors"), load_file(heads)
    moved = {name for name in old if not torch.equal(new[name], old[name])}
    banked = {"querybank.pictures", "querybank.words", "querybank.weights"}
    assert set(new) - set(old) == banked
    assert new["querybank.words"].shape == (3, new["words_projection.weight"].shape[0])
    assert "words_projection.weight" in moved
    assert moved <= {"words_projection.weight", *SETTLED}
    bundle = read_bundle(with_towers(out, folder))
    assert all(finding.ok for finding in verify_files(bundle))
    assert check_scores(bundle, load_bundle(bundle)).ok
    assert {"words_weight", "words_half", "lines_weight"} <= set(bundle.manifest["calibration"])
