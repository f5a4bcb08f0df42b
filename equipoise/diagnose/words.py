"""A row or bound of the model in planner words, with the cells it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from equipoise.engine.compile import Entry
from equipoise.errors import Issue
from equipoise.model import Build
from equipoise.model.inputs import INF
from equipoise.plan import OPENING

Found = Iterator[Issue]


def describe(b: Build, entry: Entry) -> list[Issue]:
    """The rule behind a row or a bound; [] for rows that only say what quantities are."""
    name, index = entry
    words = WORDS.get(name)
    return list(words(b, *(index if isinstance(index, tuple) else (index,)))) if words else []


def _issue(b: Build, table: str, column: str, message: str, value: Any = "", **key: Any) -> Issue:
    cell = b.case.cell(table, column, **key)
    return Issue(
        "hard-rule",
        message,
        table=table,
        column=column,
        cell=cell,
        value="" if value is None else f"{value:g}" if isinstance(value, float) else str(value),
    )


def _at(site: str) -> str:
    return f" at {site}" if site else ""


def _by_period(b: Build, calendar: str, main: str, column: str, period: str, **key: str) -> tuple[str, dict[str, str]]:
    """The calendar's cell where it has one for the period, else the main table's."""
    if (*key.values(), period) in b.case.lookup(calendar, column):
        return calendar, {**key, "period": period}
    return main, key


def _demand(b: Build, item: str, site: str, customer: str, stream: str, period: str) -> Found:
    for group in b.streams:
        if group.key != (item, site, customer, stream):
            continue
        for row in group.rows:
            if row["due"] == OPENING and period == b.case.periods.names[0]:
                yield _issue(
                    b,
                    "stock",
                    "backlog",
                    f"the backlog of {item}{_at(site)} ({row['quantity']:g}) must be served",
                    row["quantity"],
                    item=item,
                    site=site,
                )
            elif row["due"] == period:
                who = f" for {customer}" if customer else ""
                message = f"demand for {item}{_at(site)}{who} in {period} is {row['quantity']:g} and may not be lost."
                yield _issue(
                    b,
                    "demand",
                    "quantity",
                    message,
                    row["quantity"],
                    item=item,
                    site=site,
                    period=period,
                    customer=customer or None,
                )


def _capacity(b: Build, resource: str, period: str) -> Found:
    if not b.inputs.is_open(resource, period):
        yield _issue(b, "calendar", "open", f"{resource} is closed in {period}.", 0.0, resource=resource, period=period)
        return
    table, key = _by_period(b, "calendar", "resources", "capacity", period, resource=resource)
    hours = b.inputs.capacity(resource, period)
    extra = b.inputs.overtime(resource, period)
    words = f" and {extra:g} overtime hours" if extra else ""
    yield _issue(b, table, "capacity", f"{resource} has {hours:g} hours{words} in {period}.", hours, **key)


def _make(b: Build, recipe: str, period: str) -> Found:
    """The limits that make up what a recipe can make in a period."""
    t = b.case.periods.index[period]
    row = b.inputs.recipes[recipe]
    if b.inputs.recipe("open", recipe, period, 1.0) == 0:
        yield _issue(
            b, "recipe_calendar", "open", f"{recipe} is closed in {period}.", 0.0, recipe=recipe, period=period
        )
        return
    most = b.bounds.physical(row, t)
    if row["lot_max"] == most:
        yield _issue(b, "recipes", "lot_max", f"{recipe} makes at most {most:g} in a period.", most, recipe=recipe)
    if b.inputs.recipe("maximum", recipe, period, INF) == most:
        message = f"{recipe} makes at most {most:g} in {period}."
        yield _issue(b, "recipe_calendar", "maximum", message, most, recipe=recipe, period=period)
    for operation in b.inputs.operations[recipe]:
        room = b.bounds.hours[operation["resource"]][t] - (operation["setup_hours"] or 0.0)
        if operation["hours"] and max(0.0, room) / operation["hours"] == most:
            yield from _capacity(b, operation["resource"], period)


def _recipe_minimum(b: Build, recipe: str, period: str) -> Found:
    least = b.inputs.recipes[recipe]["minimum"]
    yield _issue(b, "recipes", "minimum", f"{recipe} must make at least {least:g} in {period}.", least, recipe=recipe)


def _recipe_maximum(b: Build, recipe: str, period: str) -> Found:
    yield from _make(b, recipe, period)


def _lot_minimum(b: Build, recipe: str, period: str) -> Found:
    least = b.inputs.recipes[recipe]["lot_min"]
    yield _issue(
        b, "recipes", "lot_min", f"{recipe} makes at least {least:g} when it runs ({period}).", least, recipe=recipe
    )


def _lot_multiple(b: Build, recipe: str, period: str) -> Found:
    multiple = b.inputs.recipes[recipe]["lot_multiple"]
    yield _issue(
        b,
        "recipes",
        "lot_multiple",
        f"{recipe} makes whole multiples of {multiple:g} ({period}).",
        multiple,
        recipe=recipe,
    )


def _resource_minimum(b: Build, resource: str, period: str) -> Found:
    least = b.inputs.resources[resource]["minimum"]
    yield _issue(
        b,
        "resources",
        "minimum",
        f"{resource} must be used at least {least:g} hours in {period}.",
        least,
        resource=resource,
    )


def _crew_hours(b: Build, crew: str, period: str) -> Found:
    hours = b.inputs.crew("hours", crew, period) or 0.0
    table, key = _by_period(b, "crew_calendar", "crews", "hours", period, crew=crew)
    yield _issue(b, table, "hours", f"a worker of {crew} has {hours:g} hours in {period}.", hours, **key)


def _crew_limits(b: Build, crew: str, period: str) -> Found:
    for column, words in (("minimum", "at least"), ("maximum", "at most")):
        limit = b.inputs.crew(column, crew, period)
        if limit:
            table, key = _by_period(b, "crew_calendar", "crews", column, period, crew=crew)
            yield _issue(b, table, column, f"{crew} has {words} {limit:g} people in {period}.", limit, **key)


def _crew_value(column: str, words: str) -> Callable[..., Found]:
    def found(b: Build, crew: str, period: str) -> Found:
        limit = b.inputs.crews[crew][column]
        yield _issue(b, "crews", column, f"{crew}: {words} {limit:g} ({period}).", limit, crew=crew)

    return found


def _supply(column: str, words: str) -> Callable[..., Found]:
    def found(b: Build, supplier: str, item: str, site: str, period: str) -> Found:
        key = {"supplier": supplier, "item": item, "site": site}
        table = "supply"
        limit = b.inputs.supply[supplier, item, site][column]
        if column == "capacity":
            table, key = _by_period(b, "supply_calendar", "supply", column, period, **key)
            limit = b.inputs.supply_capacity((supplier, item, site), period)
        yield _issue(b, table, column, f"{supplier}: {item}{_at(site)} {words} {limit:g} in {period}.", limit, **key)

    return found


def _lane(b: Build, origin: str, destination: str, item: str, period: str) -> Found:
    row = next(r for (o, d, i), r in b.lanes.items() if (o, d) == (origin, destination) and (r["item"] or "") == item)
    what = item or "all items together"
    message = f"the lane {origin} to {destination} carries at most {row['capacity']:g} ({what}) in {period}."
    yield _issue(
        b, "lanes", "capacity", message, row["capacity"], origin=origin, destination=destination, item=row["item"]
    )


def _stock_limit(column: str, words: str) -> Callable[..., Found]:
    def found(b: Build, item: str, site: str, period: str) -> Found:
        limit = b.inputs.limits(column)[item, site, period]
        table, key = _by_period(b, "stock_targets", "stock", column, period, item=item, site=site)
        yield _issue(
            b, table, column, f"the stock of {item}{_at(site)} in {period} must be {words} {limit:g}.", limit, **key
        )

    return found


def _final(b: Build, item: str, site: str) -> Found:
    least = b.inputs.final[item, site]
    column = "final" if b.inputs.stock[item, site]["final"] is not None else "opening"
    message = f"the final stock of {item}{_at(site)} must be at least {least:g}."
    yield _issue(b, "stock", column, message, least, item=item, site=site)


def _storage(b: Build, site: str, period: str) -> Found:
    room = next(row["storage_capacity"] for row in b.case.records("sites") if row["site"] == site)
    yield _issue(b, "sites", "storage_capacity", f"{site} has room for {room:g} in {period}.", room, site=site)


WORDS: dict[str, Callable[..., Found]] = {
    "demand_is_served_or_lost": _demand,
    "capacity": _capacity,
    "overtime": _capacity,
    "make": _make,
    "make_needs_setup": _make,
    "recipe_minimum": _recipe_minimum,
    "recipe_maximum": _recipe_maximum,
    "lot_minimum": _lot_minimum,
    "lot_multiple": _lot_multiple,
    "resource_minimum": _resource_minimum,
    "crew_hours": _crew_hours,
    "crew_limits": _crew_limits,
    "crew_overtime_limit": _crew_value("overtime", "overtime hours of a worker at most"),
    "hire_limit": _crew_value("hire_max", "people hired in a period at most"),
    "layoff_limit": _crew_value("layoff_share", "share laid off at most"),
    "crew_minimum_use": _crew_value("minimum_use", "share of the hours worked at least"),
    "supplier_capacity": _supply("capacity", "delivers at most"),
    "order_maximum": _supply("lot_max", "is ordered at most"),
    "order_minimum": _supply("lot_min", "is ordered at least"),
    "order_multiple": _supply("lot_multiple", "is ordered in multiples of"),
    "lane_capacity": _lane,
    "safety_stock": _stock_limit("safety", "at least"),
    "maximum_stock": _stock_limit("maximum", "at most"),
    "final_stock": _final,
    "storage_capacity": _storage,
}
"""Family or variable -> what it says. Balances and definitions say nothing a planner could change."""
