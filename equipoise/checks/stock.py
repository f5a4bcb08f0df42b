"""Limits of stock and storage that contradict each other or the opening stock; whole items in fractions."""

from __future__ import annotations

from collections import defaultdict

from equipoise.checks.facts import Facts
from equipoise.checks.look import Place, Report, above
from equipoise.checks.words import amount, at, counted


def safety_is_below_maximum(facts: Facts, issues: Report) -> None:
    """Safety stock does not exceed the maximum of any period: an error where both are hard."""
    for place in facts.limited:
        periods = range(facts.horizon) if place in facts.targets else range(1)
        for t in periods:
            safety, maximum = facts.limit(place, "safety", t), facts.limit(place, "maximum", t)
            if safety and maximum is not None and above(safety, maximum):
                hard = facts.price(place, "safety_cost") is None and facts.price(place, "maximum_cost") is None
                when = f" in {facts.say(t)}" if place in facts.targets else ""
                text = (
                    f"the safety stock of {at(*place)} is {amount(safety)}, above its maximum of "
                    f"{amount(maximum)}{when}."
                )
                issues.add(
                    "safety-above-maximum",
                    facts.limit_spot(place, "safety", t).of(safety),
                    text,
                    "Correct one of them, or price one with safety_cost or maximum_cost.",
                    "error" if hard else "warning",
                )
                break


def final_is_below_maximum(facts: Facts, issues: Report) -> None:
    """Final stock does not exceed the maximum of the last period: an error where both are hard."""
    for place in facts.stock:
        final, maximum = facts.final(place), facts.limit(place, "maximum", facts.horizon - 1)
        if final is None or maximum is None or not above(final[0], maximum):
            continue
        hard = facts.final_is_hard(place, final[1]) and facts.price(place, "maximum_cost") is None
        asked = f"the final stock of {at(*place)} is {amount(final[0])}"
        if final[1] == "opening":
            asked = f"{at(*place)} must end with its opening stock of {amount(final[0])} (end_stock = opening)"
        text = f"{asked}, above its maximum of {amount(maximum)} in {facts.say(-1)}."
        issues.add(
            "final-above-maximum",
            facts.spot("stock", final[1], *place).of(final[0]),
            text,
            "Correct one of them, or price one with final_cost or maximum_cost.",
            "error" if hard else "warning",
        )


def opening_can_shrink_to_maximum(facts: Facts, issues: Report) -> None:
    """Opening stock above a hard maximum of the first period that demand cannot bring down."""
    used = {part for recipe in facts.recipes.values() for part, _ in recipe.uses}
    first = facts.say(0)
    for place, row in facts.stock.items():
        maximum = facts.limit(place, "maximum", 0)
        if (
            maximum is None
            or facts.price(place, "maximum_cost") is not None
            or place in used
            or facts.lanes_from(place)
        ):
            continue
        there = (row["opening"] or 0.0) + facts.receipts.get(place, {}).get(0, 0.0)
        leaving = sum(one.quantity for one in facts.by_place.get(place, ()) if one.due <= 0)
        if above(there - leaving, maximum):
            text = (
                f"{at(*place)} opens with {amount(there)} (receipts of {first} included); demand takes "
                f"{amount(leaving)} at most in {first}, so more than its hard maximum of {amount(maximum)} must "
                "remain: no plan exists."
            )
            issues.warning(
                "opening-above-maximum",
                facts.spot("stock", "opening", *place).of(row["opening"] or 0.0),
                text,
                "Raise the maximum of the first periods (stock_targets), or give maximum_cost.",
            )


def storage_holds_the_opening(facts: Facts, issues: Report) -> None:
    """The opening stock of a site fits into its storage capacity."""
    for site, capacity, priced in _storages(facts):
        volume = sum(
            (row["opening"] or 0.0) * _volume(facts, place) for place, row in facts.stock.items() if place[1] == site
        )
        if above(volume, capacity):
            end = (
                "the excess pays storage_cost"
                if priced
                else "the excess must leave in the first period, or no plan exists"
            )
            text = (
                f"{_site(site)} opens with a volume of {amount(volume)}, above its storage capacity of "
                f"{amount(capacity)}: {end}."
            )
            issues.warning(
                "storage-below-opening",
                facts.spot("sites", "storage_capacity", site).of(capacity),
                text,
                "Check storage_capacity, items.volume and the opening stock.",
            )


def storage_holds_the_safety(facts: Facts, issues: Report) -> None:
    """The hard safety stocks of a site fit into its hard storage capacity."""
    for site, capacity, priced in _storages(facts):
        places = [p for p in facts.limited if p[1] == site and facts.price(p, "safety_cost") is None]
        if priced or not places:
            continue
        for t in range(facts.horizon):
            volume = sum((facts.limit(p, "safety", t) or 0.0) * _volume(facts, p) for p in places)
            if above(volume, capacity):
                text = (
                    f"the safety stocks of {_site(site)} take a volume of {amount(volume)} in {facts.say(t)}, "
                    f"above its storage capacity of {amount(capacity)}; both are hard."
                )
                issues.error(
                    "safety-above-storage",
                    facts.spot("sites", "storage_capacity", site).of(capacity),
                    text,
                    "Correct one of them, or price one with safety_cost or storage_cost.",
                )
                break


def _storages(facts: Facts) -> list[tuple[str, float, bool]]:
    """Sites with a storage capacity: site, capacity, whether more is allowed at a price."""
    rows = facts.rows("sites")
    return [
        (r["site"], r["storage_capacity"], r["storage_cost"] is not None)
        for r in rows
        if r["storage_capacity"] is not None
    ]


def _volume(facts: Facts, place: Place) -> float:
    volume = facts.items[place[0]]["volume"]
    return 1.0 if volume is None else float(volume)


def _site(site: str) -> str:
    return site or "the site"


def whole_items_come_whole(facts: Facts, issues: Report) -> None:
    """Demand, backlog, stock and receipts of an item that is planned in whole units are whole."""
    whole = {item for item, row in facts.items.items() if row["whole"]}
    if not whole:
        return
    for table, column in (("demand", "quantity"), ("stock", "backlog"), ("stock", "opening"), ("receipts", "quantity")):
        bad: dict[Place, list[tuple[str | None, ...]]] = defaultdict(list)
        for row in facts.rows(table):
            if row["item"] in whole and row[column] and not float(row[column]).is_integer():
                bad[row["item"], row["site"]].append(tuple(row[k] for k in facts.keys(table)))
        for place, keys in bad.items():
            value = facts.lookup(table, column)[keys[0]]
            rows = counted(len(keys), "row")
            text = (
                f"{at(*place)} is made and bought in whole units, but {table}.{column} is {amount(value)} ({rows} with "
                "a fraction): the plan cannot match it exactly."
            )
            issues.warning(
                "fraction-of-whole",
                facts.spot(table, column, *keys[0]).of(value),
                text,
                "Round it, or empty items.whole.",
            )


CHECKS = (
    safety_is_below_maximum,
    final_is_below_maximum,
    opening_can_shrink_to_maximum,
    storage_holds_the_opening,
    storage_holds_the_safety,
    whole_items_come_whole,
)
