"""Hand-worked optima of recipes, set-ups, lots and capacity."""

import pytest
from cases import case, exact, line, one_item

from equipoise.audit import audit


def test_recipe_minimum(best):
    """Proves: at least 5 a period. Demand 3, 3, unit cost 1, hold 2: 10 made, 2 and 4 kept -> 10 + 12 = 22. Sensitivity: 6."""
    assert best(**one_item(3, 3, hold=2, recipes={"minimum": 5, "unit_cost": 1})).objective == pytest.approx(22)


def test_recipe_minimum_holds_only_where_output_arrives(best):
    """Proves: lead time 1 leaves period 2 without a start. Demand 0, 3, minimum 5 at 1: 5 + 2 kept -> 7. Sensitivity: 10 + ..."""
    assert best(**one_item(0, 3, recipes={"minimum": 5, "unit_cost": 1, "lead_time": 1})).objective == pytest.approx(7)


def test_recipe_maximum_of_every_period(best):
    """Proves: at most 4 a period. Demand 2, 6: 2 are made ahead and kept at 1 -> 2. Sensitivity: 0."""
    assert best(**one_item(2, 6, recipes={"lot_max": 4})).objective == pytest.approx(2)


def test_recipe_maximum_of_one_period(best):
    """Proves: the calendar's maximum of 1 in period 2: 5 made ahead -> 5; closed: 6 -> 6. Cost by period: 3 instead of 0 in period 2."""
    tables = one_item(2, 6, recipe_calendar={"recipe": "mA", "period": "2", "maximum": 1})
    assert best(**tables).objective == pytest.approx(5)
    tables["recipe_calendar"] = {"recipe": "mA", "period": "2", "open": 0}
    assert best(**tables).objective == pytest.approx(6)
    tables["recipe_calendar"] = {"recipe": "mA", "period": "2", "unit_cost": 0.5}
    assert best(**tables).objective == pytest.approx(3)


def test_make_needs_setup(best):
    """Proves: Wagner-Whitin, Snyder and Shen example 3.9: 90, 120, 80, 70 at hold 2 and set-up 500: lots in 1 and 3 -> 1000 + 380 = 1380.

    Sensitivity: set-ups free -> 0; lot for lot -> 2000.
    """
    plan = best(**one_item(90, 120, 80, 70, hold=2, recipes={"setup_cost": 500}))
    assert plan.objective == pytest.approx(1380)
    assert plan.cost_lines == pytest.approx({"setup": 1000, "holding": 380})


def test_setup_cost_by_period(best):
    """Proves: set-up 10, but 1 in period 2: demand 2, 2: 10 + 1 -> 11, not 10 + 2 kept = 12."""
    tables = one_item(
        2, 2, recipes={"setup_cost": 10}, recipe_calendar={"recipe": "mA", "period": "2", "setup_cost": 1}
    )
    assert best(**tables).objective == pytest.approx(11)


def test_lot_minimum(best):
    """Proves: 6 at least when it runs. Demand 3, 3, unit 1: 6 in period 1, 3 kept -> 9. Sensitivity: 6."""
    assert best(**one_item(3, 3, recipes={"lot_min": 6, "unit_cost": 1})).objective == pytest.approx(9)


def test_lot_multiple(best):
    """Proves: lots of 4. Demand 3, 3, unit 1: 4 and 4, 1 and 2 kept -> 8 + 3 = 11. Sensitivity: 6."""
    plan = best(**one_item(3, 3, recipes={"lot_multiple": 4, "unit_cost": 1}))
    assert plan.objective == pytest.approx(11)
    assert plan.tables["make"]["lots"].tolist() == [1.0, 1.0]


def test_integer_periods_relax_later_lots(best):
    """Proves: lots of 4 whole in period 1 only: 4 and 2, 1 kept -> 6 + 1 = 7."""
    tables = one_item(3, 3, settings={"integer_periods": 1}, recipes={"lot_multiple": 4, "unit_cost": 1})
    assert best(**tables).objective == pytest.approx(7)


def test_capacity_with_overtime(best):
    """Proves: 10 wanted at 2 hours, 12 hours + 6 overtime at 5: 9 made, 1 lost at 20 -> 30 + 20 = 50.

    Sensitivity: no limit -> 0; overtime free -> 20; 1 hour a unit -> 0.
    """
    tables = one_item(
        10, settings={"shortage": "lost"}, items={"lost_cost": 20}, **line(2, capacity=12, overtime=6, overtime_cost=5)
    )
    assert best(**tables).objective == pytest.approx(50)


def test_capacity_of_set_ups(best):
    """Proves: 12 hours less a set-up of 3 make 9 of 10; 1 lost at 20 -> 20. Sensitivity: set-up hours ignored -> 0."""
    tables = one_item(10, settings={"shortage": "lost"}, items={"lost_cost": 20}, **line(1, capacity=12))
    tables["operations"]["setup_hours"] = 3
    assert best(**tables).objective == pytest.approx(20)


def test_capacity_by_period_and_cost_of_hours(best):
    """Proves: 5, 5 wanted; 10 hours, closed in period 2: 5 kept at 1 + 10 hours at 2 -> 25."""
    tables = one_item(5, 5, **line(1, capacity=10, cost=2), calendar={"resource": "L", "period": "2", "open": 0})
    assert best(**tables).objective == pytest.approx(25)


def test_alternative_recipes_share_the_work(best):
    """Proves: the cheap recipe takes its 6 hours, the dear one at 3 the rest: 4 * 3 -> 12; several resources bind one recipe."""
    tables = one_item(10, recipes={"recipe": ["mA", "dear"], "item": "A", "unit_cost": [0, 3]}, **line(1, capacity=6))
    assert best(**tables).objective == pytest.approx(12)
    tables["resources"] = {"resource": ["L", "K"], "capacity": [6, 4]}
    tables["operations"] = {"recipe": ["mA", "mA"], "resource": ["L", "K"], "hours": [1, 1]}
    assert best(**tables).objective == pytest.approx(18)


def test_resource_minimum_priced(best):
    """Proves: 8 hours wanted, 5 used: making 3 more costs 3 + 2 each, an idle hour 4 -> 15 + 12 = 27. Sensitivity: 15."""
    tables = one_item(5, hold=2, recipes={"unit_cost": 3}, **line(1, minimum=8, minimum_cost=4))
    assert best(**tables).objective == pytest.approx(27)


def test_resource_minimum_priced_where_nothing_runs_on_it(best):
    """Proves: without operations all 4 hours of 2 periods are missing, at 3 -> 24. Sensitivity: 0."""
    tables = one_item(5, 0, made=False, resources={"resource": "L", "minimum": 4, "minimum_cost": 3})
    assert best(**tables).objective == pytest.approx(24)


def test_resource_minimum_hard(best):
    """Proves: without a price 8 hours are used: 8 * 3 + 3 kept at 2 -> 30."""
    assert best(**one_item(5, hold=2, recipes={"unit_cost": 3}, **line(1, minimum=8))).objective == pytest.approx(30)


def test_lots_that_come_out_even_leave_no_rest(best):
    """Proves: 2 wanted, lots of 2.5, keeping costs 1. Four lots are 2 + 4 times the 2 that a lot of C uses, which is free to keep -> 0.

    At 0.05 a unit they cost 10 * 0.05 = 0.5, and one lot 0.125 + 0.5; at 0.1 they cost 1, and one lot 0.25 + 0.5.
    """
    for price, cost in ((0, 0.0), (0.05, 0.5), (0.1, 0.75)):
        tables = {
            "settings": {"periods": 1, "shortage": "lost"},
            "items": {"item": ["C", "D"], "holding_cost": [0, 1], "lost_cost": 9},
            "demand": {"item": "D", "period": "1", "quantity": 2},
            "recipes": {"recipe": "mC", "item": "C", "lot_multiple": 4},
            "components": {"recipe": "mC", "component": "D", "quantity": 0.5},
            "supply": {"item": "D", "lot_multiple": 2.5, "unit_cost": price},
        }
        assert best(**tables).objective == pytest.approx(cost)


def test_parts_of_set_ups_are_priced_by_the_least_limit():
    """10 a period, 15 a set-up, at most 20 a period: all of it in period 1, 10 / 20 in 2, 10 / 10 in 3 (no more is asked for) -> 37.5.

    The audit knows the 20: 0.4 of a set-up would be 8.
    """
    one = case(**one_item(10, 10, 10, settings={"integer_periods": 1}, recipes={"setup_cost": 15, "lot_max": 20}))
    plan = exact(one)
    assert plan.objective == pytest.approx(15 + 7.5 + 15)
    plan.tables["make"]["setup"] = [1.0, 0.4, 1.0]
    broken = {finding.rule: finding.amount for finding in audit(one, plan.tables, plan.objective).findings}
    assert broken["make_needs_setup"] == pytest.approx(2)
