"""Quantities beyond demand that the best plan needs: bounds in the model must leave room for them. Hand-worked."""

from __future__ import annotations

from typing import Any

import pytest
from cases import case, exact

from equipoise.errors import DataError
from equipoise.model.bounds import Bounds
from equipoise.model.inputs import Inputs
from equipoise.model.limits import missing_limits


def from_component(rule: dict[str, Any] | None = None, **tables: Any) -> float:
    """Least cost of 1 unit of P wanted in period 1, made of one C by recipe m; keyword tables are laid over these."""
    base: dict[str, Any] = {
        "settings": {"periods": 1, "shortage": "forbidden", **(rule or {})},
        "items": {"item": ["P", "C"], "holding_cost": [0, 0]},
        "demand": {"item": "P", "period": "1", "quantity": 1},
        "recipes": {"recipe": "m", "item": "P"},
        "components": {"recipe": "m", "component": "C", "quantity": 1},
    }
    for name, columns in tables.items():
        base[name] = {**base.get(name, {}), **columns}
    objective = exact(case(**base)).objective
    assert objective is not None
    return objective


def test_a_component_dear_to_keep_is_made_into_something_cheap_to_keep():
    """100 C at 5 a period, P is free to keep: all become P at once -> 0. Made to demand only: 99 kept -> 495."""
    stock = {"item": "C", "opening": 100}
    assert from_component(items={"holding_cost": [0, 5]}, stock=stock) == pytest.approx(0)


def test_a_component_above_its_maximum_is_used_up():
    """100 C, at most 20 may stay: 80 P are made. P at 1 a period: 79 kept -> 79. Made to demand only: no plan."""
    stock = {"item": "C", "opening": 100, "maximum": 20}
    assert from_component(items={"holding_cost": [1, 0]}, stock=stock) == pytest.approx(79)


def test_the_rest_of_an_order_is_used_up():
    """C comes in 100 at 5 a period, P is free to keep: 100 P -> 0. Made to demand only: 495."""
    supply = {"supplier": "S", "item": "C", "lot_min": 100}
    assert from_component(items={"holding_cost": [0, 5]}, supply=supply) == pytest.approx(0)


def test_the_rest_of_an_order_is_worth_something_as_a_product():
    """100 C at 20 have to be bought for 1 P; 99 more P are worth 10 each at the end: 2000 - 990 -> 1010."""
    supply = {"supplier": "S", "item": "C", "lot_min": 100, "unit_cost": 20}
    assert from_component({"end_stock": "value"}, items={"value": [10, None]}, supply=supply) == pytest.approx(1010)


def test_opening_stock_is_worth_more_unpacked():
    """10 C are there and give 12 P each: 120 - 1 left, worth 10 each -> -1190."""
    tables = {"stock": {"item": "C", "opening": 10}, "items": {"value": [10, None]}, "recipes": {"yield": 12}}
    assert from_component({"end_stock": "value"}, **tables) == pytest.approx(-1190)


def test_a_supplier_that_pays():
    """50 C can be had at -5 but cost 10 to keep; as P they cost nothing: -250. Bought to demand only: -5."""
    supply = {"supplier": "S", "item": "C", "unit_cost": -5, "capacity": 50}
    assert from_component(items={"holding_cost": [0, 10]}, supply=supply) == pytest.approx(-250)


def test_components_for_the_least_lot_in_whole_multiples():
    """At least 15 in multiples of 10 is 20: 20 C at 1, 19 P kept at 1 -> 39."""
    supply = {"supplier": "S", "item": "C", "unit_cost": 1}
    recipes = {"lot_min": 15, "lot_multiple": 10}
    assert from_component(items={"holding_cost": [1, 0]}, recipes=recipes, supply=supply) == pytest.approx(39)


@pytest.mark.parametrize("forced_by", ["recipe", "resource"])
def test_components_for_forced_runs_in_whole_lots(forced_by):
    """At least 5 a period in lots of 10, 4 periods: 40 C at 1 in one order of 1000 -> 1040. With two orders: 2040."""
    tables: dict[str, Any] = {"recipes": {"lot_multiple": 10}}
    if forced_by == "recipe":
        tables["recipes"]["minimum"] = 5
    else:
        tables["resources"] = {"resource": "L", "minimum": 5}
        tables["operations"] = {"recipe": "m", "resource": "L", "hours": 1}
    supply = {"supplier": "S", "item": "C", "unit_cost": 1, "order_cost": 1000}
    assert from_component({"periods": 4}, supply=supply, **tables) == pytest.approx(1040)


@pytest.mark.parametrize("rule", [{"lot_multiple": 2.5}, {"lot_min": 4.5}])
def test_whole_units_and_lots_that_are_not_whole(rule):
    """Whole units in lots of 2.5, or 4.5 at least: 5 are made, 4 kept at 1 -> 4."""
    items, stock = {"holding_cost": [1, 0], "whole": 1}, {"item": "C", "opening": 5}
    assert from_component(items=items, stock=stock, recipes=rule) == pytest.approx(4)


@pytest.mark.parametrize("setup_cost", [0, 7])
def test_people_who_must_work_make_what_nobody_needs(setup_cost):
    """80 hours need 10 people (1 each to hire), who stay and must work 4 hours each in period 2: 120 made, 40 kept -> 170 + set-ups."""
    tables = {
        "recipes": {"recipe": "m", "item": "P", "unit_cost": 1, "setup_cost": setup_cost},
        "operations": {"recipe": "m", "resource": "L", "hours": 1},
        "resources": {"resource": "L", "crew": "K"},
        "crews": {"crew": "K", "hours": 8, "layoff_share": 0, "minimum_use": 0.5, "hire_cost": 1},
        "stock": {"item": "C", "opening": 120},
        "items": {"holding_cost": [1, 0]},
        "demand": {"quantity": 80},
    }
    assert from_component({"periods": 2}, **tables) == pytest.approx(170 + 2 * setup_cost)


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


def test_whole_units_leave_a_rest_at_each_site():
    """Half a unit is wanted at each of two shops, and units are shipped whole: 2 are made for 2. Rounded up once for both: no plan."""
    tables = {
        "settings": {"periods": 1, "shortage": "forbidden"},
        "sites": {"site": ["plant", "S1", "S2"]},
        "items": {"item": "P", "whole": 1},
        "demand": {"item": "P", "site": ["S1", "S2"], "period": "1", "quantity": [0.5, 0.5]},
        "recipes": {"recipe": "m", "item": "P", "site": "plant", "unit_cost": 1},
        "lanes": {"origin": "plant", "destination": ["S1", "S2"]},
    }
    assert exact(case(**tables)).objective == pytest.approx(2)


def test_whole_components_leave_a_rest_at_each_plant():
    """Half a component for the unit that each of two plants makes: 2 are bought for 2."""
    tables = {
        "settings": {"periods": 1, "shortage": "forbidden"},
        "sites": {"site": ["plant", "S1", "S2"]},
        "items": {"item": ["P", "C"], "whole": [0, 1]},
        "demand": {"item": "P", "site": ["S1", "S2"], "period": "1", "quantity": [1, 1]},
        "recipes": {"recipe": ["m1", "m2"], "item": "P", "site": ["S1", "S2"]},
        "components": {"recipe": ["m1", "m2"], "component": "C", "quantity": 0.5},
        "supply": {"supplier": "S", "item": "C", "site": "plant", "unit_cost": 1},
        "lanes": {"origin": "plant", "destination": ["S1", "S2"], "item": "C"},
    }
    assert exact(case(**tables)).objective == pytest.approx(2)


def test_components_that_a_falling_target_sets_free_are_used_up():
    """50 C are asked for at the end of period 1 alone; C costs 5 to keep, P nothing: 50 bought at 1, kept once, all made into P: 300."""
    tables = {
        "settings": {"periods": 2, "shortage": "forbidden"},
        "items": {"item": ["P", "C"], "holding_cost": [0, 5]},
        "demand": {"item": "P", "period": "2", "quantity": 1},
        "recipes": {"recipe": "m", "item": "P"},
        "components": {"recipe": "m", "component": "C", "quantity": 1},
        "supply": {"supplier": "S", "item": "C", "unit_cost": 1},
        "stock_targets": {"item": "C", "period": "1", "safety": 50},
    }
    assert exact(case(**tables)).objective == pytest.approx(300)
    tables["items"]["holding_cost"] = [0, 0]
    tables["stock_targets"] = {"item": "C", "period": ["1", "2"], "safety": [50, None], "maximum": [None, 20]}
    assert exact(case(**tables)).objective == pytest.approx(50), "no more than 20 C may stay: 30 P have to be made"


def test_a_target_that_rises_again_is_met_anew():
    """10 at the shop in period 1, none may stay in 2, 10 in 3; only period 1 makes: 20 for 20. What leaves the shop goes to the outlet."""
    tables = {
        "settings": {"periods": 3, "shortage": "forbidden"},
        "sites": {"site": ["plant", "shop", "outlet"]},
        "items": {"item": "P", "holding_cost": 0},
        "demand": {"item": "P", "site": "outlet", "period": "3", "quantity": 1},
        "stock_targets": {
            "item": "P",
            "site": "shop",
            "period": ["1", "2", "3"],
            "safety": [10, None, 10],
            "maximum": [None, 0, None],
        },
        "recipes": {"recipe": "m", "item": "P", "site": "plant", "unit_cost": 1},
        "recipe_calendar": {"recipe": "m", "period": ["2", "3"], "open": 0},
        "lanes": {"origin": ["plant", "shop"], "destination": ["shop", "outlet"]},
    }
    assert exact(case(**tables)).objective == pytest.approx(20)


def test_every_lot_has_a_rest_where_rests_are_sent_on():
    """One P a period in lots of 100, none may stay at the plant: 300 C in one order of 1000. Ordered for one rest alone: two orders."""
    tables = {
        "settings": {"periods": 3, "shortage": "forbidden"},
        "sites": {"site": ["plant", "outlet"]},
        "items": {"item": ["P", "C"], "holding_cost": [0, 0]},
        "demand": {"item": "P", "site": "plant", "period": ["1", "2", "3"], "quantity": [1, 1, 1]},
        "stock_targets": {"item": "P", "site": "plant", "period": ["1", "2", "3"], "maximum": [0, 0, 0]},
        "recipes": {"recipe": "m", "item": "P", "site": "plant", "lot_min": 100},
        "components": {"recipe": "m", "component": "C", "quantity": 1},
        "supply": {"supplier": "S", "item": "C", "site": "plant", "order_cost": 1000},
        "lanes": {"origin": "plant", "destination": "outlet", "item": "P"},
    }
    assert exact(case(**tables)).objective == pytest.approx(1000)


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


def bounds_of(**tables: Any) -> Bounds:
    return Bounds(Inputs(case(**tables)))


def people_who_must_work(**crew: Any) -> dict[str, Any]:
    """3 P wanted, an hour each, in lots of 3; people of 8 hours, 1 each to hire."""
    return {
        "settings": {"periods": 1, "shortage": "forbidden"},
        "items": {"item": "P", "holding_cost": 0},
        "demand": {"item": "P", "period": "1", "quantity": 3},
        "recipes": {"recipe": "m", "item": "P", "lot_multiple": 3},
        "operations": {"recipe": "m", "resource": "L", "hours": 1},
        "resources": {"resource": "L", "crew": "K"},
        "crews": {"crew": "K", "hours": 8, "hire_cost": 1, "whole": 1, **crew},
    }


@pytest.mark.parametrize(("share", "people"), [(0.6, 1), (0.9, 2), (1, 3)])
def test_lots_and_people_who_must_work_meet_at_more_people_than_the_work_needs(share, people):
    """Hours come in threes: 6 of 8 hours are 60 %; 15 of 16 are 90 %, and none of 8 are; 24 are all of three people."""
    assert exact(case(**people_who_must_work(minimum_use=share))).objective == pytest.approx(people)


def test_people_who_must_work_to_the_last_hour_in_lots_need_a_maximum():
    """With a set-up cost something has to limit the lot: no number of people is the last that could be asked for."""
    tables = people_who_must_work(minimum_use=1)
    tables["recipes"]["setup_cost"] = 5
    (issue,) = missing_limits(case(**tables))
    assert issue.code == "no-limit"
    assert "people of K" in issue.hint
    tables["crews"]["maximum"] = 10
    assert exact(case(**tables)).objective == pytest.approx(3 + 5)


def test_people_hired_for_what_another_crew_is_forced_to_make():
    """10 people must make 80 P; 10 more, hired at 1, make the 80 C for it, stay, and must work half of period 2: 40 more C."""
    tables = {
        "settings": {"periods": 2, "shortage": "forbidden"},
        "items": {"item": ["P", "C"], "holding_cost": [0, 0]},
        "demand": {"item": "P", "period": "1", "quantity": 1},
        "recipes": {"recipe": ["mP", "mC"], "item": ["P", "C"]},
        "components": {"recipe": "mP", "component": "C", "quantity": 1},
        "operations": {"recipe": ["mP", "mC"], "resource": ["L", "K"], "hours": 1},
        "resources": {"resource": ["L", "K"], "crew": ["Y", "Z"]},
        "crews": {
            "crew": ["Y", "Z"],
            "workers": [10, 0],
            "hours": 8,
            "layoff_share": 0,
            "minimum_use": [1, 0.5],
            "hire_cost": 1,
            "whole": 1,
        },
        "crew_calendar": {"crew": "Y", "period": "2", "hours": 0},
    }
    assert exact(case(**tables)).objective == pytest.approx(10)


def test_a_target_that_rises_again_is_asked_for_once_where_stock_stays():
    """10, none, 10 at a shop that nothing leaves: 5 of demand and 10, not 20."""
    tables = {
        "settings": {"periods": 3, "shortage": "forbidden"},
        "items": {"item": "P", "holding_cost": 1},
        "demand": {"item": "P", "period": "3", "quantity": 5},
        "stock_targets": {"item": "P", "period": ["1", "3"], "safety": [10, 10]},
        "recipes": {"recipe": "m", "item": "P", "setup_cost": 5},
    }
    assert bounds_of(**tables).need("P") == [15, 15, 15]


def levels(**rules: Any) -> dict[str, Any]:
    """I0 is made of I1, that of I2, that of I3, which is bought; 10 of I0 a period over 26; the deeper, the dearer to keep."""
    items = ["I0", "I1", "I2", "I3"]
    return {
        "settings": {"periods": 26, "shortage": "forbidden"},
        "items": {"item": items, "holding_cost": [1, 2, 3, 4]},
        "demand": {"item": "I0", "period": [str(t + 1) for t in range(26)], "quantity": [10] * 26},
        "recipes": {"recipe": ["m0", "m1", "m2"], "item": items[:-1], "setup_cost": 50, "unit_cost": 1, **rules},
        "components": {"recipe": ["m0", "m1", "m2"], "component": items[1:], "quantity": 1},
        "supply": {"supplier": "S", "item": "I3", "order_cost": 100},
    }


def test_lots_on_several_levels_add_up_and_do_not_multiply():
    """Rests of I1 (26 lots of 100) can be made into I0, so can those of I2. What is used of I1 for the latter is I1 made of I2 itself."""
    rests = 26 * 100
    bounds = bounds_of(**levels(lot_min=100))
    assert bounds.need("I0")[0] == 260
    assert bounds.need("I1")[0] == 260 + rests
    assert bounds.need("I2")[0] == 260 + 2 * rests
    assert bounds.need("I3")[0] == 260 + 3 * rests
    by_m0 = bounds.most_useful_make(bounds.inputs.recipes["m0"], 0)
    assert by_m0 == 260 + 2 * rests, "260, and the spare I1: own rests, and made of the rests of I2"


def test_what_one_recipe_uses_up_another_does_not_make():
    """P of 100 spare C, dear to keep, is made by one recipe; the other one and the supplier bring what is wanted."""
    tables = {
        "settings": {"periods": 1, "shortage": "forbidden"},
        "items": {"item": ["P", "C"], "holding_cost": [0, 5]},
        "demand": {"item": "P", "period": "1", "quantity": 7},
        "stock": {"item": "C", "opening": 100},
        "recipes": {"recipe": ["of C", "of nothing"], "item": "P", "setup_cost": 1},
        "components": {"recipe": "of C", "component": "C", "quantity": 1},
        "supply": {"supplier": "S", "item": "P", "order_cost": 1},
    }
    bounds = bounds_of(**tables)
    assert [bounds.most_useful_make(row, 0) for row in bounds.inputs.recipes.values()] == [107, 7]
    assert bounds.most_useful_buy(bounds.inputs.supply["S", "P", ""], 0) == 7


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
