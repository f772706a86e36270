"""A training as a file that people read: TOML in, one frozen `Recipe` out.

The defaults are the published values (Section 4.3), or say where the paper is silent. A recipe
that comes with the program is named (`paper`), any other is given by its file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from engine.errors import InputError

T = TypeVar("T")

FOLDER = Path(__file__).with_name("recipes")
READS = ("tokens", "pooled")
PRECISIONS = ("full", "bf16", "fp16")
ASKS = ("picture", "caption")
COMMON = (  # of the machine, the beginning and the pairs: the same for all that a table compares
    "seed",
    "batch",
    "micro-batch",
    "precision",
    "checkpointing",
    "save-every",
    "keep-features",
    "weights.clip",
    "weights.pretrained",
    "weights.mpnet",
    "data.hold-out",
    "data.validation",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsRecipe:
    """Where the first weights come from: a name on the model hub, or a local folder."""

    clip: str = "ViT-B-32"  # an open_clip model, or "local-dir:FOLDER"
    pretrained: str = "openai"  # open_clip's tag; not read for a local folder
    mpnet: str = "sentence-transformers/multi-qa-mpnet-base-dot-v1"  # or a folder


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRecipe:
    """What the cross-encoder reads, and how (Section 3.2)."""

    cross_encoder: bool = True  # without one this is CLIP alone, the paper's baseline
    picture_reads: str = "tokens"  # the image tower's patches, or its "pooled" embedding alone
    text_reads: str = "tokens"  # the text tower's tokens, or its "pooled" embedding alone
    mapping: int = 382  # hidden width of both MLPs; what comes out is as wide as MPNet
    pad_inside: bool = True  # [PAD] before the last [SEP], as printed; else at the end
    similarity: bool = False  # whether the cosine of the towers joins the score
    dropout: float = 0.1  # in the cross-encoder while training; the paper does not say
    words_weight: float = 0.5  # of words that join a picture; not fitted, the paper has no words


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRecipe:
    """Which pairs train, and what is wrong on purpose (Sections 4.1 and 4.3)."""

    asks: str = "picture"  # "caption": its text embedding stands in for the picture's
    hold_out: float = 0.2  # share that no training sees; where the file itself says, it decides
    validation: float = 0.1  # share of the rest by which checkpoints are chosen
    share: float = 1.0  # of the training pairs that are used; 0.2 is "few-shot"
    negatives: int = 3  # poems of other pictures for each pair, labelled 0
    redraw: bool = False  # other ones in each epoch; the paper draws them once
    rivals: int = 3  # wrong poems beside the right one in validation accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRecipe:
    """The parts of the loss; the paper names the first two and weighs neither."""

    ranking: float = 1.0  # multiple negatives ranking, on the mean of each side's mapped tokens
    scores: float = 1.0  # binary cross-entropy of the cross-encoder's score, labels 1 and 0
    towers: float = 1.0  # multiple negatives ranking on CLIP's own vectors, in fine-tuning
    scale: float = 20.0  # of the cosines


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRecipe:
    """One stage of Algorithm 1."""

    epochs: int  # at most
    rate: float = 1e-6  # AdamW's learning rate (printed as "1 x 10 6")
    rise: int = 0  # steps until the rate is at its height
    weight_decay: float = 0.01  # AdamW's own default; the paper does not say
    clip: float = 0.0  # largest norm of the gradient; 0: any
    patience: int = 10  # epochs without a better validation until the stage ends; 0: never


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInRecipe:
    """How a caption's embedding stands in for a picture's; read where `asks` is "caption"."""

    correct_gap: bool = True  # move captions by the mean difference of pictures and captions
    noise: float = 0.5  # length of the noise on a vector of length 1, drawn anew at each look


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A whole training."""

    name: str  # of the bundle
    beside: tuple[str, ...] = ()  # recipes that are trained afterwards: baselines for the tables
    seed: int = 1  # of everything: split, negatives, order, first weights, dropout, noise
    batch: int = 64  # pairs in a step
    micro_batch: int = 16  # pairs in memory at once; changes memory and time, not the loss
    precision: str = "full"  # or "bf16", "fp16": mixed precision
    checkpointing: bool = False  # work activations out again instead of keeping them
    save_every: int = 200  # steps between saved states; one is saved after each epoch as well
    keep_features: bool = True  # the frozen towers read each picture and poem once, in warm-up
    licence: str = "Not stated: the licences of the data that this was trained on decide."
    weights: WeightsRecipe = field(default_factory=WeightsRecipe)
    network: NetworkRecipe = field(default_factory=NetworkRecipe)
    data: DataRecipe = field(default_factory=DataRecipe)
    loss: LossRecipe = field(default_factory=LossRecipe)
    stand_in: StandInRecipe = field(default_factory=StandInRecipe)
    warm_up: StageRecipe = field(default_factory=lambda: StageRecipe(epochs=100))
    fine_tune: StageRecipe = field(default_factory=lambda: StageRecipe(epochs=200))

    def to_json(self) -> dict[str, Any]:
        """Everything, defaults included."""
        return asdict(self)


def known_recipes() -> list[str]:
    """The names of the recipes that come with the program."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_recipe(name: str, changes: Mapping[str, Any] | None = None) -> Recipe:
    """The recipe of this name, or in this file; `changes` ("warm-up.epochs": 3) go on top.

    Raises `InputError` that names the field that is wrong.
    """
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        path = Path(name)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"There is no recipe {name!r}; give one of {', '.join(known_recipes())}, or a file."
        ) from None
    except (OSError, ValueError) as problem:
        raise InputError(f"The recipe {path} cannot be read ({problem}).") from None
    for where, value in (changes or {}).items():
        *parents, last = where.split(".")
        inner = table
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise InputError(f"The recipe {path} has no table {parent!r}.")
        inner[last] = value
    table.setdefault("name", path.stem)
    return read_recipe(table, str(path))


def read_recipe(table: Mapping[str, Any], where: str) -> Recipe:
    """A recipe from its table, strictly: an unknown field is an error, not a surprise."""
    recipe = _read(Recipe, table, where)
    for name, value, known in (
        ("precision", recipe.precision, PRECISIONS),
        ("network.picture-reads", recipe.network.picture_reads, READS),
        ("network.text-reads", recipe.network.text_reads, READS),
        ("data.asks", recipe.data.asks, ASKS),
    ):
        if value not in known:
            raise InputError(f"{where}: {name} is {value!r}, not one of {', '.join(known)}.")
    for name, least in (
        ("batch", recipe.batch),
        ("micro-batch", recipe.micro_batch),
        ("save-every", recipe.save_every),
        ("data.negatives", recipe.data.negatives),
        ("data.rivals", recipe.data.rivals),
        ("network.mapping", recipe.network.mapping),
    ):
        if least < 1:
            raise InputError(f"{where}: {name} must be at least 1.")
    for name, share in (
        ("data.hold-out", recipe.data.hold_out),
        ("data.validation", recipe.data.validation),
        ("network.words-weight", recipe.network.words_weight),
    ):
        if not 0 <= share < 1:
            raise InputError(f"{where}: {name} must be a share from 0 to below 1.")
    if not 0 < recipe.data.share <= 1:
        raise InputError(f"{where}: data.share must be above 0 and at most 1.")
    if recipe.data.asks == "caption" and recipe.network.picture_reads != "pooled":
        raise InputError(
            f'{where}: a caption has no patches; with data.asks = "caption" set '
            'network.picture-reads = "pooled".'
        )
    if not recipe.network.cross_encoder and (recipe.warm_up.epochs or not recipe.loss.towers):
        raise InputError(
            f"{where}: without a cross-encoder only the towers learn; set warm-up.epochs = 0 and "
            "loss.towers above 0."
        )
    return recipe


def _read(kind: type[T], table: object, where: str) -> T:
    if not isinstance(table, Mapping):
        raise InputError(f"{where} is not a table of fields.")
    known = {one.name.replace("_", "-"): one.name for one in fields(kind)}  # type: ignore[arg-type]
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise InputError(f"{where} has {key!r}, which no recipe knows; see docs/training.md.")
        name = known[key]
        hint = hints[name]
        if is_dataclass(hint):
            values[name] = _read(hint, value, f"{where}: {key}")  # type: ignore[arg-type]
            continue
        values[name] = _plain(hint, value, f"{where}: {key}")
    try:
        return kind(**values)
    except TypeError:
        raise InputError(f"{where}: epochs is missing.") from None


def _plain(hint: Any, value: object, where: str) -> object:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is float and number:
        value = float(cast(float, value))
    # A bool is an int to Python, but not to a person who writes a recipe.
    if hint == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise InputError(f"{where} is not a list of names.")
        return tuple(value)
    if not isinstance(value, hint) or (hint is int and not number):
        raise InputError(f"{where} is not of type {hint.__name__}.")
    if number and cast(float, value) < 0:
        raise InputError(f"{where} is below 0.")
    return value
