"""Ctrl-C or a request to terminate while a solve runs: the first one asks for an early end, the second one breaks off."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_USUAL = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
"""What is replaced, as Python sets it: who has a handler of his own keeps it."""


class Interrupts:
    """Within ``with``: ``asked()`` says whether Ctrl-C was pressed, the process was told to terminate (as services are, when
    they are stopped), or the event of the caller is set.

    Only in the main thread (no other thread is told of signals), and all is put back in the end.
    """

    def __init__(self, event: threading.Event | None):
        self._event = event or threading.Event()
        self._heard = False
        self._before: dict[signal.Signals, Any] = {}

    def asked(self) -> bool:
        return self._heard or self._event.is_set()

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number, usual in _USUAL.items():
                if signal.getsignal(number) is usual:
                    self._before[number] = signal.signal(number, self._hear)
        return self

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self._heard:
            raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)
        self._heard = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
