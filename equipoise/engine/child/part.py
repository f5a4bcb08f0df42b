"""One of several independent blocks, as the child that solves them sees it: what is known of it, and its watch."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass

from equipoise.engine.child.progress import Watch
from equipoise.engine.known import KnownOfBlock
from equipoise.engine.matrix import Floats
from equipoise.engine.points import Point, judged, objective
from equipoise.engine.wire import Frame


@dataclass(eq=False, kw_only=True)
class Part(KnownOfBlock):
    """One block. ``raw`` is a point as a solver reported it, only where cheaper than the best plan."""

    raw: Point | None = None
    claim: str = "time"

    def found(self, x: Floats) -> bool:
        """Take over a plan; false where it is none, or no better one."""
        point = judged(self.matrix, x)
        better = point.clean and self.accept(point)
        if better:
            self.raw = self.raw if self.raw and self.raw.objective < point.objective else None
        return better

    def reported(self, x: Floats) -> bool:
        """Take over a point that a solver reported; false where it is no cheaper than what is known."""
        cost = objective(self.matrix, x)
        better = cost < min(self.cost, self.raw.objective if self.raw else math.inf)
        if better:
            self.raw = Point(x, cost, math.inf)
        return better


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
