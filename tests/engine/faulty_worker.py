"""A child that goes wrong on purpose: ``faulty_worker.py FAULT TIMES TALLY``.

The first TIMES children (counted in the file TALLY, one line each) show the FAULT, later ones work as they should.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.engine import wire
from equipoise.engine.progress import Watch
from equipoise.engine.worker import pipes, serve, work


def crash_at_start() -> None:
    print("no library to load", file=sys.stderr, flush=True)
    os._exit(1)


def garbage() -> None:
    sys.stdout.write("Running HiGHS 0.0: this is no frame\n" * 3)
    sys.stdout.flush()
    os._exit(0)


def crash_in_search() -> None:
    """Die once the search itself has reported a plan."""
    real = Watch.point

    def point(self: Watch, x: np.ndarray, objective: float, clean: bool, *more: Any) -> None:
        real(self, x, objective, clean, *more)
        if not clean:
            os._exit(9)

    Watch.point = point  # type: ignore[method-assign]
    serve(work)


def wrong_infeasible() -> None:
    serve(lambda frame, watch: wire.Frame("result", {"claim": "infeasible"}))


def wrong_plan() -> None:
    """Call a point clean that keeps no row, and the bound the cost of it."""

    def lie(frame: wire.Frame, watch: Watch) -> wire.Frame:
        words = {"claim": "optimal", "objective": 0.0, "miss": 0.0, "bound": 0.0, "origin": "made up"}
        return wire.Frame("result", words, {"x": frame.arrays["lower"] * 0.0})

    serve(lie)


def deaf() -> None:
    """Report the plan to begin from as found by the search, then neither end nor listen."""
    stdin, out = pipes()
    frame = wire.receive(stdin)
    assert frame is not None
    given = frame.arrays["given"]
    found = float(frame.arrays["cost"] @ given)
    words = {"objective": found, "bound": 1.0, "stage": "search", "own": found, "clean": False}
    wire.send(out, wire.Frame("point", words, {"x": given}))
    time.sleep(60)


def good() -> None:
    serve(work)


def main() -> None:
    fault, times, tally = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    before = len(tally.read_text().splitlines()) if tally.exists() else 0
    with tally.open("a") as file:
        file.write(f"{os.getpid()}\n")
    globals()[fault if before < times else "good"]()


if __name__ == "__main__":
    main()
