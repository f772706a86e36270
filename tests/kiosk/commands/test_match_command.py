"""`ekphrasis match`, with the real model on the starter collection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.explaining import concepts
from kiosk.config import Settings
from kiosk.store.database import open_store
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def sea(tmp_path: Path) -> Path:
    """A picture that is none of the collection's."""
    rows = np.linspace(0, 1, 240)[:, None, None]
    sky, water = np.array([250, 200, 150]), np.array([20, 60, 120])
    pixels = np.where(rows < 0.5, sky, water) * np.ones((240, 320, 1))
    path = tmp_path / "sea.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def answer(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


def test_a_picture_as_json(installed: Settings, ekphrasis: Run, sea: Path) -> None:
    told = answer(ekphrasis("match", sea, "--json", "--k", 3))
    assert told["artwork"] is None
    assert set(told) == {"artwork", "matches", "timing_ms", "bundle"}
    assert set(told["timing_ms"]) == {"load", "encode", "search", "rerank", "total"}
    assert told["bundle"]["name"] == "compact"
    matches = told["matches"]
    assert [match["rank"] for match in matches] == [1, 2, 3]
    assert len({match["poem_id"] for match in matches}) == 3
    scores = [match["score"] for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert all(-1 <= match["similarity"] <= 1 for match in matches)
    with open_store(installed.store_path) as store:
        for match in matches:
            poem = store.poems.get(match["poem_id"])
            assert poem is not None
            assert (match["title"], match["poet"]) == (poem.title, poem.poet.name)
            assert "\n".join(match["lines"]) in poem.text


def test_only_json_on_stdout(installed: Settings, sea: Path) -> None:
    """In a process of its own, where every library's chatter would show."""
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "match", str(sea), "--json"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONWARNINGS": "default"},
    )
    assert done.stdout.count("\n") == 1
    assert len(json.loads(done.stdout)["matches"]) == 5


def test_a_work_of_the_collection(installed: Settings, ekphrasis: Run) -> None:
    told = answer(ekphrasis("match", "--artwork", 1, "--json"))
    assert told["artwork"]["title"] == "The Great Wave off Kanagawa"
    assert told["artwork"]["number"] == "1"
    again = answer(ekphrasis("match", "--artwork", 1, "--json"))
    assert again["matches"] == told["matches"], "the same question, the same answer"


def test_words_join_the_picture(installed: Settings, ekphrasis: Run, sea: Path) -> None:
    alone = answer(ekphrasis("match", sea, "--json"))
    words = ("--title", "The Tiger", "--description", "A tiger burns in a dark forest at night.")
    both = answer(ekphrasis("match", sea, "--json", *words))
    assert [m["poem_id"] for m in both["matches"]] != [m["poem_id"] for m in alone["matches"]]
    untitled = answer(ekphrasis("match", sea, "--json", "--title", "Untitled"))
    assert untitled["matches"] == alone["matches"]


def test_why_is_said_when_asked_for_and_names_a_line_of_the_poem(
    installed: Settings, ekphrasis: Run, sea: Path
) -> None:
    description = "A blue sea under an orange sky. Boats with white sails lie on the waves."
    asked = ("--title", "Evening", "--description", description, "--k", 3)
    told = answer(ekphrasis("match", sea, "--json", "--why", *asked))["matches"]
    plain = answer(ekphrasis("match", sea, "--json", *asked))["matches"]
    assert plain == [{key: match[key] for key in match if key != "why"} for match in told]
    assert any(match["why"]["line"] is not None for match in told)
    for match in told:
        why = match["why"]
        assert set(why) == {"sentence", "line", "line_share", "shared"}
        assert bool(why["sentence"]) == (why["line"] is not None or bool(why["shared"]))
        if why["line"] is not None:
            line = match["lines"][why["line"]]
            assert line.strip(" ,;:—–-") in why["sentence"]
        text = " ".join(match["lines"]).lower()
        for one in why["shared"]:
            assert any(word in text for word in concepts()[one["key"]].words)
    spoken = ekphrasis("match", sea, "--why", *asked).out
    assert all(match["why"]["sentence"] in spoken for match in told)
    korean = ekphrasis("match", sea, "--why", "--language", "ko", *asked).out
    assert "그림" in korean


def test_as_text(installed: Settings, ekphrasis: Run, sea: Path) -> None:
    ran = ekphrasis("match", sea, "--k", 2)
    assert ran.code == 0
    assert ran.out.startswith("1. ")
    assert "\n2. " in ran.out


def test_hidden_poems_do_not_count(own_data: Path, ekphrasis: Run, sea: Path) -> None:
    table = own_data / "poems.json"
    poems = [
        {"title": f"Poem {n}", "author": "A", "text": f"The sea {n}\nthe sea"} for n in range(4)
    ]
    table.write_text(json.dumps(poems))
    assert ekphrasis("poems", "import", table).code == 0
    before = [m["poem_id"] for m in answer(ekphrasis("match", sea, "--json"))["matches"]]
    assert len(before) == 4
    with open_store(own_data / "store.sqlite") as store:
        store.curation.hide(None, before[0])
    after = answer(ekphrasis("match", sea, "--json", "--k", 3))["matches"]
    assert [m["poem_id"] for m in after] == before[1:]


def test_speak(installed: Settings, ekphrasis: Run, sea: Path, tmp_path: Path) -> None:
    """All k are spoken: three poems take longer than one."""
    lengths = []
    for k in (1, 3):
        wav = tmp_path / f"{k}.wav"
        ran = ekphrasis("match", sea, "--json", "--k", k, "--speak", wav)
        assert len(answer(ran)["matches"]) == k
        with wave.open(str(wav)) as sound:
            lengths.append(sound.getnframes() / sound.getframerate())
    assert lengths[0] > 5
    assert lengths[1] > lengths[0] + 10


def test_an_empty_store_has_words_and_a_way_on(own_data: Path, ekphrasis: Run, sea: Path) -> None:
    ran = ekphrasis("match", sea, "--json")
    assert answer(ran)["matches"] == []
    assert "ekphrasis poems import" in ran.err
    assert ekphrasis("match", sea).out == "No poem was found.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--artwork", 999], "no artwork 999"),
        (["nowhere.jpg"], "no file nowhere.jpg"),
        ([__file__], "not a picture"),
        (["--artwork", 1, "--title", "T"], "belong to a picture file"),
    ],
)
def test_mistakes(installed: Settings, ekphrasis: Run, words: list[object], says: str) -> None:
    ran = ekphrasis("match", *words)
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_nothing_to_speak_into(
    installed: Settings, ekphrasis: Run, sea: Path, tmp_path: Path
) -> None:
    ran = ekphrasis("match", sea, "--speak", tmp_path / "none" / "out.wav")
    assert ran.code == 2
    assert "no folder" in ran.err


@pytest.mark.parametrize("k", ["0", "-3", "many"])
def test_k_is_a_positive_number(installed: Settings, ekphrasis: Run, sea: Path, k: str) -> None:
    assert ekphrasis("match", sea, "--k", k).code == 2
