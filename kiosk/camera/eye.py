"""What the camera sees, or a video in its place: frames to show, one still to keep, all in memory.

A camera and a video file end in the same sink, so that all behind it is the same. Frames are shown
at most `SHOWN_PER_S` times a second. Nothing here writes to the disk, ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QMediaCaptureSession,
    QMediaDevices,
    QMediaPlayer,
    QVideoFrame,
    QVideoSink,
)

from kiosk.camera.errors import CameraError, NoCameraError
from kiosk.camera.pictures import pil_from_qimage

if TYPE_CHECKING:
    from PIL.Image import Image

    from kiosk.camera.watcher import FrameWatcher

SHOWN_PER_S = 12.0
FIRST_FRAME_MS = 8000  # a camera that is silent for so long has failed

NO_CAMERA = "No camera is connected; connect one, or set `camera_video`."
NOT_NAMED = "No camera has {!r} in its name (connected: {}); change the setting `camera`."
NO_FRAME = "The camera {} gives no picture; unplug it and plug it in again."
NO_VIDEO = "The video {} cannot be played ({}); change the setting `camera_video`."


class CameraEye(QObject):
    """Opens when told to and closes when told to. On the GUI thread."""

    ready = Signal()  # the first frame is there
    failed = Signal(object)  # a CameraError: there is none, or it has stopped
    frame = Signal(QImage)  # to be shown

    def __init__(
        self, camera: str = "", video: str = "", watchers: Sequence[FrameWatcher] = ()
    ) -> None:
        """`camera` is a part of its name, empty for any; `video` is a file that takes its place."""
        super().__init__()
        self._wanted = camera
        self._video = video
        self._watchers = tuple(watchers)
        self._source: QCamera | QMediaPlayer | None = None
        self._session: QMediaCaptureSession | None = None
        self._sink: QVideoSink | None = None
        self._latest: QVideoFrame | None = None
        self._shown = 0.0
        self._name = ""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(FIRST_FRAME_MS)
        self._patience.timeout.connect(lambda: self._fail(NO_FRAME.format(self._name)))

    def open(self) -> None:
        """Begin to look; `ready` or `failed` follows."""
        self.close()
        self._sink = QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._seen)
        device = None if self._video else choose_camera(QMediaDevices.videoInputs(), self._wanted)
        if self._video:
            self._play(self._sink)
        elif isinstance(device, str):
            self.close()
            self.failed.emit(NoCameraError(device))
            return
        elif device is not None:
            self._look(device, self._sink)
        self._patience.start()

    def take(self) -> Image | None:
        """What is seen now, RGB and upright; None where nothing is seen."""
        if self._latest is None:
            return None
        image = self._latest.toImage()
        return None if image.isNull() else pil_from_qimage(image)

    def close(self) -> None:
        """Stop looking; what was seen is let go of."""
        self._patience.stop()
        self._latest = None
        source, self._source = self._source, None
        session, self._session = self._session, None
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.videoFrameChanged.disconnect(self._seen)
        if source is not None:
            source.stop()
            source.deleteLater()
        for part in (session, sink):
            if part is not None:
                part.deleteLater()

    def _look(self, device: QCameraDevice, sink: QVideoSink) -> None:
        self._name = device.description()
        camera = QCamera(device, self)
        camera.errorOccurred.connect(lambda _error, words: self._fail(f"{self._name}: {words}."))
        self._source, self._session = camera, QMediaCaptureSession(self)
        self._session.setCamera(camera)
        self._session.setVideoSink(sink)
        camera.start()

    def _play(self, sink: QVideoSink) -> None:
        self._name = self._video
        player = QMediaPlayer(self)
        player.errorOccurred.connect(
            lambda _error, words: self._fail(NO_VIDEO.format(self._video, words))
        )
        self._source = player
        player.setVideoSink(sink)
        player.setLoops(QMediaPlayer.Loops.Infinite.value)
        player.setSource(QUrl.fromLocalFile(str(Path(self._video).expanduser().absolute())))
        player.play()

    def _seen(self, frame: QVideoFrame) -> None:
        if not frame.isValid():
            return
        first, self._latest = self._latest is None, frame
        if first:
            self._patience.stop()
            self.ready.emit()
        now = monotonic()
        if now - self._shown < 1.0 / SHOWN_PER_S:
            return
        self._shown = now
        image = frame.toImage()
        if image.isNull():
            return
        self.frame.emit(image)
        if self._watchers:
            picture = pil_from_qimage(image)
            for watcher in self._watchers:
                watcher.see(picture)

    def _fail(self, sentence: str) -> None:
        self.close()
        self.failed.emit(CameraError(sentence))


def choose_camera(cameras: Sequence[QCameraDevice], wanted: str) -> QCameraDevice | str:
    """The first whose name has `wanted` in it; a sentence for staff where there is none."""
    for camera in cameras:
        if wanted.casefold() in camera.description().casefold():
            return camera
    if not cameras:
        return NO_CAMERA
    return NOT_NAMED.format(wanted, ", ".join(camera.description() for camera in cameras))
