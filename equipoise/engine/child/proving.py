"""The main child's work: linear programmes, plans to begin from where it is alone, branch and bound, polishing.

The search is imported where it begins: with scipy it takes longer to import than a small problem to solve.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from equipoise.engine.child.progress import Watch
from equipoise.engine.child.task import BRANCHED, Form, Result, Task, claim_of, enough, nominal, polished
from equipoise.engine.dual_bound import safe_bound
from equipoise.engine.highs import Answer, Highs, run_linear
from equipoise.engine.matrix import MOST_CHILDREN, Limits, Matrix
from equipoise.engine.meaning import has_components
from equipoise.engine.pace import CLOSABLE, PATIENCE, POLISHING, TRIAL, TRIAL_LEAST
from equipoise.engine.points import judged
from equipoise.engine.search import start as starts

SURE = 1e-6
"""Relative distance between an optimum and the bound that its duals prove, at which the bound is good enough to state."""
FIRST_NODES = 200
"""Nodes after which a process on its own stops branching for a while and searches."""
ROUNDS = 400
"""Rounds of prices for the bound by items where work is counted."""
STRETCHED, SEARCHED, BRANCHING_SHARE = 0.2, 0.35, 0.3
"""Nominal seconds for a second of the time limit where work is counted: for a first plan by way of stretched rows, for the
search, for branch and bound after it."""

DUALS = "duals of the linear programme, summed with room for rounding"
STATED = "optimum of the linear programme as HiGHS states it"


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
    result = Result(claim_of(answer), planner.best, steps=steps)
    if task.given is not None and not np.isnan(task.given).any() and not task.matrix.integer.any():
        result.point = judged(task.matrix, task.given)
        result.point = result.point if result.point.clean else None
    if answer.status == "time" and answer.row_dual is not None:
        cutoff = result.point.objective if result.point else None
        bound = safe_bound(task.matrix, answer.row_dual, cutoff)
        if math.isfinite(bound):
            result.bound, result.origin = bound, DUALS
    return result


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
    """With mates that look for plans: a small problem is proven, a large one bounded by items and searched, too."""
    if len(planner.whole) <= BRANCHED:
        return _small(task, planner, result)
    if task.without("search"):
        return _branched(task, planner, result)
    from equipoise.engine.child.seeking import decomposed, improved

    decomposed(task, planner, result)
    if result.bound is None and not task.watch.must_end():
        return _branched(task, planner, result)
    planner.hear()
    if planner.best is None and not task.watch.must_end():
        first = _FirstPlan(task.watch)
        result = _branched(task, planner, result, trial=first)
        if not first.ended:
            return result
        result.claim = "time"
        planner.hear()
        if planner.best is None and not task.watch.must_end():  # the point was none that keeps every rule
            return _branched(task, planner, result)
    result.point = planner.best
    if not enough(task, result) and not task.watch.must_end():
        improved(task, planner, result)
    if enough(task, result):
        result.claim = "optimal"
    return result


def _small(task: Task, planner: starts.Planner, result: Result) -> Result:
    """Branch and bound on a trial; then search, where its gap is wide, and branch and bound on a closer form."""
    watch = task.watch
    if task.meaning is None or task.without("search"):
        return _branched(task, planner, result, threads=_threads(task))
    closes = not task.without("cuts")
    if closes and not has_components(task.matrix, task.meaning):
        watch.strong()
    trial = _Trial(watch, PATIENCE if closes else math.inf)
    result = _branched(task, planner, result, trial=trial)
    if not trial.ended or watch.must_end():
        return result
    from equipoise.engine.child.seeking import improved
    from equipoise.engine.search.improve import SOLO

    if trial.ended == "wide":
        improved(task, planner, result, until_dry=True, aside=len(planner.whole) <= SOLO)
    if enough(task, result):
        result.claim = "optimal"
    elif not watch.must_end():
        form = _closer(task, result)
        result = _branched(task, planner, result, form, _threads(task))
    return result


def _closer(task: Task, result: Result) -> Form:
    """The closer form; the problem as it is where memory does not hold it."""
    from equipoise.engine.child.forms import closer

    try:
        return closer(task)
    except MemoryError:
        result.steps.append("out of memory for a closer form")
        return Form.plain(task.matrix)


def _threads(task: Task) -> int:
    """Threads for one tree: all there are; one where another way was in trouble before."""
    return 1 if task.options else min(task.limits.threads, MOST_CHILDREN)


class _FirstPlan:
    """Asked in the middle of branch and bound: ended as soon as there is a plan that a search can begin from."""

    def __init__(self, watch: Watch):
        self._watch = watch
        self.ended = False

    def __call__(self) -> bool:
        self.ended = self.ended or self._watch.objective is not None or self._watch.news(None) is not None
        return self.ended


class _Trial:
    """Asked in the middle of branch and bound whether something else promises more; ``ended`` says why.

    "wide": the gap is wide after a fair trial. Settled once for all when the trial is over and a plan is known: without
    one there is nothing that a search could begin from. "slow": the gap can be closed, and ``patience`` (seconds) is over.
    """

    def __init__(self, watch: Watch, patience: float):
        self._watch = watch
        self._until = watch.left() - max(TRIAL_LEAST, TRIAL * watch.left())
        self._patience = watch.left() - patience
        self._settled = False
        self.ended: Literal["", "wide", "slow"] = ""

    def __call__(self) -> bool:
        left, gap = self._watch.left(), self._watch.gap
        if gap < math.inf and not self.ended:
            if left < self._until and not self._settled:
                self._settled = True
                self.ended = "wide" if gap > CLOSABLE else ""
            elif left < self._patience and gap <= CLOSABLE:
                self.ended = "slow"
        return bool(self.ended)


def _alone(task: Task, planner: starts.Planner, relaxed: Answer, steps: list[str]) -> Result:
    """One process: plans to begin from, branch and bound for a while where it may be enough, search, branch and bound.

    All but the last is measured by work, so that it takes the same way every time.
    """
    from equipoise.engine.child.seeking import decomposed, improved, stretched
    from equipoise.engine.search import slopes

    assert relaxed.x is not None
    watch, relaxed_x, columns = task.watch, relaxed.x, relaxed.x[planner.whole]
    watch.tick(None, relaxed.objective)
    planner.first = relaxed.iterations
    watch.stage("plan to begin from")
    result = Result("time", steps=steps)
    ways = [lambda: starts.rounded(planner, columns), lambda: slopes.scaled(planner, relaxed_x)]
    for way in ways[:1] if task.without("slopes") else ways:
        result.steps.append(way())
        best = result.point = planner.best
        result.bound, result.origin = relaxed_bound(task.matrix, relaxed, best.objective if best else None)
        if enough(task, result):
            result.steps.append("the relaxation proves the plan to begin from")
            result.claim = "optimal"
            return result
    nodes: int | None = None
    if task.meaning is None or task.without("search"):
        return _branched(task, planner, result)
    if len(planner.whole) <= BRANCHED:
        result = _branched(task, planner, result, nodes=FIRST_NODES)
        if result.claim != "limit":
            return result
        result.claim = "time"
        nodes = _nodes(task.limits, max(result.work, 0.01))
    decomposed(task, planner, result, ROUNDS)
    if planner.best is None and not task.without("stretching"):
        result.steps.append(stretched(task, planner, relaxed, STRETCHED * task.limits.time_limit))
    improved(task, planner, result, SEARCHED * task.limits.time_limit)
    if enough(task, result):
        result.claim = "optimal"
        return result
    if watch.must_end():
        return result
    result = _branched(task, planner, result, nodes=nodes)
    if result.claim == "time":
        result.steps.append("the clock ended the work: another run may end at another plan")
    if result.claim == "limit":
        result.claim = "time"
    return result


def _nodes(limits: Limits, work: float) -> int:
    """Nodes of branch and bound for the time limit, where the first ones took so much nominal work."""
    return max(FIRST_NODES, int(FIRST_NODES * BRANCHING_SHARE * limits.time_limit / work))


def _branched(
    task: Task,
    planner: starts.Planner,
    result: Result,
    form: Form | None = None,
    threads: int = 1,
    nodes: int | None = None,
    trial: _Trial | _FirstPlan | None = None,
) -> Result:
    """Branch and bound from the best plan, at most so many ``nodes`` and until a ``trial`` ends, then polishing.

    ``form``: of the problem; None: as it is. ``threads`` search one tree. ``result`` holds what was known before.
    """
    watch, columns = task.watch, task.matrix.columns
    form = form or Form.plain(task.matrix)
    options = {**form.options, **task.options}
    highs = Highs(
        form.matrix, task.limits, options, watch, whole=True, columns=columns, origin=form.origin, threads=threads
    )
    planner.hear()
    if planner.best is not None:
        highs.begin_from(planner.best.x)
    watch.stage(form.stage)
    left = watch.left()
    answer = highs.run(left - min(0.25 * left, 0.05 + 1.5 * planner.seconds), nodes, trial)
    result.claim, result.work = claim_of(answer), nominal(answer.iterations, task.matrix)
    if answer.status != "limit" and (trial is None or not trial.ended):
        watch.finish(POLISHING)
    if answer.bound is not None and (result.bound is None or answer.bound > result.bound):
        result.bound, result.origin = answer.bound, form.origin
    if answer.x is not None:
        result.steps += polished(planner, answer.x[:columns])
    result.point = planner.best
    return result
