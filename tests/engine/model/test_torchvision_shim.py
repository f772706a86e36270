"""The shim acts where torchvision's own library does not load, and only there."""

from __future__ import annotations

import importlib.machinery
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine.model import torchvision_shim

ASK = """
import importlib.util
from pathlib import Path
from engine.model import torchvision_shim as shim
folder = Path(importlib.util.find_spec("torchvision").origin).parent
loads = shim.own_library_loads(folder)
needed, again = shim.prepare_torchvision(), shim.prepare_torchvision()
assert needed is not loads, (needed, loads)
assert again is False
import torchvision
from transformers import BertModel
assert shim.prepare_torchvision() is False
"""

TOWERS = """
import sys
import engine.model.encoder
import engine.model.open_clip_towers
import torchvision.transforms
"""


def test_open_clips_towers_can_be_imported_behind_the_encoder() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOWERS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_torchvision_and_transformers_can_be_imported() -> None:
    # A process of its own, because an import happens only once.
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_it_does_nothing_once_torchvision_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchvision", torch)
    monkeypatch.setattr(torchvision_shim, "_declared", [])
    assert torchvision_shim.prepare_torchvision() is False
    assert torchvision_shim._declared == []


def test_a_library_that_is_missing_or_broken_does_not_load(tmp_path: Path) -> None:
    assert torchvision_shim.own_library_loads(tmp_path) is False
    (tmp_path / f"_C{importlib.machinery.EXTENSION_SUFFIXES[-1]}").write_bytes(b"no library")
    assert torchvision_shim.own_library_loads(tmp_path) is False


def test_a_library_that_loads_is_left_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"_C{importlib.machinery.EXTENSION_SUFFIXES[-1]}"
    file.write_bytes(b"")
    loaded: list[str] = []
    monkeypatch.setattr(torch.ops, "load_library", loaded.append)
    assert torchvision_shim.own_library_loads(tmp_path) is True
    assert loaded == [str(file)]
