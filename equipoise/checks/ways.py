"""Ways of getting an item: recipes, suppliers and lanes, and in which periods their own limits let them run."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from equipoise.checks.hours import Hours
from equipoise.checks.look import INF, ROUNDING, Place, Row, above
from equipoise.checks.words import at


@dataclass(frozen=True)
class Source:
    """A recipe or a supply row: one way in which an item gets into stock at a site."""

    table: str
    key: tuple[str, ...]
    place: Place
    lead: int
    row: Row
    uses: tuple[tuple[Place, float], ...] = ()  # components, with units used for a unit made
    operations: tuple[Row, ...] = ()

    def __str__(self) -> str:
        return (
            f"the recipe {self.key[0]}"
            if self.table == "recipes"
            else f"the supplier {self.key[0]} of {at(*self.place)}"
        )

    @property
    def name_column(self) -> str:
        return "recipe" if self.table == "recipes" else "supplier"

    @property
    def limit_column(self) -> str:
        """Column of the calendar that limits the quantity of a period."""
        return "maximum" if self.table == "recipes" else "capacity"


class Ways(Hours):
    """Sources and lanes."""

    @cached_property
    def recipes(self) -> dict[str, Source]:
        uses: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for row in self.rows("components"):
            if row["quantity"]:
                uses[row["recipe"]].append((row["component"], row["quantity"] * (1 + (row["scrap"] or 0.0))))
        operations: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("operations"):
            operations[row["recipe"]].append(row)
        out = {}
        for row in self.rows("recipes"):
            name, site = row["recipe"], row["site"]
            parts = tuple(((component, site), each) for component, each in uses[name])
            lead = int(row["lead_time"] or 0)
            out[name] = Source("recipes", (name,), (row["item"], site), lead, row, parts, tuple(operations[name]))
        return out

    @cached_property
    def supply(self) -> dict[tuple[str, ...], Source]:
        out: dict[tuple[str, ...], Source] = {}
        for row in self.rows("supply"):
            key = (row["supplier"], row["item"], row["site"])
            out[key] = Source("supply", key, key[1:], int(row["lead_time"] or 0), row)
        return out

    @cached_property
    def sources(self) -> list[Source]:
        """Recipes, then suppliers."""
        return [*self.recipes.values(), *self.supply.values()]

    @cached_property
    def sources_at(self) -> dict[Place, list[Source]]:
        out: dict[Place, list[Source]] = defaultdict(list)
        for source in self.sources:
            out[source.place].append(source)
        return out

    def by_period(self, source: Source, column: str, t: int, default: float) -> float:
        """A value of a recipe or supply row in a period: the calendar's, else its own, else ``default``."""
        table = "recipe_calendar" if source.table == "recipes" else "supply_calendar"
        own = self.lookup(table, column).get((*source.key, self.names[t])) if self.rows(table) else None
        value = own if own is not None else source.row.get(column)
        return default if value is None else float(value)

    # --- when they can run ---

    @cached_property
    def whole_periods(self) -> int:
        """The first periods in which lots and set-ups are whole."""
        whole = self.settings.integer_periods
        return self.horizon if whole is None else int(whole)

    def least(self, source: Source) -> float:
        """The smallest quantity above zero that the lot rules allow (0 = any); infinite when lot_max leaves none.

        A lot_max of 0 closes the source; it is no contradiction.
        """
        row = source.row
        step = row["lot_multiple"] or (1.0 if self.items[source.place[0]]["whole"] else 0.0)
        low = row["lot_min"] or 0.0
        if step:
            low = max(1, math.ceil(low / step - ROUNDING)) * step
        return INF if row["lot_max"] and above(low, row["lot_max"]) else low

    def most(self, source: Source, t: int) -> float:
        """The largest quantity of a period: lot_max, the calendar's limit, hours left after set-up; 0 when closed."""
        limit = self._calendar_limits.get((*source.key, self.names[t]))
        if limit is None:
            limit = source.row["capacity"] if source.table == "supply" else None
        most = min(x for x in (source.row["lot_max"], limit, INF) if x is not None)
        for operation in source.operations:
            left = self.hours(operation["resource"], t)
            if t < self.whole_periods:
                left -= operation["setup_hours"] or 0.0
            if above(0.0, left):
                return 0.0
            if operation["hours"]:
                most = min(most, left / operation["hours"])
        return float(most)

    @cached_property
    def _calendar_limits(self) -> dict[tuple[str, ...], float]:
        """Key and period of a recipe or supply row -> what its calendar allows at most; 0 when closed."""
        closed = {key: 0.0 for key, is_open in self.lookup("recipe_calendar", "open").items() if not is_open}
        return {
            **self.lookup("supply_calendar", "capacity"),
            **self.lookup("recipe_calendar", "maximum"),
            **closed,
        }

    def can_run(self, source: Source, t: int) -> bool:
        """Whether the smallest lot fits into the period."""
        most = self.most(source, t)
        return most > 0 and (t >= self.whole_periods or not above(self.least(source), most))

    @cached_property
    def runs(self) -> dict[tuple[str, ...], list[int]]:
        """Key of each source -> periods in which it can run, whether or not the delivery is in time."""
        span = range(self.horizon)
        return {s.key: [t for t in span if self.can_run(s, t)] for s in self.sources}

    def in_time(self, source: Source) -> list[int]:
        """Periods in which it can run and deliver within the horizon."""
        return [t for t in self.runs[source.key] if t + source.lead < self.horizon]

    def start(self, source: Source, t: int) -> int | None:
        """First period from ``t`` on in which it can run; None = never."""
        periods = self.runs[source.key]
        place = bisect_left(periods, t)
        return periods[place] if place < len(periods) else None

    # --- lanes ---

    @cached_property
    def _lanes(self) -> tuple[dict[Any, list[Row]], dict[Any, list[Row]], set[tuple[str, str, str]]]:
        out: dict[Any, list[Row]] = defaultdict(list)
        into: dict[Any, list[Row]] = defaultdict(list)
        replaced = set()
        for row in self.rows("lanes"):
            if row["origin"] != row["destination"]:
                out[row["origin"], row["item"]].append(row)
                into[row["destination"], row["item"]].append(row)
                if row["item"] is not None:
                    replaced.add((row["origin"], row["destination"], row["item"]))
        return out, into, replaced

    def lanes_from(self, place: Place) -> list[Row]:
        """Lanes that carry the item away from the site. A row for the item replaces the row for all items."""
        return self._carrying(place, self._lanes[0])

    def lanes_to(self, place: Place) -> list[Row]:
        """Lanes that bring the item to the site."""
        return self._carrying(place, self._lanes[1])

    def _carrying(self, place: Place, lanes: dict[Any, list[Row]]) -> list[Row]:
        item, site = place
        replaced = self._lanes[2]
        common = [r for r in lanes.get((site, None), ()) if (r["origin"], r["destination"], item) not in replaced]
        return [*lanes.get((site, item), ()), *common]
