"""The most people that are of use in a crew, where nothing else says how many there can be.

Take the fewest people N with whom a crew can do in any one period all that its resources may have to do over the horizon, crews apart from
it being forced to work. A plan with more than N people in some period is no cheaper than one with N in these periods: the crew is
never short of hours with N, so what it makes beyond that is in excess; it is left out, lot by lot, until N people can do the work. Wages
and overtime fall; people hired, laid off and kept are those of the smaller of the two numbers, which rises and falls no more
than the number itself. Hours left out come in lots and whole units; N is so large that a lot more or less does not
take the crew below the share of its hours that it must work. No run is left out as a whole: where the crew must work, its set-up and its
least lot are in the work that N people can do, though nobody may need it.

N people have their regular hours for the work, and their overtime in a period that has no regular hours.

What one crew is forced to make asks for components of another: the numbers are worked out together, from the people there are upwards,
until none grows. A crew whose number still grows after ``ROUNDS`` is taken to be without bound.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from equipoise.model.inputs import INF, Inputs, Row
from equipoise.model.rounding import ROUNDING, least_lot, lots_up, step

if TYPE_CHECKING:
    from equipoise.model.bounds import Bounds

ROUNDS = 12


def people_of_use(inputs: Inputs, bounds: Callable[[dict[str, float]], Bounds]) -> dict[str, float]:
    """crew -> the most people that some optimal plan needs [people]; ``bounds`` makes Bounds for given numbers of people."""
    times = range(len(inputs.periods))
    found = {}
    for crew, row in inputs.crews.items():
        found[crew] = max(row["workers"] or 0.0, *(inputs.crew("minimum", crew, t) or 0.0 for t in inputs.periods))
    most = {crew: max(inputs.most_people(crew, t) for t in times) for crew in found}
    rows = {crew: list(_operations(inputs, crew)) for crew in found}
    grows: set[str] = set()
    for _ in range(ROUNDS):
        given = bounds(found)
        now = {crew: min(most[crew], max(found[crew], _needed(inputs, crew, given, rows[crew]))) for crew in found}
        grows = {crew for crew in found if now[crew] > found[crew]}
        found = now
        if not grows:
            break
    return {crew: most[crew] if crew in grows else number for crew, number in found.items()}


def _operations(inputs: Inputs, crew: str) -> list[tuple[Row, Row]]:
    """(recipe, operation) on all resources of a crew."""
    names = [name for name, row in inputs.resources.items() if row["crew"] == crew]
    return [(inputs.recipes[recipe], row) for name in names for recipe, row in inputs.operations_on(name)]


def _needed(inputs: Inputs, crew: str, bounds: Bounds, rows: list[tuple[Row, Row]]) -> float:
    hours, extra = [inputs.crew("hours", crew, t) or 0.0 for t in inputs.periods], inputs.crews[crew]["overtime"] or 0.0
    least = min((h or extra for h in hours if h or extra), default=0.0)
    if not least:
        return 0.0
    work = _work(inputs, crew, bounds, rows)
    if work == INF:
        return INF
    share = inputs.crews[crew]["minimum_use"] or 0.0
    jump = _largest_step(inputs, rows) if share else 0.0
    if jump:
        free = min(h * (1 - share) + extra for h in hours if h or extra)
        work = max(work, least * jump / free if free > ROUNDING * least else INF)
    return float(math.ceil(work / least - ROUNDING)) if work < INF else INF


def _largest_step(inputs: Inputs, rows: list[tuple[Row, Row]]) -> float:
    """Hours that go with one lot or whole unit less at most, those of its components on the crew and the steps of all of them included."""
    own: dict[str, float] = defaultdict(float)
    for recipe, operation in rows:
        own[recipe["recipe"]] += operation["hours"] or 0.0
    makers: dict[str, list[str]] = defaultdict(list)
    for name, recipe in inputs.recipes.items():
        makers[recipe["item"]].append(name)
    known: dict[str, float] = {}

    def along(name: str) -> float:
        """Hours of the crew in a unit made and in its components."""
        if name not in known:
            parts = inputs.components.get(name, ())
            below = (
                e * max((along(m) / inputs.least_yield(m) for m in makers[part]), default=0.0) for part, e in parts
            )
            known[name] = own.get(name, 0.0) + sum(below)
        return known[name]

    steps = {name: step(recipe, recipe["item"] in inputs.whole) for name, recipe in inputs.recipes.items()}
    return max((steps[n] * along(n) for n in steps), default=0.0) + sum(steps[n] * each for n, each in own.items())


def _work(inputs: Inputs, crew: str, bounds: Bounds, rows: list[tuple[Row, Row]]) -> float:
    """Hours of all that the crew's resources may have to make over the horizon, done in one period [hours].

    For each item, every recipe at its most; or, where that is less, all that is needed of it by the recipe that takes longest, with what
    else forces each recipe, and a lot more of each. A recipe of a crew that must work is taken to be run.
    """
    must = bool(inputs.crews[crew]["minimum_use"])
    alone: dict[str, float] = defaultdict(float)
    needed: dict[str, float] = defaultdict(float)
    longest: dict[str, float] = defaultdict(float)
    for recipe, operation in rows:
        item, name, hours = recipe["item"], recipe["recipe"], operation["hours"] or 0.0
        times = range(len(inputs.periods))
        setup = operation["setup_hours"] or 0.0
        most = max(bounds.most_useful_make(recipe, t, apart_from=crew) for t in times)
        if must:
            most = max(most, lots_up(recipe["lot_min"] or 0.0, recipe, item in inputs.whole))
        alone[item] += hours * most + setup if hours else setup
        forced = max(bounds.spare.forced(recipe, t, apart_from=crew) for t in times)
        beyond = forced + least_lot(recipe, item in inputs.whole) + sum(bounds.spare.absorbed(name).values())
        needed[item] += hours * beyond + setup if hours else setup
        longest[item] = max(longest[item], hours / inputs.least_yield(name))
    return sum(min(alone[i], needed[i] + longest[i] * bounds.need(i)[0]) if longest[i] else needed[i] for i in alone)
