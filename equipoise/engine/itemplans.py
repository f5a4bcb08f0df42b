"""Least-cost plans of single items at given prices, many items at once, by dynamic programming.

An item is lot sizing without limits of quantity: gated sources bring any quantity into stock in period t for a set-up and
a unit price, free sources for a unit price alone; pieces of demand are served from stock, on time or late, or take their
alternative (lost, waiting for ever, from a free source); stock has a price from each period to the next, of either sign.

Write H[t] for the price of holding a unit from period 0 to t, V = unit price - H[t] for a source of period t. A piece due
in d costs V + R when served from stock, R = H[d] + its price of serving. Of two sources open by d the one with the
smaller V serves it cheaper, whatever d is; so where t < t' are both open and V[t] <= V[t'] the later one only costs its
set-up. Hence in some optimum V falls and every piece is served from the last source open by its due date, or takes its
alternative: a shortest path over runs of pieces, T sources times D pieces (Wagner and Whitin; for prices by period
Wagelmans, Van Hoesel and Kolen).

Late service within one stream of demand (a chain): L[t] is the price of waiting from 0 to t, Z[t] the least over u >= t of
H[u] + price of serving in u + L[u]; a piece from a source of t costs V + Z[max(t, d)] - L[d], and Z never falls. A source
with an earlier one of smaller V is of no use as before. Where V falls from t' to t'' and t'' serves anything due before
t', V[t''] + Z[t''] < V[t'] + Z[t'], and t'' is better than t' for every piece, those due between them included. So in
some optimum each source serves an unbroken run of pieces around its period (Zangwill), and the same paths find it, with
a stretch backwards. With several streams in one item the second argument fails; late service then comes from any later
source without its set-up (``waits`` False), which can only lower the value: a relaxation.

The cost of a fixed plan is linear in the prices, so the plan found is a supergradient of the value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.engine.itemprices import FREE, LOST, NEVER, Items, Places, Prices, priced
from equipoise.engine.matrix import Flags, Floats


@dataclass(frozen=True, eq=False)
class Plans:
    """Plans of one group: their value, made smaller by its rounding, and the columns that are not 0, with their amounts."""

    value: float
    columns: Places
    amounts: Floats


def plan(items: Items, cost: Floats) -> Plans | None:
    """Least-cost plans at these column prices; None where they have no end."""
    p = priced(items, cost)
    if not np.isfinite(p.base):
        return None
    value, source = _paths(items, p)
    columns, amounts = _written(items, p, source)
    return Plans(float(value.sum()) + p.base - p.allowance, columns, amounts)


# ---------------------------------------------------------------------------------------------------------------- paths


def _paths(it: Items, p: Prices) -> tuple[Floats, Places]:
    """(B,): cost of the pieces of each item; (D, B): the source that serves a piece or lets it take its alternative, -1: none.

    best[s] is the least cost of the pieces before s; cost[s, source] that of the pieces up to s when the run of a source
    reaches s.
    """
    pieces, sources = len(it.due), len(it.make)
    best = np.zeros((pieces + 1, it.count))
    cost = np.empty((pieces, sources, it.count))
    begun, other = p.setup.copy(), it.quantity * p.other
    first = np.repeat(it.start[:-1], it.modes)[:, None].repeat(it.count, axis=1) if it.waits else None
    piece, open_before = np.empty(p.unit.shape), 0
    for s, due in enumerate(it.due):
        open_now = it.modes * (int(due) + 1)
        if open_now > open_before:
            new = slice(open_before, open_now)
            if first is None:
                begun[new] += best[s]
            else:
                begun[new], first[new] = _begun_late(it, p, best[: s + 1], new)
                np.minimum(best[s], begun[new].min(axis=0), out=best[s])
        now = piece[:open_now]
        np.add(p.unit[:open_now], p.serve[s], out=now)
        np.minimum(now, p.other[s], out=now)
        np.multiply(now, it.quantity[s], out=now)
        np.add(cost[s - 1, :open_before], now[:open_before], out=cost[s, :open_before])
        np.add(begun[open_before:open_now], now[open_before:], out=cost[s, open_before:open_now])
        np.add(best[s], other[s], out=best[s + 1])
        np.minimum(best[s + 1], cost[s, :open_now].min(axis=0, initial=np.inf), out=best[s + 1])
        open_before = open_now
    if first is None:
        return best[-1], _followed(it, best, cost, begun, None)
    begun[open_before:], first[open_before:] = _begun_late(it, p, best, slice(open_before, sources))
    np.minimum(best[-1], begun[open_before:].min(axis=0, initial=np.inf), out=best[-1])
    return best[-1], _followed(it, best, cost, begun, first)


def _begun_late(it: Items, p: Prices, best: Floats, new: slice) -> tuple[Floats, Places]:
    """Cost of opening sources, with all before: pieces due before them are served late from the one returned on."""
    s = len(best) - 1
    late = p.back[new, None] - p.wait[:s]
    np.minimum(late, p.other[:s], out=late)
    late *= it.quantity[:s]
    total = np.repeat(best[None], len(late), axis=0)
    total[:, :s] += np.cumsum(late[:, ::-1], axis=1)[:, ::-1]
    return p.setup[new] + total.min(axis=1), total.argmin(axis=1)


def _followed(it: Items, best: Floats, cost: Floats, begun: Floats, first: Places | None) -> Places:
    """Follow the best ways back from the last piece."""
    source = np.full(it.quantity.shape, -1, np.int64)
    at, now = np.full(it.count, len(it.due)), np.full(it.count, -1, np.int64)
    for s in range(len(it.due), 0, -1):
        arrived = np.flatnonzero(at == s)
        now[arrived], at[arrived] = _last_run(it, best, cost, begun, first, s, arrived)
        source[s - 1] = now
    return source


def _last_run(
    it: Items, best: Floats, cost: Floats, begun: Floats, first: Places | None, s: int, items: Places
) -> tuple[Places, Places]:
    """The source whose run ends before piece s on the best way there (-1: the alternative of one piece), and where it begins."""
    open_now = it.modes * (int(it.due[s - 1]) + 1)
    value = cost[s - 1, :open_now, items]
    which = value.argmin(axis=1) if open_now else np.zeros(len(items), np.int64)
    least = value.min(axis=1, initial=np.inf)
    if first is not None:  # sources that serve late and nothing from their own period on
        later = slice(open_now, it.modes * (int(it.due[s]) + 1) if s < len(it.due) else len(it.make))
        more = begun[later, items].T
        if more.shape[1]:
            which = np.where(more.min(axis=1) < least, open_now + more.argmin(axis=1), which)
            least = np.minimum(least, more.min(axis=1))
    taken = least == best[s, items]
    begin = it.start[which // max(it.modes, 1)] if first is None else first[which, items] if len(first) else 0
    return np.where(taken, which, -1), np.where(taken, begin, s - 1)


# --------------------------------------------------------------------------------------------------------------- writing


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
        self.put(f.gate[free], columns * f.share[free])

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


def _written(it: Items, p: Prices, source: Places) -> tuple[Places, Floats]:
    """The plan as columns and amounts."""
    sheet, real = _Sheet(it, p), it.quantity > 0
    piece, item = np.nonzero(real & (source >= 0))
    n = source[piece, item]
    period = n // max(it.modes, 1)
    price = p.unit[n, item] + p.serve[piece, item]
    if it.waits:
        price = np.where(it.due[piece] < period, p.back[n, item] - p.wait[piece, item], price)
    own = price < p.other[piece, item]
    piece, item, n, period = piece[own], item[own], n[own], period[own]
    amounts = it.quantity[piece, item]
    sheet.serve(piece, item, period, amounts)
    sheet.make(n, item, amounts)
    real[piece, item] = False
    _other_ways(it, p, sheet, real)
    opened = p.always.copy()
    run, of = np.nonzero(source >= 0)
    opened[source[run, of], of] = True
    sheet.put(it.gate[opened], np.ones(int(opened.sum())))
    _beyond(it, p, sheet, opened)
    return sheet.done()


def _other_ways(it: Items, p: Prices, sheet: _Sheet, taken: Flags) -> None:
    """Pieces that take their alternative."""
    piece, item = np.nonzero(taken)
    way, amounts = p.way[piece, item], it.quantity[piece, item]
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
