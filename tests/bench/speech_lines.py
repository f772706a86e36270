"""The lines that both ways of speaking are given."""

from __future__ import annotations

RUNS = 20
WARM_LINES = 100  # until caches and allocators have their size
MANY = 1000
LINES = (
    "Welcome. Press select to choose a painting.",
    "Who has seen the wind?",
    "Neither I nor you:",
    "But when the leaves hang trembling,",
    "The wind is passing through.",
)


def line_of(number: int) -> str:
    """A line that differs from all others, so that nothing is remembered of it."""
    return f"{LINES[number % len(LINES)]} {number}"


VERSE = LINES[1:]  # without a full stop inside, whose pause might be taken for a line's end
CANCELLED = f"{LINES[0]} {LINES[3]}"  # long enough to be stopped in its middle
