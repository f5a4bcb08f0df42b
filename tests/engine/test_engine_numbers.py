"""The engine's own arithmetic: bounds from duals, cleaning, misses, verdicts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matrices import INF, lots, matrix
from scipy.optimize import linprog

from equipoise.engine.dual_bound import safe_bound
from equipoise.engine.matrix import Matrix
from equipoise.engine.points import Point, cleaned, judged, miss
from equipoise.engine.verdict import verdict


def solved(m: Matrix) -> tuple[float, np.ndarray]:
    """Optimum and row duals of a linear programme whose rows are all of the form >= lower, by scipy."""
    dense = np.zeros((m.rows, m.columns))
    dense[m.entry_rows, m.index] = m.value
    result = linprog(m.cost, -dense, -m.row_lower, bounds=np.column_stack([m.lower, m.upper]))
    return result.fun, -result.ineqlin.marginals


def random_cover(seed: int) -> Matrix:
    r = np.random.default_rng(seed)
    weights = r.uniform(0, 9, (6, 9)) * (r.random((6, 9)) < 0.6)
    rows = [(float(b), list(w), INF) for w, b in zip(weights, r.uniform(1, 50, 6), strict=True) if w.sum() > 1]
    return matrix(list(r.uniform(1, 9, 9)), rows, upper=[INF] * 5 + [40.0] * 4)


@pytest.mark.parametrize("seed", range(8))
def test_duals_prove_the_optimum_from_below(seed: int) -> None:
    m = random_cover(seed)
    optimum, duals = solved(m)
    bound = safe_bound(m, duals, cutoff=optimum * 2)
    assert optimum * (1 - 1e-9) <= bound <= optimum * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_any_weights_give_a_bound_that_is_true(seed: int) -> None:
    m = random_cover(seed)
    optimum, duals = solved(m)
    r = np.random.default_rng(seed)
    for _ in range(5):
        bound = safe_bound(m, duals * r.uniform(0, 1.5, len(duals)) + r.normal(0, 0.1, len(duals)), cutoff=optimum * 2)
        assert bound <= optimum * (1 + 1e-12)


def test_no_bound_where_a_column_has_no_limit() -> None:
    """cost 1 against weights that say 1.5: the more, the cheaper, as far as the weights know."""
    m = matrix([1], [(1, [1], INF)])
    assert safe_bound(m, np.array([0.5])) == pytest.approx(0.5)
    assert safe_bound(m, np.array([1.0])) == -math.inf, "1 - 1 is 0 only as far as rounding goes"
    assert safe_bound(m, np.array([1.0]), cutoff=10) == pytest.approx(1)
    assert safe_bound(m, np.array([1.5])) == -math.inf
    assert safe_bound(m, np.array([1.5]), cutoff=10) == pytest.approx(1.5 - 0.5 * 10, rel=1e-5)


def test_weights_against_a_side_without_limit_count_nothing() -> None:
    m = matrix([1], [(-INF, [1], 5)], lower=[2])
    assert safe_bound(m, np.array([7.0])) == pytest.approx(2)


def test_cleaning_rounds_sweeps_and_keeps_inside() -> None:
    m = matrix([1] * 5, lower=[0, 0, 1, 0, -INF], upper=[INF, 1, 1000, 3, INF], integer=[3])
    x = np.array([4e-10, 1 + 1e-7, 1000 - 1e-7, 2.9999998, -5.5])
    assert cleaned(m, x).tolist() == [0, 1, 1000, 3, -5.5]
    assert str(cleaned(m, np.array([-1e-12, 0, 1, 0, 0]))[0]) == "0.0"


def test_a_miss_is_measured_by_the_largest_figure_of_the_row() -> None:
    m = matrix([0, 0], [(1000, [1000, 1], INF), (0, [0, 1], 0.5)])
    assert miss(m, np.array([0.9, 0.0])) == pytest.approx(100 / 900)
    assert miss(m, np.array([1.0, 0.6])) == pytest.approx(0.1)
    assert miss(m, np.array([1.0, 0.5])) == 0
    assert miss(matrix([0], [(-INF, [1], INF)]), np.array([5.0])) == 0
    assert not judged(m, np.array([np.nan, 0.0])).clean


def test_the_cost_is_summed_without_loss() -> None:
    m = matrix([1e16, 1, -1e16], lower=[1, 1, 1], upper=[1, 1, 1])
    assert judged(m, np.ones(3)).objective == 1


def point(cost: float) -> tuple[Matrix, Point]:
    return matrix([cost]), Point(np.ones(1), cost, 0.0)


@pytest.mark.parametrize(
    ("cost", "bound", "gap", "status", "said"),
    [
        (100.0, 100.0, 1e-6, "optimal", 100.0),
        (100.0, 99.99995, 1e-6, "optimal", 99.99995),
        (100.0, 99.9, 1e-6, "stopped", 99.9),
        (100.0, 99.9, 1e-2, "within_gap", 99.9),
        (-100.0, -101.0, 0.02, "within_gap", -101.0),
        (0.0, -5e-10, 1e-6, "optimal", 0.0),
        (0.0, -0.1, 1e-6, "stopped", -0.1),
        (100.0, 100.00000001, 1e-6, "optimal", 100.0),
        (100.0, 100.00005, 1e-6, "optimal", 100.0),
        (100.0, 101.0, 1e-6, "stopped", None),
        (100.0, None, 1e-6, "stopped", None),
    ],
)
def test_the_status_follows_from_cost_and_bound(
    cost: float, bound: float | None, gap: float, status: str, said: float | None
) -> None:
    m, p = point(cost)
    found = verdict(m, p, bound, gap)
    assert found[:2] == (status, said)
    assert bool(found[2]) == (bound is not None and bound > cost + 1e-7)


def test_a_lot_sizing_bound_holds_with_columns_without_limit() -> None:
    """make and stock have no limit of their own; the plan that buys nothing gives them one."""
    m = lots(3, 4)
    assert np.isposinf(m.upper).sum() == 24
    worst = float((m.cost[24:36] * m.upper[24:36]).sum())
    weights = np.zeros(m.rows)
    assert safe_bound(m, weights, worst) == pytest.approx(0, abs=1e-6)
    weights[np.arange(0, 24, 2)] = 40.0
    assert safe_bound(m, weights, worst) <= worst
