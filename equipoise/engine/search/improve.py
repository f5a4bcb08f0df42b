"""Fix-and-optimise: part after part of the best plan is decided anew while the rest stays.

Sources: Sahling, Buschkuehl, Tempelmeier and Helber (2009); Helber and Sahling (2010). Two things are added. A guide, where
there is one, says how promising each whole column is; a part then leaves out what is not promising, which makes it many
times smaller (kernel search, Angelelli, Mansini and Speranza 2010). And the ways to choose a part compete: what paid off
is tried more often, and the parts grow or shrink with the work they take. One of the ways is no part at all: slope scaling
from the best plan with slopes shaken at random.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from equipoise.engine.highs import Answer, Highs
from equipoise.engine.matrix import Flags, Floats, Limits, Matrix
from equipoise.engine.meaning import Meaning
from equipoise.engine.points import Point, judged
from equipoise.engine.progress import Watch
from equipoise.engine.search.payoff import Way, choose
from equipoise.engine.search.shapes import Map
from equipoise.engine.search.slices import Part, Slicer
from equipoise.engine.search.slopes import Slopes
from equipoise.engine.start import Planner, up

LEVELS = (0.15, 0.03)
"""Whole columns less promising than this stay out of a part, unless the plan uses them. Always there: no such limit."""
NO_LEVEL = -1.0
FIRST_SIZE = {0.15: 200.0, 0.03: 150.0, NO_LEVEL: 40.0}
SHAKES = {"a few slopes shaken": 0.1, "some slopes shaken": 0.3, "all slopes shaken": 1.0}
"""Share of the gates that are drawn in by more or less than the plan says."""
ROUNDS_SHAKEN = 4
TARGET = 1.0
"""Seconds a part may take."""
NODES = 60
"""Nodes a part may take where work is counted instead of seconds."""
PLAIN = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
"""Small parts are solved to the end: without the heuristics of HiGHS they take a third to a half of the time."""
SMALL_PART = 60
"""Open whole columns of a small part. Larger ones are not solved to the end, and the heuristics find what they gain."""
CLOSE = 2e-3
"""Relative gap at which a part is good enough."""
FRESH = 25
"""Improvements after which all columns that are not whole are decided anew for the plan as it is."""


class Search:
    """Improves the best plan of a planner until it must end. ``counted``: work is counted, not clocked."""

    def __init__(
        self,
        planner: Planner,
        meaning: Meaning | None,
        limits: Limits,
        options: Mapping[str, Any],
        watch: Watch,
        counted: bool = False,
    ):
        self.planner, self.watch, self._options = planner, watch, options
        self.matrix: Matrix = planner.matrix
        self._limits = replace(limits, gap=max(CLOSE, limits.gap))
        self._slicer = Slicer(self.matrix)
        self._map = Map(self.matrix, meaning, self._slicer)
        self._shapes = self._map.shapes()
        gated = Slopes(planner)
        self._slopes = gated if len(gated.links.gate) else None
        self._rng = np.random.default_rng(limits.seed)
        self._counted = counted
        self._guide: Floats | None = None
        self._followed: Floats | None = None
        self._ways = self._ways_at((NO_LEVEL,))
        self._since_fresh = 0
        self.work = 0.0
        self.stale = 0  # tries since the last gain
        self.tries = 0
        self.gains = 0

    def _ways_at(self, levels: tuple[float, ...]) -> list[Way]:
        shaken = [Way(shape, NO_LEVEL, 0.0) for shape in SHAKES] if self._slopes is not None else []
        return [Way(shape, level, FIRST_SIZE[level]) for shape in self._shapes for level in levels] + shaken

    def follow(self, guide: Floats) -> None:
        """From now on leave out whole columns that the guide finds not promising."""
        if guide is self._followed:
            return
        if self._guide is None:
            self._ways = self._ways_at((*LEVELS, NO_LEVEL))
        self._followed, self._guide = guide, np.where(np.isnan(guide), 1.0, guide)

    def run(self, work: float | None = None, enough: Callable[[], bool] = lambda: False) -> str:
        """Improve until the watch ends it, so much work was done or it is ``enough``; says in words what came of it."""
        before, began = self._cost(), self.work
        while not self.watch.must_end() and not enough() and (work is None or self.work - began < work):
            if self.watch.guide is not None:
                self.follow(self.watch.guide)
            self._hear()
            if self.planner.best is None:
                break
            before_step = self._cost()
            self.step()
            self.stale = 0 if self._cost() < before_step else self.stale + 1
            self.watch.note(self._words(before))
        return self._words(before)

    def _words(self, before: float) -> str:
        if self.planner.best is None:
            return "search: no plan to improve"
        return f"search: {self.tries} parts decided anew, {self.gains} gained, {before:.10g} to {self._cost():.10g}"

    def _cost(self) -> float:
        return self.planner.best.objective if self.planner.best is not None else np.inf

    def _hear(self) -> None:
        """Take over a cheaper plan that another child found."""
        best = self.planner.best
        x = self.watch.news(None if best is None else best.objective)
        if x is not None:
            self.planner.adopt(judged(self.matrix, x))

    def step(self) -> None:
        """Decide one part anew."""
        best = self.planner.best
        assert best is not None
        way = choose(self._ways, self._rng)
        if way.shape in SHAKES:
            self._shake(way, best)
            return
        open_ = self._open(best.x, way.level)
        chosen = self._shapes[way.shape](self._rng, open_, int(way.size))
        if not (chosen & open_).any():
            way.learn(0.0, TARGET, TARGET, 0.0)
            return
        part = self._cut(best.x, chosen, open_)
        answer, work = self._solve(part, best.x)
        gain = self._take(part, answer, best)
        self.tries += 1
        self.work += work
        way.learn(gain, work, TARGET, answer.gap if answer.status in ("time", "limit") else 0.0)

    def _shake(self, way: Way, best: Point) -> None:
        """Slope scaling from the best plan with some of its gates drawn in by more or less than it says."""
        assert self._slopes is not None
        slopes, before, iterations = self._slopes, self.watch.left(), self.planner.iterations
        allowed = None if self._guide is None else np.where(self._open(best.x, LEVELS[-1]), np.inf, 0.0)
        slopes.draw_in(best.x)
        slopes.shake(self._rng, SHAKES[way.shape])
        for _ in range(ROUNDS_SHAKEN):
            x = None if self.watch.must_end() else slopes.relaxed(allowed)
            if x is None:
                break
            self.planner.completed(up(x[self.planner.whole]))
            slopes.draw_in(x)
        more = self.planner.iterations - iterations
        work = nominal(more, self.matrix, branching=False) if self._counted else before - self.watch.left()
        gain = best.objective - self._cost()
        self.tries += 1
        self.gains += gain > 0
        self.work += work
        way.learn(gain, work, 0.0, 0.0)

    def _open(self, x: Floats, level: float) -> Flags:
        """Whole columns that may change: promising, used by the plan, or counts."""
        whole = self._map.whole
        if self._guide is None or level == NO_LEVEL:
            return whole
        count = self.matrix.upper - self.matrix.lower > 1
        return whole & ((self._guide >= level) | (x > self.matrix.lower + 0.5) | count)

    def _cut(self, x: Floats, chosen: Flags, open_: Flags) -> Part:
        free = self._map.with_rest(chosen)
        shut = self.matrix.integer & ~open_
        lower = np.where(shut, x, self.matrix.lower)
        upper = np.where(shut, x, self.matrix.upper)
        return self._slicer.cut(free, x, lower, upper)

    def _solve(self, part: Part, x: Floats) -> tuple[Answer, float]:
        seconds = min(TARGET, self.watch.left())
        m = part.matrix
        small = int((m.integer & (m.upper > m.lower)).sum()) <= SMALL_PART
        options = {**PLAIN, **self._options} if small else self._options
        highs = Highs(m, self._limits, options, self.watch, whole=True, silent=True)
        highs.begin_from(x[part.columns])
        before = self.watch.left()
        answer = highs.run(self.watch.left(), NODES) if self._counted else highs.run(seconds)
        took = before - self.watch.left()
        return answer, nominal(answer.iterations, m) if self._counted else took

    def _take(self, part: Part, answer: Answer, best: Point) -> float:
        """Put what was found into the plan; returns the money gained."""
        if answer.x is None:
            return 0.0
        x = best.x.copy()
        x[part.columns] = answer.x
        others = self.watch.news(best.objective)
        if others is not None:
            self._join(others, part, answer.x)
        gained = best.objective - self._keep(x, best)
        return max(gained, 0.0)

    def _keep(self, x: Floats, best: Point) -> float:
        point = judged(self.matrix, x)
        if point.objective >= best.objective - 1e-9 * abs(best.objective):
            return best.objective
        if not point.clean:
            again = self.planner.completed(point.x[self.planner.whole])
            return again.objective if again is not None and again.clean else best.objective
        self.planner.keep(point)
        self.gains += 1
        self._since_fresh += 1
        if self._since_fresh >= FRESH:
            self._since_fresh = 0
            self.planner.completed(point.x[self.planner.whole])
        return self._cost()

    def _join(self, others: Floats, part: Part, mine: Floats) -> None:
        """Another child's plan came meanwhile: both gains together are kept where they do not clash."""
        theirs = judged(self.matrix, others)
        if theirs.clean:
            self.planner.adopt(theirs)
            both = theirs.x.copy()
            both[part.columns] = mine
            self.planner.keep(judged(self.matrix, both))


def nominal(iterations: int, matrix: Matrix, branching: bool = True) -> float:
    """Seconds that so many simplex iterations take on a machine of our imagination: the same on every machine.

    ``branching``: those of branch and bound, with all that goes on between them. Measured with HiGHS 1.15.1 on shared
    lines: 1.3e-4 seconds an iteration with 770 entries, 1.9e-4 with 1,600, 4.2e-4 with 4,800, about 9e-4 from 11,000 on.
    """
    each = min(9e-4, 8e-5 + 7e-8 * matrix.entries) if branching else 8e-5 + 1e-9 * matrix.entries
    return 0.02 + 2e-6 * matrix.entries + iterations * each
