"""Tables of a plan as Excel tables: row 1 the header, column A the first column, then one row a record.

These sheets are what ``equipoise audit`` reads back. A header is the column's name with its unit in brackets. Columns whose whole
header stands in parentheses are for people: they are worked out from the case and skipped when the plan is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from equipoise.io.casebook import FORMULA_STARTS, exact
from equipoise.io.planbook import book as b
from equipoise.io.planbook.book import MOST_ROWS, Book, clean, decimals, number_format, text_width

Value = str | float | None
MOST_FROZEN = 3
"""Key columns that stay in view; more would leave no room on a small screen."""


@dataclass(frozen=True)
class Column:
    """One column: its header, values and look.

    ``alert`` colours what is above 0 (shares: above 100 %). ``digits`` are the decimals of all rows, ``row_digits`` of each; without
    either the values decide. ``formula`` gives the formula of a row, counted as in Excel.
    """

    header: str
    values: Sequence[Value]
    kind: str = "text"  # text, number, share
    key: bool = False
    for_people: bool = False
    alert: bool = False
    digits: int | None = None
    row_digits: Sequence[int] = field(default=())
    formula: Callable[[int], str] | None = None


def write_table(book: Book, title: str, columns: Sequence[Column]) -> None:
    """Write the sheet ``title``; rows that no sheet can take go on to "title (2)" and so on, under the same header."""
    count = len(columns[0].values)
    step = MOST_ROWS - 1
    for part, start in enumerate(range(0, count, step), start=1):
        name = title if part == 1 else f"{title} ({part})"
        _write_part(book, name, columns, start, min(start + step, count))


def _write_part(book: Book, title: str, columns: Sequence[Column], start: int, stop: int) -> None:
    sheet = book.sheet(title)
    last = stop - start
    headers = [clean(c.header) for c in columns]
    look = [{"header": h, "header_format": _header(book, c)} for h, c in zip(headers, columns, strict=True)]
    sheet.add_table(0, 0, last, len(columns) - 1, {"name": book.table_name(title), "columns": look, "style": None})
    sheet.set_row(0, b.HEADER_HEIGHT)
    for position, column in enumerate(columns):
        _write_column(book, sheet, position, column, start, stop)
        sheet.set_column(position, position, _width(column))
        if column.alert:
            look = book.style(font_color=b.RED, bold=True, bg_color=b.RED_FILL)
            limit = 1.0005 if column.kind == "share" else 0.000001
            rule = {"type": "cell", "criteria": ">", "value": limit, "format": look}
            sheet.conditional_format(1, position, last, position, rule)
    sheet.freeze_panes(1, min(sum(c.key for c in columns), MOST_FROZEN))
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(columns) - 1)}{last + 1}"})


def _header(book: Book, column: Column) -> Format:
    look: dict[str, Any] = {"text_wrap": True, "bottom": 1, "bottom_color": b.NAVY, **_side(column)}
    if column.for_people:
        return book.style(**look, italic=True, font_color=b.NAVY, bg_color=b.SKY)
    return book.style(**look, bold=True, font_color="#FFFFFF", bg_color=b.BLUE)


def _side(column: Column) -> dict[str, Any]:
    return {"align": "left", "indent": 1} if column.kind == "text" else {"align": "right"}


def _write_column(book: Book, sheet: Worksheet, position: int, column: Column, start: int, stop: int) -> None:
    line: dict[str, Any] = {"bottom": 1, "bottom_color": b.RULE, **_side(column)}
    if column.for_people:
        line |= {"font_color": b.GREY, "italic": True}
    values = column.values[start:stop]
    if column.kind == "text":
        usual = book.style(**line, num_format="@")
        _write_texts(sheet, position, values, usual, book.style(**line, num_format="@", quote_prefix=True))
    elif column.formula is not None:
        look = book.style(**line, num_format=_number_format(column))
        for row, value in enumerate(values, 1):
            sheet.write_formula(row, position, column.formula(row + 1), look, "" if value is None else value)
    else:
        looks = [book.style(**line, num_format=number_format(d, b.NOTHING)) for d in range(b.MOST_DECIMALS + 1)]
        digits = column.row_digits[start:stop] or [_digits(column)] * len(values)
        _write_numbers(sheet, position, values, [looks[d] for d in digits])


def _number_format(column: Column) -> str:
    return "0.0%" if column.kind == "share" else number_format(_digits(column), b.NOTHING)


def _digits(column: Column) -> int:
    return column.digits if column.digits is not None else decimals(v for v in column.values if isinstance(v, float))


def _write_numbers(sheet: Worksheet, position: int, values: Sequence[Value], looks: Sequence[Format]) -> None:
    number, blank = sheet.write_number, sheet.write_blank
    for row, (value, look) in enumerate(zip(values, looks, strict=True), 1):
        if value is None:
            blank(row, position, None, look)
        else:
            number(row, position, exact(float(value)), look)


def _write_texts(sheet: Worksheet, position: int, values: Sequence[Value], usual: Format, quoted: Format) -> None:
    known: dict[Value, tuple[str, Format]] = {}
    write = sheet.write_string
    for row, value in enumerate(values, 1):
        if value is None or value == "":
            sheet.write_blank(row, position, None, usual)
            continue
        if value not in known:
            words = clean(value)
            known[value] = (words, quoted if words.startswith(FORMULA_STARTS) else usual)
        write(row, position, *known[value])


def _width(column: Column) -> float:
    """Wide enough for the header on two lines (with its filter button) and for every value."""
    name, _, unit = column.header.partition(" [")
    words = [len(w) for w in column.header.split()] if column.for_people else [len(name), len(unit) + 1]
    head = max(*words, len(column.header) / 2 if column.for_people else 0) * 1.1 + 4
    if column.kind == "text":
        body = max((text_width(v) for v in set(column.values) if v is not None), default=0) * 1.1 + 3
    else:
        numbers = [abs(v) for v in column.values if isinstance(v, float)]
        body = len(f"{max(numbers, default=0.0):,.0f}") + 4.5
    return min(max(head, body, 8.0), 45.0)
