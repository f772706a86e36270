"""Poems as staff bring them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import InputError
from kiosk.collections.poem_import import UNKNOWN_POET, import_poems
from kiosk.collections.report import Outcome
from kiosk.store.database import Store

TABLE = (
    "title,author,text,language,born,died,source,Rights,Thème\n"
    'Ozymandias,Percy Bysshe Shelley,"I met a traveller\n  from an antique land\n\nWho said",'
    "en,1792,1822,a book,public domain,\n"
    "Nothing,Nobody,  ,en,,,,,\n"
    '"ozymandias!",PERCY BYSSHE SHELLEY,"I met a traveller from an antique land, who said —"'
    ",,,,,,\n"
    ",,a line alone,Korean,c. 1564,1616.0,,,amour\n"
    "Wave,Anna,one,two,3,4,5,6,7,8,9\n"
    "Klang,Bö,x,Elvish,,,,,\n"
    "Lost,Someone,a caf\ufffd,,,,,,\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "poems.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_every_row_has_its_fate(store: Store, table: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = import_poems(store, table, lambda done, total: seen.append((done, total)))
    assert [(row.where, row.outcome) for row in report.rows] == [
        ("row 2", Outcome.ADDED),
        ("row 3", Outcome.SKIPPED),
        ("row 4", Outcome.SKIPPED),
        ("row 5", Outcome.ADDED),
        ("row 6", Outcome.REFUSED),
        ("row 7", Outcome.ADDED),
        ("row 8", Outcome.ADDED),
    ]
    assert report.rows[1].reason == "no text"
    assert report.rows[2].reason == "duplicate of row 2"
    assert "11 cells where there are 9 columns" in report.rows[4].reason
    assert seen == [(n, 7) for n in range(1, 8)]
    assert store.poems.count() == 4


def test_fields_arrive_where_they_belong(store: Store, table: Path) -> None:
    report = import_poems(store, table)
    poems = {row.where: store.poems.get(row.id) for row in report.rows if row.id is not None}
    shelley, nameless, elvish = poems["row 2"], poems["row 5"], poems["row 7"]
    assert shelley is not None
    assert shelley.text == "I met a traveller\n  from an antique land\n\nWho said"
    assert (shelley.poet.born, shelley.poet.died, shelley.source) == (1792, 1822, "a book")
    assert shelley.extra == {"Rights": "public domain"}
    assert nameless is not None
    assert (nameless.title, nameless.poet.name) == ("a line alone", UNKNOWN_POET)
    assert (nameless.language, nameless.poet.born, nameless.poet.died) == ("ko", None, 1616)
    assert nameless.extra == {"Thème": "amour", "born": "c. 1564"}
    assert elvish is not None
    assert (elvish.language, elvish.extra) == ("und", {"language": "Elvish"})
    notes = {row.where: " ".join(row.notes) for row in report.rows}
    assert "c. 1564" in notes["row 5"]
    assert "no poet" in notes["row 5"]
    assert "Elvish" in notes["row 7"]
    assert "lost" in notes["row 8"]


def test_a_second_run_changes_nothing(store: Store, table: Path) -> None:
    import_poems(store, table)
    before = store.poems.list()
    report = import_poems(store, table)
    assert report.added == []
    assert "in the store already" in report.rows[0].reason
    assert store.poems.list() == before


def test_cp1252_with_semicolons_is_said(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "gedichte.csv"
    path.write_bytes("title;poet;text\nÉtude;Zoë;“Où” — l’été\n".encode("cp1252"))
    report = import_poems(store, path)
    assert "read as cp1252" in report.notes[0]
    (poem,) = store.poems.list()
    assert (poem.title, poem.poet.name, poem.text) == ("Étude", "Zoë", "“Où” — l’été")


def test_json_and_jsonl(store: Store, tmp_path: Path) -> None:
    entries = [
        {"title": "A", "poet": "P", "text": "x\n\ny", "born": 1800, "tags": ["sea", "night"]},
        {"title": "B", "author": "Q", "poet": "R", "text": "z"},
        {"title": "C", "poet": "P"},
        {"title": "D", "poet": "P", "text": "half \ud83c"},
    ]
    path = tmp_path / "poems.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    report = import_poems(store, path)
    assert [row.outcome.value for row in report.rows] == ["added", "added", "left alone", "refused"]
    first, second = (store.poems.get(row.id) for row in report.added if row.id)
    assert first is not None
    assert second is not None
    assert (first.poet.born, first.extra) == (1800, {"tags": "sea\nnight"})
    assert (second.poet.name, second.extra) == ("R", {"author": "Q"})
    lines = tmp_path / "poems.jsonl"
    lines.write_text("\n".join(json.dumps(entry) for entry in entries), encoding="utf-8")
    again = import_poems(store, lines)
    assert [row.outcome.value for row in again.rows] == ["left alone"] * 3 + ["refused"]


def test_a_folder_of_poem_files(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "title: A\npoet: P\nborn: 1800\ndied: 1850\nlanguage: en\nsource: s\nchecked: c\n\n"
        "one\n  two\n\n\nthree\n"
    )
    (tmp_path / "b.txt").write_text("no header here\n\nx")
    report = import_poems(store, tmp_path)
    assert [(row.where, row.outcome.value) for row in report.rows] == [
        ("a.txt", "added"),
        ("b.txt", "refused"),
    ]
    (poem,) = store.poems.list()
    assert poem.text == "one\n  two\n\n\nthree"
    assert poem.extra == {"checked": "c"}


def test_long_poems_are_found_by_their_passages(store: Store, tmp_path: Path) -> None:
    text = "\n\n".join("\n".join(f"stanza {s} line {n}" for n in range(8)) for s in range(5))
    path = tmp_path / "p.json"
    path.write_text(json.dumps([{"title": "L", "poet": "P", "text": text}]))
    import_poems(store, path)
    passages = store.poems.passages_of(1)
    assert len(passages) == 3
    assert "\n\n".join(passage.text for passage in passages) == text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.csv", "title,author\na,b\n", "lacks the column “text”; it has “title”, “author”"),
        ("p.csv", "title,text\na,b\n", "“author” or “poet”"),
        ("p.json", '[{"titel": "a"}]', "lacks the column “title”"),
        ("p.csv", "", "empty"),
        ("p.json", "{", "not readable JSON"),
    ],
)
def test_an_unreadable_table_changes_nothing(
    store: Store, tmp_path: Path, name: str, content: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=words):
        import_poems(store, path)
    assert store.poems.count() == 0


def test_an_interruption_takes_everything_back(store: Store, table: Path) -> None:
    def interrupt(done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_poems(store, table, interrupt)
    assert store.poems.count() == 0
    assert len(import_poems(store, table).added) == 4


def test_the_report_in_words(store: Store, table: Path) -> None:
    told = list(import_poems(store, table).sentences())
    assert told[0] == f"{table}: 4 added, 0 changed, 2 left alone, 1 refused."
    assert told[1].startswith("refused: row 6")
    assert "left alone: row 3 (“Nothing”): no text" in told
    short = list(import_poems(store, table).sentences(most=2))
    assert len(short) == 4
    assert "more; --all" in short[-1]
