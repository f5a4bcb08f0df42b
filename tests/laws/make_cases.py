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
