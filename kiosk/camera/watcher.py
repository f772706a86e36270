"""The seam for whoever looks at frames while a visitor aims: guidance, recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image


class FrameWatcher(Protocol):
    """Sees a frame now and then, never two at once. On the GUI thread: take long work elsewhere."""

    def see(self, frame: Image) -> None:
        """A frame as the camera gave it, RGB, upright; it is dropped afterwards."""
        ...
