"""Cleaning takes nothing from the page."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.collections.text import clean_line, clean_text, is_text


def test_breaks_and_indents_stay() -> None:
    assert (
        clean_text("\n\n  one\t \r\n\r\n\r\n    two  \rthree\n \n") == "  one\n\n\n    two\nthree"
    )


def test_soft_breaks_of_other_programs_are_breaks() -> None:
    assert clean_text("a\x0bb\u2028c\u2029d\x85e") == "a\nb\nc\n\nd\ne"


def test_unicode_is_composed_and_controls_go() -> None:
    assert clean_text("\ufeffe\u0301t\x00e\x07\u0301") == "été"


def test_one_line() -> None:
    assert clean_line(" The\n Great   Wave ") == "The Great Wave"


def test_half_a_character_is_no_text() -> None:
    assert is_text("🌊")
    assert not is_text("\ud83c")


@settings(deadline=None)
@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert all(line == line.rstrip() for line in once.split("\n"))
