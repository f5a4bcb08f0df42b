"""Timing side by side, peak memory, and the words around the figures."""

from __future__ import annotations

import contextlib
import gc
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("equipoise", "pyomo", "highspy", "numpy", "scipy", "pandas", "openpyxl", "xlsxwriter")


def interleaved(ways: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each way in turn, A B A B, so that a slow minute of the machine hits all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            start = time.perf_counter()
            kept = way()
            seconds[name].append(time.perf_counter() - start)
            del kept
    return seconds


def in_own_process(module: str, *arguments: object) -> dict[str, Any]:
    """The JSON object that ``python -m benchmarks.module arguments`` prints last."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} ended with {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def peak_mb() -> float:
    """Most memory this process has held so far [MB]; not a number on Windows."""
    if sys.platform == "win32":
        return math.nan
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024**2 if sys.platform == "darwin" else 1024)


def proportional_mb(process: int) -> float | None:
    """Memory of a process and all that come from it, what they share counted once [MB]; None where the system does not say (not Linux)."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended while we looked
            # the name in brackets may hold anything; after it stand state and parent
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    family = {process}
    while more := {child for child, parent in parents.items() if parent in family and child not in family}:
        family |= more
    found = [mb for mb in map(_proportional, family) if mb is not None]
    return sum(found) if found else None


def _proportional(process: int) -> float | None:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return None


def exponent(sizes: Sequence[float], figures: Sequence[float]) -> float:
    """Slope of log figure against log size: 1 = linear growth."""
    x, y = [math.log(s) for s in sizes], [math.log(f) for f in figures]
    return statistics.linear_regression(x, y).slope


def spread(figures: Sequence[float], digits: int = 2) -> str:
    """Median and, in brackets, least to most."""
    return f"{statistics.median(figures):.{digits}f} ({min(figures):.{digits}f}-{max(figures):.{digits}f})"


def verdict(figure: float, most: float) -> str:
    return f"required at most {most:g}: {'met' if figure <= most else 'NOT MET'}"


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(others: Sequence[str] = ()) -> str:
    """Processor, cores, Python and package versions (those of ``others`` that are installed, too), in one paragraph."""
    packages = ", ".join(f"{name} {version(name)}" for name in (*PACKAGES, *filter(_installed, others)))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}; {packages}"


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
