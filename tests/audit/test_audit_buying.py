"""Buying and moving."""

from __future__ import annotations

from typing import Any

from hand import amounts, case, plan

from equipoise.case import Case

BOTH = [{"site": "N"}, {"site": "S"}]


def market(calendar: dict[str, Any] | None = None, settings: dict[str, Any] | None = None, **columns: Any) -> Case:
    """Supplier s sells A under the columns, supplier t without any rule; ``calendar`` is the row of s in period 2."""
    return case(
        settings,
        supply=[{"supplier": "s", "item": "A", **columns}, {"supplier": "t", "item": "A"}],
        supply_calendar=[{"supplier": "s", "item": "A", "period": "2", **(calendar or {})}],
    )


def buy(period: str, quantity: float, supplier: str = "s", **columns: Any) -> dict[str, Any]:
    row = {"supplier": supplier, "item": "A", "site": "", "period": period, "quantity": quantity, "arrival": period}
    return {**row, **columns}


def test_buying_needs_an_order() -> None:
    for columns in ({"order_cost": 5}, {"lot_min": 1}):
        rows = [buy("1", 8, order=0), buy("2", 8, order=1), buy("1", 8, "t", order=0)]
        assert amounts(market(**columns), plan(buy=rows), "order_needs_order") == [8]


def test_a_part_of_an_order_allows_that_part_of_a_stated_limit() -> None:
    """Half an order: of 40, 20; of the capacity of 10 in period 2, 5; without a limit, anything."""
    c = market({"capacity": 10}, {"integer_periods": 1}, order_cost=5, lot_max=40)
    rows = [buy("2", 8, order=0.5), buy("3", 24, order=0.5)]
    assert amounts(c, plan(buy=rows), "order_needs_order") == [3, 4]
    free = market({}, {"integer_periods": 1}, order_cost=5)
    assert amounts(free, plan(buy=[buy("2", 800, order=0.01)]), "order_needs_order") == []


def test_lot_rules_of_orders() -> None:
    c = market(lot_min=10, lot_multiple=4, lot_max=14)
    rows = [
        buy("1", 8, order=1, lots=2),
        buy("2", 12, order=1, lots=4),
        buy("3", 16, order=1, lots=4),
        buy("1", 1, "t"),
    ]
    assert amounts(c, plan(buy=rows), "order_minimum") == [2]
    assert amounts(c, plan(buy=rows), "order_multiple") == [4]
    assert amounts(c, plan(buy=rows), "order_maximum") == [2]
    assert amounts(c, plan(buy=[buy("1", 0, order=0), buy("2", 0, order=1)]), "order_minimum") == [10]
    assert amounts(c, plan(buy=[buy("1", 14, order=1, lots=3.5)]), "whole_lots") == [0.5]
    assert amounts(c, plan(buy=[buy("1", 14, order=0.5, lots=3.5)]), "whole_setups") == [0.5]


def test_supplier_capacity_by_period() -> None:
    c = market({"capacity": 6}, capacity=10)
    rows = [buy("1", 11), buy("2", 11), buy("3", 10), buy("2", 99, "t")]
    assert amounts(c, plan(buy=rows), "supplier_capacity") == [1, 5]


def test_arrival_of_orders_and_transfers() -> None:
    c = market(lead_time=1)
    rows = [buy("1", 5, arrival="2"), buy("2", 5), buy("3", 5, arrival=None), buy("3", 5, "t")]
    assert amounts(c, plan(buy=rows), "arrival") == [1, 5]


def test_whole_orders_and_transfers() -> None:
    c = case(
        items=[{"item": "A", "whole": 1}],
        sites=BOTH,
        demand=[{"item": "A", "site": "N", "period": "1", "quantity": 0, "lost_cost": 1}],
        supply=[{"supplier": "s", "item": "A", "site": "N"}],
        lanes=[{"origin": "N", "destination": "S"}],
    )
    ship = [{"origin": "N", "destination": "S", "item": "A", "period": "1", "quantity": 1.75, "arrival": "1"}]
    assert amounts(c, plan(buy=[buy("1", 2.5, site="N")], ship=ship), "whole_units") == [0.5, 0.25]


def test_lanes_are_shared_but_for_items_with_a_row_of_their_own() -> None:
    """The lane carries 10 of B and C together; A has a row of its own with 4 and a lead time of 1. Back from S nothing is limited."""
    c = case(
        items=[{"item": "A"}, {"item": "B"}, {"item": "C"}],
        sites=BOTH,
        demand=[{"item": "A", "site": "N", "period": "1", "quantity": 0, "lost_cost": 1}],
        lanes=[
            {"origin": "N", "destination": "S", "capacity": 10},
            {"origin": "N", "destination": "S", "item": "A", "capacity": 4, "lead_time": 1},
            {"origin": "S", "destination": "N"},
        ],
    )

    def ship(item: str, quantity: float, period: str = "1", **columns: str) -> dict[str, Any]:
        row = {
            "origin": "N",
            "destination": "S",
            "item": item,
            "period": period,
            "quantity": quantity,
            "arrival": period,
        }
        return {**row, **columns}

    right = [
        ship("A", 4, arrival="2"),
        ship("B", 7),
        ship("C", 3),
        ship("B", 10, "2"),
        ship("C", 99, origin="S", destination="N"),
    ]
    assert amounts(c, plan(ship=right), "lane_capacity") == []
    assert amounts(c, plan(ship=right), "arrival") == []
    wrong = [ship("A", 6), ship("B", 7), ship("C", 4.5), ship("B", 9, "2")]
    assert sorted(amounts(c, plan(ship=wrong), "lane_capacity")) == [1.5, 2]
    assert amounts(c, plan(ship=wrong), "arrival") == [1]
    none = ship("A", 1, origin="S", destination="S")
    assert amounts(c, plan(ship=[none]), "known_rows") == [1]
