"""Why a case has no plan: the rules that cannot hold together, with their cells."""

from __future__ import annotations

from dataclasses import replace

from equipoise.case import Case
from equipoise.diagnose.conflict import conflict, whole_conflict
from equipoise.diagnose.words import describe
from equipoise.engine.compile import Compiled, compile_model
from equipoise.engine.matrix import Limits
from equipoise.errors import Issue
from equipoise.model import Build, build
from equipoise.solve import Options

LEAST_SECONDS = 10.0  # an explanation gets at least this long


def explain(case: Case, options: Options) -> tuple[Issue, ...]:
    """What collides: a headline, then one Issue for each hard rule, with its cell."""
    b = build(case)
    compiled = _physical(b, compile_model(b.model))
    limits = Limits(max(LEAST_SECONDS, options.time_limit), 1e-6, options.threads, options.seed, options.memory_mb)
    entries = conflict(compiled, limits) or whole_conflict(compiled, limits)
    rules = list(dict.fromkeys(issue for entry in entries for issue in describe(b, entry)))
    together = f"these {len(rules)} rules" if len(rules) > 1 else "this rule" if rules else "all hard rules"
    head = Issue(
        "infeasible",
        f"no plan can keep {together} together." if len(rules) != 1 else f"no plan can keep {together}.",
        "Relax one of them, or give a limit a price (safety_cost, maximum_cost, final_cost, storage_cost, minimum_cost; shortage = lost).",
    )
    return (head, *rules)


def explain_unbounded(case: Case, options: Options) -> tuple[Issue, ...]:
    """Why the money earned has no limit."""
    source = "an end value above the cost of an item" if case.settings.end_stock == "value" else "a negative cost"
    return (
        Issue(
            "unbounded",
            f"the plan can earn without limit: nothing limits a quantity that pays ({source}).",
            "Give the quantity a capacity, or correct the cost or value.",
        ),
    )


def _physical(b: Build, compiled: Compiled) -> Compiled:
    """The same matrix with make and buy bounded by what is possible instead of by what is useful."""
    upper = compiled.matrix.upper.copy()
    place = b.case.periods.index
    for n, (name, index) in enumerate(compiled.columns):
        if name == "make":
            upper[n] = b.bounds.physical(b.inputs.recipes[index[0]], place[index[1]])
        elif name == "buy":
            upper[n] = float("inf")
    return replace(compiled, matrix=replace(compiled.matrix, upper=upper))
