"""Moments, as the store writes them down."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """This moment: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
