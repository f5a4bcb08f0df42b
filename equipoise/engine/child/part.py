"""One of several independent blocks, as the child that solves them sees it: what is known of it, and its watch."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from equipoise.engine.blocks import Block
from equipoise.engine.child.progress import Watch
from equipoise.engine.matrix import Floats, Matrix
from equipoise.engine.meaning import Meaning
from equipoise.engine.points import Point, judged, objective
from equipoise.engine.verdict import believable
from equipoise.engine.wire import Frame


@dataclass(eq=False)
class Part:
    """One block and what is known of it. ``raw`` is a point as a solver reported it, only where cheaper than ``best``."""

    block: Block
    matrix: Matrix
    meaning: Meaning | None
    best: Point | None = None
    raw: Point | None = None
    bound: float = -math.inf
    origin: str = ""
    claim: str = "time"
    steps: list[str] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Of the best plan; infinite without one."""
        return self.best.objective if self.best else math.inf

    def found(self, x: Floats) -> bool:
        """Take over a plan; false where it is none, or no better one."""
        point = judged(self.matrix, x)
        better = point.clean and point.objective < self.cost
        if better:
            self.best = point
            if not believable(self.matrix, point, self.bound):
                self.bound, self.origin = -math.inf, ""
            self.raw = self.raw if self.raw and self.raw.objective < point.objective else None
        return better

    def reported(self, x: Floats) -> bool:
        """Take over a point that a solver reported; false where it is no cheaper than what is known."""
        cost = objective(self.matrix, x)
        better = cost < min(self.cost, self.raw.objective if self.raw else math.inf)
        if better:
            self.raw = Point(x, cost, math.inf)
        return better

    def raised(self, bound: float | None, origin: str) -> None:
        """Take over a bound, where it does not lie above a plan: in the sum over all blocks it would hide."""
        if bound is None or (self.best is not None and not believable(self.matrix, self.best, bound)):
            return
        if bound > self.bound:
            self.bound, self.origin = bound, origin


class Window(Watch):
    """The watch of one block: it has some of the time of the ``whole``, and what it is told goes to ``hear``.

    ``enough`` says that the whole needs no more; ``guide`` how promising the columns of the block are.
    """

    def __init__(
        self,
        whole: Watch,
        part: Part,
        seconds: float,
        hear: Callable[[Part, Frame], None],
        enough: Callable[[], bool],
        guide: Floats | None,
    ):
        super().__init__(io.BytesIO(), seconds)
        self._whole, self._part, self._tell, self._enough = whole, part, hear, enough
        self._finishing = False
        self.guide = guide

    def send(self, frame: Frame) -> None:
        self._tell(self._part, frame)

    @property
    def stopped(self) -> bool:
        return not self._finishing and (self._whole.stopped or self._enough())

    def finish(self, seconds: float) -> None:
        self._finishing = True
        super().finish(seconds)

    def news(self, than: float | None) -> Floats | None:
        news = self._whole.news(None)
        if news is None:
            return None
        own = news[self._part.block.columns]
        worth = than is None or objective(self._part.matrix, own) < than - 1e-9 * abs(than)
        return own if worth else None
