"""Making, resources and crews."""

from __future__ import annotations

from typing import Any

import pytest
from hand import amounts, case, make, plan

from equipoise.case import Case


def recipes(settings: dict[str, Any] | None = None, calendar: dict[str, Any] | None = None, **columns: Any) -> Case:
    """Recipe r with the columns, recipe "free" without any; ``calendar`` is the row of r in period 2."""
    rows = [{"recipe": "r", "item": "A", **columns}, {"recipe": "free", "item": "A"}]
    return case(settings, recipes=rows, recipe_calendar=[{"recipe": "r", "period": "2", **(calendar or {})}])


def test_output_is_yield_times_quantity() -> None:
    c = recipes({}, {"yield": 0.5}, **{"yield": 0.75})
    rows = [make("r", "1", 10, output=7.5), make("r", "2", 10, output=5), make("free", "1", 10, output=10)]
    assert amounts(c, plan(make=rows), "output") == []
    rows = [make("r", "1", 10, output=10), make("r", "2", 10, output=9), make("free", "1", 10, output=9.5)]
    assert amounts(c, plan(make=rows), "output") == [2.5, 4, 0.5]


def test_arrival_is_a_lead_time_later_within_the_horizon() -> None:
    c = recipes(lead_time=2)
    rows = [make("r", "1", 10, arrival="3"), make("free", "2", 10), make("r", "2", 7, arrival="3")]
    assert amounts(c, plan(make=rows), "arrival") == [7]  # 7 arrive after the end
    rows = [make("r", "1", 10), make("r", "1", 10, arrival=None)]
    assert amounts(c, plan(make=rows[:1]), "arrival") == [1]
    assert amounts(c, plan(make=rows[1:]), "arrival") == [1]


@pytest.mark.parametrize("columns", [{"setup_cost": 5}, {"lot_min": 1}])
def test_making_needs_a_setup_where_there_is_one(columns: dict[str, float]) -> None:
    c = recipes(**columns)
    rows = [
        make("r", "1", 10, setup=0),
        make("r", "2", 4, setup=1),
        make("free", "1", 10, setup=0),
        make("free", "2", 10),
    ]
    assert amounts(c, plan(make=rows), "make_needs_setup") == [10]


def test_making_needs_a_setup_where_the_calendar_prices_it() -> None:
    c = recipes({}, {"setup_cost": 5})
    rows = [make("r", "1", 10, setup=0), make("r", "2", 4, setup=0)]
    assert amounts(c, plan(make=rows), "make_needs_setup") == [4]


def test_making_needs_a_setup_where_it_takes_hours() -> None:
    c = case(
        recipes=[{"recipe": "r", "item": "A"}],
        resources=[{"resource": "m"}],
        operations=[{"recipe": "r", "resource": "m", "setup_hours": 1}],
    )
    assert amounts(c, plan(make=[make("r", "1", 10, setup=0)]), "make_needs_setup") == [10]


def test_a_part_of_a_setup_is_enough_after_the_integer_periods() -> None:
    c = recipes({"integer_periods": 1}, setup_cost=5)
    rows = [make("r", "1", 10, setup=0.25), make("r", "2", 10, setup=0.25), make("r", "3", 10, setup=0)]
    assert amounts(c, plan(make=rows), "make_needs_setup") == [10, 10]
    assert amounts(c, plan(make=rows), "whole_setups") == [0.25]


def test_a_part_of_a_setup_allows_that_part_of_a_stated_limit() -> None:
    """A quarter of a set-up: of 40, 10; of 20 in period 2, 5; the first period is whole."""
    c = recipes({"integer_periods": 1}, {"maximum": 20}, setup_cost=5, lot_max=40)
    rows = [make("r", "1", 12, setup=1), make("r", "2", 12, setup=0.25), make("r", "3", 12, setup=0.25)]
    assert amounts(c, plan(make=rows), "make_needs_setup") == [7, 2]
    rows = [make("r", "2", 12, setup=0.6), make("r", "3", 12, setup=0.3)]
    assert amounts(c, plan(make=rows), "make_needs_setup") == []


def test_lot_rules() -> None:
    c = recipes(lot_min=10, lot_multiple=4, lot_max=14)
    rows = [
        make("r", "1", 8, setup=1, lots=2),
        make("r", "2", 12, setup=1, lots=4),
        make("r", "3", 16, setup=1, lots=4),
        make("free", "1", 1),
    ]
    assert amounts(c, plan(make=rows), "lot_minimum") == [2]
    assert amounts(c, plan(make=rows), "lot_multiple") == [4]
    assert amounts(c, plan(make=rows), "lot_maximum") == [2]


def test_a_lot_without_its_number_is_measured_against_the_nearest() -> None:
    c = recipes(lot_multiple=4)
    assert amounts(c, plan(make=[make("r", "1", 13)]), "lot_multiple") == [1]
    assert amounts(c, plan(make=[make("r", "1", 12)]), "lot_multiple") == []
    assert amounts(c, plan(make=[make("r", "1", 12)]), "filled_cells") == [1]


def test_a_setup_without_a_quantity_still_has_a_least_lot() -> None:
    c = recipes(lot_min=10)
    assert amounts(c, plan(make=[make("r", "1", 0, setup=1)]), "lot_minimum") == [10]
    assert amounts(c, plan(make=[make("r", "1", 0, setup=0)]), "lot_minimum") == []


def test_recipe_minimum_in_every_period_whose_output_arrives() -> None:
    c = recipes(minimum=5, lead_time=1)
    assert amounts(c, plan(make=[make("r", "2", 3, arrival="3")]), "recipe_minimum") == [5, 2]
    closed = recipes({}, {"open": 0}, minimum=5)
    assert amounts(closed, plan(), "recipe_minimum") == [5, 5]


def test_recipe_maximum_and_closed_periods() -> None:
    c = recipes({}, {"maximum": 6})
    rows = [make("r", "1", 10), make("r", "2", 10), make("free", "2", 10)]
    assert amounts(c, plan(make=rows), "recipe_maximum") == [4]
    closed = recipes({}, {"open": 0}, setup_cost=1)
    rows = [make("r", "1", 10, setup=1), make("r", "2", 7, setup=1), make("free", "2", 10)]
    assert amounts(closed, plan(make=rows), "recipe_maximum") == [7, 1]


def test_whole_numbers() -> None:
    """A is whole, B is not; the quantity of 3.25 is a quarter off, 2.9 a tenth."""
    c = case(
        items=[{"item": "A", "whole": 1}, {"item": "B"}],
        recipes=[{"recipe": "r", "item": "A"}, {"recipe": "s", "item": "B"}],
    )
    rows = [make("r", "1", 3.25), make("s", "1", 3.25, item="B"), make("r", "2", 3)]
    serve = [{"item": "A", "site": "", "due": "1", "period": "1", "quantity": 2.5}]
    assert amounts(c, plan(make=rows, serve=serve), "whole_units") == [0.25, 0.5]
    first = case({"integer_periods": 1}, items=[{"item": "A", "whole": 1}], recipes=[{"recipe": "r", "item": "A"}])
    rows = [make("r", "1", 3.25), make("r", "2", 3.25)]
    assert amounts(first, plan(make=rows), "whole_units") == [0.25]


def test_whole_lots_and_setups() -> None:
    c = recipes(lot_multiple=4, setup_cost=1)
    rows = [
        make("r", "1", 6, setup=1, lots=1.5),
        make("r", "2", 8, setup=0.75, lots=2),
        make("r", "3", 8, setup=2, lots=2),
    ]
    assert amounts(c, plan(make=rows), "whole_lots") == [0.5]
    none = recipes({"integer_periods": 0}, lot_multiple=4, setup_cost=1)
    assert amounts(none, plan(make=rows), "whole_lots") == []
    assert amounts(c, plan(make=rows), "whole_setups") == [0.25, 1]


# --- resources ---------------------------------------------------------------------------------------------------------------------


def shop(calendar: dict[str, Any] | None = None, **columns: Any) -> Case:
    """Resource m with the columns and "spare" without; r takes 0.5 hours a unit and 2 a set-up on m, 1 hour on spare."""
    return case(
        recipes=[{"recipe": "r", "item": "A"}],
        resources=[{"resource": "m", **columns}, {"resource": "spare"}],
        operations=[
            {"recipe": "r", "resource": "m", "hours": 0.5, "setup_hours": 2},
            {"recipe": "r", "resource": "spare", "hours": 1},
        ],
        calendar=[{"resource": "m", "period": "2", **(calendar or {})}],
    )


def used(period: str, hours: float, setup_hours: float = 0.0, **columns: float) -> dict[str, Any]:
    return {"resource": "m", "period": period, "hours": hours, "setup_hours": setup_hours, **columns}


def test_hours_add_up_with_setups() -> None:
    """20 units take 10 hours and 2 for the set-up on m, 20 on spare, which the plan leaves out."""
    made = [make("r", "1", 20, setup=1)]
    spare = {"resource": "spare", "period": "1", "hours": 20}
    assert amounts(shop(), plan(make=made, capacity=[used("1", 12, 2), spare]), "hours_add_up") == []
    assert amounts(shop(), plan(make=made, capacity=[used("1", 11, 1), spare]), "hours_add_up") == [1, 1]
    assert amounts(shop(), plan(make=made, capacity=[used("1", 12, 2)]), "hours_add_up") == [20]
    assert amounts(shop(), plan(capacity=[used("3", 4)]), "hours_add_up") == [4]


def test_capacity_and_overtime() -> None:
    """Capacity 10 and overtime 3; in period 2 the calendar says 8 and 1."""
    c = shop({"capacity": 8, "overtime": 1}, capacity=10, overtime=3, overtime_cost=1)
    rows = [
        used("1", 12, overtime=1),
        used("2", 12, overtime=2),
        used("3", 10),
        {"resource": "spare", "period": "1", "hours": 99},
    ]
    assert amounts(c, plan(capacity=rows), "capacity") == [1, 2]
    assert amounts(c, plan(capacity=rows), "overtime_limit") == [1]
    rows = [used("1", 2, overtime=3)]
    assert amounts(c, plan(capacity=rows), "overtime_is_worked") == [1]


def test_a_closed_resource_works_not_at_all() -> None:
    c = shop({"open": 0}, capacity=10, overtime=3, overtime_cost=1, minimum=4)
    rows = [used("1", 5), used("2", 5, overtime=2), used("3", 4)]
    assert amounts(c, plan(capacity=rows), "capacity") == [5]
    assert amounts(c, plan(capacity=rows), "overtime_limit") == [2]
    assert amounts(c, plan(capacity=[used("1", 5)]), "resource_minimum") == [4]  # period 3, not the closed one


def test_resource_minimum_hard_and_priced() -> None:
    hard, priced = shop(minimum=4), shop(minimum=4, minimum_cost=1)
    rows = [used("1", 3), used("2", 4), used("3", 9)]
    assert amounts(hard, plan(capacity=rows), "resource_minimum") == [1]
    assert amounts(priced, plan(capacity=rows), "resource_minimum") == [1]
    shown = [used("1", 3, below_minimum=1), used("2", 4, below_minimum=0.5), used("3", 9)]
    assert amounts(priced, plan(capacity=shown), "resource_minimum") == [0.5]
    assert amounts(hard, plan(capacity=shown), "resource_minimum") == [1, 0.5]


# --- crews -------------------------------------------------------------------------------------------------------------------------


def crew(calendar: dict[str, Any] | None = None, **columns: Any) -> Case:
    """Crew c of 4 people with 10 hours each on the resource m; crew "idle" has nobody."""
    return case(
        resources=[{"resource": "m", "crew": "c"}, {"resource": "other"}],
        crews=[{"crew": "c", "workers": 4, "hours": 10, **columns}, {"crew": "idle"}],
        crew_calendar=[{"crew": "c", "period": "2", **(calendar or {})}],
    )


def people(*rows: tuple[float, float, float], **columns: float) -> list[dict[str, Any]]:
    """Rows of crew c: workers, hired, laid off."""
    return [
        {"crew": "c", "period": str(t), "workers": w, "hired": h, "laid_off": f, **columns}
        for t, (w, h, f) in enumerate(rows, 1)
    ]


def test_crew_balance() -> None:
    assert amounts(crew(), plan(crew=people((5, 1, 0), (3, 0, 2), (3, 0, 0))), "crew_balance") == []
    assert amounts(crew(), plan(crew=people((5, 0.5, 0), (3, 0, 0), (3, 0, 0))), "crew_balance") == [0.5, 2]
    assert amounts(crew(), plan(), "crew_balance") == [4]


def test_crew_limits() -> None:
    c = crew({"minimum": 5, "maximum": 6}, minimum=3, maximum=7)
    rows = people((2, 0, 2), (8, 6, 0), (4, 0, 4))
    assert amounts(c, plan(crew=rows), "crew_limits") == [1, 2]
    rows = people((3, 0, 1), (4, 1, 0), (7, 3, 0))
    assert amounts(c, plan(crew=rows), "crew_limits") == [1]


def test_hiring_and_laying_off_limits() -> None:
    c = crew(hire_max=2, layoff_share=0.5)
    rows = people((7, 3, 0), (3, 0, 4), (1, 0, 2))
    assert amounts(c, plan(crew=rows), "hire_limit") == [1]
    assert amounts(c, plan(crew=rows), "layoff_limit") == [0.5, 0.5]
    assert amounts(c, plan(crew=people((1, 0, 3))), "layoff_limit") == [1]  # of the 4 people before the start
    assert amounts(crew(), plan(crew=rows), "hire_limit") == []


def test_crew_hours_are_those_of_its_resources() -> None:
    hours = [{"resource": "m", "period": "1", "hours": 30}, {"resource": "other", "period": "1", "hours": 99}]
    rows = people((4, 0, 0), (4, 0, 0), (4, 0, 0))
    rows[0]["hours"] = 30.0
    assert amounts(crew(), plan(capacity=hours, crew=rows), "crew_hours_add_up") == []
    rows[0]["hours"] = 28.0
    assert amounts(crew(), plan(capacity=hours, crew=rows), "crew_hours_add_up") == [2]


def test_crew_hours_and_overtime() -> None:
    """4 people: 40 hours and 2 of overtime each; in period 2 the calendar says 9 hours."""
    c = crew({"hours": 9}, overtime=2, overtime_wage=1)
    rows = [
        {**row, "hours": h, "overtime": o}
        for row, (h, o) in zip(people((4, 0, 0), (4, 0, 0), (4, 0, 0)), ((43, 3), (45, 8), (52, 9)), strict=True)
    ]
    assert amounts(c, plan(crew=rows), "crew_hours") == [1, 3]
    assert amounts(c, plan(crew=rows), "crew_overtime_limit") == [1]
    assert amounts(c, plan(crew=people((4, 0, 0), hours=1, overtime=2)), "overtime_is_worked") == [1]


def test_crew_minimum_use_and_whole_people() -> None:
    c = crew({"hours": 12}, minimum_use=0.5, whole=1)
    rows = people((4, 0, 0), (4.5, 0.5, 0), (4.5, 0.125, 0.125), hours=20)
    assert amounts(c, plan(crew=rows), "crew_minimum_use") == [7, 2.5]
    assert amounts(c, plan(crew=rows), "whole_people") == [0.5, 0.5, 0.5, 0.125, 0.125]
    assert amounts(crew(), plan(crew=rows), "whole_people") == []
