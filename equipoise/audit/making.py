"""Rules about making: set-ups, lots, yield and the limits of a recipe."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.audit.bench import Bench
from equipoise.audit.lots import flagged, multiple
from equipoise.audit.row import KEPT, Row, Source, yes_or_no


def output(b: Bench) -> Iterator[Row]:
    """What enters stock is what is made times the yield of the period in which it is made.

    output[m,t] = yield[m,t] * make[m,t]   for each row of make   [unit]
    """
    for e in b.plan.rows("make"):
        says = "output of recipe {0} in {1} is {stated} {unit}; {2} made at a yield of {3} give {expected}"
        rate = b.yields(e.key[0], e.t)
        terms = ((e["output"],), (-1.0, rate, e["quantity"]))
        yield Row(terms, "=", e.at("output"), says, (*e.key, e["quantity"], rate), b.facts.unit(_item(b, e.key[0])))


def make_needs_setup(b: Bench) -> Iterator[Row]:
    """A recipe whose set-up costs money or hours, or that has a least lot, makes something only where it is set up.

    make[m,t] = 0 where setup[m,t] = 0   for each row of make with a set-up rule   [unit]

    After the integer periods a part of a set-up is enough: make[m,t] <= setup[m,t] * the lesser of lot_max[m] and maximum[m,t],
    where the case states one.
    """
    for e in b.plan.rows("make"):
        if b.facts.needs_setup(e.key[0], e.t):
            limits = (
                (b.facts.recipes[e.key[0]]["lot_max"], Source("recipes", "lot_max", e.key[:1])),
                (b.facts.column("recipe_calendar", "maximum").get(e.key), Source("recipe_calendar", "maximum", e.key)),
            )
            yield flagged(b, e, "setup", f"recipe {e.key[0]} makes", b.facts.unit(_item(b, e.key[0])), limits)


def lot_minimum(b: Bench) -> Iterator[Row]:
    """Where a recipe runs it makes at least its least lot.

    make[m,t] >= lot_min[m] * setup[m,t]   for each row of make with a lot_min   [unit]
    """
    for e in b.plan.rows("make"):
        least = b.facts.recipes[e.key[0]]["lot_min"]
        if least:
            says = "recipe {0} makes {stated} {unit} in {1}, {amount} {unit} less than the least lot of {2}"
            terms = ((e["quantity"],), (-1.0, least, b.runs(e)))
            source = Source("recipes", "lot_min", e.key[:1])
            unit = b.facts.unit(_item(b, e.key[0]))
            yield Row(terms, ">=", e.at("quantity"), says, (*e.key, least), unit, source)


def lot_multiple(b: Bench) -> Iterator[Row]:
    """A recipe with a lot multiple makes whole lots of it (whole_lots says when the number is whole).

    make[m,t] = lot_multiple[m] * lots[m,t]   for each row of make with a lot_multiple   [unit]
    """
    for e in b.plan.rows("make"):
        size = b.facts.recipes[e.key[0]]["lot_multiple"]
        if size:
            unit = b.facts.unit(_item(b, e.key[0]))
            yield multiple(b, e, size, f"recipe {e.key[0]} makes", unit, Source("recipes", "lot_multiple", e.key[:1]))


def lot_maximum(b: Bench) -> Iterator[Row]:
    """A recipe makes at most lot_max in a period.

    make[m,t] <= lot_max[m]   for each row of make with a lot_max   [unit]
    """
    for e in b.plan.rows("make"):
        most = b.facts.recipes[e.key[0]]["lot_max"]
        if most is not None:
            says = "recipe {0} makes {stated} {unit} in {1}, {amount} {unit} more than the largest lot of {2}"
            source = Source("recipes", "lot_max", e.key[:1])
            unit = b.facts.unit(_item(b, e.key[0]))
            yield Row(((e["quantity"],), (-1.0, most)), "<=", e.at("quantity"), says, (*e.key, most), unit, source)


def recipe_minimum(b: Bench) -> Iterator[Row]:
    """A recipe makes at least its minimum in every open period whose output arrives within the horizon.

    make[m,t] >= minimum[m]   for each recipe with a minimum, open period t with t + lead_time <= T   [unit]
    """
    for name, recipe in b.facts.recipes.items():
        least = recipe["minimum"]
        if not least:
            continue
        for t in range(b.facts.count - int(recipe["lead_time"] or 0)):
            key = (name, b.facts.names[t])
            if b.facts.is_open("recipe_calendar", name, t):
                says = "recipe {0} makes {stated} {unit} in {1}, {amount} {unit} less than its minimum of {2}"
                quantity, at = b.plan.number("make", key, "quantity"), b.plan.at("make", key, "quantity")
                source = Source("recipes", "minimum", (name,))
                unit = b.facts.unit(recipe["item"])
                yield Row(((quantity,), (-1.0, least)), ">=", at, says, (*key, least), unit, source)


def recipe_maximum(b: Bench) -> Iterator[Row]:
    """A recipe makes at most the maximum of its calendar, and neither makes nor is set up where the calendar closes it.

    make[m,t] <= maximum[m,t]; make[m,t] = 0 and setup[m,t] = 0 where open[m,t] = 0   for each row of make   [unit]
    """
    for e in b.plan.rows("make"):
        unit = b.facts.unit(_item(b, e.key[0]))
        if not b.facts.is_open("recipe_calendar", e.key[0], e.t):
            source = Source("recipe_calendar", "open", e.key)
            says = "recipe {0} makes {stated} {unit} in {1}, in which it is closed"
            yield Row(((e["quantity"],),), "<=", e.at("quantity"), says, e.key, unit, source)
            says = "recipe {0} is set up in {1}, in which it is closed"
            yield Row(((e["setup"],),), "<=", e.at("setup"), says, e.key, "set-ups", source)
            continue
        most = b.facts.column("recipe_calendar", "maximum").get(e.key)
        if most is not None:
            says = "recipe {0} makes {stated} {unit} in {1}, {amount} {unit} more than the maximum of {2}"
            source = Source("recipe_calendar", "maximum", e.key)
            terms = ((e["quantity"],), (-1.0, most))
            yield Row(terms, "<=", e.at("quantity"), says, (*e.key, most), unit, source)


def arrival(b: Bench) -> Iterator[Row]:
    """What is made, ordered or shipped arrives a lead time later, within the horizon, and the plan says so.

    arrival = period + lead_time; quantity = 0 where that is after the last period   for each row of make, buy, ship   [unit]
    """
    for table in ("make", "buy", "ship"):
        for e in b.plan.rows(table):
            due = e.t + b.lead(e)
            if due >= b.facts.count:
                item = _item(b, e.key[0]) if table == "make" else e.names["item"]
                says = "{stated} {unit} of {0} arrive {1} periods after {2}, after the end of the horizon"
                names = (item, due - e.t, e.names["period"])
                yield Row(((e["quantity"],),), "<=", e.at("quantity"), says, names, b.facts.unit(item))
            else:
                right, given = b.facts.names[due], e.names["arrival"]
                says = "the arrival is {0}; the lead time makes it {1}"
                yield KEPT if given == right else yes_or_no(False, e.at("arrival"), says, (given or "blank", right))


def _item(b: Bench, recipe: str) -> str:
    item: str = b.facts.recipes[recipe]["item"]
    return item


RULES = (output, arrival, make_needs_setup, lot_minimum, lot_multiple, lot_maximum, recipe_minimum, recipe_maximum)
