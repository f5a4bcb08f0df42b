"""Stock, its limits, its room and its value; what is there before anything is decided. Rules of DATA-MODEL in quotation marks."""

from __future__ import annotations

from itertools import product

from reference.books import Books
from reference.reading import Reading


def stock_is_kept(r: Reading, b: Books) -> None:
    """Closing stock of every item, site and period; what it costs.

    "Holding is paid on every period's closing stock, the last one included (end), or on the mean of opening and closing stock (average,
    the opening stock of the first period included)."
    """
    average = r.setting("holding_on", "end") == "average"
    before: dict[tuple[str, str], int] = {}
    for item, site in product(r.items, r.sites):
        opening = _stock(r, item, site).get("opening") or 0.0
        b.given[item, site, 0] += opening
        for t in r.periods:
            rate = _holding_rate(r, item, site, t)
            now = b.program.amount("stock", item, site, t, cost=rate / 2 if average else rate)
            b.flow[item, site, t].append((now, -1.0))
            if t:
                b.flow[item, site, t].append((before[item, site], 1.0))
            if average and t:
                b.program.pay(before[item, site], rate / 2)
            elif average:
                b.program.constant += rate / 2 * opening
            before[item, site] = now


def receipts_arrive(r: Reading, b: Books) -> None:
    """ "What was ordered before the start is in receipts" and there in its period."""
    for row in r.rows("receipts"):
        b.given[row["item"], r.site(row), r.period(row)] += row["quantity"]


def stock_stays_within_its_limits(r: Reading, b: Books) -> None:
    """Safety and maximum of closing stock. "A limit without a price is hard"; a price can be paid unit by unit."""
    for item, site, t in product(r.items, r.sites, r.periods):
        row, now = _stock(r, item, site), b.program.at["stock", item, site, t]
        safety = r.in_period("stock_targets", "safety", (item, site), t, row.get("safety"))
        if safety is not None:
            b.priced("below safety", (item, site, t), row.get("safety_cost"), [(now, 1.0)], low=safety)
        most = r.in_period("stock_targets", "maximum", (item, site), t, row.get("maximum"))
        if most is not None:
            b.priced("above maximum", (item, site, t), row.get("maximum_cost"), [(now, 1.0)], high=most)


def stock_at_the_end(r: Reading, b: Books) -> None:
    """ "final wins; otherwise end_stock = none, opening (at least the opening stock) or value (credit at the item's value)."."""
    rule = r.setting("end_stock", "none")
    for item, site in product(r.items, r.sites):
        row, closing = _stock(r, item, site), b.program.at["stock", item, site, r.last]
        if row.get("final") is not None:
            b.priced("below final", (item, site), row.get("final_cost"), [(closing, 1.0)], low=row["final"])
        elif rule == "opening":
            b.program.rule([(closing, 1.0)], low=row.get("opening") or 0.0)
        elif rule == "value":
            b.program.pay(closing, -(r.items[item].get("value") or 0.0))


def stock_has_room(r: Reading, b: Books) -> None:
    """Volume of closing stock within the storage capacity of the site, or storage_cost "per volume unit above the capacity and period"."""
    for row in r.rows("sites"):
        if row.get("storage_capacity") is None:
            continue
        for t in r.periods:
            volume = [
                (b.program.at["stock", item, row["site"], t], 1.0 if of.get("volume") is None else of["volume"])
                for item, of in r.items.items()
            ]
            b.priced("above room", (row["site"], t), row.get("storage_cost"), volume, high=row["storage_capacity"])


def what_comes_goes_or_stays(r: Reading, b: Books) -> None:
    """Of every item at every site, in every period: opening stock, receipts and arrivals are served, used, sent on or kept."""
    for key in product(r.items, r.sites, r.periods):
        b.program.rule(b.flow[key], low=-b.given[key], high=-b.given[key])


def _stock(r: Reading, item: str, site: str) -> dict[str, float]:
    for row in r.rows("stock"):
        if row["item"] == item and r.site(row) == site:
            return dict(row)
    return {}


def _holding_rate(r: Reading, item: str, site: str, t: int) -> float:
    """ "an item's holding_cost goes before" the yearly holding_rate on its value, and stock_targets.holding_cost before both."""
    row = r.items[item]
    yearly = r.setting("holding_rate", 0.0) * (row.get("value") or 0.0) * r.share_of_a_year(t)
    main = yearly if row.get("holding_cost") is None else row["holding_cost"]
    return float(r.in_period("stock_targets", "holding_cost", (item, site), t, main))
