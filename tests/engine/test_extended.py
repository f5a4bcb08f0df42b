"""The extended formulation: the same plans and optimum, a stronger relaxation."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cases import line, one_item
from trials import Problem

from equipoise.engine.child.progress import Watch
from equipoise.engine.closer.location import extended
from equipoise.engine.highs import Highs
from equipoise.engine.matrix import Floats, Limits, Matrix
from equipoise.engine.points import judged

LIMITS = Limits(30.0, 0.0)


def solved(matrix: Matrix, whole: bool) -> tuple[float, Floats]:
    answer = Highs(matrix, LIMITS, {}, Watch(io.BytesIO(), 60.0), whole=whole).run(30.0)
    assert answer.status == "optimal" and answer.objective is not None and answer.x is not None
    return answer.objective, answer.x


def random_tables(seed: int) -> dict[str, Any]:
    """Two or three items on two lines with set-ups, lost or forbidden; now and then opening stock, receipts, lead times."""
    r = random.Random(seed)
    items, periods = [f"I{n}" for n in range(r.randint(2, 3))], [str(t + 1) for t in range(r.randint(3, 5))]
    lost = r.random() < 0.6
    recipes = [(f"{i}{k}", i, r.randint(5, 60), r.choice([None, None, 1])) for i in items for k in (0, 1)]
    tables: dict[str, Any] = {
        "settings": {"periods": len(periods), "shortage": "lost"},
        "items": {
            "item": items,
            "holding_cost": [r.choice([0, 1, 3]) for _ in items],
            "lost_cost": [r.randint(5, 40) if lost else 1_000 for _ in items],
        },
        "demand": {
            "item": [i for i in items for _ in periods],
            "period": periods * len(items),
            "quantity": [r.choice([0, 3, 8, 15]) for _ in items for _ in periods],
        },
        "recipes": dict(
            zip(("recipe", "item", "setup_cost", "lead_time"), map(list, zip(*recipes, strict=True)), strict=True)
        ),
        "resources": {"resource": ["L0", "L1"], "capacity": [r.randint(15, 40), r.randint(15, 40)]},
        "operations": {
            "recipe": [row[0] for row in recipes],
            "resource": [f"L{row[0][-1]}" for row in recipes],
            "hours": 1,
            "setup_hours": r.choice([0, 4]),
        },
    }
    if r.random() < 0.5:
        tables["stock"] = {"item": items, "opening": [r.choice([0, 5, 12]) for _ in items]}
    if r.random() < 0.3:
        tables["settings"]["integer_periods"] = 2
    if r.random() < 0.3:
        tables["receipts"] = {"item": items[0], "period": periods[1], "quantity": 6}
    return tables


@pytest.mark.parametrize("seed", range(25))
def test_the_same_optimum_and_a_bound_at_least_as_good(seed: int) -> None:
    problem = Problem.of(random_tables(seed))
    wide = extended(problem.matrix, problem.meaning)
    assert wide is not None
    plain, strong = solved(problem.matrix, False)[0], solved(wide, False)[0]
    best, x = solved(problem.matrix, True)
    again, y = solved(wide, True)
    assert again == pytest.approx(best, rel=1e-7, abs=1e-6)
    assert plain - 1e-6 <= strong <= best + 1e-6
    point = judged(problem.matrix, y[: problem.matrix.columns])
    assert point.clean and point.objective == pytest.approx(best, rel=1e-7, abs=1e-6)
    fixed = replace(
        wide,
        lower=np.concatenate(
            [np.where(problem.matrix.integer, np.round(x), problem.matrix.lower), wide.lower[len(x) :]]
        ),
        upper=np.concatenate(
            [np.where(problem.matrix.integer, np.round(x), problem.matrix.upper), wide.upper[len(x) :]]
        ),
    )
    assert solved(fixed, True)[0] == pytest.approx(best, rel=1e-7, abs=1e-6), (
        "the plan of the problem is one of the wide one"
    )


def test_one_item_has_whole_setups_in_the_relaxation() -> None:
    """Demand 10, 10, 10, set-up 15, holding 1: making in 1 and 3 costs 15 + 10 + 15 = 40, and so says the relaxation."""
    tables = one_item(10, 10, 10, **line(1, capacity=100), recipes={"setup_cost": 15})
    problem = Problem.of(tables)
    wide = extended(problem.matrix, problem.meaning)
    assert wide is not None
    assert solved(problem.matrix, True)[0] == pytest.approx(40)
    assert solved(problem.matrix, False)[0] < 39
    assert solved(wide, False)[0] == pytest.approx(40)


def test_a_part_of_a_set_up_is_a_gate_of_no_demand() -> None:
    """From period 2 on a third of a set-up makes the 10 of 30 that are wanted: 15 + 2 * 7.5 less what one period holds, 37.5 in all."""
    tables = one_item(10, 10, 10, recipes={"setup_cost": 15})
    tables["settings"] |= {"integer_periods": 1}
    problem = Problem.of(tables)
    wide = extended(problem.matrix, problem.meaning)
    assert wide is not None
    assert solved(problem.matrix, True)[0] == solved(wide, True)[0] == pytest.approx(37.5)


def test_demand_that_may_wait_is_left_as_it_is() -> None:
    tables = one_item(10, 10, **line(1, capacity=100), recipes={"setup_cost": 15})
    tables["settings"] |= {"shortage": "backorder"}
    tables["items"] |= {"late_cost": 1, "lost_cost": 50}
    problem = Problem.of(tables)
    assert extended(problem.matrix, problem.meaning) is None
