"""A trained network as a bundle's template: heads, manifest, known picture, model card.

`python -m engine.training.packing FOLDER` brings the manifest's sha256 up to date after the model
card was edited; trained weights are only ever written by a training.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from engine.bundles import FORMAT, MANIFEST, sha256_of
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, Encoder, load_encoder
from engine.training.check_picture import TEXTS, check_picture

CHECK = "check.png"
CARD = "README.md"


@dataclass(frozen=True, slots=True)
class Source:
    """A bundle's file that is not ours to ship, and the package that carries it."""

    package: str
    version: str
    member: str  # path in site-packages
    sha256: str  # of the member, before any conversion
    convert: str | None = None  # "state-dict-to-safetensors"

    def to_json(self) -> dict[str, Any]:
        """As in the manifest."""
        return {
            "package": self.package,
            "version": self.version,
            "member": self.member,
            "sha256": self.sha256,
            "convert": self.convert,
        }


@dataclass(frozen=True, slots=True)
class Label:
    """What a manifest says besides what can be worked out."""

    name: str
    version: str
    licence: str
    sources: Mapping[str, Source]
    tolerance: float = 0.001  # of similarities and scores from one machine to another


def pack(
    network: CEClip,
    towers: Path,
    out: Path,
    label: Label,
    calibration: Mapping[str, float],
    metrics: Mapping[str, Any],
) -> None:
    """Write heads, known picture and manifest into `out`, whose README.md is the model card.

    `towers` holds the files that `label.sources` names. The check's figures come from the files
    as they were written, half precision and all.
    """
    out.mkdir(parents=True, exist_ok=True)
    network.save_heads(out / HEADS)
    (out / HEADS).chmod(0o644)
    if not (out / CHECK).exists():
        check_picture().save(out / CHECK)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": label.name,
        "version": label.version,
        "licence": label.licence,
        "architecture": network.architecture.to_json(),
        "calibration": dict(calibration),
        "sources": {name: source.to_json() for name, source in label.sources.items()},
        "metrics": dict(metrics),
    }
    # The encoder that a kiosk will load: towers from one folder, heads from another.
    encoder = load_encoder(towers, manifest, heads=out / HEADS)
    manifest["check"] = known_answers(encoder, out / CHECK) | {"tolerance": label.tolerance}
    manifest["files"] = {
        name: _entry(towers / name if name in label.sources else out / name)
        for name in sorted([HEADS, CHECK, CARD, *label.sources])
    }
    _write(out, manifest)


def known_answers(encoder: Encoder, picture: Path) -> dict[str, Any]:
    """What the encoder says of the known picture and the known texts."""
    with Image.open(picture) as image:
        query = encoder.picture(image.convert("RGB"))
    return {
        "picture": picture.name,
        "texts": list(TEXTS),
        "similarities": [round(float(x), 6) for x in encoder.passages(TEXTS) @ query.vector],
        "scores": [round(float(x), 6) for x in encoder.score(query, TEXTS)],
    }


def seal(folder: Path) -> None:
    """Bring the manifest up to date after the model card or another file here was edited."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for name in manifest["files"]:
        if (folder / name).is_file():
            manifest["files"][name] = _entry(folder / name)
    _write(folder, manifest)


def _write(folder: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _entry(path: Path) -> dict[str, Any]:
    return {"sha256": sha256_of(path), "bytes": path.stat().st_size}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Bring a bundle's manifest up to date.")
    parser.add_argument("folder", type=Path)
    seal(parser.parse_args().folder)
