"""Raising a concave bound along averaged slopes: the volume algorithm (Barahona and Anbil 2000).

Each round steps from the best multipliers along an average of the slopes seen. With the same weights the plans that gave
the slopes are averaged; that average nearly keeps the priced rows and tends to an optimum of the relaxation. Multipliers
of rows whose slopes are usually large move less, as rows have units of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.engine.matrix import Flags, Floats


@dataclass(frozen=True, eq=False)
class Priced:
    """The bound at some multipliers (of the priced rows): its value and the plan of the parts, all columns."""

    bound: float
    x: Floats


class Concave(Protocol):
    """What is raised: multipliers between ``least`` and ``most``, from ``begin`` on; those of ``gates`` move later."""

    least: Floats
    most: Floats
    begin: Floats
    gates: Flags

    def priced(self, y: Floats) -> Priced | None:
        """The value at ``y`` and a plan that has it; None where it is minus infinity."""

    def towards(self, x: Floats, y: Floats) -> Floats:
        """The slope at ``y``, of the plan ``x``."""


STEP, SHORTER, LONGER = 0.15, 0.7, 1.1
"""Length of the first step, in parts of the way to the target; factors for steps that do not help and that do."""
FAR = 0.5
"""A gain of this part of what the slope promised doubles the step; a step of more than 1 that does not help is halved."""
STRAIGHT = 3
"""Steps in a row that have to help before one is doubled; the first ones may be at once."""
PATIENCE = 4
"""Steps without a better bound before they get shorter."""
WEIGHT = 0.2
"""Most weight of the newest plan in the average."""
ABOVE = 0.1
"""The target is so much above the best bound, relative, or the best plan known where that is less."""
GATES_LATER = 50
"""Rounds before the multipliers of gates move: there are many, and the others come first."""
MEASURES, SMALL = (60, 120, 240, 480), 0.03
"""Rounds after which the usual sizes of slopes are taken anew; the least of them, in parts of their mean."""
LOOK, STALLED = 100, 1e-5
"""Every so many rounds: less than 1e-3 gained halves WEIGHT, less than STALLED (relative) is the end."""


class Volume:
    """One ascent over plans of so many ``columns``.

    Constants chosen on shared lines of 200 and 1,000 items and three instances of Trigeiro's.
    """

    def __init__(self, apart: Concave, columns: int):
        self._apart, y = apart, apart.begin
        first = apart.priced(y)
        self.rounds, self.stalled = 0, first is None
        self.best, self._y, self.average = -math.inf, y, np.zeros(columns)
        if first is not None:
            self.best, self.average = first.bound, first.x
            self._direction = self._slope(first.x, y)
        self._step, self._weight, self._mark = STEP, WEIGHT, self.best
        self._failed, self._straight = 0, STRAIGHT
        self._squares, self._unit = np.zeros(len(y)), np.ones(len(y))

    def _slope(self, x: Floats, y: Floats) -> Floats:
        slope = self._apart.towards(x, y)
        return np.where(self._apart.gates, 0.0, slope) if self.rounds < GATES_LATER else slope

    def step(self, known: float | None) -> None:
        """One step; the bound may get better."""
        a, d = self._apart, self._direction
        self.rounds += 1
        aim = ABOVE * max(abs(self.best), 1.0)
        aim = aim if known is None else min(aim, known - self.best)
        free = np.where((d < 0) & (self._y <= a.least) | (d > 0) & (self._y >= a.most), 0.0, d)
        length = float(free @ (self._unit * free))
        way = self._step * aim / length * self._unit * free if length else free
        y = np.clip(self._y + way, a.least, a.most)
        priced = a.priced(y)
        if priced is None:
            self._step *= SHORTER
        else:
            slope = self._slope(priced.x, y)
            self._measure(slope)
            change = slope - d
            size = float(change @ (self._unit * change))
            best = -float(d @ (self._unit * change)) / size if size else 1.0
            weight = min(max(best, self._weight / 10), self._weight)
            self._direction = d + weight * change
            self.average = self.average + weight * (priced.x - self.average)
            better = priced.bound > self.best
            self._judge(priced.bound, slope, aim)
            if better:
                self.best, self._y = priced.bound, y
        if self.rounds % LOOK == 0:
            gain = (self.best - self._mark) / max(abs(self.best), 1.0)
            self._weight = self._weight / 2 if gain < 1e-3 else self._weight
            self.stalled, self._mark = gain < STALLED and self._step < STEP, self.best

    def _measure(self, slope: Floats) -> None:
        """Rows have units of their own: multipliers move by less where the slope is usually large."""
        self._squares += slope * slope
        if self.rounds in MEASURES:
            usual = np.sqrt(self._squares)
            self._squares = np.zeros(len(usual))
            some = usual[usual > 0]
            least = SMALL * math.sqrt(float((some * some).mean())) if len(some) else 1.0
            self._unit = 1.0 / np.maximum(usual, least)

    def _judge(self, bound: float, slope: Floats, aim: float) -> None:
        """Longer steps after a better bound whose slope agrees with the direction, shorter ones after too many failures."""
        if bound > self.best + 1e-7 * abs(self.best):
            self._failed, self._straight = 0, self._straight + 1
            if slope @ self._direction > 0:
                far = self._straight > STRAIGHT and bound > self.best + FAR * self._step * aim
                self._step *= 2.0 if far else LONGER
        else:
            self._failed, self._straight = self._failed + 1, 0
            if self._step > 1.0:
                self._step, self._failed = self._step / 2, 0
            elif self._failed >= PATIENCE:
                self._step, self._failed = self._step * SHORTER, 0
