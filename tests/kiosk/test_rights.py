"""What is held back, and when it no longer is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import load_settings
from kiosk.rights import EARLIER_VERSION, HeldBack, Reason, RightsRule, rule_of
from kiosk.store.database import Store
from kiosk.store.errors import StoreError
from kiosk.store.records import ArtworkDraft, Kind, PassageCut, PoemDraft, RightsRecord

SEVENTY = RightsRule(free_after_years=70)


def poem(store: Store, title: str, **said: object) -> int:
    draft = PoemDraft(title, str(said.pop("poet", title)), "a line", **said)  # type: ignore[arg-type]
    return store.poems.add(draft, [PassageCut(0, "a line")])


def record(**known: object) -> RightsRecord:
    values: dict[str, object] = {"deaths": (1900,), **known}
    return RightsRecord(Kind.POEM, 1, "T", "P", **values)  # type: ignore[arg-type]


def test_one_of_the_three_is_enough(store: Store) -> None:
    bare = poem(store, "bare")
    poem(store, "a", source="a book")
    poem(store, "b", licence="CC0")
    poem(store, "c", rights_holder="me")
    unknown = poem(store, "d", source="unknown", licence="?", rights_holder="N/A")
    plain = store.artworks.add(ArtworkDraft("Plain"))
    store.artworks.add(ArtworkDraft("Told", source="our own photograph"))
    held = HeldBack(store, RightsRule())
    assert held.poems() == {bare, unknown}
    assert held.artworks() == {plain}


def test_the_switch_lets_everything_through(store: Store) -> None:
    poem(store, "bare")
    poem(store, "mine", licence="All rights reserved")
    assert HeldBack(store, RightsRule(hold_unconfirmed=False)).poems() == frozenset()


def test_a_confirmation_frees_at_once_and_is_written_down(store: Store) -> None:
    first, second = poem(store, "one"), poem(store, "two", licence="In copyright")
    work = store.artworks.add(ArtworkDraft("Plain"))
    held = HeldBack(store, RightsRule())
    assert held.poems() == {first, second}
    store.rights.confirm(Kind.POEM, [second, second], "Mira", "by permission")
    assert held.poems() == {first}
    store.rights.confirm(Kind.ARTWORK, [work], "Mira")
    assert held.artworks() == frozenset()
    found = store.poems.get(second)
    assert found is not None
    assert (found.confirmed_by, found.licence) == ("Mira", "by permission")
    assert found.confirmed_at is not None
    assert found.confirmed_at.startswith(str(date.today().year))


def test_a_confirmation_of_what_is_not_there_confirms_nothing(store: Store) -> None:
    first = poem(store, "one")
    with pytest.raises(StoreError, match="no poem 99; nothing was confirmed"):
        store.rights.confirm(Kind.POEM, [first, 99], "Mira")
    assert HeldBack(store, RightsRule()).poems() == {first}


def test_terms_run_to_the_end_of_a_year() -> None:
    """Who died in 1954 is free after 70 years from the first day of 2025: died before 1955."""
    assert SEVENTY.reason(record(deaths=(1954,)), 2025) is None
    assert SEVENTY.reason(record(deaths=(1954,), source="x"), 2024) is Reason.TOO_YOUNG
    assert SEVENTY.reason(record(deaths=(1955,), source="x"), 2025) is Reason.TOO_YOUNG
    assert SEVENTY.reason(record(deaths=(None,), source="x"), 2025) is Reason.NO_YEAR


def test_a_translator_counts_as_well(store: Store) -> None:
    extra = {"translator": "T", "translator-died": "1990"}
    young = poem(store, "young", died=1700, source="x", extra=extra)
    unknown = poem(store, "unknown", died=1700, source="x", extra={"translator": "T"})
    old = {"translator": "T", "translator-died": "1890"}
    poem(store, "old", died=1700, extra=old)
    held = HeldBack(store, SEVENTY, today=lambda: date(2026, 1, 1))
    assert held.poems() == {young, unknown}
    reasons = {record.id: reason for record, reason in held.reasons(Kind.POEM)}
    assert (reasons[young], reasons[unknown]) == (Reason.TOO_YOUNG, Reason.NO_YEAR)


def test_new_year_frees_a_poem_while_the_kiosk_runs(store: Store) -> None:
    late = poem(store, "late", died=1955, source="x")
    day = [date(2025, 12, 31)]
    held = HeldBack(store, SEVENTY, today=lambda: day[0])
    assert held.poems() == {late}
    day[0] = date(2026, 1, 1)
    assert held.poems() == frozenset()


def test_the_rule_of_years_is_about_poems_alone(store: Store) -> None:
    store.artworks.add(ArtworkDraft("Told", source="our own photograph"))
    assert HeldBack(store, SEVENTY).artworks() == frozenset()


def test_an_earlier_version_confirmed_what_it_spoke_but_knew_no_rule_of_years() -> None:
    before = record(confirmed_by=EARLIER_VERSION, deaths=(2000,), licence="In copyright")
    assert RightsRule().reason(before, 2026) is None
    assert SEVENTY.reason(before, 2026) is Reason.TOO_YOUNG
    asked = record(confirmed_by="Mira", deaths=(2000,))
    assert SEVENTY.reason(asked, 2026) is None


texts = st.sampled_from(["", "unknown", "a book", "CC0", "All rights reserved"])


@given(
    record=st.builds(
        RightsRecord,
        kind=st.sampled_from(Kind),
        id=st.just(1),
        title=st.just("T"),
        by=st.just("P"),
        source=texts,
        licence=texts,
        rights_holder=texts,
        deaths=st.lists(st.none() | st.integers(1, 2030), min_size=1, max_size=2).map(tuple),
        confirmed_by=st.sampled_from(["", EARLIER_VERSION]),
    ),
    hold=st.booleans(),
    term=st.none() | st.integers(1, 200),
    year=st.integers(1990, 2100),
)
def test_a_person_frees_anything_and_time_only_ever_frees(
    record: RightsRecord, hold: bool, term: int | None, year: int
) -> None:
    from dataclasses import replace

    rule = RightsRule(hold, term)
    assert rule.reason(replace(record, confirmed_by="Mira"), year) is None
    if rule.reason(record, year) is None:
        assert rule.reason(record, year + 1) is None
    if not hold and term is None:
        assert rule.reason(record, year) is None


def test_what_is_held_back_is_hidden_and_never_pinned(store: Store) -> None:
    bare = poem(store, "bare")
    told = poem(store, "told", source="a book")
    gone = poem(store, "gone", source="a book")
    work = store.artworks.add(ArtworkDraft("Plain", source="x"))
    store.curation.pin(work, bare)
    store.curation.pin(None, told)
    store.curation.hide(None, gone)
    held = HeldBack(store, RightsRule())
    assert held.curation(work).pinned == (told,)
    assert held.curation(work).hidden == {bare, gone}
    assert held.curation(None).hidden == {bare, gone}
    store.rights.confirm(Kind.POEM, [bare], "Mira")
    assert held.curation(work).pinned == (bare, told)
    assert held.curation(work) == store.curation.for_artwork(work)


def test_the_settings_make_the_rule(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"

    def rule(toml: str) -> RightsRule:
        file.write_text(toml)
        return rule_of(load_settings({"EKPHRASIS_CONFIG": str(file)}))

    assert rule("") == RightsRule(hold_unconfirmed=True, free_after_years=None)
    assert rule("[rights]\nhold_unconfirmed = false\nfree_after_years = 50\n") == RightsRule(
        hold_unconfirmed=False, free_after_years=50
    )


def test_the_database_leaves_out_only_what_is_free(store: Store) -> None:
    """Whatever the rule, the same is held back as when each record is looked at."""
    says = ("", " Unknown ", "a book", "© 1990", "CC0")
    every: list[dict[str, object]] = [
        {"source": source, "licence": licence, "rights_holder": holder, "died": died}
        for source in says[:3]
        for licence in says
        for holder in says[:2]
        for died in (None, 1900, 1990)
    ]
    some = [{"died": 1800, "extra": {"translator": "T", "translator-died": y}} for y in ("", "x")]
    some += [{"died": 1800, "extra": {"translator-died": year}} for year in ("1990", "1850")]
    ids = [poem(store, f"p{n}", **said) for n, said in enumerate([*every, *some])]
    with store.transaction():
        store.rights.confirm(Kind.POEM, ids[::7], "Mira")
        store.rights.confirm(Kind.POEM, ids[1::7], EARLIER_VERSION)
    for said in every[::3]:
        pictured = {name: str(text) for name, text in said.items() if name != "died"}
        store.artworks.add(ArtworkDraft(f"w{store.artworks.count()}", **pictured))  # type: ignore[arg-type]
    for hold in (True, False):
        for term in (None, 40, 100):
            held = HeldBack(store, RightsRule(hold, term))
            for kind, found in ((Kind.POEM, held.poems()), (Kind.ARTWORK, held.artworks())):
                assert found == {one.id for one, reason in held.reasons(kind) if reason}
