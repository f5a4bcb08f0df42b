"""Independent blocks solved side by side: each in children of its own, and what they find put together.

The whole is worth what its blocks are worth together: plans, costs and bounds are sums, and its status follows from the
sums. There is a group of blocks for each process; when one is done early the processes turn to the others.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from equipoise.engine.blocks import NOTHING, Split, for_processes, gaps, outweighs
from equipoise.engine.known import KnownOfBlock
from equipoise.engine.matrix import Floats, Limits, Matrix, Outcome, Progress, Report, TellPlan
from equipoise.engine.meaning import Meaning
from equipoise.engine.parent.ladder import Ladder
from equipoise.engine.parent.process import Workers
from equipoise.engine.parent.talks import POLL, Clock, Talks
from equipoise.engine.points import Point, judged
from equipoise.engine.verdict import verdict

IDLE = 0.05
"""Share of the time that a process may have nothing to do before work is dealt anew,"""
EARLY = 0.5
"""which is done only while so much of it is left: the solves that still run begin anew, from their plans."""
LAST = 0.05
"""Share of the time for which another round is not worth while."""
ROUNDS = 4
"""Most rounds."""
TOLD = 3
"""Of so many groups that were not closed the steps are told one by one."""


@dataclass(eq=False, kw_only=True)
class Group(KnownOfBlock):
    """Blocks that are solved together. ``shown`` and ``raised``: cost and bound that running solves have told of."""

    shown: float = math.inf
    raised: float = -math.inf

    def found(self, x: Floats) -> bool:
        """Take over a plan; false where it is no better one."""
        better = self.accept(judged(self.matrix, x))
        if better:
            self.shown = min(self.shown, self.cost)
            self.told(None)
        return better

    def ended(self, outcome: Outcome) -> None:
        """What a solve of the group came to."""
        self.steps = list(outcome.steps)
        if outcome.x is not None:
            self.found(outcome.x)
        if self.raise_bound(outcome.bound, outcome.bound_origin):
            self.told(self.bound)

    def told(self, bound: float | None) -> None:
        """Take over a bound that a running solve has told of, and drop the one that a plan belies."""
        if bound is not None and bound > self.raised and not self.belied(bound):
            self.raised = bound
        if self.belied(self.raised):
            self.raised = self.bound


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan that a running solve has found."""

    x: Floats


Said = Progress | Plan | Outcome | BaseException
"""What a running solve says: where it stands, a plan; last of all its outcome, or what broke it off."""


@dataclass(frozen=True, eq=False)
class Listener:
    """Whom to tell: of progress, and of better plans."""

    progress: Report | None
    plan: TellPlan | None


class Apart:
    """One solve of a matrix that falls apart. All that is told is told in the thread that asked for it."""

    def __init__(
        self,
        matrix: Matrix,
        split: Split,
        limits: Limits,
        start: Floats | None,
        clock: Clock,
        listener: Listener,
        workers: Workers,
        meaning: Meaning | None,
    ):
        self._matrix, self._split, self._limits, self._start = matrix, split, limits, start
        self._clock, self._listener, self._workers, self._meaning = clock, listener, workers, meaning
        self._groups = [Group.of(split, block, meaning) for block in for_processes(split.blocks, limits.threads)]
        self._said: queue.Queue[tuple[Group, Said]] = queue.Queue()
        self._running: dict[Group, Clock] = {}
        self._threads: list[threading.Thread] = []
        self._told = math.inf
        self._enough = self._anew = False
        self._final: Literal["infeasible", "unbounded"] | None = None
        self._last: Group | None = None
        self._round = 0

    # ---------------------------------------------------------------- rounds

    def solve(self) -> Outcome:
        """Solve the groups until the whole is proven to its gap, or no time is left. Raises SolverError."""
        try:
            while (open_ := self._open()) and self._goes_on():
                self._deal(open_)
                self._round += 1
        finally:
            self._break_off()
        if self._final == "unbounded" and any(group.best is None for group in self._groups if group is not self._last):
            talks = Talks(self._clock, self._listener.progress, self._workers)
            return Ladder(self._matrix, self._limits, self._start, talks, self._meaning, self._listener.plan).climb()
        return self._outcome()

    def _goes_on(self) -> bool:
        """Another round is worth while."""
        late = self._clock.left() <= LAST * self._limits.time_limit
        return not self._is_over() and (self._round == 0 or (self._round < ROUNDS and not late))

    def _open(self) -> list[tuple[Group, float]]:
        """The groups that are not closed, the heaviest first, each with the gap that it needs."""
        costs, bounds = np.array([g.cost for g in self._groups]), np.array([g.bound for g in self._groups])
        needed = gaps(costs, bounds, self._split.base, self._limits.gap).tolist()
        return [(group, gap) for group, gap in zip(self._groups, needed, strict=True) if not math.isnan(gap)]

    def _deal(self, open_: list[tuple[Group, float]]) -> None:
        """One round: the open groups side by side, until all are done or processes have nothing to do for long."""
        threads, limit = self._limits.threads, self._limits.time_limit
        lone = outweighs([group.block for group, _ in open_], threads)
        even = max(1, threads // len(open_))
        busy_until, self._anew = time.monotonic(), False
        for n, (group, gap) in enumerate(open_):
            self._begin(group, gap, even if not lone else 1 if n else threads)
        while self._running:
            self._hear()
            left = self._clock.left()
            if len(self._running) == len(open_):
                busy_until = time.monotonic()
            elif not lone and left > EARLY * limit and time.monotonic() > busy_until + IDLE * limit:
                self._anew = True

    def _begin(self, group: Group, gap: float, threads: int) -> None:
        """Let a thread solve the group."""
        clock = Clock(self._clock.began, self._clock.deadline, lambda: self._anew or self._is_over())
        seed = self._limits.seed + 10 * self._round
        thread = threading.Thread(
            target=self._climb,
            args=(group, replace(self._limits, gap=gap, threads=threads, seed=seed), clock),
            daemon=True,
        )
        self._running[group] = clock
        self._threads.append(thread)
        thread.start()

    def _climb(self, group: Group, limits: Limits, clock: Clock) -> None:
        talks = Talks(clock, lambda progress: self._said.put((group, progress)), self._workers)
        kind = "solve" if group.block.joined == 1 else "blocks"
        known = group.best if group.best and group.best.clean else None
        given = None if self._start is None else self._start[group.block.columns]
        start = group.best.x if group.best else given

        def tell(x: Floats, _cost: float) -> None:
            self._said.put((group, Plan(x)))

        ladder = Ladder(group.matrix, limits, start, talks, group.meaning, tell, kind, known)
        try:
            self._said.put((group, ladder.climb()))
        except BaseException as error:  # raised again by the thread that hears it
            self._said.put((group, error))

    def _is_over(self) -> bool:
        """All solves are to end. Called by all threads."""
        return self._enough or self._final is not None or self._clock.over() is not None

    def _break_off(self) -> None:
        """End the solves that still run, at once, and wait for their threads."""
        for clock in self._running.values():
            clock.deadline = clock.asked = -math.inf
        for thread in self._threads:
            thread.join()

    # --------------------------------------------------------------- hearing

    def _hear(self) -> None:
        """Take in what is said next."""
        try:
            group, said = self._said.get(timeout=POLL)
        except queue.Empty:
            return
        if isinstance(said, BaseException):
            raise said
        if isinstance(said, Plan):
            if group.found(said.x):
                self._tell_plan()
        elif isinstance(said, Outcome):
            del self._running[group]
            group.ended(said)
            if said.status in ("infeasible", "unbounded") and self._final != "infeasible":
                self._final, self._last = said.status, group
            self._tell_plan()
        else:
            self._tell(group, said)
        self._judge()

    def _tell(self, group: Group, progress: Progress) -> None:
        """Tell where the whole stands."""
        group.shown = min(group.shown, math.inf if progress.objective is None else progress.objective)
        group.told(progress.bound)
        if self._listener.progress is not None:
            cost, bound = self._sum([g.shown for g in self._groups]), self._sum([g.raised for g in self._groups])
            self._listener.progress(Progress(self._clock.seconds(), cost, bound, progress.stage))

    def _sum(self, figures: Sequence[float]) -> float | None:
        total = math.fsum([self._split.base, *figures])
        return total if math.isfinite(total) else None

    def _plan(self) -> Point | None:
        """The best plan of the whole; None while a group has none."""
        known = [(group.block, group.best.x) for group in self._groups if group.best is not None]
        return judged(self._matrix, self._split.plan(known)) if len(known) == len(self._groups) else None

    def _tell_plan(self) -> None:
        if self._listener.plan is None or self._sum([group.cost for group in self._groups]) is None:
            return
        point = self._plan()
        if point is not None and point.clean and point.objective < self._told:
            self._told = point.objective
            self._listener.plan(point.x, point.objective)

    def _judge(self) -> None:
        """Whether the sums prove the plan of the whole."""
        cost, bound = self._sum([group.cost for group in self._groups]), self._sum([g.raised for g in self._groups])
        clean = all(group.best is not None and group.best.clean for group in self._groups)
        if cost is not None and bound is not None and clean:
            self._enough = cost - bound <= self._limits.gap * abs(cost) + NOTHING

    # --------------------------------------------------------------- the end

    def _outcome(self) -> Outcome:
        """The outcome of the whole, from the sums."""
        clock = self._clock
        clock.over()
        interrupted = clock.asked is not None
        steps = tuple(self._steps())
        if self._final is not None:
            return Outcome(self._final, None, None, None, "", clock.seconds(), steps, interrupted)
        bound, point = self._sum([group.bound for group in self._groups]), self._plan()
        origin = "; ".join(dict.fromkeys(group.origin for group in self._groups)) if bound is not None else ""
        if point is None:
            return Outcome("unknown", None, None, bound, origin, clock.seconds(), steps, interrupted)
        status, bound, words = verdict(self._matrix, point, bound, self._limits.gap)
        steps, origin = (*steps, words) if words else steps, origin if bound is not None else ""
        return Outcome(status, point.x, point.objective, bound, origin, clock.seconds(), steps, interrupted)

    def _steps(self) -> list[str]:
        """What came of the groups: in full of those that made trouble, and of some that were not closed."""
        open_ = [] if self._enough else [group for group, _ in self._open()]
        told = [g for g in self._groups if any(step.startswith("trying again") for step in g.steps)]
        told += [g for g in ([self._last] if self._last else open_) if g not in told][:TOLD]
        steps = [
            f"{len(self._split.blocks)} independent blocks, {self._limits.threads} processes side by side",
            f"{len(self._groups) - len(open_)} of {len(self._groups)} groups of blocks done",
        ]
        for group in told:
            steps += [f"a group of {group.block.joined} with {group.block.whole} whole columns:", *group.steps]
        return steps
