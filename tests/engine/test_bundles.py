"""A bundle is either whole and right, or it is refused in words and nothing has changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.bundles import (
    Bundle,
    find_bundle,
    find_bundles,
    install,
    read_bundle,
    require_sound,
    sha256_of,
    verify_files,
)
from engine.errors import BundleError


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """What a package of weights carries."""
    file = tmp_path / "package" / "weights.bin"
    file.parent.mkdir()
    file.write_bytes(b"tower weights" * 1000)
    return file


@pytest.fixture
def template(tmp_path: Path, package: Path) -> Path:
    """A bundle as the project ships it: its own heads, and a tower that a package carries."""
    folder = tmp_path / "assets" / "tiny"
    folder.mkdir(parents=True)
    (folder / "heads.safetensors").write_bytes(b"heads" * 100)
    upper = tmp_path / "upper.bin"
    upper.write_bytes(package.read_bytes().upper())
    manifest = {
        "format": 1,
        "name": "tiny",
        "version": "1",
        "architecture": {"width": 8},
        "files": {
            "heads.safetensors": {"sha256": sha256_of(folder / "heads.safetensors")},
            "tower.safetensors": {"sha256": sha256_of(upper)},
        },
        "sources": {
            "tower.safetensors": {
                "package": "weights",
                "member": "weights.bin",
                "sha256": sha256_of(package),
                "convert": "upper",
            }
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def upper(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes().upper())


@pytest.fixture
def put(tmp_path: Path, template: Path, package: Path) -> Callable[[], Bundle]:
    def put_together() -> Bundle:
        return install(
            template,
            tmp_path / "bundles",
            find_member=lambda _package, _member: package,
            convert={"upper": upper},
        )

    return put_together


def edit(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, **changes}))


def test_install_and_find(tmp_path: Path, put: Callable[[], Bundle]) -> None:
    bundle = put()
    assert bundle.missing() == []
    assert all(finding.ok for finding in verify_files(bundle))
    assert [found.name for found in find_bundles(tmp_path / "bundles")] == ["tiny"]
    assert find_bundle(tmp_path / "bundles", "tiny").fingerprint == bundle.fingerprint
    assert list((tmp_path / "bundles").iterdir()) == [bundle.folder]


def test_installing_again_does_nothing_over(put: Callable[[], Bundle], package: Path) -> None:
    bundle = put()
    before = {path.name: path.stat().st_mtime_ns for path in bundle.folder.iterdir()}
    package.unlink()
    assert put().folder == bundle.folder
    assert {path.name: path.stat().st_mtime_ns for path in bundle.folder.iterdir()} == before


@pytest.mark.parametrize("name", ["heads.safetensors", "tower.safetensors"])
def test_one_flipped_byte(put: Callable[[], Bundle], name: str) -> None:
    bundle = put()
    data = bytearray((bundle.folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (bundle.folder / name).write_bytes(data)
    with pytest.raises(BundleError, match=f"{name} is damaged"):
        require_sound(bundle)
    assert all(finding.ok for finding in verify_files(put())), "installing again mends it"


def test_a_missing_file(put: Callable[[], Bundle]) -> None:
    bundle = put()
    (bundle.folder / "tower.safetensors").unlink()
    assert bundle.missing() == ["tower.safetensors"]
    with pytest.raises(BundleError, match="missing"):
        require_sound(bundle)


def test_another_package_than_expected(
    tmp_path: Path, put: Callable[[], Bundle], package: Path
) -> None:
    package.write_bytes(b"something else")
    with pytest.raises(BundleError, match="sha256 differs"):
        put()
    assert list((tmp_path / "bundles").iterdir()) == []


def test_an_interrupted_installation_leaves_the_old_one(
    tmp_path: Path, template: Path, put: Callable[[], Bundle], package: Path
) -> None:
    bundle = put()
    edit(template, version="2")

    def interrupted(_package: str, _member: str) -> Path:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install(template, tmp_path / "bundles", find_member=interrupted, convert={"upper": upper})
    assert read_bundle(bundle.folder).version == "1"
    assert all(finding.ok for finding in verify_files(bundle))
    leftover = tmp_path / "bundles" / ".tiny-killed"  # as SIGKILL would leave it
    shutil.copytree(bundle.folder, leftover)
    assert put().version == "2"
    assert not leftover.exists()


def test_fingerprint_follows_weights_and_network_only(
    template: Path, put: Callable[[], Bundle]
) -> None:
    first = read_bundle(template).fingerprint
    edit(template, licence="another sentence", metrics={"R@1": 20.0})
    assert read_bundle(template).fingerprint == first
    edit(template, calibration={"words_weight": 0.7})
    assert read_bundle(template).fingerprint == first
    edit(template, calibration={"words_weight": 0.7, "subjects_weight": 0.5})
    with_subjects = read_bundle(template).fingerprint
    assert with_subjects != first, "a passage's vector is another one"
    edit(template, calibration={"words_weight": 0.7, "lines_weight": 0.0})
    assert read_bundle(template).fingerprint == first
    edit(template, calibration={"words_weight": 0.7, "lines_weight": 0.2})
    with_lines = read_bundle(template).fingerprint
    assert with_lines not in {first, with_subjects}, "a reading has more in it"
    edit(template, calibration={"words_weight": 0.7, "lines_weight": 0.5})
    assert read_bundle(template).fingerprint == with_lines
    edit(template, architecture={"width": 9})
    assert read_bundle(template).fingerprint not in {first, with_subjects, with_lines}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be read"),
        ("[]", "not a bundle's manifest"),
        ('{"format": 3}', "format 3; this version of the kiosk reads formats 1 and 2"),
        ('{"format": 1, "name": "a", "version": "1", "files": {}}', "lacks 'architecture'"),
        (
            '{"format": 1, "name": "a", "version": "1", "architecture": {}, '
            '"files": {"../../etc/passwd": {"sha256": "0"}}}',
            "outside its own folder",
        ),
        (
            '{"format": 1, "name": "a", "version": "1", "architecture": {}, "files": {"a": {}}}',
            "no sha256",
        ),
    ],
)
def test_unusable_manifests(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BundleError, match=says):
        read_bundle(tmp_path)


@pytest.mark.parametrize("number", [1, 2])
def test_bundles_of_an_earlier_format_are_read(template: Path, number: int) -> None:
    edit(template, format=number)
    assert read_bundle(template).name == "tiny"


def test_no_manifest_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no manifest\.json"):
        read_bundle(tmp_path)
    assert find_bundles(tmp_path / "nowhere") == []
    with pytest.raises(BundleError, match="not installed"):
        find_bundle(tmp_path, "compact")
