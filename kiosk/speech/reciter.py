"""Plays one narration to its end, wherever the visitor steps in it; the speech thread's work.

1. The prompter makes lines ready; the reciter hands line after line to the player, and with them
   cues that come due when the sound before them has been heard: STARTED, FINISHED, DONE.
2. When the agenda says stop, the sound fades. Either the job is stale, and CANCELLED is told; or
   there is a target, and reading goes on from there.
3. When the sound device goes, the next one is opened and the first segment that was not heard to
   its end begins again. Where none plays, time passes in silence, so that the screen goes on.
"""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import TimeoutError as NotYetError

from engine.errors import KnownError
from kiosk.narration import Segment
from kiosk.speech.agenda import Agenda, Job
from kiosk.speech.player import Player, Steer
from kiosk.speech.prompter import Prepared, Prompter, same_voice
from kiosk.speech.sink import DeviceLostError, DeviceMovedError
from kiosk.speech.speech_event import Listener, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import SpeechSettings, Synthesiser, Unwanted

DEVICES_TRIED = 3  # in a row, for one segment
_LOOK_S = 0.01  # how often a wait looks at the agenda

_log = logging.getLogger(__name__)


class Reciter:
    """One at a time, on one thread."""

    def __init__(
        self,
        agenda: Agenda,
        synthesiser: Synthesiser,
        player: Player,
        listener: Listener,
        settings: SpeechSettings,
        pool: Executor,
    ) -> None:
        """The listener is called on the thread that recites; what it raises is logged."""
        self.settings = settings  # may be replaced from any thread
        self._agenda = agenda
        self._synthesiser = synthesiser
        self._player = player
        self._listener = listener
        self._pool = pool
        self._heard: str | None = None  # the segment last started
        self._unheard = 0  # index of the first segment that was not heard to its end
        self._ended = False  # whether DONE was told of what is recited

    def recite(self, job: Job) -> None:
        """Says it, and tells its end: one DONE or one CANCELLED. Never raises."""
        self._heard = None
        self._ended = False
        if not self._agenda.stale(job):
            try:
                if not self._recite(job):
                    self._player.hush()
            except KnownError as error:  # a full disk, or a file that cannot be written
                self._report(SpeechEventKind.PROBLEM, job, self._heard, error.sentence)
            except Exception:
                _log.exception("the speech thread met a bug; this narration ends here")
            self._player.forget_cues()
        # What was heard to its end has ended, even where it became stale in that very moment.
        if not self._ended:
            self._report(SpeechEventKind.CANCELLED, job, self._heard)

    def _recite(self, job: Job) -> bool:
        """False when it became stale."""
        self._unheard = job.first
        self._player.look_again()
        lost = 0
        while True:
            at = self._unheard
            try:
                if self._recite_from(job, at):
                    return True
                target = self._agenda.take_target(job)
                if target is None:
                    return False
                self._player.hush()
                self._player.forget_cues()
                self._unheard, lost = target, 0
                self._ended = False
            except DeviceLostError as error:
                self._report(SpeechEventKind.PROBLEM, job, self._heard, error.sentence)
                self._player.close()
                if not isinstance(error, DeviceMovedError):
                    lost = 1 if self._unheard != at else lost + 1
                if lost == DEVICES_TRIED:
                    self._player.stand_in()

    def _recite_from(self, job: Job, first: int) -> bool:
        segments = job.narration.segments
        prompter = Prompter(
            segments,
            self._synthesiser,
            self._pool,
            self._player.rate,
            lambda: self.settings,
            lambda: not self._agenda.stale(job),
        )
        try:
            for at in range(first, len(segments)):
                prepared = self._await(prompter.line(at), job)
                if prepared is not None and not same_voice(prepared.settings, self.settings):
                    prepared = self._await(prompter.line(at), job)  # changed while it was made
                if prepared is None or not self._play(job, at, segments[at], prepared):
                    return False
            self._player.cue(lambda: self._done(job))
            return self._player.drain(lambda: self._agenda.steer(job))
        finally:
            prompter.close()

    def _play(self, job: Job, at: int, segment: Segment, prepared: Prepared) -> bool:
        def steering() -> Steer:
            return self._agenda.steer(job)

        if prepared.problem:
            self._report(SpeechEventKind.PROBLEM, job, segment.id, prepared.problem)
        self._player.cue_first_sample(lambda: self._started(job, at))
        if not self._player.play(prepared.utterance.samples, steering):
            return False
        self._player.cue(lambda: self._finished(job, at))
        return self._player.silence(segment.pause_ms, steering)

    def _done(self, job: Job) -> None:
        if not self._ended:  # a device that is lost after the end has nothing to say again
            self._ended = True
            self._report(SpeechEventKind.DONE, job, None)

    def _started(self, job: Job, at: int) -> None:
        if self._agenda.steer(job) is Steer.STOP:
            return
        self._heard = job.narration.segments[at].id
        self._agenda.heard(job, at)
        self._report(SpeechEventKind.STARTED, job, self._heard)

    def _finished(self, job: Job, at: int) -> None:
        if self._agenda.steer(job) is Steer.STOP:
            return
        self._unheard = at + 1
        self._report(SpeechEventKind.FINISHED, job, job.narration.segments[at].id)

    def _await(self, future: Future[Prepared], job: Job) -> Prepared | None:
        """What was prepared; None when nobody wants it any more."""
        while True:
            try:
                return future.result(_LOOK_S)
            except NotYetError:
                if not self._player.obey(lambda: self._agenda.steer(job)):
                    return None
                self._player.pump()
            except (Unwanted, CancelledError):
                return None

    def _report(
        self, kind: SpeechEventKind, job: Job, segment_id: str | None, sentence: str = ""
    ) -> None:
        try:
            self._listener(SpeechEvent(kind, job.narration.id, segment_id, sentence))
        except Exception:
            _log.exception("a listener to speech raised; the voice goes on")
