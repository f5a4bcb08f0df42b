"""What a solver is given and what it gives back: a matrix, limits, progress, an outcome.

Values only; needs numpy and nothing else, since the worker imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

Technique = Literal["decomposition", "cuts", "slopes", "search", "stretching", "blocks"]
"""What can be left out, to see what it is worth and that it changes no optimum."""
Status = Literal["optimal", "within_gap", "stopped", "infeasible", "unbounded", "unknown"]
MOST_CHILDREN = 4
"""More processes than this at one matrix get into each other's way."""
PROVEN_GAP = 1e-6
"""An outcome is called optimal at this relative gap or less."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """Minimise cost @ x + offset with row_lower <= A x <= row_upper, lower <= x <= upper, x whole where ``integer``.

    A is stored by rows: the entries of row r are value[start[r]:start[r + 1]] in columns index[start[r]:start[r + 1]].
    No limit is written as -inf or +inf. Names are optional and never needed to solve.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Flags
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats
    offset: float = 0.0
    col_names: Sequence[str] = ()
    row_names: Sequence[str] = ()

    @property
    def columns(self) -> int:
        return len(self.cost)

    @property
    def rows(self) -> int:
        return len(self.row_lower)

    @property
    def entries(self) -> int:
        return len(self.value)

    def activity(self, x: Floats) -> Floats:
        """A x, one figure a row."""
        rows = np.repeat(np.arange(self.rows), np.diff(self.start))
        return np.bincount(rows, weights=self.value * x[self.index], minlength=self.rows).astype(np.float64)


@dataclass(frozen=True)
class Limits:
    """When to stop: after ``time_limit`` seconds of wall clock or at relative gap ``gap``.

    ``threads`` is the number of processes that work side by side. One process alone counts its work instead of looking
    at the clock, so that it takes the same way with the same ``seed``. ``memory_mb`` caps the memory of each process,
    ``without`` names techniques to leave out.
    """

    time_limit: float
    gap: float
    threads: int = 1
    seed: int = 0
    memory_mb: int | None = None
    without: tuple[Technique, ...] = ()


@dataclass(frozen=True)
class Progress:
    """Where a running solve stands: best objective and bound (None: none yet) and in words what it is doing."""

    seconds: float
    objective: float | None
    bound: float | None
    stage: str


Report = Callable[[Progress], None]
TellPlan = Callable[[Floats, float], None]
"""Told a plan that keeps every row, all columns, and its cost."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """The answer. ``bound`` lies below the objective of every solution; ``bound_origin`` says where it comes from.

    ``steps`` says in words what was tried, in order; ``interrupted`` that somebody asked for an early end.
    """

    status: Status
    x: Floats | None
    objective: float | None
    bound: float | None
    bound_origin: str
    seconds: float
    steps: tuple[str, ...] = ()
    interrupted: bool = False
