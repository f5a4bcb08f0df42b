"""Upper bounds of quantities that are safe and small, from tables only. Big-M values come from here, never from a literal.

The argument, for units of item i made or bought in period t. Call ``need[i][t]`` all that can still be asked of i from period t on: demand
whose window is open at t or later (backlog included), the largest stock targets from t on at every site, and what recipes that use i can
take. If more than ``need[i][t]`` arrives in t, some of it is still in stock at the end above every target; leaving it out keeps every
balance and limit and, as all costs of having it are >= 0, does not raise the cost. So some optimal plan stays within the bound, rounded
up to what lot rules and whole units allow. This fails in three cases, and each has its answer. A unit in excess is forced by a minimum:
what is forced is added. It uses up components that are there anyway and are dearer (or not allowed) to keep, or less worth at the end:
all such components can make is added (``spare``). It earns by itself, by a negative cost or an end value above the unit's cost: the
room for closing stock, or all that can be had of it, is added, and where neither has a limit, only its own physical limits count.

Whole units come in whole numbers to every site, where less than one may be left over: for an item at several sites one unit a site is
added.

The argument is about the plans of the case. Limits that are put on the model later (a quantity asked for, less room for stock) are not
in the tables: for a model that is to be limited further, ``every_plan`` leaves the argument out, and physical limits alone count.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cached_property

from equipoise.errors import DataError, Issue
from equipoise.model.inputs import INF, Inputs, Row
from equipoise.model.rounding import least_lot, lots_up
from equipoise.model.spare import Spare


class Bounds:
    """Bounds of one case, worked out once. Lists have one entry a period, counted from 0."""

    def __init__(self, inputs: Inputs, crews_must_work: bool = True, every_plan: bool = False):
        self.inputs = inputs
        self.every_plan = every_plan
        self.periods = inputs.periods
        self.last = len(inputs.periods) - 1
        self.spare = Spare(inputs, self._can_pay, self._useful_people if crews_must_work else None)
        self._most: dict[tuple[str, int], float] = {}
        self._physical: dict[tuple[str, int], float] = {}
        self._people: dict[str, float] = {}
        self._most_had: dict[str, float] = {}

    # --- the answers --------------------------------------------------------------------------------------------------------------

    def most_useful_make(self, recipe: Row, t: int) -> float:
        """The largest make[recipe, t] that some optimal plan needs [unit, gross]."""
        key = (recipe["recipe"], t)
        if key not in self._most:
            self._most[key] = self._most_useful_make(recipe, t)
        return self._most[key]

    def _most_useful_make(self, recipe: Row, t: int) -> float:
        physical = self.physical(recipe, t)
        if not physical:
            return 0.0
        useful = self.need(recipe["item"])[t + _lead(recipe)] / self.inputs.least_yield(recipe["recipe"])
        useful = lots_up(useful + self.spare.forced(recipe, t), recipe, recipe["item"] in self.inputs.whole)
        return min(physical, useful)

    def most_useful_buy(self, supply: Row, t: int) -> float:
        """The largest buy of a supply row in period ``t`` that some optimal plan needs [unit]."""
        arrival = t + _lead(supply)
        if arrival > self.last:
            return 0.0
        capacity = self.inputs.supply_capacity((supply["supplier"], supply["item"], supply["site"]), self.periods[t])
        limit = min(capacity, INF if supply["lot_max"] is None else supply["lot_max"])
        return min(limit, lots_up(self.need(supply["item"])[arrival], supply, supply["item"] in self.inputs.whole))

    def finite(self, bound: float, table: str, **key: str) -> float:
        """The bound, or DataError when a yes-or-no rule needs one and the data give none."""
        if bound != INF:
            return bound
        what = " ".join(v for v in key.values() if v)
        message = f"{what} has a set-up, order or lot rule but nothing limits its quantity"
        message += "." if self.every_plan else ", and a unit more can earn money."
        hint = "Give it a capacity or a lot_max"
        hint += "." if self.every_plan else ", or a cost and an end value at which stock nobody needs does not pay."
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

    def _useful_people(self, crew: str, t: int) -> float:
        """The most people some optimal plan needs of a crew that must work a share of its hours [people].

        As many as could do in one period all that is needed in all of them; nobody is paid beyond that, but for those there already.
        """
        if self.every_plan:
            return self.inputs.most_people(crew, t)
        if crew not in self._people:
            plain, work = Bounds(self.inputs, crews_must_work=False), 0.0
            for name, row in self.inputs.resources.items():
                for recipe, operation in self.inputs.operations_on(name) if row["crew"] == crew else ():
                    made = max(plain.most_useful_make(self.inputs.recipes[recipe], u) for u in range(self.last + 1))
                    work += (operation["hours"] or 0.0) * made + (operation["setup_hours"] or 0.0)
            hours = [self.inputs.crew("hours", crew, u) or 0.0 for u in self.periods]
            least = [self.inputs.crew("minimum", crew, u) or 0.0 for u in self.periods]
            needed = math.ceil(work / min((h for h in hours if h), default=INF)) if work < INF else INF
            self._people[crew] = max(float(needed), self.inputs.crews[crew]["workers"] or 0.0, *least)
        return min(self._people[crew], self.inputs.most_people(crew, t))

    def physical(self, recipe: Row, t: int) -> float:
        """Units that capacity, lot_max and recipe_calendar allow in period ``t``; 0 when closed or too late to arrive [unit]."""
        key = (recipe["recipe"], t)
        if key not in self._physical:
            self._physical[key] = self._can_make(recipe, t)
        return self._physical[key]

    def _can_make(self, recipe: Row, t: int) -> float:
        name, period = recipe["recipe"], self.periods[t]
        if t + _lead(recipe) > self.last or not self.inputs.recipe("open", name, period, 1.0):
            return 0.0
        limit = min(self.inputs.recipe("lot_max", name, period, INF), self.inputs.recipe("maximum", name, period, INF))
        for row in self.inputs.operations[name]:
            if row["hours"]:
                room = self.hours[row["resource"]][t] - (row["setup_hours"] or 0.0)
                limit = min(limit, max(0.0, room) / row["hours"])
        return limit

    # --- what can still be asked --------------------------------------------------------------------------------------------------

    def need(self, item: str) -> list[float]:
        """All that can still be asked of the item from period t on [unit]; infinite where a unit in excess can pay and has room.

        Infinite everywhere with ``every_plan``.
        """
        if self.every_plan:
            return [INF] * len(self.periods)
        if item not in self._needs:
            self._needs[item] = self._need(item)
        return self._needs[item]

    @cached_property
    def _needs(self) -> dict[str, list[float]]:
        return {}

    def _need(self, item: str) -> list[float]:
        zero = [0.0] * len(self.periods)
        total = [a + b for a, b in zip(self._demanded.get(item, zero), self._targets.get(item, zero), strict=True)]
        more = min(self._room(item), self._available(item)) if self._can_pay(item) else self.spare.made_of_spare(item)
        sites = len(self.inputs.sites_of.get(item, ()))
        if item in self.inputs.whole and sites > 1:
            more += sites
        total = [amount + more for amount in total]
        for parent, uses in self._parents.get(item, {}).items():
            above = self.need(parent)
            for t in range(len(total)):
                running = [(q, r) for q, r in uses if t + _lead(r) <= self.last]
                if running:
                    per_unit = max(q / self.inputs.least_yield(r["recipe"]) for q, r in running)
                    total[t] += per_unit * above[t + min(_lead(r) for _, r in running)]
                    total[t] += sum(q * self._beyond_need(r, t) for q, r in running)
        return total

    def _beyond_need(self, recipe: Row, t: int) -> float:
        """What a recipe can make from period t on beyond what is needed: the rest of its last lot, and what is forced [unit, gross].

        Where a rest may be gone before the next run, every lot has one.
        """
        whole = recipe["item"] in self.inputs.whole
        forced = (lots_up(self.spare.forced(recipe, u), recipe, whole) for u in range(t, self.last + 1))
        lots = self.last + 1 - t if self.spare.can_leave(recipe["item"], recipe["site"]) else 1
        return lots * least_lot(recipe, whole) + sum(forced)

    def _room(self, item: str) -> float:
        """The most that can be in stock after the last period: what is made is served, used or still there [unit]."""
        maximum, volume = self.inputs.limits("maximum"), self.inputs.volume(item)
        total = 0.0
        for site in self.inputs.sites_of.get(item, ()):
            row, at = self.inputs.stock.get((item, site)), self.inputs.sites.get(site)
            room = INF if row and row["maximum_cost"] is not None else maximum.get((item, site, self.periods[-1]), INF)
            if at and at["storage_capacity"] is not None and at["storage_cost"] is None and volume:
                room = min(room, at["storage_capacity"] / volume)
            total += room
        return total

    def _available(self, item: str) -> float:
        """All that can be had of the item: given, and what capacity and components let sources bring over the horizon [unit]."""
        if item not in self._most_had:
            total, times = self.spare.gifts.get(item, 0.0), range(self.last + 1)
            for name, row in self.inputs.recipes.items():
                if row["item"] == item:
                    parts = [self._available(c) / q for c, q in self.inputs.components.get(name, ()) if q]
                    made = min([sum(self.physical(row, t) for t in times), *parts])
                    total += made * self.inputs.most_yield(name)
            for key, row in self.inputs.supply.items():
                if key[1] == item:
                    most = INF if row["lot_max"] is None else row["lot_max"]
                    total += sum(min(most, self.inputs.supply_capacity(key, t)) for t in self.periods)
            self._most_had[item] = total
        return self._most_had[item]

    @cached_property
    def _demanded(self) -> dict[str, list[float]]:
        """item -> demand that can still be served in period t or later, over all sites [unit]."""
        at_last: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(self.periods))
        for row in self.inputs.demand:
            if row["last"] >= 0:
                at_last[row["item"]][int(min(self.last, row["last"]))] += row["quantity"]
        return {item: _from_here_on(amounts) for item, amounts in at_last.items()}

    @cached_property
    def _targets(self) -> dict[str, list[float]]:
        """item -> what stock targets (safety, final) ask for from period t on, added up over sites [unit].

        The target of the period and every rise after it: what a fall sets free may be gone when the target rises again.
        """
        out: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(self.periods))
        for (item, _), amounts in self.inputs.targets.items():
            rises = 0.0
            for t in range(self.last, -1, -1):
                out[item][t] += amounts[t] + rises
                rises += max(0.0, amounts[t] - amounts[t - 1]) if t else 0.0
        return out

    @cached_property
    def _parents(self) -> dict[str, dict[str, list[tuple[float, Row]]]]:
        """component -> item made from it -> (units used for a unit made, recipe)."""
        out: dict[str, dict[str, list[tuple[float, Row]]]] = defaultdict(lambda: defaultdict(list))
        for name, uses in self.inputs.components.items():
            recipe = self.inputs.recipes[name]
            for component, quantity in uses:
                if quantity:
                    out[component][recipe["item"]].append((quantity, recipe))
        return out

    # --- what a unit in excess can earn -----------------------------------------------------------------------------

    def _can_pay(self, item: str) -> bool:
        """Whether a unit nobody needs can earn money by itself: a negative cost on its way, or an end value above what it costs."""
        if self._negative_lane or any(rate < 0 for _, rate in self._sources.get(item, ())):
            return True
        value = self.inputs.end_values.get(item, 0.0)
        if not value:
            return False
        sites = [site for site in self.inputs.sites_of.get(item, ()) if not self._has_final(item, site)]
        if not sites:
            return False
        share = 0.5 if self.inputs.case.settings.holding_on == "average" else 1.0
        last = [self.inputs.holding_rate(item, site, self.periods[-1]) for site in sites]
        return value - share * min(last, default=0.0) > self._cost(item)

    def _has_final(self, item: str, site: str) -> bool:
        """Closing stock there earns no credit: the case says how much of it there is to be."""
        row = self.inputs.stock.get((item, site))
        return row is not None and row["final"] is not None

    @cached_property
    def _negative_lane(self) -> bool:
        return any((row["unit_cost"] or 0.0) < 0 for row in self.inputs.case.records("lanes"))

    @cached_property
    def _sources(self) -> dict[str, list[tuple[str | None, float]]]:
        """item -> (recipe, or None for a supplier; least unit cost)."""
        out: dict[str, list[tuple[str | None, float]]] = defaultdict(list)
        for name, row in self.inputs.recipes.items():
            out[row["item"]].append((name, self.inputs.least_costs[name]))
        for (_, item, _), price in self.inputs.least_prices.items():
            out[item].append((None, price))
        return out

    def _cost(self, item: str) -> float:
        """Least cost of one more unit of the item, components bought or made for it and hours paid for [money/unit]."""
        if item not in self._costs:
            costs = [INF]
            for recipe, rate in self._sources.get(item, ()):
                if recipe is None:
                    costs.append(rate)
                else:
                    parts = sum(q * self._cost(c) for c, q in self.inputs.components.get(recipe, ()) if q)
                    costs.append((rate + parts + self._hours_paid(recipe)) / self.inputs.most_yield(recipe))
            self._costs[item] = min(costs)
        return self._costs[item]

    def _hours_paid(self, recipe: str) -> float:
        """What the hours of a unit cost on resources that are paid by the hour [money/unit, gross]."""
        prices = self.inputs.resources
        rows = self.inputs.operations[recipe]
        return float(sum((row["hours"] or 0.0) * (prices[row["resource"]]["cost"] or 0.0) for row in rows))

    @cached_property
    def _costs(self) -> dict[str, float]:
        return {}


def _lead(row: Row) -> int:
    return int(row["lead_time"] or 0)


def _from_here_on(amounts: list[float]) -> list[float]:
    out, running = [0.0] * len(amounts), 0.0
    for t in range(len(amounts) - 1, -1, -1):
        running += amounts[t]
        out[t] = running
    return out
