"""From a frame as Qt holds it to a picture as the engine wants it, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PySide6.QtGui import QImage


def pil_from_qimage(image: QImage) -> Image:
    """A copy, RGB. Raises ValueError for an image without pixels."""
    from PIL import Image as PilImage
    from PySide6.QtGui import QImage as QtImage

    if image.isNull():
        raise ValueError("an image without pixels")
    plain = image.convertToFormat(QtImage.Format.Format_RGB888)
    size = (plain.width(), plain.height())
    rows = bytes(plain.constBits())  # each row is padded to four bytes
    return PilImage.frombuffer("RGB", size, rows, "raw", "RGB", plain.bytesPerLine(), 1).copy()
