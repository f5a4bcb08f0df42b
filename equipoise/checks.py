"""Checks of sense across tables, in planner words, before anything is built. Each function is one check; CHECKS lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.errors import Issue
from equipoise.validate import Issues

if TYPE_CHECKING:
    from equipoise.case import Case


def check(case: Case) -> tuple[Issue, ...]:
    """Every issue of CHECKS for a case whose tables are clean."""
    issues = Issues()
    for one in CHECKS:
        one(case, issues)
    return tuple(issues.found)


def overtime_has_a_price(case: Case, issues: Issues) -> None:
    """Overtime without overtime_cost is refused: what an hour costs is never guessed."""
    overtime_by_period = {k[0] for k, v in case.lookup("calendar", "overtime").items() if v > 0}
    for r in case.records("resources"):
        if (r["overtime"] or r["resource"] in overtime_by_period) and r["overtime_cost"] is None:
            cell = case.cell("resources", "overtime_cost", resource=r["resource"])
            issues.add("overtime-without-cost", f"the resource {r['resource']} has overtime but no overtime_cost.", "Give the cost of an hour (0 if it is free).",
                       table="resources", column="overtime_cost", cell=cell)  # fmt: skip


CHECKS = (overtime_has_a_price,)
