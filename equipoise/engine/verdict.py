"""The status of a plan, from its cost and the bound: never from what a solver calls it."""

from __future__ import annotations

from equipoise.engine.matrix import PROVEN_GAP, Matrix, Status
from equipoise.engine.points import Point, gross

TRUST = 1e-6
"""A bound above the plan by up to this relative distance comes from the solver's tolerances; by more it is wrong."""


def dust(matrix: Matrix, point: Point) -> float:
    """Money below which a difference is rounding: 1e-9, and 1e-12 of all amounts added up."""
    return 1e-9 + 1e-12 * gross(matrix, point.x)


def relative_gap(cost: float, bound: float) -> float:
    """How far a bound lies below a plan, in parts of the plan's cost."""
    return max(0.0, cost - bound) / max(abs(cost), 1e-9)


def believable(matrix: Matrix, point: Point, bound: float) -> bool:
    """The bound lies above a plan by no more than rounding and the solver's tolerances explain; otherwise it is wrong.

    The tolerances work on all amounts, so that a small cost that is left of large ones is known less well.
    """
    return bound - point.objective <= TRUST * max(abs(point.objective), 1e-3 * gross(matrix, point.x)) + dust(
        matrix, point
    )


def close_enough(matrix: Matrix, point: Point, bound: float, gap: float) -> bool:
    """The bound proves the plan to the gap. One that is not to be believed proves nothing."""
    near = point.objective - bound <= gap * abs(point.objective) + dust(matrix, point)
    return near and believable(matrix, point, bound)


def verdict(matrix: Matrix, point: Point, bound: float | None, gap: float) -> tuple[Status, float | None, str]:
    """Status, bound (never above the plan's cost; None where there is none to trust), and words when it was moved.

    A plan that breaks a row is never more than the one that is there when time is over.
    """
    cost = point.objective
    if bound is None:
        return "stopped", None, ""
    words = ""
    if bound > cost:
        over = bound - cost
        if not believable(matrix, point, bound):
            return "stopped", None, f"the solver's bound {bound:.10g} lies above the plan and is not used"
        if over > 1e-9 * abs(cost) + dust(matrix, point):
            words = f"the solver's bound lay {over:.3g} above the plan, within its tolerances: taken as the plan's cost"
        bound = cost
    elif cost - bound <= dust(matrix, point):
        bound = cost
    if not point.clean:
        return "stopped", bound, words
    if close_enough(matrix, point, bound, PROVEN_GAP):
        return "optimal", bound, words
    return ("within_gap" if close_enough(matrix, point, bound, gap) else "stopped"), bound, words
