"""How demand is served, waits and is lost. Rules of DATA-MODEL in quotation marks; decision 0002 says the same at length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reference.books import Books
from reference.reading import Reading

NEVER = 10**6
BEFORE = -1
"""The period in which opening backlog "was due": before the first."""


def demand_is_served_late_or_lost(r: Reading, b: Books) -> None:
    """Every unit is served once, given up once, or waits at the end; row by row.

    "backorder pays late_cost at every period end at which the unit is unserved, within max_late periods, then it counts as lost. A lost
    unit has paid late_cost at each period end up to its loss, then pays lost_cost; the plan may give it up earlier."
    """
    for row in _wanted(r):
        waiting: list[tuple[int, float]] = []
        for t in range(max(row["due"], 0), len(r.names)):
            out = []
            if t <= row["last"]:
                whole = r.is_whole(row["item"], t)
                served = b.program.amount("serve", *row["key"], t, cost=-row["price"], whole=whole)
                b.flow[row["item"], row["site"], t].append((served, -1.0))
                out.append((served, 1.0))
            if row["lost_cost"] is not None:
                out.append((b.program.amount("lost", *row["key"], t, cost=row["lost_cost"]), 1.0))
            if t < row["last"] and (t < r.last or r.setting("final_backlog", "lost") == "allowed"):
                out.append((b.program.amount("late", *row["key"], t, cost=row["late_cost"]), 1.0))
            new = row["quantity"] if t == max(row["due"], 0) else 0.0
            b.program.rule([*out, *((j, -1.0) for j, _ in waiting)], low=new, high=new)
            waiting = [out[-1]] if ("late", *row["key"], t) in b.program.at else []
            if not waiting:
                break


def _wanted(r: Reading) -> Iterator[dict[str, Any]]:
    """Demand and opening backlog with the items' prices and costs where they have none ("demand.price goes before items.price").

    key: what a plan calls it; due: period; last: period in which it can be served at the latest; price: 0 unless profit is wanted;
    lost_cost: None where a unit cannot be given up.
    """
    rule = r.setting("shortage", "lost")
    for row in r.rows("demand"):
        key = (row["item"], r.site(row), row.get("customer"), row["period"])
        yield _with_costs(r, dict(row), key, r.period(row), rule)
    for row in r.rows("stock") if rule == "backorder" else ():
        if row.get("backlog"):
            key = (row["item"], r.site(row), None, "opening")
            yield _with_costs(r, {"item": row["item"], "quantity": row["backlog"]}, key, BEFORE, rule)


def _with_costs(r: Reading, row: dict[str, Any], key: tuple[Any, ...], due: int, rule: str) -> dict[str, Any]:
    item, profit = r.items[row["item"]], r.setting("objective", "cost") == "profit"
    price, lost, late, window = (
        item.get(column) if row.get(column) is None else row[column]
        for column in ("price", "lost_cost", "late_cost", "max_late")
    )
    if lost is None:  # "a blank lost_cost means the price where there is one (0 in profit mode)"
        lost = 0.0 if profit else price
    last = due if rule != "backorder" else NEVER if window is None else due + window
    return {
        "item": row["item"],
        "site": key[1],
        "key": key,
        "due": due,
        "last": last,
        "quantity": row["quantity"],
        "price": (price or 0.0) if profit else 0.0,
        "late_cost": late or 0.0,
        "lost_cost": lost if _may_be_lost(r, rule, last) else None,
    }


def _may_be_lost(r: Reading, rule: str, last: int) -> bool:
    """ "shortage = forbidden means served in its period"; "Backlog at the end: forbidden (all must be served by then)"."""
    must = rule == "backorder" and r.setting("final_backlog", "lost") == "forbidden" and last >= r.last
    return rule != "forbidden" and not must
