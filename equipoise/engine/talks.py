"""Tasks given to children, each watched until it answers, runs over its time, is stopped, or is gone."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from equipoise.engine.child import WORKER, Child, Ended
from equipoise.engine.matrix import Floats, Progress, Report
from equipoise.engine.wire import Frame

GRACE = 4.0
"""Seconds between asking a child to end and killing it while it searches."""
FINISHING = 13.0
"""The same while it polishes its plan: 15 seconds past the limit everything is over."""
POLL = 0.1

Found = tuple[float, Floats]
"""A plan and what its finder says it costs."""


@dataclass(eq=False)
class Reply:
    """What a child told.

    ``claim`` is its last word (as in highs.Answer; "gone" when it ended without one, and ``words`` say how), ``clean``
    the best plan of which it says that it keeps every rule, ``raw`` the best point its solver reported.
    """

    claim: str = "gone"
    words: str = ""
    clean: Found | None = None
    raw: Found | None = None
    bound: float | None = None
    origin: str = "linear relaxation as HiGHS states it"
    steps: list[str] = field(default_factory=list)
    proof: bool = False
    killed: bool = False

    def take(self, frame: Frame) -> bool:
        """Note what a frame says; true for the last one."""
        words, last = frame.words, frame.kind == "result"
        bound = words.get("bound")
        if bound is not None and math.isfinite(bound):
            self.bound = bound if last or self.bound is None else max(self.bound, bound)
            if words.get("stage") == "search":
                self.origin = "branch and bound of HiGHS"
        if frame.kind == "point":
            found = (float(words["own"]), frame.arrays["x"])
            if words["clean"]:
                self.clean = cheaper(self.clean, found)
            else:
                self.raw = cheaper(self.raw, found)
        if last:
            self.claim = words["claim"]
            self.steps = list(words.get("steps", ()))
            self.origin = words.get("origin") or self.origin
            self.proof = bool(words.get("proof"))
            if "x" in frame.arrays:
                self.clean = cheaper(self.clean, (float(words["objective"]), frame.arrays["x"]))
        return last


def cheaper(known: Found | None, found: Found | None) -> Found | None:
    """The cheaper of two plans; the one known where they cost the same."""
    if known is None or found is None:
        return found if known is None else known
    return found if found[0] < known[0] else known


@dataclass
class Clock:
    """When everything is to end: at the ``deadline`` (monotonic seconds), or when ``stop`` says that somebody asked."""

    began: float
    deadline: float
    stop: Callable[[], bool]
    asked: float | None = None

    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds to work with, never negative."""
        return 0.0 if self.over() is not None else self.deadline - time.monotonic()

    def over(self) -> float | None:
        """The moment from which everything is to end; None while there is time."""
        now = time.monotonic()
        if self.asked is None and self.stop():
            self.asked = now
        if self.asked is not None:
            return min(self.asked, self.deadline)
        return self.deadline if now >= self.deadline else None


class Talks:
    """Runs children one after the other under one clock, and tells of progress."""

    def __init__(self, clock: Clock, progress: Report | None = None, arguments: Sequence[str] = WORKER):
        self.clock = clock
        self._progress = progress
        self._arguments = arguments
        self._objective: float | None = None
        self._bound: float | None = None

    def ask(self, task: Frame, arguments: Sequence[str] | None = None, silent: bool = False) -> Reply:
        """Give the task to a new child and hear it out. ``silent``: its figures are not those of the plan."""
        reply = Reply()
        stage, told = ("finishing" if task.kind == "polish" else task.kind), False
        child = Child(task, arguments or self._arguments)
        try:
            while True:
                event = child.next(POLL)
                if isinstance(event, Ended):
                    reply.words = event.words
                    return reply
                if event is not None:
                    stage = str(event.words.get("stage", stage))
                    if reply.take(event):
                        return reply
                    self._tell(reply, stage, silent)
                over = self.clock.over()
                if over is not None and not told:
                    child.stop()
                    told = True
                if over is not None and time.monotonic() >= over + (FINISHING if stage == "finishing" else GRACE):
                    reply.killed = True
                    reply.words = "the solver process did not end in time and was ended"
                    return reply
        finally:
            child.close()

    def _tell(self, reply: Reply, stage: str, silent: bool) -> None:
        if not silent:
            found = cheaper(reply.clean, reply.raw)
            if found is not None and (self._objective is None or found[0] < self._objective):
                self._objective = found[0]
            if reply.bound is not None and (self._bound is None or reply.bound > self._bound):
                self._bound = reply.bound
        if self._progress is not None:
            self._progress(Progress(self.clock.seconds(), self._objective, self._bound, stage))
