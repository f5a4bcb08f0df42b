"""Good plans that differ: where one of them cannot be improved any more, two of them say what to decide anew."""

from __future__ import annotations

import numpy as np

from equipoise.engine.matrix import Flags, Ints
from equipoise.engine.points import Point

KEPT = 6
"""Plans that are remembered."""


class Elite:
    """The cheapest plans that differ in whole columns, cheapest first."""

    def __init__(self, whole: Ints):
        self._whole = whole
        self.plans: list[Point] = []

    def add(self, point: Point) -> None:
        """Remember a plan where it is new and among the cheapest; of two with the same whole columns the cheaper stays."""
        same = [n for n, known in enumerate(self.plans) if not self.differ(known, point).any()]
        for n in reversed(same):
            if self.plans[n].objective <= point.objective:
                return
            del self.plans[n]
        self.plans = sorted([*self.plans, point], key=lambda p: p.objective)[:KEPT]

    def differ(self, one: Point, other: Point) -> Flags:
        """Which of the whole columns two plans set to different values."""
        return np.abs(one.x[self._whole] - other.x[self._whole]) > 0.5

    def pair(self, rng: np.random.Generator) -> tuple[Point, Point] | None:
        """Two of the plans, the cheaper first; None while there is only one."""
        if len(self.plans) < 2:
            return None
        first, second = sorted(rng.choice(len(self.plans), 2, replace=False).tolist())
        return self.plans[first], self.plans[second]
