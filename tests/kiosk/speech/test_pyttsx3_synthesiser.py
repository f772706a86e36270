"""The voice's process: hangs, crashes, garbage and lies of a child, and the real one for long."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from kiosk.narration import Segment, SegmentKind
from kiosk.speech.child_process import ChildFailedError, ChildProcess, ChildUnusableError
from kiosk.speech.pyttsx3_synthesiser import TRIES, Pyttsx3Synthesiser, read_wav
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.synthesiser import SpeechSettings, SynthesisError, Unwanted

LINE = Segment("1", SegmentKind.LINE, "Who has seen the wind?")

HELLO = "import sys, json, time\nprint(json.dumps({'ready': True}), flush=True)\n"
ANSWER = "q = json.loads(sys.stdin.readline())\n"


def child(tmp_path: Path, code: str, *, hello: str = HELLO) -> list[str]:
    script = tmp_path / "child.py"
    script.write_text(hello + code)
    return [sys.executable, str(script)]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (ANSWER + "print('Audio saved to x.wav', flush=True)\ntime.sleep(9)", "no answer"),
        (ANSWER + "print('[1, 2]', flush=True)\ntime.sleep(9)", "no answer"),
        (ANSWER + "sys.stdout.buffer.write(b'\\xff\\xfe\\n')\nsys.stdout.flush()", "no answer"),
        (ANSWER + "print(json.dumps({'id': 99}), flush=True)\ntime.sleep(9)", "not asked"),
        (ANSWER + "sys.exit(3)", "died"),
        (ANSWER + "time.sleep(9)", "did not answer within"),
    ],
)
def test_a_child_that_misbehaves_is_ended_with_a_reason(
    tmp_path: Path, code: str, why: str
) -> None:
    process = ChildProcess(child(tmp_path, code))
    begin = time.monotonic()
    with pytest.raises(ChildFailedError, match=why):
        process.ask({"do": "anything"}, limit_s=1.0)
    assert process.pid is None
    assert time.monotonic() - begin < 5
    process.close()


def test_a_child_without_its_library_is_not_asked_twice(tmp_path: Path) -> None:
    command = child(tmp_path, "print(json.dumps({'fatal': 'no espeak'}))", hello="import json\n")
    process = ChildProcess(command)
    with pytest.raises(ChildUnusableError, match="no espeak"):
        process.ask({"do": "anything"}, limit_s=1.0)
    voice = Pyttsx3Synthesiser(command=command)
    with pytest.raises(SynthesisError, match="apt-get install espeak-ng"):
        voice.synthesise(LINE, SpeechSettings())
    assert voice.child.starts == 1
    voice.close()


def test_a_child_that_always_dies_is_given_up_in_words(tmp_path: Path) -> None:
    voice = Pyttsx3Synthesiser(command=child(tmp_path, ANSWER + "sys.exit(1)"))
    with pytest.raises(SynthesisError, match="left silent"):
        voice.synthesise(LINE, SpeechSettings())
    assert voice.child.starts == TRIES
    voice.close()


def test_a_child_that_claims_a_file_it_did_not_write_is_not_believed(tmp_path: Path) -> None:
    lies = "for line in sys.stdin:\n    q = json.loads(line)\n"
    lies += "    print(json.dumps({'id': q['id'], 'ok': True, 'voices': []}), flush=True)\n"
    voice = Pyttsx3Synthesiser(command=child(tmp_path, lies))
    with pytest.raises(SynthesisError, match="no sound"):
        voice.synthesise(LINE, SpeechSettings())
    voice.close()


def test_a_line_that_nobody_wants_is_given_up_soon_and_a_healthy_child_stays_warm(
    voice: Pyttsx3Synthesiser,
) -> None:
    voice.synthesise(LINE, SpeechSettings())
    pid = voice.child.pid
    assert pid is not None
    voice.synthesise(LINE, SpeechSettings(), wanted=lambda: False)  # done before anyone looks
    assert voice.child.pid == pid
    os.kill(pid, signal.SIGSTOP)
    begin = time.monotonic()
    with pytest.raises(Unwanted):
        voice.synthesise(LINE, SpeechSettings(), wanted=lambda: False)
    assert time.monotonic() - begin < 1.5
    assert voice.child.pid is None


def test_two_hundred_lines_one_after_another_are_all_whole(voice: Pyttsx3Synthesiser) -> None:
    # Voice and pace change at every line: that is when the library used to cut lines short.
    lengths: dict[tuple[str, float], list[int]] = {}
    for number in range(200):
        chosen = ("gmw/en", "gmw/en-us")[number % 2]
        speed = (1.0, 1.5, 2.0)[number % 3]
        utterance = voice.synthesise(LINE, SpeechSettings(voice=chosen, speed=speed))
        lengths.setdefault((chosen, speed), []).append(utterance.samples.size)
    for sizes in lengths.values():
        assert max(sizes) - min(sizes) < 0.1 * max(sizes)
    assert voice.child.starts == 1


@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0, 3.0])
def test_pace_changes_the_length_and_not_the_pitch(voice: Pyttsx3Synthesiser, speed: float) -> None:
    line = Segment("1", SegmentKind.LINE, "The wind is passing by, and passing by again.")
    plain = voice.synthesise(line, SpeechSettings())
    paced = voice.synthesise(line, SpeechSettings(speed=speed))
    ratio = plain.samples.size / paced.samples.size
    assert 0.75 * speed < ratio < 1.25 * speed
    assert pitch(paced.samples) == pytest.approx(pitch(plain.samples), rel=0.12)


def pitch(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    """Median fundamental of the loud frames in Hz, by autocorrelation."""
    found = []
    for start in range(0, samples.size - 1024, 512):
        frame = samples[start : start + 1024].astype(np.float64)
        if np.sqrt(np.mean(frame**2)) < 0.05:
            continue
        same = np.correlate(frame, frame, "full")[1023:]
        low, high = 22050 // 250, 22050 // 60
        lag = low + int(np.argmax(same[low:high]))
        if same[lag] > 0.5 * same[0]:
            found.append(22050 / lag)
    return float(np.median(found))


def test_marks_alone_make_no_sound_and_other_scripts_do(voice: Pyttsx3Synthesiser) -> None:
    nothing = voice.synthesise(Segment("1", SegmentKind.LINE, "* * *"), SpeechSettings())
    assert nothing.samples.size == 0
    korean = Segment("1", SegmentKind.LINE, "나 보기가 역겨워 가실 때에는", "ko")
    assert voice.synthesise(korean, SpeechSettings()).samples.size > 22050


def test_a_line_is_data_and_never_an_instruction_to_the_voice(voice: Pyttsx3Synthesiser) -> None:
    for text in ("[[h@'loU]] <speak>", "-f /etc/passwd", 'a "quote"\nand a second line', "\x00 oh"):
        assert voice.synthesise(Segment("1", SegmentKind.LINE, text), SpeechSettings()).samples.size


def test_settings_outside_their_range_are_refused() -> None:
    for wrong in ({"speed": 0.4}, {"speed": 3.1}, {"volume": -0.1}, {"volume": 1.1}):
        with pytest.raises(ValueError, match="not within"):
            SpeechSettings(**wrong)


def test_the_silent_voice_takes_the_time_that_the_words_would() -> None:
    silent = SilenceSynthesiser()
    assert list(silent.voices()) == []
    slow = silent.synthesise(LINE, SpeechSettings(speed=0.5))
    fast = silent.synthesise(LINE, SpeechSettings(speed=2.0))
    assert not slow.samples.any()
    assert slow.samples.size == pytest.approx(4 * fast.samples.size, abs=4)
    assert 3 < slow.samples.size / slow.rate < 5
    silent.close()


def test_a_wav_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"RIFF")
    with pytest.raises(EOFError):
        read_wav(tmp_path / "x.wav")
