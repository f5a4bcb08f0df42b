"""The inputs that were used, as sheets in_<table>: a plan carries its case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from equipoise.case import Case
from equipoise.io.casebook import case_tables
from equipoise.io.planbook.book import Book
from equipoise.io.planbook.tables import Column, Value, write_table
from equipoise.tables import Column as CaseColumn

PREFIX = "in_"


def write_inputs(book: Book, case: Case) -> None:
    """One sheet for each table of the case that has rows, with the columns that hold values."""
    for table, columns, rows in case_tables(case):
        if rows:
            values = list(zip(*rows, strict=True))
            write_table(book, f"{PREFIX}{table.name}", [_column(c, v) for c, v in zip(columns, values, strict=True)])


def _column(column: CaseColumn, values: tuple[Any, ...]) -> Column:
    header = f"{column.name} [{column.unit}]" if column.unit else column.name
    if column.kind in ("number", "count", "flag"):
        numbers: list[Value] = [None if v is None else float(v) for v in values]
        return Column(header, numbers, "number", key=column.key)
    return Column(header, [_words(v) for v in values], key=column.key)


def _words(value: Any) -> str | None:
    """Dates and the mixed values of the settings as text; this sheet is a record, not a form."""
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
