"""Feeds a sink in small blocks, so that silence is always near.

Every block is decided on when it goes: whether the line is still wanted, paused, and how loud.
There are shallow and deep sinks (`kiosk.speech.sink`): to stop a shallow one is to write a fade of
a few milliseconds and nothing more, a deep one can hush. Either way silence comes within 100 ms.

All methods but `set_volume` belong to the speech thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum

import numpy as np

from kiosk.speech.sink import Sink
from kiosk.speech.synthesiser import Samples

BLOCK_S = 0.01  # what is decided at once
FADE_S = 0.006  # at stop, pause, resume


class Steer(Enum):
    """What the speech thread is to do with the sound under way."""

    PLAY = "play"
    PAUSE = "pause"
    STOP = "stop"


Steering = Callable[[], Steer]


class Player:
    """Plays samples into a sink and says when they have been heard."""

    def __init__(
        self,
        open_sink: Callable[[], Sink],
        *,
        volume: float = 1.0,
        open_stand_in: Callable[[], Sink] | None = None,
    ) -> None:
        """`open_sink` is called on the thread that first plays, and again when a device is lost."""
        self._open_sink = open_sink
        self._open_stand_in = open_stand_in or _silent_sink
        self._sink: Sink | None = None
        self._volume = volume  # what is wanted, 0..1; written by any thread
        self._gain = volume  # what the last sample had
        self._recent = np.zeros(0, np.float32)  # the last second written, for what a hush drops
        self._written = 0
        self._cues: deque[tuple[int, Callable[[], None]]] = deque()

    @property
    def rate(self) -> int:
        """Samples per second that `play` expects. Opens the sink."""
        return self._opened().rate

    def set_volume(self, volume: float) -> None:
        """From any thread; 0..1; heard within 100 ms, without a click."""
        self._volume = volume

    def play(self, samples: Samples, steering: Steering) -> bool:
        """Hands all samples to the sink; False when steering said stop (the sound has faded).

        Returns when the last one was handed over, so that what follows joins without a gap.
        Raises DeviceLostError, or KnownError when a disk is full.
        """
        sink = self._opened()
        block = max(1, round(BLOCK_S * sink.rate))
        at = 0
        fade_in = False
        while at < samples.size:
            steer = steering()
            if steer is not Steer.PLAY:
                if not fade_in:
                    samples, at = self._fall_silent(sink, samples[at:], begun=at > 0), 0
                fade_in = True
                if steer is Steer.STOP:
                    return False
                self._rest(sink)
                continue
            frames = min(block, samples.size - at)
            if sink.room() < frames:
                self._rest(sink)
                continue
            piece = samples[at : at + frames]
            if fade_in:
                at_most = min(frames, round(FADE_S * sink.rate))
                piece = piece.copy()
                piece[:at_most] *= np.linspace(0, 1, at_most, dtype=np.float32)
                fade_in = False
            self._write(sink, piece)
            at += frames
            self.pump()
        return True

    def silence(self, ms: float, steering: Steering) -> bool:
        """Plays silence of so many milliseconds; False when steering said stop."""
        frames = round(ms / 1000 * self.rate)
        return self.play(np.zeros(frames, np.float32), steering)

    def cue(self, call: Callable[[], None]) -> None:
        """Calls, on this thread, once all that was played before has been heard."""
        self._cues.append((self._written, call))
        self.pump()

    def cue_first_sample(self, call: Callable[[], None]) -> None:
        """Calls, on this thread, once the first sample of what is played next has been heard."""
        self._cues.append((self._written + 1, call))

    def forget_cues(self) -> None:
        """What was stopped is not reported as heard."""
        self._cues.clear()

    def pump(self) -> None:
        """Runs the cues whose time has come."""
        if self._cues:
            heard = self._opened().heard()
            while self._cues and self._cues[0][0] <= heard:
                self._cues.popleft()[1]()

    def drain(self, steering: Steering) -> bool:
        """Waits until everything was heard; False when steering said stop meanwhile."""
        sink = self._opened()
        while sink.heard() < self._written:
            if not self.obey(steering):
                return False
            self._rest(sink)
        if not self.obey(steering):  # asked for as the last sound faded
            return False
        while self._cues:  # also those that waited for a sample that never came
            self._cues.popleft()[1]()
        return True

    def obey(self, steering: Steering) -> bool:
        """For a wait with nothing to write: pauses what is on its way; False when it must stop."""
        self._opened().set_volume(self._volume)
        steer = steering()
        if steer is Steer.PLAY:
            return True
        dropped = self._hushed(self._opened())
        if dropped is not None and dropped.size:
            return self.play(dropped, steering)  # waits there for as long as it is paused
        return steer is not Steer.STOP

    def hush(self) -> None:
        """Fades and throws away what is on its way, as far as the sink can."""
        if self._sink is not None:
            self._hushed(self._sink)

    def look_again(self) -> None:
        """Before a narration: where a stand-in plays, the next sample opens what is there now."""
        if self._sink is not None and self._sink.stand_in:
            self.close()

    def stand_in(self) -> None:
        """For the rest of this narration time passes without sound: no device that opens plays."""
        self.close()
        self._sink = self._open_stand_in()

    def close(self) -> None:
        """Closes the sink; a later `play` opens a new one."""
        self._cues.clear()
        self._written = 0
        self._recent = self._recent[:0]
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.close()

    def _opened(self) -> Sink:
        if self._sink is None:
            self._sink = self._open_sink()
        return self._sink

    def _rest(self, sink: Sink) -> None:
        sink.set_volume(self._volume)
        self.pump()
        sink.nap()

    def _fall_silent(self, sink: Sink, rest: Samples, *, begun: bool) -> Samples:
        """Silences what is on its way; what is then still to be heard, were it to go on."""
        dropped = self._hushed(sink)
        if dropped is not None:
            return np.concatenate([dropped, rest])
        if not begun:
            return rest
        fade = rest[: round(FADE_S * sink.rate)]
        while sink.room() < fade.size:
            sink.nap()
        self._write(sink, fade * np.linspace(1, 0, fade.size, dtype=np.float32))
        return rest[fade.size :]

    def _hushed(self, sink: Sink) -> Samples | None:
        """What a deep sink threw away; None from a shallow one."""
        count = sink.hush()
        if count is None:
            return None
        self._written -= count
        kept = self._recent.size - count
        dropped, self._recent = self._recent[kept:], self._recent[:kept]
        return dropped

    def _write(self, sink: Sink, samples: Samples) -> None:
        volume = self._volume
        if sink.set_volume(volume):
            sink.write(samples)
            self._recent = np.concatenate([self._recent, samples])[-sink.rate :]
        elif volume == self._gain:
            sink.write(samples * np.float32(volume))
        else:
            sink.write(samples * np.linspace(self._gain, volume, samples.size, dtype=np.float32))
        self._gain = volume
        self._written += samples.size


def _silent_sink() -> Sink:
    from kiosk.speech.recorder import RecorderSink

    return RecorderSink(None, paced=True, stand_in=True)
