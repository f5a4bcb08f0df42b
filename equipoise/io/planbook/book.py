"""The workbook on its way: XlsxWriter, one palette, and the rules that every cell of a plan workbook keeps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from equipoise import __version__
from equipoise.io.casebook import FORMULA_STARTS, WORKBOOK_OPTIONS
from equipoise.io.save import PLAN_PROPERTY

FONT = "Arial"
INK, NAVY, BLUE, SKY, PALE = "#1F2933", "#1F3864", "#1F4E79", "#DDEBF7", "#F4F8FC"
GREY, RULE = "#5F6B7A", "#D5DCE4"
RED, RED_FILL, AMBER_FILL, GREEN = "#A61B1B", "#FBE3E0", "#FFF3D1", "#1E6B45"

MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767
HEADER_HEIGHT = 30.0
MOST_DECIMALS = 6
LOST_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that a workbook cannot hold."""
NOTHING = "–"
"""How a zero looks where most numbers are zero."""


class Book:
    """A workbook of result sheets. ``created`` is the only date in the file."""

    def __init__(self, target: str | Path | BinaryIO, title: str, created: dt.datetime) -> None:
        place = str(target) if isinstance(target, Path) else target
        options = {**WORKBOOK_OPTIONS, "default_format_properties": {"font_name": FONT, "font_size": 10}}
        self.book = xlsxwriter.Workbook(place, options)
        self.book.set_properties({"title": title[:255], "created": created})
        self.book.set_custom_property(PLAN_PROPERTY, __version__)
        self.book.set_size(2400, 1400)
        self.title = title
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def close(self) -> None:
        self.book.close()

    def constant(self, name: str, value: str) -> None:
        """A defined name with a fixed value, for programs that read the workbook."""
        self.book.define_name(name, f"={value}")

    # --- sheets ----------------------------------------------------------------------------------------------------------------

    def reference(self, title: str) -> str:
        """The sheet as formulas name it, with the exclamation mark."""
        return "'" + title.replace("'", "''") + "'!"

    def sheet(self, title: str, colour: str = BLUE) -> Worksheet:
        """A new sheet, ready to print: landscape A4, page numbers and the name of the case in the footer."""
        sheet = self.book.add_worksheet(title)
        sheet.set_tab_color(colour)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        shown = self.title.replace("&", "&&")[:120]
        sheet.set_footer(f"&L&8{_apart(shown)}&C&8&A&R&8Page &P of &N")
        return sheet

    def print_areas(self, title: str, ends: Sequence[int], columns: int) -> None:
        """Print a sheet in parts that each begin a page; ``ends`` are the rows (from 0) after each part.

        Page breaks would not do: Excel passes over them where a sheet is fitted to the width of a page.
        """
        starts = [0, *ends[:-1]]
        last = xl_col_to_name(columns - 1)
        areas = [
            f"{self.reference(title)}$A${start + 1}:${last}${end}" for start, end in zip(starts, ends, strict=True)
        ]
        self.book.define_name(f"{self.reference(title)}_xlnm.Print_Area", "=" + ",".join(areas))

    def table_name(self, title: str) -> str:
        """A name for the table of a sheet: the same in every plan, so that formulas of a planner that use it keep their hold."""
        return "eq_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in title)

    # --- formats and cells -----------------------------------------------------------------------------------------------------

    def style(self, **properties: Any) -> Format:
        """The format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "vcenter", "font_color": INK, **properties})
        return self._formats[key]

    def text(self, sheet: Worksheet, row: int, column: int, value: object, **properties: Any) -> None:
        """Write text, whatever it begins with, so that it can never become a formula."""
        words = clean(value)
        properties.setdefault("align", "left")  # also for right-to-left text, which would leave its column otherwise
        if words.startswith(FORMULA_STARTS):
            properties["quote_prefix"] = True
        if words:
            sheet.write_string(row, column, words, self.style(**properties))
        else:
            sheet.write_blank(row, column, None, self.style(**properties))

    def merged(self, sheet: Worksheet, row: int, first: int, last: int, value: object, **properties: Any) -> None:
        """Text over several columns of one row."""
        if last > first:
            if clean(value).startswith(FORMULA_STARTS):
                properties["quote_prefix"] = True
            sheet.merge_range(row, first, row, last, "", self.style(**properties))
        self.text(sheet, row, first, value, **properties)


def _apart(text: str) -> str:
    """A footer text that does not run into the font size before it."""
    return f" {text}" if text[:1].isdigit() else text


def clean(value: object) -> str:
    """Text that fits a cell: no characters that a workbook cannot hold, no more than a cell takes."""
    words = "" if value is None else str(value)
    if LOST_IN_XML.search(words):
        words = LOST_IN_XML.sub("\ufffd", words)
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + "…"


def decimals(values: Iterable[float]) -> int:
    """Decimals that show the values exactly, but no more than their size deserves."""
    found = np.fromiter((v for v in values if v is not None and v == v), float)
    if not found.size:
        return 0
    top = float(np.abs(found).max())
    most = 0 if top >= 1_000 else 1 if top >= 100 else 2 if top >= 1 else 3 if top >= 0.1 else MOST_DECIMALS
    for digits in range(most):
        if np.all(np.abs(found - np.round(found, digits)) <= 1e-6 * np.maximum(1.0, np.abs(found))):
            return digits
    return most


def money_decimals(values: Iterable[float]) -> int:
    """2 for amounts in which cents can be seen, else 0."""
    top = max((abs(v) for v in values), default=0.0)
    return 2 if top < 100_000 else 0


def number_format(digits: int, zero: str = "") -> str:
    """Thousands separators, minus sign; ``zero`` says how nothing looks."""
    plain = "#,##0" + ("." + "0" * digits if digits else "")
    return f'{plain};-{plain};"{zero}"' if zero else plain


def text_width(value: object) -> int:
    """Columns of width that a text needs; wide characters (East Asian, emoji) count twice."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in str(value))
