"""Finds lot sizing in a matrix: blocks of rows and columns that are one item at one place, read row by row.

Names of families and variables only say where to look; what a row or column does is read from its figures. A block is an
item at a place whose balance rows, one a period, hold nothing but

    stock[t-1] - stock[t] + gain * source[t] + ... - serve[t] - ... = right side

with sources (in the balance rows of no other kept block) and serve columns that each stand in one demand row

    serve[t] + lost[t] + late[t] - late[t-1] = quantity

whose columns stand in no kept row beside these. Rows source <= most * gate, 0 <= gate <= 1, tie a source to a gate. Every
column of a kept row is accounted for, or the block is given up and its rows are left to be priced like any other row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.engine.matrix import Flags, Floats, Ints, Matrix, Places
from equipoise.engine.meaning import Codes, Meaning

NONE, NOTHING = -1, -2
"""In place of a column: none is there and nothing can be done (its price is infinite); a step that costs nothing."""
SAME = 1e-9
"""Relative difference at which two quantities count as one."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Demand rows by position in the matrix: period, quantity, serve column (-1: none) and block of each.

    ``chain`` numbers the streams that may wait, -1: served in its period or lost. ``late`` is the column of what waits on,
    -1: nothing does. ``lost_row`` counts into the rows, one entry for each column ``lost`` of quantities given up.
    """

    row: Places
    period: Places
    quantity: Floats
    serve: Places
    block: Places
    chain: Places
    late: Places
    lost_row: Places
    lost: Places

    def only(self, keep: Flags, number: Places) -> Demand:
        """The rows of these blocks, blocks and rows numbered anew."""
        rows = np.flatnonzero((self.block >= 0) & keep[self.block])
        place = np.full(len(self.row) + 1, -1, np.int64)
        place[rows] = np.arange(len(rows))
        lost = place[self.lost_row] >= 0
        return Demand(
            self.row[rows], self.period[rows], self.quantity[rows], self.serve[rows], number[self.block[rows]],
            place[self.chain[rows]], self.late[rows], place[self.lost_row[lost]], self.lost[lost],
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Blocks:
    """B blocks of T periods: balance rows and stock columns (B, T), right sides, sources, demand and gates.

    Sources: ``column``, ``block``, ``period``, ``gain``, and where a row ties it to a gate ``gate``, ``most`` and that row, else -1.
    """

    balance: Places
    stock: Places
    column: Places
    block: Places
    period: Places
    gain: Floats
    gate: Places
    most: Floats
    link: Places
    demand: Demand

    def only(self, keep: Flags) -> Blocks:
        """These blocks, numbered anew."""
        number = np.where(keep, np.cumsum(keep) - 1, -1)
        here = keep[self.block]
        return Blocks(
            self.balance[keep], self.stock[keep], self.column[here], number[self.block[here]], self.period[here],
            self.gain[here], self.gate[here], self.most[here], self.link[here], self.demand.only(keep, number),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Links:
    """Rows column <= most * gate, 0 <= gate <= 1."""

    row: Places
    column: Places
    gate: Places
    most: Floats


@dataclass(frozen=True, eq=False)
class _Entries:
    """Entries of some rows: number of the row among them, column, value; and how often each column occurs."""

    row: Places
    column: Places
    value: Floats
    times: Places


def links_of(matrix: Matrix) -> Links:
    """All rows that tie one column to a gate."""
    two = np.flatnonzero(np.diff(matrix.start) == 2)
    below = np.isneginf(matrix.row_lower[two]) & (matrix.row_upper[two] == 0)
    above = np.isposinf(matrix.row_upper[two]) & (matrix.row_lower[two] == 0)
    two, sign = two[below | above], np.where(below, 1.0, -1.0)[below | above]
    a, b = matrix.start[two], matrix.start[two] + 1
    va, vb = sign * matrix.value[a], sign * matrix.value[b]
    turned = va < 0
    column = np.where(turned, matrix.index[b], matrix.index[a]).astype(np.int64)
    gate = np.where(turned, matrix.index[a], matrix.index[b]).astype(np.int64)
    high, low = np.where(turned, vb, va), np.where(turned, va, vb)
    fits = (high > 0) & (low < 0) & (matrix.lower[gate] >= 0) & (matrix.upper[gate] <= 1) & (matrix.lower[column] >= 0)
    return Links(two[fits].astype(np.int64), column[fits], gate[fits], -low[fits] / high[fits])


def item_sites(codes: Codes, rows: Places | Ints) -> tuple[int, Places]:
    """How many pairs of an item and a site these rows are of, and which pair each is of, counted from 0."""
    pair = codes.item[rows].astype(np.int64) * (int(codes.site.max(initial=0)) + 2) + codes.site[rows] + 1
    names, place = np.unique(pair, return_inverse=True)
    return len(names), place


def blocks_of(matrix: Matrix, meaning: Meaning, links: Links) -> Blocks | None:
    """The blocks found; None where there is none, or no gate anywhere."""
    finder = Finder(matrix, meaning)
    return None if (finder.bad | finder.used).all() or not len(links.row) else finder.found(links)


class Finder:
    """Reads the balance and demand rows of one matrix.

    ``bad`` blocks are given up as soon as something does not fit. ``used`` blocks hold columns that enter another place
    (components, shipments): nothing in such a block says what it is for.
    """

    def __init__(self, matrix: Matrix, meaning: Meaning):
        self.m, self.meaning, self.periods = matrix, meaning, meaning.periods
        self.balance = self._places()
        self.bad, self.used = np.zeros(len(self.balance), np.bool_), np.zeros(len(self.balance), np.bool_)
        self.cells = self._entries(self.balance.ravel())
        self.stock = self._stock()
        self.sink, self.source = self._roles()
        self.gain = np.zeros(matrix.columns)
        self.gain[self.cells.column[self.cells.value > 0]] = self.cells.value[self.cells.value > 0]
        self.wanted = np.zeros(matrix.columns, np.bool_)  # columns of demand rows
        self.demand = self._demand()

    def _entries(self, rows: Places) -> _Entries:
        m = self.m
        row, at = m.entries_of(rows)
        real = m.value[at] != 0
        column = m.index[at][real].astype(np.int64)
        return _Entries(row[real], column, m.value[at][real], np.bincount(column, minlength=m.columns))

    def _places(self) -> Places:
        """Balance rows by block and period, for items at places that have one in every period."""
        codes, m = self.meaning.rows, self.m
        rows = codes.of_kind("balance").astype(np.int64)
        rows = rows[(codes.period[rows] >= 0) & (m.row_lower[rows] == m.row_upper[rows])]
        count, block = item_sites(codes, rows)
        cell = block * self.periods + codes.period[rows]
        times = np.bincount(cell, minlength=count * self.periods).reshape(count, self.periods)
        table = np.full(times.shape, -1, np.int64)
        table.ravel()[cell] = rows
        return table[(times == 1).all(axis=1)]

    def _spoil(self, columns: Flags) -> None:
        """Give up every block with one of these columns in its balance."""
        self.bad[self.cells.row[columns[self.cells.column]] // self.periods] = True

    def _stock(self) -> Places:
        """Stock columns by block and period; blocks that lack one are given up."""
        c, n = self.cells, self.m.columns
        stock = np.full(self.balance.shape, -1, np.int64)
        named = np.zeros(n, np.bool_)
        named[self.meaning.columns.of_kind("stock")] = True
        out = np.full(n, -1, np.int64)
        enters = np.full(n, -1, np.int64)
        out[c.column[c.value == -1]] = c.row[c.value == -1]
        enters[c.column[c.value == 1]] = c.row[c.value == 1]
        last = (out + 1) % self.periods == 0
        fits = named & (out >= 0) & np.where(last, c.times == 1, (c.times == 2) & (enters == out + 1))
        fits &= np.isfinite(self.m.lower)
        stock.ravel()[out[fits]] = np.flatnonzero(fits)
        self.bad |= (stock < 0).any(axis=1) | (
            np.bincount(out[fits] // self.periods, minlength=len(stock)) != self.periods
        )
        self._spoil(named & ~fits)
        return stock

    def _roles(self) -> tuple[Places, Places]:
        """For every column the cell (block and period) that it leaves as a sink or enters as a source, else -1."""
        c, n = self.cells, self.m.columns
        others = np.ones(n, np.bool_)
        others[self.stock[self.stock >= 0]] = False
        plus, minus = c.value > 0, c.value < 0
        enters = np.bincount(c.column[plus], minlength=n)
        sink, source = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
        at = others & (c.times == 1)
        sink[c.column[minus]] = c.row[minus]
        sink[~at | (enters > 0)] = -1
        source[c.column[plus]] = c.row[plus]
        source[~others | (enters != 1)] = -1
        odd = others & ((enters > 1) | (self.m.lower < 0))
        unit = np.zeros(n)
        np.minimum.at(unit, c.column[minus], c.value[minus])
        odd |= (sink >= 0) & (unit != -1)
        self._spoil(odd)
        leaves = minus & others[c.column] & (sink[c.column] < 0)
        self.used[c.row[leaves] // self.periods] = True
        return sink, source

    # ----------------------------------------------------------------------------------------------------- demand

    def _demand(self) -> Demand:
        codes, m = self.meaning.rows, self.m
        rows = codes.of_kind("demand_is_served_or_lost").astype(np.int64)
        rows = rows[(codes.period[rows] >= 0) & (m.row_lower[rows] == m.row_upper[rows])]
        rows = rows[np.argsort(codes.period[rows], kind="stable")]
        e = self._entries(rows)
        self.wanted[e.column] = True
        period = codes.period[rows].astype(np.int64)
        free = self.cells.times[e.column] == 0  # in no balance
        serves = (self.sink[e.column] >= 0) & (e.times[e.column] == 1)
        gives = free & (e.times[e.column] == 1)
        sign = np.sign(np.bincount(e.row, weights=e.value * (serves | gives), minlength=len(rows)))
        value = e.value * sign[e.row]
        out = free & (e.times[e.column] == 2) & (value == 1)
        back = free & (e.times[e.column] == 2) & (value == -1)
        odd = ~(((serves | gives) & (value == 1)) | out | back) | (m.lower[e.column] < 0)
        wrong = np.bincount(e.row, weights=odd, minlength=len(rows)) > 0
        wrong |= np.bincount(e.row[serves], minlength=len(rows)) > 1
        quantity = m.row_lower[rows] * sign
        wrong |= quantity < 0
        late, chain = self._chains(e, out, back, period, wrong)
        serve = np.full(len(rows), -1, np.int64)
        serve[e.row[serves]] = e.column[serves]
        lost_row, lost = self._given_up(e, gives, period, quantity, chain, late, wrong)
        return self._placed(Demand(rows, period, quantity, serve, chain.copy(), chain, late, lost_row, lost), wrong)

    def _chains(self, e: _Entries, out: Flags, back: Flags, period: Places, wrong: Flags) -> tuple[Places, Places]:
        """The column of what waits on after each row, and streams: rows tied together by what waits, by their first row."""
        late = np.full(len(period), -1, np.int64)
        late[e.row[out]] = e.column[out]
        goes_on = np.full(self.m.columns, -1, np.int64)
        goes_on[e.column[back]] = e.row[back]
        comes = np.full(self.m.columns, -1, np.int64)
        comes[e.column[out]] = e.row[out]
        wrong |= np.bincount(e.row[out], minlength=len(period)) > 1
        wrong |= np.bincount(e.row[back], minlength=len(period)) > 1
        before = np.full(len(period), -1, np.int64)
        before[e.row[back]] = comes[e.column[back]]
        wrong[e.row[back]] |= (before[e.row[back]] < 0) | (period[before[e.row[back]]] + 1 != period[e.row[back]])
        wrong[e.row[out]] |= goes_on[e.column[out]] < 0
        chain = np.full(len(period), -1, np.int64)
        for n in np.flatnonzero((late >= 0) | (before >= 0)):  # in order of time
            chain[n] = chain[before[n]] if before[n] >= 0 else n
        return late, chain

    def _given_up(
        self, e: _Entries, gives: Flags, period: Places, quantity: Floats, chain: Places, late: Places, wrong: Flags
    ) -> tuple[Places, Places]:
        """Columns of lost quantities and their rows.

        In the last period a column that takes more than is due there is demand that waits for ever (``late``). Elsewhere
        that is understood only where nothing else can be done with what is due.
        """
        row, column = e.row[gives], e.column[gives]
        upper = self.m.upper[column]
        room = np.bincount(row, weights=np.where(np.isfinite(upper), upper, 0.0), minlength=len(period))
        loose = upper > quantity[row] * (1 + SAME) + SAME
        for_ever = loose & (period[row] == self.periods - 1) & (late[row] < 0)
        late[row[for_ever]] = column[for_ever]
        chain[row[for_ever]] = np.where(chain[row[for_ever]] < 0, row[for_ever], chain[row[for_ever]])
        row, column, loose = row[~for_ever], column[~for_ever], loose[~for_ever]
        several = np.bincount(row, minlength=len(period)) > 1
        wrong[row[loose]] |= several[row[loose]] | (chain[row[loose]] >= 0)
        wrong |= several & (room > quantity * (1 + SAME) + SAME)
        return row, column

    def _placed(self, d: Demand, wrong: Flags) -> Demand:
        """Rows with the block they belong to; -1, and the block of their serve column given up, where something is odd."""
        n = len(d.row)
        if not len(self.bad):
            return d
        stream = np.where(d.chain >= 0, d.chain, np.arange(n))
        served = d.serve >= 0
        cell = np.where(served, self.sink[d.serve], -1)
        block = np.full(n, -1, np.int64)
        block[stream[served]] = cell[served] // self.periods
        block = block[stream]
        wrong = wrong | (block < 0)
        wrong[served] |= (cell[served] // self.periods != block[served]) | (
            cell[served] % self.periods != d.period[served]
        )
        wrong = np.isin(stream, stream[wrong])
        self.bad[cell[served & wrong] // self.periods] = True
        explained = np.zeros(self.m.columns, np.bool_)
        explained[d.serve[served & ~wrong]] = True
        self._spoil((self.sink >= 0) & ~explained)
        block = np.where(wrong | self.bad[block], -1, block)
        return Demand(d.row, d.period, d.quantity, d.serve, block, d.chain, d.late, d.lost_row, d.lost)

    # ----------------------------------------------------------------------------------------------------- blocks

    def found(self, links: Links) -> Blocks:
        """The blocks that are left."""
        column = np.flatnonzero(self.source >= 0)
        cell = self.source[column]
        first = np.unique(links.column, return_index=True)[1]
        first = first[self.source[links.column[first]] >= 0]
        gate = links.gate[first]
        first = first[(self.cells.times[gate] == 0) & ~self.wanted[gate]]
        first = np.sort(first[np.unique(links.gate[first], return_index=True)[1]])
        tied = np.full(self.m.columns, -1, np.int64)
        tied[links.column[first]] = first
        tie = tied[column]
        everything = Blocks(
            self.balance, self.stock, column, cell // self.periods, cell % self.periods, self.gain[column],
            np.where(tie >= 0, links.gate[tie], -1), np.where(tie >= 0, links.most[tie], np.inf),
            np.where(tie >= 0, links.row[tie], -1), self.demand,
        )  # fmt: skip
        return everything.only(~(self.bad | self.used))
