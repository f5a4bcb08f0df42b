"""Digests of what solves in one process find, a line each: two runs of this file have to say the same."""

from __future__ import annotations

import hashlib

from cases import case as make_case
from make_cases import rich_tables, shared_line_tables
from trials import Ear, Problem, task

from benchmarks.instances import shared_lines
from equipoise import solve
from equipoise.case import Case
from equipoise.engine.child import proving
from equipoise.engine.matrix import Limits


def tables(case: Case, seed: int) -> str:
    """Of every table of the plan."""
    plan = solve.solve(case, solve.Options(time_limit=60, gap=1e-6, threads=1, seed=seed))
    assert plan.status == "optimal"
    text = "".join(plan.tables[name].to_csv() for name in sorted(plan.tables))
    return hashlib.sha256(text.encode()).hexdigest()


def way(problem: Problem, seconds: float) -> str:
    """Of every plan and bound on the long way, which counts its work: the clock is far away."""
    ear = Ear(600)
    result = proving.solve(task(problem, Limits(seconds, 1e-6, seed=1), ear))
    assert result.point is not None
    told = [x.tobytes() for x, _ in ear.heard.plans] + [result.point.x.tobytes(), repr(result.bound).encode()]
    return hashlib.sha256(b"".join(told)).hexdigest()


def main() -> None:
    print("tables", "shared_lines", tables(shared_lines(4, 6, seed=1), 1), flush=True)
    for seed in (12, 24):
        print("tables", seed, tables(make_case(**shared_line_tables(seed)), seed), flush=True)
    proving.BRANCHED = -1
    proving.ROUNDS = 60
    print("way", "shared_lines", way(Problem.of_case(shared_lines(4, 6, seed=1)), 0.2), flush=True)
    for made, seed in ((shared_line_tables, 6), (shared_line_tables, 11), (rich_tables, 1)):
        print("way", made.__name__, seed, way(Problem.of(made(seed)), 0.5), flush=True)


if __name__ == "__main__":
    main()
