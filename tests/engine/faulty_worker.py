"""A child that goes wrong on purpose: ``faulty_worker.py FAULT TIMES TALLY``.

The first TIMES children (counted in the file TALLY, one line each) show the FAULT, later ones work as they should.
Faults whose names begin with mate are those of mates: the main child waits until they are over, and works as it should.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.engine import wire
from equipoise.engine.child.progress import Watch
from equipoise.engine.child.worker import pipes, serve, work


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
        words = {"claim": "optimal", "objective": 0.0, "bound": 0.0, "origin": "made up"}
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


def main_killed() -> None:
    """The main child dies as soon as it hears of a mate's plan; the mate works as it should."""

    def die(frame: wire.Frame, watch: Watch) -> wire.Frame:
        if frame.kind.endswith("search"):
            return work(frame, watch)
        _wait(lambda: watch.news(None) is not None)
        os._exit(9)

    serve(die)


def main_waits() -> None:
    """No fault: the main child begins once a mate has found a plan, so that in a tiny problem there is something to share."""

    def late(frame: wire.Frame, watch: Watch) -> wire.Frame:
        if frame.kind == "solve":
            _wait(lambda: watch.news(None) is not None)
        return work(frame, watch)

    serve(late)


def _wait(over: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not over() and time.monotonic() < deadline:
        time.sleep(0.02)


def _beside(fault: Callable[[wire.Frame, Watch], None]) -> None:
    """The mate shows the fault, then the main child works."""

    def either(frame: wire.Frame, watch: Watch) -> wire.Frame:
        if not frame.kind.endswith("search"):
            _wait(_shown().exists)
            time.sleep(0.2)  # the parent hears the mate first
            return work(frame, watch)
        try:
            fault(frame, watch)
        finally:
            _shown().touch()
        return wire.Frame("result", {"claim": "infeasible", "steps": []})

    serve(either)


def _shown() -> Path:
    """There once the fault was shown."""
    return Path(f"{sys.argv[3]}.shown")


def _tell(watch: Watch, x: np.ndarray, own: float) -> None:
    """Call a point a clean plan of that cost."""
    watch.send(wire.Frame("point", {"own": own, "clean": True}, {"x": x}))


def mate_crashes_at_start() -> None:
    def crash(frame: wire.Frame, watch: Watch) -> None:
        raise RuntimeError("no mate today")

    _beside(crash)


def mate_crashes_with_a_plan() -> None:
    """Die once the first plan is told."""
    real = Watch.point

    def crash(frame: wire.Frame, watch: Watch) -> None:
        def point(self: Watch, *told: Any) -> None:
            real(self, *told)
            raise RuntimeError("no second plan")

        Watch.point = point  # type: ignore[method-assign]
        work(frame, watch)

    _beside(crash)


def mate_babbles() -> None:
    def babble(frame: wire.Frame, watch: Watch) -> None:
        _shown().touch()  # the parent ends who babbles
        watch._out.write(b"Running HiGHS 0.0: this is no frame\n" * 3)
        watch._out.flush()

    _beside(babble)


def mate_lies() -> None:
    """Plans that break rows or are no numbers, at a cost that no plan has, and a guide that says nothing."""

    def lie(frame: wire.Frame, watch: Watch) -> None:
        nothing = frame.arrays["lower"] * np.nan
        _tell(watch, frame.arrays["lower"] * 0.0, -1e9)
        _tell(watch, nothing, -1e12)
        _tell(watch, nothing, np.nan)
        watch.guidance(nothing)
        watch.tick(-1e9, None)

    _beside(lie)


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
