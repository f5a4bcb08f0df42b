"""Stock: the balance and the limits. Each test spoils one thing and expects one exact amount."""

from __future__ import annotations

import pytest
from hand import amounts, case, make, plan, stock

from equipoise.audit import audit

TWO_SITES = [{"site": "N"}, {"site": "S"}]
AT_NORTH = [{"item": "A", "site": "N", "period": "1", "quantity": 0, "lost_cost": 1}]


def test_balance_counts_opening_receipts_and_deliveries() -> None:
    """10 + 4 received - 6 served = 8; the plan says 9.5, so 1.5 differ in period 1 and again in period 2."""
    c = case(
        demand=[{"item": "A", "period": "1", "quantity": 6, "lost_cost": 1}],
        stock=[{"item": "A", "opening": 10}],
        receipts=[
            {"item": "A", "period": "1", "quantity": 3, "reference": "x"},
            {"item": "A", "period": "1", "quantity": 1, "reference": "y"},
        ],
    )
    serve = [{"item": "A", "site": "", "due": "1", "period": "1", "quantity": 6}]
    assert amounts(c, plan(stock=stock("A", 8, 8, 8), serve=serve), "balance") == []
    assert amounts(c, plan(stock=stock("A", 9.5, 8, 8), serve=serve), "balance") == [1.5, 1.5]


def test_balance_of_making_counts_yield_lead_time_scrap_and_calendar() -> None:
    """20 made in period 1 arrive in 2: 20 x 0.9 = 18 (the recipe's yield); 10 made in 2 arrive in 3: 10 x 0.5 (the calendar's).

    The component loses 20 x 2 x 1.25 = 50 in period 1 and 25 in period 2; item C is nobody's component and stays.
    """
    c = case(
        items=[{"item": "A"}, {"item": "B"}, {"item": "C"}],
        stock=[{"item": "B", "opening": 100}, {"item": "C", "opening": 7}],
        recipes=[{"recipe": "r", "item": "A", "lead_time": 1, "yield": 0.9}],
        recipe_calendar=[{"recipe": "r", "period": "2", "yield": 0.5}],
        components=[{"recipe": "r", "component": "B", "quantity": 2, "scrap": 0.25}],
    )
    made = [make("r", "1", 20, arrival="2", output=18), make("r", "2", 10, arrival="3", output=5)]
    right = stock("A", 0, 18, 23) + stock("B", 50, 25, 25) + stock("C", 7, 7, 7)
    assert audit(c, plan(make=made, stock=right)).findings == ()
    wrong = stock("A", 0, 18, 28) + stock("B", 60, 35, 35) + stock("C", 7, 7, 7)
    assert amounts(c, plan(make=made, stock=wrong), "balance") == [5, 10]


def test_balance_of_buying_and_shipping_counts_lead_times_and_sites() -> None:
    """8 bought in 1 for N arrive in 2; 5 shipped from N in 2 arrive at S in 3."""
    c = case(
        sites=TWO_SITES,
        demand=AT_NORTH,
        supply=[{"supplier": "s", "item": "A", "site": "N", "lead_time": 1}],
        lanes=[{"origin": "N", "destination": "S", "lead_time": 1}],
    )
    buy = [{"supplier": "s", "item": "A", "site": "N", "period": "1", "quantity": 8, "arrival": "2"}]
    ship = [{"origin": "N", "destination": "S", "item": "A", "period": "2", "quantity": 5, "arrival": "3"}]
    right = stock("A", 0, 3, 3, site="N") + stock("A", 0, 0, 5, site="S")
    assert audit(c, plan(buy=buy, ship=ship, stock=right)).findings == ()
    wrong = stock("A", 8, 3, 3, site="N") + stock("A", 0, 5, 5, site="S")
    assert amounts(c, plan(buy=buy, ship=ship, stock=wrong), "balance") == [8, 8, 5, 5]


def test_stock_below_zero() -> None:
    c = case(stock=[{"item": "A", "opening": 2}])
    assert amounts(c, plan(stock=stock("A", 2, -3, 2)), "non_negative") == [3]


def test_an_item_without_stock_and_movements_needs_no_rows() -> None:
    c = case(items=[{"item": "A"}, {"item": "B"}], stock=[{"item": "A", "opening": 2}, {"item": "B", "maximum": 5}])
    assert audit(c, plan(stock=stock("A", 2, 2, 2))).findings == ()


def test_missing_stock_rows_are_findings() -> None:
    c = case(stock=[{"item": "A", "opening": 2}])
    report = audit(c, plan(stock=stock("A", 2, 2)))
    assert [(f.rule, f.amount, f.unit, f.where) for f in report.findings] == [
        ("stock_is_complete", 1, "rows", "stock: A, 3 (quantity)")
    ]
    assert len(audit(c, {}).findings) == 3


@pytest.mark.parametrize(
    ("row", "target", "rule", "expected"),
    [
        ({"safety": 5}, {}, "safety_stock", [2]),  # 6, 3, 5 on hand: 2 short in period 2
        ({"safety": 5}, {"safety": 8}, "safety_stock", [2, 3]),  # the target of period 3 asks for 8
        ({"safety": 5}, {"safety": 0}, "safety_stock", [2]),  # a zero target switches it off in period 3
        ({"maximum": 4}, {}, "maximum_stock", [2, 1]),
        ({"maximum": 4}, {"maximum": 4.5}, "maximum_stock", [2, 0.5]),
        ({"final": 5.5}, {}, "final_stock", [0.5]),
    ],
)
def test_hard_limits(row: dict[str, float], target: dict[str, float], rule: str, expected: list[float]) -> None:
    """The other item has no limit and must not count."""
    c = case(
        items=[{"item": "A"}, {"item": "B"}],
        stock=[{"item": "A", **row}],
        stock_targets=[{"item": "A", "period": "3", **target}],
    )
    on_hand = stock("A", 6, 3, 5) + stock("B", 0, 100, 0)
    assert amounts(c, plan(stock=on_hand), rule) == expected


@pytest.mark.parametrize(
    ("row", "column", "shown", "rule", "expected"),
    [
        ({"safety": 5, "safety_cost": 1}, "below_safety", (0, 2, 0), "safety_stock", []),
        ({"safety": 5, "safety_cost": 1}, "below_safety", (0, 1.5, 0), "safety_stock", [0.5]),
        ({"safety": 5, "safety_cost": 1}, "below_safety", (0, 3, 0.25), "safety_stock", [1, 0.25]),
        ({"safety": 5, "safety_cost": 1}, "below_safety", (None, None, None), "safety_stock", [2]),
        ({"safety": 3}, "below_safety", (0, 0.5, 0), "safety_stock", [0.5]),  # hard: nothing to show
        ({"maximum": 4, "maximum_cost": 0}, "above_maximum", (2, 0, 1), "maximum_stock", []),
        ({"maximum": 4, "maximum_cost": 0}, "above_maximum", (2, 0, 0), "maximum_stock", [1]),
        ({}, "above_maximum", (0, 0, 1), "maximum_stock", [1]),
        ({"final": 8, "final_cost": 2}, "below_final", (None, None, 3), "final_stock", []),
        ({"final": 8, "final_cost": 2}, "below_final", (None, 3, 2), "final_stock", [3, 1]),
    ],
)
def test_priced_limits_show_the_miss_exactly(
    row: dict[str, float], column: str, shown: tuple[float | None, ...], rule: str, expected: list[float]
) -> None:
    c = case(stock=[{"item": "A", **row}])
    rows = stock("A", 6, 3, 5)
    for one, value in zip(rows, shown, strict=True):
        one[column] = value
    assert amounts(c, plan(stock=rows), rule) == expected


def test_end_stock_opening_holds_where_final_is_blank() -> None:
    """A must close with its opening 4; B has a final of its own, 1, and C began empty."""
    items = [{"item": "A"}, {"item": "B"}, {"item": "C"}]
    rows = [{"item": "A", "opening": 4}, {"item": "B", "opening": 4, "final": 1}, {"item": "C"}]
    c = case({"end_stock": "opening"}, items=items, stock=rows)
    closing = stock("A", 4, 4, 3) + stock("B", 4, 4, 1) + stock("C", 0, 0, 0)
    assert amounts(c, plan(stock=closing), "final_stock") == [1]
    none = case(items=items, stock=rows)
    assert amounts(none, plan(stock=closing), "final_stock") == []


def test_storage_is_shared_by_volume() -> None:
    """4 x 2.5 + 3 x 1 (blank) = 13 at N, capacity 12: 1 above; S has no capacity."""
    c = case(
        items=[{"item": "A", "volume": 2.5}, {"item": "B"}],
        sites=[{"site": "N", "storage_capacity": 12}, {"site": "S"}],
        demand=AT_NORTH,
    )
    on_hand = stock("A", 4, 0, 0, site="N") + stock("B", 3, 0, 0, site="N") + stock("A", 99, 99, 99, site="S")
    room = {"site": "N", "period": "1"}
    assert amounts(c, plan(stock=on_hand, storage=[{**room, "volume": 13}]), "storage_capacity") == [1]
    assert amounts(c, plan(stock=on_hand, storage=[{**room, "volume": 11}]), "storage_capacity") == [2]
    assert amounts(c, plan(stock=on_hand), "storage_capacity") == [13]


def test_priced_storage_shows_what_is_above() -> None:
    c = case(sites=[{"site": "N", "storage_capacity": 12, "storage_cost": 3}], demand=AT_NORTH)
    on_hand = stock("A", 13, 5, 0, site="N")
    rows = [{"site": "N", "period": "1", "volume": 13, "above": 1}, {"site": "N", "period": "2", "volume": 5}]
    assert amounts(c, plan(stock=on_hand, storage=rows), "storage_capacity") == []
    rows[0]["above"] = 0.25
    rows[1]["above"] = 0.5
    assert amounts(c, plan(stock=on_hand, storage=rows), "storage_capacity") == [0.75, 0.5]
