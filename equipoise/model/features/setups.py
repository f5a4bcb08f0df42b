"""A recipe that runs is set up first: a cost, hours, a least lot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from equipoise.model.build import Build

NEEDS = ("production",)
SWITCH = ("recipes.setup_cost", "recipe_calendar.setup_cost", "operations.setup_hours", "recipes.lot_min")


def variables(b: Build) -> None:
    """setup[m,t]: 1 when recipe m is set up in period t [0/1]; a share of a set-up after the integer_periods.

    set-up cost = setup_cost[m,t] * setup[m,t]; setup_hours * setup[m,t] hours are used on each resource of m.
    """
    keys = {
        (recipe, t): pyo.Binary if b.integer(t) else pyo.UnitInterval
        for recipe, t in b.m.make
        if b.inputs.needs_setup(recipe)
    }
    for (recipe, t), var in b.var("setup", keys, ("recipe", "period"), "0/1").items():
        b.books.cost("setup", t, b.inputs.recipe("setup_cost", recipe, t), var)
        for operation in b.inputs.operations[recipe]:
            b.books.work(operation["resource"], t, operation["setup_hours"] or 0.0, var)


def make_needs_setup(b: Build) -> Iterator[tuple[Any, Any]]:
    """A recipe makes something only in a period in which it is set up.

    make[m,t] <= most[m,t] * setup[m,t]   for each recipe m with a set-up cost, set-up hours or a least lot, period t   [unit]

    most: the least of lot_max, maximum[m,t], the hours that resources leave after a set-up, and the largest make that can be useful
    (model/bounds.py says why it is safe). After the integer_periods setup[m,t] is a part of a set-up, at least make / most, and its cost
    depends on most; decision 0006 says what that means.
    Off: recipes.setup_cost, recipe_calendar.setup_cost, operations.setup_hours and recipes.lot_min are empty.
    Price: none, it is a yes or no.
    """
    place = b.case.periods.index
    for recipe, t in b.m.setup:
        most = b.bounds.most_useful_make(b.inputs.recipes[recipe], place[t])
        most = b.bounds.finite(most, "recipes", recipe=recipe)
        yield (recipe, t), b.m.make[recipe, t] <= most * b.m.setup[recipe, t]


def lot_minimum(b: Build) -> Iterator[tuple[Any, Any]]:
    """A recipe that runs makes at least its least lot.

    make[m,t] >= lot_min[m] * setup[m,t]   for each recipe m with a least lot, period t   [unit]

    Off: recipes.lot_min is empty. Price: none, it is a yes or no.
    """
    for (recipe, t), setup in b.m.setup.items():
        if b.inputs.recipes[recipe]["lot_min"]:
            yield (recipe, t), b.m.make[recipe, t] >= b.inputs.recipes[recipe]["lot_min"] * setup


FAMILIES = (make_needs_setup, lot_minimum)
