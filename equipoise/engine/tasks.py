"""What a child can be asked to do: solve a matrix, polish a plan, check the relaxation of a matrix called infeasible."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from equipoise.engine import start as starts
from equipoise.engine.decompose import Decomposition
from equipoise.engine.dual_bound import safe_bound
from equipoise.engine.extended import extended
from equipoise.engine.highs import BRANCHING, BRANCHING_EXTENDED, Answer, Highs, relaxation, run_linear
from equipoise.engine.matrix import Floats, Limits, Matrix, Technique
from equipoise.engine.meaning import Meaning, has_components
from equipoise.engine.points import Point, judged
from equipoise.engine.progress import Watch
from equipoise.engine.search import slopes
from equipoise.engine.search.elastic import first_plan
from equipoise.engine.search.improve import Search, nominal
from equipoise.engine.verdict import close_enough
from equipoise.engine.wire import Frame

SURE = 1e-6
"""Relative distance between an optimum and the bound that its duals prove, at which the bound is good enough to state."""
FINISH = 8.0
"""Seconds for polishing, on top of the limit if need be."""

BRANCHED = 5_000
"""With more whole columns, and a bound by items, the main child searches instead of branching."""
FIRST_NODES = 200
"""Nodes after which a process on its own stops branching for a while and searches."""
ROUNDS = 400
"""Rounds of prices for the bound by items where work is counted."""
DRY = 10
"""Tries in a row without a gain after which a mate leaves the search of a small problem for the proof."""
LOOK, SETTLED = 40, 3e-3
"""A bound by items that gains less than this (relative) in so many rounds has settled enough to guide."""
PRICED = 0.25
"""Most of the time left that goes into the bound by items where the clock counts."""
STRETCHED = 0.2
"""The same for the search of a first plan by way of stretched rows."""
BRANCHING_SHARE = 0.3
"""The same for branch and bound after the search."""
SEARCHED = 0.35
"""Nominal seconds of search for a second of the time limit where work is counted."""

BY_ITEMS = "decomposition by items, dynamic programmes at prices for what they share"
DUALS = "duals of the linear programme, summed with room for rounding"
STATED = "optimum of the linear programme as HiGHS states it"


@dataclass(frozen=True, eq=False)
class Task:
    """A matrix, its limits, solver options, a plan to begin from (None: none; NaN: unknown value), and what it means."""

    matrix: Matrix
    limits: Limits
    options: Mapping[str, Any]
    given: Floats | None
    watch: Watch
    meaning: Meaning | None = None

    def without(self, technique: Technique) -> bool:
        """The technique is to be left out."""
        return technique in self.limits.without


@dataclass(eq=False)
class Result:
    """What a child found: the solver's ``claim``, the best plan, a bound and where it comes from, and steps in words."""

    claim: str
    point: Point | None = None
    bound: float | None = None
    origin: str = ""
    steps: list[str] = field(default_factory=list)
    proof: bool = False
    work: float = 0.0

    def frame(self) -> Frame:
        words = {
            "claim": self.claim,
            "objective": self.point.objective if self.point else None,
            "miss": self.point.miss if self.point else None,
            "bound": self.bound,
            "origin": self.origin,
            "steps": self.steps,
            "proof": self.proof,
        }
        return Frame("result", words, {"x": self.point.x} if self.point else {})


def solve(task: Task) -> Result:
    """The main child's work: a bound, plans to begin from where it is alone, branch and bound, polishing."""
    planner = starts.Planner(task.matrix, task.limits, task.options, task.watch)
    steps = []
    if task.given is not None and task.matrix.integer.any():
        task.watch.stage("plan to begin from")
        steps.append(starts.given(planner, task.given))
    if task.limits.threads > 1 and task.matrix.integer.any():
        return _beside(task, planner, Result("time", planner.best, steps=steps))
    task.watch.stage("linear relaxation" if task.matrix.integer.any() else "linear programme")
    answer = run_linear(planner.highs, task.watch.left())
    if answer.status != "optimal" or answer.x is None:
        return _unfinished(task, planner, answer, steps)
    if not task.matrix.integer.any():
        return _linear(task, answer, steps)
    return _alone(task, planner, answer, steps)


def _unfinished(task: Task, planner: starts.Planner, answer: Answer, steps: list[str]) -> Result:
    """The linear programme gave no optimum; a plan given from outside and the last duals may still be of use."""
    if answer.status == "time":
        steps = [*steps, "time ran out in the linear programme"]
    result = Result(_claim(answer), planner.best, steps=steps)
    if task.given is not None and not np.isnan(task.given).any() and not task.matrix.integer.any():
        result.point = judged(task.matrix, task.given)
        result.point = result.point if result.point.clean else None
    if answer.status == "time" and answer.row_dual is not None:
        cutoff = result.point.objective if result.point else None
        bound = safe_bound(task.matrix, answer.row_dual, cutoff)
        if math.isfinite(bound):
            result.bound, result.origin = bound, DUALS
    return result


def _claim(answer: Answer) -> str:
    return f"abnormal: {answer.words}" if answer.status == "abnormal" else answer.status


def _linear(task: Task, answer: Answer, steps: list[str]) -> Result:
    assert answer.x is not None
    point = judged(task.matrix, answer.x)
    bound, origin = relaxed_bound(task.matrix, answer, point.objective)
    return Result("optimal", point, bound, origin, steps)


def relaxed_bound(matrix: Matrix, answer: Answer, cutoff: float | None) -> tuple[float | None, str]:
    """The bound of a solved linear programme: from its duals where they prove it, else as the solver states it."""
    stated = answer.objective
    if answer.row_dual is None or stated is None:
        return stated, STATED
    proven = safe_bound(matrix, answer.row_dual, cutoff)
    if proven >= stated - 0.5 * SURE * abs(stated) - 1e-9:
        return proven if cutoff is None else min(proven, cutoff), DUALS
    shown = f"; its duals alone prove {proven:.10g}" if math.isfinite(proven) else "; some columns have no limit"
    return stated, STATED + shown


def _beside(task: Task, planner: starts.Planner, result: Result) -> Result:
    """With mates that look for plans: branch and bound, or for large problems the bound by items and more search."""
    watch = task.watch
    if len(planner.whole) <= BRANCHED or task.without("search"):
        return _branched(task, planner, result)
    _decomposed(task, planner, result)
    if _enough(task, result):
        result.claim = "optimal"
        return result
    if watch.must_end():
        return result
    return _branched(task, planner, result) if result.bound is None else _searched(task, planner, result)


def _alone(task: Task, planner: starts.Planner, relaxed: Answer, steps: list[str]) -> Result:
    """One process: plans to begin from, branch and bound for a while where it may be enough, search, branch and bound.

    All but the last is measured by work, so that it takes the same way every time.
    """
    assert relaxed.x is not None
    watch, relaxed_x, columns = task.watch, relaxed.x, relaxed.x[planner.whole]
    watch.tick(None, relaxed.objective)
    planner.first = relaxed.iterations
    watch.stage("plan to begin from")
    result = Result("time", steps=steps)
    ways = [lambda: starts.rounded(planner, columns), lambda: slopes.scaled(planner, relaxed_x)]
    for way in ways[:1] if task.without("slopes") else ways:
        steps.append(way())
        best = result.point = planner.best
        result.bound, result.origin = relaxed_bound(task.matrix, relaxed, best.objective if best else None)
        if _enough(task, result):
            steps.append("the relaxation proves the plan to begin from")
            result.claim = "optimal"
            return result
    nodes: int | None = None
    if task.meaning is None or task.without("search"):
        return _branched(task, planner, result)
    if len(planner.whole) <= BRANCHED:
        result = _branched(task, planner, result, FIRST_NODES)
        if result.claim != "limit":
            return result
        result.claim = "time"
        nodes = _nodes(task.limits, max(result.work, 0.01))
    _decomposed(task, planner, result, ROUNDS)
    if planner.best is None and not task.without("stretching"):
        steps.append(_stretched(task, planner, relaxed, STRETCHED * task.limits.time_limit))
    _search(task, planner, result, SEARCHED * task.limits.time_limit)
    if _enough(task, result):
        result.claim = "optimal"
        return result
    if watch.must_end():
        return result
    result = _branched(task, planner, result, nodes)
    if result.claim == "time":
        result.steps.append("the clock ended the work: another run may end at another plan")
    return replace(result, claim="time") if result.claim == "limit" else result


def _nodes(limits: Limits, work: float) -> int:
    """Nodes of branch and bound for the time limit, where the first ones took so much nominal work."""
    return max(FIRST_NODES, int(FIRST_NODES * BRANCHING_SHARE * limits.time_limit / work))


def _stretched(task: Task, planner: starts.Planner, relaxed: Answer, work: float | None = None) -> str:
    """A first plan by way of rows that may be missed."""
    assert relaxed.x is not None and relaxed.objective is not None
    price = max(1.0, abs(relaxed.objective))
    return first_plan(
        planner, task.meaning, task.limits, task.options, task.watch, relaxed.x[planner.whole], price, work
    )


def _enough(task: Task, result: Result) -> bool:
    """The bound proves the plan to the asked gap."""
    if result.point is None or result.bound is None:
        return False
    return close_enough(task.matrix, result.point, result.bound, task.limits.gap)


def _decomposed(task: Task, planner: starts.Planner, result: Result, rounds: int | None = None) -> None:
    """The bound by items, where the matrix falls apart into items, and what it says of the whole columns."""
    if task.meaning is None or task.without("decomposition") or has_components(task.matrix, task.meaning):
        return  # levels tied by prices alone give a poor bound
    apart = Decomposition.of(task.matrix, task.meaning)
    if apart is None:
        return
    watch = task.watch
    watch.stage("bound by items")
    until = (1 - PRICED) * watch.left()

    def best_known() -> float | None:
        news = watch.news(planner.best.objective if planner.best else None)
        if news is not None:
            planner.adopt(judged(task.matrix, news))
        return planner.best.objective if planner.best else None

    guides = _Guides(watch)
    found = apart.ascend(
        best_known,
        lambda: watch.must_end() or (rounds is None and watch.left() < until),
        guides.hear,
        rounds,
    )
    if result.bound is None or found.bound > result.bound:
        result.bound, result.origin = found.bound, BY_ITEMS
    result.point = planner.best
    if math.isfinite(found.bound):
        watch.guidance(found.average)


class _Guides:
    """Hears of a bound that rises; passes a guide on once the bound has settled, and again now and then."""

    def __init__(self, watch: Watch):
        self._watch, self._round, self._mark, self._settled = watch, 0, -math.inf, False

    def hear(self, bound: float, average: Floats) -> None:
        self._watch.tick(None, bound, BY_ITEMS)
        self._round += 1
        if self._round % LOOK:
            return
        if self._settled or bound - self._mark < SETTLED * abs(bound):
            self._settled = True
            self._watch.guidance(average.copy())
        self._mark = bound


def _search(
    task: Task, planner: starts.Planner, result: Result, work: float | None = None, stale: int | None = None
) -> None:
    """Improve the best plan, until ``stale`` tries in a row gain nothing where that is given."""
    if task.without("search"):
        return
    watch = task.watch
    alone = task.limits.threads == 1
    search = Search(planner, task.meaning, task.limits, task.options, watch, counted=alone)
    if watch.guide is not None:
        watch.stage("plan to begin from")
        result.steps.append(slopes.promising(planner, watch.guide))
    watch.stage("search for better plans")
    result.steps.append(search.run(work, lambda: stale is not None and search.stale >= stale))
    result.point = planner.best


def _proved(task: Task, planner: starts.Planner, result: Result) -> None:
    """A mate whose search has dried up: search until it has, then branch and bound on the extended formulation."""
    small = task.meaning is not None and len(planner.whole) <= BRANCHED and not task.without("cuts")
    wide = extended(task.matrix, task.meaning) if small and task.meaning is not None else None
    if wide is None:
        _search(task, planner, result)
        return
    _search(task, planner, result, stale=DRY)
    if task.watch.must_end():
        return
    highs = Highs(wide, task.limits, task.options, task.watch, whole=True, columns=task.matrix.columns)
    if planner.best is not None:
        highs.begin_from(planner.best.x)
    task.watch.stage("branch and bound, extended")
    answer = highs.run(task.watch.left())
    result.steps.append(f"extended formulation: {answer.words.lower()}")
    if answer.x is not None:
        result.steps += _polished(planner, answer.x[: task.matrix.columns])
    result.bound, result.origin, result.point = answer.bound, BRANCHING_EXTENDED, planner.best


def _searched(task: Task, planner: starts.Planner, result: Result) -> Result:
    """A problem too large for branch and bound, whose bound is known: one more search for plans."""
    _search(task, planner, result)
    result.claim = "optimal" if _enough(task, result) else "time"
    return result


def search(task: Task) -> Result:
    """A mate's work: plans to begin from, better ones, until it is ended."""
    watch = task.watch
    planner = starts.Planner(task.matrix, task.limits, task.options, watch)
    result = Result("time")
    if task.given is not None:
        starts.given(planner, task.given)
    watch.stage("plan to begin from")
    planner.completed(task.matrix.lower[planner.whole])  # nothing begun: poor, but often a plan, and at once
    planner.highs.moot = lambda: watch.guide is not None
    answer = run_linear(planner.highs, watch.left())
    planner.highs.moot = lambda: False
    if answer.status == "optimal" and answer.x is not None:
        planner.first = answer.iterations
        starts.rounded(planner, answer.x[planner.whole])
        if not task.without("slopes"):
            slopes.scaled(planner, answer.x)
        if planner.best is None and watch.news(None) is None and not task.without("stretching"):
            watch.note(_stretched(task, planner, answer))
    if len(planner.whole) <= BRANCHED:
        _decomposed(task, planner, result)
    _proved(task, planner, result)
    return result


def _branched(task: Task, planner: starts.Planner, result: Result, nodes: int | None = None) -> Result:
    """Branch and bound from the best plan, then polishing; ``result`` holds what was known before."""
    watch = task.watch
    highs = Highs(task.matrix, task.limits, task.options, watch, whole=True)
    if planner.best is not None:
        highs.begin_from(planner.best.x)
    watch.stage("branch and bound")
    left = watch.left()
    answer = highs.run(left - min(0.25 * left, 0.05 + 1.5 * planner.seconds), nodes)
    result.claim, result.work = _claim(answer), nominal(answer.iterations, task.matrix)
    if answer.status != "limit":
        watch.finish(FINISH)
    if answer.bound is not None and (result.bound is None or answer.bound > result.bound):
        result.bound, result.origin = answer.bound, BRANCHING
    if answer.x is not None:
        result.steps += _polished(planner, answer.x)
    result.point = planner.best
    return result


def _polished(planner: starts.Planner, x: Floats) -> list[str]:
    """Fix the whole columns at what they mean and solve the rest again; says in words when that did not work."""
    columns = x[planner.whole]
    if planner.best is not None and np.array_equal(columns, planner.best.x[planner.whole]):
        return []
    point = planner.completed(np.round(columns))
    if point is not None and point.clean:
        return []
    above = np.ceil(columns - 1e-9)
    if not np.array_equal(above, np.round(columns)):
        point = planner.completed(above)
        if point is not None and point.clean:
            return ["polishing: fractions left by the solver rounded up"]
    if point is not None:
        return [f"polishing: a row is missed by {point.miss:.3g} of its size"]
    return ["polishing: no plan has the whole numbers of the solver's answer"]


def polish(task: Task) -> Result:
    """Make a clean plan of the given point, whose whole columns are nearly whole."""
    assert task.given is not None
    task.watch.stage("finishing")
    planner = starts.Planner(task.matrix, task.limits, task.options, task.watch)
    steps = _polished(planner, task.given)
    return Result("optimal" if planner.best else "abnormal: not polished", planner.best, steps=steps)


def check(task: Task) -> Result:
    """The relaxation alone. ``proof``: that it is infeasible follows from weights of its rows, by our own arithmetic."""
    task.watch.stage("second opinion")
    highs = relaxation(task.matrix, task.limits, task.options, task.watch)
    answer = run_linear(highs, task.watch.left())
    result = Result(_claim(answer))
    ray = highs.dual_ray() if answer.status == "infeasible" else None
    if ray is not None:
        costless = replace(task.matrix, cost=np.zeros(task.matrix.columns), offset=0.0)
        result.proof = max(safe_bound(costless, ray), safe_bound(costless, -ray)) > 0
    return result


TASKS = {"solve": solve, "search": search, "polish": polish, "check": check}
