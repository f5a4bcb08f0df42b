"""The one checker of all plans: what a plan costs on the matrix, by our own arithmetic.

Whole columns are rounded. Where a plan leaves columns open (not a number), or misses a row once its whole columns are rounded, these
are held and the rest is worked out anew by a linear program, in a process of its own: ``python -m benchmarks.engine.judge FOLDER``.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.engine.job import Job
from equipoise.engine.matrix import Floats, Matrix
from equipoise.engine.points import judged

SECONDS = 120.0


@dataclass(frozen=True, eq=False)
class Verdict:
    """A plan that keeps every row and its cost; None with ``words`` that say why there is none."""

    cost: float | None
    x: Floats | None
    words: str = ""


def judge(job: Job, matrix: Matrix) -> Verdict:
    """Judge the plan that the process of a job left in its folder."""
    x = job.plan()
    if x is None:
        return Verdict(None, None, "no plan")
    if not np.isnan(x).any():
        point = judged(matrix, x)
        if point.clean:
            return Verdict(point.objective, point.x)
    command = [sys.executable, "-m", "benchmarks.engine.judge", str(job.folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    completed = job.folder / "completed.npy"
    if done.returncode or not completed.exists():
        said = (done.stdout + done.stderr).strip().splitlines()
        return Verdict(None, None, f"its set-ups leave no plan that keeps every row ({said[-1] if said else 'ended'})")
    point = judged(matrix, np.load(completed))
    if not point.clean:
        return Verdict(None, None, f"its plan misses a row by {point.miss:.1e} of its size")
    return Verdict(point.objective, point.x, "completed")


def complete(matrix: Matrix, x: Floats) -> Floats | None:
    """The cheapest plan with the whole columns of ``x`` (those it says); None where there is none."""
    from benchmarks.engine.drivers.highs import loaded, set_options

    said = matrix.integer & ~np.isnan(x)
    held = np.clip(np.round(np.where(said, x, 0.0)), matrix.lower, matrix.upper)
    lower, upper = np.where(said, held, matrix.lower), np.where(said, held, matrix.upper)
    open_columns = matrix.integer & ~said
    h = loaded(replace(matrix, lower=lower, upper=upper, integer=open_columns))
    set_options(h, primal_feasibility_tolerance=1e-9, mip_feasibility_tolerance=1e-9, time_limit=SECONDS)
    h.run()
    feasible = 2
    return np.array(h.getSolution().col_value) if h.getInfo().primal_solution_status == feasible else None


def main(folder: Path) -> None:
    job = Job.read(folder)
    x = job.plan()
    found = None if x is None else complete(job.matrix(), x)
    if found is None:
        sys.exit("no point")
    np.save(folder / "completed.npy", found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
