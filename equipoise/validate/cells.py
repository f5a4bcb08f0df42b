"""Cells: where a value stands, how it is shown, when it is blank, and the list that every problem is written to."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pandas as pd

from equipoise.errors import BadCell, Issue, Severity
from equipoise.validate.unknown import Unknown
from equipoise.validate.words import closest

LONGEST_SHOWN = 120
"""Characters of a value that a message repeats."""
MOST_COMPARISONS = 100_000
"""Names compared for "did you mean" in one run; later problems get their general hint, so that 200,000 of them take no longer."""

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
HUGE = 10**300
NATIVE = {str, int, float, bool, type(None), dt.datetime, dt.date, dt.time, dt.timedelta}


@dataclass(frozen=True)
class Origin:
    """Where the rows of a table come from, so that a message can name the cell.

    ``rows`` holds the sheet row of each row of the frame, ``header`` that of the header. ``letters`` gives the letter of each column
    by name; ``columns`` those of a raw frame by position (headers may be dates, numbers or repeated); ``cells`` the whole address of
    each value (``D14``) where a table was wide. ``text``: every cell is text (a CSV file), so numbers and dates are read from it.
    """

    sheet: str
    rows: Sequence[int] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Sequence[str]] = field(default_factory=dict)
    columns: Sequence[str] = ()
    header: int = 1
    text: bool = False

    def cell(self, row: int, column: str) -> str:
        """``sheet!D14`` for row ``row`` (from 0) of the table."""
        if not 0 <= row < len(self.rows):
            return self.sheet
        own = self.cells.get(column)
        address = own[row] if own is not None else ""
        return f"{self.sheet}!{address or self.letters.get(column, '') + str(self.rows[row])}"

    def header_cell(self, letter: str) -> str:
        """The cell of a header."""
        return f"{self.sheet}!{letter}{self.header}" if letter else self.sheet


class Issues:
    """The list that every check writes to. The same problem of the same cell is kept once.

    ``unknown`` says what the problems leave unknown.
    """

    def __init__(self) -> None:
        self.found: list[Issue] = []
        self.unknown = Unknown()
        self._known: set[tuple[str, str, str]] = set()
        self._cells: set[str] = set()
        self._comparisons = 0

    def add(self, code: str, message: str, hint: str = "", severity: str = "error", **place: str) -> None:
        """Write down a problem; ``severity`` is error, warning or note, ``place`` the other fields of Issue."""
        cell = place.get("cell", "")
        if cell:
            mark = (code, cell, message)
            if mark in self._known:
                return
            self._known.add(mark)
            self._cells.add(cell)
        self.found.append(Issue(code, message, hint, cast(Severity, severity), **place))

    def has(self, cell: str) -> bool:
        """Whether a problem of the cell is written down already."""
        return cell in self._cells

    def bad(self, cell: BadCell, /, **place: str) -> None:
        """Write down a cell without a value."""
        self.add(cell.code, cell.message, cell.hint, **place)

    def closest(self, word: str, known: Sequence[str]) -> str:
        """The known word that was probably meant, or ""; always "" once MOST_COMPARISONS are made."""
        self._comparisons += len(known)
        return closest(word, known) if self._comparisons <= MOST_COMPARISONS else ""

    def near(self, word: str, known: Sequence[str]) -> str:
        """'Did you mean "x"?', or ""."""
        found = self.closest(word, known)
        return f'Did you mean "{found}"?' if found else ""


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT, or text of blanks only."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, str) and not value.strip()


def is_zero(value: object) -> bool:
    """Whether a cell holds the number 0, or text that reads as one."""
    try:
        return not isinstance(value, bool) and isinstance(value, int | float | str) and float(value) == 0
    except ValueError:
        return False


def tidy(values: list[Any]) -> list[Any]:
    """The values as plain Python ones, blanks as None."""
    kinds = set(map(type, values))
    if not kinds <= NATIVE or int in kinds:
        values = [_native(v) for v in values]
        kinds = set(map(type, values))
    if float in kinds:
        values = [None if v != v else v for v in values]
    if str in kinds:
        blank = {v for v in set(values) if is_blank(v)}
        values = [None if v in blank else v for v in values] if blank - {None} else values
    return values


def _native(value: object) -> object:
    """A value of numpy, pandas or decimal as the plain Python value it stands for; a whole number beyond all floats as infinity."""
    if type(value) is int and not -HUGE < value < HUGE:
        return math.inf if value > 0 else -math.inf
    if type(value) in NATIVE or isinstance(value, BadCell):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if value is pd.NaT or value is pd.NA:
        return None
    text = f"the cell holds a {type(value).__name__}, not a number, a text or a date."
    return BadCell("not-a-value", type(value).__name__, text, "Put one plain value in the cell.")


def shown(value: object) -> str:
    """A value as the user sees it: short, on one line, without characters that steer a terminal."""
    if value is None:
        return ""
    if isinstance(value, BadCell):
        return value.shown
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    text = str(value)
    if len(text) > LONGEST_SHOWN:
        text = text[:LONGEST_SHOWN] + "..."
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
