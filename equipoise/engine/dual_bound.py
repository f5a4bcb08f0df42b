"""A lower bound that needs no trust in the solver: weak duality with room for every rounding (Neumaier and Shcherbina).

Any weights y of the rows give one: the least of y over the row limits plus the least of (cost - y A) x over the column
limits. Good weights come from the solver; whether they are good shows in the figure, never in its truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.engine.matrix import Flags, Floats, Ints, Matrix, Places

EPS = float(np.finfo(np.float64).eps)
ROUNDS = 12
"""Most sweeps over the rows when looking for limits that the rows imply."""


def safe_bound(matrix: Matrix, weights: Floats, cutoff: float | None = None) -> float:
    """No point that keeps rows and bounds (and costs at most ``cutoff``, where given) costs less; -inf where none shows.

    Whole numbers play no role, so it bounds the linear relaxation too.
    """
    y = np.where((weights > 0) & np.isneginf(matrix.row_lower), 0.0, weights)
    y = np.where((y < 0) & np.isposinf(matrix.row_upper), 0.0, y)
    side = np.where(y > 0, matrix.row_lower, matrix.row_upper)
    from_rows = np.where(y != 0, y * np.where(y != 0, side, 0.0), 0.0)
    rows = matrix.entry_rows
    parts = matrix.value * y[rows]
    n = matrix.columns
    reduced = matrix.cost - np.bincount(matrix.index, weights=parts, minlength=n)
    size = np.abs(matrix.cost) + np.bincount(matrix.index, weights=np.abs(parts), minlength=n)
    error = EPS * size * (np.bincount(matrix.index, minlength=n) + 4)
    low, high = reduced - error, reduced + error
    lower, upper = matrix.lower, matrix.upper
    if np.any(np.isposinf(upper) & (low < 0)) or np.any(np.isneginf(lower) & (high > 0)):
        lower, upper = implied_limits(matrix, cutoff, np.isposinf(upper) & (low < 0), np.isneginf(lower) & (high > 0))
    from_columns, _ = cheapest(low, high, lower, upper)
    if not np.all(np.isfinite(from_columns)):
        return -math.inf
    parts_of_it = [matrix.offset, *from_rows.tolist(), *from_columns.tolist()]
    return math.fsum(parts_of_it) - 4 * EPS * math.fsum(map(abs, parts_of_it))


def cheapest(low: Floats, high: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Least of d x for d in [low, high] and x in [lower, upper], column by column; -inf where it has no end.

    And the limit of x that is cheaper, 0 where it is infinite.
    """
    at_lower = _corner(low, high, lower)
    at_upper = _corner(low, high, upper)
    least = np.minimum(at_lower, at_upper)
    endless = (np.isposinf(upper) & (low < 0)) | (np.isneginf(lower) & (high > 0))
    least = np.where(np.isposinf(least), 0.0, least)  # no limit on either side and weights exactly 0
    limit = np.where(at_lower <= at_upper, lower, upper)
    return np.where(endless, -np.inf, least), np.where(np.isfinite(limit), limit, 0.0)


def _corner(low: Floats, high: Floats, at: Floats) -> Floats:
    finite = np.where(np.isfinite(at), at, 0.0)
    return np.where(np.isfinite(at), np.minimum(low * finite, high * finite), np.inf)


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows as entries, with one more row for cost <= cutoff."""

    row: Places
    column: Ints
    value: Floats
    lower: Floats
    upper: Floats


def _rows_of(matrix: Matrix, cutoff: float | None) -> _Rows:
    row = matrix.entry_rows
    real = matrix.value != 0
    rows = _Rows(row[real], matrix.index[real], matrix.value[real], matrix.row_lower, matrix.row_upper)
    if cutoff is None:
        return rows
    priced = np.flatnonzero(matrix.cost).astype(np.int32)
    return _Rows(
        np.concatenate([rows.row, np.full(len(priced), matrix.rows)]),
        np.concatenate([rows.column, priced]),
        np.concatenate([rows.value, matrix.cost[priced]]),
        np.append(rows.lower, -np.inf),
        np.append(rows.upper, cutoff - matrix.offset + 1e-9 * (1 + abs(cutoff) + abs(matrix.offset))),
    )


def single_rows(matrix: Matrix) -> tuple[Places, Ints, Floats, Floats]:
    """Rows of one entry that is not 0: the row, its column, and the least and the most that it allows the column."""
    row = np.flatnonzero(np.diff(matrix.start) == 1)
    row = row[matrix.value[matrix.start[row]] != 0]
    at = matrix.start[row]
    ends = np.stack([matrix.row_lower[row], matrix.row_upper[row]]) / matrix.value[at]
    return row, matrix.index[at], ends.min(axis=0), ends.max(axis=0)


def implied_limits(matrix: Matrix, cutoff: float | None, need_upper: Flags, need_lower: Flags) -> tuple[Floats, Floats]:
    """Column limits, with limits that the rows imply where a column has none of its own, widened by 1e-6.

    Ends early when every column has one that needs one.
    """
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    rows = _rows_of(matrix, cutoff)
    for _ in range(ROUNDS):
        above, below = _one_sweep(rows, lower, upper)
        new_upper = np.where(np.isposinf(upper), above + 1e-6 * (1 + np.abs(above)), upper)
        new_lower = np.where(np.isneginf(lower), below - 1e-6 * (1 + np.abs(below)), lower)
        found = np.isfinite(new_upper).sum() + np.isfinite(new_lower).sum()
        done = found == np.isfinite(upper).sum() + np.isfinite(lower).sum()
        lower, upper = new_lower, new_upper
        if done or not (np.isposinf(upper[need_upper]).any() or np.isneginf(lower[need_lower]).any()):
            break
    return lower, upper


def _one_sweep(rows: _Rows, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Limits from above and below that single rows put on each column, given the limits of the others."""
    positive = rows.value > 0
    lo, up = lower[rows.column], upper[rows.column]
    least = rows.value * np.where(positive, lo, up)
    most = rows.value * np.where(positive, up, lo)
    room_above = _room(rows, least, rows.upper)
    room_below = _room(rows, -most, -rows.lower)
    # value * x <= room_above and -value * x <= room_below
    above, below = np.full(len(lower), np.inf), np.full(len(lower), -np.inf)
    high = np.where(positive, room_above, room_below) / np.abs(rows.value)
    low = -np.where(positive, room_below, room_above) / np.abs(rows.value)
    np.minimum.at(above, rows.column, high)
    np.maximum.at(below, rows.column, low)
    return above, below


def _room(rows: _Rows, least: Floats, limit: Floats) -> Floats:
    """What the limit of its row leaves for each entry when the other entries are at their least; inf: anything."""
    missing = np.isneginf(least)
    known = np.where(missing, 0.0, least)
    total = np.bincount(rows.row, weights=known, minlength=len(limit))
    holes = np.bincount(rows.row, weights=missing, minlength=len(limit))
    others = total[rows.row] - known
    slop = 1e-12 * np.bincount(rows.row, weights=np.abs(known), minlength=len(limit))[rows.row]
    return np.where(holes[rows.row] - missing > 0, np.inf, limit[rows.row] - others + slop)
