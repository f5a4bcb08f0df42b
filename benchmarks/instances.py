"""Generated instances: shared lines.

Every item can be made on two of the lines, each with a set-up cost and a set-up time; all items share the hours of the lines and the
room of one warehouse; demand has a season and a random part, and what is not served is lost. The set-ups make it a mixed-integer
problem; shared hours and shared room keep it from falling apart into items. The same numbers give the same instance on every machine.
"""

from __future__ import annotations

import math
import random

import pandas as pd

from equipoise.case import Case

LOAD = 0.85  # mean load of the lines, set-ups apart


def shared_lines(items: int, periods: int, seed: int = 1) -> Case:
    """A case with ``items`` items over ``periods`` periods on items / 40 lines (at least 3)."""
    draw = random.Random(seed)
    lines = max(3, items // 40)
    names = [f"I{n:04d}" for n in range(items)]
    base = [draw.uniform(20, 200) for _ in names]
    hours = [draw.uniform(0.02, 0.08) for _ in names]
    demand = [
        (name, str(t + 1), round(level * (1 + 0.4 * math.sin(2 * math.pi * (t + phase) / 12)) * draw.uniform(0.7, 1.3)))
        for name, level, phase in ((n, b, draw.randrange(12)) for n, b in zip(names, base, strict=True))
        for t in range(periods)
    ]
    value = [round(draw.uniform(5, 50), 2) for _ in names]
    needed = sum(b * h for b, h in zip(base, hours, strict=True))
    recipes, operations = _recipes(draw, names, hours, value, lines)
    tables = {
        "settings": pd.DataFrame({"key": ["periods", "name"], "value": [periods, "shared lines"]}, dtype=object),
        "sites": pd.DataFrame({"site": ["plant"], "storage_capacity": [round(1.5 * sum(base))], "storage_cost": [2.0]}),
        "items": pd.DataFrame(
            {
                "item": names,
                "holding_cost": [round(0.02 * v, 4) for v in value],
                "lost_cost": [round(3 * v, 2) for v in value],
            }
        ),
        "demand": pd.DataFrame(demand, columns=["item", "period", "quantity"]),
        "stock": pd.DataFrame({"item": names, "opening": [round(0.5 * b) for b in base]}),
        "resources": pd.DataFrame(
            {"resource": [f"L{n:02d}" for n in range(lines)], "capacity": round(needed / LOAD / lines, 1)}
        ),
        "recipes": recipes,
        "operations": operations,
    }
    return Case.from_tables(tables)


def _recipes(
    draw: random.Random, names: list[str], hours: list[float], value: list[float], lines: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    recipes, operations = [], []
    for name, one, worth in zip(names, hours, value, strict=True):
        for rank, line in enumerate(draw.sample(range(lines), 2)):
            recipe = f"{name} on L{line:02d}"
            recipes.append((recipe, name, round(worth * (0.6 + 0.05 * rank), 2), round(draw.uniform(40, 120), 1)))
            operations.append(
                (recipe, f"L{line:02d}", round(one * (1 + 0.1 * rank), 4), round(draw.uniform(0.1, 0.4), 2))
            )
    return (
        pd.DataFrame(recipes, columns=["recipe", "item", "unit_cost", "setup_cost"]),
        pd.DataFrame(operations, columns=["recipe", "resource", "hours", "setup_hours"]),
    )
