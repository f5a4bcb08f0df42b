"""What the tests of bounds share."""

from __future__ import annotations

from typing import Any

from cases import case, exact

from equipoise.model.bounds import Bounds
from equipoise.model.inputs import Inputs


def from_component(rule: dict[str, Any] | None = None, **tables: Any) -> float:
    """Least cost of 1 unit of P wanted in period 1, made of one C by recipe m; keyword tables are laid over these."""
    base: dict[str, Any] = {
        "settings": {"periods": 1, "shortage": "forbidden", **(rule or {})},
        "items": {"item": ["P", "C"], "holding_cost": [0, 0]},
        "demand": {"item": "P", "period": "1", "quantity": 1},
        "recipes": {"recipe": "m", "item": "P"},
        "components": {"recipe": "m", "component": "C", "quantity": 1},
    }
    for name, columns in tables.items():
        base[name] = {**base.get(name, {}), **columns}
    objective = exact(case(**base)).objective
    assert objective is not None
    return objective


def bounds_of(**tables: Any) -> Bounds:
    return Bounds(Inputs(case(**tables)))
