"""A video file that stands before the kiosk's camera."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from tests.motion_jpeg import motion_jpeg

MakeVideo = Callable[[Sequence[Image.Image]], Path]


@pytest.fixture
def make_video(tmp_path: Path) -> MakeVideo:
    def make(frames: Sequence[Image.Image]) -> Path:
        path = tmp_path / "before-the-camera.avi"
        path.write_bytes(motion_jpeg(frames))
        return path

    return make
