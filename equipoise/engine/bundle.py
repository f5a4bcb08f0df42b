"""A child's work on several independent blocks: one after the other, with what they find summed up as it comes.

First every block gets a plan and a bound, so that there is a plan of the whole early, and it shows what each block may
lack. Then each gets a small share of the time, which is enough for many; the others share the rest.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from equipoise.engine import start as starts
from equipoise.engine import tasks
from equipoise.engine.blocks import NOTHING, Block, Split, gaps, joined, meant, most_groups, split
from equipoise.engine.highs import run_linear
from equipoise.engine.matrix import Floats, Limits, Matrix
from equipoise.engine.meaning import Meaning
from equipoise.engine.points import Point, judged, objective
from equipoise.engine.progress import Watch
from equipoise.engine.tasks import Result, Task
from equipoise.engine.wire import Frame

QUICK = 0.1
"""Share of the time for the first go at every block."""
LINEAR = 0.5
"""Most of the time left that the block without whole columns gets: without it there is no plan."""
SMALL = 60
"""Blocks with so many whole columns have no plans made by slope scaling at first: most are solved before it pays."""
TIGHTER = 2
"""Most further goes at blocks solved to a gap that turned out not to be enough for the whole."""
TOLD = 3
"""Of so many blocks that were not closed the steps are told one by one."""
FINAL = ("infeasible", "unbounded", "either", "memory")
"""Claims of one block after which the others need not be looked at."""


@dataclass(eq=False)
class Part:
    """One block and what is known of it. ``raw`` is a point as a solver reported it, only where cheaper than ``best``."""

    block: Block
    matrix: Matrix
    meaning: Meaning | None
    best: Point | None = None
    raw: Point | None = None
    bound: float = -math.inf
    origin: str = ""
    claim: str = "time"
    steps: list[str] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Of the best plan; infinite without one."""
        return self.best.objective if self.best else math.inf

    def closed(self, gap: float) -> bool:
        """Its own bound proves its plan to the gap."""
        return self.cost - self.bound <= gap * abs(self.cost) + NOTHING

    def found(self, x: Floats) -> bool:
        """Take over a plan; false where it is none, or no better one."""
        point = judged(self.matrix, x)
        better = point.clean and point.objective < self.cost
        if better:
            self.best = point
            self.raw = self.raw if self.raw and self.raw.objective < point.objective else None
        return better

    def reported(self, x: Floats) -> bool:
        """Take over a point that a solver reported; false where it is no cheaper than what is known."""
        cost = objective(self.matrix, x)
        better = cost < min(self.cost, self.raw.objective if self.raw else math.inf)
        if better:
            self.raw = Point(x, cost, math.inf)
        return better

    def raised(self, bound: float | None, origin: str) -> None:
        """Take over a bound."""
        if bound is not None and bound > self.bound:
            self.bound, self.origin = bound, origin


class Window(Watch):
    """The watch of one block: it has some of the time, and what it hears of a block goes to the bundle."""

    def __init__(self, bundle: Bundle, part: Part, seconds: float):
        super().__init__(io.BytesIO(), seconds)
        self._bundle, self._part, self._finishing = bundle, part, False

    def send(self, frame: Frame) -> None:
        self._bundle.hear(self._part, frame)

    @property
    def stopped(self) -> bool:
        return not self._finishing and (self._bundle.task.watch.stopped or self._bundle.enough)

    def finish(self, seconds: float) -> None:
        self._finishing = True
        super().finish(seconds)

    def news(self, than: float | None) -> Floats | None:
        news = self._bundle.task.watch.news(None)
        if news is None:
            return None
        own = news[self._part.block.columns]
        worth = than is None or objective(self._part.matrix, own) < than - 1e-9 * abs(than)
        return own if worth else None


class Bundle:
    """Independent blocks, the lightest first, and what is known of the whole."""

    def __init__(self, task: Task, apart: Split):
        self.task, self.enough = task, False
        self._split = apart
        groups = joined(apart.blocks, most_groups(apart.blocks, task.limits))
        self.parts = [Part(block, apart.cut(block), meant(task.meaning, block)) for block in reversed(groups)]
        self._guide = np.full(task.matrix.columns, np.nan)
        self._stage = ""
        self._steps = [f"{len(apart.blocks)} independent blocks"]
        # the clock has run for a moment: where work is counted, what was asked for counts
        self._nominal = float(f"{task.limits.time_limit:.2g}")

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
        return self._split.joined(known) if len(known) == len(self.parts) else None

    def _open(self) -> list[tuple[Part, float]]:
        """The blocks that are not closed, each with the gap that it needs."""
        gap, bound = self.task.limits.gap, self._bound
        if self.enough:
            return []
        if bound is None or not math.isfinite(self._cost):
            return [(part, gap) for part in self.parts if not part.closed(gap)]
        costs, bounds = np.array([part.cost for part in self.parts]), np.array([part.bound for part in self.parts])
        needed = gaps(costs, bounds, self._split.base, gap)
        return [(part, gap) for part, gap in zip(self.parts, needed.tolist(), strict=True) if not math.isnan(gap)]

    # ---------------------------------------------------------- hearing

    def hear(self, part: Part, frame: Frame) -> None:
        """What a block says, told as something of the whole."""
        watch, words = self.task.watch, frame.words
        if frame.kind == "guide":
            self._guide[part.block.columns[part.matrix.integer]] = frame.arrays["guide"]
            watch.guidance(self._guide[self.task.matrix.integer])
            return
        part.raised(words["bound"], words["origin"])
        if words["stage"] != self._stage:
            self._stage = words["stage"]
            watch.stage(self._stage)
        if frame.kind == "point":
            clean, x = words["clean"], frame.arrays["x"]
            if part.found(x) if clean else part.reported(x):
                self._tell(clean)
        watch.tick(None, self._bound, self._origin)
        self._judge()

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
        if news is None:
            return
        better = [part for part in self.parts if part.found(news[part.block.columns])]
        if better:
            self._tell(True)
            self._judge()

    # ---------------------------------------------------------- solving

    def run(self) -> Result:
        """Solve the blocks until the whole is proven to its gap, or no time is left."""
        gap, alone = self.task.limits.gap, self.task.limits.threads == 1
        linear = [(part, gap) for part in self.parts if not part.block.whole]
        final = self._go(linear, 1.0, 0, LINEAR)
        if final is None and len(self.parts) - len(linear) > 1:
            self._begin()
            final = self._go(self._open(), QUICK, 0, 1.0 if alone else QUICK)
        if final is None:
            final = self._go(self._open(), 1 - QUICK, 1)
        for attempt in range(2, 2 + TIGHTER):
            open_ = self._open()
            if final is None and all(part.claim == "optimal" for part, _ in open_):
                final = self._go(open_, 1 - QUICK, attempt)
        self._join()
        return self._result(final)

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
                part.raised(*tasks.relaxed_bound(part.matrix, answer, None))
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
            share = part.block.weight / sum(other.block.weight for other in parts[n:])
            window = Window(self, part, share * task.watch.left())
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
            window = Window(self, part, (watch.left() - kept) * weights[n] / sum(weights[n:]))
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
        result = tasks.solve(Task(part.matrix, limits, self.task.options, known, window, part.meaning))
        part.claim, part.steps = result.claim, result.steps
        part.raised(result.bound, result.origin)
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
    if apart is None:
        return tasks.solve(task)
    if apart.clash:
        return Result("infeasible", steps=[apart.clash])
    return Bundle(task, apart).run()


TASKS = {**tasks.TASKS, "blocks": blocks}
