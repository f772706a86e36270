"""A synthetic set with a known structure: nine coloured shapes, and verses that name four of them.

Each picture is a still life of nine things in rows of three. A thing is a colour and a form
together, 48 in all, and a verse calls it by a name that says neither: a flame is a red triangle, a
sail a white one. So a name has to be learned as a binding of colour to form (almost every picture
has red somewhere and a triangle somewhere), and a verse fits where the picture has every one of
the things it names, wherever they stand.

That is what one vector a picture cannot keep: the verse may ask for any four of nine things out of
48, and the vector was worked out before the question was known. A cross-encoder has the nine
patches before it when it reads the names.
"""

from __future__ import annotations

import json
import random
from functools import reduce
from operator import and_, or_
from pathlib import Path

from PIL import Image, ImageDraw

from engine.data.pairs import PAIRS, PoemPair, write_pairs, write_split, write_whole
from engine.data.splitting import TEST_SHARE, draw_split

Thing = tuple[str, str]  # colour and form

CELL = 16  # pixels; as large as a patch of the tiny image tower
ROW = 3
SIDE = CELL * ROW
NAMED = 4  # of the nine
ENOUGH, HELD_OUT = 1200, 0.06  # above so many pairs a smaller share is measured on: reading all
# candidates closely is quadratic

FORMS = ("circle", "square", "triangle", "bar", "cross", "ring")
COLOURS = {
    "red": (214, 40, 40),
    "blue": (36, 84, 200),
    "green": (44, 150, 62),
    "yellow": (244, 208, 52),
    "black": (24, 22, 26),
    "white": (246, 244, 240),
    "orange": (240, 130, 30),
    "violet": (130, 60, 170),
}
NAMES = {  # by form, in the order of FORMS; each is one piece of CLIP's vocabulary
    "red": ("cherry", "brick", "flame", "robin", "poppy", "ruby"),
    "blue": ("berry", "pool", "wave", "river", "sky", "lake"),
    "green": ("apple", "garden", "pine", "leaf", "fern", "ivy"),
    "yellow": ("sun", "hay", "lemon", "corn", "star", "gold"),
    "black": ("coal", "tomb", "raven", "night", "crow", "cave"),
    "white": ("moon", "snow", "sail", "bone", "swan", "pearl"),
    "orange": ("peach", "amber", "fox", "ember", "tulip", "lamp"),
    "violet": ("plum", "silk", "dusk", "iris", "thistle", "grape"),
}
GROUND = (128, 128, 130)
THINGS: tuple[Thing, ...] = tuple((colour, form) for colour in COLOURS for form in FORMS)
VERSES = (
    "O {0} and {1},\nsee the {2}\nbeside a {3}.",
    "A {0}, a {1};\nthen {2}\nand {3}.",
    "Where {0} is,\n{1} and {2}\ndream of {3}.",
)


def write_shapes(folder: Path, count: int, seed: int) -> None:
    """Write `count` pairs into the folder: pictures, `pairs.jsonl` and the split by this seed.

    No verse is true of the picture of another pair, so every other verse is wrong.
    """
    draw = random.Random(seed)  # noqa: S311 - a draw, not a secret
    scenes = _scenes(count, draw)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    pairs, captions = [], []
    for number, (things, named) in enumerate(scenes):
        path = folder / "images" / f"{number:04d}.png"
        picture(things, draw).save(path)
        pairs.append(PoemPair(str(number), path, verse(named, draw)))
        captions.append(caption(named))
    write_pairs(folder, pairs)
    _add_captions(folder / PAIRS, captions)
    write_split(folder, draw_split(pairs, seed, HELD_OUT if count > ENOUGH else TEST_SHARE))


def _scenes(count: int, draw: random.Random) -> list[tuple[list[Thing], list[Thing]]]:
    """What each picture has and what its verse names, none of it true of another picture."""
    scenes: list[tuple[list[Thing], list[Thing]]] = []
    # For each thing the scenes that show it and the scenes that name it, as bits: thousands of
    # scenes are then looked at in a few dozen steps.
    shown, called = ([0] * len(THINGS) for _ in range(2))
    while len(scenes) < count:
        there = draw.sample(range(len(THINGS)), ROW * ROW)
        named = draw.sample(there, NAMED)
        fits = reduce(and_, (shown[thing] for thing in named))  # pictures this verse is true of
        missed = reduce(or_, (called[thing] for thing in set(range(len(THINGS))) - set(there)), 0)
        if fits or missed != (1 << len(scenes)) - 1:  # every other verse must miss something
            continue
        bit = 1 << len(scenes)
        for things, kept in ((there, shown), (named, called)):
            for thing in things:
                kept[thing] |= bit
        scenes.append(([THINGS[one] for one in there], [THINGS[one] for one in named]))
    return scenes


def _add_captions(path: Path, captions: list[str]) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    told = [row | {"caption": said} for row, said in zip(rows, captions, strict=True)]
    write_whole(path, "".join(json.dumps(row) + "\n" for row in told))


def caption(named: list[Thing]) -> str:
    """What a plain person would say of those things."""
    return ", ".join(f"{colour} {form}" for colour, form in named)


def verse(named: list[Thing], draw: random.Random) -> str:
    """Three lines that name them, in an order and a form of the verse's own."""
    names = [NAMES[colour][FORMS.index(form)] for colour, form in named]
    draw.shuffle(names)
    return draw.choice(VERSES).format(*names)


def picture(things: list[Thing], draw: random.Random) -> Image.Image:
    """Nine things in rows of three, not always of one size."""
    image = Image.new("RGB", (SIDE, SIDE), GROUND)
    pen = ImageDraw.Draw(image)
    for place, thing in enumerate(things):
        x = CELL * (place % ROW) + CELL // 2
        y = CELL * (place // ROW) + CELL // 2
        _thing(pen, thing, x, y, draw.randint(5, 6))
    return image


def _thing(pen: ImageDraw.ImageDraw, thing: Thing, x: int, y: int, reach: int) -> None:
    """One of them around (x, y), `reach` pixels to each side."""
    colour, form = thing
    fill = COLOURS[colour]
    box = (x - reach, y - reach, x + reach, y + reach)
    if form == "circle":
        pen.ellipse(box, fill=fill)
    elif form == "square":
        pen.rectangle(box, fill=fill)
    elif form == "triangle":
        pen.polygon([(x, y - reach), (x - reach, y + reach), (x + reach, y + reach)], fill=fill)
    elif form == "bar":
        pen.rectangle((x - 2, y - reach, x + 2, y + reach), fill=fill)
    elif form == "cross":
        pen.line((x - reach, y - reach, x + reach, y + reach), fill=fill, width=3)
        pen.line((x - reach, y + reach, x + reach, y - reach), fill=fill, width=3)
    else:
        pen.ellipse(box, outline=fill, width=3)
