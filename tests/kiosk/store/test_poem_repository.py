"""Poems go in and come out as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import PassageSource
from kiosk.collections.passages import cut
from kiosk.collections.text import clean_text
from kiosk.store.database import Store, open_store
from kiosk.store.errors import StoreError
from kiosk.store.records import PassageCut, PoemDraft

BROOK = PoemDraft(
    title="Der Bach",
    poet="Ännchen Müller",
    text="First line,\n  second line.\n\nA new stanza\n\n\nafter two empty lines",
    born=1850,
    died=1901,
    language="de",
    source="a book",
    extra={"Thème": "eau", "n": "1"},
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("shared") / "store.sqlite") as store:
        yield store


def add(store: Store, draft: PoemDraft) -> int:
    return store.poems.add(draft, cut(draft.text))


def test_a_poem_comes_back_whole(store: Store) -> None:
    poem = store.poems.get(add(store, BROOK))
    assert poem is not None
    assert (poem.title, poem.text, poem.language) == (BROOK.title, BROOK.text, "de")
    assert (poem.poet.name, poem.poet.born, poem.poet.died) == ("Ännchen Müller", 1850, 1901)
    assert (poem.source, poem.extra) == ("a book", {"Thème": "eau", "n": "1"})
    assert poem.lines[2:4] == ["", "A new stanza"]


@settings(max_examples=150, deadline=None)
@given(title=st.text(), poet=st.text(), raw=st.text(), extra=st.dictionaries(st.text(), st.text()))
def test_any_text_comes_back_to_the_letter(
    shared: Store, title: str, poet: str, raw: str, extra: dict[str, str]
) -> None:
    text = clean_text(raw)
    cuts = cut(text)
    if not cuts:
        return
    poem_id = shared.poems.add(PoemDraft(title, poet, text, extra=extra), cuts)
    poem = shared.poems.get(poem_id)
    assert poem is not None
    assert (poem.title, poem.poet.name, poem.text, poem.extra) == (title, poet, text, extra)
    assert list(shared.poems.cuts_of(poem_id)) == cuts
    assert shared.poems.delete(poem_id)


def test_passages_come_in_the_order_asked_for(store: Store) -> None:
    source: PassageSource = store.poems
    lines = [f"line {n}" for n in range(40)]
    poem_id = add(store, replace(BROOK, text="\n".join(lines)))
    ids = [passage.id for passage in store.poems.passages_of(poem_id)]
    assert len(ids) >= 3
    wanted = [ids[2], ids[0], ids[2]]
    found = source.passages(wanted)
    assert [passage.id for passage in found] == wanted
    assert {passage.poem_id for passage in found} == {poem_id}
    assert store.poems.count_passages() == len(ids)
    assert source.passages([]) == []


def test_more_passages_than_one_question_holds(store: Store) -> None:
    with store.transaction():
        for number in range(1100):
            store.poems.add(PoemDraft(f"t{number}", "P", "x"), [PassageCut(0, "x")])
    ids = list(range(1100, 0, -1))
    assert [passage.id for passage in store.poems.passages(ids)] == ids
    assert [poem.title for poem in store.poems.get_many([1100, 5000, 1])] == ["t1099", "t0"]


def test_a_passage_that_is_gone_has_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="no longer in the store"):
        store.poems.passages([7])


def test_passages_must_be_lines_of_the_poem(store: Store) -> None:
    with pytest.raises(ValueError, match="not in the poem"):
        store.poems.add(BROOK, [PassageCut(1, "First line,")])
    with pytest.raises(ValueError, match="never be found"):
        store.poems.add(BROOK, [])
    assert store.poems.count() == 0


@pytest.mark.parametrize(
    "twin",
    [
        BROOK,
        replace(BROOK, title="DER BACH", poet="ännchen müller", language="en"),
        replace(BROOK, text=BROOK.text.replace("\n\n\n", "\n").replace(",", " —")),
        replace(BROOK, poet="A\u0308nnchen Mu\u0308ller"),
    ],
)
def test_another_printing_is_a_duplicate(store: Store, twin: PoemDraft) -> None:
    first = add(store, BROOK)
    assert store.poems.duplicate_of(twin) == first
    with pytest.raises(StoreError, match="already"):
        add(store, twin)
    assert store.poems.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(BROOK, poet="Anna Müller"),
        replace(BROOK, title="Der Fluss"),
        replace(BROOK, text=BROOK.text + "\nand one more"),
    ],
)
def test_what_differs_is_no_duplicate(store: Store, other: PoemDraft) -> None:
    add(store, BROOK)
    assert store.poems.duplicate_of(other) is None
    add(store, other)
    assert store.poems.count() == 2


def test_a_poet_is_one_person_unless_the_years_speak_against_it(store: Store) -> None:
    nameless = PoemDraft("a", "John Clare", "x")
    one = store.poems.get(add(store, nameless))
    two = store.poems.get(add(store, replace(nameless, title="b", born=1793, died=1864)))
    three = store.poems.get(add(store, replace(nameless, title="c", born=1901)))
    assert one is not None
    assert two is not None
    assert three is not None
    assert one.poet.id == two.poet.id != three.poet.id
    again = store.poems.get(one.id)
    assert again is not None
    assert (again.poet.born, again.poet.died) == (1793, 1864)  # learned later


def test_search_finds_words_in_title_and_poet(store: Store) -> None:
    add(store, BROOK)
    add(store, PoemDraft("Ozymandias", "Percy Bysshe Shelley", "I met a traveller"))
    add(store, PoemDraft("100% of it_all", "Nobody", "x"))

    def titles(search: str) -> list[str]:
        return [poem.title for poem in store.poems.list(search)]

    assert titles("annchen") == ["Der Bach"]
    assert titles("SHELLEY ozy") == ["Ozymandias"]
    assert titles("it_all") == titles("100%") == ["100% of it_all"]
    assert titles("%") == titles("_") == []  # no words
    assert titles("traveller") == ["Ozymandias"]
    assert titles("") == ["Der Bach", "100% of it_all", "Ozymandias"]  # by poet
    assert store.poems.count("shelley") == 1
    assert [poem.title for poem in store.poems.list(limit=1, offset=1)] == ["100% of it_all"]


def test_deleting_takes_what_hangs_on_the_poem(store: Store) -> None:
    first = add(store, BROOK)
    second = add(store, replace(BROOK, title="Zweiter"))
    store.curation.pin(None, first)
    assert store.poems.delete(first)
    assert not store.poems.delete(first)
    assert store.poems.get(first) is None
    assert store.poems.passages_of(first) == []
    assert store.curation.for_artwork(None).pinned == ()
    assert store.poems.get(second) is not None
    store.poems.delete(second)
    third = store.poems.get(add(store, BROOK))
    assert third is not None
    assert third.id > second  # an id never comes back
    assert third.poet.id > 1  # and the poet went with the last poem


def test_a_store_opened_elsewhere_sees_the_same(store: Store) -> None:
    poem_id = add(store, BROOK)
    with open_store(store.place) as other:
        assert other.poems.get(poem_id) == store.poems.get(poem_id)
