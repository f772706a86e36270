"""Errors by blame.

A `KnownError` is the world's doing: a file that is no picture, a bundle with a flipped byte, a
full disk. It carries two sentences: one for staff (what is wrong and what to do) and one that a
visitor can hear. Anything else that is raised is a bug of ours and keeps its traceback.
"""

from __future__ import annotations


class KnownError(Exception):
    """Something outside the program is wrong.

    `sentence` is for staff: what is wrong and what to do, one sentence, no traceback.
    `spoken` is for a visitor: what happens now and what they can do.
    """

    default_spoken = (
        "Something here is not working. Please ask the staff, or go back and try again."
    )

    def __init__(self, sentence: str, *, spoken: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.spoken = spoken if spoken is not None else self.default_spoken


class InputError(KnownError):
    """A file or an argument that somebody gave us cannot be used as it is."""


class PictureError(InputError):
    """A file that was to be a picture is none, is broken, or is too large to be safe."""

    default_spoken = "This picture cannot be read. Please try another one."


class BundleError(KnownError):
    """A model bundle is missing, damaged, or made for another version."""

    default_spoken = "The kiosk cannot search for poems at the moment. Please ask the staff."
