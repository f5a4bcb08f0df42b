"""Children that crash, lie, babble, hang or lose their parent: nothing found is lost, nothing false is believed."""

from __future__ import annotations

import errno
import importlib.util
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matrices import LIMITS, lots, market_split, matrix

from equipoise.engine import wire
from equipoise.engine.child.progress import ORPHANED
from equipoise.engine.matrix import Limits, Matrix, Outcome, Progress
from equipoise.engine.parent import talks
from equipoise.engine.parent.process import Child, Ended, Workers
from equipoise.engine.parent.runner import run
from equipoise.engine.points import miss
from equipoise.errors import SolverError

FAULTY = str(Path(__file__).with_name("faulty_worker.py"))


class Faulty:
    """Runs a matrix with children that go wrong, and counts them."""

    def __init__(self, folder: Path):
        self._tally = folder / "tally"

    def run(self, problem: Matrix, fault: str, times: int, limits: Limits = LIMITS, **more: object) -> Outcome:
        return run(problem, limits, workers=Workers((FAULTY, fault, str(times), str(self._tally))), **more)  # type: ignore[arg-type]

    @property
    def children(self) -> int:
        return len(self._tally.read_text().splitlines())


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    return Faulty(tmp_path)


def two_setups() -> Matrix:
    """Two machines of 5 for 7 units at a set-up of 10 and 12 and 1 a unit: both, 29."""
    rows = [(-np.inf, [1, 0, -5, 0], 0), (-np.inf, [0, 1, 0, -5], 0), (7, [1, 1, 0, 0], np.inf)]
    return matrix([1, 1, 10, 12], rows, upper=[np.inf, np.inf, 1, 1], integer=[2, 3])


@pytest.mark.parametrize(
    ("fault", "words"),
    [("crash_at_start", "ended with code 1: no library to load"), ("garbage", "answered in no known form")],
)
def test_a_child_that_breaks_down_is_replaced(faulty: Faulty, fault: str, words: str) -> None:
    outcome = faulty.run(two_setups(), fault, times=1)
    assert (outcome.status, outcome.objective) == ("optimal", 29)
    assert faulty.children == 2
    assert words in outcome.steps[0]
    assert outcome.steps[1] == "trying again: HiGHS without its RINS heuristic"


def test_nothing_but_crashes_is_an_error_that_says_what_was_tried(faulty: Faulty) -> None:
    with pytest.raises(SolverError) as caught:
        faulty.run(two_setups(), "crash_at_start", times=99)
    assert str(caught.value).count("no library to load") == faulty.children == 4
    assert "trying again: HiGHS without presolve" in str(caught.value)
    assert "There is no plan. A solver process that is killed or cannot start" in str(caught.value)


def starts(monkeypatch: pytest.MonkeyPatch, *allowed: int) -> None:
    """Only these children can be started, counted from 1."""
    real, seen = subprocess.Popen, [0]

    def start(*arguments: object, **named: object) -> object:
        seen[0] += 1
        if seen[0] not in allowed:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", start)


def test_a_child_that_cannot_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    starts(monkeypatch, 2)
    outcome = run(two_setups(), LIMITS)
    assert (outcome.status, outcome.objective) == ("optimal", 29)
    assert outcome.steps[0] == "the solver process could not be started (No space left on device)"


def test_no_child_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    starts(monkeypatch)
    with pytest.raises(SolverError, match=r"could not be started \(No space left on device\)"):
        run(two_setups(), LIMITS)


def test_a_plan_is_not_lost_when_no_more_child_can_be_started(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    starts(monkeypatch, 1)
    outcome = faulty.run(lots(6, 8), "crash_in_search", times=1)
    assert outcome.x is not None
    assert any("could not be started" in step for step in outcome.steps)


def test_a_mate_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talks, "UNNAMED_START", 0.0)
    starts(monkeypatch, 1)
    outcome = run(two_setups(), replace(LIMITS, threads=2))
    assert (outcome.status, outcome.objective) == ("optimal", 29)
    assert not any("could not be started" in step for step in outcome.steps)


def test_a_crash_in_the_search_loses_no_plan(faulty: Faulty) -> None:
    """The search dies with its first plan, each time it is tried: the best plan known is still the answer."""
    seen: list[Progress] = []
    outcome = faulty.run(lots(8, 10), "crash_in_search", times=4, limits=Limits(30, 1e-6), progress=seen.append)
    assert outcome.status == "stopped"
    assert outcome.objective is not None
    assert outcome.objective <= min(p.objective for p in seen if p.objective is not None) * (1 + 1e-6)
    assert sum("ended with code 9" in step for step in outcome.steps) == 4
    assert outcome.bound is not None


def test_a_false_infeasible_is_not_believed(faulty: Faulty) -> None:
    outcome = faulty.run(two_setups(), "wrong_infeasible", times=1)
    assert (outcome.status, outcome.objective) == ("optimal", 29)
    assert "HiGHS calls the problem infeasible" in outcome.steps


def test_the_second_opinion_overrules_a_solver_that_insists(faulty: Faulty) -> None:
    """Every HiGHS child calls it infeasible; SCIP, where it is installed, comes with a plan."""
    problem = two_setups()
    outcome = faulty.run(problem, "wrong_infeasible", times=99)
    if importlib.util.find_spec("pyscipopt") is None:
        assert outcome.status == "infeasible"
        return
    assert outcome.status == "stopped"
    assert outcome.x is not None
    assert miss(problem, outcome.x) <= 1e-7
    assert outcome.bound is None
    assert "second opinion: SCIP found a plan" in outcome.steps


def test_a_plan_that_breaks_rows_is_not_taken_and_its_bound_not_used(faulty: Faulty) -> None:
    outcome = faulty.run(two_setups(), "wrong_plan", times=1)
    assert (outcome.status, outcome.objective) == ("optimal", 29)
    assert any("a plan called clean misses a row" in step for step in outcome.steps)


def test_a_child_that_hears_nothing_is_killed_and_its_plan_polished(
    faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talks, "GRACE", 0.3)
    nearly = np.array([5 - 1e-7, 2, 1 - 1e-7, 1])
    outcome = faulty.run(two_setups(), "deaf", times=1, limits=Limits(0.5, 1e-6), start=nearly)
    assert outcome.status == "stopped"
    assert outcome.objective == 29
    assert outcome.x is not None
    assert outcome.x[2:].tolist() == [1, 1]
    assert outcome.bound == 1
    assert outcome.seconds < 15
    assert any("did not end in time" in step for step in outcome.steps)
    assert any("was polished" in step for step in outcome.steps)


def test_a_child_ends_when_its_parent_is_gone() -> None:
    """All a child sees of that is the end of its standard input."""
    child = Child(wire.task("solve", market_split(), Limits(300, 0.0), {}, None), Workers())
    assert isinstance(child.next(20), wire.Frame), "it works"
    pipe = child._process.stdin
    assert pipe is not None
    pipe.close()
    heard: wire.Frame | Ended | None = None
    deadline = time.monotonic() + 20
    while not isinstance(heard, Ended) and time.monotonic() < deadline:
        heard = child.next(1)
    child.close()
    assert heard == Ended(f"the solver process ended with code {ORPHANED}")


def test_ctrl_c_in_the_terminal_does_not_reach_the_child() -> None:
    """A child has a group of its own."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
        assert flags
        return
    import os

    child = Child(wire.task("solve", market_split(), Limits(60, 0.0), {}, None), Workers())
    try:
        assert os.getpgid(child.pid) != os.getpgid(0)
    finally:
        child.close()


def test_a_memory_cap_stops_the_child_not_us() -> None:
    """Linux keeps the cap; macOS and Windows have none that holds, so there the solve goes on to its limit."""
    outcome = run(lots(150, 52, 6), Limits(4, 1e-6, memory_mb=130))
    out = "out of memory (the cap is 130 MB)" in outcome.steps
    assert out == (sys.platform == "linux")
    assert outcome.status in ("unknown", "stopped")


def test_frames_of_any_kind_come_back_and_rubbish_is_refused(tmp_path: Path) -> None:
    frame = wire.Frame("point", {"own": float("inf"), "words": "ä"}, {"x": np.arange(3.0), "none": np.zeros(0, bool)})
    path = tmp_path / "frames"
    with path.open("wb") as out:
        wire.send(out, frame)
    with path.open("rb") as back:
        read = wire.receive(back)
        assert read is not None
        assert (read.kind, read.words) == (frame.kind, frame.words)
        assert read.arrays["x"].tolist() == [0, 1, 2]
        assert wire.receive(back) is None
    whole = path.read_bytes()
    for rubbish in (
        b"Running HiGHS",
        whole[:-1],
        whole[:5],
        whole.replace(b"float64", b"complex"),
        b"eqF1\xff\xff\xff\xff",
    ):
        path.write_bytes(rubbish)
        with path.open("rb") as back, pytest.raises(wire.GarbledError):
            wire.receive(back)


def test_a_failing_listener_ends_the_child() -> None:
    before = threading.active_count()

    def broken(p: Progress) -> None:
        raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        run(market_split(), Limits(60, 0.0), broken)
    assert threading.active_count() == before
