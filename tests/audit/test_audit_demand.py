"""Demand: what is served, waits and is given up."""

from __future__ import annotations

from typing import Any

import pytest
from hand import amounts, case, plan

from equipoise.audit import audit
from equipoise.case import Case

RULE = "demand_is_served_or_lost"


def serve(due: str, period: str, quantity: float, item: str = "A", customer: str | None = None) -> dict[str, Any]:
    return {"item": item, "site": "", "customer": customer, "due": due, "period": period, "quantity": quantity}


def short(due: str, period: str, late: float, lost: float = 0.0, item: str = "A") -> dict[str, Any]:
    return {"item": item, "site": "", "due": due, "period": period, "late": late, "lost": lost}


def wanted(settings: dict[str, Any] | None = None, **columns: Any) -> Case:
    """10 of A due in period 1, 2 or 3 (column ``period``), backorder unless the settings say otherwise."""
    demand = [{"item": "A", "period": "1", "quantity": 10, "lost_cost": 5, "late_cost": 1, **columns}]
    return case({"shortage": "backorder", **(settings or {})}, demand=demand)


def test_every_unit_is_served_waits_or_is_given_up() -> None:
    """10 wanted: 6 served, 4 wait, 3 of them served in period 2, 1 given up in period 3."""
    right = {
        "serve": [serve("1", "1", 6), serve("1", "2", 3)],
        "short": [short("1", "1", 4), short("1", "2", 1), short("1", "3", 0, 1)],
    }
    assert amounts(wanted(), plan(**right), RULE) == []
    less = {**right, "serve": [serve("1", "1", 5.5), serve("1", "2", 3)]}
    assert amounts(wanted(), plan(**less), RULE) == [0.5]
    forgotten = {**right, "short": right["short"][:2]}
    assert amounts(wanted(), plan(**forgotten), RULE) == [1]
    assert amounts(wanted(), plan(), RULE) == [10]


def test_a_customer_and_another_item_do_not_count() -> None:
    rows = [
        {"item": "A", "period": "1", "quantity": 10, "lost_cost": 5, "customer": "X"},
        {"item": "A", "period": "1", "quantity": 4, "lost_cost": 5},
    ]
    c = case(demand=rows)
    assert amounts(c, plan(serve=[serve("1", "1", 10, customer="X"), serve("1", "1", 4)]), RULE) == []
    assert amounts(c, plan(serve=[serve("1", "1", 4, customer="X"), serve("1", "1", 10)]), RULE) == [6, 6]


def test_lost_sales_are_served_in_their_period_or_lost() -> None:
    c = wanted({"shortage": "lost"}, period="2")
    right = plan(serve=[serve("2", "2", 7)], short=[short("2", "2", 0, 3)])
    assert audit(c, right).findings[0].rule == "stock_is_complete"  # nothing but the stock is missing
    assert {f.rule for f in audit(c, right).findings} == {"stock_is_complete", "cost_lines"}
    late = plan(serve=[serve("2", "2", 7), serve("2", "3", 3)], short=[short("2", "2", 3)])
    assert amounts(c, late, "served_in_its_window") == [3, 3]  # served in 3, waiting at the end of 2
    early = plan(serve=[serve("2", "1", 3), serve("2", "2", 7)])
    assert amounts(c, early, "served_in_its_window") == [3]
    assert amounts(c, early, RULE) == [3]


def test_the_window_of_a_backorder_ends_after_max_late_periods() -> None:
    """Due in 1 with max_late 1: served by 2 or given up by 2; none may wait at the end of 2."""
    c = wanted(max_late=1)
    right = plan(serve=[serve("1", "2", 8)], short=[short("1", "1", 10), short("1", "2", 0, 2)])
    assert amounts(c, right, "served_in_its_window") == []
    waits = plan(serve=[serve("1", "2", 8)], short=[short("1", "1", 10), short("1", "2", 2), short("1", "3", 0, 2)])
    assert amounts(c, waits, "served_in_its_window") == [2, 2]
    served = plan(serve=[serve("1", "3", 2)])
    assert amounts(c, served, "served_in_its_window") == [2]
    item = case(
        {"shortage": "backorder"},
        items=[{"item": "A", "max_late": 1}, {"item": "B"}],
        demand=[{"item": i, "period": "1", "quantity": 10, "lost_cost": 5, "late_cost": 1} for i in "AB"],
    )
    both = plan(serve=[serve("1", "3", 2), serve("1", "3", 2, item="B")])
    assert amounts(item, both, "served_in_its_window") == [2]


def test_the_opening_backlog_is_due_before_the_first_period() -> None:
    """4 from before the start with max_late 2: the window ends with period 2."""
    c = case(
        {"shortage": "backorder"},
        items=[{"item": "A", "lost_cost": 5, "late_cost": 1, "max_late": 2}],
        stock=[{"item": "A", "backlog": 4}],
    )
    right = plan(serve=[serve("opening", "2", 3)], short=[short("opening", "1", 4), short("opening", "2", 0, 1)])
    assert amounts(c, right, RULE) == []
    assert amounts(c, right, "served_in_its_window") == []
    assert amounts(c, plan(), RULE) == [4]
    late = plan(serve=[serve("opening", "3", 4)], short=[short("opening", "1", 4), short("opening", "2", 4)])
    assert amounts(c, late, "served_in_its_window") == [4, 4]
    demand_is_no_backlog = plan(serve=[serve("1", "1", 4)])
    assert amounts(c, demand_is_no_backlog, RULE) == [4, 4]


def test_the_backlog_with_no_window_left_is_given_up_at_once() -> None:
    c = case(
        {"shortage": "backorder"},
        items=[{"item": "A", "lost_cost": 5, "late_cost": 1, "max_late": 0}],
        stock=[{"item": "A", "backlog": 4}],
    )
    right = plan(short=[short("opening", "1", 0, 4)])
    assert amounts(c, right, RULE) == []
    assert amounts(c, right, "served_in_its_window") == []
    assert amounts(c, plan(serve=[serve("opening", "1", 4)]), "served_in_its_window") == [4]


@pytest.mark.parametrize(
    ("rule", "max_late", "waits", "gives_up"),
    [
        ("lost", None, [4], []),
        ("forbidden", None, [4], [4]),
        ("forbidden", 1, [4], [4]),  # its window reaches the last period
        ("forbidden", 0, [4], []),  # its window closed before
        ("forbidden", 2, [4], [4]),
        ("allowed", None, [], []),
    ],
)
def test_the_end_of_the_horizon(rule: str, max_late: int | None, waits: list[float], gives_up: list[float]) -> None:
    """10 due in period 2 of 3, 6 served; the other 4 wait at the end, or are given up in period 3."""
    c = wanted({"final_backlog": rule}, period="2", max_late=max_late)
    waiting = plan(serve=[serve("2", "2", 6)], short=[short("2", "2", 4), short("2", "3", 4)])
    given_up = plan(serve=[serve("2", "2", 6)], short=[short("2", "2", 4), short("2", "3", 0, 4)])
    assert amounts(c, waiting, "backlog_at_the_end") == waits
    assert amounts(c, given_up, "backlog_at_the_end") == gives_up


def test_nothing_is_lost_where_shortage_is_forbidden() -> None:
    c = wanted({"shortage": "forbidden"})
    assert amounts(c, plan(serve=[serve("1", "1", 7)], short=[short("1", "1", 0, 3)]), "lost_only_where_allowed") == [3]
    lost = wanted({"shortage": "lost"})
    assert (
        amounts(lost, plan(serve=[serve("1", "1", 7)], short=[short("1", "1", 0, 3)]), "lost_only_where_allowed") == []
    )


def test_nothing_is_lost_that_has_no_cost_of_losing_it() -> None:
    """A has no lost_cost and no price, so none may be given up; B has a price, C a lost_cost. In profit mode losing is free."""
    items = [{"item": "A"}, {"item": "B", "price": 9}, {"item": "C", "lost_cost": 0}]
    demand = [{"item": i, "period": "1", "quantity": 3} for i in "ABC"]
    lost = plan(short=[short("1", "1", 0, 3, item=i) for i in "ABC"])
    assert amounts(case(items=items, demand=demand), lost, "lost_only_where_allowed") == [3]
    profit = case({"objective": "profit"}, items=items, demand=demand)
    assert amounts(profit, lost, "lost_only_where_allowed") == []
