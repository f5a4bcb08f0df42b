"""equipoise: a sales and operations plan of least cost, with the bound that proves it.

    case = equipoise.load("case.xlsx")
    plan = equipoise.plan(case)
    print(plan.summary())
    plan.write("case-plan.xlsx")

Importing the package loads neither Pyomo nor HiGHS: public names are fetched on first use.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PUBLIC = {
    "Case": "equipoise.case",
    "Plan": "equipoise.plan",
    "Issue": "equipoise.errors",
    "EquipoiseError": "equipoise.errors",
    "DataError": "equipoise.errors",
    "ModelError": "equipoise.errors",
    "SolverError": "equipoise.errors",
    "OutputError": "equipoise.errors",
    "load": "equipoise.app",
    "check": "equipoise.app",
    "plan": "equipoise.app",
    "audit": "equipoise.app",
    "template": "equipoise.app",
    "examples": "equipoise.app",
}

if TYPE_CHECKING:
    from equipoise.app import audit, check, examples, load, plan, template
    from equipoise.case import Case
    from equipoise.errors import DataError, EquipoiseError, Issue, ModelError, OutputError, SolverError
    from equipoise.plan import Plan

__all__ = [
    "Case",
    "DataError",
    "EquipoiseError",
    "Issue",
    "ModelError",
    "OutputError",
    "Plan",
    "SolverError",
    "audit",
    "check",
    "examples",
    "load",
    "plan",
    "template",
]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'equipoise' has no attribute {name!r}")


class _Package(ModuleType):
    """Public names win over submodules of the same name (plan, audit, examples), whichever is imported first.

    The import system sets each submodule as an attribute of its package, which would hide the verb ``equipoise.plan``.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
