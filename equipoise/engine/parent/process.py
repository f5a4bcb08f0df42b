"""The parent's side of a child process: start it, hear it, stop it, kill it. Never blocks for longer than asked."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from equipoise.engine import wire
from equipoise.engine.wire import Frame

WORKER = ("-P", "-m", "equipoise.engine.child.worker")
"""Arguments of the Python that becomes the child."""

_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""With start_new_session on other systems: Ctrl-C in the terminal reaches the parent alone."""


@dataclass(frozen=True)
class Ended:
    """The child is gone without a result; ``words`` say how."""

    words: str


Events = queue.Queue[tuple["Child", Frame | Ended]]


class Child:
    """One child process with one task. Frames come out of ``next``; close it in the end. Raises OSError when it cannot be started.

    Children given one ``events`` queue put what they say into it, each beside itself.
    """

    def __init__(self, task: Frame, arguments: Sequence[str] = WORKER, events: Events | None = None):
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._events: Events = queue.Queue() if events is None else events
        self._orders: queue.Queue[Frame | None] = queue.Queue()
        try:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=_environment(),
                start_new_session=True,
                creationflags=_GROUP,
            )
        except OSError:
            self._errors.close()
            raise
        self._orders.put(task)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._writer = threading.Thread(target=self._write, args=(self._process.stdin,), daemon=True)
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._writer.start()
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def next(self, seconds: float) -> Frame | Ended | None:
        """What the child says next; None when it says nothing for so long."""
        try:
            return self._events.get(timeout=max(0.0, seconds))[1]
        except queue.Empty:
            return None

    def stop(self) -> None:
        """Ask for an early end."""
        self.tell(Frame("stop"))

    def tell(self, frame: Frame) -> None:
        """Say something to the child; a child that is gone does not hear it."""
        self._orders.put(frame)

    def close(self) -> None:
        """End the child, whatever it does, and let go of its pipes."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._orders.put(None)
        self._writer.join()
        self._reader.join()
        self._errors.close()

    def _write(self, pipe: BinaryIO) -> None:
        with contextlib.suppress(OSError):  # a child that is gone is reported by the reader
            while (order := self._orders.get()) is not None:
                wire.send(pipe, order)
        with contextlib.suppress(OSError):  # what was still buffered has no reader
            pipe.close()

    def _read(self, pipe: BinaryIO) -> None:
        words = ""
        try:
            while (frame := wire.receive(pipe)) is not None:
                self._events.put((self, frame))
        except wire.GarbledError as error:
            words = f"the solver process answered in no known form: {error}"
            self._process.kill()
        finally:
            pipe.close()
            code = self._process.wait()
            self._events.put((self, Ended(words or f"the solver process ended {_how(code)}{self._last_words()}")))

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read()[-4000:].decode(errors="replace").strip().splitlines()
        return f": {lines[-1].strip()}" if lines else ""


def _how(code: int) -> str:
    if code >= 0:
        return f"with code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"


def _environment() -> dict[str, str]:
    """This package can be imported, nothing from the working folder can, and numpy starts no threads of its own."""
    home = str(Path(__file__).resolve().parents[3])
    others = os.environ.get("PYTHONPATH", "")
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **single, "PYTHONPATH": os.pathsep.join(filter(None, (home, others)))}
