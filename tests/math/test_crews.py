"""Hand-worked optima of crews. A worker has 10 hours and costs 100; a unit takes an hour."""

import pytest
from cases import line, one_item


def crew(*demand: float, lost: float = 50, **columns: object) -> dict[str, object]:
    crews = {"crew": "C", "workers": 1, "hours": 10, "wage": 100, **columns}
    return one_item(*demand, settings={"shortage": "lost"}, items={"lost_cost": lost}, crews=crews, **line(1, crew="C"))


def test_crew_balance(best):
    """Proves: demand 20, 40 kept at 100 a unit: 2 then 4 people: wages 600, 3 hired at 50 -> 750.

    Sensitivity: hiring free -> 600; people not carried -> 5 hired.
    """
    tables = crew(20, 40, hire_cost=50, layoff_cost=30)
    tables["items"]["holding_cost"] = 100
    plan = best(**tables)
    assert plan.objective == pytest.approx(750)
    assert plan.cost_lines == pytest.approx({"wages": 600, "hiring": 150})


def test_crew_balance_lays_off(best):
    """Proves: 3 people, work for 1: 2 laid off at 30 + 100 -> 160."""
    assert best(**crew(10, workers=3, layoff_cost=30)).objective == pytest.approx(160)


def test_crew_hours_are_shared_by_resources(best):
    """Proves: two resources, one crew of 1 (no hiring): 10 hours for 6 + 6 units: 2 lost at 50 -> 100 + 100 = 200.

    Sensitivity: hours for each resource -> 100.
    """
    tables = crew(6, hire_max=0, layoff_share=0)
    tables |= {
        "items": {"item": ["A", "B"], "lost_cost": 50},
        "demand": {"item": ["A", "B"], "period": "1", "quantity": 6},
        "recipes": {"recipe": ["mA", "mB"], "item": ["A", "B"]},
        "resources": {"resource": ["L", "K"], "crew": "C"},
        "operations": {"recipe": ["mA", "mB"], "resource": ["L", "K"], "hours": 1},
    }
    assert best(**tables).objective == pytest.approx(200)


def test_crew_overtime_limit(best):
    """Proves: 13 wanted, 10 + 2 overtime hours at 9, no hiring: 100 + 18 + 1 lost at 50 -> 168. Sensitivity: no limit -> 127."""
    assert best(**crew(13, overtime=2, overtime_wage=9, hire_max=0)).objective == pytest.approx(168)


def test_crew_limits(best):
    """Proves: at most 2 people: 30 wanted, 20 made: 200 + 10 lost at 50 -> 700; at least 4: 400. Sensitivity: 300."""
    assert best(**crew(30, maximum=2)).objective == pytest.approx(700)
    assert best(**crew(30, minimum=4)).objective == pytest.approx(400)


def test_crew_limits_by_period(best):
    """Proves: 10 wanted twice; in period 2 a worker has 5 hours and costs 40: 2 people -> 100 + 80 = 180, not 200."""
    tables = crew(10, 10, lost=500)
    tables["items"]["holding_cost"] = 500
    tables["crew_calendar"] = {"crew": "C", "period": "2", "hours": 5, "wage": 40}
    assert best(**tables).objective == pytest.approx(180)


def test_hire_limit(best):
    """Proves: one hired a period: 40 wanted with 1 + 1 people: 20 made: 200 + 20 lost at 50 -> 1200. Sensitivity: 400."""
    assert best(**crew(40, hire_max=1)).objective == pytest.approx(1200)


def test_layoff_limit(best):
    """Proves: half can go a period: 4 -> 2 -> 1, wages 300, 3 laid off at 30 -> 390. Sensitivity: all at once -> 120."""
    assert best(**crew(0, 0, workers=4, layoff_cost=30, layoff_share=0.5)).objective == pytest.approx(390)


def test_crew_minimum_use(best):
    """Proves: 8 of 10 hours must be worked: 5 wanted at unit cost 2: 8 made, 3 kept -> 100 + 16 + 3 = 119. Sensitivity: 110."""
    tables = crew(5, minimum_use=0.8, layoff_share=0)
    tables["recipes"] = {"recipe": "mA", "item": "A", "unit_cost": 2}
    assert best(**tables).objective == pytest.approx(119)


def test_crew_of_whole_people(best):
    """Proves: 15 hours are 2 whole people -> 200. Sensitivity: fractions -> 150."""
    assert best(**crew(15, whole=1)).objective == pytest.approx(200)
    assert best(**crew(15)).objective == pytest.approx(150)
