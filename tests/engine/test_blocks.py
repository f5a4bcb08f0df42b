"""Independent blocks: found and cut out rightly, and solved apart to the same answers as together."""

from __future__ import annotations

import _thread
import itertools
import signal
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from blocks_of import beside, shuffled, small
from matrices import INF, LIMITS, lots, market_split, matrix
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from equipoise.engine.blocks import Block, few_enough, for_processes, gaps, joined, meant, seconds_for, split
from equipoise.engine.matrix import Limits, Matrix, Outcome, Progress
from equipoise.engine.meaning import Codes, Meaning
from equipoise.engine.parent.process import Workers
from equipoise.engine.parent.runner import run
from equipoise.engine.points import judged, objective
from equipoise.errors import SolverError

FAULTY = str(Path(__file__).with_name("faulty_worker.py"))
TOGETHER = replace(LIMITS, without=("blocks",))
ENDLESS = matrix([-1, -1], [(-INF, [1, -1], 1)], integer=[0, 1])
IMPOSSIBLE = matrix([1, 1], [(1, [2, 2], 1)], upper=[1, 1], integer=[0, 1])
EITHER = pytest.mark.parametrize("threads", [1, 2])


# ------------------------------------------------------------------ finding and cutting


@pytest.mark.parametrize("seed", range(30))
def test_blocks_are_the_connected_components(seed: int) -> None:
    r = np.random.default_rng(seed)
    rows, columns = int(r.integers(1, 30)), int(r.integers(2, 40))
    a = sparse.random_array((rows, columns), density=float(r.uniform(0.02, 0.1)), format="csr", rng=r)
    whole = Matrix(
        np.ones(columns), np.zeros(columns), np.ones(columns), np.ones(columns, bool), np.full(rows, -INF),
        np.ones(rows), a.indptr.astype(np.int32), a.indices.astype(np.int32), a.data,
    )  # fmt: skip
    count, label = connected_components(a.T @ a, directed=False)
    tied = np.isin(np.arange(columns), a.indices)
    parts = {frozenset(np.flatnonzero(label == k).tolist()) for k in range(count)}
    wanted = {p for p in parts if tied[list(p)].all()}
    found = split(whole)
    if found is None:
        assert len(wanted) < 2
        return
    assert {frozenset(b.columns.tolist()) for b in found.blocks} == wanted
    for b in found.blocks:
        assert np.array_equal(b.rows, np.flatnonzero(np.isin(np.arange(rows), a[:, b.columns].nonzero()[0])))
        assert np.array_equal(b.columns, np.sort(b.columns))
    assert sum(found.cut(b).entries for b in found.blocks) == a.nnz


def test_a_fixed_column_ties_nothing_and_its_part_is_taken_off_the_rows() -> None:
    """x0 = 3 stands in the rows of x1, x2 and of x3, x4."""
    tied = matrix(
        [5, 1, 1, 1, 1],
        [(10, [2, 1, 1, 0, 0], 20), (-INF, [-1, 0, 0, 1, 1], 4)],
        lower=[3, 0, 0, 0, 0],
        upper=[3, 9, 9, 9, 9],
        integer=[1, 3],
        offset=7,
    )
    apart = split(tied)
    assert apart is not None
    assert [b.columns.tolist() for b in apart.blocks] == [[1, 2], [3, 4]]
    assert apart.base == 22
    assert apart.settled.tolist() == [3, 0, 0, 0, 0]
    first, second = (apart.cut(b) for b in apart.blocks)
    assert (first.row_lower[0], first.row_upper[0], second.row_upper[0]) == (4, 14, 7)
    assert apart.plan([(apart.blocks[0], np.array([4.0, 0.0])), (apart.blocks[1], np.zeros(2))]).tolist() == [
        3,
        4,
        0,
        0,
        0,
    ]
    for threads in (1, 2):
        outcome = run(tied, replace(LIMITS, threads=threads))
        assert (outcome.status, outcome.objective) == ("optimal", 26)
        assert "2 independent blocks" in outcome.steps[0]


def test_columns_in_no_row_are_settled_at_their_cheapest() -> None:
    pair = [(1, [1, 1, 0, 0, 0, 0, 0], INF), (1, [0, 0, 1, 1, 0, 0, 0], INF)]
    loose = matrix([1, 1, 1, 1, 2, -3, 0], pair, lower=[0] * 4 + [-4, 0, 2], upper=[9] * 6 + [9], integer=[0, 2, 5])
    apart = split(loose)
    assert apart is not None
    assert apart.settled.tolist() == [0, 0, 0, 0, -4, 9, 2]
    assert apart.base == -35
    endless = split(replace(loose, upper=np.array([9, 9, 9, 9, 9, INF, 9])))
    assert endless is not None
    assert [5] in [b.columns.tolist() for b in endless.blocks]


def test_a_row_of_fixed_columns_is_checked() -> None:
    rows = [(1, [1, 0, 0], INF), (1, [0, 1, 0], INF), (1, [0, 0, 1], 2)]
    for fixed, status in ((1.0, "optimal"), (1 + 1e-9, "optimal"), (0.5, "infeasible"), (3.0, "infeasible")):
        lower, upper = [0.0, 0.0, fixed], [2.0, 2.0, fixed]
        for threads in (1, 2):
            limits = replace(LIMITS, threads=threads)
            assert run(matrix([1, 1, 1], rows, lower, upper, integer=[0, 1]), limits).status == status


def test_what_is_one_block_stays_whole() -> None:
    assert split(lots(4, 6, lines=1)) is None
    assert split(matrix([1, 1], [(1, [1, 0], 2), (1, [0, 1], 2)])) is None, "nothing is whole"
    two = matrix([1, 1, 1], [(1, [1, 1, 0], INF), (1, [0, 0, 1], INF)], upper=[3] * 3, integer=[0])
    assert split(two) is not None, "a third of it is linear"
    dust = beside(lots(4, 6, lines=1), matrix([1], [(1, [1], INF)]))
    assert split(dust) is None, "hardly anything is"


def test_parts_without_whole_columns_make_one_block() -> None:
    linear = matrix([1, 1], [(1, [1, 0], INF), (1, [0, 1], INF)])
    apart = split(beside(small(1), linear, small(2), linear))
    assert apart is not None
    assert sorted((len(b.columns), b.whole) for b in apart.blocks if not b.whole) == [(4, 0)]


def test_meaning_is_sliced_with_the_same_codes() -> None:
    n = np.arange(6, dtype=np.int32)
    meaning = Meaning(Codes(("make", "stock"), n % 2, n, n + 1, n + 2, n + 3), Codes(("rule",), 0 * n, -n, n, n, n), 9)
    block = Block(np.array([1, 4], np.int32), np.array([0, 5], np.int32), 0)
    own = meant(meaning, block)
    assert own is not None
    assert (own.columns.kinds, own.periods) == (("make", "stock"), 9)
    assert [getattr(own.columns, a).tolist() for a in ("kind", "item", "site", "resource", "period")] == [
        [1, 0], [1, 4], [2, 5], [3, 6], [4, 7],
    ]  # fmt: skip
    assert own.rows.item.tolist() == [0, -5]
    assert meant(None, block) is None


# --------------------------------------------------------------- groups, time and gaps


def some_blocks(wholes: list[int]) -> list[Block]:
    at = np.cumsum([0, *wholes]).tolist()
    return [Block(np.arange(a, b, dtype=np.int32), np.zeros(0, np.int32), b - a) for a, b in itertools.pairwise(at)]


def test_groups_share_the_work_evenly() -> None:
    blocks = some_blocks([3, 40, 7, 20, 9, 21, 1, 1])
    groups = joined(blocks, 3)
    assert [g.whole for g in groups] == [40, 31, 31]
    assert sum(g.joined for g in groups) == len(blocks)
    assert np.array_equal(np.sort(np.concatenate([g.columns for g in groups])), np.arange(102))
    assert [g.whole for g in joined(blocks, 20)] == sorted([b.whole for b in blocks], reverse=True)
    assert [g.whole for g in for_processes(blocks, 2)] == [51, 51]
    assert [g.whole for g in for_processes(some_blocks([90, 5, 4, 1]), 2)] == [90, 10]
    assert [g.joined for g in for_processes(some_blocks([90, 5, 4, 1]), 4)] == [1, 3]


def test_tiny_blocks_and_hurried_ones_share_a_solve() -> None:
    assert [g.whole for g in few_enough(some_blocks([2] * 40), 60)] == [28, 26, 26]
    assert len(few_enough(some_blocks([12] * 40), 60)) == 40
    assert len(few_enough(some_blocks([12] * 40), 2)) == 10
    assert [g.whole for g in few_enough(some_blocks([50, 1, 1, 12]), 60)] == [50, 12, 2]
    assert [g.joined for g in few_enough(some_blocks([1, 1]), 60)] == [2]


def test_time_is_shared_by_weight_and_never_down_to_nothing() -> None:
    assert seconds_for(10, [10, 20], 60) == 15
    assert seconds_for(10, [], 60) == 60
    assert seconds_for(1, [999], 60) == 1
    assert seconds_for(1, [999], 2) == 0.5


def test_the_gaps_of_the_blocks_keep_that_of_the_whole() -> None:
    r = np.random.default_rng(3)
    for _ in range(200):
        costs, base, gap = r.normal(0, 100, 6), float(r.normal(0, 300)), 10.0 ** -int(r.integers(1, 6))
        bounds = costs - np.abs(costs) * r.uniform(0, 2 * gap, 6)
        needed = gaps(costs, bounds, base, gap)
        lack = np.where(np.isnan(needed), costs - bounds, needed * np.abs(costs))
        assert lack.sum() <= gap * abs(base + costs.sum()) + 6e-9
        assert not np.isnan(needed).all() or (costs - bounds).sum() <= gap * abs(base + costs.sum()) + 6e-9


def test_gaps_of_blocks_of_which_little_is_known() -> None:
    needed = gaps(np.array([100.0, INF, 50.0, 10.0]), np.array([99.5, 3.0, -INF, 5.0]), 0.0, 0.01)
    assert np.array_equal(needed, [np.nan, 0.01, 0.01, 0.01], equal_nan=True)
    assert gaps(np.array([100.0, -100.0]), np.array([99.0, -100.0]), 0.0, 0.1).tolist()[0] == 0
    assert np.isnan(gaps(np.zeros(2), np.zeros(2), 0.0, 0.0)).all()


# ------------------------------------------------------------------------------ solving


@EITHER
@pytest.mark.parametrize("seed", range(3))
def test_blocks_apart_cost_what_they_cost_together(seed: int, threads: int) -> None:
    """Mixed signs, equalities, a linear part, columns and rows in any order, a fixed column in every block."""
    whole = shuffled(beside(*(small(10 * seed + k) for k in range(5)), lots(2, 5, seed=seed)), seed)
    told: list[Progress] = []
    plans: list[tuple[np.ndarray, float]] = []
    apart = run(
        whole, replace(LIMITS, threads=threads), told.append, on_plan=lambda x, cost: plans.append((x.copy(), cost))
    )
    together = run(whole, TOGETHER)
    assert apart.status == together.status == "optimal"
    assert apart.objective == pytest.approx(together.objective, rel=1e-6)
    assert "independent blocks" in apart.steps[0]
    assert not any("independent" in step for step in together.steps)
    check_told(whole, apart, told, plans)


def check_told(whole: Matrix, outcome: Outcome, told: list[Progress], plans: list[tuple[np.ndarray, float]]) -> None:
    """Costs only fall, bounds only rise, they end at the outcome, and every plan is one."""
    costs = [p.objective for p in told if p.objective is not None]
    bounds = [p.bound for p in told if p.bound is not None]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert bounds[-1] <= outcome.objective + 1e-6 * abs(outcome.objective)
    assert costs[-1] >= outcome.bound - 1e-6 * abs(outcome.objective)
    paid = [cost for _, cost in plans]
    assert paid == sorted(paid, reverse=True)
    assert paid[-1] == outcome.objective
    for x, cost in plans:
        point = judged(whole, x)
        assert point.clean
        assert point.objective == cost == objective(whole, x)


@EITHER
def test_an_infeasible_block_makes_the_whole_infeasible(threads: int) -> None:
    outcome = run(beside(small(1), IMPOSSIBLE, small(2)), replace(LIMITS, threads=threads))
    assert (outcome.status, outcome.x, outcome.bound) == ("infeasible", None, None)
    assert any("infeasible" in step for step in outcome.steps)


@EITHER
def test_an_endless_block_makes_the_whole_unbounded_where_there_is_a_plan(threads: int) -> None:
    limits = replace(LIMITS, threads=threads)
    assert run(beside(small(1), ENDLESS, small(2)), limits).status == "unbounded"
    assert run(beside(IMPOSSIBLE, ENDLESS), limits).status == "infeasible"


@EITHER
def test_a_block_without_a_plan_leaves_a_bound_of_the_whole(threads: int) -> None:
    easy = small(1)
    outcome = run(beside(market_split(), easy), Limits(4, 1e-6, threads=threads))
    assert (outcome.status, outcome.x, outcome.objective) == ("unknown", None, None)
    least = run(easy, LIMITS).objective
    assert least is not None
    assert outcome.bound is not None
    assert outcome.bound == pytest.approx(least + 18, abs=3)


@EITHER
def test_blocks_that_earn_what_others_cost_are_closer_than_the_whole(threads: int) -> None:
    """The whole costs a thirtieth of what its blocks do, so 3 % of it is 0.1 % of them."""
    one = lots(3, 8, lines=1, seed=2)
    cost = run(one, LIMITS).objective
    assert cost is not None
    whole = beside(one, lots(3, 8, lines=1, seed=3))
    both = run(whole, LIMITS).objective
    assert both is not None
    whole = replace(whole, offset=-both * 29 / 30)
    outcome = run(whole, Limits(30, 0.03, threads=threads))
    assert outcome.status in ("optimal", "within_gap")
    assert outcome.objective is not None
    assert outcome.objective <= both / 30 / (1 - 0.031)


@EITHER
def test_a_plan_given_counts_at_once(threads: int) -> None:
    whole = beside(lots(3, 6, lines=1), lots(3, 6, lines=1, seed=5), lots(2, 5, lines=1, seed=6))
    good = run(whole, LIMITS)
    assert good.x is not None
    told: list[Progress] = []
    start = np.where(whole.integer, good.x, np.nan)
    again = run(whole, replace(LIMITS, threads=threads), told.append, start)
    first = next(p.objective for p in told if p.objective is not None)
    assert first == pytest.approx(good.objective, rel=1e-6)
    assert again.objective == pytest.approx(good.objective, rel=1e-6)
    worst = np.where(whole.integer, 0.0, np.nan)
    assert run(whole, replace(LIMITS, threads=threads), start=worst).objective == pytest.approx(
        good.objective, rel=1e-6
    )


def test_the_same_input_gives_the_same_plan_to_the_bit() -> None:
    whole = beside(lots(3, 6), lots(2, 8, seed=4), small(3))
    first, second = (run(whole, Limits(30, 1e-6, seed=4)) for _ in range(2))
    assert first.x is not None
    assert second.x is not None
    assert first.x.tobytes() == second.x.tobytes()
    assert (first.objective, first.bound, first.steps) == (second.objective, second.bound, second.steps)


@EITHER
def test_stop_keeps_the_best_plan(threads: int) -> None:
    stop, told = threading.Event(), list[Progress]()

    def hear(p: Progress) -> None:
        told.append(p)
        if p.objective is not None:
            stop.set()

    whole = beside(lots(20, 20, lines=1), lots(20, 20, lines=1, seed=2))
    outcome = run(whole, Limits(120, 1e-6, threads=threads), hear, stop=stop)
    assert outcome.interrupted
    assert outcome.status == "stopped"
    assert outcome.objective is not None
    assert outcome.objective <= min(p.objective for p in told if p.objective is not None) * (1 + 1e-6)
    assert outcome.seconds < 60


def test_ctrl_c_keeps_the_best_plan_and_thrice_breaks_off() -> None:
    whole, before = beside(lots(20, 20, lines=1), lots(20, 20, lines=1, seed=2)), threading.active_count()
    once = threading.Event()

    def hear(p: Progress) -> None:
        if p.objective is not None and not once.is_set():
            once.set()
            _thread.interrupt_main()

    outcome = run(whole, Limits(120, 1e-6, threads=2), hear)
    assert outcome.interrupted
    assert outcome.objective is not None

    def break_off(p: Progress) -> None:
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(whole, Limits(120, 1e-6, threads=2), break_off)
    assert threading.active_count() == before


# ------------------------------------------------------------------------------- faults


def faulty(folder: Path, fault: str, times: int, whole: Matrix) -> Outcome:
    workers = Workers((FAULTY, fault, str(times), str(folder / "tally")))
    return run(whole, replace(LIMITS, threads=2), workers=workers)


@pytest.mark.parametrize("fault", ["crash_at_start", "garbage", "wrong_infeasible", "wrong_plan"])
def test_a_child_that_goes_wrong_is_replaced(tmp_path: Path, fault: str) -> None:
    whole = beside(small(1), small(2), small(3))
    outcome = faulty(tmp_path, fault, 1, whole)
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(run(whole, TOGETHER).objective, rel=1e-6)


def test_nothing_but_crashes_is_an_error_and_leaves_nothing_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(SolverError, match="no library to load"):
        faulty(tmp_path, "crash_at_start", 99, beside(small(1), small(2)))
    assert threading.active_count() == before


def test_a_failing_listener_ends_all_children() -> None:
    before = threading.active_count()

    def broken(p: Progress) -> None:
        raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        run(beside(market_split(), market_split(seed=4)), Limits(60, 0.0, threads=2), broken)
    assert threading.active_count() == before
