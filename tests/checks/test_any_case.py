"""The checks say something sensible of any case whose tables are clean, in any order of its rows."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from seen import issues

ITEMS, SITES, PERIODS = ("A", "B", "C", "D"), ("P", "W", "Q"), ("1", "2", "3")
Rows = list[dict[str, Any]]


def some_case(dice: random.Random) -> dict[str, Any]:
    """Tables of small numbers, often blank, often zero, rarely sensible."""

    def value(*choices: float | None) -> float | None:
        return dice.choice((None, None, 0, 1, 5, *choices))

    def rows(count: int, keys: tuple[tuple[str, tuple[Any, ...]], ...], *columns: str) -> Rows:
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for _ in range(dice.randint(0, count)):
            key = tuple(dice.choice(choices) for _, choices in keys)
            found[key] = {name: part for (name, _), part in zip(keys, key, strict=True)}
            found[key] |= {column: value(20) for column in columns}
        return list(found.values())

    place = (("item", ITEMS), ("site", SITES))
    when = ("period", PERIODS)
    recipes = [
        {"recipe": f"m{n}", "item": dice.choice(ITEMS), "site": dice.choice(SITES), "unit_cost": value(-2, 7),
         "lead_time": value(), "yield": dice.choice((None, 0.5, 90)), "setup_cost": value(), "lot_min": value(),
         "lot_multiple": dice.choice((None, 3)), "lot_max": value(4), "minimum": value()}
        for n in range(dice.randint(0, 4))
    ]  # fmt: skip
    names = tuple(row["recipe"] for row in recipes)
    crews = [{"crew": "K", **{c: value() for c in ("workers", "hours", "overtime", "overtime_wage", "hire_max", "minimum", "maximum")},
              "layoff_share": dice.choice((None, 0, 0.5, 1)), "whole": dice.choice((0, 1))}]  # fmt: skip
    resources = [
        {"resource": name, "site": dice.choice(SITES), "crew": dice.choice((None, "K")),
         **{c: value(30) for c in ("capacity", "overtime", "overtime_cost", "cost", "minimum", "minimum_cost")}}
        for name in ("L", "M")
    ]  # fmt: skip
    tables: dict[str, Any] = {
        "settings": {
            "periods": 3,
            "objective": dice.choice(("cost", "profit")),
            "shortage": dice.choice(("lost", "backorder", "forbidden")),
            "final_backlog": dice.choice(("lost", "allowed", "forbidden")),
            "end_stock": dice.choice(("none", "opening", "value")),
            "holding_on": dice.choice(("end", "average")),
            "holding_rate": value(0.2),
            "integer_periods": value(),
        },
        "items": [
            {"item": i, "whole": dice.choice((0, 1)), "max_late": value(),
             **{c: value(9) for c in ("value", "holding_cost", "price", "volume", "lost_cost", "late_cost")}}
            for i in ITEMS
        ],
        "sites": [{"site": s, "storage_capacity": value(40), "storage_cost": value()} for s in SITES],
        "demand": rows(12, (*place, when), "price", "lost_cost", "late_cost", "max_late"),
        "stock": rows(6, place, "opening", "backlog", "safety", "safety_cost", "maximum", "maximum_cost", "final", "final_cost"),
        "stock_targets": rows(4, (*place, when), "safety", "maximum", "holding_cost"),
        "resources": resources,
        "crews": crews,
        "crew_calendar": rows(3, (("crew", ("K",)), when), "hours", "wage", "minimum", "maximum"),
        "calendar": rows(4, (("resource", ("L", "M")), when), "capacity", "overtime"),
        "recipes": recipes,
        "supply": rows(4, (("supplier", ("S", "T")), *place), "unit_cost", "lead_time", "order_cost", "lot_min", "lot_max", "capacity"),
        "lanes": rows(5, (("origin", SITES), ("destination", SITES), ("item", (None, *ITEMS))), "unit_cost", "lead_time", "capacity"),
        "receipts": [{**row, "quantity": dice.choice((0, 4, 2.5))} for row in rows(3, (*place, when))],
    }  # fmt: skip
    if names:
        changes = rows(4, (("recipe", names), when), "maximum", "unit_cost")
        tables["recipe_calendar"] = [{**row, "open": dice.choice((None, 0, 1))} for row in changes]
        tables["operations"] = rows(5, (("recipe", names), ("resource", ("L", "M"))), "hours", "setup_hours")
        uses = rows(5, (("recipe", names), ("component", ITEMS)), "scrap")
        tables["components"] = [{**row, "quantity": dice.choice((0, 1, 0.3))} for row in uses]
    tables["demand"] = [{**row, "quantity": dice.choice((0, 3, 8.5, 40))} for row in tables["demand"]] or [
        {"item": "A", "site": "P", "period": "1", "quantity": 1}
    ]
    return {name: rows for name, rows in tables.items() if rows}


@pytest.mark.parametrize("seed", range(40))
def test_any_case_in_any_order(seed: int) -> None:
    dice = random.Random(seed)
    tables = some_case(dice)
    found = issues(tables, over={})
    shuffled = {name: dice.sample(rows, len(rows)) if isinstance(rows, list) else rows for name, rows in tables.items()}
    again = issues(shuffled, over={})
    assert Counter((i.severity, i.code) for i in found) == Counter((i.severity, i.code) for i in again)
    for issue in found:
        assert "None" not in issue.message and "inf" not in issue.message.replace("infeasible", ""), issue
        assert "nan" not in issue.message and issue.message[-1] in ".?", issue


def test_the_cases_are_varied() -> None:
    """Most codes of the checks come up."""
    found = [issues(some_case(random.Random(seed)), over={}) for seed in range(40)]
    assert len({issue.code for case in found for issue in case}) > 30
