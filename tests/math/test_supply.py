"""Hand-worked optima of purchases, orders and lanes."""

import pytest
from cases import case, one_item

from equipoise.errors import DataError


def test_supplier_capacity(best):
    """Proves: 8 a period: demand 4, 10 at price 5: 6 and 8, 2 kept -> 70 + 2 = 72. Sensitivity: 70."""
    assert best(**one_item(4, 10, made=False, supply={"unit_cost": 5, "capacity": 8})).objective == pytest.approx(72)


def test_supplier_capacity_and_price_by_period(best):
    """Proves: period 2 has capacity 3 at 5.5. Demand 4, 10: 11 at 5, 7 of them kept, 3 at 5.5 -> 55 + 7 + 16.5 = 78.5; all at 5: 80."""
    tables = one_item(4, 10, made=False, supply={"unit_cost": 5})
    tables["supply_calendar"] = {"supplier": "S", "item": "A", "period": "2", "capacity": 3, "unit_cost": 5.5}
    assert best(**tables).objective == pytest.approx(11 * 5 + 7 + 3 * 5.5)


def test_order_maximum(best):
    """Proves: 8 an order: demand 4, 10: 2 kept -> 2. Sensitivity: 0."""
    assert best(**one_item(4, 10, made=False, supply={"lot_max": 8})).objective == pytest.approx(2)


def test_order_needs_order(best):
    """Proves: an order costs 30: demand 10, 10 at hold 2: one order, 10 kept -> 50, not 60. Sensitivity: 0."""
    plan = best(**one_item(10, 10, hold=2, made=False, supply={"order_cost": 30}))
    assert plan.objective == pytest.approx(50)
    assert plan.tables["buy"]["order"].tolist() == [1.0]


def test_order_minimum(best):
    """Proves: at least 15: demand 10 at price 1: 15 + 5 kept -> 20. Sensitivity: 10."""
    assert best(**one_item(10, made=False, supply={"lot_min": 15, "unit_cost": 1})).objective == pytest.approx(20)


def test_order_multiple(best):
    """Proves: lots of 6: demand 10 at price 1: 12 + 2 kept -> 14. Sensitivity: 10."""
    assert best(**one_item(10, made=False, supply={"lot_multiple": 6, "unit_cost": 1})).objective == pytest.approx(14)


def test_make_or_buy(best):
    """Proves: 10 wanted, bought at 4 or made at 3 up to 6 -> 18 + 16 = 34."""
    tables = one_item(10, recipes={"unit_cost": 3, "lot_max": 6}, supply={"supplier": "S", "item": "A", "unit_cost": 4})
    assert best(**tables).objective == pytest.approx(34)


def two_sites(**lanes: object) -> dict[str, object]:
    return {
        "settings": {"periods": 2, "shortage": "forbidden"},
        "items": {"item": ["A", "B"], "holding_cost": 1},
        "sites": {"site": ["plant", "shop"]},
        "demand": {"item": "A", "site": "shop", "period": "2", "quantity": 10},
        "supply": {"supplier": "S", "item": ["A", "A"], "site": ["plant", "shop"], "unit_cost": [1, 10]},
        "lanes": {"origin": "plant", "destination": "shop", **lanes},
    }


def test_lane_capacity(best):
    """Proves: 6 go by the lane at 1 + 2, 4 are bought at the shop at 10 -> 58. Sensitivity: no limit -> 30; lane free -> 46."""
    tables = two_sites(unit_cost=2, capacity=6)
    tables["lanes"]["lead_time"] = 0
    tables["items"]["holding_cost"] = 100
    assert best(**tables).objective == pytest.approx(58)


def test_lane_lead_time(best):
    """Proves: sent in period 1, there in period 2, nothing held on the way: 10 * 3 -> 30; sent on 1 only."""
    plan = best(**two_sites(unit_cost=2, lead_time=1))
    assert plan.objective == pytest.approx(30)
    assert plan.tables["ship"][["period", "arrival"]].to_numpy().tolist() == [["1", "2"]]


def test_lane_capacity_is_shared_unless_an_item_has_its_own_row(best):
    """Proves: A and B share 6: of 5 + 5, 4 are bought at the shop at 10: 6 * 1 + 40 -> 46; B on a row of its own: 10."""
    tables = two_sites(capacity=6)
    tables["items"]["holding_cost"] = 100
    tables["demand"] = {"item": ["A", "B"], "site": "shop", "period": "2", "quantity": 5}
    tables["supply"] = {
        "supplier": "S",
        "item": ["A", "A", "B", "B"],
        "site": ["plant", "shop"] * 2,
        "unit_cost": [1, 10, 1, 10],
    }
    assert best(**tables).objective == pytest.approx(46)
    tables["lanes"] = {"origin": "plant", "destination": "shop", "item": [None, "B"], "capacity": [6, None]}
    assert best(**tables).objective == pytest.approx(10)


def test_an_order_without_any_limit_that_earns_is_refused():
    """Proves: an order cost, an end value above the price and no limit: no safe bound exists, and the case says so."""
    from equipoise.app import plan

    tables = one_item(
        10, made=False, settings={"end_stock": "value"}, items={"value": 5}, supply={"unit_cost": 1, "order_cost": 3}
    )
    with pytest.raises(DataError, match="nothing limits its quantity"):
        plan(case(**tables))
