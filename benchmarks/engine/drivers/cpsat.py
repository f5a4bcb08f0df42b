"""CP-SAT of OR-Tools on the matrix in whole numbers (see scaling.py). Never in one process with highspy: their symbols clash.

Of its plans only the whole columns are kept; the judge completes them on the matrix.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.engine.job import Job, Reporter
from benchmarks.engine.scaling import Whole, whole
from equipoise.engine.matrix import Floats, Matrix


def loaded(m: Matrix, w: Whole) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """A CP-SAT model of the whole numbers, and its columns in order."""
    model = cp_model.CpModel()
    ends = zip(w.lower.astype(np.int64).tolist(), w.upper.astype(np.int64).tolist(), strict=True)
    columns = [model.new_int_var(low, high, f"c{j}") for j, (low, high) in enumerate(ends)]
    value, index = w.value.astype(np.int64).tolist(), m.index.tolist()
    for r in range(m.rows):
        part = slice(m.start[r], m.start[r + 1])
        total = cp_model.LinearExpr.weighted_sum([columns[j] for j in index[part]], value[part])
        low = cp_model.INT_MIN if np.isinf(w.row_lower[r]) else int(w.row_lower[r])
        high = cp_model.INT_MAX if np.isinf(w.row_upper[r]) else int(w.row_upper[r])
        model.add_linear_constraint(total, low, high)
    priced = np.flatnonzero(w.cost)
    model.minimize(cp_model.LinearExpr.weighted_sum([columns[j] for j in priced], w.cost[priced].tolist()))
    return model, columns


class _Ear(cp_model.CpSolverSolutionCallback):
    def __init__(self, reporter: Reporter, m: Matrix, columns: list[cp_model.IntVar]):
        super().__init__()
        self.reporter, self.m, self.columns = reporter, m, columns

    def on_solution_callback(self) -> None:
        self.reporter.tell(self.objective_value + self.m.offset)
        if self.reporter.wants_plan():
            self.reporter.save(whole_columns(self.m, self.columns, self.value))


def whole_columns(m: Matrix, columns: list[cp_model.IntVar], value: object) -> Floats:
    """The plan's whole columns; the fractional ones are left to the judge (not a number)."""
    x = np.full(m.columns, np.nan)
    for j in np.flatnonzero(m.integer):
        x[j] = value(columns[j])  # type: ignore[operator]
    return x


def main(folder: Path) -> None:
    job = Job.read(folder)
    reporter = Reporter(job)
    m = job.matrix()
    w = whole(m)
    model, columns = loaded(m, w)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = job.threads
    solver.parameters.max_time_in_seconds = job.limit
    solver.parameters.relative_gap_limit = job.gap
    solver.parameters.random_seed = job.seed

    def bound(value: float) -> None:
        if w.safe:
            reporter.tell(bound=value - w.give + m.offset)

    solver.best_bound_callback = bound
    reporter.begin()
    status = solver.solve(model, _Ear(reporter, m, columns))
    seconds = reporter.seconds()
    x = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        x = whole_columns(m, columns, solver.value)
        bound(solver.best_objective_bound)
    said = {cp_model.OPTIMAL: "optimal", cp_model.FEASIBLE: "limit", cp_model.UNKNOWN: "limit"}
    reporter.end(said.get(status, solver.status_name(status).lower()), x, seconds=seconds, safe=w.safe, give=w.give)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
