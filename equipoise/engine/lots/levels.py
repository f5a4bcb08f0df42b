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
from dataclasses import dataclass

import numpy as np

from equipoise.engine.lots.sheet import Levels, Place, Sheet, Terms, joined, ones
from equipoise.engine.lots.sizing import Finder
from equipoise.engine.matrix import Floats, Matrix, Places
from equipoise.engine.meaning import Meaning

ROUNDING = 1e-12
"""Relative size below which the difference of two uses is a rounding."""


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
    return work.sheet.done(meaning, work.held()) if work.sheet.replaced else None


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
        self.known: dict[int, Place] = {}
        self.parts = np.zeros(count, np.int64)
        self.value = np.zeros((count, self.periods))  # of the parts of a unit of each place, kept for a period
        self.sheet = Sheet(f.m, self.periods)

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
            stock = self.f.stock[[place, user]]
            if user < 0 or self.f.bad[place] or (self.f.m.lower[stock] < 0).any() or len(lead) != 1 or lead[0] < 0:
                return []
            weight = float((self.quantity[of] / self.f.gain[self.use_column[of]]).max())
            early, state = np.maximum(time - lead[0], 0), np.minimum(time + lead[0], self.periods - 1)
            found.append(_Use(user, of, weight, early, state))
        return found

    def held(self) -> Places:
        """Stock columns of the places that got an echelon."""
        return self.f.stock[np.isin(self.f.balance[:, 0], np.concatenate(self.sheet.replaced))].ravel()

    def _worth(self, place: int) -> Floats:
        return np.maximum(self.f.m.cost[self.f.stock[place]], 0.0)

    def _own(self, place: int) -> Place:
        """A place by itself."""
        d, rows = self.f.demand, self.demand[place]
        waits, gives = rows[d.late[rows] >= 0], self.lost[place]
        nothing = np.zeros(0, np.int64)
        found = Place(
            self.f.stock[place],
            self._worth(place),
            ones(d.period[d.lost_row[gives]], d.lost[gives]),
            ones(d.period[waits], d.late[waits]),
            ones(nothing, nothing),
            np.bincount(d.period[rows], d.quantity[rows], self.periods).astype(np.float64),
            self.f.m.row_lower[self.f.balance[place]],
            bool((d.period[waits] == self.periods - 1).any()),
        )
        for columns in (found.lost.column, found.late.column, self.sources[place]):
            self.sheet.share[columns] += self.parts[place]
        return found

    def _above(self, place: int) -> Place:
        if place not in self.known:
            self.known[place] = self._own(place)
        return self.known[place]

    def add(self, place: int, uses: list[_Use]) -> None:
        """The echelon of a used place."""
        own, time, columns = self._own(place), np.arange(self.periods), self.sources[place]
        stock, lost, late, besides = [ones(time, own.stock)], [own.lost], [own.late], [own.besides]
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
        sums = Place(own.stock, worth, joined(lost), joined(late), joined(besides), demand, side, for_ever)
        self.known[place] = self.sheet.write(sums, joined(stock), self.f.balance[place], int(self.parts[place]))
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


def _grouped(group: Places, count: int) -> list[Places]:
    """Positions of each group; groups below 0 are left out."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(count + 1))
    return [order[a:b] for a, b in itertools.pairwise(edges)]
