"""Colours and light in words: pictures whose description anybody would agree on, and any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from kiosk.colour_notes import ColourNotes
from kiosk.colours import PLACES, Impression, look_at, to_lab
from kiosk.visit.colours_said import colours_said
from kiosk.words.catalogue import LANGUAGES, words_in

Colour = tuple[int, int, int]


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((255, 255, 255), "white"),
        ((0, 0, 0), "black"),
        ((128, 128, 128), "grey"),
        ((220, 20, 30), "red"),
        ((255, 140, 0), "orange"),
        ((250, 225, 40), "yellow"),
        ((40, 150, 50), "green"),
        ((15, 60, 20), "dark-green"),
        ((30, 60, 200), "blue"),
        ((170, 205, 240), "pale-blue"),
        ((15, 25, 80), "dark-blue"),
        ((120, 40, 160), "violet"),
        ((255, 182, 203), "pale-pink"),
        ((110, 70, 40), "brown"),
        ((50, 30, 20), "dark-brown"),
        ((190, 150, 80), "ochre"),
        ((240, 225, 190), "cream"),
        ((20, 150, 150), "blue-green"),
    ],
)
def test_colours_have_the_names_that_people_give_them(colour: Colour, name: str) -> None:
    assert look_at(Image.new("RGB", (40, 30), colour)).main == (name,)


def test_lab_is_as_the_standard_has_it() -> None:
    known = {(1.0, 1.0, 1.0): (100, 0, 0), (1.0, 0.0, 0.0): (53.24, 80.09, 67.20)}
    for rgb, lab in known.items():
        assert to_lab(np.array(rgb)) == pytest.approx(lab, abs=0.05)


def test_a_sunset_is_told_as_one() -> None:
    image = Image.new("RGB", (300, 200), (235, 120, 40))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 130, 300, 200), fill=(20, 30, 70))
    draw.ellipse((100, 0, 200, 66), fill=(255, 250, 200))
    seen = look_at(image)
    assert seen.main == ("orange", "dark-blue")
    assert seen.touches == ("cream",)
    assert (seen.warmth, seen.contrast, seen.lightest) == ("warm", "strong", "top")
    said = colours_said(seen, words_in("en"))
    assert said.startswith("Mostly orange and dark blue, with touches of cream.")
    assert said.endswith("It is lightest at the top.")


def test_poppies_are_few_and_seen() -> None:
    image = Image.new("RGB", (200, 200), (120, 130, 90))
    draw = ImageDraw.Draw(image)
    for at in range(10, 200, 30):
        draw.ellipse((at, 150, at + 12, 162), fill=(215, 30, 25))
    assert "red" in look_at(image).touches


def test_grey_is_neither_warm_nor_cool() -> None:
    seen = look_at(Image.linear_gradient("L"))
    assert seen.warmth == ""
    assert "hardly any colour" in colours_said(seen, words_in("en"))


def test_cool_is_cool() -> None:
    assert look_at(Image.new("RGB", (9, 9), (30, 90, 200))).warmth == "cool"


@pytest.mark.parametrize("place", range(9))
def test_the_light_is_found_where_it_is(place: int) -> None:
    image = Image.new("RGB", (90, 90), (40, 40, 45))
    row, column = divmod(place, 3)
    image.paste((230, 220, 180), (column * 30, row * 30, column * 30 + 30, row * 30 + 30))
    assert look_at(image).lightest == PLACES[place]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(LANGUAGES),
    st.integers(1, 40),
    st.integers(1, 40),
    st.binary(min_size=3, max_size=3),
    st.integers(0, 9),
)
def test_any_picture_has_words_without_gaps(
    language: str, width: int, height: int, colour: bytes, seed: int
) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (height, width, 3))
    mixed = (noise * (seed / 9) + np.frombuffer(colour, "u1") * (1 - seed / 9)).astype("u1")
    words = colours_said(look_at(Image.fromarray(mixed)), words_in(language))
    assert words.startswith(("Mostly ", "주된 색은 ", "Predominan "))
    assert "-" not in words
    assert words.endswith(".")
    assert "  " not in words
    assert ".." not in words
    assert ", ." not in words


def test_notes_are_read_again_and_a_changed_picture_is_looked_at_anew(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    image = Image.new("RGB", (20, 20), (220, 20, 30))
    image.save(picture)
    notes = ColourNotes(tmp_path / "cache" / "colours.json")
    assert notes.impression(picture) is None
    notes.look(picture, image)
    later = ColourNotes(tmp_path / "cache" / "colours.json")
    assert later.impression(picture) == look_at(image)
    Image.new("RGB", (21, 20), (30, 60, 200)).save(picture)
    assert later.impression(picture) is None


@pytest.mark.parametrize("text", ["", "[]", '{"version": 1, "notes": {"a.png": {"of": 1}}}'])
def test_damaged_notes_only_mean_to_look_again(tmp_path: Path, text: str) -> None:
    path, picture = tmp_path / "colours.json", tmp_path / "a.png"
    path.write_text(text)
    image = Image.new("RGB", (20, 20), "green")
    image.save(picture)
    notes = ColourNotes(path)
    assert notes.impression(picture) is None
    notes.look(picture, image)
    assert isinstance(ColourNotes(path).impression(picture), Impression)
