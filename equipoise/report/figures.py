"""What the KPIs of a plan are worked out from, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from equipoise.io.planfacts import Facts, rows
from equipoise.plan import Plan

MONEY = "money"
"""The unit of amounts where the case names no currency."""
TOLERANCE = 1e-6


def ratio(part: float, whole: float) -> float | None:
    """part / whole; None when there is nothing to divide by."""
    return part / whole if whole else None


def is_short(missing: float, size: float) -> bool:
    """Whether something is missing by more than rounding, for a row of that size."""
    return missing > TOLERANCE * max(1.0, abs(size))


@dataclass(frozen=True)
class Figures:
    """A plan with its facts and the sums that several KPIs share."""

    plan: Plan

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.plan.case)

    @cached_property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Plan table -> its rows."""
        return {table: list(rows(self.plan, table)) for table in self.plan.tables}

    @cached_property
    def has_days(self) -> bool:
        """Whether every period has a length in days."""
        days = self.plan.case.periods.days
        return bool(days) and all(d is not None for d in days)

    @cached_property
    def lengths(self) -> list[float]:
        """Length of every period: days where they are known, else 1."""
        periods = self.plan.case.periods
        return [float(d or 1.0) for d in periods.days] if self.has_days else [1.0] * len(periods)

    @cached_property
    def years(self) -> float:
        """Length of the horizon in years."""
        periods = self.plan.case.periods
        return sum(periods.year_share(t) for t in range(len(periods)))

    @cached_property
    def common_unit(self) -> str | None:
        """The unit of every item; None where they differ."""
        units = {self.facts.unit(i) for i in self.facts.items}
        return units.pop() if len(units) == 1 else None
