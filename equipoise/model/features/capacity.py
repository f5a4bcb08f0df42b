"""Resources have regular hours, overtime at a cost and sometimes a minimum use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.model.build import Build, or_zero
from equipoise.model.inputs import INF

NEEDS: tuple[str, ...] = ()
SWITCH = ("operations", "resources.minimum")


def variables(b: Build) -> None:
    """overtime[r,t]: overtime hours of resource r in period t [hours]; below_minimum[r,t]: hours short of its minimum [hours].

    overtime cost = overtime_cost[r] * overtime[r,t]; resource cost = cost[r] for every hour used, set-ups and overtime included;
    below-minimum cost = minimum_cost[r] * below_minimum[r,t].
    """
    periods = b.case.periods.names
    rows = b.inputs.resources
    limit = {(r, t): b.inputs.overtime(r, t) for r in rows for t in periods if not rows[r]["crew"]}
    limit = {key: hours for key, hours in limit.items() if hours and key in b.books.hours}
    for (resource, t), var in b.var("overtime", list(limit), ("resource", "period"), "hours", limit).items():
        b.books.cost("overtime", t, rows[resource]["overtime_cost"] or 0.0, var)
    for (resource, t), (hours, variables) in b.books.hours.items():
        for rate, var in zip(hours, variables, strict=True):
            b.books.cost("resource", t, (rows[resource]["cost"] or 0.0) * rate, var)
    short = [(r, t) for r, t in _with_minimum(b) if rows[r]["minimum_cost"] is not None or (r, t) not in b.books.hours]
    hard = {(r, t): 0.0 for r, t in short if rows[r]["minimum_cost"] is None}
    for (resource, t), var in b.var("below_minimum", short, ("resource", "period"), "hours", hard).items():
        b.books.cost("below_minimum", t, rows[resource]["minimum_cost"] or 0.0, var)


def _with_minimum(b: Build) -> list[tuple[str, str]]:
    periods = b.case.periods.names
    return [
        (r, t) for r, row in b.inputs.resources.items() if row["minimum"] for t in periods if b.inputs.is_open(r, t)
    ]


def capacity(b: Build) -> Iterator[tuple[Any, Any]]:
    """Hours used on a resource stay within its regular hours and overtime.

    sum of hours[m,r]*make[m,t] + setup_hours[m,r]*setup[m,t] - overtime[r,t] <= capacity[r,t]   for each resource r, period t   [hours]

    0 <= overtime[r,t] <= overtime limit of r in t. A closed resource (calendar.open = 0) has 0 hours. A resource with a crew has no
    overtime of its own: a stated capacity limits all its hours, those in the crew's overtime included.
    Off: capacity is blank. Price: what one more hour is worth [money/hour], integers held.
    """
    for resource, t in b.books.hours:
        room = b.inputs.capacity(resource, t)
        if room != INF:
            used = b.books.hours_used(resource, t)
            extra = or_zero(b.m.overtime, (resource, t))
            yield (resource, t), used - extra <= room


def resource_minimum(b: Build) -> Iterator[tuple[Any, Any]]:
    """A resource is used at least its minimum hours in every period in which it is open, or the missing hours are paid for.

    hours used[r,t] + below_minimum[r,t] >= minimum[r]   for each resource r with a minimum, open period t   [hours]

    Hours of set-ups count. A recipe that can make nothing in a period (closed, a maximum of 0, or too late to arrive) is not set up in it.
    Hard where minimum_cost is blank (no below_minimum). Off: resources.minimum is empty.
    Price: what an hour less minimum would save [money/hour], integers held.
    """
    for resource, t in _with_minimum(b):
        used = b.books.hours_used(resource, t)
        slack = or_zero(b.m.below_minimum, (resource, t))
        yield (resource, t), (0.0 if used is None else used) + slack >= b.inputs.resources[resource]["minimum"]


FAMILIES = (capacity, resource_minimum)
