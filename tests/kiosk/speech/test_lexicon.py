"""Names said as they are said, and nothing else touched."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import HOME
from kiosk.speech.lexicon import SHIPPED, Lexicon, read_lexicon
from kiosk.speech.phonemes import MNEMONICS, espeak_mnemonics, possessive

SHIPPED_FILE = HOME / "assets" / SHIPPED


@pytest.fixture(scope="module")
def shipped() -> Lexicon:
    return read_lexicon([SHIPPED_FILE])


def lexicon(tmp_path: Path, text: str) -> Lexicon:
    path = tmp_path / "pronunciation.txt"
    path.write_text(text, encoding="utf-8")
    return read_lexicon([path])


def ipa_of(text: str) -> str:
    """What espeak-ng makes of a text or of phonemes in brackets."""
    command = ["espeak-ng", "-v", "en", "-q", "--ipa", text]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("by Johann Wolfgang von Goethe.", "by yo han wolf gang von gurta."),
        ("GOETHE’S Faust and goethe's", "gurta’S Faust and gurta's"),
        ("Goethean", "Goethean"),
        ("Vincent  van  Gogh", "Vincent  van goff"),
        ("Street in Auvers-sur-Oise", "Street in oh vair sir waz"),
        ("Auvers-on-Sea", "oh vair-on-Sea"),
        ("The day before", "The day before"),
    ],
)
def test_whole_words_whatever_their_case(shipped: Lexicon, text: str, spoken: str) -> None:
    respelled = shipped.respell(text, "en-GB")
    assert respelled.replace("’S", "'s") == spoken.replace("’S", "'s")


def test_the_language_is_that_of_the_text(tmp_path: Path) -> None:
    both = lexicon(tmp_path, "Goethe\ten\tgurta\nAuvers\t*\toh vair\nAuvers\tfr\tauvèrs\n")
    assert not both.problems
    assert both.respell("Goethe in Auvers", "de") == "Goethe in oh vair"
    assert both.respell("Auvers", "fr-CA") == "auvèrs"
    assert both.respell("Auvers", "en") == "oh vair"


def test_staff_override_what_is_shipped(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("Van Gogh  en  van gokh\n", encoding="utf-8-sig")
    both = read_lexicon([SHIPPED_FILE, tmp_path / "not there", mine])
    assert both.respell("Van Gogh", "en") == "van gokh"
    assert both.apply("Van Gogh", "en", lambda ipa: ipa) == "van gokh"  # the IPA went with it
    assert both.fingerprint != read_lexicon([SHIPPED_FILE]).fingerprint


def test_ipa_is_for_english_text_and_takes_the_possessive_with_it(shipped: Lexicon) -> None:
    def bracket(ipa: str) -> str:
        return f"<{ipa}>"

    assert shipped.apply("Goethe’s and Goethe", "en", bracket) == "<ɡˈɜːtəz> and <ɡˈɜːtə>"
    assert possessive("bˈɪʃ") == "bˈɪʃɪz"
    assert possessive("ɡˈɒf") == "ɡˈɒfs"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Goethe en gurta", "here are 1 parts"),
        ("Goethe\ten", "here are 2 parts"),
        ("Goethe\tEnglish please\tgurta", "no language"),
        ("Goethe\ten\tg[[u", "cannot be said"),
        ("Goethe\ten\t12", "cannot be said"),
        ("123\ten\tgurta", "no word"),
        ("Goethe\ten\tgurta\tɡøːtə", "'ø' is no sound"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_its_number(
    tmp_path: Path, line: str, why: str
) -> None:
    found = lexicon(tmp_path, f"# words\n\n{line}\nDonne\ten\tdun\n")
    (problem,) = found.problems
    assert "line 3" in problem
    assert why in problem
    assert found.respell("Goethe, Donne", "en") == "Goethe, dun"  # the rest still works


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pronunciation.txt"
    path.write_bytes(b"Goethe\ten\tg\xfcrta")
    (problem,) = read_lexicon([path]).problems
    assert "save it as UTF-8" in problem


PLAIN = st.text(st.characters(codec="utf-8"), max_size=80)


@given(PLAIN)
def test_a_text_without_the_lexicons_words_is_unchanged(text: str) -> None:
    words = Lexicon(read_lexicon([SHIPPED_FILE]).entries[:20])
    if any(entry.word.casefold() in text.casefold() for entry in words.entries):
        return
    assert words.respell(text, "en") == text
    assert words.apply(text, "en", lambda _: "[[wrong]]") == text


@given(PLAIN, PLAIN)
def test_only_the_word_is_replaced(before: str, after: str) -> None:
    words = read_lexicon([SHIPPED_FILE])
    if words.respell(before, "en") != before or words.respell(after, "en") != after:
        return
    assert words.respell(f"{before} Goethe {after}", "en") == f"{before} gurta {after}"


def test_every_shipped_word_is_said_by_espeak_as_its_ipa_says(shipped: Lexicon) -> None:
    assert not shipped.problems
    assert len(shipped.entries) > 50
    same = str.maketrans({"æ": "a", "r": "ɹ", " ": None})
    needless = []
    for entry in shipped.entries:
        said = ipa_of(f"[[{espeak_mnemonics(entry.ipa)}]]")
        assert said.translate(same) == entry.ipa.translate(same), entry.word
        if ipa_of(entry.word) == said:
            needless.append(entry.word)
    assert len(needless) < 0.1 * len(shipped.entries), needless


@pytest.mark.parametrize("sound", [sound for sound in MNEMONICS if sound not in "ˈˌ "])
def test_each_sound_of_the_table_is_espeaks_own(sound: str) -> None:
    same = str.maketrans({"æ": "a", "r": "ɹ", "g": "ɡ", "ˈ": None})
    expected = sound.replace("oʊ", "əʊ").translate(same)
    assert ipa_of(f"[[{MNEMONICS[sound]}]]").translate(same) == expected
