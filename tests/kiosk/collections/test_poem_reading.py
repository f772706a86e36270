"""Poems in every form that staff bring come out as the same rows."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from kiosk.collections.poem_import import import_poems
from kiosk.collections.poem_reading import parse_text, read_poems
from kiosk.store.database import Store

VERSE = "Tyger, tyger, burning bright\n  In the forests of the night\n\nWhat immortal hand"
TEI = """<?xml version="1.0" encoding="utf-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader><fileDesc>
<titleStmt><title>Songs</title><author>Blake, William, 1757-1827</author></titleStmt>
<publicationStmt><availability><licence target="https://x/pd">Public domain</licence></availability>
</publicationStmt><sourceDesc><p>Printed <hi>1794</hi></p></sourceDesc></fileDesc></teiHeader>
<text><body>
<div type="poem"><head>The Tyger</head>
  <lg type="stanza"><l>Tyger, <hi>tyger</hi>,<note>sic</note>
     burning bright</l><l rend="indent1">In the
     <choice><sic>forrests</sic><corr>forests</corr></choice>
     of the night</l></lg><pb n="2"/>
  <lg><l>What immortal hand</l></lg></div>
<div type="poem" xml:lang="fr"><head>Autre</head><byline>by Rosa</byline><l>Une ligne</l></div>
</body></text></TEI>"""


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_tei_stanzas_and_lines(tmp_path: Path) -> None:
    tyger, other = read_poems(write(tmp_path / "p.xml", TEI)).rows
    assert tyger.cells["text"] == VERSE
    assert tyger.cells["title"] == "The Tyger"
    assert tyger.cells["author"] == "William Blake"
    assert (tyger.cells["born"], tyger.cells["died"]) == ("1757", "1827")
    assert tyger.cells["licence"] == "Public domain"
    assert tyger.cells["source"] == "Printed 1794"
    assert tyger.cells["language"] == "en"
    assert other.cells["language"] == "fr"
    assert other.cells["author"] == "Rosa"
    assert other.cells["text"] == "Une ligne"


def test_tei_with_one_poem_in_parts_and_no_division(tmp_path: Path) -> None:
    xml = """<TEI.2><text><body><lg type="sonnet"><head>A</head><lg><l>one</l><l>two</l></lg>
    <lg><l>three</l></lg></lg></body></text></TEI.2>"""
    (row,) = read_poems(write(tmp_path / "p.tei", xml)).rows
    assert row.cells == {"title": "A", "text": "one\ntwo\n\nthree"}
    loose = """<TEI><text><body><div><head>I</head><lg><l>one</l></lg></div><lg><l>two</l></lg>
    </body></text></TEI>"""
    (row,) = read_poems(write(tmp_path / "q.tei", loose)).rows
    assert row.cells["text"] == "I\n\none\n\ntwo"  # loose verse beside a part: one poem, all kept


BOMB = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><TEI><lg><l>&b;</l></lg></TEI>'
FETCHED = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><TEI><l>&a;</l></TEI>'


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (BOMB, "entities"),
        (FETCHED, "entities"),
        ("<TEI><text/></TEI>", "no verse"),
        ("<TEI>", "not readable XML"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "not readable XML|not known"),
        ("<a>" * 100_000 + "<l>x</l>" + "</a>" * 100_000, "nested too deeply|not readable"),
    ],
    ids=["entity bomb", "entity from a file", "no verse", "cut short", "encoding", "deep"],
)
def test_tei_that_is_refused(tmp_path: Path, xml: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_poems(write(tmp_path / "p.xml", xml))


def test_many_poems_in_one_text(tmp_path: Path) -> None:
    text = (
        f"title: A\nauthor: B\n\n{VERSE}\n\n---\n\nmore of A\n\n=====\nauthor: C\ntitle: D\n\nd\n"
    )
    first, second = read_poems(write(tmp_path / "p.txt", text)).rows
    assert first.cells == {"title": "A", "author": "B", "text": f"{VERSE}\n\n---\n\nmore of A"}
    assert second.cells == {"author": "C", "title": "D", "text": "d"}
    assert second.where == "p.txt, poem 2"


LINES = st.lists(
    st.sampled_from(["O sea,", "  and so", "", "---", "night: day", "***"]), max_size=12
)


@settings(deadline=None)
@given(st.lists(LINES.map("\n".join).map(lambda t: f"x{t}y"), min_size=1, max_size=5))
def test_poems_written_one_after_the_other_come_back(poems: list[str]) -> None:
    text = "\n---\n".join(f"title: T{i}\n\n{poem}\n" for i, poem in enumerate(poems))
    assert [row.cells["text"] for row in parse_text("p", text)] == poems


def test_markdown(tmp_path: Path) -> None:
    text = f"---\ntitle: 'Tyger'\nlicence: public domain\n---\n\n{VERSE}  \n"
    (row,) = read_poems(write(tmp_path / "p.md", text)).rows
    assert row.cells == {"title": "Tyger", "licence": "public domain", "text": VERSE}
    text = (
        "# Songs\n\n## The Tyger\n*by William Blake*\n\nTyger, *tyger*,\\\n> In \\*the\\*  \n\n"
        "What<br>\n\n## Other\n\nby the sea she sat\nand sang\n"
    )
    tyger, other = read_poems(write(tmp_path / "q.md", text)).rows
    assert tyger.cells["text"] == "Tyger, tyger,\nIn *the*\n\nWhat"
    assert tyger.cells["author"] == "William Blake"
    assert tyger.cells["collection"] == "Songs"
    assert other.cells["text"] == "by the sea she sat\nand sang"  # verse, not a name


def test_a_folder_as_a_large_collection_has_it(tmp_path: Path) -> None:
    poem = "author: Émile\ntitle: Été\n\nune ligne\n\nune autre\n"
    for n in range(8):
        write(tmp_path / "E" / f"{n}.txt", poem.encode("cp1252"))
    write(tmp_path / "F" / "f.txt", poem)
    write(tmp_path / "F" / "t.xml", TEI)
    write(tmp_path / "README.md", "# about")
    write(tmp_path / ".git" / "x.txt", "no")
    table = read_poems(tmp_path)
    assert len(table.rows) == 11
    assert {row.cells["title"] for row in table.rows[:9]} == {"Été"}
    assert table.rows[0].cells["text"] == "une ligne\n\nune autre"
    assert table.rows[10].where == "F/t.xml, poem 2"
    assert table.notes == (
        "8 files (E/0.txt, E/1.txt, E/2.txt, …): read as cp1252; if accents look wrong, "
        "save the file as UTF-8",
    )


def test_other_peoples_names_for_columns(tmp_path: Path) -> None:
    table = read_poems(write(tmp_path / "p.csv", "Poem,Poet,Name\nx,y,z\n"))
    assert table.rows[0].cells == {"text": "x", "Poet": "y", "title": "z"}
    assert "the column “Poem” is read as text" in table.notes
    wrapped = json.dumps(
        {"count": 1, "poems": [{"title": "T", "author": "A", "lines": ["a", "b"]}]}
    )
    (row,) = read_poems(write(tmp_path / "p.json", wrapped)).rows
    assert row.cells == {"title": "T", "author": "A", "text": "a\nb"}


@pytest.mark.parametrize(
    ("ending", "pack"), [("xz", lzma.compress), ("gz", gzip.compress), ("bz2", bz2.compress)]
)
def test_compressed_tables(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    data = pack(b'{"title": "T", "text": "x"}\n')
    (row,) = read_poems(write(tmp_path / f"p.jsonl.{ending}", data)).rows
    assert row.cells["text"] == "x"
    for broken in (data[:-4], b"nothing packed", data[:10]):
        with pytest.raises(InputError, match=r"damaged|cannot be read"):
            read_poems(write(tmp_path / f"q.jsonl.{ending}", broken))


def test_lost_and_garbled_characters_are_told_and_kept(tmp_path: Path) -> None:
    text = "title,poet,text\nA,B,Idol-curs\ufffdd\nC,D,un café\nE,F,un cafÃ© trÃ¨s noir\n"
    lost, sound, garbled = read_poems(write(tmp_path / "p.csv", text)).rows
    assert len(lost.notes) == 1
    assert "where a character was lost" in lost.notes[0]
    assert sound.notes == ()
    assert "“un cafÃ© trÃ¨s noir” was probably “un café très noir”" in garbled.notes[0]
    assert garbled.cells["text"] == "un cafÃ© trÃ¨s noir"


def test_a_formula_in_a_table_of_text_is_told_and_kept(tmp_path: Path) -> None:
    text = 'title,text\n"=HYPERLINK(""http://x"",""y"")",- and so it ends\n'
    (row,) = read_poems(write(tmp_path / "p.csv", text)).rows
    assert row.cells["title"].startswith("=HYPERLINK")
    assert len(row.notes) == 1
    assert "never computed" in row.notes[0]


def test_the_notes_of_a_reader_reach_the_report(tmp_path: Path, store: Store) -> None:
    report = import_poems(store, write(tmp_path / "p.xml", TEI.replace("bright", "br\ufffdght")))
    assert len(report.added) == 2
    assert any("lost" in note for note in report.rows[0].notes)


@pytest.mark.parametrize("name", ["p.txt", "p.md", "p.xml", "p.jsonl.gz", "p.csv.xz"])
@settings(deadline=None, max_examples=60)
@given(
    data=st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore"))
    )
)
def test_any_file_is_rows_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    path = write(tmp_path_factory.mktemp("any") / name, data)
    try:
        assert all(isinstance(row.where, str) for row in read_poems(path).rows)
    except InputError as error:
        assert "\n" not in error.sentence
