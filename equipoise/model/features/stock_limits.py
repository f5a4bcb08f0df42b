"""Safety stock, maximum stock and final stock, hard or at a price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.model.build import Build, or_zero

NEEDS = ("inventory",)
SWITCH = (
    "stock.safety",
    "stock.maximum",
    "stock.final",
    "stock_targets.safety",
    "stock_targets.maximum",
    "settings.end_stock=opening",
)


def variables(b: Build) -> None:
    """below_safety[i,s,t], above_maximum[i,s,t]: units short of the safety stock, above the maximum [unit]; below_final[i,s]: units
    short of the final stock [unit]. Only where stock has a price for them: safety_cost, maximum_cost, final_cost [money/unit]."""
    last = b.case.periods.names[-1]

    def price(column: str, item: str, site: str) -> float | None:
        row = b.inputs.stock.get((item, site))
        return row[column] if row else None

    for name, column, cost in (("below_safety", "safety", "safety_cost"), ("above_maximum", "maximum", "maximum_cost")):
        limits = {key: v for key, v in b.inputs.limits(column).items() if v or column == "maximum"}
        keys = [key for key in limits if price(cost, key[0], key[1]) is not None]
        for (item, site, t), var in b.var(name, keys, ("item", "site", "period"), "unit").items():
            b.books.cost(name, t, price(cost, item, site) or 0.0, var)
    ends = [key for key, v in b.inputs.final.items() if v and _final_price(b, *key) is not None]
    for (item, site), var in b.var("below_final", ends, ("item", "site"), "unit").items():
        b.books.cost("below_final", last, _final_price(b, item, site) or 0.0, var)


def _final_price(b: Build, item: str, site: str) -> float | None:
    row = b.inputs.stock[item, site]
    return row["final_cost"] if row["final"] is not None else None


def safety_stock(b: Build) -> Iterator[tuple[Any, Any]]:
    """Closing stock is at least the safety stock, or the missing units are paid for.

    stock[i,s,t] + below_safety[i,s,t] >= safety[i,s,t]   for each item, site, period with a safety stock   [unit]

    Hard where safety_cost is blank (no below_safety). Off: no safety. Price: what a unit less safety stock would save [money/unit].
    """
    for key, least in b.inputs.limits("safety").items():
        if least:
            slack = or_zero(b.m.below_safety, key)
            yield key, b.m.stock[key] + slack >= least


def maximum_stock(b: Build) -> Iterator[tuple[Any, Any]]:
    """Closing stock is at most the maximum, or the units above it are paid for.

    stock[i,s,t] - above_maximum[i,s,t] <= maximum[i,s,t]   for each item, site, period with a maximum   [unit]

    Hard where maximum_cost is blank (no above_maximum). Off: no maximum. Price: what one unit more is worth [money/unit].
    """
    for key, most in b.inputs.limits("maximum").items():
        slack = or_zero(b.m.above_maximum, key)
        yield key, b.m.stock[key] - slack <= most


def final_stock(b: Build) -> Iterator[tuple[Any, Any]]:
    """Closing stock of the last period is at least the final stock, or the missing units are paid for.

    stock[i,s,T] + below_final[i,s] >= final[i,s]   for each item and site with a final stock   [unit]

    final: stock.final, else the opening stock where end_stock = opening. Hard where final_cost is blank, and where final is: final_cost
    is the price of stock.final alone.
    Off: no final and end_stock is not opening. Price: what a unit less final stock would save [money/unit].
    """
    last = b.case.periods.names[-1]
    for (item, site), least in b.inputs.final.items():
        if least:
            slack = or_zero(b.m.below_final, (item, site))
            yield (item, site), b.m.stock[item, site, last] + slack >= least


FAMILIES = (safety_stock, maximum_stock, final_stock)
