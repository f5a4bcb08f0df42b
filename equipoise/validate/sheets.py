"""Raw frames matched to the tables and columns of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from equipoise.errors import BadCell
from equipoise.periods import Buckets
from equipoise.tables import LATER, TABLES, ZERO, Column, Table, plain
from equipoise.validate.cells import Issues, Origin, is_blank, is_zero, shown, tidy
from equipoise.validate.values import period_name

OWN_PREFIX = "eq_"
OWN_SHEET = "instructions"  # of the blank template
VALUE_NAMES = "column"
"""The column of a wide table that names the value of each row."""


@dataclass
class Raw:
    """A table on its way: its columns by name (blank = None), those of a wide table by period, and where they come from."""

    table: Table
    columns: dict[str, list[Any]]
    origin: Origin
    size: int
    spread: dict[str, tuple[str, list[Any]]] = field(default_factory=dict)  # period -> letter, values
    meant: set[str] = field(default_factory=set)  # columns that an unknown header probably meant


def match_sheets(
    raw: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin], issues: Issues
) -> dict[str, tuple[pd.DataFrame, Origin]]:
    """The frame of each table that is given. Our own sheets and empty ones are passed over, notes are named in a warning."""
    known = {plain(name): name for name in (*TABLES, *LATER)}
    given: dict[str, tuple[pd.DataFrame, Origin]] = {}
    for sheet, frame in raw.items():
        sheet = str(sheet)
        if is_own(sheet):
            continue
        name = known.get(plain(sheet))
        origin = origins.get(sheet) or Origin(sheet, range(2, len(frame) + 2))
        place = {"table": name or sheet, "cell": origin.sheet, "value": shown(sheet)}
        if name is None:
            hint = (
                issues.near(sheet, (*TABLES, *LATER)) or "Notes are welcome; name a sheet like a table to have it read."
            )
            issues.add(
                "unknown-sheet",
                f'"{shown(sheet)}" is not a table of a planning case and is not read.',
                hint,
                "warning",
                **place,
            )
        elif name in LATER:
            if holds_values(frame):
                text = f'the table "{name}" ({LATER[name]}) is not built yet.'
                issues.add("not-built", text, "Remove its rows to plan without it.", **place)
        elif name in given:
            text = f'"{shown(sheet)}" and "{given[name][1].sheet}" are both the table "{name}".'
            issues.add(
                "duplicate-sheet", text, "Keep one of them, or give the other a name that is no table's.", **place
            )
        else:
            given[name] = frame, origin
    return given


def is_own(sheet: str) -> bool:
    """Whether a sheet was written by this package: results (eq_...) or the instructions of the template."""
    return sheet.casefold().startswith(OWN_PREFIX) or plain(sheet) == OWN_SHEET


def holds_values(frame: pd.DataFrame) -> bool:
    """Whether any cell below the header is filled."""
    return any(v is not None for values in _columns(frame) for v in values)


def _columns(frame: pd.DataFrame) -> Iterable[list[Any]]:
    return (tidy(frame.iloc[:, p].tolist()) for p in range(frame.shape[1]))


def match_columns(name: str, frame: pd.DataFrame, origin: Origin, periods: Buckets, issues: Issues) -> Raw:
    """The columns of one table by their names, wide ones by their periods; unknown ones are refused, blank rows dropped."""
    table = TABLES[name]
    known = {plain(c.name): c for c in table.columns}
    rows = origin.rows or range(2, len(frame) + 2)
    raw = Raw(table, {}, origin, len(frame))
    letters: dict[str, str] = {}
    strangers: list[tuple[Any, dict[str, str]]] = []
    for position, (header, values) in enumerate(zip(frame.columns, _columns(frame), strict=True)):
        letter = origin.columns[position] if position < len(origin.columns) else origin.letters.get(str(header), "")
        place = {"table": name, "column": shown(header), "cell": origin.header_cell(letter), "value": shown(header)}
        if _is_empty(header):
            if any(v is not None for v in values):
                issues.add(
                    "unknown-column",
                    "a column without a header holds values.",
                    "Give it a header, or empty it.",
                    **place,
                )
            continue
        if isinstance(header, BadCell):
            issues.bad(header, **place)
            continue
        column = known.get(plain(header))
        if column is not None and not column.built:
            _refuse_unbuilt(table, column, values, Origin(origin.sheet, rows, {column.name: letter}), issues)
        elif column is not None or (table.wide and plain(header) == VALUE_NAMES):
            word = column.name if column else VALUE_NAMES
            if word in raw.columns:
                issues.add(
                    "duplicate-column",
                    f'"{shown(header)}" is the second column named {word}.',
                    "Keep one of them.",
                    **place,
                )
            else:
                raw.columns[word], letters[word] = values, letter
        elif table.wide and (period := period_name(header, periods)) is not None:
            if period in raw.spread:
                text = f'"{shown(header)}" is the second column of the period {period}.'
                issues.add("duplicate-column", text, "Keep one of them.", **place)
            else:
                raw.spread[period] = letter, values
        else:
            strangers.append((header, place))
    _refuse_strangers(raw, strangers, periods, issues)
    raw.origin = Origin(origin.sheet, rows, letters, origin.cells, header=origin.header, text=origin.text)
    return _without_blank_rows(raw)


def _is_empty(header: object) -> bool:
    """A header that is no header: blank, or what pandas calls such a column."""
    return is_blank(header) or (isinstance(header, str) and header.startswith("Unnamed: "))


def _refuse_unbuilt(table: Table, column: Column, values: Sequence[Any], origin: Origin, issues: Issues) -> None:
    """One issue at the first value of a column that no rule reads yet; 0 is none where a blank cell means 0."""
    for row, value in enumerate(values):
        if value is not None and not (column.blank == ZERO and is_zero(value)):
            text = f'the column "{column.name}" of "{table.name}" ({column.meaning}) is not built yet.'
            place = {
                "table": table.name,
                "column": column.name,
                "cell": origin.cell(row, column.name),
                "value": shown(value),
            }
            issues.add("not-built", text, "Empty the column to plan without it.", **place)
            return


def _refuse_strangers(
    raw: Raw, strangers: Sequence[tuple[Any, dict[str, str]]], periods: Buckets, issues: Issues
) -> None:
    """Headers that are no column and no period; one issue where no header of the sheet is like a column."""
    table = raw.table
    columns = [c.name for c in table.columns if c.built]
    words = [c.name for c in table.columns] + (list(periods.names) if table.wide else [])
    found = [issues.closest(header, words) if isinstance(header, str) else "" for header, _ in strangers]
    known = f"Known columns: {', '.join(columns)}" + ("; or one column a period." if table.wide else ".")
    if strangers and not (raw.columns or raw.spread or any(found)):
        text = f'no header of the sheet is a column of the table "{table.name}".'
        issues.add("no-header", text, f"The first row is the header. {known}", **strangers[0][1])
        return
    for (header, place), meant in zip(strangers, found, strict=True):
        if table.wide and not periods.names and not meant:
            raw.meant.update(columns)
            continue  # it may well be a period: that none are known is reported once
        raw.meant.add(meant)
        is_no = "is neither a column of" if table.wide else "is no column of the table"
        text = f'"{shown(header)}" {is_no} "{table.name}"{" nor a period" if table.wide else ""}.'
        issues.add("unknown-column", text, f'Did you mean "{meant}"?' if meant else known, **place)


def _without_blank_rows(raw: Raw) -> Raw:
    every = [*raw.columns.values(), *(values for _, values in raw.spread.values())]
    full = [n for n in range(raw.size) if any(values[n] is not None for values in every)]
    if len(full) == raw.size:
        return raw
    origin = raw.origin

    def kept(values: Sequence[Any]) -> list[Any]:
        return [values[n] for n in full]

    raw.columns = {name: kept(values) for name, values in raw.columns.items()}
    raw.spread = {period: (letter, kept(values)) for period, (letter, values) in raw.spread.items()}
    cells = {name: kept(own) for name, own in origin.cells.items()}
    raw.origin = Origin(origin.sheet, kept(origin.rows), origin.letters, cells, header=origin.header, text=origin.text)
    raw.size = len(full)
    return raw
