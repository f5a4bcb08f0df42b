"""Cases as short as the sum they stand for: tables as dicts of lists, settings as a dict."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from equipoise import app
from equipoise.case import Case
from equipoise.plan import Plan

Table = dict[str, Any]


def case(**tables: Table) -> Case:
    """A case from tables written as {column: values}; a single value stands for one row. Settings are {key: value}."""
    return Case.from_tables(raw(**tables))


def raw(**tables: Table) -> dict[str, pd.DataFrame]:
    """The same tables, not yet validated."""
    out = {}
    for name, columns in tables.items():
        if name == "settings":
            out[name] = pd.DataFrame(list(columns.items()), columns=["key", "value"], dtype=object)
        else:
            rows = max(len(v) if isinstance(v, list) else 1 for v in columns.values())
            spread = {k: v if isinstance(v, list) else [v] * rows for k, v in columns.items()}
            out[name] = pd.DataFrame(spread, dtype=object)
    return out


def one_item(*demand: float, made: bool = True, hold: float = 1.0, **tables: Any) -> dict[str, Any]:
    """Tables of one item A with demand by period, served in its period, made by a recipe mA that costs nothing (or bought from S).

    Keyword tables are laid over these: a dict is merged into the table of its name; None leaves the table out.
    """
    base: dict[str, Any] = {
        "settings": {"periods": len(demand), "shortage": "forbidden"},
        "items": {"item": "A", "holding_cost": hold},
        "demand": {"item": "A", "period": [str(t + 1) for t in range(len(demand))], "quantity": list(demand)},
    }
    base |= {"recipes": {"recipe": "mA", "item": "A"}} if made else {"supply": {"supplier": "S", "item": "A"}}
    for name, columns in tables.items():
        base[name] = {**base.get(name, {}), **columns} if columns is not None else None
    return {name: columns for name, columns in base.items() if columns is not None}


def line(hours: float = 1.0, **resource: Any) -> dict[str, Any]:
    """A resource L that recipe mA needs ``hours`` of for a unit."""
    return {
        "resources": {"resource": "L", **resource},
        "operations": {"recipe": "mA", "resource": "L", "hours": hours},
    }


def exact(case: Case) -> Plan:
    """The proven optimum, audited; fails when the audit finds anything or the cost lines do not sum to the objective."""
    plan = app.plan(case, gap=0.0, threads=1, seed=0, time_limit=60)
    assert plan.status == "optimal", (plan.status, plan.conflicts, plan.record.steps)
    assert plan.audit is not None and plan.audit.passed, plan.audit
    assert sum(plan.cost_lines.values()) == pytest.approx(plan.objective, rel=1e-9, abs=1e-9)
    return plan
