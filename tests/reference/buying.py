"""Suppliers and lanes. Rules of DATA-MODEL in quotation marks."""

from __future__ import annotations

from reference.books import Books
from reference.program import INF
from reference.reading import Reading


def suppliers_deliver(r: Reading, b: Books) -> None:
    """ "buy[t] is ordered in t and arrives in t + lead_time; costs fall in t". "order_cost, MOQ, lots and capacity hold per supply row",
    for "the period's total".
    """
    for row in r.rows("supply"):
        key = (row["supplier"], row["item"], r.site(row))
        for t in r.periods:
            arrival = t + (row.get("lead_time") or 0)
            if arrival > r.last:
                continue
            limits = [row.get("lot_max"), r.in_period("supply_calendar", "capacity", key, t, row.get("capacity"))]
            most = min([float(limit) for limit in limits if limit is not None], default=INF)
            cost = r.in_period("supply_calendar", "unit_cost", key, t, row.get("unit_cost")) or 0.0
            bought = b.program.amount("buy", *key, t, cost=cost, most=most, whole=r.is_whole(row["item"], t))
            b.flow[row["item"], key[2], arrival].append((bought, 1.0))
            b.in_lots("order lots", (*key, t), bought, row.get("lot_multiple"), r.is_integer(t))
            if row.get("order_cost") or row.get("lot_min"):
                order_cost = row.get("order_cost") or 0.0
                b.yes_or_no("order", (*key, t), bought, order_cost, row.get("lot_min"), most, r.is_integer(t))


def lanes_move_items(r: Reading, b: Books) -> None:
    """ "ship[t] likewise". "A lane with a blank item carries all items within one shared capacity; a row for an item replaces it for that
    item."
    """
    lanes = r.rows("lanes")
    own = {(row["origin"], row["destination"], row.get("item")) for row in lanes}
    for row in lanes:
        way = (row["origin"], row["destination"])
        items = [i for i in r.items if (*way, i) not in own] if row.get("item") is None else [row["item"]]
        for t in r.periods:
            arrival = t + (row.get("lead_time") or 0)
            if arrival > r.last:
                continue
            cost = row.get("unit_cost") or 0.0
            shipped = {i: b.program.amount("ship", *way, i, t, cost=cost, whole=r.is_whole(i, t)) for i in items}
            for item, column in shipped.items():
                b.flow[item, row["origin"], t].append((column, -1.0))
                b.flow[item, row["destination"], arrival].append((column, 1.0))
            most = INF if row.get("capacity") is None else row["capacity"]
            b.program.rule([(column, 1.0) for column in shipped.values()], high=most)
