"""Write the hold-outs as files that `ekphrasis evaluate --pairs` reads.

    python -m engine.training.hold_outs --data DATA --out OUT

OUT then holds `flickr8k.jsonl` with its `pictures/` (1,000 photographs, the first caption of
each), `multim-poem.jsonl` (captions and the poems that belong to them) and `titles.jsonl` (1,000
titles and their poems). No training sees any of it; all follow from `HOLD_OUT_SEED`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.training.data import read_captions, read_pictures, read_poems, read_titled_poems
from engine.training.reading import CAPTIONS, PICTURES, POEMS, TITLED


def write_hold_outs(data: Path, out: Path) -> None:
    """The pairs files, and the photographs as PNG, which keeps them exactly as they are."""
    folder = out / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    held_out = read_captions(data / CAPTIONS).held_out
    for name, picture in read_pictures(data / PICTURES):
        if name in held_out:
            picture.save((folder / name).with_suffix(".png"), compress_level=1)
    _write(
        out / "flickr8k.jsonl",
        ({"image": f"{Path(name).stem}.png", "text": said[0]} for name, said in held_out.items()),
    )
    poems = read_poems(data / POEMS).held_out
    _write(
        out / "multim-poem.jsonl", ({"query": pair.caption, "text": pair.poem} for pair in poems)
    )
    if (data / TITLED).exists():
        titled = read_titled_poems(data / TITLED).held_out
        _write(out / "titles.jsonl", ({"query": title, "text": poem} for title, poem in titled))


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description="Write the hold-outs for `ekphrasis evaluate`.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    write_hold_outs(options.data, options.out)


if __name__ == "__main__":
    main()
