"""The form in which a small problem is given to branch and bound once its plain matrix has had its chance."""

from __future__ import annotations

from equipoise.engine.child.task import Form, Task
from equipoise.engine.closer.cuts import tightened
from equipoise.engine.closer.location import extended
from equipoise.engine.highs import BRANCHING_CUT, BRANCHING_EXTENDED, NO_HEURISTICS, relaxation
from equipoise.engine.meaning import has_components

CUTTING, CUTS = 0.1, 100
"""Share of the time left, and most rounds, that go into cuts before branch and bound."""


def closer(task: Task) -> Form:
    """Facility location, or, where items are made from items, cuts in echelon stock; as it is where neither is to be had.

    A closer one goes without HiGHS' heuristics: a plan is known, and mates look for better ones.
    """
    assert task.meaning is not None
    plain = Form.plain(task.matrix)
    if task.without("cuts"):
        return plain
    task.watch.stage("a closer form of the problem")
    if not has_components(task.matrix, task.meaning):
        wide = extended(task.matrix, task.meaning)
        return plain if wide is None else Form(wide, BRANCHING_EXTENDED, NO_HEURISTICS)
    relaxed = relaxation(task.matrix, task.limits, task.options, task.watch)
    tight = tightened(task.matrix, task.meaning, relaxed, task.watch, CUTTING * task.watch.left(), CUTS)
    return plain if tight.found == 0 else Form(tight.matrix, BRANCHING_CUT, NO_HEURISTICS)
