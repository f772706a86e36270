"""A synthetic set with a known structure: coloured shapes, and verses about them.

Each picture shows two shapes, left and right, on a ground; its verse names their colours and
forms in words of several kinds, in the order in which they stand. What is left of what can be
told only by reading both together, which is what a cross-encoder is for.
"""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

from PIL import Image, ImageDraw

from engine.data.pairs import PAIRS, PoemPair, write_pairs, write_split, write_whole
from engine.data.splitting import draw_split

SIDE = 64  # pixels
COLOURS = {
    "red": ((214, 40, 40), ("red", "crimson")),
    "blue": ((36, 84, 200), ("blue", "azure")),
    "green": ((44, 150, 62), ("green", "emerald")),
    "yellow": ((244, 208, 52), ("yellow", "golden")),
    "black": ((24, 22, 26), ("black", "ebony")),
    "white": ((246, 244, 240), ("white", "ivory")),
}
FORMS = {
    "circle": ("circle", "moon"),
    "square": ("square", "box"),
    "triangle": ("triangle", "peak"),
}
GROUNDS = {
    "grey": ((128, 128, 130), ("mist", "fog")),
    "rose": ((226, 160, 170), ("roses", "dawn")),
    "violet": ((120, 70, 150), ("violets", "dusk")),
    "sand": ((205, 180, 130), ("sand", "straw")),
}
OPENINGS = ("See the", "O", "Behold the")
MIDDLES = ("and the", "beside the")
ENDINGS = ("in", "among", "under")


def write_shapes(folder: Path, count: int, seed: int) -> None:
    """Write `count` pairs into the folder: pictures, `pairs.jsonl` and the split by this seed.

    No two pairs show the same, so every other verse of the set is wrong. Raises ValueError where
    `count` is more than there are.
    """
    draw = random.Random(seed)  # noqa: S311 - a draw, not a secret
    kinds = list(itertools.product(COLOURS, FORMS))
    scenes = [
        (left, right, ground)
        for left, right in itertools.permutations(kinds, 2)
        for ground in GROUNDS
    ]
    if count > len(scenes):
        raise ValueError(f"there are {len(scenes)} different scenes and no {count}")
    chosen = draw.sample(scenes, count)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    pairs, captions = [], []
    for number, (left, right, ground) in enumerate(chosen):
        path = folder / "images" / f"{number:04d}.png"
        picture(left, right, ground, draw).save(path)
        pairs.append(PoemPair(str(number), path, verse(left, right, ground, draw)))
        captions.append(caption(left, right, ground))
    write_pairs(folder, pairs)
    _add_captions(folder / PAIRS, captions)
    write_split(folder, draw_split(pairs, seed))


def _add_captions(path: Path, captions: list[str]) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    told = [row | {"caption": said} for row, said in zip(rows, captions, strict=True)]
    write_whole(path, "".join(json.dumps(row) + "\n" for row in told))


def caption(left: tuple[str, str], right: tuple[str, str], ground: str) -> str:
    """What a plain person would say of the picture."""
    return f"a {left[0]} {left[1]} and a {right[0]} {right[1]} on {ground}"


def verse(left: tuple[str, str], right: tuple[str, str], ground: str, draw: random.Random) -> str:
    """Three lines that say the same in other words each time."""
    one, other = (
        f"{draw.choice(COLOURS[colour][1])} {draw.choice(FORMS[form])}"
        for colour, form in (left, right)
    )
    return (
        f"{draw.choice(OPENINGS)} {one},\n"
        f"{draw.choice(MIDDLES)} {other}\n"
        f"{draw.choice(ENDINGS)} {draw.choice(GROUNDS[ground][1])}."
    )


def picture(
    left: tuple[str, str], right: tuple[str, str], ground: str, draw: random.Random
) -> Image.Image:
    """The scene, with sizes and places a little different each time."""
    image = Image.new("RGB", (SIDE, SIDE), GROUNDS[ground][0])
    pen = ImageDraw.Draw(image)
    for (colour, form), middle in ((left, SIDE // 4), (right, 3 * SIDE // 4)):
        x, y = middle + draw.randint(-2, 2), SIDE // 2 + draw.randint(-10, 10)
        reach = draw.randint(10, 13)
        box = (x - reach, y - reach, x + reach, y + reach)
        fill = COLOURS[colour][0]
        if form == "circle":
            pen.ellipse(box, fill=fill)
        elif form == "square":
            pen.rectangle(box, fill=fill)
        else:
            points = [(x, y - reach), (x - reach, y + reach), (x + reach, y + reach)]
            pen.polygon(points, fill=fill)
    return image
