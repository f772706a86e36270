"""Help, which says what every key does in the place one came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.controls import FIVE, Control
from kiosk.events import Action
from kiosk.screens import HelpScreen, Screen
from kiosk.visit.stage import Over, Stage, Table
from kiosk.visit.visit import Visit

_ALWAYS = {
    Control.LOUDER: "act-louder",
    Control.SOFTER: "act-softer",
    Control.SLOWER: "act-slower",
    Control.FASTER: "act-faster",
    Control.REPEAT: "act-repeat",
    Control.PAUSE: "act-pause",
    Control.MENU: "act-menu",
    Control.HOME: "act-home",
}


@dataclass(frozen=True, slots=True)
class Helping(Over):
    """In help about `under`."""

    line: int | None = None  # the line that is heard, or was heard last

    about = "about-help"
    menuless = True

    def table(self, visit: Visit) -> Table:
        """From line to line."""
        return {
            Control.PREVIOUS: "act-line-before",
            Control.NEXT: "act-line-next",
            Control.SELECT: "act-all-again",
            Control.BACK: "act-leave-help",
            Control.HELP: "act-leave-help-too",
        }

    def screen(self, visit: Visit) -> Screen:
        """All lines, and the one that is heard."""
        return HelpScreen(
            heading=visit.words("help"),
            about=visit.words(self.under.about),
            lines=help_lines(self.under, visit),
            position=self.line,
            hints=self.hints(visit),
        )

    def here(self, visit: Visit) -> str:
        """All of it."""
        return " ".join(self.told(visit))

    def told(self, visit: Visit) -> tuple[str, ...]:
        """Where one is, a key a paragraph, and the way out."""
        leave = visit.words("help-leave", key=visit.key(Control.BACK))
        return (visit.words(self.under.about), *help_lines(self.under, visit), leave)

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """A line, all of them, or out."""
        lines = help_lines(self.under, visit)
        match control:
            case Control.BACK | Control.HELP:
                return visit.back(self)
            case Control.SELECT:
                return visit.go(replace(self, line=None))
            case Control.NEXT:
                line = 0 if self.line is None else (self.line + 1) % len(lines)
            case _:
                line = (-1 if self.line is None else self.line - 1) % len(lines)
        place = visit.words("place", position=line + 1, count=len(lines))
        return visit.go(replace(self, line=line), f"{lines[line]} {place}.")

    def heard(self, visit: Visit, paragraph: int | None) -> list[Action]:
        """The eye follows the ear; previous and next go on from there."""
        if paragraph is None:
            return []
        line = paragraph - 1 if 0 < paragraph <= len(help_lines(self.under, visit)) else None
        if line == self.line:
            return []
        visit.stage = replace(self, line=line)
        return [visit.show()]


def help_lines(under: Stage, visit: Visit) -> tuple[str, ...]:
    """What each key does at `under`, a sentence each; then the keys that do the same everywhere."""
    lines = [hint.sentence for hint in under.hints(visit)]
    if under.takes_digits:
        lines.append(visit.words("help-digits"))
    for control, act in _ALWAYS.items():
        if control in visit.profile.spoken and control not in FIVE:
            does = visit.words(f"{act}.does")
            lines.append(visit.words("help-line", key=visit.key(control), does=does))
    return tuple(lines)
