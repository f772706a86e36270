"""`ekphrasis poems`, as typed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from engine.errors import InputError
from kiosk.commands import poems
from kiosk.config import Settings

TABLE = (
    "title,author,text,born,died,Note\n"
    'Ozymandias,Percy Bysshe Shelley,"I met a traveller\n\nWho said",1792,1822,a  sonnet\n'
    "진달래꽃,김소월,나 보기가 역겨워,1902,1934,\n"
    "Empty,Nobody,,,,\n"
)


def ekphrasis(tmp_path: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    poems.add_parser(parser.add_subparsers())
    args = parser.parse_args(["poems", *words])
    code: int = args.run(args, Settings(data_dir=tmp_path / "data"))
    return code


@pytest.fixture
def filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "p.csv").write_text(TABLE, encoding="utf-8")
    assert ekphrasis(tmp_path, "import", str(tmp_path / "p.csv")) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"{tmp_path / 'p.csv'}: 2 added, 0 changed, 1 left alone, 0 refused.",
        "left alone: row 4 (“Empty”): no text",
    ]
    assert "cannot be searched yet" in said.err  # there is no model in this data directory
    return tmp_path


def test_list_is_aligned(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ekphrasis(filled, "list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "id  poet                              title       language  lines",
        "1   Percy Bysshe Shelley (1792–1822)  Ozymandias  en        2",
        "2   김소월 (1902–1934)                진달래꽃    en        1",
    ]


def test_list_as_json_and_search(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ekphrasis(filled, "list", "--json", "--search", "shelley") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "id": 1,
            "title": "Ozymandias",
            "poet": "Percy Bysshe Shelley",
            "born": 1792,
            "died": 1822,
            "language": "en",
            "source": "",
            "snippet": "I met a traveller\n\nWho said",
        }
    ]
    assert ekphrasis(filled, "list", "--search", "travel") == 0
    assert capsys.readouterr().out.splitlines() == [
        "id  poet                  title       text",
        "1   Percy Bysshe Shelley  Ozymandias  I met a »traveller« Who said",
    ]
    assert ekphrasis(filled, "list", "--search", "wave") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "wave" in said.err


def test_show(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ekphrasis(filled, "show", "1") == 0
    assert capsys.readouterr().out == (
        "Ozymandias\nPercy Bysshe Shelley (1792–1822)\n\nI met a traveller\n\nWho said\n\n"
        "language: en\nNote: a sonnet\n"
    )
    assert ekphrasis(filled, "show", "1", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["lines"] == ["I met a traveller", "", "Who said"]
    assert shown["passages"] == [{"id": 1, "first_line": 0, "lines": shown["lines"]}]
    assert shown["extra"] == {"Note": "a  sonnet"}


def test_show_of_nothing(filled: Path) -> None:
    with pytest.raises(InputError, match="no poem 99"):
        ekphrasis(filled, "show", "99")


@pytest.mark.parametrize("letter", ["x", "한"])
def test_a_long_title_is_shortened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], letter: str
) -> None:
    (tmp_path / "p.csv").write_text(f"title,poet,text\n{letter * 50_000},P,x\n", encoding="utf-8")
    ekphrasis(tmp_path, "import", str(tmp_path / "p.csv"))
    capsys.readouterr()
    ekphrasis(tmp_path, "list")
    title = capsys.readouterr().out.splitlines()[1].split()[2]
    assert title == letter * (59 if letter == "x" else 29) + "…"


def test_an_empty_store_says_the_way_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ekphrasis(tmp_path, "list") == 0
    assert "ekphrasis poems import" in capsys.readouterr().err
    assert ekphrasis(tmp_path, "list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
