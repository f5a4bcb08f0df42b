"""Unit accounting cuts: no plan is ever cut off, and the relaxation gets as strong as it is known to be."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cases import line, one_item
from laws.make_cases import rich_tables
from trials import Ear, Problem

from equipoise.engine.closer.accounts import accounts
from equipoise.engine.closer.cuts import Cuts, Separator, Tightened, tightened
from equipoise.engine.highs import Highs, relaxation, run_linear
from equipoise.engine.matrix import Floats, Limits, Matrix

LIMITS = Limits(30.0, 0.0)


def tight(problem: Problem, rounds: int = 50) -> Tightened:
    watch = Ear(60.0)
    highs = relaxation(problem.matrix, LIMITS, {}, watch)
    return tightened(problem.matrix, problem.meaning, highs, watch, 60.0, rounds)


def least(matrix: Matrix, cost: Floats) -> float:
    """The least of cost @ x over all plans, as a proven bound; infinite where there is no plan."""
    answer = Highs(replace(matrix, cost=cost, offset=0.0), LIMITS, {}, Ear(60.0), whole=True).run(30.0)
    if answer.status == "infeasible":
        return np.inf
    assert answer.status == "optimal" and answer.bound is not None
    return answer.bound


def relaxed_optimum(matrix: Matrix) -> tuple[float, Floats]:
    """The optimum of the relaxation and where it is."""
    answer = run_linear(relaxation(matrix, LIMITS, {}, Ear(60.0)), 30.0)
    assert answer.status == "optimal" and answer.objective is not None and answer.x is not None
    return answer.objective, answer.x


def relaxed_points(problem: Problem, number: int, seed: int) -> Iterator[Floats]:
    """Optima of the relaxation, with cuts and without, at costs that are drawn anew for each."""
    r = np.random.default_rng(seed)
    for _ in range(number):
        draws = r.uniform(0.0, 3.0, problem.matrix.columns) * np.abs(problem.matrix.cost)
        draws += r.uniform(0.0, 0.5, problem.matrix.columns) * (r.random(problem.matrix.columns) < 0.2)
        priced = replace(problem.matrix, cost=draws)
        yield relaxed_optimum(priced)[1]
        there = tightened(priced, problem.meaning, relaxation(priced, LIMITS, {}, Ear(60.0)), Ear(60.0), 60.0, 2)
        yield relaxed_optimum(there.matrix)[1]


def missed(problem: Problem, points: Iterator[Floats], most: int) -> list[tuple[Floats, float]]:
    """Cuts that these points miss, the ``most`` that each misses worst, each once, written out."""
    cutter, found = Separator(accounts(problem.matrix, problem.meaning)), {}
    for x in points:
        for row, lower in itertools.islice(written(cutter.missed(np.maximum(x, 0.0)), problem.matrix.columns), most):
            found[(*np.round(row, 9), round(lower, 9))] = (row, lower)
    return list(found.values())


def written(cuts: Cuts, columns: int) -> Iterator[tuple[Floats, float]]:
    for n, lower in enumerate(cuts.lower.tolist()):
        at = slice(cuts.start[n], cuts.start[n + 1])
        row = np.zeros(columns)
        row[cuts.index[at]] = cuts.value[at]
        yield row, lower


def two_levels(seed: int) -> dict[str, Any]:
    """Two products and their component at two plants with lanes both ways; everything else is drawn.

    Half of them use one unit for one, so that nothing leaks from the echelon, and take their time on the way.
    """
    r = random.Random(seed)
    even = r.random() < 0.5
    leads, yields, units = ([0, 1, 2], [1], [1]) if even else ([0, 0, 1], [1, 1, 0.8], [1, 2])
    periods = [str(t + 1) for t in range(4)]
    shortage = r.choice(["lost", "backorder", "backorder"])
    sites = ["A", "B"]
    bought = r.random() < 0.3
    recipes = [(f"{i}{s}", i, s, r.choice([15, 40]), r.choice(leads), r.choice(yields)) for i in "PC" for s in sites]
    recipes = [row for row in recipes if row[1] == "P" or not bought]
    recipes += [("P2", "P", "A", 25, 0, 1.0)] if r.random() < 0.5 else []
    names = [row[0] for row in recipes]
    users = [row[0] for row in recipes if row[1] == "P"]
    demand = [
        (i, s, t, r.choice([0, 4, 9, 15])) for i in "PC" for s in sites for t in periods if i == "P" or r.random() < 0.2
    ]
    tables: dict[str, Any] = {
        "settings": {
            "periods": 4,
            "shortage": shortage,
            "final_backlog": r.choice(["lost", "allowed"]),
            "integer_periods": r.choice([4, 4, 3]),
        },
        "sites": {"site": sites},
        "items": {
            "item": ["P", "C"],
            "holding_cost": [2, 1],
            "lost_cost": 50,
            "late_cost": r.choice([1, 5]),
            "max_late": r.choice([None, 1, 2]),
        },
        "demand": dict(zip(("item", "site", "period", "quantity"), map(list, zip(*demand, strict=True)), strict=True)),
        "recipes": dict(
            zip(
                ("recipe", "item", "site", "setup_cost", "lead_time", "yield"),
                map(list, zip(*recipes, strict=True)),
                strict=True,
            )
        ),
        "components": {"recipe": users, "component": "C", "quantity": [r.choice(units) for _ in users]},
        "resources": {"resource": ["LA", "LB"], "site": sites, "capacity": r.choice([20, 45])},
        "operations": {
            "recipe": names,
            "resource": [f"L{row[2]}" for row in recipes],
            "hours": 1,
            "setup_hours": r.choice([0, 3]),
        },
        "lanes": {"origin": sites, "destination": ["B", "A"], "unit_cost": 1, "lead_time": [0, r.choice(leads)]},
    }
    if bought:
        tables["supply"] = {
            "supplier": "S",
            "item": "C",
            "site": sites,
            "order_cost": 30,
            "lead_time": r.choice([0, 1]),
        }
    if r.random() < 0.6:
        opening = [r.choice([0, 6, 20]) for _ in range(4)]
        low = [r.choice([None, 2]) if have >= 20 else None for have in opening]
        tables["stock"] = {"item": list("PPCC"), "site": sites * 2, "opening": opening, "final": low}
    if r.random() < 0.4:
        tables["receipts"] = {"item": ["P", "C"], "site": "A", "period": ["2", "3"], "quantity": [5, 7]}
    return tables


def one_level(seed: int) -> dict[str, Any]:
    """One item from two recipes, one of them late to arrive, and drawn demand, stock, safety stock and waiting."""
    r = random.Random(1_000 + seed)
    periods = 5
    shortage = r.choice(["lost", "backorder"])
    safety = r.choice([None, 3])
    return {
        "settings": {"periods": periods, "shortage": shortage, "final_backlog": r.choice(["lost", "allowed"])},
        "items": {
            "item": "A",
            "holding_cost": 1,
            "lost_cost": r.choice([8, 60]),
            "late_cost": r.choice([1, 4]),
            "max_late": r.choice([None, 1, 2]),
        },
        "demand": {
            "item": "A",
            "period": [str(t + 1) for t in range(periods)],
            "quantity": [r.choice([0, 5, 10, 20]) for _ in range(periods)],
        },
        "stock": {"item": "A", "opening": r.choice([3, 12, 30]), "safety": safety},
        "receipts": {"item": "A", "period": "3", "quantity": r.choice([1, 8])},
        "recipes": {
            "recipe": ["m1", "m2"],
            "item": "A",
            "setup_cost": [20, 35],
            "yield": [1, 0.5],
            "lead_time": [r.choice([0, 1]), 0],
        },
        "resources": {"resource": "L", "capacity": r.choice([15, 40])},
        "operations": {"recipe": ["m1", "m2"], "resource": "L", "hours": 1, "setup_hours": 2},
    }


FAMILIES = {"one level": one_level, "two levels": two_levels, "rich": rich_tables}


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("family", FAMILIES)
def test_no_plan_misses_a_cut(family: str, seed: int) -> None:
    """The least left side over all plans, by branch and bound, is at least the right side."""
    problem = Problem.of(FAMILIES[family](seed))
    cuts = missed(problem, relaxed_points(problem, 4, seed), 12)
    for row, lower in cuts[:40]:
        assert least(problem.matrix, row) >= lower - 1e-6 * (1 + abs(lower))


def test_the_random_cases_have_cuts_and_plans() -> None:
    """The test above tests something: cuts with stock, with late units, over levels and sites, in every family."""
    for family, tables in FAMILIES.items():
        found, kinds = 0, set()
        for seed in range(6):
            problem = Problem.of(tables(seed))
            assert np.isfinite(least(problem.matrix, problem.matrix.cost))
            codes = problem.meaning.columns
            for row, _ in missed(problem, relaxed_points(problem, 1, seed), 12):
                found += 1
                kinds |= {codes.kinds[kind] for kind in codes.kind[row != 0]}
        assert found > 20, (family, found)
        assert {"stock", "setup", "make", "lost", "late"} <= kinds, family


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_optimum_and_a_bound_between(family: str, seed: int) -> None:
    problem = Problem.of(FAMILIES[family](seed))
    done = tight(problem)
    best = least(problem.matrix, problem.matrix.cost)
    before, after = (relaxed_optimum(matrix)[0] for matrix in (problem.matrix, done.matrix))
    offset = problem.matrix.offset
    assert before - 1e-6 <= after <= best + offset + 1e-6 * (1 + abs(best))
    assert least(done.matrix, done.matrix.cost) == pytest.approx(best, rel=1e-7, abs=1e-6)


def relaxed(tables: dict[str, Any]) -> float:
    return relaxed_optimum(tight(Problem.of(tables)).matrix)[0]


def test_one_item_has_whole_setups_in_the_relaxation() -> None:
    """Demand 10, 10, 10, set-up 15, holding 1: making in 1 and 3 costs 15 + 10 + 15 = 40, and so says the relaxation."""
    tables = one_item(10, 10, 10, **line(1, capacity=100), recipes={"setup_cost": 15})
    assert relaxed(tables) == pytest.approx(40, rel=1e-6)


def test_opening_stock_and_receipts_are_netted() -> None:
    """25 in stock and 5 received in 3 serve demand 10, 10, 10 but for nothing; with a fourth 10 one set-up is needed."""
    tables = one_item(10, 10, 10, 10, **line(1, capacity=100), recipes={"setup_cost": 15})
    tables["items"]["holding_cost"] = 0
    tables["stock"] = {"item": "A", "opening": 25}
    tables["receipts"] = {"item": "A", "period": "3", "quantity": 5}
    assert relaxed(tables) == pytest.approx(15, rel=1e-6)


def test_safety_stock_is_a_need() -> None:
    """10 must be in stock from period 2 on and 1 is sold in 3: one set-up in 2, 11 held there and 10 in 3."""
    tables = one_item(0, 0, 0, **line(1, capacity=100), recipes={"setup_cost": 15})
    tables["demand"] = {"item": "A", "period": "3", "quantity": 1}
    tables["stock_targets"] = {"item": "A", "site": "", "period": ["2", "3"], "safety": 10}
    assert relaxed(tables) == pytest.approx(15 + 11 + 10, rel=1e-6)


def test_components_count_what_is_in_products() -> None:
    """10 products in period 3 need 20 components: set-ups 40 and 30, nothing held; without levels 40 would be a fraction."""
    tables = one_item(0, 0, 10, **line(1, capacity=1_000), recipes={"setup_cost": 30})
    tables["demand"] = {"item": "A", "period": "3", "quantity": 10}
    tables["items"] = {"item": ["A", "C"], "holding_cost": [2, 1]}
    tables["recipes"] = {"recipe": ["mA", "mC"], "item": ["A", "C"], "setup_cost": [30, 40]}
    tables["components"] = {"recipe": "mA", "component": "C", "quantity": 2}
    tables["operations"] = {"recipe": ["mA", "mC"], "resource": "L", "hours": 1}
    assert relaxed(tables) == pytest.approx(70, rel=1e-6)


def test_demand_that_may_wait_asks_for_a_setup_all_the_same() -> None:
    """10 due in each of 3 periods, waiting costs 1, lost 100, set-up 15, no stock is worth it: one lot in 2 serves 1 and 2."""
    tables = one_item(10, 10, 10, **line(1, capacity=100), recipes={"setup_cost": 15})
    tables["settings"] |= {"shortage": "backorder", "final_backlog": "lost"}
    tables["items"] |= {"late_cost": 1, "lost_cost": 100}
    problem = Problem.of(tables)
    best = least(problem.matrix, problem.matrix.cost)
    assert best == pytest.approx(35)
    assert relaxed_optimum(problem.matrix)[0] < 20
    assert relaxed(tables) == pytest.approx(35, rel=1e-6)


def test_nothing_to_say_without_gates() -> None:
    problem = Problem.of(one_item(10, 10, 10, **line(1, capacity=100)))
    assert accounts(problem.matrix, problem.meaning).number == 0
    done = tight(problem)
    assert done.found == 0 and done.matrix.rows == problem.matrix.rows


def test_a_gate_that_need_not_be_whole_is_no_gate() -> None:
    """After the integer_periods a set-up may be a share: only the first period has a gate."""
    tables = one_item(10, 10, 10, **line(1, capacity=100), recipes={"setup_cost": 15})
    tables["settings"]["integer_periods"] = 1
    problem = Problem.of(tables)
    found = accounts(problem.matrix, problem.meaning)
    assert sorted(found.first[found.gate >= 0].tolist()) == [0]
    assert relaxed(tables) <= least(problem.matrix, problem.matrix.cost) + 1e-6


def test_rounds_are_counted() -> None:
    problem = Problem.of(two_levels(0))
    assert tight(problem, 0).found == 0
    assert 0 < tight(problem, 1).found < tight(problem).found


def test_what_a_recipe_has_under_way_is_counted_with_its_set_up() -> None:
    """10 C become 10 P by period 2 for one set-up of 20. The C may not be counted as there in period 2 while P is under way."""
    tables = {
        "settings": {"periods": 3, "shortage": "lost"},
        "items": {"item": ["P", "C"], "holding_cost": [1, 0.5], "lost_cost": [100, None]},
        "demand": {"item": "P", "period": "2", "quantity": 10},
        "stock": {"item": "C", "opening": 10},
        "recipes": {"recipe": ["mP", "mC"], "item": ["P", "C"], "setup_cost": [20, 30], "lead_time": [1, 0]},
        "components": {"recipe": "mP", "component": "C", "quantity": 1},
    }
    problem = Problem.of(tables)
    assert least(tight(problem).matrix, problem.matrix.cost) == pytest.approx(20)


def test_what_is_on_a_lane_for_two_periods_is_not_there_before_it_arrives() -> None:
    """The 4 P at A leave at once for B, where they are wanted in period 3; 10 are made at A for 50, of C for 10: 60 in all."""
    tables = {
        "settings": {"periods": 3, "shortage": "lost"},
        "sites": {"site": ["A", "B"]},
        "items": {"item": ["P", "C"], "holding_cost": [1, 1], "lost_cost": [1000, None]},
        "demand": {"item": "P", "site": ["A", "B"], "period": ["2", "3"], "quantity": [10, 4]},
        "stock": {"item": "P", "site": "A", "opening": 4},
        "recipes": {"recipe": "mP", "item": "P", "site": "A", "setup_cost": 50},
        "components": {"recipe": "mP", "component": "C", "quantity": 1},
        "supply": {"supplier": "S", "item": "C", "site": "A", "unit_cost": 1},
        "lanes": {"origin": "A", "destination": "B", "item": "P", "lead_time": 2},
    }
    problem = Problem.of(tables)
    assert least(tight(problem).matrix, problem.matrix.cost) == pytest.approx(60)
