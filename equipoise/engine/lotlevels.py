"""Several levels: an item that goes into others is lot sizing too, of what it is worth at all levels together.

Let c be used by sources of places p, w[p] units of c for a unit of p (the most over the sources of p that use it), L[p] periods
before. For every period t, with times beyond the horizon cut to it, define columns

    echelon stock    E[c,t] = stock[c,t] + sum of w[p] E[p,t+L[p]]       (E of a place that is not used: its stock)
    lost, waiting    the same sums of lost and late quantities, own ones included
    brought besides  F[c,t] = sum of (w[p] gain - use) source over sources of p that use less of c or none, + sum of w[p] F[p,t+L[p]]
    served           S[c,t]

and add w[p] times the balance rows of p, as they are after this, to those of c (those of the first L[p] + 1 periods to the
first). What goes from c to p cancels, and c has the balance of an item by itself:

    E[c,t-1] - E[c,t] + gain * source + F[c,t] - S[c,t] = right side,   S + lost + waiting[t] - waiting[t-1] = demand

where demand is the same sum of demand and S, by the demand rows, is the same sum of what is served. The new balance takes
the place of the old one, which it implies together with the definitions and the balances of the places p. So every plan of
the matrix is a plan here at the same cost, and the other way round: bounds of one are bounds of the other. The definitions
are the rows that tie the levels together; ``start`` holds prices for them to begin with: stock is worth at every level what
it is worth more than its parts, and what is lost, late or brought besides shares its price among the levels.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from equipoise.engine.lotsizing import Finder, Places
from equipoise.engine.matrix import Floats, Matrix
from equipoise.engine.meaning import Codes, Meaning

ROUNDING = 1e-12
"""Relative size below which the difference of two uses is a rounding."""


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
        return Terms(period, self.column, weight * self.value)

    def at(self, states: Places, weight: float) -> Terms:
        """The terms of period ``states[t]`` as those of period t."""
        t, n = np.nonzero(states[:, None] == self.period[None, :])
        return Terms(t, self.column[n], weight * self.value[n])


def _joined(parts: list[Terms]) -> Terms:
    return Terms(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("period", "column", "value")))


def _ones(period: Places, column: Places) -> Terms:
    return Terms(period, column, np.ones(len(column)))


@dataclass(frozen=True, eq=False)
class _Place:
    """A place with all levels above it: columns of stock and what it is worth, sums, demand and right sides by period."""

    stock: Places
    worth: Floats
    lost: Terms
    late: Terms
    besides: Terms
    demand: Floats
    side: Floats
    for_ever: bool


@dataclass(frozen=True, eq=False)
class _Use:
    """A place is used by another: numbers of the uses, units for a unit. Period t of the user is period ``early[t]`` of the
    place, and period t of the place sees the user as it is in ``state[t]``."""

    user: int
    of: Places
    weight: float
    early: Places
    state: Places


def levelled(matrix: Matrix, meaning: Meaning) -> Levels | None:
    """The matrix with an echelon for every place that is used by places understood; None where there is none."""
    finder = Finder(matrix, meaning)
    if not finder.used.any():
        return None
    work = _Work(finder)
    for place, uses in work.echelons().items():
        work.add(place, uses)
    return work.sheet.done(finder, meaning) if work.sheet.replaced else None


class _Work:
    """Finds echelons, places before what they use."""

    def __init__(self, finder: Finder):
        f, c = finder, finder.cells
        self.f, self.periods, count = finder, finder.periods, len(finder.balance)
        at = np.flatnonzero((c.value < 0) & (f.sink[c.column] < 0) & ~np.isin(c.column, f.stock))
        self.use_time, self.use_column, self.quantity = c.row[at] % self.periods, c.column[at], -c.value[at]
        self.user = np.where(f.source[self.use_column] < 0, -1, f.source[self.use_column] // self.periods)
        self.uses = _grouped(c.row[at] // self.periods, count)
        self.sources = _grouped(np.where(f.source < 0, -1, f.source // self.periods), count)
        self.demand = _grouped(f.demand.block, count)
        self.lost = _grouped(f.demand.block[f.demand.lost_row], count)
        self.known: dict[int, _Place] = {}
        self.parts = np.zeros(count, np.int64)
        self.value = np.zeros((count, self.periods))  # of the parts of a unit of each place, kept for a period
        self.sheet = _Sheet(f.m, self.periods)

    def echelons(self) -> dict[int, list[_Use]]:
        """Used places with what uses them, each after the places that use it; without those not understood or in a circle."""
        waiting = {place: uses for place in np.flatnonzero(self.f.used).tolist() if (uses := self._uses_of(place))}
        done = set(np.flatnonzero(~(self.f.used | self.f.bad)).tolist())
        found: dict[int, list[_Use]] = {}
        while ready := [place for place, uses in waiting.items() if all(use.user in done for use in uses)]:
            for place in ready:
                found[place] = waiting.pop(place)
                for use in found[place]:
                    self.parts[use.user] += 1
                    self.value[use.user] += np.bincount(use.state, use.weight * self._worth(place), self.periods)
            done |= set(ready)
        return found

    def _uses_of(self, place: int) -> list[_Use]:
        """How other places use this one; none where something is not understood."""
        uses, found, time = self.uses[place], [], np.arange(self.periods)
        for user in np.unique(self.user[uses]).tolist():
            of = uses[self.user[uses] == user]
            lead = np.unique(self.f.source[self.use_column[of]] % self.periods - self.use_time[of])
            if user < 0 or self.f.bad[place] or len(lead) != 1 or lead[0] < 0:
                return []
            weight = float((self.quantity[of] / self.f.gain[self.use_column[of]]).max())
            early, state = np.maximum(time - lead[0], 0), np.minimum(time + lead[0], self.periods - 1)
            found.append(_Use(user, of, weight, early, state))
        return found

    def _worth(self, place: int) -> Floats:
        return np.maximum(self.f.m.cost[self.f.stock[place]], 0.0)

    def _own(self, place: int) -> _Place:
        """A place by itself."""
        d, rows = self.f.demand, self.demand[place]
        waits, gives = rows[d.late[rows] >= 0], self.lost[place]
        nothing = np.zeros(0, np.int64)
        found = _Place(
            self.f.stock[place],
            self._worth(place),
            _ones(d.period[d.lost_row[gives]], d.lost[gives]),
            _ones(d.period[waits], d.late[waits]),
            _ones(nothing, nothing),
            np.bincount(d.period[rows], d.quantity[rows], self.periods).astype(np.float64),
            self.f.m.row_lower[self.f.balance[place]],
            bool((d.period[waits] == self.periods - 1).any()),
        )
        for columns in (found.lost.column, found.late.column, self.sources[place]):
            self.sheet.share[columns] += self.parts[place]
        return found

    def _above(self, place: int) -> _Place:
        if place not in self.known:
            self.known[place] = self._own(place)
        return self.known[place]

    def add(self, place: int, uses: list[_Use]) -> None:
        """The echelon of a used place."""
        own, time, columns = self._own(place), np.arange(self.periods), self.sources[place]
        stock, lost, late, besides = [_ones(time, own.stock)], [own.lost], [own.late], [own.besides]
        worth, demand, side, for_ever = own.worth, own.demand, own.side, own.for_ever
        for use in uses:
            p, weight = self._above(use.user), use.weight
            stock.append(Terms(time, p.stock[use.state], np.full(self.periods, weight)))
            lost.append(p.lost.times(weight, use.early[p.lost.period]))
            late.append(p.late.at(use.state, weight))
            besides += [p.besides.times(weight, use.early[p.besides.period]), self._besides(use)]
            demand = demand + np.bincount(use.early, weight * p.demand, self.periods)
            side = side + np.bincount(use.early, weight * p.side, self.periods)
            for_ever |= p.for_ever
            short = np.minimum(1.0, p.worth / np.maximum(self.value[use.user], 1e-300))
            worth = np.minimum(worth, own.worth * short[use.state])
        sums = _Place(own.stock, worth, _joined(lost), _joined(late), _joined(besides), demand, side, for_ever)
        self.known[place] = self.sheet.write(sums, _joined(stock), self.f.balance[place], int(self.parts[place]))
        self.sheet.enter(self.f.balance[place][self.f.source[columns] % self.periods], columns, self.f.gain[columns])

    def _besides(self, use: _Use) -> Terms:
        """What sources of the user bring in and use less than the most for."""
        columns = self.sources[use.user]
        used = np.zeros(self.f.m.columns)
        used[self.use_column[use.of]] = self.quantity[use.of]
        most = use.weight * self.f.gain[columns]
        real = most - used[columns] > ROUNDING * most
        time = use.early[self.f.source[columns] % self.periods]
        return Terms(time[real], columns[real], (most - used[columns])[real])


class _Sheet:
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
        self.entries.append((rows, columns, values))

    def write(self, sums: _Place, stock: Terms, balance: Places, parts: int) -> _Place:
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
        return _ones(time, new)

    def done(self, finder: Finder, meaning: Meaning) -> Levels:
        """The matrix and its meaning with all that was added."""
        m, more = self.m, len(self.kinds)
        replaced = np.concatenate(self.replaced)
        dropped = np.zeros(m.rows, np.bool_)
        dropped[replaced] = True
        row = np.repeat(np.arange(m.rows), np.diff(m.start))
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
        return Levels(bigger, said, start, finder.stock[np.isin(finder.balance[:, 0], replaced)].ravel())


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


def _grouped(group: Places, count: int) -> list[Places]:
    """Positions of each group; groups below 0 are left out."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(count + 1))
    return [order[a:b] for a, b in itertools.pairwise(edges)]
