"""What is still to be said, and where in it the visitor is: the decisions of the voice.

Any thread may leave a note here; the speech thread reads them. Nothing in here plays, waits for
sound or calls anybody, so that every order of events can be tried without threads.

1. `say` queues a job with the present ticket; NOW and `stop` raise the ticket, and every job with
   an older one is stale.
2. The speech thread takes jobs one by one, and asks `steer` every hundredth of a second what to do.
3. It tells `heard` which segment the visitor hears. `move` starts from there, or from the move
   before, if that has not been carried out yet.
4. A move within the job under way is a target that the speech thread takes up; when nothing is
   being said, what was heard last is said again from the target on.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from kiosk.narration import Narration
from kiosk.speech.player import Steer
from kiosk.speech.speech_event import Priority
from kiosk.steps import Step, find_step


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visitor is: in which narration, at which of its segments."""

    narration: Narration
    segment: int


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A narration to be said, from a segment on."""

    ticket: int
    priority: Priority
    narration: Narration
    first: int = 0


class Agenda:
    """The notes. Every method returns at once, but `take` and `wait`."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[Job] = []
        self._ticket = 0  # jobs with an older one are stale
        self._current: Job | None = None
        self._target: int | None = None  # in the job under way
        self._place: Place | None = None
        self._paused = False
        self._closing = False

    # From any thread.

    def say(self, narration: Narration, priority: Priority, first: int = 0) -> None:
        """Queues it. Raises ValueError when it has no segment `first`."""
        if not 0 <= first < len(narration.segments):
            raise ValueError(f"the narration has no segment {first}")
        with self._changed:
            if priority is Priority.NOW:
                self._forget()
            self._add(Job(self._ticket, priority, narration, first))

    def stop(self) -> None:
        """Everything said so far is stale."""
        with self._changed:
            self._forget()
            self._changed.notify_all()

    def pause(self) -> None:
        """Holds the job under way, and those to come."""
        self._paused = True

    def resume(self) -> None:
        """Ends a pause."""
        self._paused = False

    def move(self, step: Step) -> bool:
        """Goes there; False where there is nothing, and then nothing changes. Ends a pause."""
        with self._changed:
            place, under_way, waiting = self._place, self._under_way(), self._next_fresh()
            meant = under_way or waiting
            if place is None or (meant is not None and meant.narration is not place.narration):
                return False  # what the visitor could mean has not been heard yet
            target = find_step(place.narration.segments, place.segment, step)
            if target is None:
                return False
            self._paused = False
            if under_way is not None:
                self._target = target
            else:
                if waiting is not None:  # asked for a moment ago, and not begun
                    self._queue.remove(waiting)
                self._add(Job(self._ticket, Priority.NOW, place.narration, target))
            self._place = Place(place.narration, target)
            return True

    @property
    def place(self) -> Place | None:
        """Where the visitor is, or was when it fell silent."""
        return self._place

    def forget_place(self) -> None:
        """The next visitor cannot go back into what this one heard."""
        with self._changed:
            self._place = None

    def wait(self, timeout: float | None = None) -> bool:
        """Until nothing is to be said any more; False after the timeout."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._queue and self._current is None, timeout
            )

    def close(self) -> None:
        """Everything is stale, and `take` gives None once it has been told so."""
        with self._changed:
            self._closing = True
            self._forget()
            self._changed.notify_all()

    # From the speech thread.

    def take(self, *, block: bool = True) -> Job | None:
        """The next job, which may be stale and is then only to be reported; None at the end.

        Without `block` also None when there is nothing to be said now.
        """
        with self._changed:
            if block:
                self._changed.wait_for(lambda: self._queue or self._closing)
            if not self._queue:
                return None
            self._current = self._queue.pop(0)
            return self._current

    def finish(self, job: Job) -> None:
        """The job's end was told."""
        with self._changed:
            self._current = None
            target, self._target = self._target, None
            if target is not None and not self.stale(job):  # asked for as the last sound faded
                self._add(Job(self._ticket, Priority.NOW, job.narration, target))
            self._changed.notify_all()

    def stale(self, job: Job) -> bool:
        """Whether nobody waits for it any more."""
        return job.ticket != self._ticket

    def steer(self, job: Job) -> Steer:
        """What is to be done with its sound; STOP also where a target is to be taken up."""
        if job.ticket != self._ticket or self._target is not None:
            return Steer.STOP
        return Steer.PAUSE if self._paused else Steer.PLAY

    def heard(self, job: Job, segment: int) -> None:
        """The first sample of this segment was heard."""
        with self._changed:
            if self._target is None and not self.stale(job):
                self._place = Place(job.narration, segment)

    def take_target(self, job: Job) -> int | None:
        """Where to go on; None where nobody asked, or the job is stale."""
        with self._changed:
            target, self._target = self._target, None
            return None if self.stale(job) else target

    def _forget(self) -> None:
        self._ticket += 1
        self._paused = False
        self._target = None

    def _add(self, job: Job) -> None:
        self._queue.append(job)
        # Stable: among equals the older comes first. Stale ones come before all, to be told.
        self._queue.sort(key=lambda waiting: (waiting.ticket, waiting.priority))
        self._changed.notify_all()

    def _under_way(self) -> Job | None:
        return None if self._current is None or self.stale(self._current) else self._current

    def _next_fresh(self) -> Job | None:
        return next((job for job in self._queue if not self.stale(job)), None)
