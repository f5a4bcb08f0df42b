"""The wide sheet of a plan: bands, blocks and rows with one column a period, ready to filter, fold and print.

Columns: labels, figure, unit, "Start" (what was there before the first period), the periods, "Total".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from equipoise.io.planbook import book as b
from equipoise.io.planbook.book import Book, decimals, number_format

FIRST_ROW = 4
"""The first row below the header, from 0."""
PER_PAGE = 13
"""Periods on the width of one printed page."""
PAGE_WIDTH, PAGE_HEIGHT = 985.0, 670.0
"""Pixels on a page at full size; LibreOffice makes columns 6 % wider than Excel, so there is some room."""
WIDTHS = {"Family": 8, "Item": 10, "Site": 8, "Role": 10, "Figure": 18, "Unit": 7}
MOST_LABEL = 24.0
"""Widths of the label columns at least and, for names longer than that, at most."""
BAND_PIXELS, LINE_PIXELS, HEAD_PIXELS, TITLE_PIXELS = 24, 20, 27, 99
MOST_BREAKS = 1_000


@dataclass
class Line:
    """One row of a block.

    ``kind``: number (adds up in Total), level and limit (do not), share, money. ``formula`` gives the formula of a period's column
    (from 0); ``total`` is the formula of the last column where it is not a sum.
    """

    figure: str
    unit: str
    values: Sequence[float | None]
    start: float | None = None
    kind: str = "number"
    strong: bool = False
    formula: Callable[[int], str] | None = None
    total: str = ""
    total_value: float | None = None


@dataclass(frozen=True)
class Alert:
    """A colour for cells of a figure: ``rule`` is a condition on the cell {at}, the cell below {below} and the figure below {next}."""

    figure: str
    rule: str
    severe: bool = True


class Grid:
    """The sheet while it is written."""

    def __init__(self, book: Book, title: str, labels: Sequence[str], periods: Sequence[str]) -> None:
        self.book, self.sheet = book, book.sheet(title, b.NAVY)
        self.heads = [*labels, "Figure", "Unit"]
        self.periods = tuple(periods[: b.MOST_COLUMNS - len(self.heads) - 2])
        self.row = FIRST_ROW
        self.start = len(self.heads)
        self.last_column = self.start + len(self.periods) + 1
        self.letters = [xl_col_to_name(c) for c in range(self.last_column + 1)]
        self._edge = {"bottom": 1, "bottom_color": b.RULE}
        self._widest = 8.0
        self._widths = [float(WIDTHS[h]) for h in self.heads]
        self._blocks: list[int] = []
        self._bands: set[int] = set()

    def letter(self, period: int) -> str:
        """The column of a period; -1 = the column Start."""
        return self.letters[self.start + 1 + period]

    def head_letter(self, head: str) -> str:
        """The column of a label."""
        return self.letters[self.heads.index(head)]

    def has_room(self, lines: int) -> bool:
        """Whether a block of so many lines still fits on the sheet."""
        return self.row + lines + 2 < b.MOST_ROWS

    def title(self, title: str, words: str) -> None:
        """The head of the sheet."""
        self.sheet.set_row(0, 24)
        self.book.text(self.sheet, 0, 0, title, bold=True, font_size=14, font_color=b.NAVY)
        self.book.text(self.sheet, 1, 0, words, font_size=9, font_color=b.GREY)
        self.sheet.set_row_pixels(FIRST_ROW - 1, HEAD_PIXELS)
        look: dict[str, Any] = {"bold": True, "font_color": "#FFFFFF", "bg_color": b.NAVY, "num_format": "@"}
        for column, head in enumerate([*self.heads, "Start", *self.periods, "Total"]):
            self.book.text(
                self.sheet, FIRST_ROW - 1, column, head, **look, align="left" if column < self.start else "right"
            )
        self._widest = max(self._widest, *(b.text_width(p) + 1.5 for p in self.periods), 0)

    def band(self, title: str, fill: str, ink: str, level: int = 0) -> None:
        """A row across the sheet that begins a family (level 0) or a block (level 1)."""
        if not self._blocks or self._blocks[-1] != self.row - 1 or self.row - 1 not in self._bands:
            self._blocks.append(self.row)
        if level == 0:
            self._bands.add(self.row)
        look = {"bold": True, "bg_color": fill, "font_color": ink}
        self.sheet.set_row_pixels(self.row, BAND_PIXELS, None, {"level": level})
        for column in range(self.last_column + 1):
            self.sheet.write_blank(self.row, column, None, self.book.style(**look))
        self.book.text(self.sheet, self.row, 0, title, **look)
        self.row += 1

    def block(self, labels: Sequence[str], title: str, lines: Sequence[Line], digits: int | None = None) -> None:
        """A band and the rows under it. ``digits`` None: as many decimals as each row deserves."""
        self.band(title, b.SKY, b.NAVY, level=1)
        for line in lines:
            self._line(labels, line, digits)

    def _line(self, labels: Sequence[str], line: Line, digits: int | None) -> None:
        sheet, row, edge = self.sheet, self.row, self._edge
        sheet.set_row_pixels(row, LINE_PIXELS, None, {"level": 2})
        for column, label in enumerate([*labels, "", line.unit]):
            self._widths[column] = max(self._widths[column], min(b.text_width(label) + 1.5, MOST_LABEL))
        for column, label in enumerate(labels):
            self.book.text(sheet, row, column, label, **edge, font_color=b.GREY, num_format="@")
        self.book.text(sheet, row, self.start - 2, line.figure, **edge, bold=line.strong)
        self.book.text(sheet, row, self.start - 1, line.unit, **edge, font_color=b.GREY)
        number = {"num_format": _number_format(line, digits), **edge}
        grey = {"font_color": b.GREY, "italic": True} if line.kind in ("limit", "share") else {}
        look = self.book.style(**number, **grey, bold=line.strong)
        self._cell(row, self.start, line.start, look)
        first = self.start + 1
        for t, value in enumerate(line.values):
            if line.formula is None:
                self._cell(row, first + t, value, look)
            else:
                sheet.write_formula(row, first + t, line.formula(t), look, "" if value is None else value)
        self._total(line, self.book.style(**number, bold=True, left=1, left_color=b.RULE))
        self.row += 1

    def _cell(self, row: int, column: int, value: float | None, look: Format) -> None:
        if value is None:
            self.sheet.write_blank(row, column, None, look)
        else:
            self.sheet.write_number(row, column, value, look)

    def _total(self, line: Line, look: Format) -> None:
        """The last column: the sum of flows, the end of levels, nothing for limits."""
        row, column = self.row, self.last_column
        if line.total:
            self.sheet.write_formula(
                row, column, line.total, look, "" if line.total_value is None else line.total_value
            )
        elif line.kind in ("limit", "level"):
            self.sheet.write_blank(row, column, None, look)
        else:
            total = sum(v for v in line.values if v is not None)
            span = f"{self.letter(0)}{row + 1}:{self.letter(len(self.periods) - 1)}{row + 1}"
            self.sheet.write_formula(row, column, f"=SUM({span})", look, total)
            self._widest = max(self._widest, len(f"{abs(total):,.0f}") + 2.5)

    def finish(self, alerts: Sequence[Alert]) -> None:
        """Widths, panes, filter, colours and print set-up, when every row is written."""
        sheet, first, last = self.sheet, FIRST_ROW, max(self.row - 1, FIRST_ROW)
        for column, label_width in enumerate(self._widths):
            sheet.set_column(column, column, label_width)
        width = min(self._widest, 16.0)
        sheet.set_column(self.start, self.last_column, width)
        sheet.freeze_panes(first, self.start)
        sheet.autofilter(first - 1, 0, last, self.last_column)
        sheet.outline_settings(True, False, False, False)
        self._alerts(alerts, first, last)
        self._print(width)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{self.letters[self.last_column]}{last + 1}"})

    def _alerts(self, alerts: Sequence[Alert], first: int, last: int) -> None:
        figure = self.head_letter("Figure")
        severe = self.book.style(font_color=b.RED, bg_color=b.RED_FILL, bold=True)
        mild = self.book.style(bg_color=b.AMBER_FILL)
        at, below = f"N({self.letter(0)}{first + 1})", f"N({self.letter(0)}{first + 2})"
        for alert in alerts:
            rule = alert.rule.format(at=at, below=below, next=f"${figure}{first + 2}")
            criteria = f'=AND(${figure}{first + 1}="{alert.figure}",{rule})'
            look = {"type": "formula", "criteria": criteria, "format": severe if alert.severe else mild}
            self.sheet.conditional_format(first, self.start + 1, last, self.last_column - 1, look)

    def _print(self, width: float) -> None:
        """Fitted to the width; so many periods a page; no block torn apart where the program keeps page breaks (Excel does not)."""
        pages = max(1, -(-len(self.periods) // PER_PAGE))
        each = -(-len(self.periods) // pages)
        labels = sum(w * 7 + 5 for w in self._widths)
        scale = min(1.0, PAGE_WIDTH / (labels + (each + 2) * (width * 7 + 5)))
        self.sheet.fit_to_pages(pages, 0)
        self.sheet.repeat_rows(FIRST_ROW - 1)
        self.sheet.repeat_columns(0, self.start - 1)
        self.sheet.set_v_pagebreaks([self.start + 1 + each * n for n in range(1, pages)])
        self.sheet.set_h_pagebreaks(self._breaks(PAGE_HEIGHT / scale)[:MOST_BREAKS])

    def _breaks(self, room: float) -> list[int]:
        breaks = []
        used = float(TITLE_PIXELS)
        ends = [*self._blocks[1:], self.row] if self._blocks else []
        for start, end in zip(self._blocks, ends, strict=True):
            height = BAND_PIXELS + LINE_PIXELS * (end - start - 1)
            if used + height > room and start > FIRST_ROW:
                breaks.append(start)
                used = float(HEAD_PIXELS)
            used += height
        return breaks


def _number_format(line: Line, digits: int | None) -> str:
    if line.kind == "share":
        return "0%"
    if line.kind == "money":
        cents = 0 if max((abs(v) for v in line.values if v), default=0.0) >= 100 else 2
        return number_format(cents, b.NOTHING)
    found = digits if digits is not None else decimals(v for v in line.values if v is not None)
    return number_format(found, b.NOTHING)
