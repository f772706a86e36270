"""The colours and the light of a picture, in words. Pure: a Pillow image goes in, facts come out.

1. The picture is made small, so that what is left is what strikes the eye across a room.
2. Every pixel goes to CIE Lab, the space where distances are those that people see, and gets a
   name by its lightness, its chroma and its hue.
3. Names with a share worth mentioning are told, the largest first; then warmth, light, contrast,
   and where the picture is lightest.

Facts are keys; `kiosk.words` has words for them in each language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 72  # px; the longer side of what is looked at
MAIN_SHARE = 0.18  # of the picture: a colour that is told first
TOUCH_SHARE = 0.04  # and one that is told as a touch
VIVID_SHARE, VIVID_CHROMA = 0.012, 38.0  # poppies in a field: little of it, and seen first
GREY_CHROMA = 9.0  # below this a colour has no hue to speak of

# Where each hue of Lab ends, in degrees, from pink over red, yellow, green and blue back to pink.
_HUES = (
    (20.0, "pink"),
    (48.0, "red"),
    (70.0, "orange"),
    (112.0, "yellow"),
    (165.0, "green"),
    (225.0, "blue-green"),
    (308.0, "blue"),
    (335.0, "violet"),
    (360.0, "pink"),
)
_PLAIN = (
    "black",
    "dark-grey",
    "grey",
    "pale-grey",
    "white",
    "brown",
    "dark-brown",
    "ochre",
    "cream",
)
COLOURS = (  # every name there is
    *_PLAIN,
    *(shade + hue for hue in sorted({hue for _, hue in _HUES}) for shade in ("", "pale-", "dark-")),
)
WARMTHS, LIGHTS = ("warm", "cool", "mixed", ""), ("dark", "subdued", "medium", "bright")
CONTRASTS = ("strong", "moderate", "gentle")
PLACES = tuple(
    f"{row}-{column}".removesuffix("-centre").replace("middle-", "").replace("middle", "centre")
    for row in ("top", "middle", "bottom")
    for column in ("left", "centre", "right")
)


@dataclass(frozen=True, slots=True)
class Impression:
    """What strikes the eye first. All keys; "" or () where there is nothing to say."""

    main: tuple[str, ...]  # colours, the largest share first: "brown", "pale-blue"; at most three
    touches: tuple[str, ...]  # colours of a small share that stand out; at most three
    warmth: str  # one of WARMTHS; "" where there is hardly any colour
    light: str  # one of LIGHTS
    contrast: str  # one of CONTRASTS
    lightest: str  # one of PLACES, where one part is clearly lighter than the rest; else ""


def look_at(picture: Image) -> Impression:
    """The impression that an RGB picture makes."""
    small = picture.convert("RGB")
    small.thumbnail((SIDE, SIDE))
    lab = to_lab(np.asarray(small, dtype=np.float64) / 255.0)
    light = lab[..., 0]
    main, touches = _told(lab.reshape(-1, 3))
    dark, bright = np.percentile(light, (5, 95))
    return Impression(
        main=tuple(main),
        touches=tuple(touches),
        warmth=_warmth(lab.reshape(-1, 3)),
        light=_step(float(light.mean()), ((28, "dark"), (45, "subdued"), (68, "medium")), "bright"),
        contrast=_step(float(bright - dark), ((35, "gentle"), (65, "moderate")), "strong"),
        lightest=_lightest(light),
    )


def to_lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE Lab (D65) of sRGB values in 0..1, [..., 3]. Lightness is 0..100."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    cube = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = cube[..., 0], cube[..., 1], cube[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _names(lab: NDArray[np.float64]) -> NDArray[np.str_]:
    """Each pixel's name, [n]."""
    light, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    ends = np.array([end for end, _ in _HUES])
    names = np.array([name for _, name in _HUES], dtype="<U16")[np.searchsorted(ends, hue, "right")]
    earthy = (hue >= 40) & (hue < 112)
    brown = earthy & (light < 58) & (chroma < 48)
    ochre = earthy & (hue >= 60) & (light >= 45) & (light < 75) & (chroma < 60) & ~brown
    cream = earthy & (light >= 75) & (chroma < 40)
    pale = (light >= 72) & (chroma < 35)
    dark = light < 33
    names = np.where(pale, np.char.add("pale-", names), names)
    names = np.where(dark, np.char.add("dark-", names), names)
    names = np.where(brown, np.where(dark, "dark-brown", "brown"), names)
    names = np.where(ochre, "ochre", names)
    names = np.where(cream, "cream", names)
    grey = chroma < GREY_CHROMA
    greys = np.select(
        [light < 16, light < 40, light < 70, light < 90],
        ["black", "dark-grey", "grey", "pale-grey"],
        "white",
    )
    return np.where(grey, greys, names)


def _told(lab: NDArray[np.float64]) -> tuple[list[str], list[str]]:
    """The main colours and the touches, each kind the largest share first."""
    names = _names(lab)
    found, counts = np.unique(names, return_counts=True)
    shares = sorted(zip(found.tolist(), (counts / names.size).tolist(), strict=True), key=_by_share)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    main: list[str] = []
    touches: list[str] = []
    for name, share in shares:
        vivid = share >= VIVID_SHARE and float(chroma[names == name].mean()) >= VIVID_CHROMA
        if not _stands_out(name, [*main, *touches]):
            continue
        if not main or (share >= MAIN_SHARE and len(main) < 3):
            main.append(name)
        elif (share >= TOUCH_SHARE or vivid) and len(touches) < 3:
            touches.append(name)
    return main, touches


def _by_share(named: tuple[str, float]) -> tuple[float, str]:
    return -named[1], named[0]


def _stands_out(name: str, main: Sequence[str]) -> bool:
    """Whether it is another hue than what is told already; a darker brown is no touch of colour."""
    plain = {one.removeprefix("dark-").removeprefix("pale-") for one in main}
    return name.removeprefix("dark-").removeprefix("pale-") not in plain


def _warmth(lab: NDArray[np.float64]) -> str:
    """By the share of warm and of cool among what has a colour; strong colours count for more."""
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    if np.mean(chroma) < GREY_CHROMA * 0.6:
        return ""
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    warm = float(np.sum(chroma * ((hue < 112) | (hue >= 335))) / np.sum(chroma))
    return _step(warm, ((0.35, "cool"), (0.65, "mixed")), "warm")


def _lightest(light: NDArray[np.float64]) -> str:
    """The ninth of the picture that is clearly lighter than the middle of all nine."""
    parts = [
        float(column.mean())
        for row in np.array_split(light, 3, axis=0)
        for column in np.array_split(row, 3, axis=1)
        if column.size
    ]
    if len(parts) < len(PLACES):
        return ""
    order = sorted(parts)
    if order[-1] - order[4] < 15 or order[-1] - order[-2] < 3:
        return ""
    return PLACES[parts.index(order[-1])]


def _step(value: float, steps: Sequence[tuple[float, str]], otherwise: str) -> str:
    return next((name for below, name in steps if value < below), otherwise)
