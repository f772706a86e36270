"""The eye is opened, a picture is taken, matched and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from kiosk.cards import TAKEN_PICTURE_ID
from kiosk.events import (
    CameraFailed,
    CameraReady,
    CloseCamera,
    MatchesReady,
    OpenCamera,
    PictureFault,
    PictureRefused,
    PictureTaken,
    Reset,
    SearchFailed,
    SearchPicture,
    StopSpeech,
    TakePicture,
)
from kiosk.troubles import Trouble
from tests.kiosk.scripted_kiosk import POEM, Stage
from tests.motion_jpeg import motion_jpeg


@pytest.fixture
def video(tmp_path: Path) -> Callable[[Image.Image], Path]:
    def made(frame: Image.Image) -> Path:
        path = tmp_path / "seen.avi"
        path.write_bytes(motion_jpeg([frame] * 3))
        return path

    return made


def test_a_picture_is_taken_matched_and_forgotten_and_no_file_appears(
    make_stage: Callable[..., Stage],
    qtbot: QtBot,
    video: Callable[[Image.Image], Path],
    tmp_path: Path,
) -> None:
    frame = Image.linear_gradient("L").convert("RGB").resize((320, 240))
    stage = make_stage(video=video(frame))
    before = set(tmp_path.rglob("*"))
    stage.do(OpenCamera(4))
    qtbot.waitUntil(lambda: CameraReady(4) in stage.script.events, timeout=10_000)
    stage.do(TakePicture(4), CloseCamera())
    qtbot.waitUntil(lambda: PictureTaken(4) in stage.script.events)
    stage.do(SearchPicture(4))
    answer = MatchesReady(4, TAKEN_PICTURE_ID, (POEM,), fits=False)
    qtbot.waitUntil(lambda: answer in stage.script.events)
    assert stage.matcher.asked == [(320, 240)]
    stage.do(Reset(5))
    assert stage.kiosk._camera.picture is None
    stage.do(SearchPicture(5))
    assert [event.visit_id for event in stage.script.of(SearchFailed)] == [5]
    assert set(tmp_path.rglob("*")) == before


def test_a_dark_picture_is_refused_and_not_held(
    make_stage: Callable[..., Stage], qtbot: QtBot, video: Callable[[Image.Image], Path]
) -> None:
    stage = make_stage(video=video(Image.new("RGB", (320, 240), (9, 8, 8))))
    stage.do(OpenCamera(1))
    qtbot.waitUntil(lambda: CameraReady(1) in stage.script.events, timeout=10_000)
    stage.do(TakePicture(1))
    assert stage.script.events[-1] == PictureRefused(1, PictureFault.DARK)
    assert stage.kiosk._camera.picture is None


def test_without_a_camera_the_visitor_hears_so(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.do(OpenCamera(1))
    stage.do(TakePicture(1))
    told = stage.script.of(CameraFailed)
    assert [event.visit_id for event in told] == [1, 1]
    assert {event.trouble for event in told} <= {Trouble.NO_CAMERA, Trouble.CAMERA}
    assert told[0].trouble is Trouble.NO_CAMERA


def test_a_camera_that_opens_after_the_visitor_left_is_no_news(
    make_stage: Callable[..., Stage], qtbot: QtBot, video: Callable[[Image.Image], Path]
) -> None:
    stage = make_stage(video=video(Image.new("RGB", (320, 240), "green")))
    stage.do(OpenCamera(1), StopSpeech(), Reset(2))
    qtbot.wait(800)
    assert stage.script.of(CameraReady) == []
