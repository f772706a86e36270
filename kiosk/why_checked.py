"""Whether the reasons that visitors hear are so, measured on the works of this kiosk.

Every work with a picture is answered as for a visitor, and what would be named of each poem is
hidden from the model beside other parts (`engine.explaining.checking`). Poems that are read through
a gloss are left out: no line of theirs is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine import Query
from engine.explaining import Case, Contrast, ReasonFigures, check_reasons
from engine.picture import load_picture
from kiosk.colours import look_at
from kiosk.config import Settings
from kiosk.matching import MatchService
from kiosk.progress import Told
from kiosk.store.database import open_store
from kiosk.why import colours_seen
from kiosk.work_words import words_of

if TYPE_CHECKING:
    from kiosk.store.database import Store


def check_kiosk(settings: Settings, told: Told, matches: int | None = None) -> ReasonFigures:
    """The figures over all works and their first `matches` poems; without it, all that are offered.

    Raises `BundleError` or `StoreError`.
    """
    with open_store(settings.store_place) as store:
        service = MatchService(settings, store)
        service.load(told)
        encoder, explainer = service.explaining()
        cases = list(_cases(store, service, matches))
        done = 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            told("hiding what was named", done, len(cases))

        return check_reasons(encoder, explainer, cases, progress=progress)


def _cases(store: Store, service: MatchService, matches: int | None) -> list[Case]:
    cases = []
    for artwork in store.artworks.list():
        path = store.picture_path(artwork)
        if path is None:
            continue
        answer = service.known(artwork.id) or service.match_artwork(artwork.id)
        first = answer.matches[:matches]
        noted = store.poems.noted(poem.poem_id for poem in first)
        texts = [
            "\n".join(poem.lines) for poem in first if "gloss" not in noted.get(poem.poem_id, {})
        ]
        picture = load_picture(path)
        seen = colours_seen(look_at(picture))
        cases.append(Case(Query(picture, words_of(artwork)), texts, seen))
    return cases


def as_json(figures: ReasonFigures) -> dict[str, Any]:
    """Plain facts."""
    return asdict(figures)


def as_text(figures: ReasonFigures) -> str:
    """A table of what hiding costs."""
    return "\n".join(
        [
            f"{figures.passages} passages; a line is named of {figures.line_named:.0%}, "
            f"something shared of {figures.subject_named:.0%}.",
            *_table("a line hidden", figures.lines),
            *_table("a subject hidden", figures.subjects),
        ]
    )


def as_markdown(figures: ReasonFigures) -> str:
    """The same, for a model card."""
    rows = [
        "| hidden | measured | n | what is named | another | mean of others | named costs more |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for what, found in (("line", figures.lines), ("subject", figures.subjects)):
        rows += [
            f"| {what} | {name} | {one.count} | {one.named:.4f} | {one.other:.4f} | "
            f"{one.others:.4f} | {one.more:.0%} |"
            for name, one in found.items()
        ]
    return "\n".join(rows)


def _table(what: str, found: Mapping[str, Contrast]) -> list[str]:
    head = f"{what:<48}{'n':>5}{'named':>9}{'another':>9}{'others':>9}{'costs more':>12}"
    return [
        "",
        head,
        *(
            f"{name:<48}{one.count:>5}{one.named:>9.4f}{one.other:>9.4f}{one.others:>9.4f}"
            f"{one.more:>11.0%} "
            for name, one in found.items()
        ),
    ]
