"""How passages are read: as a whole, line by line, and closely enough for the second look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.model.text_towers import Spans, TextFeatures, TextReader, cut, padded
from engine.model.weighing import Weighing
from engine.types import PassageTokens

Floats = npt.NDArray[np.float32]

Row = TypeVar("Row", Sequence[int], list[int], Tensor)


class PassageReader:
    """Texts to what the two looks take of them, by one network and its tokeniser."""

    def __init__(self, network: CEClip, reader: TextReader, weighing: Weighing) -> None:
        self._network, self._reader, self._weighing = network, reader, weighing
        self._device = next(network.parameters()).device
        self._reranks = network.architecture.cross is not None

    def vectors(
        self,
        texts: Sequence[str],
        subjects: Sequence[str],
        batch_size: int,
        progress: Callable[[int], None] | None = None,
    ) -> Floats:
        """Vectors [n, dimensions] of passages as they are searched, in their order."""
        vectors, _ = self.whole(self.ids(texts), (), batch_size, progress)
        return self.searched(vectors, (), subjects)[0]

    def whole(
        self,
        rows: Sequence[list[int]],
        spans: Sequence[Spans],
        batch_size: int = 32,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Floats, list[Floats]]:
        """What passages, as ids, say by themselves, and these parts of each, where there are any:
        unit vectors [n, joint], and of each passage [parts, joint]."""
        vectors = np.zeros((len(rows), self._network.architecture.joint), np.float32)
        parts = [vectors[:0]] * len(rows)
        done = 0
        for places, ids in by_length(rows, batch_size):
            features = self._network.text(*self.padded(ids))
            vectors[places] = numpy_of(self._network.passage_vector(features.pooled))
            for at, place in enumerate(places):
                parts[place] = self._parts(features, at, spans[place] if spans else ())
            done += len(places)
            if progress is not None:
                progress(done)
        return vectors, parts

    def _parts(self, features: TextFeatures, row: int, spans: Spans) -> Floats:
        """The mean of each part's tokens, read within their text: unit vectors [parts, joint]."""
        tokens = features.tokens[row]
        means = [tokens[first:end].mean(0) for first, end in spans]
        joint = self._network.architecture.joint
        if not means:
            return np.zeros((0, joint), np.float32)
        return numpy_of(self._network.passage_vector(torch.stack(means)))

    def lines(self, texts: Sequence[str]) -> Sequence[Spans]:
        """The lines of each text; nothing where they have no share in a score."""
        return self._reader.lines(texts) if self._reranks and self._weighing.lines and texts else ()

    def searched(
        self, vectors: Floats, parts: Sequence[Floats], subjects: Sequence[str]
    ) -> tuple[Floats, list[Floats]]:
        """Unit vectors of passages [n, joint] and of their parts, as they are searched.

        What people noted that a passage is about, each of its parts is about, too.
        """
        counts = [len(own) for own in parts]
        of_parts = (one for one, count in zip(subjects, counts, strict=False) for _ in range(count))
        each = self._with_subjects(np.concatenate([vectors, *parts]), [*subjects, *of_parts])
        searched = numpy_of(self._network.as_passages(torch.from_numpy(each).to(self._device)))
        ends = len(vectors) + np.cumsum([0, *counts])[:-1]
        whole, *lines = np.split(searched, ends)
        return whole, lines

    def _with_subjects(self, vectors: Floats, subjects: Sequence[str]) -> Floats:
        """The same vectors, those with subjects between the text's and that of its subjects."""
        share = np.float32(self._weighing.subjects)
        named = list(dict.fromkeys(filter(None, subjects)))
        if not named or not share:
            return vectors
        of = dict(zip(named, self.whole(self.ids(named), ())[0], strict=True))
        mixed = vectors.copy()
        for row, about in enumerate(subjects):
            if about:
                vector = (1 - share) * vectors[row] + share * of[about]
                mixed[row] = vector / np.linalg.norm(vector)
        return mixed

    def tokens(
        self, texts: Sequence[str], subjects: Sequence[str], batch_size: int
    ) -> list[PassageTokens]:
        """All that the second look takes of passages, in their order."""
        if not self._reranks:
            vectors = self.vectors(texts, subjects, batch_size)
            none = np.zeros((0, 0), np.float32)
            return [PassageTokens(none, vector, vectors[:0]) for vector in vectors]
        network = self._network
        rows, spans = self.ids(texts), self.lines(texts)
        limit = network.architecture.cross_encoder.passage_tokens
        vectors = np.zeros((len(texts), network.architecture.joint), np.float32)
        longer = [place for place, ids in enumerate(rows) if len(ids) > limit]
        read = [np.zeros((0, 0), np.float32)] * len(texts)
        lines = [vectors[:0]] * len(texts)
        for places, ids in by_length([cut(row, limit) for row in rows], batch_size):
            features = network.text(*self.padded(ids))
            mapped, mask = network.mapped_text(features)
            if network.interaction is not None:
                words = network.interaction.read(features.tokens, mask)
                mapped = torch.cat([mapped, words], dim=-1)
            vectors[places] = numpy_of(network.passage_vector(features.pooled))
            lengths = mask.sum(1).tolist()
            for at, place in enumerate(places):
                read[place] = numpy_of(mapped[at, : lengths[at]])
                if spans and len(rows[place]) <= limit:
                    lines[place] = self._parts(features, at, spans[place])
        # The vector is of all of a passage, not of its beginning; so are the lines.
        vectors[longer], of_longer = self.whole(
            [rows[place] for place in longer],
            [spans[place] for place in longer] if spans else (),
            batch_size,
        )
        for place, own in zip(longer, of_longer, strict=True):
            lines[place] = own
        whole = self.searched(vectors, lines, subjects)
        return [PassageTokens(*one) for one in zip(read, *whole, strict=True)]

    def closely(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of what the cross-encoder reads of each text."""
        limit = self._network.architecture.cross_encoder.passage_tokens
        return [cut(row, limit) for row in self.ids(texts)]

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, cut at the tower's context; a tokeniser is not asked for none."""
        return self._reader.ids(texts) if texts else []

    def padded(self, ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Ids and mask [B, T] as the text tower takes them, where the network is."""
        table, mask = padded(ids)
        return table.to(self._device), mask.to(self._device)


def by_length(rows: Sequence[Row], batch_size: int) -> Iterator[tuple[list[int], list[Row]]]:
    """Batches of rows of like length: their places, and the rows."""
    for places in places_by_length([len(row) for row in rows], batch_size):
        yield places, [rows[at] for at in places]


def places_by_length(lengths: Sequence[int], batch_size: int) -> Iterator[list[int]]:
    """The same of rows that are read elsewhere: their places alone."""
    order = sorted(range(len(lengths)), key=lambda at: lengths[at])
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def numpy_of(values: Tensor) -> Floats:
    """On the CPU, in single precision."""
    return np.asarray(values.cpu().numpy(), np.float32)
