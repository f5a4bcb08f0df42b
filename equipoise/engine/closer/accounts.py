"""Accounts of items: what a unit of demand can come from, read from the rows of a matrix.

An account adds up equality rows, each times a weight and one group a period: the balance rows of an item at a site, of
an item over all its sites, or of an item and everything made from it (its echelon, each weighted with the least
content of the item), together with the demand rows of these items, so that what is served cancels. In the sum over the
periods k..p a column stands with the sum of its entries there; what has a positive one (opening content, inflows, lost
and late units) must cover what has a negative one (closing content, waste) and the need. As columns are never
negative, for every k <= p

    sum of max(0, entries of x[j] in k..p) * x[j]  >=  need in k..p                                              (*)

whatever the weights are: they decide how strong it is, never whether it is true. cuts.py makes cuts of it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from equipoise.engine.closer.echelons import weights_of
from equipoise.engine.closer.sums import TINY, Sums, least_values, most_late, sums_of
from equipoise.engine.lots.sizing import links_of
from equipoise.engine.matrix import Flags, Floats, Ints, Matrix, Places
from equipoise.engine.meaning import Meaning


@dataclass(frozen=True, eq=False)
class Terms:
    """Term n: the column ``source[n]`` of the sums counts times[n] in the windows k..l with k in from_k[n]..to_k[n] and l in
    from_l[n]..to_l[n]. gate[n] is its yes-or-no column where it has one (-1: none), first[n] the period from which it can help.
    """

    source: Places
    times: Floats
    gate: Ints
    first: Ints
    from_k: Ints
    to_k: Ints
    from_l: Ints
    to_l: Ints


@dataclass(frozen=True, eq=False)
class Accounts(Terms):
    """Terms of the accounts, sorted by account, and their figures by account and period.

    Term n is of account[n] and stands for column[n] of the matrix.
    need (accounts x periods): what the rows of a period ask for. floor: what must be left over at the end of a period.
    ready: least content that enters with the period, by no gate, where a window begins with it. wait: what of the need up to the end of a
    period may still wait then although ``late`` is not counted (0 where late units are terms of every window).
    """

    account: Ints
    column: Ints
    need: Floats
    floor: Floats
    ready: Floats
    wait: Floats

    @property
    def number(self) -> int:
        return len(self.need)

    @property
    def periods(self) -> int:
        return self.need.shape[1]


def accounts(matrix: Matrix, meaning: Meaning) -> Accounts:
    """The accounts of all items with gated sources; empty where nothing looks like it."""
    sums = sums_of(matrix, meaning, weights_of(matrix, meaning))
    need, floor, ready = sums.need.copy(), sums.floor(least_values(matrix)), np.zeros_like(sums.need)
    ready[:, 1:] = np.maximum(0.0, np.maximum(-np.cumsum(need, axis=1), floor)[:, :-1])
    gate = gates_of(matrix)
    ready[sums.leaks(gate >= 0)] = 0.0
    spoilt = np.zeros(len(need), np.bool_)
    spoilt[sums.account[matrix.lower[sums.column] < 0]] = True
    for figures in (need, floor, ready):
        figures[spoilt] = 0.0
    waits = waiting(sums, matrix, meaning)
    terms = _terms(sums, gate)
    kinds = [(terms, np.zeros_like(need))]
    if waits.any():
        kinds.append((_only_at_the_end(terms, sums, waits), _most_waiting(sums, waits, most_late(matrix, meaning))))
    return _sorted(sums, kinds, need, floor, ready)


def waiting(sums: Sums, matrix: Matrix, meaning: Meaning) -> Flags:
    """Columns of late units: they come in as if by themselves and are asked for a period later."""
    late = np.zeros(matrix.columns, np.bool_)
    late[meaning.columns.of_kind("late")] = True
    return late[sums.column] & sums.pair & (sums.one > 0) & (sums.two < 0)


def gates_of(matrix: Matrix) -> Ints:
    """The yes-or-no column of each column that has one, else -1."""
    links = links_of(matrix)
    gate = np.full(matrix.columns, -1, np.int32)
    sure = matrix.integer[links.gate]
    gate[links.column[sure]] = links.gate[sure]
    return gate


def _terms(sums: Sums, gate: Ints) -> Terms:
    """The terms of windows in which late units count like others.

    A column whose partial sums are first negative and then positive is content that is on its way; one whose second
    entry takes back the first (late units) counts from the first on, for windows that end between them as well as later.
    """
    one, two, t1, t2 = sums.one, sums.two, sums.t1, sums.t2
    zero, pair = np.zeros(len(t1), np.int32), sums.pair
    twice = pair & (one > 0) & (two > 0)
    ways = [  # which, times, first, first and last k
        (sums.many & (one > 0), one, t1, zero, t2),
        (~sums.many & (one > 0), one, t1, zero, t1),
        (pair & (two > 0), two, t2, t1 + 1, t2),
        (twice, two, t2, zero, t1),
        (pair & (one <= 0) & (one + two > TINY * two), one + two, t2, zero, t1),
    ]
    gates = np.where(sums.many | twice, -1, gate[sums.column])
    at = [np.flatnonzero(way[0]) for way in ways]
    source = np.concatenate(at)
    times, first, from_k, to_k = (
        np.concatenate([way[n][which] for way, which in zip(ways, at, strict=True)]) for n in range(1, 5)
    )
    last = np.full(len(source), sums.need.shape[1] - 1)
    return Terms(source, times, gates[source], first, from_k, to_k, first, last)


def _only_at_the_end(terms: Terms, sums: Sums, waits: Flags) -> Terms:
    """The terms of windows in which late units count only where they wait at the end."""
    short = waits[terms.source] & (terms.first == sums.t1[terms.source])
    return replace(terms, to_l=np.where(short, sums.t2[terms.source] - 1, terms.to_l))


def _most_waiting(sums: Sums, waits: Flags, most: Floats) -> Floats:
    """The most that can wait at the end of each period, weighted."""
    out = np.zeros_like(sums.need)
    at = np.flatnonzero(waits)
    span = sums.t2[at] - sums.t1[at]
    n = np.repeat(at, span)
    period = sums.t1[n] + np.arange(len(n)) - np.repeat(np.append(0, np.cumsum(span))[:-1], span)
    np.add.at(out, (sums.account[n], period), sums.one[n] * most[sums.column[n]])
    return out


def _sorted(sums: Sums, kinds: list[tuple[Terms, Floats]], need: Floats, floor: Floats, ready: Floats) -> Accounts:
    """Accounts of all sums for each kind of terms with what may wait, one kind after the other."""
    terms = [part for part, _ in kinds]
    account = np.concatenate([sums.account[part.source] + n * len(need) for n, part in enumerate(terms)])
    order = np.argsort(account, kind="stable")
    whole = {f.name: np.concatenate([getattr(part, f.name) for part in terms])[order] for f in fields(Terms)}

    def repeated(figures: Floats) -> Floats:
        return np.concatenate([figures] * len(kinds))

    return Accounts(
        **whole,
        account=account[order].astype(np.int32),
        column=sums.column[whole["source"]],
        need=repeated(need),
        floor=repeated(floor),
        ready=repeated(ready),
        wait=np.concatenate([wait for _, wait in kinds]),
    )
