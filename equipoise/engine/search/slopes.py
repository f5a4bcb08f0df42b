"""Plans by slope scaling: linear programmes in which a fixed charge is spread over what was made with it last time.

The relaxation sees only a sliver of each set-up: to make 10 where 1,000 are possible takes a hundredth of one. So after
each round the gate x <= most * y of a column x is drawn in to x <= (last x) * y: making as much as last time then takes a
whole y, with all its cost and all its hours. Spreading the cost alone is the classic form (Kim and Pardalos 1999); drawing
in the gate spreads the hours, too, without which tight resources run over. What a round uses is rounded up and completed.
"""

from __future__ import annotations

import numpy as np

from equipoise.engine.highs import Highs
from equipoise.engine.lots.sizing import Links, links_of
from equipoise.engine.matrix import Flags, Floats
from equipoise.engine.points import WHOLE
from equipoise.engine.search.start import SHARE, Planner, counts_found, up, works

ROUNDS = 15
"""Most rounds."""
PATIENCE = 5
"""Rounds without a cheaper plan before it ends."""
LEVELS = (0.1, 0.02, 0.3)
"""Columns less promising than this are left out, one level after the other."""


class Slopes:
    """The gates of a matrix, drawn in or as they are."""

    def __init__(self, planner: Planner):
        self.planner = planner
        links = links_of(planner.matrix)
        whole = np.flatnonzero(planner.matrix.integer[links.gate])
        first = whole[np.unique(links.gate[whole], return_index=True)[1]]
        self.links = Links(links.row[first], links.column[first], links.gate[first], links.most[first])
        self._value = _values(planner, self.links)
        self.reach = self.links.most.copy()

    def draw_in(self, x: Floats) -> None:
        """From now on a gate reaches as far as its column does in ``x``; where that is 0 it stays as it was."""
        made = x[self.links.column]
        self.reach = np.where(made > WHOLE, np.minimum(made, self.links.most), self.reach)

    def shake(self, rng: np.random.Generator, share: float) -> None:
        """Draw a share of the gates in by more or less, chosen at random."""
        n = len(self.reach)
        factor = np.where(rng.random(n) < share, np.exp(rng.normal(0.0, 1.0, n)), 1.0)
        self.reach = np.minimum(self.links.most, self.reach * factor)

    def relaxed(self, most: Floats | None = None) -> Floats | None:
        """The relaxed optimum with the gates as drawn in, its gates rounded up; ``most`` limits whole columns further."""
        planner, links, matrix = self.planner, self.links, self.planner.matrix
        factor = links.most / np.where(self.reach > 0, self.reach, 1.0)
        upper = matrix.upper.copy() if most is None else np.maximum(matrix.lower, np.minimum(matrix.upper, most))
        wide = upper.copy()
        wide[links.gate] = np.where(upper[links.gate] > 0, factor * upper[links.gate], 0.0)

        def change(highs: Highs) -> None:
            highs.coefficients(links.row, links.gate, self._value / factor)
            highs.fix(planner.whole, matrix.lower[planner.whole], wide[planner.whole])

        def undo(highs: Highs) -> None:
            highs.coefficients(links.row, links.gate, self._value)
            highs.fix(planner.whole, matrix.lower[planner.whole], matrix.upper[planner.whole])

        x = planner.relaxed(change, undo)
        if x is None:
            return None
        used = up(x)
        used[links.gate] = np.where(x[links.column] > WHOLE, np.maximum(1.0, matrix.lower[links.gate]), 0.0)
        x[links.gate] = np.clip(used[links.gate], matrix.lower[links.gate], upper[links.gate])
        return x


def _values(planner: Planner, links: Links) -> Floats:
    """The entry of each gate in its row."""
    m = planner.matrix
    rows = m.entry_rows
    mine = np.isin(rows, links.row)
    place = {(int(r), int(j)): float(v) for r, j, v in zip(rows[mine], m.index[mine], m.value[mine], strict=True)}
    return np.array([place[int(r), int(g)] for r, g in zip(links.row, links.gate, strict=True)])


def scaled(planner: Planner, relaxed: Floats) -> str:
    """Slope scaling from a relaxed point of all columns; says in words what it did."""
    slopes, watch = Slopes(planner), planner.watch
    if not len(slopes.links.gate):
        return "slope scaling: nothing is gated"
    may_end = (1 - SHARE) * watch.left()
    most = 20_000 + 4 * planner.first
    x, rounds, stale, worked = relaxed, 0, 0, False
    while rounds < ROUNDS and stale < PATIENCE and planner.iterations < most and watch.left() > may_end:
        slopes.draw_in(x)
        again = None if watch.must_end() or watch.guide is not None else slopes.relaxed()
        if again is None:
            break  # no time, nothing to gain, or better known than guessed
        x, before = again, planner.best
        worked = works(planner.completed(up(x[planner.whole]))) or worked
        rounds += 1
        stale = stale + 1 if planner.best is before else 0
    words = f"slope scaling: {rounds} round{'s' if rounds != 1 else ''}"
    if rounds and not worked and counts_found(planner, x[planner.whole]):
        words += ", counts by a short search"
    return words


def promising(planner: Planner, guide: Floats) -> None:
    """Plans from relaxations without the whole columns that the guide finds not promising, rounded up."""
    for level in LEVELS:
        slopes = Slopes(planner)
        allowed = np.where(_kept(planner, guide, level), np.inf, 0.0)
        for _ in range(2):
            x = None if planner.watch.must_end() else slopes.relaxed(allowed)
            if x is None:
                break
            planner.completed(up(x[planner.whole]))
            slopes.draw_in(x)


def _kept(planner: Planner, guide: Floats, level: float) -> Flags:
    count = planner.matrix.upper - planner.matrix.lower > 1
    return np.isnan(guide) | count | (guide >= level)
