"""Lanes move items between sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from equipoise.model.build import Build

NEEDS: tuple[str, ...] = ()
SWITCH = ("lanes",)


def variables(b: Build) -> None:
    """ship[o,d,i,t]: units of item i sent from site o to site d in period t [unit]; they arrive lead_time periods later.

    Only for items that can be at the origin and periods whose shipment arrives. transport cost = unit_cost[o,d,i] * ship[o,d,i,t].
    """
    keys = {
        (*lane, t): b.whole(lane[2], t)
        for lane, row in b.lanes.items()
        for t in b.case.periods.names
        if b.inputs.arrival(t, row["lead_time"])
    }
    for (origin, destination, item, t), var in b.var(
        "ship", keys, ("origin", "destination", "item", "period"), "unit"
    ).items():
        row = b.lanes[origin, destination, item]
        b.books.flow(item, origin, t, -1.0, var)
        b.books.flow(item, destination, b.inputs.arrival(t, row["lead_time"]), 1.0, var)
        b.books.cost("transport", t, row["unit_cost"] or 0.0, var)


def lane_capacity(b: Build) -> Iterator[tuple[Any, Any]]:
    """A lane carries at most its capacity: one capacity for all items of an all-items row, one for each row of an item.

    sum of ship[o,d,i,t] over items i of the row <= capacity[row]   for each lane row with a capacity, period t   [unit]

    Off: lanes.capacity is blank. Price: what one unit more is worth [money/unit], integers held.
    """
    together: dict[tuple[str, str, str, str], list[Any]] = defaultdict(list)
    limit = {}
    for (origin, destination, item, t), var in b.m.ship.items():
        row = b.lanes[origin, destination, item]
        if row["capacity"] is not None:
            key = (origin, destination, row["item"] or "", t)
            together[key].append(var)
            limit[key] = row["capacity"]
    for key, variables in together.items():
        yield key, sum(variables) <= limit[key]


FAMILIES = (lane_capacity,)
