"""A child's work on several independent blocks: one after the other, with what they find summed up as it comes.

First every block gets a plan and a bound, so that there is a plan of the whole early, and it shows what each block may
lack. Then small blocks have a first go, which is enough for most; the others share the time that is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from equipoise.engine.blocks import NOTHING, Split, few_enough, gaps, seconds_for, split
from equipoise.engine.child.part import Part, Window
from equipoise.engine.child.proving import relaxed_bound, solve
from equipoise.engine.child.task import Result, Task
from equipoise.engine.highs import run_linear
from equipoise.engine.matrix import Floats, Limits
from equipoise.engine.points import Point, judged
from equipoise.engine.search import start as starts
from equipoise.engine.wire import Frame

QUICK = 0.1
"""Share of the time for the first go."""
LINEAR = 0.5
"""Most of the time left that the block without whole columns gets: without it there is no plan."""
SLACK = 4.0
"""Where work is counted the clock of a block ends only what went astray: it has so many times its share."""
SMALL = 60
"""Blocks with so many whole columns have a first go: most are solved in no time, without plans by slope scaling."""
ATTEMPTS = 3
"""Most goes at a block that is not closed, after the first. What others did not use of their shares is shared again."""
TOLD = 3
"""Of so many blocks that were not closed the steps are told one by one."""
FINAL = ("infeasible", "unbounded", "either", "memory")
"""Claims of one block after which the others need not be looked at."""


class Bundle:
    """Independent blocks, the lightest first, and what is known of the whole."""

    def __init__(self, task: Task, apart: Split):
        self.task, self.enough = task, False
        self._split = apart
        # the clock has run for a moment: where work is counted, what was asked for counts
        self._nominal = float(f"{task.limits.time_limit:.2g}")
        groups = reversed(few_enough(apart.blocks, self._nominal))
        self.parts = [Part.of(apart, block, task.meaning) for block in groups]
        self._guide = np.full(task.matrix.columns, np.nan)
        self._joined: Floats | None = None
        self._stage = ""
        self._steps = [f"{len(apart.blocks)} independent blocks"]

    # ------------------------------------------------------------- sums

    @property
    def _cost(self) -> float:
        """Of the best plan of the whole; infinite while a block has none."""
        return math.fsum([self._split.base, *(part.cost for part in self.parts)])

    @property
    def _bound(self) -> float | None:
        """The sum of the bounds; None while a block has none."""
        total = math.fsum([self._split.base, *(part.bound for part in self.parts)])
        return total if math.isfinite(total) else None

    @property
    def _origin(self) -> str:
        """Where the bounds come from."""
        return "; ".join(dict.fromkeys(part.origin for part in self.parts if part.origin))

    def _plan(self, points: Iterable[Point | None]) -> Floats | None:
        """All columns; None where a block has no plan."""
        known = [(part.block, point.x) for part, point in zip(self.parts, points, strict=True) if point is not None]
        return self._split.plan(known) if len(known) == len(self.parts) else None

    def _open(self) -> list[tuple[Part, float]]:
        """The blocks that are not closed, each with the gap that it needs."""
        if self.enough:
            return []
        costs, bounds = np.array([part.cost for part in self.parts]), np.array([part.bound for part in self.parts])
        needed = gaps(costs, bounds, self._split.base, self.task.limits.gap)
        return [(part, gap) for part, gap in zip(self.parts, needed.tolist(), strict=True) if not math.isnan(gap)]

    # ---------------------------------------------------------- hearing

    def hear(self, part: Part, frame: Frame) -> None:
        """What a block says, told as something of the whole."""
        watch, words = self.task.watch, frame.words
        if frame.kind == "guide":
            self._guide[part.block.columns] = frame.arrays["guide"]
            watch.guidance(self._guide.copy())
            return
        if frame.kind == "strong":
            return  # true of this block, not of the whole
        part.raise_bound(words["bound"], words["origin"])
        if words["stage"] != self._stage:
            self._stage = words["stage"]
            watch.stage(self._stage)
        if frame.kind == "point":
            clean, x = words["clean"], frame.arrays["x"]
            if part.found(x) if clean else part.reported(x):
                self._tell(clean)
        watch.tick(None, self._bound, self._origin)
        self._judge()

    def _window(self, part: Part, seconds: float) -> Window:
        """The watch of a block, with what another child has told of how promising its columns are."""
        watch = self.task.watch
        guide = None if watch.guide is None else watch.guide[part.block.columns]
        return Window(watch, part, seconds, self.hear, lambda: self.enough, guide)

    def _seconds(self, weights: Sequence[float], kept: float = 0.0) -> float:
        """For the first of these blocks: its share of the time left, but for what is ``kept`` for others."""
        left = max(0.0, self.task.watch.left() - kept)
        slack = SLACK if self.task.limits.threads == 1 else 1.0
        return min(left, slack * seconds_for(weights[0], weights[1:], left))

    def _tell(self, clean: bool) -> None:
        """Tell of a better plan of the whole, where every block has one."""
        points = [part.best if clean else part.raw or part.best for part in self.parts]
        plan = self._plan(points)
        if plan is not None:
            cost = math.fsum([self._split.base, *(point.objective for point in points if point is not None)])
            self.task.watch.point(plan, cost, clean, self._bound, self._origin)

    def _judge(self) -> None:
        cost, bound = self._cost, self._bound
        if bound is not None and math.isfinite(cost):
            self.enough = self.enough or cost - bound <= self.task.limits.gap * abs(cost) + NOTHING

    def _join(self) -> None:
        """Take from the plan of another child what is better than ours."""
        news = self.task.watch.news(None)
        if news is None or news is self._joined:
            return
        self._joined = news
        better = [part for part in self.parts if part.found(news[part.block.columns])]
        if better:
            self._tell(True)
            self._judge()

    # ---------------------------------------------------------- solving

    def run(self) -> Result:
        """Solve the blocks until the whole is proven to its gap, or no time is left."""
        gap = self.task.limits.gap
        linear = [(part, gap) for part in self.parts if not part.block.whole]
        final = self._go(linear, 1.0, 0, LINEAR)
        if final is None and len(self.parts) - len(linear) > 1:
            self._begin()
            small = [(part, gap) for part, gap in self._open() if part.block.whole <= SMALL]
            final = self._go(small, QUICK, 0, 1.0 if self.task.limits.threads == 1 else QUICK)
        share = 1 - QUICK
        for attempt in range(1, 1 + ATTEMPTS):
            open_ = self._open()
            if final is not None or not open_ or (attempt > 1 and share < QUICK):
                break
            final = self._go(open_, share, attempt)
            share *= self._closed(open_)
        self._join()
        return self._result(final)

    def _closed(self, open_: Sequence[tuple[Part, float]]) -> float:
        """The share of the work on these blocks that is free now, since they are closed; all where the rest is optimal."""
        still = [part for part, _ in self._open()]
        if all(part.claim == "optimal" for part in still):  # to a gap that is not enough for the whole
            return 1.0
        weights = {part: part.block.weight for part, _ in open_}
        return 1 - sum(weights.get(part, 0.0) for part in still) / sum(weights.values())

    def _begin(self) -> None:
        """A plan and a bound for each block: from the plan given from outside, and from its relaxation."""
        given = self.task.given
        if given is not None:
            for part, planner in self._planners("plan to begin from"):
                starts.given(planner, given[part.block.columns])
            missing = sum(part.best is None for part in self.parts)
            worth = f"cannot be completed in {missing} of the blocks" if missing else f"is worth {self._cost:.10g}"
            self._steps.append(f"the plan to begin from that was given {worth}")
        for part, planner in self._planners("linear relaxation"):
            answer = run_linear(planner.highs, planner.watch.left())
            if answer.status == "optimal" and answer.x is not None:
                part.raise_bound(*relaxed_bound(part.matrix, answer, None))
                planner.watch.stage("plan to begin from")
                starts.rounded(planner, answer.x[planner.whole])
        self._judge()

    def _planners(self, stage: str) -> Iterator[tuple[Part, starts.Planner]]:
        """Each block with whole columns, and who makes plans for it in its part of the time left."""
        task = self.task
        parts = [part for part in self.parts if part.block.whole]
        for n, part in enumerate(parts):
            if task.watch.must_end() or self.enough:
                return
            window = self._window(part, self._seconds([other.block.weight for other in parts[n:]]))
            window.stage(stage)
            yield part, starts.Planner(part.matrix, task.limits, task.options, window)

    def _go(self, open_: Sequence[tuple[Part, float]], share: float, attempt: int, most: float = 1.0) -> Part | None:
        """Solve these blocks, each to its gap; returns the one whose claim ends everything.

        They have ``share`` of the work that is counted and ``most`` of the time left, by their weight; time that one
        does not use goes to the later ones.
        """
        task, watch = self.task, self.task.watch
        kept = (1 - most) * watch.left()
        order = sorted(open_, key=lambda entry: (entry[0].best is not None, entry[0].block.weight))
        weights = [part.block.weight for part, _ in order]
        for n, (part, gap) in enumerate(order):
            self._join()
            if watch.must_end() or self.enough:
                return None
            window = self._window(part, self._seconds(weights[n:], kept))
            nominal = self._nominal * share * weights[n] / sum(weights)
            limits = replace(task.limits, time_limit=nominal, gap=gap, seed=task.limits.seed + 10 * attempt)
            if attempt == 0 and part.block.whole <= SMALL:
                limits = replace(limits, without=(*limits.without, "slopes"))
            self._solve(part, limits, window)
            if part.claim in FINAL:
                return part
        return None

    def _solve(self, part: Part, limits: Limits, window: Window) -> None:
        given = self.task.given[part.block.columns] if self.task.given is not None else None
        known = part.best.x if part.best else given
        result = solve(Task(part.matrix, limits, self.task.options, known, window, part.meaning))
        part.claim, part.steps = result.claim, result.steps
        part.raise_bound(result.bound, result.origin)
        if result.point is not None and part.found(result.point.x):
            self._tell(True)
        self._judge()

    def _result(self, final: Part | None) -> Result:
        open_ = [part for part, _ in self._open()]
        claims = [part.claim for part in open_]
        broken = [claim for claim in claims if claim.startswith("abnormal")]
        claim = "optimal" if all(c == "optimal" for c in claims) else "time"
        if final is not None:
            claim = final.claim
            open_ = [final]
        elif broken:
            claim = broken[0]
        plan = self._plan(part.best for part in self.parts)
        point = None if plan is None else judged(self.task.matrix, plan)
        return Result(claim, point, self._bound, self._origin, [*self._steps, *self._words(open_)])

    def _words(self, open_: Sequence[Part]) -> list[str]:
        """What came of the blocks."""
        words = [f"{len(self.parts) - len(open_)} of {len(self.parts)} blocks done"]
        for part in open_[:TOLD]:
            which = f"block of {len(part.block.columns)} columns, {part.block.whole} of them whole"
            lack = "no plan" if part.best is None else f"{part.best.objective:.10g}, bound {part.bound:.10g}"
            words += [f"{which}: {lack}; {'; '.join(part.steps)}"]
        return words


def blocks(task: Task) -> Result:
    """Solve a matrix that falls apart, block by block."""
    apart = split(task.matrix)
    return solve(task) if apart is None else Bundle(task, apart).run()
