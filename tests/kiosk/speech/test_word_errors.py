"""The measure by which voices are compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import HOME
from tests.listen.listening import LINES, verses
from tests.listen.word_errors import plain_words, word_errors

WORDS = st.lists(st.sampled_from(["wind", "sea", "thou", "art"]), max_size=8)


def test_words_and_not_marks_are_compared() -> None:
    assert plain_words("’Tis heav’n, I’m told — “Yes!”") == ["tis", "heaven", "im", "told", "yes"]


def test_a_word_replaced_left_out_or_put_in_is_one_error() -> None:
    said = ["who", "has", "seen", "the", "wind"]
    assert word_errors(said, ["who", "had", "seen", "wind", "then"]) == 3
    assert word_errors(said, []) == 5


@given(WORDS, WORDS, WORDS)
def test_it_is_a_distance(one: list[str], two: list[str], three: list[str]) -> None:
    assert word_errors(one, two) == word_errors(two, one)
    assert (word_errors(one, two) == 0) == (one == two)
    assert word_errors(one, three) <= word_errors(one, two) + word_errors(two, three)


def test_poems_from_the_whole_anthology_are_heard() -> None:
    poems = verses(HOME / "data" / "poems", 36)
    assert len({poem.poet for poem in poems}) > 25
    assert len(poems) == 36
    assert all(1 < len(poem.lines) <= LINES for poem in poems)
