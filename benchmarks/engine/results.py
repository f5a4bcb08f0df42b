"""What one solver did on one instance, and figures over many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

SAME = 1e-6
"""Costs that differ by less than this share are the same."""
NO_PLAN = 2.0
"""A solver without a plan counts as one whose plan costs this many times the best."""
NEAR = 0.01
UNSOLVED = 2.0
"""A solver that did not get to the gap counts as one that took this many times the limit."""


@dataclass
class Run:
    """Seconds count from the moment the solver was asked to start with the matrix loaded.

    ``asked``: the gap at which it may stop. ``cost``: the plan's, as judged. ``told``: (seconds, cost) of every better
    plan as the solver told of it. ``status``: optimal (within the gap asked for), limit, infeasible, failed, killed.
    ``memory``: most megabytes of all its processes together.
    """

    set: str
    instance: str
    solver: str
    seed: int
    limit: float
    asked: float
    status: str = "failed"
    cost: float | None = None
    bound: float | None = None
    told: list[tuple[float, float]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    seconds: float = 0.0
    memory: float | None = None
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, int]:
        return self.set, self.instance, self.seed

    @property
    def gap(self) -> float | None:
        """Distance of plan and bound as a share of the plan's cost."""
        if self.cost is None or self.bound is None:
            return None
        distance = max(0.0, self.cost - self.bound)
        return distance / abs(self.cost) if self.cost else (0.0 if distance <= SAME else math.inf)

    @property
    def first(self) -> float | None:
        """Seconds to the first plan."""
        return self.told[0][0] if self.told and self.cost is not None else None

    def proven(self, gap: float | None = None) -> bool:
        """Whether plan and bound lie within the gap, or that asked for (and a rounding)."""
        gap = self.asked if gap is None else gap
        return self.gap is not None and self.gap <= gap * (1 + 1e-3) + 1e-9

    def near(self, best: float) -> float | None:
        """Seconds to a plan within 1 % of ``best``; None where there was none."""
        enough = best + NEAR * abs(best)
        if self.cost is None or self.cost > enough:
            return None
        return next((t for t, cost in self.told if cost <= enough), self.seconds)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Table:
    """The runs of one set: by instance (and seed), in order."""

    def __init__(self, runs: Sequence[Run]):
        self.runs = list(runs)
        self.keys = list(dict.fromkeys(run.key for run in self.runs))
        self.solvers = list(dict.fromkeys(run.solver for run in self.runs))
        self._found = {(run.key, run.solver): run for run in self.runs}

    def get(self, key: tuple[str, str, int], solver: str) -> Run | None:
        return self._found.get((key, solver))

    def best(self, key: tuple[str, str, int]) -> float | None:
        """The least cost of any plan for the instance, whatever the seed; None without one."""
        return min((r.cost for r in self.runs if r.key[:2] == key[:2] and r.cost is not None), default=None)

    def common(self) -> Table | None:
        """The instances on which every solver ran; None where these are all, or none."""
        keys = [key for key in self.keys if all(self.get(key, solver) for solver in self.solvers)]
        return Table([r for r in self.runs if r.key in keys]) if 0 < len(keys) < len(self.keys) else None

    def of(self, solver: str) -> list[Run]:
        return [run for run in self.runs if run.solver == solver]

    def pairs(self, one: str, other: str) -> list[tuple[Run, Run]]:
        """The runs of two solvers on the same instances."""
        found = [(self.get(key, one), self.get(key, other)) for key in self.keys]
        return [(a, b) for a, b in found if a is not None and b is not None]

    def over(self, run: Run) -> float | None:
        """Cost as a multiple of the best plan known (no plan: 2); None where the best is not above zero."""
        best = self.best(run.key)
        if best is None or best <= 0:
            return None
        return NO_PLAN if run.cost is None else run.cost / best

    def wins(self, solver: str) -> int:
        """Instances on which nobody has a cheaper plan."""
        return sum(run.cost is not None and at_most(run.cost, self.best(run.key)) for run in self.of(solver))


def at_most(cost: float, other: float | None, share: float = SAME) -> bool:
    """Whether a cost is at or below another, a rounding apart; no plan is above everything."""
    return other is None or cost <= other + share * max(1.0, abs(other))


def geometric(figures: Iterable[float], shift: float = 0.0) -> float:
    """Geometric mean of the figures plus ``shift``, less ``shift``; not a number without figures."""
    logs = [math.log(f + shift) for f in figures]
    return math.exp(sum(logs) / len(logs)) - shift if logs else math.nan


def solving_time(run: Run) -> float:
    """Seconds to the gap asked for; twice the limit where it was not reached."""
    return run.seconds if run.proven() else UNSOLVED * run.limit


def slowest(seconds: Sequence[float], share: float = 0.1) -> float:
    """Mean of the slowest tenth (at least one)."""
    worst = sorted(seconds, reverse=True)[: max(1, round(share * len(seconds)))]
    return sum(worst) / len(worst)
