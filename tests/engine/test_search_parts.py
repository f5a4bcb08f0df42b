"""The search in parts: cutting out, choosing what to cut out, pay-off, and the loop over them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from matrices import INF, lots, matrix
from trials import LIMITS, Ear, Problem, any_plan, least_cost, rows_of, two_levels

from equipoise.engine.matrix import Flags, Floats
from equipoise.engine.points import judged, objective
from equipoise.engine.search import payoff, shapes
from equipoise.engine.search.improve import Search
from equipoise.engine.search.payoff import Way
from equipoise.engine.search.slices import Slicer
from equipoise.engine.search.start import Planner

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
            room = (limit - rows_of(p) @ other[part.columns])[finite]
            assert room == pytest.approx((whole - rows_of(m) @ other)[rows][finite], abs=1e-6)
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
    assert (way.size, way.payoff, way.tries) == (150, pytest.approx(50), 1)
    way.learn(gain=0, work=0.3, target=1, gap=0)
    assert way.size == pytest.approx(180)
    kept = 1 - payoff.FORGET
    assert way.payoff == pytest.approx(5 * kept / (0.1 * kept + 0.3)), "money over work, the last try counts most"
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
        way = payoff.choose(ways, r, 1_000.0)
        seen.add(way.shape)
        way.learn(gains[way.shape], 1, 1, 0)
    assert seen == set(gains)
    picks = [payoff.choose(ways, r, 1_000.0).shape for _ in range(1_000)]
    assert picks.count("good") > 5 * picks.count("poor") > 0
    assert picks.count("none") > 0, "curiosity"
    for way in ways:
        way.gained = 0.0
    assert {payoff.choose(ways, r, 1_000.0).shape for _ in range(100)} == set(gains)


def test_a_quick_way_is_not_judged_by_one_try() -> None:
    """Tries of a twentieth of a second: known after eight; of half a second: known at once; unknown again in another descent."""
    r = np.random.default_rng(2)
    quick, slow = Way("quick", 0.1, 40), Way("slow", 0.1, 40)
    slow.learn(100.0, 0.5, 1, 0)
    assert slow.known
    for _ in range(payoff.KNOWN_TRIES):
        assert not quick.known
        assert payoff.choose([quick, slow], r, 1_000.0) is quick
        quick.learn(0.0, 0.01, 1, 0)
    assert quick.known
    size = slow.size
    slow.forget()
    assert not slow.known
    assert (slow.payoff, slow.size) == (0, size)
    assert payoff.choose([quick, slow], r, 1_000.0) is slow


def test_curiosity_gives_every_way_the_same_time() -> None:
    """Nothing ever pays: a way ten times as quick is tried ten times as often out of curiosity."""
    r = np.random.default_rng(3)
    quick, slow = Way("quick", 0.1, 40), Way("slow", 0.1, 40)
    for _ in range(payoff.KNOWN_TRIES):
        quick.learn(0.0, 0.1, 1, 0)
        slow.learn(0.0, 1.0, 1, 0)
    picks = [payoff.choose([quick, slow], r, 1_000.0) is quick for _ in range(4_000)]
    expected = payoff.CURIOUS * 10 / 11 + (1 - payoff.CURIOUS) / 2
    assert np.mean(picks) == pytest.approx(expected, abs=0.04)


# ----------------------------------------------------------------- the search


def searched(problem: Problem, work: float, guide: Floats | None = None, until: float = -INF) -> tuple[Search, Ear]:
    """A search from a set-up of everything in every period, done when so much work was counted or a plan costs ``until``."""
    ear = Ear(60)
    planner = Planner(problem.matrix, LIMITS, {}, ear)
    planner.completed(np.ones(len(planner.whole)))
    search = Search(planner, problem.meaning)
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
    search = Search(Planner(levels.matrix, LIMITS, {}, ear), levels.meaning)
    assert search.run(1.0) == "search: no plan to improve"


def test_the_same_seed_takes_the_same_way(levels: Problem) -> None:
    first, second = (searched(levels, 0.3)[1].heard.plans for _ in range(2))
    assert [cost for _, cost in first] == [cost for _, cost in second]
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(first, second, strict=True))
