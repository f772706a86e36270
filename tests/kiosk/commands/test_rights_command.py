"""`ekphrasis rights`, as typed, and what other commands say of what is held back."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from kiosk.config import load_settings
from kiosk.matching import MatchService
from kiosk.store.database import open_store
from tests.fakes import WordLengthEncoder
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def quick_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real commands, store and pipeline; only the network is a small one."""
    monkeypatch.setattr("engine.loading.load_encoder", lambda bundle: WordLengthEncoder())


@pytest.fixture
def house(own_data: Path, ekphrasis: Run, quick_model: None) -> Path:
    """Four poems, of which two say nothing of their rights, and two works, one of each kind."""
    poems = own_data / "poems.csv"
    poems.write_text(
        "title,poet,text,died,source,license,Rights holder\n"
        "Free,A,aa aa,1800,a book,https://creativecommons.org/licenses/by/4.0/,B Press\n"
        "Bare,B,bb bb,1801,,,\n"
        "Blank,C,cc cc,,unknown,-,\n"
        "Kept,D,dd dd,1803,a book,All rights reserved,The heirs\n"
    )
    Image.new("RGB", (8, 6), "navy").save(own_data / "sea.png")
    works = own_data / "works.csv"
    works.write_text("title,image,source,licence\nSea,sea.png,our photograph,CC0\nSky,sea.png,,\n")
    ran = ekphrasis("poems", "import", poems)
    assert ran.code == 0, ran.err
    assert (
        "3 of 4 poems are held back (2: neither source, licence nor rights holder is known; "
        "1: its licence reserves all rights)." in ran.err
    )
    assert "`ekphrasis rights confirm --import 1 --by NAME` confirms it" in ran.err
    ran = ekphrasis("artworks", "import", works, "--later")
    assert ran.code == 0, ran.err
    assert "1 of 2 artworks are held back" in ran.err
    return own_data


def titles(data: Path) -> tuple[list[str], list[str]]:
    """The poems that answer the work Sea in a visit, and the works that can be chosen."""
    settings = load_settings()
    with open_store(data / "store.sqlite") as store:
        service = MatchService(settings, store)
        service.rank_ahead()
        works = [card.title for card in service.artworks()]
        known = service.known(1)
        assert known is not None
        found = service.match_artwork(1)
        assert found.matches == known.matches
        return sorted(poem.title for poem in known.matches), works


def test_what_is_held_back_is_listed_with_its_reason(house: Path, ekphrasis: Run) -> None:
    held = json.loads(ekphrasis("rights", "list", "--held", "--json").out)
    assert [(one["kind"], one["title"], one["held"]) for one in held] == [
        ("poem", "Bare", True),
        ("poem", "Blank", True),
        ("poem", "Kept", True),
        ("artwork", "Sky", True),
    ]
    assert held[2]["reason"] == "its licence reserves all rights"
    ran = ekphrasis("rights", "list")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 1 + 4 + 2
    assert "may be used" in ran.out
    everything = json.loads(ekphrasis("rights", "list", "--json").out)
    assert "held" not in everything[0]
    assert everything[0]["rights_holder"] == "B Press"


def test_a_visit_meets_nothing_that_is_held_back_until_it_is_confirmed(
    house: Path, ekphrasis: Run
) -> None:
    assert titles(house) == (["Free"], ["Sea"])
    ran = ekphrasis("rights", "confirm", "poem", 2, "--by", "Mira  Holm", "--licence", "CC0")
    assert (ran.code, ran.out) == (
        0,
        "1 poem confirmed by Mira Holm; visitors meet them from now on.\n",
    )
    assert titles(house) == (["Bare", "Free"], ["Sea"])
    shown = ekphrasis("poems", "show", 2)
    assert "licence: Creative Commons Zero (CC0)\n" in shown.out
    assert "confirmed: by Mira Holm on 20" in shown.out
    assert shown.err == ""
    ran = ekphrasis("rights", "confirm", "--import", 1, "--by", "Mira")
    assert ran.out.startswith("2 poems confirmed by Mira;")
    ran = ekphrasis("rights", "confirm", "--all", "--by", "Mira")
    assert ran.out.startswith("1 artwork confirmed by Mira;")
    assert titles(house) == (["Bare", "Blank", "Free", "Kept"], ["Sea", "Sky"])
    assert "Nothing was held back" in ekphrasis("rights", "confirm", "--all", "--by", "M").err
    assert "Nothing is held back." in ekphrasis("rights", "list", "--held").err


def test_the_switch(house: Path, ekphrasis: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKPHRASIS_RIGHTS_HOLD_UNCONFIRMED", "no")
    assert titles(house) == (["Bare", "Blank", "Free", "Kept"], ["Sea", "Sky"])
    monkeypatch.setenv("EKPHRASIS_RIGHTS_FREE_AFTER_YEARS", "200")
    assert titles(house) == (["Bare", "Free", "Kept"], ["Sea", "Sky"])  # nobody knows when C died


def test_staff_see_what_is_held_back_and_it_is_marked(house: Path, ekphrasis: Run) -> None:
    told = json.loads(ekphrasis("match", "--artwork", 1, "--json").out)
    assert {poem["title"]: poem.get("held") for poem in told["matches"]} == {
        "Free": None,
        "Bare": True,
        "Blank": True,
        "Kept": True,
    }
    assert "held" not in told["artwork"]
    assert json.loads(ekphrasis("match", "--artwork", 2, "--json").out)["artwork"]["held"] is True
    text = ekphrasis("match", "--artwork", 1).out
    assert text.count(", held)") == 3


def test_what_is_held_back_is_not_spoken(house: Path, ekphrasis: Run) -> None:
    wav = house / "out.wav"
    ran = ekphrasis("match", "--artwork", 2, "--speak", wav)
    assert ran.code == 0, ran.err
    assert "Not spoken: 3 of the poems and the name of the work, held back until" in ran.err
    with wave.open(str(wav)) as sound:
        alone = sound.getnframes()
    ekphrasis("rights", "confirm", "--all", "--by", "Mira")
    ran = ekphrasis("match", "--artwork", 2, "--speak", wav)
    assert "Not spoken" not in ran.err
    with wave.open(str(wav)) as sound:
        assert sound.getnframes() > 2 * alone


def test_where_nothing_may_be_spoken_no_file_is_made(house: Path, ekphrasis: Run) -> None:
    with open_store(house / "store.sqlite") as store:
        store.poems.delete(1)
    ran = ekphrasis("match", "--artwork", 1, "--speak", house / "out.wav")
    assert ran.code == 2
    assert "Nothing was spoken. Not spoken: 3 of the poems" in ran.err
    assert not (house / "out.wav").exists()


def test_showing_says_what_is_known_and_what_is_held_back(house: Path, ekphrasis: Run) -> None:
    free = ekphrasis("poems", "show", 1)
    assert (
        "source: a book\nlicence: Creative Commons Attribution 4.0 "
        "(https://creativecommons.org/licenses/by/4.0/)\nrights_holder: B Press\n" in free.out
    )
    assert free.err == ""
    bare = ekphrasis("poems", "show", 2)
    assert "This poem is held back: neither source, licence nor rights holder is known." in bare.err
    shown = json.loads(ekphrasis("artworks", "show", 1, "--json").out)
    assert (shown["source"], shown["licence"]) == ("our photograph", "CC0")
    assert "confirmed_by" not in shown
    assert "source    our photograph" in ekphrasis("artworks", "show", 1).out
    assert "This artwork is held back" in ekphrasis("artworks", "show", 2).err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["poem", 1, 99], "no poem 99; nothing was confirmed"),
        (["poem"], "Give the ids"),
        ([], "in one way"),
        (["artwork", 1, "--all"], "in one way"),
        (["--import", 9], "no import 9"),
    ],
)
def test_mistakes(house: Path, ekphrasis: Run, words: list[object], says: str) -> None:
    ran = ekphrasis("rights", "confirm", *words, "--by", "Mira")
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert ekphrasis("rights", "confirm", "--all", "--by", " ").code == 2
    assert len(json.loads(ekphrasis("rights", "list", "--held", "--json").out)) == 4


def test_doctor_says_how_much_waits(house: Path) -> None:
    from kiosk.doctor import _held

    (finding,) = _held(load_settings())
    assert "3 poems and 1 artworks are held back" in finding.sentence
    assert not finding.needed
