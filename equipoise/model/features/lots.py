"""Recipes that make whole multiples of a lot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from equipoise.model.build import Build

NEEDS = ("production",)
SWITCH = ("recipes.lot_multiple",)


def variables(b: Build) -> None:
    """lots[m,t]: number of lots that recipe m makes in period t [lots]; a fraction after the integer_periods."""
    keys = {
        (recipe, t): pyo.NonNegativeIntegers if b.integer(t) else pyo.NonNegativeReals
        for recipe, t in b.m.make
        if b.inputs.recipes[recipe]["lot_multiple"]
    }
    b.var("lots", keys, ("recipe", "period"), "lots")


def lot_multiple(b: Build) -> Iterator[tuple[Any, Any]]:
    """A recipe makes a whole number of lots.

    make[m,t] = lot_multiple[m] * lots[m,t]   for each recipe m with a lot multiple, period t   [unit]

    Off: recipes.lot_multiple is empty. Price: none, lots are whole.
    """
    for (recipe, t), lots in b.m.lots.items():
        yield (recipe, t), b.m.make[recipe, t] == b.inputs.recipes[recipe]["lot_multiple"] * lots


FAMILIES = (lot_multiple,)
