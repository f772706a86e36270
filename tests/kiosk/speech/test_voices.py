"""The voice follows the language."""

from __future__ import annotations

from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.synthesiser import Voice
from kiosk.speech.voices import choose_voice

VOICES = (
    Voice("gmw/en-029", "Caribbean", ("en-029",)),
    Voice("gmw/en", "Britain", ("en-gb",)),
    Voice("gmw/en-us", "America", ("en-us",)),
    Voice("roa/fr-be", "Belgium", ("fr-be",)),
    Voice("roa/fr", "France", ("fr-fr",)),
    Voice("sit/cmn", "Mandarin", ("cmn",)),
)


def chosen(language: str, preferred: str = "") -> str | None:
    voice = choose_voice(VOICES, language, preferred)
    return voice.id if voice else None


def test_the_nearest_voice_is_chosen() -> None:
    assert chosen("en") == "gmw/en"
    assert chosen("en_US") == "gmw/en-us"
    assert chosen("en-NZ") == "gmw/en"
    assert chosen("fr") == "roa/fr"
    assert chosen("zh-Hant") == "sit/cmn"
    assert chosen("tlh") is None


def test_a_preferred_voice_speaks_only_its_own_language() -> None:
    assert chosen("en", "gmw/en-029") == "gmw/en-029"
    assert chosen("fr", "gmw/en-029") == "roa/fr"
    assert chosen("en", "no such voice") == "gmw/en"


def test_the_real_voices_speak_the_languages_of_poems(voice: Pyttsx3Synthesiser) -> None:
    voices = voice.voices()
    for language in ("en", "en-US", "fr", "de", "es", "it", "ko", "ja", "zh", "la"):
        found = choose_voice(voices, language)
        assert found is not None, language
