"""Contrast and calm, read back from painted screens: pixels, not promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.screens import ResultScreen, ZoomScreen
from kiosk.ui.camera import CameraWidget
from kiosk.ui.hint_bar import HintButton
from kiosk.ui.page import PageView
from kiosk.ui.palettes import OTHER_CONTRAST, PALETTES, TEXT_CONTRAST, contrast
from kiosk.ui.result import ResultWidget
from kiosk.ui.rows import RowList
from kiosk.ui.window import KioskWindow
from kiosk.ui.words import FirstWords, Words
from kiosk.ui.zoom import ZoomWidget
from tests.kiosk.ui.checking import place, seen
from tests.kiosk.ui.models import LINES, hints, paint_picture, poem, usual, work

FLASH = 0.1  # of relative luminance, between states, as WCAG 2.3.1 counts one


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return paint_picture(tmp_path / "picture.png")


def opened(qtbot: QtBot, scheme: str, *, motion: bool = False) -> KioskWindow:
    window = KioskWindow(theme_name=scheme, motion=motion)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def colours(image: QImage, rect: QRect) -> Counter[str]:
    """How often each colour is painted in a part of the screen."""
    part = image.copy(rect.intersected(image.rect())).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(part.constBits(), dtype=np.uint32) & 0xFFFFFF
    found, counts = np.unique(pixels, return_counts=True)
    return Counter({f"#{pixel:06x}": int(n) for pixel, n in zip(found, counts, strict=True)})


def letters(found: Counter[str]) -> float:
    """The contrast of letters with what is behind them: the most frequent colour is the ground,
    and of the others the one that stands out most is the heart of a stroke."""
    ground = found.most_common(1)[0][0]
    return max(contrast(colour, ground) for colour, count in found.items() if count >= 3)


@pytest.mark.parametrize("scheme", PALETTES)
def test_all_letters_as_painted_have_seven_to_one(qtbot: QtBot, picture: Path, scheme: str) -> None:
    window = opened(qtbot, scheme)
    looked_at = 0
    for name, model in usual(picture).items():
        window.show_screen(model)
        image = window.picture().toImage()
        screen = window.screen_widget
        for widget in seen(screen, (Words, HintButton)):
            rect = place(widget, window).adjusted(5, 5, -5, -5)  # inside edge and ring
            assert letters(colours(image, rect)) >= TEXT_CONTRAST, (name, widget.accessibleName())
            looked_at += 1
        for page in seen(screen, PageView):
            assert isinstance(page, PageView)
            looked_at += _lines_of(page, window, image, name)
        for rows in seen(screen, RowList):
            assert isinstance(rows, RowList)
            rect = rows.visualItemRect(rows.currentItem())
            rect.translate(rows.viewport().mapTo(window, QPoint(0, 0)))
            assert letters(colours(image, rect.adjusted(14, 5, -5, -5))) >= TEXT_CONTRAST, name
            looked_at += 1
    assert looked_at > 60


def _lines_of(page: PageView, window: KioskWindow, image: QImage, name: str) -> int:
    looked_at = 0
    for block in range(len(page.blocks)):
        rect = page.block_rect(block).toRect()
        if rect.top() < 30 or rect.bottom() > page.viewport().height() - 40:
            continue  # fading at the edge: it comes into view before it is heard
        rect.translate(page.viewport().mapTo(window, QPoint(0, 0)))
        rect.setLeft(rect.left() + 16)  # without the bar
        assert letters(colours(image, rect)) >= TEXT_CONTRAST, (name, page.blocks[block].text)
        looked_at += 1
    return looked_at


@pytest.mark.parametrize("scheme", PALETTES)
def test_what_is_no_letter_has_four_and_a_half_to_one_as_painted(
    qtbot: QtBot, picture: Path, scheme: str
) -> None:
    """The edge of a button, the ring of the focus, the bar beside what is chosen or heard."""
    window = opened(qtbot, scheme)
    palette = PALETTES[scheme]
    screens = usual(picture)
    window.show_screen(screens["message"])
    image = window.picture().toImage()
    for button in seen(window.screen_widget, HintButton):
        rect = place(button, window)
        outside = QColor(image.pixel(rect.left() - 3, rect.center().y())).name()
        edges = [QColor(image.pixel(rect.left() + x, rect.center().y())).name() for x in range(3)]
        assert max(contrast(edge, outside) for edge in edges) >= OTHER_CONTRAST
    focus = window.focusWidget()
    assert isinstance(focus, FirstWords)
    focus.clearFocus()
    focus.setFocus(Qt.FocusReason.TabFocusReason)
    rect, image = place(focus, window), window.picture().toImage()
    ring = [QColor(image.pixel(rect.left() - x, rect.center().y())).name() for x in range(3, 7)]
    assert ring == [palette.ring] * 4, "the ring is outside the letters"
    window.show_screen(screens["welcome"])
    image = window.picture().toImage()
    focus = window.focusWidget()
    assert isinstance(focus, QWidget)
    rect = place(focus, window)
    ring = [QColor(image.pixel(rect.left() + x, rect.center().y())).name() for x in range(4)]
    assert ring == [palette.ring] * 4, "the ring is four pixels wide"
    assert contrast(palette.ring, palette.wall) >= OTHER_CONTRAST
    window.show_screen(screens["result"])
    image = window.picture().toImage()
    result = window.screen_widget
    assert isinstance(result, ResultWidget)
    line = result.verse.line_rect(6)
    corner = result.verse.viewport().mapTo(window, QPoint(0, 0))
    bar = QColor(image.pixel(corner.x() + 2, corner.y() + round(line.center().y()))).name()
    assert contrast(bar, palette.wall) >= OTHER_CONTRAST


def luminance(image: QImage) -> list[float]:
    """How light each of 96 parts of the screen is, 0 to 1."""
    small = image.scaled(12, 8, mode=Qt.TransformationMode.SmoothTransformation)
    return [
        QColor(small.pixel(x, y)).lightnessF() for y in range(small.height()) for x in range(12)
    ]


@pytest.mark.parametrize(
    ("motion", "line", "moves"), [(True, 5, True), (True, 30, False), (False, 5, False)]
)
def test_nothing_flashes_when_pages_glide_and_rests_when_motion_is_off(
    qtbot: QtBot, picture: Path, motion: bool, line: int, moves: bool
) -> None:
    """A second of a poem moving to another line: no part of the screen turns light and dark again
    three times. Without motion, and where the line is far, nothing changes after the first."""
    window = opened(qtbot, "light", motion=motion)
    window.show_screen(_poem(picture, 0))
    window.picture()  # laid out to the end
    QApplication.processEvents()
    window.show_screen(_poem(picture, line))
    frames = []
    for _ in range(20):
        frames.append(luminance(window.grab().toImage()))
        qtbot.wait(50)
    for part in range(len(frames[0])):
        seen_light = [frame[part] for frame in frames]
        steps = [b - a for a, b in pairwise(seen_light)]
        turns = [step for step in steps if abs(step) >= FLASH]
        changes = sum((a > 0) != (b > 0) for a, b in pairwise(turns))
        assert changes < 6  # three flashes are six turns
    moved = frames[0] != frames[-1]
    assert moved == moves


def _poem(picture: Path, spoken: int) -> ResultScreen:
    return ResultScreen(work(picture), poem(), LINES, spoken, "Poem 1 of 5", "", hints())


def test_a_scheme_is_taken_at_once_and_everywhere(qtbot: QtBot, picture: Path) -> None:
    window = opened(qtbot, "dark")
    for model in usual(picture).values():
        window.show_screen(model)
        for scheme, palette in PALETTES.items():
            window.set_appearance(scheme, 1.0, "en")
            found = colours(window.picture().toImage(), QRect(0, 0, 8, 800))
            assert found.most_common(1)[0][0] == palette.wall


def test_a_part_of_the_picture_fills_the_screen_from_the_original(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """Four quarters of four colours: each level shows its own, and no edge of a neighbour."""
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    quarters = {(0, 0): "#aa0000", (1, 0): "#00aa00", (0, 1): "#0000aa", (1, 1): "#aaaa00"}
    for (column, row), colour in quarters.items():
        for y in range(150):
            for x in range(200):
                image.setPixelColor(column * 200 + x, row * 150 + y, QColor(colour))
    file = tmp_path / "quarters.png"
    assert image.save(str(file))
    window = opened(qtbot, "dark")
    zoom = usual(file)["zoom"]
    for (column, row), colour in quarters.items():
        assert isinstance(zoom, ZoomScreen)
        window.show_screen(replace(zoom, level=2, column=column, row=row))
        screen = window.screen_widget
        assert isinstance(screen, ZoomWidget)
        grabbed = screen.picture.grab().toImage()
        centre = grabbed.rect().center()
        assert QColor(grabbed.pixel(centre)).name() == colour
        found = colours(grabbed, QRect(centre - QPoint(150, 100), centre + QPoint(100, 60)))
        assert set(found) == {colour}


def test_a_camera_frame_is_shown_and_let_go_of(qtbot: QtBot, picture: Path) -> None:
    window = opened(qtbot, "dark")
    frame = QImage(64, 48, QImage.Format.Format_RGB32)
    frame.fill(QColor("#123456"))
    screens = usual(picture)
    window.show_frame(frame)  # no camera's screen: nobody keeps it
    window.show_screen(screens["camera"])
    screen = window.screen_widget
    assert isinstance(screen, CameraWidget)
    assert not screen.view.has_frame
    window.show_frame(frame)
    QApplication.sendPostedEvents()
    middle = screen.view.grab().toImage()
    assert QColor(middle.pixel(middle.rect().center())).name() == "#123456"
    window.show_screen(screens["welcome"])
    assert not screen.view.has_frame
