"""1,000 items x 24 months, from the workbook to the plan workbook: how much of the wall time is not the solver's."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.instances import shared_lines
from benchmarks.measure import in_own_process, markdown

TITLE = "Wall time outside the solver"
SIZE = (1000, 24)
SMALL = (10, 6)
LIMIT = 120.0  # seconds for the solver
GAP = 0.01


def run(small: bool = False) -> str:
    size = SMALL if small else SIZE
    start = time.perf_counter()
    found = in_own_process("share", *size)
    steps = found["steps"]
    wall = time.perf_counter() - start - found["prepared"]
    steps = {"start": wall - sum(steps.values()), **steps}
    outside = wall - steps["solve"]
    rows = [[name, f"{seconds:.2f}", f"{seconds / wall:.1%}"] for name, seconds in steps.items()]
    return "\n\n".join(
        (
            f"{size[0]:,} items x {size[1]} months, time limit {LIMIT:g} s, asked gap {GAP:.0%}: "
            f"{found['status']}, gap {found['gap']:.2%}, audit {'passed' if found['passed'] else 'not passed'}.",
            markdown(["step", "seconds", "share"], [*rows, ["all", f"{wall:.2f}", "100.0%"]]),
            f"Outside the solver: {outside / wall:.1%} of the wall time, {outside:.1f} s.",
        )
    )


def one(items: int, periods: int) -> dict[str, Any]:
    """Read, plan and write one size: seconds of each step, and what came out."""
    from equipoise import app
    from equipoise.io import write_case

    with tempfile.TemporaryDirectory() as folder:
        clock = [time.perf_counter()]
        workbook = Path(folder) / "case.xlsx"
        write_case(shared_lines(items, periods), workbook)
        clock.append(time.perf_counter())
        case = app.load(workbook)
        clock.append(time.perf_counter())
        plan = app.plan(case, time_limit=LIMIT, gap=GAP)
        clock.append(time.perf_counter())
        app.write(plan, Path(folder) / "plan.xlsx")
        clock.append(time.perf_counter())
    prepared, read, planned, written = (b - a for a, b in pairwise(clock))
    inside = dict(plan.record.seconds)
    steps = {"read and check": read, **inside, "other": planned - sum(inside.values()), "write the plan": written}
    passed = plan.audit is not None and plan.audit.passed
    return {"prepared": prepared, "steps": steps, "status": plan.status, "gap": plan.gap or 0.0, "passed": passed}


if __name__ == "__main__":
    print(json.dumps(one(*map(int, sys.argv[1:]))))
