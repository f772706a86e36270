"""What a training sees: wrong poems are wrong, and every draw follows from seed and epoch."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.data.pairs import PoemPair, read_pairs, read_split, write_pairs
from engine.errors import InputError
from engine.training.algorithm.examples import draw_steps, read_examples


def test_every_pair_is_seen_once_an_epoch_and_no_wrong_poem_is_right(
    tiny: Path, recipe: Any
) -> None:
    plan = recipe()
    examples = read_examples(tiny / "pairs", plan)
    steps = draw_steps(examples, plan, "warm-up", 0)
    seen = [pair for step in steps for pair in step.pairs]
    assert sorted(seen) == sorted(examples.train)
    learned = {examples.text_of[pair] for pair in examples.train}
    for step in steps:
        for pair, texts in zip(step.pairs, step.texts, strict=True):
            assert texts[0] == examples.text_of[pair]
            assert len(texts) == 1 + plan.data.negatives
            assert texts[0] not in texts[1:]
            assert set(texts) <= learned  # no poem that the choice is made by


def test_the_same_place_gives_the_same_and_another_epoch_another(tiny: Path, recipe: Any) -> None:
    plan = recipe()
    examples = read_examples(tiny / "pairs", plan)
    first = draw_steps(examples, plan, "warm-up", 0)
    assert first == draw_steps(read_examples(tiny / "pairs", plan), plan, "warm-up", 0)
    assert first != draw_steps(examples, plan, "warm-up", 1)
    assert first != draw_steps(examples, plan, "fine-tune", 0)


@pytest.mark.parametrize("redraw", [False, True])
def test_wrong_poems_are_drawn_once_or_anew(tiny: Path, recipe: Any, redraw: bool) -> None:
    plan = recipe(data__redraw=redraw)
    examples = read_examples(tiny / "pairs", plan)

    def by_pair(epoch: int) -> dict[int, Any]:
        steps = draw_steps(examples, plan, "warm-up", epoch)
        return {
            pair: texts
            for step in steps
            for pair, texts in zip(step.pairs, step.texts, strict=True)
        }

    assert (by_pair(0) == by_pair(1)) is not redraw


def test_a_poem_with_two_pictures_is_never_wrong_for_either(tmp_path: Path, recipe: Any) -> None:
    pairs = []
    for number in range(12):
        image = tmp_path / f"{number}.png"
        image.write_bytes(b"")
        # Two printings of each poem, one in capitals.
        text = f"poem {'abcdef'[number // 2]}"
        pairs.append(PoemPair(str(number), image, text.upper() if number % 2 else text))
    write_pairs(tmp_path, pairs)
    plan = recipe(data__hold_out=0.0, data__validation=0.34, data__negatives=9)
    examples = read_examples(tmp_path, plan)
    for step in draw_steps(examples, plan, "warm-up", 0):
        for texts in step.texts:
            own, *wrong = (examples.texts[row].lower() for row in texts)
            assert own not in wrong


def test_a_split_is_drawn_once_and_written_down(tiny: Path, tmp_path: Path, recipe: Any) -> None:
    folder = tmp_path / "pairs"
    shutil.copytree(tiny / "pairs", folder)
    (folder / "split.json").unlink()
    examples = read_examples(folder, recipe(seed=5))
    split = read_split(folder)
    assert split is not None
    assert split.seed == 5
    assert examples.test == len(split.test) == 12
    assert len(examples.train) + len(examples.validation) == 48
    # A later training with another seed keeps to it: the hold-out stays unseen.
    read_examples(folder, recipe(seed=6))
    assert read_split(folder) == split


def test_vanished_pictures_are_left_out_and_counted(
    tiny: Path, tmp_path: Path, recipe: Any
) -> None:
    folder = tmp_path / "pairs"
    shutil.copytree(tiny / "pairs", folder)
    split = read_split(folder)
    assert split is not None
    for one in read_pairs(folder):
        if one.id in split.train[:5]:
            one.image.unlink()
    assert read_examples(folder, recipe()).vanished == 5
    for path in (folder / "images").iterdir():
        path.unlink()
    with pytest.raises(InputError, match="leaves 0 pairs"):
        read_examples(folder, recipe())


def test_few_shot_takes_its_share_of_the_training_pairs(tiny: Path, recipe: Any) -> None:
    whole, part = (read_examples(tiny / "pairs", recipe(data__share=x)) for x in (1.0, 0.5))
    assert len(part.train) + len(part.validation) == 24
    assert set(part.texts) < set(whole.texts)
    assert part.vanished == 0


def test_captions_ask_where_the_recipe_says_so(tiny: Path, tmp_path: Path, recipe: Any) -> None:
    folder = tmp_path / "pairs"
    shutil.copytree(tiny / "pairs", folder)
    plan = recipe("stand-in", weights__clip="x")
    rows = [json.loads(line) for line in (folder / "pairs.jsonl").read_text().splitlines()]
    for row in rows:
        del row["caption"]
    (folder / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(InputError, match="has no captions"):
        read_examples(folder, plan)
    for row in rows:
        row["machine_caption"] = f"a picture of {row['id']}"
    (folder / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    shutil.rmtree(folder / "images")  # all gone
    examples = read_examples(folder, plan)
    assert len(examples.captions) == 48
    assert not examples.images
