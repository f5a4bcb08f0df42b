"""The search for plans: first plans, the bound by items and its guide, better plans; a mate's whole work."""

from __future__ import annotations

import math

from equipoise.engine.child.progress import Watch
from equipoise.engine.child.task import BRANCHED, Result, Task
from equipoise.engine.highs import Answer, run_linear
from equipoise.engine.items.decompose import Decomposition
from equipoise.engine.matrix import Floats
from equipoise.engine.pace import IDLE
from equipoise.engine.prepare import ENDLESS
from equipoise.engine.search import slopes
from equipoise.engine.search import start as starts
from equipoise.engine.search.elastic import first_plan
from equipoise.engine.search.improve import Search

LOOK, SETTLED = 40, 3e-3
"""A bound by items that gains less than this (relative) in so many rounds has settled enough to guide."""
PRICED, PRICED_BESIDE = 0.25, 0.1
"""Most of the time left that goes into the bound by items where the clock counts: of the main child, of a mate."""
BY_ITEMS = "decomposition by items, dynamic programmes at prices for what they share"


def search(task: Task, guided: bool = False) -> Result:
    """A mate's work: plans to begin from, better ones, until it is ended or a proof promises more than another descent.

    ``guided``: for a small problem the bound by items before better ones.
    """
    watch = task.watch
    planner = starts.Planner(task.matrix, task.limits, task.options, watch)
    result = Result("time")
    if task.given is not None:
        starts.given(planner, task.given)
    watch.stage("plan to begin from")
    planner.completed(task.matrix.lower[planner.whole])  # nothing begun: poor, but often a plan, and at once
    answer = run_linear(planner.highs, watch.left(), moot=lambda: watch.guide is not None)
    if answer.status == "optimal" and answer.x is not None:
        planner.first = answer.iterations
        starts.rounded(planner, answer.x[planner.whole])
        if not task.without("slopes"):
            slopes.scaled(planner, answer.x)
        if planner.best is None and watch.news(None) is None and not task.without("stretching"):
            watch.note(stretched(task, planner, answer))
    if guided and len(planner.whole) <= BRANCHED:
        decomposed(task, planner, result, share=PRICED_BESIDE)
    small = task.meaning is not None and len(planner.whole) <= BRANCHED and not task.without("cuts")
    improved(task, planner, result, until_dry=small)
    return result


def improved(
    task: Task,
    planner: starts.Planner,
    result: Result,
    work: float | None = None,
    until_dry: bool = False,
    aside: bool = False,
) -> None:
    """Improve the best plan; ``until_dry``: until a proof promises more than another descent; ``aside``: as in Search."""
    if task.without("search"):
        return
    watch = task.watch
    search = Search(planner, task.meaning, aside)
    watch.stage("search for better plans")

    def dry() -> bool:
        return until_dry and search.idle >= IDLE

    result.steps.append(search.run(work, dry))
    result.point = planner.best


def stretched(task: Task, planner: starts.Planner, relaxed: Answer, work: float | None = None) -> str:
    """A first plan by way of rows that may be missed."""
    assert relaxed.x is not None and relaxed.objective is not None
    price = max(1.0, abs(relaxed.objective))
    return first_plan(planner, task.meaning, relaxed.x[planner.whole], price, work)


def decomposed(
    task: Task, planner: starts.Planner, result: Result, rounds: int | None = None, share: float = PRICED
) -> None:
    """The bound by items, where the matrix falls apart into items, and what it says of the whole columns.

    It takes so many ``rounds``; None: at most this ``share`` of the time left.
    """
    if task.meaning is None or task.without("decomposition"):
        return
    apart = Decomposition.of(task.matrix, task.meaning)
    if apart is None:
        return
    watch = task.watch
    watch.stage("bound by items")
    until = (1 - share) * watch.left()

    def best_known() -> float | None:
        planner.hear()
        return planner.best.objective if planner.best else None

    guides = _Guides(watch)
    found = apart.ascend(
        best_known,
        lambda: watch.must_end() or guides.endless or (rounds is None and watch.left() < until),
        guides.hear,
        rounds,
    )
    result.point = planner.best
    if not guides.endless and math.isfinite(found.bound):
        if result.bound is None or found.bound > result.bound:
            result.bound, result.origin = found.bound, BY_ITEMS
        watch.guidance(found.average)


class _Guides:
    """Hears of a bound that rises; passes a guide on once the bound has settled, and again now and then.

    ``endless``: it rises beyond any cost, since there is no plan.
    """

    def __init__(self, watch: Watch):
        self._watch, self._round, self._mark, self._settled = watch, 0, -math.inf, False
        self.endless = False

    def hear(self, bound: float, average: Floats) -> None:
        self.endless = bound >= ENDLESS
        if not self.endless:
            self._watch.tick(None, bound, BY_ITEMS)
        self._round += 1
        if self._round % LOOK:
            return
        if self._settled or bound - self._mark < SETTLED * abs(bound):
            self._settled = True
            self._watch.guidance(average.copy())
        self._mark = bound
