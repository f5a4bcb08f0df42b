"""New descents of the search, and when it or branch and bound gives way to the other."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from trials import LIMITS, Ear, Problem, least_cost, task, two_levels

from equipoise.engine import wire
from equipoise.engine.child import proving, seeking
from equipoise.engine.child.progress import Watch
from equipoise.engine.highs import BRANCHING_CUT
from equipoise.engine.points import Point, judged
from equipoise.engine.search import elite, improve
from equipoise.engine.search.elite import Elite
from equipoise.engine.search.improve import Search
from equipoise.engine.search.start import Planner


@pytest.fixture(scope="module")
def levels() -> Problem:
    return two_levels()


WHOLE = np.array([0, 2], np.int32)


def plan(cost: float, *x: float) -> Point:
    return Point(np.array(x), cost, 0.0)


# ---------------------------------------------------------------- good plans


def test_of_two_plans_with_the_same_whole_columns_the_cheaper_stays() -> None:
    kept = Elite(WHOLE)
    for point in (plan(5, 1, 7.5, 0), plan(4, 1, 3.5, 0), plan(6, 1, 9.5, 0)):
        kept.add(point)
    assert [p.objective for p in kept.plans] == [4]
    assert kept.pair(np.random.default_rng(0)) is None


def test_the_cheapest_plans_stay_cheapest_first() -> None:
    kept = Elite(WHOLE)
    costs = [9, 3, 8, 1, 7, 2, 6, 4]
    for n, cost in enumerate(costs):
        kept.add(plan(cost, n % 2, 0.0, n))
    assert [p.objective for p in kept.plans] == sorted(costs)[: elite.KEPT]
    r = np.random.default_rng(0)
    pairs = [kept.pair(r) for _ in range(50)]
    assert all(p is not None and p[0].objective < p[1].objective for p in pairs)
    assert len({(p[0].objective, p[1].objective) for p in pairs if p is not None}) > 5


def test_plans_differ_in_whole_columns_only() -> None:
    assert Elite(WHOLE).differ(plan(1, 1, 2.5, 4), plan(1, 1, 9.5, 3)).tolist() == [False, True]


# ------------------------------------------------------------------ descents


def settled(problem: Problem, monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[Search, Ear]:
    """A search whose descents end at the first try without a gain, until four of them gained nothing for the best plan."""
    monkeypatch.setattr(improve, "DRY", 1)
    monkeypatch.setattr(improve, "COVERED", 0.0)
    ear = Ear(60)
    planner = Planner(problem.matrix, LIMITS, {}, ear)
    planner.completed(np.ones(len(planner.whole)))
    search = Search(planner, problem.meaning, **options)
    search.run(20.0, lambda: search.idle >= 4)
    return search, ear


@pytest.mark.parametrize("aside", [False, True])
def test_descents_follow_each_other_and_lose_no_plan(
    levels: Problem, monkeypatch: pytest.MonkeyPatch, aside: bool
) -> None:
    search, ear = settled(levels, monkeypatch, aside=aside)
    assert search.idle >= 4
    told = [cost for _, cost in ear.heard.plans]
    assert told == sorted(told, reverse=True)
    assert search.planner.best is not None
    assert search.planner.best.objective == told[-1] >= least_cost(levels.matrix) - 1e-6
    assert search.at is not None
    assert search.at.clean
    assert search.at.objective >= told[-1], "a descent may be at a dearer plan, the best one is kept"


def test_what_two_plans_agree_on_stays_where_they_meet(levels: Problem) -> None:
    """Set-ups everywhere, and in the first period alone: what they do not agree on is decided anew, for less than either."""
    planner = Planner(levels.matrix, LIMITS, {}, Ear(60))
    early = levels.meaning.columns.period[planner.whole] < 1
    plans = [planner.completed(pattern) for pattern in (np.ones(len(planner.whole)), early.astype(float))]
    better, other = sorted((p for p in plans if p is not None), key=lambda p: p.objective)
    met = Search(planner, levels.meaning)._crossed(better, other)
    agreed = ~Elite(planner.whole).differ(better, other)
    assert agreed.sum() == early.sum()
    assert met is not None
    assert met.clean
    assert met.objective < better.objective
    assert np.array_equal(met.x[planner.whole][agreed], better.x[planner.whole][agreed])


@pytest.mark.parametrize(("solo", "follows"), [(400, False), (0, True)])
def test_with_few_whole_columns_a_child_goes_its_own_way(
    levels: Problem, monkeypatch: pytest.MonkeyPatch, solo: int, follows: bool
) -> None:
    """A cheaper plan comes from another child: a large problem is searched from there, a small one from its own plan."""
    monkeypatch.setattr(improve, "SOLO", solo)
    planner = Planner(levels.matrix, replace(LIMITS, threads=2), {}, Ear(60))
    early = levels.meaning.columns.period[planner.whole] < 1
    mine = planner.completed(early.astype(float))
    search, at, heard = Search(planner, levels.meaning), [], []
    monkeypatch.setattr(planner, "hear", lambda: heard.append(len(at)))

    def step(point: Point) -> float:
        at.append(point)
        if len(at) == 1:
            planner.completed(np.ones(len(planner.whole)))
        return 1.0

    monkeypatch.setattr(search, "step", step)
    search.run(enough=lambda: len(at) == 2)
    assert planner.best is not None
    assert mine is not None
    assert planner.best.objective < mine.objective
    assert [p.objective for p in at] == [mine.objective, (planner.best if follows else mine).objective]
    assert bool(heard) == follows, "plans of other children are asked for where they are followed"


# ------------------------------------------------------- who gives way to whom


def told(*frames: wire.Frame) -> Watch:
    """A watch that has heard these."""
    watch = Watch(io.BytesIO(), 100.0)
    for frame in frames:
        watch.take(frame)
    return watch


def test_the_gap_is_that_of_the_best_plan_and_the_best_bound_of_all() -> None:
    plan_of_another = wire.Frame("plan", {"objective": 100.0}, {"x": np.zeros(1)})
    bound_of_another = wire.Frame("bound", {"bound": 80.0})
    assert told().gap == told(plan_of_another).gap == told(bound_of_another).gap == float("inf")
    watch = told(plan_of_another, bound_of_another)
    assert watch.gap == pytest.approx(0.2)
    watch.tick(90.0, 85.0)
    assert watch.gap == pytest.approx(5 / 90)
    watch.tick(95.0, 70.0)
    assert watch.gap == pytest.approx(5 / 90), "a worse figure changes nothing"
    watch.tick(None, 91.0)
    assert watch.gap == 0.0


@pytest.mark.parametrize(("bound", "found"), [(93.0, True), (95.0, False)])
def test_branch_and_bound_gives_way_once_its_trial_is_over_and_the_gap_wide(
    monkeypatch: pytest.MonkeyPatch, bound: float, found: bool
) -> None:
    monkeypatch.setattr(proving, "TRIAL_LEAST", 0.0)
    monkeypatch.setattr(proving, "TRIAL", 0.5)
    watch = Watch(io.BytesIO(), 100.0)
    trial = proving._Trial(watch, math.inf)
    watch.tick(100.0, bound)
    assert not trial(), "not before the trial is over"
    left = watch.left() - 60.0
    monkeypatch.setattr(watch, "left", lambda: left)
    assert trial() is found
    watch.tick(100.0, 99.0 if found else None)
    assert trial() is found, "asked once"


def test_with_a_gap_that_can_be_closed_it_gives_way_when_patience_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(io.BytesIO(), 100.0)
    trial = proving._Trial(watch, 40.0)
    watch.tick(100.0, 95.0)
    seconds = watch.left()
    monkeypatch.setattr(watch, "left", lambda: seconds - gone)
    gone = 39.0
    assert not trial() and not trial()
    gone = 41.0
    assert trial() and trial.ended == "slow"


def test_branch_and_bound_does_not_give_way_while_there_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(io.BytesIO(), 100.0)
    trial = proving._Trial(watch, math.inf)
    left = watch.left() - 60.0
    monkeypatch.setattr(watch, "left", lambda: left)
    watch.tick(None, 50.0)
    assert not trial()
    watch.tick(100.0, None)
    assert trial()


@pytest.fixture
def soon_dry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Descents are short, and one without a gain is enough."""
    monkeypatch.setattr(improve, "DRY", 2)
    monkeypatch.setattr(improve, "COVERED", 0.0)
    monkeypatch.setattr(seeking, "IDLE", 1)


@pytest.mark.usefixtures("soon_dry")
def test_a_mate_whose_search_dried_up_leaves_the_proof_to_the_main_child(levels: Problem) -> None:
    """Plans, the bound by items, the search until it is dry."""
    limits = replace(LIMITS, threads=2, time_limit=60.0, gap=0.0)
    ear = Ear(60)
    result = seeking.search(task(levels, limits, ear), guided=True)
    assert result.point is not None and result.point.clean
    assert ear.left() > 0 and not ear.must_end()
    assert result.bound is not None and result.bound <= least_cost(levels.matrix) * (1 + 1e-6)


@pytest.mark.usefixtures("soon_dry")
def test_after_the_search_the_main_child_proves_on_a_closer_form(
    levels: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Branch and bound gives way at once, the search dries up, and all threads go over to the form with cuts."""
    monkeypatch.setattr(proving._Trial, "__call__", lambda self: setattr(self, "ended", "wide") or True)
    limits = replace(LIMITS, threads=2, time_limit=60.0, gap=0.0)
    ear = Ear(60)
    result = proving.solve(task(levels, limits, ear))
    best = least_cost(levels.matrix)
    assert result.claim == "optimal" and result.point is not None
    assert judged(levels.matrix, result.point.x).objective == pytest.approx(best, rel=1e-6)
    assert result.bound == pytest.approx(best, rel=1e-5)
    assert result.origin == BRANCHING_CUT
    assert all(bound <= best * (1 + 1e-6) for bound in ear.heard.bounds)
