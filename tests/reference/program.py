"""A mixed-integer programme as a list of columns and rules, solved by SciPy.

``scipy.optimize.milp`` has HiGHS inside, as equipoise has. The model of tests/reference is a second one; the solver is not. What a
solver can get wrong is looked at here as far as it can be: whole numbers are fixed and the rest is solved again, and an answer that
changes by that is no answer.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

INF = np.inf
NEAR = 1e-6
"""Two costs are the same within this fraction (of 1 where they are smaller)."""
SECONDS = 20.0

Status = Literal["optimal", "infeasible", "unbounded", "unsettled"]
"""``unsettled``: the solver ran out of time, or its whole numbers were not whole enough to tell the optimum."""
Terms = Iterable[tuple[int, float]]


@dataclass(frozen=True)
class Solution:
    """``cost`` and ``x`` are None unless the status is optimal."""

    status: Status
    cost: float | None = None
    x: Any = None


def same(one: float, other: float, near: float = NEAR) -> bool:
    return abs(one - other) <= near * max(1.0, abs(one), abs(other))


def least(
    cost: Any, rows: csr_array, low: Any, high: Any, lower: Any, upper: Any, whole: Any, offset: float = 0.0
) -> Solution:
    """Minimise cost @ x + offset, low <= rows @ x <= high, lower <= x <= upper, x whole where ``whole``; to a gap of 0."""

    def solved(cost: Any, lower: Any, upper: Any, whole: Any) -> OptimizeResult:
        rules = LinearConstraint(rows, low, high)
        return milp(
            cost,
            integrality=whole,
            bounds=Bounds(lower, upper),
            constraints=rules,
            options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
        )

    cost, lower, upper, whole = (np.asarray(a, dtype=float) for a in (cost, lower, upper, whole))
    found = solved(cost, lower, upper, whole)
    if found.status in (2, 3, 4):  # infeasible, unbounded, one of the two
        possible = found.status == 3 or (found.status == 4 and solved(0 * cost, lower, upper, whole).status == 0)
        return Solution("unbounded" if possible else "infeasible")
    if found.status != 0:
        return Solution("unsettled")
    fixed = whole > 0
    if not fixed.any():
        return Solution("optimal", float(found.fun + offset), found.x)
    lower, upper = lower.copy(), upper.copy()
    lower[fixed] = upper[fixed] = np.round(found.x[fixed])
    again = solved(cost, lower, upper, 0 * whole)
    if again.status != 0 or not same(again.fun + offset, found.fun + offset):
        return Solution("unsettled")
    return Solution("optimal", float(again.fun + offset), again.x)


class Program:
    """Columns are amounts of at least 0, told apart by a key; rules are sums of them between two limits. The least cost is wanted."""

    def __init__(self) -> None:
        self.at: dict[Hashable, int] = {}
        self.constant = 0.0
        self._cost: list[float] = []
        self._most: list[float] = []
        self._whole: list[int] = []
        self._rules: list[tuple[list[tuple[int, float]], float, float]] = []

    def amount(self, *key: Hashable, cost: float = 0.0, most: float = INF, whole: bool = False) -> int:
        """A new column from 0 to ``most`` that costs ``cost`` a unit."""
        assert key not in self.at, key
        place = self.at[key] = len(self._cost)
        self._cost.append(cost)
        self._most.append(most)
        self._whole.append(int(whole))
        return place

    def pay(self, column: int, cost: float) -> None:
        """A unit of the column costs that much more."""
        self._cost[column] += cost

    def rule(self, terms: Terms, low: float = -INF, high: float = INF) -> None:
        """low <= sum of coefficient * column <= high; a rule without terms is about the number 0."""
        self._rules.append((list(terms), low, high))

    def solve(self, fixed: Mapping[Hashable, float] | None = None) -> Solution:
        """The least cost; ``fixed`` gives columns a value, by key."""
        entries = [(n, j, v) for n, (terms, _, _) in enumerate(self._rules) for j, v in terms]
        row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
        rows = csr_array((value, (row, column)), shape=(len(self._rules), len(self._cost)), dtype=float)
        lower, upper = np.zeros(len(self._cost)), np.array(self._most)
        for key, amount in (fixed or {}).items():
            lower[self.at[key]] = upper[self.at[key]] = amount
        low, high = ([rule[side] for rule in self._rules] for side in (1, 2))
        return least(self._cost, rows, low, high, lower, upper, self._whole, self.constant)
