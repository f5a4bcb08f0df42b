"""The forms in which a small problem is given to branch and bound: as it is, or with a stronger relaxation."""

from __future__ import annotations

from equipoise.engine.closer.cuts import tightened
from equipoise.engine.closer.location import extended
from equipoise.engine.highs import BRANCHING, BRANCHING_CUT, BRANCHING_EXTENDED, relaxation
from equipoise.engine.meaning import has_components
from equipoise.engine.search.improve import NO_HEURISTICS
from equipoise.engine.task import Form, Task

CUTTING, CUTS = 0.1, 100
"""Share of the time left, and most rounds, that go into cuts before branch and bound."""


def plain(task: Task) -> Form:
    """The problem as it is."""
    return Form(task.matrix, BRANCHING, {})


def at_first(task: Task) -> Form:
    """Facility location where items are not made from items, else the problem as it is."""
    assert task.meaning is not None
    if task.without("cuts") or has_components(task.matrix, task.meaning):
        return plain(task)
    wide = extended(task.matrix, task.meaning)
    return plain(task) if wide is None else Form(wide, BRANCHING_EXTENDED, {})


def after_search(task: Task) -> Form:
    """Facility location, or, where items are made from items, cuts in echelon stock; the search has looked for plans."""
    assert task.meaning is not None
    form = at_first(task)
    if form.origin == BRANCHING and not task.without("cuts") and has_components(task.matrix, task.meaning):
        task.watch.stage("cuts in echelon stock")
        relaxed = relaxation(task.matrix, task.limits, task.options, task.watch)
        tight = tightened(task.matrix, task.meaning, relaxed, task.watch, CUTTING * task.watch.left(), CUTS)
        form = form if tight.found == 0 else Form(tight.matrix, BRANCHING_CUT, {})
    return Form(form.matrix, form.origin, NO_HEURISTICS)
