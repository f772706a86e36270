"""One visitor at the camera: open, take, judge, hold in memory, forget."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.camera.errors import CameraError, NoCameraError
from kiosk.camera.judging import judge
from kiosk.cards import TAKEN_PICTURE_ID
from kiosk.events import (
    CameraFailed,
    CameraReady,
    CloseCamera,
    Event,
    OpenCamera,
    PictureRefused,
    PictureTaken,
    SearchFailed,
    TakePicture,
)
from kiosk.troubles import Trouble

if TYPE_CHECKING:
    from PIL.Image import Image

    from kiosk.camera.eye import CameraEye

NO_CAMERA = "This kiosk has no camera: QtMultimedia cannot be loaded; see `ekphrasis doctor`."
NOTHING_SEEN = "The camera gives no picture at the moment."
GONE = "A search was asked for after the picture had been let go of."


class CameraVisit:
    """Carries out the camera's actions. The picture taken is held here and nowhere else."""

    def __init__(self, eye: CameraEye | None, tell: Callable[[Event], None]) -> None:
        """Without an `eye` every visitor hears that there is no camera."""
        self._eye = eye
        self._tell = tell
        self._visit_id: int | None = None  # whoever looks through it
        self.picture: Image | None = None
        if eye is not None:
            eye.ready.connect(self._ready)
            eye.failed.connect(self._failed)

    def do(self, action: OpenCamera | TakePicture | CloseCamera) -> None:
        """Open, take or close."""
        match action:
            case OpenCamera(visit_id):
                self._open(visit_id)
            case TakePicture(visit_id):
                self._take(visit_id)
            case CloseCamera():
                self._close()

    def forget(self) -> None:
        """The visit is over: nothing is seen, and the picture is gone."""
        self._close()
        self.picture = None

    def complain(self, visit_id: int) -> None:
        """A search was asked for without a picture."""
        self._tell(SearchFailed(visit_id, TAKEN_PICTURE_ID, Trouble.PICTURE_GONE, GONE))

    def _open(self, visit_id: int) -> None:
        self.picture = None
        self._visit_id = visit_id
        if self._eye is None:
            self._failed(NoCameraError(NO_CAMERA))
        else:
            self._eye.open()

    def _close(self) -> None:
        self._visit_id = None
        if self._eye is not None:
            self._eye.close()

    def _take(self, visit_id: int) -> None:
        picture = None if self._eye is None else self._eye.take()
        if picture is None:
            self._tell(CameraFailed(visit_id, Trouble.CAMERA, NOTHING_SEEN))
            return
        fault = judge(picture)
        if fault is not None:
            self._tell(PictureRefused(visit_id, fault))
            return
        self.picture = picture
        self._tell(PictureTaken(visit_id))

    def _ready(self) -> None:
        if self._visit_id is not None:
            self._tell(CameraReady(self._visit_id))

    def _failed(self, problem: CameraError) -> None:
        visit_id, self._visit_id = self._visit_id, None
        if visit_id is not None:
            none = isinstance(problem, NoCameraError)
            trouble = Trouble.NO_CAMERA if none else Trouble.CAMERA
            self._tell(CameraFailed(visit_id, trouble, problem.sentence))
