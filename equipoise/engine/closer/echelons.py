"""What of an item is in other items: groups of places with weights, for accounts of what demand can come from.

A place is an item at a site. A group is one place, all places of an item, or one of these with everything that can only be
had by using it up: the echelon. The weight of a place is the least content of the base in a unit there, over all the
ways to get a unit (recipes, shipments); 0 where one way, like buying, uses none of the base. So no column outside of the
base raises the weighted content in the end; whether it is so decides how strong a cut is, never whether it is true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.engine.lots.sizing import item_sites, links_of
from equipoise.engine.matrix import Floats, Ints, Matrix
from equipoise.engine.meaning import Meaning

SAME = 1e-9
"""Relative difference at which two ways use equally much."""
Way = tuple[int, tuple[tuple[int, float], ...]]  # place made, (place used, units used for a unit made)


@dataclass(frozen=True, eq=False)
class Weights:
    """Weighted rows of groups: ``row[n]`` counts ``weight[n]`` times in group ``group[n]``, one of ``number``."""

    group: Ints
    row: Ints
    weight: Floats
    number: int


@dataclass(frozen=True, eq=False)
class Flows:
    """Balance and demand rows that are equalities, turned so that what comes in and what is served later counts above 0.

    ``place`` is the place of a row, ``turn`` 1 or -1; places count from 0, ``item`` tells the item of each.
    """

    row: Ints
    place: Ints
    turn: Floats
    balance: int
    item: Ints


def flows_of(matrix: Matrix, meaning: Meaning) -> Flows:
    """The rows of all accounts: balance rows first (as many as ``balance`` says), then demand rows."""
    codes = meaning.rows
    balance, demand = codes.of_kind("balance"), codes.of_kind("demand_is_served_or_lost")
    rows = np.concatenate([balance, demand])
    turn = np.concatenate(
        [-_signs(matrix, meaning, balance, ("stock",)), _signs(matrix, meaning, demand, ("serve", "lost", "late"))]
    )
    fits = (matrix.row_lower[rows] == matrix.row_upper[rows]) & (codes.period[rows] >= 0) & (turn != 0)
    count, place = item_sites(codes, rows)
    item = np.zeros(count, np.int32)
    item[place] = codes.item[rows]
    number = int(fits[: len(balance)].sum())
    return Flows(rows[fits], place[fits].astype(np.int32), turn[fits], number, item)


def _signs(matrix: Matrix, meaning: Meaning, rows: Ints, kinds: Iterable[str]) -> Floats:
    """The sign of a column of these kinds and of the row's own period in each row; 0 where there is none."""
    named = np.zeros(matrix.columns, np.bool_)
    for kind in kinds:
        named[meaning.columns.of_kind(kind)] = True
    n, at = matrix.entries_of(rows)
    own = named[matrix.index[at]] & (meaning.columns.period[matrix.index[at]] == meaning.rows.period[rows][n])
    sign = np.zeros(len(rows))
    sign[n[own]] = np.sign(matrix.value[at[own]])
    return sign


def weights_of(matrix: Matrix, meaning: Meaning) -> Weights:
    """Groups for every item that has a source with a gate, by item and, where it has several sites, by place."""
    flows = flows_of(matrix, meaning)
    finder = _Finder(matrix, flows)
    group, row, weight, number = [], [], [], 0
    for of_row, bases in finder.levels():
        rows_of: dict[int, list[int]] = defaultdict(list)
        for n, name in enumerate(of_row.tolist()):
            rows_of[name].append(n)
        demanded = set(of_row[flows.balance :].tolist())
        contents = _Contents(finder.ways(of_row))
        for base in bases:
            content = contents.of(base)
            if not demanded & content.keys():
                continue
            alone = [{base: 1.0}] if len(content) > 1 and base in demanded else []
            for units in [content, *alone]:
                for name, each in units.items():
                    mine = rows_of[name]
                    group += [number] * len(mine)
                    row += mine
                    weight += [each] * len(mine)
                number += 1
    at = np.array(row, np.int32)
    figures = np.array(weight, np.float64) * flows.turn[at]
    return Weights(np.array(group, np.int32), flows.row[at], figures, number)


class _Finder:
    """Who is made of what, from the entries of the balance rows."""

    def __init__(self, matrix: Matrix, flows: Flows):
        self._flows = flows
        rows = flows.row[: flows.balance]
        self._cell, at = matrix.entries_of(rows)
        self._column = matrix.index[at]
        self._value = matrix.value[at] * flows.turn[self._cell]
        gates = links_of(matrix)
        gated = np.zeros(matrix.columns, np.bool_)
        gated[gates.column[matrix.integer[gates.gate]]] = True
        comes = (self._value > 0) & gated[self._column]
        self._made = np.unique(flows.place[self._cell[comes]])

    def levels(self) -> list[tuple[Ints, list[int]]]:
        """Two ways to name rows: by item and by place; with the names that have a gated source."""
        f = self._flows
        items = sorted({int(f.item[p]) for p in self._made})
        sites = np.bincount(f.item, minlength=int(f.item.max(initial=0)) + 1)
        places = [int(p) for p in self._made if sites[f.item[p]] > 1]
        return [(f.item[f.place], items), (f.place, places)]

    def ways(self, name: Ints) -> set[Way]:
        """All the ways to get a unit, places under their names; each once, whatever the period."""
        names = name[self._cell]
        order = np.lexsort((names, self._column))
        column, at, value = self._column[order], names[order], self._value[order]
        first = np.flatnonzero(np.append(True, (np.diff(column) != 0) | (np.diff(at) != 0)))[: len(column)]
        if not len(first):
            return set()
        net = np.add.reduceat(value, first)
        size = np.add.reduceat(np.abs(value), first)
        net = np.where(np.abs(net) <= SAME * size, 0.0, net)
        column, at = column[first], at[first]
        uses: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for j, place, amount in zip(column[net < 0], at[net < 0], -net[net < 0], strict=True):
            uses[int(j)].append((int(place), float(amount)))
        found: set[Way] = set()
        for j, place, amount in zip(column[net > 0].tolist(), at[net > 0].tolist(), net[net > 0].tolist(), strict=True):
            found.add((place, tuple((c, round(q / amount, 12)) for c, q in uses.get(j, ()))))
        return found


class _Contents:
    """What places hold of others."""

    def __init__(self, ways: set[Way]):
        self._ways: dict[int, list[Mapping[int, float]]] = defaultdict(list)
        self._users: dict[int, set[int]] = defaultdict(set)
        for place, used in sorted(ways):
            self._ways[place].append(dict(used))
            for component, _ in used:
                self._users[component].add(place)
        self._rank = self._ranks()

    def _ranks(self) -> dict[int, int]:
        """Components before what is made of them; places on a circle have no rank."""
        still = {place: len({c for way in ways for c in way}) for place, ways in self._ways.items()}
        ready = sorted(place for place in {*self._ways, *self._users} if not still.get(place))
        rank: dict[int, int] = {}
        while ready:
            place = ready.pop()
            rank[place] = len(rank)
            for user in sorted(self._users.get(place, ())):
                still[user] -= 1
                if not still[user]:
                    ready.append(user)
        return rank

    def of(self, base: int) -> dict[int, float]:
        """The least content of the base in a unit of every place that has some."""
        content, queue = {base: 1.0}, [base]
        above: set[int] = set()
        while queue:
            users = {user for user in self._users.get(queue.pop(), ()) if user in self._rank} - above - {base}
            above |= users
            queue += sorted(users)
        for place in sorted(above, key=self._rank.__getitem__):
            least = min(sum(q * content.get(c, 0.0) for c, q in way.items()) for way in self._ways[place])
            if least > 0:
                content[place] = least
        return content
