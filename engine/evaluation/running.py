"""From a folder of pairs and the methods' bundles to the tables: what `evaluate --table` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.bundles import MANIFEST, Bundle, Progress, find_bundle, read_bundle, silent
from engine.bundling.clip import UNTRAINED
from engine.data.pairs import PAIRS, PoemPair, read_captions, read_pairs, read_split, sides
from engine.errors import BundleError, InputError
from engine.evaluation.alternatives import (
    CAPTION,
    KEYWORDS,
    SENTIMENT,
    by_caption,
    by_keywords,
    by_sentiment,
    object_names,
    picture_vectors,
)
from engine.evaluation.published import METHODS, Method
from engine.evaluation.ranking import Cut, Pair, Scored, score_pairs, whole
from engine.evaluation.short_lists import Point, short_list_curve
from engine.evaluation.tables import Table, both_tables
from engine.loading import load_encoder
from engine.types import QueryEncoder

ZERO_SHOT = ("clip", "paper")  # installed bundles that may serve for it
SEED = 2022


@dataclass(frozen=True, slots=True)
class Found:
    """Where each method's bundle is, and why there is none for the others."""

    bundles: Mapping[str, Bundle]
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tables, and the short list's cost where a cross-encoder was among the methods."""

    tables: Sequence[Table]
    short_lists: Sequence[Point]


def find_methods(named: Mapping[str, str], bundles_dir: Path, runs: Path) -> Found:
    """The bundle of each method: the one that was named, or else where its recipe leaves it.

    `named` has for a method's key an installed bundle's name, a bundle's folder or a run's.
    Raises `BundleError` for one that was named and is not there.
    """
    bundles: dict[str, Bundle] = {}
    why: dict[str, str] = {}
    for method in METHODS:
        if named.get(method.key):
            bundles[method.key] = _bundle(named[method.key], bundles_dir)
            continue
        run = runs / method.recipe
        untrained = _untrained(bundles_dir) if method.share == 0 else None
        if (run / "bundle" / MANIFEST).is_file():
            bundles[method.key] = read_bundle(run / "bundle")
        elif untrained is not None:
            bundles[method.key] = untrained
        else:
            why[method.key] = (
                f"no run in {run}; `ekphrasis train --recipe {method.recipe}` makes one, or "
                f"name another with --{method.key}"
            )
    return Found(bundles, why)


def _untrained(bundles_dir: Path) -> Bundle | None:
    """Towers as their makers published them; a trained `paper` may stand under the same name."""
    for name in ZERO_SHOT:
        if (bundles_dir / name / MANIFEST).is_file():
            bundle = read_bundle(bundles_dir / name)
            if str(bundle.manifest.get("training", {}).get("recipe", "")) == UNTRAINED:
                return bundle
    return None


def _bundle(named: str, bundles_dir: Path) -> Bundle:
    for folder in (Path(named), Path(named) / "bundle"):
        if (folder / MANIFEST).is_file():
            return read_bundle(folder)
    if "/" in named:
        raise BundleError(f"There is no bundle in {named}, and no run that ended in one.")
    return find_bundle(bundles_dir, named)


def held_out(folder: Path) -> list[PoemPair]:
    """The pairs of the folder's hold-out; all of them where it has no split.

    Raises `InputError` where that leaves none, or a picture is not there.
    """
    pairs = read_pairs(folder)
    split = read_split(folder)
    if split is not None:
        pairs = sides(pairs, split)[1]
    if not pairs:
        raise InputError(f"{folder} holds nothing out; its split.json has an empty test side.")
    missing = [pair for pair in pairs if not pair.image.is_file()]
    if missing:
        raise InputError(
            f"{len(missing)} pictures of the hold-out are not there, {missing[0].image} among "
            "them; fetch them, or leave their pairs out."
        )
    return pairs


def run_tables(
    folder: Path,
    found: Found,
    *,
    numbers: Sequence[int],
    seed: int = SEED,
    device: str = "cpu",
    with_alternatives: bool = True,
    cut: Cut = whole,
    say: Callable[[str], None] = lambda _sentence: None,
    progress: Progress = silent,
) -> Outcome:
    """Score the hold-out with every method that is there, and make the tables.

    A bundle that several methods share is scored once. `cut` gives a poem's passages; without it a
    poem is one passage, cut off at the towers' context, as published.
    """
    pairs = held_out(folder)
    asked = [Pair(pair.text, image=pair.image) for pair in pairs]
    scored: dict[str, tuple[Scored, bool, Mapping[str, str]]] = {}
    by_fingerprint: dict[str, Scored] = {}
    besides: dict[str, tuple[Method, Scored | None, str]] = {}
    curve: Sequence[Point] = ()
    for key, bundle in found.bundles.items():
        about = {
            "name": bundle.name,
            "version": bundle.version,
            "fingerprint": bundle.fingerprint,
        }
        if bundle.fingerprint not in by_fingerprint:
            say(f"{bundle.name} {bundle.version}: {len(asked)} pictures")
            encoder = load_encoder(bundle, device=device)
            counted = _Counted(f"scoring with {bundle.name}", len(asked), progress)
            by_fingerprint[bundle.fingerprint] = score_pairs(
                encoder, asked, cut=cut, progress=counted
            )
            if with_alternatives and not besides:
                besides = _alternatives(encoder, folder, pairs, asked, about)
        one = by_fingerprint[bundle.fingerprint]
        scored[key] = (one, bundle.reranks, about)
        if bundle.reranks and key == METHODS[-1].key:
            curve = short_list_curve(one)
    tables = both_tables(asked, scored, found.why, numbers=numbers, seed=seed, besides=besides)
    return Outcome(tables, curve)


class _Counted:
    """Counts queries for a progress that wants (what, done, total)."""

    def __init__(self, what: str, total: int, progress: Progress) -> None:
        self._what, self._total, self._progress = what, total, progress
        self._done = 0

    def __call__(self, more: int) -> None:
        self._done += more
        self._progress(self._what, self._done, self._total)


def _alternatives(
    encoder: QueryEncoder,
    folder: Path,
    pairs: Sequence[PoemPair],
    asked: Sequence[Pair],
    about: Mapping[str, str],
) -> dict[str, tuple[Method, Scored | None, str]]:
    """The paper's alternatives, by the towers of the first bundle there is."""
    by = f"by the towers of {about['name']}"
    captions = read_captions(folder)
    told = [captions.get(pair.id) for pair in pairs]
    written = [one for one in told if one is not None]
    pictures = picture_vectors(encoder, asked)
    return {
        CAPTION.key: (CAPTION, by_caption(encoder, asked, written), by)
        if len(written) == len(told)
        else (CAPTION, None, f'{len(told) - len(written)} pairs have no "caption" in {PAIRS}'),
        KEYWORDS.key: (KEYWORDS, by_keywords(encoder, asked, pictures, object_names()), by),
        SENTIMENT.key: (SENTIMENT, by_sentiment(encoder, asked, pictures), by),
    }
