"""The one list of tables and columns: names, kinds, units, defaults, bounds, references and meanings.

Validation, the blank workbook, the data dictionary and the reference pages all read it. A column with ``built=False`` belongs to the
vocabulary but no rule reads it yet: the case is refused when such a column holds a value, never planned without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "text", "number", "count", "flag", "date", "period", "choice", "any"]
Group = Literal["core", "production", "crews", "purchasing", "transport", "later"]

SHORTAGE = ("lost", "backorder", "forbidden")
PERIOD_KINDS = ("day", "week", "month", "quarter")

LONGEST_WORD = 200
"""Characters of a header that are looked at; no name of ours comes near."""
_BRACKETS = re.compile(r"[\[(].*?[\])]", re.DOTALL)
_GAPS = re.compile(r"[\s_\-]+")


def plain(word: object) -> str:
    """A header or sheet name as it is matched: without case, spaces, underscores, hyphens and a unit in brackets."""
    return _GAPS.sub("", _BRACKETS.sub("", str(word)[:LONGEST_WORD])).casefold()


@dataclass(frozen=True)
class Column:
    """One column of a table. ``blank`` says in words what an empty cell means; ``default`` is the number behind these words."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    default: float | str | None = None
    blank: str = ""
    low: float | None = 0.0
    high: float | None = None
    above: bool = False  # low itself is not allowed
    key: bool = False
    required: bool = False
    reference: str = ""  # "items.item"
    choices: tuple[str, ...] = ()
    built: bool = True


@dataclass(frozen=True)
class Table:
    """One sheet (or CSV file) of a case. ``wide`` tables may also be read with one column a period."""

    name: str
    meaning: str
    group: Group
    columns: tuple[Column, ...]
    required: bool = False
    wide: bool = False
    built: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """The naming columns: a second row with the same key is an error."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def values(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if not c.key)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def has(self, name: str) -> bool:
        return any(c.name == name for c in self.columns)


def name(
    column: str,
    meaning: str,
    reference: str = "",
    required: bool = True,
    key: bool = True,
    built: bool = True,
    blank: str = "",
) -> Column:
    return Column(column, "name", meaning, reference=reference, required=required, key=key, built=built, blank=blank)


def text(column: str, meaning: str, built: bool = True) -> Column:
    return Column(column, "text", meaning, built=built)


def number(column: str, unit: str, meaning: str, default: float | None = None, blank: str = "", *, required: bool = False, low: float | None = 0.0,
           high: float | None = None, above: bool = False, built: bool = True) -> Column:  # fmt: skip
    return Column(column, "number", meaning, unit, default, blank, low, high, above, required=required, built=built)


def count(
    column: str,
    unit: str,
    meaning: str,
    default: float | None = None,
    blank: str = "",
    *,
    required: bool = False,
    built: bool = True,
) -> Column:
    return Column(column, "count", meaning, unit, default, blank, required=required, built=built)


def flag(column: str, meaning: str, default: float, blank: str = "", built: bool = True) -> Column:
    return Column(column, "flag", meaning, "0/1", default, blank, 0.0, 1.0, built=built)


ITEM = name("item", "the item", "items.item")
SITE = name("site", "the site", "sites.site", blank="the only site")
PERIOD = Column("period", "period", "the period", reference="periods.period", key=True, required=True)
RECIPE = name("recipe", "the recipe", "recipes.recipe")
RESOURCE = name("resource", "the resource", "resources.resource")
SUPPLIER = name("supplier", "the supplier")
CREW = name("crew", "the crew", "crews.crew")
NO_LIMIT = "no limit"
ZERO = "0"
MOST_SEED = 2_000_000_000
"""The solver takes 2**31 - 1; every process adds a little of its own."""


@dataclass(frozen=True)
class Setting:
    """One key of the settings sheet."""

    name: str
    kind: Kind
    meaning: str
    default: float | str | None = None
    blank: str = ""
    choices: tuple[str, ...] = ()
    unbuilt_choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    built: bool = True


SETTINGS: tuple[Setting, ...] = (
    Setting("name", "text", "name of the case, shown on the plan"),
    Setting("currency", "text", "currency of every amount, shown on the plan", "", "money without a name"),
    Setting("period", "choice", "length of a period when there is no periods sheet", "month", "month", PERIOD_KINDS),
    Setting("start", "date", "a date in the first period; without it periods are called 1, 2, 3, ...", None, "no calendar dates"),
    Setting("periods", "count", "number of periods when there is no periods sheet", None, "the periods sheet says", low=1, high=1_000),
    Setting("objective", "choice", "cost: least cost; profit: most profit, demand may be refused", "cost", "cost", ("cost", "profit", "service"), ("service",)),
    Setting("shortage", "choice", "what happens to demand that is not served in its period", "lost", "lost", SHORTAGE),
    Setting("final_backlog", "choice", "what happens to a backlog at the end of the horizon", "lost", "lost", ("lost", "forbidden", "allowed")),
    Setting("end_stock", "choice", "rule for closing stock where stock.final is blank", "none", "none", ("none", "opening", "value")),
    Setting("holding_on", "choice", "stock on which holding cost is paid", "end", "end", ("end", "average")),
    Setting("holding_rate", "number", "holding cost a year as a share of the item's value", None, "no holding cost but items.holding_cost", low=0),
    Setting("integer_periods", "count", "lots, set-ups and whole units are integer in the first n periods only", None, "in every period", low=0),
    Setting("frozen_periods", "count", "periods in which the previous plan is kept", None, "none", low=0, built=False),
    Setting("change_cost", "number", "price of a unit changed against the previous plan", None, "0", low=0, built=False),
    Setting("time_limit", "number", "seconds after which the best plan so far is taken", 60.0, "60", low=0),
    Setting("gap", "number", "stop when the plan is proven within this fraction of the best", 1e-6, "0.000001, proven optimal", low=0),
    Setting("threads", "count", "processes that work side by side; 1: the same plan on every run that the time limit does not cut short", 0.0, "0: as many as there are processor cores, at most 4", low=0, high=64),
    Setting("seed", "count", "random seed of the solver", 0.0, "0", low=0, high=MOST_SEED),
)  # fmt: skip


# fmt: off
def _core() -> tuple[Table, ...]:
    return (
        Table("settings", "Name, horizon, rules and solver limits of the case", "core", (
            Column("key", "name", "name of the setting", key=True, required=True), Column("value", "any", "its value", required=False))),
        Table("periods", "The periods, where they are not made from settings", "core", (
            Column("period", "name", "name of the period, in order of time", key=True, required=True),
            Column("start", "date", "first day", blank="no calendar dates"),
            number("days", "days", "length in days; converts holding_rate only", None, "as settings.period", above=True, high=3660.0))),
        Table("items", "What is made, bought, stored and sold", "core", (
            name("item", "name or code of the item"), text("description", "what it is"), text("family", "product family"), text("unit", "unit of every quantity of the item"),
            flag("whole", "1: made, bought, shipped and served in whole units", 0, "0, fractions allowed"),
            number("value", "money/unit", "value of a unit in stock", None, "0"),
            number("holding_cost", "money/unit and period", "cost of keeping a unit one period", None, "settings.holding_rate times value"),
            number("price", "money/unit", "selling price", None, "none"),
            number("volume", "volume/unit", "storage volume of a unit", 1.0, "1"),
            Column("shelf_life", "count", "periods a unit can be kept", "periods", built=False),
            Column("launch", "period", "first period of sale", built=False), Column("phase_out", "period", "last period of sale", built=False),
            Column("like_item", "name", "item whose history stands in", built=False),
            number("lost_cost", "money/unit", "cost of a unit that is never served", None, "the price, where there is one (0 in profit mode)"),
            number("late_cost", "money/unit and period", "cost of a unit served late, for each period late", None, "none: backorder is refused"),
            count("max_late", "periods", "periods after which an unserved unit is lost", None, NO_LIMIT)), required=True),
        Table("sites", "Plants, warehouses, depots, customers' towns; without this sheet there is one site without a name", "core", (
            name("site", "name of the site"), text("description", "what it is"),
            number("storage_capacity", "volume", "room for closing stock", None, NO_LIMIT),
            number("storage_cost", "money/volume and period", "price of a volume unit above the capacity", None, "the capacity is hard"),
            number("fixed_cost", "money/period", "cost of a period in which the site is used", None, ZERO, built=False))),
        Table("demand", "What customers want, and when", "core", (
            ITEM, SITE, PERIOD, name("customer", "the customer", required=False, blank="no name"),
            Column("priority", "count", "rank of the demand", key=True, built=False),
            number("quantity", "unit", "quantity wanted in the period", required=True),
            number("price", "money/unit", "selling price", None, "items.price"),
            number("lost_cost", "money/unit", "cost of a unit that is never served", None, "items.lost_cost"),
            number("late_cost", "money/unit and period", "cost of a unit for each period late", None, "items.late_cost"),
            count("max_late", "periods", "periods after which an unserved unit is lost", None, "items.max_late"),
            number("minimum", "share", "share of the quantity that must be served", None, ZERO, high=1.0, built=False)), required=True, wide=True),
        Table("stock", "Opening stock, stock limits and final stock", "core", (
            ITEM, SITE, number("opening", "unit", "stock before the first period", 0.0, ZERO),
            number("backlog", "unit", "demand from before the first period, still to be served", 0.0, ZERO),
            number("safety", "unit", "closing stock wanted at least", None, ZERO),
            number("safety_cost", "money/unit and period", "price of a unit below safety", None, "the safety stock is hard"),
            number("maximum", "unit", "closing stock allowed at most", None, NO_LIMIT),
            number("maximum_cost", "money/unit and period", "price of a unit above the maximum", None, "the maximum is hard"),
            number("final", "unit", "closing stock of the last period at least", None, "settings.end_stock says"),
            number("final_cost", "money/unit", "price of a unit below final", None, "the final stock is hard"),
            number("write_off_cost", "money/unit", "cost of writing off a unit", None, "", built=False))),
        Table("stock_targets", "Stock limits and holding cost that change with the period", "core", (
            ITEM, SITE, PERIOD, number("safety", "unit", "closing stock wanted at least", None, "stock.safety"),
            number("maximum", "unit", "closing stock allowed at most", None, "stock.maximum"),
            number("cover_periods", "periods", "safety stock as the demand of the next periods", None, "", built=False),
            number("holding_cost", "money/unit and period", "cost of keeping a unit in this period", None, "items.holding_cost")), wide=True),
    )  # fmt: skip


def _production() -> tuple[Table, ...]:
    return (
        Table("resources", "Machines, lines and other capacity", "production", (
            name("resource", "name of the resource"), name("site", "where it stands", "sites.site", key=False, blank="the only site"),
            number("capacity", "hours/period", "regular hours", None, NO_LIMIT), number("overtime", "hours/period", "overtime hours at most", 0.0, ZERO),
            number("overtime_cost", "money/hour", "cost of an overtime hour, on top of cost", None, "refused where there is overtime"),
            number("cost", "money/hour", "cost of every hour used, overtime too", 0.0, ZERO),
            number("fixed_cost", "money/period", "cost of a period in which it is used", None, ZERO, built=False),
            number("minimum", "hours/period", "hours used at least in every open period", 0.0, ZERO),
            number("minimum_cost", "money/hour", "price of an hour below the minimum", None, "the minimum is hard"),
            name("crew", "crew whose hours it uses", "crews.crew", required=False, key=False, blank="none"),
            Column("maintenance", "count", "stops to place in the horizon", "stops", built=False),
            number("maintenance_hours", "hours", "capacity a stop takes", None, "all", built=False))),
        Table("calendar", "Capacity that changes with the period", "production", (
            RESOURCE, PERIOD, number("capacity", "hours", "regular hours in the period", None, "resources.capacity"),
            number("overtime", "hours", "overtime hours at most in the period", None, "resources.overtime"),
            flag("open", "0: the resource is closed in the period", 1, "1, open")), wide=True),
        Table("recipes", "Ways of making an item", "production", (
            name("recipe", "name of the recipe, unique over all sites"), name("item", "the item it makes", "items.item", key=False),
            name("site", "where it runs", "sites.site", key=False, blank="the only site"),
            number("unit_cost", "money/unit", "cost of a unit made (before yield)", 0.0, ZERO, low=None),
            count("lead_time", "periods", "whole periods from start to stock", 0.0, ZERO),
            number("yield", "share", "part of the units made that enters stock", 1.0, "1", above=True),
            number("setup_cost", "money/set-up", "cost of a period in which it runs", 0.0, ZERO),
            number("lot_min", "unit", "made at least, in a period in which it runs", None, ZERO),
            number("lot_multiple", "unit", "made in whole multiples of this", None, "any quantity", above=True),
            number("lot_max", "unit", "made at most in a period", None, NO_LIMIT),
            number("minimum", "unit", "made at least in every period whose output arrives in the horizon", 0.0, ZERO),
            Column("priority", "count", "rank among the recipes of an item", built=False))),
        Table("recipe_calendar", "Costs, yield and limits of a recipe that change with the period", "production", (
            RECIPE, PERIOD, number("unit_cost", "money/unit", "cost of a unit made", None, "recipes.unit_cost", low=None),
            number("setup_cost", "money/set-up", "cost of running in the period", None, "recipes.setup_cost"),
            number("yield", "share", "part of the units made that enters stock", None, "recipes.yield", above=True),
            number("maximum", "unit", "made at most in the period", None, NO_LIMIT),
            flag("open", "0: the recipe is not run in the period", 1, "1, open")), wide=True),
        Table("operations", "Hours a recipe takes on a resource", "production", (
            RECIPE, RESOURCE, number("hours", "hours/unit", "hours for a unit made", 0.0, ZERO),
            number("setup_hours", "hours/set-up", "hours for a period in which it runs", 0.0, ZERO))),
        Table("components", "Bill of materials: what a recipe uses", "production", (
            RECIPE, name("component", "the item used", "items.item"), number("quantity", "unit/unit", "units used for a unit made", None, "not yet: blending", required=True),
            number("scrap", "share", "extra part lost: uses quantity times (1 + scrap)", 0.0, ZERO),
            number("share_min", "share", "least share in a blend", None, "", built=False), number("share_max", "share", "largest share in a blend", None, "", built=False))),
        Table("crews", "Workers whose hours resources use", "crews", (
            name("crew", "name of the crew"), number("workers", "people", "people before the first period", 0.0, ZERO),
            number("hours", "hours/worker and period", "regular hours of a worker", None, "crew_calendar.hours says"),
            number("wage", "money/worker and period", "wage of a worker, busy or idle", 0.0, ZERO),
            number("overtime", "hours/worker and period", "overtime hours of a worker at most", 0.0, ZERO),
            number("overtime_wage", "money/hour", "whole price of an overtime hour", None, "refused where there is overtime"),
            number("hire_cost", "money/worker", "cost of hiring a worker", 0.0, ZERO), number("layoff_cost", "money/worker", "cost of laying off a worker", 0.0, ZERO),
            number("hire_max", "people/period", "people hired in a period at most", None, NO_LIMIT),
            number("layoff_share", "share", "share of the previous period's workers laid off at most", None, NO_LIMIT, high=1.0),
            number("minimum", "people", "people employed at least", 0.0, ZERO), number("maximum", "people", "people employed at most", None, NO_LIMIT),
            number("minimum_use", "share", "share of the regular hours that must be worked", 0.0, ZERO, high=1.0),
            flag("whole", "1: whole people", 0, "0, fractions of people"))),
        Table("crew_calendar", "Hours, wages and limits of a crew that change with the period", "crews", (
            CREW, PERIOD, number("hours", "hours/worker", "regular hours of a worker", None, "crews.hours"),
            number("wage", "money/worker", "wage of a worker", None, "crews.wage"), number("hire_cost", "money/worker", "cost of hiring", None, "crews.hire_cost"),
            number("layoff_cost", "money/worker", "cost of laying off", None, "crews.layoff_cost"),
            number("minimum", "people", "people employed at least", None, "crews.minimum"), number("maximum", "people", "people employed at most", None, "crews.maximum")), wide=True),
    )  # fmt: skip


def _buying_and_moving() -> tuple[Table, ...]:
    return (
        Table("supply", "Who sells what to which site", "purchasing", (
            SUPPLIER, ITEM, SITE, number("unit_cost", "money/unit", "purchase price", 0.0, ZERO, low=None),
            count("lead_time", "periods", "whole periods from order to stock", 0.0, ZERO), number("order_cost", "money/order", "cost of a period with an order", 0.0, ZERO),
            number("lot_min", "unit", "ordered at least, where an order is placed", None, ZERO),
            number("lot_multiple", "unit", "ordered in whole multiples of this", None, "any quantity", above=True),
            number("lot_max", "unit", "ordered at most in a period", None, NO_LIMIT), number("capacity", "unit/period", "what the supplier can deliver a period", None, NO_LIMIT),
            number("contract_min", "unit", "bought at least over the horizon", None, ZERO, built=False), number("contract_max", "unit", "bought at most over the horizon", None, NO_LIMIT, built=False),
            number("share_min", "share", "least share of the item's purchases", None, "", built=False), number("share_max", "share", "largest share of the item's purchases", None, "", built=False))),
        Table("supply_calendar", "Price and capacity of a supplier that change with the period", "purchasing", (
            name("supplier", "the supplier", "supply.supplier"), ITEM, SITE, PERIOD, number("capacity", "unit", "what the supplier can deliver", None, "supply.capacity"),
            number("unit_cost", "money/unit", "purchase price", None, "supply.unit_cost", low=None)), wide=True),
        Table("receipts", "Orders placed before the start that arrive in the horizon", "purchasing", (
            ITEM, SITE, PERIOD, Column("kind", "choice", "where it comes from", key=True, choices=("purchase", "production", "transfer"), blank="not said"),
            Column("reference", "name", "order number", key=True, blank="none"), number("quantity", "unit", "quantity that arrives", required=True),
            number("expedite_cost", "money/unit", "cost of having it earlier", None, "", built=False)), wide=True),
        Table("lanes", "Ways of moving items between sites", "transport", (
            name("origin", "from", "sites.site"), name("destination", "to", "sites.site"), name("item", "the item", "items.item", required=False, blank="all items, within one shared capacity"),
            number("unit_cost", "money/unit", "transport cost", 0.0, ZERO, low=None), count("lead_time", "periods", "whole periods on the way", 0.0, ZERO),
            number("capacity", "unit/period", "what the lane can carry a period", None, NO_LIMIT),
            number("lot_min", "unit", "shipped at least, where something is shipped", None, ZERO, built=False), number("lot_multiple", "unit", "shipped in whole multiples", None, "", built=False),
            number("load_size", "unit", "size of a load", None, "", built=False), number("load_cost", "money/load", "cost of a load", None, "", built=False),
            number("fixed_cost", "money/period", "cost of a period in which it is used", None, ZERO, built=False))),
    )  # fmt: skip


# fmt: on

LATER: dict[str, str] = {
    "item_qualities": "qualities of items for blending",
    "recipe_qualities": "quality limits of a blend",
    "coproducts": "further items that a recipe makes",
    "price_breaks": "purchase prices that fall with the quantity",
    "pins": "quantities fixed by the planner",
    "previous_plan": "the plan whose changes cost",
    "budget": "amounts per cost line to compare with or keep within",
    "history": "past demand for forecasts",
    "drivers": "what moves demand",
    "overrides": "manual changes to the forecast",
    "orders": "firm orders that consume the forecast",
    "actuals": "what really happened",
    "scenarios": "what-if changes to the case",
    "assumptions": "assumptions behind the plan",
    "decisions": "decisions taken",
}

TABLES: dict[str, Table] = {t.name: t for t in (*_core(), *_production(), *_buying_and_moving())}
"""Every table that is built, in the order of the template."""
