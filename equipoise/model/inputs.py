"""What the tables say, with calendars laid over main tables and defaults filled in. No mathematics, no solver."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from equipoise.case import Case
from equipoise.model.places import reachable
from equipoise.plan import OPENING

INF = math.inf
Row = dict[str, Any]


class Inputs:
    """Look-ups of one case, each worked out once. Periods are names; lead times whole periods."""

    def __init__(self, case: Case):
        self.case = case
        self.periods = case.periods.names
        self.last = self.periods[-1]

    # --- items and stock ----------------------------------------------------------------------------------------------------------

    @cached_property
    def items(self) -> dict[str, Row]:
        return {row["item"]: row for row in self.case.records("items")}

    @cached_property
    def whole(self) -> set[str]:
        return {item for item, row in self.items.items() if row["whole"]}

    def volume(self, item: str) -> float:
        """Storage volume of a unit; 1 where blank."""
        value = self.items[item]["volume"]
        return 1.0 if value is None else float(value)

    @cached_property
    def stock(self) -> dict[tuple[str, str], Row]:
        return {(row["item"], row["site"]): row for row in self.case.records("stock")}

    @cached_property
    def sites(self) -> dict[str, Row]:
        return {row["site"]: row for row in self.case.records("sites")}

    @cached_property
    def sites_of(self) -> dict[str, list[str]]:
        """item -> sites where it can be in stock."""
        out: dict[str, list[str]] = defaultdict(list)
        for item, site in sorted(reachable(self.case)):
            out[item].append(site)
        return out

    def opening(self, item: str, site: str) -> float:
        """Stock before the first period [unit]."""
        row = self.stock.get((item, site))
        return (row["opening"] or 0.0) if row else 0.0

    @cached_property
    def _targets(self) -> dict[str, dict[tuple[str, str, str], float]]:
        return {c: self.case.lookup("stock_targets", c) for c in ("safety", "maximum", "holding_cost")}

    def limits(self, column: str) -> dict[tuple[str, str, str], float]:
        """(item, site, period) -> stock_targets.column, else stock.column; blank ones left out [unit]."""
        main = {key: row[column] for key, row in self.stock.items() if row[column] is not None}
        out = {(item, site, t): v for (item, site), v in main.items() for t in self.periods}
        return {**out, **self._targets[column]}

    @cached_property
    def final(self) -> dict[tuple[str, str], float]:
        """(item, site) -> closing stock wanted at the end: stock.final, else the opening stock where end_stock says so [unit]."""
        opening = self.case.settings.end_stock == "opening"
        out = {}
        for key, row in self.stock.items():
            if row["final"] is not None:
                out[key] = row["final"]
            elif opening and row["opening"]:
                out[key] = row["opening"]
        return out

    @cached_property
    def targets(self) -> dict[tuple[str, str], list[float]]:
        """(item, site) -> the most that safety and closing stock ask for at the end of each period [unit]."""
        place = {t: n for n, t in enumerate(self.periods)}
        out: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0] * len(self.periods))
        for (item, site, period), amount in self.limits("safety").items():
            out[item, site][place[period]] = amount
        for key, amount in self.final.items():
            out[key][-1] = max(out[key][-1], amount)
        return dict(out)

    @cached_property
    def end_values(self) -> dict[str, float]:
        """item -> credit for a unit in stock at the end, where end_stock = value [money/unit]."""
        on = self.case.settings.end_stock == "value"
        return {item: row["value"] for item, row in self.items.items() if row["value"]} if on else {}

    def holding_rate(self, item: str, site: str, t: str) -> float:
        """Cost of keeping a unit through the period [money/unit]."""
        own = self._targets["holding_cost"].get((item, site, t))
        if own is not None:
            return own
        row = self.items[item]
        if row["holding_cost"] is not None:
            return float(row["holding_cost"])
        yearly = self.case.settings.holding_rate
        if yearly is None or row["value"] is None:
            return 0.0
        return float(yearly * row["value"] * self.case.periods.year_share(self.case.periods.index[t]))

    # --- demand -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def demand(self) -> list[Row]:
        """Demand rows and opening backlog with the items' defaults filled in.

        Keys: item, site, customer, due (period or "opening"), quantity, price, lost_cost (None = a unit cannot be given up), late_cost,
        max_late (None = no limit), first and last (positions of the window in which it can be served; last may lie past the horizon).
        """
        rule = self.case.settings.shortage
        rows = [
            dict(row, due=row["period"], first=self.case.periods.index[row["period"]])
            for row in self.case.records("demand")
        ]
        if rule == "backorder":
            for row in self.case.records("stock"):
                if row["backlog"]:
                    blank = dict.fromkeys(("customer", "price", "lost_cost", "late_cost", "max_late"))
                    rows.append(
                        dict(blank, item=row["item"], site=row["site"], due=OPENING, first=-1, quantity=row["backlog"])
                    )
        return [self._with_defaults(row, rule) for row in rows if row["quantity"] > 0]

    def _with_defaults(self, row: Row, rule: str) -> Row:
        item = self.items[row["item"]]
        for column in ("price", "lost_cost", "late_cost", "max_late"):
            if row[column] is None:
                row[column] = item[column]
        if row["lost_cost"] is None:
            row["lost_cost"] = 0.0 if self.case.settings.objective == "profit" else row["price"]
        if rule != "backorder":
            row["late_cost"], row["max_late"] = 0.0, 0.0
        window = INF if row["max_late"] is None else row["max_late"]
        row["last"] = row["first"] + window
        row["can_be_lost"] = self._can_be_lost(row, rule)
        return row

    def _can_be_lost(self, row: Row, rule: str) -> bool:
        """Whether the plan may give units of the row up (see decisions/0002)."""
        if rule == "forbidden" or row["lost_cost"] is None:
            return False
        waits_to_the_end = row["last"] >= len(self.periods) - 1
        must = rule == "backorder" and self.case.settings.final_backlog == "forbidden" and waits_to_the_end
        return not must

    # --- production ---------------------------------------------------------------------------------------------------------------

    @cached_property
    def recipes(self) -> dict[str, Row]:
        return {row["recipe"]: row for row in self.case.records("recipes")}

    @cached_property
    def _recipe_calendar(self) -> dict[str, dict[tuple[str, str], float]]:
        return {
            c: self.case.lookup("recipe_calendar", c) for c in ("unit_cost", "setup_cost", "yield", "maximum", "open")
        }

    def recipe(self, column: str, recipe: str, t: str, default: float = 0.0) -> float:
        """A value of a recipe in a period: the calendar's, else the recipe's, else ``default``."""
        own = self._recipe_calendar[column].get((recipe, t)) if column in self._recipe_calendar else None
        value = own if own is not None else self.recipes[recipe].get(column)
        return default if value is None else float(value)

    def least_yield(self, recipe: str) -> float:
        """The smallest yield of any period."""
        return min(self._yields[recipe])

    def most_yield(self, recipe: str) -> float:
        """The largest yield of any period."""
        return max(self._yields[recipe])

    @cached_property
    def _yields(self) -> dict[str, list[float]]:
        out = {r: [self.recipe("yield", r, "", 1.0)] for r in self.recipes}
        for (r, _), value in self._recipe_calendar["yield"].items():
            out[r].append(value)
        return out

    @cached_property
    def least_costs(self) -> dict[str, float]:
        """recipe -> smallest unit cost of any period [money/unit]."""
        plain = {(r, ""): row["unit_cost"] or 0.0 for r, row in self.recipes.items()}
        return {k[0]: v for k, v in least({**plain, **self._recipe_calendar["unit_cost"]}, 1).items()}

    @cached_property
    def components(self) -> dict[str, list[tuple[str, float]]]:
        """recipe -> (component, units used for a unit made, scrap included)."""
        out: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for row in self.case.records("components"):
            out[row["recipe"]].append((row["component"], row["quantity"] * (1 + (row["scrap"] or 0.0))))
        return out

    @cached_property
    def operations(self) -> dict[str, list[Row]]:
        """recipe -> its operations."""
        out: dict[str, list[Row]] = defaultdict(list)
        for row in self.case.records("operations"):
            out[row["recipe"]].append(row)
        return out

    def operations_on(self, resource: str) -> list[tuple[str, Row]]:
        """(recipe, operation) for everything that uses the resource."""
        return self._by_resource.get(resource, [])

    @cached_property
    def _by_resource(self) -> dict[str, list[tuple[str, Row]]]:
        out: dict[str, list[tuple[str, Row]]] = defaultdict(list)
        for recipe, rows in self.operations.items():
            for row in rows:
                out[row["resource"]].append((recipe, row))
        return out

    def needs_setup(self, recipe: str) -> bool:
        """Whether running the recipe is a yes-or-no decision: a set-up cost, set-up hours or a least lot."""
        return recipe in self._with_setup

    @cached_property
    def _with_setup(self) -> set[str]:
        out = {r for r, row in self.recipes.items() if row["setup_cost"] or row["lot_min"]}
        out |= {r for (r, _), v in self._recipe_calendar["setup_cost"].items() if v}
        return out | {r for r, rows in self.operations.items() if any(row["setup_hours"] for row in rows)}

    # --- hours --------------------------------------------------------------------------------------------------------------------

    @cached_property
    def resources(self) -> dict[str, Row]:
        return {row["resource"]: row for row in self.case.records("resources")}

    @cached_property
    def _calendar(self) -> dict[str, dict[tuple[str, str], float]]:
        return {c: self.case.lookup("calendar", c) for c in ("capacity", "overtime", "open")}

    def is_open(self, resource: str, t: str) -> bool:
        return self._calendar["open"].get((resource, t)) != 0

    def capacity(self, resource: str, t: str) -> float:
        """Regular hours of the resource in the period; infinite where blank, 0 when closed."""
        if not self.is_open(resource, t):
            return 0.0
        value = self._calendar["capacity"].get((resource, t), self.resources[resource]["capacity"])
        return INF if value is None else float(value)

    def overtime(self, resource: str, t: str) -> float:
        """Overtime hours of the resource at most."""
        if not self.is_open(resource, t):
            return 0.0
        return float(self._calendar["overtime"].get((resource, t), self.resources[resource]["overtime"]) or 0.0)

    @cached_property
    def crews(self) -> dict[str, Row]:
        return {row["crew"]: row for row in self.case.records("crews")}

    @cached_property
    def _crew_calendar(self) -> dict[str, dict[tuple[str, str], float]]:
        columns = ("hours", "wage", "hire_cost", "layoff_cost", "minimum", "maximum")
        return {c: self.case.lookup("crew_calendar", c) for c in columns}

    def crew(self, column: str, crew: str, t: str) -> float | None:
        """A value of a crew in a period: the calendar's, else the crew's; None where both are blank."""
        own = self._crew_calendar[column].get((crew, t)) if column in self._crew_calendar else None
        return own if own is not None else self.crews[crew][column]

    def most_people(self, crew: str, t: int) -> float:
        """People the crew can have in period ``t`` (from 0) at most; infinite where nothing limits them."""
        row, most = self.crews[crew], self.crew("maximum", crew, self.periods[t])
        hired = INF if row["hire_max"] is None else row["hire_max"] * (t + 1)
        return min(INF if most is None else most, float((row["workers"] or 0.0) + hired))

    # --- buying -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def supply(self) -> dict[tuple[str, str, str], Row]:
        """(supplier, item, site) -> supply row."""
        return {(row["supplier"], row["item"], row["site"]): row for row in self.case.records("supply")}

    @cached_property
    def _supply_calendar(self) -> dict[str, dict[tuple[str, str, str, str], float]]:
        return {c: self.case.lookup("supply_calendar", c) for c in ("capacity", "unit_cost")}

    def supply_cost(self, key: tuple[str, str, str], t: str) -> float:
        """Price of a unit ordered in the period [money/unit]."""
        return float(self._supply_calendar["unit_cost"].get((*key, t), self.supply[key]["unit_cost"]) or 0.0)

    def supply_capacity(self, key: tuple[str, str, str], t: str) -> float:
        """What the supplier can deliver on orders of the period [unit]; infinite where blank."""
        value = self._supply_calendar["capacity"].get((*key, t), self.supply[key]["capacity"])
        return INF if value is None else float(value)

    @cached_property
    def least_prices(self) -> dict[tuple[str, str, str], float]:
        """(supplier, item, site) -> smallest price of any period [money/unit]."""
        plain = {(*key, ""): row["unit_cost"] or 0.0 for key, row in self.supply.items()}
        return least({**plain, **self._supply_calendar["unit_cost"]}, 3)

    # --- time ---------------------------------------------------------------------------------------------------------------------

    def arrival(self, t: str, lead_time: float | None) -> str:
        """Period in which what is started in ``t`` arrives; "" when that lies past the horizon."""
        return self.case.periods.shift(t, int(lead_time or 0)) or ""


def least(by_key: Mapping[Any, float], length: int) -> dict[Any, float]:
    """The least value of each group of keys that share their first ``length`` parts."""
    out: dict[Any, float] = {}
    for key, value in by_key.items():
        out[key[:length]] = min(value, out.get(key[:length], INF))
    return out
