"""Items as the dynamic programme sees them, and what the prices of columns mean for them.

Positions of columns may be NONE or NOTHING (lots/sizing.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.engine.dual_bound import EPS
from equipoise.engine.matrix import Flags, Floats, Places

LOST, NEVER, FREE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Free:
    """F sources without a yes or no. A unit of ``column`` brings ``gain`` units, at most ``most`` in all.

    ``gate`` is a column from 0 to 1 that is not whole and has to be ``share`` for one of ``column``. A unit of ``refund``
    is saved with every unit of ``column``.
    """

    item: Places
    period: Places
    column: Places
    gain: Floats
    most: Floats
    gate: Places
    share: Floats
    refund: Places


@dataclass(frozen=True, eq=False)
class Chains:
    """K streams of demand that may wait. Columns (T, K); ``never``: a unit may still wait after the last period."""

    item: Places
    serve: Places
    late: Places
    never: Flags


@dataclass(frozen=True, eq=False)
class Items:
    """B items alike in shape, over T periods: S gated sources, ``modes`` a period, and D pieces of demand, both in order of time.

    Columns: ``stock`` (T, B) closing stock; ``make``, ``gate`` (S, B) of what arrives, with ``gain`` units for one of make
    and at most ``most`` units a set-up; ``serve``, ``lost`` (D, B) of a piece of ``quantity`` (0 for padding). ``chain``
    (D, B) counts into ``chains``, -1: served on time. ``due`` (D,) are the due periods, ``start`` (T + 1,) the first piece
    due in t or later. ``fixed`` columns have ``amount`` whatever the prices. ``waits``: each item is one chain.
    """

    modes: int
    stock: Places
    make: Places
    gate: Places
    gain: Floats
    most: Floats
    due: Places
    start: Places
    quantity: Floats
    serve: Places
    lost: Places
    chain: Places
    free: Free
    chains: Chains
    fixed: Places
    amount: Floats
    waits: bool

    @property
    def periods(self) -> int:
        return len(self.stock)

    @property
    def count(self) -> int:
        return self.stock.shape[1]


@dataclass(frozen=True, eq=False)
class Prices:
    """What follows from the prices of the columns; letters as in paths.py. ``allowance``: room for every rounding."""

    unit: Floats  # (S, B): V, 0 where there is no source
    setup: Floats  # (S, B): price of opening a source, inf where there is none
    always: Flags  # (S, B): open at a profit whatever else happens
    beyond: Flags  # (S, B): making all that can be made pays
    free_beyond: Flags  # (F,)
    gate_pays: Flags  # (F,)
    best_serve: Places  # (T + 1, K): period that Z stands for
    serve: Floats  # (D, B): R
    wait: Floats  # (D, B): L at the due date
    back: Floats  # (S, B): V + Z where each item is one chain
    later: (
        Floats  # (T + 1, K): the least V + Z of gated sources of the period or later, where items have several chains
    )
    later_by: Places  # (T + 1, K): which it is, -1 - s
    other: Floats  # (D, B): price of the alternative
    way: Places  # (D, B): LOST, NEVER, FREE + n for free source n, -1 - s for gated source s, late
    base: float  # what is paid whatever the pieces do; -inf: earned without end
    allowance: float


def priced(it: Items, cost: Floats) -> Prices:
    """The prices of items where the columns cost this much."""
    c = np.concatenate([cost, [0.0, np.inf]])
    hold = np.zeros((it.periods + 1, it.count))
    np.cumsum(c[it.stock], axis=0, out=hold[1:])
    held = np.repeat(hold[:-1], it.modes, axis=0)
    there = it.make >= 0
    made = np.where(there, c[it.make] / it.gain, 0.0)
    extra = made + hold[-1] - held
    beyond = there & (extra < 0)
    setup = c[it.gate] + np.where(beyond, extra, 0.0) * np.where(beyond, it.most, 0.0)
    unit = np.where(there, made - held, 0.0)
    free_unit, free_parts, free_beyond, gate_pays = _free(it.free, c, hold)
    late, reach, best_serve = _late(it.chains, c, hold)
    serve, wait = _serving(it, c, hold, late, reach)
    back = unit
    if it.waits:  # one chain an item
        back = unit + np.repeat(reach[:-1, np.argsort(it.chains.item)], it.modes, axis=0)
    later, later_by = _later(it, np.where(there, unit, np.inf), reach)
    other, way = _Ways(it, free_unit, late, reach, serve, wait).cheapest(c)
    parts = [np.minimum(setup, 0.0), *free_parts, c[it.fixed] * it.amount]
    spent = sum(float(np.abs(part).sum()) for part in parts) + float(np.where(there, np.abs(setup), 0.0).sum())
    peak = sum(_largest(a) for a in (hold, made, unit, serve, wait, other, back))
    terms = it.periods + len(it.due) + len(it.make) + len(it.fixed) + len(free_unit)
    return Prices(
        unit=unit,
        setup=np.where(there, np.maximum(setup, 0.0), np.inf),
        always=there & (setup < 0),
        beyond=beyond,
        free_beyond=free_beyond,
        gate_pays=gate_pays,
        best_serve=best_serve,
        serve=serve,
        wait=wait,
        back=back,
        later=later,
        later_by=later_by,
        other=other,
        way=way,
        base=sum(float(part.sum()) for part in parts),
        allowance=EPS * (8 * terms + 64) * (spent + float((it.quantity.sum(axis=0) * peak).sum())),
    )


def _largest(a: Floats) -> Floats:
    """The largest finite size in each column."""
    return np.where(np.isfinite(a), np.abs(a), 0.0).max(axis=0, initial=0.0)


def _free(f: Free, c: Floats, hold: Floats) -> tuple[Floats, list[Floats], Flags, Flags]:
    """V of the free sources; what they earn by themselves, and which do: beyond all pieces, and by their gate."""
    unit = (c[f.column] - c[f.refund] + np.maximum(c[f.gate], 0.0) * f.share) / f.gain
    extra = unit + hold[-1, f.item] - hold[f.period, f.item]
    beyond, pays = extra < 0, c[f.gate] < 0
    earned = np.where(beyond, extra, 0.0) * np.where(beyond, f.most, 0.0)
    return unit - hold[f.period, f.item], [earned, np.where(pays, c[f.gate], 0.0)], beyond, pays


def _late(chains: Chains, c: Floats, hold: Floats) -> tuple[Floats, Floats, Places]:
    """L and Z of the chains by period, and the period of service that Z stands for."""
    periods = len(hold) - 1
    late = np.zeros((periods + 1, len(chains.item)))
    reach, best = np.full(late.shape, np.inf), np.full(late.shape, -1, np.int64)
    if not len(chains.item):
        return late, reach, best
    waits = chains.late >= 0
    np.cumsum(np.where(waits, c[chains.late], 0.0), axis=0, out=late[1:])
    for t in range(periods - 1, -1, -1):
        here = hold[t, chains.item] + c[chains.serve[t]] + late[t]
        on = np.where(waits[t], reach[t + 1], np.inf)
        best[t] = np.where(here <= on, t, best[t + 1])
        reach[t] = np.minimum(here, on)
    return late, reach, best


def _serving(it: Items, c: Floats, hold: Floats, late: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """R and L of the pieces."""
    serve, wait = hold[it.due] + c[it.serve], np.zeros(it.serve.shape)
    chained = it.chain >= 0
    k, due = it.chain[chained], np.nonzero(chained)[0]
    wait[chained] = late[it.due[due], k]
    serve[chained] = reach[it.due[due], k] - wait[chained]
    return serve, wait


@dataclass(frozen=True, eq=False)
class _Ways:
    """What is needed to price the alternatives of the pieces; names as in Prices."""

    it: Items
    free_unit: Floats
    late: Floats
    reach: Floats
    serve: Floats
    wait: Floats

    def cheapest(self, c: Floats) -> tuple[Floats, Places]:
        """The price of the cheapest alternative of every piece, and which it is."""
        it = self.it
        price, way = c[it.lost], np.full(it.lost.shape, LOST, np.int64)
        if not len(it.free.item) and not len(it.chains.item):
            return price, way
        best, which = self._free_by_period()
        ready, by = _falling(best, which)
        _take(price, way, ready[it.due] + self.serve, by[it.due])
        chained = it.chain >= 0
        if chained.any():
            k, due = it.chain[chained], it.due[np.nonzero(chained)[0]]
            part, part_way, wait = price[chained], way[chained], self.wait[chained]
            never = np.where(it.chains.never[k], self.late[-1, k] - wait, np.inf)
            _take(part, part_way, never, np.full(len(k), NEVER, np.int64))
            later, by = _from_here_on(it, best, which, self.reach)
            _take(part, part_way, later[due + 1, k] - wait, by[due + 1, k])
            price[chained], way[chained] = part, part_way
        return price, way

    def _free_by_period(self) -> tuple[Floats, Places]:
        """(T, B): the smallest V of the free sources of the period, and FREE + its number."""
        f = self.it.free
        best = np.full(self.it.stock.shape, np.inf)
        which = np.full(best.shape, FREE, np.int64)
        order = np.argsort(-self.free_unit, kind="stable")  # the smallest is written last
        at = (f.period[order], f.item[order])
        best[at], which[at] = self.free_unit[order], FREE + order
        return best, which


def _from_here_on(it: Items, best: Floats, which: Places, reach: Floats) -> tuple[Floats, Places]:
    """(T + 1, K): the least V + Z of sources of the period or later, given the least V by period (T, B), and which it is."""
    total = np.full(reach.shape, np.inf)
    total[:-1] = best[:, it.chains.item] + reach[:-1]
    by = np.full(total.shape, FREE, np.int64)
    by[:-1] = which[:, it.chains.item]
    down, by = _falling(total[::-1], by[::-1])
    return down[::-1], by[::-1]


def _later(it: Items, unit: Floats, reach: Floats) -> tuple[Floats, Places]:
    """``later`` and ``later_by`` of Prices; ``unit`` is inf where there is no source."""
    if it.waits or not it.modes or not len(it.chains.item):
        return np.full(reach.shape, np.inf), np.full(reach.shape, -1, np.int64)
    by_mode = unit.reshape(it.periods, it.modes, it.count)
    source = by_mode.argmin(axis=1) + it.modes * np.arange(it.periods)[:, None]
    return _from_here_on(it, by_mode.min(axis=1), -1 - source, reach)


def _falling(values: Floats, names: Places) -> tuple[Floats, Places]:
    """The least value so far down each column, and its name."""
    least = np.minimum.accumulate(values, axis=0)
    new = np.ones(values.shape, np.bool_)
    new[1:] = values[1:] < least[:-1]
    last = np.maximum.accumulate(np.where(new, np.arange(len(values))[:, None], 0), axis=0)
    return least, np.take_along_axis(names, last, axis=0)


def _take(price: Floats, way: Places, offered: Floats, by: Places) -> None:
    """Where the offer is cheaper, take it."""
    better = offered < price
    price[better], way[better] = offered[better], by[better]
