"""Notes that say which limits are hard, so that nobody is surprised by an infeasible case."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.checks.facts import Facts
from equipoise.checks.look import Report


def hard_limits_are_named(facts: Facts, issues: Report) -> None:
    """One note for each kind of limit that has no price."""
    for table, column, hard, given, name, price in _kinds(facts):
        if hard:
            of = f"{hard:,} of {given:,}" if hard < given else f"{given:,}" if given == 1 else f"all {given:,}"
            text = (
                f"{name[0]} is hard for {of} {name[1] if given == 1 else name[2]}: a case that cannot meet it is "
                "infeasible."
            )
            issues.note("hard-limit", facts.spot(table, column), text, price)


Kind = tuple[str, str, int, int, tuple[str, str, str], str]


def _kinds(facts: Facts) -> Iterator[Kind]:
    yield from _stock_kinds(facts)
    sites = [row for row in facts.rows("sites") if row["storage_capacity"] is not None]
    hard = sum(row["storage_cost"] is None for row in sites)
    yield (
        "sites",
        "storage_capacity",
        hard,
        len(sites),
        ("storage capacity", "site", "sites"),
        "Give sites.storage_cost to price it.",
    )
    used = [row for row in facts.resources.values() if row["minimum"]]
    hard = sum(row["minimum_cost"] is None for row in used)
    yield (
        "resources",
        "minimum",
        hard,
        len(used),
        ("minimum use", "resource", "resources"),
        "Give resources.minimum_cost to price it.",
    )
    least = sum(1 for row in facts.rows("recipes") if row["minimum"])
    yield (
        "recipes",
        "minimum",
        least,
        least,
        ("minimum production", "recipe", "recipes"),
        "It has no price; lower or empty it where it hurts.",
    )
    yield from _crew_kind(facts)
    rows = len(facts.demand) if facts.settings.shortage == "forbidden" else 0
    yield (
        "demand",
        "quantity",
        rows,
        rows,
        ("demand", "row (shortage = forbidden)", "rows (shortage = forbidden)"),
        "Say shortage = lost or backorder to price it.",
    )


def _stock_kinds(facts: Facts) -> Iterator[Kind]:
    for column, name in (("safety", "safety stock"), ("maximum", "maximum stock")):
        targets = {
            place for place, rows in facts.targets.items() if any(_counts(row[column], column) for row in rows.values())
        }
        given = targets | {place for place, row in facts.stock.items() if _counts(row[column], column)}
        hard = sum(facts.price(place, f"{column}_cost") is None for place in given)
        table = "stock" if facts.lookup("stock", column) or not targets else "stock_targets"
        yield table, column, hard, len(given), (name, *_items(facts)), f"Give stock.{column}_cost to price it."
    finals = {place: facts.final(place) for place in facts.stock}
    asked = {place: final for place, final in finals.items() if final and final[0]}
    hard = sum(facts.final_is_hard(place, final[1]) for place, final in asked.items())
    hint = "Give stock.final and final_cost to price it."
    yield "stock", "final", hard, len(asked), ("final stock", *_items(facts)), hint


def _counts(value: float | None, column: str) -> bool:
    """A maximum of 0 is a limit, a safety stock of 0 is none."""
    return value is not None and (column == "maximum" or value > 0)


def _items(facts: Facts) -> tuple[str, str]:
    return ("item", "items") if len(facts.case.sites) == 1 else ("item and site", "items and sites")


def _crew_kind(facts: Facts) -> Iterator[Kind]:
    columns = [c for c in ("minimum", "maximum", "hire_max", "layoff_share", "minimum_use") if _given(facts, c)]
    if columns:
        crews = {row["crew"] for row in facts.crews.values() if any(row[c] is not None for c in columns)}
        crews |= {row["crew"] for row in facts.rows("crew_calendar") if row["minimum"] or row["maximum"] is not None}
        name = ("the limit on people (" + ", ".join(columns) + ")", "crew", "crews")
        yield "crews", columns[0], len(crews), len(crews), name, "It has no price; widen it where it hurts."


def _given(facts: Facts, column: str) -> bool:
    limit = column in ("maximum", "hire_max", "layoff_share")
    values = list(facts.lookup("crews", column).values())
    if column in ("minimum", "maximum"):
        values += facts.lookup("crew_calendar", column).values()
    return bool(values) if limit else any(values)


CHECKS = (hard_limits_are_named,)
