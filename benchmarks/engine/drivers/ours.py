"""equipoise: as a planner gets it where there is a case, by its runner where there is a matrix only.

As in app.plan the first solver process starts before the modules that build a model are loaded. All solvers are loaded before
their clock begins.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.engine.job import Job, Reporter
from equipoise.case import Case
from equipoise.engine.matrix import Limits, Progress
from equipoise.engine.parent.process import Workers


def main(folder: Path) -> None:
    with Workers(ahead=1) as workers:
        job = Job.read(folder)
        case = job.case()
        if case is None:
            solve_matrix(job, Reporter(job), workers)
        else:
            solve_case(job, case, Reporter(job), workers)


def solve_case(job: Job, case: Case, reporter: Reporter, workers: Workers) -> None:
    """Build, compile and solve as ``equipoise plan`` does; seconds are those since the compiled matrix was there."""
    from equipoise.solve import Options, prepare, start_vector

    sign = -1.0 if case.settings.objective == "profit" else 1.0

    def progress(p: Progress) -> None:
        cost, bound = (None if v is None else sign * v for v in (p.objective, p.bound))
        reporter.tell(cost, bound, p.seconds)

    options = Options.of(case, time_limit=job.limit, gap=job.gap, threads=job.threads, seed=job.seed)
    reporter.begin()
    ready = prepare(case)
    plan = ready.solve(options, progress, workers=workers)
    seconds = plan.record.seconds["solve"]
    x = None
    if plan.has_plan and plan.objective is not None:
        x = start_vector(ready.build, ready.compiled, plan.tables)  # NaN: worked out anew by the judge
        reporter.tell(sign * plan.objective, seconds=seconds)
    if plan.bound is not None:
        reporter.tell(bound=sign * plan.bound, seconds=seconds)
    reporter.end(
        _status(plan.status), x, seconds=seconds, origin=plan.record.bound_origin, steps=list(plan.record.steps)
    )


def solve_matrix(job: Job, reporter: Reporter, workers: Workers) -> None:
    from equipoise.engine.parent.runner import run

    matrix = job.matrix()
    reporter.begin()
    limits = Limits(job.limit, job.gap, job.threads, job.seed)
    outcome = run(matrix, limits, lambda p: reporter.tell(p.objective, p.bound, p.seconds), workers=workers)
    reporter.tell(outcome.objective, outcome.bound, outcome.seconds)
    reporter.end(
        _status(outcome.status),
        outcome.x,
        seconds=outcome.seconds,
        origin=outcome.bound_origin,
        steps=list(outcome.steps),
    )


def _status(status: str) -> str:
    return {"within_gap": "optimal", "stopped": "limit", "unknown": "limit"}.get(status, status)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
