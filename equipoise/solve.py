"""The one front door to every way of solving: a case in, a plan out."""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from equipoise.case import Case
from equipoise.engine.compile import Compiled, compile_model
from equipoise.engine.matrix import MOST_CHILDREN, Limits, Outcome, Progress
from equipoise.engine.meaning import Meaning, meaning_of
from equipoise.engine.parent.process import Workers
from equipoise.engine.parent.runner import run
from equipoise.errors import ModelError, memory_for
from equipoise.interrupt import Interrupts
from equipoise.model import Build, build, plan_tables, starting_values, stranger
from equipoise.model.labels import Labels
from equipoise.plan import AuditReport, Plan, SolveRecord, Status
from equipoise.tables import MOST_SEED

Audit = Callable[[Case, Mapping[str, pd.DataFrame], float | None], AuditReport]
SNAP = 1e-9  # a value this close (relative) to a whole number is that number: what is left is rounding of the linear algebra


@dataclass(frozen=True)
class Options:
    """How to solve; the case's settings give the values not said here. Raises ValueError for what is no finite number from 0 on."""

    time_limit: float
    gap: float
    threads: int
    seed: int
    memory_mb: int | None = None

    def __post_init__(self) -> None:
        for name in ("time_limit", "gap", "threads", "seed"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= (name == "threads")):
                raise ValueError(f"{name} is {value}; it must be a finite number of at least {int(name == 'threads')}")
        if self.seed > MOST_SEED:
            raise ValueError(f"seed is {self.seed}; it must be at most {MOST_SEED}")

    @staticmethod
    def of(case: Case, **given: Any) -> Options:
        """The settings of the case, overruled by what is given (None = not given)."""
        s = case.settings
        base = Options(s.time_limit, s.gap, int(s.threads) or cores(), int(s.seed))
        return replace(base, **{k: v for k, v in given.items() if v is not None})


def cores() -> int:
    """Processor cores that this process may use, at most as many as are of use."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(found, MOST_CHILDREN)


def solve(
    case: Case,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
    start: Mapping[str, pd.DataFrame] | None = None,
    audit: Audit | None = None,
    workers: Workers | None = None,
) -> Plan:
    """The best plan found within the options, with its bound.

    ``progress`` is called as the solve goes on (objective and bound in the case's sense); ``start`` is the tables of an earlier plan to
    begin from; ``audit`` checks the plan's tables; ``workers`` are processes started ahead. Infeasible, unbounded and out of time are
    outcomes: see Plan.status. Raises DataError when a yes-or-no rule has no limit to work with, SolverError when no way of solving gave
    an answer to trust.
    """
    return prepare(case).solve(options, progress, start, audit, workers)


def prepare(case: Case, every_plan: bool = False) -> Prepared:
    """Build and compile a case, to be solved once or more often. Raises DataError as ``solve`` does.

    ``every_plan``: leave nothing out that is of no use, so that any limit can be narrowed afterwards; it makes the model harder to solve.
    With settings.integer_periods it can change the optimum: a part of a set-up is a share of the most that can be made.
    """
    clock = time.perf_counter()
    with memory_for(f"building the model of {len(case.items):,} items over {len(case.periods):,} periods"):
        b = build(case, every_plan=every_plan)
        built = time.perf_counter()
        compiled = compile_model(b.model)
        labels = Labels(b)
        meaning = meaning_of(compiled.columns, compiled.rows, labels.column, labels.row, labels.periods)
    return Prepared(case, b, compiled, meaning, {"build": built - clock, "compile": time.perf_counter() - built})


@dataclass(frozen=True, eq=False)
class Prepared:
    """A case as a matrix, to be solved again and again without building it: with other options, or within narrower limits.

    ``build`` is the Pyomo model it came from, ``compiled`` the matrix with the names of its columns and rows, ``meaning`` these names
    as numbers, ``seconds`` what it took.
    """

    case: Case
    build: Build
    compiled: Compiled
    meaning: Meaning
    seconds: Mapping[str, float]

    def solve(
        self,
        options: Options | None = None,
        progress: Callable[[Progress], None] | None = None,
        start: Mapping[str, pd.DataFrame] | None = None,
        audit: Audit | None = None,
        workers: Workers | None = None,
    ) -> Plan:
        """As the function ``solve``. Ctrl-C while it solves or audits is no loss of the plan: see ``interrupt``."""
        options, b, compiled = options or Options.of(self.case), self.build, self.compiled
        limits = Limits(options.time_limit, options.gap, options.threads, options.seed, options.memory_mb)
        clock = time.perf_counter()
        strange = stranger(b, start) if start is not None else ""
        vector = start_vector(b, compiled, start) if start is not None and not strange else None
        with Interrupts() as interrupts:
            with memory_for("solving the model"):
                outcome = run(
                    compiled.matrix, limits, _in_our_sense(progress, b), vector, meaning=self.meaning, workers=workers
                )
            solved = time.perf_counter()
            with memory_for("reading out and auditing the plan, which was found"):
                plan = _plan(self.case, b, compiled, outcome, options)
                if plan.has_plan and audit is not None:
                    plan = replace(plan, audit=audit(self.case, plan.tables, plan.objective))
            interrupted = plan.interrupted or interrupts.asked()
        seconds = {**self.seconds, "solve": solved - clock, "read out and audit": time.perf_counter() - solved}
        if strange:
            words = f"nothing that it decides is there in this case, neither its first row ({strange}) nor another one"
            told = f"The plan to begin from was not used: {words}. The solve began without it."
            plan = replace(plan, warnings=(told, *plan.warnings))
        return replace(plan, interrupted=interrupted, record=replace(plan.record, seconds=seconds))

    def limits(self, name: str, *index: str) -> tuple[float, float]:
        """Lower and upper limit of a column (a variable of the formulation) or a row (a family); infinite where there is none.

        Raises ModelError where there is no such column or row.
        """
        column = self.compiled.column(*_entry(name, index))
        m = self.compiled.matrix
        if column is not None:
            return float(m.lower[column]), float(m.upper[column])
        row = self.compiled.row(*_entry(name, index))
        if row is None:
            raise ModelError(f"the model has no column and no row {name}({', '.join(index)})")
        return float(m.row_lower[row]), float(m.row_upper[row])

    def with_limits(self, changes: Mapping[tuple[str, ...], tuple[float, float]]) -> Prepared:
        """The same with narrower limits of some columns and rows: (name, *index) -> (lower, upper). Nothing is built again.

        Every plan keeps the rules of the case still, and its cost lines are true. Raises ModelError for unknown names, limits that leave
        nothing, and wider ones: other figures of the model follow from the limits of the case (how much a set-up allows), so for more
        room the case has to be changed. Higher lower limits, and less room for stock, may call for quantities that the case by itself has
        no use for: they are refused unless the case was prepared with ``every_plan``.
        """
        m = self.compiled.matrix
        columns, rows = (m.lower.copy(), m.upper.copy()), (m.row_lower.copy(), m.row_upper.copy())
        for (name, *index), (low, high) in changes.items():
            least, most = self.limits(name, *index)
            if not low <= high:
                raise ModelError(f"{name}({', '.join(index)}): {low:g} to {high:g} leaves nothing")
            if low < least or high > most:
                words = f"{low:g} to {high:g} is wider than {least:g} to {most:g}, for which the model was built"
                raise ModelError(f"{name}({', '.join(index)}): {words}; change the case instead")
            if not self.build.every_plan and (low > least or (high < most and self._asks(name, index))):
                words = "may call for more than the case has a use for, which the model leaves out"
                raise ModelError(
                    f"{name}({', '.join(index)}): {low:g} to {high:g} {words}; use prepare(case, every_plan=True)"
                )
            place = self.compiled.column(*_entry(name, index))
            side = columns if place is not None else rows
            place = self.compiled.row(*_entry(name, index)) if place is None else place
            side[0][place], side[1][place] = low, high
        matrix = replace(m, lower=columns[0], upper=columns[1], row_lower=rows[0], row_upper=rows[1])
        return replace(self, compiled=replace(self.compiled, matrix=matrix), seconds={})

    def _asks(self, name: str, index: Sequence[str]) -> bool:
        """A lower upper limit leaves less room for stock, or, since a quantity counts against it, asks for more of that."""
        row, m = self.compiled.row(*_entry(name, index)), self.compiled.matrix
        if row is None:
            return name == "stock"
        at = slice(m.start[row], m.start[row + 1])
        held = [
            (self.compiled.columns[j][0], v) for j, v in zip(m.index[at].tolist(), m.value[at].tolist(), strict=True)
        ]
        return any(kind == "stock" or (kind in ("make", "buy", "ship") and v < 0) for kind, v in held)


def _entry(name: str, index: Sequence[str]) -> tuple[str, str | tuple[str, ...]]:
    return name, index[0] if len(index) == 1 else tuple(index)


def _in_our_sense(progress: Callable[[Progress], None] | None, b: Build) -> Callable[[Progress], None] | None:
    if progress is None or not b.profit:
        return progress

    def turned(p: Progress) -> None:
        progress(replace(p, objective=_turn(p.objective, True), bound=_turn(p.bound, True)))

    return turned


def _turn(value: float | None, profit: bool) -> float | None:
    return None if value is None else (-value + 0.0) if profit else value


def _plan(case: Case, b: Build, compiled: Compiled, outcome: Outcome, options: Options) -> Plan:
    matrix = compiled.matrix
    record = SolveRecord(
        options={
            "time_limit": options.time_limit,
            "gap": options.gap,
            "threads": options.threads,
            "seed": options.seed,
        },
        versions=versions(),
        bound_origin=outcome.bound_origin,
        steps=outcome.steps,
        size={
            "columns": len(matrix.cost),
            "integer columns": int(matrix.integer.sum()),
            "rows": len(matrix.row_lower),
            "entries": len(matrix.value),
        },
        features=tuple(b.on),
    )
    bound = _turn(outcome.bound, b.profit)
    status: Status = outcome.status
    found = "this is the best plan found until then" if outcome.x is not None else "no plan had been found"
    warnings: tuple[str, ...] = (f"The solve was interrupted; {found}.",) if outcome.interrupted else ()
    if any(step.startswith("trying again") for step in outcome.steps):
        warnings += (f"The solver had trouble and was started again: {'; '.join(outcome.steps)}.",)
    if outcome.x is None:
        return Plan(case, status, bound=bound, warnings=warnings, interrupted=outcome.interrupted, record=record)
    x = _snapped(outcome.x)

    def value(name: str, index: Any) -> float:
        column = compiled.column(name, index)
        return 0.0 if column is None else float(x[column])

    tables = plan_tables(b, value)
    objective = math.fsum(tables["costs"]["amount"].tolist())
    return Plan(
        case, status, objective, bound, tables, warnings=warnings, interrupted=outcome.interrupted, record=record
    )


def _snapped(x: np.ndarray) -> np.ndarray:
    nearest = np.round(x)
    return np.where(np.abs(x - nearest) <= SNAP * np.maximum(1.0, np.abs(x)), nearest, x) + 0.0


def start_vector(b: Build, compiled: Compiled, tables: Mapping[str, pd.DataFrame]) -> np.ndarray:
    """The earlier plan's decisions by column; NaN where it says nothing."""
    vector = np.full(len(compiled.matrix.cost), np.nan)
    for (name, index), value in starting_values(b, tables).items():
        column = compiled.column(name, index)
        if column is not None:
            vector[column] = value
    return vector


def versions() -> dict[str, str]:
    """Versions of what a plan depends on."""
    names = ("equipoise", "pyomo", "highspy", "numpy", "pandas")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
