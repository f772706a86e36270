"""Real windows, drawn into memory: keys, focus, names, and letters that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import ARROWS, Control
from kiosk.events import (
    ArtworksLoaded,
    Dialled,
    EngineReady,
    Event,
    KeyPressed,
    LineStarted,
    MatchesReady,
    Say,
    SearchFailed,
    Show,
    Started,
)
from kiosk.session import Session
from kiosk.troubles import Trouble
from kiosk.ui.choose import ChooseWidget
from kiosk.ui.hint_bar import HintButton
from kiosk.ui.picture import PictureView
from kiosk.ui.result import ResultWidget
from kiosk.ui.theme import make_theme
from kiosk.ui.verse import VerseView
from kiosk.ui.window import KioskWindow

SIZES = [(800, 480), (1024, 600), (1280, 800), (800, 1280), (1920, 1080), (3840, 2160)]
SELECT, BACK, HELP = (KeyPressed(c) for c in (Control.SELECT, Control.BACK, Control.HELP))
LINES = tuple(
    "" if n % 5 == 4 else f"Line {n} of a poem that goes on, and on, to the end of the page,"
    for n in range(40)
)
POEMS = (
    MatchedPoem(1, 1, 1, "Lines Composed a Few Miles", "A Poet", LINES, "en", LINES, 0.5, 0.4),
    MatchedPoem(2, 2, 2, "Short", "B", ("One line.",), "en", ("One line.",), 0.4, 0.4),
)


def works(folder: Path) -> tuple[ArtworkCard, ...]:
    picture = folder / "picture.png"
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    assert image.save(str(picture))
    long = "A Sunday Afternoon on the Island of La Grande Jatte"
    return tuple(
        ArtworkCard(n, str(n), long if n % 3 else "Wave", "Georges Seurat", "1884", "It is.", path)
        for n, path in ((n, picture if n % 2 else None) for n in range(1, 22))
    )


class Stage:
    """A window led by a real session."""

    def __init__(self, window: KioskWindow, artworks: tuple[ArtworkCard, ...]) -> None:
        self.window = window
        self.session = Session()
        self.said = ""
        self.do(Started(), ArtworksLoaded(artworks), EngineReady())

    def do(self, *events: Event) -> None:
        for event in events:
            for action in self.session.handle(event):
                if isinstance(action, Show):
                    self.window.show_screen(action.screen)
                elif isinstance(action, Say):
                    self.said = action.narration.id

    def everywhere(self) -> Iterator[str]:
        """Every screen in turn."""
        yield "welcome"
        self.do(SELECT)
        yield "choose"
        self.do(Dialled(9), Dialled(9))
        yield "wrong number"
        self.do(BACK, SELECT)
        yield "searching"
        self.do(MatchesReady(1, 1, POEMS))
        self.do(LineStarted(self.said, 7))
        yield "result"
        self.do(HELP)
        yield "help"
        self.do(BACK, BACK, SELECT)
        self.do(SearchFailed(1, 1, Trouble.PICTURE, "wave.png is no picture."))
        yield "message"


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Callable[..., Stage]:
    def make(width: int = 1280, height: int = 800, theme: str = "dark") -> Stage:
        window = KioskWindow(theme_name=theme)
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return Stage(window, works(tmp_path))

    return make


def visible(window: KioskWindow, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in window.screen_widget.findChildren(kind) if widget.isVisible()]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_and_nothing_overlaps(
    open_window: Callable[..., Stage], width: int, height: int
) -> None:
    stage = open_window(width, height)
    for name in stage.everywhere():
        stage.window.picture()  # lays everything out
        screen = stage.window.screen_widget
        assert stage.window.width() == width, name  # nothing has forced the window wider
        rects = []
        for label in visible(stage.window, QLabel):
            assert isinstance(label, QLabel)
            needed = label.heightForWidth(label.width())
            assert label.height() >= needed, (name, label.text(), label.height(), needed)
            rects.append(label)
        rects += visible(stage.window, HintButton) + visible(stage.window, VerseView)
        placed = [(w, w.rect().translated(w.mapTo(screen, w.rect().topLeft()))) for w in rects]
        for at, (one, rect) in enumerate(placed):
            assert screen.rect().contains(rect), (name, one)
            for other, other_rect in placed[at + 1 :]:
                assert not rect.intersects(other_rect), (name, one, other)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_at_least_five_lines_of_verse_are_seen(
    open_window: Callable[..., Stage], width: int, height: int
) -> None:
    stage = open_window(width, height)
    short = tuple(f"Of arms and the man {n}" for n in range(20))
    poem = MatchedPoem(1, 1, 1, "Ode", "A Poet", short, "en", short, 0.5, 0.4)
    stage.do(SELECT, SELECT, MatchesReady(1, 1, (poem,)))
    stage.window.picture()
    screen = stage.window.screen_widget
    assert isinstance(screen, ResultWidget)
    assert screen.verse.line_rect(4).bottom() <= screen.verse.viewport().height()


def test_the_spoken_line_is_always_in_view(open_window: Callable[..., Stage]) -> None:
    stage = open_window(1024, 600)
    stage.do(SELECT, SELECT, MatchesReady(1, 1, POEMS))
    stage.window.picture()
    verse = stage.window.screen_widget.findChild(VerseView)
    assert isinstance(verse, VerseView)
    assert verse.verticalScrollBar().value() == 0
    for line, text in enumerate(LINES):
        if not text:
            continue
        stage.do(LineStarted(stage.said, line))
        assert verse.spoken_line == line
        rect = verse.line_rect(line)
        assert rect.top() >= -1, line
        assert rect.bottom() <= verse.viewport().height() + 1, line


def test_the_mark_is_a_bar_as_well_as_a_tint(open_window: Callable[..., Stage]) -> None:
    stage = open_window()
    stage.do(SELECT, SELECT, MatchesReady(1, 1, POEMS))
    verse = stage.window.screen_widget.findChild(VerseView)
    assert isinstance(verse, VerseView)
    stage.window.picture()
    before = verse.viewport().grab().toImage()
    stage.do(LineStarted(stage.said, 2))
    after = verse.viewport().grab().toImage()
    y = round(verse.line_rect(2).center().y())
    theme = make_theme("dark", width=1280, height=800)
    assert before.pixelColor(2, y) != theme.colour("accent")
    assert after.pixelColor(2, y) == theme.colour("accent")
    assert after.pixelColor(verse.viewport().width() - 3, y) == theme.colour("mark")


@pytest.mark.parametrize(
    ("key", "control"),
    [
        (Qt.Key.Key_Left, Control.PREVIOUS),
        (Qt.Key.Key_Up, Control.PREVIOUS),
        (Qt.Key.Key_Right, Control.NEXT),
        (Qt.Key.Key_Down, Control.NEXT),
        (Qt.Key.Key_Escape, Control.BACK),
        (Qt.Key.Key_F1, Control.HELP),
        (Qt.Key.Key_H, Control.HELP),
    ],
)
def test_keys_mean_the_five_controls_whatever_has_the_focus(
    open_window: Callable[..., Stage], qtbot: QtBot, key: Qt.Key, control: Control
) -> None:
    stage = open_window()
    for _ in stage.everywhere():
        focus = stage.window.focusWidget() or stage.window
        with qtbot.waitSignal(stage.window.pressed) as pressed:
            QTest.keyClick(focus, key)
        assert pressed.args == [control]


def test_enter_selects_and_presses_the_button_that_tab_has_reached(
    open_window: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = open_window()
    stage.do(SELECT)
    window = stage.window
    with qtbot.waitSignal(window.pressed) as pressed:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert pressed.args == [Control.SELECT]
    with qtbot.waitSignal(window.focused) as focused:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert focused.args == ["Previous, button"]
    with qtbot.waitSignal(window.pressed) as pressed:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert pressed.args == [Control.PREVIOUS]


def test_digits_dial_and_other_keys_are_told_apart(
    open_window: Callable[..., Stage], qtbot: QtBot
) -> None:
    window = open_window().window
    with qtbot.waitSignal(window.dialled) as dialled:
        QTest.keyClick(window, Qt.Key.Key_7)
    assert dialled.args == [7]
    with qtbot.waitSignal(window.other_key):
        QTest.keyClick(window, Qt.Key.Key_Z)
    with qtbot.assertNotEmitted(window.other_key):
        QTest.keyClick(window, Qt.Key.Key_Shift)


def test_tab_goes_round_every_screen_and_is_never_caught(
    open_window: Callable[..., Stage],
) -> None:
    stage = open_window()
    for name in stage.everywhere():
        start = stage.window.focusWidget()
        assert start is not None, name
        reached = []
        for _ in range(20):
            QTest.keyClick(stage.window.focusWidget(), Qt.Key.Key_Tab)
            focus = stage.window.focusWidget()
            reached.append(focus)
            if focus is start:
                break
        assert reached[-1] is start, name
        buttons = visible(stage.window, HintButton)
        assert set(buttons) <= set(reached), name


def test_everything_that_takes_the_focus_has_a_name_a_role_and_is_large_enough(
    open_window: Callable[..., Stage],
) -> None:
    stage = open_window(1024, 600)
    for name in stage.everywhere():
        stage.window.picture()
        for widget in visible(stage.window, QWidget):
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget is stage.window:
                continue
            access = QAccessible.queryAccessibleInterface(widget)
            text = access.text(QAccessible.Text.Name)
            assert text or widget.parentWidget() is None or widget.objectName(), (name, widget)
            assert access.role() != QAccessible.Role.NoRole
            if isinstance(widget, HintButton):
                assert access.role() == QAccessible.Role.Button
                assert access.text(QAccessible.Text.Description).endswith(".")
                assert widget.width() >= 44
                assert widget.height() >= 44


def test_a_picture_is_an_image_with_the_docents_words(open_window: Callable[..., Stage]) -> None:
    stage = open_window()
    stage.do(SELECT)
    (picture,) = visible(stage.window, PictureView)
    access = QAccessible.queryAccessibleInterface(picture)
    assert access.role() == QAccessible.Role.Graphic
    assert access.text(QAccessible.Text.Name).startswith("Picture: ")
    assert access.text(QAccessible.Text.Description) == "It is."


def test_a_screen_reader_meets_the_keys_last(open_window: Callable[..., Stage]) -> None:
    stage = open_window()
    for _ in stage.everywhere():
        screen = stage.window.screen_widget
        assert screen.children()[-1] is screen.hint_bar


def test_buttons_say_what_the_session_says_its_keys_do(
    open_window: Callable[..., Stage],
) -> None:
    stage = open_window()
    stage.do(SELECT)
    labels = [b.accessibleName() for b in stage.window.screen_widget.hint_bar.buttons()]
    assert labels == ["Previous", "Next", "Find poems", "Back", "Help"]


def test_the_list_tells_number_title_maker_and_place(open_window: Callable[..., Stage]) -> None:
    stage = open_window()
    stage.do(SELECT)
    screen = stage.window.screen_widget
    assert isinstance(screen, ChooseWidget)
    index = screen._list.currentIndex()
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("1. A Sunday Afternoon")
    assert "Georges Seurat" in said
    assert said.endswith("1/21")


def test_a_click_in_the_list_picks(open_window: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = open_window()
    stage.do(SELECT)
    screen = stage.window.screen_widget
    assert isinstance(screen, ChooseWidget)
    stage.window.picture()
    item = screen._list.item(1)
    assert item is not None
    place = screen._list.visualItemRect(item).center()
    with qtbot.waitSignal(stage.window.picked) as picked:
        QTest.mouseClick(
            screen._list.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            place,
        )
    assert picked.args == [1]


def test_a_painting_without_a_picture_and_a_broken_one_have_words(
    open_window: Callable[..., Stage], tmp_path: Path
) -> None:
    stage = open_window()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture at all")
    view = PictureView(stage.window)
    view.set_theme(make_theme("dark", width=800, height=600))
    view.resize(300, 200)
    view.set_artwork(ArtworkCard(1, "1", "Wave", picture=broken))
    assert not view.has_picture
    assert view.accessibleName() == "Picture: Wave"
    image = view.grab().toImage()
    assert len({image.pixel(x, 100) for x in range(300)}) > 1  # letters, not an empty patch


def test_control_q_closes_for_staff(open_window: Callable[..., Stage], qtbot: QtBot) -> None:
    window = open_window().window
    with qtbot.waitSignal(window.closed):
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_every_key_of_the_profile_is_one_that_qt_knows() -> None:
    assert all(hasattr(Qt.Key, f"Key_{name}") for name in ARROWS.keys)
    assert set(ARROWS.keys.values()) == set(Control)
    assert set(ARROWS.spoken) == set(ARROWS.caps) == set(Control)
