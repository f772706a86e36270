"""Keys that were just chosen: a press of their own select keeps them, else those of before return.

Whoever chooses keys that this pad does not have, by mistake or out of curiosity, could not leave
again, nor could anybody after them.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.controls import Control, ControlProfile
from kiosk.events import Action
from kiosk.screens import MessageScreen, Screen
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit

PATIENCE_SECONDS = 15.0  # of silence; then the keys of before return


@dataclass(frozen=True, slots=True)
class Trying(Over):
    """The keys mean what was chosen, and nothing is kept yet."""

    about = "about-trying"
    tries_keys = True
    menuless = True

    def table(self, visit: Visit) -> Table:
        """Keep them, or not."""
        return {
            Control.SELECT: "act-keep-keys",
            Control.BACK: "act-give-back",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """A message."""
        words = visit.words
        return MessageScreen(words("for-staff-heading"), self.here(visit), "", self.hints(visit))

    def here(self, visit: Visit) -> str:
        """Which key keeps them, by its new name."""
        return visit.words("keys-tried", select=visit.key(Control.SELECT))

    def begin(self, visit: Visit, profile: ControlProfile) -> list[Action]:
        """From now on these keys."""
        return [visit.use_profile(profile, kept=False), *visit.go(self)]

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Keep them, give them back, or hear it again."""
        match control:
            case Control.SELECT:
                back, helps = visit.key(Control.BACK), visit.key(Control.HELP)
                words = visit.words("profile-used", back=back, help=helps)
                return [visit.use_profile(visit.profile), *visit.go(self.under, words)]
            case Control.BACK:
                return self._give_back(visit)
            case _:
                return visit.go(self)

    def passed(self, visit: Visit) -> list[Action] | None:
        """Nobody could press it."""
        return self._give_back(visit) if visit.quiet >= PATIENCE_SECONDS else []

    def _give_back(self, visit: Visit) -> list[Action]:
        given_back = visit.use_profile(visit.kept_profile, kept=False)
        visit.stage = self.under
        words = visit.words("keys-given-back")
        return [given_back, visit.show(), visit.say(words, self.under.here(visit))]
