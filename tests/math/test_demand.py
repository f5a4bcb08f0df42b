"""Hand-worked optima of demand: served, late, lost."""

import pytest
from cases import case, exact, line, one_item


def test_balance_carries_stock(best):
    """Proves: what is not served stays in stock. Demand 5, 20 with 15 a period: 5 are made ahead and kept once at 2 -> 10.

    Sensitivity: no holding posted -> 0; stock not carried -> infeasible.
    """
    assert best(**one_item(5, 20, hold=2, **line(capacity=15))).objective == pytest.approx(10)


def test_balance_uses_components_scrap_and_yield(best):
    """Proves: 4 units at yield 0.5 need 8 gross; each takes 2 * (1 + 0.5) = 3 of C at price 1 -> 24.

    Sensitivity: no yield -> 12; no scrap -> 16.
    """
    tables = one_item(
        4,
        items={"item": ["A", "C"], "holding_cost": 1},
        recipes={"yield": 0.5},
        components={"recipe": "mA", "component": "C", "quantity": 2, "scrap": 0.5},
        supply={"supplier": "S", "item": "C", "unit_cost": 1},
    )
    assert best(**tables).objective == pytest.approx(24)


def test_balance_shifts_lead_times_and_counts_receipts(best):
    """Proves: an order takes one period. Opening 2, receipt 1 in period 1, demand 3, 4: 4 ordered in period 1 at 5 -> 20.

    Sensitivity: no lead time -> the same 20 but ordered in 2; receipt ignored -> infeasible.
    """
    tables = one_item(
        3,
        4,
        made=False,
        supply={"unit_cost": 5, "lead_time": 1},
        stock={"item": "A", "opening": 2},
        receipts={"item": "A", "period": "1", "quantity": 1},
    )
    plan = best(**tables)
    assert plan.objective == pytest.approx(20)
    assert plan.tables["buy"][["period", "arrival"]].to_numpy().tolist() == [["1", "2"]]


def test_holding_on_average_stock(best):
    """Proves: the mean of opening and closing stock pays. Demand 5, 20 at 15 a period: 5 kept from 1 to 2: (0+5)/2 + (5+0)/2 at 2 -> 10;
    with 4 in stock at the start: (4+5)/2 + 5/2 -> 7 * 2 = 14.

    Sensitivity: on closing stock only both are 10.
    """
    base = one_item(5, 20, hold=2, settings={"holding_on": "average"}, **line(capacity=15))
    assert best(**base).objective == pytest.approx(10)
    assert best(**base, stock={"item": "A", "opening": 4}).objective == pytest.approx(14)


def test_holding_rate_a_year(best):
    """Proves: 0.24 a year on a value of 100 is 2 a month. Demand 5, 20 at 15 a month -> 5 * 2 = 10; 73 days: 24 * 73 / 365 = 4.8."""
    tables = one_item(
        5, 20, settings={"holding_rate": 0.24}, items={"value": 100, "holding_cost": None}, **line(capacity=15)
    )
    assert best(**tables).objective == pytest.approx(10)
    dated = {**tables, "periods": {"period": ["1", "2"], "days": 73}}
    assert best(**dated).objective == pytest.approx(5 * 4.8)


def test_demand_is_served_or_lost_pays_lost_cost(best):
    """Proves: 10 wanted, 6 possible, 4 lost at 7 -> 28. Sensitivity: lost free -> 0."""
    tables = one_item(10, settings={"shortage": "lost"}, items={"lost_cost": 7}, **line(capacity=6))
    assert best(**tables).objective == pytest.approx(28)


def test_blank_lost_cost_is_the_price(best):
    """Proves: the price stands in: 4 lost at 9 -> 36; in profit mode 6 sold at 9 -> 54 and losing costs nothing more."""
    tables = one_item(10, settings={"shortage": "lost"}, items={"price": 9}, **line(capacity=6))
    assert best(**tables).objective == pytest.approx(36)
    tables["settings"]["objective"] = "profit"
    assert best(**tables).objective == pytest.approx(54)


def test_profit_refuses_demand_that_does_not_pay(best):
    """Proves: price 9, unit cost 10: nothing is made -> 0; a customer who pays 12 for 3 units -> 6.

    Sensitivity: demand forced -> negative.
    """
    settings = {"periods": 1, "shortage": "lost", "objective": "profit"}
    tables = one_item(settings=settings, items={"price": 9}, recipes={"unit_cost": 10})
    tables["demand"] = {"item": "A", "period": "1", "customer": ["X", "Y"], "quantity": [5, 3], "price": [None, 12]}
    plan = best(**tables)
    assert plan.objective == pytest.approx(6)
    assert plan.cost_lines == pytest.approx({"revenue": 36, "make": -30})


def test_demand_is_served_or_lost_waits_at_late_cost(best):
    """Proves: demand 10, 2 at 6 a period: 4 wait once at 3 -> 12. Sensitivity: waiting free -> 0; charged in both periods -> 24."""
    tables = one_item(
        10, 2, settings={"shortage": "backorder"}, items={"late_cost": 3, "lost_cost": 50}, **line(capacity=6)
    )
    plan = best(**tables)
    assert plan.objective == pytest.approx(12)
    assert plan.tables["short"][["due", "period", "late"]].to_numpy().tolist() == [["1", "1", 4.0]]


@pytest.mark.parametrize(
    ("rule", "cost"),
    [("lost", 2 * 50), ("forbidden", None), ("allowed", 2 * 3)],
)
def test_final_backlog(best, rule, cost):
    """Proves: demand 8 in the last period, 6 possible. lost: 2 at 50; allowed: 2 wait once at 3; forbidden: no plan."""
    settings = {"shortage": "backorder", "final_backlog": rule}
    tables = one_item(8, settings=settings, items={"late_cost": 3, "lost_cost": 50}, **line(capacity=6))
    if cost is None:
        with pytest.raises(AssertionError, match="infeasible"):
            best(**tables)
    else:
        assert best(**tables).objective == pytest.approx(cost)


def test_opening_backlog_pays_from_the_first_period_end(best):
    """Proves: 5 owed from before, 3 possible a period: 2 wait at the end of period 1 at 4 -> 8; nothing of it counts before."""
    tables = one_item(
        0,
        0,
        settings={"shortage": "backorder"},
        items={"late_cost": 4, "lost_cost": 50},
        stock={"item": "A", "backlog": 5},
        **line(capacity=3),
    )
    plan = best(**tables)
    assert plan.objective == pytest.approx(8)
    assert set(plan.tables["serve"]["due"]) == {"opening"}


def test_served_in_its_window(best):
    """Proves: 12 wanted, 4 a period, at most one period late: 4 on time, 4 late at 1, 4 lost at 100 -> 404.

    Sensitivity: without the window 8 + 4 wait -> 12; window of 2 -> 12.
    """
    items = {"late_cost": 1, "lost_cost": 100, "max_late": 1}
    tables = one_item(12, 0, 0, settings={"shortage": "backorder"}, items=items, **line(capacity=4))
    assert best(**tables).objective == pytest.approx(404)
    tables["items"]["max_late"] = 2
    assert best(**tables).objective == pytest.approx(12)


def test_rows_that_differ_are_streams_of_their_own(best):
    """Proves: of two customers the one who minds less waits. 4 + 4 wanted, 4 a period, late 5 (X) and 1 (Y): Y waits -> 4."""
    tables = one_item(settings={"periods": 2, "shortage": "backorder"}, items={"lost_cost": 50}, **line(capacity=4))
    tables["demand"] = {"item": "A", "period": "1", "customer": ["X", "Y"], "quantity": 4, "late_cost": [5, 1]}
    plan = best(**tables)
    assert plan.objective == pytest.approx(4)
    assert plan.tables["short"]["customer"].tolist() == ["Y"]


def test_whole_units(best):
    """Proves: 7.5 hours at 2 hours a unit make 3 whole units of 5; 2 lost at 10 -> 20. Sensitivity: fractions -> 12.5."""
    tables = one_item(5, settings={"shortage": "lost"}, items={"lost_cost": 10, "whole": 1}, **line(2, capacity=7.5))
    assert best(**tables).objective == pytest.approx(20)
    tables["settings"]["integer_periods"] = 0
    assert best(**tables).objective == pytest.approx(12.5)


def test_demand_is_served_or_lost_whatever_final_backlog_says(best):
    """Proves: with shortage = lost nothing waits, so final_backlog = forbidden says nothing: 9 wanted, 4 made, 5 lost at 5 -> 25."""
    settings = {"shortage": "lost", "final_backlog": "forbidden"}
    tables = one_item(9, settings=settings, items={"lost_cost": 5}, recipes={"lot_max": 4})
    assert best(**tables).objective == pytest.approx(25)


def test_demand_that_nothing_can_serve_is_given_up_at_its_price():
    """1 of A bought at 3; B has no source and is lost at 7 -> 10. The check says so."""
    one = case(
        settings={"periods": 1, "shortage": "lost"},
        items={"item": ["A", "B"], "lost_cost": [50, 7]},
        demand={"item": ["A", "B"], "period": "1", "quantity": [1, 1]},
        supply={"supplier": "S", "item": "A", "unit_cost": 3},
    )
    assert exact(one).objective == pytest.approx(10)
    assert ("no-source", "warning") in {(issue.code, issue.severity) for issue in one.issues}
