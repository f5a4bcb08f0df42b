"""From a case to a Pyomo model: features declare their variables, then write their families, then the books are closed."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Literal

import pyomo.environ as pyo

from equipoise.case import Case
from equipoise.errors import ModelError
from equipoise.model import books, features
from equipoise.model.build import Build

Switch = Literal["auto", "on", "off"]


def build(case: Case, switches: Mapping[str, Switch] | None = None, every_plan: bool = False) -> Build:
    """The model of a case.

    ``switches`` maps a feature's name to auto (on when its data are there; the default), on (ModelError when they are not) or off (the
    rule is left out: a relaxation to experiment with). Unknown names raise ModelError. ``every_plan``: quantities beyond what is of use
    stay possible, which a model that is limited further may need.
    """
    switches = dict(switches or {})
    known = {features.name_of(f) for f in features.FEATURES}
    if unknown := sorted(set(switches) - known):
        raise ModelError(f"no feature is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    b = Build(case, every_plan)
    active = [f for f in features.FEATURES if _is_on(f, case, switches.get(features.name_of(f), "auto"))]
    b.on = [features.name_of(f) for f in active]
    for feature in active:
        if missing := [n for n in feature.NEEDS if n not in b.on]:
            raise ModelError(f"{features.name_of(feature)} needs {', '.join(missing)}, which is off")
        b.enter(features.name_of(feature), feature.NEEDS)
        feature.variables(b)
    for feature in active:
        b.enter(features.name_of(feature), feature.NEEDS)
        for family in feature.FAMILIES:
            _write(b, family)
    books.close(b)
    return b


def _is_on(feature: ModuleType, case: Case, switch: Switch) -> bool:
    name = features.name_of(feature)
    has_data = not feature.SWITCH or any(_has(case, source) for source in feature.SWITCH)
    if switch == "on" and not has_data:
        raise ModelError(f"{name} is switched on but none of {', '.join(feature.SWITCH)} holds a value")
    return switch == "on" or (switch == "auto" and has_data)


def _has(case: Case, source: str) -> bool:
    table, _, column = source.partition(".")
    if table == "settings":
        key, _, value = column.partition("=")
        return str(getattr(case.settings, key)) == value
    return bool(case.tables[table][column].notna().any()) if column else table in case


def _write(b: Build, family: Any) -> None:
    """One constraint component of the family's name."""
    component = pyo.Constraint(pyo.Any)
    b.model.add_component(family.__name__, component)
    for key, row in family(b):
        component.add(key, row)
