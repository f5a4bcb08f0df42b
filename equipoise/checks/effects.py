"""Columns and settings that are filled in but change nothing under the other settings."""

from __future__ import annotations

from equipoise.checks.facts import Facts
from equipoise.checks.look import Report, Spot
from equipoise.tables import SETTINGS

ONLY_BACKORDER = (("demand", "late_cost"), ("demand", "max_late"), ("items", "late_cost"), ("items", "max_late"))
ZERO_IS_A_LIMIT = ("maximum", "storage_capacity")
LOST_COSTS = (("demand", "lost_cost"), ("items", "lost_cost"))
# a price, and the limits one of which it needs to have a meaning
PRICES = (
    ("stock", "safety_cost", (("stock", "safety"), ("stock_targets", "safety"))),
    ("stock", "maximum_cost", (("stock", "maximum"), ("stock_targets", "maximum"))),
    ("stock", "final_cost", (("stock", "final"),)),
    ("sites", "storage_cost", (("sites", "storage_capacity"),)),
    ("resources", "minimum_cost", (("resources", "minimum"),)),
    ("resources", "overtime_cost", (("resources", "overtime"), ("calendar", "overtime"))),
    ("crews", "overtime_wage", (("crews", "overtime"),)),
)


def shortage_columns_have_an_effect(facts: Facts, issues: Report) -> None:
    """late_cost and max_late without backorder, lost_cost with shortage = forbidden."""
    rule = facts.settings.shortage
    idle = [*(() if rule == "backorder" else ONLY_BACKORDER), *(LOST_COSTS if rule == "forbidden" else ())]
    for table, column in idle:
        if facts.lookup(table, column):
            issues.warning(
                "no-effect",
                _first(facts, table, column),
                f"{column} in {table} has no effect: shortage = {rule}.",
                "Leave it as it is, or change settings.shortage.",
            )
    default = next(s.default for s in SETTINGS if s.name == "final_backlog")
    if rule != "backorder" and facts.settings.final_backlog != default:
        issues.warning(
            "no-effect",
            facts.setting("final_backlog").of(facts.settings.final_backlog),
            f"final_backlog = {facts.settings.final_backlog} has no effect: shortage = {rule}, nothing waits.",
            "Say shortage = backorder, or remove it.",
        )


def holding_rate_has_values(facts: Facts, issues: Report) -> None:
    """holding_rate needs items with a value and no holding_cost of their own."""
    rate = facts.settings.holding_rate
    if rate and not any(row["value"] and row["holding_cost"] is None for row in facts.items.values()):
        why = (
            "no item has a value"
            if not facts.case.has_value("items", "value")
            else "every item with a value has a holding_cost of its own"
        )
        issues.warning(
            "no-effect",
            facts.setting("holding_rate").of(rate),
            f"holding_rate has no effect: {why}.",
            "Give items.value, or remove the rate.",
        )


def prices_have_their_limit(facts: Facts, issues: Report) -> None:
    """A price of breaking a limit where no row has that limit."""
    for table, price, limits in PRICES:
        needed = any(
            facts.lookup(*limit) if limit[1] in ZERO_IS_A_LIMIT else facts.case.has_value(*limit) for limit in limits
        )
        if facts.lookup(table, price) and not needed:
            words = " or ".join(f"{t}.{c}" for t, c in limits)
            issues.warning(
                "no-effect",
                _first(facts, table, price),
                f"{price} in {table} has no effect: {words} is blank everywhere.",
                f"Fill in {words}, or leave it as it is.",
            )


def _first(facts: Facts, table: str, column: str) -> Spot:
    """Place and value of the first filled cell of the column, as the planner sees the sheet."""
    row, value = facts.column(table, column)[0]
    return facts.row_spot(table, column, row).of(value)


CHECKS = (
    shortage_columns_have_an_effect,
    holding_rate_has_values,
    prices_have_their_limit,
)
