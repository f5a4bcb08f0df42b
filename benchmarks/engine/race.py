"""One solver on one job: its process is started, heard, measured, and ended when it does not end by itself."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.engine.job import Job
from benchmarks.engine.judge import Verdict, judge
from benchmarks.engine.results import SAME, Run
from benchmarks.engine.solvers import SOLVERS
from benchmarks.measure import proportional_mb
from equipoise.case import Case
from equipoise.engine.matrix import Matrix

LOADING = 600.0
"""Seconds a process may take to load the matrix."""
GRACE = 15.0
"""Seconds past the limit after which a process is ended."""
LOOK = 1.0
"""Seconds between two looks at the memory; a run that is over sooner has no figure."""


class Race:
    """One instance, compiled: every solver gets the same matrix."""

    def __init__(self, matrix: Matrix, case: Case | None, building: float = 0.0):
        self.matrix, self.case = matrix, case
        self._building = building

    def run(self, run: Run, threads: int) -> Run:
        """Fill in what the solver of ``run`` does; the plan it leaves is judged. Gives the same object back."""
        with tempfile.TemporaryDirectory(prefix="engine-bench-") as name:
            job = Job(Path(name), run.limit, run.asked, threads, run.seed)
            job.write(self.matrix, self.case)
            # equipoise builds and compiles the case once more before its clock begins, and reads its plan out after it
            grace = GRACE + (3 * self._building if run.solver == "equipoise" else 0.0)
            _hear(_Process(run.solver, job), run, grace)
            verdict = judge(job, self.matrix)
        run.cost = verdict.cost
        if verdict.cost is not None:
            run.facts["x"] = verdict.x  # for figures of the set; taken out before anything is written
            if not run.told:
                run.told.append((run.seconds, verdict.cost))
        run.note = "; ".join(filter(None, (run.note, *_remarks(run, verdict))))
        return run


def _remarks(run: Run, verdict: Verdict) -> Iterator[str]:
    """What a reader of the table should know of a run."""
    if verdict.cost is None:
        yield verdict.words
    elif run.told[-1][1] < verdict.cost - SAME * max(1.0, abs(verdict.cost)):
        yield f"told of {run.told[-1][1]:,.6g}"
    if run.status != "killed" and run.seconds > run.limit + 2:
        yield f"{run.seconds - run.limit:.0f} s over the limit"


class _Process:
    """The process of a solver; its lines arrive on a queue, None at their end or where one is not of ours."""

    def __init__(self, solver: str, job: Job):
        module, *arguments = SOLVERS[solver].driver
        command = [sys.executable, "-m", f"benchmarks.engine.drivers.{module}", str(job.folder), *arguments]
        self.errors = (job.folder / "errors.txt").open("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        self.lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._garbled = ""  # a line that is no JSON
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        line = ""
        try:
            for line in self._process.stdout:
                self.lines.put(json.loads(line))
        except json.JSONDecodeError:
            self._garbled = line.strip()
        finally:
            self.lines.put(None)

    def memory(self) -> float | None:
        return proportional_mb(self._process.pid)

    def end(self) -> str:
        """End the process and its children; what it said that is no JSON, else the last line it complained with."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):  # all of them are gone already
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self.errors.seek(0)
        words = self.errors.read().strip().splitlines()
        self.errors.close()
        if self._garbled:
            return f"said {self._garbled}"
        return words[-1].strip() if words else ""


def _hear(process: _Process, run: Run, grace: float) -> None:
    """Note everything the process says, until it ends or its time is over."""
    complaint = ""
    try:
        over = _until_the_end(process, run, grace)
    finally:
        complaint = process.end()
    if over:
        run.status, run.seconds = "killed", run.limit + grace
        run.note = f"ended {grace:.0f} s past the limit"
    elif run.status == "failed":
        run.note = f"failed: {complaint[:120]}"


def _until_the_end(process: _Process, run: Run, grace: float) -> bool:
    """True when the process had to be given up."""
    deadline, look = time.monotonic() + LOADING, time.monotonic() + LOOK
    while time.monotonic() < deadline:
        if time.monotonic() >= look:
            used = process.memory()
            run.memory = max(run.memory or 0.0, used) if used is not None else run.memory
            look = time.monotonic() + LOOK
        try:
            said = process.lines.get(timeout=0.2)
        except queue.Empty:
            continue
        if said is None:
            return False
        if "ready" in said:
            deadline = time.monotonic() + run.limit + grace
        _note(run, said)
    return True


def _note(run: Run, said: dict[str, Any]) -> None:
    if "cost" in said:
        run.told.append((said["t"], said["cost"]))
    if "bound" in said:
        run.bounds.append((said["t"], said["bound"]))
        run.bound = said["bound"]
    if "end" in said:
        run.status, run.seconds = said["end"], said["t"]
        run.facts.update({k: v for k, v in said.items() if k not in ("end", "t")})
