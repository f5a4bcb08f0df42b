"""The ladder: what is tried next when a child broke down, called a problem infeasible, or left a plan that leaks."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from equipoise.engine import wire
from equipoise.engine.known import Known
from equipoise.engine.matrix import MOST_CHILDREN, Floats, Limits, Matrix, Outcome, Status, TellPlan
from equipoise.engine.meaning import Meaning
from equipoise.engine.pace import POLISHING
from equipoise.engine.parent.process import Workers
from equipoise.engine.parent.rungs import AFTER_A_CRASH, AFTER_A_LEAK, AFTER_INFEASIBLE, PLAIN, Rung
from equipoise.engine.parent.talks import Found, Reply, Talks, cheaper
from equipoise.engine.points import Point, judged
from equipoise.engine.verdict import close_enough, verdict
from equipoise.errors import SolverError

SCIP = ("-P", "-m", "equipoise.engine.child.scip")
NO_PRESOLVE = {"presolve": "off"}
OPINION_SECONDS = 10.0
"""A second opinion may take this long, or as long as everything before it."""
ADVICE = (
    "There is no plan. A solver process that is killed or cannot start has often too little memory, or is ended by a program that guards "
    "the machine: make room, allow it, and plan again."
)
"""For whom every solver process broke down."""

Next = Status | tuple[Rung, ...]
"""Either the end, or what to try next (the first of these that was not tried yet; none: the end)."""


class Ladder:
    """One solve: what is known so far, and what to try next.

    ``kind`` is the main child's task, "blocks" or "solve"; ``best`` a plan that keeps every row, from an earlier solve.
    """

    def __init__(
        self,
        matrix: Matrix,
        limits: Limits,
        start: Floats | None,
        talks: Talks,
        meaning: Meaning | None = None,
        on_plan: TellPlan | None = None,
        kind: str = "solve",
        best: Point | None = None,
    ):
        self.matrix, self.limits, self.start, self.talks, self.meaning = matrix, limits, start, talks, meaning
        self._on_plan, self._kind = on_plan, kind
        self.steps: list[str] = []
        self.known = Known(matrix=matrix, best=best)
        self.raw: Found | None = None
        self._tried: list[Rung] = []
        self._broke = 0
        self._infeasible = 0

    @property
    def best(self) -> Point | None:
        """The best plan that keeps every row."""
        return self.known.best

    def climb(self) -> Outcome:
        """Try one rung after the other until there is an answer to trust, or no time, or no rung. Raises SolverError."""
        rung: Rung | None = PLAIN
        while rung is not None:
            if self._tried:
                self.steps.append(f"trying again: {rung.words}")
            self._tried.append(rung)
            after = self._judge(self._solve(rung))
            if isinstance(after, str):
                return self._outcome(after)
            rung = next((r for r in after if r not in self._tried), None)
            if rung is not None and self.talks.clock.left() <= 0:
                self.steps.append("no time left to try again")
                rung = None
        return self._end()

    def _solve(self, rung: Rung) -> Reply:
        limits = replace(self.limits, seed=self.limits.seed + rung.reseed)
        known = self.best.x if self.best else self.raw[1] if self.raw else self.start
        reply = self._ask(self._kind, self.matrix, limits, rung.options, known, self._mates(limits, known))
        self.steps += reply.steps
        return reply

    def _mates(self, limits: Limits, known: Floats | None) -> list[wire.Frame]:
        """Tasks of the children that look for better plans while the main one works on the proof."""
        if not self.matrix.integer.any() or "search" in limits.without:
            return []
        limits = replace(limits, time_limit=self.talks.clock.left())
        return [
            wire.task(kind, self.matrix, replace(limits, seed=limits.seed + 100 * n), {}, known, self.meaning)
            for n, kind in enumerate(["guided search", "search", "search"][: min(limits.threads, MOST_CHILDREN) - 1], 1)
        ]

    def _heard(self, found: Found, called_clean: bool) -> Found | None:
        """A plan as our own arithmetic has it, None where it is not clean; taken over where its finder calls it clean."""
        point = judged(self.matrix, found[1])
        clean = self._accept(point) if called_clean else point.clean
        return (point.objective, point.x) if clean else None

    def _is_proof(self, bound: float) -> bool:
        return self.best is not None and close_enough(self.matrix, self.best, bound, self.limits.gap)

    def _ask(
        self,
        kind: str,
        matrix: Matrix,
        limits: Limits,
        options: Mapping[str, Any],
        given: Floats | None = None,
        mates: Sequence[wire.Frame] = (),
        seconds: float | None = None,
        silent: bool = False,
    ) -> Reply:
        left = self.talks.clock.left() if seconds is None else seconds
        # work is counted by the limit that was asked for: milliseconds gone by must not make a difference
        asked = limits.time_limit if len(self._tried) == 1 and seconds is None else left
        own = matrix is self.matrix
        meaning, judge = (self.meaning, self._heard) if own else (None, None)
        task = wire.task(kind, matrix, replace(limits, time_limit=asked), options, given, meaning, left)
        others = Workers(SCIP) if kind == "scip" else None
        reply = self.talks.ask(task, others, silent, mates, self._is_proof if mates else None, judge)
        if reply.words:
            self.steps.append(reply.words)
        return reply

    # ------------------------------------------------------------------ judging

    def _judge(self, reply: Reply) -> Next:
        claim = reply.claim
        if claim in ("infeasible", "unbounded", "either"):
            return self._settle(claim)
        self._absorb(reply)
        if claim == "memory" or (self.limits.memory_mb is not None and _ran_out(reply.words)):
            self.steps.append(f"out of memory (the cap is {self.limits.memory_mb} MB)")
            return ()
        if claim == "gone" or claim.startswith("abnormal"):
            if reply.killed:
                return ()
            self._broke += 1
            if claim != "gone":
                self.steps.append(f"HiGHS ended without an answer ({claim})")
            return AFTER_A_CRASH
        if claim == "time":
            return ()
        return self._leak(reply)

    def _leak(self, reply: Reply) -> Next:
        """HiGHS calls its answer optimal: () when the polished plan bears that out."""
        if self.best is None:
            self.steps.append("HiGHS calls its answer optimal, but no plan comes of it")
            return AFTER_A_LEAK
        if self.known.bound == -math.inf:
            return AFTER_A_LEAK if reply.bounds else ()
        if close_enough(self.matrix, self.best, self.known.bound, self.limits.gap):
            return ()
        self.steps.append(
            f"HiGHS calls {self.known.bound:.10g} optimal; with whole numbers rounded the plan costs "
            f"{self.best.objective:.10g}: a fraction within its tolerance was worth money"
        )
        return AFTER_A_LEAK

    def _absorb(self, reply: Reply) -> None:
        """Take over plans and bound. What a child calls clean is judged again here."""
        if reply.clean is not None and self._accept(judged(self.matrix, reply.clean[1])):
            finished = reply.claim != "gone"
            self.raw = None if finished else cheaper(self.raw, reply.raw)
        else:
            self.raw = cheaper(self.raw, reply.raw)
        for bound, origin in reply.bounds:
            self._raise_bound(bound, origin)

    def _raise_bound(self, bound: float | None, origin: str) -> None:
        if bound is not None and bound > self.known.bound and not self.known.raise_bound(bound, origin):
            self.steps.append(f"{origin}: its bound {bound:.10g} lies above the plan and is not used")

    def _accept(self, point: Point) -> bool:
        bound, origin = self.known.bound, self.known.origin
        if not point.clean:
            self.steps.append(f"a plan called clean misses a row by {point.miss:.3g} of its size: not taken")
        elif self.known.accept(point):
            self._raise_bound(bound, origin)  # says so where the plan belies it
            if self._on_plan is not None:
                self._on_plan(point.x, point.objective)
        return point.clean

    # --------------------------------------------------- infeasible or unbounded

    def _settle(self, claim: str) -> Next:
        """HiGHS calls the problem infeasible or unbounded: believe it only when something else says so, too."""
        if self.best is not None and claim == "infeasible":
            self.steps.append("HiGHS calls the problem infeasible although a plan is known")
            return AFTER_INFEASIBLE
        if claim != "infeasible":
            self.steps.append("HiGHS calls the problem unbounded or infeasible: solving it without costs")
            claim = self._which()
        if claim != "infeasible":
            return "unbounded" if claim == "unbounded" else AFTER_INFEASIBLE
        self._infeasible += 1
        self.steps.append("HiGHS calls the problem infeasible")
        if self.talks.clock.left() <= 0:
            self.steps.append("no time left to confirm it")
            return ()
        if self._infeasible == 1:
            relaxed = self._ask("check", self.matrix, self.limits, NO_PRESOLVE, silent=True)
            if relaxed.proof:
                self.steps.append("confirmed: weights of its rows prove it, by our own arithmetic")
                return "infeasible"
            if relaxed.claim == "infeasible":
                self.steps.append("confirmed: infeasible without presolve and with whole numbers left out, too")
                return self._second_opinion()
            return AFTER_INFEASIBLE
        self.steps.append("confirmed: infeasible with other options, too")
        return self._second_opinion()

    def _which(self) -> str:
        """Unbounded or infeasible? "unknown" where it does not come out."""
        if self.best is None:
            costless = replace(self.matrix, cost=np.zeros(self.matrix.columns), offset=0.0)
            reply = self._ask("solve", costless, self.limits, {}, silent=True)
            if reply.clean is None:
                return "infeasible" if reply.claim == "infeasible" else "unknown"
        relaxed = self._ask("check", self.matrix, self.limits, NO_PRESOLVE, silent=True)
        if relaxed.claim != "unbounded":
            return "unknown"
        self.steps.append("confirmed: a plan exists, and the relaxation without presolve has no least cost")
        return "unbounded"

    def _second_opinion(self) -> Next:
        """Let SCIP look for a plan where it is installed; "infeasible" unless it finds one."""
        if importlib.util.find_spec("pyscipopt") is None:
            return "infeasible"
        seconds = min(self.talks.clock.left(), max(OPINION_SECONDS, self.talks.clock.seconds()))
        if seconds <= 0:
            return "infeasible"
        reply = self._ask("scip", self.matrix, self.limits, {}, seconds=seconds, silent=True)
        if reply.raw is None:
            said = "agrees" if reply.claim == "infeasible" else "found no answer in its time"
            self.steps.append(f"second opinion: SCIP {said}")
            return "infeasible"
        self.steps.append("second opinion: SCIP found a plan")
        self.raw = reply.raw
        self._polish()
        return AFTER_INFEASIBLE

    # -------------------------------------------------------------------- the end

    def _polish(self) -> None:
        """Make a clean plan of the best raw point, in a child of its own."""
        if self.raw is None or (self.best is not None and self.best.objective <= self.raw[0]):
            return
        known = self.raw
        reply = self._ask("polish", self.matrix, self.limits, {}, known[1], seconds=POLISHING)
        self.steps += reply.steps
        point = judged(self.matrix, reply.clean[1] if reply.clean else known[1])
        if point.clean and self._accept(point):
            self.steps.append("the best plan a lost solver process had reported was polished")
            self.raw = None

    def _end(self) -> Outcome:
        self._polish()
        if self.best is None and self.raw is None and self._broke == len(self._tried):
            tried = "\n".join(f"  {step}" for step in self.steps)
            raise SolverError(f"no way of solving gave an answer:\n{tried}\n{ADVICE}")
        if self._infeasible and self.best is None:
            self.steps.append("whether the problem is infeasible was not settled")
        if self.best is None and self.raw is not None:
            self.known.best = point = judged(self.matrix, self.raw[1])
            self.steps.append(f"the plan misses a row by {point.miss:.3g} of its size and could not be made clean")
        return self._outcome("unknown")

    def _outcome(self, status: Status) -> Outcome:
        """The outcome; with a plan its status follows from objective and bound."""
        clock = self.talks.clock
        interrupted = clock.asked is not None
        if status in ("infeasible", "unbounded"):
            return Outcome(status, None, None, None, "", clock.seconds(), tuple(self.steps), interrupted)
        bound = self.known.bound if math.isfinite(self.known.bound) else None
        if self.best is None:
            origin = self.known.origin if bound is not None else ""
            return Outcome("unknown", None, None, bound, origin, clock.seconds(), tuple(self.steps), interrupted)
        said, bound, words = verdict(self.matrix, self.best, bound, self.limits.gap)
        steps = (*self.steps, words) if words else tuple(self.steps)
        origin = self.known.origin if bound is not None else ""
        return Outcome(said, self.best.x, self.best.objective, bound, origin, clock.seconds(), steps, interrupted)


def _ran_out(words: str) -> bool:
    return any(sign in words for sign in ("MemoryError", "bad_alloc", "can't start new thread"))
