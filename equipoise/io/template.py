"""The blank workbook: tables.py as sheets, with notes, drop-downs and input formats; or the same filled with a case.

Laws: the blank workbook reads back as no data; the one filled with a case reads back as that case.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from equipoise.case import Case
from equipoise.io import instructions
from equipoise.io.casebook import (
    CREATED,
    WORKBOOK_OPTIONS,
    Formats,
    header,
    header_width,
    lay_out,
    must_be_filled,
    write_bytes,
    write_rows,
    write_value,
)
from equipoise.tables import SETTINGS, TABLES, Column, Setting, Table

GROUPS = ("core", "production", "crews", "purchasing", "transport")
"""What ``--for`` may name; core is always there."""
ROWS = 10_000  # rows with drop-downs and checks
MOST_LISTED = 250  # characters of a drop-down written out; Excel breaks above 255
TAB_COLOURS = {
    "core": "#1F4E79",
    "production": "#548235",
    "crews": "#7F6000",
    "purchasing": "#C55A11",
    "transport": "#7030A0",
}


def write_template(path: str | Path, groups: Iterable[str] | None = None, case: Case | None = None) -> None:
    """Write the blank workbook, or the one filled with ``case``. Raises OutputError.

    ``groups`` are names of GROUPS (None = all); ValueError for another name. A group in which the case has rows is
    always written.
    """
    write_bytes(Path(path), template_workbook(groups, case))


def template_workbook(groups: Iterable[str] | None = None, case: Case | None = None) -> bytes:
    """The workbook of ``write_template`` as bytes."""
    tables = template_tables(groups, case)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, WORKBOOK_OPTIONS)
    title = (case.settings.name if case else None) or "Planning workbook"
    book.set_properties({"title": title, "created": CREATED})
    formats = Formats(book)
    first = book.add_worksheet(instructions.SHEET)
    first.set_tab_color("#7F7F7F")
    instructions.write_instructions(book, first, list(tables), title)
    raw = case.to_tables() if case else {}
    places = {f"{t.name}.{c.name}": (t.name, n) for t, columns in tables.items() for n, c in enumerate(columns)}
    for table, columns in tables.items():
        sheet = book.add_worksheet(table.name)
        sheet.set_tab_color(TAB_COLOURS[table.group])
        _dress(sheet, columns, formats)
        if table.name == "settings":
            given = dict(zip(raw["settings"]["key"], raw["settings"]["value"], strict=True)) if case else {}
            _settings(sheet, given, formats)
            continue
        for position, column in enumerate(columns):
            _check_input(sheet, position, column, places)
        frame = raw.get(table.name)
        if frame is not None:
            blank = [None] * len(frame)
            cells = [frame[c.name].tolist() if c.name in frame.columns else blank for c in columns]
            write_rows(sheet, columns, [list(row) for row in zip(*cells, strict=True)], formats)
    book.close()
    return buffer.getvalue()


def template_tables(groups: Iterable[str] | None = None, case: Case | None = None) -> dict[Table, list[Column]]:
    """The tables of the template with their columns. A column that names rows of a missing table is left out."""
    asked = set(GROUPS if groups is None else groups)
    unknown = sorted(asked - set(GROUPS))
    if unknown:
        raise ValueError(f'there is no group "{unknown[0]}" of tables; choose from {", ".join(GROUPS)}.')
    asked.add("core")
    if case is not None:
        asked |= {t.group for name, t in TABLES.items() if name != "settings" and name in case}
    tables = [t for t in TABLES.values() if t.group in asked]
    there = {t.name for t in tables}
    return {
        t: [c for c in t.columns if c.built and (not c.reference or c.reference.partition(".")[0] in there)]
        for t in tables
    }


def note(column: Column) -> str:
    """The note at a header: meaning, unit, what blank means, what is allowed."""
    lines = [column.meaning[0].upper() + column.meaning[1:] + "."]
    if column.unit:
        lines.append(f"Unit: {column.unit}.")
    if must_be_filled(column):
        lines.append("Required.")
    else:
        lines.append(f"Blank: {column.blank or 'nothing is said'}.")
    allowed = _allowed(column)
    return "\n".join([*lines, *([f"Allowed: {allowed}."] if allowed else [])])


def _allowed(column: Column) -> str:
    if column.kind == "flag":
        return "0 or 1"
    if column.kind == "choice":
        return ", ".join(column.choices)
    if column.reference:
        table, _, name = column.reference.partition(".")
        return f"a {name} of the sheet {table}"
    if column.kind == "date":
        return "a date"
    if column.kind not in ("number", "count"):
        return ""
    words = "whole numbers" if column.kind == "count" else "numbers"
    low, high = column.low, column.high
    if low is None:
        return f"{words}, negative ones too"
    return f"{words} {'above' if column.above else 'from'} {low:g}" + (f" to {high:g}" if high is not None else "")


# --- one sheet ------------------------------------------------------------------------------------


def _dress(sheet: Worksheet, columns: Sequence[Column], formats: Formats) -> None:
    """Header with notes, widths, cell formats, frozen header, print setup."""
    for position, column in enumerate(columns):
        sheet.write_string(0, position, header(column), formats.head(column))
        text = note(column)
        lines = sum(1 + len(line) // 38 for line in text.split("\n"))
        sheet.write_comment(0, position, text, {"x_scale": 1.7, "height": 18 + 15 * lines, "color": "#FFFFE1"})
        width = max(header_width(column), {"name": 18, "text": 24}.get(column.kind, 11))
        sheet.set_column(position, position, width, formats.of(column))
    lay_out(sheet)


def _check_input(sheet: Worksheet, position: int, column: Column, places: Mapping[str, tuple[str, int]]) -> None:
    """The drop-down or input check of a column, for its first ROWS rows."""
    rule = _rule(column, places)
    if rule:
        sheet.data_validation(1, position, ROWS, position, {"ignore_blank": True, **rule})


def _rule(column: Column, places: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    if column.reference in places:
        own_list = {"validate": "list", "source": _names(*places[column.reference])}
        if column.kind == "period":  # a date is as good, and settings may make the periods
            return {**own_list, "show_error": False}
        return {
            **own_list,
            "error_type": "warning",
            "error_title": "Name not found",
            "error_message": f"This name is {_not_there(column)}.",
        }
    if column.kind == "choice":
        return _one_of(column.choices, column.name)
    if column.kind == "flag":
        return _one_of(("0", "1"), column.name)
    if column.kind == "date":
        return _a_date(column.name)
    if column.kind in ("number", "count"):
        return _a_number(column)
    return {}


def _names(table: str, position: int) -> str:
    """The names filled in so far in a column, as a range: the drop-down grows with the sheet."""
    letter = xl_col_to_name(position, col_abs=True)
    return f"=OFFSET({table}!{letter}$2,0,0,MAX(1,COUNTA({table}!{letter}$2:{letter}${ROWS + 1})),1)"


def _not_there(column: Column) -> str:
    table, _, name = column.reference.partition(".")
    return f"not in the column {name} of the sheet {table}. Add it there first"


def _one_of(choices: Sequence[str], name: str) -> dict[str, Any]:
    words = ", ".join(choices)
    if len(",".join(choices)) > MOST_LISTED:
        raise ValueError(f"the choices of {name} are too long for a drop-down written out")
    return {
        "validate": "list",
        "source": list(choices),
        "error_title": name,
        "error_message": f"Choose {words}, or leave it blank.",
    }


def _a_date(name: str) -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": ">=",
        "value": dt.date(1900, 3, 1),
        "error_title": name,
        "error_message": "Type a date.",
    }


def _a_number(column: Column | Setting) -> dict[str, Any]:
    """A whole or decimal number within the bounds of its column or setting."""
    low = -1e15 if column.low is None else column.low
    kind = "integer" if column.kind == "count" else "decimal"
    words = "Type a whole number" if kind == "integer" else "Type a number"
    told = {"validate": kind, "error_title": column.name}
    if column.high is not None:
        return {
            **told,
            "criteria": "between",
            "minimum": low,
            "maximum": column.high,
            "error_message": f"{words} from {low:g} to {column.high:g}.",
        }
    above = isinstance(column, Column) and column.above
    bound = f" {'above' if above else 'from'} {low:g}" if column.low is not None else ""
    return {
        **told,
        "criteria": ">" if above else ">=",
        "value": low,
        "error_message": f"{words}{bound}, or leave it blank.",
    }


# --- settings -------------------------------------------------------------------------------------


def _settings(sheet: Worksheet, given: Mapping[str, Any], formats: Formats) -> None:
    """Every key with an empty (or given) value; the meaning is a note and appears when the cell is chosen."""
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 34)
    for row, setting in enumerate((s for s in SETTINGS if s.built), start=1):
        sheet.write_string(row, 0, setting.name, formats.text)
        words = f"{_sentence(instructions.meaning(setting))} Blank: {setting.blank or 'not said'}."
        sheet.write_comment(row, 0, words, {"x_scale": 1.7, "color": "#FFFFE1"})
        cell_format = _setting_format(setting, formats)
        if given.get(setting.name) is None:
            sheet.write_blank(row, 1, None, cell_format)
        else:
            write_value(sheet, row, 1, given[setting.name], cell_format, formats)
        rule = _setting_rule(setting)
        sheet.data_validation(
            xl_rowcol_to_cell(row, 1),
            {"ignore_blank": True, "input_title": setting.name, "input_message": words[:255], **rule},
        )


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _setting_format(setting: Setting, formats: Formats) -> Format:
    kinds = {"number": formats.number, "count": formats.whole, "date": formats.date}
    return kinds.get(setting.kind, formats.text)


def _setting_rule(setting: Setting) -> dict[str, Any]:
    if setting.kind == "choice":
        return _one_of([c for c in setting.choices if c not in setting.unbuilt_choices], setting.name)
    if setting.kind == "date":
        return _a_date(setting.name)
    return _a_number(setting) if setting.kind in ("number", "count") else {"validate": "any"}
