"""Processes started before there is a task for them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from matrices import LIMITS, lots

import equipoise
from equipoise import app
from equipoise.engine.parent.process import Worker, Workers
from equipoise.engine.parent.runner import run


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started to solve."""
    seen: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*arguments: object, **named: object) -> subprocess.Popen[bytes]:
        process = real(*arguments, **named)  # type: ignore[call-overload]
        if "equipoise.engine.child.worker" in process.args:
            seen.append(process)
        return process

    monkeypatch.setattr(subprocess, "Popen", start)
    return seen


def test_a_worker_started_ahead_is_given_the_task(started: list[subprocess.Popen[bytes]]) -> None:
    with Workers(ahead=1) as workers:
        assert len(started) == 1
        assert run(lots(3, 4), LIMITS, workers=workers).status == "optimal"
        assert len(started) == 1
        assert run(lots(3, 4), LIMITS, workers=workers).status == "optimal"
    assert len(started) == 2


def test_a_worker_that_died_while_it_waited_is_replaced(started: list[subprocess.Popen[bytes]]) -> None:
    with Workers(ahead=1) as workers:
        started[0].kill()
        started[0].wait()
        assert run(lots(3, 4), LIMITS, workers=workers).status == "optimal"
    assert len(started) == 2


def test_workers_that_nobody_needs_end(started: list[subprocess.Popen[bytes]]) -> None:
    with Workers(ahead=2):
        assert [process.poll() for process in started] == [None, None]
    assert all(process.poll() is not None for process in started)


def test_a_worker_that_cannot_be_started_ahead_is_told_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object, **__: object) -> Worker:
        raise OSError("no room")

    monkeypatch.setattr(subprocess, "Popen", no_room)
    workers = Workers(ahead=1)
    with pytest.raises(OSError, match="no room"):
        workers.take()


def test_a_plan_uses_the_worker_that_was_started_while_the_model_was_built(
    started: list[subprocess.Popen[bytes]],
) -> None:
    case = app.load(Path(equipoise.__file__).with_name("examples") / "gams_clsp" / "workbook.xlsx")
    assert app.plan(case, threads=1).status == "optimal"
    assert len(started) == 1
    assert started[0].poll() is not None
