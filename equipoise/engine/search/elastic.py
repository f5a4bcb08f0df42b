"""A first plan where rounding finds none: rows may be missed at a price, and the search makes that price fall to nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import sparse

from equipoise.engine.child.progress import WatchLike
from equipoise.engine.matrix import Floats, Ints, Matrix
from equipoise.engine.meaning import AXES, Codes, Meaning
from equipoise.engine.search.improve import Search
from equipoise.engine.search.start import Planner, up

MISSED = 1e-7
"""Sum of misses, relative to the rows' sizes, at which a plan is worth a try with the rows as they are."""


class Quiet(WatchLike):
    """A watch for work on another problem: it knows the time, and tells nobody anything.

    That problem has so many ``more`` columns, of which a guide says nothing.
    """

    def __init__(self, watch: WatchLike, more: int):
        self._watch = watch
        self._nothing = np.full(more, np.nan)
        self._guide: Floats | None = None
        self._widened: Floats | None = None

    @property
    def guide(self) -> Floats | None:
        """The same array as long as the guide is the same."""
        if self._guide is not self._watch.guide:
            self._guide = self._watch.guide
            self._widened = None if self._guide is None else np.append(self._guide, self._nothing)
        return self._widened

    def left(self) -> float:
        return self._watch.left()

    def must_end(self) -> bool:
        return self._watch.must_end()

    def news(self, than: float | None) -> None:
        return None

    def point(self, x: Floats, objective: float, clean: bool, bound: float | None = None, origin: str = "") -> None:
        pass

    def tick(self, objective: float | None, bound: float | None, origin: str = "") -> None:
        pass

    def note(self, words: str) -> None:
        pass

    def stage(self, words: str) -> None:
        pass


def stretchable(matrix: Matrix) -> Ints:
    """Rows that whole columns can break and that say more than that one column needs another: three entries or more."""
    rows = matrix.entry_rows
    whole = np.bincount(rows[matrix.integer[matrix.index]], minlength=matrix.rows) > 0
    return np.flatnonzero(whole & (np.diff(matrix.start) >= 3)).astype(np.int32)


def stretched(matrix: Matrix, rows: Ints, price: float) -> Matrix:
    """The matrix with two more columns for each of the rows, one that adds to it and one that takes away.

    Missing a row by as much as its limit costs ``price``.
    """
    n = matrix.columns
    limit = np.where(np.isfinite(matrix.row_upper[rows]), matrix.row_upper[rows], matrix.row_lower[rows])
    rate = price / np.maximum(1.0, np.abs(limit))
    a = sparse.csr_array((matrix.value, matrix.index, matrix.start), shape=(matrix.rows, n))
    k = len(rows)
    sides = np.concatenate([np.ones(k), -np.ones(k)])
    more = sparse.csr_array((sides, (np.tile(rows, 2), np.arange(2 * k))), shape=(matrix.rows, 2 * k))
    whole = sparse.hstack([a, more]).tocsr()
    whole.sort_indices()
    useful = np.concatenate([np.isfinite(matrix.row_lower[rows]), np.isfinite(matrix.row_upper[rows])])
    return replace(
        matrix,
        cost=np.concatenate([matrix.cost, rate, rate]),
        lower=np.concatenate([matrix.lower, np.zeros(2 * k)]),
        upper=np.concatenate([matrix.upper, np.where(useful, np.inf, 0.0)]),
        integer=np.concatenate([matrix.integer, np.zeros(2 * k, bool)]),
        start=whole.indptr.astype(np.int32),
        index=whole.indices.astype(np.int32),
        value=whole.data,
    )


def first_plan(
    planner: Planner, meaning: Meaning | None, relaxed: Floats, price: float, work: float | None = None
) -> str:
    """Look for any plan from relaxed whole columns; ``price`` of a missed row as in ``stretched``. Says in words what came of it."""
    matrix = planner.matrix
    rows = stretchable(matrix)
    if not len(rows):
        return "no plan to begin from: no row to stretch"
    wide = stretched(matrix, rows, price)
    quiet = Quiet(planner.watch, wide.columns - matrix.columns)
    loose = Planner(wide, planner.limits, planner.options, quiet)
    loose.completed(up(relaxed))
    if loose.best is None:
        return "no plan to begin from: not even with stretched rows"
    search = Search(loose, _widened(meaning, rows))
    search.run(work, _settled(loose, rows, planner))
    found = "found a plan" if planner.best is not None else "found no plan"
    return f"stretched rows: {search.tries} parts decided anew {found}"


def _settled(loose: Planner, rows: Ints, planner: Planner) -> Callable[[], bool]:
    """Whether a plan is known: tried as soon as the best stretched one misses nothing."""
    columns, watch = planner.matrix.columns, planner.watch
    limit = np.abs(loose.matrix.row_upper[rows])
    size = np.tile(np.maximum(1.0, np.where(np.isfinite(limit), limit, 1.0)), 2)

    def settled() -> bool:
        best = loose.best
        if best is not None and float((best.x[columns:] / size).sum()) <= MISSED:
            planner.completed(best.x[:columns][planner.whole])
        return planner.best is not None or watch.news(None) is not None

    return settled


def _widened(meaning: Meaning | None, rows: Ints) -> Meaning | None:
    """The meaning with two columns more for each row that is stretched: of no item, in the period of their row."""
    if meaning is None:
        return None
    old, k = meaning.columns, 2 * len(rows)
    axes = {name: np.concatenate([getattr(old, name), np.full(k, -1, np.int32)]) for name in AXES}
    axes["period"][-k:] = np.tile(meaning.rows.period[rows], 2)
    kind = np.concatenate([old.kind, np.full(k, len(old.kinds), np.int32)])
    return replace(meaning, columns=Codes((*old.kinds, "stretch"), kind, **axes))
