"""Crews: people are hired, laid off and paid; their hours are what resources use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from equipoise.model.build import Build, or_zero

NEEDS: tuple[str, ...] = ()
SWITCH = ("crews",)


def variables(b: Build) -> None:
    """workers[c,t], hired[c,t], laid_off[c,t]: people of crew c in period t, hired and laid off at its start [people];
    crew_overtime[c,t]: overtime hours of the crew [hours].

    wages = wage[c,t] * workers[c,t], busy or idle; hiring = hire_cost * hired; lay-off = layoff_cost * laid_off;
    overtime = overtime_wage[c] * crew_overtime[c,t].
    """
    crews = b.inputs.crews
    keys = {
        (crew, t): pyo.NonNegativeIntegers if row["whole"] else pyo.NonNegativeReals
        for crew, row in crews.items()
        for t in b.case.periods.names
    }
    axes = ("crew", "period")
    for name, line, column in (
        ("workers", "wages", "wage"),
        ("hired", "hiring", "hire_cost"),
        ("laid_off", "layoff", "layoff_cost"),
    ):
        for (crew, t), var in b.var(name, keys, axes, "people").items():
            b.books.cost(line, t, b.inputs.crew(column, crew, t) or 0.0, var)
    with_overtime = [(crew, t) for crew, t in keys if crews[crew]["overtime"]]
    for (crew, t), var in b.var("crew_overtime", with_overtime, axes, "hours").items():
        b.books.cost("overtime", t, crews[crew]["overtime_wage"] or 0.0, var)


def _hours_used(b: Build) -> dict[tuple[str, str], Any]:
    """(crew, period) -> hours used on all its resources; only where something uses them."""
    crew_of = {name: row["crew"] for name, row in b.inputs.resources.items() if row["crew"]}
    used: dict[tuple[str, str], Any] = defaultdict(float)
    for resource, t in b.books.hours:
        if resource in crew_of:
            used[crew_of[resource], t] += b.books.hours_used(resource, t)
    return used


def crew_balance(b: Build) -> Iterator[tuple[Any, Any]]:
    """People of a period are those of the period before, plus hired, less laid off.

    workers[c,t] = workers[c,t-1] + hired[c,t] - laid_off[c,t]   for each crew c, period t; before the first: crews.workers   [people]

    Off: no crews. Price: what one more person on the payroll from t on is worth [money/person], integers held.
    """
    workers = b.m.workers
    for crew, t in workers:
        before = b.case.periods.shift(t, -1)
        was = (b.inputs.crews[crew]["workers"] or 0.0) if before is None else workers[crew, before]
        yield (crew, t), workers[crew, t] == was + b.m.hired[crew, t] - b.m.laid_off[crew, t]


def crew_hours(b: Build) -> Iterator[tuple[Any, Any]]:
    """All resources of a crew together use at most its people's hours and overtime.

    sum of hours used[r,t] over resources r of c <= hours[c,t] * workers[c,t] + crew_overtime[c,t]   for each crew c, period t   [hours]

    Off: no resource has a crew. Price: what one more crew hour is worth [money/hour], integers held.
    """
    for (crew, t), used in _hours_used(b).items():
        extra = or_zero(b.m.crew_overtime, (crew, t))
        yield (crew, t), used <= (b.inputs.crew("hours", crew, t) or 0.0) * b.m.workers[crew, t] + extra


def crew_overtime_limit(b: Build) -> Iterator[tuple[Any, Any]]:
    """Each person works at most so much overtime.

    crew_overtime[c,t] <= overtime[c] * workers[c,t]   for each crew c with overtime, period t   [hours]

    Off: crews.overtime is empty. Price: what one more hour allowed is worth [money/hour], integers held.
    """
    for (crew, t), extra in b.m.crew_overtime.items():
        yield (crew, t), extra <= b.inputs.crews[crew]["overtime"] * b.m.workers[crew, t]


def crew_limits(b: Build) -> Iterator[tuple[Any, Any]]:
    """The number of people stays within its limits.

    minimum[c,t] <= workers[c,t] <= maximum[c,t]   for each crew c with a limit, period t   [people]

    Off: minimum and maximum are blank. Price: what one person more (less) allowed is worth [money/person], integers held.
    """
    for (crew, t), workers in b.m.workers.items():
        least, most = b.inputs.crew("minimum", crew, t) or 0.0, b.inputs.crew("maximum", crew, t)
        if least or most is not None:
            yield (crew, t), (least, workers, most)


def hire_limit(b: Build) -> Iterator[tuple[Any, Any]]:
    """Only so many people can be hired in a period.

    hired[c,t] <= hire_max[c]   for each crew c with hire_max, period t   [people]

    Off: crews.hire_max is blank. Price: what hiring one more is worth [money/person], integers held.
    """
    for (crew, t), hired in b.m.hired.items():
        if b.inputs.crews[crew]["hire_max"] is not None:
            yield (crew, t), hired <= b.inputs.crews[crew]["hire_max"]


def layoff_limit(b: Build) -> Iterator[tuple[Any, Any]]:
    """Only a share of the people can be laid off in a period.

    laid_off[c,t] <= layoff_share[c] * workers[c,t-1]   for each crew c with layoff_share, period t   [people]

    Off: crews.layoff_share is blank. Price: what laying off one more is worth [money/person], integers held.
    """
    for (crew, t), laid_off in b.m.laid_off.items():
        share = b.inputs.crews[crew]["layoff_share"]
        if share is not None:
            before = b.case.periods.shift(t, -1)
            was = (b.inputs.crews[crew]["workers"] or 0.0) if before is None else b.m.workers[crew, before]
            yield (crew, t), laid_off <= share * was


def crew_minimum_use(b: Build) -> Iterator[tuple[Any, Any]]:
    """A share of the crew's regular hours must be worked.

    sum of hours used[r,t] over resources r of c >= minimum_use[c] * hours[c,t] * workers[c,t]   for each crew c with it, t   [hours]

    Off: crews.minimum_use is empty. Price: what an hour less would save [money/hour], integers held.
    """
    used = _hours_used(b)
    for (crew, t), workers in b.m.workers.items():
        share = b.inputs.crews[crew]["minimum_use"]
        if share:
            yield (crew, t), used.get((crew, t), 0.0) >= share * (b.inputs.crew("hours", crew, t) or 0.0) * workers


FAMILIES = (
    crew_balance,
    crew_hours,
    crew_overtime_limit,
    crew_limits,
    hire_limit,
    layoff_limit,
    crew_minimum_use,
)
