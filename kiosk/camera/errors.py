"""What can be wrong with a camera, each with a sentence for the staff."""

from __future__ import annotations

from engine.errors import KnownError


class CameraError(KnownError):
    """The camera, or the video in its place, gives no picture."""


class NoCameraError(CameraError):
    """None is connected, or none with the name in the settings."""
