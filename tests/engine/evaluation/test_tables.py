"""The tables, the draw of a hundred, the cost of a short list, and the simple alternatives."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.evaluation import alternatives, published
from engine.evaluation.ranking import Pair, Scored
from engine.evaluation.short_lists import draw_curve, lengths, short_list_curve, write_curve
from engine.evaluation.tables import among, as_markdown, as_text, both_tables, draw, figures
from tests.fakes import WordLengthEncoder, by_word_length

PAIRS = [Pair(f"text {at // 2}", image=Path(f"{at}.png")) for at in range(300)]
RNG = np.random.default_rng(3)


def scored(pairs: list[Pair]) -> Scored:
    texts = len({pair.text for pair in pairs})
    target = np.array([int(pair.text.split()[1]) for pair in pairs])
    similarities = RNG.normal(0, 0.1, (len(pairs), texts)).round(2)  # rounded: there are ties
    scores = np.clip(RNG.normal(0.4, 0.1, similarities.shape), 0, 1)
    scores[np.arange(len(pairs)), target] += 0.2
    return Scored(similarities, np.clip(scores, 0, 1), target)


def test_the_draw() -> None:
    places = draw(PAIRS, 100, 7)
    assert len(places) == len({PAIRS[place].text for place in places}) == 100
    assert draw(PAIRS, 100, 7) == places
    assert draw(PAIRS, 100, 8) != places
    assert len(draw(PAIRS, 500, 7)) == 150, "there are only so many texts"


def test_among_a_hundred_by_hand() -> None:
    whole = scored(PAIRS)
    places = draw(PAIRS, 100, 7)
    few = among(whole, PAIRS, places)
    assert few.similarities.shape == (100, 100)
    texts = [int(PAIRS[place].text.split()[1]) for place in places]
    for row, place in enumerate(places):
        for column, text in enumerate(texts):
            assert few.scores[row, column] == whole.scores[place, text]
        assert few.target[row] == row


def test_both_tables_in_three_forms() -> None:
    whole = scored(PAIRS)
    about = {"name": "b", "version": "1", "fingerprint": "f"}
    one, two = both_tables(
        PAIRS,
        {"zero-shot": (whole, False, about), "ce-clip": (whole, True, about)},
        {"few-shot": "no run"},
        numbers=(1, 2),
        seed=7,
        besides={"caption": (alternatives.CAPTION, None, "no captions")},
    )
    assert (one.pairs, one.candidates) == (300, 150)
    assert (two.pairs, two.candidates) == (100, 100)
    told = json.loads(json.dumps(one.to_json()))
    rows = {row["key"]: row for row in told["rows"]}
    assert rows["ce-clip"]["published"] == {
        "R@1": 18.4,
        "R@5": 44.7,
        "R@20": 65.1,
        "mean_rank": 71.4,
        "median_rank": 17,
    }
    assert rows["ce-clip"]["measured"] == figures(whole, reranks=True)
    assert rows["zero-shot"]["measured"] == figures(whole, reranks=False)
    assert rows["ce-clip"]["measured"]["R@1"] > rows["zero-shot"]["measured"]["R@1"] + 10
    assert rows["few-shot"]["measured"] is None
    assert rows["few-shot"]["why_not"] == "no run"
    text = as_text(one)
    assert text.count("not run") == 3
    assert "no captions" in text
    assert "as published" in text
    assert f"{rows['ce-clip']['measured']['R@5']:.1f}" in text
    markdown = as_markdown(two)
    assert markdown.count("\n| ") == 6
    assert "(53.0)" in markdown
    assert "5 points either way" in markdown
    assert "Measured with: CLIP zero-shot: b 1; CE-CLIP: b 1." in markdown


def test_the_papers_figures_are_what_the_paper_prints() -> None:
    """Each method is better than the one before in Table 1, as the paper says of them."""
    rows = [published.PUBLISHED[1][method.key] for method in published.METHODS]
    for before, after in itertools.pairwise(rows):
        assert all(before[name] < after[name] for name in ("R@1", "R@5", "R@20"))
        assert all(before[name] > after[name] for name in ("mean_rank", "median_rank"))


def test_what_a_short_list_costs(tmp_path: Path) -> None:
    assert lengths(150) == [0, 1, 2, 5, 10, 20, 50, 100, 150]
    assert lengths(1) == [0, 1]
    whole = scored(PAIRS)
    points = short_list_curve(whole)
    assert points[0].figures == figures(whole, reranks=False)
    assert points[-1].figures == figures(whole, reranks=True)
    write_curve(tmp_path / "c.csv", points)
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text().splitlines()))
    assert [int(row["N"]) for row in rows] == lengths(150)
    assert float(rows[-1]["R@5 lost"]) == 0
    lost = points[-1].figures["R@1"] - points[3].figures["R@1"]
    assert float(rows[3]["R@1 lost"]) == pytest.approx(lost, abs=1e-4)
    pytest.importorskip("matplotlib")
    draw_curve(tmp_path / "c.png", points, "Cost")
    with Image.open(tmp_path / "c.png") as image:
        assert image.size[0] > 500


def test_feelings_and_words() -> None:
    assert alternatives.feeling("Joy and laughter; one tear") == pytest.approx(1 / 3)
    assert alternatives.feeling("The table") == 0
    assert alternatives.words("Boats, berries, ashes and glass") == {
        "boat",
        "berry",
        "ash",
        "and",
        "glass",
    }
    names = alternatives.object_names()
    assert len(names) == 1000
    assert {"goldfish", "seashore"} <= set(names)


class SeesByColour(WordLengthEncoder):
    """Knows three objects and two feelings, so that the answers can be worked out by hand."""

    vectors = {  # noqa: RUF012
        "a photograph of a boat": [1, 0, 0, 0],
        "a photograph of a dog": [0, 1, 0, 0],
        alternatives.GLAD_SCENE: [0, 0, 1, 0],
        alternatives.SAD_SCENE: [0, 0, 0, 1],
    }

    def passages(self, texts: object, **_: object) -> np.ndarray:
        return np.array([self.vectors[text] for text in texts], dtype=np.float32)  # type: ignore[attr-defined]


def test_keywords_and_sentiment_by_hand() -> None:
    pairs = [
        Pair("two dogs weep in the dark", image=Path("dog.png")),
        Pair("a boat in sunshine and joy", image=Path("boat.png")),
        Pair("a table", image=Path("none.png")),
    ]
    pictures = np.array([[0, 1, 0, 0.9], [1, 0, 0.9, 0], [0, 0, 0, 0]], dtype=np.float64)
    encoder = SeesByColour()
    found = alternatives.by_keywords(encoder, pairs, pictures, ["boat", "dog"])
    assert found.similarities.argmax(axis=1)[:2].tolist() == [0, 1]
    assert found.similarities[0, 1] == pytest.approx(0, abs=1e-9), "a boat is no dog"
    felt = alternatives.by_sentiment(encoder, pairs, pictures)
    assert felt.similarities.argmax(axis=1).tolist() == [0, 1, 2]


def test_captions() -> None:
    pairs = [Pair("a a", image=Path("1.png")), Pair("ccc", image=Path("2.png"))]
    found = alternatives.by_caption(WordLengthEncoder(), pairs, ["bbb", "b"])
    wanted = by_word_length("bbb") @ by_word_length("ccc")
    assert found.similarities[0, 1] == pytest.approx(wanted)
