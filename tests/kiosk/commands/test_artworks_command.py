"""`ekphrasis artworks`, as typed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import InputError
from kiosk.commands import artworks
from kiosk.config import Settings
from tests.loopback_web import Page, loopback_web


def ekphrasis(tmp_path: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    artworks.add_parser(parser.add_subparsers())
    args = parser.parse_args(["artworks", *words])
    code: int = args.run(args, Settings(data_dir=tmp_path / "data"))
    return code


@pytest.fixture
def filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    Image.new("RGB", (20, 20), "navy").save(tmp_path / "wave.png")
    (tmp_path / "w.csv").write_text(
        "number,title,artist,date,image,description,room,Medium\n"
        "7,The Great Wave,Hokusai,c. 1830,wave.png,A wave.,3,woodblock\n"
        "8,Words,Someone,,,,,\n"
        "9,Lost,Someone,,lost.png,,,\n",
    )
    assert ekphrasis(tmp_path, "import", str(tmp_path / "w.csv")) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].endswith("2 added, 0 changed, 0 left alone, 1 refused.")
    assert out[1].startswith("refused: row 4 (“Lost”): the picture lost.png cannot be read")
    return tmp_path


def test_list(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ekphrasis(filled, "list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "id  number  artist   title           date     picture",
        "1   7       Hokusai  The Great Wave  c. 1830  yes",
        "2   8       Someone  Words                    no",
    ]


def test_show(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ekphrasis(filled, "show", "1", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert Path(shown.pop("image")).read_bytes() == (filled / "wave.png").read_bytes()
    assert shown == {
        "id": 1,
        "number": "7",
        "title": "The Great Wave",
        "artist": "Hokusai",
        "date": "c. 1830",
        "language": "en",
        "room": "3",
        "description": "A wave.",
        "extra": {"Medium": "woodblock"},
    }
    assert ekphrasis(filled, "show", "1") == 0
    out = capsys.readouterr().out
    assert "title     The Great Wave\n" in out
    assert out.endswith("\n\nA wave.\n")


def test_show_of_nothing(filled: Path) -> None:
    with pytest.raises(InputError, match="no artwork 99"):
        ekphrasis(filled, "show", "99")


def test_an_empty_store_says_the_way_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ekphrasis(tmp_path, "list") == 0
    assert "ekphrasis artworks import" in capsys.readouterr().err


def test_a_manifest_from_an_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "p.png"
    Image.new("RGB", (20, 20), "navy").save(picture)
    with loopback_web() as site:
        manifest = {
            "@context": "http://iiif.io/api/presentation/3/context.json",
            "id": f"{site.address}/m",
            "type": "Manifest",
            "label": {"en": ["The Wave"]},
            "items": [
                {"items": [{"items": [{"body": {"type": "Image", "id": f"{site.address}/p.png"}}]}]}
            ],
        }
        site.pages = {
            "/m": Page(json.dumps(manifest).encode()),
            "/p.png": Page(picture.read_bytes()),
        }
        words = ("import", f"{site.address}/m")
        with pytest.raises(InputError, match="private network"):
            ekphrasis(tmp_path, *words)
        assert ekphrasis(tmp_path, *words, "--allow-private-network", "--show-mapping") == 0
        assert "The Wave" in capsys.readouterr().out
        assert site.asked == ["/m"]
        assert ekphrasis(tmp_path, *words, "--allow-private-network") == 0
    assert "1 added" in capsys.readouterr().out
    assert ekphrasis(tmp_path, "show", "1", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert Path(shown["image"]).read_bytes() == picture.read_bytes()
    left = sorted(path.name for path in (tmp_path / "data").iterdir())
    assert not any(name.startswith(".import-") for name in left)
    (fetched,) = (tmp_path / "data" / "cache" / "fetched").iterdir()
    assert fetched.resolve() == Path(shown["image"]).resolve()  # no second copy


def test_pictures_of_a_table_are_fetched_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "p.png"
    Image.new("RGB", (20, 20), "navy").save(picture)
    with loopback_web() as site:
        site.pages["/p.png"] = Page(picture.read_bytes())
        table = tmp_path / "w.csv"
        table.write_text(f"number,title,image\n7,Wave,{site.address}/p.png\n")
        words = ("import", str(table), "--fetch", "--allow-private-network")
        assert ekphrasis(tmp_path, *words) == 0
        assert "1 added" in capsys.readouterr().out
        assert ekphrasis(tmp_path, "show", "1", "--json") == 0
        image = Path(json.loads(capsys.readouterr().out)["image"])
        assert image.suffix == ".png"

        assert ekphrasis(tmp_path, *words) == 0  # the same again changes nothing and asks nobody
        assert "0 changed, 1 left alone" in capsys.readouterr().out
        assert site.asked == ["/p.png"]

        Image.new("RGB", (20, 20), "gold").save(picture)
        site.pages["/p.png"] = Page(picture.read_bytes())
        assert ekphrasis(tmp_path, *words, "--fetch-again") == 0
        assert "1 changed" in capsys.readouterr().out
        assert site.asked == ["/p.png"] * 2

        assert ekphrasis(tmp_path, "show", "1", "--json") == 0
        image = Path(json.loads(capsys.readouterr().out)["image"])
        assert image.read_bytes() == picture.read_bytes()
        image.unlink()  # lost: then it is had anew
        assert ekphrasis(tmp_path, *words) == 0
        assert site.asked == ["/p.png"] * 3
        assert image.read_bytes() == picture.read_bytes()


def test_a_mapping_is_shown_corrected_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "w.csv").write_text("Werk,Malerin,Saal\nDie Woge,Hokusai,3\n")
    path = str(tmp_path / "w.csv")
    words = ("import", path, "--map", "title=Werk", "--map", "artist=Malerin")
    assert ekphrasis(tmp_path, *words, "--show-mapping", "--save-mapping", "Haus") == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].split() == ["field", "column", "for", "example"]
    assert "title          Werk     Die Woge" in lines
    assert "room           Saal     3" in lines
    assert "description    -" in lines
    assert "mappings/Haus.toml" in said.err
    assert ekphrasis(tmp_path, "list") == 0
    assert "no artworks yet" in capsys.readouterr().err

    assert ekphrasis(tmp_path, "import", path) == 0
    said = capsys.readouterr()
    assert "Read as: title from Werk; artist from Malerin; room from Saal" in said.err
    assert "1 added" in said.out
    assert "saved mapping “Haus”" in said.out
