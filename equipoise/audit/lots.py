"""What recipes and suppliers share: the flag that a quantity needs, and whole lots."""

from __future__ import annotations

from equipoise.audit.bench import Bench
from equipoise.audit.entries import Entry
from equipoise.audit.row import KEPT, Row, Source


def flagged(b: Bench, e: Entry, flag: str, does: str, unit: str) -> Row:
    """The quantity is zero where the flag is: below a half in the integer periods, zero after them."""
    value = b.runs(e)
    if value >= 0.5 or (value > 0 and not b.facts.whole_in(e.t)):
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
