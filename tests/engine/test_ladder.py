"""The ladder on replies that are made up: what is believed of plans, bounds and claims, and what is never lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from blocks_of import beside
from cases import line, one_item
from matrices import INF, matrix
from trials import Ear, Problem, task

from equipoise.engine.blocks import split
from equipoise.engine.child import bundle, part, proving
from equipoise.engine.matrix import Limits, Matrix, Outcome
from equipoise.engine.parent import apart
from equipoise.engine.parent.ladder import Ladder
from equipoise.engine.parent.process import WORKER
from equipoise.engine.parent.talks import Clock, Reply
from equipoise.engine.points import judged, miss
from equipoise.engine.prepare import prepared
from equipoise.engine.verdict import close_enough, verdict
from equipoise.errors import SolverError

LIMITS = Limits(20.0, 1e-6)


def one_or_the_other() -> Matrix:
    """x + 2 y >= 1, at 3 for a whole x and 4 for a whole y: the least cost is 3."""
    return prepared(matrix([3.0, 4.0], [(1.0, [1, 2], INF)], upper=[1, 1], integer=[0, 1]))


class MadeUp:
    """Talks in which each child answers what is given, one after the other; the last answer again and again."""

    def __init__(self, *replies: Reply):
        self.clock = Clock(time.monotonic(), time.monotonic() + 20, lambda: False)
        self._replies = list(replies)

    def ask(self, task: Any, *_more: Any) -> Reply:
        if task.kind == "polish":
            return Reply()
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


def climbed(m: Matrix, *replies: Reply, **more: Any) -> Outcome:
    return Ladder(m, LIMITS, None, MadeUp(*replies), **more).climb()  # type: ignore[arg-type]


X, Y = (3.0, np.array([1.0, 0.0])), (4.0, np.array([0.0, 1.0]))


def test_a_bound_above_a_plan_is_no_proof_and_the_next_way_is_tried() -> None:
    m = one_or_the_other()
    outcome = climbed(m, Reply("optimal", clean=Y, bound=4.5, origin="here"), Reply("optimal", clean=X, bound=3.0))
    assert (outcome.status, outcome.objective, outcome.bound) == ("optimal", 3.0, 3.0)
    assert "here: its bound 4.5 lies above the plan and is not used" in outcome.steps


def test_a_bound_is_dropped_when_a_plan_below_it_turns_up() -> None:
    m = one_or_the_other()
    outcome = climbed(m, Reply("gone", clean=Y, bound=4.0, origin="here"), Reply("time", clean=X, bound=2.0))
    assert (outcome.status, outcome.objective, outcome.bound) == ("stopped", 3.0, 2.0)
    assert any("here: its bound 4 lies above the plan" in step for step in outcome.steps)


def test_a_bound_far_above_proves_nothing_and_one_above_by_a_rounding_does() -> None:
    m = one_or_the_other()
    plan = judged(m, X[1])
    assert close_enough(m, plan, 3.0 + 1e-7, 0.0)
    assert not close_enough(m, plan, 3.3, 0.5)
    assert verdict(m, plan, 3.3, 0.5)[:2] == ("stopped", None)


def test_a_plan_that_misses_a_row_is_never_called_optimal() -> None:
    """x + y = 1; the only point anybody reports misses that by a thousandth, and polishing fails."""
    m = prepared(matrix([1.0, 0.0], [(1.0, [1, 1], 1.0)], upper=[2.0, 1.0], integer=[0]))
    raw = np.array([1.0, 1e-3])
    outcome = climbed(m, Reply("optimal", raw=(1.0, raw), bound=1.0))
    assert outcome.status == "stopped"
    assert outcome.x is not None
    assert miss(m, outcome.x) > 1e-7
    assert "could not be made clean" in outcome.steps[-1]


def test_a_plan_known_outlives_children_that_only_crash() -> None:
    m = one_or_the_other()
    with pytest.raises(SolverError):
        climbed(m, Reply("gone", words="out of luck"))
    outcome = climbed(m, Reply("gone", words="out of luck"), best=judged(m, Y[1]))
    assert (outcome.status, outcome.objective) == ("stopped", 4.0)


def test_a_claim_of_infeasible_does_not_outdo_a_plan_known() -> None:
    m = one_or_the_other()
    outcome = climbed(m, Reply("infeasible"), best=judged(m, Y[1]))
    assert (outcome.status, outcome.objective) == ("stopped", 4.0)
    assert "HiGHS calls the problem infeasible although a plan is known" in outcome.steps


# --------------------------------------------------------- groups of blocks, dealt anew


def later_rounds(monkeypatch: pytest.MonkeyPatch, later: Callable[[Any], Outcome]) -> tuple[Outcome, list[float]]:
    """Two blocks: in the first round one is done at once, the other goes on until it is asked to end; then ``later`` answers.

    The outcome, and what the plans cost that were told.
    """
    made: list[Any] = []

    class MadeUpLadder:
        def __init__(
            self, matrix: Any, limits: Limits, start: Any, talks: Any, meaning: Any, tell: Any, kind: str, best: Any
        ):
            self.limits, self.talks, self.tell, self.best, self.number = limits, talks, tell, best, len(made)
            made.append(self)

        def climb(self) -> Outcome:
            if self.limits.seed >= 10:
                return later(self)
            x = np.array([5.0, 0.5])
            self.tell(x, 5.0)
            while self.number and self.talks.clock.over() is None:
                time.sleep(0.02)
            return Outcome("stopped", x, 5.0, 1.0, "made up", 0.0)

    monkeypatch.setattr(apart, "Ladder", MadeUpLadder)
    part = matrix([1.0, 0.0], [(1.0, [1, 1], INF)], upper=[5.0, 0.5], integer=[0])
    whole = prepared(beside(part, part))
    blocks = split(whole)
    assert blocks is not None
    told: list[float] = []
    listener = apart.Listener(None, lambda _, cost: told.append(cost))
    began = time.monotonic()
    clock = Clock(began, began + 20.0, lambda: False)
    solve = apart.Apart(whole, blocks, Limits(20.0, 1e-6, threads=2), None, clock, listener, WORKER, None)
    return solve.solve(), told


def test_a_new_round_begins_with_time_left_and_the_plan_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[float, Any]] = []

    def later(ladder: Any) -> Outcome:
        seen.append((ladder.talks.clock.left(), ladder.best))
        time.sleep(0.3)  # all of the round have begun
        return Outcome("stopped", ladder.best.x, 5.0, 1.0, "made up", 0.0)

    outcome, told = later_rounds(monkeypatch, later)
    assert outcome.objective == told[-1] == 10.0
    assert len(seen) >= 2
    assert all(left > 0 for left, _ in seen), "nobody was asked to end before it began"
    assert all(best is not None and best.objective == 5.0 for _, best in seen)


# ------------------------------------------------------------- no plan, a bound by items


def test_a_large_case_without_a_plan_is_branched_on_until_it_is_known_to_have_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """27 hours for 30 units: there is a bound by items, which rises without end, and no plan."""
    monkeypatch.setattr(proving, "BRANCHED", -1)
    ear = Ear(20)
    tables = one_item(10, 10, 10, **line(1, capacity=9), recipes={"setup_cost": 15})
    result = proving.solve(task(Problem.of(tables), Limits(20.0, 0.0, threads=2), ear))
    assert (result.claim, result.point) == ("infeasible", None)
    assert all(bound < 1e20 for bound in ear.heard.bounds)


def test_a_large_case_is_searched_once_branching_has_found_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "BRANCHED", -1)
    problem, ear = Problem.of(two_lines()), Ear(3)
    result = proving.solve(task(problem, Limits(3.0, 0.0, threads=2), ear))
    assert result.point is not None
    assert result.point.clean
    assert any(step.startswith("search: ") for step in result.steps)


def two_lines() -> dict[str, Any]:
    """Ten items on each of two lines, twelve periods: two blocks, each too large to be done in a moment."""
    r = random.Random(3)
    items, periods = [f"{line}{n}" for line in "AB" for n in range(10)], [str(t + 1) for t in range(12)]
    rows = [(i, t, r.randint(2, 20)) for i in items for t in periods]
    recipes = [f"m{i}" for i in items]
    return {
        "settings": {"periods": 12, "shortage": "lost"},
        "items": {"item": items, "holding_cost": 1, "lost_cost": 60},
        "demand": dict(zip(("item", "period", "quantity"), map(list, zip(*rows, strict=True)), strict=True)),
        "recipes": {"recipe": recipes, "item": items, "setup_cost": [r.randint(30, 90) for _ in items]},
        "resources": {"resource": ["L", "M"], "capacity": 130.0},
        "operations": {"recipe": recipes, "resource": ["L"] * 10 + ["M"] * 10, "hours": 1, "setup_hours": 4},
    }


def test_blocks_of_one_child_are_guided_by_the_bound_of_their_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "BRANCHED", -1)
    problem, ear = Problem.of(two_lines()), Ear(8)
    ear.guidance = lambda guide: guides.append(guide)  # type: ignore[method-assign]
    guides: list[np.ndarray] = []
    result = bundle.blocks(task(problem, Limits(3.0, 1e-6), ear))
    assert result.point is not None and result.bound is not None
    assert result.bound <= result.point.objective
    known = ~np.isnan(guides[-1])
    assert known.shape == (problem.matrix.columns,)
    assert {int(i) for i in problem.meaning.columns.item[known & problem.matrix.integer]} == set(range(20))


def test_a_false_bound_of_one_block_does_not_hide_in_the_sum() -> None:
    """Each costs 5 at least; 6.5 for one and 3.5 for the other add up to the cost of both."""
    m = prepared(matrix([1.0, 0.0], [(5.0, [1, 1], INF)], upper=[9.0, 0.0], integer=[0]))
    whole = prepared(beside(m, m))
    blocks = split(whole)
    assert blocks is not None
    for made in (
        [part.Part.of(blocks, b, None) for b in blocks.blocks],
        [apart.Group.of(blocks, b, None) for b in blocks.blocks],
    ):
        for block, bound in zip(made, (6.5, 3.5), strict=True):
            assert block.found(np.array([5.0, 0.0]))
            if isinstance(block, part.Part):
                block.raise_bound(bound, "made up")
            else:
                block.ended(Outcome("stopped", None, None, bound, "made up", 0.0))
        assert [block.bound for block in made] == [-INF, 3.5]
        assert not made[1].raise_bound(6.5, "made up")
        assert made[1].bound == 3.5


@pytest.mark.parametrize(("threads", "share"), [(1, 1.0), (2, 0.5)])
def test_the_clock_of_a_block_leaves_counted_work_alone(
    threads: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two equal blocks the first may take all of the time where its work is counted, else half of it."""

    def stop(_whole: Ear, _part: part.Part, seconds: float, *_: object) -> None:
        raise ReachedError(seconds)

    class ReachedError(Exception):
        pass

    monkeypatch.setattr(bundle, "Window", stop)
    with pytest.raises(ReachedError) as first:
        bundle.blocks(task(Problem.of(two_lines()), Limits(1000.0, 0.05, threads=threads), Ear(1000)))
    assert first.value.args[0] == pytest.approx(share * 1000.0, rel=0.01)
