"""What the rules of the reference share: the programme, the balance of every item, and the hours of every resource."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

from reference.program import INF, Program

FAR = 600.0
"""Stands for "as much as one likes" where a yes-or-no rule needs a number: far more than any of the small cases has a use for."""


class Books:
    """``flow`` and ``given``: (item, site, period) -> what comes in (goes out, below 0), as columns and as a number.

    ``hours``: (resource, period) -> columns with the hours that a unit of each takes.
    """

    def __init__(self, far: float = FAR) -> None:
        self.far = far
        self.program = Program()
        self.flow: dict[tuple[str, str, int], list[tuple[int, float]]] = defaultdict(list)
        self.given: dict[tuple[str, str, int], float] = defaultdict(float)
        self.hours: dict[tuple[str, int], list[tuple[int, float]]] = defaultdict(list)
        self._without_limit: list[int] = []

    def priced(
        self,
        name: str,
        key: tuple[Hashable, ...],
        price: float | None,
        terms: list[tuple[int, float]],
        low: float = -INF,
        high: float = INF,
    ) -> None:
        """A lower or an upper limit that is hard where it has no price, and broken at that price otherwise."""
        if price is not None:
            terms = [*terms, (self.program.amount(name, *key, cost=price), 1.0 if low > -INF else -1.0)]
        self.program.rule(terms, low, high)

    def yes_or_no(
        self,
        name: str,
        key: tuple[Hashable, ...],
        amount: int,
        cost: float,
        least: float | None,
        most: float,
        whole: bool,
    ) -> int:
        """A column that is 1 where ``amount`` is more than 0, which is then ``least`` at least and ``most`` at most."""
        if most > self.far:
            self._without_limit.append(amount)
            most = self.far
        gate = self.program.amount(name, *key, cost=cost, most=1.0, whole=whole)
        self.program.rule([(amount, 1.0), (gate, -most)], high=0.0)
        if least:
            self.program.rule([(amount, 1.0), (gate, -least)], low=0.0)
        return gate

    def goes_far(self, x: Any) -> bool:
        """Whether an amount without a limit of its own comes near to ``far``."""
        return any(x[j] > self.far - 1 for j in self._without_limit)

    def in_lots(self, name: str, key: tuple[Hashable, ...], amount: int, size: float | None, whole: bool) -> None:
        """``amount`` is a whole multiple of ``size``."""
        if size:
            self.program.rule([(amount, 1.0), (self.program.amount(name, *key, whole=whole), -size)], low=0.0, high=0.0)
