"""Whether every yes-or-no rule finds a limit to work with, asked before anything is built."""

from __future__ import annotations

from equipoise.case import Case
from equipoise.errors import DataError, Issue
from equipoise.model.bounds import Bounds
from equipoise.model.inputs import Inputs


def missing_limits(case: Case) -> tuple[Issue, ...]:
    """One Issue for each recipe and supplier with a set-up, order or lot rule whose quantity nothing limits."""
    inputs = Inputs(case)
    bounds = Bounds(inputs)
    issues: list[Issue] = []
    for name, row in inputs.recipes.items():
        if inputs.needs_setup(name):
            most = max(bounds.most_useful_make(row, t) for t in range(len(inputs.periods)))
            issues += _missing(bounds, most, "recipes", recipe=name)
    for (supplier, item, site), row in inputs.supply.items():
        if row["order_cost"] or row["lot_min"]:
            most = max(bounds.most_useful_buy(row, t) for t in range(len(inputs.periods)))
            issues += _missing(bounds, most, "supply", supplier=supplier, item=item, site=site)
    return tuple(issues)


def _missing(bounds: Bounds, most: float, table: str, **key: str) -> tuple[Issue, ...]:
    try:
        bounds.finite(most, table, **key)
    except DataError as error:
        return error.issues
    return ()
