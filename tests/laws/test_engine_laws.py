"""Laws of the engine: no technique changes an optimum, every plan on the way passes the audit, no bound lies above."""

from __future__ import annotations

import functools
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from make_cases import Tables, rich_tables, shared_line_tables
from trials import Ear, Problem, least_by_trying, least_cost, mates_at_once, task

from equipoise.engine.blocks import split
from equipoise.engine.child import bundle, proving, seeking
from equipoise.engine.child.forms import closer
from equipoise.engine.child.task import Result
from equipoise.engine.highs import BRANCHING_CUT, BRANCHING_EXTENDED
from equipoise.engine.items.decompose import Decomposition
from equipoise.engine.matrix import Floats, Limits, Outcome, Progress, Technique
from equipoise.engine.meaning import has_components
from equipoise.engine.parent.process import Workers
from equipoise.engine.parent.runner import run

TECHNIQUES: tuple[Technique, ...] = get_args(Technique)
NEAR = 1e-6
HERE = Path(__file__).resolve()
WAITS = str(HERE.parents[1] / "engine" / "faulty_worker.py")

Case = tuple[Callable[[int], Tables], int]
CASES: list[Case] = [(shared_line_tables, seed) for seed in (1, 4, 5, 15, 37)] + [(rich_tables, s) for s in (0, 3)]
APART: list[Case] = [(shared_line_tables, seed) for seed in (2, 7, 22)]
"""These fall apart into blocks."""


def name_of(case: Any) -> str:
    return f"{case[0].__name__}-{case[1]}" if isinstance(case, tuple) and callable(case[0]) else str(case)


@functools.cache
def problem_of(case: Case) -> tuple[Problem, float]:
    """The problem, and its least cost as plain HiGHS has it."""
    problem = Problem.of(case[0](case[1]))
    return problem, least_cost(problem.matrix)


def near(value: float | None, least: float) -> bool:
    return value is not None and abs(value - least) <= NEAR * max(1.0, abs(least))


def no_bound_above(bounds: Sequence[float | None], least: float) -> bool:
    return all(b is None or b <= least + NEAR * max(1.0, abs(least)) for b in bounds)


def all_pass(problem: Problem, plans: Sequence[tuple[Floats, float]], least: float) -> bool:
    """Every plan passes the audit, costs no less than the optimum, and less than the one before."""
    costs = [cost for _, cost in plans]
    ordered = costs == sorted(costs, reverse=True)
    possible = all(cost >= least - NEAR * max(1.0, abs(least)) for cost in costs)
    unlike = {x.tobytes(): (x, cost) for x, cost in plans}
    return ordered and possible and all(problem.audited(x, cost).passed for x, cost in unlike.values())


# ------------------------------------------------------ a process on its own


def alone(problem: Problem, without: tuple[Technique, ...] = ()) -> tuple[Result, Ear]:
    """What the main child does without mates, within this process; as much work as 0.3 seconds are worth."""
    ear = Ear(60)
    return proving.solve(task(problem, Limits(0.3, 0.0, without=without), ear)), ear


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_short_way_ends_at_the_optimum(case: Case) -> None:
    """Branch and bound is enough."""
    problem, least = problem_of(case)
    for without in ((), ("slopes",)):
        result, ear = alone(problem, without)
        assert result.claim == "optimal"
        assert result.point is not None
        assert near(result.point.objective, least)
        assert near(result.bound, least)
        assert no_bound_above(ear.heard.bounds, least)
        assert all_pass(problem, ear.heard.plans, least)


@pytest.fixture
def the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small problems, too, go the way of large ones: bound by items, stretching, search, then branch and bound."""
    monkeypatch.setattr(proving, "BRANCHED", -1)
    monkeypatch.setattr(proving, "ROUNDS", 60)


@pytest.mark.parametrize("case", CASES, ids=name_of)
@pytest.mark.usefixtures("the_long_way")
def test_no_technique_changes_the_optimum(case: Case) -> None:
    """All of them, and each left out in turn. One process has no blocks here, and no cuts: those are tried side by side."""
    problem, least = problem_of(case)
    plans: list[tuple[Floats, float]] = []
    for without in ((), *((technique,) for technique in TECHNIQUES if technique not in ("blocks", "cuts"))):
        result, ear = alone(problem, without)
        assert result.point is not None, without
        assert near(result.point.objective, least), without
        assert near(result.bound, least), without
        assert no_bound_above(ear.heard.bounds, least), without
        assert near(min(cost for _, cost in ear.heard.plans), least), without
        plans += ear.heard.plans
    assert all_pass(problem, sorted(plans, key=lambda plan: -plan[1]), least)


def tiny(seed: int, shortage: str) -> Tables:
    """Two products, three periods, one line: six set-ups, with a least lot for one of them; a dear supplier helps out."""
    rng = random.Random(seed)
    demand = [(i, t, rng.randint(0, 9)) for i in ("P", "Q") for t in "123"]
    return {
        "settings": {"periods": 3, "shortage": shortage},
        "items": {"item": ["P", "Q"], "holding_cost": [1, 2], "lost_cost": 30, "late_cost": 3},
        "demand": dict(zip(("item", "period", "quantity"), map(list, zip(*demand, strict=True)), strict=True)),
        "recipes": {
            "recipe": ["mP", "mQ"],
            "item": ["P", "Q"],
            "setup_cost": [rng.randint(5, 40), 15],
            "lot_min": [5, None],
        },
        "resources": {"resource": "L", "capacity": rng.randint(8, 16)},
        "operations": {"recipe": ["mP", "mQ"], "resource": "L", "hours": 1, "setup_hours": [2, 1]},
        "supply": {"supplier": "S", "item": ["P", "Q"], "unit_cost": 20},
    }


@pytest.mark.parametrize(("seed", "shortage"), [(1, "lost"), (2, "backorder"), (3, "forbidden")])
@pytest.mark.usefixtures("the_long_way")
def test_the_optimum_is_that_of_trying_every_set_up(seed: int, shortage: str) -> None:
    problem = Problem.of(tiny(seed, shortage))
    assert int(problem.matrix.integer.sum()) == 6
    least = least_by_trying(problem.matrix)
    result, ear = alone(problem)
    assert result.point is not None
    assert near(result.point.objective, least)
    assert near(result.bound, least)
    assert no_bound_above(ear.heard.bounds, least)


# ------------------------------------------------------------- side by side


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_a_mate_tells_is_true(case: Case) -> None:
    """Its plans, and the bounds of its decomposition."""
    problem, least = problem_of(case)
    ear = Ear(2.0, parts=40)
    result = seeking.search(task(problem, Limits(2.0, 0.0, threads=2), ear), guided=True)
    assert (result.bound is not None) == (Decomposition.of(problem.matrix, problem.meaning) is not None)
    assert no_bound_above([*ear.heard.bounds, result.bound], least)
    assert all_pass(problem, ear.heard.plans, least)


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_the_threads_of_the_main_child_tell_is_true(
    case: Case, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Branch and bound by one thread gives way at once to several threads on a closer form."""
    monkeypatch.setattr(proving._Trial, "__call__", lambda self: setattr(self, "ended", "slow") or True)
    problem, least = problem_of(case)
    ear = Ear(20)
    result = proving.solve(task(problem, Limits(20.0, 0.0, threads=threads), ear))
    assert result.claim == "optimal" and result.point is not None
    assert near(result.point.objective, least)
    assert no_bound_above([*ear.heard.bounds, result.bound], least)
    assert all_pass(problem, ear.heard.plans, least)
    levels = has_components(problem.matrix, problem.meaning)
    assert closer(task(problem, Limits(20.0, 0.0), Ear(20))).origin == (BRANCHING_CUT if levels else BRANCHING_EXTENDED)


class Run:
    """A whole solve in its processes, and what it tells on the way."""

    def __init__(self, problem: Problem, limits: Limits, **more: Any):
        self.plans: list[tuple[Floats, float]] = []
        self.seen: list[Progress] = []
        self.outcome: Outcome = run(
            problem.matrix,
            limits,
            self.seen.append,
            meaning=problem.meaning,
            on_plan=lambda x, cost: self.plans.append((x, cost)),
            **more,
        )

    def keeps_the_laws(self, problem: Problem, least: float) -> None:
        out = self.outcome
        assert out.status == "optimal", out.steps
        assert out.x is not None
        assert near(out.objective, least)
        assert near(out.bound, least)
        assert no_bound_above([p.bound for p in self.seen], least)
        assert all_pass(problem, self.plans, least)
        assert np.array_equal(self.plans[-1][0], out.x), "the last plan told is the answer"


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Two processes, of which the main one begins when its mate has found a plan."""
    mates_at_once(monkeypatch)

    def run_(problem: Problem, without: tuple[Technique, ...] = ()) -> Run:
        limits = Limits(20, 0.0, threads=2, without=without)
        return Run(problem, limits, workers=Workers((WAITS, "main_waits", "99", str(tmp_path / "tally"))))

    return run_


@pytest.mark.parametrize("case", [CASES[1], CASES[2], CASES[6]], ids=name_of)
def test_children_side_by_side_keep_the_laws(case: Case, beside: Callable[..., Run]) -> None:
    problem, least = problem_of(case)
    beside(problem, ("blocks",)).keeps_the_laws(problem, least)


@pytest.mark.parametrize("technique", [t for t in TECHNIQUES if t not in ("blocks", "search")])
def test_no_technique_changes_what_children_find_side_by_side(technique: Technique, beside: Callable[..., Run]) -> None:
    problem, least = problem_of((shared_line_tables, 37))
    assert split(problem.matrix) is None
    beside(problem, (technique,)).keeps_the_laws(problem, least)


@pytest.mark.parametrize("case", APART, ids=name_of)
@pytest.mark.parametrize("threads", [1, 2])
def test_blocks_apart_come_to_the_same_as_together(case: Case, threads: int) -> None:
    problem, least = problem_of(case)
    assert split(problem.matrix) is not None
    Run(problem, Limits(20, 0.0, threads=threads)).keeps_the_laws(problem, least)


@pytest.mark.parametrize("case", APART, ids=name_of)
def test_blocks_of_one_child_with_several_threads_end_at_the_optimum(case: Case) -> None:
    problem, least = problem_of(case)
    ear = Ear(20)
    result = bundle.blocks(task(problem, Limits(20.0, 0.0, threads=2), ear))
    assert result.claim == "optimal" and result.point is not None
    assert near(result.point.objective, least)
    assert no_bound_above([*ear.heard.bounds, result.bound], least)


# ------------------------------------------------------------- determinism


def test_the_same_seed_gives_the_same_plans_to_the_byte() -> None:
    """In other processes, with another seed of Python's own hashing."""
    root = HERE.parents[2]
    paths = os.pathsep.join(map(str, (root, root / "tests", HERE.parent)))
    runs = [
        subprocess.Popen(
            [sys.executable, str(HERE.with_name("digests.py"))],
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    first, second = ([line.split() for line in run.communicate(timeout=300)[0].splitlines()] for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    assert len(first) == 7
    assert first == second
