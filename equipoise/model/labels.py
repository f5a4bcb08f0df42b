"""What columns and rows of a built model are about: item, site, resource and period of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from equipoise.model.build import Build
from equipoise.plan import OPENING

Where = tuple[int, Mapping[str, str | None] | None]
"""Place in the index, and what the name there stands for (None: itself)."""

_SAME = {
    "item": "item",
    "site": "site",
    "destination": "site",
    "resource": "resource",
    "crew": "resource",
}
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
    """Where the index of columns and rows names an item, a site, a resource and a period."""

    def __init__(self, b: Build):
        self._b = b

    @property
    def periods(self) -> tuple[str, ...]:
        """All periods in order."""
        return tuple(self._b.case.periods.names)

    def column(self, name: str) -> dict[str, Where]:
        """Axis -> where the index of variable ``name`` says it; an axis that it does not speak of is left out."""
        return self._where(self._b.axes[name])

    def row(self, family: str) -> dict[str, Where]:
        """The same for the rows of a constraint family."""
        return self._where(FAMILY_AXES[family])

    def _where(self, axes: tuple[str, ...]) -> dict[str, Where]:
        found: dict[str, Where] = {}
        for place, axis in enumerate(axes):
            if axis == "recipe":
                found.update({name: (place, names) for name, names in self._of_recipe.items()})
            elif axis == "period":
                found["period"] = (place, self._periods)
            elif axis in _SAME:
                found[_SAME[axis]] = (place, None)
        return found

    @cached_property
    def _periods(self) -> dict[str, str | None]:
        """Periods as they are; what waited before the first one comes up in it."""
        periods = self.periods
        return {**{name: name for name in periods}, OPENING: periods[0]}

    @cached_property
    def _of_recipe(self) -> dict[str, dict[str, str | None]]:
        """Axis -> recipe -> item and site that it makes, and the resource on which it needs most hours."""
        rows = self._b.inputs.recipes
        return {
            "item": {recipe: row["item"] for recipe, row in rows.items()},
            "site": {recipe: row["site"] for recipe, row in rows.items()},
            "resource": {recipe: self._busiest(recipe) for recipe in rows},
        }

    def _busiest(self, recipe: str) -> str | None:
        operations = self._b.inputs.operations.get(recipe, [])
        if not operations:
            return None
        most = max(operations, key=lambda o: (o["hours"] or 0.0) + (o["setup_hours"] or 0.0))
        return str(most["resource"])
