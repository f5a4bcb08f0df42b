"""CBC: the program that comes with PuLP, given the matrix as an MPS file.

It tells of its plans in its log only, in blocks of some lines: where a line says after how many seconds, that counts. Its final plan
comes with eight digits and is completed by the judge.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.engine.job import Job, Reporter
from benchmarks.engine.mps import write_mps
from equipoise.engine.matrix import Floats

_NUMBER = r"([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)"
_PLAN = re.compile(rf"Integer solution of {_NUMBER} found", re.IGNORECASE)
_BOUND = re.compile(rf"best possible {_NUMBER}", re.IGNORECASE)
_FINAL = re.compile(rf"^Lower bound: +{_NUMBER}")
_SECONDS = re.compile(r"\(([0-9.]+) seconds\)")
ENDLESS = 1e30


def hear(line: str, reporter: Reporter, offset: float) -> None:
    """Pass on what a line of the log says."""
    seconds = _SECONDS.search(line)
    at = float(seconds[1]) if seconds else None
    if plan := _PLAN.search(line):
        reporter.tell(float(plan[1]) + offset, seconds=at)
    for pattern in (_BOUND, _FINAL):
        if (found := pattern.search(line)) and abs(float(found[1])) < ENDLESS:
            reporter.tell(bound=float(found[1]) + offset, seconds=at)


def plan_of(path: Path, columns: int) -> tuple[str, Floats | None]:
    """The first line of the solution file, and the plan where it has one that CBC calls feasible."""
    if not path.exists():
        return "", None
    head, *lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    if (
        "infeasible" in head.lower()
        or "no integer solution" in head.lower()
        or any(li.startswith("**") for li in lines)
    ):
        return head, None
    x = np.zeros(columns)
    for line in lines:
        _, name, value, _ = line.split()
        x[int(name[1:])] = float(value)
    return head, x


def main(folder: Path) -> None:
    import pulp  # the rest of this module reads text only

    job = Job.read(folder)
    reporter = Reporter(job)
    m = job.matrix()
    model, answer = folder / "model.mps", folder / "answer.txt"
    write_mps(m, model)
    command = [
        pulp.PULP_CBC_CMD().path, str(model), "-threads", str(job.threads), "-sec", str(job.limit), "-timeMode", "elapsed",
        "-ratioGap", str(job.gap), "-randomCbcSeed", str(job.seed + 1), "-log", "1", "-solve", "-solu", str(answer),
    ]  # fmt: skip
    reporter.begin()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        assert process.stdout is not None
        for line in process.stdout:
            hear(line, reporter, m.offset)
            if "not valid" in line:
                raise RuntimeError("CBC cannot read the matrix")
    seconds = reporter.seconds()
    head, x = plan_of(answer, m.columns)
    if x is not None:
        reporter.tell(float(m.cost @ x) + m.offset, seconds=seconds)
    if head.startswith("Optimal") and x is not None:
        status, cost = "optimal", float(m.cost @ x) + m.offset
        reporter.tell(bound=cost - job.gap * abs(cost), seconds=seconds)  # its log states no bound then
    else:
        status = "infeasible" if head.startswith("Infeasible") else "limit" if not process.returncode else "failed"
    reporter.end(status, x, seconds=seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
