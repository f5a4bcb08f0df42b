"""Plans from whole columns: the planner, slopes, and rows that are stretched where nothing else leads to a plan."""

from __future__ import annotations

import numpy as np
import pytest
from matrices import INF, lots, matrix
from trials import LIMITS, Ear, Problem, any_plan, least_cost, planner_of, rows_of

from equipoise.engine.matrix import Floats, Matrix
from equipoise.engine.points import judged, objective
from equipoise.engine.search import elastic, slopes
from equipoise.engine.search import start as starts
from equipoise.engine.search.start import Planner

# --------------------------------------------------------------------- slopes


def two_machines() -> Matrix:
    """10 wanted. A: 1 a unit, 100 to set up; B: 1.08 a unit, 50; both could make 1,000.

    A unit of A costs 1.1 by the relaxation and B 1.13: A, rounded up 110. B costs 60.8.
    """
    rows = [(-INF, [1, 0, -1000, 0], 0), (-INF, [0, 1, 0, -1000], 0), (10, [1, 1, 0, 0], INF)]
    return matrix([1, 1.08, 100, 50], rows, upper=[INF, INF, 1, 1], integer=[2, 3])


def relaxed(planner: Planner) -> Floats:
    x = planner.relaxed(lambda highs: None, lambda highs: None)
    assert x is not None
    return x


def test_slope_scaling_finds_what_rounding_misses() -> None:
    planner = planner_of(two_machines())
    x = relaxed(planner)
    starts.rounded(planner, x[planner.whole])
    assert planner.best is not None
    assert planner.best.objective == pytest.approx(110)
    assert slopes.scaled(planner, x).startswith("slope scaling: ")
    assert planner.best.objective == pytest.approx(60.8)
    assert least_cost(planner.matrix) == pytest.approx(60.8)


def test_gates_drawn_in_spread_cost_and_are_put_back() -> None:
    """A's gate at 10 instead of 1,000: a unit costs 1 + 100 / 10, so B (1.13) makes it all."""
    planner = planner_of(two_machines())
    x = relaxed(planner)
    drawn = slopes.Slopes(planner)
    drawn.draw_in(x)
    assert drawn.reach.tolist() == [10, 1000]
    again = drawn.relaxed()
    assert again is not None
    assert again == pytest.approx([0, 10, 0, 1])
    assert relaxed(planner) == pytest.approx(x), "the relaxation is as it was"
    assert drawn.relaxed(np.array([INF, INF, 1, 0])) == pytest.approx([10, 0, 1, 0]), "without the gate of B"


def test_the_guide_says_which_columns_to_round_up() -> None:
    planner = planner_of(two_machines())
    starts.rounded(planner, relaxed(planner)[planner.whole])
    assert planner.best is not None
    before = planner.best.objective
    slopes.promising(planner, np.array([np.nan, np.nan, 0.01, 0.9]))
    assert before == pytest.approx(110)
    assert planner.best.objective == pytest.approx(60.8)


@pytest.mark.parametrize("seed", range(3))
def test_slopes_leave_the_problem_as_it_is(seed: int) -> None:
    """What slope scaling and shaking change in the solver is put back: the same set-ups cost the same before and after."""
    m = lots(3, 4, seed=seed)
    planner = planner_of(m)
    x = any_plan(m, seed)
    before = planner.completed(x[m.integer])
    drawn = slopes.Slopes(planner)
    r = np.random.default_rng(seed)
    for _ in range(30):
        drawn.draw_in(x)
        drawn.shake(r, 1.0)
        drawn.relaxed()
    after = planner.completed(x[m.integer])
    assert before is not None and after is not None
    assert after.objective == pytest.approx(before.objective, rel=1e-9)
    assert (drawn.reach > 0).all()


# ------------------------------------------------------------- stretched rows


def test_stretching_adds_two_priced_columns_a_row() -> None:
    """x + y <= 8 (a machine), x + y >= 2, x - 4 z <= 0 has two entries and is not stretched: 80 for all of a limit."""
    rows = [(-INF, [1, 1, 2], 8), (2, [1, 1, 1], INF), (-INF, [1, 0, -4], 0), (3, [1, 1, 0], 3)]
    m = matrix([1, 2, 5], rows, upper=[INF, INF, 1], integer=[2])
    chosen = elastic.stretchable(m)
    assert chosen.tolist() == [0, 1]
    wide = elastic.stretched(m, chosen, 80.0)
    assert wide.columns == 3 + 4
    assert wide.cost.tolist() == [1, 2, 5, 10, 40, 10, 40]
    assert not wide.integer[3:].any()
    assert wide.upper[3:].tolist() == [0, INF, INF, 0], (
        "only what helps: to add to a row with a least, to take off a most"
    )
    x = np.array([6, 7, 1, 0, 0, 7, 0])
    assert objective(wide, x) == pytest.approx(objective(m, x[:3]) + 7 * 10)
    assert (rows_of(wide) @ x).tolist() == [8, 14, 2, 13]


def tight_hours() -> Problem:
    """4 P and 5 Q wanted in period 2; a set-up takes 20 hours, a unit 1; 26 and 39.4 hours; keeping P costs 1, Q 2.

    The relaxation makes Q in period 2 (25 hours) and 0.6 of P beside it (14.4), 0.4 in period 1. Rounded up, two set-ups
    do not fit into period 2, to the nearest neither, down nothing makes P. A plan makes P in period 1: 4.
    """
    return Problem.of(
        {
            "settings": {"periods": 2, "shortage": "forbidden"},
            "items": {"item": ["P", "Q"], "holding_cost": [1, 2]},
            "demand": {"item": ["P", "Q"], "period": "2", "quantity": [4, 5]},
            "recipes": {"recipe": ["mP", "mQ"], "item": ["P", "Q"]},
            "resources": {"resource": "L"},
            "calendar": {"resource": "L", "period": ["1", "2"], "capacity": [26, 39.4]},
            "operations": {"recipe": ["mP", "mQ"], "resource": "L", "hours": 1, "setup_hours": 20},
        }
    )


def test_stretching_finds_a_plan_where_rounding_finds_none() -> None:
    problem = tight_hours()
    ear = Ear(20)
    planner = Planner(problem.matrix, LIMITS, {}, ear)
    x = relaxed(planner)
    starts.rounded(planner, x[planner.whole])
    assert planner.best is None
    words = elastic.first_plan(planner, problem.meaning, x[planner.whole], 100.0, work=5.0)
    assert words.startswith("stretched rows: ")
    assert words.endswith("found a plan")
    assert planner.best is not None
    assert planner.best.clean
    assert planner.best.objective == pytest.approx(4)
    assert [cost for _, cost in ear.heard.plans] == [planner.best.objective], "stretched plans are told to nobody"
    assert problem.audited(planner.best.x, planner.best.objective).passed


def test_a_guide_of_the_plan_s_columns_serves_where_rows_are_stretched() -> None:
    problem = tight_hours()
    ear = Ear(20)
    ear.guide = np.zeros(problem.matrix.columns)
    planner = Planner(problem.matrix, LIMITS, {}, ear)
    x = relaxed(planner)
    elastic.first_plan(planner, problem.meaning, x[planner.whole], 100.0, work=5.0)
    assert planner.best is not None
    quiet = elastic.Quiet(ear, 3)
    assert quiet.guide is not None
    assert np.isnan(quiet.guide).tolist() == [False] * problem.matrix.columns + [True] * 3
    assert quiet.guide is quiet.guide
    ear.guide = None
    assert quiet.guide is None


def test_stretched_columns_are_of_the_period_of_their_row() -> None:
    problem = tight_hours()
    rows = elastic.stretchable(problem.matrix)
    wide = elastic._widened(problem.meaning, rows)
    assert wide is not None
    n, k = problem.matrix.columns, len(rows)
    assert wide.columns.period[n:].tolist() == 2 * problem.meaning.rows.period[rows].tolist()
    assert set(wide.columns.item[n:].tolist()) == {-1}
    assert wide.columns.kinds[wide.columns.kind[-1]] == "stretch"
    assert len(wide.columns.kind) == n + 2 * k
    assert wide.columns.of_kind("setup").tolist() == problem.meaning.columns.of_kind("setup").tolist()


# -------------------------------------------------------------------- planner


def lots_and_gates() -> Matrix:
    """23 wanted in lots of 5 at 4 each, or bought at 2 a unit; a set-up costs 3 and allows 6 lots."""
    rows = [(23, [5, 1, 0], INF), (-INF, [1, 0, -6], 0)]
    return matrix([4, 2, 3], rows, upper=[10, INF, 1], integer=[0, 2])


def test_a_planner_completes_clips_and_remembers_the_best() -> None:
    ear = Ear(20)
    planner = Planner(lots_and_gates(), LIMITS, {}, ear)
    assert planner.mixed
    poor = planner.completed(np.array([2.0, 1.0]))
    assert poor is not None
    assert poor.x.tolist() == [2, 13, 1]
    assert poor.objective == 37
    better = planner.completed(np.array([4.2, 3.0]))
    assert better is not None
    assert better.x.tolist() == [4, 3, 1], "rounded and clipped"
    assert planner.best is better
    assert planner.completed(np.array([1.0, 1.0])) is not None
    assert planner.best is better
    assert [cost for _, cost in ear.heard.plans] == [37, 25]
    assert planner.completed(np.array([4.0, 0.0])) is None, "lots without a set-up"
    assert planner.best.objective == 25


def test_a_planner_finds_what_is_not_said() -> None:
    planner = planner_of(lots_and_gates())
    free = planner.completed(np.array([np.nan, 1.0]))
    assert free is not None
    assert free.x.tolist() == [5, 0, 1], "relaxed 4.6, rounded up"
    counted = planner.counted(np.array([np.nan, 1.0]))
    assert counted is not None
    assert counted.clean
    assert planner.counted(np.array([np.nan, np.nan])) is None
    assert starts.given(planner, np.array([4.0, np.nan, 1.0])).startswith(
        "the plan to begin from that was given is worth 25"
    )
    assert "cannot be completed" in starts.given(planner_of(infeasible()), np.array([0.0, 0.0]))


def infeasible() -> Matrix:
    """a + b >= 3 of two yes-or-no columns."""
    return matrix([1, 1], [(3, [1, 1], INF)], upper=[1, 1], integer=[0, 1])


def test_an_adopted_plan_is_clean_and_better_and_told_to_nobody() -> None:
    ear = Ear(20)
    planner = Planner(lots_and_gates(), LIMITS, {}, ear)
    assert not planner.adopt(judged(planner.matrix, np.array([0.0, 0.0, 0.0])))
    assert planner.adopt(judged(planner.matrix, np.array([5.0, 0.0, 1.0])))
    assert not planner.adopt(judged(planner.matrix, np.array([5.0, 1.0, 1.0])))
    assert ear.heard.plans == []
