"""What gates allow: rules that hold for whole gates and are not in the matrix as such, for prices of their own.

The plans of the items take any quantity through an open gate. Where a gate allows less than all the demand a source could
serve, its row is priced as well; and a row that is true for every plan may always be added.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from equipoise.engine.lots.sizing import SAME, Blocks, Links
from equipoise.engine.lots.stock import given_of, waiting
from equipoise.engine.matrix import Floats, Matrix, Places

SLACKS = 3
"""Columns that relax a row of capacity, at most (overtime and the like)."""


def limited_gates(matrix: Matrix, links: Links) -> Matrix:
    """The same plans: a whole gate allows no more than the limit of its column."""
    value, top = matrix.value.copy(), matrix.upper[links.column]
    less = np.flatnonzero(matrix.integer[links.gate] & (top < links.most))
    at = matrix.start[links.row[less]]
    at += matrix.index[at] != links.gate[less]
    other = 2 * matrix.start[links.row[less]] + 1 - at
    value[at] = -value[other] * top[less]
    return replace(matrix, value=value)


def _wanted(matrix: Matrix, blocks: Blocks) -> Floats:
    """All the demand that each source could serve."""
    count, periods = blocks.stock.shape
    given, _ = given_of(matrix, blocks)
    d = blocks.demand
    wanted = np.bincount(d.block * periods + d.period, d.quantity, count * periods).reshape(count, periods)
    wanted += np.maximum(-given, 0.0)
    later = np.cumsum(wanted[:, ::-1], axis=1)[:, ::-1]
    later[waiting(blocks)] = later[waiting(blocks), :1]
    return np.asarray(later[blocks.block, blocks.period], np.float64)


def tight_gates(matrix: Matrix, blocks: Blocks) -> Places:
    """Rows of gates that allow less than all the demand a source could ever serve."""
    less = blocks.gain * blocks.most < (1 - SAME) * _wanted(matrix, blocks)
    return blocks.link[(blocks.link >= 0) & less]


def with_rooms(matrix: Matrix, blocks: Blocks) -> tuple[Matrix, Places]:
    """The same plans with one more row for sources on a shared capacity that overtime and the like can stretch, and these rows.

    From use * source + more * gate + others <= room + slack, others >= 0, slack >= 0, and source = 0 where the whole gate is 0
    follows use * source <= (room - more) * gate + slack. Only where room alone binds.
    """
    row = matrix.entry_rows
    column, value = matrix.index, matrix.value
    minus = value < 0
    slacks = np.bincount(row[minus], minlength=matrix.rows)
    fits = np.isfinite(matrix.row_upper) & (matrix.row_upper > 0) & (slacks > 0) & (slacks <= SLACKS)
    fits[row[matrix.lower[column] < 0]] = False
    source = np.full(matrix.columns, -1, np.int64)
    whole = np.flatnonzero((blocks.gate >= 0) & matrix.integer[blocks.gate])
    source[blocks.column[whole]] = whole
    e = np.flatnonzero(fits[row] & (value > 0) & (source[column] >= 0))
    s, r = source[column[e]], row[e]
    gate = blocks.gate[s]
    more, room = _entry(matrix, row, r, gate), matrix.row_upper[r]
    most = blocks.gain[s] * np.maximum(room - more, 0.0) / value[e]
    binds = most < (1 - SAME) * np.minimum(_wanted(matrix, blocks)[s], blocks.gain[s] * blocks.most[s])
    e, s, r, gate, more, room = e[binds], s[binds], r[binds], gate[binds], more[binds], room[binds]
    relax = np.flatnonzero(minus & np.isin(row, r))
    first = np.searchsorted(row[relax], r)
    times = slacks[r]
    new = np.repeat(np.arange(len(e)), times)
    of = relax[np.repeat(first, times) + np.arange(len(new)) - np.repeat(np.cumsum(times) - times, times)]
    rows = np.concatenate([np.arange(len(e)), np.arange(len(e)), new])
    columns = np.concatenate([column[e], gate, column[of]])
    values = np.concatenate([value[e], more - room, value[of]])
    order = np.argsort(rows, kind="stable")
    start = np.cumsum(np.bincount(rows, minlength=len(e))) + matrix.start[-1]
    return replace(
        matrix,
        row_lower=np.append(matrix.row_lower, np.full(len(e), -np.inf)),
        row_upper=np.append(matrix.row_upper, np.zeros(len(e))),
        start=np.append(matrix.start, start).astype(np.int32),
        index=np.append(matrix.index, columns[order]).astype(np.int32),
        value=np.append(matrix.value, values[order]),
    ), matrix.rows + np.arange(len(e))


def _entry(matrix: Matrix, row: Places, rows: Places, columns: Places) -> Floats:
    """The entries of these rows in these columns, 0 where there is none."""
    key = row.astype(np.int64) * matrix.columns + matrix.index
    order = np.argsort(key, kind="stable")
    wanted = rows.astype(np.int64) * matrix.columns + columns
    at = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
    return np.where(key[order[at]] == wanted, matrix.value[order[at]], 0.0)
