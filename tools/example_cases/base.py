"""What an example is, and a few words to write its tables with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from equipoise.case import Case

Value = str | float | int | None
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Example:
    """A case with its answer. ``stated`` says how the words of the source became tables; ``derivation`` proves the figure by hand."""

    name: str
    title: str
    source: str
    story: str
    stated: Sequence[str]
    tables: Mapping[str, pd.DataFrame]
    objective: float
    note: str
    cost_lines: Mapping[str, float] = field(default_factory=dict)
    derivation: str = ""
    sense: Literal["cost", "profit"] = "cost"
    tolerance: float = 1e-6
    published: str = ""  # the file of the published case, where there is one

    def case(self) -> Case:
        return Case.from_tables(self.tables)

    def expected(self) -> str:
        """The text of expected.json."""
        facts: dict[str, Any] = {
            "objective": self.objective,
            "tolerance": self.tolerance,
            "sense": self.sense,
            "source": self.source,
        }
        if self.cost_lines:
            facts["cost_lines"] = dict(self.cost_lines)
        return json.dumps({**facts, "note": self.note}, indent=2, ensure_ascii=False) + "\n"

    def readme(self) -> str:
        """The text of README.md."""
        parts = [f"# {self.title}", self.story, "## In the workbook", "\n".join(f"- {line}" for line in self.stated)]
        word = "profit" if self.sense == "profit" else "cost"
        parts += ["## Answer", f"Best {word}: **{self.objective:,.12g}**. {self.note}"]
        if self.derivation:
            parts += ["## By hand", self.derivation]
        return "\n\n".join([*parts, f"Source: {self.source}"]) + "\n"


def table(columns: str, *rows: Sequence[Value]) -> pd.DataFrame:
    """A table from a line of column names and its rows."""
    return pd.DataFrame([list(row) for row in rows], columns=columns.split(), dtype=object)


def settings(name: str, **values: Value) -> pd.DataFrame:
    return table("key value", ("name", name), *values.items())


def periods(*names: str) -> pd.DataFrame:
    return table("period", *((n,) for n in names))


def by_period(key: Sequence[Value], names: Sequence[str], *values: Sequence[Value]) -> list[tuple[Value, ...]]:
    """One row a period: the key, the period, and the value each sequence has for it."""
    return [(*key, name, *row) for name, row in zip(names, zip(*values, strict=True), strict=True)]


def numbered(count: int) -> list[str]:
    """The period names of a case without dates: 1, 2, 3, ..."""
    return [str(n + 1) for n in range(count)]


def demand(quantities: Mapping[str, Sequence[float]], names: Sequence[str]) -> pd.DataFrame:
    """Demand by item and period, without customers or sites."""
    rows = [row for item, values in quantities.items() for row in by_period((item,), names, values)]
    return table("item period quantity", *rows)
