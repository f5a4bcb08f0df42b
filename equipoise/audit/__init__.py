"""The independent audit: every rule of a case checked again on the plan's tables, in exact arithmetic.

It reads the case and the plan tables only. The rules are written from the data model, not from the optimisation model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from equipoise.audit import buying, crews, hours, making, money, service, stocks, structure, whole
from equipoise.audit.bench import Bench
from equipoise.audit.page import page
from equipoise.audit.row import Cells, Row, Tally
from equipoise.case import Case
from equipoise.plan import AuditReport

Rule = Callable[[Bench], Iterator[Row]]

GROUPS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("The tables", structure.RULES),
    ("Stock", stocks.RULES),
    ("Demand", service.RULES),
    ("Making", making.RULES),
    ("Resources", hours.RULES),
    ("Crews", crews.RULES),
    ("Buying and moving", buying.RULES),
    ("Whole numbers", whole.RULES),
    ("Money", money.RULES),
)
"""Every rule, by heading of the reference page."""

RULES: tuple[str, ...] = tuple(rule.__name__ for _, rules in GROUPS for rule in rules)
"""The names of all rules, in the order in which they are checked."""


def audit(
    case: Case,
    tables: Mapping[str, pd.DataFrame],
    objective: float | None = None,
    cells: Cells | None = None,
) -> AuditReport:
    """Check plan tables (those of PLAN_TABLES) against their case.

    ``objective`` is what the cost lines must add up to, where it is known. ``cells(table, row, column)`` names the cell of the plan
    workbook that holds a value (``row`` counts the rows of the table from 0), so that findings point to it. A broken plan is an
    outcome: nothing is raised, the report lists every finding with its rule, its place and its amount.
    """
    bench = Bench(case, tables, objective)
    tally = Tally(case, cells)
    for _, rules in GROUPS:
        for rule in rules:
            tally.run(rule.__name__, unit_of(rule), rule(bench))
    return tally.report()


def unit_of(rule: Rule) -> str:
    """The unit of a rule, from the brackets in its docstring."""
    found = re.findall(r"\[(\w[^\[\],]*)\]", rule.__doc__ or "")
    return str(found[-1])


def rules_page() -> str:
    """The reference page of all rules (Markdown), made from their docstrings."""
    return page(GROUPS, unit_of)


__all__ = ["GROUPS", "RULES", "Rule", "audit", "rules_page", "unit_of"]
