"""Random small cases that use most of the planning language at once. The same seed gives the same tables."""

from __future__ import annotations

import random
from typing import Any

Tables = dict[str, Any]


def rich_tables(seed: int) -> Tables:
    """Two products from a shared component at a plant and a shop, with set-ups, lots, overtime, orders and stock limits."""
    rng = random.Random(seed)
    periods = [str(t + 1) for t in range(4)]
    shortage = rng.choice(["lost", "backorder"])
    demand = [(i, "shop", t, rng.randint(0, 12)) for i in ("P", "Q") for t in periods]
    return {
        "settings": {
            "periods": len(periods),
            "shortage": shortage,
            "final_backlog": rng.choice(["lost", "allowed"]),
            "holding_on": rng.choice(["end", "average"]),
            "end_stock": rng.choice(["none", "opening"]),
        },
        "sites": {
            "site": ["plant", "shop"],
            "storage_capacity": [None, rng.choice([None, 15])],
            "storage_cost": [None, 2],
        },
        "items": {
            "item": ["P", "Q", "C"],
            "holding_cost": [1, 2, 0.5],
            "lost_cost": [60, 80, None],
            "late_cost": [6, 9, None],
            "max_late": [rng.choice([None, 1, 2]), 1, None],
            "volume": [1, 2, 0],
            "whole": [rng.randint(0, 1), 0, 0],
        },
        "demand": dict(zip(("item", "site", "period", "quantity"), map(list, zip(*demand, strict=True)), strict=True)),
        "stock": {
            "item": ["P", "Q", "C"],
            "site": ["shop", "shop", "plant"],
            "opening": [rng.randint(0, 5), 0, rng.randint(0, 20)],
            "safety": [rng.choice([None, 2]), None, None],
            "safety_cost": [3, None, None],
            "maximum": [None, 9, None],
            "maximum_cost": [None, 4, None],
        },
        "resources": {
            "resource": "L",
            "site": "plant",
            "capacity": rng.randint(10, 30),
            "overtime": 5,
            "overtime_cost": 4,
            "cost": 0.5,
        },
        "recipes": {
            "recipe": ["mP", "mQ"],
            "item": ["P", "Q"],
            "site": "plant",
            "unit_cost": [2, 3],
            "setup_cost": [rng.randint(5, 40), 12],
            "lot_min": [rng.choice([None, 4]), None],
            "lot_multiple": [None, rng.choice([None, 3])],
            "yield": [1, 0.8],
        },
        "operations": {"recipe": ["mP", "mQ"], "resource": "L", "hours": [1, 1.5], "setup_hours": [2, 1]},
        "components": {"recipe": ["mP", "mQ"], "component": "C", "quantity": [1, 2], "scrap": [0, 0.1]},
        "supply": {
            "supplier": "S",
            "item": "C",
            "site": "plant",
            "unit_cost": 1,
            "order_cost": rng.randint(0, 20),
            "lot_min": rng.choice([None, 10]),
            "lead_time": rng.choice([0, 1]),
        },
        "lanes": {"origin": "plant", "destination": "shop", "unit_cost": 0.3, "capacity": rng.choice([None, 25])},
    }


def lot_sizing(seed: int) -> tuple[list[int], float, float]:
    """Demand by period, set-up cost and holding cost of a single-item lot-sizing problem."""
    rng = random.Random(seed)
    return (
        [rng.choice([0, 0, *range(1, 60)]) for _ in range(rng.randint(3, 9))],
        float(rng.randint(10, 150)),
        rng.choice([0.5, 1.0, 3.0]),
    )


def shared_line_tables(seed: int) -> Tables:
    """Two or three products on shared lines, with every way to be short and, by chance, lots, crews, components and orders."""
    rng = random.Random(seed)
    periods = [str(t + 1) for t in range(rng.randint(3, 5))]
    products = ["P", "Q", "R"][: rng.randint(2, 3)]
    lines = ["L1", "L2"][: rng.randint(1, 2)]
    shortage = rng.choice(["lost", "backorder", "forbidden"])
    component, crew = rng.random() < 0.5, rng.random() < 0.4
    each = len(products)
    demand = [(i, t, rng.choice([0, *range(3, 15)])) for i in products for t in periods]
    ways = [(f"{i} on {line}", i, line) for i in products for line in rng.sample(lines, rng.randint(1, len(lines)))]
    tables: Tables = {
        "settings": {
            "periods": len(periods),
            "shortage": shortage,
            "final_backlog": rng.choice(["lost", "allowed"]),
            "end_stock": rng.choice(["none", "none", "opening"]),
        },
        "sites": {"site": "plant", "storage_capacity": rng.choice([None, 25]), "storage_cost": 3},
        "items": {
            "item": [*products, "C"],
            "holding_cost": [*(rng.choice([0.5, 1, 2]) for _ in products), 0.25],
            "lost_cost": [*(rng.choice([20, 45]) for _ in products), None],
            "late_cost": [*(rng.choice([2, 5]) for _ in products), None],
            "max_late": [*(rng.choice([None, 1, 2]) for _ in products), None],
        },
        "demand": {
            "item": [d[0] for d in demand],
            "period": [d[1] for d in demand],
            "quantity": [d[2] for d in demand],
        },
        "stock": {"item": products, "opening": [rng.randint(0, 6) for _ in products]},
        "resources": {
            "resource": lines,
            "capacity": None if crew else [rng.randint(8, 22) for _ in lines],
            "crew": "K" if crew else None,
        },
        "recipes": {
            "recipe": [w[0] for w in ways],
            "item": [w[1] for w in ways],
            "unit_cost": [rng.choice([1, 1.5]) for _ in ways],
            "setup_cost": [rng.randint(5, 45) for _ in ways],
            "lot_min": [rng.choice([None, None, 5]) for _ in ways],
            "lot_multiple": [rng.choice([None, None, None, 4]) for _ in ways],
        },
        "operations": {
            "recipe": [w[0] for w in ways],
            "resource": [w[2] for w in ways],
            "hours": [rng.choice([0.5, 1]) for _ in ways],
            "setup_hours": [rng.choice([0, 1, 2]) for _ in ways],
        },
        "supply": {
            "supplier": ["dear"] * each + ["S"],
            "item": [*products, "C"],
            "unit_cost": [30.0] * each + [0.5],
            "order_cost": [rng.choice([0, 25])] * each + [rng.choice([0, 15])],
            "lot_min": [rng.choice([None, 6])] * each + [rng.choice([None, 10])],
        },
    }
    if component:
        share = [rng.choice([1, 2]) for _ in ways]
        tables["components"] = {"recipe": [w[0] for w in ways], "component": "C", "quantity": share}
    if crew:
        tables["crews"] = {
            "crew": "K",
            "workers": 2,
            "hours": 6,
            "wage": 4,
            "overtime": 2,
            "overtime_wage": 2,
            "hire_cost": 6,
            "layoff_cost": 3,
            "whole": 1,
        }
    return tables
