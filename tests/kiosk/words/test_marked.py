"""Words of another language within a sentence: shown as one, spoken each by its own voice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.narration import announce, narrate_paragraphs
from kiosk.words.catalogue import words_in
from kiosk.words.marked import foreign, lettered, plain, runs


def test_a_french_title_in_an_english_sentence() -> None:
    text = words_in("en")("label-full", title=foreign("La Mer", "fr"), artist="Monet", date="1881")
    assert plain(text) == "La Mer, by Monet, 1881"
    assert runs(text, "en") == [("La Mer,", "fr"), ("by Monet, 1881", "en")]


def test_a_title_in_the_same_language_stays_in_the_sentence() -> None:
    text = words_in("en")("label-artist", title=foreign("The Sea", "en"), artist="Monet")
    assert runs(text, "en") == [("The Sea, by Monet", "en")]


def test_two_words_of_one_language_stay_apart() -> None:
    text = f"{foreign('Het melkmeisje', 'nl')}, {foreign('Vermeer', 'nl')}. 그림"
    assert runs(text, "ko") == [("Het melkmeisje, Vermeer.", "nl"), ("그림", "ko")]


def test_a_name_is_marked_where_its_letters_are_strange_to_the_sentence() -> None:
    assert runs(lettered("김소월", "ko", "en"), "en") == [("김소월", "ko")]
    assert runs(lettered("Vermeer", "nl", "ko"), "ko") == [("Vermeer", "nl")]
    assert lettered("Vermeer", "nl", "es") == "Vermeer"
    assert lettered("1565", "en", "ko") == "1565"


def test_a_korean_particle_follows_a_foreign_word() -> None:
    text = words_in("ko")("back-hint", key=foreign("Salon", "fr"))
    assert "Salon을" in plain(text)


def test_each_run_is_a_segment_in_its_language() -> None:
    narration = announce(f"Poem 1, for {foreign('Das Meer', 'de')}.", hint="Press.", language="en")
    assert [(s.text, s.language) for s in narration.segments] == [
        ("Poem 1, for", "en"),
        ("Das Meer.", "de"),
        ("Press.", "en"),
    ]
    assert len({s.id for s in narration.segments}) == 3


def test_paragraphs_are_counted() -> None:
    told = narrate_paragraphs(["One.", foreign("Zwei.", "de") + " Three."], language="en")
    assert [(s.text, s.line) for s in told.segments] == [("One.", 0), ("Zwei.", 1), ("Three.", 1)]


parts = st.lists(st.tuples(st.text(max_size=8), st.sampled_from(["", "fr", "ko", "en"])))


@given(parts)
def test_nothing_is_lost_and_nothing_is_left_of_the_marks(pieces: list[tuple[str, str]]) -> None:
    marked = "".join(foreign(text, code) if code else text for text, code in pieces)
    shown = plain(marked)
    heard = " ".join(text for text, _ in runs(marked, "en"))
    for sign in "\ue000\ue001\ue002":
        assert sign not in shown

    def words(text: str) -> str:
        return "".join(text.translate(dict.fromkeys(range(0xE000, 0xE003))).split())

    assert words(heard) == words(shown)
