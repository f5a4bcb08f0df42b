"""What to try next: ways that paid off lately are tried more often, and each learns how large its parts may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST, MOST = 20.0, 6000.0
"""Open whole columns in a part."""
FORGET = 0.15
"""What a try weighs less with every later one of its way."""
CURIOUS = 0.3
"""Share of tries that go to any way, whatever it paid: to each as often as it is quick, so that all get the same time."""
KNOWN_TRIES, KNOWN_WORK = 8, 0.4
"""A way is known after so many tries, or so many seconds of work: one try without luck says nothing of a quick way."""
LITTLE = 1e-5
"""Share of the plan's cost gained in a second that makes no difference between ways: long ago is no merit."""


@dataclass(eq=False)
class Way:
    """A shape at one width of the promise: what it gained, for how much work, and the size of its next part.

    ``gained``, ``worked`` and ``weight`` are sums over tries, of money, seconds and 1, in which late tries count more.
    """

    shape: str
    level: float
    size: float
    tries: int = 0
    work: float = 0.0
    gained: float = 0.0
    worked: float = 0.0
    weight: float = 0.0

    @property
    def known(self) -> bool:
        """It was tried often enough to be judged by what it paid."""
        return self.tries >= KNOWN_TRIES or self.work >= KNOWN_WORK

    @property
    def payoff(self) -> float:
        """Money gained in a second of work; 0 before the first try."""
        return self.gained / self.worked if self.worked else 0.0

    def forget(self) -> None:
        """Another descent begins: what paid in the last one says little. The size stays."""
        self.tries, self.work = 0, 0.0
        self.gained = self.worked = self.weight = 0.0

    def learn(self, gain: float, work: float, target: float, gap: float) -> None:
        """Note a try: money gained, seconds of work of the ``target`` it may take, relative gap left."""
        keep = 1 - FORGET
        self.tries += 1
        self.work += work
        self.gained = keep * self.gained + gain
        self.worked = keep * self.worked + max(work, 1e-3)
        self.weight = keep * self.weight + 1
        if gap > 0.03:
            self.size *= 0.6
        elif work < 0.5 * target:
            self.size *= 1.5 if work < 0.15 * target else 1.2
        self.size = min(max(self.size, LEAST), MOST)


def choose(ways: list[Way], rng: np.random.Generator, cost: float) -> Way:
    """A way that is not known yet first; then by pay-off for a plan of this cost, now and then any."""
    unknown = [w for w in ways if not w.known]
    if unknown:
        return unknown[int(rng.integers(len(unknown)))]
    if rng.random() < CURIOUS:
        quick = np.array([w.weight / w.worked for w in ways])
        return ways[int(rng.choice(len(ways), p=quick / quick.sum()))]
    paid = np.array([w.payoff for w in ways])
    weight = (np.clip(paid, 0.0, None) + LITTLE * max(abs(cost), 1e-9)) ** 1.5
    return ways[int(rng.choice(len(ways), p=weight / weight.sum()))]
