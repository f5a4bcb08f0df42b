"""Ctrl-C while a solve runs: the first one asks for an early end, the second one breaks off."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interrupts:
    """Within ``with``: ``asked()`` says whether Ctrl-C was pressed or the event of the caller is set.

    Only Python's own way to handle Ctrl-C is replaced, only in the main thread (no other thread is told of it), and
    it is put back in the end.
    """

    def __init__(self, event: threading.Event | None):
        self._event = event or threading.Event()
        self._pressed = False
        self._before: Any = None

    def asked(self) -> bool:
        return self._pressed or self._event.is_set()

    def __enter__(self) -> Interrupts:
        ours = threading.current_thread() is threading.main_thread()
        if ours and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self._pressed:
            raise KeyboardInterrupt
        self._pressed = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
