"""A server finds, lists and counts what SQLite does, in the same order."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from kiosk.collections.passages import cut
from kiosk.collections.poem_import import import_poems
from kiosk.config import HOME
from kiosk.store.database import Store, open_store
from kiosk.store.letters import read_letters
from kiosk.store.migrations.tokens import TOKENS
from kiosk.store.records import ArtworkDraft, PoemDraft
from tests.postgres import Server

Both = tuple[Store, Store]

# Words and signs that have been cut otherwise by one of the two, or might be.
TEXTS = st.text("abé ßÆ’'-_.\n\u0301\u0323진꽃ÑñΣσς١२\u00ad\u200bǅ", max_size=30) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
)


@pytest.fixture(scope="module")
def both(
    server: Server, opened_once: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """Two stores with the starter poems and some works."""
    folder = tmp_path_factory.mktemp("both")
    name = server.new_database(opened_once, "")
    with (
        open_store(folder / "file" / "store.sqlite") as file,
        open_store(server.place(folder / "server", name)) as served,
    ):
        for store in (file, served):
            import_poems(store, HOME / "data" / "poems")
            for number, (title, artist) in enumerate(
                [("The Wave", "Hokusai"), ("Sea and wave", "Émile Vague"), ("Wave, wave", "A.")]
            ):
                store.artworks.add(
                    ArtworkDraft(
                        title, f"12.{number}", artist, description=f"{title} at sea", room="É"
                    )
                )
        yield file, served


def found(store: Store, words: str) -> list[tuple[int, str]]:
    return [(one.poem.id, one.snippet) for one in store.poems.search(words)]


SEARCHES = (
    "love; the; sea; night wind; o; I; don't; o'er; la la; to the; WINTER; élan; emily; x; -; a b;"
    "mother and child; 바다; 꽃; 나; 사랑; corazón; corazon; niño; sea_wind;"
    "death's; moon star sun; not found anywhere"
)


@pytest.mark.parametrize("words", SEARCHES.split(";"))
def test_poems_in_the_same_order(both: Both, words: str) -> None:
    file, served = both
    assert found(served, words) == found(file, words)
    assert served.poems.count(words) == file.poems.count(words)
    assert [p.id for p in served.poems.list(words, limit=3, offset=1)] == [
        p.id for p in file.poems.list(words, limit=3, offset=1)
    ]


@pytest.mark.slow
def test_every_word_of_some_poems(both: Both) -> None:
    file, served = both
    words = {word for poem in file.poems.list()[::40] for word in poem.text.split()}
    assert len(words) > 300
    for word in sorted(words):
        assert found(served, word) == found(file, word), word


@pytest.mark.parametrize("words", ["wave", "12", "12.1", "vague", "sea wave", "e", "hokusai sea"])
def test_works_in_the_same_order(both: Both, words: str) -> None:
    file, served = both
    assert served.artworks.list(words) == file.artworks.list(words)


def test_lists_in_the_same_order(both: Both) -> None:
    file, served = both
    assert served.poems.list() == file.poems.list()
    assert served.artworks.list() == file.artworks.list()
    assert sorted(served.poems.languages()) == sorted(file.poems.languages())


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(bodies=st.lists(TEXTS, min_size=1, max_size=5), words=TEXTS)
def test_any_words_in_any_texts(both: Both, bodies: list[str], words: str) -> None:
    drafts = [PoemDraft(f"{n}", f"{n} {body[:4]}", f"{body}\nend") for n, body in enumerate(bodies)]
    answers = []
    for store in both:
        with store.transaction():
            ids = [store.poems.add(draft, cut(draft.text)) for draft in drafts]
        looked = f"{words} {bodies[0]}"
        ours = [ids.index(i) for i, _ in found(store, looked) if i in ids] if looked.strip() else []
        ones = [
            [ids.index(i) for i, _ in found(store, body) if i in ids]
            for body in bodies
            if body.strip()
        ]
        answers.append((ours, ones))
        with store.transaction():
            for poem_id in ids:
                store.poems.delete(poem_id)
    assert answers[0] == answers[1]


@pytest.mark.slow
def test_letters_are_what_sqlite_takes_for_letters() -> None:
    """Also those that nobody asked about, to the last."""
    every = read_letters([range(1, 0xD800), range(0xE000, 0x110000)])
    assert read_letters() == every
    for letter, plain in every.plain.items():
        assert plain not in every.plain, letter  # once is enough


def test_words_are_cut_as_sqlite_cuts_them(both: Both) -> None:
    """Every letter and sign of the first two planes, between two letters and by itself."""
    memory = sqlite3.connect(":memory:")
    memory.execute(f"CREATE VIRTUAL TABLE asked USING fts5(word, {TOKENS})")
    memory.execute("CREATE VIRTUAL TABLE answer USING fts5vocab(asked, instance)")
    signs = [chr(p) for p in range(1, 0x20000) if not 0xD800 <= p < 0xE000]
    lines = [
        " ".join(f"B{sign}a {sign}" for sign in signs[at : at + 256])
        for at in range(0, len(signs), 256)
    ]
    memory.executemany("INSERT INTO asked (word) VALUES (?)", ((line,) for line in lines))
    wanted: list[list[str]] = [[] for _ in lines]
    for term, row in memory.execute("SELECT term, doc FROM answer ORDER BY doc, offset"):
        wanted[row - 1].append(term)
    with both[1]._sessions.reading() as session:
        for line, words in zip(lines, wanted, strict=True):
            (cut_words,) = session.scalars(text("SELECT poem_words_plain(:line)"), {"line": line})
            assert cut_words.split() == words, unicodedata.name(line[1], "?")
