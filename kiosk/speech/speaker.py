"""Says narrations, one line at a time, and reports what is heard.

The story of one narration, all on the speech thread:
1. `say` queues it with a ticket and returns; one that is said NOW makes older tickets stale.
2. The speech thread asks the synthesis thread for the first lines, then plays line after line;
   while one plays the next `AHEAD` are synthesised and dressed.
3. With the samples it leaves cues in the player, and a cue comes due when the sound before it has
   been heard: STARTED, FINISHED, and DONE at the end.
4. A stale ticket, or `stop`, is noticed within a hundredth of a second: the sound fades, what is
   being synthesised is given up, CANCELLED is reported.

Invariants: events come from the speech thread alone; every narration said ends with exactly one
DONE or CANCELLED; a line that cannot be spoken is silent for as long as it would have taken, with
a PROBLEM, and the next one follows.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from engine.errors import KnownError
from kiosk.narration import Narration, Segment
from kiosk.speech.dressing import dress
from kiosk.speech.player import DeviceLostError, Player, Steer, Steering
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.synthesiser import (
    SpeechSettings,
    Synthesiser,
    SynthesisError,
    Unwanted,
    Utterance,
    Wanted,
)

AHEAD = 2  # lines synthesised while one plays
DEVICES_TRIED = 3  # for one narration
_LOOK_S = 0.01  # how often a wait looks at its ticket

_log = logging.getLogger(__name__)


class SpeechEventKind(StrEnum):
    """What happened to a narration, as heard."""

    STARTED = "started"  # the segment's first sample was heard
    FINISHED = "finished"  # its last sample was heard; its pause may follow
    DONE = "done"  # the whole narration was heard
    CANCELLED = "cancelled"  # it ends here; the segment is the one that was being heard
    PROBLEM = "problem"  # something failed, in a sentence; the narration goes on


@dataclass(frozen=True, slots=True)
class SpeechEvent:
    """One thing that happened to one narration."""

    kind: SpeechEventKind
    narration_id: str
    segment_id: str | None
    sentence: str = ""  # for PROBLEM: what is wrong and what to do, for staff


Listener = Callable[[SpeechEvent], None]


class Priority(IntEnum):
    """How soon a narration wants to be heard."""

    NOW = 0  # an answer to a key, an error: everything older is stale
    NEXT = 1  # after the narration under way, before all that is NORMAL
    NORMAL = 2  # after all that was said before


@dataclass(frozen=True, slots=True)
class _Job:
    ticket: int
    priority: Priority
    narration: Narration


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A segment ready to be played."""

    utterance: Utterance
    settings: SpeechSettings
    problem: str = ""


class Speaker:
    """The kiosk's voice. All methods may be called from any thread and return at once."""

    def __init__(
        self,
        synthesiser: Synthesiser,
        player: Player,
        listener: Listener,
        settings: SpeechSettings | None = None,
    ) -> None:
        """The listener is called on the speech thread; what it raises is logged."""
        self._synthesiser = synthesiser
        self._player = player
        self._listener = listener
        self._settings = settings or SpeechSettings()
        self._player.set_volume(self._settings.volume)
        self._silence = SilenceSynthesiser()
        self._changed = threading.Condition()
        self._queue: list[_Job] = []
        self._ticket = 0  # narrations with an older one are stale
        self._speaking = False
        self._paused = False
        self._closing = False
        self._heard: str | None = None  # the segment last started
        self._reached = 0  # the index of the segment under way
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="synthesis")
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._thread.start()

    def say(self, narration: Narration, priority: Priority = Priority.NOW) -> None:
        """Says this; by default at once, and nothing older. NOW ends a pause."""
        with self._changed:
            if priority is Priority.NOW:
                self._ticket += 1
                self._paused = False
            self._queue.append(_Job(self._ticket, priority, narration))
            # Stable: among equals the older comes first. Stale ones come before all, to be told.
            self._queue.sort(key=lambda job: (job.ticket, job.priority))
            self._changed.notify_all()

    def stop(self) -> None:
        """Silence within 100 ms; what was said is cancelled."""
        with self._changed:
            self._ticket += 1
            self._paused = False
            self._changed.notify_all()

    def pause(self) -> None:
        """Silence within 100 ms; `resume` goes on in the middle of the word."""
        self._paused = True

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._paused = False

    def set_settings(self, settings: SpeechSettings) -> None:
        """Volume at once, voice and speed from the next line."""
        self._settings = settings
        self._player.set_volume(settings.volume)

    def wait(self, timeout: float | None = None) -> bool:
        """Until everything said was heard or cancelled, and reported; False after the timeout."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._speaking, timeout)

    def close(self) -> None:
        """Falls silent and lets go of the voice and the sound card. May be called twice."""
        with self._changed:
            self._closing = True
            self._ticket += 1
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    # On the speech thread.

    def _run(self) -> None:
        try:
            while (job := self._next_job()) is not None:
                self._heard = None
                try:
                    done = self._speak(job)
                    if not done:
                        self._player.hush()
                except KnownError as error:  # a full disk, or a file that cannot be written
                    self._report(SpeechEventKind.PROBLEM, job, self._heard, error.sentence)
                    done = False
                except Exception:
                    _log.exception("the speech thread met a bug; this narration ends here")
                    done = False
                self._player.forget_cues()
                if not done:
                    self._report(SpeechEventKind.CANCELLED, job, self._heard)
                with self._changed:
                    self._speaking = False
                    self._changed.notify_all()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._synthesiser.close()
            self._player.close()

    def _next_job(self) -> _Job | None:
        """The next narration that is not stale; None at the end."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._closing)
                if not self._queue:
                    return None
                job = self._queue.pop(0)
                self._speaking = True
                if job.ticket == self._ticket:
                    return job
            self._report(SpeechEventKind.CANCELLED, job, None)
            with self._changed:
                self._speaking = False
                self._changed.notify_all()

    def _speak(self, job: _Job) -> bool:
        """Plays a narration; False when it became stale.

        When the sound device goes in the middle of a line, another is opened and the line begins
        again.
        """
        self._reached = 0
        self._player.look_again()
        for _ in range(DEVICES_TRIED):
            try:
                return self._speak_from(job, self._reached)
            except DeviceLostError as error:
                self._report(SpeechEventKind.PROBLEM, job, self._heard, error.sentence)
                self._player.close()
        return False

    def _speak_from(self, job: _Job, first: int) -> bool:
        def steering() -> Steer:
            if job.ticket != self._ticket:
                return Steer.STOP
            return Steer.PAUSE if self._paused else Steer.PLAY

        segments = job.narration.segments
        rate = self._player.rate
        ready: dict[int, Future[_Prepared]] = {}
        for at in range(first, len(segments)):
            self._reached = at
            for ahead in range(at, min(at + 1 + AHEAD, len(segments))):
                if ahead not in ready:
                    ready[ahead] = self._prepare(job, segments[ahead], rate)
            prepared = self._await(ready.pop(at), steering)
            if prepared is not None and not _same_voice(prepared.settings, self._settings):
                ready.clear()  # the visitor asked for another pace while these were made
                prepared = self._await(self._prepare(job, segments[at], rate), steering)
            if prepared is None or not self._play(job, segments[at], prepared, steering):
                return False
        self._player.cue(lambda: self._report(SpeechEventKind.DONE, job, None))
        return self._player.drain(steering)

    def _play(self, job: _Job, segment: Segment, prepared: _Prepared, steering: Steering) -> bool:
        if prepared.problem:
            self._report(SpeechEventKind.PROBLEM, job, segment.id, prepared.problem)
        self._player.cue_first_sample(lambda: self._started(job, segment))
        if not self._player.play(prepared.utterance.samples, steering):
            return False
        self._player.cue(lambda: self._report(SpeechEventKind.FINISHED, job, segment.id))
        return self._player.silence(segment.pause_ms, steering)

    def _started(self, job: _Job, segment: Segment) -> None:
        self._heard = segment.id
        self._report(SpeechEventKind.STARTED, job, segment.id)

    def _await(self, future: Future[_Prepared], steering: Steering) -> _Prepared | None:
        """What was prepared; None when nobody wants it any more."""
        while True:
            try:
                return future.result(_LOOK_S)
            except NotYetError:
                self._player.pump()
                if not self._player.obey(steering):
                    return None
            except Unwanted:
                return None

    def _report(
        self, kind: SpeechEventKind, job: _Job, segment_id: str | None, sentence: str = ""
    ) -> None:
        try:
            self._listener(SpeechEvent(kind, job.narration.id, segment_id, sentence))
        except Exception:
            _log.exception("a listener to speech raised; the voice goes on")

    # On the synthesis thread.

    def _prepare(self, job: _Job, segment: Segment, rate: int) -> Future[_Prepared]:
        settings = self._settings
        wanted: Wanted = lambda: job.ticket == self._ticket  # noqa: E731
        return self._pool.submit(self._synthesise, segment, settings, rate, wanted)

    def _synthesise(
        self, segment: Segment, settings: SpeechSettings, rate: int, wanted: Wanted
    ) -> _Prepared:
        if not wanted():
            raise Unwanted
        problem = ""
        try:
            utterance = self._synthesiser.synthesise(segment, settings, wanted)
            problem = utterance.problem
        except SynthesisError as error:
            problem = error.sentence
            utterance = self._silence.synthesise(segment, settings)
        return _Prepared(dress(utterance, rate), settings, problem)


def _same_voice(one: SpeechSettings, other: SpeechSettings) -> bool:
    return (one.voice, one.speed) == (other.voice, other.speed)
