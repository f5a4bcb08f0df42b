"""Cuts that tell the linear relaxation what a yes-or-no decision is worth: unit accounting.

For one account, a window of periods k..l and any set S of its gated sources, where x[j] <= most * y[j] and y is 0 or 1,

    sum of times[j] * x[j] over terms not in S  +  sum of C[j] * y[j] over S  >=  R(k,l)
    C[j] = max(0, R(k,l) - B(k, first[j] - 1)),    R(k,p) = need in k..p + floor at p,
    B(k,p) = the largest of 0, ready at k and R(k,q) - wait(q) for k <= q <= p.

Proof. Take a plan. If every y in S is 0, so is every x in S, and the row is (*) of accounts.py for k..l, with what closing
content must be put to the need. Else let j be the one of S with y[j] = 1 that can help first, and f = first[j]. All other
open sources of S help from f on or later, so none of S stands in (*) of a window k..q with q < f. Hence the terms not in S
alone, which have at least the weight they have there, are at least R(k,q) - wait(q): where late units are no terms of
the window k..l although they are of k..q, they are at most wait(q). They are also at least 0, and at least the content
that enters with k by no gate (it stands in every window from k on, and not in S), which is at least ready(k). So they are
at least B(k,f-1); with C[j] * y[j] the left side is at least R(k,l). qed

Without late demand and with k the first period these are the (l,S) inequalities of Barany, Van Roy and Wolsey (1984),
in echelon stock those of Pochet and Wolsey (1991); receipts and opening stock are netted through ready and B.
For a relaxed point the best S takes each source by itself, so all windows are looked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from equipoise.engine.child.progress import Watch
from equipoise.engine.closer.accounts import Accounts, accounts
from equipoise.engine.highs import Highs, run_linear
from equipoise.engine.matrix import Floats, Ints, Matrix, Places
from equipoise.engine.meaning import Meaning

LEAST = 1e-3
"""A cut is worth a row when a point misses it by this part of its right side."""
ROOM = 1e-9
"""The right side is lowered by this part of itself for rounding."""
TIGHT = 1e-6
"""A cut with no more room than this (relative) holds a relaxed point."""
PATIENCE, STALLED = 3, 1e-4
"""Cutting ends when so many rounds raised the bound by less than this (relative)."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """Rows value @ x[index] >= lower, in the form of a Matrix."""

    start: Ints
    index: Ints
    value: Floats
    lower: Floats

    @property
    def rows(self) -> int:
        return len(self.lower)


class Separator:
    """Finds cuts that a relaxed point misses, for one set of accounts."""

    def __init__(self, accounts: Accounts):
        self.a = accounts
        a, periods = accounts, accounts.periods
        total = np.cumsum(a.need, axis=1)
        before = total - a.need
        self._right = total[:, None, :] + a.floor[:, None, :] - before[:, :, None]  # account, k, l
        k, p = np.meshgrid(np.arange(periods), np.arange(periods), indexing="ij")
        sure = np.where(p >= k, self._right - a.wait[:, None, :], -np.inf)
        base = np.maximum.accumulate(sure, axis=2)
        least = np.maximum(a.ready, 0.0)[:, :, None]
        self._base = np.concatenate([np.broadcast_to(least, (*a.need.shape, 1)), np.maximum(base, least)], axis=2)
        self._start = np.searchsorted(a.account, np.arange(a.number + 1))
        self._groups = list(self._gated())

    def _gated(self) -> Iterator[Places]:
        """Gated terms in groups of equal windows, every account at most once in each."""
        a = self.a
        at = np.flatnonzero(a.gate >= 0)
        keys = np.stack([a.account, a.to_l, a.from_l, a.to_k, a.from_k, a.first])[:, at]
        at, keys = at[np.lexsort(keys)], keys[:, np.lexsort(keys)]
        same = np.append(False, (np.diff(keys) == 0).all(axis=0))[: len(at)]
        begin = np.maximum.accumulate(np.where(same, 0, np.arange(len(at)))) if len(at) else at
        rank = np.arange(len(at)) - begin
        keys = np.vstack([rank, keys[1:]])
        order = np.lexsort(keys)
        at, keys = at[order], keys[:, order]
        new = np.append(True, (np.diff(keys) != 0).any(axis=0))[: len(at)]
        yield from np.split(at, np.flatnonzero(new)[1:]) if len(at) else ()

    def missed(self, x: Floats) -> Cuts:
        """Cuts that ``x`` misses, worst first: for each account and last period of a window one that misses much and is short."""
        a = self.a
        left = self._loose(x)
        for at in self._groups:
            self._add_gated(x, at, left)
        right = self._right
        miss = np.where(right > 0, (right - left) / np.where(right > 0, right, 1.0), -np.inf)
        k, p = np.meshgrid(np.arange(a.periods), np.arange(a.periods), indexing="ij")
        miss = np.where(p >= k, miss, -np.inf)
        best = np.where(miss > LEAST, miss / (1 + p - k), -np.inf).argmax(axis=1)
        worst = np.take_along_axis(miss, best[:, None, :], axis=1)[:, 0, :]
        account, end = np.nonzero(worst > LEAST)
        order = np.argsort(-worst[account, end], kind="stable")
        account, end = account[order], end[order]
        return self._rows(x, account, best[account, end], end)

    def _loose(self, x: Floats) -> Floats:
        """Left sides without gated terms, by account, first and last period."""
        a, size = self.a, self.a.periods + 1
        free = a.gate < 0
        worth = a.times[free] * x[a.column[free]]
        change = np.zeros((a.number, size, size))
        acc, k1, k2 = a.account[free], a.from_k[free], a.to_k[free] + 1
        l1, l2 = a.from_l[free], a.to_l[free] + 1
        flat = change.reshape(-1)
        for k, end, sign in ((k1, l1, 1.0), (k2, l1, -1.0), (k1, l2, -1.0), (k2, l2, 1.0)):
            flat += np.bincount((acc * size + k) * size + end, sign * worth, len(flat))
        return change.cumsum(axis=1).cumsum(axis=2)[:, :-1, :-1]

    def _add_gated(self, x: Floats, at: Places, left: Floats) -> None:
        """Add the cheaper way of each of these terms, which have the same windows and different accounts."""
        a = self.a
        n = at[0]
        ks, ls = slice(a.from_k[n], a.to_k[n] + 1), slice(a.from_l[n], a.to_l[n] + 1)
        acc = a.account[at]
        worth = self._right[acc, ks, ls] - self._base[acc, ks, a.first[n]][:, :, None]
        opened = np.maximum(worth, 0.0) * x[a.gate[at]][:, None, None]
        left[acc, ks, ls] += np.minimum(opened, (a.times[at] * x[a.column[at]])[:, None, None])

    def _rows(self, x: Floats, account: Places, k: Places, end: Places) -> Cuts:
        """The cuts of these accounts and windows, with the set S that is best for ``x``."""
        a = self.a
        begin, count = self._start[account], np.diff(self._start)[account]
        cut = np.repeat(np.arange(len(account)), count)
        at = np.repeat(begin - np.append(0, np.cumsum(count))[:-1], count) + np.arange(count.sum())
        counts = (
            (a.from_k[at] <= k[cut]) & (k[cut] <= a.to_k[at]) & (a.from_l[at] <= end[cut]) & (end[cut] <= a.to_l[at])
        )
        cut, at = cut[counts], at[counts]
        right = self._right[account, k, end]
        worth = np.maximum(right[cut] - self._base[account[cut], k[cut], a.first[at]], 0.0)
        gate = a.gate[at]
        gated = (gate >= 0) & (worth * x[gate] < a.times[at] * x[a.column[at]])
        column, value = np.where(gated, gate, a.column[at]), np.where(gated, worth, a.times[at])
        rows = sparse.csr_array((value, (cut, column)), shape=(len(account), len(x)))
        rows.sum_duplicates()
        rows.eliminate_zeros()
        return Cuts(
            rows.indptr.astype(np.int32), rows.indices.astype(np.int32), rows.data, right - ROOM * (1 + np.abs(right))
        )


@dataclass(frozen=True, eq=False)
class Tightened:
    """A matrix with cuts as further rows. ``found`` were made in all; those that hold nothing in the end are left out."""

    matrix: Matrix
    found: int


def tightened(matrix: Matrix, meaning: Meaning, highs: Highs, watch: Watch, seconds: float, rounds: int) -> Tightened:
    """Cut off relaxed points until none is found, the bound stalls, or ``seconds`` or ``rounds`` are over.

    ``highs`` holds the relaxation of ``matrix`` and has the cuts in it afterwards.
    """
    cutter, pool = Separator(accounts(matrix, meaning)), _Pool(matrix)
    until = watch.left() - seconds
    answer = run_linear(highs, seconds)
    point: Floats | None = None
    found, marks = 0, []
    while answer.status == "optimal" and answer.x is not None and answer.objective is not None:
        point = answer.x
        marks.append(answer.objective)
        slow = len(marks) > PATIENCE and marks[-1] - marks[-1 - PATIENCE] < STALLED * max(1.0, abs(marks[-1]))
        if len(marks) > rounds or slow or watch.must_end() or watch.left() <= until:
            break
        cuts = cutter.missed(point)
        if not cuts.rows:
            break
        highs.drop_rows(pool.dropped(point))
        pool.add(cuts)
        highs.add_rows(cuts.start, cuts.index, cuts.value, cuts.lower)
        found += cuts.rows
        answer = highs.run(watch.left() - until)
    return Tightened(matrix if point is None else pool.closed(point), found)


class _Pool:
    """The cuts in a relaxation, in the order of its rows."""

    def __init__(self, matrix: Matrix):
        self._m = matrix
        self._rows = sparse.csr_array((0, matrix.columns))
        self._lower = np.zeros(0)

    def add(self, cuts: Cuts) -> None:
        """The relaxation has got these rows."""
        rows = sparse.csr_array((cuts.value, cuts.index, cuts.start), shape=(cuts.rows, self._m.columns))
        self._rows = sparse.vstack([self._rows, rows]).tocsr()
        self._lower = np.append(self._lower, cuts.lower)

    def dropped(self, x: Floats) -> Ints:
        """Forget the cuts that do not hold ``x``; their places among the rows of the relaxation."""
        return (self._m.rows + self._forgotten(x)).astype(np.int32)

    def _forgotten(self, x: Floats) -> Places:
        loose = self._rows @ x - self._lower > TIGHT * (1 + np.abs(self._lower))
        self._rows, self._lower = self._rows[~loose], self._lower[~loose]
        return np.flatnonzero(loose)

    def closed(self, x: Floats) -> Matrix:
        """The matrix with the cuts that hold ``x``."""
        m = self._m
        self._forgotten(x)
        return replace(
            m,
            row_lower=np.concatenate([m.row_lower, self._lower]),
            row_upper=np.concatenate([m.row_upper, np.full(len(self._lower), np.inf)]),
            start=np.concatenate([m.start, m.start[-1] + self._rows.indptr[1:]]).astype(np.int32),
            index=np.concatenate([m.index, self._rows.indices]).astype(np.int32),
            value=np.concatenate([m.value, self._rows.data]),
        )
