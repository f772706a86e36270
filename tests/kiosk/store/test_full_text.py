"""Words are found in poems and works, whatever somebody types, however rows came and went."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from kiosk.collections.passages import cut
from kiosk.store.database import Store, open_store
from kiosk.store.full_text import ARTWORK_WORDS, POEM_WORDS
from kiosk.store.records import ArtworkDraft, PoemDraft
from kiosk.store.tables import ArtworkRow, PoemRow, PoetRow

POEMS = (
    PoemDraft("The Leaf", "Zoë Grün", "one leaf of gold\nfalls slowly"),
    PoemDraft("Autumn", "Emily Dickinson", "a leaflet in the wind,\nleaf after leaf\nand gold"),
    PoemDraft("진달래꽃", "김소월", "나 보기가 역겨워\n가실 때에는", language="ko"),
    PoemDraft("Straße", "Leaf Erikson", "the wave and the sea's own song", language="de"),
    PoemDraft("No NOT near", "Or And", "x AND y OR z* col:on ^up (a)"),
)


def add(store: Store, draft: PoemDraft) -> int:
    return store.poems.add(draft, cut(draft.text))


def titles(store: Store, words: str) -> list[str]:
    return [found.poem.title for found in store.poems.search(words)]


def agrees(store: Store) -> None:
    """The indexes hold exactly the words of the rows; FTS5 compares them itself."""
    if store.place.on_server:
        held = words_held(store)
        with store._sessions.writing() as session:
            for index in (POEM_WORDS, ARTWORK_WORDS):
                session.execute(text(f"DELETE FROM {index.table}"))  # noqa: S608
            session.execute(text("SELECT poem_words_keep(ARRAY(SELECT id FROM poems))"))
            session.execute(text("SELECT artwork_words_keep(ARRAY(SELECT id FROM artworks))"))
        assert words_held(store) == held
        return
    with store._sessions.writing() as session:
        for index in (POEM_WORDS, ARTWORK_WORDS):
            session.execute(
                text(f"INSERT INTO {index.table} ({index.table}) VALUES ('integrity-check')")  # noqa: S608
            )


def words_held(store: Store) -> list[list[tuple[object, ...]]]:
    with store._sessions.reading() as session:
        return [
            [tuple(row) for row in session.execute(text(f"SELECT * FROM {name} ORDER BY id"))]  # noqa: S608
            for name in (POEM_WORDS.table, ARTWORK_WORDS.table)
        ]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("words") / "store.sqlite") as store:
        for draft in POEMS:
            add(store, draft)
        yield store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("leaf", ["The Leaf", "Straße", "Autumn"]),  # in the title, of the poet, in the text
        ("LEAF gold", ["The Leaf", "Autumn"]),
        ("zoe", ["The Leaf"]),
        ("gru", ["The Leaf"]),
        ("leafl", ["Autumn"]),
        ("eaf", []),  # words are found from their beginning
        ("a", ["Autumn", "No NOT near"]),  # short ones as they are
        ("진달래", ["진달래꽃"]),
        ("보기", ["진달래꽃"]),
        ("나", ["진달래꽃"]),
        (unicodedata.normalize("NFD", "보기"), ["진달래꽃"]),
        ("straße", ["Straße"]),
        ("sea's", ["Straße"]),
        ("sea.wave", []),  # one after the other
        ("wave sea", ["Straße"]),  # anywhere
        ("no NOT near", ["No NOT near"]),
        ("col:on", ["No NOT near"]),
        ('"leaf', ["The Leaf", "Straße", "Autumn"]),
        ("- * ( ^", []),
        ("gold silver", []),
    ],
)
def test_what_is_found(shared: Store, words: str, found: list[str]) -> None:
    assert titles(shared, words) == found
    assert shared.poems.count(words) == len(found)
    assert [poem.title for poem in shared.poems.list(words)] == found


def test_nothing_typed_is_everything(shared: Store) -> None:
    assert len(shared.poems.list(" ")) == shared.poems.count(" ") == len(POEMS)


def test_the_words_around_are_shown(shared: Store) -> None:
    (first, *_, last) = shared.poems.search("leaf")
    assert first.snippet == "one »leaf« of gold\nfalls slowly"
    assert last.snippet == "a »leaflet« in the wind,\n»leaf« after »leaf«\nand gold"
    (only,) = shared.poems.search("straße")
    assert only.snippet.startswith("the wave and")


def test_part_of_what_is_found(shared: Store) -> None:
    whole = titles(shared, "leaf")
    assert [found.poem.title for found in shared.poems.search("leaf", limit=2)] == whole[:2]
    assert [found.poem.title for found in shared.poems.search("leaf", limit=2, offset=2)] == whole[
        2:
    ]


@settings(max_examples=300, deadline=None)
@given(
    words=st.text()
    | st.text("\"*^:(){}-+\0 'aANDORNTE")
    | st.from_regex(r"(\w+ (AND|OR|NOT|NEAR\() ?)+")
)
def test_any_text_is_words(shared: Store, words: str) -> None:
    """Never an error, never an operator."""
    try:
        words.encode()
    except UnicodeEncodeError:  # half a character cannot be typed
        return
    if words.strip():
        assert len(shared.poems.search(words)) == shared.poems.count(words)
        assert shared.artworks.search(words) == []


WORD = st.text("abcé", min_size=1, max_size=4)


def plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


@settings(max_examples=60, deadline=None)
@given(
    bodies=st.lists(st.lists(WORD, min_size=1, max_size=6), max_size=6),
    words=st.lists(WORD, min_size=1, max_size=3),
)
def test_it_finds_what_reading_everything_finds(
    shared: Store, bodies: list[list[str]], words: list[str]
) -> None:
    with shared.transaction():
        ids = {
            add(shared, PoemDraft(f"t{n}", f"P {n}", " ".join(body))): body
            for n, body in enumerate(bodies)
        }
    wanted = {
        poem_id
        for poem_id, body in ids.items()
        if all(
            any(
                plain(other) == plain(word)
                or (len(word) > 2 and plain(other).startswith(plain(word)))
                for other in body
            )
            for word in words
        )
    }
    found = {one.poem.id for one in shared.poems.search(" ".join(words))}
    assert found & set(ids) == wanted
    with shared.transaction():
        for poem_id in ids:
            shared.poems.delete(poem_id)


def test_it_keeps_in_step(store: Store) -> None:
    ids = [add(store, draft) for draft in POEMS]
    store.poems.delete(ids[1])
    assert titles(store, "leaf") == ["The Leaf", "Straße"]
    agrees(store)
    with store._sessions.writing() as session:
        session.execute(
            update(PoemRow).where(PoemRow.id == ids[0]).values(title="Blade", text="grass")
        )
        session.execute(update(PoetRow).where(PoetRow.name == "Leaf Erikson").values(name="Branch"))
    assert titles(store, "leaf") == []
    assert titles(store, "branch") == ["Straße"]
    assert titles(store, "grass") == ["Blade"]
    agrees(store)
    with pytest.raises(RuntimeError), store.transaction():
        add(store, PoemDraft("Undone", "P", "undone"))
        raise RuntimeError
    assert titles(store, "undone") == []
    agrees(store)


def test_works(store: Store) -> None:
    wave = store.artworks.add(
        ArtworkDraft("The Wave", "12.3", "Hokusai", room="East", description="A boat under a wave.")
    )
    store.artworks.add(ArtworkDraft("Boats", artist="Anon", description="Calm water."))
    (first, second) = store.artworks.search("boat")
    assert (first.artwork.title, second.artwork.title) == ("Boats", "The Wave")
    assert second.snippet == "A »boat« under a wave."
    for words in ("hokusai", "12.3", "12", "east", "wave hoku", "under"):
        assert [work.title for work in store.artworks.list(words)] == ["The Wave"], words
        assert store.artworks.count(words) == 1
    with store._sessions.writing() as session:
        session.execute(update(ArtworkRow).where(ArtworkRow.id == wave).values(room="West"))
    assert [work.title for work in store.artworks.list("west")] == ["The Wave"]
    assert store.artworks.list("east") == []
    agrees(store)
    store.artworks.delete(wave)
    assert store.artworks.list("hokusai") == []
    agrees(store)


def test_a_store_of_before_has_its_words_too(tmp_path: Path) -> None:
    from tests.kiosk.store.test_migrations import store_of

    store_of(tmp_path / "store.sqlite", "0001")
    with open_store(tmp_path / "store.sqlite") as store:
        assert titles(store, "etude") == titles(store, "zoe two") == ["Étude"]
        assert [work.title for work in store.artworks.list("wave")] == ["Wave"]
        agrees(store)


def test_the_words_are_those_of_the_rows(shared: Store) -> None:
    """Nothing that is no word of a poem is in its index."""
    vocabulary = set()
    with shared._sessions.writing() as session:
        session.execute(
            text("CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, 'poem_words', 'row')")
        )
        vocabulary = set(session.scalars(text("SELECT term FROM temp.seen")))
        session.execute(text("DROP TABLE temp.seen"))
    said = " ".join(f"{one.title} {one.poet} {one.text}" for one in POEMS)
    assert vocabulary == {
        plain(word) if word.isascii() or "ë" in word or "ü" in word else word
        for word in re.findall(r"[^\W_]+", said.lower())
    }
