"""Problems to try the engine on: a case as a matrix, its least cost by other means, and children run within the test."""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from cases import case as make_case
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from equipoise import solve
from equipoise.audit import audit
from equipoise.case import Case
from equipoise.engine.child.progress import Watch
from equipoise.engine.child.task import Task
from equipoise.engine.compile import Compiled
from equipoise.engine.matrix import Floats, Limits, Matrix, Outcome
from equipoise.engine.meaning import Meaning
from equipoise.engine.parent import talks
from equipoise.engine.prepare import prepared
from equipoise.engine.search.start import Planner
from equipoise.engine.wire import Frame
from equipoise.model import Build
from equipoise.plan import AuditReport


@dataclass(frozen=True, eq=False)
class Problem:
    """A case, its model, and what the engine is given of it."""

    case: Case
    build: Build
    compiled: Compiled
    matrix: Matrix
    meaning: Meaning

    @staticmethod
    def of(tables: Mapping[str, Any]) -> Problem:
        return Problem.of_case(make_case(**tables))

    @staticmethod
    def of_case(case: Case) -> Problem:
        ready = solve.prepare(case)
        return Problem(case, ready.build, ready.compiled, prepared(ready.compiled.matrix), ready.meaning)

    def audited(self, x: Floats, cost: float) -> AuditReport:
        """The audit of the tables that a planner would see of a plan."""
        outcome = Outcome("stopped", x, cost, None, "", 0.0)
        options = solve.Options(time_limit=1, gap=0, threads=1, seed=0)
        plan = solve._plan(self.case, self.build, self.compiled, outcome, options)
        assert plan.objective is not None
        sense = -1 if self.build.profit else 1
        assert plan.objective * sense <= cost + 1e-9 * max(1.0, abs(cost)), (
            "what does nothing is taken back, never added"
        )
        return audit(self.case, plan.tables, plan.objective)


def rows_of(matrix: Matrix) -> csr_array:
    """The rows as a sparse matrix."""
    return csr_array((matrix.value, matrix.index, matrix.start), shape=(matrix.rows, matrix.columns))


def mates_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mates join the main child at once, whatever it has found."""
    starts = ("HEAD_START", "WIDE_START", "CLOSE_START", "STRONG_HEAD_START", "STRONG_CLOSE_START", "UNNAMED_START")
    for name in starts:
        monkeypatch.setattr(talks, name, 0.0)


def least_cost(matrix: Matrix) -> float:
    """The optimum by SciPy's HiGHS to gap 0, its whole numbers fixed and the rest solved again."""
    a = rows_of(matrix)
    rule = LinearConstraint(a, matrix.row_lower, matrix.row_upper)
    found = milp(
        matrix.cost,
        integrality=matrix.integer.astype(int),
        bounds=Bounds(matrix.lower, matrix.upper),
        constraints=rule,
        options={"mip_rel_gap": 0.0},
    )
    assert found.status == 0, found.message
    cost = completed_cost(matrix, np.round(found.x[matrix.integer]))
    assert abs(cost - found.fun - matrix.offset) <= 1e-6 * max(1.0, abs(cost)), "whole numbers that leak"
    return cost


def completed_cost(matrix: Matrix, whole: Floats) -> float:
    """Least cost with these values of the whole columns, by SciPy; infinite where there is no plan."""
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[matrix.integer] = upper[matrix.integer] = whole
    a = rows_of(matrix)
    equal = matrix.row_lower == matrix.row_upper
    above, below = ~equal & np.isfinite(matrix.row_lower), ~equal & np.isfinite(matrix.row_upper)
    sides = csr_array(np.vstack([-a[above].toarray(), a[below].toarray()]))
    limits = np.concatenate([-matrix.row_lower[above], matrix.row_upper[below]])
    found = linprog(
        matrix.cost,
        A_ub=sides if len(limits) else None,
        b_ub=limits if len(limits) else None,
        A_eq=a[equal] if equal.any() else None,
        b_eq=matrix.row_lower[equal] if equal.any() else None,
        bounds=np.column_stack([lower, upper]),
    )
    return float(found.fun) + matrix.offset if found.status == 0 else np.inf


def least_by_trying(matrix: Matrix) -> float:
    """The optimum by trying all values of the whole columns."""
    ranges = [
        np.arange(low, high + 1)
        for low, high in zip(matrix.lower[matrix.integer], matrix.upper[matrix.integer], strict=True)
    ]
    return min(completed_cost(matrix, np.array(values)) for values in itertools.product(*ranges))


@dataclass(eq=False)
class Heard:
    """What a child told."""

    bounds: list[float] = field(default_factory=list)
    plans: list[tuple[Floats, float]] = field(default_factory=list)
    guide: Floats | None = None


class Ear(Watch):
    """A watch without a parent: keeps what it is told. ``parts``: an end is asked for after so many notes."""

    def __init__(self, seconds: float, parts: int | None = None):
        super().__init__(io.BytesIO(), seconds)
        self.heard = Heard()
        self._parts = parts

    def send(self, frame: Frame) -> None:
        bound = frame.words.get("bound")
        if bound is not None:
            self.heard.bounds.append(bound)
        if frame.kind == "point" and frame.words["clean"]:
            self.heard.plans.append((frame.arrays["x"], frame.words["own"]))
        if frame.kind == "guide":
            self.heard.guide = frame.arrays["guide"]

    def tick(self, objective: float | None, bound: float | None, origin: str = "") -> None:
        super().tick(objective, bound, origin)
        if bound is not None:
            self.heard.bounds.append(bound)

    def note(self, words: str) -> None:
        super().note(words)
        if self._parts is not None:
            self._parts -= 1
            if self._parts <= 0:
                self._stop.set()


def task(problem: Problem, limits: Limits, watch: Watch, given: Floats | None = None) -> Task:
    """A child's task, to be done within this process."""
    return Task(problem.matrix, limits, {}, given, watch, problem.meaning)


LIMITS = Limits(time_limit=20, gap=0.0)


def planner_of(matrix: Matrix) -> Planner:
    """A planner that tells nobody."""
    return Planner(matrix, LIMITS, {}, Ear(20))


def any_plan(matrix: Matrix, seed: int) -> Floats:
    """A plan with random yes-or-no columns."""
    whole = np.random.default_rng(seed).integers(0, 2, int(matrix.integer.sum())).astype(float)
    point = planner_of(matrix).completed(whole)
    assert point is not None
    assert point.clean
    return point.x


def two_levels() -> Problem:
    """P and Q on line L, R on line M; P is made of C, which a line K makes; four periods, set-ups everywhere."""
    items, periods = ["P", "Q", "R"], [str(t + 1) for t in range(4)]
    demand = [(i, t, 5 + n) for n, i in enumerate(items) for t in periods]
    made = [*items, "C"]
    return Problem.of(
        {
            "settings": {"periods": 4, "shortage": "lost"},
            "items": {"item": made, "holding_cost": 1, "lost_cost": [30, 30, 30, None]},
            "demand": dict(zip(("item", "period", "quantity"), map(list, zip(*demand, strict=True)), strict=True)),
            "recipes": {"recipe": [f"m{i}" for i in made], "item": made, "setup_cost": [20, 25, 15, 10]},
            "resources": {"resource": ["L", "M", "K"], "capacity": [30, 20, 20]},
            "operations": {"recipe": [f"m{i}" for i in made], "resource": ["L", "L", "M", "K"], "hours": 1},
            "components": {"recipe": "mP", "component": "C", "quantity": 1},
        }
    )
