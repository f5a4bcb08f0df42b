"""Upper bounds of quantities that are safe and small, from tables only. Big-M values come from here, never from a literal.

The argument, for units of item i made or bought in period t. Call ``need[i][t]`` all that can still be asked of i from period t on
(``need.py``). If more than ``need[i][t]`` arrives in t, some of it is still in stock at the end above every target; leaving it out keeps
every balance and limit and, as all costs of having it are >= 0, does not raise the cost. So some optimal plan stays within the bound,
rounded up to what lot rules and whole units allow; a least lot may be topped up where its rest is used up in lots (``need.py``). This
fails in three cases, and each has its answer. A unit in excess is forced by a minimum, which hours of set-ups can fill, too: what is
forced is added; people who must work are at most ``people.py``'s. It uses up components that are there anyway and are dearer (or not
allowed) to keep, or less worth at the end: all such components can make is added (``spare.py``). It earns by itself, by a negative cost
or an end value above the unit's cost (``gain.py``): the room for closing stock, or all that sources that earn can bring, is added, and
where neither has a limit, only its own physical limits count.

Whole units come in whole numbers to every site, where less than one may be left over: for an item at several sites one unit a site is
added.

The argument is about the plans of the case. Limits that are put on the model later (a quantity asked for, less room for stock) are not
in the tables: for a model that is to be limited further, ``every_plan`` leaves the argument out, and physical limits alone count.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from equipoise.errors import DataError, Issue
from equipoise.model.gain import Gain
from equipoise.model.inputs import INF, Inputs, Row
from equipoise.model.need import Need, lead
from equipoise.model.people import people_of_use
from equipoise.model.rounding import lots_up
from equipoise.model.spare import Spare


class Bounds:
    """Bounds of one case, worked out once. Lists have one entry a period, counted from 0."""

    def __init__(self, inputs: Inputs, every_plan: bool = False, people: Mapping[str, float] | None = None):
        """``people``: numbers of people taken for granted while their bounds are worked out."""
        self.inputs = inputs
        self.every_plan = every_plan
        self.periods = inputs.periods
        self.last = len(inputs.periods) - 1
        self.spare = Spare(inputs, Gain(inputs), self.physical, self.people)
        self._given = people
        self._needs = Need(inputs, self.spare.gain, self.spare, self._idle_hours if people is None else None)
        self._most: dict[tuple[str, int, str | None], float] = {}
        self._physical: dict[tuple[str, int], float] = {}

    # --- the answers --------------------------------------------------------------------------------------------------------------

    def most_useful_make(self, recipe: Row, t: int, apart_from: str | None = None) -> float:
        """The largest make[recipe, t] that some optimal plan needs [unit, gross].

        ``apart_from``: without what this crew is forced to work.
        """
        key = (recipe["recipe"], t, apart_from)
        if key not in self._most:
            self._most[key] = self._most_useful_make(recipe, t, apart_from)
        return self._most[key]

    def _most_useful_make(self, recipe: Row, t: int, apart_from: str | None) -> float:
        physical = self.physical(recipe, t)
        if not physical or self.every_plan:
            return physical
        useful = self._needs.made_by(recipe)[t + lead(recipe)] / self.inputs.least_yield(recipe["recipe"])
        useful += self.spare.forced(recipe, t, apart_from)
        useful = self._topped_up(useful, recipe, t, self.inputs.least_yield(recipe["recipe"]))
        return min(physical, lots_up(useful, recipe, recipe["item"] in self.inputs.whole))

    def most_useful_buy(self, supply: Row, t: int) -> float:
        """The largest buy of a supply row in period ``t`` that some optimal plan needs [unit]."""
        arrival = t + lead(supply)
        if arrival > self.last:
            return 0.0
        capacity = self.inputs.supply_capacity((supply["supplier"], supply["item"], supply["site"]), self.periods[t])
        limit = min(capacity, INF if supply["lot_max"] is None else supply["lot_max"])
        useful = self._topped_up(self.need(supply["item"])[arrival], supply, t, 1.0)
        return min(limit, lots_up(useful, supply, supply["item"] in self.inputs.whole))

    def _topped_up(self, useful: float, source: Row, t: int, rate: float) -> float:
        """A quantity that is of use, and not less than the least lot with what uses its rest up; ``rate``: what arrives of a unit."""
        if not useful or useful == INF or not source["lot_min"]:
            return useful
        return max(useful, source["lot_min"] + self._needs.topped(source["item"])[t + lead(source)] / rate)

    def need(self, item: str) -> list[float]:
        """All that can still be asked of the item from period t on [unit]; infinite everywhere with ``every_plan``."""
        return [INF] * len(self.periods) if self.every_plan else self._needs.of(item)

    def finite(self, bound: float, table: str, **key: str) -> float:
        """The bound, or DataError when a yes-or-no rule needs one and the data give none."""
        if bound != INF:
            return bound
        what = " ".join(v for v in key.values() if v)
        crews = [crew for crew in self._without_number if not self.every_plan]
        message = f"{what} has a set-up, order or lot rule but nothing limits its quantity"
        message += "." if self.every_plan else ", and a unit more can earn money."
        hint = "Give it a capacity or a lot_max"
        hint += "." if self.every_plan else ", or a cost and an end value at which stock nobody needs does not pay."
        if crews:
            message = f"{what} has a set-up, order or lot rule, and people who must work may have to make any quantity."
            hint = f"Give it a capacity or a lot_max, or a maximum to the people of {' and '.join(crews)}."
        cell = self.inputs.case.cell(table, next(iter(key)), **key)
        raise DataError([Issue("no-limit", message, hint, table=table, cell=cell)])

    # --- what one period can physically do ----------------------------------------------------------------------------------------

    @cached_property
    def hours(self) -> dict[str, list[float]]:
        """resource -> hours it can be used in each period, overtime and crew included."""
        out = {}
        for name, row in self.inputs.resources.items():
            own = [self.inputs.capacity(name, t) + self.inputs.overtime(name, t) for t in self.periods]
            crew = [self._crew_hours(row["crew"], t) for t in range(len(own))] if row["crew"] else own
            out[name] = [min(a, b) for a, b in zip(own, crew, strict=True)]
        return out

    def _crew_hours(self, crew: str, t: int) -> float:
        each = (self.inputs.crew("hours", crew, self.periods[t]) or 0.0) + (self.inputs.crews[crew]["overtime"] or 0.0)
        return self.inputs.most_people(crew, t) * each if each else 0.0

    def people(self, crew: str, t: int) -> float:
        """The most people some optimal plan needs of a crew in period ``t`` [people]."""
        most = self.inputs.most_people(crew, t)
        return most if self.every_plan else min(most, (self._people if self._given is None else self._given)[crew])

    @cached_property
    def _people(self) -> dict[str, float]:
        return people_of_use(self.inputs, lambda people: Bounds(self.inputs, people=people))

    @cached_property
    def _without_number(self) -> list[str]:
        """Crews that must work, and for whose people there is no bound."""
        must = [crew for crew, row in self.inputs.crews.items() if row["minimum_use"]]
        return [crew for crew in must if any(self.people(crew, t) == INF for t in range(self.last + 1))]

    def _idle_hours(self, resource: str) -> float:
        """Hours that people of use can work on a resource over the horizon, overtime included [hours]."""
        crew = self.inputs.resources[resource]["crew"]
        extra = self.inputs.crews[crew]["overtime"] or 0.0
        each = [(self.inputs.crew("hours", crew, t) or 0.0) + extra for t in self.periods]
        return sum(hours * self.people(crew, t) for t, hours in enumerate(each) if hours)

    def physical(self, recipe: Row, t: int) -> float:
        """Units that capacity, lot_max and recipe_calendar allow in period ``t``; 0 when closed or too late to arrive [unit]."""
        key = (recipe["recipe"], t)
        if key not in self._physical:
            self._physical[key] = self._can_make(recipe, t)
        return self._physical[key]

    def _can_make(self, recipe: Row, t: int) -> float:
        name, period = recipe["recipe"], self.periods[t]
        if t + lead(recipe) > self.last or not self.inputs.recipe("open", name, period, 1.0):
            return 0.0
        limit = min(self.inputs.recipe("lot_max", name, period, INF), self.inputs.recipe("maximum", name, period, INF))
        for row in self.inputs.operations[name]:
            if row["hours"]:
                room = self.hours[row["resource"]][t] - (row["setup_hours"] or 0.0)
                limit = min(limit, max(0.0, room) / row["hours"])
        return limit
