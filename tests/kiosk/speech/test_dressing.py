"""Trimmed, equally loud, at the sink's rate, without a click."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.narration import Segment, SegmentKind
from kiosk.speech.dressing import CEILING, TARGET_LUFS, dress, level, loudness_lufs, resample
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.synthesiser import Samples, SpeechSettings, Utterance, WordTiming


def tone(hertz: float, seconds: float, rate: int, amplitude: float = 0.5) -> Samples:
    time = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def test_loudness_agrees_with_the_standards_own_example() -> None:
    # ITU-R BS.1770: a 997 Hz sine at 0 dBFS in one front channel reads -3.01 LKFS.
    assert loudness_lufs(tone(997, 3, 48000, 1.0), 48000) == pytest.approx(-3.01, abs=0.05)
    assert loudness_lufs(tone(997, 3, 48000, 0.1), 48000) == pytest.approx(-23.01, abs=0.05)
    assert loudness_lufs(np.zeros(48000, np.float32), 48000) == -np.inf


def test_a_low_hum_counts_less_than_a_voice() -> None:
    assert loudness_lufs(tone(30, 2, 22050), 22050) < loudness_lufs(tone(1000, 2, 22050), 22050) - 3


@pytest.mark.parametrize("wanted", [16000, 24000, 44100, 48000])
def test_resampling_keeps_the_sound(wanted: int) -> None:
    there = resample(tone(440, 1.234, 22050), 22050, wanted)
    assert there.size == round(round(1.234 * 22050) * wanted / 22050)
    ideal = tone(440, 1.234, wanted)[: there.size]
    middle = slice(wanted // 10, -wanted // 10)
    assert np.max(np.abs(there[: ideal.size][middle] - ideal[middle])) < 0.01


@settings(max_examples=40, deadline=None)
@given(
    amplitude=st.floats(0.02, 1.0),
    seconds=st.floats(0.05, 1.5),
    rate=st.sampled_from([16000, 22050, 44100, 48000]),
    wanted=st.sampled_from([22050, 48000]),
)
def test_whatever_comes_in_goes_out_level_and_without_a_click(
    amplitude: float, seconds: float, rate: int, wanted: int
) -> None:
    silence = np.zeros(rate // 5, np.float32)
    raw = np.concatenate([silence, tone(500, seconds, rate, amplitude), silence])
    dressed = dress(Utterance(raw, rate, (WordTiming(0, 3, 0.2),)), wanted)
    assert dressed.rate == wanted
    assert dressed.samples.dtype == np.float32
    assert seconds - 0.01 < dressed.samples.size / wanted < seconds + 0.05  # the silence is gone
    assert np.abs(dressed.samples).max() <= CEILING + 0.02
    assert abs(dressed.samples[0]) < 0.01
    assert abs(dressed.samples[-1]) < 0.01
    assert dressed.words[0].at_s == pytest.approx(0.012, abs=0.005)
    if seconds > 0.5:
        assert loudness_lufs(dressed.samples, wanted) == pytest.approx(TARGET_LUFS, abs=0.7)


def test_silence_keeps_its_length_and_nothing_stays_nothing() -> None:
    assert dress(Utterance(np.zeros(22050, np.float32), 22050), 48000).samples.size == 48000
    assert dress(Utterance(np.zeros(0, np.float32), 22050), 48000).samples.size == 0
    assert not level(np.zeros(100, np.float32), 22050).any()


def test_real_lines_are_equally_loud_in_two_voices(voice: Pyttsx3Synthesiser) -> None:
    loudness = []
    for chosen in ("gmw/en", "gmw/en-us"):
        for text in ("O wind!", "Rough winds do shake the darling buds of May, and all is loud."):
            line = Segment("1", SegmentKind.LINE, text)
            utterance = dress(voice.synthesise(line, SpeechSettings(voice=chosen)), 48000)
            assert np.abs(utterance.samples).max() < 1.0
            loudness.append(loudness_lufs(utterance.samples, 48000))
    assert max(loudness) - min(loudness) < 2.0
