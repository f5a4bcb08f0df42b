"""Demand is served in its period, served late, or lost, at a price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from equipoise.model.build import Build, or_zero
from equipoise.model.inputs import Row

NEEDS: tuple[str, ...] = ()
SWITCH: tuple[str, ...] = ()


def variables(b: Build) -> None:
    """serve[i,s,c,n,t]: units of stream (i,s,c,n) served in period t [unit]; late[..,t]: units waiting at its end [unit];
    lost[..,due]: units of the demand due then that are given up [unit].

    late cost = late_cost * late[..,t] at every period end; lost cost = lost_cost[due] * lost[..,due]; in profit mode revenue is
    price * serve[..,t]. Where nothing may wait at the end of the horizon (final_backlog = lost or forbidden) there is no late[..,T].
    """
    names = b.case.periods.names
    serve, late, lost = {}, [], {}
    for stream in b.streams:
        for t, name in enumerate(names):
            if stream.open_in(t):
                serve[*stream.key, name] = b.whole(stream.key[0], name) if stream.whole else pyo.NonNegativeReals
            if stream.waiting_after(t) and (t < len(names) - 1 or b.case.settings.final_backlog == "allowed"):
                late.append((*stream.key, name))
        lost.update({(*stream.key, row["due"]): row for row in stream.rows if row["can_be_lost"]})
    axes = ("item", "site", "customer", "stream", "period")
    b.var("serve", serve, axes, "unit")
    b.var("late", late, axes, "unit")
    b.var("lost", list(lost), axes, "unit", upper={key: row["quantity"] for key, row in lost.items()})
    _post(b, lost)


def _post(b: Build, lost: dict[Any, Row]) -> None:
    first = b.case.periods.names[0]
    rate_of = {stream.key: stream for stream in b.streams}
    for key, var in b.vars["serve"].items():
        b.books.flow(key[0], key[1], key[-1], -1.0, var)
        if b.profit:
            b.books.cost("revenue", key[-1], -rate_of[key[:-1]].price, var)
    for key, var in b.vars["late"].items():
        b.books.cost("late", key[-1], rate_of[key[:-1]].late_cost, var)
    for key, row in lost.items():
        period = first if row["first"] < 0 else row["due"]
        b.books.cost("lost", period, row["lost_cost"], b.vars["lost"][key])


def demand_is_served_or_lost(b: Build) -> Iterator[tuple[Any, Any]]:
    """What is due in a period or still waits from before is served, waits on, or is lost.

    late[k,t-1] + quantity[k,t] = serve[k,t] + late[k,t] + lost[k,t]   for each stream k = (item, site, customer, n), period t   [unit]

    quantity: demand due in t; in the first period also the opening backlog, less what of it is lost.
    Off: never. Price: what one more unit of demand in t costs [money/unit], integers held.
    """
    serve, late, lost = b.m.serve, b.m.late, b.m.lost
    for stream in b.streams:
        waiting: Any = 0.0
        for t, name in enumerate(b.case.periods.names):
            due = [row for row in stream.rows if row["first"] == t or (t == 0 and row["first"] < 0)]
            key = (*stream.key, name)
            given_up = sum(lost[*stream.key, row["due"]] for row in due if row["can_be_lost"])
            out = or_zero(serve, key) + or_zero(late, key) + given_up
            left = waiting + sum(row["quantity"] for row in due)
            waiting = or_zero(late, key)
            if due or not isinstance(left, float) or not isinstance(out, float):
                yield key, out == left


def served_in_its_window(b: Build) -> Iterator[tuple[Any, Any]]:
    """A unit waits at most max_late periods: what waits at the end of a period was due recently enough.

    late[k,t] <= sum of (quantity[k,u] - lost[k,u]) over u with u <= t < u + max_late   for each stream k with max_late, period t   [unit]

    Off: no max_late, or shortage is not backorder. Price: what one unit more lateness is worth [money/unit], integers held.
    """
    late, lost = b.m.late, b.m.lost
    for stream in b.streams:
        for t, name in enumerate(b.case.periods.names):
            key = (*stream.key, name)
            rows = stream.waiting_after(t)
            if key not in late or len(rows) == sum(row["first"] <= t for row in stream.rows):
                continue
            given_up = sum(lost[*stream.key, row["due"]] for row in rows if row["can_be_lost"])
            yield key, late[key] + given_up <= sum(row["quantity"] for row in rows)


FAMILIES = (demand_is_served_or_lost, served_in_its_window)
