"""What one visitor may change for the length of a visit. Everything returns to the defaults."""

from __future__ import annotations

from dataclasses import dataclass

SPEEDS = (0.5, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)  # times the voice's own pace
VOLUMES = (0.05, 0.12, 0.25, 0.4, 0.6, 0.8, 1.0)  # 26 dB from the softest to the loudest
TEXT_SIZES = (1.0, 1.3, 1.7, 2.2)  # times the size that the viewing distance asks for


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a visitor wants to be spoken to, and to read."""

    language: str = "en"  # BCP 47, of the kiosk's own words
    voice: str = ""  # a voice's id; empty: the first for the language
    speed: float = 1.0  # 0.5 to 3
    volume: float = 0.8  # 0 to 1
    contrast: str = "dark"  # a colour scheme
    text_size: float = 1.0  # factor on all letters


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """One voice that a visitor may choose."""

    id: str
    name: str  # as it is said and shown
    language: str  # BCP 47


def step(values: tuple[float, ...], value: float, by: int) -> float:
    """The neighbour of `value` among `values`, `by` steps on; the end stays the end."""
    nearest = min(range(len(values)), key=lambda at: abs(values[at] - value))
    return values[min(max(nearest + by, 0), len(values) - 1)]
