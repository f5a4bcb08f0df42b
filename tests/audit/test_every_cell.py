"""Every kind of cell of a plan, changed by ten times the tolerance or more, is caught by a rule that should catch it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hand import rules
from rich import rich
from spoil import NUMBERS, spoilt

from equipoise.audit import RULES, audit
from equipoise.plan import PLAN_TABLES

SETTINGS: dict[str, dict[str, Any]] = {
    "cost, backorder, average stock": {},
    "profit": {"objective": "profit"},
    "lost sales, end value, closing stock": {"shortage": "lost", "holding_on": "end", "end_stock": "value"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=list(SETTINGS))
def test_a_right_plan_has_no_finding(settings: dict[str, Any]) -> None:
    case, tables, objective = rich(**settings)
    report = audit(case, tables, objective)
    assert report.findings == ()
    assert report.passed
    assert tuple(report.checks) == RULES
    assert all(largest < 1e-9 for _, largest, _ in report.checks.values())


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=list(SETTINGS))
def test_every_spoilt_cell_is_caught(settings: dict[str, Any]) -> None:
    """Each kind of change of each column, in the first five rows that it fits."""
    case, tables, objective = rich(**settings)
    tried: Counter[tuple[str, str, frozenset[str]]] = Counter()
    missed = []
    for table, row, column, changed, expected in spoilt(case, tables):
        kind = (table, column, frozenset(expected))
        tried[kind] += 1
        if tried[kind] > 5:
            continue
        found = rules(audit(case, changed, objective))
        if not found & expected:
            missed.append((table, row, column, sorted(found), sorted(expected)))
    assert missed == []


def test_the_spoilt_cells_are_of_every_kind() -> None:
    """Each column of each plan table is spoilt somewhere, and in both directions where it is a number."""
    case, tables, _ = rich()
    count = Counter((table, column) for table, _, column, _, _ in spoilt(case, tables) if column)
    assert set(count) == {(t.name, c.name) for t in PLAN_TABLES.values() for c in t.columns}
    assert all(count[kind] >= 2 for kind in NUMBERS)


def test_spoiling_leaves_the_plan_as_it_was() -> None:
    case, tables, objective = rich()
    for _ in spoilt(case, tables):
        pass
    assert audit(case, tables, objective).passed
