"""Least-cost plans of single items at given prices, many items at once, by dynamic programming.

An item is lot sizing without limits of quantity: gated sources bring any quantity into stock in period t for a set-up and
a unit price, free sources for a unit price alone; pieces of demand are served from stock, on time or late, or take their
alternative (lost, waiting for ever, from a free source); stock has a price from each period to the next, of either sign.

Write H[t] for the price of holding a unit from period 0 to t, V = unit price - H[t] for a source of period t. A piece due
in d costs V + R when served from stock, R = H[d] + its price of serving. Of two sources open by d the one with the
smaller V serves it cheaper, whatever d is; so where t < t' are both open and V[t] <= V[t'] the later one only costs its
set-up. Hence in some optimum V falls and every piece is served from the last source open by its due date, or takes its
alternative: a shortest path over runs of pieces, sources times pieces (Wagner and Whitin; for prices by period
Wagelmans, Van Hoesel and Kolen).

Late service within one stream of demand (a chain): L[t] is the price of waiting from 0 to t, Z[t] the least over u >= t of
H[u] + price of serving in u + L[u]; a piece from a source of t costs V + Z[max(t, d)] - L[d], and Z never falls. A source
with an earlier one of smaller V is of no use as before. Where V falls from t' to t'' and t'' serves anything due before
t', V[t''] + Z[t''] < V[t'] + Z[t'], and t'' is better than t' for every piece, those due between them included. So in
some optimum each source serves an unbroken run of pieces around its period (Zangwill), and the same paths find it, with
a stretch backwards (``waits``).

With several streams in one item the second argument fails, the first holds. Then a path goes from source to source, each
the last one open for the pieces up to the next; between two, a piece is served from the first of them, takes its
alternative, or comes late from the next source or any later one, those after the next without their set-up. This can
only lower the value: a relaxation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.engine.items.prices import Items, Prices
from equipoise.engine.matrix import Flags, Floats, Places


@dataclass(frozen=True, eq=False)
class Paths:
    """Best ways: (B,) values; (D, B) the source that serves a piece unless its alternative is cheaper, -1: none; (S, B) what is open.

    ``then`` (D, B): the period of the next source open after that one, T: none; asked for where items have several streams.
    """

    value: Floats
    source: Places
    open: Flags
    then: Places | None = None


def best_paths(it: Items, p: Prices) -> Paths:
    """The plan of every item as sources and the pieces they serve."""
    if len(it.chains.item) and not it.waits:
        return _from_source_to_source(it, p)
    return _from_piece_to_piece(it, p)


def _from_piece_to_piece(it: Items, p: Prices) -> Paths:
    """One stream, or nothing late.

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
                _begin_late(it, p, best[: s + 1], new, begun, first)
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
        return _followed(it, p, best, cost, begun, None)
    _begin_late(it, p, best, slice(open_before, sources), begun, first)
    return _followed(it, p, best, cost, begun, first)


def _begin_late(it: Items, p: Prices, best: Floats, new: slice, begun: Floats, first: Places) -> None:
    """Cost of opening sources, with all before: pieces due before them are served late from the ``first`` one on.

    One after the other, as each may be all there is between two others: it serves late and nothing after.
    """
    s = len(best) - 1
    for n in range(new.start, new.stop):
        late = p.back[n] - p.wait[:s]
        np.minimum(late, p.other[:s], out=late)
        late *= it.quantity[:s]
        total = best.copy()
        total[:s] += np.cumsum(late[::-1], axis=0)[::-1]
        begun[n], first[n] = p.setup[n] + total.min(axis=0), total.argmin(axis=0)
        np.minimum(best[s], begun[n], out=best[s])


def _followed(it: Items, p: Prices, best: Floats, cost: Floats, begun: Floats, first: Places | None) -> Paths:
    """Follow the best ways back from the last piece."""
    source, opened = np.full(it.quantity.shape, -1, np.int64), p.always.copy()
    at, now = np.full(it.count, len(it.due)), np.full(it.count, -1, np.int64)
    for s in range(len(it.due), 0, -1):
        arrived = np.flatnonzero(at == s)
        now[arrived], at[arrived] = _last_run(it, best, cost, begun, first, s, arrived)
        source[s - 1] = now
        run = arrived[now[arrived] >= 0]
        opened[now[run], run] = True
    return Paths(best[-1], source, opened)


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
        more = np.where(first[later, items] < s, begun[later, items], np.inf).T
        if more.shape[1]:
            which = np.where(more.min(axis=1) < least, open_now + more.argmin(axis=1), which)
            least = np.minimum(least, more.min(axis=1))
    taken = (least < np.inf) & (least == best[s, items])
    begin = it.start[which // max(it.modes, 1)] if first is None else first[which, items] if len(first) else 0
    return np.where(taken, which, -1), np.where(taken, begin, s - 1)


def _from_source_to_source(it: Items, p: Prices) -> Paths:
    """Several streams: cost[source] is the least cost of what is due before its period, with its set-up."""
    cost, before = p.setup.copy(), np.full((it.periods + 1, it.count), -1, np.int64)
    value = np.zeros(it.count)
    for t in range(it.periods + 1):
        pieces, sources = int(it.start[t]), it.modes * t
        least = np.minimum(p.other[:pieces], late_price(it, p, np.full((pieces, it.count), t)))
        value = (it.quantity[:pieces] * least).sum(axis=0)
        total = cost[:sources].copy()
        for s in range(pieces):
            ready = it.modes * (int(it.due[s]) + 1)
            total[:ready] += it.quantity[s] * np.minimum(p.unit[:ready] + p.serve[s], least[s])
        if sources:
            shorter = total.min(axis=0) < value
            before[t, shorter] = total.argmin(axis=0)[shorter]
            value = np.minimum(value, total.min(axis=0))
        cost[sources : sources + it.modes] += value
    return _chosen(it, p, value, before)


def late_price(it: Items, p: Prices, since: Places) -> Floats:
    """Price of serving the first pieces late by gated sources of these periods or later, without a set-up of their own."""
    chain = it.chain[: len(since)]
    return np.where(chain >= 0, p.later[since, np.maximum(chain, 0)] - p.wait[: len(since)], np.inf)


def _chosen(it: Items, p: Prices, value: Floats, before: Places) -> Paths:
    """Follow the sources back from the end."""
    source, then = np.full(it.quantity.shape, -1, np.int64), np.zeros(it.quantity.shape, np.int64)
    opened, at = p.always.copy(), np.full(it.count, it.periods)
    for t in range(it.periods, -1, -1):
        items = np.flatnonzero(at == t)
        now = before[t, items]
        period = np.where(now >= 0, now // max(it.modes, 1), -1)
        opened[now[now >= 0], items[now >= 0]] = True
        between = (it.due[:, None] >= period) & (it.due[:, None] < t)
        source[:, items] = np.where(between, now, source[:, items])
        then[:, items] = np.where(between, t, then[:, items])
        at[items] = period
    return Paths(value, source, opened, then)
