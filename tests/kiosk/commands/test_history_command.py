"""`ekphrasis poems edit`, `artworks edit` and `history`, as typed; and what they make again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.config import load_settings
from kiosk.encoding import encode_missing
from kiosk.matching import MatchService
from kiosk.speech.speech_cache import SUFFIX
from kiosk.store.database import open_store
from tests.fakes import Encoded, WordLengthEncoder
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]


class Counted(WordLengthEncoder):
    """Tells how many passages were encoded, and which pictures were looked at."""

    encoded: int
    pictures: set[int]  # by their width

    def picture(self, image: Image.Image) -> Encoded:
        self.pictures.add(image.width)
        return super().picture(image)


COUNTED = Counted()


@pytest.fixture
def house(own_data: Path, ekphrasis: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two poems and two works, ranked ahead, in silence; the network is a small one, counted."""
    fresh()
    monkeypatch.setattr("engine.loading.load_encoder", lambda bundle: COUNTED)
    monkeypatch.setattr("kiosk.encoding.encode_missing", counted)
    monkeypatch.setenv("EKPHRASIS_MATCHES", "1")
    monkeypatch.setenv("EKPHRASIS_SYNTHESISER", "silence")
    poems = own_data / "poems.csv"
    poems.write_text("title,poet,text,source\nWave,A,aa aa,x\nSnow,B,bb bb,x\n")
    for name, width in (("sea.png", 8), ("sky.png", 9)):
        Image.new("RGB", (width, 6), "navy").save(own_data / name)
    works = own_data / "works.csv"
    works.write_text("number,title,image,source\n1,Sea,sea.png,x\n2,Sky,sky.png,x\n")
    assert ekphrasis("poems", "import", poems).code == 0
    assert ekphrasis("artworks", "import", works).code == 0
    fresh()
    return own_data


def fresh() -> None:
    COUNTED.encoded, COUNTED.pictures = 0, set()


def counted(*args: Any, **more: Any) -> int:
    """As it is, but counted: the readers of reasons encode, too."""
    done = encode_missing(*args, **more)
    COUNTED.encoded += done
    return done


def spoken(data: Path) -> set[str]:
    return {path.name for path in (data / "cache").rglob(f"*{SUFFIX}")}


def unranked(data: Path) -> list[int]:
    with open_store(data / "store.sqlite") as store:
        return MatchService(load_settings(), store).unranked()


def test_a_new_title_is_spoken_anew_and_nothing_else_is_made_again(
    house: Path, ekphrasis: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKPHRASIS_SYNTHESISER", "pyttsx3")
    assert ekphrasis("voice", "render").code == 0
    lines = spoken(house)
    assert lines
    with open_store(house / "store.sqlite") as store:
        known = MatchService(load_settings(), store).known(1)
    assert known is not None
    poem = known.matches[0].poem_id
    ran = ekphrasis("poems", "edit", poem, "--title", "The Ocean", "--by", "Mira", "--why", "typo")
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"Change 1 of poem {poem}, 20")
    assert "UTC, by Mira (typo):\n  title: “" in ran.out
    assert (COUNTED.encoded, COUNTED.pictures) == (0, set())
    assert lines < spoken(house), "what was spoken stays, and the new title is spoken"
    with open_store(house / "store.sqlite") as store:
        known = MatchService(load_settings(), store).known(1)
    assert known is not None
    assert known.matches[0].title == "The Ocean"


def test_a_new_line_is_encoded_alone_and_pictures_are_answered_anew(
    house: Path, ekphrasis: Run
) -> None:
    ran = ekphrasis("poems", "edit", 2, "--line", 1, "bbb bbb")
    assert ran.code == 0, ran.err
    assert "  text:\n    -bb bb\n    +bbb bbb\n" in ran.out
    assert COUNTED.encoded == 1
    assert COUNTED.pictures == {8, 9}, "any picture may be answered with the new words"
    assert unranked(house) == []


def test_of_works_only_the_one_that_changed_is_ranked_again(house: Path, ekphrasis: Run) -> None:
    ran = ekphrasis("artworks", "edit", 2, "--description", "A sky\nof clouds", "--room", "3")
    assert ran.code == 0, ran.err
    assert (COUNTED.encoded, COUNTED.pictures) == (0, {9})
    assert unranked(house) == []
    fresh()
    assert ekphrasis("artworks", "edit", 2, "--room", "4").code == 0
    assert COUNTED.pictures == set(), "a room is no word that poems are found by"
    ran = ekphrasis("artworks", "edit", 1, "--title", "Ocean", "--later")
    assert (COUNTED.pictures, unranked(house)) == (set(), [1])


def test_history_and_back(house: Path, ekphrasis: Run, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("cc\n\ndd\n")
    assert ekphrasis("poems", "edit", 1, "--text-file", tmp_path / "new.txt").code == 0
    assert ekphrasis("poems", "edit", 1, "--set", "gloss=A sea.", "--died", "1900").code == 0
    assert ekphrasis("rights", "confirm", "poem", 1, "--by", "Mira").code == 0
    told = ekphrasis("history", "poem", 1)
    assert told.code == 0
    assert [line.split(",")[0] for line in told.out.splitlines() if line.startswith("Change")] == [
        "Change 1 of poem 1",
        "Change 2 of poem 1",
        "Change 3 of poem 1",
    ]
    assert "  gloss: nothing → “A sea.”" in told.out
    assert "by Mira (rights confirmed):" in told.out
    ran = ekphrasis("history", "restore", 1, "--before", "--by", "Bo", "--later")
    assert ran.code == 0, ran.err
    assert "by Bo (back to before change 1):" in ran.out
    shown = json.loads(ekphrasis("poems", "show", 1, "--json").out)
    assert (shown["lines"], shown["died"], shown["extra"]) == (["aa aa"], None, {})
    assert "confirmed_by" not in shown
    changes = json.loads(ekphrasis("history", "poem", 1, "--json").out)
    assert [change["who"] for change in changes][2:] == ["Mira", "Bo"]
    assert changes[0]["before"] == {"text": "aa aa"}
    assert ekphrasis("history", "restore", 3, "--later").code == 0
    shown = json.loads(ekphrasis("poems", "show", 1, "--json").out)
    assert (shown["lines"], shown["died"], shown["confirmed_by"]) == (
        ["cc", "", "dd"],
        1900,
        "Mira",
    )
    again = ekphrasis("history", "restore", 3)
    assert "poem 1 is so already" in again.err
    assert "Nothing was changed" in ekphrasis("history", "poem", 2).err


MISTAKES: list[tuple[list[object], str]] = [
    (["poems", "edit", 1], "Say what is to be changed; the options are --title"),
    (["poems", "edit", 9, "--title", "x"], "no poem 9"),
    (["poems", "edit", 9, "--line", 1, "x"], "no poem 9"),
    (["poems", "edit", 1, "--line", "x", "y"], "not the number of a line"),
    (["poems", "edit", 1, "--line", 5, "y"], "no line 5"),
    (["poems", "edit", 1, "--set", "gloss"], "not NAME=NEW"),
    (["poems", "edit", 1, "--text-file", "nowhere.txt"], "no file nowhere.txt"),
    (["poems", "edit", 1, "--line", 1, "x", "--text-file", "x.txt"], "not both"),
    (["poems", "edit", 1, "--poet", "B", "--title", "Snow", "--line", 1, "bb bb"], "the same as"),
    (["artworks", "edit", 1, "--number", "2"], "belongs to “Sky” already"),
    (["history", "restore", 9], "no change 9"),
    (["history", "artwork", 9], "no artwork 9"),
]


def test_mistakes_change_nothing(house: Path, ekphrasis: Run) -> None:
    for words, says in MISTAKES:
        ran = ekphrasis(*words)
        assert ran.code == 2, words
        assert says in ran.err
        assert ran.err.count("\n") == 1
    for kind in ("poem", "artwork"):
        assert json.loads(ekphrasis("history", kind, 1, "--json").out) == []
