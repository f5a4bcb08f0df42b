"""Stock is kept from one period to the next, at a cost."""

from __future__ import annotations

from equipoise.model.build import Build

NEEDS: tuple[str, ...] = ()
SWITCH: tuple[str, ...] = ()


def variables(b: Build) -> None:
    """stock[i,s,t]: closing stock of item i at site s in period t [unit].

    holding cost = sum of rate[i,s,t] * stock[i,s,t], or rate[i,s,t] * (stock[i,s,t-1] + stock[i,s,t]) / 2 where holding_on = average.

    rate: stock_targets.holding_cost, else items.holding_cost, else value * holding_rate * share of a year: days / 365 where the periods
    sheet has days, else by settings.period (month where blank), whatever the distance between the starts.
    """
    stock = b.var("stock", b.place_periods, ("item", "site", "period"), "unit")
    average = b.case.settings.holding_on == "average"
    first = b.case.periods.names[0]
    for item, site in b.places:
        opening = b.inputs.opening(item, site)
        before = None
        for t in b.case.periods.names:
            now = stock[item, site, t]
            rate = b.inputs.holding_rate(item, site, t)
            b.books.flow(item, site, t, -1.0, now)
            b.books.cost("holding", t, rate / 2 if average else rate, now)
            if before is not None:
                b.books.flow(item, site, t, 1.0, before)
                b.books.cost("holding", t, rate / 2 if average else 0.0, before)
            elif average:
                b.books.constant("holding", first, rate / 2 * opening)
            before = now
        b.books.gift(item, site, first, opening)
    for row in b.case.records("receipts"):
        b.books.gift(row["item"], row["site"], row["period"], row["quantity"])


FAMILIES = ()
