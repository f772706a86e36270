"""Every change is kept, only what changed is made again, and any state can be had back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.collections.passages import cut
from kiosk.rights import HeldBack, RightsRule
from kiosk.store.database import Store, open_store
from kiosk.store.errors import StoreError
from kiosk.store.import_records import Action, Counts, Deed, ImportKind, Subject
from kiosk.store.records import ArtworkDraft, Kind, PoemDraft

STANZAS = ["\n".join(f"{name} {line}" for line in range(12)) for name in ("one", "two", "three")]
LONG = "\n\n".join(STANZAS)  # three passages


def add(store: Store, title: str, text: str = LONG, **said: Any) -> int:
    draft = PoemDraft(title, said.pop("poet", "Anna"), text, **said)
    return store.poems.add(draft, cut(text))


def change(store: Store, kind: Kind, subject: int, **wanted: Any) -> Any:
    named = {name.replace("__", "."): value for name, value in wanted.items()}
    return store.history.change(kind, subject, named, who="Mira", why="why", cut=cut)


def encode(store: Store) -> set[int]:
    """Give every passage its vector; the ids of those that had none."""
    missing = store.embeddings.missing("f", 100)
    vectors = np.array([[passage.id, 1.0] for passage in missing], np.float32).reshape(-1, 2)
    store.embeddings.add("f", [passage.id for passage in missing], vectors)
    return {passage.id for passage in missing}


def test_a_change_is_kept_with_who_when_and_why(store: Store) -> None:
    poem = add(store, "Wave", source="a book", extra={"Note": "n"})
    made = change(store, Kind.POEM, poem, title="Waves", extra__Note=None, extra__gloss="A sea.")
    assert made is not None
    assert (made.before, made.after) == (
        {"title": "Wave", "extra.Note": "n", "extra.gloss": None},
        {"title": "Waves", "extra.Note": None, "extra.gloss": "A sea."},
    )
    assert (made.who, made.why, made.at[:2]) == ("Mira", "why", "20")
    found = store.poems.get(poem)
    assert found is not None
    assert (found.title, found.extra) == ("Waves", {"gloss": "A sea."})
    assert [one.id for one in store.poems.list("waves")] == [poem]
    assert store.history.of(Kind.POEM, poem) == [made]
    assert change(store, Kind.POEM, poem, title="Waves") is None
    assert len(store.history.of(Kind.POEM, poem)) == 1


def test_a_new_title_or_poet_leaves_passages_and_vectors_alone(store: Store) -> None:
    poem = add(store, "Wave")
    encode(store)
    state, vectors = store.poems.state(), store.embeddings.state("f")
    change(store, Kind.POEM, poem, title="Waves", poet="Anna B.", born=1800, licence="CC0")
    assert store.poems.state() == state
    assert store.embeddings.state("f") == vectors
    assert encode(store) == set()


def test_only_the_passage_of_a_changed_line_is_made_again(store: Store) -> None:
    poem = add(store, "Wave")
    encode(store)
    first, second, third = (passage.id for passage in store.poems.passages_of(poem))
    state, revision = store.poems.state(), store.embeddings.state("f").revision
    text = LONG.replace("two 3", "two and three\n\ntwo more")
    change(store, Kind.POEM, poem, text=text)
    now = [passage.id for passage in store.poems.passages_of(poem)]
    assert (now[0], now[-1]) == (first, third)
    assert second not in now
    assert store.poems.state() != state
    assert store.embeddings.state("f").revision != revision
    assert encode(store) == set(now) - {first, third}
    lines = text.split("\n")
    for one in store.poems.cuts_of(poem):
        assert "\n".join(lines[one.first_line : one.end_line]) == one.text


def test_the_same_passage_twice_and_stanzas_that_change_places(store: Store) -> None:
    poem = add(store, "Wave", "\n\n".join([STANZAS[0], STANZAS[1], STANZAS[0]]))
    encode(store)
    before = {passage.id for passage in store.poems.passages_of(poem)}
    change(store, Kind.POEM, poem, text="\n\n".join([STANZAS[1], STANZAS[0], STANZAS[0]]))
    passages = store.poems.passages_of(poem)
    assert {passage.id for passage in passages} == before
    assert [passage.text for passage in passages] == [STANZAS[1], STANZAS[0], STANZAS[0]]
    assert encode(store) == set()


@pytest.mark.parametrize(
    "wanted", [{"language": "fr"}, {"extra__gloss": "A sea."}, {"extra__subjects": "sea; storm"}]
)
def test_what_the_model_reads_otherwise_gets_new_passages(
    store: Store, wanted: dict[str, str]
) -> None:
    poem = add(store, "Wave")
    before = encode(store)
    change(store, Kind.POEM, poem, **wanted)
    assert len(encode(store)) == len(before)


def test_a_poets_other_poems_keep_their_poet(store: Store) -> None:
    poem, other = add(store, "Wave", born=1800), add(store, "Snow")
    change(store, Kind.POEM, poem, died=1880)
    found = [store.poems.get(one) for one in (poem, other)]
    assert [(one.poet.born, one.poet.died) for one in found if one] == [(1800, 1880), (1800, None)]
    change(store, Kind.POEM, poem, died=None)
    assert len({one.poet.id for one in store.poems.list()}) == 1
    change(store, Kind.POEM, other, poet="Bo", born=None)
    change(store, Kind.POEM, poem, poet="Bo", born=None)
    with store._sessions.reading() as session:
        names = session.connection().exec_driver_sql("SELECT name FROM poets").scalars().all()
    assert names == ["Bo"], "nobody without poems stays"


def test_what_would_be_another_one_is_refused(store: Store) -> None:
    poem, _ = add(store, "Wave"), add(store, "Snow")
    same = r"Poem 1 would become the same as poem 2 \(“Snow”\); nothing was changed\."
    with pytest.raises(StoreError, match=same):
        change(store, Kind.POEM, poem, title="SNOW!", source="x")
    found = store.poems.get(poem)
    assert found is not None
    assert (found.title, found.source) == ("Wave", "")
    first = store.artworks.add(ArtworkDraft("Sea", number="1", artist="B"))
    store.artworks.add(ArtworkDraft("Sky", number="2", artist="B"))
    with pytest.raises(StoreError, match="number 2 belongs to “Sky” already; nothing was"):
        change(store, Kind.ARTWORK, first, number="2")
    change(store, Kind.ARTWORK, first, title="Sky")  # two works of one title, told apart by number
    with pytest.raises(StoreError, match="same as artwork 2"):
        change(store, Kind.ARTWORK, first, number=None)
    with pytest.raises(StoreError, match="no poem 99 any more"):
        change(store, Kind.POEM, 99, title="x")
    assert len(store.history.of(Kind.ARTWORK, first)) == 1


def test_works_are_found_by_what_they_are_called_now(store: Store) -> None:
    work = store.artworks.add(ArtworkDraft("Sea", number="1", room="3"))
    change(store, Kind.ARTWORK, work, number="7 a", title="Lake", extra__credit="x")
    found = store.artworks.by_number("7A")
    assert found is not None
    assert (found.id, found.title, found.extra) == (work, "Lake", {"credit": "x"})
    assert store.artworks.by_number("1") is None
    assert [one.id for one in store.artworks.list("lake 3")] == [work]


def test_a_confirmation_is_a_change_and_can_be_taken_back(store: Store) -> None:
    poem, other = add(store, "Wave"), add(store, "Snow")
    held = HeldBack(store, RightsRule())
    store.rights.confirm(Kind.POEM, [poem, other], "Mira", "CC0")
    assert held.poems() == frozenset()
    (made,) = store.history.of(Kind.POEM, poem)
    assert (made.who, made.why) == ("Mira", "rights confirmed")
    assert made.before == {"confirmed_by": "", "confirmed_at": None, "licence": ""}
    state = store.history.state_at(made, before=True)
    assert state is not None
    store.history.change(Kind.POEM, poem, state, who="Bo", cut=cut)
    assert held.poems() == {poem}


def test_what_an_import_changes_is_kept_as_well_and_so_is_its_undoing(store: Store) -> None:
    poem = add(store, "Wave", extra={"Note": "n"})
    number = store.imports.begin(ImportKind.POEMS, "p.csv", "d", 2, "Mira").id
    deeds = []
    with store.transaction():
        for values in ({"source": "a book"}, {"source": "two books", "extra": {"gloss": "g"}}):
            before = store.poems.change(poem, values)
            deeds.append(Deed("row 2", Action.CHANGED, Subject.POEM, poem, before))
        store.imports.keep(number, deeds, Counts(done=2, changed=2))
    made = store.history.of(Kind.POEM, poem)
    assert [(one.who, one.why) for one in made] == [("Mira", "import 1")] * 2
    assert (made[0].before, made[0].after) == ({"source": ""}, {"source": "a book"})
    assert made[1].before == {"source": "a book", "extra.Note": "n", "extra.gloss": None}
    first = store.history.state_at(made[0])
    assert first is not None
    assert (first["source"], first["extra.Note"]) == ("a book", "n")
    store.imports.undo_step(number, list)
    found = store.poems.get(poem)
    assert found is not None
    undone = store.history.of(Kind.POEM, poem)[2:]
    assert {one.why for one in undone} == {"import 1 undone"}
    assert undone[-1].after["source"] == found.source


def test_changes_stay_when_their_poem_is_gone(store: Store) -> None:
    poem = add(store, "Wave")
    made = change(store, Kind.POEM, poem, title="Waves")
    store.poems.delete(poem)
    assert store.history.of(Kind.POEM, poem) == [made]
    assert store.history.state_at(made) is None
    assert store.history.state(Kind.POEM, poem) is None


# --- any sequence of edits, back to any point -----------------------------------------------------

words = st.sampled_from(["Wave", "Snow", "Sea", "한강", "Ünder"])
texts = st.lists(st.sampled_from([*STANZAS, "a line", "b\nc"]), min_size=1, max_size=4).map(
    "\n\n".join
)
years = st.none() | st.integers(1800, 1803)
said = st.sampled_from(["", "a book", "CC0", "All rights reserved"])
poem_edits = st.fixed_dictionaries(
    {},
    optional={
        "title": words,
        "poet": words,
        "born": years,
        "died": years,
        "text": texts,
        "language": st.sampled_from(["en", "ko"]),
        "source": said,
        "licence": said,
        "rights_holder": said,
        "extra.gloss": st.none() | words,
        "extra.Note": st.none() | words,
    },
)
work_edits = st.fixed_dictionaries(
    {},
    optional={
        "number": st.none() | st.sampled_from(["1", "2", "3"]),
        "title": words,
        "artist": words,
        "date": words,
        "description": texts,
        "language": st.sampled_from(["en", "ko"]),
        "room": words,
        "source": said,
        "licence": said,
        "extra.credit": st.none() | words,
    },
)
one_edit = st.one_of(
    st.tuples(st.just(Kind.POEM), st.integers(0, 1), poem_edits),
    st.tuples(st.just(Kind.ARTWORK), st.integers(0, 1), work_edits),
    st.tuples(st.sampled_from(Kind), st.integers(0, 1), st.none()),  # a confirmation
)


@pytest.fixture(scope="module")
def kept_open() -> Iterator[Store]:
    """One file for all examples; each brings its own poems and works."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "s.sqlite") as store:
        yield store


def everything(store: Store, kind: Kind, subject: int) -> Any:
    """What visitors and searches meet, read the way they read it."""
    if kind is Kind.POEM:
        return store.poems.get(subject), store.poems.cuts_of(subject)
    return store.artworks.get(subject)


def without_poet_id(found: Any) -> Any:
    """A poet who came back may have another id."""
    if isinstance(found, tuple):
        poem, cuts = found
        poet = (poem.poet.name, poem.poet.born, poem.poet.died)
        return (
            poem.title,
            poet,
            poem.text,
            poem.language,
            poem.source,
            poem.licence,
            poem.rights_holder,
            poem.confirmed_by,
            poem.confirmed_at,
            poem.extra,
            cuts,
        )
    return found


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    edits=st.lists(one_edit, max_size=8), back=st.lists(st.integers(0, 20), min_size=1, max_size=4)
)
def test_any_edits_and_back_to_any_point(
    kept_open: Store, edits: list[Any], back: list[int]
) -> None:
    store = kept_open
    for kind, repository in ((Kind.POEM, store.poems), (Kind.ARTWORK, store.artworks)):
        for one in repository.list():
            repository.delete(one.id)
        assert store.rights.records(kind) == []
    subjects = {
        Kind.POEM: [add(store, "Wave", "first"), add(store, "Snow", "second", poet="Bo")],
        Kind.ARTWORK: [
            store.artworks.add(ArtworkDraft("Sea", number="1")),
            store.artworks.add(ArtworkDraft("Sky", artist="B")),
        ],
    }
    was: list[tuple[Any, bool, Any]] = []  # a change, whether before it, and what was then
    for kind, which, wanted in edits:
        subject = subjects[kind][which]
        before = without_poet_id(everything(store, kind, subject))
        try:
            if wanted is None:
                store.rights.confirm(kind, [subject], "Mira")
                made = store.history.of(kind, subject)[-1]
            else:
                found = store.history.change(kind, subject, wanted, who="Mira", cut=cut)
                if found is None:
                    assert without_poet_id(everything(store, kind, subject)) == before
                    continue
                made = found
        except StoreError:
            assert without_poet_id(everything(store, kind, subject)) == before
            continue
        encode(store)
        was.append((made, True, before))
        was.append((made, False, without_poet_id(everything(store, kind, subject))))
    for place in back if was else []:
        made, before, then = was[place % len(was)]
        state = store.history.state_at(made, before=before)
        assert state is not None
        try:
            store.history.change(made.kind, made.subject_id, state, who="Bo", cut=cut)
        except StoreError as refused:  # what it was is what another one is by now
            assert "same as" in refused.sentence or "belongs to" in refused.sentence
            continue
        assert without_poet_id(everything(store, made.kind, made.subject_id)) == then
    encode(store)
    assert store.embeddings.missing_count("f") == 0
