"""`ekphrasis judge`: a reader is asked, answers, and is not asked again."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import Query, QueryEncoder, find_bundle
from engine.index import Index
from engine.loading import load_encoder
from engine.pipeline import RERANKED, Engine
from kiosk.config import Settings, load_settings
from kiosk.encoding import open_index
from kiosk.judgements import methods
from kiosk.judgements.named import Named, find_named
from kiosk.own_language import ReadByModel
from kiosk.store.database import Store, open_store
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]
PAINTINGS = 1  # every method ranks for each of them, twice over


@pytest.fixture
def own_starter(installed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A starter folder whose judgements a test may change."""
    folder = tmp_path / "starter"
    shutil.copytree(installed.starter_dir, folder)
    monkeypatch.setenv("EKPHRASIS_STARTER_DIR", str(folder))
    return folder


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first paintings only: each method ranks for each of them."""

    def found(settings: Settings, store: Store) -> Named:
        named = find_named(settings, store)
        first = dict(list(named.paintings.items())[:PAINTINGS])
        return Named(first, named.poems, named.others)

    monkeypatch.setattr("kiosk.judgements.named.find_named", found)


@pytest.mark.slow
def test_a_round_of_judging(own_starter: Path, few: None, ekphrasis: Run, tmp_path: Path) -> None:
    judgements = own_starter / "judgements"
    (judgements / "starter.csv").unlink()
    out = tmp_path / "round"
    ran = ekphrasis("judge", "pool", "--out", out)
    assert ran.code == 0, ran.err
    rows = list(csv.DictReader(io.StringIO((out / "form.csv").read_text(encoding="utf-8"))))
    assert len({row["painting"] for row in rows}) == PAINTINGS
    assert len(rows) >= 15 * PAINTINGS
    text = (out / "pool.txt").read_text(encoding="utf-8")
    assert all(f"--- {row['poem']}: " in text for row in rows)
    for method in methods.METHODS:
        assert method not in text

    unfinished = ekphrasis("judge", "add", out / "form.csv")
    assert (unfinished.code, "line 2: painting, poem and reason" in unfinished.err) == (2, True)
    with (out / "form.csv").open("w", encoding="utf-8", newline="") as file:
        form = csv.DictWriter(file, rows[0])
        form.writeheader()
        form.writerows(
            {**row, "grade": at % 3, "reason": "made up for a test"} for at, row in enumerate(rows)
        )
    assert f"{len(rows)} judgements added" in ekphrasis("judge", "add", out / "form.csv").err
    assert "0 judgements added" in ekphrasis("judge", "add", out / "form.csv").err

    ran = ekphrasis("judge", "figures", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["paintings"], told["judgements"]) == (PAINTINGS, len(rows))
    found = {row["name"]: row for row in told["answers"]["methods"]}
    assert set(found) == {"at random", *methods.METHODS}
    assert all(row["unjudged"] == 0 for row in found.values()), "every first five was asked about"
    assert all(0 <= row["ndcg"]["mean"] <= 1 for row in found.values())
    same = found[methods.UNTITLED], found[methods.PICTURE_READ]
    assert same[0]["ndcg"] == same[1]["ndcg"], "a title that is known to be silent changes nothing"


@pytest.mark.slow
def test_what_is_measured_is_what_the_kiosk_plays(installed: Settings) -> None:
    """What was read for another query gives the answers of an engine that reads it anew."""
    bundle = find_bundle(installed.bundles_dir, installed.bundle)
    encoder: QueryEncoder = load_encoder(bundle)
    with open_store(installed.store_path) as store:
        source = ReadByModel(store.poems)
        whole = open_index(store, bundle.fingerprint, encoder.dimensions, installed.cache_dir)
        index = Index("few", whole.passage_ids[:60], whole.poem_ids[:60], whole.vectors[:60])
        query = Query(words="A ship crosses a calm blue sea.")
        plain = Engine(encoder, index, source).match(query, RERANKED).matches
        engine = Engine(encoder, index, source, methods.ReadOnce(encoder))
        engine.match(Query(words="A lion lies before a rock."), RERANKED)
        again = engine.match(query, RERANKED).matches
    assert [one.poem_id for one in again] == [one.poem_id for one in plain]
    assert [one.score for one in again] == pytest.approx([one.score for one in plain], abs=1e-5)


def test_names_that_are_none_are_refused(own_starter: Path, ekphrasis: Run, tmp_path: Path) -> None:
    form = tmp_path / "form.csv"
    form.write_text("painting,poem,grade,reason\nsea,a,1,x\n", encoding="utf-8")
    ran = ekphrasis("judge", "add", form)
    assert ran.code == 2
    assert "no starter painting 'sea'" in ran.err
    ran = ekphrasis("judge", "add", tmp_path / "none.csv")
    assert (ran.code, "There is no file" in ran.err) == (2, True)


def test_without_a_starter_collection_there_is_a_sentence(own_data: Path, ekphrasis: Run) -> None:
    ran = ekphrasis("judge", "figures")
    assert ran.code == 2
    assert "no starter paintings" in ran.err


def test_the_store_has_all_that_is_named(installed: Settings) -> None:
    settings = load_settings()
    with open_store(installed.store_path) as store:
        named = find_named(settings, store)
        everything = set(store.poems.ids())
    assert len(named.paintings) == 22
    assert set(named.poems.values()) | named.others == everything
    assert not set(named.poems.values()) & named.others
