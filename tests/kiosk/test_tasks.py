"""Background work: where it is done, where its results arrive, and what is dropped."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from kiosk.tasks import ImmediatePool, Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_work_is_done_elsewhere_and_its_result_arrives_here(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[tuple[str, str]] = []
    tasks.run_task(
        lambda: threading.current_thread().name,
        lambda name: seen.append((name, threading.current_thread().name)),
        lambda problem: pytest.fail(str(problem)),
    )
    assert seen == []  # nothing happens before the event loop turns
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("worker", "MainThread")]


def test_what_work_raises_arrives_here_and_the_next_task_is_done(
    tasks: Tasks, qtbot: QtBot
) -> None:
    seen: list[object] = []
    tasks.run_task(lambda: 1 // 0, seen.append, lambda problem: seen.append(type(problem)))
    tasks.run_task(lambda: "second", seen.append, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [ZeroDivisionError, "second"]


def test_after_close_late_results_are_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[str] = []
    begun, go = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        go.wait(5)
        return "late"

    tasks.run_task(slow, seen.append, lambda _: seen.append("failed"))
    tasks.run_task(lambda: "never begun", seen.append, lambda _: seen.append("failed"))
    assert begun.wait(5)
    go.set()
    tasks.close()
    tasks.run_task(lambda: "too late", seen.append, lambda _: seen.append("failed"))
    qtbot.wait(50)
    assert seen == []


def test_an_immediate_pool_does_it_at_once(qtbot: QtBot) -> None:
    seen: list[int] = []
    tasks = Tasks(ImmediatePool())
    tasks.run_task(lambda: 1, seen.append, lambda _: None)
    assert seen == [1]
    tasks.close()
