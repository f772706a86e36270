"""What a bundle's network is made of, as the manifest's `architecture` says it."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from typing import Any, TypeVar

from engine.errors import BundleError

T = TypeVar("T")

READS = ("tokens", "pooled")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageTowerConfig:
    """The image tower and the square that it reads."""

    kind: str  # "efficientnet" or "open_clip"
    file: str  # the safetensors file of its weights, by name in the bundle
    size: int  # pixels of the square's side
    fit: str  # "stretch", "pad" or "crop"
    mean: tuple[float, ...]  # per colour, of values 0..1
    std: tuple[float, ...]
    variant: str = ""  # efficientnet: the package's name for it
    grid: int = 3  # efficientnet: regions a side
    clip: dict[str, Any] | None = None  # open_clip: embed_dim, vision_cfg, text_cfg, quick_gelu
    ours: tuple[str, ...] = ()  # layers that we trained: stored with the heads, not in `file`


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterConfig:
    """The small trained transformer between an ImageNet tower and the joint space."""

    width: int
    layers: int
    heads: int
    feedforward: int
    dropout: float = 0.0  # while training


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTowerConfig:
    """The text tower and its tokeniser."""

    kind: str  # "bert" or "open_clip"
    file: str
    context: int  # tokens read; the rest of a longer text is cut off
    tokenizer: str = ""  # its file in the bundle; open_clip: only where it brings none itself
    bert: dict[str, Any] | None = None  # bert: transformers' configuration
    clip: dict[str, Any] | None = None  # open_clip: as for the image tower
    ours: tuple[str, ...] = ()  # as for the image tower


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossEncoderConfig:
    """The MPNet that reads query and passage together (Section 3.2)."""

    width: int  # hidden size, 768 in the paper
    layers: int  # 12 in the paper
    heads: int  # 12 in the paper
    feedforward: int
    mapping: int  # hidden width of the two MLP mappings onto `width`
    passage_tokens: int  # of a passage, the cross-encoder sees so many from its start
    query_words: int  # of words in the query, likewise
    dropout: float = 0.1  # while training
    similarity: bool = True  # the bi-encoder's cosine has a part in the score
    picture_reads: str = "tokens"  # of a picture: its regions, or its vector alone ("pooled")
    text_reads: str = "tokens"  # of a text: its tokens, or its vector alone ("pooled")
    pad_inside: bool = False  # `passage [PAD] [SEP]`, as printed in the paper; else [PAD] is last
    norm_eps: float = 1e-12  # in MPNet's layer norms; 1e-5 where its own weights are used


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionConfig:
    """The late interaction of a picture's regions and a passage's words."""

    width: int  # of their vectors
    hidden: int  # of the MLP that the words go through
    grid: int  # regions a side
    first_block: int  # of the image tower: from this one on the layers are the interaction's own
    typical: int  # passages that tell how near a picture is to any
    typical_tokens: int  # of each of them
    closer: int | None = None  # side in pixels of the picture as it is seen once more


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerybankConfig:
    """The typical queries that a passage's hubness is measured by."""

    queries: int  # pictures, and as many words
    temperature: float = 0.05  # of the soft maximum: the smaller, the more the nearest few count


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """A whole CE-CLIP."""

    joint: int  # dimensions of the space that pictures and passages share
    image: ImageTowerConfig
    text: TextTowerConfig
    cross: CrossEncoderConfig | None = None  # none: towers alone, ranking by similarity
    adapter: AdapterConfig | None = None  # none: the image tower speaks the joint space itself
    project_text: bool = True  # a trained linear map from the text tower into the joint space
    word_shares: int | None = None  # hidden width of the MLP that tells them; none: all alike
    querybank: QuerybankConfig | None = None  # none: cosines are taken as they are
    interaction: InteractionConfig | None = None  # none: the second look has no eyes of its own

    @property
    def has_heads(self) -> bool:
        """Whether anything besides the towers' own files has weights."""
        ours = bool(self.image.ours or self.text.ours)
        heads = (self.cross, self.adapter, self.word_shares, self.querybank, self.interaction)
        return ours or self.project_text or any(head is not None for head in heads)

    @property
    def cross_encoder(self) -> CrossEncoderConfig:
        """The cross-encoder's shape, for whoever cannot do without one."""
        if self.cross is None:
            raise BundleError(
                "This bundle has no cross-encoder, only towers; train one first, or use a bundle "
                "that has one."
            )
        return self.cross

    def to_json(self) -> dict[str, Any]:
        """The form that `read_architecture` reads."""
        return asdict(self)


def read_architecture(manifest: Mapping[str, Any]) -> Architecture:
    """The manifest's architecture; BundleError says which field is wrong and how."""
    if "architecture" not in manifest:
        raise BundleError("The bundle's manifest has no architecture; please install it again.")
    architecture = _read(Architecture, manifest["architecture"], "architecture")
    for where, kind, known in (
        ("image.kind", architecture.image.kind, ("efficientnet", "open_clip")),
        ("image.fit", architecture.image.fit, ("stretch", "pad", "crop")),
        ("text.kind", architecture.text.kind, ("bert", "open_clip")),
    ):
        if kind not in known:
            raise _wrong(f"architecture.{where}", f"is {kind!r}, not one of {', '.join(known)}")
    cross = architecture.cross
    if cross is not None and cross.width % cross.heads:
        raise _wrong("architecture.cross.width", "cannot be divided among its heads")
    for where, reads in (
        ("picture_reads", cross.picture_reads if cross else READS[0]),
        ("text_reads", cross.text_reads if cross else READS[0]),
    ):
        if reads not in READS:
            raise _wrong(f"architecture.cross.{where}", f"is {reads!r}, not tokens or pooled")
    if architecture.word_shares is not None and architecture.text.kind != "bert":
        raise _wrong("architecture.word_shares", "is only for a mean of the text tower's tokens")
    bank = architecture.querybank
    if bank is not None and not bank.temperature > 0:
        raise _wrong("architecture.querybank.temperature", "is not above 0")
    if architecture.interaction is not None:
        if architecture.image.kind != "efficientnet":
            raise _wrong("architecture.interaction", "is only for an image tower of blocks")
        if cross is None or cross.text_reads != "tokens":
            raise _wrong("architecture.interaction", "has no cross-encoder that reads tokens")
    if len(architecture.image.mean) != 3 or len(architecture.image.std) != 3:
        raise _wrong("architecture.image", "needs a mean and a std for each of three colours")
    return architecture


def _read(kind: type[T], data: object, where: str) -> T:
    if not isinstance(data, Mapping):
        raise _wrong(where, "is not a table of fields")
    hints = typing.get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    strange = sorted(set(map(str, data)) - set(known))
    if strange:
        raise _wrong(f"{where}.{strange[0]}", "is not known to this version of the program")
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in data:
            values[name] = _value(hints[name], data[name], f"{where}.{name}")
        elif field.default is MISSING:
            raise _wrong(f"{where}.{name}", "is missing")
    return kind(**values)


def _value(hint: Any, value: object, where: str) -> Any:
    if typing.get_origin(hint) is types.UnionType:
        if value is None:
            return None
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if is_dataclass(hint):
        return _read(typing.cast(type, hint), value, where)
    plain = typing.get_origin(hint) or hint
    if plain is tuple and str in typing.get_args(hint):
        if not isinstance(value, (list, tuple)) or not all(isinstance(x, str) for x in value):
            raise _wrong(where, "is not a list of names")
        return tuple(value)
    if plain is tuple:
        if not isinstance(value, (list, tuple)) or not all(_number(part) for part in value):
            raise _wrong(where, "is not a list of numbers")
        return tuple(float(part) for part in value)
    if plain is float and _number(value):
        return float(typing.cast(float, value))
    # A bool is an int to Python, but not to a person who reads a manifest.
    if not isinstance(value, plain) or (plain is int and isinstance(value, bool)):
        raise _wrong(where, f"is not of type {plain.__name__}")
    if plain is int and typing.cast(int, value) < 1:
        raise _wrong(where, "is less than 1")
    return value


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrong(where: str, what: str) -> BundleError:
    return BundleError(f"The bundle's manifest is wrong: {where} {what}; please install it again.")
