"""Ctrl-C or a request to terminate: the first two ask for an early end, the third one breaks off.

While nothing can be lost yet (a case is read and checked) the first one breaks off.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_USUAL = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
"""What is replaced, as Python sets it: who has a handler of his own keeps it."""
EXIT_CODE = 130
"""Of a command that was interrupted, by Ctrl-C or by a request to terminate."""
NOTHING_WRITTEN = "Interrupted: nothing was written."
BREAKS_OFF = 3
_WORDS = (
    "Interrupted: the best plan found so far is checked and written, which may take some seconds. "
    "Two more interrupts break off without it.",
    "Interrupted again: still finishing. The next interrupt breaks off, and a plan that is not written is lost.",
)


class Interrupts:
    """Within ``with``: ``asked()`` says whether Ctrl-C was pressed, the process was told to terminate (as services are, when
    they are stopped), or the event of the caller is set.

    ``at_stake``: there may be something to lose already; without it the first signal breaks off, until another one that has something
    at stake joins in. ``aloud``: say on the error stream what a signal does. Who enters within another one shares what that one hears.
    To break off is KeyboardInterrupt, or SystemExit where the process was told to terminate. Only in the main thread (no other thread
    is told of signals), and all is put back in the end.
    """

    def __init__(self, event: threading.Event | None = None, *, at_stake: bool = True, aloud: bool = False):
        self._event = event or threading.Event()
        self.at_stake, self._aloud = at_stake, aloud
        self._heard: list[int] = []
        self._broken_off = self._deaf = False
        self._outer: Interrupts | None = None
        self._before: dict[signal.Signals, Any] = {}

    def asked(self) -> bool:
        return bool(self._heard) or self._event.is_set() or (self._outer is not None and self._outer.asked())

    @property
    def broken_off(self) -> bool:
        """A signal has broken off what was done; whatever exception comes up since is its doing."""
        return self._broken_off or (self._outer is not None and self._outer.broken_off)

    def close_ears(self, for_good: bool = False) -> None:
        """Pass over whatever comes from now on, ``for_good`` also after ``with``: to tidy up is not worth a traceback."""
        if self._outer is not None:
            self._outer.close_ears()
        self._deaf = True
        if for_good:
            self._before = dict.fromkeys(self._before, signal.SIG_IGN)

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            handlers = {number: signal.getsignal(number) for number in _USUAL}
            owners = (getattr(handler, "__self__", None) for handler in handlers.values())
            self._outer = next((owner for owner in owners if isinstance(owner, Interrupts)), None)
            if self._outer is not None and self.at_stake:
                self._outer._has_something_at_stake()
            for number, usual in _USUAL.items():
                if handlers[number] is usual:
                    self._before[number] = signal.signal(number, self._hear)
        return self

    def _has_something_at_stake(self) -> None:
        if self._outer is not None:
            self._outer._has_something_at_stake()
        if self._heard and not self.at_stake:
            self._break_off(self._heard[0])  # what it broke off has swallowed it
        self.at_stake = True

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self._deaf:
            return
        self._heard.append(number)
        if not self.at_stake or len(self._heard) >= BREAKS_OFF:
            self._break_off(number)
        if self._aloud:
            with contextlib.suppress(OSError):  # past sys.stderr, in whose midst a signal may come
                os.write(2, f"\n{_WORDS[len(self._heard) - 1]}\n".encode())

    def _break_off(self, number: int) -> None:
        self._broken_off = True
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
