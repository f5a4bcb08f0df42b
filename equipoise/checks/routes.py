"""The cheapest way of getting a unit of an item to a site: through recipes and their components, suppliers and lanes.

Counted: unit costs of the cheapest period, cost of resource hours, components with scrap, yield, transport. Not
counted: set-ups, orders, wages, overtime, holding. So a plan never pays less for a unit it makes or buys, often more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from equipoise.checks.look import INF, Place
from equipoise.checks.ways import Source, Ways

Use = Callable[[Source, int], bool]  # whether a source may be counted on in a period


def any_time(source: Source, t: int) -> bool:
    """Count on a source in every period in which it can deliver."""
    return True


def cheapest(facts: Ways, use: Use = any_time, lanes_without_limit: bool = False) -> dict[Place, float]:
    """Least cost of a unit at each item and site that sources reach; empty when the bill of materials has a loop."""
    order = _components_first(facts)
    out: dict[Place, float] = {}
    by_item: dict[str, list[Source]] = defaultdict(list)
    for source in facts.sources:
        by_item[source.place[0]].append(source)
    for item in order:
        sites: dict[str, float] = {}
        for source in by_item[item]:
            cost = _cost(facts, source, out, use)
            if cost < sites.get(source.place[1], INF):
                sites[source.place[1]] = cost
        _carry(facts, item, sites, lanes_without_limit)
        out.update({(item, site): cost for site, cost in sites.items()})
    return out


def _cost(facts: Ways, source: Source, known: dict[Place, float], use: Use) -> float:
    """Least cost of a unit from the source over the periods in which it delivers in time."""
    parts = sum(each * known.get(part, INF) for part, each in source.uses)
    parts += sum((row["hours"] or 0.0) * (facts.resources[row["resource"]]["cost"] or 0.0) for row in source.operations)
    periods = [t for t in facts.in_time(source) if use(source, t)]
    if parts == INF or not periods:
        return INF
    table = "recipe_calendar" if source.table == "recipes" else "supply_calendar"
    if not facts.rows(table):
        periods = periods[:1]
    if source.table == "supply":
        return min(facts.by_period(source, "unit_cost", t, 0.0) for t in periods)
    return min(
        (facts.by_period(source, "unit_cost", t, 0.0) + parts) / facts.by_period(source, "yield", t, 1.0)
        for t in periods
    )


def _carry(facts: Ways, item: str, sites: dict[str, float], lanes_without_limit: bool) -> None:
    """Lets the costs of one item flow along the lanes, as often as there are sites at most."""
    queue = set(sites)
    for _ in range(len(facts.case.sites)):
        changed = set()
        for origin in sorted(queue):
            for lane in facts.lanes_from((item, origin)):
                limited = lane["capacity"] is not None if lanes_without_limit else lane["capacity"] == 0
                cost = sites[origin] + (lane["unit_cost"] or 0.0)
                if (
                    not limited
                    and (lane["lead_time"] or 0) < facts.horizon
                    and cost < sites.get(lane["destination"], INF)
                ):
                    sites[lane["destination"]] = cost
                    changed.add(lane["destination"])
        queue = changed
        if not queue:
            return


def _components_first(facts: Ways) -> list[str]:
    """Items in an order in which components come before what is made of them; empty when there is a loop."""
    waiting: dict[str, int] = dict.fromkeys(facts.items, 0)
    users: dict[str, list[str]] = defaultdict(list)
    for recipe in facts.recipes.values():
        for (component, _), _ in recipe.uses:
            users[component].append(recipe.place[0])
            waiting[recipe.place[0]] += 1
    order = [item for item, count in waiting.items() if not count]
    for item in order:
        for user in users[item]:
            waiting[user] -= 1
            if not waiting[user]:
                order.append(user)
    return order if len(order) == len(waiting) else []
