"""Processes that are killed before each of their file operations in turn."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator

WATCHED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect")


def run_until(step: int, work: Callable[[], object]) -> bool:
    """Do `work` in a process that is killed before its file operation number `step`, counted from
    1; whether it came that far. Whatever the process holds, goes as it would with the power."""
    child = os.fork()
    if child == 0:
        left = step

        def watch(event: str, _args: object) -> None:
            nonlocal left
            if event in WATCHED:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            sys.addaudithook(watch)
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def steps(work: Callable[[int], Callable[[], object]]) -> Iterator[int]:
    """Each step at which the work can be killed, once it has been."""
    step = 1
    while run_until(step, work(step)):
        yield step
        step += 1
    assert step > 20
