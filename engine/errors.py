"""Errors by blame.

A `KnownError` is the world's doing: a file that is no picture, a bundle with a flipped byte, a
full disk. It carries a sentence for staff: what is wrong and what to do. What a visitor hears of it
depends on its class, and is said in the visitor's language (`kiosk.blame`). Anything else that
is raised is a bug of ours and keeps its traceback.
"""

from __future__ import annotations


class KnownError(Exception):
    """Something outside the program is wrong.

    `sentence` is for staff: what is wrong and what to do, one sentence, no traceback.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class InputError(KnownError):
    """A file or an argument that somebody gave us cannot be used as it is."""


class PictureError(InputError):
    """A file that was to be a picture is none, is broken, or is too large to be safe."""


class BundleError(KnownError):
    """A model bundle is missing, damaged, or made for another version."""
