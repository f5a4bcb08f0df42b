"""What the checks look up, worked out once for a case."""

from __future__ import annotations

from functools import cached_property

from equipoise.checks.look import Place
from equipoise.checks.reach import arrivals, at_once, needed
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

    @cached_property
    def possible(self) -> dict[Place, int]:
        """Items and sites that something can bring stock to, closed periods and limits apart."""
        return arrivals(self, at_once)

    @cached_property
    def needed(self) -> set[Place]:
        """Items and sites whose stock serves something."""
        return needed(self)
