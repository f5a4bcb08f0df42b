"""The reference page of the audit, from the docstrings of its rules."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

HEAD = """# What the audit checks

The audit reads a case and the tables of a plan, nothing else. It knows neither the optimisation model nor the solver: its rules
were written from the data model alone. `equipoise plan` audits every plan before it is shown, `equipoise audit` checks a plan
workbook, also one edited by hand.

Arithmetic is exact: every stored number is a binary fraction, and verdicts are those of rational arithmetic on these fractions.
A row is broken when it is missed by more than a millionth of its largest term, at least by a millionth of a unit. Whole numbers
are whole within a millionth, however large they are. Each rule reports how many rows it checked and its largest violation, also
where that is within the tolerance.

A finding names the rule, the cell (or the table and key) of the plan, the amount in units, and the cell of the case that holds
the limit. In the formulas `[unit]` is the unit of both sides.
"""


def page(groups: Sequence[tuple[str, Sequence[Callable[..., Any]]]], unit_of: Callable[..., str]) -> str:
    """The page as Markdown."""
    parts = [HEAD]
    for heading, rules in groups:
        parts.append(f"## {heading}\n")
        parts.extend(_section(rule, unit_of(rule)) for rule in rules)
    return "\n".join(parts)


def _section(rule: Callable[..., Any], unit: str) -> str:
    """One rule: its first paragraph in words, its formula as code, what follows as text."""
    paragraphs = inspect.cleandoc(rule.__doc__ or "").split("\n\n")
    shown = [f"```text\n{p}\n```" if f"[{unit}]" in p else p for p in paragraphs]
    return f"### {rule.__name__}\n\n" + "\n\n".join(shown) + "\n"
