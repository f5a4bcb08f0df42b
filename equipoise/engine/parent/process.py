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
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
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


@dataclass(frozen=True)
class Worker:
    """A process that waits for a task, and the file that it complains to."""

    process: subprocess.Popen[bytes]
    errors: BinaryIO

    @staticmethod
    def start(arguments: Sequence[str]) -> Worker:
        """Raises OSError when it cannot be started."""
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        try:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(),
                start_new_session=True,
                creationflags=_GROUP,
            )
        except OSError:
            errors.close()
            raise
        return Worker(process, errors)

    def end(self) -> None:
        """At once, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """End one that was never given a task."""
        self.end()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()


class Workers:
    """Where children come from. Some can be started ahead: they load their libraries while the model is built.

    One ahead takes 0.3 s off a small plan on two cores; a second one takes half of it away again. ``arguments`` are those of the Python
    that becomes the child. Close it in the end: what nobody needed ends.
    """

    def __init__(self, arguments: Sequence[str] = WORKER, ahead: int = 0):
        self._arguments = arguments
        self._ahead: deque[Worker] = deque()
        with contextlib.suppress(OSError):  # told by ``take``, when one is needed
            for _ in range(ahead):
                self._ahead.append(Worker.start(arguments))

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def take(self) -> Worker:
        """One for a task, by any thread. Raises OSError when there is none and none can be started."""
        while True:
            try:
                worker = self._ahead.popleft()
            except IndexError:
                return Worker.start(self._arguments)
            if worker.process.poll() is None:
                return worker
            worker.close()

    def close(self) -> None:
        """End those that wait."""
        while self._ahead:
            self._ahead.popleft().close()


class Child:
    """One child process with one task. Frames come out of ``next``; close it in the end. Raises OSError when it cannot be started.

    Children given one ``events`` queue put what they say into it, each beside itself.
    """

    def __init__(self, task: Frame, workers: Workers, events: Events | None = None):
        self._events: Events = queue.Queue() if events is None else events
        self._orders: queue.Queue[Frame | None] = queue.Queue()
        self._worker = workers.take()
        self._process, self._errors = self._worker.process, self._worker.errors
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
        self._worker.end()
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
