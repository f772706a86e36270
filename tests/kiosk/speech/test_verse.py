"""What a voice is given of a line of verse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.speech.verse import spoken_form


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        ("Th’ expense of spirit", "the expense of spirit"),
        ("th'inconstant moon", "the inconstant moon"),
        ("I hop’d, he’d gone", "I hoped, he'd gone"),
        ("banish'd, kiss'd and dy'd", "banished, kissed and dyed"),
        ("o’erpow’r’d", "o'erpowered"),
        ("’Tis heav’n’s flow’rs", "'Tis heaven's flowers"),
        ("the blessèd isle", "the blessid isle"),
        ("o’ the world i’ the night", "of the world in the night"),
        ("six o'clock", "six o'clock"),
        ("tho' e'en thro' this", "though even through this"),
        ("Home—and dry", "Home, and dry"),
        ("Home -- and dry -", "Home, and dry,"),
        ("he said:—", "he said:"),
        ("— and so", "and so"),
        ("well-known a-roving", "well-known a-roving"),
        ("Wait . . . what...", "Wait, what."),
        ("Wait… what…", "Wait, what."),
        ("_never_ [sic] *more*", "never sic more"),
        ("And miles to go before I sleep,     15", "And miles to go before I sleep,"),
        ("XVIII", "18."),
        ("II.", "2."),
        ("I", "I"),
        ("Sonnet XLIV", "Sonnet 44"),
        ("IT is an ancient Mariner", "It is an ancient Mariner"),
        ("ODE TO US", "ode to us"),
        ("* * *", ""),
        ("———", ""),
        ("...", ""),
        ("   ", ""),
    ],
)
def test_english_verse(printed: str, spoken: str) -> None:
    assert spoken_form(printed) == spoken


def test_other_languages_keep_their_apostrophes() -> None:
    assert spoken_form("L’amour s’en va — hélas", "fr") == "L'amour s'en va, hélas"
    assert spoken_form("나 보기가 역겨워", "ko") == "나 보기가 역겨워"


@given(st.text(max_size=60))
def test_nothing_with_words_in_it_falls_silent_and_nothing_is_said_of_marks(text: str) -> None:
    spoken = spoken_form(text, "fr")
    assert not set(spoken) & set("*_#~—–…")
    if any(character.isalpha() for character in text):
        assert spoken


@given(
    st.lists(
        st.sampled_from(["the", "wind", "has", "seen", "neither", "you", "nor", "me"]), min_size=1
    )
)
def test_plain_words_pass_unchanged(words: list[str]) -> None:
    assert spoken_form(" ".join(words)) == " ".join(words)
