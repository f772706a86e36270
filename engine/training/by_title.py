"""Let words ask as poets' own titles do, from an installed compact bundle to the folder.

    python -m engine.training.by_title --data DATA --bundle BUNDLE --titles TITLES --kept KEPT
        --out OUT [--set FIELD=VALUE]

DATA holds the files named in `engine.training.reading` and `poems-public-domain.jsonl.xz`; TITLES
is `data/titles` or lists like those, whose titles and remarks are read; KEPT is where what was read
is kept from run to run; OUT is the folder with the bundle's card. `--set` changes a field of
`ByTitleRecipe`. It comes after whatever learns by the plain mean of a text's words
(`engine.training.finish` among it), which knows nothing of shares.

1. Titles, poems and captions are read once, by towers that stay as they are.
2. Words that ask learn to find poems by their titles and not to hear a museum's remarks
   (`engine.training.asking`). Poems and pictures stay where they are, and so does, nearly, whatever
   has learned to ask.
3. Typical words are banked anew (`engine.training.banking`). What hubness among them weighs, and
   what words weigh beside a picture, was fitted by captions, which have stayed.
4. All is packed. The hold-outs are not looked at: `make evaluate` does that.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Sequence
from pathlib import Path

import torch

from engine.bundles import MANIFEST, sha256_of
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, text_reader
from engine.model.text_towers import cut
from engine.training.asking import ByTitleRecipe, Stays, Titled, ask, learn_by_title
from engine.training.banking import bank_words
from engine.training.changes import arguments, changed, lists
from engine.training.compact import LABEL, say
from engine.training.data import read_captions, read_poems, read_titled_poems
from engine.training.late_layers import network_of
from engine.training.packing import Label, pack
from engine.training.reading import CAPTION_TOKENS, CAPTIONS, POEM_TOKENS, POEMS, TITLED
from engine.training.teach import pooled_texts
from engine.training.text_features import TextStore, text_store
from engine.training.titles import Titles

LONG_TOKENS = 128  # of a title with what stands behind it
FOUND = 1500  # titles that are told of, each among as many poems


def by_title(
    recipe: ByTitleRecipe,
    label: Label,
    *,
    data: Path,
    bundle: Path,
    titles: Titles,
    kept: Path,
    out: Path,
) -> CEClip:
    """Read, learn, bank, pack. Raises ValueError where the bundle has no querybank."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    network = network_of(bundle, bundle / HEADS)
    if network.querybank is None:
        raise ValueError(f"{bundle} has no querybank, which is to be filled anew")

    say("1. reading")
    titled, stays = read_all(network, bundle, titles, data, kept, recipe.seed)
    say(f"2. learning {len(titled.poems)} titles; {_found(network, titled)}")
    learn_by_title(network, titled, stays, recipe, say)
    say(f"now {_found(network, titled)}")

    say("3. banking typical words")
    captions = [ask(network, each) for each in stays.others]
    bank_words(network, torch.cat(captions), recipe.seed)

    recipes = dict(manifest.get("metrics", {}).get("recipe", {}))
    recipes["by_title"] = dataclasses.asdict(recipe)
    pack(network, bundle, out, label, manifest["calibration"], {"recipe": recipes})
    say(f"packed into {out}")
    return network


def read_all(
    network: CEClip, bundle: Path, titles: Titles, data: Path, kept: Path, seed: int
) -> tuple[Titled, Stays]:
    """All that is learned from; but for poems, what was read once is read from `kept`."""
    reader, draw = text_reader(network, bundle), random.Random(seed)  # noqa: S311 - a draw
    folder = kept / f"texts-{sha256_of(bundle / HEADS)[:16]}"

    def store(texts: Sequence[str], limit: int) -> TextStore:
        return text_store(network, reader, texts, limit, folder)

    titled = read_titled_poems(data / TITLED).train
    pictures = list(read_captions(data / CAPTIONS).train.values())
    asking = list(dict.fromkeys(pair.caption for pair in read_poems(data / POEMS).train))
    told = [titles.told(each, draw) for each in pictures]
    among = [titles.interrupted(each, draw) for each in told]
    ids = [cut(row, POEM_TOKENS) for row in reader.ids([poem for _, poem in titled])]
    with torch.no_grad():
        poems = network.passage_vector(pooled_texts(network, ids))
    return (
        Titled(
            store([title for title, _ in titled], CAPTION_TOKENS),
            store([titles.remarked(title, draw) for title, _ in titled], LONG_TOKENS),
            poems,
        ),
        Stays(
            store([" ".join(each) for each in told], LONG_TOKENS),
            store([" ".join(each) for each in among], LONG_TOKENS),
            [
                store([each[0] for each in pictures], CAPTION_TOKENS),
                store(asking, CAPTION_TOKENS),
            ],
        ),
    )


def _found(network: CEClip, titled: Titled) -> str:
    """How many of some titles find their poem first among as many, for those who wait."""
    poems = titled.poems[:FOUND]
    with torch.no_grad():
        words = network.asked(titled.alone.features(range(len(poems))))
    first = (words @ poems.T).argmax(dim=1) == torch.arange(len(poems))
    return f"{100 * first.float().mean():.1f} % find their poem first among {len(poems)}"


def main() -> None:
    """Read the arguments and learn."""
    parser = arguments(
        "Let words ask as poets' own titles do.", "data", "bundle", "kept", "out", packs=True
    )
    parser.add_argument("--titles", type=lists, required=True, help="a folder of lists")
    options = parser.parse_args()
    by_title(
        changed(ByTitleRecipe(), options.set),
        LABEL,
        data=options.data,
        bundle=options.bundle,
        titles=options.titles,
        kept=options.kept,
        out=options.out,
    )


if __name__ == "__main__":
    main()
