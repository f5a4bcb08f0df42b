"""Fix-and-optimise: part after part of the best plan is decided anew while the rest stays.

Sources: Sahling, Buschkuehl, Tempelmeier and Helber (2009); Helber and Sahling (2010). Two things are added. A guide, where
there is one, says how promising each whole column is; a part then leaves out what is not promising, which makes it many
times smaller (kernel search, Angelelli, Mansini and Speranza 2010). And the ways to choose a part compete: what paid off
is tried more often, and the parts grow or shrink with the work they take. One of the ways is no part at all: slope scaling
from the best plan with slopes shaken at random.

Where nothing gains any more, another descent begins: from a shaken plan whatever it costs, or from the better of two good plans
after what they do not agree on was decided anew (in the manner of RINS: Danna, Rothberg and Le Pape 2005).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from equipoise.engine.child.task import nominal
from equipoise.engine.highs import TO_THE_END, Answer, Highs
from equipoise.engine.matrix import Flags, Floats, Matrix
from equipoise.engine.meaning import Meaning
from equipoise.engine.points import Point, judged
from equipoise.engine.search.elite import Elite
from equipoise.engine.search.payoff import Way, choose
from equipoise.engine.search.shapes import Map
from equipoise.engine.search.slices import Part, Slicer
from equipoise.engine.search.slopes import Slopes, promising
from equipoise.engine.search.start import Planner, up

LEVELS = (0.15, 0.03)
"""Whole columns less promising than this stay out of a part, unless the plan uses them. Always there: no such limit."""
NO_LEVEL = -1.0
SELECTIVE = 0.5
"""Most whole columns, as a share, that a level may leave in: a guide that calls nearly all promising says nothing."""
FIRST_SIZE = {0.15: 200.0, 0.03: 150.0, NO_LEVEL: 40.0}
SHAKES = {"a few slopes shaken": 0.1, "some slopes shaken": 0.3, "all slopes shaken": 1.0}
"""Share of the gates that are drawn in by more or less than the plan says."""
ROUNDS_SHAKEN = 4
TARGET, TARGET_SOLO = 1.0, 0.5
"""Seconds a part may take; where every child goes its own way."""
NODES = 60
"""Nodes a part may take where work is counted instead of seconds."""
SMALL_PART = 60
"""Open whole columns of a part that is solved without HiGHS' heuristics: to the end, in a third to a half of the time.
Larger ones are not solved to the end, and the heuristics find what they gain."""
CLOSE = 2e-3
"""Relative gap at which a part is good enough."""
DRY = 10
"""Least tries in a row without a gain that end a descent."""
COVERED = 2.0
"""How often the tries that end a descent cover all whole columns."""
SOLO = 400
"""With so few whole columns every child goes its own way, from its first plan to the end."""
CROSSED = 0.6
"""Share of descents that begin where two good plans meet."""
SHAKEN = ("some slopes shaken", "all slopes shaken")
FRESH = 25
"""Improvements after which all columns that are not whole are decided anew for the plan as it is."""


class Search:
    """Improves the best plan of a planner until it must end; with one thread its work is counted, not clocked.

    ``aside``: another child improves the best plan, so that this one begins with a shaken one and goes its own way.
    """

    def __init__(
        self,
        planner: Planner,
        meaning: Meaning | None,
        aside: bool = False,
    ):
        self.planner, self.watch, self._options = planner, planner.watch, planner.options
        self.matrix: Matrix = planner.matrix
        limits = planner.limits
        self._limits = replace(limits, gap=max(CLOSE, limits.gap))
        self._slicer = Slicer(self.matrix)
        self._map = Map(self.matrix, meaning, self._slicer)
        self._shapes = self._map.shapes()
        gated = Slopes(planner)
        self._slopes = gated if len(gated.links.gate) else None
        self._rng = np.random.default_rng(limits.seed)
        self._counted = limits.threads == 1
        self._guide: Floats | None = None
        self._followed: Floats | None = None
        self._ways = self._ways_at((NO_LEVEL,))
        self._since_fresh = 0
        self.work = 0.0
        self.at: Point | None = None  # the plan that parts are taken of: it need not be the best one
        self._aside = aside
        self._solo = limits.threads > 1 and len(planner.whole) <= SOLO
        self._target = TARGET_SOLO if self._solo else TARGET
        self._elite = Elite(planner.whole)
        self._dry = 0  # tries since it last gained
        self.idle = 0  # descents that ended since the best plan last gained
        self.tries = 0
        self.gains = 0

    def _ways_at(self, levels: tuple[float, ...]) -> list[Way]:
        shaken = [Way(shape, NO_LEVEL, 0.0) for shape in SHAKES] if self._slopes is not None else []
        return [Way(shape, level, FIRST_SIZE[level]) for shape in self._shapes for level in levels] + shaken

    def follow(self, guide: Floats) -> None:
        """From now on leave out whole columns that the guide finds not promising. The first guide gives plans, too."""
        if guide is self._followed:
            return
        first = self._guide is None
        self._followed, self._guide = guide, np.where(np.isnan(guide), 1.0, guide)
        if first:
            mine = self._guide[self._map.whole]
            self._ways = self._ways_at((*(k for k in LEVELS if (mine >= k).mean() <= SELECTIVE), NO_LEVEL))
            promising(self.planner, guide)

    def run(self, work: float | None = None, enough: Callable[[], bool] = lambda: False) -> str:
        """Improve until the watch ends it, so much work was done or it is ``enough``; says in words what came of it."""
        before, began = self._cost(), self.work
        while not self.watch.must_end() and not enough() and (work is None or self.work - began < work):
            if self.watch.guide is not None:
                self.follow(self.watch.guide)
            if not self._solo or self.planner.best is None:
                self.planner.hear()
            if self.planner.best is None:
                break
            if self.at is None:
                self.at = self._turn(self.planner.best) if self._aside else self.planner.best
                self._aside = self._aside or self._solo
            elif not self._aside and self.planner.best.objective < self.at.objective:
                self.at = self.planner.best
            if self._dry >= self._patience():
                self.at = self._turn(self.at)
            best = self._cost()
            self._dry = 0 if self.step(self.at) > 0 else self._dry + 1
            if self._cost() < best:
                self.idle = 0
            self.watch.note(self._words(before))
        return self._words(before)

    def _patience(self) -> float:
        """Tries without a gain after which a plan counts as settled: each column should have been in a part or two."""
        sizes = [way.size for way in self._ways if way.shape not in SHAKES]
        return max(DRY, COVERED * float(self._map.whole.sum()) / float(np.mean(sizes)))

    def _words(self, before: float) -> str:
        if self.planner.best is None:
            return "search: no plan to improve"
        return f"search: {self.tries} parts decided anew, {self.gains} gained, {before:.10g} to {self._cost():.10g}"

    def _cost(self) -> float:
        return self.planner.best.objective if self.planner.best is not None else np.inf

    def step(self, at: Point) -> float:
        """Decide one part of a plan anew, and go on from what was found where it is cheaper; returns the money gained."""
        gap = 0.0
        way = choose(self._ways, self._rng, at.objective)
        if way.shape in SHAKES:
            found, work = self._shaken(at, SHAKES[way.shape])
        else:
            open_ = self._open(at.x, way.level)
            chosen = self._shapes[way.shape](self._rng, open_, int(way.size))
            if not (chosen & open_).any():
                way.learn(0.0, self._target, self._target, 0.0)
                return 0.0
            found, work, gap = self._anew(at, chosen, open_)
        gain = 0.0 if found is None else at.objective - self._gone_on(at, found).objective
        way.learn(gain, work, 0.0 if way.shape in SHAKES else self._target, gap)
        return gain

    def _gone_on(self, at: Point, found: Point) -> Point:
        """Go on from the plan that was found where it is cheaper; completed anew now and then."""
        if found.objective >= at.objective - 1e-9 * abs(at.objective):
            return at
        self.at = found
        self.gains += 1
        self._since_fresh += 1
        if self._since_fresh >= FRESH:
            self._since_fresh = 0
            again = self.planner.completed(found.x[self.planner.whole])
            if again is not None and again.clean and again.objective < found.objective:
                self.at = again
        return self.at

    def _turn(self, at: Point) -> Point:
        """Where a new descent begins, now that one ended here: where two good plans meet, or a shaken one."""
        self._elite.add(at)
        if self.planner.best is not None:
            self._elite.add(self.planner.best)
        pair, found = self._elite.pair(self._rng), None
        if pair is not None and self._rng.random() < CROSSED:
            found = self._crossed(*pair)
        if found is None and self._slopes is not None:
            at = self._elite.plans[int(self._rng.integers(len(self._elite.plans)))]
            found, _ = self._shaken(at, SHAKES[SHAKEN[int(self._rng.integers(len(SHAKEN)))]])
        self._aside, self._dry = True, 0
        for way in self._ways:
            way.forget()
        self.idle += 1
        return found or self._elite.plans[0]

    def _crossed(self, better: Point, other: Point) -> Point | None:
        """What two plans do not agree on decided anew; None where nothing comes of it."""
        chosen = np.zeros(self.matrix.columns, bool)
        chosen[self.planner.whole[self._elite.differ(better, other)]] = True
        found, _, _ = self._anew(better, chosen, self._map.whole)
        return found

    def _shaken(self, at: Point, share: float) -> tuple[Point | None, float]:
        """The best of some slope scaling from a plan with a share of its gates drawn in by more or less, and its work."""
        assert self._slopes is not None
        slopes, before, iterations = self._slopes, self.watch.left(), self.planner.iterations
        allowed = None if self._guide is None else np.where(self._open(at.x, LEVELS[-1]), np.inf, 0.0)
        slopes.draw_in(at.x)
        slopes.shake(self._rng, share)
        best: Point | None = None
        for _ in range(ROUNDS_SHAKEN):
            x = None if self.watch.must_end() else slopes.relaxed(allowed)
            if x is None:
                break
            found = self.planner.completed(up(x[self.planner.whole]))
            if found is not None and found.clean and (best is None or found.objective < best.objective):
                best = found
            slopes.draw_in(x)
        more = self.planner.iterations - iterations
        work = nominal(more, self.matrix, branching=False) if self._counted else before - self.watch.left()
        self.tries += 1
        self.work += work
        return best, work

    def _anew(self, at: Point, chosen: Flags, open_: Flags) -> tuple[Point | None, float, float]:
        """Decide the chosen whole columns of a plan anew: what it becomes, the work, and the relative gap left."""
        part = self._cut(at.x, chosen, open_)
        answer, work = self._solve(part, at.x)
        self.tries += 1
        self.work += work
        gap = answer.gap if answer.status in ("time", "limit") else 0.0
        return None if answer.x is None else self._with(at, part, answer.x), work, gap

    def _open(self, x: Floats, level: float) -> Flags:
        """Whole columns that may change: promising, used by the plan, or counts."""
        whole = self._map.whole
        if self._guide is None or level == NO_LEVEL:
            return whole
        count = self.matrix.upper - self.matrix.lower > 1
        return whole & ((self._guide >= level) | (x > self.matrix.lower + 0.5) | count)

    def _cut(self, x: Floats, chosen: Flags, open_: Flags) -> Part:
        free = self._map.with_rest(chosen)
        shut = self.matrix.integer & ~open_
        lower = np.where(shut, x, self.matrix.lower)
        upper = np.where(shut, x, self.matrix.upper)
        return self._slicer.cut(free, x, lower, upper)

    def _solve(self, part: Part, x: Floats) -> tuple[Answer, float]:
        seconds = min(self._target, self.watch.left())
        m = part.matrix
        small = int((m.integer & (m.upper > m.lower)).sum()) <= SMALL_PART
        options = {**TO_THE_END, **self._options} if small else self._options
        highs = Highs(m, self._limits, options, self.watch, whole=True, silent=True)
        highs.begin_from(x[part.columns])
        before = self.watch.left()
        answer = highs.run(self.watch.left(), NODES) if self._counted else highs.run(seconds)
        took = before - self.watch.left()
        return answer, nominal(answer.iterations, m) if self._counted else took

    def _with(self, at: Point, part: Part, mine: Floats) -> Point | None:
        """The plan with its part as decided anew; another child's plan that came meanwhile gets it, too, where they do not clash."""
        x = at.x.copy()
        x[part.columns] = mine
        found = self._clean(judged(self.matrix, x), at)
        others = None if self._aside else self.watch.news(at.objective)
        if others is None:
            return found
        theirs = judged(self.matrix, others)
        if not theirs.clean:
            return found
        self.planner.adopt(theirs)
        both = theirs.x.copy()
        both[part.columns] = mine
        joined = self._clean(judged(self.matrix, both), theirs)
        return min((p for p in (found, theirs, joined) if p is not None), key=lambda p: p.objective)

    def _clean(self, point: Point, than: Point) -> Point | None:
        """A plan cheaper than another, completed anew where it misses a row; None where it is not."""
        if point.objective >= than.objective - 1e-9 * abs(than.objective):
            return None
        if point.clean:
            return self.planner.keep(point)
        again = self.planner.completed(point.x[self.planner.whole])
        return again if again is not None and again.clean else None
