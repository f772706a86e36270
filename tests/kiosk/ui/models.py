"""One model of every screen: usual words, and words as long as they come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import Control
from kiosk.screens import (
    CameraScreen,
    ChooseScreen,
    DialScreen,
    HelpScreen,
    Hint,
    LearnScreen,
    MenuItem,
    MenuScreen,
    MessageScreen,
    ResultScreen,
    Screen,
    SearchingScreen,
    TextScreen,
    WelcomeScreen,
    ZoomScreen,
)

LINES = tuple(
    "" if n % 5 == 4 else f"Line {n} of a poem that goes on, and on, to the end of the page,"
    for n in range(40)
)
GERMAN = (
    "Die Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzgebung betrachtend, "
    "von der Donaudampfschifffahrtsgesellschaftskapitänswitwe aus gesehen"
)
KOREAN_TITLE = "나 보기가 역겨워 가실 때에는 말없이 고이 보내 드리우리다, 영변에 약산 진달래꽃"
KOREAN_LINES = (
    "나 보기가 역겨워",
    "가실 때에는",
    "말없이 고이 보내 드리우리다",
    "",
    "영변에 약산",
    "진달래꽃",
    "아름 따다 가실 길에 뿌리우리다",
)
PARAGRAPH = (
    "A wave rears up at the left and breaks over three narrow boats, whose rowers lie flat upon "
    "the boards. Far behind it, small and still, stands a white mountain. The sky is the colour "
    "of old paper, and everything else is blue."
)


def hints(*labels: str) -> tuple[Hint, ...]:
    """The five, as they are on most screens."""
    named = labels or ("Previous", "Next poem", "Pause", "Back", "Help")
    controls = (Control.PREVIOUS, Control.NEXT, Control.SELECT, Control.BACK, Control.HELP)
    caps = ("←", "→", "Enter", "Esc", "H")
    return tuple(
        Hint(control, label, cap, f"{cap}: {label}.")
        for control, label, cap in zip(controls, named, caps, strict=True)
    )


def paint_picture(file: Path, width: int = 640, height: int = 400) -> Path:
    """A picture with colours and edges, written to `file`."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sky = QLinearGradient(QPointF(0, 0), QPointF(0, height))
    sky.setColorAt(0, QColor("#e8dcc0"))
    sky.setColorAt(1, QColor("#24466b"))
    painter.fillRect(image.rect(), sky)
    painter.setBrush(QColor("#f4efe2"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QPointF(width * 0.3, height * 0.55), width * 0.16, height * 0.3)
    painter.end()
    assert image.save(str(file))
    return file


def work(picture: Path | None, **changes: object) -> ArtworkCard:
    """One work."""
    card = ArtworkCard(
        id=1,
        number="12",
        title="The Great Wave off Kanagawa",
        artist="Katsushika Hokusai",
        date="about 1831",
        description=PARAGRAPH,
        picture=picture,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def poem(**changes: object) -> MatchedPoem:
    """One poem."""
    return replace(
        MatchedPoem(1, 1, 1, "Lines Composed", "A Poet", LINES, "en", LINES, 0.5, 0.4),
        **changes,  # type: ignore[arg-type]
    )


def usual(picture: Path) -> dict[str, Screen]:
    """Every screen with words as visitors meet them."""
    card = work(picture)
    others = tuple(
        work(picture if n % 2 else None, id=n, number=str(n), title=f"The Harvesters {n}")
        for n in range(1, 22)
    )
    keys = hints()
    return {
        "welcome": WelcomeScreen(
            "Ekphrasis",
            "Choose a painting, and hear poems that answer it.",
            "Press Enter to choose a painting",
            card,
            hints("", "", "Choose a painting", "", "Help"),
            ("Español: flecha izquierda", "한국어: 오른쪽 화살표"),
        ),
        "choose": ChooseScreen("Choose a painting", others, 3, "Painting 4 of 21", "", "", keys),
        "searching": SearchingScreen("Looking for poems", card, "Still looking.", keys),
        "result": ResultScreen(card, poem(), LINES, 6, "Poem 1 of 5", "", keys),
        "help": HelpScreen(
            "What each key does here",
            "You are with the poems for one painting.",
            tuple(hint.sentence for hint in keys),
            1,
            keys,
        ),
        "message": MessageScreen(
            "This did not work",
            "This picture cannot be read. Please choose another painting.",
            "wave.png is no picture that can be read.",
            hints("", "", "Hear again", "Back", "Help"),
        ),
        "menu": MenuScreen(
            "The poem",
            tuple(
                MenuItem(label)
                for label in (
                    "Go on",
                    "Repeat the line",
                    "Repeat the stanza",
                    "The whole poem",
                    "Slower",
                    "Faster",
                    "Louder",
                    "Softer",
                    "Spell the line",
                    "About this work",
                    "Why this poem",
                )
            ),
            2,
            "3 of 11",
            "",
            keys,
            card,
        ),
        "settings": MenuScreen(
            "Settings",
            (
                MenuItem("Language", "English"),
                MenuItem("한국어", "", "ko"),
                MenuItem("Voice", "espeak English"),
                MenuItem("Speed", "usual"),
            ),
            1,
            "2 of 4",
            "Speed: faster.",
            keys,
        ),
        "dial": DialScreen(
            "The number on the wall label",
            "1",
            "2",
            "12: The Great Wave off Kanagawa, by Katsushika Hokusai.",
            hints("Digit before", "Next digit", "Take it", "Delete", "Help"),
            card,
        ),
        "text": TextScreen(
            "About this work", (PARAGRAPH, PARAGRAPH, "Mostly blue."), 0, keys, card
        ),
        "zoom": ZoomScreen(card, 2, 1, 0, "Top right, enlarged 2 times", keys),
        "camera": CameraScreen(
            "Take a picture", "Hold it before the camera, and press Enter.", keys
        ),
        "learn": LearnScreen(
            "Teach the keys", "Press the key for next.", ("Previous: F13", "Help: F14"), keys
        ),
    }


def long_words(picture: Path, title: str) -> dict[str, Screen]:
    """Every screen with the longest title that a collection may bring, in `title`'s language."""
    korean = title == KOREAN_TITLE
    language = "ko" if korean else "de"
    lines = KOREAN_LINES * 4 if korean else tuple(f"{title}, Zeile {n}" for n in range(9))
    card = work(picture, title=title, artist=title[:40], language=language, number="1234a")
    long = (
        hints("이전 시로", "다음 시로 가기", "멈추고 차림표 열기", "그림 목록으로", "도움말")
        if korean
        else hints("Vorheriges Gedicht", "Nächstes Gedicht", "Anhalten", "Zurück", "Hilfe")
    )
    verses = poem(title=title, poet=title[:30], language=language, lines=lines, whole=lines)
    text = f"{title}. {title}."
    item = MenuItem(title, title[:40])
    return {
        "welcome": WelcomeScreen("Ekphrasis", text[:120], title[:60], card, long, (title[:50],)),
        "choose": ChooseScreen(
            title[:40], (card,) * 5, 4, title[:40], "12", f"{title[:50]}.", long
        ),
        "searching": SearchingScreen(title[:40], card, title[:60], long),
        "result": ResultScreen(card, verses, lines, 5, "5 / 5", title[:20], long, text[:90]),
        "help": HelpScreen(title[:50], text, (text,) * 6, 5, long),
        "message": MessageScreen(title[:40], text, text, long),
        "menu": MenuScreen(title[:40], (item,) * 6, 5, "6 / 6", title[:40], long, card),
        "dial": DialScreen(title[:40], "123456", "", text, long, card),
        "text": TextScreen(title, (text, text), 1, long, card),
        "zoom": ZoomScreen(card, 3, 2, 2, title[:60], long),
        "camera": CameraScreen(title[:40], text[:160], long),
        "learn": LearnScreen(title[:40], text[:100], (title[:30],) * 12, long),
    }
