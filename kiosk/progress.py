"""Progress bars and remarks for whoever watches the terminal. Always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tqdm import tqdm


class Told:
    """Turns calls of (what, done, total) into one bar per thing that is being done.

    Where stderr is no terminal there are no bars: a log has no use for them.
    """

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None
        self._what = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._bar is None or what != self._what:
            self.close()
            self._what = what
            from tqdm import tqdm

            unit = {"unit": "B", "unit_scale": True} if total > 1_000_000 else {"unit": ""}
            self._bar = tqdm(
                total=total, desc=what, file=sys.stderr, leave=False, disable=None, **unit
            )
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def of(self, what: str) -> Callable[[int, int], None]:
        """For whoever only tells (done, total)."""
        return lambda done, total: self(what, done, total)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def note(sentence: str) -> None:
    """One sentence to whoever watches the terminal."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
