"""What the numbers of a plan are held against: limits, prices and flows of its case, as the workbook and the KPIs show them.

Look-ups only: nothing here decides anything, and the audit does not use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from equipoise.case import Case
from equipoise.plan import OPENING, PLAN_TABLES, Plan

TOLERANCE = 1e-6
"""Below this share of a row's size (and below this number) a quantity counts as nothing."""

Place = tuple[str, str]
Series = list[float]


def is_blank(value: object) -> bool:
    """None and NaN."""
    return value is None or value != value


def rows(plan: Plan, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a plan table as dicts of its columns; blank = None, a blank customer = ""."""
    frame = plan.tables.get(table)
    if frame is None or not len(frame):
        return
    names = [c.name for c in PLAN_TABLES[table].columns]
    columns = [frame[n].tolist() if n in frame.columns else [None] * len(frame) for n in names]
    for values in zip(*columns, strict=True):
        row: dict[str, Any] = {n: None if is_blank(v) else v for n, v in zip(names, values, strict=True)}
        if "customer" in row:
            row["customer"] = row["customer"] or ""
        yield row


@dataclass(frozen=True)
class Facts:
    """Effective values of a case: the calendar before the main table, the demand row before the item."""

    case: Case

    # --- items and demand --------------------------------------------------------------------------------------------------------

    @cached_property
    def items(self) -> dict[str, dict[str, Any]]:
        """Every item's row."""
        return {r["item"]: r for r in self.case.records("items")}

    @cached_property
    def demand(self) -> dict[tuple[str, str, str, str], dict[str, Any]]:
        """(item, site, customer, due) -> demand row; the opening backlog stands under due = "opening"."""
        found = {
            (r["item"], r["site"], r["customer"] or "", r["period"]): r
            for r in self.case.records("demand")
            if r["quantity"]
        }
        for r in self.case.records("stock"):
            if r["backlog"]:
                found[r["item"], r["site"], "", OPENING] = {"quantity": r["backlog"]}
        return found

    @cached_property
    def sold(self) -> frozenset[str]:
        """Items that customers ask for."""
        return frozenset(k[0] for k in self.demand)

    @cached_property
    def has_money(self) -> bool:
        """Whether any price is known, so that revenue means something."""
        return self.case.has_value("items", "price") or self.case.has_value("demand", "price")

    def unit(self, item: str) -> str:
        return str(self.items[item]["unit"] or "") if item in self.items else ""

    def value(self, item: str) -> float:
        """Value of a unit in stock; blank = 0."""
        return float(self.items[item]["value"] or 0.0) if item in self.items else 0.0

    def of_demand(self, column: str, item: str, site: str, customer: str, due: str) -> float | None:
        """price, lost_cost, late_cost or max_late of a demand row, else of its item."""
        own = self.demand.get((item, site, customer, due), {}).get(column)
        if own is not None:
            return float(own)
        general = self.items[item][column] if item in self.items else None
        return None if general is None else float(general)

    def lost_cost(self, item: str, site: str, customer: str, due: str) -> float:
        """What a unit given up costs: lost_cost, else the price (0 in profit mode)."""
        cost = self.of_demand("lost_cost", item, site, customer, due)
        if cost is None and self.case.settings.objective == "cost":
            cost = self.of_demand("price", item, site, customer, due)
        return cost or 0.0

    # --- stock -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def stock(self) -> dict[Place, dict[str, Any]]:
        return {(r["item"], r["site"]): r for r in self.case.records("stock")}

    @cached_property
    def _targets(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        return {(r["item"], r["site"], r["period"]): r for r in self.case.records("stock_targets")}

    def opening(self, item: str, site: str) -> float:
        return float(self.stock.get((item, site), {}).get("opening") or 0.0)

    def stock_limit(self, column: str, item: str, site: str, period: str) -> float | None:
        """safety or maximum of the period; None where there is none."""
        own = self._targets.get((item, site, period), {}).get(column)
        limit = own if own is not None else self.stock.get((item, site), {}).get(column)
        return None if limit is None else float(limit)

    @cached_property
    def rooms(self) -> dict[str, float]:
        """Site -> storage capacity."""
        return self.case.lookup("sites", "storage_capacity")

    # --- capacity --------------------------------------------------------------------------------------------------------------

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        return {r["resource"]: r for r in self.case.records("resources")}

    @cached_property
    def _calendar(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(r["resource"], r["period"]): r for r in self.case.records("calendar")}

    def regular_hours(self, resource: str, period: str) -> float | None:
        """Regular hours of a resource in the period; 0 when closed, None without a limit of its own."""
        own = self._calendar.get((resource, period), {})
        if own.get("open") == 0:
            return 0.0
        hours = own.get("capacity")
        hours = self.resources.get(resource, {}).get("capacity") if hours is None else hours
        return None if hours is None else float(hours)

    def overtime_hours(self, resource: str, period: str) -> float:
        """Overtime hours of a resource in the period at most."""
        own = self._calendar.get((resource, period), {})
        if own.get("open") == 0:
            return 0.0
        hours = own.get("overtime")
        return float((self.resources.get(resource, {}).get("overtime") if hours is None else hours) or 0.0)

    @cached_property
    def crews(self) -> dict[str, dict[str, Any]]:
        return {r["crew"]: r for r in self.case.records("crews")}

    @cached_property
    def _crew_hours(self) -> dict[tuple[str, str], float]:
        return self.case.lookup("crew_calendar", "hours")

    def hours_of_worker(self, crew: str, period: str) -> float:
        """Regular hours of one worker in the period."""
        return float(self._crew_hours.get((crew, period), self.crews.get(crew, {}).get("hours") or 0.0))

    # --- what a row costs ------------------------------------------------------------------------------------------------------

    @cached_property
    def _recipes(self) -> dict[str, dict[str, Any]]:
        return {r["recipe"]: r for r in self.case.records("recipes")}

    @cached_property
    def _recipe_calendar(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(r["recipe"], r["period"]): r for r in self.case.records("recipe_calendar")}

    def of_recipe(self, column: str, recipe: str, period: str) -> float:
        """unit_cost or setup_cost of a recipe in the period."""
        own = self._recipe_calendar.get((recipe, period), {}).get(column)
        return float((self._recipes.get(recipe, {}).get(column) if own is None else own) or 0.0)

    @cached_property
    def _supply(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        return {(r["supplier"], r["item"], r["site"]): r for r in self.case.records("supply")}

    @cached_property
    def _supply_prices(self) -> dict[tuple[str, ...], float]:
        return self.case.lookup("supply_calendar", "unit_cost")

    def purchase_cost(self, supplier: str, item: str, site: str, period: str) -> tuple[float, float]:
        """(cost of a unit, cost of an order)."""
        row = self._supply.get((supplier, item, site), {})
        unit_cost = self._supply_prices.get((supplier, item, site, period), row.get("unit_cost"))
        return float(unit_cost or 0.0), float(row.get("order_cost") or 0.0)

    @cached_property
    def _lanes(self) -> dict[tuple[str, str, str], float]:
        return {(r["origin"], r["destination"], r["item"] or ""): r["unit_cost"] for r in self.case.records("lanes")}

    def transport_cost(self, origin: str, destination: str, item: str) -> float:
        """Cost of a unit shipped; the item's own row before the row for all items."""
        own = (origin, destination, item)
        return float(self._lanes.get(own, self._lanes.get((origin, destination, ""))) or 0.0)

    @cached_property
    def components(self) -> dict[str, list[tuple[str, float]]]:
        """Recipe -> (component, units used for a unit made, scrap included)."""
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for r in self.case.records("components"):
            found[r["recipe"]].append((r["component"], (r["quantity"] or 0.0) * (1 + (r["scrap"] or 0.0))))
        return dict(found)

    def site_of(self, recipe: str) -> str:
        return str(self._recipes.get(recipe, {}).get("site") or "")


FLOWS = (
    "demand",
    "lost",
    "late",
    "made",
    "bought",
    "receipts",
    "moved_in",
    "moved_out",
    "used",
    "delivered",
    "closing",
)
"""What happens to an item at a site in a period. Output, purchases and transfers count in the period they arrive."""


def flows(plan: Plan, facts: Facts) -> dict[Place, dict[str, Series]]:
    """(item, site) -> flow -> one quantity a period, for every place in which something happens."""
    periods = plan.case.periods.index
    size = len(plan.case.periods)
    found: dict[Place, dict[str, Series]] = {
        place: {flow: [0.0] * size for flow in FLOWS}
        for place, row in facts.stock.items()
        if row["opening"] or row["backlog"]  # shown even when all of it leaves at once
    }

    def add(flow: str, item: str, site: str | None, period: Hashable, quantity: float | None) -> None:
        if quantity and period in periods:
            place = (item, site or "")
            if place not in found:
                found[place] = {flow: [0.0] * size for flow in FLOWS}
            found[place][flow][periods[str(period)]] += quantity

    for (item, site, _, due), row in facts.demand.items():
        add("demand", item, site, due, row["quantity"])
    for r in plan.case.records("receipts"):
        add("receipts", r["item"], r["site"], r["period"], r["quantity"])
    for r in rows(plan, "make"):
        add("made", r["item"], r["site"], r["arrival"], r["output"])
        for component, per_unit in facts.components.get(r["recipe"], ()):
            add("used", component, r["site"], r["period"], per_unit * (r["quantity"] or 0.0))
    for r in rows(plan, "buy"):
        add("bought", r["item"], r["site"], r["arrival"], r["quantity"])
    for r in rows(plan, "ship"):
        add("moved_out", r["item"], r["origin"], r["period"], r["quantity"])
        add("moved_in", r["item"], r["destination"], r["arrival"], r["quantity"])
    for r in rows(plan, "serve"):
        add("delivered", r["item"], r["site"], r["period"], r["quantity"])
    for r in rows(plan, "short"):
        add("late", r["item"], r["site"], r["period"], r["late"])
        add("lost", r["item"], r["site"], r["period"], r["lost"])
    for r in rows(plan, "stock"):
        add("closing", r["item"], r["site"], r["period"], r["quantity"])
    return found
