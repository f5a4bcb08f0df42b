"""What a child can be asked to do: solve a matrix, polish a plan, check the relaxation of a matrix called infeasible."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from equipoise.engine import start as starts
from equipoise.engine.dual_bound import safe_bound
from equipoise.engine.highs import Answer, Highs, relaxation, run_linear
from equipoise.engine.matrix import Floats, Limits, Matrix
from equipoise.engine.meaning import Meaning
from equipoise.engine.points import Point, judged
from equipoise.engine.progress import Watch
from equipoise.engine.verdict import close_enough
from equipoise.engine.wire import Frame

SURE = 1e-6
"""Relative distance between an optimum and the bound that its duals prove, at which the bound is good enough to state."""
FINISH = 8.0
"""Seconds for polishing, on top of the limit if need be."""

BRANCHING = "branch and bound of HiGHS"
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


@dataclass(eq=False)
class Result:
    """What a child found: the solver's ``claim``, the best plan, a bound and where it comes from, and steps in words."""

    claim: str
    point: Point | None = None
    bound: float | None = None
    origin: str = ""
    steps: list[str] = field(default_factory=list)
    proof: bool = False

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
    """Relaxation, plans to begin from, branch and bound, polishing."""
    planner = starts.Planner(task.matrix, task.limits, task.options, task.watch)
    steps = []
    if task.given is not None and task.matrix.integer.any():
        task.watch.stage("plan to begin from")
        steps.append(starts.given(planner, task.given))
    task.watch.stage("linear relaxation" if task.matrix.integer.any() else "linear programme")
    answer = run_linear(planner.highs, task.watch.left())
    if answer.status != "optimal" or answer.x is None:
        return _unfinished(task, planner, answer, steps)
    if not task.matrix.integer.any():
        return _linear(task, answer, steps)
    return _whole(task, planner, answer, steps)


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


def _whole(task: Task, planner: starts.Planner, relaxed: Answer, steps: list[str]) -> Result:
    assert relaxed.x is not None
    watch, columns = task.watch, relaxed.x[planner.whole]
    watch.tick(None, relaxed.objective)
    planner.first = relaxed.iterations
    watch.stage("plan to begin from")
    for more in (starts.rounded, starts.scaled):
        steps.append(more(planner, columns))
        best = planner.best
        bound, origin = relaxed_bound(task.matrix, relaxed, best.objective if best else None)
        if best is not None and bound is not None and close_enough(task.matrix, best, bound, task.limits.gap):
            return Result("optimal", best, bound, origin, [*steps, "the relaxation proves the plan to begin from"])
    if watch.must_end():
        return Result("time", best, bound, origin, steps)
    return _branched(task, planner, Result("time", best, bound, origin, steps))


def _branched(task: Task, planner: starts.Planner, result: Result) -> Result:
    """Branch and bound from the best plan, then polishing; ``result`` holds what was known before."""
    watch = task.watch
    highs = Highs(task.matrix, task.limits, task.options, watch, whole=True)
    if planner.best is not None:
        highs.begin_from(planner.best.x)
    watch.stage("search")
    left = watch.left()
    answer = highs.run(left - min(0.25 * left, 0.05 + 1.5 * planner.seconds))
    result.claim = _claim(answer)
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


TASKS = {"solve": solve, "polish": polish, "check": check}
