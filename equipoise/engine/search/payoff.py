"""What to try next: ways that paid off lately are tried more often, and each learns how large its parts may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST, MOST = 20.0, 6000.0
"""Open whole columns in a part."""
FORGET = 0.25
"""Weight of the last try in the mean pay-off of a way."""
CURIOUS = 0.15
"""Share of tries that go to any way, whatever it paid."""
LITTLE = 1e-5
"""Share of the plan's cost gained in a second that makes no difference between ways: long ago is no merit."""


@dataclass(eq=False)
class Way:
    """A shape at one width of the promise: what it gained for a second of work, and the size of its next part."""

    shape: str
    level: float
    size: float
    payoff: float | None = None
    tries: int = 0

    def learn(self, gain: float, work: float, target: float, gap: float) -> None:
        """Note a try: money gained, seconds of work of the ``target`` it may take, relative gap left."""
        self.tries += 1
        paid = gain / max(work, 1e-3)
        self.payoff = paid if self.payoff is None else (1 - FORGET) * self.payoff + FORGET * paid
        if gap > 0.03:
            self.size *= 0.6
        elif work < 0.5 * target:
            self.size *= 1.5 if work < 0.15 * target else 1.2
        self.size = min(max(self.size, LEAST), MOST)


def choose(ways: list[Way], rng: np.random.Generator, cost: float) -> Way:
    """An untried way first; then by pay-off for a plan of this cost, now and then any."""
    untried = [w for w in ways if w.payoff is None]
    if untried:
        return untried[int(rng.integers(len(untried)))]
    if rng.random() < CURIOUS:
        return ways[int(rng.integers(len(ways)))]
    paid = np.array([w.payoff for w in ways], float)
    weight = (np.clip(paid, 0.0, None) + LITTLE * max(abs(cost), 1e-9)) ** 1.5
    return ways[int(rng.choice(len(ways), p=weight / weight.sum()))]
