"""The planning language, one idea a file. FEATURES lists them in the order in which they declare their variables.

A feature has a docstring (its first line is its name in planner words), NEEDS (features whose variables it reads), SWITCH (tables or
columns that switch it on; empty = always), ``variables(b)`` and FAMILIES (generator functions, one a constraint family).
"""

from __future__ import annotations

from types import ModuleType

from equipoise.model.features import (
    capacity,
    crews,
    demand,
    end_value,
    inventory,
    lots,
    ordering,
    procurement,
    production,
    setups,
    stock_limits,
    storage,
    transport,
)

FEATURES: tuple[ModuleType, ...] = (
    inventory,
    demand,
    production,
    setups,
    lots,
    capacity,
    crews,
    procurement,
    ordering,
    transport,
    stock_limits,
    storage,
    end_value,
)


def name_of(feature: ModuleType) -> str:
    """The feature's name: that of its file."""
    return feature.__name__.rpartition(".")[2]
