"""A larger reader learns, finds and teaches; a cross-encoder is trained on what came of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.model.architecture import read_architecture
from engine.model.attention import TransformerShape
from engine.model.ceclip import CEClip
from engine.model.encoder import load_encoder
from engine.model.mpnet import MPNet
from engine.model.stored import restored
from engine.training.cross_anew import cross_anew
from engine.training.crossing import CrossingRecipe
from engine.training.larger_reader import FILES, LargerReader, LargerRecipe, pooled_by_length
from engine.training.late_layers import image_layers, text_layers, with_layers_of
from engine.training.recipes import RECIPE, recipes_of
from engine.training.taught import TaughtRecipe
from engine.training.teach import read_larger, read_texts, teach

Tiny = tuple[Path, dict[str, Any]]
LARGER = LargerRecipe(epochs=4, batch=8, rate=1e-3, warm_up=1)
CONFIG = {
    "vocab_size": 40,
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 130,
    "layer_norm_eps": 1e-5,
}


@pytest.fixture
def larger(tiny_bundle: Tiny, tmp_path: Path) -> Path:
    """A tiny MPNet in the files of a sentence encoder."""
    folder = tmp_path / "larger"
    folder.mkdir()
    torch.manual_seed(1)
    net = MPNet(
        TransformerShape(
            vocabulary=40, width=24, layers=2, heads=2, feedforward=32, places=130, norm_eps=1e-5
        )
    )
    with torch.no_grad():
        net.embeddings.word_embeddings.weight.normal_()
    save_file({**net.state_dict(), "pooler.dense.bias": torch.zeros(24)}, folder / FILES[1])
    (folder / "config.json").write_text(json.dumps(CONFIG))
    shutil.copy(tiny_bundle[0] / "tokenizer.json", folder)
    return folder


def test_a_texts_vector_does_not_hang_on_what_is_read_beside_it(larger: Path) -> None:
    reader = LargerReader(larger).eval()
    ids = reader.ids(["the sea", "a dog runs in snow and the sun sets", "moon"], 6)
    assert [len(row) for row in ids] == [4, 6, 3]
    assert ids[1][-1] == ids[0][-1]  # the end mark stays
    with torch.inference_mode():
        together = pooled_by_length(reader, ids, batch=2)
        alone = torch.cat([pooled_by_length(reader, [row]) for row in ids])
    torch.testing.assert_close(together, alone, atol=0.02, rtol=0.02)
    vectors = reader.vectors(ids)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(3))


def test_it_learns_once_and_leaves_some_poems_apart(
    larger: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = read_texts(data, LARGER)
    assert len(texts.apart) == len({pair.poem for pair in texts.pairs}) // 6
    assert len(texts.said) == 2 * len(texts.seen) + 8  # ten titles say something, two are held out
    found = read_larger(texts, LARGER, larger, tmp_path / "kept")
    told = capsys.readouterr().out
    losses = [float(line.rsplit(" ", 1)[1]) for line in told.splitlines() if "epoch" in line]
    assert len(losses) == 4
    assert losses[-1] < losses[0]
    assert found["asking"].shape == (len(texts.pairs), 24)
    again = read_larger(texts, LARGER, larger, tmp_path / "kept")
    assert "epoch" not in capsys.readouterr().out
    assert all(torch.equal(again[key], value) for key, value in found.items())
    # What it found can be worked out again from the weights that were kept.
    (tmp_path / "kept" / "larger.npz").unlink()
    anew = read_larger(texts, LARGER, larger, tmp_path / "kept")
    assert "epoch" not in capsys.readouterr().out
    torch.testing.assert_close(anew["said"], found["said"], atol=0.05, rtol=0.05)


def test_the_tower_is_taught_and_captions_stay_where_they_were(
    larger: Path,
    tiny_bundle: Tiny,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, manifest = tiny_bundle
    out = tmp_path / "out"
    recipe = TaughtRecipe(epochs=6, pairs=8, seen=6, rate=3e-3, map_rate=1e-3, warm_up=1)
    network = teach(
        recipe,
        LARGER,
        data=data,
        bundle=folder,
        folder=larger,
        kept=tmp_path / "kept",
        out=out,
        looking=True,
    )
    told = capsys.readouterr().out
    assert told.count("set apart:") == 6
    lines = [line for line in told.splitlines() if line.startswith("taught:")]
    parts = [[float(x) for x in line.split(": ")[2].split(", ")] for line in lines]
    assert sum(parts[-1]) < sum(parts[0])

    old, new = load_file(folder / "heads.safetensors"), load_file(out / "heads.safetensors")
    assert {name for name in new if name not in old} == {
        f"text_tower.net.{name}"
        for name in network.text_tower.net.state_dict()
        if name.startswith("encoder.layer.")
    }
    still = [name for name in old if not name.endswith("_projection.weight")]
    assert all(torch.equal(new[name], old[name]) for name in still)
    assert recipes_of(out / "heads.safetensors")["taught"]["epochs"] == 6
    tower = load_file(folder / "text_tower.safetensors")
    name = "encoder.layer.0.attention.self.query.weight"
    assert not torch.equal(new[f"text_tower.net.{name}"].float(), tower[name])

    # A kiosk loads it; a caption lies near where it lay, for all that the layers have moved.
    architecture = with_layers_of(read_architecture(manifest), out / "heads.safetensors")
    assert architecture == network.architecture
    changed = {**manifest, "architecture": architecture.to_json()}
    after = load_encoder(folder, changed, heads=out / "heads.safetensors")
    before = load_encoder(folder, manifest)
    captions = read_texts(data, LARGER).said[:20]
    cosines = (after.passages(captions) * before.passages(captions)).sum(axis=1)
    assert cosines.mean() > 0.9


def test_a_cross_encoder_is_trained_anew_and_nothing_else_moves(
    tiny_bundle: Tiny, data: Path, tmp_path: Path
) -> None:
    folder, _ = tiny_bundle
    (folder / RECIPE).write_text('{"taught": {"epochs": 3}}')
    recipe = CrossingRecipe(
        steps=4, batch=4, poem_batch=4, picture_depth=5, poem_depth=5, warm_up=1
    )
    cross_anew(
        recipe,
        data=data,
        bundle=folder,
        heads=folder / "heads.safetensors",
        kept=tmp_path / "kept",
        out=tmp_path / "out",
    )
    told = recipes_of(tmp_path / "out" / "heads.safetensors")
    assert told.keys() == {"taught", "crossing"}
    assert told["taught"] == {"epochs": 3}
    old = restored(load_file(folder / "heads.safetensors"))
    new = restored(load_file(tmp_path / "out" / "heads.safetensors"))
    parts = ("image_mapping.", "text_mapping.", "cross_encoder.")
    moved = {name for name in old if not torch.equal(new[name], old[name])}
    assert moved
    assert all(name.startswith(parts) for name in moved)


def test_heads_say_which_layers_they_hold(
    tmp_path: Path, make_network: Any, tiny_architecture: Any
) -> None:
    network: CEClip = make_network(1)
    last = len(network.image_tower.net._blocks)
    ours = {"image": image_layers(last), "text": text_layers(1, 2)}
    heads = tmp_path / "heads.safetensors"
    names = [
        *(f"image_tower.net.{layer}.weight" for layer in ours["image"][::-1]),
        *(f"text_tower.net.{layer}.output.bias" for layer in ours["text"]),
        "adapter.out.weight",
    ]
    save_file({name: torch.zeros(1) for name in names}, heads)
    found = with_layers_of(tiny_architecture, heads)
    assert found.image.ours == ours["image"]
    assert found.text.ours == ours["text"]
