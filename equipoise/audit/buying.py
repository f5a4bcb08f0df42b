"""Rules about buying and moving: orders, lots, suppliers' capacity, lanes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from equipoise.audit.bench import Bench
from equipoise.audit.entries import Entry
from equipoise.audit.exact import Sense, Term
from equipoise.audit.lots import flagged, multiple
from equipoise.audit.row import Row, Source


def order_needs_order(b: Bench) -> Iterator[Row]:
    """Where an order costs money or has a least quantity, something is bought only where an order is placed.

    buy[s,i,t] = 0 where order[s,i,t] = 0   for each row of buy with an order rule   [unit]

    After the integer periods a part of an order is enough: buy[s,i,t] <= order[s,i,t] * the lesser of lot_max[s,i] and capacity[s,i,t],
    where the case states one.
    """
    for e in b.plan.rows("buy"):
        if b.facts.needs_order(e.key[:3]):
            limits = (
                (b.facts.get("supply", "lot_max", e.key[:3]), Source("supply", "lot_max", e.key[:3])),
                (
                    b.facts.get("supply", "capacity", e.key[:3], e.t),
                    b.facts.source("supply", "capacity", e.key[:3], e.t),
                ),
            )
            yield flagged(b, e, "order", _does(e), b.facts.unit(e.key[1]), limits)


def order_minimum(b: Bench) -> Iterator[Row]:
    """Where an order is placed it is for the least quantity or more.

    buy[s,i,t] >= lot_min[s,i] * order[s,i,t]   for each row of buy with a lot_min   [unit]
    """
    for e in b.plan.rows("buy"):
        least = b.facts.get("supply", "lot_min", e.key[:3])
        if least:
            says = "{0} {stated} {unit} in {1}, {amount} {unit} less than the least order of {2}"
            terms = ((e["quantity"],), (-1.0, least, b.runs(e)))
            yield _row(b, e, terms, ">=", says, least, Source("supply", "lot_min", e.key[:3]))


def order_multiple(b: Bench) -> Iterator[Row]:
    """Where a supply row has a lot multiple, whole lots of it are bought (whole_lots says when the number is whole).

    buy[s,i,t] = lot_multiple[s,i] * lots[s,i,t]   for each row of buy with a lot_multiple   [unit]
    """
    for e in b.plan.rows("buy"):
        size = b.facts.get("supply", "lot_multiple", e.key[:3])
        if size:
            source = Source("supply", "lot_multiple", e.key[:3])
            yield multiple(b, e, size, _does(e), b.facts.unit(e.key[1]), source)


def order_maximum(b: Bench) -> Iterator[Row]:
    """At most lot_max is ordered in a period.

    buy[s,i,t] <= lot_max[s,i]   for each row of buy with a lot_max   [unit]
    """
    for e in b.plan.rows("buy"):
        most = b.facts.get("supply", "lot_max", e.key[:3])
        if most is not None:
            says = "{0} {stated} {unit} in {1}, {amount} {unit} more than the largest order of {2}"
            terms = ((e["quantity"],), (-1.0, most))
            yield _row(b, e, terms, "<=", says, most, Source("supply", "lot_max", e.key[:3]))


def supplier_capacity(b: Bench) -> Iterator[Row]:
    """A supplier delivers at most the capacity of its supply row, that of the period ordered in where the calendar has one.

    buy[s,i,t] <= capacity[s,i,t]   for each row of buy with a capacity   [unit]
    """
    for e in b.plan.rows("buy"):
        most = b.facts.get("supply", "capacity", e.key[:3], e.t)
        if most is not None:
            says = "{0} {stated} {unit} in {1}, {amount} {unit} more than the capacity of {2}"
            terms = ((e["quantity"],), (-1.0, most))
            yield _row(b, e, terms, "<=", says, most, b.facts.source("supply", "capacity", e.key[:3], e.t))


def lane_capacity(b: Bench) -> Iterator[Row]:
    """A lane carries at most its capacity in a period: items with a row of their own alone, all others together.

    sum of ship[o,d,i,t] over the items of the lane row <= capacity[o,d]   for each lane row with a capacity, period   [unit]
    """
    loads: dict[tuple[str, str, str, int], list[Entry]] = defaultdict(list)
    for e in b.plan.rows("ship"):
        origin, destination, item, _ = e.key
        lane = b.facts.lane(origin, destination, item)
        if lane is not None and lane["capacity"] is not None:
            loads[origin, destination, lane["item"] or "", e.t].append(e)
    for (origin, destination, item, t), entries in sorted(loads.items()):
        most = b.facts.column("lanes", "capacity")[origin, destination, item]
        says = "the lane from {0} to {1} carries {2} in {3}, {amount} {unit} more than its capacity of {4}"
        largest = max(entries, key=lambda e: e["quantity"])
        names = (origin, destination, sum(e["quantity"] for e in entries), b.facts.names[t], most)
        terms = [*((e["quantity"],) for e in entries), (-1.0, most)]
        unit = b.facts.unit(largest.key[2])
        source = Source("lanes", "capacity", (origin, destination, item))
        yield Row(terms, "<=", largest.at("quantity"), says, names, unit, source)


def _does(e: Entry) -> str:
    return f"the order of {e.key[1]} from {e.key[0]} is for"


def _row(b: Bench, e: Entry, terms: tuple[Term, ...], sense: Sense, says: str, limit: float, source: Source) -> Row:
    names = (_does(e), e.names["period"], limit)
    return Row(terms, sense, e.at("quantity"), says, names, b.facts.unit(e.key[1]), source)


RULES = (order_needs_order, order_minimum, order_multiple, order_maximum, supplier_capacity, lane_capacity)
