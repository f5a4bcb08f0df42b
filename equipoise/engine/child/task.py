"""What a child is given and what it gives back, and how a solver's answer becomes a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from equipoise.engine.child.progress import Watch
from equipoise.engine.highs import BRANCHING, Answer
from equipoise.engine.matrix import Floats, Limits, Matrix, Technique
from equipoise.engine.meaning import Meaning
from equipoise.engine.points import Point
from equipoise.engine.search import start as starts
from equipoise.engine.verdict import close_enough
from equipoise.engine.wire import Frame

BRANCHED = 5_000
"""With more whole columns, and a bound by items, the main child searches instead of branching."""


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


@dataclass(frozen=True, eq=False)
class Form:
    """A problem as branch and bound is given it: the matrix (columns of the plan first), where bounds from it come from,
    options of HiGHS that suit it, and what its stage is called."""

    matrix: Matrix
    origin: str = BRANCHING
    options: Mapping[str, Any] = field(default_factory=dict)
    stage: str = "branch and bound, closer form"

    @classmethod
    def plain(cls, matrix: Matrix) -> Form:
        """The problem as it is."""
        return cls(matrix, stage="branch and bound")


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
            "bound": self.bound,
            "origin": self.origin,
            "steps": self.steps,
            "proof": self.proof,
        }
        return Frame("result", words, {"x": self.point.x} if self.point else {})


def claim_of(answer: Answer) -> str:
    return f"abnormal: {answer.words}" if answer.status == "abnormal" else answer.status


def enough(task: Task, result: Result) -> bool:
    """The bound proves the plan to the asked gap."""
    if result.point is None or result.bound is None:
        return False
    return close_enough(task.matrix, result.point, result.bound, task.limits.gap)


def polished(planner: starts.Planner, x: Floats) -> list[str]:
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


def nominal(iterations: int, matrix: Matrix, branching: bool = True) -> float:
    """Seconds that so many simplex iterations take on a machine of our imagination: the same on every machine.

    ``branching``: those of branch and bound, with all that goes on between them. Measured with HiGHS 1.15.1 on shared
    lines: 1.3e-4 seconds an iteration with 770 entries, 1.9e-4 with 1,600, 4.2e-4 with 4,800, about 9e-4 from 11,000 on.
    """
    each = min(9e-4, 8e-5 + 7e-8 * matrix.entries) if branching else 8e-5 + 1e-9 * matrix.entries
    return 0.02 + 2e-6 * matrix.entries + iterations * each
