"""A pad's keys are taught: one control after another is asked for, and a key answers.

It works without sight, and is left by waiting. Five keys must be taught, louder and softer may be;
nothing changes before the five are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from kiosk.controls import FIVE, Control, ControlProfile
from kiosk.events import Action, ListenForKeys
from kiosk.screens import LearnScreen, Screen
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit

ORDER = (*FIVE, Control.LOUDER, Control.SOFTER)
PATIENCE_SECONDS = 12.0  # of silence; then the rest is left out, or all of it
_CAPS = {"left": "←", "right": "→", "up": "↑", "down": "↓", "escape": "Esc", "return": "Enter"}


@dataclass(frozen=True, slots=True)
class Learning(Over):
    """Waiting for the key of the first control that has none yet."""

    taught: tuple[str, ...] = ()  # key codes, in ORDER
    notice: str = ""

    about = "about-learning"
    takes_keys = True
    menuless = True

    def table(self, visit: Visit) -> Table:
        """Keys mean nothing here; the buttons do."""
        return {Control.BACK: "act-stop-learning"}

    def screen(self, visit: Visit) -> Screen:
        """What is asked for, and what is known."""
        words = visit.words
        return LearnScreen(
            heading=words("learn-keys"),
            text=self._asked(visit),
            taught=tuple(
                words("learn-taught", control=words(f"control-{control}"), code=code)
                for control, code in zip(ORDER, self.taught, strict=False)
            ),
            hints=self.hints(visit),
        )

    def here(self, visit: Visit) -> str:
        """What is asked for."""
        return f"{self.notice} {self._asked(visit)}".strip()

    def _asked(self, visit: Visit) -> str:
        control = visit.words(f"control-{ORDER[len(self.taught)]}")
        optional = len(self.taught) >= len(FIVE)
        return visit.words("learn-ask-optional" if optional else "learn-ask", control=control)

    def begin(self, visit: Visit) -> list[Action]:
        """Arrive."""
        visit.stage = self
        words = visit.words("learn-opened", here=self._asked(visit))
        return [ListenForKeys(on=True), visit.show(), visit.say(words)]

    def resume(self, visit: Visit) -> list[Action]:
        """As on arriving."""
        return Learning(self.under).begin(visit)

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """A button on the screen was clicked, since keys are not told so here."""
        return self.stop(visit) if control is Control.BACK else visit.go(self)

    def learn(self, visit: Visit, code: str) -> list[Action]:
        """A key was pressed."""
        words = visit.words
        if code in self.taught:
            taken = words(f"control-{ORDER[self.taught.index(code)]}")
            return visit.go(Learning(self.under, self.taught, words("learn-taken", control=taken)))
        taught = (*self.taught, code)
        if len(taught) == len(ORDER):
            return self._finish(visit, taught)
        control = words(f"control-{ORDER[len(taught) - 1]}")
        return visit.go(Learning(self.under, taught, words("learn-known", control=control)))

    def passed(self, visit: Visit) -> list[Action] | None:
        """Left by waiting."""
        if visit.quiet < PATIENCE_SECONDS:
            return []
        if len(self.taught) >= len(FIVE):
            return self._finish(visit, self.taught)
        return self.stop(visit)

    def stop(self, visit: Visit) -> list[Action]:
        """Nothing has changed."""
        visit.stage = self.under
        words = visit.words("learn-stopped")
        return [visit.show(), visit.say(words, self.under.here(visit))]

    def _finish(self, visit: Visit, taught: tuple[str, ...]) -> list[Action]:
        used = visit.use_profile(profile_of(taught))
        visit.stage = self.under
        words = visit.words("learn-finished")
        return [used, visit.show(), visit.say(words, self.under.here(visit))]


def profile_of(taught: tuple[str, ...]) -> ControlProfile:
    """The pad whose keys were taught, in the order in which they were asked for."""
    keys = dict(zip(taught, ORDER, strict=False))
    return ControlProfile(
        name="learned",
        keys=MappingProxyType(keys),
        spoken=MappingProxyType({control: f"the {control} key" for control in keys.values()}),
        caps=MappingProxyType(
            {control: _CAPS.get(code.lower(), code) for code, control in keys.items()}
        ),
    )
