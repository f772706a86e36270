"""What the judgements say of each method: nDCG@5, precision@3, and differences of methods.

`measure(settings)` ranks with the bundle of the settings and gives `Figures`; they are printed as
text, Markdown or JSON. Everything is a mean over the paintings with a 95 % bootstrap interval; a
difference is that of each painting, so what is hard for all methods cancels out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.errors import InputError
from engine.evaluation import judging
from engine.evaluation.judging import Interval, Judged
from kiosk.config import Settings
from kiosk.judgements import methods
from kiosk.judgements.methods import Rankings, Told
from kiosk.judgements.pools import DRAWN_FILE, JUDGEMENTS_FILE, Pools, read_drawn

CHANCE = "at random"
AGAINST = (  # (better?, than)
    (methods.PLAYED, CHANCE),
    (methods.PLAYED, methods.SHARED_WORDS),
    (methods.PLAYED, methods.WORDS_READ),
    (methods.PLAYED, methods.PICTURE_READ),
    (methods.BOTH, methods.WORDS),
    (methods.BOTH, methods.PICTURE),
    (methods.PLAYED, methods.BOTH),
    (methods.PICTURE, CHANCE),
    (methods.PICTURE_READ, CHANCE),
    (methods.PICTURE_READ, methods.PICTURE),
    (methods.UNTITLED, methods.PICTURE_READ),
    (methods.STUDY, methods.PICTURE_READ),
)
Chance = Mapping[str, Judged]


@dataclass(frozen=True, slots=True)
class Row:
    """One method over all paintings, or the difference of two."""

    name: str
    ndcg: Interval  # over the paintings for which something that was judged fits
    precision: Interval
    unjudged: int = 0  # of all first fives, the poems that nobody has judged


@dataclass(frozen=True, slots=True)
class Part:
    """All methods and differences, looked at in one way."""

    methods: Sequence[Row]
    differences: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was measured."""

    bundle: Mapping[str, str]  # name, version, fingerprint
    paintings: int
    without_fit: int  # paintings for which nothing that was judged fits: no nDCG
    judgements: int
    grades: Mapping[int, int]  # how many of each
    answers: Part  # first fives out of all poems; one that nobody has judged gains nothing
    among_judged: Part  # the same rankings without poems that nobody has judged; no chance there

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def measure(settings: Settings, told: Told = lambda _what, _done, _of: None) -> Figures:
    """Rank every painting with every method and compare with what was judged.

    Uses the store, the bundle and the starter folder of `settings`. Raises `InputError` where
    there are no judgements or they are not what they should be, `BundleError` as matching does.
    """
    from engine import find_bundle
    from kiosk.judgements.named import find_named
    from kiosk.store.database import open_store

    home = settings.starter_dir / "judgements"
    judgements = judging.read_judgements(home / JUDGEMENTS_FILE)
    drawn = read_drawn(home / DRAWN_FILE)
    with open_store(settings.store_place) as store:
        named = find_named(settings, store)
        known = [
            one for one in judgements if one.painting in named.paintings and one.poem in named.poems
        ]
        rankings = methods.rank_all(settings, store, named, told)
    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    about = {"name": bundle.name, "version": bundle.version, "fingerprint": bundle.fingerprint}
    return compare(known, drawn, rankings, about)


def compare(
    judgements: Iterable[judging.Judgement],
    drawn: Pools,
    rankings: Rankings,
    bundle: Mapping[str, str],
) -> Figures:
    """The figures of rankings that are there already.

    Every method must rank the same paintings, and of each the drawn poems must have been judged,
    since chance is reckoned from them; `InputError` otherwise.
    """
    known = list(judgements)
    grades = judging.grades_of(known)
    ranked = {painting for method in rankings.values() for painting in method}
    paintings = sorted(ranked & grades.keys() & drawn.keys())
    if not paintings:
        raise InputError("No painting of the store was judged; `ekphrasis judge pool` asks.")
    fair = {one: [grades[one].get(poem) for poem in drawn[one]] for one in paintings}
    missing = sum(grade is None for found in fair.values() for grade in found)
    if missing:
        raise InputError(
            f"{missing} of the drawn poems have not been judged; `ekphrasis judge pool` asks."
        )
    of_all = {
        one: judging.by_chance([grade for grade in fair[one] if grade is not None], grades[one])
        for one in paintings
    }
    all_grades = [one.grade for one in known]
    return Figures(
        bundle=bundle,
        paintings=len(paintings),
        without_fit=sum(judging.ideal(grades[one]) == 0 for one in paintings),
        judgements=len(known),
        grades={grade: all_grades.count(grade) for grade in judging.GRADES},
        answers=_part(paintings, grades, rankings, of_all, lambda ranking, _grades: ranking),
        among_judged=_part(paintings, grades, rankings, {}, judging.among_judged),
    )


def _part(
    paintings: Sequence[str],
    grades: Mapping[str, judging.Grades],
    rankings: Rankings,
    chance: Chance,
    seen: Callable[[methods.Ranking, judging.Grades], methods.Ranking],
) -> Part:
    found = {CHANCE: [chance[one] for one in paintings]} if chance else {}
    for method, by_painting in rankings.items():
        found[method] = [
            judging.judge(seen(by_painting[one], grades[one]), grades[one]) for one in paintings
        ]
    return Part(
        methods=[
            Row(
                name,
                judging.interval([one.ndcg for one in all_of if one.ndcg is not None]),
                judging.interval([one.precision for one in all_of]),
                sum(one.unjudged for one in all_of),
            )
            for name, all_of in found.items()
        ],
        differences=[
            _difference(f"{better} − {worse}", found[better], found[worse])
            for better, worse in AGAINST
            if better in found and worse in found
        ],
    )


def _difference(name: str, better: Sequence[Judged], worse: Sequence[Judged]) -> Row:
    both = list(zip(better, worse, strict=True))
    ndcg = [a.ndcg - b.ndcg for a, b in both if a.ndcg is not None and b.ndcg is not None]
    precision = [a.precision - b.precision for a, b in both]
    return Row(name, judging.interval(ndcg), judging.interval(precision))


# --- to be read -------------------------------------------------------------------------------


def as_text(figures: Figures) -> str:
    """For a terminal."""
    blocks = [_about(figures)]
    for title, part in _parts(figures):
        width = max(len(row.name) for row in (*part.methods, *part.differences))
        lines = [title, f"{'':<{width}}  {'nDCG@5':>20}  {'precision@3':>20}  not judged"]
        for row in part.methods:
            shown = f"{_cell(row.ndcg):>20}  {_cell(row.precision):>20}  {row.unjudged:>10}"
            lines.append(f"{row.name:<{width}}  {shown}")
        lines.append("")
        for row in part.differences:
            shown = f"{_cell(row.ndcg, sign=True):>20}  {_cell(row.precision, sign=True):>20}"
            lines.append(f"{row.name:<{width}}  {shown}")
        blocks.append("\n".join(lines))
    return "\n\n\n".join(blocks)


def as_markdown(figures: Figures) -> str:
    """For a document."""
    blocks = [_about(figures)]
    for title, part in _parts(figures):
        lines = [title, "", "| method | nDCG@5 | precision@3 | not judged |", "|---|---|---|---:|"]
        lines += [
            f"| {row.name} | {_cell(row.ndcg)} | {_cell(row.precision)} | {row.unjudged} |"
            for row in part.methods
        ]
        lines += ["", "| difference | nDCG@5 | precision@3 |", "|---|---|---|"]
        lines += [
            f"| {row.name} | {_cell(row.ndcg, sign=True)} | {_cell(row.precision, sign=True)} |"
            for row in part.differences
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _parts(figures: Figures) -> tuple[tuple[str, Part], ...]:
    return (
        (
            "Answers: the first poems of all. One that nobody has judged gains nothing.",
            figures.answers,
        ),
        (
            "Among the judged: the same rankings without poems that nobody has judged.",
            figures.among_judged,
        ),
    )


def _about(figures: Figures) -> str:
    counts = ", ".join(f"{count} graded {grade}" for grade, count in figures.grades.items())
    about = (
        f"{figures.bundle['name']} {figures.bundle['version']}, {figures.paintings} paintings,"
        f" {figures.judgements} judgements by one reader ({counts})."
    )
    if figures.without_fit:
        about += f" {figures.without_fit} paintings have no nDCG: nothing that was judged fits."
    return f"{about}\nMeans over the paintings, with 95 % bootstrap intervals; differences paired."


def _cell(interval: Interval, *, sign: bool = False) -> str:
    form = "+z.3f" if sign else "z.3f"  # never a zero below zero
    low, high = format(interval.low, form), format(interval.high, form)
    return f"{interval.mean:{form}} ({low}…{high})".replace("-", "−")
