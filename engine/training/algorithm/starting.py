"""The first weights: CLIP through open_clip, MPNet through transformers, hub or local folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.errors import InputError
from engine.model.architecture import (
    Architecture,
    CrossEncoderConfig,
    ImageTowerConfig,
    TextTowerConfig,
)
from engine.model.ceclip import CEClip, read_tensors
from engine.model.open_clip_towers import OpenClipReader, build
from engine.training.algorithm.recipe import NetworkRecipe, Recipe, WeightsRecipe

CLIP_FILE = "clip.safetensors"
LOCAL = "local-dir:"


def new_network(recipe: Recipe) -> tuple[CEClip, OpenClipReader]:
    """CE-CLIP with CLIP's and MPNet's weights, and new mappings drawn by the recipe's seed.

    Raises `InputError` where weights cannot be had or do not fit.
    """
    clip, weights, square = read_clip(recipe.weights)
    mpnet: tuple[dict[str, Any], dict[str, Tensor]] | None = None
    if recipe.network.cross_encoder:
        mpnet = read_mpnet(recipe.weights.mpnet)
    architecture = describe(clip, square, mpnet[0] if mpnet else None, recipe.network)
    torch.manual_seed(recipe.seed)
    network = CEClip(architecture)
    visual = "visual."
    image = {name: value for name, value in weights.items() if name.startswith(visual)}
    network.image_tower.net.load_state_dict(
        {name.removeprefix(visual): value for name, value in image.items()}
    )
    network.text_tower.net.load_state_dict(
        {name: value for name, value in weights.items() if name not in image}
    )
    if mpnet is not None:
        try:
            network.cross_encoder.load_mpnet(mpnet[1])
        except (KeyError, RuntimeError) as problem:
            raise InputError(
                f"The weights of {recipe.weights.mpnet} are not those of an MPNet that fits "
                f"({str(problem).splitlines()[0]})."
            ) from None
    return network, OpenClipReader(architecture.text.context)


def read_clip(weights: WeightsRecipe) -> tuple[dict[str, Any], dict[str, Tensor], dict[str, Any]]:
    """open_clip's model configuration, its state dict, and how pictures are made square."""
    import open_clip

    name = weights.clip
    tag = None if name.startswith((LOCAL, "hf-hub:")) else weights.pretrained
    try:
        config = open_clip.get_model_config(name)
        if config is None:
            raise InputError(f"open_clip knows no model {name!r}; see open_clip.list_models().")
        config = json.loads(json.dumps(config))
        if config.get("custom_text") or "hf_tokenizer_name" in config["text_cfg"]:
            raise InputError(
                f"A training begins from models with CLIP's own text half, which {name} has not; "
                "name another with --clip, ViT-B-32 or ViT-L-14 among them."
            )
        if tag is not None:
            told = open_clip.get_pretrained_cfg(name, tag)
            if not told:
                raise InputError(f"open_clip knows no weights {tag!r} for {name}.")
            # OpenAI's weights were trained with another GELU than the model's own entry says.
            config["quick_gelu"] = bool(told.get("quick_gelu", config.get("quick_gelu", False)))
        model = open_clip.create_model(name, pretrained=tag)
    except InputError:
        raise
    except Exception as problem:  # the hub's client, the file system and open_clip each have theirs
        raise InputError(
            f"The weights of CLIP ({name}{f', {tag}' if tag else ''}) cannot be had: "
            f"{_first_line(problem)}; check the name and the network, or give a folder as "
            f"--clip {LOCAL}FOLDER."
        ) from None
    square = dict(open_clip.get_model_preprocess_cfg(model))
    return config, dict(model.state_dict()), square


def read_mpnet(where: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """MPNet's configuration and weights from a folder, or from the model hub."""
    try:
        if Path(where).is_dir():
            config = json.loads((Path(where) / "config.json").read_text(encoding="utf-8"))
            return config, read_tensors(Path(where) / "model.safetensors")
        from transformers import MPNetModel

        model = MPNetModel.from_pretrained(where, use_safetensors=True)
        return model.config.to_dict(), dict(model.state_dict())
    except Exception as problem:  # as above
        raise InputError(
            f"The weights of MPNet ({where}) cannot be had: {_first_line(problem)}; check the "
            "name and the network, or give a folder with config.json and model.safetensors as "
            "--mpnet FOLDER."
        ) from None


def describe(
    clip: dict[str, Any],
    square: dict[str, Any],
    mpnet: dict[str, Any] | None,
    network: NetworkRecipe,
) -> Architecture:
    """The whole network as a manifest will say it."""
    known = ("embed_dim", "vision_cfg", "text_cfg", "quick_gelu")
    plain = {key: clip[key] for key in known if key in clip}
    built = build(plain)
    size, context = built.visual.image_size, int(built.context_length)
    cross = None
    if mpnet is not None:
        cross = CrossEncoderConfig(
            width=int(mpnet["hidden_size"]),
            layers=int(mpnet["num_hidden_layers"]),
            heads=int(mpnet["num_attention_heads"]),
            feedforward=int(mpnet["intermediate_size"]),
            mapping=network.mapping,
            passage_tokens=context,
            query_words=context,
            dropout=network.dropout,
            similarity=network.similarity,
            picture_reads=network.picture_reads,
            text_reads=network.text_reads,
            pad_inside=network.pad_inside,
            norm_eps=float(mpnet.get("layer_norm_eps", 1e-12)),
        )
    return Architecture(
        joint=int(clip["embed_dim"]),
        project_text=False,
        image=ImageTowerConfig(
            kind="open_clip",
            file=CLIP_FILE,
            size=int(size[0] if isinstance(size, (tuple, list)) else size),
            fit="crop",
            mean=tuple(float(one) for one in square["mean"]),
            std=tuple(float(one) for one in square["std"]),
            clip=plain,
        ),
        text=TextTowerConfig(kind="open_clip", file=CLIP_FILE, context=context, clip=plain),
        cross=cross,
    )


def _first_line(problem: Exception) -> str:
    lines = str(problem).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(problem).__name__
