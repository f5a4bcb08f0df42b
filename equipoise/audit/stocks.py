"""Rules about stock: the balance, the limits of closing stock, the room to store it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from equipoise.audit.bench import Bench, negated
from equipoise.audit.entries import Entry
from equipoise.audit.exact import Term
from equipoise.audit.facts import Key
from equipoise.audit.limits import Limit
from equipoise.audit.row import KEPT, Row, Source


def balance(b: Bench) -> Iterator[Row]:
    """Stock of an item at a site changes only by what comes in and what goes out.

    The opening stock is there before the first period; what is made, bought or shipped arrives a lead time after its period.

    stock[i,s,t] = stock[i,s,t-1] + receipts[i,s,t] + sum of yield * make + buy + ship that arrive in t
                 - sum of component quantity * (1 + scrap) * make in t - shipped out in t - served in t
    for each item i, site s, period t   [unit]
    """
    says = "closing stock of {0}{1} in {2} is {stated}; {expected} follows from the stock before and the movements, {amount} {unit} differ"
    for item, site in b.stocked:
        opening = b.facts.value("stock", "opening", (item, site))
        for t, period in enumerate(b.facts.names):
            entry = b.stock_entry(item, site, t)
            before = b.stock_entry(item, site, t - 1) if t else None
            if entry is None or (t and before is None):
                continue
            start = before["quantity"] if before is not None else opening
            terms = [(entry["quantity"],), (-1.0, start), *negated(b.movements.get((item, site, t), []))]
            names = (item, f" at {site}" if site else "", period)
            yield Row(terms, "=", entry.at("quantity"), says, names, b.facts.unit(item))


def safety_stock(b: Bench) -> Iterator[Row]:
    """Closing stock is at least the safety stock; where a shortfall has a price, the plan shows all of it.

    without safety_cost: stock[i,s,t] >= safety[i,s,t]
    with it: below_safety[i,s,t] = max(0, safety[i,s,t] - stock[i,s,t])   for each item, site, period   [unit]
    """
    for entry, key in _stock_rows(b):
        limit = b.facts.value("stock", "safety", key, entry.t)
        priced = b.facts.get("stock", "safety_cost", key) is not None
        source = b.facts.source("stock", "safety", key, entry.t)
        yield from _limit(b, entry, limit, ("safety stock", "below_safety"), priced, source)


def maximum_stock(b: Bench) -> Iterator[Row]:
    """Closing stock is at most the maximum; where more has a price, the plan shows all of it.

    without maximum_cost: stock[i,s,t] <= maximum[i,s,t]
    with it: above_maximum[i,s,t] = max(0, stock[i,s,t] - maximum[i,s,t])   for each item, site, period   [unit]
    """
    for entry, key in _stock_rows(b):
        limit = b.facts.get("stock", "maximum", key, entry.t)
        priced = b.facts.get("stock", "maximum_cost", key) is not None
        source = b.facts.source("stock", "maximum", key, entry.t)
        yield from _limit(b, entry, limit, ("maximum stock", "above_maximum"), priced, source)


def final_stock(b: Bench) -> Iterator[Row]:
    """Closing stock of the last period is at least stock.final, or where that is blank at least what settings.end_stock asks.

    without final_cost: stock[i,s,T] >= final[i,s]
    with it: below_final[i,s,T] = max(0, final[i,s] - stock[i,s,T])
    final blank and end_stock = opening: stock[i,s,T] >= opening[i,s]   for each item, site   [unit]
    """
    for entry, key in _stock_rows(b):
        limit, priced, column = None, False, "final"
        if entry.t == b.facts.count - 1:
            limit = b.facts.get("stock", "final", key)
            priced = limit is not None and b.facts.get("stock", "final_cost", key) is not None
            if limit is None and b.facts.case.settings.end_stock == "opening":
                limit, column = b.facts.value("stock", "opening", key), "opening"
        source = Source("stock", column, key)
        yield from _limit(b, entry, limit, ("final stock", "below_final"), priced, source)


def storage_capacity(b: Bench) -> Iterator[Row]:
    """The closing stock of a site fits into its storage; where more room has a price, the plan shows all of it.

    volume[s,t] = sum of items.volume * stock[i,s,t]
    without storage_cost: volume[s,t] <= storage_capacity[s]
    with it: above[s,t] = max(0, volume[s,t] - storage_capacity[s])   for each site with a capacity, period   [volume]
    """
    stored: dict[tuple[str, int], list[Term]] = defaultdict(list)
    for entry in b.plan.rows("stock"):
        volume = b.facts.items[entry.key[0]]["volume"]
        stored[entry.key[1], entry.t].append((1.0 if volume is None else volume, entry["quantity"]))
    for site, t in _stores(b):
        key = (site, b.facts.names[t])
        limit = b.facts.get("sites", "storage_capacity", (site,))
        volume, above = (b.plan.number("storage", key, c) for c in ("volume", "above"))
        what = f"volume stored{f' at {site}' if site else ''} in {key[1]}"
        places = (b.plan.at("storage", key, "volume"), b.plan.at("storage", key, "above"))
        says = "the {0} is {stated}; the closing stocks take {expected}"
        yield Row([(volume,), *negated(stored[site, t])], "=", places[0], says, (what,), "volume")
        priced = b.facts.get("sites", "storage_cost", (site,)) is not None
        source = Source("sites", "storage_capacity", (site,))
        words = (what, "storage capacity")
        yield from Limit(*words, volume, limit, True, "above", above, priced, "volume", *places, source).rows()


def _stores(b: Bench) -> list[tuple[str, int]]:
    sites = {key[0] for key in b.facts.column("sites", "storage_capacity")} | {e.key[0] for e in b.plan.rows("storage")}
    return [(site, t) for site in sorted(sites) for t in range(b.facts.count)]


def _stock_rows(b: Bench) -> Iterator[tuple[Entry, Key]]:
    for entry in b.plan.rows("stock"):
        yield entry, entry.key[:2]


def _limit(
    b: Bench, entry: Entry, bound: float | None, words: tuple[str, str], priced: bool, source: Source
) -> Iterator[Row]:
    """The rows of one stock limit in one period; ``words`` names the limit and the column of its shortfall."""
    limit, column = words
    if bound is None and not entry[column]:
        yield KEPT
        return
    item, site, period = entry.key
    what = f"stock of {item}{f' at {site}' if site else ''} in {period}"
    upper = column == "above_maximum"
    places = (entry.at("quantity"), entry.at(column))
    value, shown = entry["quantity"], entry[column]
    yield from Limit(
        what, limit, value, bound, upper, column, shown, priced, b.facts.unit(item), *places, source
    ).rows()


RULES = (balance, safety_stock, maximum_stock, final_stock, storage_capacity)
