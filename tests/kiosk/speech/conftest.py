"""A real voice, a real ear, and poems that both know."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from pocketsphinx import Decoder

from kiosk.narration import SpokenPoem
from kiosk.speech.dressing import resample
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.synthesiser import Samples
from kiosk.speech.verse import spoken_form

_EAR_RATE = 16000  # samples per second, of pocketsphinx's model


def heard_words(line: str) -> str:
    """A line as the ear spells it."""
    return " ".join(re.findall(r"[a-z']+", spoken_form(line).lower()))


class Ear:
    """pocketsphinx with a grammar in which each line of verse is one sentence."""

    def __init__(self, lines: list[str]) -> None:
        self._decoder = Decoder(lm=None, loglevel="FATAL")
        sentences = {heard_words(line): line for line in lines}
        unknown = {w for s in sentences for w in s.split() if self._decoder.lookup_word(w) is None}
        assert not unknown, f"the ear's dictionary lacks {unknown}"
        self._decoder.add_jsgf_string(
            "verse", f"#JSGF V1.0;\ngrammar verse;\npublic <line> = {' | '.join(sentences)};\n"
        )
        self._decoder.activate_search("verse")

    def hears(self, samples: Samples, rate: int) -> str:
        """The line that it takes this for; empty when it cannot tell."""
        quiet = np.zeros(round(0.7 * _EAR_RATE), np.float32)
        sound = np.concatenate([quiet, resample(samples, rate, _EAR_RATE), quiet])
        # A room is never as silent as zeros are, and the model was trained in rooms.
        sound = sound + np.random.default_rng(0).normal(0, 1e-3, sound.size)
        self._decoder.start_utt()
        whole = np.clip(sound * 32767, -32768, 32767).astype("<i2")
        self._decoder.process_raw(whole.tobytes(), full_utt=True)
        self._decoder.end_utt()
        guess = self._decoder.hyp()
        return guess.hypstr if guess is not None else ""


SONNET = SpokenPoem(
    "Sonnet 18",
    "William Shakespeare",
    (
        "Shall I compare thee to a summer’s day?",
        "Thou art more lovely and more temperate:",
        "Rough winds do shake the darling buds of May,",
        "And summer’s lease hath all too short a date;",
        "",
        "Sometime too hot the eye of heav’n shines,",
        "And often is his gold complexion dimm’d;",
        "And every fair from fair sometime declines,",
    ),
)
WIND = SpokenPoem(
    "Who Has Seen the Wind?",
    "Christina Rossetti",
    (
        "Who has seen the wind?",
        "Neither I nor you:",
        "But when the leaves hang trembling,",
        "The wind is passing through.",
        "",
        "Who has seen the wind?",
        "Neither you nor I:",
        "But when the trees bow down their heads,",
        "The wind is passing by.",
    ),
)


@pytest.fixture
def voice() -> Iterator[Pyttsx3Synthesiser]:
    synthesiser = Pyttsx3Synthesiser()
    yield synthesiser
    synthesiser.close()


@pytest.fixture(scope="session")
def ear() -> Ear:
    return Ear([line for poem in (SONNET, WIND) for line in poem.lines if line])


@pytest.fixture
def sonnet() -> SpokenPoem:
    return SONNET


@pytest.fixture
def wind() -> SpokenPoem:
    return WIND
