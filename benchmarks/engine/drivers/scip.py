"""SCIP through PySCIPOpt, its options as they come: one thread."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from pyscipopt import SCIP_EVENTTYPE, Eventhdlr, Expr, Model
from pyscipopt.scip import Term

from benchmarks.engine.job import Job, Reporter
from equipoise.engine.matrix import Floats, Matrix

_KINDS = (SCIP_EVENTTYPE.BESTSOLFOUND, SCIP_EVENTTYPE.NODESOLVED, SCIP_EVENTTYPE.LPSOLVED)
ENDLESS = 1e19
"""SCIP's bounds from 1e20 on are none; a little less is safe from rounding."""


def loaded(m: Matrix) -> tuple[Model, list[Any]]:
    """A SCIP model with the matrix in it, and its columns in order."""
    model = Model()
    model.hideOutput()
    columns = [
        model.addVar(lb=low, ub=high, vtype="I" if whole else "C", obj=cost)
        for low, high, whole, cost in zip(
            _ends(m.lower), _ends(m.upper), m.integer.tolist(), m.cost.tolist(), strict=True
        )
    ]
    model.addObjoffset(m.offset)
    for r, (low, high) in enumerate(zip(m.row_lower.tolist(), m.row_upper.tolist(), strict=True)):
        part = slice(m.start[r], m.start[r + 1])
        terms = zip(m.index[part].tolist(), m.value[part].tolist(), strict=True)
        row = Expr({Term(columns[j]): value for j, value in terms})
        if low == high:
            model.addCons(row == low)
        elif np.isfinite(low) and np.isfinite(high):
            model.addCons(low <= (row <= high))
        elif np.isfinite(high):
            model.addCons(row <= high)
        elif np.isfinite(low):
            model.addCons(row >= low)
    return model, columns


def _ends(limit: Floats) -> list[float | None]:
    return [None if abs(end) > ENDLESS else end for end in limit.tolist()]


class _Ear(Eventhdlr):
    def __init__(self, reporter: Reporter, columns: list[Any]):
        self.reporter, self.columns = reporter, columns

    def eventinit(self) -> None:
        for kind in _KINDS:
            self.model.catchEvent(kind, self)

    def eventexit(self) -> None:
        for kind in _KINDS:
            self.model.dropEvent(kind, self)

    def eventexec(self, event: Any) -> None:
        bound = self.model.getDualbound()
        bound = bound if abs(bound) < ENDLESS else None
        if event.getType() != SCIP_EVENTTYPE.BESTSOLFOUND:
            self.reporter.tell(bound=bound)
            return
        self.reporter.tell(self.model.getSolObjVal(self.model.getBestSol()), bound)
        if self.reporter.wants_plan():
            self.reporter.save(_values(self.model, self.columns))


def _values(model: Model, columns: list[Any]) -> Floats:
    best = model.getBestSol()
    return np.array([best[c] for c in columns])


def main(folder: Path) -> None:
    job = Job.read(folder)
    reporter = Reporter(job)
    model, columns = loaded(job.matrix())
    model.setParam("limits/time", job.limit)
    model.setParam("limits/gap", job.gap)
    model.setParam("randomization/randomseedshift", job.seed)
    model.includeEventhdlr(_Ear(reporter, columns), "benchmark", "tells of plans and bounds")
    reporter.begin()
    model.optimize()
    seconds, status = reporter.seconds(), model.getStatus()
    x = _values(model, columns) if model.getNSols() else None
    bound = model.getDualbound()
    reporter.tell(model.getObjVal() if x is not None else None, bound if abs(bound) < ENDLESS else None, seconds)
    said = {"optimal": "optimal", "gaplimit": "optimal", "timelimit": "limit", "infeasible": "infeasible"}
    reporter.end(said.get(status, "failed"), x, seconds=seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
