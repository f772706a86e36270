"""Imports that are killed: `python -m tests.kiosk.collections.kill_imports KIND TIMES FOLDER`.

KIND is poems or artworks.

Each time a child of this process begins the import and is killed (SIGKILL, by the kernel, when it
has used a drawn share of the processor time that the whole takes). Then: the file is sound, whole
batches are there and nothing else, and one more run completes it to what an import that nobody
disturbs brings, with the same journal. Every third time it is killed twice; every fourth time the
undoing is killed as well. The parent holds no connection while a child lives. Prints how often
what was seen, as JSON.
"""

from __future__ import annotations

import ctypes
import json
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from kiosk.collections import artwork_import, poem_import
from kiosk.collections.undo import undo_import
from kiosk.store import imports
from kiosk.store.database import open_store
from tests.kiosk.killing import was_killed

BATCH = 4
SEED = 20221108
TABLES = ("poets", "poems", "passages", "artworks", "imports", "import_entries")
WHEN = ("begun", "ended")


class SignalEvent(ctypes.Structure):
    """`struct sigevent`, as far as a signal needs it."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("number", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("rest", ctypes.c_char * 48),
    )


class TimerSpan(ctypes.Structure):
    """`struct itimerspec`."""

    _fields_ = tuple(
        (name, ctypes.c_long) for name in ("every_s", "every_ns", "first_s", "first_ns")
    )


def die_after(seconds: float) -> None:
    """Let the kernel kill this process when it has used so much processor time."""
    libc = ctypes.CDLL(None, use_errno=True)
    timer = ctypes.c_void_p()
    event = SignalEvent(None, signal.SIGKILL, 0, b"")  # SIGEV_SIGNAL is 0
    whole = int(seconds)
    span = TimerSpan(0, 0, whole, max(1, int((seconds - whole) * 1e9)))
    clock = time.CLOCK_PROCESS_CPUTIME_ID
    if libc.timer_create(clock, ctypes.byref(event), ctypes.byref(timer)) or libc.timer_settime(
        timer, 0, ctypes.byref(span), None
    ):
        raise OSError(ctypes.get_errno(), "no timer")


def poems_table(folder: Path) -> Path:
    """Poems of one passage and of several; duplicates, one without a text, poets that repeat."""
    rows: list[dict[str, Any]] = []
    for n in range(18):
        text = "\n\n".join(f"{n} stanza {s}\n" + "line\n" * (n % 9) for s in range(1 + n % 5))
        rows.append({"title": f"T{n}", "poet": f"P{n % 7}", "text": text, "born": 1800 + n % 7})
    rows[9]["text"] = ""
    rows[13] |= {"title": "T3", "poet": "P3", "text": rows[3]["text"]}
    rows[17] |= {"title": "Old", "poet": "P1", "text": "an old poem", "gloss": "It is old."}
    path = folder / "poems.json"
    path.write_text(json.dumps(rows))
    return path


def works_table(folder: Path) -> Path:
    """Works with pictures of their own, one without, and a changed one."""
    rows: list[dict[str, Any]] = []
    for n in range(11):
        Image.effect_noise((60, 60), 40 + n).save(folder / f"{n}.png")
        rows.append({"number": str(n), "title": f"W{n}", "image": f"{n}.png"})
    rows[5]["image"] = ""
    rows.append({"title": "Old work", "artist": "A", "description": "now described"})
    path = folder / "works.json"
    path.write_text(json.dumps(rows))
    return path


def contents(path: Path) -> dict[str, Any]:
    """Everything in the store but the moments, and the names of the pictures."""
    raw = sqlite3.connect(path)
    raw.row_factory = sqlite3.Row
    assert [tuple(row) for row in raw.execute("PRAGMA integrity_check")] == [("ok",)]
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    found: dict[str, Any] = {
        name: [
            {key: row[key] for key in row.keys() if key not in WHEN}  # noqa: SIM118
            for row in raw.execute(f"SELECT * FROM {name} ORDER BY id")  # noqa: S608
        ]
        for name in TABLES
    }
    raw.close()
    pictures = path.parent / "pictures"
    found["pictures"] = sorted(one.name for one in pictures.glob("*")) if pictures.exists() else []
    return found


def in_a_child(work: Callable[[], object], seconds: float) -> bool:
    """Whether the child was killed at its work; False: it was done before."""
    return was_killed(lambda: die_after(seconds), work)


def main(kind: str, times: int, folder: Path) -> dict[str, int]:
    """Kill, look, complete, compare; so many times."""
    poem_import.PoemImport.batch = BATCH
    artwork_import.ArtworkImport.batch = BATCH
    imports.AT_ONCE = 5
    table = (poems_table if kind == "poems" else works_table)(folder)
    bring = poem_import.import_poems if kind == "poems" else artwork_import.import_artworks
    path = folder / "data" / "store.sqlite"
    started = folder / "started"
    with open_store(path) as store:  # something is there before, and changed by the import
        (folder / "old.json").write_text('[{"title": "Old", "poet": "P1", "text": "An old poem."}]')
        poem_import.import_poems(store, folder / "old.json")
        (folder / "oldw.json").write_text('[{"title": "Old work", "artist": "A"}]')
        artwork_import.import_artworks(store, folder / "oldw.json")
    shutil.copytree(path.parent, started)
    before = contents(path)

    def run() -> None:
        with open_store(path) as store:
            bring(store, table)

    def undo() -> None:
        with open_store(path) as store:
            for record in store.imports.list()[2:]:
                if record.state != "undone":
                    undo_import(store, record.id)

    def anew() -> None:
        shutil.rmtree(path.parent)
        shutil.copytree(started, path.parent)

    def cost(work: Callable[[], object]) -> float:
        begun = time.process_time()
        work()
        return time.process_time() - begun

    run()  # everything that is imported late is there from now on
    anew()
    whole = cost(run)
    reference = contents(path)
    back = cost(undo)
    draw = random.Random(SEED)  # noqa: S311  (moments, not secrets)
    seen: Counter[str] = Counter()
    killed = 0
    while killed < times:
        anew()
        for _ in range(2 if killed % 3 == 0 else 1):
            if in_a_child(run, draw.uniform(0, whole)):
                killed += 1
                seen[look(path, kind, before, reference)] += 1
        run()
        assert contents(path) == reference, "a second run completes it"
        if killed % 4 == 0:
            if in_a_child(undo, draw.uniform(0, back)):
                killed += 1
                seen["undoing"] += 1
                contents(path)
            undo()
            after = contents(path)
            for name in ("poets", "poems", "artworks", "pictures"):
                assert after[name] == before[name], "undoing is completed"
    return dict(seen)


def look(path: Path, kind: str, before: dict[str, Any], reference: dict[str, Any]) -> str:
    """Whole batches are there and nothing else; what kind of moment it was."""
    now = contents(path)
    fresh = [row for row in now["imports"] if row["id"] > 2]
    if not fresh:
        for name in (*TABLES[:4],):
            assert now[name] == before[name], "nothing is there"
        return "before the first batch"
    (record,) = fresh
    (whole,) = [row for row in reference["imports"] if row["id"] > 2]
    done = record["done"]
    assert done % BATCH == 0 or done == whole["total"], "whole batches"
    numbers = {row["id"] for row in reference["import_entries"]}
    entries = [row for row in now["import_entries"] if row["id"] in numbers]
    assert entries == now["import_entries"] == reference["import_entries"][: len(entries)]
    added = [row for row in entries if row["import_id"] > 2 and row["action"] == "added"]
    ids = {row["subject_id"] for row in added}
    assert {row["id"] for row in now[kind]} == {row["id"] for row in before[kind]} | ids
    assert len(added) == record["added"]
    if record["state"] == "done":
        return "after the last batch"
    return "between batches" if done < whole["total"] else "before it was called done"


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))  # noqa: T201
