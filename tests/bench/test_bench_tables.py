"""Figures and what is required of them: those of solvers are never asserted, those of the checker are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.engine import acceptance, tables
from benchmarks.engine.results import Run, Table, at_most, geometric, slowest, solving_time


def _run(
    solver: str, instance: str, cost: float | None, bound: float | None = None, seconds: float = 5.0, **more: object
) -> Run:
    told = [(2.0, 2 * cost), (4.0, cost)] if cost is not None else []
    return Run("set", instance, solver, 0, 10.0, 1e-4, "limit", cost, bound, told, [], seconds, **more)  # type: ignore[arg-type]


def test_figures_of_a_run() -> None:
    run = _run("equipoise", "a", 100.0, 90.0)
    assert run.gap == pytest.approx(0.1) and run.first == 2.0
    assert run.near(100.0) == 4.0 and run.near(98.0) is None and run.near(200.0) == 2.0
    assert run.proven(0.1) and not run.proven(0.09)
    assert solving_time(run) == 20.0 and solving_time(_run("highs", "a", 100.0, 100.0)) == 5.0
    assert _run("highs", "a", 0.0, 0.0).gap == 0.0 and _run("highs", "a", None, 1.0).gap is None
    assert geometric([1.0, 4.0]) == pytest.approx(2.0) and geometric([0.0, 3.0], 1.0) == pytest.approx(1.0)
    assert slowest([1.0, 2.0, 9.0]) == 9.0 and slowest([float(n) for n in range(20)]) == 18.5
    assert at_most(100.00001, 100.0) and not at_most(100.1, 100.0) and at_most(5.0, None)


def test_figures_of_a_set() -> None:
    table = Table(
        [
            _run("equipoise", "a", 100.0, 100.0),
            _run("highs", "a", 150.0, 90.0),
            _run("equipoise", "b", None),
            _run("highs", "b", -5.0),
        ]
    )
    assert (table.wins("equipoise"), table.wins("highs")) == (1, 1)
    assert table.best(("set", "a", 0)) == 100.0
    assert [table.over(run) for run in table.runs] == [1.0, 1.5, None, None]
    lines = [tables.runs(table), tables.summary(table), tables.profile(table)]
    assert all(len({row.count("|") for row in text.splitlines()}) == 1 for text in lines)
    assert "| highs | 50% | 50% | 50% | 50% | 50% | 100% | 100% |" in lines[2]


def test_solvers_that_did_not_run_on_all_are_compared_on_what_they_share() -> None:
    runs = [_run("equipoise", "a", 100.0), _run("highs", "a", 150.0), _run("equipoise", "b", 9.0)]
    shared = Table(runs).common()
    assert shared is not None and [run.instance for run in shared.runs] == ["a", "a"]
    assert "The 1 of 2 instances" in tables.summaries(Table(runs))
    assert Table(runs[:2]).common() is None and Table(runs[1:]).common() is None


def test_a_bound_above_a_plan_is_shouted_about() -> None:
    table = Table([_run("equipoise", "a", 100.0, 99.0), _run("highs", "a", 110.0, 100.5)])
    assert [line[:17] for line in acceptance.bounds(table)] == ["- WRONG: highs on"]


def _said(lines: list[str]) -> list[bool]:
    return ["NOT MET" not in line for line in lines]


def test_required_of_shared_lines() -> None:
    name = "1,000 x 52 x 20, 300 s"
    good = replace(_run("equipoise", name, 9e6, 8e6, memory=4000.0), limit=300.0)
    assert _said(acceptance.shared_lines(Table([good]))) == [True, True, True]
    bad = replace(_run("equipoise", name, 9.6e6, 5e6, memory=5000.0), limit=300.0)
    assert _said(acceptance.shared_lines(Table([bad]))) == [False, False, False]
    assert acceptance.shared_lines(Table([replace(good, limit=60.0)])) == []


def test_required_of_one_level() -> None:
    both = [_run("equipoise", "G1", 100.0, 100.0, 1.0), _run("highs", "G1", 100.0, 100.0, 2.0)]
    left = [_run("equipoise", "G46", 100.0, 99.0), _run("highs", "G46", 100.0, 97.0)]
    known = [_run("equipoise", "G62", 61_746.0, 61_730.0), _run("equipoise", "G53", 74_700.0, 74_690.0)]
    assert _said(acceptance.trigeiro(Table([*both, *left, *known]))) == [True, True, True, False, True, False]


def test_required_of_several_levels() -> None:
    name = "classbp/G512142"
    table = Table(
        [
            _run("equipoise", name, 187_000.0, facts={"overtime": 0.0}),
            _run("highs", name, None),
            _run("scip", name, 186_000.0),
        ]
    )
    # twice the best known stands in for the plan that HiGHS does not have
    assert _said(acceptance.mlclsp(table)) == [True, True, False, True]
    assert _said(acceptance.mlclsp(Table([_run("equipoise", name, 187_000.0, facts={"overtime": 2.0})]))) == [
        True,
        False,
    ]
    assert acceptance.mlclsp(Table([])) == []
    assert "highs 1 of 1, scip 0 of 1" in acceptance.mlclsp(table)[2]


def test_required_of_the_others() -> None:
    quick = [_run("equipoise", "demo", 100.0, 100.0, 4.0), _run("highs", "demo", 100.0, 100.0, 2.0)]
    slow = [_run("equipoise", "b", 100.0, 100.0, 9.0), _run("highs", "b", 99.0, 99.0, 2.0)]
    assert _said(acceptance.company(Table(quick))) == [True, True]
    assert _said(acceptance.company(Table(quick + slow))) == [False, False]
    assert _said(acceptance.sap_sop(Table(quick))) == [False] and acceptance.sap_sop(Table([])) == []
    assert acceptance.company(Table(slow[:1])) == []
