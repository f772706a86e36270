"""Bundles travel as folders and archives; whatever is wrong with one, the installed one stays."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bundles import Bundle, find_bundle, find_bundles, sha256_of, verify_files
from engine.bundling import archive, swap
from engine.bundling.carrying import export_bundle, import_bundle, remove_bundle, write_manifest
from engine.errors import BundleError

FILES = {"heads.safetensors": b"heads" * 2000, "words/tokenizer.json": b'{"a": 1}'}


def make(folder: Path, version: str = "1", **changes: Any) -> Path:
    for name, data in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data + version.encode())
    manifest = {
        "format": 1,
        "name": "tiny",
        "version": version,
        "licence": "CC0",
        "architecture": {"joint": 8, "image": {"kind": "open_clip", "size": 32}, "cross": None},
        "training": {"recipe": "paper", "epochs": {"warm-up": 3}, "seeds": [1, 2], "data": ["A"]},
        "metrics": {"hold-out": {"R@1": 18.25, "median rank": 17}},
        "files": {name: {"sha256": sha256_of(folder / name)} for name in FILES},
    }
    write_manifest(folder, {**manifest, **changes})
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder of bundles, with version 1 of `tiny` in it."""
    import_bundle(make(tmp_path / "first"), tmp_path / "bundles")
    return tmp_path / "bundles"


def stands(bundles: Path) -> None:
    """The installed bundle is what it was, and nothing else lies about."""
    bundle = find_bundle(bundles, "tiny")
    assert bundle.version == "1"
    assert all(finding.ok for finding in verify_files(bundle))
    assert [path.name for path in bundles.iterdir()] == ["tiny"]


@pytest.mark.parametrize("name", ["out.zip", "out.tar", "out"])
def test_there_and_back(tmp_path: Path, installed: Path, name: str) -> None:
    out = tmp_path / "stick" / name
    exported = export_bundle(make(tmp_path / "second", "2"), out)
    assert exported.version == "2"
    assert list(out.parent.iterdir()) == [out], "no scratch files"
    proved: list[str] = []
    bundle = import_bundle(out, installed, prove=lambda one: proved.append(one.version))
    assert (bundle.version, proved) == ("2", ["2"])
    assert all(finding.ok for finding in verify_files(bundle))
    assert [one.name for one in find_bundles(installed)] == ["tiny"]
    card = (bundle.folder / "README.md").read_text()
    for word in ("tiny 2", "CC0", "paper", "warm-up 3", "1; 2", "18.25", "none; poems are ranked"):
        assert word in card
    assert stat.S_IMODE(bundle.folder.stat().st_mode) == 0o755


@pytest.mark.parametrize("name", ["out.zip", "out.tar"])
def test_the_same_bundle_gives_the_same_archive(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path / "one")
    export_bundle(folder, tmp_path / "a" / name)
    os.utime(folder / "heads.safetensors", (1, 1))
    (folder / "heads.safetensors").chmod(0o600)
    export_bundle(folder, tmp_path / "b" / name)
    assert sha256_of(tmp_path / "a" / name) == sha256_of(tmp_path / "b" / name)


@pytest.mark.parametrize("suffix", [".tar.gz", ".tar.xz"])
def test_archives_packed_by_hand(tmp_path: Path, installed: Path, suffix: str) -> None:
    """`tar czf` over the folder: one top folder, entries for folders, the manifest anywhere."""
    folder = make(tmp_path / "by-hand", "2")
    out = tmp_path / f"hand{suffix}"
    with tarfile.open(out, f"w:{suffix[5:]}") as packed:
        packed.add(folder, "by-hand")
    assert import_bundle(out, installed).version == "2"


def zipped(path: Path, members: dict[str, bytes], kind: int = stat.S_IFREG) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o644) << 16
            packed.writestr(info, data)
    return path


def rolled(path: Path, members: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w") as packed:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            info.size = len(data) if kind == tarfile.REGTYPE else 0
            packed.addfile(info, io.BytesIO(data))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "a/../../evil.json", "C:evil.json", "a\\evil.json"]
)
@pytest.mark.parametrize("pack", [zipped, rolled])
def test_names_that_lead_outside(
    tmp_path: Path, installed: Path, name: str, pack: Callable[..., Path]
) -> None:
    members = contents(make(tmp_path / "second", "2"))
    packed = pack(tmp_path / "evil.archive", {**members, name: b"{}"})
    with pytest.raises(BundleError, match="outside its own folder"):
        import_bundle(packed, installed)
    assert not list(tmp_path.rglob("*evil.json"))
    stands(installed)


def test_links_and_devices(tmp_path: Path, installed: Path) -> None:
    link = zipped(tmp_path / "link.zip", {"manifest.json": b"/etc/passwd"}, stat.S_IFLNK)
    with pytest.raises(BundleError, match="link or a device"):
        import_bundle(link, installed)
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        packed = rolled(tmp_path / "link.tar", {"manifest.json": b""}, kind)
        with pytest.raises(BundleError, match="link or a device"):
            import_bundle(packed, installed)
    folder = make(tmp_path / "second", "2")
    (folder / "heads.safetensors").unlink()
    (folder / "heads.safetensors").symlink_to("/etc/passwd")
    with pytest.raises(BundleError, match="no plain file"):
        import_bundle(folder, installed)
    stands(installed)


def test_a_bomb_stops_at_the_size_it_told(tmp_path: Path, installed: Path) -> None:
    members = contents(make(tmp_path / "second", "2"))
    members["heads.safetensors"] = b"\0" * 30_000_000  # 30 KB in the archive
    packed = zipped(tmp_path / "bomb.zip", members)
    manifest = json.loads(members["manifest.json"])
    manifest["files"]["heads.safetensors"]["bytes"] = 10_001
    members["manifest.json"] = json.dumps(manifest).encode()
    sized = zipped(tmp_path / "sized.zip", members)
    with pytest.raises(BundleError, match="30000000 bytes long and should be 10001"):
        import_bundle(sized, installed)
    with pytest.raises(BundleError, match="sha256"):
        import_bundle(packed, installed)
    zeros = zipped(tmp_path / "zeros.zip", {"manifest.json": b" " * 5_000_000})
    with pytest.raises(BundleError, match="far too large"):
        import_bundle(zeros, installed)
    stands(installed)


def test_a_size_that_no_bundle_has(tmp_path: Path, installed: Path) -> None:
    info = tarfile.TarInfo("heads.safetensors")
    info.size = 1 << 42  # said, not there
    out = tmp_path / "huge.tar"
    with out.open("wb") as file:
        file.write(info.tobuf())
        file.truncate(1 << 20)
    with pytest.raises(BundleError, match="far too large"):
        import_bundle(out, installed)
    stands(installed)


def test_no_room(tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr("engine.bundling.carrying.shutil.disk_usage", lambda _path: usage)
    with pytest.raises(BundleError, match="make room first"):
        import_bundle(make(tmp_path / "second", "2"), installed)
    stands(installed)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": 3}, "format 3"),
        ({"name": "../tiny"}, "calls its bundle"),
        ({"files": []}, "no table of files or"),
        ({"files": {"a.pkl": {"sha256": "0"}}}, "pickle"),
        ({"files": {"a.json": {"sha256": "0"}}}, "incomplete"),
        ({"files": {"/a.json": {"sha256": "0"}}}, "outside its own folder"),
    ],
)
@pytest.mark.parametrize("pack", [zipped, rolled, None])
def test_manifests_that_are_refused(
    tmp_path: Path,
    installed: Path,
    changes: dict[str, Any],
    says: str,
    pack: Callable[..., Path] | None,
) -> None:
    source = make(tmp_path / "second", "2", **changes)
    if pack is not None:
        source = pack(tmp_path / "packed", contents(source))
    with pytest.raises(BundleError, match=says):
        import_bundle(source, installed)
    stands(installed)


def test_wrong_contents(tmp_path: Path, installed: Path) -> None:
    members = contents(make(tmp_path / "second", "2"))
    flipped = bytearray(members["heads.safetensors"])
    flipped[77] ^= 1
    for pack in (zipped, rolled):
        changed = {**members, "heads.safetensors": bytes(flipped)}
        with pytest.raises(BundleError, match="sha256 of heads"):
            import_bundle(pack(tmp_path / "flipped", changed), installed)
        with pytest.raises(BundleError, match=r"does not name 'run\.py'"):
            import_bundle(pack(tmp_path / "more", {**members, "run.py": b""}), installed)
        with pytest.raises(BundleError, match=r"holds no manifest\.json"):
            import_bundle(pack(tmp_path / "none", {"a/b.json": b"", "c/d.json": b""}), installed)
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(tmp_path / "twice.zip", "w") as packed,
    ):
        packed.writestr("manifest.json", members["manifest.json"])
        packed.writestr("manifest.json", members["manifest.json"])
    with pytest.raises(BundleError, match="occurs twice"):
        import_bundle(tmp_path / "twice.zip", installed)
    with pytest.raises(BundleError, match="no file"):
        import_bundle(tmp_path / "nowhere.zip", installed)
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(BundleError, match="damaged or cut short"):
        import_bundle(tmp_path / "text.zip", installed)
    stands(installed)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(0, 0.999), name=st.sampled_from(["cut.zip", "cut.tar"]))
def test_an_archive_cut_short_anywhere(
    tmp_path: Path, installed: Path, share: float, name: str
) -> None:
    whole = tmp_path / "whole" / name
    if not whole.exists():
        export_bundle(make(tmp_path / "second", "2"), whole)
    data = whole.read_bytes()
    if name.endswith(".tar"):  # the last kilobytes of a tar are filling
        data = data.rstrip(b"\0")
    cut = tmp_path / name
    cut.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(BundleError):
        import_bundle(cut, installed)
    stands(installed)


def test_one_that_does_not_answer_as_it_should(tmp_path: Path, installed: Path) -> None:
    def prove(_bundle: Bundle) -> None:
        raise BundleError("other scores")

    with pytest.raises(BundleError, match="other scores"):
        import_bundle(make(tmp_path / "second", "2"), installed, prove=prove)
    stands(installed)


def test_a_system_without_exchange(
    tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "exchange", lambda _one, _other: False)
    assert import_bundle(make(tmp_path / "second", "2"), installed).version == "2"
    assert [path.name for path in installed.iterdir()] == ["tiny"]
    (installed / "tiny").rename(installed / ".tiny-aside")  # the machine stopped just then
    assert find_bundle(installed, "tiny").version == "2"


def test_exchange(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert swap.exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "b").exists()
    assert not swap.exchange(tmp_path / "a", tmp_path / "none")


def test_exports_that_are_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "one", licence="")
    with pytest.raises(BundleError, match="--licence"):
        export_bundle(folder, tmp_path / "out.zip")
    told = export_bundle(folder, tmp_path / "out.zip", licence="CC BY 4.0")
    assert told.licence == "CC BY 4.0"
    with pytest.raises(BundleError, match="not empty"):
        export_bundle(folder, tmp_path / "one", licence="CC0")
    (folder / "heads.safetensors").write_bytes(b"")
    with pytest.raises(BundleError, match="damaged"):
        export_bundle(folder, tmp_path / "broken.zip", licence="CC0")
    assert not (tmp_path / "broken.zip").exists()


def test_a_full_disk_leaves_no_half_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_write_tar", full)
    with pytest.raises(BundleError, match="No space left"):
        export_bundle(make(tmp_path / "one"), tmp_path / "out.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one"]


def test_a_disk_that_fills_up_while_importing(
    tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_fresh: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.bundling.carrying.swap_in", full)
    with pytest.raises(BundleError, match="No space left"):
        import_bundle(make(tmp_path / "second", "2"), installed)
    stands(installed)
    (tmp_path / "file").touch()
    with pytest.raises(BundleError, match="cannot be written"):
        import_bundle(tmp_path / "second", tmp_path / "file" / "bundles")


def test_remove(installed: Path) -> None:
    remove_bundle(installed / "tiny")
    assert list(installed.iterdir()) == []
    with pytest.raises(BundleError, match="not installed"):
        find_bundle(installed, "tiny")


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path, installed: Path) -> None:
    """SIGKILL while two versions take turns: one of them is always there, whole."""
    archives = []
    for version in ("1", "2"):
        folder = make(tmp_path / f"v{version}", version)
        big = folder / "heads.safetensors"
        big.write_bytes(version.encode() * 8_000_000)
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["files"][big.name] = {"sha256": sha256_of(big)}
        write_manifest(folder, manifest)
        archives.append(tmp_path / f"{version}.zip")
        export_bundle(folder, archives[-1])
    code = (
        "import sys; from pathlib import Path; from engine.bundling.carrying import import_bundle\n"
        "print('begun', flush=True)\n"
        "for _ in range(1000):\n"
        "    for source in sys.argv[2:]: import_bundle(Path(source), Path(sys.argv[1]))"
    )
    for milliseconds in (5, 20, 60, 110, 170, 230):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(installed), *map(str, archives)],
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(milliseconds / 1000)
            child.kill()
        bundle = find_bundle(installed, "tiny")
        assert all(finding.ok for finding in verify_files(bundle))
        assert [one.name for one in find_bundles(installed)] == ["tiny"]
    import_bundle(archives[0], installed)
    assert [path.name for path in installed.iterdir()] == ["tiny"], "what was left is swept away"
