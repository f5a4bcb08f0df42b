"""The case as the audit reads it: every value with the default that DATA-MODEL.md gives a blank, read straight from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from equipoise.audit.exact import Factor
from equipoise.audit.row import Source
from equipoise.case import Case
from equipoise.periods import PER_YEAR
from equipoise.plan import OPENING
from equipoise.tables import TABLES

CALENDARS = {
    "recipes": "recipe_calendar",
    "resources": "calendar",
    "crews": "crew_calendar",
    "supply": "supply_calendar",
    "stock": "stock_targets",
}
"""Main table -> the table whose values replace it period by period."""

NEVER = 10**9
"""Index of a period that does not come: a window without an end."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Demand:
    """One row of demand, or the opening backlog of an item and site. ``first`` and ``last`` bound the periods that may serve it."""

    key: Key  # item, site, customer, due
    due: int  # index of the period, -1 for the opening backlog
    last: int
    quantity: float
    price: float
    lost_cost: float | None  # None: it may not be given up
    late_cost: float

    @property
    def item(self) -> str:
        return self.key[0]

    @property
    def first(self) -> int:
        return max(self.due, 0)


class Facts:
    """Values of one case by table, column, key and period."""

    def __init__(self, case: Case):
        self.case = case
        self.names = case.periods.names
        self.index = case.periods.index
        self.count = len(self.names)
        self.profit = case.settings.objective == "profit"
        self.money = case.settings.currency or "money"
        self._columns: dict[tuple[str, str], dict[Key, float]] = {}
        self._keys: dict[str, set[Key]] = {}

    # --- one value -------------------------------------------------------------------------------------------------------------

    def column(self, table: str, column: str) -> dict[Key, float]:
        """key -> value of every row whose cell is not blank; blank names in a key are ''."""
        found = self._columns.get((table, column))
        if found is None:
            names = [k for k in TABLES[table].key if TABLES[table].column(k).built]
            found = {
                tuple(r[n] or "" for n in names): r[column] for r in self.case.records(table) if r[column] is not None
            }
            self._columns[table, column] = found
        return found

    def get(self, table: str, column: str, key: Key, t: int | None = None) -> float | None:
        """A value, that of period ``t`` before that of the main table; None where both are blank."""
        if t is not None:
            value = self.column(CALENDARS[table], column).get((*key, self.names[t]))
            if value is not None:
                return value
        return self.column(table, column).get(key)

    def value(self, table: str, column: str, key: Key, t: int | None = None, default: float = 0.0) -> float:
        """A value, or its default where it is blank."""
        value = self.get(table, column, key, t)
        return default if value is None else value

    def source(self, table: str, column: str, key: Key, t: int | None = None) -> Source:
        """The cell that ``get`` takes the value from."""
        if t is not None and (*key, self.names[t]) in self.column(CALENDARS[table], column):
            return Source(CALENDARS[table], column, (*key, self.names[t]))
        return Source(table, column, key)

    def is_open(self, calendar: str, name: str, t: int) -> bool:
        """Whether a recipe or resource is open in the period."""
        return self.column(calendar, "open").get((name, self.names[t]), 1.0) != 0

    def keys(self, table: str) -> set[Key]:
        """The keys of a table's rows."""
        if table not in self._keys:
            names = [k for k in TABLES[table].key if TABLES[table].column(k).built]
            self._keys[table] = {tuple(r[n] or "" for n in names) for r in self.case.records(table)}
        return self._keys[table]

    # --- settings --------------------------------------------------------------------------------------------------------------

    def whole_in(self, t: int) -> bool:
        """Whether set-ups, lots and whole units must be whole in the period (settings.integer_periods)."""
        most = self.case.settings.integer_periods
        return most is None or t < most

    def year_share(self, t: int) -> Fraction:
        """Share of a year that the period lasts, exactly."""
        periods = self.case.periods
        days = periods.days[t] if periods.days else None
        return Fraction(days) / 365 if days else Fraction(1, PER_YEAR[periods.kind])

    # --- items -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def items(self) -> dict[str, dict[str, Any]]:
        return {r["item"]: r for r in self.case.records("items")}

    def unit(self, item: str) -> str:
        """The unit of the item's quantities, for messages."""
        return self.items[item]["unit"] or "units"

    def is_whole(self, item: str) -> bool:
        return bool(self.items[item]["whole"])

    def holding_rate(self, key: Key, t: int) -> tuple[Factor, ...]:
        """Factors of the cost of keeping a unit of an item at a site in the period."""
        item = self.items[key[0]]
        own = self.column("stock_targets", "holding_cost").get((*key, self.names[t]))
        if own is None:
            own = item["holding_cost"]
        if own is not None:
            return (own,)
        rate = self.case.settings.holding_rate
        return (rate, item["value"], self.year_share(t)) if rate and item["value"] else (0.0,)

    # --- recipes, lanes --------------------------------------------------------------------------------------------------------

    @cached_property
    def recipes(self) -> dict[str, dict[str, Any]]:
        return {r["recipe"]: r for r in self.case.records("recipes")}

    @cached_property
    def uses(self) -> dict[str, list[tuple[str, Factor]]]:
        """Recipe -> its components, with the units a unit made uses, scrap included."""
        found: dict[str, list[tuple[str, Factor]]] = {r: [] for r in self.recipes}
        for r in self.case.records("components"):
            scrap = Fraction(r["scrap"] or 0)
            use = Fraction(r["quantity"]) * (1 + scrap) if scrap else r["quantity"]
            found[r["recipe"]].append((r["component"], use))
        return found

    @cached_property
    def operations(self) -> dict[str, list[tuple[str, float, float]]]:
        """Recipe -> (resource, hours a unit, hours a set-up)."""
        found: dict[str, list[tuple[str, float, float]]] = {r: [] for r in self.recipes}
        for r in self.case.records("operations"):
            found[r["recipe"]].append((r["resource"], r["hours"] or 0.0, r["setup_hours"] or 0.0))
        return found

    def needs_setup(self, recipe: str, t: int) -> bool:
        """Whether running the recipe in the period is a matter of a set-up: it costs, takes hours or has a least lot."""
        return bool(
            self.value("recipes", "setup_cost", (recipe,), t)
            or self.recipes[recipe]["lot_min"]
            or any(hours for _, _, hours in self.operations[recipe])
        )

    def needs_order(self, key: Key) -> bool:
        """Whether buying from a supply row is a matter of an order: it costs or has a least quantity."""
        return bool(self.value("supply", "order_cost", key) or self.value("supply", "lot_min", key))

    @cached_property
    def _lanes(self) -> dict[Key, dict[str, Any]]:
        return {(r["origin"], r["destination"], r["item"] or ""): r for r in self.case.records("lanes")}

    def lane(self, origin: str, destination: str, item: str) -> dict[str, Any] | None:
        """The lane that carries the item: its own row, else the row for all items, else None."""
        return self._lanes.get((origin, destination, item)) or self._lanes.get((origin, destination, ""))

    # --- demand ----------------------------------------------------------------------------------------------------------------

    @cached_property
    def demand(self) -> dict[Key, Demand]:
        """(item, site, customer, due) -> demand, the opening backlog included."""
        found = {}
        for r in self.case.records("demand"):
            row = self._demand((r["item"], r["site"], r["customer"] or "", r["period"]), self.index[r["period"]], r)
            found[row.key] = row
        if self.case.settings.shortage == "backorder":
            for (item, site), backlog in self.column("stock", "backlog").items():
                if backlog:
                    row = self._demand((item, site, "", OPENING), -1, {"quantity": backlog})
                    found[row.key] = row
        return found

    def _demand(self, key: Key, due: int, row: dict[str, Any]) -> Demand:
        """A demand with the item's price, costs and window where its own are blank."""
        own = {c: self._own(row, key[0], c) for c in ("price", "lost_cost", "late_cost", "max_late")}
        lost = own["lost_cost"]
        if lost is None:
            lost = 0.0 if self.profit else own["price"]
        wait = 0 if self.case.settings.shortage != "backorder" else own["max_late"]
        last = NEVER if wait is None else due + int(wait)
        return Demand(key, due, last, row["quantity"], own["price"] or 0.0, lost, own["late_cost"] or 0.0)

    def _own(self, row: dict[str, Any], item: str, column: str) -> Any:
        own = row.get(column)
        return self.items[item][column] if own is None else own
