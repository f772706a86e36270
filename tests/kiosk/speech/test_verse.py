"""What a voice is given of a line of verse."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.collections.poem_folder import read_poem_folder
from kiosk.config import HOME
from kiosk.speech.flite_words import for_flite
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
        ("And miles to go before I sleep,\t(15)", "And miles to go before I sleep,"),
        ("And miles to go before I sleep, [15]", "And miles to go before I sleep,"),
        ("  15   And miles to go", "And miles to go"),
        ("15\tAnd miles to go", "And miles to go"),
        ("[15] And miles to go", "And miles to go"),
        ("In 1914 the guns of August", "In 1914 the guns of August"),
        ("The guns of 1914", "The guns of 1914"),
        ("1914", "1914"),
        ("XVIII", "18."),
        ("II.", "2."),
        ("I", "I"),
        ("Sonnet XLIV", "Sonnet 44"),
        ("Sonnet I: Whether We Write", "Sonnet 1: Whether We Write"),
        ("The song I sing, the part I", "The song I sing, the part I"),
        ("Book V", "Book 5"),
        ("’twere well", "'twur well"),
        ("banishèd, banish’d", "banishid, banished"),
        ("blesse\u0301d", "blessid"),
        ("IT is an ancient Mariner", "It is an ancient Mariner"),
        ("ODE TO US", "ode to us"),
        ("que le diga «Levántate»!…", 'que le diga "Levántate"!'),
        ("* * *", ""),
        ("———", ""),
        ("...", ""),
        ("   ", ""),
    ],
)
def test_english_verse(printed: str, spoken: str) -> None:
    assert spoken_form(printed) == spoken


def test_no_odd_character_of_the_whole_anthology_reaches_a_voice() -> None:
    ordinary = set(" ,.;:!?'()\"-")
    opening = {"es": set("¡¿")}  # a Spanish voice turns these into its melody, and says no word
    lines = 0
    for row in read_poem_folder(HOME / "data" / "poems").rows:
        language = row.cells["language"]
        for text in (row.cells["title"], row.cells["poet"], *row.cells["text"].splitlines()):
            spoken = spoken_form(text, language)
            odd = {c for c in spoken if not c.isalnum()} - ordinary - opening.get(language, set())
            assert not odd, (text, spoken)
            assert not re.search(r"[,;:.!?]\s*[,;:.]|\s[,.;:!?]|--|\s-\s", spoken), spoken
            assert bool(spoken) == bool(text.strip()), text
            assert not set(for_flite(spoken)) - set(string.printable)
            lines += bool(spoken)
    assert lines > 2500


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("'Tis o'er, and ne'er whate'er", "tiz ore, and nair what air"),
        ("thou think'st, thou see'st", "thou thinkest, thou seest"),
        ("o'ercargoed boats; 'twas Ææa", "ore cargoed boats; 'twas Aeaea"),
        ("Frà Brontë, Dürer's", "Fra Bronte, Durer's"),
        ("the first and the last", "the first and the last"),
    ],
)
def test_what_flite_is_given(text: str, spoken: str) -> None:
    assert for_flite(text) == spoken


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
