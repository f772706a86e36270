"""Whether a picture before the camera is worth a search: not too dark, too bright, or empty. Pure.

The picture is judged small: what is left of it at 96 pixels is what a poem could be about. The
figures were set so that every starter painting passes as it is, at half and at twice its light,
and fails at a fifteenth; the tests hold them to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kiosk.events import PictureFault

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 96  # px; the longer side of what is judged
DARK = 32  # of 255: below this for its lighter parts nothing can be told
BRIGHT = 232  # of 255: above this for its darker parts everything is washed out
EVEN = 7.0  # of 255: less spread than this is one surface, with the camera's own noise on it


def judge(picture: Image) -> PictureFault | None:
    """What is wrong with an RGB picture, or None."""
    small = picture.convert("RGB")
    small.thumbnail((SIDE, SIDE))
    seen = np.asarray(small, dtype=np.float32)
    light = seen @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    darkest, brightest = np.percentile(light, (5, 95))
    if brightest < DARK:
        return PictureFault.DARK
    if darkest > BRIGHT:
        return PictureFault.BRIGHT
    if _spread(small) < EVEN:
        return PictureFault.EMPTY
    return None


def _spread(small: Image) -> float:
    """How far the colours lie apart, noise averaged out: the greatest channel's deviation."""
    from PIL import Image as PilImage

    size = (max(1, small.width // 4), max(1, small.height // 4))
    blocks = np.asarray(small.resize(size, PilImage.Resampling.BOX), dtype=np.float32)
    return float(blocks.reshape(-1, 3).std(axis=0).max())
