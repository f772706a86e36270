"""What all screens share: a wall to hang on, letters that find their size, the bar of keys.

Letters have the size that the visitor asks for as far as there is room. A screen whose words can
scroll always gives it (`scrolls`); another makes them smaller, step by step, until nothing is cut,
and in the end leaves out the last words of what says itself `yielding`.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QVBoxLayout, QWidget

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.ui.hint_bar import HintBar
from kiosk.ui.theme import Theme
from kiosk.ui.words import FirstWords, Words

UNLIMITED = 16_777_215  # pixels; Qt's own word for no limit
PORTRAIT_BELOW = 1.05  # width to height, under which a picture stands above its words
FACTORS = (2.2, 1.9, 1.7, 1.5, 1.3, 1.15, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5)  # tried, largest first
FEWER_LINES = (4, 3, 2, 1)  # of what yields, when letters cannot be smaller
BAR_SHARE = 0.24  # of the height, that the bar of keys may take to have large letters
LOW_CAPS = 26  # heights of a capital; a screen that is less high is short of lines
COLUMN_EMS = 12  # least width of a column of verse beside a picture


class ScreenWidget(QWidget):
    """One screen: content above, keys below. Subclasses fill `content` and read the model."""

    pressed = Signal(Control)
    picked = Signal(int)
    scrolls = False  # whether what does not fit can be scrolled to

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme | None = None  # with letters as large as there is room for
        self.model: Any = None
        self.motion = False  # whether pages glide
        self.first: FirstWords | None = None  # told on arriving, where there are such words
        self.yielding: list[Words] = []
        self.giving_way: list[QWidget] = []  # pictures that hide before letters become smaller
        self._wanted: Theme | None = None
        self._given_way: list[QWidget] = []
        self.hint_bar = HintBar(self)
        self.hint_bar.pressed.connect(self.pressed)
        self.content = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._outer = QVBoxLayout(self)
        self._outer.addLayout(self.content, 1)
        self._outer.addWidget(self.hint_bar)

    def show_model(self, model: Any) -> None:
        """Show what the session said."""
        changed = self.model is None or model.hints != self.model.hints
        before, self.model = self.model, model
        if changed:
            self.hint_bar.set_hints(model.hints)
        self._given_way = []
        self.refresh()
        if changed:
            self.hint_bar.raise_()  # last among its siblings: a screen reader reads downwards
            self._fit_bar()
        if not self.scrolls and model != before:
            self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Look so."""
        self._wanted = theme
        margin = theme.metrics.margin
        self._outer.setContentsMargins(margin, margin, margin, max(margin * 2 // 3, 12))
        self._outer.setSpacing(max(8, margin // 2))
        self.content.setSpacing(margin)
        self.hint_bar.set_theme(theme.at(1.0))
        self._dress(theme)
        self._fit_bar()
        self._fit()

    def refresh(self) -> None:
        """Put the model into the widgets."""
        raise NotImplementedError

    def restyle(self, theme: Theme) -> None:
        """Put fonts and colours into the widgets."""
        raise NotImplementedError

    def focus_home(self) -> None:
        """Give the focus to what one came for, so that Tab starts from there."""
        if self.first is not None:
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        for button in self.hint_bar.buttons():
            if button.control is Control.SELECT:
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        for button in self.hint_bar.buttons()[:1]:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def portrait(self) -> bool:
        """Whether the screen is taller than wide."""
        return self.width() < self.height() * PORTRAIT_BELOW

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand pictures beside or above their words."""
        super().resizeEvent(event)
        self._turn()
        self._fit_bar()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """What was told while another screen stood in front finds its size now."""
        super().showEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring around the first words, outside their letters."""
        super().paintEvent(event)
        if self.first is None or not self.first.ringed or self.theme is None:
            return
        ring = self.theme.metrics.ring
        around = QRectF(self.first.geometry()).adjusted(-ring, -ring, ring, ring)
        painter = QPainter(self)
        painter.setPen(QPen(self.theme.colour("ring"), ring))
        painter.drawRect(around)
        painter.end()

    def _dress(self, theme: Theme) -> None:
        self.theme = theme
        self.restyle(theme)
        self._turn()

    def _turn(self) -> None:
        across = QBoxLayout.Direction.LeftToRight
        down = QBoxLayout.Direction.TopToBottom
        self.content.setDirection(down if self.portrait else across)
        if self.theme is not None:
            self.turned()

    def turned(self) -> None:
        """After the direction was decided: stretches that depend on it."""

    @property
    def low(self) -> bool:
        """Whether the screen is short of lines."""
        cap = self.theme.metrics.cap if self.theme is not None else 0
        return not self.portrait and self.height() < cap * LOW_CAPS

    def room_height(self) -> int:
        """How high the content above the keys can be."""
        margins = self._outer.contentsMargins()
        ends = margins.top() + margins.bottom() + self._outer.spacing()
        bar = self.hint_bar.height_at(self.width() - margins.left() - margins.right())
        return max(0, self.height() - ends - bar)

    def limit(self, picture: QWidget, share: float) -> None:
        """Upright, a picture above its words takes at most this share of the height."""
        picture.setMaximumHeight(int(self.height() * share) if self.portrait else UNLIMITED)

    def room_beside(self, theme: Theme, share: float) -> bool:
        """Whether words have a column worth reading when a picture takes the rest.

        `share` is theirs of the width where the picture stands beside them, of the height where it
        hangs above.
        """
        em = theme.verse().pixelSize()
        if self.portrait:
            return self.height() * share > 10 * em
        return (self.width() - 3 * theme.metrics.margin) * share > COLUMN_EMS * em

    # --- finding the size of letters ----------------------------------------------------------

    def _fit_bar(self) -> None:
        """Larger letters on the buttons as well, as far as the bar stays a bar."""
        if self._wanted is None or not self.width():
            return
        width = self.width() - 2 * self._wanted.metrics.margin
        for factor in [f for f in FACTORS if 1.0 < f <= self._wanted.factor]:
            self.hint_bar.set_theme(self._wanted.at(factor))
            if self.hint_bar.height_at(width) <= self.height() * BAR_SHARE:
                return
        self.hint_bar.set_theme(self._wanted.at(1.0))

    def _fit(self) -> None:
        """Dress in the largest letters with which nothing is cut."""
        wanted = self._wanted
        if wanted is None or self.model is None or not self.isVisibleTo(self.window()):
            return
        if self.scrolls:
            return
        for words in self.yielding:
            words.at_most(0)
        shown = [picture for picture in self.giving_way if not picture.isHidden()]
        shown += [picture for picture in self._given_way if picture not in shown]
        for factor in (wanted.factor, *(f for f in FACTORS if f < wanted.factor)):
            if self.theme is None or self.theme != wanted.at(factor):
                self._dress(wanted.at(factor))
            for hidden in (False, True) if shown else (False,):
                for picture in shown:
                    picture.setHidden(hidden)
                self._given_way = shown if hidden else []
                if self._all_fits():
                    return
        for lines in FEWER_LINES:
            for words in self.yielding:
                words.at_most(lines)
            if self._all_fits():
                return

    def _all_fits(self) -> bool:
        """Whether every word stands inside the screen, and on no other, once all is laid out."""
        self.settle()
        inside = self.rect()
        taken: list[QRect] = []
        for words in self.findChildren(Words):
            if words.isHidden() or not words.isVisibleTo(self):
                continue
            rect = QRect(words.mapTo(self, words.rect().topLeft()), words.size())
            if words.height() < words.heightForWidth(words.width()) or not inside.contains(rect):
                return False
            taken.append(rect)
        if self.hint_bar.geometry().bottom() > inside.bottom():
            return False
        taken.append(self.hint_bar.geometry())
        return not any(
            one.intersects(other) for at, one in enumerate(taken) for other in taken[at + 1 :]
        )

    def settle(self) -> None:
        """Lay everything out now."""
        for _ in range(2):  # words break anew when their column has another width
            _forget(self._outer)
            self._outer.activate()


def _forget(layout: QLayout) -> None:
    """Forget sizes that were measured before letters changed."""
    for at in range(layout.count()):
        item = layout.itemAt(at)
        inner = item.layout() if item is not None else None
        if inner is not None:
            _forget(inner)
    layout.invalidate()


def caption(artwork: ArtworkCard) -> str:
    """The label beside a picture: title, then who and when."""
    made = ", ".join(part for part in (artwork.artist, artwork.date) if part)
    return f"{artwork.title}\n{made}" if made else artwork.title
