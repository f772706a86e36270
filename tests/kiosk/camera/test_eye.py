"""A video in the place of a camera, through the real sink."""

from __future__ import annotations

import ast
import inspect
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QCameraDevice, QMediaDevices
from pytestqt.qtbot import QtBot

import kiosk.camera
from kiosk.camera.errors import CameraError, NoCameraError
from kiosk.camera.eye import CameraEye, choose_camera
from kiosk.camera.pictures import pil_from_qimage

MakeVideo = Callable[[Sequence[Image.Image]], Path]


def painting() -> Image.Image:
    """Sky, sun and sea, to be told apart by their colours."""
    image = Image.new("RGB", (322, 240), (60, 110, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 150, 322, 240), fill=(20, 90, 60))
    draw.ellipse((220, 20, 290, 90), fill=(240, 200, 60))
    return image


@pytest.fixture
def eyes(qtbot: QtBot) -> Iterator[Callable[..., CameraEye]]:
    made: list[CameraEye] = []

    def make(**how: object) -> CameraEye:
        made.append(CameraEye(**how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for eye in made:
        eye.close()


def test_what_stands_before_the_camera_is_seen_shown_and_taken(
    eyes: Callable[..., CameraEye], make_video: MakeVideo, qtbot: QtBot
) -> None:
    eye = eyes(video=str(make_video([painting()] * 5)))
    shown: list[QImage] = []
    eye.frame.connect(shown.append)
    with qtbot.waitSignal(eye.ready, timeout=10_000):
        eye.open()
    taken = eye.take()
    assert taken is not None
    assert taken.size == (322, 240)
    assert taken.mode == "RGB"
    difference = np.abs(np.asarray(taken, int) - np.asarray(painting(), int))
    assert difference.mean() < 4  # JPEG's own
    assert shown
    assert shown[0].width() == 322


def test_a_video_goes_on_for_as_long_as_somebody_looks(
    eyes: Callable[..., CameraEye], make_video: MakeVideo, qtbot: QtBot
) -> None:
    eye = eyes(video=str(make_video([painting()] * 3)))
    count = []
    eye.frame.connect(lambda _frame: count.append(1))
    eye.open()
    qtbot.waitUntil(lambda: len(count) > 8, timeout=15_000)  # three frames, again and again


def test_a_closed_eye_sees_nothing(
    eyes: Callable[..., CameraEye], make_video: MakeVideo, qtbot: QtBot
) -> None:
    eye = eyes(video=str(make_video([painting()] * 3)))
    with qtbot.waitSignal(eye.ready, timeout=10_000):
        eye.open()
    eye.close()
    eye.close()
    assert eye.take() is None
    with qtbot.waitSignal(eye.ready, timeout=10_000):
        eye.open()
    assert eye.take() is not None


def test_watchers_see_each_frame_that_is_shown(make_video: MakeVideo, qtbot: QtBot) -> None:
    class Guide:
        def __init__(self) -> None:
            self.seen: list[Image.Image] = []

        def see(self, frame: Image.Image) -> None:
            self.seen.append(frame)

    guide = Guide()
    eye = CameraEye(video=str(make_video([painting()] * 3)), watchers=[guide])
    eye.open()
    qtbot.waitUntil(lambda: len(guide.seen) > 1, timeout=10_000)
    eye.close()
    assert guide.seen[0].size == (322, 240)


def test_a_video_that_cannot_be_played_is_told_of(
    eyes: Callable[..., CameraEye], tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "broken.avi"
    broken.write_bytes(b"no video")
    for path in (broken, tmp_path / "missing.avi"):
        eye = eyes(video=str(path))
        with qtbot.waitSignal(eye.failed, timeout=10_000) as told:
            eye.open()
        problem = told.args[0]
        assert isinstance(problem, CameraError)
        assert not isinstance(problem, NoCameraError)
        assert path.name in problem.sentence
        assert "camera_video" in problem.sentence


@pytest.mark.skipif(bool(QMediaDevices.videoInputs()), reason="a camera is connected")
def test_without_a_camera_the_visitor_is_told_at_once(
    eyes: Callable[..., CameraEye], qtbot: QtBot
) -> None:
    eye = eyes()
    with qtbot.waitSignal(eye.failed, timeout=1000) as told:
        eye.open()
    assert isinstance(told.args[0], NoCameraError)
    assert "No camera is connected" in told.args[0].sentence


class NamedCamera(QCameraDevice):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def description(self) -> str:
        return self._name


def test_a_camera_is_chosen_by_a_part_of_its_name() -> None:
    cameras = [NamedCamera("Laptop"), NamedCamera("Document Camera 4K")]
    assert choose_camera(cameras, "document") is cameras[1]
    assert choose_camera(cameras, "") is cameras[0]
    refused = choose_camera(cameras, "webcam")
    assert isinstance(refused, str)
    assert "Laptop, Document Camera 4K" in refused


def test_rows_that_are_padded_come_out_straight() -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB888)  # nine bytes a row, padded to twelve
    for x in range(3):
        for y in range(2):
            image.setPixel(x, y, 0xFF000000 | (x * 80) << 16 | (y * 200) << 8)
    taken = pil_from_qimage(image)
    assert [taken.getpixel((x, y)) for y in range(2) for x in range(3)] == [
        (x * 80, y * 200, 0) for y in range(2) for x in range(3)
    ]


def test_nothing_in_the_cameras_room_can_write_a_file() -> None:
    folder = Path(inspect.getfile(kiosk.camera)).parent
    writers = {
        "save",
        "write",
        "write_bytes",
        "write_text",
        "open_w",
        "QImageCapture",
        "setFileName",
    }
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & writers, path


def test_a_picture_is_taken_and_no_file_appears(
    eyes: Callable[..., CameraEye],
    make_video: MakeVideo,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    eye = eyes(video=str(make_video([painting()] * 3)))
    before = set(tmp_path.rglob("*"))
    with qtbot.waitSignal(eye.ready, timeout=10_000):
        eye.open()
    assert eye.take() is not None
    eye.close()
    assert set(tmp_path.rglob("*")) == before
