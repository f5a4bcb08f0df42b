"""A second opinion by SCIP, in a child of its own: ``python -m equipoise.engine.child.scip``. The only import of pyscipopt."""

from __future__ import annotations

import numpy as np
import pyscipopt

from equipoise.engine import wire
from equipoise.engine.child.progress import Watch
from equipoise.engine.child.worker import serve
from equipoise.engine.matrix import Floats, Limits, Matrix


def opinion(matrix: Matrix, limits: Limits, seconds: float) -> tuple[str, Floats | None]:
    """Is there a plan at all? Returns SCIP's status and the first plan it finds."""
    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/time", max(seconds, 0.01))
    model.setParam("limits/solutions", 1)
    model.setParam("randomization/randomseedshift", limits.seed)
    columns = [
        model.addVar(vtype="I" if whole else "C", lb=_limit(lower), ub=_limit(upper))
        for whole, lower, upper in zip(matrix.integer, matrix.lower, matrix.upper, strict=True)
    ]
    for r in range(matrix.rows):
        entries = range(matrix.start[r], matrix.start[r + 1])
        total = pyscipopt.quicksum(float(matrix.value[k]) * columns[matrix.index[k]] for k in entries)
        _add_row(model, total, float(matrix.row_lower[r]), float(matrix.row_upper[r]))
    model.optimize()
    status = str(model.getStatus())
    if not model.getNSols():
        return status, None
    best = model.getBestSol()
    return status, np.array([model.getSolVal(best, column) for column in columns])


def _limit(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _add_row(model: pyscipopt.Model, total: pyscipopt.Expr, lower: float, upper: float) -> None:
    if not total.terms:
        total = total + 0 * model.addVar(lb=0, ub=0)
    if lower == upper:
        model.addCons(total == lower)
        return
    if np.isfinite(lower):
        model.addCons(total >= lower)
    if np.isfinite(upper):
        model.addCons(total <= upper)


def work(frame: wire.Frame, watch: Watch) -> wire.Frame:
    """Look for any plan; a plan found is sent as a raw point."""
    watch.stage("second opinion")
    matrix = wire.matrix_of(frame)
    status, x = opinion(matrix, wire.limits_of(frame), watch.left())
    if x is not None:
        watch.point(x, float(matrix.cost @ x) + matrix.offset, False)
    return wire.Frame("result", {"claim": "infeasible" if status == "infeasible" else "time"})


if __name__ == "__main__":
    serve(work)
