"""Every cost line by hand: what it counts, in which period, with which price."""

from __future__ import annotations

from typing import Any

import pytest
from hand import amounts, case, make, plan, stock

from equipoise.audit import audit
from equipoise.case import Case

TWO = {"periods": 2}


def lines(c: Case, **tables: Any) -> dict[tuple[str, str], float]:
    """What the audit says each line should be: its findings on a plan without costs."""
    found = {}
    for f in audit(c, plan(**tables)).findings:
        if f.rule == "cost_lines":
            line, period = f.where.removeprefix("costs: ").removesuffix(" (amount)").split(", ")
            sign = -1 if "make it -" in f.message else 1
            found[line, period] = sign * f.amount
    return found


def test_making_and_setups() -> None:
    """8 at 2 + 3 for the set-up, then 4 at the calendar's 5 + 7; recipe q is set up but has no price."""
    c = case(
        recipes=[{"recipe": "r", "item": "A", "unit_cost": 2, "setup_cost": 3}, {"recipe": "q", "item": "A"}],
        recipe_calendar=[{"recipe": "r", "period": "2", "unit_cost": 5, "setup_cost": 7}],
    )
    made = [
        make("r", "1", 8, setup=1),
        make("r", "2", 4, setup=1),
        make("r", "3", 0, setup=0),
        make("q", "1", 50, setup=1),
    ]
    assert lines(c, make=made) == {("make", "1"): 16, ("setup", "1"): 3, ("make", "2"): 20, ("setup", "2"): 7}


def test_a_negative_unit_cost_is_a_negative_cost() -> None:
    c = case(recipes=[{"recipe": "r", "item": "A", "unit_cost": -2}])
    assert lines(c, make=[make("r", "1", 8)]) == {("make", "1"): -16}


def test_buying_ordering_and_shipping() -> None:
    """Costs fall in the period of the decision, not of the arrival."""
    c = case(
        sites=[{"site": "N"}, {"site": "S"}],
        items=[{"item": "A"}, {"item": "B"}],
        demand=[{"item": "A", "site": "N", "period": "1", "quantity": 0, "lost_cost": 1}],
        supply=[{"supplier": "s", "item": "A", "site": "N", "unit_cost": 2, "order_cost": 9, "lead_time": 1}],
        supply_calendar=[{"supplier": "s", "item": "A", "site": "N", "period": "2", "unit_cost": 3}],
        lanes=[
            {"origin": "N", "destination": "S", "unit_cost": 0.5},
            {"origin": "N", "destination": "S", "item": "B", "unit_cost": 4},
        ],
    )
    order = {"supplier": "s", "item": "A", "site": "N"}
    buy = [
        {**order, "period": "1", "quantity": 10, "order": 1, "arrival": "2"},
        {**order, "period": "2", "quantity": 10, "order": 1, "arrival": "3"},
    ]
    ship = [{"origin": "N", "destination": "S", "item": i, "period": "2", "quantity": 6, "arrival": "2"} for i in "AB"]
    assert lines(c, buy=buy, ship=ship) == {
        ("purchase", "1"): 20,
        ("order", "1"): 9,
        ("purchase", "2"): 30,
        ("order", "2"): 9,
        ("transport", "2"): 27,
    }


def test_resources_and_crews() -> None:
    """m: 10 hours at 3, 2 of them overtime at 5 more. Crew c: 4 people at 100, one hired at 20, 3 overtime hours at 8;
    in period 2 the wage is 90, hiring 25 and laying off 35. Below the minimum: 1 hour at 6."""
    c = case(
        resources=[
            {"resource": "m", "cost": 3, "overtime": 9, "overtime_cost": 5, "minimum": 1, "minimum_cost": 6},
            {"resource": "n", "crew": "c"},
        ],
        crews=[{"crew": "c", "wage": 100, "overtime_wage": 8, "hire_cost": 20, "layoff_cost": 30}],
        crew_calendar=[{"crew": "c", "period": "2", "wage": 90, "hire_cost": 25, "layoff_cost": 35}],
    )
    capacity = [
        {"resource": "m", "period": "1", "hours": 10, "overtime": 2},
        {"resource": "m", "period": "3", "hours": 0, "below_minimum": 1},
        {"resource": "n", "period": "1", "hours": 10},
    ]
    crew = [
        {"crew": "c", "period": "1", "workers": 4, "hired": 1, "laid_off": 0, "overtime": 3},
        {"crew": "c", "period": "2", "workers": 5, "hired": 2, "laid_off": 1},
        {"crew": "c", "period": "3", "workers": 0, "hired": 0, "laid_off": 5},
    ]
    assert lines(c, capacity=capacity, crew=crew) == {
        ("resource", "1"): 30,
        ("overtime", "1"): 10 + 24,
        ("below_minimum", "3"): 6,
        ("wages", "1"): 400,
        ("hiring", "1"): 20,
        ("wages", "2"): 450,
        ("hiring", "2"): 50,
        ("layoff", "2"): 35,
        ("layoff", "3"): 150,
    }


def test_holding_of_closing_stock() -> None:
    """A: 4 a period, 6 in period 2 by its target; B: 24 % a year of 10, a twelfth of it a month; C: neither."""
    c = case(
        {**TWO, "holding_rate": 0.25},
        items=[{"item": "A", "holding_cost": 4, "value": 99}, {"item": "B", "value": 24}, {"item": "C"}],
        stock_targets=[{"item": "A", "period": "2", "holding_cost": 6}],
    )
    on_hand = stock("A", 3, 5) + stock("B", 8, 2) + stock("C", 7, 7)
    assert lines(c, stock=on_hand) == {("holding", "1"): 12 + 4, ("holding", "2"): 30 + 1}


def test_holding_of_average_stock_counts_the_opening_stock() -> None:
    """(10 + 4) / 2 x 3 = 21, then (4 + 0) / 2 x 5 = 10."""
    c = case(
        {**TWO, "holding_on": "average"},
        items=[{"item": "A", "holding_cost": 3}],
        stock=[{"item": "A", "opening": 10}],
        stock_targets=[{"item": "A", "period": "2", "holding_cost": 5}],
    )
    assert lines(c, stock=stock("A", 4, 0)) == {("holding", "1"): 21, ("holding", "2"): 10}


@pytest.mark.parametrize(
    ("kind", "share"), [("day", 1 / 365), ("week", 1 / 52), ("month", 1 / 12), ("quarter", 1 / 4), ("days", 73 / 365)]
)
def test_the_holding_rate_is_converted_by_the_length_of_a_period(kind: str, share: float) -> None:
    items = [{"item": "A", "value": 100}]
    demand = [{"item": "A", "period": "p", "quantity": 0, "lost_cost": 1}]
    settings = {"holding_rate": 0.5, "periods": None, "period": "week" if kind == "days" else kind}
    days = {"days": 73} if kind == "days" else {}
    c = case(settings, items=items, demand=demand, periods=[{"period": "p", **days}])
    row = {"item": "A", "site": "", "period": "p", "quantity": 8}
    assert lines(c, stock=[row])["holding", "p"] == pytest.approx(8 * 0.5 * 100 * share, rel=1e-12)


def test_penalties_of_stock_and_storage() -> None:
    c = case(
        TWO,
        sites=[{"site": "N", "storage_capacity": 0, "storage_cost": 0.5}],
        demand=[{"item": "A", "site": "N", "period": "1", "quantity": 0, "lost_cost": 1}],
        stock=[
            {
                "item": "A",
                "site": "N",
                "safety": 5,
                "safety_cost": 2,
                "maximum": 1,
                "maximum_cost": 3,
                "final": 9,
                "final_cost": 7,
            }
        ],
    )
    on_hand = stock("A", 2, 4, site="N")
    on_hand[0] |= {"below_safety": 3, "above_maximum": 1, "below_final": 7}
    on_hand[1] |= {"below_safety": 1, "above_maximum": 3, "below_final": 5}
    storage = [
        {"site": "N", "period": "1", "volume": 2, "above": 2},
        {"site": "N", "period": "2", "volume": 4, "above": 4},
    ]
    assert lines(c, stock=on_hand, storage=storage) == {
        ("below_safety", "1"): 6,
        ("below_safety", "2"): 2,
        ("above_maximum", "1"): 3,
        ("above_maximum", "2"): 9,
        ("below_final", "2"): 35,
        ("storage", "1"): 1,
        ("storage", "2"): 2,
    }


def sold(settings: dict[str, Any]) -> Case:
    """A has price 9, lost_cost 6, late_cost 2; its second demand has 11, 7 and 3. B has a price of 5 only."""
    return case(
        {"shortage": "backorder", **settings},
        items=[{"item": "A", "price": 9, "lost_cost": 6, "late_cost": 2}, {"item": "B", "price": 5}],
        stock=[{"item": "A", "backlog": 10}],
        demand=[
            {"item": "A", "period": "1", "quantity": 10},
            {"item": "A", "period": "2", "quantity": 10, "price": 11, "lost_cost": 7, "late_cost": 3},
            {"item": "B", "period": "1", "quantity": 10},
        ],
    )


def ten(table: str, item: str, due: str, period: str) -> dict[str, Any]:
    row = {"item": item, "site": "", "due": due, "period": period}
    return {**row, **({"quantity": 10} if table == "serve" else {"late": 2, "lost": 1})}


SHORT = [
    ten("short", "A", "1", "1"),
    ten("short", "A", "2", "3"),
    ten("short", "B", "1", "2"),
    ten("short", "A", "opening", "1"),
]
SERVE = [
    ten("serve", "A", "1", "1"),
    ten("serve", "A", "2", "3"),
    ten("serve", "B", "1", "1"),
    ten("serve", "A", "opening", "2"),
]


def test_late_and_lost() -> None:
    """In cost mode a blank lost_cost is the price (B), and served demand earns nothing."""
    expected = {("late", "1"): 8, ("lost", "1"): 12, ("late", "3"): 6, ("lost", "3"): 7, ("lost", "2"): 5}
    assert lines(sold({}), short=SHORT, serve=SERVE) == expected


def test_profit_counts_revenue_when_served_and_costs_negative() -> None:
    """Price of the demand's own row, also when late; a blank lost_cost costs nothing (B)."""
    assert lines(sold({"objective": "profit"}), short=SHORT, serve=SERVE) == {
        ("late", "1"): -8,
        ("lost", "1"): -12,
        ("late", "3"): -6,
        ("lost", "3"): -7,
        ("revenue", "1"): 90 + 50,
        ("revenue", "2"): 90,
        ("revenue", "3"): 110,
    }


def test_end_value_is_a_credit_of_the_last_closing_stock_without_final() -> None:
    """A: 3 x 20 at the end; B has a final stock of its own, C no value."""
    tables = {
        "items": [{"item": "A", "value": 20}, {"item": "B", "value": 20}, {"item": "C"}],
        "stock": [{"item": "B", "final": 0}, {"item": "C", "opening": 5}],
    }
    on_hand = stock("A", 9, 3) + stock("B", 4, 4) + stock("C", 5, 5)
    assert lines(case({**TWO, "end_stock": "value"}, **tables), stock=on_hand) == {("end_value", "2"): -60}
    profit = case({**TWO, "end_stock": "value", "objective": "profit"}, **tables)
    assert lines(profit, stock=on_hand) == {("end_value", "2"): 60}
    assert lines(case(TWO, **tables), stock=on_hand) == {}


def test_wrong_and_foreign_amounts_and_the_sum() -> None:
    c = case({"currency": "EUR"}, recipes=[{"recipe": "r", "item": "A", "unit_cost": 2}])
    made = [make("r", "1", 8)]
    costs = [
        {"line": "make", "period": "1", "amount": 15.5},
        {"line": "wages", "period": "2", "amount": 4},
        {"line": "revenue", "period": "2", "amount": 1},
    ]
    assert sorted(amounts(c, plan(make=made, costs=costs), "cost_lines")) == [0.5, 1, 4]
    assert amounts(c, plan(make=made, costs=costs), "objective", 20.5) == []
    assert amounts(c, plan(make=made, costs=costs), "objective", 20) == [0.5]
    assert amounts(c, plan(make=made, costs=costs), "objective") == []
    finding = next(f for f in audit(c, plan(make=made, costs=costs[:1])).findings if f.rule == "cost_lines")
    assert finding.unit == "EUR"
    assert finding.message == "make in 1 is 15.5; the quantities of the plan make it 16, 0.5 EUR differ."
