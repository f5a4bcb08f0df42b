"""The bound by items: true for every matrix, as strong as the facility-location model, exact for single items."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from cases import line, one_item
from drawn_lots import Tables, amount
from scipy.optimize import linprog
from taken_apart import all_drawn, apart, cheapest_pattern, optimum, raised, read

from equipoise.engine.items.decompose import Decomposition
from equipoise.engine.matrix import Matrix


@pytest.fixture(scope="module")
def small() -> list[tuple[Matrix, Decomposition, float]]:
    return all_drawn()


def any_multipliers(found: Decomposition, r: np.random.Generator) -> np.ndarray:
    size = len(found.rows)
    y = r.normal(0, 10 ** r.uniform(-1, 2), size) * (r.random(size) < r.uniform(0.2, 1))
    return np.clip(y, found.least, found.most)


def test_the_bound_is_below_the_optimum_at_any_multipliers(small: list[tuple[Matrix, Decomposition, float]]) -> None:
    r = np.random.default_rng(1)
    every = [(found.priced(any_multipliers(found, r)), best) for _, found, best in small for _ in range(5)]
    finite = [(priced.bound, best) for priced, best in every if priced is not None]
    assert len(finite) > len(every) / 2
    assert all(bound <= best + 1e-6 * (1 + abs(best)) for bound, best in finite)


def test_the_raised_bound_is_below_the_optimum_and_mostly_above_the_linear_one(
    small: list[tuple[Matrix, Decomposition, float]],
) -> None:
    better = 0
    for matrix, found, best in small[:20]:
        ascent = raised(found, 80)
        assert ascent.bound <= best + 1e-6 * (1 + abs(best))
        better += ascent.bound >= optimum(matrix, whole=False) - 1e-3 * (1 + abs(best))
    assert better >= 12


def test_the_plan_of_the_parts_gives_the_slope(small: list[tuple[Matrix, Decomposition, float]]) -> None:
    """Concave: the value anywhere is at most the value here plus slope times the way."""
    r = np.random.default_rng(2)
    compared = 0
    for _, found, _ in small:
        one, two = any_multipliers(found, r), any_multipliers(found, r)
        here, there = found.priced(one), found.priced(two)
        if here is None or there is None:
            continue
        reached = value_at(found, here.x, two)
        assert value_at(found, here.x, one) == pytest.approx(here.bound, rel=1e-6, abs=1e-4)
        assert there.bound <= reached + 1e-6 * (1 + abs(reached))
        compared += 1
    assert compared > len(small) / 4


def value_at(found: Decomposition, x: np.ndarray, y: np.ndarray) -> float:
    """What this plan of the parts costs at these multipliers."""
    m = found.matrix
    weights = np.zeros(m.rows)
    weights[found.rows] = y
    slope = m.cost - np.bincount(m.index, m.value * weights[m.entry_rows], m.columns)
    sides = y * np.where(y > 0, found.lower, np.where(y < 0, found.upper, 0.0))
    return float(m.offset + sides.sum() + slope @ x)


# -------------------------------------------------------------------------------------------------- single items


def single_items() -> Iterator[Tables]:
    """Items alone, with nothing to share and no limit: the dynamic programme has to be exact."""
    r = random.Random(5)
    prices = [amount(r, 0, 9) for _ in range(8)]
    two = {"recipe": ["m1", "m2"], "item": "A", "setup_cost": [40, 25], "unit_cost": [1, 3]}
    one = {"recipe": "m1", "item": "A", "setup_cost": 40, "unit_cost": 1}
    by_period = {"recipe": ["m1"] * 5, "period": list("12345"), "unit_cost": prices[:5]}
    lost = {"settings": {"shortage": "lost"}, "items": {"lost_cost": 9.0}}
    wait = {"settings": {"shortage": "backorder"}, "items": {"late_cost": 1.5, "lost_cost": 30.0}}
    for demand in ((10, 4, 0, 12, 7), (3, 0, 9, 1, 20), (0, 5, 5, 5, 5)):
        yield one_item(*demand, recipes=one)
        yield one_item(*demand, recipes=two, recipe_calendar=by_period)
        yield one_item(*demand, recipes=two, **lost, stock={"item": "A", "opening": 6})
        yield one_item(*demand, recipes=one, stock={"item": "A", "opening": 14, "safety": 3})
        yield one_item(
            *demand, recipes=one, **lost, receipts={"item": "A", "period": "4", "quantity": 8, "reference": "r"}
        )
        yield one_item(*demand, recipes=one, **wait)
        yield one_item(*demand, recipes=two, **wait, recipe_calendar=by_period)
        yield one_item(*demand, recipes=one, **wait, stock={"item": "A", "opening": 12})
        yield one_item(*demand, recipes={**one, "lead_time": 1, "yield": 0.5}, **wait)
        yield one_item(
            *demand,
            recipes=two,
            settings={"shortage": "backorder", "final_backlog": "allowed"},
            items={"late_cost": 1.0},
        )


@pytest.mark.parametrize("number", range(30))
def test_a_single_item_is_planned_as_cheaply_as_any_pattern_of_setups(number: int) -> None:
    tables = next(itertools.islice(single_items(), number, None))
    tables["items"] = {"lost_cost": 50.0, **tables["items"]}
    matrix, found = apart(tables)
    priced = found.priced(np.zeros(len(found.rows)))
    assert priced is not None
    assert priced.bound == pytest.approx(cheapest_pattern(matrix), rel=1e-9)


def test_one_setup_for_two_periods_by_hand() -> None:
    """Demand 5 and 5, set-up 40, holding 1: one set-up and 5 kept beats two set-ups."""
    _, found = apart(one_item(5, 5, recipes={"recipe": "m", "item": "A", "setup_cost": 40}))
    priced = found.priced(np.zeros(len(found.rows)))
    assert priced is not None and priced.bound == pytest.approx(45)


def test_demand_of_two_customers_that_may_wait_is_bounded() -> None:
    """Two streams: a relaxation, but never below what the set-ups of the last source alone cost."""
    tables = one_item(
        0,
        settings={"periods": 3, "shortage": "backorder"},
        items={"late_cost": 2.0, "lost_cost": 90.0},
        demand={"item": "A", "period": ["1", "2", "3"], "customer": ["a", "b", "a"], "quantity": [10.0, 10.0, 10.0]},
        recipes={"recipe": "m", "item": "A", "setup_cost": 30, "unit_cost": 1},
    )
    matrix, found = apart(tables)
    best = optimum(matrix)
    assert best == pytest.approx(90)
    assert 80 <= raised(found, 10).bound <= best * (1 + 1e-9)


# ------------------------------------------------------------------------------------------------- shared capacity


def facility_location(setup: np.ndarray, hold: np.ndarray, demand: np.ndarray, room: float, hours: float) -> float:
    """The linear programme of the facility-location model: z[i, t, u] is the share of demand i, u made in t <= u."""
    items, periods = demand.shape
    pairs = [(i, t, u) for i in range(items) for u in range(periods) for t in range(u + 1)]
    n = len(pairs)
    cost = [hold[i] * (u - t) * demand[i, u] for i, t, u in pairs] + list(np.repeat(setup, periods))
    share = np.zeros((n + periods, n + items * periods))
    whole = np.zeros((items * periods, n + items * periods))
    for k, (i, t, u) in enumerate(pairs):
        share[k, k], share[k, n + i * periods + t] = 1, -1
        share[n + t, k] = demand[i, u]
        whole[i * periods + u, k] = 1
    for i, t in itertools.product(range(items), range(periods)):
        share[n + t, n + i * periods + t] = hours
    limits = np.append(np.zeros(n), np.full(periods, room))
    return float(linprog(cost, share, limits, whole, np.ones(items * periods)).fun)


def test_as_strong_as_the_facility_location_model() -> None:
    setup, hold, room, hours = np.array([60.0, 90.0, 50.0]), np.array([1.0, 2.0, 1.5]), 55.0, 4.0
    demand = np.array([[10.0, 12.0, 8.0, 15.0, 9.0], [12.0, 6.0, 14.0, 9.0, 11.0], [9.0, 13.0, 7.0, 8.0, 12.0]])
    names = ["A", "B", "C"]
    matrix, found = apart(
        {
            "settings": {"periods": 5, "shortage": "forbidden"},
            "items": {"item": names, "holding_cost": list(hold)},
            "demand": {
                "item": list(np.repeat(names, 5)),
                "period": list("12345") * 3,
                "quantity": list(demand.ravel()),
            },
            "recipes": {"recipe": names, "item": names, "setup_cost": list(setup)},
            "resources": {"resource": "L", "capacity": room},
            "operations": {"recipe": names, "resource": "L", "hours": 1.0, "setup_hours": hours},
        }
    )
    expected = facility_location(setup, hold, demand, room, hours)
    bound = raised(found, 600).bound
    assert expected * (1 - 2e-4) <= bound <= optimum(matrix)
    assert bound > optimum(matrix, whole=False) * 1.02


def lines(items: int, periods: int) -> Tables:
    """Items on two lines, one store, lost sales."""
    r = random.Random(items)
    names = [f"I{n}" for n in range(items)]
    recipes = [(f"{name}{k}", name, f"L{k}") for name in names for k in (0, 1)]
    cost = {name: r.randint(50, 300) for name in names}
    return {
        "settings": {"periods": periods, "shortage": "lost"},
        "sites": {"site": "P", "storage_capacity": 40.0 * items},
        "items": {"item": names, "holding_cost": [r.uniform(0.1, 1) for _ in names], "lost_cost": 30.0},
        "demand": {
            "item": [name for name in names for _ in range(periods)],
            "period": [str(t + 1) for _ in names for t in range(periods)],
            "quantity": [float(r.randint(0, 60)) for _ in names for _ in range(periods)],
        },
        "resources": {"resource": ["L0", "L1"], "capacity": 20.0 * items},
        "recipes": {
            "recipe": [m for m, _, _ in recipes],
            "item": [i for _, i, _ in recipes],
            "setup_cost": [float(cost[i]) for _, i, _ in recipes],
        },
        "operations": {
            "recipe": [m for m, _, _ in recipes],
            "resource": [k for _, _, k in recipes],
            "hours": 1.0,
            "setup_hours": 5.0,
        },
    }


def test_the_same_rounds_give_the_same_bound_and_more_rounds_no_lower_one() -> None:
    matrix, found = apart(lines(6, 6))
    _, twin = apart(lines(6, 6))
    heard: list[float] = []
    one = found.ascend(lambda: None, lambda: False, lambda bound, average: heard.append(bound), 60)
    two = raised(twin, 60)
    assert one.bound == two.bound and np.array_equal(one.average, two.average)
    assert heard == sorted(heard) and heard[-1] == one.bound
    assert raised(found, 200).bound >= one.bound
    assert one.average.shape == (matrix.columns,)
    whole = one.average[matrix.integer]
    assert whole.min() >= 0 and whole.max() <= 1 + 1e-9 and 0.01 < whole.mean() < 0.99


def test_the_ascent_ends_when_asked_and_when_a_plan_is_reached() -> None:
    _, found = apart(lines(4, 4))
    heard: list[float] = []  # one bound before the first round, one after each

    def hear(bound: float, average: np.ndarray) -> None:
        heard.append(bound)

    found.ascend(lambda: None, lambda: True, hear)
    assert len(heard) == 1
    low = raised(found, 3).bound
    ended = found.ascend(lambda: low, lambda: False, hear, 500)
    assert len(heard) < 500 and ended.bound >= low


def test_gates_that_bind_are_priced() -> None:
    """A line of 12 hours, demand of 30 in the last period: three set-ups at 50; the linear programme sees 2.5."""
    tables = one_item(
        0, 0, 30, recipes={"recipe": "mA", "item": "A", "setup_cost": 50}, hold=0.1, **line(capacity=12.0)
    )
    matrix, found = apart(tables)
    assert found.gates.any()
    bound = raised(found, 400).bound
    assert optimum(matrix, whole=False) * 0.99 <= bound <= optimum(matrix)


# --------------------------------------------------------------------------------------------- what is not understood


def changed(matrix: Matrix, row: int, column: int, factor: float) -> Matrix:
    """The matrix with one entry changed."""
    value = matrix.value.copy()
    at = np.arange(matrix.start[row], matrix.start[row + 1])
    value[at[matrix.index[at] == column]] *= factor
    return replace(matrix, value=value)


@pytest.mark.parametrize("family", ["balance", "demand_is_served_or_lost"])
def test_an_item_that_is_not_understood_lowers_nothing_falsely(family: str) -> None:
    """One entry of one row is another number: the item is given up, and the bound is true for the matrix as it is."""
    matrix, meaning, compiled = read(lines(3, 3))
    before = Decomposition.of(matrix, meaning)
    rows = [n for n, (name, index) in enumerate(compiled.rows) if name == family and index[0] == "I2"]
    for column in matrix.index[matrix.start[rows[1]] : matrix.start[rows[1] + 1]]:
        other = changed(matrix, rows[1], column, 0.7)
        found = Decomposition.of(other, meaning)
        assert before is not None and found is not None
        assert sum(i.count for i in found.items) <= sum(i.count for i in before.items)
        assert raised(found, 40).bound <= optimum(other) * (1 + 1e-9)


def test_names_alone_mean_nothing() -> None:
    """The same names over shuffled columns: nothing is recognised, or what is recognised is true."""
    matrix, meaning, _ = read(lines(3, 4))
    best = optimum(matrix)
    order = np.random.default_rng(3).permutation(matrix.columns)
    place = np.argsort(order)
    shuffled = replace(
        matrix,
        cost=matrix.cost[order],
        lower=matrix.lower[order],
        upper=matrix.upper[order],
        integer=matrix.integer[order],
        index=place[matrix.index].astype(np.int32),
    )
    found = Decomposition.of(shuffled, meaning)
    assert found is None or raised(found, 20).bound <= best * (1 + 1e-9)


def test_without_items_or_gates_there_is_nothing_to_take_apart() -> None:
    matrix, meaning, _ = read(one_item(5, 5))
    assert Decomposition.of(matrix, meaning) is None
    matrix, meaning, _ = read(lines(2, 3))
    rows = replace(meaning.rows, kind=np.full_like(meaning.rows.kind, meaning.rows.kinds.index("capacity")))
    assert Decomposition.of(matrix, replace(meaning, rows=rows)) is None
