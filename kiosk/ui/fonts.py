"""Letters: which families are taken, and how large a font must be for a capital of a given height.

Debian: fonts-ebgaramond, fonts-lato, fonts-nanum (Korean), fonts-sil-gentium; all under the SIL
Open Font License 1.1. fonts-open-sans is under Apache-2.0; DejaVu, which has Hebrew and Arabic,
under the Bitstream Vera terms.
"""

from __future__ import annotations

import math
import unicodedata

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

# The first that is installed sets the letters; the rest give what it does not have.
VERSE_FAMILIES = ("EB Garamond 12", "EB Garamond", "Gentium Plus", "Gentium", "DejaVu Serif")
TEXT_FAMILIES = ("Lato", "Open Sans", "DejaVu Sans")
VERSE_FALLBACKS = ("NanumMyeongjo", "UnBatang", "Noto Serif CJK KR", "DejaVu Serif", "DejaVu Sans")
TEXT_FALLBACKS = ("NanumGothic", "NanumBarunGothic", "UnDotum", "Noto Sans CJK KR", "DejaVu Sans")

UPRIGHT_LANGUAGES = ("ko", "ja", "zh", "he", "ar", "fa", "ur")  # no italics of their own

REFERENCE = 100  # pixels, at which a family is measured


def starts_from_the_right(text: str, *, otherwise: bool) -> bool:
    """Which way `text` itself runs, by its first letter; `otherwise` where it has none."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return otherwise


def has_italics(language: str) -> bool:
    """Whether slanted letters are a custom of the language's script."""
    return language.lower().replace("_", "-").split("-")[0] not in UPRIGHT_LANGUAGES


def choose_families(wanted: tuple[str, ...], fallbacks: tuple[str, ...]) -> tuple[str, ...]:
    """What is installed of these, the best first; never empty."""
    installed = set(QFontDatabase.families())
    first = next((family for family in wanted if family in installed), "serif")
    return (first, *(family for family in fallbacks if family in installed and family != first))


def sized(
    families: tuple[str, ...],
    cap: float,
    *,
    italic: bool = False,
    weight: QFont.Weight = QFont.Weight.Normal,
) -> QFont:
    """A font whose capital H is at least `cap` logical pixels high."""
    font = QFont(list(families))
    font.setItalic(italic)
    font.setFeature(QFont.Tag("lnum"), 1)  # an old-style 1 is easily read as an I
    font.setWeight(weight)
    font.setPixelSize(REFERENCE)
    ratio = QFontMetricsF(font).capHeight() / REFERENCE or 0.7
    font.setPixelSize(max(12, math.ceil(cap / ratio)))
    return font
