"""What a child can be asked to do: solve a matrix or its blocks, look for plans beside that, polish a plan, check a relaxation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from equipoise.engine.child.bundle import blocks
from equipoise.engine.child.proving import solve
from equipoise.engine.child.task import Result, Task, claim_of, polished
from equipoise.engine.dual_bound import safe_bound
from equipoise.engine.highs import relaxation, run_linear
from equipoise.engine.search import start as starts


def polish(task: Task) -> Result:
    """Make a clean plan of the given point, whose whole columns are nearly whole."""
    assert task.given is not None
    task.watch.stage("finishing")
    planner = starts.Planner(task.matrix, task.limits, task.options, task.watch)
    steps = polished(planner, task.given)
    return Result("optimal" if planner.best else "abnormal: not polished", planner.best, steps=steps)


def check(task: Task) -> Result:
    """The relaxation alone. ``proof``: that it is infeasible follows from weights of its rows, by our own arithmetic."""
    task.watch.stage("second opinion")
    highs = relaxation(task.matrix, task.limits, task.options, task.watch)
    answer = run_linear(highs, task.watch.left())
    result = Result(claim_of(answer))
    ray = highs.dual_ray() if answer.status == "infeasible" else None
    if ray is not None:
        costless = replace(task.matrix, cost=np.zeros(task.matrix.columns), offset=0.0)
        result.proof = max(safe_bound(costless, ray), safe_bound(costless, -ray)) > 0
    return result


def search(task: Task, guided: bool = False) -> Result:
    """Look for plans beside the main child; ``guided``: the bound by items, too."""
    from equipoise.engine.child import seeking  # with scipy: children that do not search are spared it

    return seeking.search(task, guided)


def guided_search(task: Task) -> Result:
    """The same with the bound by items: one mate is enough for it."""
    return search(task, guided=True)


TASKS = {
    "solve": solve,
    "blocks": blocks,
    "search": search,
    "guided search": guided_search,
    "polish": polish,
    "check": check,
}
