"""Processes that are killed at their work: as told, or before each file operation in turn."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator

WATCHED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect")


def was_killed(arm: Callable[[], object], work: Callable[[], object]) -> bool:
    """Whether a process that does `work` was killed by what `arm` prepared in it.

    False: it was done before. Whatever the process holds, goes as it would with the power.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            arm()
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed"
    return False


def run_until(step: int, work: Callable[[], object]) -> bool:
    """Do `work` in a process that is killed before its file operation number `step`, counted from
    1; whether it came that far."""
    left = step

    def watch(event: str, _args: object) -> None:
        nonlocal left
        if event in WATCHED:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return was_killed(lambda: sys.addaudithook(watch), work)


def steps(work: Callable[[int], Callable[[], object]]) -> Iterator[int]:
    """Each step at which the work can be killed, once it has been."""
    step = 1
    while run_until(step, work(step)):
        yield step
        step += 1
    assert step > 20
