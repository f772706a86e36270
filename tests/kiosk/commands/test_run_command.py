"""`ekphrasis run` and `ekphrasis screenshots`, as a technician meets them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from kiosk import app, demo_visit, display
from kiosk.commands import run, screenshots
from kiosk.config import Settings
from kiosk.screenshots import BUILT_IN_ARTWORKS, BUILT_IN_POEMS, render_all, sample_cards
from kiosk.ui.theme import PALETTES


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    run.add_parser(subparsers)
    screenshots.add_parser(subparsers)
    return parser.parse_args(words)


def test_without_a_display_a_visit_is_played_and_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played: list[Settings] = []
    monkeypatch.setattr(display, "missing_display", lambda: "There is no display.")
    monkeypatch.setattr(demo_visit, "play_visit", lambda s: played.append(s) or 0)
    settings = Settings(data_dir=tmp_path)
    args = parsed("run")
    assert args.run(args, settings) == 0
    assert played == [settings]
    assert "There is no display. Instead of a window" in capsys.readouterr().err


@pytest.mark.parametrize("windowed", [True, False])
def test_with_a_display_the_kiosk_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windowed: bool
) -> None:
    opened: list[bool] = []
    monkeypatch.setattr(display, "missing_display", lambda: None)
    monkeypatch.setattr(app, "run_kiosk", lambda _, *, windowed: opened.append(windowed) or 0)
    args = parsed("run", *(["--windowed"] if windowed else []))
    assert args.run(args, Settings(data_dir=tmp_path)) == 0
    assert opened == [windowed]


def test_an_empty_machine_has_built_in_cards_and_is_left_as_it_was(tmp_path: Path) -> None:
    assert sample_cards(Settings(data_dir=tmp_path)) == (BUILT_IN_ARTWORKS, BUILT_IN_POEMS)
    assert list(tmp_path.iterdir()) == []


def test_every_screen_is_rendered_in_every_scheme(qtbot: QtBot, tmp_path: Path) -> None:
    files = render_all(tmp_path, BUILT_IN_ARTWORKS, BUILT_IN_POEMS, [(1024, 600)])
    stops = {path.stem.split("-", maxsplit=2)[2] for path in files}
    assert stops >= {"welcome", "ways", "number", "choose", "searching", "poem", "menu", "about"}
    assert stops >= {"help", "settings", "learn", "camera", "message"}
    assert len(files) == len(stops) * len(PALETTES)
    for path in files:
        image = QImage(str(path))
        assert (image.width(), image.height()) == (1024, 600)
        colours = {image.pixel(x, y) for x in range(0, 1024, 3) for y in range(0, 600, 3)}
        assert len(colours) > 50, path.name  # letters have edges; an empty wall has one colour


def test_a_folder_that_cannot_be_made_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    (tmp_path / "file").write_text("in the way")
    args = parsed("screenshots", str(tmp_path / "file" / "out"))
    with pytest.raises(InputError, match="cannot be made"):
        args.run(args, Settings(data_dir=tmp_path))
