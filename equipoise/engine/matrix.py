"""What a solver is given and what it gives back: a matrix, limits, progress, an outcome.

Values only; needs numpy and nothing else, since the worker imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
"""Positions: of columns, rows, entries and the like."""

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
    No limit is written as -inf or +inf.
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

    @property
    def columns(self) -> int:
        return len(self.cost)

    @property
    def rows(self) -> int:
        return len(self.row_lower)

    @property
    def entries(self) -> int:
        return len(self.value)

    @property
    def entry_rows(self) -> Places:
        """(entries,): the row of each entry."""
        return np.repeat(np.arange(self.rows), np.diff(self.start))

    def entries_of(self, rows: Places | Ints) -> tuple[Places, Places]:
        """The entries of these rows, one row after the other: where in ``rows`` the row of each stands, and its own position."""
        size = np.diff(self.start)[rows]
        first = np.cumsum(size) - size
        at = np.repeat(self.start[rows] - first, size) + np.arange(size.sum())
        return np.repeat(np.arange(len(rows)), size), at


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
