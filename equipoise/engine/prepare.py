"""Before anything is solved: refuse a matrix that is no model, write it the way solvers mean it, answer the trivial ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from equipoise.engine.matrix import Floats, Matrix
from equipoise.engine.points import KEPT, WHOLE, miss
from equipoise.errors import SolverError

ENDLESS = 1e20
"""Limits of this size and more are no limits (the convention of HiGHS)."""


def prepared(matrix: Matrix) -> Matrix:
    """The same problem with limits beyond 1e20 as infinity and whole columns bounded by whole numbers.

    Raises SolverError for figures no model may hold. HiGHS would take a cost that is not a number and call the
    result optimal.
    """
    _refuse_nonsense(matrix)
    lower, upper = _endless(matrix.lower), _endless(matrix.upper)
    with np.errstate(invalid="ignore"):
        lower = np.where(matrix.integer, np.ceil(lower - WHOLE), lower)
        upper = np.where(matrix.integer, np.floor(upper + WHOLE), upper)
    row_lower, row_upper = _endless(matrix.row_lower), _endless(matrix.row_upper)
    return replace(
        matrix,
        cost=matrix.cost.astype(np.float64),
        lower=lower,
        upper=_closed(lower, upper),
        integer=matrix.integer.astype(np.bool_),
        row_lower=row_lower,
        row_upper=_closed(row_lower, row_upper),
        start=matrix.start.astype(np.int32),
        index=matrix.index.astype(np.int32),
        value=matrix.value.astype(np.float64),
    )


def _endless(limit: Floats) -> Floats:
    return np.where(np.abs(limit) >= ENDLESS, np.copysign(np.inf, limit), limit)


def _closed(lower: Floats, upper: Floats) -> Floats:
    """Limits that cross by a rounding meet instead."""
    return np.where((lower > upper) & (lower <= upper + 1e-9 * np.maximum(1.0, np.abs(upper))), lower, upper)


def _refuse_nonsense(m: Matrix) -> None:
    n, rows = m.columns, m.rows
    complaints = {
        "arrays of different length": not (len(m.lower) == len(m.upper) == len(m.integer) == n)
        or len(m.row_upper) != rows
        or len(m.start) != rows + 1
        or len(m.index) != len(m.value),
        "a cost that is no finite number": not np.isfinite(m.cost).all() or not np.isfinite(m.offset),
        "an entry that is no finite number": not np.isfinite(m.value).all(),
        "a limit that is no number": any(np.isnan(a).any() for a in (m.lower, m.upper, m.row_lower, m.row_upper)),
        "a lower limit of plus infinity": np.isposinf(m.lower).any() or np.isposinf(m.row_lower).any(),
        "an upper limit of minus infinity": np.isneginf(m.upper).any() or np.isneginf(m.row_upper).any(),
    }
    found = [words for words, bad in complaints.items() if bad]
    if not found and (m.start[0] != 0 or m.start[-1] != m.entries or (np.diff(m.start) < 0).any()):
        found.append("row starts that do not rise from 0 to the number of entries")
    if not found and m.entries and (m.index.min() < 0 or m.index.max() >= n):
        found.append("an entry in a column that does not exist")
    if found:
        raise SolverError(f"the matrix holds {' and '.join(found)}")


def contradiction(matrix: Matrix) -> str:
    """In words, a column or row whose own limits exclude each other; empty where there is none."""
    for what, lower, upper in (("column", matrix.lower, matrix.upper), ("row", matrix.row_lower, matrix.row_upper)):
        crossed = np.flatnonzero(lower > upper)
        if len(crossed):
            j = int(crossed[0])
            return f"the limits of {what} {j} exclude each other ({lower[j]:.10g} to {upper[j]:.10g})"
    bare = (np.diff(matrix.start) == 0) & ((matrix.row_lower > KEPT) | (matrix.row_upper < -KEPT))
    if bare.any():
        r = int(np.flatnonzero(bare)[0])
        return f"row {r} has no entries and asks for {matrix.row_lower[r]:.10g} to {matrix.row_upper[r]:.10g}"
    return ""


def only_point(matrix: Matrix) -> Floats | None:
    """The one point of a matrix without columns to decide on, where it keeps every row; None where it does not."""
    x = matrix.lower.copy()
    return x if miss(matrix, x) <= KEPT else None


def nothing_to_decide(matrix: Matrix) -> bool:
    """There is no column, or every column is fixed."""
    return bool(np.all(matrix.lower == matrix.upper))
