"""A mixed-integer matrix written in whole numbers, for a solver that knows nothing else.

Every fractional column is counted in grains of a power of ten of its unit: as coarse a grain as leaves 10,000 steps up to its upper
limit. A row is multiplied until its largest coefficient is about a hundred million, and rounded. Then every row is widened by
what rounding can do to it: half a grain of each fractional column, and the rounding of each coefficient times the column's range. So
every plan of the matrix, with its fractional columns rounded to grains, is a plan in whole numbers that costs at most
``give`` more; hence the least cost of the matrix is at least the least cost in whole numbers less ``give``. The other way round
nothing is promised: a plan in whole numbers may miss rows of the matrix by grains, and is completed and judged on the matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.engine.matrix import Floats, Matrix

STEPS = 1e4
LARGEST = 1e8
"""The largest coefficient of a row after scaling, at most."""
ENDLESS = 1e6
"""Distance between the limits of a column that has only one, and gets none from its rows."""
PASSES = 60
MOST = 4e18
"""Sums of this size and more do not fit into 64 bits."""


@dataclass(frozen=True, eq=False)
class Whole:
    """The matrix in whole numbers: columns z with x = z * grain; rows row_lower <= value z <= row_upper (entries as in the matrix).

    ``cost`` is that of a step; ``safe``: no column's limit was made up, so that a bound, less ``give``, is one for the matrix.
    """

    grain: Floats
    lower: Floats
    upper: Floats
    value: Floats
    row_lower: Floats
    row_upper: Floats
    cost: Floats
    give: float
    safe: bool


def whole(m: Matrix) -> Whole:
    """The matrix in whole numbers; figures are floats without fractions (a row without a limit keeps its infinity)."""
    low, high = implied(m)
    safe = bool(np.isfinite(low).all() and np.isfinite(high).all())
    low = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0) - ENDLESS)
    high = np.where(np.isfinite(high), high, low + ENDLESS)
    size = np.maximum(np.abs(low), np.abs(high))
    steps = np.ceil(np.log10(STEPS / np.where(size > 0, size, STEPS)) - 1e-9)
    grain = np.where(m.integer, 1.0, 10.0**-steps)
    lower, upper = np.floor(low / grain + 1e-6), np.ceil(high / grain - 1e-6)
    value, row_lower, row_upper = _rows(m, grain, np.maximum(np.abs(lower), np.abs(upper)))
    give = float((np.abs(m.cost) * grain / 2)[~m.integer].sum())
    return Whole(grain, lower, upper, value, row_lower, row_upper, m.cost * grain, give, safe)


def _rows(m: Matrix, grain: Floats, most: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients and limits of the rows, widened. ``most``: the largest size of each column in steps."""
    rows = m.entry_rows
    coefficient = m.value * grain[m.index]
    largest = np.full(m.rows, 1e-9)
    np.maximum.at(largest, rows, np.abs(coefficient))
    total = np.bincount(rows, np.abs(coefficient) * most[m.index], minlength=m.rows)
    times = 10.0 ** np.floor(np.log10(np.minimum(LARGEST / largest, MOST / np.maximum(total, 1e-9))))
    value = np.round(coefficient * times[rows])
    rounding = np.abs(value / times[rows] - coefficient) * most[m.index]
    half = np.where(m.integer[m.index], 0.0, np.abs(coefficient) / 2)
    room = np.bincount(rows, rounding + half, minlength=m.rows)
    return value, np.ceil((m.row_lower - room) * times - 1e-6), np.floor((m.row_upper + room) * times + 1e-6)


def implied(m: Matrix) -> tuple[Floats, Floats]:
    """Limits of the columns; those that are infinite as far as the rows imply them, in at most 60 rounds over all rows."""
    lower, upper = m.lower.astype(float), m.upper.astype(float)
    rows = m.entry_rows
    up = m.value > 0
    for _ in range(PASSES):
        loose = np.isinf(lower).sum() + np.isinf(upper).sum()
        first, last = lower[m.index], upper[m.index]
        most_left = (m.row_upper[rows] - _others(m, rows, np.where(up, first, last))) / m.value
        least_left = (m.row_lower[rows] - _others(m, rows, np.where(up, last, first))) / m.value
        above, below = np.where(up, most_left, least_left), np.where(up, least_left, most_left)
        known = np.isfinite(above) & np.isposinf(last)
        np.minimum.at(upper, m.index[known], above[known])
        known = np.isfinite(below) & np.isneginf(first)
        np.maximum.at(lower, m.index[known], below[known])
        if np.isinf(lower).sum() + np.isinf(upper).sum() == loose:
            break
    return lower, upper


def _others(m: Matrix, rows: np.ndarray, at: Floats) -> Floats:
    """For each entry the sum of all others of its row, the columns being ``at``; not a number where one of them is endless."""
    part = m.value * at
    endless = ~np.isfinite(part)
    part = np.where(endless, 0.0, part)
    sums = np.bincount(rows, part, minlength=m.rows)[rows] - part
    return np.where(np.bincount(rows, endless, minlength=m.rows)[rows] - endless > 0, np.nan, sums)
