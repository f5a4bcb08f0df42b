"""Files in and out: read cases, write cases, templates and plans.

Public names are fetched on first use: the child process that parses files starts from this package and must start fast. To add a
name, write it in ``_PUBLIC`` with its module, in the import below, and in ``__all__``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_PUBLIC = {
    "read_case": "equipoise.io.reading",
    "read_tables": "equipoise.io.reading",
    "write_case": "equipoise.io.casebook",
    "write_template": "equipoise.io.template",
}

if TYPE_CHECKING:
    from equipoise.io.casebook import write_case
    from equipoise.io.reading import read_case, read_tables
    from equipoise.io.template import write_template

__all__ = ["read_case", "read_tables", "write_case", "write_template"]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'equipoise.io' has no attribute {name!r}")
