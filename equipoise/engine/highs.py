"""HiGHS, held at arm's length: the only module that imports highspy. Runs in a child process, never beside the caller.

Option names and statuses are those of HiGHS 1.16.0. Before it, bounds told by several threads were too high now and then.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from equipoise.engine.child.progress import WatchLike
from equipoise.engine.matrix import Flags, Floats, Ints, Limits, Matrix

TIGHT = 1e-9
"""Feasibility tolerance of our linear programmes, in the units of the rows."""
LOOSE = 1e-7
"""HiGHS' own tolerance, used where the tight one leads to no answer."""

_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "either",
    highspy.HighsModelStatus.kTimeLimit: "time",
    highspy.HighsModelStatus.kInterrupt: "time",
    highspy.HighsModelStatus.kSolutionLimit: "limit",
    highspy.HighsModelStatus.kMemoryLimit: "memory",
}
_TYPE = highspy.cb.HighsCallbackType
_FEASIBLE = 2
_scheduled: int | None = None
_greeted = False
NO_HEURISTICS = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
"""Options for a problem of which a good plan is known."""
TO_THE_END = {**NO_HEURISTICS, "mip_allow_restart": False, "mip_allow_cut_separation_at_nodes": False}
"""Options for small problems, of which thousands are solved: half the time in the middle (1.16.0, 48 yes-or-no columns)."""
BRANCHING = "branch and bound of HiGHS"
BRANCHING_EXTENDED = "branch and bound of HiGHS on the extended formulation"
BRANCHING_CUT = "branch and bound of HiGHS with cuts in echelon stock"


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS says: optimal, infeasible, unbounded, either (of the two), time, limit, memory or abnormal, in its ``words``.

    ``gap`` is the relative gap of a problem with whole numbers, ``iterations`` those of the simplex method.
    """

    status: str
    words: str
    x: Floats | None = None
    objective: float | None = None
    bound: float | None = None
    row_dual: Floats | None = None
    iterations: int = 0
    gap: float = 0.0


class Highs:
    """One HiGHS object with one matrix in it.

    ``whole``: with whole numbers. ``part``: columns will be fixed, so its bound is none of the problem. ``silent``: it
    is another problem altogether, so that nothing it finds is told. Only the first ``columns`` are those of the plan;
    ``origin`` says where its bound comes from. ``threads`` search one tree.
    """

    def __init__(
        self,
        matrix: Matrix,
        limits: Limits,
        options: Mapping[str, Any],
        watch: WatchLike,
        *,
        whole: bool,
        part: bool = False,
        silent: bool = False,
        columns: int | None = None,
        origin: str = BRANCHING,
        threads: int = 1,
    ):
        self.matrix = matrix
        self.whole = whole
        self._part = part or silent
        self._silent = silent
        self._moot: Callable[[], bool] = _never
        self._columns = matrix.columns if columns is None else columns
        self._origin = origin
        self._threads = threads
        self._watch = watch
        self._h = _made()
        self._set(output_flag=False, threads=threads, parallel="off" if threads == 1 else "on")
        self._set(random_seed=limits.seed, small_matrix_value=1e-12)
        if whole:
            # just inside the asked gap: polishing moves the objective by a rounding
            self._set(mip_rel_gap=max(0.9 * limits.gap, limits.gap - 1e-7), mip_abs_gap=1e-9)
        self._set(**options)
        self._trouble = self._load()
        self._h.setCallback(self._hear, None)
        for kind in (_TYPE.kCallbackSimplexInterrupt, _TYPE.kCallbackIpmInterrupt):
            self._h.startCallback(kind)
        if whole:
            self._h.startCallback(_TYPE.kCallbackMipInterrupt)
        if whole and not silent:
            self._h.startCallback(_TYPE.kCallbackMipLogging)
            self._h.startCallback(_TYPE.kCallbackMipImprovingSolution)
        if whole and not self._part:
            self._h.startCallback(_TYPE.kCallbackMipUserSolution)

    def _set(self, **options: Any) -> None:
        for name, value in options.items():
            if self._h.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise ValueError(f"HiGHS {self._h.version()} refuses option {name} = {value}")

    def _load(self) -> bool:
        m = self.matrix
        integer = (m.integer if self.whole else np.zeros(m.columns)).astype(np.int32)
        by_row, minimise = 2, 1
        status = self._h.passModel(
            m.columns, m.rows, m.entries, by_row, minimise, m.offset, m.cost, m.lower, m.upper,
            m.row_lower, m.row_upper, m.start, m.index, m.value, integer,
        )  # fmt: skip
        return bool(status == highspy.HighsStatus.kError)

    def _hear(self, kind: int, _message: str, out: Any, put: Any, _data: Any) -> None:
        kind = int(kind)
        if kind == int(_TYPE.kCallbackMipUserSolution):
            self._take_news(out, put)
            return
        if kind == int(_TYPE.kCallbackMipImprovingSolution):
            x = np.array(out.mip_solution, dtype=np.float64)
            bound = None if self._part else _finite(out.mip_dual_bound)
            self._watch.point(x[: self._columns], float(out.objective_function_value), False, bound, self._origin)
            return
        if self.whole and not self._part and kind != int(_TYPE.kCallbackSimplexInterrupt):
            self._watch.tick(_finite(out.mip_primal_bound), _finite(out.mip_dual_bound), self._origin)
        elif not self._silent:
            self._watch.tick(None, None)
        if put is not None and (self._watch.must_end() or self._moot()):
            put.user_interrupt = True

    def _take_news(self, out: Any, put: Any) -> None:
        """Hand HiGHS the plan of another child where it is cheaper than its own."""
        x = self._watch.news(_finite(out.mip_primal_bound))
        if x is not None:
            whole = integers(self.matrix.integer[: len(x)])
            put.setSolution(whole, x[whole])

    def tolerance(self, size: float) -> None:
        """Feasibility of rows and duals, for linear programmes."""
        self._set(primal_feasibility_tolerance=size, dual_feasibility_tolerance=size)

    def fix(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """New bounds for some columns."""
        if self._trouble:
            return
        _done(self._h.changeColsBounds(len(columns), columns, lower, upper), "new bounds")

    def coefficients(self, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], values: Floats) -> None:
        """New values for some entries."""
        if self._trouble:
            return
        for row, column, value in zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True):
            _done(self._h.changeCoeff(row, column, value), "a new entry")

    def add_rows(self, start: Ints, index: Ints, value: Floats, lower: Floats) -> None:
        """Rows value @ x[index] >= lower behind those there are; the next run begins from the last basis."""
        endless = np.full(len(lower), np.inf)
        _done(self._h.addRows(len(lower), lower, endless, len(value), start[:-1], index, value), "more rows")

    def drop_rows(self, rows: Ints) -> None:
        """Leave out these rows; those behind them move up."""
        _done(self._h.deleteRows(len(rows), rows), "fewer rows")

    def forget(self) -> None:
        """Forget the last basis, so that the next run begins with presolve."""
        self._h.clearSolver()

    def begin_from(self, x: Floats) -> None:
        """Hand over a plan to begin from; where columns were added to it, its whole columns."""
        if len(x) < self.matrix.columns:
            whole = integers(self.matrix.integer[: len(x)])
            self._h.setSolution(len(whole), whole, x[whole])
            return
        solution = highspy.HighsSolution()
        solution.col_value = x.tolist()
        self._h.setSolution(solution)

    def run(self, seconds: float, nodes: int | None = None, moot: Callable[[], bool] | None = None) -> Answer:
        """Solve; at most ``seconds`` as far as HiGHS keeps its limit, at most so many ``nodes``, and until it is ``moot``."""
        if self._trouble:
            return Answer("abnormal", "HiGHS refuses the matrix")
        self._moot = moot or _never
        _schedule(self._threads)
        # the limit counts the seconds of all runs of an object together (measured for linear programmes)
        self._set(time_limit=self._h.getRunTime() + max(seconds, 0.01))
        if nodes is not None:
            self._set(mip_max_nodes=nodes)
        failed = self._h.run() == highspy.HighsStatus.kError
        model = self._h.getModelStatus()
        status = _STATUS.get(model, "abnormal")
        if failed and status != "memory":
            status = "abnormal"
        info, solution = self._h.getInfo(), self._h.getSolution()
        has_point = solution.value_valid and info.primal_solution_status == _FEASIBLE
        return Answer(
            status,
            self._h.modelStatusToString(model),
            np.array(solution.col_value) if has_point else None,
            float(info.objective_function_value) if has_point else None,
            _finite(info.mip_dual_bound) if self.whole and not self._part else None,
            np.array(solution.row_dual) if solution.dual_valid else None,
            max(0, int(info.simplex_iteration_count)),
            float(info.mip_gap) if self.whole else 0.0,
        )

    def dual_ray(self) -> Floats | None:
        """Weights of the rows that prove an infeasible linear programme, where HiGHS has them."""
        status, exists, ray = self._h.getDualRay()
        return np.array(ray) if status == highspy.HighsStatus.kOk and exists else None


def _done(status: highspy.HighsStatus, what: str) -> None:
    """A change that is refused must not pass unnoticed: what comes after it would count on it."""
    if status == highspy.HighsStatus.kError:
        raise ValueError(f"HiGHS refuses {what}")


def _schedule(threads: int) -> None:
    """HiGHS has one scheduler a process, made for the number of threads of the first run: another number needs another one."""
    global _scheduled
    if _scheduled not in (None, threads):
        highspy.Highs.resetGlobalScheduler(True)
    _scheduled = threads


def _made() -> highspy.Highs:
    """A new object. The first one of a process greets on standard output, before it can be told not to."""
    global _greeted
    if _greeted:
        return highspy.Highs()
    _greeted = True
    with _unheard():
        return highspy.Highs()


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """What is printed on standard output meanwhile goes nowhere."""
    if sys.stdout is not None:
        sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def relaxation(matrix: Matrix, limits: Limits, options: Mapping[str, Any], watch: WatchLike) -> Highs:
    """The linear programme without whole numbers, at the tight tolerance."""
    highs = Highs(matrix, limits, options, watch, whole=False)
    highs.tolerance(TIGHT)
    return highs


def run_linear(highs: Highs, seconds: float, moot: Callable[[], bool] | None = None) -> Answer:
    """Solve a linear programme, until it is ``moot``; once more at HiGHS' own tolerance where the tight one gives no answer.

    Always from presolve: with many columns fixed or priced anew it beats the last basis (208,000 columns: 4.8 against
    9.3 s), and the way there does not depend on what was solved before.
    """
    highs.forget()
    answer = highs.run(seconds, moot=moot)
    if answer.status == "abnormal":
        highs.tolerance(LOOSE)
        answer = highs.run(seconds, moot=moot)
        highs.tolerance(TIGHT)
    return answer


def _never() -> bool:
    return False


def integers(flags: Flags) -> Ints:
    """Positions of the whole columns."""
    return np.flatnonzero(flags).astype(np.int32)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
