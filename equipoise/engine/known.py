"""What is known of a problem while it is solved: the best plan, and the best bound that no plan belies."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Self

from equipoise.engine.blocks import Block, Split, meant
from equipoise.engine.matrix import Matrix
from equipoise.engine.meaning import Meaning
from equipoise.engine.points import Point
from equipoise.engine.verdict import believable


@dataclass(eq=False, kw_only=True)
class Known:
    """The best plan and the best bound (-inf: none) of a matrix, and where the bound comes from."""

    matrix: Matrix
    best: Point | None = None
    bound: float = -math.inf
    origin: str = ""

    @property
    def cost(self) -> float:
        """Of the best plan; infinite without one."""
        return self.best.objective if self.best else math.inf

    def accept(self, point: Point) -> bool:
        """Take over a plan; false where it is no better one. One that keeps every row beats one that does not."""
        better = self.best is None or (not point.clean, point.objective) < (not self.best.clean, self.best.objective)
        if better:
            self.best = point
            if self.belied(self.bound):
                self.bound, self.origin = -math.inf, ""
        return better

    def raise_bound(self, bound: float | None, origin: str) -> bool:
        """Take over a bound; false where it is no better one, or a false one."""
        better = bound is not None and bound > self.bound and not self.belied(bound)
        if better and bound is not None:
            self.bound, self.origin = bound, origin
        return better

    def belied(self, bound: float) -> bool:
        """A plan that keeps every row costs less. Dropped at once: in a sum over blocks such a bound would hide."""
        return self.best is not None and self.best.clean and not believable(self.matrix, self.best, bound)


@dataclass(eq=False, kw_only=True)
class KnownOfBlock(Known):
    """The same of one independent block, cut out of a whole; ``steps`` of its last solve."""

    block: Block
    meaning: Meaning | None
    steps: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, split: Split, block: Block, meaning: Meaning | None) -> Self:
        """Nothing is known yet; ``meaning`` is that of the whole."""
        return cls(block=block, matrix=split.cut(block), meaning=meant(meaning, block))
