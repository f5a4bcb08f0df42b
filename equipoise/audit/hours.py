"""Rules about resources: hours used, capacity, overtime, least use."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.audit.bench import Bench, negated
from equipoise.audit.limits import Limit
from equipoise.audit.row import Row, Source


def hours_add_up(b: Bench) -> Iterator[Row]:
    """The hours of a resource are those of what is made on it and of its set-ups.

    setup_hours[r,t] = sum of operations.setup_hours * setup[m,t]
    hours[r,t] = sum of operations.hours * make[m,t] + setup_hours[r,t]   for each resource, period   [hours]
    """
    for resource, t in sorted({*b.hours, *((e.key[0], e.t) for e in b.plan.rows("capacity"))}):
        units, setups = b.hours.get((resource, t), ([], []))
        key = (resource, b.facts.names[t])
        says = "{2} of {0} in {1} are {stated}; {expected} follow from what is made"
        for column, terms in (("hours", [*units, *setups]), ("setup_hours", setups)):
            value, at = b.plan.number("capacity", key, column), b.plan.at("capacity", key, column)
            yield Row([(value,), *negated(terms)], "=", at, says, (*key, column), "hours")


def capacity(b: Bench) -> Iterator[Row]:
    """A resource works no longer than its regular hours and its overtime, and not at all where it is closed.

    hours[r,t] <= capacity[r,t] + overtime[r,t]; hours[r,t] = 0 where open[r,t] = 0   for each resource, period   [hours]
    """
    for e in b.plan.rows("capacity"):
        name = e.key[:1]
        regular = b.facts.get("resources", "capacity", name, e.t)
        source = b.facts.source("resources", "capacity", name, e.t)
        if not b.facts.is_open("calendar", e.key[0], e.t):
            says = "{0} works {stated} hours in {1}, in which it is closed"
            yield Row(((e["hours"],),), "<=", e.at("hours"), says, e.key, "hours", Source("calendar", "open", e.key))
        elif regular is not None:
            says = "{0} works {stated} hours in {1}, {amount} hours more than its capacity of {2} and overtime of {3}"
            terms = ((e["hours"],), (-1.0, regular), (-1.0, e["overtime"]))
            yield Row(terms, "<=", e.at("hours"), says, (*e.key, regular, e["overtime"]), "hours", source)


def overtime_limit(b: Bench) -> Iterator[Row]:
    """A resource works at most the overtime it is allowed.

    overtime[r,t] <= most overtime[r,t], 0 where the resource is closed   for each resource, period   [hours]
    """
    for e in b.plan.rows("capacity"):
        most = b.facts.value("resources", "overtime", e.key[:1], e.t)
        if not b.facts.is_open("calendar", e.key[0], e.t):
            most = 0.0
        says = "overtime of {0} in {1} is {stated} hours, {amount} hours more than the {2} allowed"
        source = b.facts.source("resources", "overtime", e.key[:1], e.t)
        terms = ((e["overtime"],), (-1.0, most))
        yield Row(terms, "<=", e.at("overtime"), says, (*e.key, most), "hours", source)


def overtime_is_worked(b: Bench) -> Iterator[Row]:
    """Overtime is part of the hours worked, of resources and of crews.

    overtime <= hours   for each resource and crew, period   [hours]
    """
    for table in ("capacity", "crew"):
        for e in b.plan.rows(table):
            says = "overtime of {0} in {1} is {stated} hours, of {2} hours worked"
            terms = ((e["overtime"],), (-1.0, e["hours"]))
            yield Row(terms, "<=", e.at("overtime"), says, (*e.key, e["hours"]), "hours")


def resource_minimum(b: Bench) -> Iterator[Row]:
    """A resource works at least its minimum in every open period; where a shortfall has a price, the plan shows all of it.

    without minimum_cost: hours[r,t] >= minimum[r]
    with it: below_minimum[r,t] = max(0, minimum[r] - hours[r,t])   for each resource, open period   [hours]
    """
    shown = {(e.key[0], e.t) for e in b.plan.rows("capacity")}
    for (resource,) in sorted(b.facts.keys("resources")):
        name = (resource,)
        least = b.facts.value("resources", "minimum", name)
        priced = b.facts.get("resources", "minimum_cost", name) is not None
        for t, period in enumerate(b.facts.names):
            if not least and (resource, t) not in shown:
                continue
            key = (resource, period)
            bound = least if b.facts.is_open("calendar", resource, t) else 0.0
            hours, below = (b.plan.number("capacity", key, c) for c in ("hours", "below_minimum"))
            places = (b.plan.at("capacity", key, "hours"), b.plan.at("capacity", key, "below_minimum"))
            what = (f"hours of {resource} in {period}", "minimum")
            source = Source("resources", "minimum", name)
            limit = Limit(*what, hours, bound, False, "below_minimum", below, priced, "hours", *places, source)
            yield from limit.rows()


RULES = (hours_add_up, capacity, overtime_limit, overtime_is_worked, resource_minimum)
