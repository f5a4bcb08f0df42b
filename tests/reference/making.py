"""Recipes, the hours of resources, and the crews that work on them. Rules of DATA-MODEL in quotation marks."""

from __future__ import annotations

from typing import Any

from reference.books import Books
from reference.program import INF
from reference.reading import Reading, Row


def recipes_make_items(r: Reading, b: Books) -> None:
    """ "make[t] is started in t and available in t + lead_time; components and hours are used in t. Costs fall in t. No order may arrive
    after the last period". "make is gross (before yield): costs, hours, lots and component use are per gross unit, yield x make enters
    stock; a component uses quantity x (1 + scrap)".
    """
    components, operations = r.by_name("components", "recipe"), r.by_name("operations", "recipe")
    for name, row in r.recipes.items():
        for t in r.periods:
            arrival = t + (row.get("lead_time") or 0)
            if arrival > r.last or not _calendar(r, row, t, "open", 1):
                continue
            site, most = r.site(row), _most(r, row, t)
            cost = _calendar(r, row, t, "unit_cost", row.get("unit_cost")) or 0.0
            made = b.program.amount("make", name, t, cost=cost, most=most, whole=r.is_whole(row["item"], t))
            b.flow[row["item"], site, arrival].append(
                (made, _calendar(r, row, t, "yield", row.get("yield"), blank=1.0))
            )
            for used in components[name]:
                quantity = used["quantity"] * (1 + (used.get("scrap") or 0.0))
                b.flow[used["component"], site, t].append((made, -quantity))
            for work in operations[name]:
                b.hours[work["resource"], t].append((made, work.get("hours") or 0.0))
            b.program.rule([(made, 1.0)], low=row.get("minimum") or 0.0)
            b.in_lots("lots", (name, t), made, row.get("lot_multiple"), r.is_integer(t))
            _set_up(r, b, row, t, made, operations[name])


def _set_up(r: Reading, b: Books, row: Row, t: int, made: int, operations: list[Row]) -> None:
    """ "Set-ups and lot rules apply to the period's total of that recipe": setup_cost, setup_hours and lot_min "if it runs".

    A run may be as small as one likes, so a set-up may be paid with (next to) nothing made, for its hours. But a recipe that can make
    nothing at all in a period does not run in it, and is not set up: the reading where a maximum of 0 meets a resource's minimum hours.
    """
    costs = _calendar(r, row, t, "setup_cost", row.get("setup_cost")) or 0.0
    ever = any(_calendar(r, row, u, "setup_cost", row.get("setup_cost")) for u in r.periods)
    if not (ever or row.get("lot_min") or any(work.get("setup_hours") for work in operations)):
        return
    most = _most(r, row, t)
    setup = b.yes_or_no("setup", (row["recipe"], t), made, costs, row.get("lot_min"), most, r.is_integer(t))
    if not most or not all(_hours_left(r, work, t) > 0 for work in operations if work.get("hours")):
        b.program.rule([(setup, 1.0)], high=0.0)
    for work in operations:
        b.hours[work["resource"], t].append((setup, work.get("setup_hours") or 0.0))


def resources_have_hours(r: Reading, b: Books) -> None:
    """ "capacity (hours a period), overtime (hours), overtime_cost (per hour), cost (per hour used), minimum (hours a period),
    minimum_cost"; "overtime_cost comes on top of cost". A closed resource (calendar.open = 0) has no hours and no minimum.
    """
    for row in r.rows("resources"):
        name = row["resource"]
        for t in r.periods:
            used = b.hours[name, t]
            for column, hours in used:
                b.program.pay(column, hours * (row.get("cost") or 0.0))
            regular, more = _capacity(r, row, t)
            if regular < INF:
                overtime = b.program.amount("overtime", name, t, cost=row.get("overtime_cost") or 0.0, most=more)
                b.program.rule([*used, (overtime, -1.0)], high=regular)
            if row.get("minimum") and _is_open(r, row, t):
                b.priced("below minimum", (name, t), row.get("minimum_cost"), used, low=row["minimum"])


def crews_work_and_are_paid(r: Reading, b: Books) -> None:
    """ "workers[t] = workers[t-1] + hired[t] - laid_off[t], both at the start of t; every worker is paid, busy or idle. A resource with a
    crew uses one crew hour per hour; several resources may share a crew". minimum_use is a "share of the hours that must be worked".
    """
    for row in r.rows("crews"):
        name, before, whole = row["crew"], None, bool(row.get("whole"))
        for t in r.periods:
            of = {c: _crew(r, row, t, c) for c in ("hours", "wage", "hire_cost", "layoff_cost", "minimum")}
            most = _crew(r, row, t, "maximum", INF)
            hire_max = INF if row.get("hire_max") is None else row["hire_max"]
            workers = b.program.amount("workers", name, t, cost=of["wage"], most=most, whole=whole)
            hired = b.program.amount("hired", name, t, cost=of["hire_cost"], most=hire_max, whole=whole)
            laid_off = b.program.amount("laid off", name, t, cost=of["layoff_cost"], whole=whole)
            overtime = b.program.amount("crew overtime", name, t, cost=row.get("overtime_wage") or 0.0)
            b.program.rule([(workers, 1.0)], low=of["minimum"])
            was, at_first = ([], row.get("workers") or 0.0) if before is None else ([(before, 1.0)], 0.0)
            changes = [(workers, 1.0), (hired, -1.0), (laid_off, 1.0), *((j, -v) for j, v in was)]
            b.program.rule(changes, low=at_first, high=at_first)
            if row.get("layoff_share") is not None:
                share = row["layoff_share"]
                b.program.rule([(laid_off, 1.0), *((j, -share * v) for j, v in was)], high=share * at_first)
            used = [x for res in r.rows("resources") if res.get("crew") == name for x in b.hours[res["resource"], t]]
            b.program.rule([*used, (workers, -of["hours"]), (overtime, -1.0)], high=0.0)
            b.program.rule([(overtime, 1.0), (workers, -(row.get("overtime") or 0.0))], high=0.0)
            b.program.rule([*used, (workers, -of["hours"] * (row.get("minimum_use") or 0.0))], low=0.0)
            before = workers


def _calendar(r: Reading, row: Row, t: int, column: str, main: Any, blank: Any = None) -> Any:
    value = r.in_period("recipe_calendar", column, (row["recipe"],), t, main)
    return blank if value is None else value


def _most(r: Reading, row: Row, t: int) -> float:
    """lot_max and recipe_calendar.maximum; infinite where both are blank."""
    limits = [row.get("lot_max"), _calendar(r, row, t, "maximum", None)]
    return min([float(limit) for limit in limits if limit is not None], default=INF)


def _is_open(r: Reading, row: Row, t: int) -> bool:
    return bool(r.in_period("calendar", "open", (row["resource"],), t, 1))


def _capacity(r: Reading, row: Row, t: int) -> tuple[float, float]:
    """Regular hours and overtime of a resource; "blank capacity" is no limit."""
    if not _is_open(r, row, t):
        return 0.0, 0.0
    regular = r.in_period("calendar", "capacity", (row["resource"],), t, row.get("capacity"))
    overtime = r.in_period("calendar", "overtime", (row["resource"],), t, row.get("overtime"))
    return INF if regular is None else regular, overtime or 0.0


def _crew(r: Reading, row: Row, t: int, column: str, blank: float = 0.0) -> float:
    value = r.in_period("crew_calendar", column, (row["crew"],), t, row.get(column))
    return blank if value is None else float(value)


def _hours_left(r: Reading, work: Row, t: int) -> float:
    """The most hours that a recipe can have on a resource beside its own set-up there: regular, overtime, and as its crew can have."""
    row = next(row for row in r.rows("resources") if row["resource"] == work["resource"])
    most = sum(_capacity(r, row, t))
    for crew in r.rows("crews"):
        if crew["crew"] == row.get("crew"):
            hired = INF if crew.get("hire_max") is None else crew["hire_max"] * (t + 1)
            people = min(_crew(r, crew, t, "maximum", INF), (crew.get("workers") or 0.0) + hired)
            each = _crew(r, crew, t, "hours") + (crew.get("overtime") or 0.0)
            most = min(most, people * each if each else 0.0)
    return most - (work.get("setup_hours") or 0.0)
