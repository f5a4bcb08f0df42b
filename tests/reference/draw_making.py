"""Random recipes, components, resources and crews."""

from __future__ import annotations

from reference.dice import Dice


class Making(Dice):
    """Draws everything that is about making."""

    def recipes(self) -> None:
        self.tables["recipes"] = [
            {
                "recipe": f"make {item}{site}{n}",
                "item": item,
                "site": site,
                "unit_cost": self.money(0, 0, 1, 4),
                "lead_time": self.one(None, 0, 0, 1, 2),
                "yield": self.some(0.5, 0.5, 0.8, 2),
                "setup_cost": self.some(0.35, 3, 10, 25),
                "lot_min": self.some(0.25, 2, 4.5, 12),
                "lot_multiple": self.some(0.15, 2.5, 4, 8),
                "lot_max": self.some(0.2, 6, 15, 40),
                "minimum": self.some(0.06, 1, 2),
            }
            for item, site in self.places(0.7)
            for n in range(self.one(0, 1, 1, 2))
        ]
        self.tables["recipe_calendar"] = [
            {
                "recipe": row["recipe"],
                "period": period,
                "unit_cost": self.some(0.3, 0, 3, 6),
                "setup_cost": self.some(0.3, 0, 5, 15),
                "yield": self.some(0.3, 0.4, 1, 1.5),
                "maximum": self.some(0.35, 0, 3, 15),
                "open": self.some(0.3, 0, 1),
            }
            for row in self.rows("recipes")
            for period in self.periods
            if self.chance(0.2)
        ]

    def components(self) -> None:
        """An item is made of items after it, so that none is made of itself."""
        self.tables["components"] = [
            {
                "recipe": row["recipe"],
                "component": name,
                "quantity": self.one(0.5, 1, 1, 2),
                "scrap": self.some(0.2, 0.1, 0.5),
            }
            for row in self.rows("recipes")
            for name in self.names[self.names.index(row["item"]) + 1 :]
            if self.chance(0.5)
        ]

    def hours(self) -> None:
        """Operations, resources, their calendar, crews and theirs."""
        lines = ["L", "K"][: self.one(1, 2)]
        if not self.rows("recipes") or (self.chance(0.3) and not self.crewed):
            return
        self.tables["operations"] = [
            {
                "recipe": row["recipe"],
                "resource": line,
                "hours": self.one(0, 0.5, 1, 1, 2),
                "setup_hours": self.some(0.3, 1, 3),
            }
            for row in self.rows("recipes")
            for line in lines
            if self.chance(0.5)
        ]
        for line in lines:
            crew = self.some(0.7, "Z", "Y") if self.crewed else None
            self._resource(line, crew)
        self.tables["calendar"] = [
            {
                "resource": row["resource"],
                "period": period,
                "capacity": self.some(0.5, 0, 5, 40),
                "overtime": None if row["crew"] else self.some(0.4, 0, 3),
                "open": self.some(0.4, 0, 1),
            }
            for row in self.rows("resources")
            for period in self.periods
            if self.chance(0.3)
        ]
        if self.crewed:
            self._crews()

    def _resource(self, name: str, crew: str | None) -> None:
        busy = any(
            row["resource"] == name for row in self.rows("operations")
        )  # a minimum of others is refused where they are open
        minimum = self.some(0.25, 2, 5) if busy else None
        self.tables.setdefault("resources", []).append(
            {
                "resource": name,
                "site": self.named[0],
                "capacity": self.some(0.2 if crew else 0.7, *((2, 4) if self.slow else (4, 8, 20))),
                "overtime": None if crew else self.some(0.5, 2, 8),
                "overtime_cost": None if crew else self.one(0, 2),
                "cost": self.some(0.3, 0.5, 1),
                "minimum": minimum,
                "minimum_cost": self.some(0.8, 1, 5),
                "crew": crew,
            }
        )

    def _crews(self) -> None:
        self.tables["crews"] = [
            {
                "crew": name,
                "workers": self.one(None, 1, 2),
                "hours": self.one(1, 3, 6),
                "wage": self.one(0, 1, 4),
                "overtime": self.some(0.4, 2),
                "overtime_wage": self.one(0.5, 1.5),
                "hire_cost": self.one(0, 0, 2, 10),
                "layoff_cost": self.one(0, 1, 20),
                "hire_max": self.some(0.5, 0, 1, 1),
                "layoff_share": self.some(0.3, 0, 0.3, 0.8),
                "minimum": self.some(0.15, 1),
                "maximum": self.some(0.4, 1, 3),
                "minimum_use": self.some(0.15, 0.3, 0.8),
                "whole": self.some(0.7, 1),
            }
            for name in ("Z", "Y")
        ]
        self.tables["crew_calendar"] = [
            {
                "crew": name,
                "period": period,
                "hours": self.some(0.3, 2, 4),
                "wage": self.some(0.3, 0, 2, 8),
                "hire_cost": self.some(0.5, 0, 5, 20),
                "layoff_cost": self.some(0.3, 0, 5),
                "minimum": self.some(0.2, 0, 1),
                "maximum": self.some(0.5, 0, 1, 2),
            }
            for name in ("Z", "Y")
            for period in self.periods
            if self.chance(0.4)
        ]
