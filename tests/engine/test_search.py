"""The search in parts: cutting out, choosing, pay-off, slopes, stretched rows, and plans from whole columns."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from matrices import INF, lots, matrix
from trials import Ear, Problem, least_cost

from equipoise.engine import start as starts
from equipoise.engine.matrix import Flags, Floats, Limits, Matrix
from equipoise.engine.points import judged, objective
from equipoise.engine.search import elastic, payoff, shapes, slopes
from equipoise.engine.search.improve import Search
from equipoise.engine.search.payoff import Way
from equipoise.engine.search.slices import Slicer
from equipoise.engine.start import Planner

LIMITS = Limits(time_limit=20, gap=0.0)


def planner_of(m: Matrix, seconds: float = 20) -> Planner:
    return Planner(m, LIMITS, {}, Ear(seconds))


def any_plan(m: Matrix, seed: int) -> Floats:
    """A plan with random set-ups."""
    planner = planner_of(m)
    whole = np.random.default_rng(seed).integers(0, 2, int(m.integer.sum())).astype(float)
    point = planner.completed(whole)
    assert point is not None
    assert point.clean
    return point.x


# ---------------------------------------------------------------------- parts


@pytest.mark.parametrize("seed", range(4))
def test_a_part_has_the_rows_the_limits_and_the_costs_of_the_whole(seed: int) -> None:
    m = lots(3, 4, seed=seed)
    r = np.random.default_rng(seed)
    x = any_plan(m, seed)
    slicer = Slicer(m)
    free = r.random(m.columns) < 0.4
    part = slicer.cut(free, x, m.lower, m.upper)
    p, rows = part.matrix, slicer.rows_of(part.columns)
    assert part.columns.tolist() == np.flatnonzero(free).tolist()
    assert p.rows == len(rows)
    assert judged(p, x[part.columns]).miss == 0, "the plan known is feasible in every part of it"
    for _ in range(5):
        other = x.copy()
        other[part.columns] = r.uniform(0, 50, len(part.columns))
        gain = objective(p, other[part.columns]) - objective(p, x[part.columns])
        assert gain == pytest.approx(objective(m, other) - objective(m, x), abs=1e-6)
        for limit, whole in ((p.row_lower, m.row_lower), (p.row_upper, m.row_upper)):
            finite = np.isfinite(whole[rows])
            room = (limit - p.activity(other[part.columns]))[finite]
            assert room == pytest.approx((whole - m.activity(other))[rows][finite], abs=1e-6)
            assert np.isinf(limit[~finite]).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_best_of_a_part_is_the_best_with_all_else_fixed(seed: int) -> None:
    m = lots(3, 4, seed=seed)
    x = any_plan(m, seed)
    free = ~m.integer | (np.random.default_rng(seed).random(m.columns) < 0.5)
    part = Slicer(m).cut(free, x, m.lower, m.upper)
    fixed = replace(m, lower=np.where(free, m.lower, x), upper=np.where(free, m.upper, x))
    rest = objective(m, np.where(free, 0.0, x))
    assert least_cost(part.matrix) + rest == pytest.approx(least_cost(fixed), rel=1e-9)


def test_a_part_forgives_what_the_plan_misses_by_a_rounding() -> None:
    """a + b + c >= 10 at 9.9999999: the part of a and b asks for what they have, no more; a limit moves out as far."""
    m = matrix([1, 1, 1], [(10, [1, 1, 1], INF)], upper=[4, 4, 4])
    x = np.array([3.9999999, 2.0, 4.0])
    part = Slicer(m).cut(np.array([True, True, False]), x, m.lower, np.array([3.9, 4.0, 4.0]))
    p = part.matrix
    assert p.row_lower.tolist() == [x[0] + x[1]]
    assert p.upper.tolist() == [x[0], 4.0]
    assert p.row_upper.tolist() == [INF]


# --------------------------------------------------------------------- shapes


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


@pytest.fixture(scope="module")
def levels() -> Problem:
    return two_levels()


def test_the_shapes_of_a_case_with_lines_and_components(levels: Problem) -> None:
    drawn = shapes.Map(levels.matrix, levels.meaning, Slicer(levels.matrix)).shapes()
    assert set(drawn) == {
        "items of a resource",
        "window",
        "window of a resource",
        "product and components",
        "mix of items",
    }


@pytest.mark.parametrize("want", [1, 3, 6, 500])
def test_what_a_shape_chooses_is_whole_and_enough(levels: Problem, want: int) -> None:
    m = levels.matrix
    where = shapes.Map(m, levels.meaning, Slicer(m))
    r = np.random.default_rng(want)
    for (name, draw), _ in itertools.product(where.shapes().items(), range(8)):
        open_ = where.whole & (r.random(m.columns) < 0.8)
        chosen = draw(r, open_, want)
        assert not (chosen & ~where.whole).any()
        most = reachable(name, where, open_)
        assert (chosen & open_).sum() >= min(want, most), name
        assert not (where.with_rest(chosen) & m.integer & ~chosen).any()
        assert (where.with_rest(chosen) & chosen).sum() == chosen.sum()


def reachable(name: str, where: shapes.Map, open_: Flags) -> int:
    """Open columns that a shape can reach wherever it begins."""
    by_item = np.bincount(where.item[open_], minlength=where.items)
    everything = int(open_.sum())
    if "resource" in name:
        return min(int(by_item[g].sum()) for g in where.groups)
    if "components" in name:
        return min(int(by_item[[i, *where.kin[i]]].sum()) for i in range(where.items) if by_item[i])
    return everything


def test_a_window_is_periods_in_a_row_and_a_resource_its_own_items(levels: Problem) -> None:
    m = levels.matrix
    where = shapes.Map(m, levels.meaning, Slicer(m))
    drawn, r = where.shapes(), np.random.default_rng(3)
    label = {where.item[j]: index[0] for j, (kind, index) in enumerate(levels.compiled.columns) if kind == "setup"}
    for _ in range(10):
        window = drawn["window"](r, where.whole, 5)
        periods = np.unique(where.period[window])
        assert np.all(np.diff(periods) == 1)
        assert window.sum() == 4 * len(periods) == 8, "two periods of four set-ups hold five"
        line = {label[i] for i in np.unique(where.item[drawn["items of a resource"](r, where.whole, 8)])}
        assert line == {"mP", "mQ"}
        chain = {label[i] for i in np.unique(where.item[drawn["product and components"](r, where.whole, 8)])}
        assert chain == {"mP", "mC"} or len(chain) == 1, "Q and R have no kin"


def test_items_are_taken_until_there_are_enough(levels: Problem) -> None:
    """Four set-ups an item: 5 wanted take two items, 4 take one."""
    m = levels.matrix
    where = shapes.Map(m, levels.meaning, Slicer(m))
    mix, r = where.shapes()["mix of items"], np.random.default_rng(0)
    assert {int(mix(r, where.whole, 4).sum()) for _ in range(5)} == {4}
    assert {int(mix(r, where.whole, 5).sum()) for _ in range(5)} == {8}


def test_in_a_large_matrix_only_what_is_near_moves_along(levels: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    m = levels.matrix
    monkeypatch.setattr(shapes, "SMALL", 0)
    monkeypatch.setattr(shapes, "AROUND", 1)
    where = shapes.Map(m, levels.meaning, Slicer(m))
    names = levels.compiled.columns
    first = names.index(("setup", ("mP", "1")))
    chosen = np.zeros(m.columns, bool)
    chosen[first] = True
    free = {names[j] for j in np.flatnonzero(where.with_rest(chosen))}
    periods = {index[-1] for _, index in free}
    assert periods == {"1", "2"}
    assert {kind for kind, _ in free} >= {"setup", "make", "stock", "serve"}
    assert {index[0] for kind, index in free if kind == "stock"} == {"P"}


def test_without_meaning_columns_that_share_rows_go_together() -> None:
    """Two knapsacks that share nothing: a part lies in one of them."""
    rows = [(-INF, [3, 4, 2, 0, 0, 0], 5), (-INF, [0, 0, 0, 3, 4, 2], 5)]
    m = matrix([-1] * 6, rows, upper=[1] * 6, integer=range(6))
    where = shapes.Map(m, None, Slicer(m))
    drawn, r = where.shapes(), np.random.default_rng(0)
    assert set(drawn) == {"columns that share rows"}
    for _ in range(10):
        chosen = np.flatnonzero(drawn["columns that share rows"](r, where.whole, 3))
        assert chosen.tolist() in ([0, 1, 2], [3, 4, 5])
    nothing = np.zeros(6, bool)
    assert not drawn["columns that share rows"](r, nothing, 3).any()


# -------------------------------------------------------------------- pay-off


def test_ways_grow_where_parts_are_quick_and_shrink_where_they_stay_open() -> None:
    way = Way("window", 0.1, 100.0)
    way.learn(gain=5, work=0.1, target=1, gap=0)
    assert (way.size, way.payoff, way.tries) == (150, 50, 1)
    way.learn(gain=0, work=0.3, target=1, gap=0)
    assert way.size == pytest.approx(180)
    assert way.payoff == pytest.approx(50 * (1 - payoff.FORGET))
    way.learn(gain=0, work=0.9, target=1, gap=0)
    assert way.size == pytest.approx(180)
    way.learn(gain=0, work=1, target=1, gap=0.5)
    assert way.size == pytest.approx(108)
    for _ in range(30):
        way.learn(0, 1, 1, 0.5)
    assert way.size == payoff.LEAST
    for _ in range(60):
        way.learn(0, 0.01, 1, 0)
    assert way.size == payoff.MOST


def test_what_paid_is_chosen_more_often_after_every_way_was_tried() -> None:
    r = np.random.default_rng(1)
    ways = [Way(name, 0.1, 40) for name in ("good", "poor", "none")]
    gains = {"good": 100.0, "poor": 10.0, "none": 0.0}
    seen = set()
    for _ in ways:
        way = payoff.choose(ways, r)
        seen.add(way.shape)
        way.learn(gains[way.shape], 1, 1, 0)
    assert seen == set(gains)
    picks = [payoff.choose(ways, r).shape for _ in range(1_000)]
    assert picks.count("good") > 5 * picks.count("poor") > 0
    assert picks.count("none") > 0, "curiosity"
    for way in ways:
        way.payoff = 0.0
    assert {payoff.choose(ways, r).shape for _ in range(100)} == set(gains)


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
    assert wide.activity(x).tolist() == [8, 14, 2, 13]


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
    words = elastic.first_plan(planner, problem.meaning, LIMITS, {}, ear, x[planner.whole], 100.0, work=5.0)
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
    elastic.first_plan(planner, problem.meaning, LIMITS, {}, ear, x[planner.whole], 100.0, work=5.0)
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
    wide = elastic._widened(problem.meaning, rows, 2)
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


# ----------------------------------------------------------------- the search


def searched(problem: Problem, work: float, guide: Floats | None = None, until: float = -INF) -> tuple[Search, Ear]:
    """A search from a set-up of everything in every period, done when so much work was counted or a plan costs ``until``."""
    ear = Ear(60)
    planner = Planner(problem.matrix, LIMITS, {}, ear)
    planner.completed(np.ones(len(planner.whole)))
    search = Search(planner, problem.meaning, LIMITS, {}, ear, counted=True)
    if guide is not None:
        search.follow(guide)
    search.run(work, lambda: planner.best is not None and planner.best.objective <= until)
    return search, ear


@pytest.fixture(scope="module")
def optimum(levels: Problem) -> float:
    return least_cost(levels.matrix)


def test_the_search_reaches_the_optimum_from_the_worst_plan(levels: Problem, optimum: float) -> None:
    """Each plan it tells of is cheaper than the last, and all are clean."""
    search, ear = searched(levels, 5.0, until=optimum + 1e-6)
    told = [cost for _, cost in ear.heard.plans]
    assert told == sorted(told, reverse=True)
    assert all(judged(levels.matrix, x).clean for x, _ in ear.heard.plans)
    assert told[-1] == pytest.approx(optimum, rel=1e-6)
    assert search.gains > 0


@pytest.mark.parametrize("promise", [0.0, np.nan])
def test_a_guide_that_is_wrong_or_holds_nothing_costs_no_optimum(
    levels: Problem, optimum: float, promise: float
) -> None:
    _, ear = searched(levels, 5.0, np.full(levels.matrix.columns, promise), until=optimum + 1e-6)
    assert ear.heard.plans[-1][1] == pytest.approx(optimum, rel=1e-6)


def test_a_search_without_a_plan_says_so(levels: Problem) -> None:
    ear = Ear(20)
    search = Search(Planner(levels.matrix, LIMITS, {}, ear), levels.meaning, LIMITS, {}, ear, counted=True)
    assert search.run(1.0) == "search: no plan to improve"


def test_the_same_seed_takes_the_same_way(levels: Problem) -> None:
    first, second = (searched(levels, 0.3)[1].heard.plans for _ in range(2))
    assert [cost for _, cost in first] == [cost for _, cost in second]
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(first, second, strict=True))
