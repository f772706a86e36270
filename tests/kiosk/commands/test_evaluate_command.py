"""`ekphrasis evaluate`: figures that can be checked by hand, and mistakes that name their line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.evaluation import Pair, evaluate
from kiosk.config import Settings
from tests.fakes import WordLengthEncoder
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]


def test_by_hand() -> None:
    """The bi-encoder goes by word length; the cross-encoder prefers later letters."""
    pairs = [
        Pair("a a", query="x"),  # the nearest of three; of the best two the second after rereading
        Pair("ccc", query="xxxx"),  # the second, before and after
        Pair("dddd", query="x"),  # the last, out of reach of the best two
        Pair("dddd", query="xxxx"),  # the first, before and after; and a text that occurs twice
    ]
    result = evaluate(WordLengthEncoder(), pairs, ks=(1, 2), rerank=2)
    assert (result.pairs, result.candidates) == (4, 3)
    assert result.bi_encoder == {"R@1": 50, "R@2": 75, "mean_rank": 1.75, "median_rank": 1.5}
    assert result.reranked == {"R@1": 25, "R@2": 75, "mean_rank": 2.0, "median_rank": 2.0}
    unread = evaluate(WordLengthEncoder(), pairs, ks=(1, 2), rerank=0)
    assert unread.reranked == unread.bi_encoder


def test_ties_count_against_us() -> None:
    class Undecided(WordLengthEncoder):
        def score(self, query: object, texts: object, **_: object) -> np.ndarray:
            return np.full(len(list(texts)), 0.5, dtype=np.float32)  # type: ignore[call-overload]

        def passages(self, texts: object, **_: object) -> np.ndarray:
            return np.tile(np.float32([1, 0]), (len(list(texts)), 1))  # type: ignore[call-overload]

    pairs = [Pair(text, query="x") for text in ("a", "b", "c", "d")]
    result = evaluate(Undecided(), pairs, ks=(1,), rerank=2)
    assert result.bi_encoder == {"R@1": 0.0, "mean_rank": 4.0, "median_rank": 4.0}
    assert result.reranked == result.bi_encoder, "the target never slips into the best two"


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    for name, colour in (("red", (200, 20, 20)), ("blue", (20, 20, 200))):
        Image.new("RGB", (64, 64), colour).save(tmp_path / f"{name}.png")
    rows = [
        {"image": "red.png", "text": "A red field of poppies"},
        {"image": "blue.png", "text": "The blue sea at night"},
        {"query": "two dogs run over the snow", "text": "Dogs run through white snow"},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "\n")
    return path


def test_with_the_real_model(installed: Settings, ekphrasis: Run, pairs: Path) -> None:
    ran = ekphrasis("evaluate", "--pairs", pairs, "--k", 1, 3, "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["pairs"], told["candidates"]) == (3, 3)
    for stage in ("bi_encoder", "reranked"):
        assert set(told[stage]) == {"R@1", "R@3", "mean_rank", "median_rank"}
        assert told[stage]["R@3"] == 100.0
    assert told["bundle"]["name"] == "compact"
    assert "bi-encoder" in ekphrasis("evaluate", "--pairs", pairs, "--k", 1).out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "must be an object"),
        ('{"image": "a.png"}', '"text" is missing'),
        ('{"text": "t"}', 'either "image" or "query"'),
        ('{"text": "t", "image": "a.png", "query": "q"}', 'either "image" or "query"'),
        ('{"text": "t", "image": "none.png"}', "no picture"),
        ('{"text": "t", "query": " "}', '"query" is empty'),
        ("", "holds no pairs"),
    ],
)
def test_mistakes(
    installed: Settings, ekphrasis: Run, tmp_path: Path, line: str, says: str
) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(line + "\n")
    ran = ekphrasis("evaluate", "--pairs", path)
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_no_file(installed: Settings, ekphrasis: Run, tmp_path: Path) -> None:
    ran = ekphrasis("evaluate", "--pairs", tmp_path / "none.jsonl")
    assert ran.code == 2
    assert "no file" in ran.err
