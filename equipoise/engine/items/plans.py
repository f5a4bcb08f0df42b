"""Least-cost plans of single items at given column prices, as columns and their amounts.

The cost of a fixed plan is linear in the prices, so a plan that is best at some prices is also a supergradient there of
the least cost as a function of the prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.engine.items.paths import Paths, best_paths, late_price
from equipoise.engine.items.prices import FREE, LOST, NEVER, Items, Prices, priced
from equipoise.engine.matrix import Flags, Floats, Places


@dataclass(frozen=True, eq=False)
class Plans:
    """Plans of one group: their value, made smaller by its rounding, and the columns that are not 0, with their amounts."""

    value: float
    columns: Places
    amounts: Floats


def plan(items: Items, cost: Floats) -> Plans | None:
    """Least-cost plans at these column prices; None where they have no end, or where an item cannot be served."""
    p = priced(items, cost)
    if not np.isfinite(p.base):
        return None
    paths = best_paths(items, p)
    if not np.isfinite(paths.value).all():
        return None
    columns, amounts = _written(items, p, paths)
    return Plans(float(paths.value.sum()) + p.base - p.allowance, columns, amounts)


class _Sheet:
    """Amounts of columns, stock and waiting of one group of items, collected piece by piece."""

    def __init__(self, it: Items, p: Prices):
        self._it, self._p = it, p
        self.columns: list[Places] = [it.fixed]
        self.amounts: list[Floats] = [it.amount]
        self._stock = np.zeros((it.periods + 1, it.count))
        self._late = np.zeros((it.periods + 1, len(it.chains.item)))

    def put(self, columns: Places, amounts: Floats) -> None:
        self.columns.append(columns)
        self.amounts.append(amounts)

    def keep(self, item: Places, since: Places, until: Places | int, amounts: Floats) -> None:
        """Stock from one period to the beginning of another."""
        _spread(self._stock, since, until, item, amounts)

    def wait(self, chain: Places, since: Places, until: Places | int, amounts: Floats) -> None:
        """Demand that waits from one period to the beginning of another."""
        _spread(self._late, since, until, chain, amounts)

    def serve(self, piece: Places, item: Places, period: Places, amounts: Floats) -> None:
        """Units of these periods to these pieces."""
        it = self._it
        due, chain = it.due[piece], it.chain[piece, item]
        when, column = due.copy(), it.serve[piece, item]
        c = chain >= 0
        when[c] = self._p.best_serve[np.maximum(period, due)[c], chain[c]]
        column[c] = it.chains.serve[when[c], chain[c]]
        self.keep(item, period, when, amounts)
        self.wait(chain[c], due[c], when[c], amounts[c])
        self.put(column, amounts)

    def make(self, source: Places, item: Places, amounts: Floats) -> None:
        """Units from gated sources."""
        self.put(self._it.make[source, item], amounts / self._it.gain[source, item])

    def take(self, free: Places, amounts: Floats) -> None:
        """Units from free sources."""
        f = self._it.free
        columns = amounts / f.gain[free]
        self.put(f.column[free], columns)
        self.put(f.refund[free], -columns)
        self.put(f.gate[free], np.where(self._p.gate_pays[free], 0.0, columns * f.share[free]))  # open anyway

    def done(self) -> tuple[Places, Floats]:
        it = self._it
        self.put(it.stock.ravel(), np.cumsum(self._stock, axis=0)[:-1].ravel())
        self.put(it.chains.late.ravel(), np.cumsum(self._late, axis=0)[:-1].ravel())
        columns, amounts = np.concatenate(self.columns), np.concatenate(self.amounts)
        real = (columns >= 0) & (amounts != 0)
        return columns[real], amounts[real]


def _spread(table: Floats, since: Places, until: Places | int, column: Places, amounts: Floats) -> None:
    """Note amounts that are there from one row of the table to another: +, and - where they end."""
    if not len(amounts):
        return
    width = table.shape[1]
    for row, sign in ((since, 1.0), (until, -1.0)):
        table += sign * np.bincount(row * width + column, amounts, table.size).reshape(table.shape)


def _written(it: Items, p: Prices, paths: Paths) -> tuple[Places, Floats]:
    """The plan as columns and amounts."""
    sheet, real = _Sheet(it, p), it.quantity > 0
    other, way = p.other, p.way
    if paths.then is not None:
        late, by = late_price(it, p, paths.then), p.later_by[paths.then, np.maximum(it.chain, 0)]
        other, way = np.minimum(other, late), np.where(late < other, by, way)
    piece, item = np.nonzero(real & (paths.source >= 0))
    n = paths.source[piece, item]
    period = n // max(it.modes, 1)
    price = p.unit[n, item] + p.serve[piece, item]
    if it.waits:
        price = np.where(it.due[piece] < period, p.back[n, item] - p.wait[piece, item], price)
    own = price < other[piece, item]
    piece, item, n, period = piece[own], item[own], n[own], period[own]
    amounts = it.quantity[piece, item]
    sheet.serve(piece, item, period, amounts)
    sheet.make(n, item, amounts)
    real[piece, item] = False
    _other_ways(it, way, sheet, real)
    sheet.put(it.gate[paths.open], np.ones(int(paths.open.sum())))
    _beyond(it, p, sheet, paths.open)
    return sheet.done()


def _other_ways(it: Items, ways: Places, sheet: _Sheet, taken: Flags) -> None:
    """Pieces that take their alternative."""
    piece, item = np.nonzero(taken)
    way, amounts = ways[piece, item], it.quantity[piece, item]
    lost, never, free, late = way == LOST, way == NEVER, way >= FREE, way < 0
    sheet.put(it.lost[piece[lost], item[lost]], amounts[lost])
    sheet.wait(it.chain[piece[never], item[never]], it.due[piece[never]], it.periods, amounts[never])
    n = way[free] - FREE
    sheet.take(n, amounts[free])
    sheet.serve(piece[free], item[free], it.free.period[n], amounts[free])
    source = -1 - way[late]
    sheet.make(source, item[late], amounts[late])
    sheet.serve(piece[late], item[late], source // max(it.modes, 1), amounts[late])


def _beyond(it: Items, p: Prices, sheet: _Sheet, opened: Flags) -> None:
    """All that can be made, kept to the end, where that pays."""
    source, item = np.nonzero(opened & p.beyond)
    most = it.most[source, item]
    sheet.make(source, item, most)
    sheet.keep(item, source // max(it.modes, 1), it.periods, most)
    n = np.flatnonzero(p.free_beyond)
    sheet.take(n, it.free.most[n])
    sheet.keep(it.free.item[n], it.free.period[n], it.periods, it.free.most[n])
    sheet.put(it.free.gate[p.gate_pays], np.ones(int(p.gate_pays.sum())))
