"""The cache of spoken lines: the same line again at once, and never any harm."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.narration import Segment, SegmentKind, SpokenPoem, announce, narrate_poem
from kiosk.speech.cached_synthesiser import CachedSynthesiser, render_ahead
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.speech_cache import SpeechCache
from kiosk.speech.synthesiser import (
    SpeechSettings,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    WordTiming,
    always,
)

LINE = Segment("1", SegmentKind.LINE, "Who has seen the wind?")
ORDINARY = SpeechSettings()


class Counting:
    """A synthesiser that tells what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.known: tuple[Voice, ...] = ()
        self.answer = Utterance(np.linspace(-1, 0.9, 500, dtype=np.float32), 22050)

    def voices(self) -> Sequence[Voice]:
        return self.known

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        self.asked.append(segment.text)
        return self.answer

    def close(self) -> None:
        pass


@pytest.fixture
def voice() -> Counting:
    return Counting()


@pytest.fixture
def cached(voice: Counting, tmp_path: Path) -> Iterator[CachedSynthesiser]:
    yield CachedSynthesiser(voice, SpeechCache(tmp_path / "speech"), "whistle 1")


def test_the_same_line_is_asked_for_once(voice: Counting, cached: CachedSynthesiser) -> None:
    voice.answer = replace(voice.answer, words=(WordTiming(0, 3, 0.25),))
    first = cached.synthesise(LINE, ORDINARY)
    again = cached.synthesise(replace(LINE, id="2"), replace(ORDINARY, volume=0.3))
    assert voice.asked == [LINE.text]
    assert np.abs(first.samples - again.samples).max() < 1 / 32767
    assert (again.rate, again.words) == (first.rate, first.words)


@pytest.mark.parametrize(
    ("segment", "settings"),
    [
        (replace(LINE, text="Who has seen the sea?"), ORDINARY),
        (replace(LINE, language="fr"), ORDINARY),
        (LINE, replace(ORDINARY, voice="gmw/en-us")),
        (LINE, replace(ORDINARY, speed=1.5)),
    ],
)
def test_what_sounds_different_is_another_line(
    voice: Counting, cached: CachedSynthesiser, segment: Segment, settings: SpeechSettings
) -> None:
    cached.synthesise(LINE, ORDINARY)
    cached.synthesise(segment, settings)
    assert len(voice.asked) == 2


def test_another_synthesiser_or_lexicon_has_lines_of_its_own(
    voice: Counting, cached: CachedSynthesiser, tmp_path: Path
) -> None:
    cached.synthesise(LINE, ORDINARY)
    CachedSynthesiser(voice, SpeechCache(tmp_path / "speech"), "whistle 2").synthesise(
        LINE, ORDINARY
    )
    assert len(voice.asked) == 2


def test_a_stand_in_or_a_problem_is_not_kept(voice: Counting, cached: CachedSynthesiser) -> None:
    for answer in (
        replace(voice.answer, lasting=False),
        replace(voice.answer, problem="The voice is not installed."),
    ):
        voice.answer = answer
        cached.synthesise(LINE, ORDINARY)
    assert len(voice.asked) == 2


@given(cut=st.integers(0, 400), flip=st.integers(0, 399), bit=st.integers(0, 7))
@example(cut=0, flip=12, bit=0)  # where the checksum ends
def test_a_damaged_line_is_a_miss_and_removed(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int, bit: int
) -> None:
    cache = SpeechCache(tmp_path_factory.mktemp("c"))
    cache.put("ab", Utterance(np.zeros(180, np.float32), 22050))
    (path,) = cache.folder.rglob("*.line")
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[flip % len(whole)] ^= 1 << bit
    for damaged in (whole[: cut % len(whole)], bytes(flipped), whole + b"\0"):
        path.write_bytes(damaged)
        assert cache.get("ab") is None
        assert not path.exists()


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    line = Utterance(np.zeros(5000, np.float32), 22050)
    cache = SpeechCache(tmp_path, bound=100_000)
    for number in range(9):
        cache.put(f"{number:02}", line)
        old = time.time() - 100 + number
        os.utime(next(tmp_path.rglob(f"{number:02}.line")), (old, old))
    assert cache.get("00") is not None  # used just now
    cache.put("10", line)
    assert cache.size() <= 100_000
    assert cache.get("00") is not None
    assert cache.get("10") is not None
    assert cache.get("01") is None


def test_a_disk_that_takes_nothing_never_hurts(voice: Counting, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of the folder")
    for cache in (SpeechCache(tmp_path / "file"), SpeechCache(tmp_path / "none", bound=0)):
        cached = CachedSynthesiser(voice, cache, "whistle")
        assert cached.synthesise(LINE, ORDINARY) is voice.answer
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_full_disk_leaves_no_half_line(
    monkeypatch: pytest.MonkeyPatch, voice: Counting, tmp_path: Path
) -> None:
    def full(handle: int, mode: str) -> object:
        os.close(handle)
        return Path("/dev/full").open(mode, buffering=0)

    monkeypatch.setattr("kiosk.speech.speech_cache.os.fdopen", full)
    cached = CachedSynthesiser(voice, SpeechCache(tmp_path), "whistle")
    cached.synthesise(LINE, ORDINARY)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_rendering_ahead_speaks_each_line_once_and_goes_on_where_it_stopped(
    voice: Counting, cached: CachedSynthesiser
) -> None:
    poem = SpokenPoem("Wind", "Rossetti", ("Who?", "I.", "", "Who?", "* * *"))
    narrations = [narrate_poem(poem, rank=1, total=1), announce("Welcome.")]
    told: list[tuple[int, int]] = []

    class InterruptedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        render_ahead(narrations, cached, ORDINARY, stop)
    assert render_ahead(narrations, cached, ORDINARY).spoken == 4
    assert voice.asked == ["Poem 1 of 1.", "Wind", "by Rossetti.", "Who?", "I.", "Welcome."]
    assert told == [(1, 6), (2, 6)]
    assert render_ahead(narrations, cached, ORDINARY).spoken == 0


def test_rendering_ahead_stops_where_a_stand_in_would_speak(
    voice: Counting, cached: CachedSynthesiser
) -> None:
    voice.answer = replace(voice.answer, problem="The voice failed.", lasting=False)
    with pytest.raises(SynthesisError, match="failed"):
        render_ahead([announce("Welcome.")], cached, ORDINARY)


def test_rendering_ahead_leaves_out_what_nobody_speaks(
    voice: Counting, cached: CachedSynthesiser
) -> None:
    voice.known = (Voice("en", "English", ("en",)),)
    strange = announce("nuqneH", language="tlh")
    rendered = render_ahead([strange, announce("Welcome.")], cached, ORDINARY)
    assert (rendered.spoken, rendered.languages) == (1, ("tlh",))
    assert voice.asked == ["Welcome."]


def test_a_kept_line_starts_no_process(tmp_path: Path) -> None:
    for expected in (1, 0):
        library = Pyttsx3Synthesiser()
        cached = CachedSynthesiser(library, SpeechCache(tmp_path), "pyttsx3")
        assert cached.synthesise(LINE, ORDINARY).samples.size > 10_000
        assert library.child.starts == expected
        cached.close()
