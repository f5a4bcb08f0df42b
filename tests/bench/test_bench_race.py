"""Solvers side by side: each finds the least cost, each plan is judged, each process ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest
from bench_samples import KNAPSACK

from benchmarks.engine import race
from benchmarks.engine.drivers.cbc import hear, plan_of
from benchmarks.engine.drivers.highs import set_options
from benchmarks.engine.instances import shared_lines
from benchmarks.engine.job import Job, Reporter
from benchmarks.engine.judge import judge
from benchmarks.engine.race import Race
from benchmarks.engine.results import Run
from benchmarks.engine.solvers import SOLVERS
from equipoise.case import Case
from equipoise.engine.compile import compile_model
from equipoise.model import build
from equipoise.plan import Plan
from equipoise.solve import Options, solve

PEERS_HERE = [name for name, solver in SOLVERS.items() if solver.installed]


def test_the_judge_completes_what_a_plan_leaves_open(tmp_path: Path) -> None:
    job = Job(tmp_path, 5.0, 1e-4, 1, 0)
    job.write(KNAPSACK, None)
    assert judge(job, KNAPSACK).cost is None
    for left, cost in (
        ([1.0, 0.4], 112.0),
        ([0.999999, np.nan], 112.0),
        ([2.0, np.nan], 120.0),
        ([np.nan] * 2, 112.0),
        ([1.0, 0.1], 112.0),
    ):
        np.save(tmp_path / "plan.npy", np.array(left))
        assert judge(job, KNAPSACK).cost == pytest.approx(cost)
    (tmp_path / "completed.npy").unlink()
    np.save(tmp_path / "plan.npy", np.array([0.0, np.nan]))
    verdict = judge(job, KNAPSACK)
    assert verdict.cost is None and "set-ups leave no plan" in verdict.words


@pytest.mark.parametrize("solver", PEERS_HERE)
def test_each_solver_here_finds_the_least_cost(solver: str) -> None:
    run = Race(KNAPSACK, None).run(Run("set", "knapsack", solver, 0, 5.0, 1e-4), 2)
    assert (run.status, run.cost) == ("optimal", pytest.approx(112.0))
    assert run.bound is not None and 111.9 <= run.bound <= 112.0 + 1e-6
    assert run.first is not None and run.near(112.0) is not None


def test_a_case_is_judged_on_its_matrix() -> None:
    case = shared_lines(3, 3, 2)
    compiled = compile_model(build(case).model)
    run = Race(compiled.matrix, case, 1.0).run(Run("set", "tiny", "equipoise", 0, 10.0, 1e-6), 2)
    assert run.cost == pytest.approx(_solved(case).objective)


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "LOADING", 0.0)
    run = Race(KNAPSACK, None).run(Run("set", "knapsack", "highs", 0, 5.0, 1e-4), 1)
    assert run.status == "killed" and run.cost is None and "past the limit" in run.note


def test_a_process_that_breaks_down_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOLVERS, "highs", SOLVERS["highs"].__class__("highs", ("nobody",), "highspy", ""))
    run = Race(KNAPSACK, None).run(Run("set", "knapsack", "highs", 0, 5.0, 1e-4), 1)
    assert run.status == "failed" and "nobody" in run.note


def test_a_line_that_is_no_json_ends_the_hearing(monkeypatch: pytest.MonkeyPatch) -> None:
    started = subprocess.Popen
    says = "import time; print('{\"ready\": true}\\nWelcome!', flush=True); time.sleep(100)"

    def talker(command: list[str], **how: Any) -> subprocess.Popen[str]:
        return started([sys.executable, "-c", says], **how)

    monkeypatch.setattr(race.subprocess, "Popen", talker)
    run = Race(KNAPSACK, None).run(Run("set", "knapsack", "highs", 0, 5.0, 1e-4), 1)
    assert run.status == "failed" and "said Welcome!" in run.note


def test_an_option_that_highs_refuses_is_an_error() -> None:
    with pytest.raises(ValueError, match="refuses option mip_rel_gap = -1"):
        set_options(highspy.Highs(), output_flag=False, mip_rel_gap=-1.0)


def test_the_log_of_cbc(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    heard: list[tuple[float | None, float | None, float | None]] = []

    class Ear(Reporter):
        def __init__(self) -> None:
            pass

        def tell(self, cost: float | None = None, bound: float | None = None, seconds: float | None = None) -> None:
            heard.append((cost, bound, seconds))

    for line in (
        "Cbc0012I Integer solution of 2357183.8 found by feasibility pump after 0 iterations and 0 nodes (0.35 seconds)",
        "Cbc0010I After 0 nodes, 1 on tree, 1e+50 best solution, best possible 136247.45 (1.81 seconds)",
        "Lower bound:                    1.5e+05",
        "Cbc0038I Pass 1: nothing",
    ):
        hear(line, Ear(), 10.0)
    assert heard == [(2357193.8, None, 0.35), (None, 136257.45, 1.81), (None, 150010.0, None)]
    answer = tmp_path / "answer.txt"
    assert plan_of(answer, 3) == ("", None)
    answer.write_text("Optimal - objective value 3\n  0 c0 2 0\n  2 c2 1.5 0\n", encoding="ascii")
    head, x = plan_of(answer, 3)
    assert head.startswith("Optimal") and x is not None and x.tolist() == [2.0, 0.0, 1.5]
    answer.write_text("Infeasible - objective value 3\n** 0 c0 2 0\n", encoding="ascii")
    assert plan_of(answer, 3)[1] is None


def _solved(case: Case, gap: float = 1e-9) -> Plan:
    return solve(case, Options(20.0, gap, 1, 0))
