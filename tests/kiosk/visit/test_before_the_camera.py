"""The camera: a picture is taken, refused, and answered."""

from __future__ import annotations

import pytest

from kiosk.events import (
    CameraFailed,
    CameraReady,
    CloseCamera,
    MatchesReady,
    OpenCamera,
    PictureFault,
    PictureRefused,
    PictureTaken,
    SearchPicture,
    TakePicture,
    Tick,
)
from kiosk.screens import (
    CameraScreen,
    MessageScreen,
    ResultScreen,
)
from kiosk.stages import (
    Looking,
    Stuck,
    Ways,
)
from kiosk.troubles import Trouble
from tests.kiosk.hand import looking, said, shown
from tests.kiosk.visitor import ANSWERS


def test_a_picture_is_taken_and_answered() -> None:
    hand = looking()
    assert "One moment" in said(hand.do("select"))  # it is not open yet
    ready = hand.happen(CameraReady(1))
    assert isinstance(shown(ready), CameraScreen)
    assert "press Enter" in said(ready)
    taking = hand.do("select")
    assert TakePicture(1) in taking
    assert "Hold still" in said(taking)
    found = hand.happen(PictureTaken(1))
    assert CloseCamera() in found
    assert SearchPicture(1) in found
    assert isinstance(shown(hand.happen(MatchesReady(1, 0, ANSWERS[0]))), ResultScreen)
    assert OpenCamera(1) in hand.do("back")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PictureFault.DARK, "too dark"),
        (PictureFault.BRIGHT, "too bright"),
        (PictureFault.EMPTY, "nothing to be seen"),
    ],
)
def test_a_picture_that_is_no_use_has_words_and_is_taken_again(
    fault: PictureFault, words: str
) -> None:
    hand = looking()
    hand.happen(CameraReady(1))
    hand.do("select")
    refused = hand.happen(PictureRefused(1, fault))
    assert words in said(refused)
    assert words in shown(refused).text  # type: ignore[attr-defined]
    assert TakePicture(1) in hand.do("select")


def test_no_camera_has_words_and_a_way_on() -> None:
    hand = looking()
    failed = hand.happen(CameraFailed(1, Trouble.NO_CAMERA, "none"))
    assert "There is no camera at this kiosk. Please choose in another way." in said(failed)
    assert isinstance(hand.session.stage, Stuck)
    assert isinstance(shown(failed), MessageScreen)
    assert CloseCamera() in failed
    hand.do("back")
    assert isinstance(hand.session.stage, Ways)


@pytest.mark.parametrize("way", ["back", "home"])
def test_the_camera_is_closed_whichever_way_one_leaves(way: str) -> None:
    hand = looking()
    hand.happen(CameraReady(1))
    assert CloseCamera() in hand.do(way)
    assert hand.happen(PictureTaken(1)) == []


def test_the_camera_is_closed_when_time_runs_out() -> None:
    hand = looking()
    hand.happen(CameraReady(1))
    hand.finish()
    hand.happen(Tick(100.0))
    hand.finish()
    assert CloseCamera() in hand.happen(Tick(20.0))


def test_while_the_camera_opens_it_is_never_silent_for_long_and_not_for_ever() -> None:
    hand = looking()
    hand.finish()
    assert "One moment more." in said(hand.happen(Tick(2.0)))
    for _ in range(400):
        hand.finish()
        hand.happen(Tick(2.0))
        if not isinstance(hand.session.stage, Looking):
            break
    assert "does not answer" in said(hand.last)
