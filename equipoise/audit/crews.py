"""Rules about crews: people, their hours, hiring and laying off."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.audit.bench import Bench
from equipoise.audit.exact import Term
from equipoise.audit.facts import Key
from equipoise.audit.row import Row, Source


def crew_balance(b: Bench) -> Iterator[Row]:
    """People employed change only by hiring and laying off, both at the start of the period.

    workers[c,t] = workers[c,t-1] + hired[c,t] - laid_off[c,t]; before the first period, crews.workers
    for each crew, period   [people]
    """
    for crew, t, key in _periods(b):
        terms = ((b.plan.number("crew", key, "workers"),), (-1.0, _before(b, crew, t)),
                 (-1.0, b.plan.number("crew", key, "hired")), (b.plan.number("crew", key, "laid_off"),))  # fmt: skip
        says = "workers of {0} in {1} are {stated}; {expected} follow from those before, hired and laid off"
        yield Row(terms, "=", b.plan.at("crew", key, "workers"), says, key, "people")


def crew_limits(b: Bench) -> Iterator[Row]:
    """A crew has at least its minimum and at most its maximum of people.

    minimum[c,t] <= workers[c,t] <= maximum[c,t]   for each crew, period   [people]
    """
    for crew, t, key in _periods(b):
        workers, at = b.plan.number("crew", key, "workers"), b.plan.at("crew", key, "workers")
        least, most = (b.facts.get("crews", c, (crew,), t) for c in ("minimum", "maximum"))
        says = "workers of {0} in {1} are {stated}, {amount} {3} the {4} of {2}"
        if least:
            source = b.facts.source("crews", "minimum", (crew,), t)
            terms = ((workers,), (-1.0, least))
            yield Row(terms, ">=", at, says, (*key, least, "below", "minimum"), "people", source)
        if most is not None:
            source = b.facts.source("crews", "maximum", (crew,), t)
            terms = ((workers,), (-1.0, most))
            yield Row(terms, "<=", at, says, (*key, most, "above", "maximum"), "people", source)


def hire_limit(b: Bench) -> Iterator[Row]:
    """At most hire_max people are hired in a period.

    hired[c,t] <= hire_max[c]   for each crew with a hire_max, period   [people]
    """
    for e in b.plan.rows("crew"):
        most = b.facts.get("crews", "hire_max", e.key[:1])
        if most is not None:
            says = "{stated} people are hired for {0} in {1}, {amount} more than the {2} allowed"
            terms = ((e["hired"],), (-1.0, most))
            source = Source("crews", "hire_max", e.key[:1])
            yield Row(terms, "<=", e.at("hired"), says, (*e.key, most), "people", source)


def layoff_limit(b: Bench) -> Iterator[Row]:
    """At most layoff_share of the people of the period before are laid off.

    laid_off[c,t] <= layoff_share[c] * workers[c,t-1]   for each crew with a layoff_share, period   [people]
    """
    for e in b.plan.rows("crew"):
        share = b.facts.get("crews", "layoff_share", e.key[:1])
        if share is not None:
            says = "{stated} people of {0} are laid off in {1}, {amount} more than the share of {2} allows"
            terms = ((e["laid_off"],), (-1.0, share, _before(b, e.key[0], e.t)))
            source = Source("crews", "layoff_share", e.key[:1])
            yield Row(terms, "<=", e.at("laid_off"), says, (*e.key, share), "people", source)


def crew_hours_add_up(b: Bench) -> Iterator[Row]:
    """A crew works the hours of the resources it runs.

    hours[c,t] = sum of hours[r,t] over the resources of the crew   for each crew, period   [hours]
    """
    for crew, _, key in _periods(b):
        resources = [b.plan.number("capacity", (r, key[1]), "hours") for r in b.crew_resources.get(crew, ())]
        terms: list[Term] = [(b.plan.number("crew", key, "hours"),), *((-1.0, hours) for hours in resources)]
        says = "hours of {0} in {1} are {stated}; its resources work {expected}"
        yield Row(terms, "=", b.plan.at("crew", key, "hours"), says, key, "hours")


def crew_hours(b: Bench) -> Iterator[Row]:
    """A crew works no longer than the hours of its people and its overtime.

    hours[c,t] <= hours a worker[c,t] * workers[c,t] + overtime[c,t]   for each crew, period   [hours]
    """
    for e in b.plan.rows("crew"):
        each = b.facts.value("crews", "hours", e.key[:1], e.t)
        says = (
            "{0} works {stated} hours in {1}, {amount} hours more than {2} people at {3} hours and the overtime of {4}"
        )
        terms = ((e["hours"],), (-1.0, each, e["workers"]), (-1.0, e["overtime"]))
        source = b.facts.source("crews", "hours", e.key[:1], e.t)
        yield Row(terms, "<=", e.at("hours"), says, (*e.key, e["workers"], each, e["overtime"]), "hours", source)


def crew_overtime_limit(b: Bench) -> Iterator[Row]:
    """The overtime of a crew is at most that of its people.

    overtime[c,t] <= overtime a worker[c] * workers[c,t]   for each crew, period   [hours]
    """
    for e in b.plan.rows("crew"):
        each = b.facts.value("crews", "overtime", e.key[:1])
        says = "overtime of {0} in {1} is {stated} hours, {amount} more than {2} people may work at {3} hours"
        terms = ((e["overtime"],), (-1.0, each, e["workers"]))
        source = Source("crews", "overtime", e.key[:1])
        yield Row(terms, "<=", e.at("overtime"), says, (*e.key, e["workers"], each), "hours", source)


def crew_minimum_use(b: Bench) -> Iterator[Row]:
    """A crew works at least the share minimum_use of its regular hours.

    hours[c,t] >= minimum_use[c] * hours a worker[c,t] * workers[c,t]   for each crew with a minimum_use, period   [hours]
    """
    for crew, t, key in _periods(b):
        share = b.facts.value("crews", "minimum_use", (crew,))
        if share:
            each = b.facts.value("crews", "hours", (crew,), t)
            workers, hours = (b.plan.number("crew", key, c) for c in ("workers", "hours"))
            says = "{0} works {stated} hours in {1}, {amount} hours less than the share of {2} asks"
            source = Source("crews", "minimum_use", (crew,))
            terms = ((hours,), (-1.0, share, each, workers))
            yield Row(terms, ">=", b.plan.at("crew", key, "hours"), says, (*key, share), "hours", source)


def _periods(b: Bench) -> Iterator[tuple[str, int, Key]]:
    """Every crew and period, with the key of its row."""
    for (crew,) in sorted(b.facts.keys("crews")):
        for t, period in enumerate(b.facts.names):
            yield crew, t, (crew, period)


def _before(b: Bench, crew: str, t: int) -> float:
    """People of the period before; those of the crews table before the first."""
    if t == 0:
        return b.facts.value("crews", "workers", (crew,))
    return b.plan.number("crew", (crew, b.facts.names[t - 1]), "workers")


RULES = (
    crew_balance,
    crew_limits,
    hire_limit,
    layoff_limit,
    crew_hours_add_up,
    crew_hours,
    crew_overtime_limit,
    crew_minimum_use,
)
