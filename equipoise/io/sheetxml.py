"""One sheet of a workbook as a stream of cells, straight from its XML.

Reading the XML once gives what a table of values does not tell: which cells are errors, which formulas have no stored result, what
is merged or hidden. Cells without a value are never stored, so one cell in the last corner of a sheet costs nothing.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from equipoise.errors import BadCell
from equipoise.io.grid import Grid, Range
from equipoise.io.guard import MOST_CELLS, MOST_SCANNED, RefusedError, too_heavy
from equipoise.io.xmlscan import StopScanError, is_true, local, scan

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST_LOOKED_AT = 200_000
"""Rows and cells of a sheet that is no table in which a value is looked for."""

Kind = str
"""What a number format shows: "date", "time" or "duration"."""

_FORMAT_NOISE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DURATION = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_DIGITS = "0123456789"
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}
_BUILT_IN_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56}


@dataclass(frozen=True)
class Book:
    """What all sheets of a workbook share: its texts (blank ones as None), its date formats by style, and how it counts days."""

    strings: Sequence[str | None]
    dates: Mapping[str, Kind]
    from_1904: bool = False
    doubt_zeros: bool = False  # a formula with the result 0 was never calculated


def date_kind(number: int, code: str | None) -> Kind | None:
    """What a number format shows, by its number and (own formats) its code; None for anything but dates and times."""
    if code is None:
        if number == 46:
            return "duration"
        return "time" if number in _BUILT_IN_TIMES else "date" if number in _BUILT_IN_DATES else None
    first = code.partition(";")[0].casefold()
    if first in ("general", "standard"):
        return None
    bare = _FORMAT_NOISE.sub("", first)
    if _DURATION.search(bare):
        return "duration"
    if "d" in bare or "y" in bare:
        return "date"
    if "h" in bare or "s" in bare:
        return "time"
    return "date" if "m" in bare else None


def from_serial(number: float, kind: Kind, from_1904: bool) -> dt.datetime | dt.time | dt.timedelta:
    """The date, time of day or duration that Excel shows for a number. Raises OverflowError or ValueError outside its calendar."""
    if kind == "duration":
        return dt.timedelta(days=number)
    if kind == "time" and 0 <= number < 1:
        return (dt.datetime(2000, 1, 1) + dt.timedelta(milliseconds=round(number * 86_400_000) % 86_400_000)).time()
    if number < 0 or (number < 1 and not from_1904):
        raise ValueError("before the first day of the calendar")
    after_1900 = dt.datetime(1899, 12, 31 if number < 60 else 30)  # Excel has a 29 February 1900
    first = dt.datetime(1904, 1, 1) if from_1904 else after_1900
    return first + dt.timedelta(milliseconds=round(number * 86_400_000))


def unescape(text: str) -> str:
    """Text with _x000D_ and the like as the characters they stand for."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return found[0] if 0xD800 <= number <= 0xDFFF else chr(number)


def column_number(letters: str) -> int:
    """1 for A, 28 for AB. Raises ValueError for what is no column of a sheet."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
    return _within(number, LAST_COLUMN)


def _within(number: int, last: int) -> int:
    """A number that counts from 1 to ``last``. Raises ValueError."""
    if not 1 <= number <= last:
        raise ValueError(f"number {number} of {last}")
    return number


def cell_range(address: str) -> Range | None:
    """``A2:B4`` as first row, first column, last row, last column."""
    found = _ADDRESS.fullmatch(address.replace("$", ""))
    if not found:
        return None
    left, top, right, bottom = found.groups()
    return int(top), column_number(left), min(int(bottom or top), LAST_ROW), column_number(right or left)


class SheetReader:
    """The handlers that turn the elements of a sheet into a Grid."""

    def __init__(self, name: str, book: Book, first_value_only: bool = False):
        self.grid = Grid(name, name)
        self.book = book
        self._first_value_only = first_value_only
        self._count = self._scanned = 0
        self._row = self._column = 0
        self._columns: dict[str, int] = {}
        self._cells: dict[int, Any] = {}
        self._row_is_hidden = self._formula = self._reading = self._phonetic = False
        self._type: str | None = None
        self._style: str | None = None
        self._text = ""

    def read(self, stream: IO[bytes]) -> Grid:
        """The grid of a sheet's XML. Raises expat.ExpatError, RefusedError."""
        scan(stream, self._start, self._end, self._characters)
        return self.grid

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._scanned += 1
            address = attributes.get("r")
            if address:
                letters = address.rstrip(_DIGITS)
                column = self._columns.get(letters)
                if column is None:
                    column = self._columns[letters] = column_number(letters.upper())
                self._column = column
            else:
                self._column += 1
            self._type, self._style = attributes.get("t"), attributes.get("s")
            self._text, self._formula = "", False
        elif tag == "v" or tag == "t":
            self._reading = not self._phonetic
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._weigh()
            number = attributes.get("r")
            self._row = _within(int(number), LAST_ROW) if number else self._row + 1
            self._column, self._cells = 0, {}
            self._row_is_hidden = is_true(attributes.get("hidden"))
        else:
            self._start_other(tag, attributes)

    def _weigh(self) -> None:
        """Refuse a sheet of too many cells and rows, blank ones included; of a sheet that is not wanted, so many are looked at."""
        self._scanned += 1
        if self._scanned > MOST_SCANNED:
            raise too_many_cells(self.grid.name)
        if self._first_value_only and self._scanned > MOST_LOOKED_AT:
            raise StopScanError

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            bare = local(tag)
            if bare in ("c", "v", "t", "f", "row", "rPh", "mergeCell", "col"):
                self._start(bare, attributes)
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            found = cell_range(attributes.get("ref", ""))
            if found:
                self.grid.merged.append(found)
        elif tag == "col" and is_true(attributes.get("hidden")):
            self.grid.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    def _characters(self, text: str) -> None:
        if self._reading:
            self._text += text

    def _end(self, tag: str) -> None:
        if tag == "v" or tag == "t":
            self._reading = False
        elif tag == "c":
            value = self._value()
            if value is not None:
                self._cells[self._column] = value
        elif tag == "row":
            self._end_row()
        elif tag == "rPh":
            self._phonetic = False
        elif ":" in tag:
            self._end(local(tag))

    def _end_row(self) -> None:
        if not self._cells:
            return
        self.grid.rows.append(self._row)
        self.grid.cells.append(self._cells)
        if self._first_value_only:
            raise StopScanError
        if self._row_is_hidden:
            self.grid.hidden_rows.append(self._row)
        self._count += len(self._cells)
        if self._count > MOST_CELLS:
            raise too_heavy(f'the sheet "{self.grid.name}"', f"has more than {MOST_CELLS:,} filled cells")

    def _value(self) -> Any:
        """The value of the cell that ends, None where it is blank."""
        kind, text = self._type, self._text
        if kind == "s":
            return self.book.strings[_within(int(text) + 1, len(self.book.strings)) - 1] if text else None
        if kind is None or kind == "n":
            return self._number(text)
        if kind == "str" or kind == "inlineStr":
            return unescape(text) if text and not text.isspace() else None
        if kind == "b":
            return is_true(text) if text else None
        if kind == "e":
            return _bad(
                "excel-error", text, f"the cell shows {text}.", "Correct the formula or the value, or empty the cell."
            )
        return self._iso_date(text)

    def _number(self, text: str) -> Any:
        if self._formula and (not text or (self.book.doubt_zeros and text in ("0", "0.0"))):
            shown = text or "no result"
            message = f"the formula was never calculated: the file holds {shown}."
            return _bad("formula-not-calculated", text, message, "Open the file in Excel and save it.")
        if not text:
            return None
        number = float(text)
        if math.isnan(number):
            return text
        kind = self.book.dates.get(self._style) if self._style else None
        if kind is None:
            return number
        try:
            return from_serial(number, kind, self.book.from_1904)
        except (OverflowError, ValueError):
            message = f"the cell has a date format, but its number {text} is no date."
            return _bad("not-a-date", text, message, "Type the date again, or format the cell as a number.")

    def _iso_date(self, text: str) -> Any:
        """A date as strict workbooks write it."""
        try:
            return dt.datetime.fromisoformat(text).replace(tzinfo=None) if text else None
        except ValueError:
            return text


def too_many_cells(sheet: str) -> RefusedError:
    """The refusal of a sheet with more cells than are scanned."""
    why = f"has more than {MOST_SCANNED:,} rows and cells, blank ones with a format included"
    return too_heavy(f'the sheet "{sheet}"', why)


def _bad(code: str, shown: str, message: str, hint: str) -> BadCell:
    return BadCell(code, shown, message, hint)
