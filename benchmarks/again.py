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


def run(small: bool = False) -> str:
    items, periods = SMALL if small else SIZE
    limit, rounds = (2.0, 1) if small else (60.0, 3)
    first = solve.prepare(shared_lines(items, periods))
    known = first.solve(Options(limit, 0.03, 2, 0))
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
        ready = solve.prepare(first.case)
        seconds["getting ready"].append(time.perf_counter() - begin)
        begin = time.perf_counter()
        again = ready.with_limits(held)
        seconds["from the matrix"].append(time.perf_counter() - begin)
        seconds["from nothing"].append(_until(again, known.objective, limit, seed, None))
        seconds["from the plan"].append(_until(again, known.objective, limit, seed, known))
    words = {
        "getting ready": "model and matrix built anew [s]",
        "from the matrix": "limits put into the matrix there is [s]",
        "from nothing": "until a plan as good as the known one, without it [s]",
        "from the plan": "the same, beginning from it [s]",
    }
    rows = [[words[name], spread(found)] for name, found in seconds.items()]
    size = f"{items} items x {periods} periods, the first {len(names)} periods held."
    return f"{size} Median of {rounds}, in brackets least and most.\n\n{markdown(['what', 'seconds'], rows)}"


def _until(ready: Prepared, cost: float, limit: float, seed: int, known: solve.Plan | None) -> float:
    """Seconds until a plan costs no more than this; the limit where none does."""
    found: list[float] = []

    def hear(progress: solve.Progress) -> None:
        if progress.objective is not None and progress.objective <= cost * (1 + 1e-6) and not found:
            found.append(progress.seconds)

    plan = ready.solve(Options(limit, 0.03, 2, seed), hear, None if known is None else known.tables)
    if not found and plan.objective is not None and plan.objective <= cost * (1 + 1e-6):
        found.append(plan.record.seconds["solve"])
    return found[0] if found else limit
