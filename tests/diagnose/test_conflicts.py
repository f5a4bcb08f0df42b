"""An infeasible case is never bare: the rules that collide are named, none too many, with their cells."""

from __future__ import annotations

import pytest
from cases import case, line, one_item

from equipoise import app
from equipoise.io import read_case, write_case


def codes(plan):
    return [(issue.table, issue.column, issue.cell) for issue in plan.conflicts if issue.code == "hard-rule"]


def planned(tmp_path, **tables):
    """The plan of the case after a trip through a workbook, so that rules have cells."""
    write_case(case(**tables), tmp_path / "case.xlsx")
    return app.plan(read_case(tmp_path / "case.xlsx"))


def test_demand_against_capacity(tmp_path):
    """Proves: 90 + 120 wanted, 100 + 100 hours: both demands and both capacities are needed for the conflict; the demand of 3 is not."""
    plan = planned(tmp_path, **one_item(90, 120, 5, **line(capacity=100)))
    assert plan.status == "infeasible"
    assert plan.objective is None
    assert codes(plan) == [
        ("demand", "quantity", "demand!C2"),
        ("demand", "quantity", "demand!C3"),
        ("resources", "capacity", "resources!B2"),
        ("resources", "capacity", "resources!B2"),
    ]
    assert "keep these 4 rules together" in plan.conflicts[0].message
    assert "90" in plan.conflicts[1].message


def test_stock_limits_against_supply(tmp_path):
    """Proves: final stock 50 with at most 10 a period in 2 periods and nothing demanded: the final stock and both capacities."""
    tables = one_item(0, 0, made=False, supply={"capacity": 10}, stock={"item": "A", "final": 50})
    assert [(t, c) for t, c, _ in codes(planned(tmp_path, **tables))] == [
        ("stock", "final"),
        ("supply", "capacity"),
        ("supply", "capacity"),
    ]


def test_whole_lots_against_a_maximum(tmp_path):
    """Proves: lots of 100 for a demand of 90 leave 10, but at most 5 may be kept: only whole lots make it infeasible."""
    plan = planned(tmp_path, **one_item(90, recipes={"lot_multiple": 100}, stock={"item": "A", "maximum": 5}))
    assert plan.status == "infeasible"
    assert {(t, c) for t, c, _ in codes(plan)} == {
        ("demand", "quantity"),
        ("recipes", "lot_multiple"),
        ("stock", "maximum"),
    }


@pytest.mark.parametrize("relax", ["demand", "capacity"])
def test_relaxing_what_is_named_makes_it_feasible(tmp_path, relax):
    tables = one_item(90, 120, **line(capacity=100))
    if relax == "demand":
        tables["demand"]["quantity"] = [80, 120]
    else:
        tables["resources"]["capacity"] = 105
    assert planned(tmp_path, **tables).status == "optimal"


def test_a_profit_without_limit_is_explained():
    tables = one_item(1, made=False, settings={"end_stock": "value"}, items={"value": 5}, supply={"unit_cost": 1})
    plan = app.plan(case(**tables))
    assert plan.status == "unbounded"
    assert plan.conflicts[0].code == "unbounded"
    assert "end value above the cost" in plan.conflicts[0].message
