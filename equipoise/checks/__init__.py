"""Checks of sense across tables, in planner words, before anything is built.

One theme a file; each function is one check and its docstring says what it looks for. An error refuses the case, a
warning or a note travels with it. docs/reference/issues.md lists the codes (from ``equipoise.codes``).
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from equipoise.checks import (
    capacity,
    crews,
    effects,
    ends,
    limits,
    lots,
    money,
    numbers,
    shortage,
    sources,
    stock,
    time,
)
from equipoise.checks.facts import Facts
from equipoise.checks.look import Report
from equipoise.checks.readable import KnownFacts, UnknownError, worlds
from equipoise.errors import Issue
from equipoise.validate import Unknown

if TYPE_CHECKING:
    from equipoise.case import Case

MOST_REPEATS = 20  # warnings and notes of one code shown; the rest is counted in one line

CHECKS = (
    *shortage.CHECKS,
    *capacity.CHECKS,
    *crews.CHECKS,
    *sources.CHECKS,
    *lots.CHECKS,
    *time.CHECKS,
    *stock.CHECKS,
    *money.CHECKS,
    *ends.CHECKS,
    *numbers.CHECKS,
    *effects.CHECKS,
    *limits.CHECKS,
)


def check(case: Case) -> tuple[Issue, ...]:
    """Every issue of CHECKS for a case whose tables are clean, errors first."""
    facts, report = Facts(case), Report()
    for one in CHECKS:
        one(facts, report)
    return _in_order(report.found)


def check_readable(case: Case, unknown: Unknown) -> tuple[Issue, ...]:
    """The issues that hold whatever ``unknown`` cells of the case will hold when they are mended.

    A check goes on until it looks at something that is not known: what it said before does not depend on it. Quantities of demand,
    of which there are many, do not stop a check: of these what is said holds where it is said alike for none, some and very much.
    """
    if unknown.everything:
        return ()
    found: list[Issue] | None = None
    for world, rest in worlds(case, unknown):
        facts, report = KnownFacts(world, rest), Report()
        for one in CHECKS:
            with contextlib.suppress(UnknownError):
                one(facts, report)
        found = report.found if found is None else [issue for issue in found if issue in report.found]
    return _in_order(found or [])


def _in_order(found: Iterable[Issue]) -> tuple[Issue, ...]:
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(shortened(sorted(found, key=lambda issue: order[issue.severity])))


def shortened(found: Iterable[Issue]) -> Iterable[Issue]:
    """The issues; repeats of a warning or note beyond MOST_REPEATS become one line that counts them. Errors stay."""
    found = list(found)
    totals = Counter((issue.severity, issue.code) for issue in found)
    seen: Counter[tuple[str, str]] = Counter()
    for issue in found:
        kind = (issue.severity, issue.code)
        seen[kind] += 1
        if issue.severity == "error" or seen[kind] <= MOST_REPEATS:
            yield issue
        elif seen[kind] == MOST_REPEATS + 1:
            more = totals[kind] - MOST_REPEATS
            text = f"{more} more like the {MOST_REPEATS} above; the next is {issue.cell} ({issue.value})."
            yield replace(issue, message=text, value=str(more))
