"""`bundles install clip` and `install paper`: towers that others trained, fetched and wrapped.

1. open_clip's own table says which repository holds a model's weights and how pictures are
   prepared for it; `hf-hub:ORGANISATION/MODEL` asks that repository itself.
2. Weights come as safetensors or not at all: a pickle may run code when it is opened.
3. The bundle's files keep open_clip's names, so that its folder is also a `local-dir:` that a
   training can begin from; `paper` adds the MPNet that its cross-encoder begins as, in `mpnet/`.
4. Nothing was trained, so there is no cross-encoder and poems are ranked by similarity.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.bundles import FORMAT, Bundle, Progress, read_bundle, silent
from engine.bundling.card import CARD, model_card
from engine.bundling.carrying import Prove, entry_of, unproved, write_manifest
from engine.bundling.hub import Hub, Repository
from engine.bundling.swap import building, swap_in
from engine.errors import BundleError

MODEL, PRETRAINED = "ViT-B-32", "openai"  # what the paper uses
MPNET = "sentence-transformers/multi-qa-mpnet-base-dot-v1"  # 215 million questions and answers
HUB_PREFIX = "hf-hub:"
WEIGHTS = "open_clip_model.safetensors"
UNTRAINED = "none; the towers as their makers published them"
CONFIG = "open_clip_config.json"
TOKENIZER = "tokenizer.json"
MPNET_FILES = ("model.safetensors", "config.json")
OFFERED = (WEIGHTS, "open_clip_pytorch_model.safetensors")
FITS = {"shortest": "crop", "squash": "stretch", "longest": "pad"}
# Of a title and a description beside the picture. Not fitted: nobody has trained here. Texts lie
# nearer to one another than to pictures, so an even share would leave the picture unheard.
WORDS_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class ClipModel:
    """One of open_clip's models, before its weights are there."""

    title: str  # "ViT-B-32 openai"
    repository: str
    weights: Sequence[str] = OFFERED  # names of the file, the best first
    model_cfg: Mapping[str, Any] | None = None  # None: the repository's own configuration says
    preprocess: Mapping[str, Any] | None = None


def find_model(model: str = MODEL, pretrained: str = PRETRAINED) -> ClipModel:
    """The model that open_clip knows by this name. Raises `BundleError` naming what there is."""
    if model.startswith(HUB_PREFIX):
        repository = model.removeprefix(HUB_PREFIX)
        return ClipModel(repository, repository)
    from engine.model.torchvision_shim import prepare_torchvision

    prepare_torchvision()
    import open_clip

    config = open_clip.get_model_config(model)
    if config is None:
        near = ", ".join(_near(model, open_clip.list_models()))
        raise BundleError(
            f"open_clip knows no model {model!r} (it knows {near} and others); see its list of "
            f"models, or name a repository as {HUB_PREFIX}ORGANISATION/MODEL."
        )
    told = open_clip.get_pretrained_cfg(model, pretrained)
    if not told:
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(model)) or "none"
        raise BundleError(f"{model} has no weights called {pretrained!r}; it has: {tags}.")
    repository, _, file = told.get("hf_hub", "").rpartition("/")
    if not repository:
        raise BundleError(f"The weights {pretrained!r} of {model} are not on a model hub.")
    # The tag knows which activation its weights were trained with; the name alone does not.
    config = {**config, "quick_gelu": bool(told.get("quick_gelu", config.get("quick_gelu")))}
    weights = (file, *OFFERED) if file.endswith(".safetensors") else OFFERED
    return ClipModel(f"{model} {pretrained}", repository, weights, config, told)


def install_clip(
    bundles_dir: Path,
    hub: Hub,
    model: ClipModel,
    *,
    name: str = "clip",
    mpnet: str | None = None,
    prove: Prove = unproved,
    progress: Progress = silent,
) -> Bundle:
    """Fetch the towers (and the MPNet to begin from, where one is named) and install the bundle.

    An installed bundle of this name stays until the new one is whole and has answered.
    """
    repository = hub.repository(model.repository)
    files = {WEIGHTS: (repository, _weights(model, repository))}
    config, preprocess = model.model_cfg, model.preprocess
    if config is None:
        if CONFIG not in repository.files:
            raise BundleError(f"{repository.name} has no {CONFIG}, so it is no open_clip model.")
        told = _json(hub.bring(repository, CONFIG, progress))
        config, preprocess = told.get("model_cfg"), told.get("preprocess_cfg", {})
    if not isinstance(config, Mapping) or not isinstance(preprocess, Mapping):
        raise BundleError(f"The {CONFIG} of {repository.name} describes no model.")
    config, words = _words(hub, config, progress)
    files |= words
    if mpnet is not None:
        begins = hub.repository(mpnet)
        files |= {f"mpnet/{one}": (begins, one) for one in MPNET_FILES}
    brought = {
        target: hub.bring(whence, file, progress) for target, (whence, file) in files.items()
    }
    with building(bundles_dir, name) as fresh:
        for target, path in brought.items():
            (fresh / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, fresh / target)
        if mpnet is not None:
            _check_mpnet(mpnet, fresh / "mpnet" / MPNET_FILES[0])
        whole = {"model_cfg": config, "preprocess_cfg": _preprocess(preprocess)}
        (fresh / CONFIG).write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
        manifest = _manifest(name, model, config, preprocess, files)
        _finish(fresh, manifest, [*files, CONFIG])
        prove(Bundle(fresh, manifest))
        swap_in(fresh, bundles_dir / name)
    return read_bundle(bundles_dir / name)


def _weights(model: ClipModel, repository: Repository) -> str:
    for file in model.weights:
        if file in repository.files:
            return file
    raise BundleError(
        f"{repository.name} offers no {' or '.join(OFFERED)}; its other files are pickles, which "
        "can run code, or another library's. Choose other weights."
    )


def _words(
    hub: Hub, config: Mapping[str, Any], progress: Progress
) -> tuple[Mapping[str, Any], dict[str, tuple[Repository, str]]]:
    """The tokeniser of a model that does not use CLIP's own, and what fills its texts up."""
    text = dict(config.get("text_cfg", {}))
    named = text.get("hf_tokenizer_name")
    if not named:
        return config, {}
    kwargs = text.get("tokenizer_kwargs", {})
    if text.get("tokenizer_mode") or set(kwargs) - {"clean"}:
        raise BundleError(f"The tokeniser of this model ({named}) works in a way not known here.")
    repository = hub.repository(named)
    if TOKENIZER not in repository.files:
        raise BundleError(f"{named} has no {TOKENIZER}; choose another model.")
    about: Mapping[str, Any] = {}
    if "tokenizer_config.json" in repository.files:
        about = _json(hub.bring(repository, "tokenizer_config.json", progress))
    tokenizer = _json(hub.bring(repository, TOKENIZER, progress))
    text["pad_id"] = _pad(about, tokenizer, int(text.get("pad_id", 0)))
    return {**config, "text_cfg": text}, {TOKENIZER: (repository, TOKENIZER)}


def _pad(about: Mapping[str, Any], tokenizer: Mapping[str, Any], otherwise: int) -> int:
    """The id of the tokeniser's padding."""
    padding = tokenizer.get("padding")
    if isinstance(padding, Mapping) and "pad_id" in padding:
        return int(padding["pad_id"])
    token = about.get("pad_token")
    content = token.get("content") if isinstance(token, Mapping) else token
    for added in tokenizer.get("added_tokens", ()):
        if added.get("content") == content:
            return int(added["id"])
    vocabulary = tokenizer.get("model", {}).get("vocab", {})
    return int(vocabulary.get(content, otherwise)) if isinstance(vocabulary, dict) else otherwise


def _manifest(
    name: str,
    model: ClipModel,
    config: Mapping[str, Any],
    preprocess: Mapping[str, Any],
    files: Mapping[str, tuple[Repository, str]],
) -> dict[str, Any]:
    text = config["text_cfg"]
    size = config["vision_cfg"].get("image_size", 224)
    told = _preprocess(preprocess)
    repositories = {one.name: one for one, _ in files.values()}
    return {
        "format": FORMAT,
        "name": name,
        "version": model.title,
        "licence": "As its sources say: "
        + "; ".join(f"{one.name}: {one.licence or 'not stated'}" for one in repositories.values())
        + ".",
        "architecture": {
            "joint": config["embed_dim"],
            "project_text": False,
            "image": {
                "kind": "open_clip",
                "file": WEIGHTS,
                "size": size if isinstance(size, int) else max(size),
                "fit": FITS.get(str(told["resize_mode"]), "crop"),
                "mean": list(told["mean"]),
                "std": list(told["std"]),
                "clip": config,
            },
            "text": {
                "kind": "open_clip",
                "file": WEIGHTS,
                "context": int(text.get("context_length", 77)),
                "tokenizer": TOKENIZER if TOKENIZER in files else "",
                "clip": config,
            },
            "cross": None,
        },
        "calibration": {"words_weight": WORDS_WEIGHT},
        "sources": {
            target: {"repository": one.name, "revision": one.revision, "member": file}
            for target, (one, file) in files.items()
        },
        "training": {"recipe": UNTRAINED},
    }


def _preprocess(told: Mapping[str, Any]) -> dict[str, Any]:
    # open_clip's own defaults, for configurations that leave them out.
    return {
        "mean": tuple(told.get("mean") or (0.48145466, 0.4578275, 0.40821073)),
        "std": tuple(told.get("std") or (0.26862954, 0.26130258, 0.27577711)),
        "interpolation": told.get("interpolation", "bicubic"),
        "resize_mode": told.get("resize_mode", "shortest"),
    }


def _finish(fresh: Path, manifest: dict[str, Any], files: list[str]) -> None:
    """Ask the known picture once, write the card, and enter every file."""
    from engine.model.encoder import load_encoder
    from engine.training.check_picture import check_picture
    from engine.training.packing import CHECK, known_answers

    check_picture().save(fresh / CHECK)
    manifest["check"] = {
        **known_answers(load_encoder(fresh, manifest), fresh / CHECK),
        "tolerance": 0.001,
    }
    (fresh / CARD).write_text(model_card(manifest), encoding="utf-8")
    manifest["files"] = {one: entry_of(fresh / one) for one in sorted([*files, CHECK, CARD])}
    write_manifest(fresh, manifest)


def _check_mpnet(name: str, file: Path) -> None:
    """Whether this is an MPNet as `transformers` lays it out, before a training finds out."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), "numpy") as weights:
            names = set(weights.keys())
    except (SafetensorError, OSError) as problem:
        raise BundleError(f"The weights of {name} cannot be read ({problem}).") from None
    for wanted in ("embeddings.word_embeddings.weight", "encoder.layer.0.attention.attn.q.weight"):
        if wanted not in names:
            raise BundleError(
                f"{name} is no MPNet (it has no {wanted}); name another with --mpnet."
            )


def _near(model: str, models: list[str]) -> list[str]:
    import difflib

    return difflib.get_close_matches(model, models, n=4, cutoff=0.3) or models[:4]


def _json(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BundleError(f"{path.name} from the hub cannot be read ({problem}).") from None
    if not isinstance(told, dict):
        raise BundleError(f"{path.name} from the hub is not what it should be.")
    return told
