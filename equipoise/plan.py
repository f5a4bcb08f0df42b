"""A plan: the answer to a case, as tables, with what proves it. Holds data and light accessors; writing and KPIs live elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from equipoise.case import Case
from equipoise.errors import Issue

OPENING = "opening"
"""The ``due`` of demand from before the first period (stock.backlog)."""

Status = Literal["optimal", "within_gap", "stopped", "infeasible", "unbounded", "unknown"]
PROVEN_GAP = 1e-6
"""A plan is called optimal at this relative gap or less."""


@dataclass(frozen=True)
class PlanColumn:
    """One column of a plan table."""

    name: str
    kind: Literal["name", "period", "number", "flag", "count", "text"]
    meaning: str
    unit: str = ""
    key: bool = False


@dataclass(frozen=True)
class PlanTable:
    """One table of a plan, and the sheet of a plan workbook that shows it."""

    name: str
    sheet: str
    meaning: str
    columns: tuple[PlanColumn, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)


def _key(name: str, meaning: str, kind: Literal["name", "period"] = "name") -> PlanColumn:
    return PlanColumn(name, kind, meaning, key=True)


def _number(name: str, unit: str, meaning: str) -> PlanColumn:
    return PlanColumn(name, "number", meaning, unit)


ITEM, SITE, PERIOD = _key("item", "the item"), _key("site", "the site"), _key("period", "the period", "period")
CUSTOMER, DUE = (
    _key("customer", "the customer"),
    _key("due", 'period the demand was due in; "opening" = before the first', "period"),
)

# fmt: off
PLAN_TABLES: dict[str, PlanTable] = {
    t.name: t
    for t in (
        PlanTable("make", "Production", "What to make: one row for a recipe and period in which it runs", (
            _key("recipe", "the recipe"), PlanColumn("item", "name", "the item it makes"), PlanColumn("site", "name", "where"), PERIOD,
            _number("quantity", "unit", "units made (gross, before yield)"), PlanColumn("setup", "flag", "1: set up in the period; blank: no set-up rule", "0/1"),
            PlanColumn("lots", "count", "number of lot multiples; blank: no lot rule", "lots"), PlanColumn("arrival", "period", "period in which the output is in stock"),
            _number("output", "unit", "units that enter stock (yield times quantity)"))),
        PlanTable("buy", "Purchases", "What to order: one row for an order", (
            _key("supplier", "the supplier"), ITEM, SITE, PERIOD, _number("quantity", "unit", "units ordered"),
            PlanColumn("order", "flag", "1: an order is placed; blank: no order rule", "0/1"), PlanColumn("lots", "count", "number of lot multiples; blank: no lot rule", "lots"),
            PlanColumn("arrival", "period", "period in which it is in stock"))),
        PlanTable("ship", "Transfers", "What to move between sites: one row for a shipment", (
            _key("origin", "from"), _key("destination", "to"), ITEM, PERIOD, _number("quantity", "unit", "units shipped"),
            PlanColumn("arrival", "period", "period in which it is in stock"))),
        PlanTable("stock", "Stock", "Closing stock of every item, site and period", (
            ITEM, SITE, PERIOD, _number("quantity", "unit", "closing stock"), _number("below_safety", "unit", "short of the safety stock"),
            _number("above_maximum", "unit", "above the maximum"), _number("below_final", "unit", "short of the final stock (last period)"))),
        PlanTable("serve", "Deliveries", "Which demand is served when", (
            ITEM, SITE, CUSTOMER, DUE, PERIOD, _number("quantity", "unit", "units served"))),
        PlanTable("short", "Shortages", "Demand unserved at the end of a period, and demand given up in it", (
            ITEM, SITE, CUSTOMER, DUE, PERIOD, _number("late", "unit", "units still waiting at the end of the period"), _number("lost", "unit", "units given up in the period"))),
        PlanTable("capacity", "Capacity", "Hours of every resource and period", (
            _key("resource", "the resource"), PERIOD, _number("hours", "hours", "hours used, set-ups and overtime included"), _number("setup_hours", "hours", "of these, set-ups"),
            _number("overtime", "hours", "of these, overtime of the resource"), _number("below_minimum", "hours", "short of the minimum use"))),
        PlanTable("crew", "Crews", "People and hours of every crew and period", (
            _key("crew", "the crew"), PERIOD, _number("workers", "people", "people employed"), _number("hired", "people", "hired at the start"),
            _number("laid_off", "people", "laid off at the start"), _number("hours", "hours", "hours worked, overtime included"), _number("overtime", "hours", "of these, overtime"))),
        PlanTable("storage", "Storage", "Volume stored at every site with a storage capacity", (
            SITE, PERIOD, _number("volume", "volume", "volume of the closing stock"), _number("above", "volume", "above the capacity"))),
        PlanTable("costs", "Costs", "Every cost line by period, signed as it counts in the objective", (
            _key("line", "the cost line"), PERIOD, _number("amount", "money", "amount"))),
    )
}  # fmt: skip
"""Every table of a plan, in the order of the workbook."""
# fmt: on

CostKind = Literal["money", "penalty", "credit", "revenue"]

COST_LINES: dict[str, tuple[CostKind, str]] = {
    "revenue": ("revenue", "price of what is served (profit mode only)"),
    "make": ("money", "unit cost of what is made"),
    "setup": ("money", "set-ups of recipes"),
    "purchase": ("money", "price of what is bought"),
    "order": ("money", "orders placed"),
    "transport": ("money", "transport between sites"),
    "overtime": ("money", "overtime of resources and crews"),
    "wages": ("money", "wages of crews, busy or idle"),
    "hiring": ("money", "hiring"),
    "layoff": ("money", "lay-offs"),
    "resource": ("money", "hours used on resources"),
    "holding": ("money", "keeping stock"),
    "storage": ("money", "volume above the storage capacity"),
    "lost": ("penalty", "demand never served"),
    "late": ("penalty", "demand served late, for every period end it waits"),
    "below_safety": ("penalty", "stock below safety"),
    "above_maximum": ("penalty", "stock above the maximum"),
    "below_final": ("penalty", "stock below the final target"),
    "below_minimum": ("penalty", "resource hours below the minimum"),
    "end_value": ("credit", "value of the closing stock of the last period"),
}
"""Cost line -> (kind, meaning), in the order of the report. Money and penalties are never added up without saying so."""


@dataclass(frozen=True)
class Finding:
    """One broken rule of a plan: ``rule`` as in docs/reference/audit.md, the cell or key it concerns, by how much, in which unit."""

    rule: str
    where: str
    amount: float
    unit: str
    message: str


@dataclass(frozen=True)
class AuditReport:
    """What the audit looked at and what it found. ``checks`` maps each rule to (rows checked, largest violation, unit)."""

    findings: tuple[Finding, ...] = ()
    checks: Mapping[str, tuple[int, float, str]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.findings


@dataclass(frozen=True)
class SolveRecord:
    """How the plan was found: provenance for the audit sheet, none of it needed to check the plan."""

    options: Mapping[str, Any] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    bound_origin: str = ""
    steps: tuple[str, ...] = ()
    size: Mapping[str, int] = field(default_factory=dict)
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The answer to ``case``.

    ``objective``, ``bound`` and ``gap`` are None where there is none; in profit mode the objective is the profit and the bound lies above it.
    ``tables`` holds every table of PLAN_TABLES (empty where the case has no such thing). ``conflicts`` names what collides when infeasible.
    """

    case: Case = field(repr=False)
    status: Status
    objective: float | None = None
    bound: float | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    audit: AuditReport | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()
    interrupted: bool = False
    conflicts: tuple[Issue, ...] = ()
    record: SolveRecord = field(default_factory=SolveRecord, repr=False)

    @property
    def has_plan(self) -> bool:
        return self.objective is not None

    @property
    def gap(self) -> float | None:
        """|objective - bound| as a fraction of |objective|; None without a plan or a bound."""
        return None if self.objective is None or self.bound is None else relative_gap(self.objective, self.bound)

    @property
    def money_gap(self) -> float | None:
        """At most this much better exists."""
        return None if self.objective is None or self.bound is None else abs(self.objective - self.bound)

    @property
    def cost_lines(self) -> dict[str, float]:
        """Cost line -> amount over the horizon, in report order; they sum to the objective. Lines without an amount are left out."""
        costs = self.tables.get("costs")
        if costs is None or not len(costs):
            return {}
        sums = costs.groupby("line")["amount"].sum()
        return {line: float(sums[line]) for line in COST_LINES if line in sums.index}

    def summary(self) -> str:
        """The summary a planner reads, as text."""
        from equipoise import app

        return app.summary(self)

    def write(self, path: str) -> None:
        """Write the plan workbook. Raises OutputError."""
        from equipoise import app

        app.write(self, path)


def relative_gap(objective: float, bound: float) -> float:
    """|objective - bound| / |objective|; 0 when they are equal, infinite when only the objective is 0."""
    difference = abs(objective - bound)
    return 0.0 if difference == 0 else difference / abs(objective) if objective else float("inf")


def empty_tables() -> dict[str, pd.DataFrame]:
    """Every plan table, without rows."""
    numeric = {"number", "flag", "count"}
    return {
        t.name: pd.DataFrame({c.name: pd.Series(dtype="float64" if c.kind in numeric else "object") for c in t.columns})
        for t in PLAN_TABLES.values()
    }
