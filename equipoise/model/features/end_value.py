"""Closing stock of the last period is worth something."""

from __future__ import annotations

from equipoise.model.build import Build

NEEDS = ("inventory",)
SWITCH = ("settings.end_stock=value",)


def variables(b: Build) -> None:
    """No variables. Credit = value[i] * stock[i,s,T] for every item and site without a final stock of its own [money]."""
    last = b.case.periods.names[-1]
    for item, site in b.places:
        row = b.inputs.stock.get((item, site))
        if row is None or row["final"] is None:
            b.books.cost("end_value", last, -b.inputs.end_values.get(item, 0.0), b.m.stock[item, site, last])


FAMILIES = ()
