"""The engine's answers: known optima, every status, and what a start, a limit or a stop changes."""

from __future__ import annotations

import _thread
import itertools
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from matrices import INF, LIMITS, leak, lots, market_split, matrix

from equipoise.engine.matrix import Limits, Matrix, Progress
from equipoise.engine.parent.runner import run
from equipoise.engine.points import miss
from equipoise.errors import SolverError
from equipoise.interrupt import Interrupts


def knapsack() -> Matrix:
    """Values 10, 13, 7, 8 at weights 3, 4, 2, 3, room 7: take 13 + 10 (weight 7) = 23; written as a least cost."""
    return matrix([-10, -13, -7, -8], [(-INF, [3, 4, 2, 3], 7)], upper=[1] * 4, integer=range(4), offset=100)


def test_linear_programme_with_a_bound_from_its_duals() -> None:
    """min 2a + 3b, a + b >= 4, a <= 3: a = 3, b = 1, cost 9."""
    outcome = run(matrix([2, 3], [(4, [1, 1], INF)], upper=[3, INF]), LIMITS)
    assert outcome.status == "optimal"
    assert outcome.x is not None
    assert outcome.x.tolist() == [3, 1]
    assert outcome.objective == 9
    assert outcome.bound == pytest.approx(9, rel=1e-9)
    assert outcome.bound is not None
    assert outcome.bound <= 9
    assert outcome.bound_origin.startswith("duals")


def test_whole_numbers_and_offset() -> None:
    outcome = run(knapsack(), LIMITS)
    assert (outcome.status, outcome.objective) == ("optimal", 77)
    assert outcome.x is not None
    assert outcome.x.tolist() == [1, 1, 0, 0]


def test_small_problems_against_trying_everything() -> None:
    r = np.random.default_rng(5)
    for _ in range(5):
        weights, cost = r.integers(-5, 9, (3, 4)), r.integers(-9, 9, 4)
        room = r.integers(4, 20, 3)
        points = [p for p in itertools.product(range(4), repeat=4) if np.all(weights @ p <= room)]
        best = min(float(cost @ np.array(p)) for p in points)
        rows = [(-INF, list(w), float(b)) for w, b in zip(weights, room, strict=True)]
        outcome = run(matrix(list(cost), rows, upper=[3] * 4, integer=range(4)), LIMITS)
        assert (outcome.status, outcome.objective) == ("optimal", best)


def test_what_needs_no_solver() -> None:
    empty = run(matrix([], offset=7.0), LIMITS)
    assert (empty.status, empty.objective, empty.bound) == ("optimal", 7, 7)
    fixed = run(matrix([2], [(1, [1], 4)], lower=[3], upper=[3]), LIMITS)
    assert (fixed.status, fixed.objective) == ("optimal", 6)
    assert run(matrix([2], [(4, [1], 5)], lower=[3], upper=[3]), LIMITS).status == "infeasible"
    assert run(matrix([2], lower=[3], upper=[2]), LIMITS).status == "infeasible"
    between = run(matrix([2], lower=[0.2], upper=[0.8], integer=[0]), LIMITS)
    assert between.status == "infeasible"
    assert "column 0" in between.steps[0]
    assert run(matrix([2], [(1, [0], INF)]), LIMITS).status == "infeasible"


def test_no_rows_free_rows_and_free_columns() -> None:
    assert run(matrix([1, -1], upper=[5, 5.5], integer=[1]), LIMITS).objective == -5
    assert run(matrix([1, 1], [(-INF, [1, 1], INF)], upper=[1, 1], integer=[0]), LIMITS).objective == 0
    free = matrix([1, 1], [(2, [1, 1], INF), (0, [1, -1], INF)], lower=[-INF, -INF], integer=[1])
    assert run(free, LIMITS).objective == 2


def test_limits_of_1e20_and_more_are_no_limits() -> None:
    assert run(matrix([-1, 1], [(0.5, [0, 1], 2)], upper=[1e21, 1]), LIMITS).status == "unbounded"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"cost": np.array([np.nan, 1.0])}, "a cost that is no finite number"),
        ({"value": np.array([np.inf, 1.0])}, "an entry that is no finite number"),
        ({"lower": np.array([np.inf, 0.0])}, "a lower limit of plus infinity"),
        ({"index": np.array([0, 2], np.int32)}, "an entry in a column that does not exist"),
        ({"row_upper": np.array([np.nan])}, "a limit that is no number"),
        ({"upper": np.array([1.0])}, "arrays of different length"),
    ],
)
def test_nonsense_is_refused(bad: dict[str, np.ndarray], words: str) -> None:
    """HiGHS itself calls a matrix with a cost of nan optimal at nan."""
    with pytest.raises(SolverError, match=words):
        run(replace(matrix([1, 1], [(0, [1, 1], 2)]), **bad), LIMITS)


def test_infeasible_by_certificate() -> None:
    outcome = run(matrix([1, 1], [(3, [1, 1], INF)], upper=[1, 1]), LIMITS)
    assert (outcome.status, outcome.x, outcome.objective) == ("infeasible", None, None)
    assert any("weights of its rows prove it" in step for step in outcome.steps)


def test_infeasible_only_in_whole_numbers_is_confirmed() -> None:
    outcome = run(matrix([1, 1], [(1, [2, 2], 1)], upper=[1, 1], integer=[0, 1]), LIMITS)
    assert outcome.status == "infeasible"
    assert any(step.startswith("trying again: HiGHS without presolve") for step in outcome.steps)
    assert any("infeasible with other options" in step for step in outcome.steps)


def test_unbounded_is_told_from_infeasible() -> None:
    """HiGHS says "unbounded or infeasible" to both."""
    endless = matrix([-1, -1], [(-INF, [1, -1], 1)], integer=[0, 1])
    assert run(endless, LIMITS).status == "unbounded"
    neither = matrix([-1, 0, 0], [(1, [0, 2, 2], 1)], upper=[INF, 1, 1], integer=[1, 2])
    assert run(neither, LIMITS).status == "infeasible"


def test_a_fraction_of_a_setup_is_not_taken_for_none() -> None:
    """HiGHS at its own tolerance says 0.050005; the plan is one set-up, 100.05."""
    outcome = run(leak(), LIMITS)
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(100.05, rel=1e-9)
    assert outcome.x is not None
    assert outcome.x[1] == 1
    assert any("a fraction within its tolerance was worth money" in step for step in outcome.steps)


def test_time_limit_leaves_the_best_plan_and_its_gap() -> None:
    hard, seen = lots(20, 20), list[Progress]()
    outcome = run(hard, Limits(5, 1e-6), seen.append)
    assert outcome.status == "stopped"
    assert outcome.x is not None
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.bound < outcome.objective
    assert miss(hard, outcome.x) <= 1e-7
    assert np.array_equal(outcome.x[hard.integer], np.round(outcome.x[hard.integer]))
    assert outcome.objective == pytest.approx(float(hard.cost @ outcome.x), rel=1e-12)
    found = [p.objective for p in seen if p.objective is not None]
    assert found == sorted(found, reverse=True)
    assert outcome.objective <= min(found) * (1 + 1e-6)
    assert {"linear relaxation", "plan to begin from", "branch and bound"} <= {p.stage for p in seen}


def test_time_limit_without_a_plan() -> None:
    outcome = run(market_split(), Limits(1.0, 1e-6))
    assert (outcome.status, outcome.x, outcome.objective) == ("unknown", None, None)
    assert outcome.bound is not None


def test_gap_asked_for_is_within_gap_not_optimal() -> None:
    outcome = run(lots(6, 8), Limits(20, 0.25))
    assert outcome.status == "within_gap"
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert 1e-6 < (outcome.objective - outcome.bound) / outcome.objective <= 0.25


def test_a_plan_to_begin_from_counts_at_once() -> None:
    """The whole columns of a good plan, shaken by less than a rounding and partly unknown, are worth the plan."""
    hard = lots(6, 8)
    good = run(hard, Limits(20, 0.02))
    assert good.x is not None
    shaken = np.where(hard.integer, good.x + 1e-4, np.nan)
    seen: list[Progress] = []
    again = run(hard, Limits(20, 0.05), seen.append, shaken)
    first = next(p for p in seen if p.objective is not None)
    assert first.objective == pytest.approx(good.objective, rel=1e-9)
    assert first.stage == "plan to begin from"
    assert first.bound is None, "before the relaxation was solved"
    assert any(step.startswith("the plan to begin from that was given is worth") for step in again.steps)
    assert again.objective is not None
    assert again.objective <= first.objective * (1 + 1e-9)


def test_a_plan_to_begin_from_with_gaps_and_one_that_breaks_a_rule() -> None:
    small = matrix([1, 10, 10], [(-INF, [1, -5, 0], 0), (4, [1, 0, 5], INF)], upper=[INF, 1, 1], integer=[1, 2])
    partly = run(small, LIMITS, start=np.array([np.nan, 1.0, np.nan]))
    assert (partly.status, partly.objective) == ("optimal", 10)
    assert any("given is worth" in step for step in partly.steps)
    broken = run(small, LIMITS, start=np.array([np.nan, 0.0, 0.0]))
    assert (broken.status, broken.objective) == ("optimal", 10)
    assert any("cannot be completed" in step for step in broken.steps)
    with pytest.raises(SolverError, match="has 2 columns"):
        run(small, LIMITS, start=np.zeros(2))


def test_counts_that_cannot_be_rounded_one_by_one_are_searched() -> None:
    """3 a + 5 b = 19 has one solution in whole numbers up to 6, (3, 2), and no rounding of 3.8 fives comes to it."""
    tied = matrix([1, 1.6, 50], [(19, [3, 5, 0], 19), (-INF, [1, 1, -100], 0)], upper=[6, 6, 1], integer=[0, 1, 2])
    outcome = run(tied, LIMITS)
    assert outcome.x is not None
    assert outcome.x.tolist() == [3, 2, 1]
    assert outcome.steps[0].endswith("counts by a short search")
    again = run(tied, LIMITS, start=np.array([np.nan, np.nan, 1.0]))
    assert again.steps[0] == "the plan to begin from that was given is worth 56.2"
    other = run(tied, LIMITS, start=np.array([1.0, 1.0, 1.0]))
    assert other.steps[0] == "the plan to begin from that was given is worth 56.2 with other counts"


def test_stop_keeps_the_best_plan() -> None:
    stop, seen = threading.Event(), list[Progress]()

    def hear(p: Progress) -> None:
        seen.append(p)
        if p.stage == "branch and bound":
            stop.set()

    outcome = run(lots(20, 20), Limits(120, 1e-6), hear, stop=stop)
    assert outcome.interrupted
    assert outcome.status == "stopped"
    assert outcome.objective is not None
    assert outcome.objective <= min(p.objective for p in seen if p.objective is not None) * (1 + 1e-6)
    assert outcome.seconds < 60


@pytest.mark.parametrize(
    ("number", "breaks_off"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)], ids=["ctrl-c", "end"]
)
def test_a_signal_keeps_the_best_plan_the_third_breaks_off(
    number: signal.Signals, breaks_off: type[BaseException]
) -> None:
    times, before = [0], signal.getsignal(number)

    def hear(p: Progress) -> None:
        if p.stage == "branch and bound" and times[0] > 0:
            times[0] -= 1
            _thread.interrupt_main(number)

    times[0] = 1
    outcome = run(lots(20, 20), Limits(120, 1e-6), hear)
    assert outcome.interrupted
    assert outcome.objective is not None
    assert signal.getsignal(number) is before
    with Interrupts(None) as interrupts:
        assert not interrupts.asked()
        _thread.interrupt_main(number)
        time.sleep(0.01)
        assert interrupts.asked()
        _thread.interrupt_main(number)
        time.sleep(0.01)
        assert not interrupts.broken_off
        with pytest.raises(breaks_off):
            _thread.interrupt_main(number)
            time.sleep(5)
    assert signal.getsignal(number) is before


def test_who_handles_signals_keeps_his_handlers() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Interrupts(None) as interrupts:
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
            _thread.interrupt_main(signal.SIGTERM)
            assert not interrupts.asked()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_the_same_input_gives_the_same_plan_to_the_bit() -> None:
    small = lots(5, 8)
    first, second = (run(small, Limits(30, 1e-6, seed=4)) for _ in range(2))
    assert first.status == second.status == "optimal"
    assert first.x is not None
    assert second.x is not None
    assert first.x.tobytes() == second.x.tobytes()
    assert (first.objective, first.bound, first.steps) == (second.objective, second.bound, second.steps)


def test_more_threads_give_the_same_cost() -> None:
    assert run(lots(4, 6), replace(LIMITS, threads=2)).objective == pytest.approx(run(lots(4, 6), LIMITS).objective)
