"""A stronger way to write the same problem: what is made when for which demand (facility location).

For an item with sources j (columns x[j] that enter stock in period p[j], times a gain) and demand of quantity q[u] due in
period t[u], served then or lost, columns z[j,u] say how much of x[j] serves u, and e[j] what of it is left at the end:

    gain[j] * x[j] = sum of z[j,u] over u with t[u] >= p[j]  +  e[j]          for each source j
    sum of z[j,u] over j with p[j] <= t[u]  +  lost[u] = q[u]                 for each demand u
    stock[t] = sum of z[j,u] over p[j] <= t < t[u]  +  sum of e[j] over p[j] <= t      for each period t, in place of the balance
    z[j,u] <= q[u] * y[j]                                       for each source j with a whole gate and demand u

What enters by itself (opening stock, receipts) is a source of a known amount. Every plan of the problem is one of this:
take the units of stock first in, first out, and z follows; and any z gives back stock and balance, since the rows above
summed over the demand of a period are its balance row. So plans and optimum are the same. The relaxation is that of
Krarup and Bilde (1977), which for one item without limits has whole set-ups. Demand that may wait is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from equipoise.engine.lots.sizing import Blocks, blocks_of, links_of
from equipoise.engine.lots.stock import given_of, waiting
from equipoise.engine.matrix import Flags, Floats, Matrix, Places
from equipoise.engine.meaning import Meaning

MOST = 40_000
"""More columns than this would be added: the problem is left as it is."""


def extended(matrix: Matrix, meaning: Meaning) -> Matrix | None:
    """The problem with columns for what serves what after its own columns, which stay in place; None where none is to be had."""
    blocks = blocks_of(matrix, meaning, links_of(matrix))
    if blocks is None:
        return None
    given, floor = given_of(matrix, blocks)
    fits = ~waiting(blocks) & (given >= 0).all(axis=1) & (floor == 0).all(axis=1)
    fits[blocks.block[blocks.gain <= 0]] = False
    if not fits.any():
        return None
    flows = _flows(matrix, blocks, given, fits)
    if not len(flows.source) or len(flows.source) > MOST:
        return None
    return _written(matrix, blocks, flows, fits)


@dataclass(frozen=True, eq=False)
class _Flows:
    """Sources: their block, period, column (-1: what enters by itself, of ``amount``), gain and gate; demand rows.

    Flow f leads from ``source[f]`` to ``demand[f]``, positions in these.
    """

    block: Places
    period: Places
    column: Places
    gain: Floats
    gate: Places
    amount: Floats
    rows: Places
    source: Places
    demand: Places


def _flows(matrix: Matrix, blocks: Blocks, given: Floats, fits: Flags) -> _Flows:
    real = np.flatnonzero(fits[blocks.block])
    where, when = np.nonzero((given > 0) & fits[:, None])
    none = np.full(len(where), -1, np.int64)
    gate = blocks.gate[real]
    gate = np.where((gate >= 0) & matrix.integer[gate], gate, -1)  # half a set-up may make all of a small demand
    block = np.concatenate([blocks.block[real], where])
    period = np.concatenate([blocks.period[real], when])
    d = blocks.demand
    rows = np.flatnonzero(fits[d.block] & (d.quantity > 0))
    pairs = [
        (np.repeat(mine, len(theirs)), np.tile(theirs, len(mine)))
        for mine, theirs in ((np.flatnonzero(block == b), rows[d.block[rows] == b]) for b in np.flatnonzero(fits))
    ]
    source = np.concatenate([p[0] for p in pairs])
    demand = np.concatenate([p[1] for p in pairs])
    in_time = period[source] <= d.period[demand]
    return _Flows(
        block,
        period,
        np.concatenate([blocks.column[real], none]),
        np.concatenate([blocks.gain[real], np.ones(len(where))]),
        np.concatenate([gate, none]),
        np.concatenate([np.zeros(len(real)), given[where, when]]),
        rows,
        source[in_time],
        demand[in_time],
    )


class _Rows:
    """Rows in the making, a family at a time."""

    def __init__(self) -> None:
        self.parts: list[sparse.csr_array] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []

    def add(self, columns: int, lower: Floats, upper: Floats, entries: Iterable[tuple[Places, Places, Floats]]) -> None:
        """Rows with these limits; entries are (row, column, value)."""
        row, column, value = (np.concatenate(side) for side in zip(*entries, strict=True))
        self.parts.append(sparse.csr_array((value, (row, column)), shape=(len(lower), columns)))
        self.lower.append(lower)
        self.upper.append(upper)


def _written(matrix: Matrix, blocks: Blocks, f: _Flows, fits: Flags) -> Matrix:
    n, flows, sources = matrix.columns, len(f.source), len(f.column)
    z, e = n + np.arange(flows), n + flows + np.arange(sources)
    columns = n + flows + sources
    one = np.ones
    rows = _Rows()
    made = np.flatnonzero(f.column >= 0)
    spent = [(f.source, z, -one(flows)), (np.arange(sources), e, -one(sources)), (made, f.column[made], f.gain[made])]
    rows.add(columns, -f.amount, -f.amount, spent)
    _serve(rows, columns, blocks, f, z)
    _stock(rows, columns, blocks, f, fits, z, e)
    gated = np.flatnonzero(f.gate[f.source] >= 0)
    count = np.arange(len(gated))
    least = np.full(len(gated), -np.inf)
    opened = -blocks.demand.quantity[f.demand[gated]]
    gates = [(count, z[gated], one(len(gated))), (count, f.gate[f.source[gated]], opened)]
    rows.add(columns, least, np.zeros(len(gated)), gates)
    kept = np.ones(matrix.rows, np.bool_)
    kept[blocks.balance[fits].ravel()] = False
    old = sparse.csr_array((matrix.value, matrix.index, matrix.start), shape=(matrix.rows, n))[np.flatnonzero(kept)]
    old = sparse.csr_array((old.data, old.indices, old.indptr), shape=(old.shape[0], columns))
    whole = sparse.vstack([old, *rows.parts]).tocsr()
    whole.sort_indices()
    new = flows + sources
    return replace(
        matrix,
        cost=np.concatenate([matrix.cost, np.zeros(new)]),
        lower=np.concatenate([matrix.lower, np.zeros(new)]),
        upper=np.concatenate([matrix.upper, np.full(new, np.inf)]),
        integer=np.concatenate([matrix.integer, np.zeros(new, np.bool_)]),
        row_lower=np.concatenate([matrix.row_lower[kept], *rows.lower]),
        row_upper=np.concatenate([matrix.row_upper[kept], *rows.upper]),
        start=whole.indptr.astype(np.int32),
        index=whole.indices.astype(np.int32),
        value=whole.data,
    )


def _serve(rows: _Rows, columns: int, blocks: Blocks, f: _Flows, z: Places) -> None:
    """Demand is served by what was made for it, or lost."""
    d = blocks.demand
    place = np.full(len(d.row), -1, np.int64)
    place[f.rows] = np.arange(len(f.rows))
    lost = np.flatnonzero(place[d.lost_row] >= 0)
    given_up = (place[d.lost_row[lost]], d.lost[lost], np.ones(len(lost)))
    rows.add(columns, d.quantity[f.rows], d.quantity[f.rows], [(place[f.demand], z, np.ones(len(z))), given_up])


def _stock(rows: _Rows, columns: int, blocks: Blocks, f: _Flows, fits: Flags, z: Places, e: Places) -> None:
    """Stock is what was made for later demand, and what will be left at the end."""
    periods = blocks.stock.shape[1]
    kept = np.flatnonzero(fits)
    number = np.full(len(fits), -1, np.int64)
    number[kept] = np.arange(len(kept)) * periods
    size = len(kept) * periods
    first, until = f.period[f.source], blocks.demand.period[f.demand]
    at, flow = _spans(first, until)
    since, source = _spans(f.period, np.full(len(f.period), periods))
    entries = [
        (np.arange(size), blocks.stock[kept].ravel(), -np.ones(size)),
        (number[f.block[f.source[flow]]] + at, z[flow], np.ones(len(flow))),
        (number[f.block[source]] + since, e[source], np.ones(len(source))),
    ]
    rows.add(columns, np.zeros(size), np.zeros(size), entries)


def _spans(first: Places, until: Places) -> tuple[Places, Places]:
    """All periods from ``first`` to before ``until``, with the position they belong to."""
    length = np.maximum(0, until - first)
    owner = np.repeat(np.arange(len(first)), length)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    return first[owner] + offset, owner
