"""Let words ask as poets' own titles do, from an installed compact bundle to the folder.

    python -m engine.training.by_title --data DATA --bundle BUNDLE --titles TITLES --out OUT
        [--set FIELD=VALUE]

DATA holds the files named in `engine.training.reading` and `poems-public-domain.jsonl.xz`; TITLES
is `data/titles` or lists like those, whose remarks are read; OUT is the folder with the bundle's
card. `--set` changes a field of `ByTitleRecipe`.

1. Titles, poems and captions are read once, by towers that stay as they are.
2. The map of words that ask learns to find poems by their titles (`engine.training.asking`). Poems
   and pictures stay where they are, and so do captions, nearly.
3. Typical words are banked anew, and hubness among them is weighed (`engine.training.banking`).
4. Words are weighed against the picture (`engine.training.calibration`).
5. All is packed. The hold-outs are not looked at: `make evaluate` does that.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from engine.bundles import MANIFEST
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, Encoder, text_reader
from engine.model.querybank import QueryKind
from engine.model.text_towers import cut
from engine.model.weighing import Weighing, WordsWeight
from engine.training.asking import ByTitleRecipe, Titled, learn_by_title
from engine.training.banking import Seeking, bank_words, weigh_hubness
from engine.training.calibration import sought_poems, validation_scenes, words_calibration
from engine.training.changes import arguments, changed, lists
from engine.training.compact import LABEL, say
from engine.training.data import read_captions, read_poems, read_titled_poems
from engine.training.late_layers import network_of
from engine.training.packing import Label, pack
from engine.training.reading import CAPTION_TOKENS, CAPTIONS, POEM_TOKENS, POEMS, TITLED
from engine.training.teach import pooled_texts
from engine.training.titles import Titles

LONG_TOKENS = 128  # of a title with what stands behind it
WEIGHED = 1500  # titles and captions, of each so many, that hubness is weighed by


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """All texts, as the text tower's pooled features."""

    titled: Titled
    seen: Tensor  # [pictures, E], a caption of each
    told: Tensor  # [pictures, E], captions of each behind a title, as a collection tells of a work
    asking: Tensor  # [captions, E], of poems' pictures
    verses: Tensor  # [poems, joint], unit vectors of the poems of those pictures
    target: Tensor  # [captions], the row of a caption's poem

    @property
    def stays(self) -> Tensor:
        """Texts that are to ask as they do."""
        return torch.cat([self.seen, self.told, self.asking])


def by_title(
    recipe: ByTitleRecipe, label: Label, *, data: Path, bundle: Path, titles: Titles, out: Path
) -> CEClip:
    """Read, learn, bank, weigh, pack. Raises ValueError where the bundle has no querybank."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    network = network_of(bundle, bundle / HEADS)
    if network.querybank is None:
        raise ValueError(f"{bundle} has no querybank, which is to be filled anew")

    say("1. reading")
    read = read_all(network, bundle, titles, data, recipe)
    say(f"2. learning {len(read.titled.poems)} titles; {_found(network, read.titled)}")
    learn_by_title(network, read.titled, read.stays, recipe, say)
    say(f"now {_found(network, read.titled)}")

    say("3. banking typical words")
    with torch.no_grad():
        typical = torch.cat([read.seen, read.asking, read.titled.alone, read.titled.remarked])
        bank_words(network, network.words_vector(typical), recipe.seed)
        sought = _weighed_by(network, read, recipe.seed)
    weight = weigh_hubness(network, QueryKind.WORDS, sought)
    say(f"hubness among words weighs {weight:.3f}")

    say("4. weighing words against the picture, and packing")
    scenes = validation_scenes(data, seed=recipe.seed)
    evenly = Encoder(network, text_reader(network, bundle), Weighing(WordsWeight(0.5)))
    poems = sought_poems(data, seed=recipe.seed)
    calibration = manifest["calibration"] | words_calibration(
        evenly, scenes, poems, seed=recipe.seed
    )
    recipes = dict(manifest.get("metrics", {}).get("recipe", {}))
    recipes["by_title"] = dataclasses.asdict(recipe)
    pack(network, bundle, out, label, calibration, {"recipe": recipes})
    say(f"packed into {out}: {calibration}")
    return network


def read_all(
    network: CEClip, bundle: Path, titles: Titles, data: Path, recipe: ByTitleRecipe
) -> Read:
    """All that is learned from, read once."""
    reader, draw = text_reader(network, bundle), random.Random(recipe.seed)  # noqa: S311 - a draw

    def pooled(texts: Sequence[str], limit: int) -> Tensor:
        return pooled_texts(network, [cut(row, limit) for row in reader.ids(texts)])

    def passages(texts: Sequence[str]) -> Tensor:
        return network.passage_vector(pooled(texts, POEM_TOKENS))

    titled = read_titled_poems(data / TITLED).train
    pictures = list(read_captions(data / CAPTIONS).train.values())
    pairs = read_poems(data / POEMS).train
    right = {pair.caption: pair.poem for pair in pairs}  # of several one, as good as any
    verses = {poem: at for at, poem in enumerate(dict.fromkeys(right.values()))}
    with torch.no_grad():
        alone = pooled([title for title, _ in titled], CAPTION_TOKENS)
        remarked = pooled([titles.remarked(title, draw) for title, _ in titled], LONG_TOKENS)
        return Read(
            Titled(alone, remarked, passages([poem for _, poem in titled])),
            pooled([each[0] for each in pictures], CAPTION_TOKENS),
            pooled([titles.told(each, draw) for each in pictures], LONG_TOKENS),
            pooled(list(right), CAPTION_TOKENS),
            passages(list(verses)),
            torch.tensor([verses[poem] for poem in right.values()]),
        )


def _weighed_by(network: CEClip, read: Read, seed: int) -> list[Seeking]:
    """Titles alone, titles with remarks, and captions, each seeking among all poems of its kind."""
    draw = torch.Generator().manual_seed(seed)
    titled, every = read.titled, torch.arange(len(read.titled.poems))

    def some(asking: Tensor, poems: Tensor, target: Tensor) -> Seeking:
        rows = torch.randperm(len(asking), generator=draw)[:WEIGHED]
        return Seeking(network.words_vector(asking[rows]), poems, target[rows])

    return [
        some(titled.alone, titled.poems, every),
        some(titled.remarked, titled.poems, every),
        some(read.asking, read.verses, read.target),
    ]


def _found(network: CEClip, titled: Titled) -> str:
    """How many of some titles find their poem first among as many, for those who wait."""
    with torch.no_grad():
        words, poems = network.words_vector(titled.alone[:WEIGHED]), titled.poems[:WEIGHED]
        first = (words @ poems.T).argmax(dim=1) == torch.arange(len(words))
    return f"{100 * first.float().mean():.1f} % find their poem first among {len(words)}"


def main() -> None:
    """Read the arguments and learn."""
    parser = arguments(
        "Let words ask as poets' own titles do.", "data", "bundle", "out", packs=True
    )
    parser.add_argument("--titles", type=lists, required=True, help="a folder of lists")
    options = parser.parse_args()
    by_title(
        changed(ByTitleRecipe(), options.set),
        LABEL,
        data=options.data,
        bundle=options.bundle,
        titles=options.titles,
        out=options.out,
    )


if __name__ == "__main__":
    main()
