"""Units that are there although nobody needs them, and what can be made of them: the part of the bounds that is not need.

Opening stock and receipts are given, minima force recipes to run, and lots leave a rest. Where such units are components, making
something of them can be cheaper than keeping them, or the only way to stay below a maximum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise

from equipoise.model.inputs import INF, Inputs, Row
from equipoise.model.rounding import least_lot, lots_up


class Spare:
    """Spare units of one case.

    ``can_pay`` says whether a unit of an item can earn money by itself; ``people`` how many of a crew that must work there can be in a
    period (None: no crew must).
    """

    def __init__(
        self, inputs: Inputs, can_pay: Callable[[str], bool], people: Callable[[str, int], float] | None = None
    ):
        self.inputs = inputs
        self.can_pay = can_pay
        self.people = people
        self.horizon = len(inputs.periods)
        self._spare: dict[str, float] = {}
        self._kept: dict[str, float] = {}
        self._worth: dict[str, float] = {}

    # --- what is forced -----------------------------------------------------------------------------------------------------------

    def forced(self, recipe: Row, t: int) -> float:
        """Units that minima may force the recipe to make in period ``t`` although nobody needs them [unit, gross]."""
        forced = recipe["minimum"] or 0.0
        for row in self.inputs.operations[recipe["recipe"]]:
            if row["hours"]:
                forced += self._forced_hours(row["resource"], t) / row["hours"]
        return float(forced)

    def _forced_hours(self, resource: str, t: int) -> float:
        row = self.inputs.resources[resource]
        hours = row["minimum"] or 0.0
        share = self.inputs.crews[row["crew"]]["minimum_use"] if row["crew"] else None
        each = self.inputs.crew("hours", row["crew"], self.inputs.periods[t]) if share and self.people else None
        if share and each and self.people:
            hours += share * each * self.people(row["crew"], t)
        return float(hours)

    # --- what is spare, and can be made of it -------------------------------------------------------------------------------------

    def made_of_spare(self, item: str) -> float:
        """Units of the item that may be made only because of spare components [unit, net]."""
        return sum(self._made_by(name) for name in self._recipes.get(item, ()) if self._absorbs(name))

    def _made_by(self, recipe: str) -> float:
        """Units a recipe can make of all spare units of its components, each run rounded up to a lot [unit, net]."""
        row = self.inputs.recipes[recipe]
        of_parts = sum(self._of(part) / each for part, each in self.inputs.components.get(recipe, ()) if each)
        rests = self.horizon * least_lot(row, row["item"] in self.inputs.whole) if of_parts else 0.0
        return (of_parts + rests) * self.inputs.most_yield(recipe)

    def _of(self, item: str) -> float:
        """Units of the item that can be spare over the horizon [unit].

        They were given, forced, kept for a stock target that falls, are rests of lots, or made of spare components.
        """
        if item not in self._spare:
            self._spare[item] = INF if self.can_pay(item) else self._count(item)
        return self._spare[item]

    def _count(self, item: str) -> float:
        whole = item in self.inputs.whole
        total = self.gifts.get(item, 0.0) + self._set_free.get(item, 0.0)
        for name in self._recipes.get(item, ()):
            row = self.inputs.recipes[name]
            forced = sum(lots_up(self.forced(row, t), row, whole) for t in range(self.horizon))
            rests = self.horizon * least_lot(row, whole)
            total += (forced + rests) * self.inputs.most_yield(name) + self._made_by(name)
        for key, row in self.inputs.supply.items():
            if key[1] == item:
                total += self.horizon * least_lot(row, whole)
        return total

    @cached_property
    def _recipes(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = defaultdict(list)
        for name, row in self.inputs.recipes.items():
            out[row["item"]].append(name)
        return out

    @cached_property
    def _set_free(self) -> dict[str, float]:
        """item -> falls of its stock targets, over all sites [unit]."""
        out: dict[str, float] = defaultdict(float)
        for (item, _), amounts in self.inputs.targets.items():
            out[item] += sum(max(0.0, before - after) for before, after in pairwise(amounts))
        return out

    @cached_property
    def gifts(self) -> dict[str, float]:
        """item -> opening stock and receipts [unit]."""
        out: dict[str, float] = defaultdict(float)
        for (item, _), row in self.inputs.stock.items():
            out[item] += row["opening"] or 0.0
        for row in self.inputs.case.records("receipts"):
            out[row["item"]] += row["quantity"]
        return out

    # --- whether it pays to use up components -------------------------------------------------------------------------------------

    def _absorbs(self, recipe: str) -> bool:
        """Whether running the recipe only to use up components can pay: they meet a limit, cost more to keep, or are worth less."""
        row = self.inputs.recipes[recipe]
        parts = [(part, each) for part, each in self.inputs.components.get(recipe, ()) if each]
        if any(self._is_limited(part, row["site"]) for part, _ in parts):
            return True
        dearest = sum(each * max(self._rates(part, row["site"])) for part, each in parts)
        gain = self.inputs.most_yield(recipe) * self._most_worth(row["item"])
        if row["lead_time"] or self.inputs.least_yield(recipe) * self._least_kept(row["item"]) < dearest:
            gain += self.horizon * dearest
        return gain > self.inputs.least_costs[recipe]

    def can_leave(self, item: str, site: str) -> bool:
        """Whether a unit at the site may be gone when it is wanted: it can be sent on, or using it up can pay."""
        used = any(self._absorbs(recipe) for recipe, _ in self._users.get(item, ()))
        return used or site in self._origins.get(item, ())

    @cached_property
    def _origins(self) -> dict[str, set[str]]:
        """item -> sites from which a lane takes it elsewhere."""
        out: dict[str, set[str]] = defaultdict(set)
        for row in self.inputs.case.records("lanes"):
            for item in [row["item"]] if row["item"] else self.inputs.items:
                out[item].add(row["origin"])
        return out

    def _is_limited(self, item: str, site: str) -> bool:
        volume = self.inputs.items[item]["volume"]
        return (item, site) in self._with_maximum or (volume != 0 and site in self._with_capacity)

    @cached_property
    def _with_maximum(self) -> set[tuple[str, str]]:
        return {(item, site) for item, site, _ in self.inputs.limits("maximum")}

    @cached_property
    def _with_capacity(self) -> set[str]:
        return {row["site"] for row in self.inputs.case.records("sites") if row["storage_capacity"] is not None}

    def _rates(self, item: str, site: str) -> list[float]:
        return [self.inputs.holding_rate(item, site, t) for t in self.inputs.periods]

    def _least_kept(self, item: str) -> float:
        """Least cost of keeping a unit one period, anywhere, on the way, or in what is made of it [money/unit]."""
        if item not in self._kept:
            rates = [min(self._rates(item, site)) for site in self.inputs.case.sites]
            for recipe, each in self._users.get(item, ()):
                row = self.inputs.recipes[recipe]
                above = 0.0 if row["lead_time"] else self._least_kept(row["item"])
                rates.append(self.inputs.least_yield(recipe) * above / each)
            self._kept[item] = 0.0 if self._slow_lanes else min(rates)
        return self._kept[item]

    def _most_worth(self, item: str) -> float:
        """Largest credit at the end for a unit, or for what is made of it [money/unit]."""
        if item not in self._worth:
            values = [self.inputs.end_values.get(item, 0.0)]
            for recipe, each in self._users.get(item, ()):
                above = self._most_worth(self.inputs.recipes[recipe]["item"])
                values.append(self.inputs.most_yield(recipe) * above / each)
            self._worth[item] = max(values)
        return self._worth[item]

    @cached_property
    def _slow_lanes(self) -> bool:
        """Whether anything can be on its way for a period, where it costs nothing to keep."""
        return any(row["lead_time"] for row in self.inputs.case.records("lanes"))

    @cached_property
    def _users(self) -> dict[str, list[tuple[str, float]]]:
        """component -> (recipe that uses it, units used for a unit made)."""
        out: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for recipe, parts in self.inputs.components.items():
            for part, each in parts:
                if each:
                    out[part].append((recipe, each))
        return out
