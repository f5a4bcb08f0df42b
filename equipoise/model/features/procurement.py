"""Suppliers sell items to sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.model.build import Build
from equipoise.model.inputs import INF

NEEDS: tuple[str, ...] = ()
SWITCH = ("supply",)


def variables(b: Build) -> None:
    """buy[v,i,s,t]: units of item i ordered from supplier v for site s in period t [unit]; they arrive lead_time periods later.

    Only for periods whose order arrives within the horizon. purchase cost = unit_cost[v,i,s,t] * buy[v,i,s,t].
    """
    keys, upper = {}, {}
    for t, name in enumerate(b.case.periods.names):
        for key, row in b.inputs.supply.items():
            if b.inputs.arrival(name, row["lead_time"]) and b.inputs.supply_capacity(key, name) > 0:
                keys[*key, name] = b.whole(row["item"], name)
                upper[*key, name] = b.bounds.most_useful_buy(row, t)
    for (*key, t), var in b.var("buy", keys, ("supplier", "item", "site", "period"), "unit", upper).items():
        row = b.inputs.supply[tuple(key)]
        b.books.flow(row["item"], row["site"], b.inputs.arrival(t, row["lead_time"]), 1.0, var)
        b.books.cost("purchase", t, b.inputs.supply_cost(tuple(key), t), var)


def supplier_capacity(b: Build) -> Iterator[tuple[Any, Any]]:
    """A supplier delivers at most its capacity.

    buy[v,i,s,t] <= capacity[v,i,s,t]   for each supply row with a capacity, period t   [unit]

    Off: supply.capacity and supply_calendar.capacity are blank. Price: what one unit more is worth [money/unit], integers held.
    """
    for key, var in b.m.buy.items():
        most = b.inputs.supply_capacity(key[:-1], key[-1])
        if most != INF:
            yield key, var <= most


def order_maximum(b: Build) -> Iterator[tuple[Any, Any]]:
    """An order is at most lot_max.

    buy[v,i,s,t] <= lot_max[v,i,s]   for each supply row with lot_max, period t   [unit]

    Off: supply.lot_max is blank. Price: what one unit more is worth [money/unit], integers held.
    """
    for key, var in b.m.buy.items():
        most = b.inputs.supply[key[:-1]]["lot_max"]
        if most is not None:
            yield key, var <= most


FAMILIES = (supplier_capacity, order_maximum)
