"""Quantities beyond demand that the best plan needs: bounds in the model must leave room for them. Hand-worked."""

from __future__ import annotations

from typing import Any

import pytest
from bounded import bounds_of, from_component
from cases import case, exact


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


def forced_by_a_setup(**tables: Any) -> dict[str, Any]:
    """1 P is wanted in period 1 of 3; L has to be set up for P every period, 8 hours each; P comes in lots of 3 at least."""
    base: dict[str, Any] = {
        "settings": {"periods": 3, "shortage": "forbidden"},
        "items": {"item": ["P", "C"], "holding_cost": 0},
        "demand": {"item": "P", "period": "1", "quantity": 1},
        "recipes": {"recipe": "m", "item": "P", "lot_min": 3},
        "components": {"recipe": "m", "component": "C", "quantity": 1},
        "supply": {"supplier": "S", "item": "C", "unit_cost": 1, "order_cost": 1000},
        "operations": {"recipe": "m", "resource": "L", "hours": None, "setup_hours": 8},
    }
    return {**base, **tables}


@pytest.mark.parametrize(
    "tables",
    [
        {"resources": {"resource": "L", "minimum": 8}},
        {"resources": {"resource": "L", "minimum": 8, "minimum_cost": 500}},
        {
            "resources": {"resource": "L", "crew": "K"},
            "crews": {"crew": "K", "workers": 1, "hours": 10, "layoff_share": 0, "minimum_use": 0.8},
        },
    ],
    ids=["minimum", "a minimum that can be paid for", "people"],
)
def test_a_setup_alone_fills_the_hours_that_must_be_worked(tables: dict[str, Any]):
    """3 P in each of 3 periods, 9 C at 1 in one order of 1000 -> 1009. Made to demand only: no plan, or 1003 and 2 * 4000."""
    assert exact(case(**forced_by_a_setup(**tables))).objective == pytest.approx(1009)


def test_a_setup_beside_hours_fills_the_hours_that_must_be_worked():
    """Half an hour for a P: a lot of 3 takes 9.5 of 8 hours, and less cannot be made: 9 C again."""
    tables = forced_by_a_setup(resources={"resource": "L", "minimum": 8})
    tables["operations"]["hours"] = 0.5
    assert exact(case(**tables)).objective == pytest.approx(1009)


@pytest.mark.parametrize("more", [{}, {"lot_multiple": 1}], ids=["any quantity", "whole multiples of 1"])
@pytest.mark.parametrize("source", ["bought", "made"])
def test_the_rest_of_a_least_lot_is_used_up_exactly(source: str, more: dict[str, Any]):
    """12 C at 1 at least for lots of 5 P: 15 C and 15 P -> 15. With 12, two C are left at 10 -> 32."""
    row = {"item": "C", "unit_cost": 1, "lot_min": 12, **more}
    tables: dict[str, Any] = {"supply": {"supplier": "S", **row}, "recipes": {"lot_multiple": 5}}
    if source == "made":
        of_p = {"recipe": "m", "item": "P", "unit_cost": 0, "lot_min": None, "lot_multiple": 5}
        of_c = {"recipe": "mC", "lot_multiple": None, **row}
        tables = {"recipes": {column: [of_p[column], of_c[column]] for column in of_p}}
    assert from_component(items={"holding_cost": [0, 10]}, **tables) == pytest.approx(15)


def test_the_rest_of_a_least_lot_is_used_up_exactly_on_the_level_above():
    """12 D at 1 at least; one C of each, lots of 5 P, and neither C nor D may be left: 15 D -> 15. With 12: no plan."""
    tables: dict[str, Any] = {
        "items": {"item": ["P", "C", "D"], "holding_cost": 0},
        "stock": {"item": ["C", "D"], "maximum": 0},
        "recipes": {"recipe": ["m", "mC"], "item": ["P", "C"], "lot_multiple": [5, None]},
        "components": {"recipe": ["m", "mC"], "component": ["C", "D"], "quantity": 1},
        "supply": {"supplier": "S", "item": "D", "unit_cost": 1, "lot_min": 12},
    }
    assert from_component(**tables) == pytest.approx(15)


def test_a_rest_is_worth_more_lots_than_the_step_of_an_order():
    """60 C at least in threes, at 0.04; P in lots of 50: 150 C -> 6. With 102, two C are left at 1 -> 6.08."""
    supply = {"supplier": "S", "item": "C", "unit_cost": 0.04, "lot_min": 60, "lot_multiple": 3}
    least = from_component(items={"holding_cost": [0, 1]}, recipes={"lot_multiple": 50}, supply=supply)
    assert least == pytest.approx(6)
