"""Where things come from, as visitors hear it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.cards import Credit
from kiosk.phrases import credit_said
from kiosk.words.catalogue import LANGUAGES, words_in
from kiosk.words.marked import plain, runs

FULL = Credit(
    "https://www.example.org/objects/1234?x=y, seen in 2020",
    "https://creativecommons.org/licenses/by-sa/4.0/",
    "The heirs of A. B.",
)


def test_each_has_a_sentence_and_addresses_are_not_spelled_out() -> None:
    told = credit_said(FULL, words_in("en"))
    assert [plain(text) for text in told] == [
        "Source: example.org, seen in 2020.",
        "Licence: Creative Commons Attribution ShareAlike 4.0.",
        "Rights: The heirs of A. B.",
    ]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_known_licence_is_named_in_english_in_every_language(language: str) -> None:
    (told,) = credit_said(Credit(licence="CC0"), words_in(language))
    assert ("en", "Creative Commons Zero") in {
        (code, text.rstrip(".").removeprefix("Licence: ")) for text, code in runs(told, language)
    }


def test_what_nobody_wrote_down_is_not_said() -> None:
    assert credit_said(Credit(), words_in("en")) == ()
    assert not Credit()
    (told,) = credit_said(replace(Credit(), rights_holder="Me"), words_in("en"))
    assert told == "Rights: Me."


def test_an_address_that_is_none_costs_nothing() -> None:
    (told,) = credit_said(Credit(source="http://[broken and more"), words_in("en"))
    assert "and more" in told
