"""Lot rules that can be met, and lots that fit."""

from __future__ import annotations

from equipoise.checks.facts import Facts
from equipoise.checks.look import INF, Place, Report, above
from equipoise.checks.reach import Blocked, arrivals, blocked
from equipoise.checks.ways import Source
from equipoise.checks.words import amount, at
from equipoise.errors import Severity


def lot_rules_agree(facts: Facts, issues: Report) -> None:
    """lot_min does not exceed lot_max, and a whole multiple (or a whole unit) lies between them.

    An error also where the source could stay idle: its own row says that it never runs, so the row is mistyped. A plan without the source
    would pass as a plan with it. Who means to close a source says lot_max = 0.
    """
    for source in facts.sources:
        row = source.row
        low, high, step = row["lot_min"] or 0.0, row["lot_max"], row["lot_multiple"]
        if not high:
            continue
        if above(low, high):
            text = f"{source} has a lot_min of {amount(low)} above its lot_max of {amount(high)}."
            issues.error(
                "lot-min-above-max",
                facts.spot(source.table, "lot_min", *source.key).of(low),
                text,
                "Correct one of them.",
            )
        elif facts.least(source) > high:
            unit = f"multiple of {amount(step)}" if step else "unit (the item is whole)"
            text = (
                f"{source} has no whole {unit} between its lot_min of {amount(low)} and its lot_max of {amount(high)}."
            )
            issues.error(
                "no-lot-between",
                facts.spot(source.table, "lot_multiple" if step else "lot_max", *source.key).of(step or high),
                text,
                "Correct lot_multiple, lot_min or lot_max.",
            )


def lots_fit(facts: Facts, issues: Report) -> None:
    """The smallest lot of a recipe or supplier fits into the limits of some period.

    An error where demand may not be short and has no other source; else a warning.
    """
    never = {source.key: source for source in facts.sources if not facts.runs[source.key]}
    if not never:
        return
    needed = _needed(facts, never)
    for source in never.values():
        least, place = facts.least(source), needed.get(source.key)
        if least == INF:
            continue  # lot_rules_agree has said so
        most, words = _best(facts, source)
        end = "it can never run" if source.table == "recipes" else "nothing can ever be ordered"
        if place:
            end += f"; there is no other way to get {at(*place)}, and shortage = forbidden"
        severity: Severity = "error" if place else "warning"
        if most > 0:
            column = "lot_min" if source.row["lot_min"] else "lot_multiple"
            text = (
                f"the smallest lot of {source} is {amount(least)}, but no period has room for more than "
                f"{amount(most)}{words}: {end}."
            )
            issues.add(
                "lot-above-capacity",
                facts.spot(source.table, column, *source.key).of(least),
                text,
                "Lower the lot or raise the limit.",
                severity,
            )
        else:
            text = f"{source} is closed or without capacity in every period: {end}."
            issues.add(
                "never-open",
                facts.spot(source.table, source.name_column, *source.key).of(source.key[0]),
                text,
                "Check the calendar, the capacity and the set-up hours; remove it if it is history.",
                severity,
            )


def _needed(facts: Facts, never: dict[tuple[str, ...], Source]) -> dict[tuple[str, ...], Place]:
    """Sources that can never run but must, for demand that may not be short: key -> the item and site in demand."""
    if facts.settings.shortage != "forbidden":
        return {}

    def start(source: Source, t: int) -> int | None:
        return None if source.key in never else t

    starts = [Blocked(place, None, place, True) for place in facts.by_place if place in facts.possible]
    out: dict[tuple[str, ...], Place] = {}
    for gap in blocked(facts, starts, arrivals(facts, start)):
        for source in gap.ways:
            if source.key in never:
                out.setdefault(source.key, gap.start)
    return out


def _best(facts: Facts, source: Source) -> tuple[float, str]:
    """The largest quantity of any period, and what sets it."""
    most = max(facts.most(source, t) for t in range(facts.horizon))
    names = [row["resource"] for row in source.operations if row["hours"]]
    if source.row["lot_max"] == most:
        return most, " (lot_max)"
    return most, f" (hours of {' and '.join(names)})" if names else f" ({source.limit_column})"


CHECKS = (lot_rules_agree, lots_fit)
