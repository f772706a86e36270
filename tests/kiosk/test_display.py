"""Whether there is a display, asked without risking this process."""

from __future__ import annotations

import os
import shutil

import pytest

from kiosk.display import missing_display


def without(*names: str, **more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in names} | more


BARE = without("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def test_no_display_is_a_sentence() -> None:
    assert missing_display(BARE) == (
        "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
    )


def test_a_display_that_does_not_answer_is_a_sentence_and_no_abort() -> None:
    problem = missing_display(BARE | {"DISPLAY": ":4711"})
    assert problem is not None
    assert ":4711" in problem
    assert "\n" not in problem


def test_drawing_into_memory_is_no_display() -> None:
    problem = missing_display(BARE | {"QT_QPA_PLATFORM": "offscreen"})
    assert problem is not None
    assert "offscreen" in problem


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_a_display_that_is_there_is_found() -> None:
    import subprocess

    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "320x200x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            number = server.stdout.readline().strip()
            assert missing_display(BARE | {"DISPLAY": f":{number}"}) is None
        finally:
            server.terminate()
