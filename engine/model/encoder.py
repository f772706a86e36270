"""The network behind plain values: pictures and texts in, numpy out.

Everything else in the project talks to the model through `Encoder`; no tensor leaves this room.
An encoder holds no state that changes, so it may be asked again and again; ask it from one thread
at a time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from engine.model.architecture import read_architecture
from engine.model.attention import without_random_weights
from engine.model.ceclip import CEClip
from engine.model.image_towers import EfficientNetTower
from engine.model.packed import pack
from engine.model.passages import PassageReader, by_length, numpy_of
from engine.model.pictures import PictureFormat, pixels
from engine.model.queries import EncodedQuery
from engine.model.querybank import QueryKind
from engine.model.text_towers import BertReader, TextReader
from engine.model.weighing import Weighing, read_weighing
from engine.types import PassageTokens

Floats = npt.NDArray[np.float32]

HEADS = "heads.safetensors"
MARKS = 2  # tokens that a reader sets at the beginning and the end of a text
PADDED_AT_ONCE = 64  # pairs in one batch of the reference


class Encoder:
    """A loaded bundle: the bi-encoder's vectors and the cross-encoder's scores."""

    def __init__(self, network: CEClip, reader: TextReader, weighing: Weighing) -> None:
        self._network = network.eval()
        self._device = next(network.parameters()).device
        self._reader = reader
        self._weighing = weighing
        self._passages = PassageReader(network, reader, weighing)
        self._packed = pack(network) if self._device.type == "cpu" else None
        self._format = PictureFormat.of(network.architecture.image)
        late = network.architecture.interaction
        self._closer = replace(self._format, size=late.closer) if late and late.closer else None

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return self._network.dimensions

    @property
    def reranks(self) -> bool:
        """Whether there is a cross-encoder; without one, scores are similarities."""
        return self._network.architecture.cross is not None

    @torch.inference_mode()
    def picture(self, image: Image.Image) -> EncodedQuery:
        """Read a picture (upright, any mode that PIL converts to RGB)."""
        network = self._network
        whole = pixels([image], self._format).to(self._device)
        closer = None if self._closer is None else pixels([image], self._closer).to(self._device)
        tokens, vector, seen = network.looked_at(whole, closer)
        mapped = network.image_mapping(tokens) if self.reranks else tokens
        return EncodedQuery(
            numpy_of(network.as_queries(vector, QueryKind.PICTURE)[0]),
            _tokens=mapped[0],
            _seen=None if seen is None else seen[0],
            _looks=1.0,
        )

    @torch.inference_mode()
    def words(self, text: str) -> EncodedQuery:
        """Read words that stand in for a picture or join it: a title, a description."""
        ids = self._reader.ids([text])
        features = self._network.text(*self._passages.padded(ids))
        vector = self._network.as_queries(self._network.asked(features), QueryKind.WORDS)[0]
        length = max(1, len(ids[0]) - MARKS) if text.strip() else 0
        if not self.reranks:  # nobody will read the tokens
            kept = vector.new_empty(0, 0)
        else:
            mapped, _ = self._network.mapped_text(features)
            kept = mapped[0, : self._network.architecture.cross_encoder.query_words]
        return EncodedQuery(numpy_of(vector), length=length, _tokens=kept)

    @torch.inference_mode()
    def combine(self, picture: EncodedQuery, words: EncodedQuery) -> EncodedQuery:
        """One query of both. Words without a word in them leave the picture as it is.

        The vector is (1 - w) picture + w words, brought to unit length in the joint space. w grows
        with the words' length n as `words_weight` n / (n + `words_half`), two numbers of the
        calibration: those that told right from wrong best on training data that has both.
        """
        if not words.length:
            return picture
        told = self._weighing.words.share(words.length)
        return picture.with_words(words, told, self._network.architecture.joint)

    @torch.inference_mode()
    def passages(
        self,
        texts: Sequence[str],
        *,
        subjects: Sequence[str] = (),
        batch_size: int = 32,
        progress: Callable[[int], None] | None = None,
    ) -> Floats:
        """Vectors [n, dimensions] of passages, in their order.

        `subjects`, where they are given one for each text, are what people noted that it is about;
        where they are not empty they have a share in the vector, the calibration's
        `subjects_weight`. `progress` hears after each batch how many of the texts are done. Texts
        of like length are read together, so the work does not grow with the longest. What exceeds
        the text tower's context is not read.
        """
        return self._passages.vectors(texts, subjects, batch_size, progress)

    @torch.inference_mode()
    def score(
        self,
        query: EncodedQuery,
        texts: Sequence[str],
        *,
        subjects: Sequence[str] = (),
        batch_size: int = 32,
    ) -> Floats:
        """The cross-encoder's scores [n], 0..1, of passages for a query, in their order.

        Of each passage the first `passage_tokens` of the architecture are read, its vector, which
        is of all of it, and that of its nearest line, which has a share in the similarity that the
        cross-encoder goes by, the calibration's `lines_weight`; to that is added what the late
        interaction finds, where there is one. Without a cross-encoder scores are the similarities,
        0 where they are negative.

        This is the reference: the network as it was trained, padded to the longest of a batch, and
        nothing worked out ahead. Visitors are answered by `tokens` and `score_tokens`.
        """
        network, reader = self._network, self._passages
        read = reader.whole(reader.ids(texts), reader.lines(texts), batch_size)
        vectors, lines = reader.searched(*read, subjects)
        similarities = vectors @ query.vector
        if not self.reranks:
            return _clipped(similarities)
        scores = np.zeros(len(texts), np.float32)
        of_lines = [own @ query.vector for own in lines]
        near = torch.from_numpy(self._weighing.near(similarities, of_lines)).to(self._device)
        late = network.interaction
        for places, ids in by_length(reader.closely(texts), batch_size):
            asked = query._tokens.expand(len(places), -1, -1)
            features = network.text(*reader.padded(ids))
            mapped, mask = network.mapped_text(features)
            told = near[places]
            if late is not None and query._seen is not None:
                words = late.read(features.tokens, mask)
                told = told + query._looks * late.found(query._seen, words)
            logits = network.cross_encoder(
                asked,
                mask.new_ones(asked.shape[:2]),
                mapped,
                mask,
                told,
            )
            scores[places] = numpy_of(torch.sigmoid(logits))
        return scores

    @torch.inference_mode()
    def tokens(
        self, texts: Sequence[str], *, subjects: Sequence[str] = (), batch_size: int = 32
    ) -> list[PassageTokens]:
        """Read passages once; `score_tokens` then gives what `score` would, and reads no more."""
        return self._passages.tokens(texts, subjects, batch_size)

    def reach(self, text: str) -> int:
        """How many characters of a passage, whole words from its beginning, are read closely.

        Without a cross-encoder that is all of it.
        """
        if not self.reranks:
            return len(text)
        limit = self._network.architecture.cross_encoder.passage_tokens
        ends = [match.end() for match in re.finditer(r"\S+", text)]
        if not ends or len(self._reader.ids([text])[0]) <= limit:
            return len(text)
        fit = bisect_right(ends, limit, key=lambda end: len(self._reader.ids([text[:end]])[0]))
        return ends[fit - 1] if fit else len(text)

    @torch.inference_mode()
    def score_tokens(self, query: EncodedQuery, passages: Sequence[PassageTokens]) -> Floats:
        """The scores [n], 0..1, of passages that were read, in their order."""
        if not passages:
            return np.zeros(0, np.float32)
        vectors = np.stack([one.vector for one in passages]).astype(np.float32)
        similarities = vectors @ query.vector
        if not self.reranks:
            return _clipped(similarities)
        width = self._network.architecture.cross_encoder.width
        read = [torch.from_numpy(np.array(one.tokens, np.float32)) for one in passages]
        tokens = [one[:, :width] for one in read]
        of_lines = [one.lines.astype(np.float32) @ query.vector for one in passages]
        near = torch.from_numpy(self._weighing.near(similarities, of_lines)).to(self._device)
        late = self._network.interaction
        if late is not None and query._seen is not None:
            words = pad_sequence([one[:, width:] for one in read], batch_first=True)
            near += query._looks * late.found(query._seen, words.to(self._device))
        if self._packed is not None:
            return numpy_of(torch.sigmoid(self._packed.logits(query._tokens, tokens, near)))
        return self._score_padded(query, tokens, near)

    def _score_padded(self, query: EncodedQuery, tokens: Sequence[Tensor], near: Tensor) -> Floats:
        """`score_tokens` by the reference, for a GPU: padded, in batches of like lengths."""
        scores = np.zeros(len(tokens), np.float32)
        for places, chosen in by_length(tokens, PADDED_AT_ONCE):
            table = pad_sequence(list(chosen), batch_first=True).to(self._device)
            lengths = torch.tensor([len(one) for one in chosen])
            mask = (torch.arange(table.shape[1]) < lengths[:, None]).long().to(self._device)
            asked = query._tokens.expand(len(places), -1, -1)
            logits = self._network.cross_encoder(
                asked,
                mask.new_ones(asked.shape[:2]),
                table,
                mask,
                near[places],
            )
            scores[places] = numpy_of(torch.sigmoid(logits))
        return scores


def load_encoder(
    folder: Path,
    manifest: Mapping[str, Any],
    *,
    heads: Path | None = None,
    device: str = "cpu",
) -> Encoder:
    """The encoder of a bundle whose files were verified. BundleError where they do not fit.

    `heads` may lie elsewhere while a bundle is being made.
    """
    architecture = read_architecture(manifest)
    with without_random_weights():
        network = CEClip(architecture)
    network.load_towers(folder)
    if architecture.has_heads:
        network.load_heads(folder / HEADS if heads is None else heads)
    network.eval().requires_grad_(False)
    if isinstance(network.image_tower, EfficientNetTower):
        network.image_tower.fuse()
    if network.interaction is not None:
        network.interaction.layers.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Encoder(network.to(device), text_reader(network, folder), read_weighing(manifest))


def text_reader(network: CEClip, folder: Path) -> TextReader:
    """The tokeniser that belongs to the network's text tower."""
    text = network.architecture.text
    if text.kind == "bert":
        return BertReader(folder / text.tokenizer, text.context)
    from engine.model.open_clip_towers import OpenClipFileReader, OpenClipReader

    if text.tokenizer:
        shape = (text.clip or {}).get("text_cfg", {})
        return OpenClipFileReader(folder / text.tokenizer, shape, text.context)
    return OpenClipReader(text.context)


def _clipped(similarities: Floats) -> Floats:
    clipped: Floats = np.clip(similarities, 0.0, 1.0).astype(np.float32)
    return clipped
