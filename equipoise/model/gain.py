"""What a unit that nobody needs can earn, and how many of them: by a negative cost on its way, or by its value at the end.

A unit in excess costs its source, and is in stock after the last period. It earns where its least cost, with the components bought or made
for it and the hours paid for it, and the holding of the last period together lie below its value at the end. Where a limit of stock has a
price at least as large as the gain, units above the limit earn nothing, and the limit counts.

Where some sources of an item earn and others do not, each in each period by itself, units that earn are at most all that the former
can bring. What is left over of another source is left out at no loss; what cannot be left out of it was asked for before the next unit
arrived.

People who are on the payroll anyway work for nothing, but only so many hours: ``pays_idle`` names the recipes whose units earn with such
hours and never with hours that somebody is hired for. A crew hour costs at least ``wage(crew)``: what one more person costs in a period,
spread over all hours that a person can work.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from equipoise.model.inputs import INF, Inputs

ROUNDING = 1e-9  # relative: a gain this small is none


class Gain:
    """Gains of one case [money/unit]."""

    def __init__(self, inputs: Inputs):
        self.inputs = inputs
        self._costs: dict[str, float] = {}
        self._crewless: dict[str, bool] = {}

    # --- whether a unit earns -----------------------------------------------------------------------------------------------------

    def pays(self, item: str) -> bool:
        """Whether a unit in excess can earn money by itself, idle people working for nothing."""
        return self._pays_at(item, self.cost(item))

    def recipe_pays(self, recipe: str, t: str) -> bool:
        """Whether a unit in excess that this recipe makes in the period can earn money by itself."""
        row = self.inputs.recipes[recipe]
        return self._pays_at(row["item"], self._made_at(recipe, self.inputs.recipe("unit_cost", recipe, t)))

    def supplier_pays(self, key: tuple[str, str, str], t: str) -> bool:
        """Whether a unit in excess that is ordered by this supply row in the period can earn money by itself."""
        return self._pays_at(key[1], self.inputs.supply_cost(key, t))

    def _pays_at(self, item: str, cost: float) -> bool:
        return self.negative_lane or any(self._earned(item, cost, site) > 0 for site in self._sites(item))

    def pays_idle(self, item: str) -> list[str] | None:
        """Recipes that earn with idle people only; None where some source earns in another way too.

        Such a recipe has hours of crews, each of which, paid for, takes the whole gain; its components come without any crew.
        """
        if self.negative_lane:
            return None
        out = []
        for recipe, rate in self._sources.get(item, ()):
            cost = rate if recipe is None else self._made_at(recipe, rate)
            if not any(self._earned(item, cost, site) > 0 for site in self._sites(item)):
                continue
            if recipe is None or not self._needs_paid_people(recipe, rate):
                return None
            out.append(recipe)
        return out

    def _needs_paid_people(self, recipe: str, rate: float) -> bool:
        item = self.inputs.recipes[recipe]["item"]
        crews = [(row, crew) for row, crew in self._crew_operations(recipe)]
        if not crews or not all(
            self._is_crewless(part) for part, each in self.inputs.components.get(recipe, ()) if each
        ):
            return False
        costs = [self._made_at(recipe, rate + hours * self.wage(crew)) for hours, crew in crews]
        return not any(self._earned(item, cost, site) > 0 for cost in costs for site in self._sites(item))

    def _crew_operations(self, recipe: str) -> list[tuple[float, str]]:
        """(hours of a unit, crew) of a recipe."""
        rows = [
            (row["hours"] or 0.0, self.inputs.resources[row["resource"]]["crew"])
            for row in self.inputs.operations[recipe]
        ]
        return [(hours, crew) for hours, crew in rows if hours and crew]

    def _is_crewless(self, item: str) -> bool:
        """Whether no source of the item takes hours of a crew, on any level."""
        if item not in self._crewless:
            recipes = [recipe for recipe, _ in self._sources.get(item, ()) if recipe is not None]
            parts = {part for recipe in recipes for part, each in self.inputs.components.get(recipe, ()) if each}
            free = not any(self._crew_operations(recipe) for recipe in recipes)
            self._crewless[item] = free and all(self._is_crewless(part) for part in parts)
        return self._crewless[item]

    def wage(self, crew: str) -> float:
        """The least that an hour of people hired for it costs, in any period [money/hour]."""
        if crew not in self._wages:
            row, costs = self.inputs.crews[crew], [INF]
            extra, price = row["overtime"] or 0.0, row["overtime_wage"] or 0.0
            for t in self.inputs.periods:
                paid, hours = self.inputs.crew("wage", crew, t) or 0.0, self.inputs.crew("hours", crew, t) or 0.0
                costs += [paid / hours] if hours else []
                costs += [(paid + extra * price) / (hours + extra)] if extra else []
            self._wages[crew] = min(costs)
        return self._wages[crew]

    @cached_property
    def _wages(self) -> dict[str, float]:
        return {}

    # --- how many -----------------------------------------------------------------------------------------------------------------

    def room(self, item: str) -> tuple[float, float]:
        """(the most that can be in stock after the last period, the most of it that can earn), over all sites [unit]."""
        most, earning = 0.0, 0.0
        for site in self._sites(item):
            gain = INF if self.negative_lane else self._earned(item, self.cost(item), site)
            limits = self._limits(item, site)
            hard = min((limit for limit, price in limits if price == INF), default=INF)
            most += hard
            if gain > 0:
                reached = [limit for limit, price in limits if price >= gain]
                if len(limits) == 2 and limits[0][1] + limits[1][1] >= gain:
                    reached.append(max(limit for limit, _ in limits))  # a unit above both pays both
                earning += min(reached, default=INF)
        return most, earning

    def _limits(self, item: str, site: str) -> list[tuple[float, float]]:
        """(limit of closing stock of the last period, price of a unit above it; infinite where it is hard)."""
        out = []
        row, at = self.inputs.stock.get((item, site)), self.inputs.sites.get(site)
        maximum = self._maximum.get((item, site, self.inputs.last))
        if maximum is not None:
            price = row["maximum_cost"] if row else None
            out.append((maximum, INF if price is None else price))
        volume = self.inputs.volume(item)
        if at and at["storage_capacity"] is not None and volume:
            out.append(
                (at["storage_capacity"] / volume, INF if at["storage_cost"] is None else at["storage_cost"] * volume)
            )
        return out

    @cached_property
    def _maximum(self) -> dict[tuple[str, str, str], float]:
        return self.inputs.limits("maximum")

    # --- money --------------------------------------------------------------------------------------------------------------------

    def _earned(self, item: str, cost: float, site: str) -> float:
        """Value of a unit in stock at the site at the end, less its cost and its last period's holding; 0 within rounding."""
        row = self.inputs.stock.get((item, site))
        value = 0.0 if row is not None and row["final"] is not None else self.inputs.end_values.get(item, 0.0)
        share = 0.5 if self.inputs.case.settings.holding_on == "average" else 1.0
        kept = share * self.inputs.holding_rate(item, site, self.inputs.last)
        gain = value - kept - cost
        return gain if gain > ROUNDING * max(1.0, value) else min(gain, 0.0)

    def _sites(self, item: str) -> list[str]:
        return self.inputs.sites_of.get(item, [])

    def cost(self, item: str) -> float:
        """Least cost of one more unit of the item, components bought or made for it and paid hours of resources included [money/unit]."""
        if item not in self._costs:
            costs = [
                rate if recipe is None else self._made_at(recipe, rate) for recipe, rate in self._sources.get(item, ())
            ]
            self._costs[item] = min(costs, default=INF)
        return self._costs[item]

    def _made_at(self, recipe: str, rate: float) -> float:
        """Cost of a unit that arrives from the recipe, at ``rate`` for a unit made, components and hours of resources apart."""
        parts = sum(each * self.cost(part) for part, each in self.inputs.components.get(recipe, ()) if each)
        total = rate + parts + self._hours_paid(recipe)
        return total / (self.inputs.most_yield(recipe) if total > 0 else self.inputs.least_yield(recipe))

    def _hours_paid(self, recipe: str) -> float:
        """What the hours of a unit cost on resources that are paid by the hour [money/unit, gross]."""
        prices = self.inputs.resources
        rows = self.inputs.operations[recipe]
        return float(sum((row["hours"] or 0.0) * (prices[row["resource"]]["cost"] or 0.0) for row in rows))

    @cached_property
    def negative_lane(self) -> bool:
        """Whether shipping something earns money."""
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
