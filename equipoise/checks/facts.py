"""What the checks look up, worked out once for a case."""

from __future__ import annotations

from functools import cached_property

from equipoise.checks.look import Place
from equipoise.checks.routes import cheapest
from equipoise.checks.shelves import Shelves
from equipoise.checks.wanted import Demand
from equipoise.checks.ways import Ways


class Facts(Demand, Ways, Shelves):
    """Demand, ways of getting items, stock: one object for every check."""

    @cached_property
    def cheapest(self) -> dict[Place, float]:
        """Least cost of a unit at each item and site (see routes.py)."""
        return cheapest(self)
