"""1,000 items x 24 months through the command line: how much of the wall time is not the solver's."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.instances import shared_lines
from benchmarks.measure import markdown
from equipoise.io import write_case

TITLE = "Wall time outside the solver"
SIZE = (1000, 24)
SMALL = (10, 6)
LIMIT = 120.0  # seconds for the solver
GAP = 0.05


def run(small: bool = False) -> str:
    size = SMALL if small else SIZE
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "case.xlsx"
        write_case(shared_lines(*size), workbook)
        start = time.perf_counter()
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "equipoise",
                "plan",
                str(workbook),
                "--json",
                f"--time-limit={LIMIT}",
                f"--gap={GAP}",
            ],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        wall = time.perf_counter() - start
    if not done.stdout:
        raise RuntimeError(f"the plan ended with {done.returncode}\n{done.stderr}")
    found = json.loads(done.stdout)
    solver = found["seconds"]["solve"]
    steps = {**found["seconds"], "read, write, start": wall - sum(found["seconds"].values())}
    rows = [[name, f"{seconds:.2f}", f"{seconds / wall:.1%}"] for name, seconds in steps.items()]
    gap = "none" if found["gap"] is None else f"{found['gap']:.2%}"
    return "\n\n".join(
        (
            f"{size[0]:,} items x {size[1]} months, time limit {LIMIT:g} s, asked gap {GAP:.0%}: {found['status']}, gap {gap}, "
            f"audit {'passed' if (found['audit'] or {}).get('passed') else 'not passed'}.",
            markdown(["step", "seconds", "share"], [*rows, ["all", f"{wall:.2f}", "100.0%"]]),
            f"Outside the solver: {(wall - solver) / wall:.1%} of the wall time, {wall - solver:.1f} s.",
        )
    )
