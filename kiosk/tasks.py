"""One door to background work.

`run_task(work, then, failed)` does `work` on the worker's thread and calls `then` with its result,
or `failed` with what it raised, on the GUI thread. There is one worker: the model is not asked two
things at once, and tasks are done in the order in which they were asked for. After `close` what is
still to come is dropped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

Result = TypeVar("Result")
Job = Callable[[], None]

WORKER = "worker"  # the thread's name

_log = logging.getLogger(__name__)


def work_goes_on() -> bool:
    """Whether a closed worker is still at it: importing a library cannot be interrupted."""
    return any(thread.name == WORKER for thread in threading.enumerate())


class Pool(Protocol):
    """Where work is done."""

    def submit(self, job: Job) -> None:
        """Do this, now or later; it does not raise."""
        ...

    def close(self, patience_s: float) -> None:
        """Drop what was not begun; wait so long for what was."""
        ...


class WorkerPool:
    """One thread. It never keeps the program alive."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=WORKER, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Do this after what was asked for before."""
        self._jobs.put(job)

    def close(self, patience_s: float) -> None:
        """Drop what was not begun; wait so long for what was."""
        self._closed.set()
        self._jobs.put(None)
        self._thread.join(patience_s)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._closed.is_set():
                job()


class ImmediatePool:
    """For tests: work is done as it is asked for, on the thread that asks."""

    def submit(self, job: Job) -> None:
        """Do this now."""
        job()

    def close(self, patience_s: float) -> None:
        """Nothing is waiting."""


class Tasks(QObject):
    """The door. Make it, and call it, on the GUI thread."""

    _done = Signal(object)

    def __init__(self, pool: Pool | None = None) -> None:
        super().__init__()
        self._pool = pool if pool is not None else WorkerPool()
        self._open = True
        # Queued from the worker's thread, direct where the pool works on this one.
        self._done.connect(self._deliver, Qt.ConnectionType.AutoConnection)

    def run_task(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do `work` elsewhere; exactly one of `then` and `failed` follows here, unless closed."""

        def job() -> None:
            answer: Callable[[], None]
            try:
                result = work()
            except Exception as problem:  # whoever asked decides what it means
                blame = problem
                answer = lambda: failed(blame)  # noqa: E731
            else:
                answer = lambda: then(result)  # noqa: E731
            try:
                self._done.emit(answer)
            except RuntimeError:  # Qt's side of us is gone: the program is ending
                _log.debug("a result came after the window was gone")

        if self._open:
            self._pool.submit(job)

    def close(self, patience_s: float = 5.0) -> None:
        """Drop what is to come. Waits a little for the work under way, which may hold files."""
        self._open = False
        self._pool.close(patience_s)

    def _deliver(self, answer: Any) -> None:
        if self._open:
            answer()
