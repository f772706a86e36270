"""Export and import: a bundle as a folder or one archive, from one machine to another.

An import is built and proved beside the installed bundle and takes its place in one step at the
end; whatever is wrong before that leaves the installed one as it was.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from engine.bundles import (
    CHUNK,
    MANIFEST,
    Bundle,
    Progress,
    check_manifest,
    read_bundle,
    require_sound,
    sha256_of,
    silent,
)
from engine.bundling.archive import SUFFIXES, Member, open_archive, write_archive
from engine.bundling.card import CARD, model_card
from engine.bundling.swap import alone, building, swap_in
from engine.errors import BundleError

MANIFEST_BYTES = 4 << 20  # more than any manifest; a bomb stops here
Prove = Callable[[Bundle], None]


def unproved(_bundle: Bundle) -> None:
    """For whoever has no model to prove with."""


def export_bundle(
    source: Path, out: Path, *, licence: str = "", progress: Progress = silent
) -> Bundle:
    """Write the bundle in `source` to `out`: a `.zip` or `.tar`, or else a new folder.

    Every file is checked first. A model card is written from the manifest where there is none.
    Raises `BundleError` where the bundle is not sound or nobody says what it may be used for.
    """
    bundle = read_bundle(source)
    require_sound(bundle, progress)
    manifest = json.loads(json.dumps(dict(bundle.manifest)))
    if licence:
        manifest["licence"] = licence
    if not manifest.get("licence"):
        raise BundleError(
            f"{source} does not say what it may be used for; say it with --licence, in a sentence."
        )
    if out.suffix not in SUFFIXES and out.exists() and any(out.iterdir()):
        raise BundleError(f"{out} is not empty; give the name of a new folder, a .zip or a .tar.")
    scratch = out.with_name(f".{out.name}.new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        files = {name: source / name for name in bundle.files}
        if CARD not in bundle.files:
            (scratch / CARD).write_text(model_card(manifest), encoding="utf-8")
            files[CARD] = scratch / CARD
            manifest["files"][CARD] = entry_of(scratch / CARD)
        manifest["files"] = {
            name: {**manifest["files"].get(name, {}), "bytes": path.stat().st_size}
            for name, path in sorted(files.items())
        }
        write_manifest(scratch, manifest)
        if out.suffix in SUFFIXES:
            write_archive(out, {MANIFEST: scratch / MANIFEST} | dict(sorted(files.items())))
        else:
            _copy(files, scratch)
            if out.exists():
                out.rmdir()
            scratch.rename(out)
    except OSError as problem:
        raise BundleError(f"{out} cannot be written ({problem}); check the disk.") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Bundle(out, manifest)


def import_bundle(
    source: Path, bundles_dir: Path, *, prove: Prove = unproved, progress: Progress = silent
) -> Bundle:
    """Install the bundle in `source`, a folder or an archive; nothing in it is run or unpickled.

    `prove` is given the new bundle before it takes the old one's place, and raises where it does
    not answer as it should. Raises `BundleError` with one sentence for whatever is wrong.
    """
    with _members(source) as members:
        manifest = _read_manifest(source, members[MANIFEST])
        name = str(manifest["name"])
        _check_contents(source, members, manifest, bundles_dir)
        with building(bundles_dir, name) as fresh:
            try:
                for member_name in sorted(manifest["files"]):
                    _unpack(source, members[member_name], member_name, manifest, fresh, progress)
                write_manifest(fresh, manifest)
            except OSError as problem:
                raise BundleError(
                    f"{source} cannot be installed ({problem}); check the disk."
                ) from None
            prove(Bundle(fresh, manifest))
            swap_in(fresh, bundles_dir / name)
    return read_bundle(bundles_dir / name)


def remove_bundle(folder: Path) -> None:
    """Take an installed bundle away; it is gone in one step, or still whole."""
    going = folder.with_name(f".{folder.name}-removed")
    with alone(folder.parent):
        folder.rename(going)
        shutil.rmtree(going, ignore_errors=True)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """The manifest as text that a person can read and a diff can show."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def entry_of(path: Path) -> dict[str, Any]:
    """What the manifest says of a file."""
    return {"sha256": sha256_of(path), "bytes": path.stat().st_size}


@contextmanager
def _members(source: Path) -> Iterator[Mapping[str, Member]]:
    if not source.is_dir():
        with open_archive(source, MANIFEST) as members:
            yield members
        return
    bundle = read_bundle(source)
    found = {}
    for name in (MANIFEST, *bundle.files):
        path = source / name
        if path.is_symlink() or not path.is_file():
            raise BundleError(f"{source} is incomplete: {name} is missing or is no plain file.")
        found[name] = Member(name, path.stat().st_size, lambda path=path: path.open("rb"))  # type: ignore[misc]
    yield found


def _read_manifest(source: Path, member: Member) -> Mapping[str, Any]:
    if member.size > MANIFEST_BYTES:
        raise BundleError(f"{source} is refused: its {MANIFEST} is far too large to be one.")
    with member.open() as handle:
        data = handle.read(MANIFEST_BYTES + 1)
    try:
        manifest = json.loads(data.decode("utf-8"))
    except ValueError as problem:
        raise BundleError(f"The {MANIFEST} in {source} cannot be read ({problem}).") from None
    check_manifest(source, manifest)
    told: Mapping[str, Any] = manifest
    return told


def _check_contents(
    source: Path, members: Mapping[str, Member], manifest: Mapping[str, Any], bundles_dir: Path
) -> None:
    named = {MANIFEST, *manifest["files"]}
    missing, strange = sorted(named - set(members)), sorted(set(members) - named)
    if missing:
        raise BundleError(f"{source} is incomplete: it lacks {missing[0]}; copy it again.")
    if strange:
        raise BundleError(
            f"{source} is refused: its manifest does not name {strange[0]!r}, which is in it."
        )
    total = sum(members[name].size for name in named)
    place = next(folder for folder in (bundles_dir, *bundles_dir.parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    if total > free:
        raise BundleError(
            f"The bundle in {source} needs {total / 1e6:,.0f} MB and {bundles_dir} has "
            f"{free / 1e6:,.0f} MB free; make room first."
        )


def _unpack(
    source: Path,
    member: Member,
    name: str,
    manifest: Mapping[str, Any],
    fresh: Path,
    progress: Progress,
) -> None:
    entry = manifest["files"][name]
    wanted = entry.get("bytes", member.size)
    if member.size != wanted:
        raise BundleError(
            f"{source} is refused: {name} is {member.size} bytes long and should be {wanted}."
        )
    target = fresh / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    done = 0
    with member.open() as handle, target.open("wb") as out:
        while block := _read(handle):
            done += len(block)
            if done > wanted:
                break
            digest.update(block)
            out.write(block)
            progress(name, done, wanted)
    if done != wanted:
        raise BundleError(f"{source} is refused: {name} is longer or shorter than it says.")
    if digest.hexdigest() != entry["sha256"]:
        raise BundleError(
            f"{source} is damaged: the sha256 of {name} is {digest.hexdigest()[:12]}…, not "
            f"{str(entry['sha256'])[:12]}…; copy it again from its source."
        )


def _read(handle: IO[bytes]) -> bytes:
    return handle.read(CHUNK)


def _copy(files: Mapping[str, Path], folder: Path) -> None:
    for name, path in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if path != target:
            shutil.copyfile(path, target)
