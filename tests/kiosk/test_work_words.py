"""What is known of a work: a title that only names it is not read as if it told something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.work_words import SILENT_WORDS, join_words, says_nothing


@pytest.mark.parametrize(
    "title",
    [
        *(
            "",
            "Untitled",
            "untitled.",
            "No Title",
            "Ohne Titel",
            "Sans titre",
            "Sin título",
            "무제",
        ),
        *("Study No. 3", "Composition VIII", "Composition 8", "Plate 12", "Étude", "Opus 7"),
        *("Untitled (No. 5)", "XIV", "Studies, sheet 2", "Nr. 4", "—"),
    ],
)
def test_such_titles_say_nothing(title: str) -> None:
    assert says_nothing(title)
    assert join_words(title, "") == ""
    assert join_words(title, " A boat. ") == "A boat."


@pytest.mark.parametrize(
    "title",
    [
        *("Untitled (Boats)", "Study of a Horse", "The Great Wave", "Sunrise", "A Study in Red"),
        *("Figure 5", "Spring", "Mix", "I and the Village", "Livid", "습작 소녀"),
    ],
)
def test_titles_that_say_something_are_read(title: str) -> None:
    assert not says_nothing(title)
    assert join_words(title, "A boat.") == f"{title}. A boat."


@given(st.lists(st.sampled_from(sorted(SILENT_WORDS)) | st.integers(0, 3000).map(str)))
def test_however_such_words_are_put_together_they_say_nothing(words: list[str]) -> None:
    assert says_nothing(" ".join(words).title())
    assert not says_nothing(" ".join([*words, "boats"]))


@given(st.text(), st.text())
def test_what_is_joined_is_what_was_said(title: str, description: str) -> None:
    joined = join_words(title, description)
    assert joined == joined.strip()
    assert joined.endswith(description.strip())
    assert says_nothing(title) or joined.startswith(title.strip())
