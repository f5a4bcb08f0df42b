"""What an item has without making it (opening stock, receipts, stock limits from below that fall), and what demand is left.

Where nothing waits, all of it is netted. Let D[t] be demand so far, G[t] what entered so far, N[t] = max(0, max over d <= t
of D[d] - G[d]), lost quantities apart. Stock >= 0 says: what is made by t is at least N[t] less what is lost by t; and stock
is (what is made - N + lost) + (N + G - D), both parts >= 0. So N is the demand to plan for, N + G - D is in stock whatever is
planned, demand beyond N is served from what is there, and a unit of that which is lost instead is a unit more from its period
on: a free source, whose limit is left out.

Where demand may wait, what is there from the start is netted in the same way if all demand is one stream (so that it makes no
difference whose unit waits). That holds for plans that keep no stock while demand waits. Some best plan is of that kind where
stock and waiting never earn and serving costs the same in every period (else serve from stock now): ``steady``; ``limits``
holds the multipliers where they cannot make it untrue. What enters later, or in a block that is not steady, becomes a
column of its own with a priced row that says how much it is: a free source whose price says what it is worth (``released``).

A tiny net quantity (at most 1e-9 of the demand so far) counts as there: asking for less is a relaxation too. A piece of which
only the rounding of these sums (1e-12) is there is asked for whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from equipoise.engine.lots.sizing import NONE, NOTHING, SAME, Blocks, Demand
from equipoise.engine.matrix import Flags, Floats, Matrix, Places


def given_of(matrix: Matrix, blocks: Blocks) -> tuple[Floats, Floats]:
    """(B, T): what enters (> 0) or has to leave (< 0) by itself, net of the limits of stock from below, and these limits."""
    floor = matrix.lower[blocks.stock]
    given = -matrix.row_lower[blocks.balance] - floor
    given[:, 1:] += floor[:, :-1]
    return given, floor


def waiting(blocks: Blocks) -> Flags:
    """(B,): blocks with demand that may wait."""
    flags = np.zeros(len(blocks.stock), np.bool_)
    flags[blocks.demand.block[blocks.demand.chain >= 0]] = True
    return flags


def steady(matrix: Matrix, blocks: Blocks) -> Flags:
    """(B,): one stream is all demand, stock and waiting never earn, whatever the multipliers in ``limits``, serving has one price."""
    d, last = blocks.demand, blocks.stock.shape[1] - 1
    entries = np.bincount(matrix.index, minlength=matrix.columns)
    odd: Flags = np.array((matrix.cost[blocks.stock[:, :-1]] < 0).any(axis=1))
    rows = np.flatnonzero(d.chain >= 0)
    for_ever = rows[(d.late[rows] >= 0) & (d.period[rows] == last)]
    odd[d.block[for_ever[matrix.cost[blocks.stock[d.block[for_ever], last]] < 0]]] = True
    odd[d.block[rows[(d.late[rows] >= 0) & (matrix.cost[d.late[rows]] < 0)]]] = True
    odd[d.block[rows[(d.serve[rows] < 0) & (d.quantity[rows] > 0)]]] = True
    served = rows[d.serve[rows] >= 0]
    price, shared = matrix.cost[d.serve[served]], entries[d.serve[served]] != 2
    some = np.zeros(len(d.row))
    some[d.chain[served]] = price
    odd[d.block[served[shared | (price != some[d.chain[served]])]]] = True
    odd[d.block[(d.chain < 0) & (d.quantity > 0)]] = True
    streams = np.unique(np.stack([d.block[rows], d.chain[rows]]), axis=1)[0]
    odd |= np.bincount(streams, minlength=len(odd)) > 1
    return ~(odd | (given_of(matrix, blocks)[0] < 0).any(axis=1))


def limits(matrix: Matrix, blocks: Blocks) -> tuple[Floats, Floats]:
    """For every row, the least and largest multiplier at which netting holds."""
    d = blocks.demand
    low, high = np.full(matrix.rows, -np.inf), np.full(matrix.rows, np.inf)
    netted = waiting(blocks) & (given_of(matrix, blocks)[0] > 0).any(axis=1)
    rows = np.flatnonzero(netted[d.block] & (d.chain >= 0) & (d.late >= 0))
    for_ever = d.block[rows[d.period[rows] == blocks.stock.shape[1] - 1]]
    columns = (blocks.stock[netted][:, :-1].ravel(), blocks.stock[for_ever, -1], d.late[rows])
    never_below_zero(matrix, np.concatenate(columns), np.concatenate([blocks.balance.ravel(), d.row]), low, high)
    return low, high


def never_below_zero(matrix: Matrix, columns: Places, kept: Places, low: Floats, high: Floats) -> None:
    """Limit the multipliers of rows that are not kept, so that none of these columns gets a price below 0.

    Every row that could lower the price of a column may take an equal share of its cost.
    """
    watched, priced = np.zeros(matrix.columns, np.bool_), np.ones(matrix.rows, np.bool_)
    watched[columns] = True
    priced[kept] = False
    row = matrix.entry_rows
    down = watched[matrix.index] & priced[row] & (matrix.value != 0)
    down &= np.where(matrix.value > 0, np.isfinite(matrix.row_lower[row]), np.isfinite(matrix.row_upper[row]))
    row, column, value = row[down], matrix.index[down], matrix.value[down]
    times = np.bincount(column, minlength=matrix.columns)[column]
    share = (1 - SAME) * np.maximum(matrix.cost[column], 0.0) / times / value
    np.minimum.at(high, row[value > 0], share[value > 0])
    np.maximum.at(low, row[value < 0], share[value < 0])


def released(matrix: Matrix, blocks: Blocks) -> tuple[Matrix, Blocks]:
    """The same problem; what enters waiting blocks and cannot be netted is a column, and a row says how much it is."""
    given, _ = given_of(matrix, blocks)
    cell = (given > 0) & waiting(blocks)[:, None]
    cell[steady(matrix, blocks), 0] = False
    block, period = np.nonzero(cell)
    count = len(block)
    if not count:
        return matrix, blocks
    amount, balance = given[block, period], blocks.balance[block, period]
    column = matrix.columns + np.arange(count)
    row = np.concatenate([matrix.entry_rows, balance, matrix.rows + np.arange(count)])
    order = np.argsort(row, kind="stable")
    side = matrix.row_lower.copy()
    side[balance] += amount
    upper = np.where(matrix.row_lower == matrix.row_upper, side, matrix.row_upper)
    bigger = replace(
        matrix,
        cost=np.append(matrix.cost, np.zeros(count)),
        lower=np.append(matrix.lower, np.zeros(count)),
        upper=np.append(matrix.upper, amount),
        integer=np.append(matrix.integer, np.zeros(count, np.bool_)),
        row_lower=np.append(side, amount),
        row_upper=np.append(upper, amount),
        start=np.append(0, np.cumsum(np.bincount(row, minlength=matrix.rows + count))).astype(np.int32),
        index=np.concatenate([matrix.index, column, column])[order].astype(np.int32),
        value=np.concatenate([matrix.value, np.ones(2 * count)])[order],
    )
    none = np.full(count, NONE)
    return bigger, replace(
        blocks,
        column=np.concatenate([blocks.column, column]),
        block=np.concatenate([blocks.block, block]),
        period=np.concatenate([blocks.period, period]),
        gain=np.append(blocks.gain, np.ones(count)),
        gate=np.concatenate([blocks.gate, none]),
        most=np.append(blocks.most, np.full(count, np.inf)),
        link=np.concatenate([blocks.link, none]),
    )


# -------------------------------------------------------------------------------------------------------------- netting


ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Pieces:
    """Demand in pieces that are alike: block, due period, quantity, serve and lost column, stream (-1: served on time)."""

    block: Places
    due: Places
    quantity: Floats
    serve: Places
    lost: Places
    chain: Places

    def part(self, which: Flags, quantity: Floats) -> Pieces:
        """Some of them, with other quantities."""
        parts = (self.serve[which], self.lost[which], self.chain[which])
        return Pieces(self.block[which], self.due[which], quantity[which], *parts)


@dataclass(frozen=True, eq=False)
class Net:
    """Demand net of what is there: pieces to plan for, pieces served from what is there that could be lost, fixed columns by block."""

    pieces: Pieces
    early: Pieces
    fixed_block: Places
    fixed: Places
    amount: Floats


def netted(matrix: Matrix, blocks: Blocks) -> Net:
    """The demand left to plan for."""
    count, periods = blocks.stock.shape
    given, floor = given_of(matrix, blocks)
    pieces = _in_order(matrix, _with_outflow(_pieces(matrix, blocks.demand), given))
    cell = pieces.block * periods + pieces.due
    there = np.cumsum(np.maximum(given, 0.0), axis=1)
    wanted = np.cumsum(np.bincount(cell, pieces.quantity, count * periods).reshape(count, periods), axis=1)
    plan = np.maximum.accumulate(np.maximum(wanted - there, 0.0), axis=1)
    net = np.diff(plan, axis=1, prepend=0.0)
    net[net <= SAME * (1 + wanted)] = 0.0
    quantity = _filled(pieces.quantity, cell, net.ravel()[cell])
    quantity[quantity <= SAME * pieces.quantity] = 0.0
    whole = pieces.quantity - quantity <= ROUNDING * (1 + wanted.ravel()[cell])
    quantity[whole] = pieces.quantity[whole]
    plan = np.cumsum(np.bincount(cell, quantity, count * periods).reshape(count, periods), axis=1)
    from_there = pieces.quantity - quantity
    served = (from_there > 0) & (pieces.serve >= 0)
    return Net(
        pieces.part(quantity > 0, quantity),
        pieces.part((from_there > 0) & (pieces.lost >= 0), from_there),
        np.concatenate([np.repeat(np.arange(count), periods), pieces.block[served]]),
        np.concatenate([blocks.stock.ravel(), pieces.serve[served]]),
        np.concatenate([(floor + plan + there - wanted).ravel(), from_there[served]]),
    )


def _filled(limit: Floats, group: Places, total: Floats) -> Floats:
    """Fill entries in order, each up to its limit, until the total of its group is used up. Groups stand together."""
    before = np.cumsum(limit) - limit
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.zeros(0, np.int64)
    size = np.diff(np.append(first, len(group)))
    before = before - np.repeat(before[first], size)
    return np.clip(total - before, 0.0, limit)


def _pieces(matrix: Matrix, d: Demand) -> Pieces:
    """The demand rows in pieces: what each lost column can take, and the rest, which nothing can take."""
    order = np.argsort(d.lost_row, kind="stable")
    row, lost = d.lost_row[order], d.lost[order]
    taken = _filled(np.minimum(matrix.upper[lost], d.quantity[row]), row, d.quantity[row])
    rest = d.quantity - np.bincount(row, weights=taken, minlength=len(d.row))
    rounding = (rest <= SAME * (1 + d.quantity)) & (np.bincount(row, minlength=len(d.row)) > 0)
    last = np.flatnonzero(np.append(row[1:] != row[:-1], True)) if len(row) else np.zeros(0, np.int64)
    taken[last] += np.where(rounding[row[last]], rest[row[last]], 0.0)
    more = np.flatnonzero(~rounding)
    of = np.concatenate([row, more])
    quantity = np.concatenate([taken, rest[more]])
    every = Pieces(
        d.block[of], d.period[of], quantity, d.serve[of], np.append(lost, np.full(len(more), NONE)), d.chain[of]
    )
    return every.part(quantity > 0, quantity)


def _with_outflow(pieces: Pieces, given: Floats) -> Pieces:
    """The pieces with what has to leave by itself as pieces that nothing can replace."""
    block, due = np.nonzero(given < 0)
    none, ways = np.full(len(block), NONE), np.full(len(block), NOTHING)
    more = Pieces(block, due, -given[block, due], ways, none, none)
    return Pieces(*(np.concatenate(pair) for pair in zip(vars(pieces).values(), vars(more).values(), strict=True)))


def _in_order(matrix: Matrix, pieces: Pieces) -> Pieces:
    """By block, due period and what losing a unit costs: the dearest are then served from what is there, and none of the
    others is lost in their place."""
    cost = np.append(matrix.cost, [0.0, np.inf])  # NOTHING, NONE
    dear = cost[pieces.lost] - np.where(pieces.serve >= 0, cost[pieces.serve], 0.0)
    order = np.lexsort((dear, pieces.due, pieces.block))
    return Pieces(*(a[order] for a in vars(pieces).values()))
