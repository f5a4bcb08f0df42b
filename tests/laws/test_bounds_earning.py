"""Units that earn by themselves, and what limits how many: bounds in the model must leave room for them. Hand-worked."""

from __future__ import annotations

from typing import Any

import pytest
from bounded import from_component
from cases import case, exact

from equipoise.errors import DataError
from equipoise.model.limits import missing_limits


@pytest.mark.parametrize("limit", ["maximum", "storage"])
def test_stock_worth_more_than_it_costs_fills_the_room(limit):
    """A unit of P bought at 4 is worth 10 at the end; room for 50, an order costs 20: 51 * 4 + 20 - 50 * 10 -> -276."""
    supply = {"supplier": "S", "item": "P", "unit_cost": 4, "order_cost": 20}
    tables: dict[str, Any] = {"stock": {"item": "P", "maximum": 50}}
    if limit == "storage":
        tables = {"sites": {"site": "here", "storage_capacity": 50}}
    rule = {"end_stock": "value"}
    assert from_component(rule, items={"value": [10, None]}, supply=supply, **tables) == pytest.approx(-276)


def test_a_component_of_something_worth_keeping_needs_no_limit_of_its_own():
    """P is worth 10 at the end and may not exceed 50; C costs 4 and 20 an order: 51 * 4 + 20 - 50 * 10 -> -276."""
    supply = {"supplier": "S", "item": "C", "unit_cost": 4, "order_cost": 20}
    tables: dict[str, Any] = {"items": {"value": [10, None]}, "stock": {"item": "P", "maximum": 50}}
    assert from_component({"end_stock": "value"}, supply=supply, **tables) == pytest.approx(-276)


def test_what_earns_is_limited_by_its_components():
    """P from C is worth 10 at the end; 30 C can be had at 4, a set-up of P costs 5: 120 + 5 - 29 * 10 -> -165."""
    supply = {"supplier": "S", "item": "C", "unit_cost": 4, "capacity": 30}
    tables: dict[str, Any] = {"items": {"value": [10, None]}, "recipes": {"setup_cost": 5}}
    assert from_component({"end_stock": "value"}, supply=supply, **tables) == pytest.approx(-165)


def test_what_is_kept_to_the_end_pays_its_last_period():
    """P made at 4 is worth 6 at the end but costs 3 to keep: 1 is made, with a set-up of 5 -> 9."""
    tables: dict[str, Any] = {
        "items": {"value": [6, None], "holding_cost": [3, 0]},
        "stock": {"item": "C", "opening": 1000},
    }
    assert from_component({"end_stock": "value"}, recipes={"unit_cost": 4, "setup_cost": 5}, **tables) == pytest.approx(
        9
    )


@pytest.mark.parametrize(
    ("more", "least"),
    [
        (
            {"resources": {"resource": "L", "cost": 10}, "operations": {"recipe": "m", "resource": "L", "hours": 1}},
            3 * 14 + 5,
        ),
        ({"stock": {"item": "P", "final": 2}}, 5 * 4 + 5),
    ],
    ids=["hours are paid", "closing stock is asked for"],
)
def test_a_unit_that_earns_less_than_it_costs_needs_no_limit(more: dict[str, Any], least: float):
    """Worth 10 at the end, 4 to make: with the hours it costs 14; where a closing stock is asked for it earns nothing."""
    tables = {
        "settings": {"periods": 1, "shortage": "forbidden", "end_stock": "value"},
        "items": {"item": "P", "value": 10},
        "demand": {"item": "P", "period": "1", "quantity": 3},
        "recipes": {"recipe": "m", "item": "P", "unit_cost": 4, "setup_cost": 5},
        **more,
    }
    assert exact(case(**tables)).objective == pytest.approx(least)


def worth_ten(**tables: Any) -> dict[str, Any]:
    """3 P wanted, worth 10 each at the end, at 4 each and 5 a set-up."""
    base: dict[str, Any] = {
        "settings": {"periods": 1, "shortage": "forbidden", "end_stock": "value"},
        "items": {"item": "P", "value": 10},
        "demand": {"item": "P", "period": "1", "quantity": 3},
        "recipes": {"recipe": "m", "item": "P", "unit_cost": 4, "setup_cost": 5},
    }
    return {**base, **tables}


HOURS = {"operations": {"recipe": "m", "resource": "L", "hours": 1}, "resources": {"resource": "L", "crew": "K"}}


@pytest.mark.parametrize(
    ("workers", "least"), [(0, 12 + 30 + 5), (2, 4 * 16 + 5 + 2 * 80 - 13 * 10)], ids=["hired", "there anyway"]
)
def test_a_wage_that_takes_the_gain_is_a_limit(workers: float, least: float):
    """An hour of 10 a unit, of people at 80 for 8 hours: 14 a unit. Two people who stay anyway make 16, worth 13 * 10."""
    crew = {"crew": "K", "hours": 8, "wage": 80, "workers": workers, "layoff_share": 0}
    assert exact(case(**worth_ten(**HOURS, crews=crew))).objective == pytest.approx(least)


@pytest.mark.parametrize(
    "limit",
    [
        {"stock": {"item": "P", "maximum": 2, "maximum_cost": 100}},
        {"sites": {"site": "here", "storage_capacity": 2, "storage_cost": 100}},
        {
            "stock": {"item": "P", "maximum": 1, "maximum_cost": 4},
            "sites": {"site": "here", "storage_capacity": 2, "storage_cost": 3},
        },
    ],
    ids=["maximum", "storage", "both"],
)
def test_a_priced_limit_that_takes_the_gain_is_a_limit(limit: dict[str, Any]):
    """Two P beyond the three wanted earn 6 each before a limit is passed: 5 * 4 + 5 - 20 -> 5. Both: 4 for one above the maximum -> 9."""
    assert exact(case(**worth_ten(**limit))).objective == pytest.approx(9 if len(limit) == 2 else 5)


@pytest.mark.parametrize(
    "tables",
    [
        worth_ten(),
        worth_ten(stock={"item": "P", "maximum": 2, "maximum_cost": 5}),
        worth_ten(**HOURS, crews={"crew": "K", "hours": 8, "wage": 40}),
    ],
    ids=["no limit", "a limit too cheap", "a wage too low"],
)
def test_a_gain_that_nothing_takes_is_refused(tables: dict[str, Any]):
    """6 a unit, 1 above the maximum, 1 after wages: without end."""
    with pytest.raises(DataError) as error:
        exact(case(**tables))
    assert {issue.code for issue in error.value.issues} == {"no-limit"}


@pytest.mark.parametrize(("hold", "least"), [(3, 5 - 8), (1, None)], ids=["dear to keep", "cheap to keep"])
def test_a_supplier_that_pays_less_than_keeping_costs(hold: float, least: float | None):
    """4 bought at -2 and 5 an order; a fifth would earn 2 and cost what keeping costs."""
    tables = {
        "settings": {"periods": 1, "shortage": "forbidden"},
        "items": {"item": "A", "holding_cost": hold},
        "demand": {"item": "A", "period": "1", "quantity": 4},
        "supply": {"supplier": "S", "item": "A", "unit_cost": -2, "order_cost": 5},
    }
    if least is None:
        assert [issue.code for issue in missing_limits(case(**tables))] == ["no-limit"]
    else:
        assert exact(case(**tables)).objective == pytest.approx(least)


@pytest.mark.parametrize("dear", ["supplier", "recipe"])
def test_what_is_cheap_and_scarce_earns_no_more_than_there_is_of_it(dear: str):
    """3 P wanted, worth 10 at the end. 8 can be had at 4, the rest at 15 and 5 an order (a set-up): 8 * 4 - 5 * 10 -> -18."""
    supply: dict[str, Any] = {"supplier": ["cheap"], "item": "P", "unit_cost": [4], "capacity": [8], "order_cost": [0]}
    tables: dict[str, Any] = {"supply": supply}
    if dear == "supplier":
        for column, value in (("supplier", "dear"), ("unit_cost", 15), ("capacity", None), ("order_cost", 5)):
            supply[column].append(value)
    else:
        tables["recipes"] = {"recipe": "m", "item": "P", "unit_cost": 15, "setup_cost": 5}
    base = {**worth_ten(), **tables}
    if dear == "supplier":
        del base["recipes"]
    assert missing_limits(case(**base)) == ()
    assert exact(case(**base)).objective == pytest.approx(-18)


def test_a_dear_source_makes_what_is_wanted_early_and_a_cheap_one_what_earns():
    """3 P wanted in period 1, at 15 and 5 a set-up; 8 at 4 arrive in period 2 and are worth 10 each: 45 + 5 + 32 - 80 -> 2."""
    tables = worth_ten(
        recipes={"recipe": "m", "item": "P", "unit_cost": 15, "setup_cost": 5},
        supply={"supplier": "S", "item": "P", "unit_cost": 4, "capacity": 8, "lead_time": 1},
    )
    tables["settings"]["periods"] = 2
    tables["items"]["holding_cost"] = 0
    assert exact(case(**tables)).objective == pytest.approx(2)


@pytest.mark.parametrize("then", ["dear", "too late"])
def test_what_is_cheap_for_a_while_earns_no_more_than_can_be_had_then(then: str):
    """8 at 4 in period 1; later without a limit, but at 15, or too late to arrive; 3 wanted in period 2: 32 + 5 - 50 -> -13."""
    tables = worth_ten(
        supply={"supplier": "S", "item": "P", "unit_cost": 4, "order_cost": 5, "lead_time": 0},
        supply_calendar={"supplier": "S", "item": "P", "period": ["1", "2"], "capacity": [8, None]},
    )
    tables["settings"]["periods"], tables["demand"]["period"] = 2, "2"
    if then == "dear":
        tables["supply_calendar"]["unit_cost"] = [None, 15]
        del tables["recipes"]
    else:
        tables["supply"]["lead_time"] = 1
        tables["recipes"]["unit_cost"] = 15
    assert missing_limits(case(**tables)) == ()
    assert exact(case(**tables)).objective == pytest.approx(-13)
