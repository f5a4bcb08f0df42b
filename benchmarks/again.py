"""Solving again what is nearly known: a block of decisions held, from the compiled matrix and the known plan."""

from __future__ import annotations

import time

from benchmarks.instances import shared_lines
from benchmarks.measure import markdown, spread
from equipoise import solve
from equipoise.solve import Options, Prepared

TITLE = "Solving again with the first periods held"
SIZE, SMALL = (100, 26), (5, 4)  # items, periods
HELD = 4
"""The first 1/HELD of the periods is held as the known plan has it."""
GAP = 0.02


def run(small: bool = False) -> str:
    items, periods = SMALL if small else SIZE
    limit, rounds = (2.0, 1) if small else (60.0, 3)
    first = solve.prepare(shared_lines(items, periods))
    known = first.solve(Options(limit, GAP, 2, 0))
    if known.objective is None or known.bound is None:
        return "No plan to begin from was found in time."
    names = first.case.periods.names[: periods // HELD]
    held = {
        ("make", row["recipe"], row["period"]): (row["quantity"], row["quantity"])
        for row in known.tables["make"].to_dict("records")
        if row["period"] in names
    }
    rows = []
    seconds: dict[str, list[float]] = {
        "getting ready": [],
        "from the matrix": [],
        "from nothing": [],
        "from the plan": [],
    }
    for seed in range(rounds):
        begin = time.perf_counter()
        ready = solve.prepare(first.case, every_plan=True)
        seconds["getting ready"].append(time.perf_counter() - begin)
        begin = time.perf_counter()
        again = ready.with_limits(held)
        seconds["from the matrix"].append(time.perf_counter() - begin)
        seconds["from nothing"].append(_until_gap(again, limit, seed, None))
        seconds["from the plan"].append(_until_gap(again, limit, seed, known))
    words = {
        "getting ready": "model and matrix built anew [s]",
        "from the matrix": "limits put into the matrix there is [s]",
        "from nothing": f"solved to a gap of {GAP:.0%} without the known plan [s]",
        "from the plan": "the same, beginning from it [s]",
    }
    rows = [[words[name], spread(found)] for name, found in seconds.items()]
    size = f"{items} items x {periods} periods, the first {len(names)} periods held."
    return f"{size} Median of {rounds}, in brackets least and most.\n\n{markdown(['what', 'seconds'], rows)}"


def _until_gap(ready: Prepared, limit: float, seed: int, known: solve.Plan | None) -> float:
    """Seconds until the gap is reached; at most the limit."""
    plan = ready.solve(Options(limit, GAP, 2, seed), start=None if known is None else known.tables)
    return plan.record.seconds["solve"]
