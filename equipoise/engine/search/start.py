"""Plans to begin from: decide the whole columns from a relaxed point, and let a linear programme do the rest.

Counts (lots, people, whole units) often hang together and cannot be rounded one by one. Where that leads nowhere only
the yes-or-no columns are rounded, and a short search finds the counts.

How much work goes into it depends on counts, not on the clock, so that the same input takes the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from equipoise.engine.child.progress import WatchLike
from equipoise.engine.highs import Highs, integers, relaxation, run_linear
from equipoise.engine.matrix import Floats, Limits, Matrix
from equipoise.engine.points import WHOLE, Point, judged

SHARE = 0.3
"""Most of the time left that goes into one way to a plan to begin from."""
COUNTING = {"mip_max_nodes": 50, "mip_max_improving_sols": 1, "mip_heuristic_run_feasibility_jump": False}
"""The search for counts ends with its first plan; feasibility jump would give one at any price."""


class Planner:
    """Makes plans: fixes whole columns, solves for the rest, and judges what comes out."""

    def __init__(self, matrix: Matrix, limits: Limits, options: Mapping[str, Any], watch: WatchLike):
        self.matrix = matrix
        self.watch = watch
        self.highs = relaxation(matrix, limits, options, watch)
        self.whole = integers(matrix.integer)
        self.first = 0  # iterations of the relaxation as it is: the measure of how much work plans may take
        self.iterations = 0
        self.seconds = 0.0
        self.best: Point | None = None
        self.limits, self.options = limits, options
        self._lower, self._upper = matrix.lower[self.whole], matrix.upper[self.whole]
        self.yes_or_no = self._upper - self._lower <= 1

    @property
    def mixed(self) -> bool:
        """There are yes-or-no columns and counts."""
        return bool(self.yes_or_no.any() and not self.yes_or_no.all())

    def completed(self, wanted: Floats) -> Point | None:
        """The cheapest plan with these values of the whole columns (NaN: free); None where there is none."""
        lower, upper, known = self._fixed(wanted)
        before = self.watch.left()
        self.highs.fix(self.whole, lower, upper)
        answer = run_linear(self.highs, before)
        self.highs.fix(self.whole, self._lower, self._upper)
        self.seconds = max(self.seconds, before - self.watch.left())
        self.iterations += answer.iterations
        if answer.status != "optimal" or answer.x is None:
            return None
        if not known.all():
            return self.completed(np.where(known, lower, up(answer.x[self.whole])))
        return self.keep(judged(self.matrix, answer.x))

    def counted(self, wanted: Floats) -> Point | None:
        """A plan with these values of the whole columns, the unknown ones (NaN) found by a short search."""
        lower, upper, known = self._fixed(wanted)
        if not known.any():
            return None
        some = replace(self.limits, gap=1e-3)
        highs = Highs(self.matrix, some, {**self.options, **COUNTING}, self.watch, whole=True, part=True)
        highs.fix(self.whole, lower, upper)
        answer = highs.run(SHARE * self.watch.left())
        return None if answer.x is None else self.completed(answer.x[self.whole])

    def _fixed(self, wanted: Floats) -> tuple[Floats, Floats, np.ndarray]:
        values = np.clip(np.round(wanted), self._lower, self._upper)
        known = ~np.isnan(values)
        return np.where(known, values, self._lower), np.where(known, values, self._upper), known

    def keep(self, point: Point) -> Point:
        """Remember the point where it is the best yet, and tell the parent."""
        if self.adopt(point):
            self.watch.point(point.x, point.objective, True)
        return point

    def adopt(self, point: Point) -> bool:
        """Remember the point where it is the best yet; the parent knows it already."""
        better = self.best is None or point.objective < self.best.objective - 1e-12 * abs(point.objective)
        if point.clean and better:
            self.best = point
        return point.clean and better

    def hear(self) -> None:
        """Take over a cheaper plan that another child found."""
        x = self.watch.news(None if self.best is None else self.best.objective)
        if x is not None:
            self.adopt(judged(self.matrix, x))

    def relaxed(self, change: Callable[[Highs], None], undo: Callable[[Highs], None]) -> Floats | None:
        """The relaxed optimum of a changed problem, all columns; None where there is none."""
        change(self.highs)
        answer = run_linear(self.highs, self.watch.left())
        undo(self.highs)
        self.iterations += answer.iterations
        return None if answer.status != "optimal" else answer.x


def up(values: Floats) -> Floats:
    """Round up what is more than a rounding above a whole number."""
    return np.ceil(values - WHOLE)


def works(point: Point | None) -> bool:
    """There is a plan and it keeps every rule."""
    return point is not None and point.clean


def rounded(planner: Planner, relaxed: Floats) -> str:
    """Try the plain ways to round; says in words which one gave a plan."""
    ways = {"up": up(relaxed), "to the nearest": np.round(relaxed), "down": np.floor(relaxed + WHOLE)}
    for words, values in ways.items():
        if planner.watch.must_end():
            break
        if works(planner.completed(values)):
            return f"plan to begin from: whole numbers of the relaxation rounded {words}"
    if counts_found(planner, relaxed):
        return "plan to begin from: yes-or-no decisions of the relaxation rounded up, counts by a short search"
    return "no plan to begin from: rounding the relaxation leads to none"


def counts_found(planner: Planner, point: Floats) -> bool:
    """A plan comes of rounding the yes-or-no columns up and a short search for the counts."""
    if not planner.mixed or planner.watch.must_end():
        return False
    return works(planner.counted(np.where(planner.yes_or_no, up(point), np.nan)))


def given(planner: Planner, start: Floats) -> str:
    """Complete a plan from outside, of which only the whole columns are taken (NaN: unknown)."""
    columns = start[planner.whole]
    words, point = "", planner.completed(columns)
    if not works(point) and np.isnan(columns).any():
        point = planner.counted(columns)
    if not works(point) and planner.mixed:
        words, point = " with other counts", planner.counted(np.where(planner.yes_or_no, columns, np.nan))
    if point is None or not point.clean:
        return "the plan to begin from that was given cannot be completed: its whole numbers break a rule"
    return f"the plan to begin from that was given is worth {point.objective:.10g}{words}"
