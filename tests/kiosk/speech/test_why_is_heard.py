"""Why a poem was chosen, by a real voice, listened to: sentence and line are heard as they are."""

from __future__ import annotations

from dataclasses import replace

from engine import Reason, Shared
from kiosk.narration import narrate_paragraphs
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.synthesiser import SpeechSettings
from kiosk.visit.why_said import why_said
from kiosk.words.catalogue import words_in
from kiosk.words.marked import plain
from tests.kiosk.speech.conftest import Ear, heard_words
from tests.kiosk.visitor import MOTHER, WIND

BOTH = {
    "sea": (Shared("sea", "subject", 0.1, 0.1),),
    "trees": (Shared("tree", "subject", 0.1, 0.1),),
    "wind": (Shared("wind", "subject", 0.1, 0.1), Shared("blue", "colour", 0.0, 0.1)),
    "moon": (Shared("moon", "subject", 0.1, 0.1), Shared("calm", "mood", 0.1, 0.1)),
    "night": (Shared("night", "subject", 0.1, 0.1), Shared("star", "subject", 0.1, 0.1)),
}
REASONS = [
    *(Reason(shared=shared) for shared in BOTH.values()),
    *(Reason(line, 0.5) for line in (0, 2, 7)),
    *(Reason(line, 0.5, BOTH[name]) for line, name in ((2, "trees"), (7, "trees"), (3, "wind"))),
]


def test_each_reason_is_heard_as_itself(voice: Pyttsx3Synthesiser) -> None:
    said = [why_said(replace(WIND, reason=reason), words_in("en")) for reason in REASONS]
    ear = Ear([plain(sentence) for sentence in said])
    for sentence in said:
        (segment,) = narrate_paragraphs([sentence]).segments
        spoken = voice.synthesise(segment, SpeechSettings())
        assert ear.hears(spoken.samples, spoken.rate) == heard_words(plain(sentence))


def test_a_korean_line_is_spoken_by_a_korean_voice(voice: Pyttsx3Synthesiser) -> None:
    sentence = why_said(replace(MOTHER, reason=Reason(1, 0.5)), words_in("en"))
    own, line = narrate_paragraphs([sentence]).segments
    assert (own.language, line.language) == ("en", "ko")
    spoken = voice.synthesise(line, SpeechSettings())
    assert spoken.samples.size / spoken.rate > 1.0
