"""The sound card, through QtMultimedia. Qt is imported here only, and only when it is needed."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import numpy as np

from kiosk.speech.sink import DeviceLostError, DeviceMovedError
from kiosk.speech.sound_route import SoundRoute
from kiosk.speech.synthesiser import Samples

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioDevice, QAudioFormat

_RATE = 22050  # samples per second, what espeak-ng gives; the device's own where it takes no other
_BUFFER_S = 1.0  # Qt's buffer is larger than what we let it hold, so that it never throttles us
_LEAD_S = 0.6  # what we let it hold: longer than importing torch keeps Python standing still
_FADE_STEPS, _FADE_STEP_S = 8, 0.004  # of a hush
_NAP_S = 0.004
_STALLED_S = 2.0  # a device that took nothing for so long is gone


class QtSink:
    """One open sound device. Made and used on the speech thread; needs a QCoreApplication.

    A deep sink, written to in push mode. Raises DeviceLostError when there is no device, or when
    it stops taking sound; DeviceMovedError when another device became the right one.
    """

    def __init__(self, route: SoundRoute | None = None) -> None:
        from PySide6.QtMultimedia import QAudioSink, QtAudio

        self._route = route or SoundRoute()
        device = self._route.device()
        if device is None:
            raise DeviceLostError(NO_DEVICE)
        self._id = bytes(device.id().data()).decode(errors="replace")
        self._ceiling = self._route.ceiling(self._id)
        form = _format(device)
        self.rate = form.sampleRate()
        self._channels = form.channelCount()
        self._float = form.sampleFormat() == form.SampleFormat.Float
        self._frame_bytes = form.bytesPerFrame()
        self._written = 0
        self._moved = time.monotonic()  # when the device last took something, or had nothing to do
        self._least = 0
        self._volume = 1.0
        self._stopped = QtAudio.State.StoppedState
        self._sink = QAudioSink(device, form)
        self._sink.setVolume(self._volume * self._ceiling)
        self._sink.setBufferSize(round(_BUFFER_S * self.rate) * self._frame_bytes)
        self._pipe = self._sink.start()
        if self._pipe is None:
            raise DeviceLostError(NOT_OPEN.format(device.description()))
        self._name = device.description()
        self._buffer = self._sink.bufferSize()

    @property
    def stand_in(self) -> bool:
        """Whether another device is the right one now."""
        return self._route.other_than(self._id) is not None

    def room(self) -> int:
        """Samples that may be written without holding more than `_LEAD_S`."""
        return max(0, round(_LEAD_S * self.rate) - self._waiting())

    def write(self, samples: Samples) -> None:
        """Converts to the device's format and hands over."""
        frames = np.repeat(np.clip(samples, -1.0, 1.0), self._channels)
        data = frames.astype("<f4") if self._float else np.rint(frames * 32767).astype("<i2")
        raw = data.tobytes()
        end = time.monotonic() + _STALLED_S
        while raw:
            taken = self._pipe.write(raw)
            if taken < 0 or time.monotonic() > end:
                raise DeviceLostError(GONE.format(self._name))
            raw = raw[taken:]
            if raw:
                self.nap()
        self._written += samples.size

    def heard(self) -> int:
        """Samples that have left Qt's buffer for the device."""
        return self._written - self._waiting()

    def hush(self) -> int:
        """Fades over some 30 ms, then drops what Qt's buffer holds. The device stays open."""
        waiting = self._waiting()
        if not waiting:
            return 0
        for step in range(_FADE_STEPS - 1, -1, -1):
            self._sink.setVolume(self._volume * self._ceiling * step / _FADE_STEPS)
            time.sleep(_FADE_STEP_S)
        self._sink.reset()
        self._sink.setVolume(self._volume * self._ceiling)
        self._pipe = self._sink.start()
        if self._pipe is None:
            raise DeviceLostError(GONE.format(self._name))
        self._written -= waiting
        self._least = min(self._least, self._written)
        return waiting

    def set_volume(self, volume: float) -> bool:
        """Qt applies it to what its buffer holds, too."""
        ceiling = self._route.ceiling(self._id)
        if (volume, ceiling) != (self._volume, self._ceiling):
            self._volume, self._ceiling = volume, ceiling
            self._sink.setVolume(volume * self._ceiling)
        return True

    def nap(self) -> None:
        """Sleeps for a few milliseconds, and looks whether sound should be elsewhere."""
        time.sleep(_NAP_S)
        other = self._route.other_than(self._id)
        if other is not None:
            with contextlib.suppress(DeviceLostError):
                self.hush()  # the old device falls silent before the new one speaks
            raise DeviceMovedError(MOVED.format(other.name))

    def close(self) -> None:
        """Closes the device; what it still held is dropped."""
        self._sink.stop()

    def _waiting(self) -> int:
        if self._sink.state() == self._stopped:  # its buffer would look as if all had been heard
            raise DeviceLostError(GONE.format(self._name))
        waiting = max(0, self._buffer - self._sink.bytesFree()) // self._frame_bytes
        heard = self._written - waiting
        now = time.monotonic()
        if heard > self._least or not waiting:
            self._least, self._moved = heard, now
        elif now - self._moved > _STALLED_S:
            raise DeviceLostError(GONE.format(self._name))
        return waiting


NO_DEVICE = "There is no sound device; connect a loudspeaker or a headset, then start again."
NOT_OPEN = "The sound device {} cannot be opened; close other programs that use it."
MOVED = "Sound goes to {} now; the line begins again there."
GONE = "The sound device {} no longer plays; connect it again."


def _format(device: QAudioDevice) -> QAudioFormat:
    from PySide6.QtMultimedia import QAudioFormat

    form = QAudioFormat()
    form.setSampleRate(_RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    if device.isFormatSupported(form):
        return form
    form = device.preferredFormat()
    if form.sampleFormat() != QAudioFormat.SampleFormat.Float:
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return form
