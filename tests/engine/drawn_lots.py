"""Small lot-sizing cases drawn at random, with most of what the planning language says."""

from __future__ import annotations

import random
from typing import Any

Tables = dict[str, Any]


def drawn(seed: int) -> Tables:
    """A small case with most of what the planning language says, drawn at random."""
    r = random.Random(seed)
    periods, items = r.choice([2, 3, 4, 5]), [f"I{n}" for n in range(r.choice([1, 1, 2, 3]))]
    tables = {**_wanted(r, periods, items), **_made(r, items), **_kept(r, periods, items)}
    if len(items) > 1 and r.random() < 0.4:
        recipes = tables["recipes"]
        uses = [
            (m, part, r.choice([1.0, 1.0, 2.0, 0.3]))
            for m, item in zip(recipes["recipe"], recipes["item"], strict=True)
            for part in items
            if part > item and r.random() < 0.7
        ]
        if uses:
            tables["components"] = dict(
                zip(("recipe", "component", "quantity"), map(list, zip(*uses, strict=True)), strict=True)
            )
    if r.random() < 0.15:
        _sent(r, tables)
    return tables


def _sent(r: random.Random, tables: Tables) -> None:
    """Some of the demand is at another site, to which items are shipped."""
    tables["sites"] = {"site": ["P", "W"]}
    for name in ("recipes", "supply", "resources", "stock", "receipts"):
        if name in tables:
            tables[name]["site"] = "P"
    tables["demand"]["site"] = [r.choice(["P", "W", "W"]) for _ in tables["demand"]["item"]]
    tables["lanes"] = {
        "origin": "P",
        "destination": "W",
        "unit_cost": amount(r, 0, 3),
        "lead_time": r.choice([0, 1]),
        "capacity": r.choice([None, amount(r, 10, 50)]),
    }


def amount(r: random.Random, low: float, high: float) -> float:
    return round(r.uniform(low, high), 1)


def _wanted(r: random.Random, periods: int, items: list[str]) -> Tables:
    shortage = r.choice(["lost", "lost", "forbidden", "backorder", "backorder"])
    settings: dict[str, Any] = {"periods": periods, "shortage": shortage}
    if r.random() < 0.15:
        settings["objective"] = "profit"
    if r.random() < 0.15:
        settings["integer_periods"] = r.randint(1, periods)
    if r.random() < 0.15:
        settings["end_stock"] = r.choice(["opening", "value"])
    if r.random() < 0.15:
        settings["holding_on"] = "average"
    each: Tables = {
        "item": items,
        "holding_cost": [amount(r, 0, 3) for _ in items],
        "lost_cost": [amount(r, 5, 60) for _ in items],
        "value": [amount(r, 0, 20) for _ in items],
        "price": [amount(r, 20, 60) for _ in items],
    }
    if shortage == "backorder":
        settings["final_backlog"] = r.choice(["lost", "lost", "allowed", "forbidden"])
        each["late_cost"] = [amount(r, 0.5, 10) for _ in items]
        if r.random() < 0.4:
            each["max_late"] = [r.choice([1, 2, 3]) for _ in items]
    rows = [
        (item, str(t + 1), customer, r.choice([1, 5, 10, 20, amount(r, 0, 30)]))
        for item in items
        for customer in r.choice([[None], [None], ["a", "b"]])
        for t in range(periods)
        if t == 0 or r.random() < 0.7
    ]
    demand: Tables = dict(
        zip(("item", "period", "customer", "quantity"), map(list, zip(*rows, strict=True)), strict=True)
    )
    if r.random() < 0.3:
        demand["lost_cost"] = [amount(r, 5, 60) for _ in rows]
    return {"settings": settings, "items": each, "demand": demand}


def _made(r: random.Random, items: list[str]) -> Tables:
    names = [(f"m{item}{n}", item) for item in items for n in range(r.choice([1, 1, 2]))]
    lines = r.choice([["L0"], ["L0", "L1"]])
    return {
        "recipes": {
            "recipe": [m for m, _ in names],
            "item": [item for _, item in names],
            "unit_cost": [amount(r, 0, 5) for _ in names],
            "setup_cost": [r.choice([0, amount(r, 5, 100), amount(r, 5, 100)]) for _ in names],
            "lead_time": [r.choice([0, 0, 0, 1]) for _ in names],
            "yield": [r.choice([1, 1, 0.8]) for _ in names],
            "lot_min": [r.choice([None] * 6 + [5]) for _ in names],
            "lot_multiple": [r.choice([None] * 9 + [4]) for _ in names],
            "lot_max": [r.choice([None] * 6 + [15]) for _ in names],
        },
        "resources": {
            "resource": lines,
            "capacity": [r.choice([amount(r, 20, 60), None, amount(r, 10, 200)]) for _ in lines],
            "overtime": [r.choice([0, 10]) for _ in lines],
            "overtime_cost": [amount(r, 1, 30) for _ in lines],
        },
        "operations": {
            "recipe": [m for m, _ in names],
            "resource": [r.choice(lines) for _ in names],
            "hours": [amount(r, 0.5, 2) for _ in names],
            "setup_hours": [r.choice([0, amount(r, 0, 5)]) for _ in names],
        },
        "supply": {
            "supplier": "S",
            "item": items,
            "unit_cost": [amount(r, 10, 50) for _ in items],
            "order_cost": [r.choice([0, 0, amount(r, 5, 60)]) for _ in items],
        },
    }


def _kept(r: random.Random, periods: int, items: list[str]) -> Tables:
    tables: Tables = {}
    if r.random() < 0.5:
        tables["stock"] = {"item": items, "opening": [r.choice([0, amount(r, 0, 60)]) for _ in items]}
        for limit, price in (("safety", "safety_cost"), ("maximum", "maximum_cost"), ("final", "final_cost")):
            if r.random() < 0.3:
                low = 30 if limit == "maximum" else 0
                tables["stock"] |= {
                    limit: [amount(r, low, low + 20) for _ in items],
                    price: [r.choice([amount(r, 0.5, 10), *([None] if low == 0 else [])]) for _ in items],
                }
    if r.random() < 0.3:
        tables["receipts"] = {
            "item": [r.choice(items) for _ in "ab"],
            "period": [str(r.randint(1, periods)) for _ in "ab"],
            "quantity": [amount(r, 1, 40) for _ in "ab"],
            "reference": ["a", "b"],
        }
    if r.random() < 0.4:
        price = r.choice([None, amount(r, 0.5, 5)])
        tables["sites"] = {"site": "P", "storage_capacity": amount(r, 20, 80), "storage_cost": price}
    return tables
