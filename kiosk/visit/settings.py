"""How the visitor wants to be spoken to: every change is heard at once, and ends with the visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.events import Action
from kiosk.preferences import SPEEDS, TEXT_SIZES, VOLUMES, Preferences
from kiosk.visit.learning import Learning
from kiosk.visit.menu import Item, Menu
from kiosk.visit.trying import Trying
from kiosk.visit.visit import Visit, slug
from kiosk.words.catalogue import words_in


@dataclass(frozen=True, slots=True)
class SettingsMenu(Menu):
    """What can be changed, each with its present value."""

    about = "about-settings"
    menuless = True

    def heading(self, visit: Visit) -> str:
        """What it is."""
        return visit.words("settings")

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """Only what offers a choice."""
        items: list[Item] = []
        for what in KINDS:
            values = values_of(what, visit)
            if len(values) > 1:
                detail = value_named(what, value_now(what, visit.preferences), visit)
                items.append(
                    Item(
                        visit.words(f"setting-{what}"),
                        lambda what=what: Adjusting(self, what=what).arrive(visit),  # type: ignore[misc]
                        detail,
                    )
                )
        items.append(Item(visit.words("for-staff"), lambda: ForStaff(self).open(visit)))
        return tuple(items)


@dataclass(frozen=True, slots=True)
class Adjusting(Menu):
    """One setting: moving through its values applies them."""

    what: str = "speed"

    about = "about-adjusting"
    menuless = True

    def arrive(self, visit: Visit) -> list[Action]:
        """The cursor is at the present value."""
        return self.changed(visit).open(visit)

    def changed(self, visit: Visit) -> Adjusting:
        """With the cursor at the present value."""
        values, now = values_of(self.what, visit), value_now(self.what, visit.preferences)
        if isinstance(now, float):  # staff may have chosen one between two steps
            nearest = min(values, key=lambda value: abs(float(value) - now))
            return replace(self, position=values.index(nearest))
        return replace(self, position=values.index(now) if now in values else 0)

    def heading(self, visit: Visit) -> str:
        """Which setting."""
        return visit.words(f"setting-{self.what}")

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """Its values."""
        kept: Callable[[], list[Action]] = lambda: self._keep(visit)  # noqa: E731
        return tuple(
            Item(
                value_named(self.what, value, visit),
                kept,
                language=str(value) if self.what == "language" else "",
            )
            for value in values_of(self.what, visit)
        )

    def moved(self, visit: Visit, position: int) -> list[Action]:
        """The value is taken at once, and heard so."""
        applied = self._take(visit, position)
        return [applied, *visit.go(replace(self, position=position), hint="")]

    def picked(self, visit: Visit, position: int) -> list[Action]:
        """A value was clicked."""
        if not 0 <= position < len(values_of(self.what, visit)):
            return visit.go(self)
        return [self._take(visit, position), *visit.back(self)]

    def _take(self, visit: Visit, position: int) -> Action:
        value = values_of(self.what, visit)[position]
        return visit.apply(changed(self.what, value, visit.preferences))

    def _keep(self, visit: Visit) -> list[Action]:
        return visit.back(self)


KINDS = ("language", "voice", "speed", "volume", "contrast", "text-size")
Value = str | float


def values_of(what: str, visit: Visit) -> tuple[Value, ...]:
    """What can be chosen."""
    match what:
        case "language":
            return visit.languages
        case "voice":
            return tuple(voice.id for voice in visit.voices_here())
        case "speed":
            return SPEEDS
        case "volume":
            return VOLUMES
        case "contrast":
            return visit.contrasts
        case _:
            return TEXT_SIZES


def value_now(what: str, preferences: Preferences) -> Value:
    """What is chosen."""
    match what:
        case "language":
            return preferences.language
        case "voice":
            return preferences.voice
        case "speed":
            return preferences.speed
        case "volume":
            return preferences.volume
        case "contrast":
            return preferences.contrast
        case _:
            return preferences.text_size


def changed(what: str, value: Value, preferences: Preferences) -> Preferences:
    """The preferences with another value."""
    match what:
        case "language":
            return replace(preferences, language=str(value), voice="")
        case "voice":
            return replace(preferences, voice=str(value))
        case "speed":
            return replace(preferences, speed=float(value))
        case "volume":
            return replace(preferences, volume=float(value))
        case "contrast":
            return replace(preferences, contrast=str(value))
        case _:
            return replace(preferences, text_size=float(value))


def value_named(what: str, value: Value, visit: Visit) -> str:
    """A value in words."""
    words = visit.words
    match what:
        case "language":
            return words_in(str(value))("language-own")
        case "voice":
            voices = visit.voices_here()
            named = (voice.name for voice in voices if voice.id == value)
            first = voices[0].name if voices and not value else str(value)
            return next(named, first)
        case "speed":
            return visit.speed_said(float(value))
        case "volume":
            return words("volume-percent", percent=round(float(value) * 100))
        case "contrast":
            name = f"contrast-{value}"
            return words(name) if words.has(name) else str(value)
        case _:
            return words("text-size-value", factor=float(value))


@dataclass(frozen=True, slots=True)
class ForStaff(Menu):
    """The pad: one of those known, or one that is taught."""

    about = "about-for-staff"
    menuless = True

    def heading(self, visit: Visit) -> str:
        """What it is."""
        return visit.words("for-staff-heading")

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """Teaching first, since it works with any pad."""
        words = visit.words
        learn = Item(words("learn-keys"), lambda: Learning(self).begin(visit))
        known = (
            Item(
                words(slug("profile", name)) if words.has(slug("profile", name)) else name,
                lambda name=name: self._use(visit, name),  # type: ignore[misc]
            )
            for name in visit.profiles
        )
        return (learn, *known)

    def _use(self, visit: Visit, name: str) -> list[Action]:
        """They are tried first, so that nobody is lost."""
        return Trying(self).begin(visit, visit.profiles[name])
