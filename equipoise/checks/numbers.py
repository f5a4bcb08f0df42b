"""Numbers that look mistyped, sizes that a solver cannot tell apart, names that differ in nothing one can see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from equipoise.checks.facts import Facts
from equipoise.checks.look import Report, Spot
from equipoise.checks.words import amount
from equipoise.tables import TABLES, Column

WIDEST = 1e9  # largest to smallest cost: beyond, the smaller one drowns in the solver's tolerance
LARGEST = 1e9  # units
QUANTITY_UNITS = ("unit", "unit/period", "hours", "hours/period", "volume", "people")


def costs_are_of_one_scale(facts: Facts, issues: Report) -> None:
    """The largest cost is not so much larger than the smallest that the smallest is lost in rounding."""
    small, large = _extreme(facts, min), _extreme(facts, max)
    if small is None or large is None or large[0] <= WIDEST * small[0]:
        return
    text = (
        f"the largest cost, {amount(large[0])} in {large[1].cell}, is {large[0] / small[0]:.0e} times the "
        f"smallest, {amount(small[0])} in {small[1].cell}: the solver cannot weigh them exactly."
    )
    issues.warning(
        "cost-scale",
        large[1].of(large[0]),
        text,
        "Use a smaller penalty or leave the limit without a price (hard), or give costs in a larger unit of money.",
    )


def _extreme(facts: Facts, pick: Callable[..., tuple[float, str, str, int]]) -> tuple[float, Spot] | None:
    """The smallest or largest cost above zero of all tables, and its place."""
    costs = [
        (abs(value), table, column.name, row)
        for table, column in _columns(facts, lambda c: c.unit.startswith("money"))
        for row, value in facts.column(table, column.name)
        if value
    ]
    if not costs:
        return None
    value, table, column, row = pick(costs)
    return value, facts.row_spot(table, column, row)


def quantities_are_of_this_world(facts: Facts, issues: Report) -> None:
    """No quantity above a thousand million; a blank cell, not a large number, means no limit."""
    for table, column in _columns(facts, lambda c: c.unit in QUANTITY_UNITS):
        for row, value in facts.column(table, column.name):
            if value <= LARGEST:
                continue
            text = f"{column.name} is {amount(value)}: the solver cannot be exact with such sizes."
            hint = (
                "Leave the cell blank for no limit."
                if "limit" in column.blank
                else "Check the number, or plan in a larger unit (1,000 pieces)."
            )
            issues.warning("very-large", facts.row_spot(table, column.name, row).of(value), text, hint)


def shares_are_no_percentages(facts: Facts, issues: Report) -> None:
    """Shares above 1: 95 typed for 95 %."""
    for table, column in (("recipes", "yield"), ("recipe_calendar", "yield"), ("components", "scrap")):
        for row, value in facts.column(table, column):
            if value <= 1:
                continue
            text = f"{column} is {amount(value)}, that is {amount(100 * value)} %."
            issues.warning(
                "looks-like-percent",
                facts.row_spot(table, column, row).of(value),
                text,
                f"Type {amount(value / 100)} if {amount(value)} % is meant.",
            )
    for name, limit in (("holding_rate", 1.0), ("gap", 0.5)):
        given = getattr(facts.settings, name)
        if given is not None and given > limit:
            text = (
                f"{name} is {amount(given)}, that is {amount(100 * given)} "
                f"%{' a year' if name == 'holding_rate' else ''}."
            )
            issues.warning(
                "looks-like-percent",
                facts.setting(name).of(given),
                text,
                f"Type {amount(given / 100)} if {amount(given)} % is meant.",
            )


def names_can_be_told_apart(facts: Facts, issues: Report) -> None:
    """Two names of a table that differ in capitals and spaces only."""
    for table in ("items", "sites", "recipes", "resources", "crews"):
        column = TABLES[table].key[0]
        alike: dict[str, list[str]] = defaultdict(list)
        for name in facts.case.tables[table][column].tolist():
            alike["".join(name.split()).casefold()].append(name)
        for names in alike.values():
            if len(names) > 1:
                text = f'"{names[0]}" and "{names[1]}" are two names of {table} that differ in capitals or spaces only.'
                issues.warning(
                    "names-alike",
                    facts.spot(table, column, names[1]).of(names[1]),
                    text,
                    "Make it one name, or tell them apart.",
                )


def _columns(facts: Facts, wanted: Callable[[Column], bool]) -> list[tuple[str, Column]]:
    """Built columns of the tables that have rows."""
    tables = [t for name, t in TABLES.items() if name in facts.case.tables and len(facts.case.tables[name])]
    return [(t.name, c) for t in tables for c in t.columns if c.built and c.kind in ("number", "count") and wanted(c)]


CHECKS = (costs_are_of_one_scale, quantities_are_of_this_world, shares_are_no_percentages, names_can_be_told_apart)
