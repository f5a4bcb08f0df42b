"""What the plan does with stock at the end of the horizon."""

from __future__ import annotations

from equipoise.checks.facts import Facts
from equipoise.checks.look import Report
from equipoise.checks.words import counted, some


def shelves_may_be_emptied(facts: Facts, issues: Report) -> None:
    """end_stock = none and no final stock: nothing after the horizon counts, so the plan runs stock down."""
    if facts.settings.end_stock != "none" or facts.lookup("stock", "final"):
        return
    stocked = facts.case.has_value("stock", "opening")
    held = any(facts.case.has_value(table, "holding_cost") for table in ("items", "stock_targets"))
    held = held or bool(facts.settings.holding_rate and facts.case.has_value("items", "value"))
    if stocked or held:
        text = (
            f"the plan may empty the shelves at the end: nothing after {facts.say(-1)} counts (end_stock = none "
            "and no stock.final)."
        )
        issues.warning(
            "end-of-horizon",
            facts.setting("end_stock").of("none"),
            text,
            "Say end_stock = opening or value in settings, or give stock.final.",
        )


def closing_stock_has_a_value(facts: Facts, issues: Report) -> None:
    """end_stock = value: items without a value earn nothing for their closing stock."""
    if facts.settings.end_stock != "value":
        return
    kept = {source.place[0] for source in facts.sources} | {place[0] for place in facts.stock}
    bare = [item for item, row in facts.items.items() if item in kept and not row["value"]]
    if bare:
        text = (
            f"end_stock = value, but {counted(len(bare), 'item')} of {len(kept)} "
            f"{'has' if len(bare) == 1 else 'have'} no value: {some(bare)}. The plan may empty their shelves at "
            "the end."
        )
        issues.warning(
            "value-missing",
            facts.spot("items", "value", bare[0]),
            text,
            "Give items.value, or stock.final for these items.",
        )


CHECKS = (shelves_may_be_emptied, closing_stock_has_a_value)
