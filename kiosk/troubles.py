"""What can go wrong in front of a visitor, as ids of the words for it in the catalogue. Pure.

Errors carry a sentence for staff, in English. What visitors hear is in their own language, names
the thing that is wrong, and says what to do now.
"""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """One kind, which has words in every language."""

    COLLECTION = "trouble-collection"  # the store cannot be read
    SEARCH = "trouble-search"  # the model cannot be used
    PICTURE = "trouble-picture"  # a work's picture cannot be read
    NO_CAMERA = "trouble-no-camera"
    CAMERA = "trouble-camera"  # it is there, and gives no picture
    PICTURE_GONE = "trouble-picture-gone"  # the one that was taken
    OTHER = "trouble"
