"""What columns and rows of a built model are about: item, site, resource and period of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from equipoise.model.build import Build

Label = Mapping[str, str]
"""Axis (item, site, resource, period) -> name; an axis that says nothing is left out."""

_RECIPE = ("recipe", "period")
_SUPPLY = ("supplier", "item", "site", "period")
_STREAM = ("item", "site", "customer", "stream", "period")
_PLACE = ("item", "site", "period")
_CREW = ("crew", "period")

FAMILY_AXES: Mapping[str, tuple[str, ...]] = {
    "balance": _PLACE,
    "demand_is_served_or_lost": _STREAM,
    "served_in_its_window": _STREAM,
    "recipe_minimum": _RECIPE,
    "recipe_maximum": _RECIPE,
    "make_needs_setup": _RECIPE,
    "lot_minimum": _RECIPE,
    "lot_multiple": _RECIPE,
    "capacity": ("resource", "period"),
    "resource_minimum": ("resource", "period"),
    "crew_balance": _CREW,
    "crew_hours": _CREW,
    "crew_overtime_limit": _CREW,
    "crew_limits": _CREW,
    "hire_limit": _CREW,
    "layoff_limit": _CREW,
    "crew_minimum_use": _CREW,
    "supplier_capacity": _SUPPLY,
    "order_maximum": _SUPPLY,
    "order_needs_order": _SUPPLY,
    "order_minimum": _SUPPLY,
    "order_multiple": _SUPPLY,
    "lane_capacity": ("origin", "destination", "item", "period"),
    "safety_stock": _PLACE,
    "maximum_stock": _PLACE,
    "final_stock": ("item", "site"),
    "storage_capacity": ("site", "period"),
}
"""Constraint family -> what its index is made of."""


class Labels:
    """Item, site, resource and period of the columns and rows of a model."""

    def __init__(self, b: Build):
        self._b = b

    @property
    def periods(self) -> tuple[str, ...]:
        """All periods in order."""
        return tuple(self._b.case.periods.names)

    def column(self, name: str, index: Any) -> Label:
        """Of variable ``name`` at ``index``."""
        return self._label(self._b.axes[name], index)

    def row(self, family: str, index: Any) -> Label:
        """Of a row of constraint family ``family`` at ``index``."""
        return self._label(FAMILY_AXES[family], index)

    def _label(self, axes: tuple[str, ...], index: Any) -> Label:
        found = dict(zip(axes, index if isinstance(index, tuple) else (index,), strict=True))
        if "recipe" in found:
            found.update(self._of_recipe[found["recipe"]])
        if "destination" in found:
            found["site"] = found["destination"]
        if "due" in found:
            found["period"] = found["due"] if found["due"] in self._b.case.periods.index else self.periods[0]
        if "crew" in found:
            found["resource"] = found["crew"]
        return {axis: found[axis] for axis in ("item", "site", "resource", "period") if found.get(axis) is not None}

    @cached_property
    def _of_recipe(self) -> dict[str, Label]:
        """recipe -> item and site it makes, and the resource on which it needs most hours."""
        out: dict[str, Label] = {}
        for recipe, row in self._b.inputs.recipes.items():
            label = {"item": row["item"], "site": row["site"]}
            operations = self._b.inputs.operations.get(recipe, [])
            if operations:
                most = max(operations, key=lambda o: (o["hours"] or 0.0) + (o["setup_hours"] or 0.0))
                label["resource"] = most["resource"]
            out[recipe] = label
        return out
