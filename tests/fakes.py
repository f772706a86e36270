"""Stand-ins whose answers can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from engine.types import PassageTokens


def by_word_length(text: str) -> np.ndarray:
    """A unit vector that points where the text's mean word length says; 1 to 4 letters."""
    words = text.split() or [""]
    angle = np.mean([len(word) for word in words]) * np.pi / 10
    return np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)


@dataclass(frozen=True)
class Encoded:
    vector: np.ndarray
    text: str


@dataclass(frozen=True)
class Read:
    """A token is a letter; half precision, in which readings are kept, knows those of English."""

    vector: np.ndarray
    text: str
    lines: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))

    @property
    def tokens(self) -> np.ndarray:
        return np.array([ord(letter) for letter in self.text], np.float32).reshape(-1, 1)


def read_text(passage: PassageTokens | Read) -> str:
    return "".join(chr(int(letter)) for letter in passage.tokens[:, 0])


@dataclass
class WordLengthEncoder:
    """Similarity: like word lengths. Score: the texts' order in the alphabet, reversed."""

    dimensions: int = 2
    reranks: bool = True
    read: list[str] = field(default_factory=list)

    def picture(self, image: Image.Image) -> Encoded:
        return self.words("x" * image.width)

    def words(self, text: str) -> Encoded:
        return Encoded(by_word_length(text), text)

    def combine(self, picture: Encoded, words: Encoded) -> Encoded:
        return Encoded(words.vector, f"{picture.text}+{words.text}")

    def passages(
        self,
        texts: Sequence[str],
        *,
        subjects: Sequence[str] = (),
        batch_size: int = 32,
        progress: Callable[[int], None] | None = None,
    ) -> np.ndarray:
        return np.stack([by_word_length(text) for text in texts])

    def score(self, query: Encoded, texts: Sequence[str], **_: Any) -> np.ndarray:
        self.read = list(texts)
        return np.array([(ord(text[0]) - 96) / 26 for text in texts], dtype=np.float32)

    def tokens(self, texts: Sequence[str], **_: Any) -> list[Read]:
        return [Read(by_word_length(text), text) for text in texts]

    def reach(self, text: str) -> int:
        return len(text)

    def score_tokens(self, query: Encoded, passages: Sequence[PassageTokens | Read]) -> np.ndarray:
        return self.score(query, [read_text(one) for one in passages])
