"""From blocks of a matrix to items for the dynamic programme, those of like shape in groups.

What a block keeps and what it leaves out: balance, demand and gates are kept; limits from above, and from below for all
columns but stock, are left out, as are all other rows (those have prices). Leaving out a rule is a relaxation: it cannot
raise the least cost, so what is found bounds the matrix from below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.engine.items.prices import Chains, Free, Items
from equipoise.engine.lots.sizing import NONE, NOTHING, Blocks
from equipoise.engine.lots.stock import Net, Pieces, netted
from equipoise.engine.matrix import Floats, Matrix, Places

TOGETHER = 256
"""Items of a group at most: a run of the dynamic programme over all of them should stay in the processor's memory."""


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


def items_of(matrix: Matrix, blocks: Blocks) -> list[Items]:
    """The blocks as items, those of like shape together."""
    chained = blocks.demand.chain >= 0
    count, periods = blocks.stock.shape
    streams = np.unique(np.stack([blocks.demand.block, blocks.demand.chain])[:, chained], axis=1)
    in_streams = np.bincount(streams[0], minlength=count)
    net = netted(matrix, blocks)
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

    def __init__(self, blocks: Blocks, net: Net, sources: _Sources, members: Places):
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
