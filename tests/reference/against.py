"""A case planned by equipoise's model and by the second one: is it the same status and the same optimum?"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from reference.model import Answer, answer, price
from reference.program import Solution, least, same
from reference.reading import Tables
from scipy.sparse import csr_array

from equipoise import solve
from equipoise.audit import audit
from equipoise.case import Case
from equipoise.engine.matrix import Outcome
from equipoise.engine.prepare import prepared
from equipoise.errors import DataError
from equipoise.plan import Plan

NO_PLAN = {
    "crew-limits-collide",
    "final-above-maximum",
    "lot-above-capacity",
    "minimum-above-capacity",
    "never-open",
    "recipe-minimum-too-large",
    "safety-above-maximum",
    "safety-above-storage",
}
"""Refusals that say that no plan can exist. Others say that a figure is missing or a row most likely wrong."""


@dataclass(frozen=True)
class Verdict:
    """``word``: what came of the comparison, for counting. ``wrong``: "" or what differs. ``compared``: both models gave an answer."""

    word: str
    wrong: str = ""
    compared: bool = False


def case_of(tables: Tables) -> Case:
    """The case of equipoise. Raises DataError where it is refused."""
    return Case.from_tables({name: pd.DataFrame(list(rows), dtype=object) for name, rows in tables.items()})


def refusal(error: DataError) -> set[str]:
    return {issue.code for issue in error.issues if issue.severity == "error"}


def compare(tables: Tables) -> Verdict:
    """Plans the tables twice. Where equipoise has a plan, it passes its audit and costs in the second model what it says."""
    try:
        case = case_of(tables)
        ready = solve.prepare(case)
    except DataError as error:
        codes = refusal(error)
        found = answer(tables).status
        word = f"refused: {', '.join(sorted(codes))}; {found}"
        return Verdict(word, "refused, but there is a plan" if codes <= NO_PLAN and found == "optimal" else "")
    ours, theirs = _solved(ready), answer(tables)
    if "unsettled" in (ours.status, theirs.status) or theirs.far:
        return Verdict("unsettled by the solver" if not theirs.far else "beyond what is compared here")
    if ours.status != theirs.status:
        return Verdict("different", f"{ours.status}, the second model says {theirs.status}", True)
    if ours.cost is None:
        return Verdict(ours.status, "", True)
    plan = _plan(ready, ours)
    return Verdict("optimal", wrong_with(tables, plan, theirs), True)


def wrong_with(tables: Tables, plan: Plan, best: Answer) -> str:
    """What is wrong with an optimal plan of equipoise; "" where nothing is."""
    assert plan.objective is not None and best.value is not None
    if not same(plan.objective, best.value):
        return f"{plan.objective:.9g}, the second model says {best.value:.9g}"
    report = audit(plan.case, plan.tables, plan.objective)
    if not report.passed:
        return f"the audit finds {report.findings[0].message}"
    priced = price(tables, rows_of(plan))
    if priced.value is None or not same(priced.value, plan.objective):
        return f"the plan costs {plan.objective:.9g}, in the second model {priced.value} ({priced.status})"
    return ""


def rows_of(plan: Plan) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The tables of a plan as rows; blank names are None."""
    return {
        name: [{k: None if v is None or v != v else v for k, v in row.items()} for row in frame.to_dict("records")]
        for name, frame in plan.tables.items()
    }


def _solved(ready: solve.Prepared) -> Solution:
    """As the engine prepares it: the HiGHS of SciPy 1.17 calls some models infeasible where a whole column is at most 0.5."""
    m = prepared(ready.compiled.matrix)
    rows = csr_array((m.value, m.index, m.start), shape=(m.rows, m.columns))
    return least(m.cost, rows, m.row_lower, m.row_upper, m.lower, m.upper, m.integer, m.offset)


def _plan(ready: solve.Prepared, found: Solution) -> Plan:
    assert found.x is not None
    x = np.clip(found.x, ready.compiled.matrix.lower, ready.compiled.matrix.upper)
    outcome = Outcome("stopped", x, found.cost, None, "", 0.0)
    options = solve.Options(time_limit=1, gap=0, threads=1, seed=0)
    return solve._plan(ready.case, ready.build, ready.compiled, outcome, options)


def verdicts(draw: Callable[[int], Tables], seeds: Iterable[int]) -> Iterable[tuple[int, Verdict]]:
    """The comparison of each seed; a case that breaks something is one of its own."""
    for seed in seeds:
        try:
            yield seed, compare(draw(seed))
        except Exception:
            yield seed, Verdict("broken", traceback.format_exc())
