"""Another voice goes on when one fails; what a visitor should know is said once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import InputError
from kiosk.config import CHOICES, Settings, load_settings
from kiosk.narration import Narration, Segment, SegmentKind, SpokenPoem, narrate_poem
from kiosk.speech.findings import describe_lexicon, describe_synthesisers
from kiosk.speech.flite_synthesiser import FliteSynthesiser
from kiosk.speech.lexicon import FILE_NAME
from kiosk.speech.player import Player
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.speaker import Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import (
    SpeechSettings,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)
from kiosk.speech.synthesisers import MAKERS, SILENCE, open_synthesiser
from kiosk.speech.voice_chain import NO_LANGUAGE, OTHER_VOICE, REST_S, Member, VoiceChain
from kiosk.speech.voices import voice_for

RATE = 8000


@dataclass
class Scripted:
    """A voice of which we know all that it was asked, and when it fails."""

    name: str
    language: str = "en"
    fails: bool = False
    asked: list[str] = field(default_factory=list)

    def voices(self) -> Sequence[Voice]:
        return (Voice(f"{self.name}-1", self.name, (self.language,)),)

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        voice_for(self.voices(), segment.language, settings.voice)
        self.asked.append(segment.text)
        if self.fails:
            raise SynthesisError(f"{self.name} failed.")
        words = len(segment.text.split())
        tone = 0.2 * np.sin(np.arange(words * RATE // 4) / 3)
        return Utterance(tone.astype(np.float32), RATE)

    def close(self) -> None:
        self.asked.append("closed")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def line(text: str, language: str = "en", kind: SegmentKind = SegmentKind.LINE) -> Segment:
    return Segment(text, kind, text, language)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def first() -> Scripted:
    return Scripted("first")


@pytest.fixture
def second() -> Scripted:
    return Scripted("second")


@pytest.fixture
def chain(first: Scripted, second: Scripted, clock: Clock) -> VoiceChain:
    return VoiceChain([Member("first", first), Member("second", second)], clock=clock)


PLAIN = SpeechSettings()


def test_the_first_speaks_as_long_as_it_can(
    chain: VoiceChain, first: Scripted, second: Scripted
) -> None:
    utterance = chain.synthesise(line("one"), PLAIN)
    assert utterance.lasting
    assert not utterance.problem
    assert (first.asked, second.asked) == (["one"], [])
    assert [voice.id for voice in chain.voices()] == ["first-1", "second-1"]
    chain.close()
    assert second.asked == ["closed"]


def test_another_goes_on_and_says_so_once(
    chain: VoiceChain, first: Scripted, second: Scripted, clock: Clock
) -> None:
    chain.synthesise(line("one"), PLAIN)
    first.fails = True
    changed = chain.synthesise(line("two"), PLAIN)
    assert second.asked == ["two", OTHER_VOICE]
    assert changed.problem == "first failed. second speaks instead."
    assert not changed.lasting
    assert changed.samples.size > RATE  # the notice and the line
    again = chain.synthesise(line("two"), PLAIN)  # the visitor changed the pace meanwhile
    assert again.samples.size == changed.samples.size
    three = chain.synthesise(line("three"), PLAIN)
    assert not three.problem
    assert not three.lasting
    assert second.asked[-1] == "three"
    assert first.asked == ["one", "two"]  # it rests
    clock.now += REST_S + 1
    first.fails = False
    assert chain.synthesise(line("four"), PLAIN).lasting
    assert first.asked[-1] == "four"


def test_a_voice_that_was_never_heard_is_not_missed(
    chain: VoiceChain, first: Scripted, second: Scripted
) -> None:
    first.fails = True
    utterance = chain.synthesise(line("one"), PLAIN)
    assert second.asked == ["one"]
    assert "second speaks instead" in utterance.problem


def test_silence_is_the_last_resort_and_all_are_tried_again(
    chain: VoiceChain, first: Scripted, second: Scripted
) -> None:
    first.fails = second.fails = True
    with pytest.raises(SynthesisError, match=r"first failed\."):
        chain.synthesise(line("one"), PLAIN)
    second.fails = False
    assert chain.synthesise(line("two"), PLAIN).samples.any()  # though both should rest


def test_the_voice_named_decides_who_speaks(
    chain: VoiceChain, first: Scripted, second: Scripted
) -> None:
    chain.synthesise(line("one"), SpeechSettings(voice="second-1"))
    assert (first.asked, second.asked) == ([], ["one"])
    told = chain.synthesise(line("two"), SpeechSettings(voice="gone"))
    assert "'gone' is not installed" in told.problem
    assert told.samples.any()
    assert not chain.synthesise(line("three"), SpeechSettings(voice="gone")).problem


def test_the_voice_follows_the_language(clock: Clock) -> None:
    english, korean = Scripted("english"), Scripted("korean", "ko")
    chain = VoiceChain([Member("a", english), Member("b", korean)], clock=clock)
    utterance = chain.synthesise(line("나 보기가", "ko"), PLAIN)
    assert korean.asked == ["나 보기가"]
    assert utterance.lasting
    assert not english.asked


def test_a_language_without_a_voice_is_told_once_in_a_narration_and_never_misread(
    chain: VoiceChain, first: Scripted
) -> None:
    for _ in range(2):
        first.asked.clear()
        chain.synthesise(line("Poem 1.", kind=SegmentKind.ANNOUNCEMENT), PLAIN)
        title = chain.synthesise(line("Kesäyö", "fi", SegmentKind.TITLE), PLAIN)
        again = chain.synthesise(line("Kesäyö", "fi", SegmentKind.TITLE), PLAIN)
        verse = chain.synthesise(line("Yö on ihana", "fi"), PLAIN)
        notice = NO_LANGUAGE.format("Finnish")
        assert first.asked == ["Poem 1.", notice, notice]
        assert title.samples.any()
        assert again.samples.any()
        assert "'fi'" in title.problem
        assert not verse.samples.any()
        assert verse.samples.size  # as long as the words would take, for those who read along
        assert not verse.problem
        assert not title.lasting


def test_a_cache_in_front_does_not_hide_that_a_narration_begins(
    chain: VoiceChain, first: Scripted, clock: Clock
) -> None:
    for _ in range(2):  # the announcements come from the cache and never by here
        assert chain.synthesise(line("Kesäyö", "fi", SegmentKind.TITLE), PLAIN).samples.any()
        for _ in range(9):
            clock.now += 5
            assert not chain.synthesise(line("Yö on ihana", "fi"), PLAIN).samples.any()
    clock.now += 31  # a poem without a title, later
    assert chain.synthesise(line("Yö on kaunis", "fi"), PLAIN).samples.any()
    assert len(first.asked) == 3


# With real voices.


def heard(chain: VoiceChain, narration: Narration) -> list[SpeechEvent]:
    events: list[SpeechEvent] = []
    sink = RecorderSink(None, paced=False)
    speaker = Speaker(chain, Player(lambda: sink), events.append)
    speaker.say(narration)
    assert speaker.wait(60)
    speaker.close()
    return events


def test_when_espeak_dies_for_good_flite_reads_the_poem_to_its_end(
    wind: SpokenPoem, tmp_path: Path
) -> None:
    # The real child for the first lines; from then on each child kills itself.
    count = tmp_path / "count"
    script = tmp_path / "child.py"
    real = Path("kiosk/speech/pyttsx3_child.py").resolve()
    script.write_text(
        f"import os, runpy, sys\nsys.path.insert(0, {str(real.parent)!r})\n"
        "import pyttsx3_child\n"
        "speak = pyttsx3_child.Talker.speak\n"
        "def dying(self, text, *rest):\n"
        "    if 'leaves' in text or "
        f"os.path.exists({str(count)!r}):\n"
        f"        open({str(count)!r}, 'w').close()\n"
        f"        os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
        "    speak(self, text, *rest)\n"
        "pyttsx3_child.Talker.speak = dying\n"
        "pyttsx3_child.main()\n"
    )
    espeak = Pyttsx3Synthesiser(command=[sys.executable, "-P", str(script)])
    chain = VoiceChain([Member("pyttsx3", espeak), Member("flite", FliteSynthesiser())])
    narration = narrate_poem(wind, rank=1, total=1)
    events = heard(chain, narration)
    started = [e.segment_id for e in events if e.kind is SpeechEventKind.STARTED]
    assert started == [segment.id for segment in narration.segments]
    problems = [e for e in events if e.kind is SpeechEventKind.PROBLEM]
    assert [e.segment_id for e in problems] == ["line-2"]
    assert "flite speaks instead" in problems[0].sentence
    assert events[-1].kind is SpeechEventKind.DONE


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Yo soy un hombre sincero, de donde crece la palma"),
        ("de", "Wer reitet so spät durch Nacht und Wind"),
        ("fr", "Les sanglots longs des violons de l'automne"),
        ("ko", "Na bogiga yeokgyeowo gasil ttaeneun"),  # at Hangul, English borrows Korean sounds
    ],
)
def test_espeak_reads_other_languages_by_their_own_voice(
    language: str, text: str, voice: Pyttsx3Synthesiser
) -> None:
    chain = VoiceChain([Member("flite", FliteSynthesiser()), Member("pyttsx3", voice)])
    own = chain.synthesise(line(text, language), PLAIN)
    direct = voice.synthesise(line(text, language), PLAIN)
    english = voice.synthesise(line(text, "en"), PLAIN)
    assert 3 * difference(own, direct) < difference(own, english)


def difference(one: Utterance, other: Utterance) -> float:
    """How far two utterances are apart in decibels, band by band and frame by frame."""

    def bands(utterance: Utterance) -> np.ndarray:
        frames = utterance.samples[: utterance.samples.size // 512 * 512].reshape(-1, 512)
        power = np.abs(np.fft.rfft(frames * np.hanning(512), axis=1))[:, 1:193] ** 2
        return 10 * np.log10(power.reshape(-1, 24, 8).sum(axis=2) + 1e-3)

    a, b = bands(one), bands(other)
    size = min(len(a), len(b))
    return float(np.abs(a[:size] - b[:size]).mean())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def test_the_settings_open_the_synthesiser_with_its_stand_ins(settings: Settings) -> None:
    assert CHOICES["synthesiser"] == (*MAKERS, SILENCE)
    chain = open_synthesiser(settings)
    ids = {voice.id for voice in chain.voices()}
    assert {"gmw/en", "slt"} <= ids
    said = chain.synthesise(line("Goethe"), PLAIN)
    (settings.data_dir / FILE_NAME).write_text("Goethe\ten\ta long and winding respelling\n")
    other = open_synthesiser(settings)
    assert other.synthesise(line("Goethe"), PLAIN).samples.size > 1.5 * said.samples.size
    for one in (chain, other):
        one.close()


def test_silence_may_be_chosen(tmp_path: Path) -> None:
    silent = open_synthesiser(Settings(data_dir=tmp_path, synthesiser="silence"))
    assert isinstance(silent, SilenceSynthesiser)


def test_an_unknown_synthesiser_is_refused() -> None:
    with pytest.raises(InputError, match="one of pyttsx3, flite, piper, silence"):
        load_settings({"EKPHRASIS_SYNTHESISER": "hal"})


def test_every_synthesiser_is_described(settings: Settings) -> None:
    findings = describe_synthesisers(settings)
    assert [f.sentence.split(":")[0] for f in findings] == list(MAKERS)
    assert [f.ok for f in findings] == [True, True, False]
    assert "NAME.onnx" in findings[2].sentence
    flite_first = describe_synthesisers(replace(settings, synthesiser="flite"))
    assert flite_first[0].sentence.startswith("flite: Flite rms")
    silent = describe_synthesisers(replace(settings, synthesiser="silence"))
    assert "Silence is chosen" in silent[0].sentence


def test_every_slip_in_the_lexicon_is_described(settings: Settings) -> None:
    (good,) = describe_lexicon(settings)
    assert good.ok
    (settings.data_dir / FILE_NAME).write_text("Goethe\nDonne\ten\n")
    slips = describe_lexicon(settings)
    assert [(slip.ok, f"line {n}" in slip.sentence) for n, slip in enumerate(slips, 1)] == [
        (False, True),
        (False, True),
    ]
