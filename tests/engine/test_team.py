"""A main child and its mates: what passes between them, and that no mate can spoil or lose anything."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matrices import INF, lots, matrix
from trials import Problem, least_cost, mates_at_once

from equipoise.engine.matrix import Floats, Limits, Matrix, Outcome, Progress
from equipoise.engine.parent import talks, team
from equipoise.engine.parent.ladder import Ladder
from equipoise.engine.parent.process import Ended, Workers
from equipoise.engine.parent.runner import run
from equipoise.engine.parent.talks import Clock, Reply, Talks
from equipoise.engine.wire import Frame

FAULTY = str(Path(__file__).with_name("faulty_worker.py"))
TWO = Limits(time_limit=20, gap=1e-6, threads=2, without=("blocks",))

# ------------------------------------------------- children that are played


class Player:
    """A child in name; keeps what it is told."""

    pids = iter(range(1, 1_000_000))

    def __init__(self, task: Frame, workers: Workers, events: Any):
        self.task, self.events, self.pid = task, events, next(Player.pids)
        self.told: list[Frame] = []
        self.closed = self.stopped = False

    def tell(self, frame: Frame) -> None:
        self.told.append(frame)

    def stop(self) -> None:
        self.stopped = True

    def close(self) -> None:
        self.closed = True


Says = tuple[int, Frame | Ended]
"""Who (0: the main child, 1: the first mate, ...) and what."""


class Play:
    """Talks whose children say what the script has them say, once all mates are there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, script: Sequence[Says]):
        self.cast: list[Player] = []
        self.seen: list[Progress] = []
        self._script = script
        monkeypatch.setattr(team, "Child", self._enters)
        mates_at_once(monkeypatch)
        monkeypatch.setattr(talks, "POLL", 0.0)
        self.talks = Talks(Clock(0.0, math.inf, lambda: False), self.seen.append)

    def _enters(self, task: Frame, workers: Workers, events: Any) -> Player:
        self.cast.append(Player(task, workers, events))
        if len(self.cast) == 1 + max(who for who, _ in self._script):
            for who, what in self._script:
                events.put((self.cast[who], what))
        return self.cast[-1]

    def ask(self, **more: Any) -> Reply:
        mates = [Frame("search")] * max(who for who, _ in self._script)
        return self.talks.ask(Frame("solve"), mates=mates, **more)

    def solve(self, problem: Matrix) -> Outcome:
        return Ladder(problem, TWO, None, self.talks).climb()


def plan(*x: float, own: float, clean: bool = True, bound: float | None = None) -> Frame:
    words = {"own": own, "clean": clean, "bound": bound, "origin": "branching"}
    return Frame("point", words, {"x": np.array(x, float)})


def last(claim: str, *x: float, own: float | None = None, bound: float | None = None) -> Frame:
    words = {"claim": claim, "objective": own, "bound": bound, "origin": "branching", "steps": [f"{claim} it is"]}
    return Frame("result", words, {"x": np.array(x, float)} if x else {})


def kinds(player: Player) -> list[str]:
    return [frame.kind for frame in player.told]


def test_plans_go_to_all_others_and_guides_too(monkeypatch: pytest.MonkeyPatch) -> None:
    guide = Frame("guide", {}, {"guide": np.zeros(2)})
    play = Play(
        monkeypatch,
        [
            (1, plan(1, 2, own=7)),
            (2, plan(1, 2, own=8)),
            (0, guide),
            (0, plan(1, 1, own=6, clean=False)),
            (0, last("time")),
        ],
    )
    reply = play.ask()
    assert reply.clean is not None
    assert reply.raw is not None
    assert (reply.clean[0], reply.raw[0]) == (7, 6)
    assert [kinds(player) for player in play.cast] == [["plan"], ["guide", "plan"], ["plan", "guide", "plan"]]
    assert [f.words["objective"] for f in play.cast[2].told if f.kind == "plan"] == [7, 6]
    assert all(player.closed for player in play.cast)
    assert [p.objective for p in play.seen] == [7, 7, 6], "a plan that is dearer is no news"


def test_those_who_come_later_hear_the_last_of_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    cast: list[Player] = []
    monkeypatch.setattr(team, "Child", lambda *given: cast.append(Player(*given)) or cast[-1])
    with team.Team(Frame("solve"), ()) as t:
        t.pass_on(plan(1, own=9), t.main)
        t.pass_on(Frame("guide"), t.main)
        t.pass_on(plan(2, own=8), t.main)
        t.join(Frame("search"))
        assert kinds(cast[0]) == []
        assert kinds(cast[1]) == ["point", "guide"]
        assert cast[1].told[0].words["own"] == 8
        t.stop()
        assert all(player.stopped for player in cast)


def test_what_a_gone_mate_found_is_kept_and_nobody_talks_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    script: list[Says] = [
        (1, plan(3, own=5)),
        (1, Ended("it fell")),
        (0, plan(2, own=4, bound=3.0)),
        (0, last("time", bound=3.5)),
    ]
    play = Play(monkeypatch, script)
    reply = play.ask()
    assert reply.claim == "time"
    assert reply.clean is not None
    assert (reply.clean[0], reply.bound) == (4, 3.5)
    assert kinds(play.cast[1]) == []
    assert reply.steps == ["a child that looked for better plans is gone, nothing is lost: it fell", "time it is"]


def test_the_main_child_alone_has_the_last_word_but_the_best_bound_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mate that is done has no say in the answer; its plan and its bound count."""
    script: list[Says] = [
        (1, Frame("progress", {"bound": 1.0, "origin": "items", "objective": -1e9, "note": "working"})),
        (1, last("infeasible", 1.0, own=6, bound=3.0)),
        (1, Ended("with code 0")),
        (0, Frame("progress", {"bound": 2.0, "origin": "branching"})),
        (0, last("time", 1.5, own=7, bound=2.5)),
    ]
    play = Play(monkeypatch, script)
    reply = play.ask()
    assert (reply.claim, reply.best_bound) == ("time", 3.0)
    assert reply.clean is not None
    assert reply.clean[0] == 6
    assert reply.steps == ["infeasible it is", "time it is"]
    assert [(p.objective, p.bound) for p in play.seen] == [(None, 1), (6, 3), (6, 3)]


def covering() -> Matrix:
    """a + b >= 3 with a at 1 and b at 2, at most 2 of a, b whole: 2 of a and 1 of b, 4."""
    return matrix([1, 2], [(3, [1, 1], INF)], upper=[2, INF], integer=[1])


def test_a_false_plan_takes_no_true_one_s_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap beyond belief and breaking the row, no number, or a true plan at a false price: what is true is kept."""
    script: list[Says] = [
        (1, plan(0, 0, own=-1e9)),
        (1, plan(math.nan, 1, own=math.nan)),
        (1, plan(0, 3, own=-1e9)),
        (0, plan(1, 2, own=5)),
        (1, plan(0, 0, own=0.5)),
        (0, last("time", bound=3.0)),
    ]
    play = Play(monkeypatch, script)
    outcome = play.solve(covering())
    assert (outcome.status, outcome.objective, outcome.bound) == ("stopped", 5, 3)
    assert [p.objective for p in play.seen] == [None, None, 6, 5, 5]
    assert [f.words["objective"] for f in play.cast[0].told] == [6], "false plans are passed on to nobody"
    assert sum("a plan called clean misses a row" in step for step in outcome.steps) == 3


def test_a_point_that_only_looks_cheap_is_passed_on_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The main child's solver reports a point that breaks the row by a thousandth, then one that keeps it."""
    nearly = Frame("point", {"own": 3.9, "clean": False, "bound": None}, {"x": np.array([1.999, 1.0])})
    exactly = Frame("point", {"own": 5.0, "clean": False, "bound": None}, {"x": np.array([1.0, 2.0])})
    play = Play(monkeypatch, [(1, plan(0, 4, own=8)), (0, nearly), (0, exactly), (0, last("time", bound=3.0))])
    play.solve(covering())
    assert [f.words["objective"] for f in play.cast[1].told] == [5]


def test_a_false_bound_of_one_child_leaves_that_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    script: list[Says] = [
        (1, plan(2, 1, own=4)),
        (1, Frame("progress", {"bound": 3.5, "origin": "items", "objective": None, "note": ""})),
        (0, Frame("progress", {"bound": 4.5, "origin": "branching"})),
        (0, last("time", bound=4.5)),
    ]
    outcome = Play(monkeypatch, script).solve(covering())
    assert (outcome.status, outcome.objective, outcome.bound, outcome.bound_origin) == ("stopped", 4, 3.5, "items")


def test_a_mate_s_plan_speaks_against_a_false_infeasible(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play(monkeypatch, [(1, plan(2, 1, own=4)), (0, last("infeasible"))])
    seen: list[str] = []

    def ask(self: Talks, task: Frame, *more: Any) -> Reply:
        seen.append(task.kind)
        return real(self, task, *more) if len(seen) == 1 else Reply("time", bound=3.0)

    real = Talks.ask
    monkeypatch.setattr(Talks, "ask", ask)
    outcome = play.solve(covering())
    assert (outcome.status, outcome.objective) == ("stopped", 4)
    assert "HiGHS calls the problem infeasible although a plan is known" in outcome.steps
    assert seen == ["solve", "solve"]


def test_a_plan_and_a_bound_of_different_children_prove_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = Frame("progress", {"bound": 4.0, "origin": "branching", "stage": "branch and bound"})
    play = Play(monkeypatch, [(0, bound), (1, plan(2, 1, own=4)), (0, Ended("not heard any more"))])
    outcome = play.solve(covering())
    assert (outcome.status, outcome.objective, outcome.bound) == ("optimal", 4, 4)


def test_a_bound_proves_no_plan_at_a_false_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 is called 4, which the bound would prove."""
    bound = Frame("progress", {"bound": 4.0, "origin": "branching", "stage": "branch and bound"})
    play = Play(monkeypatch, [(0, bound), (1, plan(1, 2, own=4)), (0, last("time", bound=4.0))])
    outcome = play.solve(covering())
    assert (outcome.status, outcome.objective, outcome.bound) == ("stopped", 5, 4)


# ------------------------------------------------------------ when mates join


@pytest.mark.parametrize(
    ("said", "named", "strong", "start"),
    [
        ({}, True, False, talks.HEAD_START),
        ({"bound": 50.0}, True, False, talks.HEAD_START),
        ({"own": 100.0, "bound": 50.0}, True, False, talks.WIDE_START),
        ({"own": 100.0, "bound": 95.0}, True, False, talks.CLOSE_START),
        ({}, True, True, talks.STRONG_HEAD_START),
        ({"own": 100.0, "bound": 50.0}, True, True, talks.STRONG_HEAD_START),
        ({"own": 100.0, "bound": 95.0}, True, True, talks.STRONG_CLOSE_START),
        ({"own": 100.0, "bound": 95.0}, False, False, talks.UNNAMED_START),
    ],
)
def test_the_better_the_main_child_does_alone_the_later_mates_join(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, float], named: bool, strong: bool, start: float
) -> None:
    """It has said its plan and bound (or not) and is silent; the clock goes on in steps of 0.1 s until the mate is there."""
    now = [1000.0]
    monkeypatch.setattr(talks.time, "monotonic", lambda: now[0])
    cast: list[Player] = []

    def enters(task: Frame, workers: Workers, events: Any) -> Player:
        cast.append(Player(task, workers, events))
        return cast[-1]

    def next_(self: team.Team, seconds: float) -> tuple[Any, Frame] | None:
        if len(cast) == 2:
            return self.main, Frame("result", {"claim": "time"})
        if strong and now[0] == began:
            now[0] += 0.01
            return self.main, Frame("strong")
        now[0] += 0.1
        kind = "point" if "own" in said else "progress"
        arrays = {"x": np.zeros(1)} if "own" in said else {}
        return self.main, Frame(kind, {**said, "clean": True}, arrays)

    monkeypatch.setattr(team, "Child", enters)
    monkeypatch.setattr(team.Team, "next", next_)
    began = now[0]
    mate = Frame("search", {"meaning": {} if named else None})
    Talks(Clock(began, math.inf, lambda: False)).ask(Frame("solve"), mates=[mate])
    assert now[0] - began == pytest.approx(start, abs=0.11)


# --------------------------------------------------- children that go wrong


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Runs a problem with a mate from the beginning; the first children (of ``times``) show a fault."""
    mates_at_once(monkeypatch)
    tally = tmp_path / "tally"

    def run_(problem: Matrix, fault: str, times: int = 99, limits: Limits = TWO, **more: Any) -> Outcome:
        return run(problem, limits, workers=Workers((FAULTY, fault, str(times), str(tally))), **more)

    return run_


@pytest.mark.parametrize("fault", ["mate_crashes_at_start", "mate_crashes_with_a_plan", "mate_babbles", "mate_lies"])
def test_no_fault_of_a_mate_changes_the_outcome(faulty: Callable[..., Outcome], fault: str) -> None:
    problem = lots(3, 5, lines=1)
    least = least_cost(problem)
    seen: list[Progress] = []
    plans: list[float] = []
    outcome = faulty(problem, fault, progress=seen.append, on_plan=lambda x, cost: plans.append(cost))
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(least, rel=1e-6)
    assert outcome.bound == pytest.approx(least, rel=1e-6)
    assert all(p.bound is None or p.bound <= least * (1 + 1e-6) for p in seen)
    assert all(cost >= least * (1 - 1e-9) for cost in plans)
    assert plans == sorted(plans, reverse=True)
    assert not any(step.startswith("trying again") for step in outcome.steps), "only a main child is replaced"


def small_case() -> Problem:
    return Problem.of(
        {
            "settings": {"periods": 4, "shortage": "lost"},
            "items": {"item": ["P", "Q"], "holding_cost": 1, "lost_cost": 30},
            "demand": {"item": ["P"] * 4 + ["Q"] * 4, "period": list("12341234"), "quantity": [4, 6, 5, 7, 3, 9, 2, 6]},
            "recipes": {"recipe": ["mP", "mQ"], "item": ["P", "Q"], "setup_cost": [20, 25]},
            "resources": {"resource": "L", "capacity": 14},
            "operations": {"recipe": ["mP", "mQ"], "resource": "L", "hours": 1, "setup_hours": 2},
        }
    )


def test_a_killed_main_child_loses_no_plan_of_its_mate(faulty: Callable[..., Outcome]) -> None:
    """Every main child dies when it hears of a plan: the best plan of the mates is the answer, and passes the audit."""
    problem = small_case()
    plans: list[tuple[Floats, float]] = []
    outcome = faulty(
        problem.matrix, "main_killed", meaning=problem.meaning, on_plan=lambda x, cost: plans.append((x, cost))
    )
    assert outcome.status == "stopped"
    assert outcome.objective is not None
    assert outcome.x is not None
    assert outcome.objective == min(cost for _, cost in plans)
    assert outcome.bound is None
    assert sum("ended with code 9" in step for step in outcome.steps) == 4
    assert all(problem.audited(x, cost).passed for x, cost in plans)
    assert problem.audited(outcome.x, outcome.objective).passed


def test_a_killed_main_child_is_replaced_and_the_outcome_is_the_same(
    tmp_path: Path, faulty: Callable[..., Outcome]
) -> None:
    problem = small_case()
    outcome = faulty(problem.matrix, "main_killed", times=2, meaning=problem.meaning)
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(least_cost(problem.matrix), rel=1e-6)
    assert any("ended with code 9" in step for step in outcome.steps)
    assert any(step.startswith("trying again") for step in outcome.steps)


def test_a_stop_ends_main_child_and_mates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for an end with its first plan: the plan is the answer."""
    mates_at_once(monkeypatch)
    stop, before = threading.Event(), threading.active_count()
    outcome = run(lots(30, 20, lines=1), Limits(60, 0.0, threads=2), stop=stop, on_plan=lambda x, cost: stop.set())
    assert outcome.interrupted
    assert outcome.objective is not None
    assert threading.active_count() == before
