"""Cases taken apart into items, and their optimum by other means."""

from __future__ import annotations

import functools
import io
import itertools
import math

import numpy as np
from drawn_lots import Tables, drawn
from trials import Problem

from equipoise.engine.child.progress import Watch
from equipoise.engine.compile import Compiled
from equipoise.engine.highs import Highs
from equipoise.engine.items.decompose import Ascent, Decomposition
from equipoise.engine.matrix import Limits, Matrix
from equipoise.engine.meaning import Meaning
from equipoise.errors import DataError


def read(tables: Tables) -> tuple[Matrix, Meaning, Compiled]:
    problem = Problem.of(tables)
    return problem.matrix, problem.meaning, problem.compiled


def apart(tables: Tables) -> tuple[Matrix, Decomposition]:
    matrix, meaning, _ = read(tables)
    found = Decomposition.of(matrix, meaning)
    assert found is not None
    return matrix, found


def optimum(matrix: Matrix, whole: bool = True) -> float:
    limits = Limits(time_limit=30.0, gap=0.0)
    answer = Highs(matrix, limits, {}, Watch(io.BytesIO(), 60.0), whole=whole).run(30.0)
    if answer.status == "infeasible":
        return math.inf
    assert answer.status == "optimal" and answer.objective is not None
    return answer.objective


def raised(found: Decomposition, rounds: int) -> Ascent:
    return found.ascend(lambda: None, lambda: False, lambda bound, average: None, rounds)


def cheapest_pattern(matrix: Matrix) -> float:
    """The optimum by trying every pattern of set-ups: a linear programme for each."""
    gates = np.flatnonzero(matrix.integer).astype(np.int32)
    highs = Highs(matrix, Limits(30.0, 0.0), {}, Watch(io.BytesIO(), 60.0), whole=False)
    best = math.inf
    for pattern in itertools.product((0.0, 1.0), repeat=len(gates)):
        fixed = np.array(pattern)
        highs.fix(gates, fixed, fixed)
        answer = highs.run(10.0)
        if answer.objective is not None:
            best = min(best, answer.objective)
    return best


@functools.cache
def all_drawn() -> list[tuple[Matrix, Decomposition, float]]:
    """Random cases that fall apart into items, with their optimum."""
    found = []
    for seed in range(60):
        try:
            matrix, meaning, _ = read(drawn(seed))
        except DataError:  # a source that could earn without end
            continue
        pieces = Decomposition.of(matrix, meaning)
        if pieces is not None and math.isfinite(best := optimum(matrix)):
            found.append((matrix, pieces, best))
    assert len(found) > 40
    return found
