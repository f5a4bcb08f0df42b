"""What a solver's own process is given, and how it tells what it finds: a folder with files, and JSON lines on standard output.

The folder holds ``job.json``, ``matrix.npz`` and, where there is a case, ``case.pickle``; the process leaves its plan in ``plan.npy``
(a figure a column, not a number where the column is left to the judge).
"""

from __future__ import annotations

import json
import math
import os
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.case import Case
from equipoise.engine.matrix import Floats, Matrix
from equipoise.engine.wire import ARRAYS


@dataclass(frozen=True)
class Job:
    """One run: stop after ``limit`` seconds of solving, or when the plan is proven within ``gap`` (relative)."""

    folder: Path
    limit: float
    gap: float
    threads: int
    seed: int

    def write(self, matrix: Matrix, case: Case | None) -> None:
        """Fill the folder."""
        words = {"limit": self.limit, "gap": self.gap, "threads": self.threads, "seed": self.seed}
        (self.folder / "job.json").write_text(json.dumps(words), encoding="utf-8")
        arrays = {name: getattr(matrix, name) for name in ARRAYS}
        np.savez(self.folder / "matrix.npz", offset=matrix.offset, **arrays)
        if case is not None:
            (self.folder / "case.pickle").write_bytes(pickle.dumps(case))

    @staticmethod
    def read(folder: Path) -> Job:
        """The job of a folder."""
        return Job(folder, **json.loads((folder / "job.json").read_text(encoding="utf-8")))

    def matrix(self) -> Matrix:
        """The matrix to solve."""
        with np.load(self.folder / "matrix.npz") as file:
            return Matrix(**{name: file[name] for name in ARRAYS}, offset=float(file["offset"]))

    def case(self) -> Case | None:
        """The case the matrix was made of; None where there is none."""
        file = self.folder / "case.pickle"
        return pickle.loads(file.read_bytes()) if file.exists() else None  # our own file of a minute ago

    def plan(self) -> Floats | None:
        """The plan the process left; None where it left none."""
        file = self.folder / "plan.npy"
        return np.load(file) if file.exists() else None


class Reporter:
    """The process's voice. Seconds count from ``begin``; whatever libraries print goes to standard error."""

    def __init__(self, job: Job):
        self._job = job
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._began = time.monotonic()
        self._cost = math.inf
        self._bound = -math.inf
        self._next_save = 0.0

    def begin(self) -> None:
        """The matrix is loaded and the solver is asked to start: the clock begins."""
        self._began = time.monotonic()
        self._say(ready=True)

    def seconds(self) -> float:
        return time.monotonic() - self._began

    def tell(self, cost: float | None = None, bound: float | None = None, seconds: float | None = None) -> None:
        """A plan's cost or a bound; passed on when it is better than what was told before."""
        better = {}
        if cost is not None and cost < self._cost and math.isfinite(cost):
            better["cost"] = self._cost = cost
        if bound is not None and bound > self._bound and math.isfinite(bound):
            better["bound"] = self._bound = bound
        if better:
            self._say(t=self.seconds() if seconds is None else seconds, **better)

    def wants_plan(self) -> bool:
        """Whether it is worth saving a plan again: saving takes at most a twentieth of the time."""
        return self.seconds() >= self._next_save

    def save(self, x: Floats) -> None:
        """Leave a plan in the folder, in place of the last one."""
        began = self.seconds()
        new = self._job.folder / "new.npy"
        np.save(new, x)
        new.replace(self._job.folder / "plan.npy")
        now = self.seconds()
        self._next_save = now + max(0.5, 20 * (now - began))

    def end(self, status: str, x: Floats | None = None, **words: Any) -> None:
        """The last word: optimal (within the gap asked for), limit, infeasible, none or failed. ``words`` go into the results."""
        seconds = self.seconds()
        if x is not None:
            self.save(x)
        self._say(end=status, t=words.pop("seconds", seconds), **words)

    def _say(self, **words: Any) -> None:
        self._out.write(json.dumps(words) + "\n")
        self._out.flush()
