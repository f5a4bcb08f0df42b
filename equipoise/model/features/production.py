"""Recipes make items from components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.model.build import Build
from equipoise.model.inputs import INF

NEEDS: tuple[str, ...] = ()
SWITCH = ("recipes",)


def variables(b: Build) -> None:
    """make[m,t]: units that recipe m makes in period t, before yield [unit].

    Only for periods in which m is open and whose output arrives within the horizon. yield * make enters stock lead_time periods later;
    components and hours are used in t. make cost = unit_cost[m,t] * make[m,t].
    """
    keys, upper = {}, {}
    for t, name in enumerate(b.case.periods.names):
        for recipe, row in b.inputs.recipes.items():
            if b.bounds.physical(row, t) > 0 or _must_run(b, recipe, name):
                keys[recipe, name] = b.whole(row["item"], name)
                upper[recipe, name] = b.bounds.most_useful_make(row, t)
    make = b.var("make", keys, ("recipe", "period"), "unit", upper)
    for (recipe, t), var in make.items():
        row = b.inputs.recipes[recipe]
        arrival = b.inputs.arrival(t, row["lead_time"])
        b.books.flow(row["item"], row["site"], arrival, b.inputs.recipe("yield", recipe, t, 1.0), var)
        for component, quantity in b.inputs.components[recipe]:
            b.books.flow(component, row["site"], t, -quantity, var)
        for operation in b.inputs.operations[recipe]:
            b.books.work(operation["resource"], t, operation["hours"] or 0.0, var)
        b.books.cost("make", t, b.inputs.recipe("unit_cost", recipe, t), var)


def _must_run(b: Build, recipe: str, t: str) -> bool:
    row = b.inputs.recipes[recipe]
    arrives = bool(b.inputs.arrival(t, row["lead_time"]))
    return bool(row["minimum"]) and arrives and b.inputs.recipe("open", recipe, t, 1.0) != 0


def recipe_minimum(b: Build) -> Iterator[tuple[Any, Any]]:
    """A recipe makes at least its minimum in every period.

    make[m,t] >= minimum[m]   for each recipe m with a minimum, period t in which it is open and whose output arrives   [unit]

    Off: recipes.minimum is empty. Price: what a unit less minimum would save [money/unit], integers held.
    """
    for (recipe, t), var in b.m.make.items():
        if _must_run(b, recipe, t):
            yield (recipe, t), var >= b.inputs.recipes[recipe]["minimum"]


def recipe_maximum(b: Build) -> Iterator[tuple[Any, Any]]:
    """A recipe makes at most what the period allows.

    make[m,t] <= min(lot_max[m], maximum[m,t])   for each recipe m with one of them, period t   [unit]

    Off: recipes.lot_max and recipe_calendar.maximum are empty. Price: what a unit more is worth [money/unit], integers held.
    """
    for (recipe, t), var in b.m.make.items():
        most = min(b.inputs.recipe("lot_max", recipe, t, INF), b.inputs.recipe("maximum", recipe, t, INF))
        if most != INF:
            yield (recipe, t), var <= most


FAMILIES = (recipe_minimum, recipe_maximum)
