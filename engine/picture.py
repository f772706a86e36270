"""Open a picture file safely, whatever it is: upright, RGB, first frame, of bounded size.

1. Pillow's header is read and its dimensions are judged before a single pixel is decoded.
2. JPEGs are decoded at a reduced scale where that is enough.
3. The EXIF rotation is applied, the picture's own colour profile turned into sRGB, transparency
   laid on white, every mode turned into 8-bit RGB.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from engine.errors import PictureError

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

# A 13,000 x 13,000 scan passes. Pillow by itself refuses from about 179 million pixels on, before
# it has told the size, so a limit of ours above that would never be met.
MAX_PIXELS = 170_000_000
DECODE_SIDE = 2048  # px; the least longest side to which a JPEG may be decoded at reduced scale
SIXTEEN_BIT = ("I", "I;16", "I;16L", "I;16B", "I;16N")


def load_picture(path: Path, least_side: int = DECODE_SIDE) -> Image:
    """The picture in `path` as an upright 8-bit sRGB image.

    A JPEG larger than `least_side` pixels may come smaller, but not below it. CMYK, 16-bit,
    palette, greyscale and transparent pictures are converted; of an animation the first frame is
    taken. Raises `PictureError` with one sentence for staff when the file cannot be read, is no
    picture, is cut short, or has more than `MAX_PIXELS` pixels.
    """
    from PIL import Image as PilImage
    from PIL import ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # Pillow warns from 89 million pixels on; the limit here is our own, and is an error.
            warnings.simplefilter("ignore", PilImage.DecompressionBombWarning)
            # By file, not by name: by name, Pillow maps an uncompressed TIFF into memory, and an
            # orientation other than upright then garbles it.
            with path.open("rb") as file, PilImage.open(file) as image:
                _refuse_huge(path, image.size)
                image.draft("RGB", _draft_size(image.size, least_side))
                image.seek(0)
                image.load()
                upright = ImageOps.exif_transpose(image)
                return _to_rgb(upright)
    except FileNotFoundError:
        raise PictureError(f"There is no file {path}; check the name and the folder.") from None
    except IsADirectoryError:
        raise PictureError(f"{path} is a folder; give the name of a picture file.") from None
    except PermissionError:
        raise PictureError(
            f"{path} may not be read by this user; change its permissions."
        ) from None
    except UnidentifiedImageError:
        raise PictureError(
            f"{path} is not a picture that can be read; use JPEG, PNG, TIFF, WebP or GIF."
        ) from None
    except PilImage.DecompressionBombError:
        raise _too_large(path, "several hundred million") from None
    except (OSError, SyntaxError, ValueError, EOFError) as problem:
        raise PictureError(
            f"{path} is damaged or cut short ({problem}); copy it again from its source."
        ) from None


def _refuse_huge(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise _too_large(path, f"{width:,} x {height:,}")
    if width == 0 or height == 0:
        raise PictureError(f"{path} is a picture without pixels; use another one.")


def _too_large(path: Path, pixels: str) -> PictureError:
    return PictureError(
        f"{path} has {pixels} pixels; more than {MAX_PIXELS // 1_000_000} million are not safe "
        "to open: make it smaller first."
    )


def _draft_size(size: tuple[int, int], least_side: int) -> tuple[int, int]:
    """The least size a JPEG decoder may scale down to; it never goes below what is asked."""
    longest = max(size)
    scale = min(1.0, least_side / longest)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _to_rgb(image: Image) -> Image:
    from PIL import Image as PilImage

    if image.mode in SIXTEEN_BIT or image.mode == "F":
        image = _to_eight_bit(image)
    image = _to_srgb(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = PilImage.new("RGB", rgba.size, "white")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    # A copy detaches the result from the file that is about to be closed.
    return image.copy() if image.mode == "RGB" else image.convert("RGB")


def _to_srgb(image: Image) -> Image:
    """The same colours in sRGB, where the picture says by a profile what its numbers mean.

    A profile that is damaged, or meant for another kind of picture, is passed over.
    """
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L", "LAB"):
        return image
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).casefold():
            return image
        target = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return image if converted is None else converted


def _to_eight_bit(image: Image) -> Image:
    """16-bit, 32-bit and float greys keep their tones: Pillow alone would clip them to white."""
    import numpy as np
    from PIL import Image as PilImage

    tones = np.asarray(image).astype(np.float64)
    tones[~np.isfinite(tones)] = 0.0
    darkest, brightest = float(tones.min()), float(tones.max())
    if image.mode.startswith("I;16"):
        full = 65535.0
    elif image.mode == "F" and darkest >= 0.0 and brightest <= 1.0:
        full = 1.0
    elif darkest >= 0.0 and brightest <= 255.0:
        full = 255.0
    elif darkest >= 0.0 and brightest <= 65535.0:
        full = 65535.0
    else:  # an unusual range: stretch it
        tones -= darkest
        full = max(brightest - darkest, 1.0)
    return PilImage.fromarray(np.rint(tones / full * 255.0).astype(np.uint8))
