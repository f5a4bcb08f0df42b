"""A healthy case of two items, changes laid over it, and what the checks then say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import pandas as pd

from equipoise.case import Case
from equipoise.errors import DataError, Issue
from equipoise.validate import Origin

Tables = dict[str, Any]

HEALTHY: Tables = {
    "settings": {"periods": 4},
    "items": [
        {"item": "A", "price": 50, "lost_cost": 40, "value": 12, "holding_cost": 0.5},
        {"item": "B", "price": None, "lost_cost": None, "value": 2, "holding_cost": 0.1},
    ],
    "demand": [{"item": "A", "period": str(t), "quantity": 40} for t in (1, 2, 3, 4)],
    "stock": [{"item": "A", "opening": 50}, {"item": "B", "opening": 90}],
    "resources": [{"resource": "L", "capacity": 60}],
    "recipes": [{"recipe": "mA", "item": "A", "unit_cost": 5}],
    "operations": [{"recipe": "mA", "resource": "L", "hours": 1}],
    "components": [{"recipe": "mA", "component": "B", "quantity": 2}],
    "supply": [{"supplier": "S", "item": "B", "unit_cost": 2, "lead_time": 1}],
}
TWO_SITES: Tables = {
    "sites": [{"site": "P"}, {"site": "W"}],
    "demand": [{**row, "site": "W"} for row in HEALTHY["demand"]],
    "stock": [{"item": "A", "site": "W", "opening": 50}, {"item": "B", "site": "P", "opening": 90}],
    **{name: [{**HEALTHY[name][0], "site": "P"}] for name in ("resources", "recipes", "supply")},
    "lanes": [{"origin": "P", "destination": "W", "unit_cost": 1}],
}
CREW: Tables = {
    "crews": [{"crew": "C", "workers": 5, "hours": 20}],
    "resources": [{"resource": "L", "crew": "C"}],
}
ALWAYS = "end-of-horizon"  # the one warning of the healthy case


def lay(below: Mapping[str, Any], above: Mapping[str, Any]) -> Tables:
    """Tables laid over others: a list replaces the rows, a dict goes into the first row (or the settings), None removes."""
    out = dict(below)
    for name, change in above.items():
        if change is None:
            out.pop(name, None)
        elif isinstance(change, list) or name not in out:
            out[name] = change
        elif name == "settings" or isinstance(out[name], dict):
            out[name] = {**out[name], **change}
        else:
            out[name] = [{**out[name][0], **change}, *out[name][1:]]
    return out


def issues(tables: Mapping[str, Any], over: Mapping[str, Any] = HEALTHY) -> tuple[Issue, ...]:
    """Everything found in the healthy case with these tables laid over it, whether or not it is refused."""
    frames, origins = {}, {}
    for name, rows in lay(over, tables).items():
        if name == "settings":
            rows = [{"key": key, "value": value} for key, value in rows.items()]
        frame = pd.DataFrame(rows if isinstance(rows, list) else [rows], dtype=object)
        frames[name] = frame.astype(object).where(frame.notna(), None)
        letters = dict(zip(frame.columns, ascii_uppercase, strict=False))
        origins[name] = Origin(name, range(2, len(frame) + 2), letters, columns=tuple(letters.values()))
    try:
        return Case.from_tables(frames, origins).issues
    except DataError as error:
        return error.issues


def line(issue: Issue) -> str:
    """An issue in one line: severity, code, cell, value, message."""
    value = f" [{issue.value}]" if issue.value else ""
    return f"{issue.severity} {issue.code} {issue.cell}{value}: {issue.message}"


def lines(tables: Mapping[str, Any], notes: bool = False, over: Mapping[str, Any] = HEALTHY) -> list[str]:
    """The errors and warnings (or the notes) that the changes bring about, without the one of every case."""
    found = [i for i in issues(tables, over) if (i.severity == "note") == notes and i.code != ALWAYS]
    assert all(i.hint and i.table and i.column for i in found)
    return [line(i) for i in found]


@dataclass(frozen=True)
class Seen:
    """Changes to the healthy case, the one line they bring about, and a further change after which nothing is said."""

    name: str
    tables: Tables
    line: str
    fixed: Tables
    notes: bool = False

    def found(self) -> list[str]:
        """What is said of the case with the changes."""
        return lines(self.tables, self.notes)

    def found_when_fixed(self) -> list[str]:
        """What is said of the case with the changes and the further one."""
        return lines(lay(lay(HEALTHY, self.tables), self.fixed), self.notes, over={})


def named(seen: Seen) -> str:
    """The name of a test."""
    return seen.name
