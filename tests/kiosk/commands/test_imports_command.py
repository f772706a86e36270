"""Trial runs, reports, and `ekphrasis imports`, as typed."""

from __future__ import annotations

import argparse
import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import InputError
from kiosk.collections import poem_import
from kiosk.commands import imports, poems
from kiosk.config import Settings
from kiosk.store.database import open_store


def ekphrasis(tmp_path: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    poems.add_parser(subparsers)
    imports.add_parser(subparsers)
    args = parser.parse_args(words)
    code: int = args.run(args, Settings(data_dir=tmp_path / "data"))
    return code


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "p.csv"
    path.write_text("title,poet,text\nOne,P,first\nTwo,P,second\n=3,P,third\nNone,P,\n")
    return path


def poems_in(tmp_path: Path) -> list[str]:
    with open_store(tmp_path / "data" / "store.sqlite") as store:
        return [poem.title for poem in store.poems.list()]


def test_a_trial_run_first(tmp_path: Path, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.csv"
    words = ("poems", "import", str(table), "--dry-run", "--report", str(report))
    assert ekphrasis(tmp_path, *words) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"{table}: 3 would be added, 0 would be changed, 1 left alone, 0 refused.",
        "This was a trial: nothing was written.",
        "left alone: row 5 (“None”): no text",
        "would be added: row 2 (“One”)",
        "would be added: row 3 (“Two”)",
        "would be added: row 4 (“=3”)",
    ]
    assert f"Every row is in {report}." in said.err
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[3] == ["row 4", "added", "'=3", "", ""]
    assert poems_in(tmp_path) == []


def test_import_list_show_undo(
    tmp_path: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ekphrasis(tmp_path, "imports", "list") == 0
    assert "Nothing has been imported yet." in capsys.readouterr().err
    ekphrasis(tmp_path, "poems", "import", str(table))
    assert "`ekphrasis imports undo 1`" in capsys.readouterr().err
    ekphrasis(tmp_path, "imports", "list")
    head, line = capsys.readouterr().out.splitlines()
    assert head.split() == [
        *("import", "what", "when", "who", "state"),
        *("added", "changed", "refused", "from"),
    ]
    assert line.split()[:2] == ["1", "poems"]
    assert line.split()[-5:] == ["done", "3", "0", "0", "p.csv"]
    ekphrasis(tmp_path, "imports", "list", "--json")
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["state"], told["counts"]["skipped"], told["total"]) == ("done", 1, 4)
    ekphrasis(tmp_path, "imports", "show", "1")
    assert capsys.readouterr().out.splitlines()[1:] == [
        "3 added, 0 changed, 1 left alone, 0 refused.",
        "added: row 2, poem 1",
        "added: row 3, poem 2",
        "added: row 4, poem 3",
    ]
    ekphrasis(tmp_path, "imports", "undo", "1")
    assert capsys.readouterr().out == "Import 1 is undone: 3 things are as they were.\n"
    assert poems_in(tmp_path) == []
    ekphrasis(tmp_path, "imports", "show", "1", "--json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["deeds"]) == ("undone", [])


def test_what_a_docent_decided_is_named(
    tmp_path: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ekphrasis(tmp_path, "poems", "import", str(table))
    with open_store(tmp_path / "data" / "store.sqlite") as store:
        store.curation.pin(None, 2)
    with pytest.raises(InputError, match=r"nothing was changed: poem 2 \(“Two”\)"):
        ekphrasis(tmp_path, "imports", "undo", "1")
    capsys.readouterr()
    ekphrasis(tmp_path, "imports", "undo", "1", "--spare")
    assert capsys.readouterr().out.splitlines() == [
        "Import 1 is undone: 2 things are as they were; 1 stay.",
        "stays: poem 2 (“Two”): a docent decided about it; take that back first",
    ]
    assert poems_in(tmp_path) == ["Two"]


def test_a_report_that_cannot_be_written_stops_it_before_it_begins(
    tmp_path: Path, table: Path
) -> None:
    with pytest.raises(InputError, match="is no report"):
        ekphrasis(tmp_path, "poems", "import", str(table), "--report", str(table))
    assert poems_in(tmp_path) == []


def test_stopped_by_hand(
    tmp_path: Path,
    table: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(poem_import.PoemImport, "batch", 2)
    prepare = poem_import.PoemImport.prepare

    def stop_at_the_third(self: poem_import.PoemImport, row: poem_import.Row) -> object:
        if row.where == "row 4":
            raise KeyboardInterrupt
        return prepare(self, row)

    monkeypatch.setattr(poem_import.PoemImport, "prepare", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        ekphrasis(tmp_path, "poems", "import", str(table))
    said = capsys.readouterr().err
    assert "Stopped: 2 of 4 rows are behind us (import 1)" in said
    monkeypatch.setattr(poem_import.PoemImport, "prepare", prepare)
    ekphrasis(tmp_path, "imports", "list")
    assert "at row 2 of 4" in capsys.readouterr().out
    ekphrasis(tmp_path, "poems", "import", str(table))
    out = capsys.readouterr().out
    assert "3 added, 0 changed, 1 left alone" in out
    assert "It went on where it was stopped" in out
    assert len(poems_in(tmp_path)) == 3


def test_control_c_reaches_it(tmp_path: Path) -> None:
    """A real signal, at a moment that a pipe makes certain: while the table is being read."""
    done = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import os, signal, sys\n"
            # A job in a shell's background would ignore it; at a terminal nobody does.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from kiosk.collections import poem_import\n"
            "from kiosk.__main__ import main\n"
            "before = poem_import.PoemImport.judge\n"
            "def judge(self, rows):\n"
            "    os.kill(os.getpid(), signal.SIGINT)\n"
            "    return before(self, rows)\n"
            "poem_import.PoemImport.judge = judge\n"
            "sys.exit(main(sys.argv[1:]))",
            *("poems", "import", str(_table(tmp_path))),
        ],
        env={"EKPHRASIS_DATA_DIR": str(tmp_path / "data"), "PATH": ""},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert "Stopped before anything was written." in done.stderr
    assert "Traceback" not in done.stderr
    assert poems_in(tmp_path) == []


def _table(folder: Path) -> Path:
    path = folder / "t.csv"
    path.write_text("title,poet,text\nOne,P,first\n")
    return path
