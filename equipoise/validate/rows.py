"""The columns of one table in their kinds, with an issue for every cell that does not fit."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from equipoise.errors import BadCell
from equipoise.periods import Buckets
from equipoise.tables import Column, Table
from equipoise.validate.cells import Issues, Origin, shown
from equipoise.validate.sheets import Raw
from equipoise.validate.values import convert

NUMBERS = ("number", "count", "flag")
LEFT_OUT = ("site", "recipe", "supplier")
"""Names that may be left out where the case has only one of them: links.py fills them in, or refuses."""


def empty(table: Table) -> pd.DataFrame:
    """A table without rows, with every built column."""
    return _empty(table).copy()


@cache
def _empty(table: Table) -> pd.DataFrame:
    return pd.DataFrame({c.name: pd.Series(dtype=_dtype(c)) for c in table.columns if c.built})


def clean_rows(raw: Raw, periods: Buckets, issues: Issues) -> pd.DataFrame:
    """The table with every built column: numbers as float (NaN = blank or wrong), the rest as objects (None = blank or wrong)."""
    table, origin = raw.table, raw.origin
    out: dict[str, pd.Series] = {}
    for column in table.columns:
        if not column.built:
            continue
        if column.name in raw.columns:
            values: list[Any] | np.ndarray = _column(raw, column, periods, issues)
        else:
            values = [None] * raw.size
            if raw.size and is_needed(column) and column.name not in raw.meant:
                place = {"table": table.name, "column": column.name, "cell": origin.sheet}
                text = f'the table "{table.name}" has no column "{column.name}".'
                issues.add("missing-column", text, f"Add it: {column.meaning}.", **place)
                issues.unknown.cell(table.name, column.name, *range(raw.size))
        out[column.name] = pd.Series(values, dtype=_dtype(column))
    return pd.DataFrame(out)


def is_needed(column: Column) -> bool:
    """Whether a blank cell of the column is an error whatever the other tables say."""
    lists_sites = column.name == "site" and not column.reference
    return column.required and (column.name not in LEFT_OUT or lists_sites)


def _dtype(column: Column) -> str:
    return "float64" if column.kind in NUMBERS else "object"


def _column(raw: Raw, column: Column, periods: Buckets, issues: Issues) -> list[Any] | np.ndarray:
    values = raw.columns[column.name]
    if column.kind in NUMBERS:
        fast = _all_good(column, values)
        if fast is not None:
            return fast
    kinds = {type(v) for v in values if v is not None}
    marks = values if len(kinds) <= 1 else [(type(v), v) for v in values]  # 1, 1.0 and True are not the same cell
    results = {
        mark: _blank(column) if value is None else convert(column, value, periods, raw.origin.text, issues.near)
        for mark, value in dict(zip(marks, values, strict=True)).items()
    }
    out = [results[mark] for mark in marks]
    if any(isinstance(result, BadCell) for result in results.values()):
        for row, result in enumerate(out):
            if isinstance(result, BadCell):
                _report(raw.table, column, raw.origin, row, result, issues)
                out[row] = None
    return out


def _blank(column: Column) -> BadCell | None:
    """What a blank cell of the column means: nothing, or a problem."""
    if not is_needed(column):
        return None
    return BadCell("missing-value", "", f"{column.name} is blank.", f"Fill it in: {column.meaning}.")


def _report(table: Table, column: Column, origin: Origin, row: int, cell: BadCell, issues: Issues) -> None:
    issues.unknown.cell(table.name, column.name, row)
    issues.bad(cell, table=table.name, column=column.name, cell=origin.cell(row, column.name), value=shown(cell))


def _all_good(column: Column, values: list[Any]) -> np.ndarray | None:
    """The values as floats when none can have an issue (blank is NaN), else None."""
    kinds = set(map(type, values))
    if column.kind != "number" or not kinds <= {int, float, type(None)} or (type(None) in kinds and is_needed(column)):
        return None
    numbers = np.array(values, dtype=float)
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    wrong = (numbers <= low if column.above else numbers < low) | (numbers > high) | np.isinf(numbers)
    return None if wrong.any() else numbers
