"""Plans to begin from: round the whole columns of a relaxed point, fix them, and let a linear programme do the rest.

Rounding up what a relaxed point begins (a set-up of 0.02 becomes one set-up) is crude, because the relaxation sees only a
sliver of each fixed charge. So the charges are spread over what the last point made with them and the relaxation is
solved again, a few rounds over (slope scaling); each round gives one more plan, and the cheapest begins the search.

How much work goes into it depends on counts, not on the clock, so that the same input takes the same way.
"""

from __future__ import annotations

import numpy as np

from equipoise.engine.highs import Highs, integers, run_linear
from equipoise.engine.matrix import Floats, Matrix
from equipoise.engine.points import WHOLE, Point, judged
from equipoise.engine.progress import Watch

ROUNDS = 12
"""Most rounds of slope scaling."""
PATIENCE = 4
"""Rounds without a cheaper plan before it ends."""
SHARE = 0.3
"""Most of the time left that goes into plans to begin from."""


class Planner:
    """Makes plans with a relaxation: fixes whole columns, solves, and judges what comes out."""

    def __init__(self, matrix: Matrix, highs: Highs, watch: Watch):
        self.matrix = matrix
        self.watch = watch
        self.whole = integers(matrix.integer)
        self.first = 0  # iterations of the relaxation as it is: the measure of how much work plans may take
        self.iterations = 0
        self.seconds = 0.0
        self.best: Point | None = None
        self._highs = highs
        self._lower, self._upper = matrix.lower[self.whole], matrix.upper[self.whole]

    def completed(self, wanted: Floats) -> Point | None:
        """The cheapest plan with these values of the whole columns (NaN: free); None where there is none."""
        values = np.clip(np.round(wanted), self._lower, self._upper)
        known = ~np.isnan(values)
        before = self.watch.left()
        self._highs.fix(self.whole, np.where(known, values, self._lower), np.where(known, values, self._upper))
        answer = run_linear(self._highs, before)
        self._highs.fix(self.whole, self._lower, self._upper)
        self.seconds = max(self.seconds, before - self.watch.left())
        self.iterations += answer.iterations
        if answer.status != "optimal" or answer.x is None:
            return None
        if not known.all():
            return self.completed(np.where(known, values, up(answer.x[self.whole])))
        return self.keep(judged(self.matrix, answer.x))

    def keep(self, point: Point) -> Point:
        """Remember the point where it is the best yet, and tell the parent."""
        if point.clean and (self.best is None or point.objective < self.best.objective - 1e-12 * abs(point.objective)):
            self.best = point
            self.watch.point(point.x, point.objective, True)
        return point

    def relaxed(self, charges: Floats) -> Floats | None:
        """Whole columns of the relaxed optimum at these costs."""
        cost = self.matrix.cost[self.whole]
        self._highs.price(self.whole, charges)
        answer = run_linear(self._highs, self.watch.left())
        self._highs.price(self.whole, cost)
        self.iterations += answer.iterations
        return None if answer.status != "optimal" or answer.x is None else answer.x[self.whole]


def up(values: Floats) -> Floats:
    """Round up what is more than a rounding above a whole number."""
    return np.ceil(values - WHOLE)


def rounded(planner: Planner, relaxed: Floats) -> str:
    """Try the plain ways to round; says in words which one gave a plan."""
    for words, values in (
        ("up", up(relaxed)),
        ("to the nearest", np.round(relaxed)),
        ("down", np.floor(relaxed + WHOLE)),
    ):
        if planner.watch.must_end():
            break
        point = planner.completed(values)
        if point is not None and point.clean:
            return f"plan to begin from: whole numbers of the relaxation rounded {words}"
    return "no plan to begin from: rounding the relaxation leads to none"


def scaled(planner: Planner, relaxed: Floats) -> str:
    """Slope scaling from a relaxed point."""
    matrix, watch = planner.matrix, planner.watch
    charges = matrix.cost[planner.whole].copy()
    may_end = (1 - SHARE) * watch.left()
    most = 20_000 + 4 * planner.first
    point, rounds, stale = relaxed, 0, 0
    while rounds < ROUNDS and stale < PATIENCE and planner.iterations < most and watch.left() > may_end:
        if watch.must_end():
            break
        charges = spread(matrix.cost[planner.whole], charges, point)
        again = planner.relaxed(charges)
        if again is None:
            break
        point, before = again, planner.best
        planner.completed(up(point))
        rounds += 1
        stale = stale + 1 if planner.best is before else 0
    return f"slope scaling: {rounds} round{'s' if rounds != 1 else ''}"


def spread(cost: Floats, charges: Floats, point: Floats) -> Floats:
    """Costs at which a started column costs what its whole cost would be: cost times rounded up over value."""
    begun = (point > WHOLE) & (cost > 0)
    factor = up(point) / np.where(begun, point, 1.0)
    return np.where(begun, cost * factor, charges)


def given(planner: Planner, start: Floats) -> str:
    """Complete a plan from outside, of which only the whole columns are taken (NaN: unknown)."""
    point = planner.completed(start[planner.whole])
    if point is None or not point.clean:
        return "the plan to begin from that was given cannot be completed: its whole numbers break a rule"
    return f"the plan to begin from that was given is worth {point.objective:.10g}"
