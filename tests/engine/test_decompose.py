"""The bound by items: true for every matrix, as strong as the facility-location model, exact for single items."""

from __future__ import annotations

import io
import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cases import case, line, one_item
from scipy.optimize import linprog

from equipoise.engine.compile import Compiled, compile_model
from equipoise.engine.dual_bound import safe_bound
from equipoise.engine.highs import Highs
from equipoise.engine.items.decompose import Ascent, Decomposition
from equipoise.engine.matrix import Limits, Matrix
from equipoise.engine.meaning import Meaning, meaning_of
from equipoise.engine.prepare import prepared
from equipoise.engine.progress import Watch
from equipoise.errors import DataError
from equipoise.model import build
from equipoise.model.labels import Labels

Tables = dict[str, Any]


def read(tables: Tables) -> tuple[Matrix, Meaning, Compiled]:
    made = build(case(**tables))
    compiled, labels = compile_model(made.model), Labels(made)
    meaning = meaning_of(compiled.columns, compiled.rows, labels.column, labels.row, labels.periods)
    return prepared(compiled.matrix), meaning, compiled


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


def any_multipliers(found: Decomposition, r: np.random.Generator) -> np.ndarray:
    size = len(found.rows)
    y = r.normal(0, 10 ** r.uniform(-1, 2), size) * (r.random(size) < r.uniform(0.2, 1))
    return np.clip(y, found.least, found.most)


# ------------------------------------------------------------------------------------------------------- random cases


def drawn(seed: int) -> Tables:
    """A small case with most of what the planning language says, drawn at random."""
    r = random.Random(seed)
    periods, items = r.choice([2, 3, 4, 5]), [f"I{n}" for n in range(r.choice([1, 1, 2, 3]))]
    tables = {**_wanted(r, periods, items), **_made(r, items), **_kept(r, periods, items)}
    if len(items) > 1 and r.random() < 0.4:
        recipes = tables["recipes"]
        uses = [
            (m, part, r.choice([1.0, 1.0, 2.0, 0.3]))
            for m, item in zip(recipes["recipe"], recipes["item"], strict=True)
            for part in items
            if part > item and r.random() < 0.7
        ]
        if uses:
            tables["components"] = dict(
                zip(("recipe", "component", "quantity"), map(list, zip(*uses, strict=True)), strict=True)
            )
    if r.random() < 0.15:
        _sent(r, tables)
    return tables


def _sent(r: random.Random, tables: Tables) -> None:
    """Some of the demand is at another site, to which items are shipped."""
    tables["sites"] = {"site": ["P", "W"]}
    for name in ("recipes", "supply", "resources", "stock", "receipts"):
        if name in tables:
            tables[name]["site"] = "P"
    tables["demand"]["site"] = [r.choice(["P", "W", "W"]) for _ in tables["demand"]["item"]]
    tables["lanes"] = {
        "origin": "P",
        "destination": "W",
        "unit_cost": _price(r, 0, 3),
        "lead_time": r.choice([0, 1]),
        "capacity": r.choice([None, _price(r, 10, 50)]),
    }


def _price(r: random.Random, low: float, high: float) -> float:
    return round(r.uniform(low, high), 1)


def _wanted(r: random.Random, periods: int, items: list[str]) -> Tables:
    shortage = r.choice(["lost", "lost", "forbidden", "backorder", "backorder"])
    settings: dict[str, Any] = {"periods": periods, "shortage": shortage}
    if r.random() < 0.15:
        settings["objective"] = "profit"
    if r.random() < 0.15:
        settings["integer_periods"] = r.randint(1, periods)
    if r.random() < 0.15:
        settings["end_stock"] = r.choice(["opening", "value"])
    if r.random() < 0.15:
        settings["holding_on"] = "average"
    each: Tables = {
        "item": items,
        "holding_cost": [_price(r, 0, 3) for _ in items],
        "lost_cost": [_price(r, 5, 60) for _ in items],
        "value": [_price(r, 0, 20) for _ in items],
        "price": [_price(r, 20, 60) for _ in items],
    }
    if shortage == "backorder":
        settings["final_backlog"] = r.choice(["lost", "lost", "allowed", "forbidden"])
        each["late_cost"] = [_price(r, 0.5, 10) for _ in items]
        if r.random() < 0.4:
            each["max_late"] = [r.choice([1, 2, 3]) for _ in items]
    rows = [
        (item, str(t + 1), customer, r.choice([1, 5, 10, 20, _price(r, 0, 30)]))
        for item in items
        for customer in r.choice([[None], [None], ["a", "b"]])
        for t in range(periods)
        if t == 0 or r.random() < 0.7
    ]
    demand: Tables = dict(
        zip(("item", "period", "customer", "quantity"), map(list, zip(*rows, strict=True)), strict=True)
    )
    if r.random() < 0.3:
        demand["lost_cost"] = [_price(r, 5, 60) for _ in rows]
    return {"settings": settings, "items": each, "demand": demand}


def _made(r: random.Random, items: list[str]) -> Tables:
    names = [(f"m{item}{n}", item) for item in items for n in range(r.choice([1, 1, 2]))]
    lines = r.choice([["L0"], ["L0", "L1"]])
    return {
        "recipes": {
            "recipe": [m for m, _ in names],
            "item": [item for _, item in names],
            "unit_cost": [_price(r, 0, 5) for _ in names],
            "setup_cost": [r.choice([0, _price(r, 5, 100), _price(r, 5, 100)]) for _ in names],
            "lead_time": [r.choice([0, 0, 0, 1]) for _ in names],
            "yield": [r.choice([1, 1, 0.8]) for _ in names],
            "lot_min": [r.choice([None] * 6 + [5]) for _ in names],
            "lot_multiple": [r.choice([None] * 9 + [4]) for _ in names],
            "lot_max": [r.choice([None] * 6 + [15]) for _ in names],
        },
        "resources": {
            "resource": lines,
            "capacity": [r.choice([_price(r, 20, 60), None, _price(r, 10, 200)]) for _ in lines],
            "overtime": [r.choice([0, 10]) for _ in lines],
            "overtime_cost": [_price(r, 1, 30) for _ in lines],
        },
        "operations": {
            "recipe": [m for m, _ in names],
            "resource": [r.choice(lines) for _ in names],
            "hours": [_price(r, 0.5, 2) for _ in names],
            "setup_hours": [r.choice([0, _price(r, 0, 5)]) for _ in names],
        },
        "supply": {
            "supplier": "S",
            "item": items,
            "unit_cost": [_price(r, 10, 50) for _ in items],
            "order_cost": [r.choice([0, 0, _price(r, 5, 60)]) for _ in items],
        },
    }


def _kept(r: random.Random, periods: int, items: list[str]) -> Tables:
    tables: Tables = {}
    if r.random() < 0.5:
        tables["stock"] = {"item": items, "opening": [r.choice([0, _price(r, 0, 60)]) for _ in items]}
        for limit, price in (("safety", "safety_cost"), ("maximum", "maximum_cost"), ("final", "final_cost")):
            if r.random() < 0.3:
                low = 30 if limit == "maximum" else 0
                tables["stock"] |= {
                    limit: [_price(r, low, low + 20) for _ in items],
                    price: [r.choice([_price(r, 0.5, 10), *([None] if low == 0 else [])]) for _ in items],
                }
    if r.random() < 0.3:
        tables["receipts"] = {
            "item": [r.choice(items) for _ in "ab"],
            "period": [str(r.randint(1, periods)) for _ in "ab"],
            "quantity": [_price(r, 1, 40) for _ in "ab"],
            "reference": ["a", "b"],
        }
    if r.random() < 0.4:
        price = r.choice([None, _price(r, 0.5, 5)])
        tables["sites"] = {"site": "P", "storage_capacity": _price(r, 20, 80), "storage_cost": price}
    return tables


@pytest.fixture(scope="module")
def small() -> list[tuple[Matrix, Decomposition, float]]:
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


def test_the_bound_is_below_the_optimum_at_any_multipliers(small: list[tuple[Matrix, Decomposition, float]]) -> None:
    r = np.random.default_rng(1)
    for _, found, best in small:
        for _ in range(5):
            priced = found.priced(any_multipliers(found, r))
            assert priced is None or priced.bound <= best + 1e-6 * (1 + abs(best))


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
    for _, found, _ in small:
        one, two = any_multipliers(found, r), any_multipliers(found, r)
        here, there = found.priced(one), found.priced(two)
        if here is None or there is None:
            continue
        reached = value_at(found, here.x, two)
        assert value_at(found, here.x, one) == pytest.approx(here.bound, rel=1e-6, abs=1e-4)
        assert there.bound <= reached + 1e-6 * (1 + abs(reached))


def value_at(found: Decomposition, x: np.ndarray, y: np.ndarray) -> float:
    """What this plan of the parts costs at these multipliers."""
    m = found.matrix
    weights = np.zeros(m.rows)
    weights[found.rows] = y
    rows = np.repeat(np.arange(m.rows), np.diff(m.start))
    slope = m.cost - np.bincount(m.index, m.value * weights[rows], m.columns)
    sides = y * np.where(y > 0, found.lower, np.where(y < 0, found.upper, 0.0))
    return float(m.offset + sides.sum() + slope @ x)


def test_multipliers_are_weights_of_the_rows(small: list[tuple[Matrix, Decomposition, float]]) -> None:
    for matrix, found, best in small[:20]:
        ascent = raised(found, 20)
        assert ascent.multipliers.shape == (matrix.rows,) and ascent.average.shape == (matrix.columns,)
        assert safe_bound(matrix, ascent.multipliers) <= best + 1e-6 * (1 + abs(best))
        again = found.ascend(lambda: None, lambda: False, lambda bound, average: None, 0, ascent.multipliers)
        assert again.bound >= ascent.bound - 1e-9 * abs(ascent.bound) or len(ascent.multipliers) < found.matrix.rows


# -------------------------------------------------------------------------------------------------- single items


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


def single_items() -> Iterator[Tables]:
    """Items alone, with nothing to share and no limit: the dynamic programme has to be exact."""
    r = random.Random(5)
    prices = [_price(r, 0, 9) for _ in range(8)]
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
    assert len(one.schedules) > 1 and all(len(s) == matrix.integer.sum() for s in one.schedules)
    whole = one.average[matrix.integer]
    assert whole.min() >= 0 and whole.max() <= 1 + 1e-9 and 0.01 < whole.mean() < 0.99


def test_the_ascent_ends_when_asked_and_when_a_plan_is_reached() -> None:
    _, found = apart(lines(4, 4))
    assert found.ascend(lambda: None, lambda: True, lambda bound, average: None).rounds == 0
    low = raised(found, 3).bound
    ended = found.ascend(lambda: low, lambda: False, lambda bound, average: None, 500)
    assert ended.rounds < 500 and ended.bound >= low


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


# -------------------------------------------------------------------------------------------------------- several levels


def chain_of_three(**settings: Any) -> Tables:
    """A is made of 2 B, B of 1 C; set-ups at every level; only A is sold."""
    return {
        "settings": {"periods": 4, **settings},
        "items": {
            "item": ["A", "B", "C"],
            "holding_cost": [4.0, 1.5, 1.0],
            "lost_cost": [400.0, None, None],
            "late_cost": [9.0, None, None],
        },
        "demand": {"item": "A", "period": list("1234"), "quantity": [5.0, 4.0, 6.0, 5.0]},
        "recipes": {"recipe": ["mA", "mB", "mC"], "item": ["A", "B", "C"], "setup_cost": [20.0, 45.0, 90.0]},
        "components": {"recipe": ["mA", "mB"], "component": ["B", "C"], "quantity": [2.0, 1.0]},
    }


@pytest.mark.parametrize(
    ("settings", "share"),
    [({"shortage": "forbidden"}, 0.99), ({"shortage": "lost"}, 0.8), ({"shortage": "backorder"}, 0.7)],
)
def test_every_level_is_planned_by_itself(settings: dict[str, Any], share: float) -> None:
    """The set-ups of parts count in full, what is lost or late in part."""
    matrix, found = apart(chain_of_three(**settings))
    best = optimum(matrix)
    assert sum(i.count for i in found.items) == 3 and not len(found.pairs.row)
    assert share * best <= raised(found, 600).bound <= best * (1 + 1e-9)


def test_levels_leave_the_problem_as_it_is(small: list[tuple[Matrix, Decomposition, float]]) -> None:
    """Echelons, columns for receipts and rows for gates: the same optimum."""
    changed = [(found, best) for matrix, found, best in small if found.matrix.rows > matrix.rows]
    assert len(changed) > 10
    for found, best in changed[:15]:
        assert optimum(found.matrix) == pytest.approx(best, rel=1e-6, abs=1e-5)


def test_streams_in_another_order_than_items() -> None:
    """Demand of the first item begins last."""
    tables = {
        "settings": {"periods": 4, "shortage": "backorder"},
        "items": {
            "item": ["A", "B", "C"],
            "holding_cost": [1.0, 2.0, 3.0],
            "late_cost": [9.0, 2.0, 5.0],
            "lost_cost": 99.0,
        },
        "demand": {
            "item": ["A", "A", "B", "B", "B", "C", "C", "C", "C"],
            "period": ["3", "4", "2", "3", "4", "1", "2", "3", "4"],
            "quantity": [5.0, 6.0, 7.0, 3.0, 9.0, 4.0, 4.0, 8.0, 2.0],
        },
        "recipes": {"recipe": ["A", "B", "C"], "item": ["A", "B", "C"], "setup_cost": [30.0, 12.0, 25.0]},
    }
    matrix, found = apart(tables)
    priced = found.priced(found.begin)
    assert priced is not None and priced.bound == pytest.approx(cheapest_pattern(matrix), rel=1e-9)


def test_stock_that_is_there_may_go_to_any_of_several_streams() -> None:
    """Two customers wait at different prices: which of them the opening stock serves is for the plan to say."""
    tables = one_item(
        0,
        settings={"periods": 3, "shortage": "backorder"},
        items={"lost_cost": 90.0},
        demand={
            "item": "A",
            "period": ["2", "2", "3"],
            "customer": ["a", "b", "a"],
            "quantity": [10.0, 10.0, 20.0],
            "late_cost": [5.0, 1.0, 5.0],
        },
        stock={"item": "A", "opening": 10.0},
        recipes={"recipe": "m", "item": "A", "setup_cost": 60, "unit_cost": 1},
    )
    matrix, found = apart(tables)
    best = optimum(matrix)
    assert best == pytest.approx(10 + 60 + 30 + 10)  # kept, set up in 3, made, b waits
    assert 0.8 * best <= raised(found, 300).bound <= best * (1 + 1e-9)
