"""Orders have a cost, a least quantity and whole lots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from equipoise.model.build import Build

NEEDS = ("procurement",)
SWITCH = ("supply.order_cost", "supply.lot_min", "supply.lot_multiple")


def variables(b: Build) -> None:
    """order[v,i,s,t]: 1 when an order is placed [0/1]; order_lots[v,i,s,t]: number of lots ordered [lots].

    order cost = order_cost[v,i,s] * order[v,i,s,t]. Both may be fractions after the integer_periods.
    """
    rows = b.inputs.supply
    axes = ("supplier", "item", "site", "period")
    order = {
        key: pyo.Binary if b.integer(key[-1]) else pyo.UnitInterval
        for key in b.m.buy
        if rows[key[:-1]]["order_cost"] or rows[key[:-1]]["lot_min"]
    }
    for key, var in b.var("order", order, axes, "0/1").items():
        b.books.cost("order", key[-1], rows[key[:-1]]["order_cost"] or 0.0, var)
    lots = {
        key: pyo.NonNegativeIntegers if b.integer(key[-1]) else pyo.NonNegativeReals
        for key in b.m.buy
        if rows[key[:-1]]["lot_multiple"]
    }
    b.var("order_lots", lots, axes, "lots")


def order_needs_order(b: Build) -> Iterator[tuple[Any, Any]]:
    """Something is bought only in a period in which an order is placed.

    buy[v,i,s,t] <= most[v,i,s,t] * order[v,i,s,t]   for each supply row with an order cost or a least order, period t   [unit]

    most: the least of lot_max, capacity[v,i,s,t] and the largest order that can be useful (model/bounds.py says why it is safe). After
    the integer_periods order[..,t] is a part of an order, at least buy / most: decision 0006.
    Off: supply.order_cost and supply.lot_min are empty. Price: none, it is a yes or no.
    """
    place = b.case.periods.index
    for key, order in b.m.order.items():
        most = b.bounds.most_useful_buy(b.inputs.supply[key[:-1]], place[key[-1]])
        supplier, item, site, _ = key
        most = b.bounds.finite(most, "supply", supplier=supplier, item=item, site=site)
        yield key, b.m.buy[key] <= most * order


def order_minimum(b: Build) -> Iterator[tuple[Any, Any]]:
    """An order is at least lot_min (the minimum order quantity).

    buy[v,i,s,t] >= lot_min[v,i,s] * order[v,i,s,t]   for each supply row with lot_min, period t   [unit]

    Off: supply.lot_min is empty. Price: none, it is a yes or no.
    """
    for key, order in b.m.order.items():
        if b.inputs.supply[key[:-1]]["lot_min"]:
            yield key, b.m.buy[key] >= b.inputs.supply[key[:-1]]["lot_min"] * order


def order_multiple(b: Build) -> Iterator[tuple[Any, Any]]:
    """An order is a whole number of lots.

    buy[v,i,s,t] = lot_multiple[v,i,s] * order_lots[v,i,s,t]   for each supply row with lot_multiple, period t   [unit]

    Off: supply.lot_multiple is empty. Price: none, lots are whole.
    """
    for key, lots in b.m.order_lots.items():
        yield key, b.m.buy[key] == b.inputs.supply[key[:-1]]["lot_multiple"] * lots


FAMILIES = (order_needs_order, order_minimum, order_multiple)
