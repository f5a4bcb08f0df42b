"""All that can still be asked of an item from a period on: what its sources may bring without a unit in excess.

From period t on an item is asked for by demand whose window is open at t or later (backlog included), by stock targets, and by recipes that
use it. What stock targets ask for is, at each site, the largest target from t on where stock can leave the site only to serve demand or
to be used, both of which count themselves. Where it can also leave in another way (a lane, or a use that pays by itself), what a falling
target sets free may be gone when the target rises again: the target of t and every rise after it.

A recipe uses what is needed of the item it makes, what it is forced to make, and the rest of its last lot; the rest of every lot where
rests do not stay in stock: they can leave, come on top of forced runs, or belong to runs that use up components. A run that uses up
spare units asks for its other components; of the spare item itself for no more than the rest of a lot, since the spare units are
there anyway. Only the recipe that uses the spare units up makes more for that reason: a supplier or another recipe does not, but for
one case. A least lot that is more than what is asked for leaves a rest, and where whole lots use it up, a little more than the least
lot may use it up exactly: a lot more of each such recipe in each of its runs (``topped``), since a run beyond that can be left out with
what it uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from equipoise.model.gain import Gain
from equipoise.model.inputs import INF, Inputs, Row
from equipoise.model.rounding import least_lot
from equipoise.model.spare import Spare


class Need:
    """Needs of one case. ``idle_hours`` says what people on the payroll can do on a resource; None: work for its own sake is left out."""

    def __init__(self, inputs: Inputs, gain: Gain, spare: Spare, idle_hours: Callable[[str], float] | None):
        self.inputs = inputs
        self.gain = gain
        self.spare = spare
        self.idle_hours = idle_hours
        self.last = len(inputs.periods) - 1
        self._needs: dict[str, list[float]] = {}
        self._earned: dict[str, tuple[float, float]] = {}
        self._most_had: dict[str, float] = {}
        self._topped: dict[str, list[float]] = {}

    def of(self, item: str) -> list[float]:
        """All that can still be asked of the item from each period on [unit]; infinite where a unit in excess can pay and has room.

        What a recipe makes only to use up spare components is not in it.
        """
        if item not in self._needs:
            extra = min(self._earning(item))
            self._needs[item] = [amount + extra for amount in self._asked(item)]
        return self._needs[item]

    def made_by(self, recipe: Row) -> list[float]:
        """All that can still be asked of a recipe from each period of arrival on, forced runs apart [unit, net]."""
        most, limit = self._earning(recipe["item"])
        absorbed = sum(self.spare.absorbed(recipe["recipe"]).values()) * self.inputs.most_yield(recipe["recipe"])
        extra = min(absorbed, limit - most) if most < limit else 0.0
        return [amount + extra for amount in self.of(recipe["item"])]

    def topped(self, item: str) -> list[float]:
        """What may be had of the item on top of a least lot, from each period on, to use its rest up in whole lots [unit]."""
        if item not in self._topped:
            total = [0.0] * (self.last + 1)
            for parent, uses in self._parents.get(item, {}).items():
                absorbing = [(each, recipe) for each, recipe in uses if self.spare.absorbs(recipe["recipe"])]
                total = _sum(total, self._along(absorbing, self.topped(parent)), self._rests(item, absorbing))
            self._topped[item] = total
        return self._topped[item]

    def _asked(self, item: str) -> list[float]:
        zero = [0.0] * (self.last + 1)
        total = _sum(self._demanded.get(item, zero), self._targets.get(item, zero))
        sites = len(self.inputs.sites_of.get(item, ()))
        if item in self.inputs.whole and sites > 1:
            total = [amount + sites for amount in total]
        for parent, uses in self._parents.get(item, {}).items():
            along = self._along(uses, self.of(parent), self._used_along(item, uses))
            total = _sum(total, along, self._beyond_need(item, uses))
        return total

    def _along(self, uses: list[tuple[float, Row]], above: list[float], more: float = 0.0) -> list[float]:
        """What recipes of one item use from each period on for what is asked of that item, ``above``, and ``more`` [unit]."""
        out = [0.0] * (self.last + 1)
        for t in range(self.last + 1):
            running = [(each, recipe) for each, recipe in uses if t + lead(recipe) <= self.last]
            if running:
                per_unit = max(each / self.inputs.least_yield(recipe["recipe"]) for each, recipe in running)
                out[t] = per_unit * above[t + min(lead(recipe) for _, recipe in running)] + more
        return out

    def _beyond_need(self, item: str, uses: list[tuple[float, Row]]) -> list[float]:
        """What recipes of one item can use from each period on beyond what is needed: rests of lots, and what is forced [unit]."""
        out, forced = self._rests(item, uses), 0.0
        for t in range(self.last, -1, -1):
            forced += self.spare.all_forced(uses, t)
            out[t] += forced
        return out

    def _rests(self, item: str, uses: list[tuple[float, Row]]) -> list[float]:
        """What the rests of lots of these recipes use from each period on [unit]."""
        out, runs = [0.0] * (self.last + 1), [0] * len(uses)
        many = [
            self.spare.can_leave(r["item"], r["site"]) or self.spare.absorbs(r["recipe"]) or self.spare.may_be_forced(r)
            for _, r in uses
        ]
        for t in range(self.last, -1, -1):
            for n, (each, recipe) in enumerate(uses):
                if t + lead(recipe) <= self.last:
                    runs[n] = runs[n] + 1 if many[n] else 1
                    rest = each * least_lot(recipe, recipe["item"] in self.inputs.whole)
                    out[t] += runs[n] * max(rest, self.spare.evened(item, each, recipe))
        return out

    def _used_along(self, item: str, uses: list[tuple[float, Row]]) -> float:
        """What runs of recipes of one item use of ``item`` where they use up spare units of their other components [unit]."""
        out: dict[str, float] = {}
        for each, recipe in uses:
            for part, made in self.spare.absorbed(recipe["recipe"]).items():
                if part != item:
                    out[part] = max(out.get(part, 0.0), each * made)
        return sum(out.values())

    # --- units that earn ----------------------------------------------------------------------------------------------------------

    def _earning(self, item: str) -> tuple[float, float]:
        """(units made because they earn, the most of any units that nobody asks for) [unit]."""
        if item not in self._earned:
            self._earned[item] = 0.0, INF
            if self.gain.pays(item):
                room, earning = self.gain.room(item)
                earning = min(earning, self._by_idle_people(item), self._brought(item, paying=True))
                self._earned[item] = earning, min(room, self._available(item))
        return self._earned[item]

    def _by_idle_people(self, item: str) -> float:
        """Units that people on the payroll can make over the horizon, where units that others are hired for earn nothing [unit]."""
        recipes = self.gain.pays_idle(item)
        if recipes is None:
            return INF
        if self.idle_hours is None:
            return 0.0
        total = 0.0
        for name in recipes:
            rows = [
                row
                for row in self.inputs.operations[name]
                if row["hours"] and self.inputs.resources[row["resource"]]["crew"]
            ]
            total += min(self.idle_hours(row["resource"]) / row["hours"] for row in rows) * self.inputs.most_yield(name)
        return total

    def _available(self, item: str) -> float:
        """All that can be had of the item: given, and what capacity and components let sources bring over the horizon [unit]."""
        if item not in self._most_had:
            self._most_had[item] = self.spare.gifts.get(item, 0.0) + self._brought(item)
        return self._most_had[item]

    def _brought(self, item: str, paying: bool = False) -> float:
        """All that sources can bring of the item within the horizon; ``paying``: only where a unit in excess can earn [unit]."""
        total, periods = 0.0, self.inputs.periods
        for name, row in self.inputs.recipes.items():
            if row["item"] == item:
                times = [t for t, p in enumerate(periods) if not paying or self.gain.recipe_pays(name, p)]
                parts = [self._available(c) / q for c, q in self.inputs.components.get(name, ()) if q]
                made = min([sum(self.spare.physical(row, t) for t in times), *parts])
                total += made * self.inputs.most_yield(name)
        for key, row in self.inputs.supply.items():
            if key[1] == item:
                in_time = periods[: max(0, len(periods) - lead(row))]
                most = INF if row["lot_max"] is None else row["lot_max"]
                orders = [p for p in in_time if not paying or self.gain.supplier_pays(key, p)]
                total += sum(min(most, self.inputs.supply_capacity(key, p)) for p in orders)
        return total

    # --- what is asked for --------------------------------------------------------------------------------------------------------

    @cached_property
    def _demanded(self) -> dict[str, list[float]]:
        """item -> demand that can still be served in period t or later, over all sites [unit]."""
        at_last: dict[str, list[float]] = defaultdict(lambda: [0.0] * (self.last + 1))
        for row in self.inputs.demand:
            if row["last"] >= 0:
                at_last[row["item"]][int(min(self.last, row["last"]))] += row["quantity"]
        return {item: _from_here_on(amounts) for item, amounts in at_last.items()}

    @cached_property
    def _targets(self) -> dict[str, list[float]]:
        """item -> what stock targets (safety, final) ask for from period t on, added up over sites [unit]."""
        out: dict[str, list[float]] = defaultdict(lambda: [0.0] * (self.last + 1))
        for (item, site), amounts in self.inputs.targets.items():
            rises = peak = 0.0
            leaves = self.spare.can_leave(item, site)
            for t in range(self.last, -1, -1):
                peak = max(peak, amounts[t])
                out[item][t] += amounts[t] + rises if leaves else peak
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


def lead(row: Row) -> int:
    """Lead time of a recipe or supply row [periods]."""
    return int(row["lead_time"] or 0)


def _sum(*lists: list[float]) -> list[float]:
    return [sum(amounts) for amounts in zip(*lists, strict=True)]


def _from_here_on(amounts: list[float]) -> list[float]:
    out, running = [0.0] * len(amounts), 0.0
    for t in range(len(amounts) - 1, -1, -1):
        running += amounts[t]
        out[t] = running
    return out
