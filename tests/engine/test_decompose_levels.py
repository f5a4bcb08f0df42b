"""The bound by items where items are made from items, and where units may wait."""

from __future__ import annotations

from typing import Any

import pytest
from cases import one_item
from drawn_lots import Tables
from taken_apart import all_drawn, apart, cheapest_pattern, optimum, raised


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


def test_levels_leave_the_problem_as_it_is() -> None:
    """Echelons, columns for receipts and rows for gates: the same optimum."""
    changed = [(found, best) for matrix, found, best in all_drawn() if found.matrix.rows > matrix.rows]
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
