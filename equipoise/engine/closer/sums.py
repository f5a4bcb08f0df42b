"""Weighted sums of equality rows by group and period, column by column: what accounts and extended forms are read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.engine.closer.echelons import Weights
from equipoise.engine.dual_bound import single_rows
from equipoise.engine.matrix import Flags, Floats, Ints, Matrix
from equipoise.engine.meaning import Meaning

TINY = 1e-9
"""Entries of a sum below this times what was added up have cancelled; relative difference that counts as none."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Columns of the groups' sums: the first and second period with an entry (-1: no second) and the entries there.

    ``many``: entries in more than two periods; ``one`` is then the sum of the positive ones, ``t2`` the last period.
    ``need`` (groups x periods) are the right sides.
    """

    account: Ints
    column: Ints
    t1: Ints
    one: Floats
    t2: Ints
    two: Floats
    many: Flags
    need: Floats

    @property
    def pair(self) -> Flags:
        """Entries in exactly two periods."""
        return ~self.many & (self.t2 >= 0)

    def floor(self, least: Floats) -> Floats:
        """What must be left at the end of each period, as closing stock is at least ``least`` (safety and final stock)."""
        floor = np.zeros_like(self.need)
        left = ~self.many & (self.one < 0) & (least[self.column] > 0)
        np.add.at(floor, (self.account[left], self.t1[left]), -self.one[left] * least[self.column[left]])
        return floor

    def leaks(self, gated: Flags) -> Flags:
        """Where what came in before a period may have gone otherwise than into content that enters with that period, by no gate.

        Elsewhere this content is at least what was given before and not asked for, and at least the floor. On its way, and so not
        to be counted on, is what a column takes out and brings back in more than a period; what a column with a gate brings
        (``gated``, by column of the matrix) is counted with its gate instead.
        """
        groups, periods = self.need.shape
        change = np.zeros((groups, periods + 1), np.int64)

        def leak(which: Flags, begin: Ints, end: Ints) -> None:
            np.add.at(change, (self.account[which], np.minimum(begin[which], periods)), 1)
            np.add.at(change, (self.account[which], np.minimum(end[which], periods)), -1)

        never = np.full(len(self.t1), periods, np.int32)
        leak(self.many | ((self.t2 < 0) & (self.one < 0)), self.t1 + 1, never)
        leak(self.pair & (self.one < 0) & (self.two < -self.one * (1 - TINY)), self.t1 + 1, self.t2 + 1)
        leak(self.pair & (self.one + self.two < -TINY * (np.abs(self.one) + np.abs(self.two))), self.t2 + 1, never)
        on_its_way = self.pair & (self.one < 0) & (self.two > 0)
        by_gate = on_its_way & gated[self.column]
        leak(by_gate, self.t1 + 1, self.t2 + 1)
        leak(on_its_way & ~by_gate, self.t1 + 1, self.t2)
        return np.cumsum(change, axis=1)[:, :periods] > 0


def sums_of(matrix: Matrix, meaning: Meaning, weights: Weights) -> Sums:
    """The sums of the weighted rows, by group, column and period."""
    periods = max(meaning.periods, 1)
    cell = weights.group * periods + meaning.rows.period[weights.row]
    add = sparse.csr_array((weights.weight, (cell, weights.row)), shape=(weights.number * periods, matrix.rows))
    rows = sparse.csr_array((matrix.value, matrix.index, matrix.start), shape=(matrix.rows, matrix.columns))
    sides = np.zeros(matrix.rows)
    sides[weights.row] = matrix.row_lower[weights.row]
    need = (add @ sides).reshape(-1, periods)
    added, size = (add @ rows).tocoo(), (abs(add) @ abs(rows)).tocsr()
    cell, column = added.coords
    value = added.data
    if len(value):
        real = np.abs(value) > TINY * np.asarray(size[cell, column]).ravel()
        cell, column, value = cell[real], column[real], value[real]
    return _by_column(cell // periods, column, cell % periods, value, need)


def _by_column(account: Ints, column: Ints, period: Ints, value: Floats, need: Floats) -> Sums:
    order = np.lexsort((period, column, account))
    account, column, period, value = account[order], column[order], period[order], value[order]
    new = np.append(True, (np.diff(account) != 0) | (np.diff(column) != 0))[: len(account)]
    at = np.flatnonzero(new)
    count = np.diff(np.append(at, len(account)))
    many = count > 2
    second = np.minimum(at + 1, max(len(account) - 1, 0))
    positive = np.add.reduceat(np.maximum(value, 0.0), at) if len(at) else value
    return Sums(
        account[at].astype(np.int32),
        column[at].astype(np.int32),
        period[at].astype(np.int32),
        np.where(many, positive, value[at]),
        np.where(many, period[at + count - 1], np.where(count > 1, period[second], -1)).astype(np.int32),
        np.where(count == 2, value[second], 0.0),
        many,
        need,
    )


def least_values(matrix: Matrix) -> Floats:
    """Lower limits of the columns, rows of one entry counted."""
    _, j, low, _ = single_rows(matrix)
    least = matrix.lower.copy()
    np.maximum.at(least, j, np.where(np.isfinite(low), low - TINY * np.abs(low), -np.inf))
    return least


def most_late(matrix: Matrix, meaning: Meaning) -> Floats:
    """The most each column can be, by its own limit and by the rows that say how much may wait; infinite without any."""
    most = matrix.upper.copy()
    for r in meaning.rows.of_kind("served_in_its_window").tolist():
        at = slice(matrix.start[r], matrix.start[r + 1])
        j, v = matrix.index[at], matrix.value[at]
        turn = 1.0 if np.isneginf(matrix.row_lower[r]) else -1.0
        limit = matrix.row_upper[r] if turn > 0 else -matrix.row_lower[r]
        if np.isfinite(limit) and (turn * v > 0).all() and (matrix.lower[j] >= 0).all():
            most[j] = np.minimum(most[j], limit / np.abs(v))
    return most
