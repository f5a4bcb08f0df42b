"""What recipes and suppliers share: the flag that a quantity needs, and whole lots."""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.audit.bench import Bench
from equipoise.audit.entries import Entry
from equipoise.audit.row import KEPT, Row, Source


def flagged(b: Bench, e: Entry, flag: str, does: str, unit: str, limits: Iterable[tuple[float | None, Source]]) -> Row:
    """The quantity is zero where the flag is: below a half in the integer periods, zero after them.

    After the integer periods a part of a flag allows that part of the least of ``limits`` of the period that the case states.
    """
    value = b.runs(e)
    if value > 0 and not b.facts.whole_in(e.t):
        stated = [(limit, source) for limit, source in limits if limit is not None]
        if not stated:
            return KEPT
        most, source = min(stated, key=lambda one: one[0])
        says = "{0} {stated} {unit} in {1}; a {2} of {3} allows {expected}, its part of {4}"
        part = (does, e.names["period"], flag, value, most)
        return Row(((e["quantity"],), (-1.0, most, value)), "<=", e.at("quantity"), says, part, unit, source)
    if value >= 0.5:
        return KEPT
    says = "{0} {stated} {unit} in {1}, but its {2} is {3}"
    names = (does, e.names["period"], flag, value)
    return Row(((e["quantity"],),), "<=", e.at(flag), says, names, unit)


def multiple(b: Bench, e: Entry, size: float, does: str, unit: str, source: Source) -> Row:
    """The quantity is the lots times their size; where the plan states no lots, the nearest whole number of lots."""
    lots = e.numbers.get("lots")
    if lots is None:
        nearest = e["quantity"] / size
        lots = float(round(nearest)) if b.facts.whole_in(e.t) else nearest
    says = "{0} {stated} {unit} in {1}; {2} lots of {3} are {expected}"
    names = (does, e.names["period"], lots, size)
    return Row(((e["quantity"],), (-1.0, size, lots)), "=", e.at("quantity"), says, names, unit, source)
