"""Rules about whole numbers. A number is whole within a millionth, however large it is."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.audit.bench import Bench
from equipoise.audit.entries import Entry
from equipoise.audit.exact import distance_from_whole
from equipoise.audit.row import Row

_FLAGS = (("make", "setup", "set-ups"), ("buy", "order", "orders"))


def whole_units(b: Bench) -> Iterator[Row]:
    """An item of whole units is made, bought, shipped and served in whole units, in the integer periods.

    quantity is a whole number   for each row of make, buy, ship, serve of an item with whole = 1   [unit]

    Where a demand of the item, site and customer is itself a fraction (a forecast of 2.5), what is served of it may be one.
    """
    fractions = {key[:3] for key, demand in b.facts.demand.items() if distance_from_whole(demand.quantity)}
    for table in ("make", "buy", "ship", "serve"):
        for e in b.plan.rows(table):
            item = b.facts.recipes[e.key[0]]["item"] if table == "make" else e.names["item"]
            if table == "serve" and e.key[:3] in fractions:
                continue
            if b.facts.is_whole(item) and b.facts.whole_in(e.t):
                yield _whole(e, "quantity", b.facts.unit(item))


def whole_lots(b: Bench) -> Iterator[Row]:
    """The number of lots is whole, in the integer periods.

    lots is a whole number   for each row of make and buy with lots   [lots]
    """
    for table in ("make", "buy"):
        for e in b.plan.rows(table):
            if "lots" in e.numbers and b.facts.whole_in(e.t):
                yield _whole(e, "lots", "lots")


def whole_setups(b: Bench) -> Iterator[Row]:
    """A recipe is set up or not, an order placed or not: 0 or 1, and after the integer periods anything between.

    setup and order are 0 or 1   for each row of make and buy with one   [set-ups]
    """
    for table, column, unit in _FLAGS:
        for e in b.plan.rows(table):
            if column in e.numbers:
                says = "{0} is {stated}, more than 1"
                yield Row(((e[column],), (-1.0,)), "<=", e.at(column), says, (column,), unit)
                if b.facts.whole_in(e.t):
                    yield _whole(e, column, unit)


def whole_people(b: Bench) -> Iterator[Row]:
    """A crew of whole people hires, employs and lays off whole people in every period.

    workers, hired and laid_off are whole numbers   for each crew with whole = 1, period   [people]
    """
    for e in b.plan.rows("crew"):
        if b.facts.value("crews", "whole", e.key[:1]):
            for column in ("workers", "hired", "laid_off"):
                yield _whole(e, column, "people")


def _whole(e: Entry, column: str, unit: str) -> Row:
    says = "{0} is {1}, {amount} {unit} from a whole number"
    return Row(((distance_from_whole(e[column]),),), "=", e.at(column), says, (column, e[column]), unit)


RULES = (whole_units, whole_lots, whole_setups, whole_people)
