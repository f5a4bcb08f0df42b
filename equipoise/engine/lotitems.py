"""From blocks of a matrix to items for the dynamic programme: demand net of what is there, groups of like shape.

What a block keeps and what it leaves out: balance, demand and gates are kept; limits from above, and from below for all
columns but stock, are left out, as are all other rows (those have prices). Leaving out a rule is a relaxation: it cannot
raise the least cost, so what is found bounds the matrix from below.

What is there by itself (opening stock, receipts, stock limits from below that fall) is netted. Let D[t] be demand so far,
G[t] what entered so far, N[t] = max(0, max over d <= t of D[d] - G[d]), lost quantities apart. Stock >= 0 says: what is
made by t is at least N[t] less what is lost by t; and stock is (what is made - N + lost) + (N + G - D), both parts >= 0. So N
is the demand to plan for, N + G - D is in stock whatever is planned, demand beyond N is served from what is there, and a unit
of that which is lost instead is a unit more from its period on: a free source, whose limit is left out.

Where demand may wait this holds for plans that keep no stock while demand waits. Some best plan is of that kind where stock
and waiting never earn and serving a stream costs the same in every period (else serve from stock now). So such a block is
kept only if that is so, and the multipliers of rows that could make it untrue are limited (``most``). What enters later is
taken to be there from the start, free of charge until it really enters, which only leaves more plans possible.

A tiny net quantity (rounding, at most 1e-9 of the demand so far) counts as there: asking for less is a relaxation too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.engine.itemprices import NONE, NOTHING, Chains, Free, Items
from equipoise.engine.lotsizing import SAME, Blocks, Demand, Places
from equipoise.engine.matrix import Flags, Floats, Matrix


@dataclass(frozen=True, eq=False)
class Pieces:
    """Demand in pieces that are alike: block, due period, quantity, serve and lost column, stream (-1: served on time)."""

    block: Places
    due: Places
    quantity: Floats
    serve: Places
    lost: Places
    chain: Places

    def part(self, which: Places | Flags, quantity: Floats) -> Pieces:
        """Some of them, with other quantities."""
        return Pieces(
            self.block[which], self.due[which], quantity, self.serve[which], self.lost[which], self.chain[which]
        )


def filled(limit: Floats, group: Places, total: Floats) -> Floats:
    """Fill entries in order, each up to its limit, until the total of its group is used up. Groups stand together."""
    before = np.cumsum(limit) - limit
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.zeros(0, np.int64)
    size = np.diff(np.append(first, len(group)))
    before = before - np.repeat(before[first], size)
    return np.clip(total - before, 0.0, limit)


def pieces_of(matrix: Matrix, d: Demand) -> Pieces:
    """The demand rows in pieces: what each lost column can take, and the rest, which nothing can take."""
    order = np.argsort(d.lost_row, kind="stable")
    row, lost = d.lost_row[order], d.lost[order]
    upper = matrix.upper[lost]
    taken = filled(np.minimum(upper, d.quantity[row]), row, d.quantity[row])
    rest = d.quantity - np.bincount(row, weights=taken, minlength=len(d.row))
    rounding = rest <= SAME * (1 + d.quantity)
    only = np.bincount(row, minlength=len(d.row))
    last = np.flatnonzero(np.append(row[1:] != row[:-1], True)) if len(row) else np.zeros(0, np.int64)
    taken[last] += np.where(rounding[row[last]], rest[row[last]], 0.0)
    more = np.flatnonzero(~rounding | (only == 0))
    source = np.concatenate([row, more])
    quantity = np.concatenate([taken, rest[more]])
    columns = np.concatenate([lost, np.full(len(more), NONE)])
    keep = quantity > 0
    source = source[keep]
    return Pieces(d.block[source], d.period[source], quantity[keep], d.serve[source], columns[keep], d.chain[source])


def steady(matrix: Matrix, blocks: Blocks) -> tuple[Flags, Floats, Floats]:
    """(B,): blocks whose demand may be netted; for every row, the least and largest multiplier that keep it so.

    See above: only demand that may wait, in a block where something is there by itself, asks for anything.
    """
    d = blocks.demand
    low, high = np.full(matrix.rows, -np.inf), np.full(matrix.rows, np.inf)
    waiting, there = np.zeros(len(blocks.stock), np.bool_), (given_of(matrix, blocks)[0] > 0).any(axis=1)
    waiting[d.block[d.chain >= 0]] = True
    asked = waiting & there
    rows = np.flatnonzero(asked[d.block] & (d.chain >= 0))
    if not len(rows):
        return np.ones(len(asked), np.bool_), low, high
    for_ever = np.zeros(len(asked), np.bool_)
    for_ever[d.block[rows[(d.late[rows] >= 0) & (d.period[rows] == blocks.stock.shape[1] - 1)]]] = True
    stock = blocks.stock[asked]
    before_end = np.concatenate([stock[:, :-1].ravel(), stock[for_ever[asked], -1]])
    never_earn = np.concatenate([before_end, d.late[rows][d.late[rows] >= 0]])
    served = rows[d.serve[rows] >= 0]
    entries = np.bincount(matrix.index, minlength=matrix.columns)
    first = np.full(len(d.row), np.nan)
    first[d.chain[served][::-1]] = matrix.cost[d.serve[served]][::-1]
    odd = np.zeros(len(asked), np.bool_)
    odd[d.block[served[(entries[d.serve[served]] != 2) | (matrix.cost[d.serve[served]] != first[d.chain[served]])]]] = (
        True
    )
    odd[d.block[rows[(d.serve[rows] < 0) & (d.quantity[rows] > 0)]]] = True
    odd[np.flatnonzero(asked)[(matrix.cost[stock[:, :-1]] < 0).any(axis=1)]] = True
    odd[for_ever & (matrix.cost[blocks.stock[:, -1]] < 0)] = True
    odd[d.block[rows[(d.late[rows] >= 0) & (matrix.cost[d.late[rows]] < 0)]]] = True
    kept = np.concatenate([blocks.balance.ravel(), d.row])
    limit_multipliers(matrix, never_earn, kept, low, high)
    return ~odd, low, high


def limit_multipliers(matrix: Matrix, columns: Places, kept: Places, low: Floats, high: Floats) -> None:
    """Limit the multipliers of rows that are not kept, so that none of these columns gets a price below 0."""
    watched, priced = np.zeros(matrix.columns, np.bool_), np.ones(matrix.rows, np.bool_)
    watched[columns] = True
    priced[kept] = False
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    down = watched[matrix.index] & priced[row] & (matrix.value != 0)
    down &= np.where(matrix.value > 0, np.isfinite(matrix.row_lower[row]), np.isfinite(matrix.row_upper[row]))
    row, column, value = row[down], matrix.index[down], matrix.value[down]
    share = (
        (1 - SAME)
        * np.maximum(matrix.cost[column], 0.0)
        / np.bincount(column, minlength=matrix.columns)[column]
        / value
    )
    np.minimum.at(high, row[value > 0], share[value > 0])
    np.maximum.at(low, row[value < 0], share[value < 0])


def given_of(matrix: Matrix, blocks: Blocks) -> tuple[Floats, Floats]:
    """(B, T): what enters (> 0) or has to leave (< 0) by itself, net of the limits of stock from below, and these limits."""
    floor = matrix.lower[blocks.stock]
    given = -matrix.row_lower[blocks.balance] - floor
    given[:, 1:] += floor[:, :-1]
    return given, floor


@dataclass(frozen=True, eq=False)
class _Net:
    """Demand net of what is there: pieces to plan for, those served from what is there, columns fixed by that, by block."""

    pieces: Pieces
    early: Pieces
    fixed_block: Places
    fixed: Places
    amount: Floats


def _netted(matrix: Matrix, blocks: Blocks, late: Flags) -> _Net:
    """``late``: blocks with demand that may wait."""
    count, periods = blocks.stock.shape
    given, floor = given_of(matrix, blocks)
    pieces = _with_outflow(pieces_of(matrix, blocks.demand), given)
    cell = pieces.block * periods + pieces.due
    entered = np.cumsum(np.maximum(given, 0.0), axis=1)
    there = np.where(late[:, None], entered[:, -1:], entered)
    wanted = np.cumsum(np.bincount(cell, pieces.quantity, count * periods).reshape(count, periods), axis=1)
    plan = np.maximum.accumulate(np.maximum(wanted - there, 0.0), axis=1)
    net = np.diff(plan, axis=1, prepend=0.0)
    net[net <= SAME * (1 + wanted)] = 0.0
    quantity = filled(pieces.quantity, cell, net.ravel()[cell])
    quantity[quantity <= SAME * pieces.quantity] = 0.0
    plan = np.cumsum(np.bincount(cell, quantity, count * periods).reshape(count, periods), axis=1)
    rest = plan + there - wanted - (there - entered)
    from_there = pieces.quantity - quantity
    early = pieces.part(from_there > 0, from_there[from_there > 0])
    served = early.serve >= 0
    return _Net(
        pieces.part(quantity > 0, quantity[quantity > 0]),
        early.part(early.lost >= 0, early.quantity[early.lost >= 0]),
        np.concatenate([np.repeat(np.arange(count), periods), early.block[served]]),
        np.concatenate([blocks.stock.ravel(), early.serve[served]]),
        np.concatenate([(floor + rest).ravel(), early.quantity[served]]),
    )


def _with_outflow(pieces: Pieces, given: Floats) -> Pieces:
    """The pieces in order of block and due period, with what has to leave by itself as pieces that nothing can replace."""
    block, due = np.nonzero(given < 0)
    none, ways = np.full(len(block), NONE), np.full(len(block), NOTHING)
    more = Pieces(block, due, -given[block, due], ways, none, none)
    joined = [np.concatenate(pair) for pair in zip(vars(pieces).values(), vars(more).values(), strict=True)]
    order = np.lexsort((joined[1], joined[0]))
    return Pieces(*(a[order] for a in joined))


# ---------------------------------------------------------------------------------------------------------- sources


@dataclass(frozen=True, eq=False)
class _Sources:
    """Gated sources by block, mode and period; free ones, with ``block`` in place of an item; gates that are always open."""

    modes: Places  # (B,): gated sources a period at most
    gated: Places  # positions in blocks.column
    mode: Places
    most: Floats  # of all sources
    free: Free
    open_block: Places
    open: Places


def _sources(matrix: Matrix, blocks: Blocks, early: Pieces) -> _Sources:
    tied = blocks.gate >= 0
    gate = np.where(tied, blocks.gate, 0)
    whole = tied & matrix.integer[gate]
    off = tied & (blocks.most <= 0) | whole & (matrix.upper[gate] < 0.5)
    forced = whole & ~off & (matrix.lower[gate] > 0.5)
    most = blocks.gain * np.minimum(matrix.upper[blocks.column], blocks.most)
    gated = np.flatnonzero(whole & ~off & ~forced)
    key = (blocks.block * blocks.stock.shape[1] + blocks.period)[gated]
    gated = gated[np.argsort(key, kind="stable")]
    key = np.sort(key, kind="stable")
    mode = np.arange(len(key)) - np.searchsorted(key, key)
    modes = np.zeros(len(blocks.stock), np.int64)
    np.maximum.at(modes, blocks.block[gated], mode + 1)
    n = np.flatnonzero(~off & (~whole | forced))
    partly = tied[n] & ~forced[n]
    lost = np.ones(len(early.block))
    free = Free(
        np.concatenate([blocks.block[n], early.block]),
        np.concatenate([blocks.period[n], early.due]),
        np.concatenate([blocks.column[n], early.lost]),
        np.concatenate([blocks.gain[n], lost]),
        np.concatenate([most[n], early.quantity]),
        np.concatenate([np.where(partly, blocks.gate[n], NOTHING), np.full(len(lost), NOTHING)]),
        np.concatenate([np.where(partly, 1 / blocks.most[n], 0.0), 0 * lost]),
        np.concatenate([np.full(len(n), NOTHING), early.serve]),
    )
    return _Sources(modes, gated, mode, most, free, blocks.block[forced], blocks.gate[forced])


# ----------------------------------------------------------------------------------------------------------- groups


TOGETHER = 256
"""Items of a group at most: a run of the dynamic programme over all of them should stay in the processor's memory."""


def items_of(matrix: Matrix, blocks: Blocks) -> list[Items]:
    """The blocks as items, those of like shape together."""
    chained = blocks.demand.chain >= 0
    count, periods = blocks.stock.shape
    streams = np.unique(np.stack([blocks.demand.block, blocks.demand.chain])[:, chained], axis=1)
    in_streams = np.bincount(streams[0], minlength=count)
    net = _netted(matrix, blocks, in_streams > 0)
    sources = _sources(matrix, blocks, net.early)
    loose = np.bincount(net.pieces.block[net.pieces.chain < 0], minlength=count)
    waits = (in_streams == 1) & (loose == 0)
    size = np.bincount(net.pieces.block * periods + net.pieces.due, minlength=count * periods).reshape(count, periods)
    step = np.ceil(np.log2(np.maximum(size.max(axis=1), 1))).astype(np.int64)
    keys = np.stack([sources.modes, step, waits, in_streams > 0], axis=1)
    out = []
    for key in np.unique(keys, axis=0):
        members = np.flatnonzero((keys == key).all(axis=1))
        for part in np.array_split(members, -(-len(members) // TOGETHER)):
            out.append(_Group(blocks, net, sources, part).items(bool(key[2])))
    return out


class _Group:
    """Builds the items of some blocks."""

    def __init__(self, blocks: Blocks, net: _Net, sources: _Sources, members: Places):
        self.blocks, self.net, self.sources, self.members = blocks, net, sources, members
        self.local = np.full(len(blocks.stock), -1, np.int64)
        self.local[members] = np.arange(len(members))
        self.periods = blocks.stock.shape[1]

    def items(self, waits: bool) -> Items:
        b, s, net = self.blocks, self.sources, self.net
        modes = int(s.modes[self.members].max(initial=0))
        shape = (self.periods * modes, len(self.members))
        mine = self.local[b.block[s.gated]] >= 0
        n = s.gated[mine]
        at = (b.period[n] * modes + s.mode[mine], self.local[b.block[n]])
        fixed, opened = self.local[net.fixed_block] >= 0, self.local[s.open_block] >= 0
        chains, streams = self._chains()
        due, start, (quantity, serve, lost, chain) = self._pieces(streams)
        return Items(
            modes=modes,
            stock=np.ascontiguousarray(b.stock[self.members].T),
            make=_laid(shape, at, b.column[n], NONE),
            gate=_laid(shape, at, b.gate[n], NONE),
            gain=_laid(shape, at, b.gain[n], 1.0),
            most=_laid(shape, at, s.most[n], 0.0),
            due=due,
            start=start,
            quantity=quantity,
            serve=serve,
            lost=lost,
            chain=chain,
            free=self._free(),
            chains=chains,
            fixed=np.concatenate([net.fixed[fixed], s.open[opened]]),
            amount=np.concatenate([net.amount[fixed], np.ones(int(opened.sum()))]),
            waits=waits,
        )

    def _free(self) -> Free:
        f = self.sources.free
        mine = self.local[f.item] >= 0
        parts = {name: value[mine] for name, value in vars(f).items()}
        return Free(**{**parts, "item": self.local[parts["item"]]})

    def _chains(self) -> tuple[Chains, Places]:
        """The streams of these blocks, and the number of each by its first demand row."""
        d = self.blocks.demand
        rows = np.flatnonzero((d.chain >= 0) & (self.local[d.block] >= 0))
        names, k = np.unique(d.chain[rows], return_inverse=True)
        number = np.full(len(d.row) + 1, -1, np.int64)
        number[names] = np.arange(len(names))
        shape, at = (self.periods, len(names)), (d.period[rows], k)
        late = _laid(shape, at, d.late[rows], NONE)
        item = np.zeros(len(names), np.int64)
        item[k] = self.local[d.block[rows]]
        return Chains(item, _laid(shape, at, d.serve[rows], NONE), late, late[-1] >= 0), number

    def _pieces(self, streams: Places) -> tuple[Places, Places, tuple[Floats, Places, Places, Places]]:
        """(D,): due periods; (T + 1,): first piece due in the period or later; (D, B): quantities, serve, lost, streams."""
        p = self.net.pieces
        mine = np.flatnonzero(self.local[p.block] >= 0)
        item, due = self.local[p.block[mine]], p.due[mine]
        order = np.lexsort((due, item))
        mine, item, due = mine[order], item[order], due[order]
        cell = item * self.periods + due
        rank = np.arange(len(cell)) - np.searchsorted(cell, cell)
        width = np.zeros(self.periods, np.int64)
        np.maximum.at(width, due, rank + 1)
        start = np.append(0, np.cumsum(width))
        shape, at = (int(start[-1]), len(self.members)), (start[due] + rank, item)
        columns = (
            _laid(shape, at, p.quantity[mine], 0.0),
            _laid(shape, at, p.serve[mine], NOTHING),
            _laid(shape, at, p.lost[mine], NOTHING),
            _laid(shape, at, streams[p.chain[mine]], -1),
        )
        return np.repeat(np.arange(self.periods), width), start, columns


def _laid(shape: tuple[int, ...], at: tuple[Places, ...], values: Places | Floats, otherwise: float) -> Any:
    """A table of this shape with these values at these places."""
    table = np.full(shape, otherwise, values.dtype)
    table[at] = values
    return table
