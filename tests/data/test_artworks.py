"""The starter paintings' labels and descriptions: `data/artworks/starter.json`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from kiosk.collections.gcompris_boards import BOARDS

STARTER = Path(__file__).resolve().parents[2] / "data" / "artworks" / "starter.json"
FIELDS = (
    "number",
    "title",
    "artist",
    "date",
    "image",
    "description",
    "language",
    "room",
    "source",
    "licence",
    "rights_holder",
    "credit",
)
MOJIBAKE = re.compile("\ufffd|â€|Ã.|Â[\u0080-\u00bf]|\ufeff")


def complaints(work: dict[str, str]) -> list[str]:
    """What is wrong with one label."""
    found = [f"no {field}" for field in FIELDS if not str(work.get(field, "")).strip()]
    description = work.get("description", "")
    words = len(description.split())
    if not 40 <= words <= 100:
        found.append(f"{words} words of description")
    if re.match(r"(this|the) (painting|picture|print|image) (shows|depicts)", description, re.I):
        found.append("begins like a catalogue")
    if not description.endswith((".", "!", "?")):
        found.append("the description does not end")
    if not re.fullmatch(r"[1-9]\d*", work.get("number", "")):
        found.append("the number cannot be dialled")
    for field, value in work.items():
        if not isinstance(value, str) or value != value.strip() or "  " in value or "\n" in value:
            found.append(f"{field}: loose blanks or no text")
        elif MOJIBAKE.search(value) or unicodedata.normalize("NFC", value) != value:
            found.append(f"{field}: mojibake or not NFC")
    return found


@pytest.fixture(scope="module")
def works() -> list[dict[str, str]]:
    return json.loads(STARTER.read_text(encoding="utf-8"))


def test_every_label_is_sound(works):
    assert {work["number"]: found for work in works if (found := complaints(work))} == {}


def test_there_are_enough_and_none_twice(works):
    assert len(works) >= 20
    for field in ("number", "title", "image", "description"):
        assert max(Counter(work[field] for work in works).values()) == 1, field


def test_the_openings_differ(works):
    openings = Counter(" ".join(work["description"].split()[:2]).lower() for work in works)
    assert max(openings.values()) <= 2


def test_every_picture_is_one_that_is_unpacked_and_the_other_way_round(works):
    assert sorted(work["image"] for work in works) == sorted(board.image for board in BOARDS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("artist", ""),
        ("credit", " "),
        ("description", "Too short."),
        ("description", "word " * 101 + "end."),
        ("description", "This painting shows " + "a sea " * 30 + "at last."),
        ("description", "A sea " * 30),
        ("number", "3a"),
        ("title", "CafÃ©"),
        ("title", "Cafe\u0301"),
        ("title", "The  Lion"),
        ("date", 1890),
    ],
)
def test_a_bad_label_is_found(works, field, value):
    assert complaints({**works[0], field: value})
