"""Write a case: one workbook with a sheet a table, or a folder with a CSV file a table.

Law: reading what was written gives a case with the same fingerprint. Floats keep every bit, names stay text, dates are
dates, and the same case gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from equipoise.case import Case
from equipoise.errors import OutputError
from equipoise.tables import TABLES, Column, Table

CREATED = dt.datetime(2026, 1, 1)
"""The creation time in every workbook of inputs, so that the same case gives the same bytes."""
WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NUMERIC = ("number", "count", "flag")
HEADER_HEIGHT = 32.0
FORMULA_STARTS = ("=", "+", "-", "@")
LONGEST_TEXT = 32_767  # characters in a cell
MOST_ROWS = 1_048_575  # below the header
FIRST_EXACT_DATE = dt.date(1900, 3, 1)  # before it Excel's calendar is wrong or absent: dates are written as text

Rows = list[list[Any]]


class Exact(float):
    """A float that is written with all its digits: XlsxWriter formats numbers with 16, and some need 17."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def write_case(case: Case, path: str | Path) -> None:
    """Write ``case`` to ``path``: a workbook where it ends in .xlsx, else a folder of CSV files. Raises OutputError."""
    target = Path(path)
    if target.suffix.casefold() == ".xlsx":
        write_bytes(target, case_workbook(case))
    elif target.suffix:
        raise OutputError(f"{target}: a case is written to a workbook (.xlsx) or to a folder of CSV files.")
    else:
        _write_folder(case, target)


def case_workbook(case: Case) -> bytes:
    """The workbook of a case, as bytes. Raises OutputError where a value fits no cell."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, WORKBOOK_OPTIONS)
    book.set_properties({"title": case.settings.name or "", "created": CREATED})
    formats = Formats(book)
    for table, columns, rows in case_tables(case):
        sheet = book.add_worksheet(table.name)
        for position, column in enumerate(columns):
            sheet.write_string(0, position, header(column), formats.head(column))
        write_rows(sheet, columns, rows, formats)
        _widths(sheet, columns, rows)
        lay_out(sheet)
    book.close()
    return buffer.getvalue()


def case_tables(case: Case) -> Iterable[tuple[Table, list[Column], Rows]]:
    """The tables of a case with the columns that hold a value; required columns and sheets are always there."""
    raw = case.to_tables()
    for name, table in TABLES.items():
        frame = raw.get(name, pd.DataFrame())
        if not len(frame) and not table.required and name != "settings":
            continue
        columns = [c for c in table.columns if c.built and _is_used(c, frame, case)]
        values = [frame[c.name].tolist() if c.name in frame.columns else [] for c in columns]
        yield table, columns, [list(row) for row in zip(*values, strict=True)]


def _is_used(column: Column, frame: pd.DataFrame, case: Case) -> bool:
    if column.name == "site" and case.sites == ("",):
        return False
    return column.required or (column.name in frame.columns and bool(frame[column.name].notna().any()))


def header(column: Column) -> str:
    """The header of a column: its name, with the unit in brackets on a second line. Readers leave the bracket out."""
    return f"{column.name}\n[{column.unit}]" if column.unit else column.name


def must_be_filled(column: Column) -> bool:
    """Whether a blank cell is an error. A blank site means the only site."""
    return column.required and not (column.name == "site" and column.reference)


def header_width(column: Column) -> int:
    """Characters that the header needs."""
    return max(len(line) for line in header(column).split("\n")) + 3


def lay_out(sheet: Worksheet) -> None:
    """Height of the header, frozen while scrolling, and the page when printed."""
    sheet.set_row(0, HEADER_HEIGHT)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


# --- workbooks ------------------------------------------------------------------------------------


class Formats:
    """The cell formats of a workbook of inputs."""

    def __init__(self, book: Workbook) -> None:
        line = {"valign": "vcenter", "text_wrap": True, "bottom": 1, "bottom_color": "#1F3864"}
        dark = {**line, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"}
        light = {**line, "font_color": "#1F3864", "bg_color": "#DDEBF7"}
        self.heads: dict[tuple[bool, bool], Format] = {
            (required, number): book.add_format(
                {**(dark if required else light), "align": "right" if number else "left"}
            )
            for required in (True, False)
            for number in (True, False)
        }
        self.text: Format = book.add_format({"num_format": "@"})
        self.quoted: Format = book.add_format({"num_format": "@", "quote_prefix": True})
        self.date: Format = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.number: Format = book.add_format({"num_format": "#,##0.######"})
        self.whole: Format = book.add_format({"num_format": "0"})

    def head(self, column: Column) -> Format:
        """The format of a column's header: dark where every row needs a value, to the right above numbers."""
        return self.heads[must_be_filled(column), column.kind in NUMERIC]

    def of(self, column: Column) -> Format | None:
        """The format of a column's cells."""
        kinds = {"number": None, "count": self.whole, "flag": self.whole, "date": self.date}
        return kinds.get(column.kind, self.text)


def write_rows(sheet: Worksheet, columns: Sequence[Column], rows: Rows, formats: Formats) -> None:
    """Write the rows of a table below its header. Raises OutputError where a value fits no cell."""
    if len(rows) > MOST_ROWS:
        raise OutputError(
            f"{sheet.get_name()} has {len(rows):,} rows; a sheet holds {MOST_ROWS:,}. Write CSV files instead."
        )
    usual = [formats.of(c) for c in columns]
    for number, row in enumerate(rows, start=1):
        for position, value in enumerate(row):
            if value is not None:
                write_value(sheet, number, position, value, usual[position], formats)


def write_value(sheet: Worksheet, row: int, column: int, value: Any, usual: Format | None, formats: Formats) -> None:
    """Write one value: numbers exactly, dates as dates, text as text whatever it begins with."""
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        if day >= FIRST_EXACT_DATE:
            sheet.write_datetime(row, column, day, formats.date)
        else:
            sheet.write_string(row, column, day.isoformat(), formats.text)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, exact(float(value)), None if usual is formats.text else usual)
    else:
        text = str(value)
        if len(text) > LONGEST_TEXT:
            name = sheet.get_name()
            raise OutputError(f"{name}: a text of {len(text):,} characters fits no cell ({LONGEST_TEXT:,} at most).")
        sheet.write_string(row, column, text, formats.quoted if text.startswith(FORMULA_STARTS) else formats.text)


def exact(value: float) -> float:
    """The number as XlsxWriter must be given it to lose no bit."""
    enough = float(f"{value:.16G}") == value and not (value == 0 and math.copysign(1, value) < 0)
    return value if enough else Exact(value)


def _widths(sheet: Worksheet, columns: Sequence[Column], rows: Rows) -> None:
    for position, column in enumerate(columns):
        longest = max([0, *(len(str(row[position])) + 2 for row in rows[:200])])
        sheet.set_column(position, position, min(max(longest, header_width(column), 9), 40))


def write_bytes(target: Path, content: bytes) -> None:
    """Write a file whole or not at all: a temporary file beside it, then a rename. Raises OutputError."""
    name = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".eq_", suffix=target.suffix)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as error:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise OutputError(
            f"{target} could not be written: {error.strerror or error}. Close it where it is open, or go elsewhere."
        ) from error


# --- folders --------------------------------------------------------------------------------------


def _write_folder(case: Case, folder: Path) -> None:
    tables = list(case_tables(case))
    names = {f"{table.name}.csv" for table, _, _ in tables}
    if folder.is_dir():
        strangers = sorted(p.name for p in folder.glob("*.csv") if p.name not in names)
        if strangers:
            raise OutputError(
                f"{folder} holds {', '.join(strangers[:5])}, read as part of the case. Choose an empty folder."
            )
    for table, columns, rows in tables:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([c.name for c in columns])
        writer.writerows([[_csv_value(v) for v in row] for row in rows])
        write_bytes(folder / f"{table.name}.csv", text.getvalue().encode("utf-8"))


def _csv_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 and str(value) != "-0.0" else repr(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
