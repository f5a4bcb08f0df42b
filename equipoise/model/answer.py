"""From values of the variables to the tables of a plan, and back to values a search can start from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from equipoise.model.build import Build
from equipoise.model.streams import Stream
from equipoise.plan import COST_LINES, OPENING, PLAN_TABLES, empty_tables

Values = Mapping[str, Mapping[Any, float]]
Rows = list[tuple[Any, ...]]
TINY = 1e-9  # below this a quantity is rounding of the linear algebra, not a decision


def plan_tables(b: Build, value: Callable[[str, Any], float]) -> dict[str, pd.DataFrame]:
    """Every table of the plan. ``value(name, index)`` gives the value of a variable."""
    values = {name: {key: value(name, key) for key in var} for name, var in b.vars.items()}
    _settle(b, values)
    served = _served(b, values)
    rows: dict[str, Rows] = {
        "make": _make(b, values),
        "buy": _buy(b, values),
        "ship": _ship(b, values),
        "stock": _stock(b, values),
        "serve": served,
        "short": _short(b, values, served),
        "capacity": _capacity(b, values),
        "crew": _crew(b, values),
        "storage": _storage(b, values),
        "costs": _costs(b, values),
    }
    tables = empty_tables()
    for name, found in rows.items():
        if found:
            columns = [c.name for c in PLAN_TABLES[name].columns]
            frame = pd.DataFrame(found, columns=columns)
            tables[name] = frame.astype({c: tables[name][c].dtype for c in columns})
    return tables


def _settle(b: Build, values: dict[str, dict[Any, float]]) -> None:
    """Take back what costs nothing and does nothing: overtime not worked, people hired and laid off at once, slack not needed.

    Where such a thing is free the solver may leave any amount of it. Every rule holds as before and no cost rises.
    """
    for (resource, t), extra in values.get("overtime", {}).items():
        worked = _hours(b, values, resource, t) - b.inputs.capacity(resource, t)
        values["overtime"][resource, t] = min(extra, max(0.0, worked))
    for (crew, t), extra in values.get("crew_overtime", {}).items():
        regular = (b.inputs.crew("hours", crew, t) or 0.0) * values["workers"][crew, t]
        values["crew_overtime"][crew, t] = min(extra, max(0.0, _crew_hours(b, values, crew, t) - regular))
    for key, hired in values.get("hired", {}).items():
        both = min(hired, values["laid_off"][key])
        values["hired"][key] -= both
        values["laid_off"][key] -= both
    for name, missing in _slacks(b, values):
        for key, slack in values.get(name, {}).items():
            values[name][key] = min(slack, max(0.0, missing(key)))


def _slacks(b: Build, values: Values) -> list[tuple[str, Callable[[Any], float]]]:
    """Slack variable -> by how much its limit is missed at a key."""
    stock, last = values["stock"], b.case.periods.names[-1]
    safety, maximum, final = b.inputs.limits("safety"), b.inputs.limits("maximum"), b.inputs.final
    room = {row["site"]: row["storage_capacity"] for row in b.case.records("sites")}
    return [
        ("below_safety", lambda key: safety[key] - stock[key]),
        ("above_maximum", lambda key: stock[key] - maximum[key]),
        ("below_final", lambda key: final[key] - stock[*key, last]),
        ("below_minimum", lambda key: b.inputs.resources[key[0]]["minimum"] - _hours(b, values, *key)),
        ("above_capacity", lambda key: _volume(b, values, *key) - room[key[0]]),
    ]


def _get(values: Values, name: str, key: Any) -> float:
    return values[name].get(key, 0.0) if name in values else 0.0


def _rule(values: Values, name: str, key: Any) -> float | None:
    """A yes-or-no or a count; None where no such rule applies."""
    return values[name].get(key) if name in values else None


def _make(b: Build, values: Values) -> Rows:
    out: Rows = []
    for (recipe, t), quantity in values.get("make", {}).items():
        setup, lots = _rule(values, "setup", (recipe, t)), _rule(values, "lots", (recipe, t))
        if quantity > TINY or (setup or 0.0) > TINY:
            row = b.inputs.recipes[recipe]
            output = quantity * b.inputs.recipe("yield", recipe, t, 1.0)
            out.append(
                (
                    recipe,
                    row["item"],
                    row["site"],
                    t,
                    quantity,
                    setup,
                    lots,
                    b.inputs.arrival(t, row["lead_time"]),
                    output,
                )
            )
    return _in_order(b, out, 3)


def _buy(b: Build, values: Values) -> Rows:
    out: Rows = []
    for key, quantity in values.get("buy", {}).items():
        order, lots = _rule(values, "order", key), _rule(values, "order_lots", key)
        if quantity > TINY or (order or 0.0) > TINY:
            out.append((*key, quantity, order, lots, b.inputs.arrival(key[-1], b.inputs.supply[key[:-1]]["lead_time"])))
    return _in_order(b, out, 3)


def _ship(b: Build, values: Values) -> Rows:
    lead = {lane: row["lead_time"] for lane, row in b.lanes.items()} if "ship" in values else {}
    out = [
        (*key, quantity, b.inputs.arrival(key[-1], lead[key[:-1]]))
        for key, quantity in values.get("ship", {}).items()
        if quantity > TINY
    ]
    return _in_order(b, out, 3)


def _in_order(b: Build, rows: Rows, period: int) -> Rows:
    place = b.case.periods.index
    return sorted(rows, key=lambda row: (*map(str, row[:period]), place[row[period]]))


def _stock(b: Build, values: Values) -> Rows:
    last = b.case.periods.names[-1]
    out: Rows = []
    for item, site, t in b.place_periods:
        key = (item, site, t)
        below_final = _get(values, "below_final", (item, site)) if t == last else 0.0
        slack = (_get(values, "below_safety", key), _get(values, "above_maximum", key), below_final)
        out.append((*key, values["stock"][key], *slack))
    return out


def _served(b: Build, values: Values) -> Rows:
    """Deliveries by due date: within a stream the oldest demand that is not given up is served first."""
    out: Rows = []
    for stream in b.streams:
        open_rows = _to_serve(stream, values)
        for t in b.case.periods.names:
            quantity = _get(values, "serve", (*stream.key, t))
            for due in list(open_rows):
                if quantity <= TINY:
                    break
                part = min(quantity, open_rows[due])
                if open_rows[due] - part <= TINY * max(1.0, part):
                    part = open_rows.pop(due)
                else:
                    open_rows[due] -= part
                quantity -= part
                if part > TINY:
                    out.append((*stream.key[:2], stream.key[2] or None, due, t, part))
    place = {OPENING: -1, **b.case.periods.index}
    return sorted(out, key=lambda r: (r[0], r[1], r[2] or "", place[r[3]], place[r[4]]))


def _to_serve(stream: Stream, values: Values) -> dict[str, float]:
    return {row["due"]: row["quantity"] - _get(values, "lost", (*stream.key, row["due"])) for row in stream.rows}


def _short(b: Build, values: Values, served: Rows) -> Rows:
    names, place = b.case.periods.names, b.case.periods.index
    deliveries: dict[Any, dict[str, float]] = defaultdict(dict)
    for item, site, customer, due, t, quantity in served:
        deliveries[item, site, customer, due][t] = quantity
    out: Rows = []
    for stream in b.streams:
        for row in stream.rows:
            key = (*stream.key[:2], stream.key[2] or None, row["due"])
            lost = _get(values, "lost", (*stream.key, row["due"]))
            waiting = row["quantity"] - lost
            for t in range(max(0, row["first"]), len(names)):
                waiting -= deliveries[key].get(names[t], 0.0)
                late = waiting if waiting > TINY * max(1.0, row["quantity"]) else 0.0
                given_up = lost if t == max(0, row["first"]) and lost > TINY else 0.0
                if late or given_up:
                    out.append((*key, names[t], late, given_up))
                elif t > row["first"]:
                    break
    return sorted(out, key=lambda r: (r[0], r[1], r[2] or "", place.get(r[3], -1), place[r[4]]))


def _hours(b: Build, values: Values, resource: str, t: str, only_setups: bool = False) -> float:
    """Hours used on a resource, from the operations table."""
    total = 0.0
    for recipe, operation in b.inputs.operations_on(resource):
        if not only_setups:
            total += (operation["hours"] or 0.0) * _get(values, "make", (recipe, t))
        total += (operation["setup_hours"] or 0.0) * _get(values, "setup", (recipe, t))
    return total


def _capacity(b: Build, values: Values) -> Rows:
    out: Rows = []
    for resource in b.inputs.resources:
        for t in b.case.periods.names:
            used, setups = _hours(b, values, resource, t), _hours(b, values, resource, t, only_setups=True)
            extra = (_get(values, "overtime", (resource, t)), _get(values, "below_minimum", (resource, t)))
            out.append((resource, t, used, setups, *extra))
    return out


def _crew(b: Build, values: Values) -> Rows:
    out: Rows = []
    for crew in b.inputs.crews:
        for t in b.case.periods.names:
            people = tuple(values[name][crew, t] for name in ("workers", "hired", "laid_off"))
            used = _crew_hours(b, values, crew, t)
            out.append((crew, t, *people, used, _get(values, "crew_overtime", (crew, t))))
    return out


def _crew_hours(b: Build, values: Values, crew: str, t: str) -> float:
    return sum(_hours(b, values, name, t) for name, row in b.inputs.resources.items() if row["crew"] == crew)


def _volume(b: Build, values: Values, site: str, t: str) -> float:
    """Volume of the closing stock at a site."""
    return sum(b.inputs.volume(item) * values["stock"][item, site, t] for item, at in b.places if at == site)


def _storage(b: Build, values: Values) -> Rows:
    out: Rows = []
    for row in b.case.records("sites"):
        if row["storage_capacity"] is not None:
            for t in b.case.periods.names:
                stored = _volume(b, values, row["site"], t)
                out.append((row["site"], t, stored, _get(values, "above_capacity", (row["site"], t))))
    return out


def _costs(b: Build, values: Values) -> Rows:
    """Every cost line by period, signed as it counts in the objective (in profit mode costs count against it)."""
    sign = -1.0 if b.profit else 1.0
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for line, t, rate, var in b.books.costs:
        sums[line, t] += rate * values[var.parent_component().local_name][var.index()]
    for line, t, amount in b.books.constants:
        sums[line, t] += amount
    place, order = b.case.periods.index, list(COST_LINES)
    rows = [(line, t, sign * amount) for (line, t), amount in sums.items() if amount]
    return sorted(rows, key=lambda r: (order.index(r[0]), place[r[1]]))


def starting_values(b: Build, tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, Any], float]:
    """Values of the integer decisions of an earlier plan, (variable, index) -> value, for a search to start from.

    Recipes, suppliers and crews that the case no longer has are passed over; decisions the plan does not mention are 0.
    """
    names = ("setup", "lots", "order", "order_lots")
    found: dict[tuple[str, Any], float] = {(name, key): 0.0 for name in names for key in b.vars.get(name, ())}
    found.update(_decisions(tables))
    return {
        (name, key): value for (name, key), value in found.items() if key in b.vars.get(name, ()) and value == value
    }


def stranger(b: Build, tables: Mapping[str, pd.DataFrame]) -> str:
    """Of a plan that decides nothing of what the case has to decide: its first decision, in words; "" of any other plan."""
    first = ""
    for (name, key), _ in _decisions(tables):
        if key in b.vars.get(name, ()):
            return ""
        first = first or f"{name} {', '.join(filter(None, key))}"
    return first


def _decisions(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[tuple[str, Any], float]]:
    """What the rows of a plan decide, (variable, index) and value."""
    for row in tables["make"].to_dict("records"):
        key = (row["recipe"], row["period"])
        yield ("make", key), row["quantity"]
        yield ("setup", key), row["setup"]
        yield ("lots", key), row["lots"]
    for row in tables["buy"].to_dict("records"):
        buy = (row["supplier"], row["item"], row["site"], row["period"])
        yield ("buy", buy), row["quantity"]
        yield ("order", buy), row["order"]
        yield ("order_lots", buy), row["lots"]
    for row in tables["ship"].to_dict("records"):
        yield ("ship", (row["origin"], row["destination"], row["item"], row["period"])), row["quantity"]
    for row in tables["crew"].to_dict("records"):
        for name in ("workers", "hired", "laid_off"):
            yield (name, (row["crew"], row["period"])), row[name]
