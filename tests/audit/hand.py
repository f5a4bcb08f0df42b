"""Cases and plans written out by hand: rows as dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from equipoise.audit import audit
from equipoise.case import Case, Settings
from equipoise.plan import PLAN_TABLES, AuditReport
from equipoise.validate import validate

Rows = Iterable[Mapping[str, Any]]


def raw(settings: Mapping[str, Any] | None = None, **tables: Rows) -> dict[str, pd.DataFrame]:
    """Raw tables: three periods "1", "2", "3" and the item A without demand, where the rows do not say otherwise."""
    values = {"periods": 3, **(settings or {})}
    found = {
        "settings": pd.DataFrame({"key": list(values), "value": pd.Series(list(values.values()), dtype=object)}),
        "items": pd.DataFrame([{"item": "A"}]),
        "demand": pd.DataFrame([{"item": "A", "period": "1", "quantity": 0, "lost_cost": 1}]),
    }
    return {**found, **{name: pd.DataFrame(list(rows)) for name, rows in tables.items()}}


def case(settings: Mapping[str, Any] | None = None, **tables: Rows) -> Case:
    """A case of valid tables without the checks of sense across them: a tiny case leaves out what its test does not need."""
    clean = validate(raw(settings, **tables))
    assert not [i for i in clean.issues if i.severity == "error"]
    values = {k: v for k, v in clean.settings.items() if k in Settings.__dataclass_fields__}
    return Case(clean.tables, Settings(**values), clean.periods, clean.origins)


def plan(**tables: Rows) -> dict[str, pd.DataFrame]:
    """Plan tables with all their columns; what a row leaves out is blank."""
    found = {}
    for name, table in PLAN_TABLES.items():
        rows = [{c.name: row.get(c.name) for c in table.columns} for row in tables.get(name, ())]
        columns = {}
        for c in table.columns:
            numeric = c.kind in ("number", "flag", "count")
            columns[c.name] = pd.Series([r[c.name] for r in rows], dtype="float64" if numeric else "object")
        found[name] = pd.DataFrame(columns)
    return found


def stock(item: str, *quantities: float, site: str = "", **columns: float) -> list[dict[str, Any]]:
    """Rows of the stock table, one a period; further columns hold in every period."""
    return [
        {"item": item, "site": site, "period": str(t), "quantity": q, **columns} for t, q in enumerate(quantities, 1)
    ]


def make(recipe: str, period: str, quantity: float, item: str = "A", **columns: Any) -> dict[str, Any]:
    """A row of make that arrives at once with a yield of 1."""
    row = {"recipe": recipe, "item": item, "site": "", "period": period, "quantity": quantity}
    return {**row, "arrival": period, "output": quantity, **columns}


def amounts(case: Case, tables: Mapping[str, pd.DataFrame], rule: str, objective: float | None = None) -> list[float]:
    """The amounts of the findings of one rule."""
    return [f.amount for f in audit(case, tables, objective).findings if f.rule == rule]


def rules(report: AuditReport) -> set[str]:
    return {f.rule for f in report.findings}
