"""Solving a case again without building it: the same answer as from a changed case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cases import case, one_item

from equipoise import solve
from equipoise.audit import audit
from equipoise.errors import DataError, ModelError
from equipoise.solve import Options

OPTIONS = Options(time_limit=20, gap=0.0, threads=1, seed=0)


def workshop(capacity: float = 16, **more: Any) -> dict[str, Any]:
    """Ten chairs are wanted, then 25, then 10; the workshop makes 16 a period; a set-up costs 10."""
    return {
        "settings": {"periods": 3},
        "items": {"item": "chair", "holding_cost": 2, "lost_cost": 80},
        "demand": {"item": "chair", "period": ["1", "2", "3"], "quantity": [10, 25, 10]},
        "resources": {"resource": "workshop", "capacity": capacity},
        "recipes": {"recipe": "build", "item": "chair", "unit_cost": 30, "setup_cost": 10},
        "operations": {"recipe": "build", "resource": "workshop", "hours": 1},
        **more,
    }


def test_narrower_rows_give_the_plan_of_the_narrower_case() -> None:
    """19 a period: all 45 are made, 6 kept: 1350 + 12 + 30 for set-ups. 16: 42 chairs for 1260, 6 kept for 12, 3 lost for 240, and 30."""
    ready = solve.prepare(case(**workshop(19)))
    assert ready.solve(OPTIONS).objective == pytest.approx(1350 + 12 + 30)
    least, most = ready.limits("capacity", "workshop", "1")
    assert most == 19
    narrower = ready.with_limits({("capacity", "workshop", t): (least, 16) for t in "123"})
    plan = narrower.solve(OPTIONS, audit=audit)
    assert plan.objective == pytest.approx(1260 + 12 + 240 + 30)
    other = solve.solve(case(**workshop(16)), OPTIONS)
    assert plan.objective == pytest.approx(other.objective)
    assert plan.cost_lines == pytest.approx(other.cost_lines)
    assert plan.audit is not None
    assert plan.audit.passed
    assert ready.limits("capacity", "workshop", "1")[1] == 19, "the first one stays as it is"
    assert "build" not in plan.record.seconds
    assert "build" in ready.solve(OPTIONS).record.seconds


def test_a_column_held_is_held() -> None:
    ready = solve.prepare(case(**workshop()), every_plan=True)
    held = ready.with_limits({("make", "build", "1"): (12, 12), ("setup", "build", "3"): (0, 0)})
    plan = held.solve(OPTIONS, audit=audit)
    made = dict(zip(plan.tables["make"]["period"], plan.tables["make"]["quantity"], strict=True))
    assert made == {"1": 12, "2": 16}
    assert plan.objective == pytest.approx(28 * 30 + 2 * 2 + 17 * 80 + 2 * 10)
    assert plan.audit is not None
    assert plan.audit.passed, "what is held keeps all rules of the case"


def test_a_plan_known_is_where_the_next_solve_begins() -> None:
    ready = solve.prepare(case(**workshop()))
    first = ready.solve(OPTIONS)
    again = ready.with_limits({("make", "build", "2"): (0, 10)}).solve(OPTIONS, start=first.tables)
    assert any("begin from that was given" in step for step in again.record.steps)
    assert again.objective == pytest.approx(
        ready.with_limits({("make", "build", "2"): (0, 10)}).solve(OPTIONS).objective
    )


def test_what_is_asked_for_beyond_any_use_is_made() -> None:
    """50 in stock where 10 are wanted: 60 * 0 + 5 + 50. Without ``every_plan`` the model has no room for them, and says so."""
    tables = one_item(10, recipes={"setup_cost": 5, "lot_max": 80})
    asked = {("stock", "A", "", "1"): (50.0, float("inf"))}
    held = solve.prepare(case(**tables), every_plan=True).with_limits(asked).solve(OPTIONS)
    same = solve.solve(case(**tables, stock={"item": "A", "safety": 50}), OPTIONS)
    assert held.objective == pytest.approx(55)
    assert same.objective == pytest.approx(55)
    with pytest.raises(ModelError, match=r"stock\(A, , 1\): 50 to inf may call for more .* every_plan=True"):
        solve.prepare(case(**tables)).with_limits(asked)
    unlimited = case(**one_item(10, recipes={"setup_cost": 5}))
    with pytest.raises(DataError, match=r"nothing limits its quantity\. Give it a capacity or a lot_max\."):
        solve.prepare(unlimited, every_plan=True)


def test_less_room_for_a_component_is_refused_where_more_of_the_product_could_be_made_of_it() -> None:
    """100 C are there and 1 P is wanted; with room for 20 C, 80 P are made and 79 kept at 1: 79."""
    tables: dict[str, Any] = {
        "settings": {"periods": 1, "shortage": "forbidden"},
        "items": {"item": ["P", "C"], "holding_cost": [1, 0]},
        "demand": {"item": "P", "period": "1", "quantity": 1},
        "recipes": {"recipe": "m", "item": "P"},
        "components": {"recipe": "m", "component": "C", "quantity": 1},
        "stock": {"item": "C", "opening": 100},
    }
    room = {("stock", "C", "", "1"): (0.0, 20.0)}
    assert solve.prepare(case(**tables), every_plan=True).with_limits(room).solve(OPTIONS).objective == pytest.approx(
        79
    )
    with pytest.raises(ModelError, match="every_plan=True"):
        solve.prepare(case(**tables)).with_limits(room)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({("make", "build", "9"): (0, 1)}, r"no column and no row make\(build, 9\)"),
        ({("nothing",): (0, 1)}, "no column and no row nothing"),
        ({("make", "build", "1"): (2, 1)}, r"make\(build, 1\): 2 to 1 leaves nothing"),
        ({("make", "build", "1"): (float("nan"), 1)}, "leaves nothing"),
        ({("make", "build", "1"): (-1, 1)}, r"-1 to 1 is wider than 0 to 16.*change the case"),
        ({("capacity", "workshop", "2"): (-float("inf"), 17)}, r"17 is wider than .* to 16, .*change the case"),
    ],
)
def test_limits_that_make_no_sense_are_refused(changes: Any, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        solve.prepare(case(**workshop())).with_limits(changes)


@pytest.mark.parametrize(
    ("name", "value"),
    [("gap", float("nan")), ("time_limit", float("inf")), ("seed", -1), ("seed", 2_000_000_001), ("threads", 0)],
)
def test_options_are_finite_numbers(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} is"):
        replace(OPTIONS, **{name: value})
