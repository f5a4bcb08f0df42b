"""The child process of a solve: ``python -m equipoise.engine.child.worker``. Reads one task, answers in frames, ends.

Whatever libraries print goes to standard error, so that frames stay whole. The end of standard input means that the
parent is gone, and ends the child at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO

from equipoise.engine import wire
from equipoise.engine.child.progress import Watch
from equipoise.engine.child.task import Task
from equipoise.engine.child.tasks import TASKS


def pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input, and a private copy of standard output; what others print goes to standard error from now on."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, out


def cap_memory(megabytes: int | None) -> None:
    """Let the operating system refuse more memory than this. Windows has no such limit: there it does nothing."""
    if megabytes is None or sys.platform == "win32":
        return
    import resource

    most = megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def serve(work: Callable[[wire.Frame, Watch], wire.Frame]) -> None:
    """Read a task, do the work, send the result, end the process without tidying up."""
    stdin, out = pipes()
    frame = wire.receive(stdin)
    if frame is None:
        os._exit(0)
    cap_memory(frame.words["memory_mb"])
    watch = Watch(out, wire.seconds_left(frame))
    watch.listen(stdin)
    try:
        result = work(frame, watch)
    except MemoryError:
        result = wire.Frame("result", {"claim": "memory"})
    except Exception:
        traceback.print_exc()  # the parent reads the last line
        sys.stderr.flush()
        os._exit(1)
    watch.send(result)
    os._exit(0)


def work(frame: wire.Frame, watch: Watch) -> wire.Frame:
    """Do what the frame asks for."""
    matrix, limits = wire.matrix_of(frame), wire.limits_of(frame)
    given = frame.arrays.get("given")
    task = Task(matrix, limits, frame.words["options"], given, watch, wire.meaning_of(frame))
    return TASKS[frame.kind](task).frame()


if __name__ == "__main__":
    serve(work)
