"""Plain HiGHS: the compiled matrix passed whole, its options as they come. ``parallel`` as a second argument: two threads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from benchmarks.engine.job import Job, Reporter
from equipoise.engine.matrix import Matrix

_KIND = highspy.cb.HighsCallbackType
_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kTimeLimit: "limit",
}


def loaded(matrix: Matrix) -> highspy.Highs:
    """A HiGHS object with the matrix in it."""
    m, by_row, minimise = matrix, 2, 1
    h = highspy.Highs()
    set_options(h, output_flag=False)
    h.passModel(
        m.columns, m.rows, m.entries, by_row, minimise, m.offset, m.cost, m.lower, m.upper,
        m.row_lower, m.row_upper, m.start, m.index, m.value, m.integer.astype(np.int32),
    )  # fmt: skip
    return h


def set_options(h: highspy.Highs, **options: Any) -> None:
    """Set options. Raises ValueError where HiGHS refuses one: a solver with other options would be another one."""
    for name, value in options.items():
        if h.setOptionValue(name, value) == highspy.HighsStatus.kError:
            raise ValueError(f"HiGHS refuses option {name} = {value}")


def main(folder: Path, parallel: bool) -> None:
    job = Job.read(folder)
    reporter = Reporter(job)
    h = loaded(job.matrix())
    options: dict[str, Any] = {"time_limit": job.limit, "mip_rel_gap": job.gap, "random_seed": job.seed}
    if parallel:
        options |= {"threads": job.threads, "parallel": "on"}
    set_options(h, **options)

    def hear(kind: int, _message: str, out: Any, _put: Any, _data: Any) -> None:
        if int(kind) == int(_KIND.kCallbackMipImprovingSolution):
            reporter.tell(out.objective_function_value, out.mip_dual_bound)
            if reporter.wants_plan():
                reporter.save(np.array(out.mip_solution))
        else:
            reporter.tell(bound=out.mip_dual_bound)

    h.setCallback(hear, None)
    for callback in (_KIND.kCallbackMipImprovingSolution, _KIND.kCallbackMipLogging):
        h.startCallback(callback)
    reporter.begin()
    h.run()
    seconds, info = reporter.seconds(), h.getInfo()
    feasible = 2
    x = np.array(h.getSolution().col_value) if info.primal_solution_status == feasible else None
    whole = job.matrix().integer.any()
    bound = info.mip_dual_bound if whole else info.objective_function_value if x is not None else None
    reporter.tell(info.objective_function_value if x is not None else None, bound, seconds)
    reporter.end(_STATUS.get(h.getModelStatus(), "failed"), x, seconds=seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "parallel" in sys.argv[2:])
