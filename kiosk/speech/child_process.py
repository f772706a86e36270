"""A helper process that answers one JSON line with one JSON line, within a time limit.

Native speech libraries hang and crash; in a process of their own they can do so without taking
the kiosk along. Started at the first question, kept warm, thrown away whenever it misbehaves.

Pipes are read by a thread of our own into a queue, because waiting for a pipe with a time limit
is not possible everywhere that the kiosk may run.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Any, BinaryIO

from kiosk.speech.synthesiser import Unwanted, Wanted, always

Message = dict[str, Any]

TOO_LATE = "it did not answer within {:g} s"
_LOOK_S = 0.02  # how often a waiting question asks whether it is still wanted
_LONGEST_LINE = 1 << 20  # bytes; a child that sends more without a line's end talks garbage


class ChildFailedError(Exception):
    """The child hung, died, or answered with something that is no answer. It is gone now."""

    def __init__(self, reason: str, *, hung: bool = False) -> None:
        super().__init__(reason)
        self.hung = hung


class ChildUnusableError(ChildFailedError):
    """The child says that it can never work here: its library is missing. Asking again is vain."""


class ChildProcess:
    """One child at a time. Not for use from two threads at once, except `close`."""

    def __init__(self, command: Sequence[str], *, start_limit_s: float = 20.0) -> None:
        self._command = list(command)
        self._start_limit_s = start_limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes | None] = queue.Queue()
        self._number = 0
        self.starts = 0  # how many children there have been

    @property
    def pid(self) -> int | None:
        """The living child's process id."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def ask(
        self, question: Message, *, limit_s: float, grace_s: float = 0.3, wanted: Wanted = always
    ) -> Message:
        """The child's answer; it is started first if need be.

        Once `wanted` turns false the child has `grace_s` seconds to come to an end in good order
        (a healthy one does, and stays warm), then it is killed. Raises Unwanted;
        ChildFailedError; ChildUnusableError where trying again is vain.
        """
        if self.pid is None:
            self._start(wanted)
        self._number += 1
        self._send({**question, "id": self._number})
        answer = self._receive(limit_s, grace_s, wanted)
        if answer.get("id") != self._number:
            self.kill()
            raise ChildFailedError("it answered a question that was not asked")
        return answer

    def kill(self) -> None:
        """Ends the child at once, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def close(self) -> None:
        """Ends the child."""
        self.kill()

    def _start(self, wanted: Wanted) -> None:
        self.kill()
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise ChildUnusableError(f"it could not be started: {error.strerror}") from error
        assert process.stdout is not None  # noqa: S101  (asked for above)
        self._process = process
        self.starts += 1
        self._answers = queue.Queue()
        threading.Thread(
            target=_read_lines,
            args=(process.stdout, self._answers),
            name="speech-child-reader",
            daemon=True,
        ).start()
        # A child that is only just starting is not thrown away because one line became stale: the
        # next line needs it too.
        hello = self._receive(self._start_limit_s, self._start_limit_s, wanted)
        if "fatal" in hello:
            self.kill()
            raise ChildUnusableError(str(hello["fatal"]))

    def _send(self, message: Message) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise ChildFailedError("it is gone")
        try:
            process.stdin.write(json.dumps(message).encode() + b"\n")
            process.stdin.flush()
        except (OSError, ValueError) as error:
            self.kill()
            raise ChildFailedError("it died") from error

    def _receive(self, limit_s: float, grace_s: float, wanted: Wanted) -> Message:
        end = time.monotonic() + limit_s
        stale = False
        while True:
            try:
                line = self._answers.get(timeout=_LOOK_S)
                break
            except queue.Empty:
                now = time.monotonic()
                if not stale and not wanted():
                    stale = True
                    end = min(end, now + grace_s)
                if now >= end:
                    self.kill()
                    if stale:
                        raise Unwanted from None
                    raise ChildFailedError(TOO_LATE.format(limit_s), hung=True) from None
        if line is None:
            self.kill()
            raise ChildFailedError("it died")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.kill()
            raise ChildFailedError("it answered with something that is no answer")
        return answer


def run_once(command: Sequence[str], *, limit_s: float, wanted: Wanted = always) -> bytes:
    """What a program printed that is started for one task and ends by itself.

    Killed at its limit, and as soon as `wanted` turns false. Raises Unwanted; ChildFailedError for
    a program that hung or ended badly; ChildUnusableError where it is not installed.
    """
    end = time.monotonic() + limit_s
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise ChildUnusableError(f"it could not be started: {error.strerror}") from error
    with process:
        while True:
            try:
                printed, _ = process.communicate(timeout=_LOOK_S)
                break
            except subprocess.TimeoutExpired:
                stale = not wanted()
                if stale or time.monotonic() >= end:
                    process.kill()
                    if stale:
                        raise Unwanted from None
                    raise ChildFailedError(TOO_LATE.format(limit_s), hung=True) from None
    if process.returncode:
        raise ChildFailedError("it died")
    return printed


def _read_lines(pipe: BinaryIO, lines: queue.Queue[bytes | None]) -> None:
    """Puts each line, and None at the end, where the asking thread finds them."""
    with contextlib.suppress(OSError, ValueError):  # closed under us by `kill`
        while line := pipe.readline(_LONGEST_LINE):
            lines.put(line)
    lines.put(None)
