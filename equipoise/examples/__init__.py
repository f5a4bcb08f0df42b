"""Examples that come with the package: one folder each, with a workbook, a README and the figure it must reach.

>>> "wagner_whitin_1958" in names()
True
>>> path("wagner_whitin_1958").name
'workbook.xlsx'
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent


def names() -> list[str]:
    """The examples, in alphabetical order."""
    return sorted(p.parent.name for p in _FOLDER.glob("*/workbook.xlsx"))


def path(name: str) -> Path:
    """The workbook of an example. Raises KeyError with the known names."""
    return _file(name, "workbook.xlsx")


def readme(name: str) -> str:
    """What an example is about, as Markdown. Raises KeyError."""
    return _file(name, "README.md").read_text(encoding="utf-8")


def title(name: str) -> str:
    """The title of an example. Raises KeyError."""
    return readme(name).partition("\n")[0].lstrip("# ")


def expected(name: str) -> dict[str, Any] | None:
    """The figure an example must reach: objective, tolerance, sense, source, note, and cost_lines where they are known.

    None for an example whose best plan is not known. Raises KeyError.
    """
    file = path(name).with_name("expected.json")
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def _file(name: str, file: str) -> Path:
    if name not in names():
        raise KeyError(f'there is no example "{name}"; the examples are {", ".join(names())}')
    return _FOLDER / name / file
