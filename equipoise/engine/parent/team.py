"""One child that answers, and mates that look for better plans beside it; plans and guides pass between them."""

from __future__ import annotations

import queue
from types import TracebackType

from equipoise.engine.parent.process import Child, Ended, Events, Workers
from equipoise.engine.wire import Frame


class Team:
    """The children of one task under one queue. The first is the main one: its last word is the answer."""

    def __init__(self, task: Frame, workers: Workers):
        self._events: Events = queue.Queue()
        self._workers = workers
        self.main = Child(task, workers, self._events)
        self._mates: list[Child] = []
        self._gone: set[int] = set()
        self._passed: dict[str, Frame] = {}

    def __enter__(self) -> Team:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in self._all:
            child.close()

    @property
    def _all(self) -> list[Child]:
        return [self.main, *self._mates]

    def join(self, task: Frame) -> None:
        """One more mate, where one can be started; it hears at once what was passed on before."""
        try:
            mate = Child(task, self._workers, self._events)
        except OSError:
            return  # a plan does not depend on it
        self._mates.append(mate)
        for frame in self._passed.values():
            mate.tell(frame)

    def next(self, seconds: float) -> tuple[Child, Frame | Ended] | None:
        """Who says what next; None when nobody says anything for so long."""
        try:
            child, event = self._events.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
        if isinstance(event, Ended):
            self._gone.add(child.pid)
        return child, event

    def pass_on(self, frame: Frame, of: Child) -> None:
        """Tell all others; those that come later hear the last frame of its kind, too."""
        self._passed[frame.kind] = frame
        for child in self._all:
            if child is not of and child.pid not in self._gone:
                child.tell(frame)

    def stop(self) -> None:
        """Ask all for an early end."""
        for child in self._all:
            child.stop()
