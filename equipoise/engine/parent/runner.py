"""Solve a matrix safely: child processes, a ladder of ways, second opinions, and a verdict from our own arithmetic."""

from __future__ import annotations

import threading
import time

from equipoise.engine.blocks import split
from equipoise.engine.matrix import Floats, Limits, Matrix, Outcome, Report, TellPlan
from equipoise.engine.meaning import Meaning
from equipoise.engine.parent.apart import Apart, Listener
from equipoise.engine.parent.ladder import Ladder
from equipoise.engine.parent.process import Workers
from equipoise.engine.parent.talks import Clock, Talks
from equipoise.engine.points import judged
from equipoise.engine.prepare import contradiction, nothing_to_decide, only_point, prepared
from equipoise.errors import SolverError
from equipoise.interrupt import Interrupts


def run(
    matrix: Matrix,
    limits: Limits,
    progress: Report | None = None,
    start: Floats | None = None,
    *,
    meaning: Meaning | None = None,
    stop: threading.Event | None = None,
    on_plan: TellPlan | None = None,
    workers: Workers | None = None,
) -> Outcome:
    """Minimise the matrix within the limits; never takes longer than the time limit and 15 seconds.

    ``progress`` hears of every better plan or bound. ``start`` is a plan to begin from, perhaps only nearly feasible:
    its whole columns count, NaN where unknown. ``meaning`` says what columns and rows stand for: without it the search
    for plans and bounds has less to go by. ``stop`` set, or Ctrl-C or a request to terminate in the main thread,
    ends early with the best plan so far. ``on_plan`` is given each better plan as it comes.
    ``workers`` are where children come from; they are the caller's to close.

    Raises SolverError when the matrix holds nonsense or when every way of solving broke down without an answer.
    """
    began = time.monotonic()
    if start is not None and len(start) != matrix.columns:
        raise SolverError(f"the plan to begin from has {len(start)} columns, the matrix {matrix.columns}")
    ready, workers = prepared(matrix), workers or Workers()
    trivial = _trivial(ready, began)
    if trivial is not None:
        if on_plan is not None and trivial.x is not None and trivial.objective is not None:
            on_plan(trivial.x, trivial.objective)
        return trivial
    with Interrupts(stop) as interrupts:
        clock = Clock(began, began + limits.time_limit, interrupts.asked)
        blocks = None if "blocks" in limits.without else split(ready)
        if blocks is not None and blocks.clash:
            return Outcome("infeasible", None, None, None, "", clock.seconds(), (blocks.clash,))
        if blocks is not None and limits.threads > 1:
            listener = Listener(progress, on_plan)
            return Apart(ready, blocks, limits, start, clock, listener, workers, meaning).solve()
        kind = "solve" if blocks is None else "blocks"
        return Ladder(ready, limits, start, Talks(clock, progress, workers), meaning, on_plan, kind).climb()


def _trivial(matrix: Matrix, began: float) -> Outcome | None:
    """The outcome of a matrix that needs no solver; None where it does."""
    clash = contradiction(matrix)
    if clash:
        return Outcome("infeasible", None, None, None, "", time.monotonic() - began, (clash,))
    if not nothing_to_decide(matrix):
        return None
    x = only_point(matrix)
    words = ("nothing to decide: every column is fixed",)
    if x is None:
        return Outcome("infeasible", None, None, None, "", time.monotonic() - began, (*words, "and a row is not kept"))
    cost = judged(matrix, x).objective
    return Outcome("optimal", x, cost, cost, "the only point there is", time.monotonic() - began, words)
