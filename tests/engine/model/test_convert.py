"""A package's pickle becomes safetensors, and nothing in it is run."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from engine.errors import BundleError
from engine.model.convert import state_dict_to_safetensors


class Harmful:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.write_text, (self.path, "run"))


def test_the_same_tensors_and_the_same_bytes_every_time(tmp_path: Path) -> None:
    shared = torch.arange(6.0)
    weights = {"b": shared, "a": shared.view(2, 3), "c": torch.tensor(3), "t": torch.ones(3, 2).T}
    torch.save(weights, tmp_path / "one.pth")
    torch.save(dict(reversed(weights.items())), tmp_path / "two.pth")
    for name in ("one", "two"):
        state_dict_to_safetensors(tmp_path / f"{name}.pth", tmp_path / f"{name}.safetensors")
    first, second = (tmp_path / f"{name}.safetensors" for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()
    found = load_file(first)
    assert found.keys() == weights.keys()
    assert all(torch.equal(found[name], weights[name]) for name in weights)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".pth"] * 2 + [".safetensors"] * 2


def test_code_in_a_pickle_is_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    torch.save({"w": Harmful(mark)}, tmp_path / "bad.pth")
    with pytest.raises(BundleError, match=r"bad\.pth"):
        state_dict_to_safetensors(tmp_path / "bad.pth", tmp_path / "out.safetensors")
    assert not mark.exists()
    assert not (tmp_path / "out.safetensors").exists()


@pytest.mark.parametrize("content", [b"", b"no weights here", pickle.dumps([1, 2])])
def test_what_is_no_state_dict_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.pth").write_bytes(content)
    with pytest.raises(BundleError, match=r"bad\.pth"):
        state_dict_to_safetensors(tmp_path / "bad.pth", tmp_path / "out.safetensors")


def test_tensors_without_names_are_refused(tmp_path: Path) -> None:
    torch.save([torch.ones(2)], tmp_path / "list.pth")
    with pytest.raises(BundleError, match="weights by name"):
        state_dict_to_safetensors(tmp_path / "list.pth", tmp_path / "out.safetensors")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"gone\.pth"):
        state_dict_to_safetensors(tmp_path / "gone.pth", tmp_path / "out.safetensors")
