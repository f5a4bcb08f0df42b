"""Columns and rows to be added to a matrix for echelons: sums by period with names of their own (levels.py says which)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from equipoise.engine.matrix import Floats, Matrix, Places
from equipoise.engine.meaning import Codes, Meaning


@dataclass(frozen=True, eq=False)
class Levels:
    """The matrix with echelons; ``start`` is a multiplier for every row, ``held`` columns whose price should not fall below 0."""

    matrix: Matrix
    meaning: Meaning
    start: Floats
    held: Places


@dataclass(frozen=True, eq=False)
class Terms:
    """A sum of columns for every period: period, column and coefficient of each term."""

    period: Places
    column: Places
    value: Floats

    def times(self, weight: float, period: Places) -> Terms:
        """The terms at other periods, with a weight."""
        return Terms(period, self.column, weight * self.value)

    def at(self, states: Places, weight: float) -> Terms:
        """The terms of period ``states[t]`` as those of period t."""
        t, n = np.nonzero(states[:, None] == self.period[None, :])
        return Terms(t, self.column[n], weight * self.value[n])


def joined(parts: list[Terms]) -> Terms:
    """All terms of some sums."""
    return Terms(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("period", "column", "value")))


def ones(period: Places, column: Places) -> Terms:
    """Columns as they are."""
    return Terms(period, column, np.ones(len(column)))


@dataclass(frozen=True, eq=False)
class Place:
    """A place with all levels above it: columns of stock and what it is worth, sums, demand and right sides by period."""

    stock: Places
    worth: Floats
    lost: Terms
    late: Terms
    besides: Terms
    demand: Floats
    side: Floats
    for_ever: bool


class Sheet:
    """New columns and rows for a matrix, and rows of it written anew."""

    def __init__(self, matrix: Matrix, periods: int):
        self.m, self.periods = matrix, periods
        self.kinds: list[str] = []
        self.time: list[Places] = []  # of the new columns
        self.upper, self.worth, self.share = matrix.upper, matrix.cost, np.ones(matrix.columns)
        self.families: list[str] = []
        self.sides: list[Floats] = []
        self.start: list[Floats] = []
        self.rows = matrix.rows
        self.entries: list[tuple[Places, Places, Floats]] = []
        self.replaced: list[Places] = []
        self.new_sides: list[Floats] = []

    def enter(self, rows: Places, columns: Places, values: Floats) -> None:
        """Entries of new rows, and of rows written anew."""
        self.entries.append((rows, columns, values))

    def write(self, sums: Place, stock: Terms, balance: Places, parts: int) -> Place:
        """Columns and rows of an echelon; the place as those below it see it."""
        n, time, one = self.periods, np.arange(self.periods), np.ones(self.periods)
        echelon = self._stock(stock, sums.worth)
        rows = self._rows("demand_is_served_or_lost", sums.demand, 0 * one)
        served = self._columns("serve", time, np.full(n, np.inf), 0 * one, parts)
        lost = self._defined("lost", n, sums.lost, parts)
        late = self._defined("late", n if sums.for_ever else n - 1, sums.late, parts)
        besides = self._defined("make", n, sums.besides, parts)
        for row, column, value in (
            (balance, echelon, -one), (balance[1:], echelon[:-1], one[1:]), (balance, served, -one), (rows, served, one),
            (balance[besides.period], besides.column, besides.value), (rows[lost.period], lost.column, lost.value),
            (rows[late.period], late.column, late.value),
        ):  # fmt: skip
            self.enter(row, column, value)
        again = late.period < n - 1
        self.enter(rows[late.period[again] + 1], late.column[again], -late.value[again])
        self.replaced.append(balance)
        self.new_sides.append(sums.side)
        return replace(sums, stock=echelon, lost=lost, late=late, besides=besides)

    def _columns(self, kind: str, time: Places, upper: Floats, worth: Floats, parts: int) -> Places:
        self.kinds += [kind] * len(time)
        self.time.append(time)
        self.upper, self.worth = np.append(self.upper, upper), np.append(self.worth, worth)
        self.share = np.append(self.share, np.full(len(time), 1.0 + parts))
        return np.arange(len(self.upper) - len(time), len(self.upper))

    def _rows(self, family: str, sides: Floats, start: Floats) -> Places:
        self.families += [family] * len(sides)
        self.sides.append(sides)
        self.start.append(start)
        self.rows += len(sides)
        return np.arange(self.rows - len(sides), self.rows)

    def _stock(self, terms: Terms, worth: Floats) -> Places:
        n = self.periods
        new = self._columns("stock", np.arange(n), np.full(n, np.inf), worth, 0)
        self._define(self._rows("level", np.zeros(n), -worth), new, terms)
        return new

    def _define(self, rows: Places, new: Places, terms: Terms) -> None:
        self.enter(rows, new, np.ones(len(new)))
        self.enter(rows[terms.period], terms.column, -terms.value)

    def _defined(self, kind: str, count: int, terms: Terms, parts: int) -> Terms:
        """New columns for these sums, one a period; none where there is nothing to add up. What they are worth is a share
        of what their terms are worth."""
        if not len(terms.column):
            return terms
        upper = np.bincount(terms.period, terms.value * self.upper[terms.column], count).astype(np.float64)
        worth = np.full(count, np.inf)
        np.minimum.at(worth, terms.period, self.worth[terms.column] / self.share[terms.column] / terms.value)
        worth = np.where(np.isfinite(worth), np.maximum(worth, 0.0), 0.0) / 2
        time = np.arange(count)
        new = self._columns(kind, time, upper, worth, parts)
        self._define(self._rows("level", np.zeros(count), -worth), new, terms)
        return ones(time, new)

    def done(self, meaning: Meaning, held: Places) -> Levels:
        """The matrix and its meaning with all that was added."""
        m, more = self.m, len(self.kinds)
        replaced = np.concatenate(self.replaced)
        dropped = np.zeros(m.rows, np.bool_)
        dropped[replaced] = True
        row = m.entry_rows
        stays = ~dropped[row]
        rows, columns, values = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        row = np.concatenate([row[stays], rows])
        order = np.argsort(row, kind="stable")
        sides = m.row_lower.copy()
        sides[replaced] = np.concatenate(self.new_sides)
        upper = np.where(dropped, sides, m.row_upper)
        added = np.concatenate(self.sides)
        bigger = replace(
            m,
            cost=np.append(m.cost, np.zeros(more)),
            lower=np.append(m.lower, np.zeros(more)),
            upper=self.upper,
            integer=np.append(m.integer, np.zeros(more, np.bool_)),
            row_lower=np.append(sides, added),
            row_upper=np.append(upper, added),
            start=np.append(0, np.cumsum(np.bincount(row, minlength=self.rows))).astype(np.int32),
            index=np.concatenate([m.index[stays], columns])[order].astype(np.int32),
            value=np.concatenate([m.value[stays], values])[order],
        )
        time = np.concatenate(self.time)
        row_time = np.concatenate([np.arange(len(s)) for s in self.sides])
        said = Meaning(
            _more(meaning.columns, self.kinds, time), _more(meaning.rows, self.families, row_time), meaning.periods
        )
        start = np.append(np.zeros(m.rows), np.concatenate(self.start))
        return Levels(bigger, said, start, held)


def _more(codes: Codes, kinds: list[str], period: Places) -> Codes:
    """The codes with more entries, of no item, site or resource."""
    names = codes.kinds + tuple(sorted(set(kinds) - set(codes.kinds)))
    place = {name: n for n, name in enumerate(names)}
    none = np.full(len(kinds), -1, np.int32)
    kind = np.array([place[name] for name in kinds], np.int32)
    return Codes(
        names,
        np.append(codes.kind, kind),
        np.append(codes.item, none),
        np.append(codes.site, none),
        np.append(codes.resource, none),
        np.append(codes.period, period.astype(np.int32)),
    )
