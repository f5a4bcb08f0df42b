"""Units that are there although nobody needs them, and what can be made of them: the part of the bounds that is not need.

Opening stock and receipts are given, minima force recipes to run, and lots leave a rest. Where such units are components, making
something of them can be cheaper than keeping them, or the only way to stay below a maximum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise

from equipoise.model.gain import Gain
from equipoise.model.inputs import INF, Inputs, Row
from equipoise.model.rounding import even, least_lot, lots_up, step


class Spare:
    """Spare units of one case.

    ``physical`` says what a recipe can make in a period; ``people`` how many of a crew that must work there can be.
    """

    def __init__(
        self,
        inputs: Inputs,
        gain: Gain,
        physical: Callable[[Row, int], float],
        people: Callable[[str, int], float],
    ):
        self.inputs = inputs
        self.gain = gain
        self.physical = physical
        self.people = people
        self.horizon = len(inputs.periods)
        self._spare: dict[str, float] = {}
        self._absorbed: dict[str, dict[str, float]] = {}
        self._kept: dict[str, float] = {}
        self._worth: dict[str, float] = {}
        self._hours: dict[tuple[str, int], float] = {}

    # --- what is forced -----------------------------------------------------------------------------------------------------------

    def forced(self, recipe: Row, t: int, apart_from: str | None = None) -> float:
        """Units that minima may force the recipe to make in period ``t`` although nobody needs them [unit, gross].

        Hours of its set-up count, and are filled by a run of its least lot, or of nothing where it has none. What the crew
        ``apart_from`` has to work is left out.
        """
        most = self.physical(recipe, t)
        if not most:
            return 0.0
        forced, set_up = recipe["minimum"] or 0.0, 0.0
        for row in self.inputs.operations[recipe["recipe"]]:
            hours = self._forced_hours(row["resource"], t, apart_from)
            if row["hours"]:
                forced += hours / row["hours"]
            if hours and row["setup_hours"]:
                set_up = recipe["lot_min"] or 0.0
        return float(min(max(forced, set_up), most))

    def _forced_hours(self, resource: str, t: int, apart_from: str | None = None) -> float:
        row = self.inputs.resources[resource]
        crew, own = row["crew"], float(row["minimum"] or 0.0)
        share = self.inputs.crews[crew]["minimum_use"] if crew and crew != apart_from else None
        if not share:
            return own
        if (resource, t) not in self._hours:
            each = share * (self.inputs.crew("hours", crew, self.inputs.periods[t]) or 0.0)
            self._hours[resource, t] = own + (each * self.people(crew, t) if each else 0.0)
        return self._hours[resource, t]

    def may_be_forced(self, recipe: Row) -> bool:
        """Whether minima can force the recipe to run in some period."""
        return any(self.forced(recipe, t) > 0 for t in range(self.horizon))

    def all_forced(self, weights: list[tuple[float, Row]], t: int) -> float:
        """What recipes that are forced to run use or bring in period ``t``, each unit made counting by its weight.

        Each recipe at its most, in whole lots; or, where that is less, every forced hour of a resource in the recipe with the largest
        weight an hour, since an hour is worked once, and a lot more of each recipe, which is also the run that its set-up forces.
        """
        forced = [(weight, row, self.forced(row, t)) for weight, row in weights]
        forced = [(weight, row, amount) for weight, row, amount in forced if amount]
        alone = sum(weight * lots_up(amount, row, self._whole(row)) for weight, row, amount in forced)
        if len(forced) < 2:
            return alone
        together, best = 0.0, dict[str, float]()
        for weight, row, _ in forced:
            together += weight * ((row["minimum"] or 0.0) + least_lot(row, self._whole(row)))
            for operation in self.inputs.operations[row["recipe"]]:
                name, hours = operation["resource"], operation["hours"]
                if hours and self._forced_hours(name, t):
                    best[name] = max(best.get(name, 0.0), weight / hours)
        return min(alone, together + sum(each * self._forced_hours(name, t) for name, each in best.items()))

    def _whole(self, recipe: Row) -> bool:
        return recipe["item"] in self.inputs.whole

    # --- what is spare, and can be made of it -------------------------------------------------------------------------------------

    def absorbed(self, recipe: str) -> dict[str, float]:
        """component -> units that the recipe may make only because that component is spare [unit, gross]; no roundings to lots in it."""
        if recipe not in self._absorbed:
            parts = self.inputs.components.get(recipe, ()) if self.absorbs(recipe) else ()
            self._absorbed[recipe] = {part: self._of(part) / each for part, each in parts if each}
        return self._absorbed[recipe]

    def _made_of_spare(self, item: str) -> float:
        """Units of the item that may be made only because components are spare [unit, net].

        A spare unit is used once, by the recipe that makes most of it: recipes do not add up.
        """
        out: dict[str, float] = {}
        for name in self._recipes.get(item, ()):
            for part, made in self.absorbed(name).items():
                out[part] = max(out.get(part, 0.0), made * self.inputs.most_yield(name))
        return sum(out.values())

    def _of(self, item: str) -> float:
        """Units of the item that can be spare over the horizon [unit].

        They were given, forced, kept for a stock target that falls, are rests of lots, or made of spare components. Units that are made
        because they earn are not: each can be left out.
        """
        if item not in self._spare:
            self._spare[item] = INF if self.gain.negative_lane else self._count(item)
        return self._spare[item]

    def _count(self, item: str) -> float:
        total = self.gifts.get(item, 0.0) + self._set_free.get(item, 0.0) + self._made_of_spare(item)
        recipes = [(self.inputs.most_yield(name), self.inputs.recipes[name]) for name in self._recipes.get(item, ())]
        for t in range(self.horizon):
            total += self.all_forced(recipes, t)
            total += sum(each * least_lot(row, self._whole(row)) for each, row in recipes if self.physical(row, t))
        for key, row in self.inputs.supply.items():
            if key[1] == item:
                total += self.horizon * least_lot(row, item in self.inputs.whole)
        users = ((each, self.inputs.recipes[name]) for name, each in self._users.get(item, ()))
        return total + self.horizon * max((self.evened(item, each, row) for each, row in users), default=0.0)

    def evened(self, item: str, each: float, recipe: Row) -> float:
        """Units of the item that may be had in a period, and used by the recipe, only to use up a rest exactly [unit].

        Where both come in lots, a rest may be used up exactly only after more lots of both: at most as many as are whole lots of both
        sizes, since those can be left out. Nor more than the rest saves, where each such unit costs money: the rest that whole lots of
        the recipe leave, so less than one of them uses.
        """
        if not self.absorbs(recipe["recipe"]):
            return 0.0
        whole = item in self.inputs.whole
        used = each * step(recipe, self._whole(recipe))
        lots = [step(self.inputs.recipes[n], whole) * self.inputs.most_yield(n) for n in self._recipes.get(item, ())]
        lots += [step(row, whole) for key, row in self.inputs.supply.items() if key[1] == item]
        price = self.gain.cost(item) + self._loss(recipe) / each
        rest = max(used, *lots, 0.0)
        most = rest * self.horizon * max(self._rates(item, recipe["site"])) / price if price > 0 else INF
        if (item, recipe["site"]) in self._with_maximum or self._frees_room(recipe, [(item, each)]):
            most = INF
        return min(most, sum(even(lot, used) for lot in lots))

    def _loss(self, recipe: Row) -> float:
        """What a unit made costs beyond what it can be worth; below 0 where it is worth more [money/unit, gross]."""
        name = recipe["recipe"]
        return self.inputs.least_costs[name] - self.inputs.most_yield(name) * self._most_worth(recipe["item"])

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

    def absorbs(self, recipe: str) -> bool:
        """Whether running the recipe only to use up components can pay: they meet a limit, cost more to keep, or are worth less."""
        if recipe not in self._absorbing:
            self._absorbing[recipe] = self._may_absorb(recipe)
        return self._absorbing[recipe]

    @cached_property
    def _absorbing(self) -> dict[str, bool]:
        return {}

    def _may_absorb(self, recipe: str) -> bool:
        row = self.inputs.recipes[recipe]
        parts = [(part, each) for part, each in self.inputs.components.get(recipe, ()) if each]
        if any((part, row["site"]) in self._with_maximum for part, _ in parts) or self._frees_room(row, parts):
            return True
        dearest = sum(each * max(self._rates(part, row["site"])) for part, each in parts)
        gain = self.inputs.most_yield(recipe) * self._most_worth(row["item"]) + self._earned_on_the_way(recipe)
        if row["lead_time"] or self.inputs.least_yield(recipe) * self._least_kept(row["item"]) < dearest:
            gain += self.horizon * dearest
        return gain > max(0.0, self.inputs.least_costs[recipe])

    def _earned_on_the_way(self, recipe: str) -> float:
        """What a unit made earns by costs below 0: the recipe's own, and those of components [money/unit, gross]."""
        parts = self.inputs.components.get(recipe, ())
        return max(0.0, -self.inputs.least_costs[recipe]) + sum(e * max(0.0, -self.gain.cost(p)) for p, e in parts if e)

    def can_leave(self, item: str, site: str) -> bool:
        """Whether a unit at the site may be gone when it is wanted: it can be sent on, or using it up there can pay."""
        recipes = (name for name, _ in self._users.get(item, ()) if self.inputs.recipes[name]["site"] == site)
        return site in self._origins.get(item, ()) or any(self.absorbs(name) for name in recipes)

    @cached_property
    def _origins(self) -> dict[str, set[str]]:
        """item -> sites from which a lane takes it elsewhere."""
        out: dict[str, set[str]] = defaultdict(set)
        for row in self.inputs.case.records("lanes"):
            for item in [row["item"]] if row["item"] else self.inputs.items:
                out[item].add(row["origin"])
        return out

    def _frees_room(self, recipe: Row, parts: list[tuple[str, float]]) -> bool:
        """Whether components take more of a limited storage than what is made of them, or the latter comes later or can leave."""
        site, item = recipe["site"], recipe["item"]
        before = sum(each * self.inputs.volume(part) for part, each in parts)
        if site not in self._with_capacity or not before:
            return False
        after = self.inputs.least_yield(recipe["recipe"]) * self.inputs.volume(item)
        return bool(recipe["lead_time"]) or after < before or self.can_leave(item, site)

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
        """Largest credit at the end for a unit, or for what is made of it, costs below 0 included [money/unit]."""
        if item not in self._worth:
            values = [self.inputs.end_values.get(item, 0.0)]
            for recipe, each in self._users.get(item, ()):
                above = self.inputs.most_yield(recipe) * self._most_worth(self.inputs.recipes[recipe]["item"])
                values.append((above + self._earned_on_the_way(recipe)) / each)
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
