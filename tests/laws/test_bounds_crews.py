"""What people who must work make beyond demand: bounds in the model must leave room for it. Hand-worked."""

from __future__ import annotations

from typing import Any

import pytest
from bounded import from_component
from cases import case, exact

from equipoise.model.limits import missing_limits


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


def two_who_stay(**operation: Any) -> dict[str, Any]:
    """Q is wanted and bought at 1. Two people of 8 hours stay and must work 90 % of them, on P alone, in lots of 20 at least."""
    return {
        "settings": {"periods": 1, "shortage": "forbidden"},
        "items": {"item": ["Q", "P"], "holding_cost": 0},
        "demand": {"item": "Q", "period": "1", "quantity": 1},
        "supply": {"supplier": "S", "item": "Q", "unit_cost": 1},
        "recipes": {"recipe": "m", "item": "P", "lot_min": 20},
        "operations": {"recipe": "m", "resource": "L", **operation},
        "resources": {"resource": "L", "crew": "K"},
        "crews": {
            "crew": "K",
            "workers": 2,
            "hours": 8,
            "layoff_share": 0,
            "minimum_use": 0.9,
            "hire_cost": 1,
            "whole": 1,
        },
    }


@pytest.mark.parametrize(
    ("operation", "people"),
    [({"hours": 1}, 3), ({"hours": None, "setup_hours": 30}, 4), ({"hours": 0.5, "setup_hours": 20}, 4)],
    ids=["hours", "a set-up", "both"],
)
def test_people_are_hired_to_work_a_least_lot_that_nobody_needs(operation: dict[str, Any], people: int):
    """20 hours: 3 people at 21.6 hours or more, 22 P. A set-up of 30, or of 20 and 10 hours beside it: 4 people at 28.8 or more."""
    assert exact(case(**two_who_stay(**operation))).objective == pytest.approx(1 + people - 2)


def test_people_hired_for_a_period_of_overtime_alone_must_work_later():
    """80 P wanted in period 1, which has 2 hours of overtime only: 40 people, who stay and must work half of 8 hours in period 2: 160 P."""
    tables = {
        "settings": {"periods": 2, "shortage": "forbidden"},
        "items": {"item": "P", "holding_cost": 0},
        "demand": {"item": "P", "period": "1", "quantity": 80},
        "recipes": {"recipe": "m", "item": "P"},
        "operations": {"recipe": "m", "resource": "L", "hours": 1},
        "resources": {"resource": "L", "crew": "K"},
        "crews": {
            "crew": "K",
            "hours": 8,
            "overtime": 2,
            "overtime_wage": 0,
            "layoff_share": 0,
            "minimum_use": 0.5,
            "hire_cost": 1,
        },
        "crew_calendar": {"crew": "K", "period": "1", "hours": 0},
    }
    assert exact(case(**tables)).objective == pytest.approx(40)


def test_people_hired_for_overtime_alone_earn_with_what_is_left_of_it():
    """A person at 40 has 4 hours of overtime, free of charge. 1 P is wanted; 3 more cost 4 each and are worth 5: 40 + 4 * 4 + 5 - 15."""
    tables = {
        "settings": {"periods": 1, "shortage": "forbidden", "end_stock": "value"},
        "items": {"item": "P", "value": 5, "holding_cost": 0},
        "demand": {"item": "P", "period": "1", "quantity": 1},
        "recipes": {"recipe": "m", "item": "P", "unit_cost": 4, "setup_cost": 5},
        "operations": {"recipe": "m", "resource": "L", "hours": 1},
        "resources": {"resource": "L", "crew": "K"},
        "crews": {"crew": "K", "hours": 0, "overtime": 4, "overtime_wage": 0, "wage": 40, "whole": 1},
    }
    assert exact(case(**tables)).objective == pytest.approx(46)
