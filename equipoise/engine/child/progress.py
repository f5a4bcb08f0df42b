"""The child's side of the conversation: what it tells its parent while it works, and when it has to stop."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
import traceback
from typing import BinaryIO, Protocol

from equipoise.engine import wire
from equipoise.engine.matrix import Floats
from equipoise.engine.verdict import relative_gap

PAUSE = 0.2
"""Seconds between two progress messages without a new plan."""
ORPHANED = 3
"""Exit code of a child whose parent is gone."""


class WatchLike(Protocol):
    """What solvers, plans to begin from and the search ask of a watch and tell it; ``Watch`` says what each means."""

    @property
    def guide(self) -> Floats | None: ...
    def left(self) -> float: ...
    def must_end(self) -> bool: ...
    def news(self, than: float | None) -> Floats | None: ...
    def stage(self, words: str) -> None: ...
    def note(self, words: str) -> None: ...
    def tick(self, objective: float | None, bound: float | None, origin: str = "") -> None: ...
    def point(self, x: Floats, objective: float, clean: bool, bound: float | None = None, origin: str = "") -> None: ...


class Watch:
    """Told of everything a solve finds; knows the deadline and whether the parent asked for an early end."""

    def __init__(self, out: BinaryIO, seconds: float):
        self._out = out
        self._deadline = time.monotonic() + seconds
        self._last = -PAUSE
        self._stage = ""
        self._stop = threading.Event()
        self._sending = threading.Lock()
        self._news: tuple[float, Floats] | None = None
        self.guide: Floats | None = None
        self.objective: float | None = None
        self.bound: float | None = None
        self._others_bound = -math.inf
        self._origin = ""
        self._note = ""

    def listen(self, stream: BinaryIO) -> None:
        """Hear the parent in the background: a stop is kept, its end is ours."""
        threading.Thread(target=self._hear, args=(stream,), daemon=True).start()

    def _hear(self, stream: BinaryIO) -> None:
        try:
            while (frame := wire.receive(stream)) is not None:
                self.take(frame)
        except Exception:
            traceback.print_exc()  # the parent reads the last line
            sys.stderr.flush()
        finally:
            os._exit(ORPHANED)

    def take(self, frame: wire.Frame) -> None:
        """What the parent says: a stop, or what another child found."""
        if frame.kind == "stop":
            self._stop.set()
        elif frame.kind == "plan":
            self._news = (float(frame.words["objective"]), frame.arrays["x"])
        elif frame.kind == "bound":
            self._others_bound = max(self._others_bound, float(frame.words["bound"]))
        elif frame.kind == "guide":
            self.guide = frame.arrays["guide"]

    def news(self, than: float | None) -> Floats | None:
        """The last plan that the parent passed on from another child, where it is cheaper than ``than`` (None: any)."""
        if self._news is None or (than is not None and self._news[0] >= than - 1e-9 * abs(than)):
            return None
        return self._news[1]

    @property
    def gap(self) -> float:
        """Relative distance of the best plan and the best bound that are known here; infinite while one is missing."""
        plans = [found for found in (self.objective, self._news[0] if self._news else None) if found is not None]
        bound = max(self._others_bound, -math.inf if self.bound is None else self.bound)
        if not plans or bound == -math.inf:
            return math.inf
        return relative_gap(min(plans), bound)

    def guidance(self, guide: Floats) -> None:
        """Tell the others how promising each column is (between 0 and 1 for a whole one; NaN where nothing is known)."""
        self.guide = guide
        self.send(wire.Frame("guide", {}, {"guide": guide}))

    def strong(self) -> None:
        """Tell the parent that branch and bound may go over to a form with a strong relaxation, so that mates join later."""
        self.send(wire.Frame("strong"))

    @property
    def stopped(self) -> bool:
        """The parent asked for an early end."""
        return self._stop.is_set()

    def left(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self._deadline - time.monotonic())

    def finish(self, seconds: float) -> None:
        """What is left to do is short and worth it, past the deadline and past a stop; the parent's clock still runs."""
        self._stop.clear()
        self._deadline = time.monotonic() + seconds
        self.stage("finishing")

    def must_end(self) -> bool:
        """Time is over or an early end was asked for."""
        return self.stopped or self.left() <= 0

    def stage(self, words: str) -> None:
        """Something else begins."""
        self._stage = words
        self._last = -PAUSE
        self.tick(None, None)

    def note(self, words: str) -> None:
        """What was done so far, in words; goes with the next message."""
        self._note = words

    def tick(self, objective: float | None, bound: float | None, origin: str = "") -> None:
        """A figure moved; sent at most a few times a second. ``origin`` says where the bound comes from."""
        self._better(objective, bound, origin)
        now = time.monotonic()
        if now - self._last >= PAUSE:
            self._last = now
            self.send(wire.Frame("progress", self._words()))

    def point(self, x: Floats, objective: float, clean: bool, bound: float | None = None, origin: str = "") -> None:
        """A plan was found; sent at once, so that nothing can lose it. ``clean``: it keeps every row and is whole."""
        self._better(objective, bound, origin)
        self.send(wire.Frame("point", {**self._words(), "own": objective, "clean": clean}, {"x": x}))

    def send(self, frame: wire.Frame) -> None:
        """Send one frame; without a listener there is nothing left to do here."""
        try:
            with self._sending:  # with more than one thread HiGHS calls back from any of them
                wire.send(self._out, frame)
        except OSError:
            os._exit(ORPHANED)

    def _better(self, objective: float | None, bound: float | None, origin: str) -> None:
        if objective is not None and (self.objective is None or objective < self.objective):
            self.objective = objective
        if bound is not None and (self.bound is None or bound > self.bound):
            self.bound, self._origin = bound, origin

    def _words(self) -> dict[str, float | str | None]:
        return {
            "objective": self.objective,
            "bound": self.bound,
            "origin": self._origin,
            "stage": self._stage,
            "note": self._note,
        }
