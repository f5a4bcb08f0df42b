"""Points: cleaning a solver's figures, and judging them with our own arithmetic. Needs numpy and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.engine.matrix import Floats, Matrix

SNAP = 1e-9
"""Distance, relative to the size of the bound and at least absolute, at which a value is meant to be its bound."""
KEPT = 1e-7
"""A row is kept when it is missed by at most this times the largest figure in it (and at least this times 1)."""
WHOLE = 1e-6
"""Distance to a whole number that a solver may leave."""


@dataclass(frozen=True, eq=False)
class Point:
    """A cleaned plan: ``objective`` from our own sum, ``miss`` the largest violation of a row relative to its size."""

    x: Floats
    objective: float
    miss: float

    @property
    def clean(self) -> bool:
        return self.miss <= KEPT and math.isfinite(self.objective)


def judged(matrix: Matrix, x: Floats) -> Point:
    """The point after cleaning, with its cost and its largest miss."""
    x = cleaned(matrix, x)
    return Point(x, objective(matrix, x), miss(matrix, x))


def cleaned(matrix: Matrix, x: Floats) -> Floats:
    """Whole columns rounded, everything within its bounds, and dust (|x| < 1e-9 and the like) swept to the bound."""
    x = np.where(matrix.integer, np.round(x), x)
    x = np.where(np.abs(x) < SNAP, 0.0, x)
    for bound in (matrix.lower, matrix.upper):
        finite = np.isfinite(bound)
        near = np.abs(x - np.where(finite, bound, 0.0)) <= SNAP * np.maximum(1.0, np.abs(np.where(finite, bound, 0.0)))
        x = np.where(finite & near, bound, x)
    return np.clip(x, matrix.lower, matrix.upper) + 0.0  # + 0.0: no minus zero


def objective(matrix: Matrix, x: Floats) -> float:
    """cost @ x + offset, summed without rounding errors on the way."""
    return math.fsum([matrix.offset, *(matrix.cost * x).tolist()])


def gross(matrix: Matrix, x: Floats) -> float:
    """Sum of all amounts without their signs: what the rounding of the objective is measured by."""
    return abs(matrix.offset) + float(np.abs(matrix.cost * x).sum())


def miss(matrix: Matrix, x: Floats) -> float:
    """Largest violation of a row, relative to the largest figure in the row (at least 1); 0 without rows."""
    if not np.isfinite(x).all():
        return math.inf
    if not matrix.rows:
        return 0.0
    rows = matrix.entry_rows
    parts = matrix.value * x[matrix.index]
    sums = np.bincount(rows, weights=parts, minlength=matrix.rows)
    size = np.ones(matrix.rows)
    np.maximum.at(size, rows, np.abs(parts))
    over = np.maximum(matrix.row_lower - sums, sums - matrix.row_upper)
    return max(0.0, float((over / size).max()))
