"""The model card of a bundle, written from its manifest: what it is, learned from, can do.

The manifest's `training` says how it came about. Known keys get words of their own: `recipe`,
`data` (text or a list), `pairs`, `epochs`, `seeds`, `split`, `deviations`, `machine`, `started`,
`hours`; whatever else stands there is listed as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CARD = "README.md"
WORDS = {
    "recipe": "Recipe",
    "data": "Learned from",
    "pairs": "Pairs",
    "split": "Split",
    "epochs": "Epochs",
    "steps": "Steps",
    "seeds": "Seeds",
    "seed": "Seed",
    "deviations": "Differences from the published recipe",
    "machine": "Machine",
    "started": "Started",
    "hours": "Hours",
}


def model_card(manifest: Mapping[str, Any]) -> str:
    """Markdown, the same for the same manifest."""
    parts = [
        f"# {manifest['name']} {manifest['version']}",
        "A model bundle for Ekphrasis: it finds poems that say what a picture says.",
        "## What it may be used for",
        str(manifest.get("licence", "Not stated.")),
        "## What it is made of",
        _network(manifest["architecture"]),
    ]
    sources = manifest.get("sources")
    if isinstance(sources, Mapping) and sources:
        parts += ["Files that others made:", _bullets([_source(*one) for one in sources.items()])]
    training = manifest.get("training")
    if isinstance(training, Mapping) and training:
        rows = [f"{WORDS.get(key, key)}: {_value(value)}" for key, value in training.items()]
        parts += ["## How it was trained", _bullets(rows)]
    metrics = manifest.get("metrics")
    if isinstance(metrics, Mapping) and metrics:
        parts += ["## What was measured", _bullets(_flat(metrics))]
    parts += ["## What nobody knows", _unknown(manifest)]
    return "\n\n".join(parts) + "\n"


def _network(architecture: Mapping[str, Any]) -> str:
    image, text = architecture.get("image", {}), architecture.get("text", {})
    cross = architecture.get("cross")
    rows = [
        f"Image tower: {image.get('kind')} {image.get('variant') or ''}".rstrip()
        + f", {image.get('size')} px",
        f"Text tower: {text.get('kind')}, {text.get('context')} tokens",
        f"Joint space: {architecture.get('joint')} dimensions",
        "Cross-encoder: none; poems are ranked by similarity alone"
        if cross is None
        else f"Cross-encoder: {cross.get('layers')} layers, {cross.get('width')} wide, "
        f"{cross.get('heads')} heads",
    ]
    return _bullets(rows)


def _source(name: str, source: Any) -> str:
    if not isinstance(source, Mapping):
        return f"`{name}`: {source}"
    place = source.get("repository") or source.get("package") or "unknown"
    version = source.get("revision") or source.get("version") or ""
    return f"`{name}`: {place} {version}".rstrip()


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(_value(one) for one in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _flat(metrics: Mapping[str, Any], before: str = "") -> list[str]:
    rows: list[str] = []
    for key, value in metrics.items():
        if isinstance(value, Mapping) and any(isinstance(one, Mapping) for one in value.values()):
            rows += _flat(value, f"{before}{key}, ")
        else:
            rows.append(f"{before}{key}: {_value(value)}")
    return rows


def _unknown(manifest: Mapping[str, Any]) -> str:
    said = manifest.get("limits")
    if said:
        return _value(said)
    if not manifest.get("metrics"):
        return "How well it finds poems: nothing has been measured. `ekphrasis evaluate` does it."
    return (
        "How well the figures above carry over to paintings: measure on pairs of your own with "
        "`ekphrasis evaluate`, and listen to what it chooses before visitors do."
    )


def _bullets(rows: list[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)
