"""Tasks given to children, each watched until it answers, runs over its time, is stopped, or is gone."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from equipoise.engine.matrix import Floats, Progress, Report
from equipoise.engine.pace import (
    CLOSABLE,
    CLOSE_START,
    FINISHING,
    GRACE,
    HEAD_START,
    STRONG_CLOSE_START,
    STRONG_HEAD_START,
    UNNAMED_START,
    WIDE_START,
)
from equipoise.engine.parent.process import Child, Ended, Workers
from equipoise.engine.parent.team import Team
from equipoise.engine.verdict import relative_gap
from equipoise.engine.wire import Frame

POLL = 0.1
"""Seconds between two looks at the clock."""

Found = tuple[float, Floats]
"""A plan and what its finder says it costs."""
Judge = Callable[[Found, bool], Found | None]
"""A plan as it really is, None where it is none; and whether its finder calls it one that keeps every rule."""
Proven = Callable[[float], bool]
"""Whether a bound proves the best plan that was judged."""


@dataclass(eq=False)
class Reply:
    """What a child told.

    ``claim`` is its last word (as in highs.Answer; "gone" when it ended without one, and ``words`` say how), ``clean``
    the best plan of which it says that it keeps every rule, ``raw`` the best point its solver reported. ``mates`` is the best
    bound that others told meanwhile, and where it comes from.
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
    judge: Judge | None = None
    mates: tuple[float, str] | None = None

    @property
    def bounds(self) -> list[tuple[float, str]]:
        """The bounds with their origins, the weaker first: should the better one prove false, the other one is left."""
        own = [] if self.bound is None else [(self.bound, self.origin)]
        return sorted([*own, *([] if self.mates is None else [self.mates])])

    @property
    def best_bound(self) -> float | None:
        return self.bounds[-1][0] if self.bounds else None

    def take(self, frame: Frame) -> bool:
        """Note what a frame says; true for the last one."""
        words, last = frame.words, frame.kind == "result"
        bound = words.get("bound")
        if bound is not None and math.isfinite(bound) and (last or self.bound is None or bound > self.bound):
            self.bound, self.origin = bound, words.get("origin") or self.origin
        if frame.kind == "point":
            found = (float(words["own"]), frame.arrays["x"])
            if words["clean"]:
                self.keep(found)
            else:
                self.raw = cheaper(self.raw, found)
        if last:
            self.claim = words["claim"]
            self.steps = list(words.get("steps", ()))
            self.proof = bool(words.get("proof"))
            if "x" in frame.arrays:
                self.keep((float(words["objective"]), frame.arrays["x"]))
        return last

    def keep(self, found: Found) -> None:
        """Take a plan that its finder calls clean, where it is the cheapest and, if there is a judge, stands its test."""
        if cheaper(self.clean, found) is found:
            self.clean = cheaper(self.clean, found if self.judge is None else self.judge(found, True))


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
    """Gives tasks to children, one task after the other under one clock, and tells of progress."""

    def __init__(self, clock: Clock, progress: Report | None = None, workers: Workers | None = None):
        self.clock = clock
        self._progress = progress
        self._workers = workers or Workers()
        self._objective: float | None = None
        self._bound: float | None = None

    def ask(
        self,
        task: Frame,
        workers: Workers | None = None,
        silent: bool = False,
        mates: Sequence[Frame] = (),
        proven: Proven | None = None,
        judge: Judge | None = None,
    ) -> Reply:
        """Give the task to a new child, with mates beside it, and hear it out. ``silent``: its figures are not those of the plan.

        ``proven`` ends it as soon as a plan and a bound that different children found meet. ``judge`` looks at every
        plan before another child hears of it, so that a false one takes no true one's place.
        """
        try:
            team = Team(task, workers or self._workers)
        except OSError as error:  # no room, no memory, too many processes: what is known already is not lost
            return Reply(words=f"the solver process could not be started ({error.strerror or error})")
        with team:
            return _Talk(self, team, task, silent, list(mates), proven, judge).hear()

    def tell(self, reply: Reply, stage: str, silent: bool) -> None:
        """Tell the caller where the solve stands."""
        if not silent:
            found = cheaper(reply.clean, reply.raw)
            if found is not None and (self._objective is None or found[0] < self._objective):
                self._objective = found[0]
            if reply.best_bound is not None and (self._bound is None or reply.best_bound > self._bound):
                self._bound = reply.best_bound
        if self._progress is not None:
            self._progress(Progress(self.clock.seconds(), self._objective, self._bound, stage))


class _Talk:
    """One task being heard out."""

    def __init__(
        self,
        talks: Talks,
        team: Team,
        task: Frame,
        silent: bool,
        mates: list[Frame],
        proven: Proven | None,
        judge: Judge | None,
    ):
        self._talks, self._team, self._silent, self._mates, self._proven = talks, team, silent, mates, proven
        self._reply = Reply(judge=judge)
        self._notes: dict[int, str] = {}
        self._done: set[int] = set()
        self._passed: Found | None = None
        self._stage = "finishing" if task.kind == "polish" else task.kind
        self._began = time.monotonic()
        self._told = self._strong = False

    def hear(self) -> Reply:
        """Everything until the main child answers, is gone, or has to be ended."""
        reply = self._reply
        while True:
            said = self._team.next(POLL)
            if said is not None and self._take(*said):
                break
            if self._mates and time.monotonic() - self._began >= self._alone() and self._talks.clock.left() > 0:
                for mate in self._mates:
                    self._team.join(mate)
                self._mates = []
            if self._overdue():
                reply.killed = True
                reply.words = "the solver process did not end in time and was ended"
                break
        reply.steps = [*self._notes.values(), *reply.steps]
        return reply

    def _alone(self) -> float:
        """Seconds that the main child has to itself, as things stand."""
        if self._mates[0].words.get("meaning", "") is None:
            return UNNAMED_START
        head, wide, close = HEAD_START, WIDE_START, CLOSE_START
        if self._strong:
            head, wide, close = STRONG_HEAD_START, STRONG_HEAD_START, STRONG_CLOSE_START
        found = cheaper(self._reply.clean, self._reply.raw)
        bound = self._reply.best_bound
        if found is None or bound is None:
            return head
        return wide if relative_gap(found[0], bound) > CLOSABLE else close

    def _overdue(self) -> bool:
        """Time is over and the main child had its time to end; the first time it is told."""
        over = self._talks.clock.over()
        if over is None:
            return False
        if not self._told:
            self._team.stop()
            self._told = True
        return time.monotonic() >= over + (FINISHING if self._stage == "finishing" else GRACE)

    def _take(self, child: Child, event: Frame | Ended) -> bool:
        """Note what somebody said; true when that ends the talk."""
        reply, main = self._reply, child is self._team.main
        if isinstance(event, Ended):
            if main:
                reply.words = event.words
            elif child.pid not in self._done:
                self._notes[child.pid] = f"a child that looked for better plans is gone, nothing is lost: {event.words}"
            return main
        if event.kind == "strong":
            self._strong = True
            return False
        if event.kind == "guide":
            self._team.pass_on(event, child)
            return False
        if main:
            self._stage = str(event.words.get("stage", self._stage))
        elif event.kind == "result":
            self._done.add(child.pid)
            self._notes[child.pid] = "; ".join(event.words["steps"])
        elif event.words.get("note"):
            self._notes[child.pid] = str(event.words["note"])
        known = reply.best_bound
        if self._merge(event, main):
            return True
        bound = reply.best_bound
        if bound is not None and (known is None or bound > known):
            self._team.pass_on(Frame("bound", {"bound": bound}), child)
        self._pass_on_plan(event, child)
        self._talks.tell(reply, self._stage, self._silent)
        return self._is_proven()

    def _pass_on_plan(self, event: Frame, child: Child) -> None:
        """Tell the others of a better plan. A point that a solver reported is judged first: it may look cheaper than it is."""
        found, judge = self._reply.clean, self._reply.judge
        if event.kind == "point" and not event.words["clean"]:
            point = (float(event.words["own"]), event.arrays["x"])
            found = cheaper(found, point if judge is None else judge(point, False))
        if found is not None and cheaper(self._passed, found) is not self._passed:
            self._passed = found
            self._team.pass_on(Frame("plan", {"objective": found[0]}, {"x": found[1]}), child)

    def _merge(self, event: Frame, main: bool) -> bool:
        """Take over the figures; true for the last frame of the main child."""
        if main:
            return self._reply.take(event)
        mate = Reply()
        mate.take(event)
        if mate.clean is not None:
            self._reply.keep(mate.clean)
        if mate.raw is not None:
            self._reply.raw = cheaper(self._reply.raw, mate.raw)
        if mate.bound is not None and (self._reply.mates is None or mate.bound > self._reply.mates[0]):
            self._reply.mates = mate.bound, mate.origin
        return False

    def _is_proven(self) -> bool:
        reply = self._reply
        if self._proven is None or self._stage == "finishing":
            return False
        if not any(self._proven(bound) for bound, _ in reply.bounds):
            return False
        reply.claim = "optimal"
        return True
