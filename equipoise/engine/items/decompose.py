"""A lower bound by decomposition: rows that tie items together get prices, what is left falls apart into items.

Rows are either kept (balance, demand and gates of the items found by lots/sizing.py, gates of other columns) or priced. For any
prices y of the priced rows, y > 0 only where a row has a lower limit and y < 0 only where it has an upper one,

    least cost >= offset + y @ limits + least of (cost - y A) x over the kept rows and the limits of the columns,

since y @ (A x - limits) >= 0 for every plan. The second part is the sum of: items at their prices (dynamic programmes,
plans.py), gated columns outside of items (0, or the gate and all it allows), other columns (their cheaper limit). The
kept rows have no column in common between two parts. All figures are made smaller by what rounding can have added: column
prices by the error of their sum, sums by theirs.

The bound is concave in y and the plans of the parts give its slope, so y is improved step by step (volume). With whole
set-ups in the dynamic programmes it is as strong as the linear programme of the facility-location model, whatever the
size. More rows and columns may be added before (echelons, what is there by itself, what gates allow); they leave the plans
of the matrix and their cost as they are, so a bound with them is a bound of the matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from equipoise.engine.dual_bound import EPS, cheapest, implied_limits, single_rows
from equipoise.engine.items.found import items_of
from equipoise.engine.items.plans import plan
from equipoise.engine.items.volume import Priced, Volume
from equipoise.engine.lots.gates import limited_gates, tight_gates, with_rooms
from equipoise.engine.lots.levels import levelled
from equipoise.engine.lots.sheet import Levels
from equipoise.engine.lots.sizing import Blocks, Links, blocks_of, links_of
from equipoise.engine.lots.stock import limits, never_below_zero, released
from equipoise.engine.matrix import Flags, Floats, Matrix, Places
from equipoise.engine.meaning import Meaning


@dataclass(frozen=True, eq=False)
class Ascent:
    """The best bound found, and the ``average`` of the plans along the way, by column of the given matrix.

    The average nearly keeps the priced rows and tends to an optimum of the relaxation: its whole columns say what is
    promising.
    """

    bound: float
    average: Floats


SHARE = 0.25
"""Least share of the whole columns that have to be gates of items."""


class Decomposition:
    """A matrix taken apart: ``items`` in groups, gated ``pairs`` and ``loose`` columns outside of them, priced ``rows``.

    Multipliers of the priced rows lie between ``least`` and ``most``; ``gates`` marks rows that are kept and priced.
    """

    def __init__(self, matrix: Matrix, blocks: Blocks, links: Links, given: Matrix, levels: Levels):
        """``matrix`` begins with the columns and rows of ``given`` and may have more of them."""
        matrix, rooms = with_rooms(matrix, blocks)
        d = blocks.demand
        covered = _marked(matrix.columns, blocks.stock.ravel(), blocks.column, blocks.gate, d.serve, d.late, d.lost)
        self.pairs = _outside(links, covered)
        covered |= _marked(matrix.columns, self.pairs.column, self.pairs.gate)
        self.loose = np.flatnonzero(~covered)
        free = blocks.column[np.isinf(blocks.most)]
        matrix = _limited(matrix, ~covered | _marked(matrix.columns, free))
        self.matrix, self._columns = matrix, slice(given.columns)  # those of the given matrix
        self.items = items_of(matrix, blocks)
        kept = _marked(matrix.rows, blocks.balance.ravel(), d.row, blocks.link, self.pairs.row)
        kept |= _in_limits(matrix, ~covered, _marked(matrix.columns, blocks.stock.ravel()))
        gates = np.append(tight_gates(matrix, blocks), rooms)
        kept[gates] = False
        low, high = limits(matrix, blocks)
        endless = self.loose[np.isposinf(matrix.upper[self.loose])]
        never_below_zero(matrix, np.union1d(endless, levels.held), np.flatnonzero(kept), low, high)
        self.rows = np.flatnonzero(~kept & (np.diff(matrix.start) > 0))
        self.gates = np.isin(self.rows, gates)
        start = np.append(levels.start, np.zeros(matrix.rows - len(levels.start)))[self.rows]
        whole = sparse.csr_array((matrix.value, matrix.index, matrix.start), shape=(matrix.rows, matrix.columns))
        self._a = whole[self.rows]
        self._down = self._a.T.tocsr()
        self._size = abs(self._down)
        self._entries = np.diff(self._down.indptr)
        self.lower, self.upper = matrix.row_lower[self.rows], matrix.row_upper[self.rows]
        self.least = np.where(np.isfinite(self.upper), low[self.rows], 0.0)
        self.most = np.where(np.isfinite(self.lower), high[self.rows], 0.0)
        self.begin = np.clip(start, self.least, self.most)

    @staticmethod
    def of(matrix: Matrix, meaning: Meaning) -> Decomposition | None:
        """The matrix taken apart; None where too little of it is lot sizing of items."""
        tight = _tightened(matrix)
        tight = limited_gates(tight, links_of(tight))
        levels = levelled(tight, meaning) or Levels(tight, meaning, np.zeros(tight.rows), np.zeros(0, np.int64))
        tight, meaning = levels.matrix, levels.meaning
        links = links_of(tight)
        blocks = blocks_of(tight, meaning, links)
        if blocks is None:
            return None
        gated = int((blocks.gate >= 0).sum())
        if not gated or gated < SHARE * int(tight.integer.sum()):
            return None
        return Decomposition(*released(tight, blocks), links, matrix, levels)

    def priced(self, y: Floats) -> Priced | None:
        """The bound at multipliers ``y`` of the priced rows; None where it is minus infinity."""
        m = self.matrix
        slope = m.cost - self._down @ y
        error = EPS * (np.abs(m.cost) + self._size @ np.abs(y)) * (self._entries + 4)
        low, high = slope - error, slope + error
        x = np.zeros(m.columns)
        limits = y * np.where(y > 0, self.lower, np.where(y < 0, self.upper, 0.0))
        parts = [np.array([m.offset]), limits, self._loose(low, high, x), self._gated(low, x)]
        if not all(np.isfinite(part).all() for part in parts):
            return None
        values = [float(part.sum()) for part in parts]
        values += [-EPS * (len(part) + 8) * float(np.abs(part).sum()) for part in parts]
        for items in self.items:
            plans = plan(items, low)
            if plans is None:
                return None
            values.append(plans.value)
            x += np.bincount(plans.columns, plans.amounts, m.columns)
        return Priced(math.fsum(values) - 4 * EPS * math.fsum(map(abs, values)), x)

    def _loose(self, low: Floats, high: Floats, x: Floats) -> Floats:
        """Columns on their own: each at its cheaper limit."""
        j = self.loose
        least, x[j] = cheapest(low[j], high[j], self.matrix.lower[j], self.matrix.upper[j])
        return least

    def _gated(self, low: Floats, x: Floats) -> Floats:
        """A gate and the column it gates: closed, or open with all it allows where that pays."""
        p, m = self.pairs, self.matrix
        room = np.where(m.integer[p.gate], np.minimum(p.most, m.upper[p.column]), p.most)
        pays = low[p.column] < 0
        each = low[p.gate] + np.where(pays, low[p.column], 0.0) * np.where(pays, room, 0.0)
        gate = np.where(each < 0, m.upper[p.gate], m.lower[p.gate])
        x[p.gate] = gate
        x[p.column] = gate * np.where(pays, room, 0.0)
        return each * gate

    def ascend(
        self,
        best_known: Callable[[], float | None],
        must_end: Callable[[], bool],
        report: Callable[[float, Floats], None],
        rounds: int | None = None,
    ) -> Ascent:
        """Raise the bound until it stalls, reaches ``best_known`` (a plan's cost) or an end is asked for.

        ``report`` hears of the bound and of the average of the plans after every round.
        The same rounds and plans' costs give the same way to the bit.
        """
        volume = Volume(self, self.matrix.columns)
        report(volume.best, volume.average[self._columns])
        while not (must_end() or volume.stalled or (rounds is not None and volume.rounds >= rounds)):
            known = best_known()
            if known is not None and volume.best >= known:
                break
            volume.step(known)
            report(volume.best, volume.average[self._columns])
        return Ascent(volume.best, volume.average[self._columns])

    def towards(self, x: Floats, y: Floats) -> Floats:
        """The slope of the bound where the parts' plan is ``x``: what the limits are above it, at the side that ``y`` prices."""
        side = np.where(
            y > 0, self.lower, np.where(y < 0, self.upper, np.where(np.isfinite(self.upper), self.upper, self.lower))
        )
        return np.where(np.isfinite(side), side - self._a @ x, 0.0)


def _marked(size: int, *places: Places) -> Flags:
    """Flags at these places; places below 0 stand for none."""
    flags = np.zeros(size, np.bool_)
    for at in places:
        flags[at[at >= 0]] = True
    return flags


def _outside(links: Links, covered: Flags) -> Links:
    """Gates of columns outside of the items; every column and gate once."""
    free = np.flatnonzero(~covered[links.column] & ~covered[links.gate])
    first = free[np.unique(links.column[free], return_index=True)[1]]
    first = first[np.unique(links.gate[first], return_index=True)[1]]
    first = first[~np.isin(links.gate[first], links.column[first])]
    return Links(links.row[first], links.column[first], links.gate[first], links.most[first])


def _tightened(matrix: Matrix) -> Matrix:
    """The same plans, with rows of one entry as limits of their column (a little wider, for rounding)."""
    _, j, low, high = single_rows(matrix)
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    np.maximum.at(lower, j, np.where(np.isfinite(low), low - 4 * EPS * np.abs(low), low))
    np.minimum.at(upper, j, np.where(np.isfinite(high), high + 4 * EPS * np.abs(high), high))
    return replace(matrix, lower=lower, upper=upper)


def _limited(matrix: Matrix, wanted: Flags) -> Matrix:
    """The same plans; limits that the rows imply for these columns where they have none of their own."""
    above, below = wanted & np.isposinf(matrix.upper), wanted & np.isneginf(matrix.lower)
    if not (above.any() or below.any()):
        return matrix
    lower, upper = implied_limits(matrix, None, above, below)
    return replace(matrix, lower=np.where(below, lower, matrix.lower), upper=np.where(above, upper, matrix.upper))


def _in_limits(matrix: Matrix, loose: Flags, stock: Flags) -> Flags:
    """Rows that say no more than the limits of a column that are kept: of loose columns, and of stock from below."""
    flags = np.zeros(matrix.rows, np.bool_)
    row, j, _, most = single_rows(matrix)
    flags[row] = loose[j] | (stock[j] & np.isposinf(most))
    return flags
