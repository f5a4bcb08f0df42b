"""Where items can be: the index sets of stock and transport, from table rows that exist."""

from __future__ import annotations

from collections import defaultdict

from equipoise.case import Case


def reachable(case: Case) -> set[tuple[str, str]]:
    """(item, site) pairs that some recipe, supplier, opening stock, receipt or chain of lanes can bring stock to."""
    at: dict[str, set[str]] = defaultdict(set)  # site -> items
    for table in ("recipes", "supply"):
        for row in case.records(table):
            at[row["site"]].add(row["item"])
    for row in case.records("stock"):
        if row["opening"]:
            at[row["site"]].add(row["item"])
    for row in case.records("receipts"):
        if row["quantity"]:
            at[row["site"]].add(row["item"])
    lanes = list(case.records("lanes"))
    waiting = set(at)
    while waiting:
        changed = set()
        for lane in lanes:
            if lane["origin"] in waiting:
                carried = at[lane["origin"]] if lane["item"] is None else at[lane["origin"]] & {lane["item"]}
                if not carried <= at[lane["destination"]]:
                    at[lane["destination"]] |= carried
                    changed.add(lane["destination"])
        waiting = changed
    return {(item, site) for site, items in at.items() for item in items}


def places(case: Case) -> tuple[tuple[str, str], ...]:
    """(item, site) pairs where an item can be, is wanted, used or limited; in order of items and sites of the case."""
    found = reachable(case)
    for table in ("demand", "stock", "stock_targets"):
        frame = case.tables[table]
        found |= set(zip(frame["item"].tolist(), frame["site"].tolist(), strict=True))
    site_of = case.lookup("recipes", "site")
    found |= {(row["component"], site_of[row["recipe"]]) for row in case.records("components")}
    return tuple(sorted(found))


def shipments(case: Case) -> list[tuple[str, str, str, dict[str, float | None]]]:
    """(origin, destination, item, lane row) for everything a lane can carry.

    A row for an item replaces the all-items row of the same lane for that item; an all-items row carries what can be at its origin.
    """
    items_at: dict[str, list[str]] = defaultdict(list)
    for item, site in sorted(reachable(case)):
        items_at[site].append(item)
    own = {(row["origin"], row["destination"], row["item"]) for row in case.records("lanes") if row["item"] is not None}
    out = []
    for row in case.records("lanes"):
        origin, destination = row["origin"], row["destination"]
        if row["item"] is not None:
            if row["item"] in items_at[origin]:
                out.append((origin, destination, row["item"], row))
            continue
        out += [(origin, destination, i, row) for i in items_at[origin] if (origin, destination, i) not in own]
    return out
