"""The filled cells of a sheet or CSV file, and how they become the columns of a table.

The header is the first row that holds anything, unless one soon below names more columns of the table; blank rows are passed over.
Nothing that holds a value is dropped without a word: see docs/reference/bad-input.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from equipoise.errors import BadCell, Issue
from equipoise.tables import TABLES, plain

SEARCHED_ROWS = 20
"""Rows in which a header is looked for, below a title."""

MARK = b"\0parsed\0"
"""What stands before the answer of the child process, which may have printed something else."""

Range = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass
class Grid:
    """Filled cells, row by row: ``cells[n]`` maps column numbers (from 1) to the values of sheet row ``rows[n]``.

    ``name`` stands in messages (``demand.csv``), ``title`` is the name of the table (``demand``).
    """

    name: str
    title: str
    rows: list[int] = field(default_factory=list)
    cells: list[dict[int, Any]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    text: bool = False


@dataclass
class Sheet:
    """A table as it was read: headers with the letters of their columns, and one list of values a column (None = blank)."""

    name: str
    title: str
    headers: list[Any] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    header_row: int = 1
    rows: list[int] = field(default_factory=list)
    columns: list[list[Any]] = field(default_factory=list)
    text: bool = False


@dataclass
class Parsed:
    """What was found in a file: the wanted sheets, the names of other sheets that hold values, and issues."""

    sheets: list[Sheet] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def letter(number: int) -> str:
    """The letter of a column: 1 is A, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shape(grid: Grid, table: str | None, issues: list[Issue]) -> Sheet:
    """The table in a grid. ``table`` is its name in the vocabulary; for None the first row is the header."""
    sheet = Sheet(grid.name, grid.title, text=grid.text)
    if not grid.rows:
        return sheet
    known = {plain(c.name) for c in TABLES[table].columns} if table in TABLES else set()
    top = _header(grid, known)
    if top:
        rows = f"row {grid.rows[0]}" if top == 1 else f"rows {grid.rows[0]} to {grid.rows[top - 1]}"
        text = f"{rows} above the header (row {grid.rows[top]}) hold no column name and are not read."
        issues.append(
            _issue("title-rows", text, "Put notes on a sheet of their own.", grid, f"A{grid.rows[0]}", "warning")
        )
    header = grid.cells[top]
    numbers = sorted(header)
    body = _inside(grid, top, set(numbers), issues)
    sheet.headers, sheet.letters = [header[c] for c in numbers], [letter(c) for c in numbers]
    sheet.header_row, sheet.rows = grid.rows[top], [grid.rows[n] for n in body]
    cells = [grid.cells[n] for n in body]
    sheet.columns = [[row.get(c) for row in cells] for c in numbers]
    _merged(grid, sheet, numbers)
    _hidden(grid, sheet, numbers, issues)
    return sheet


def _header(grid: Grid, known: set[str]) -> int:
    """Position of the header: the first row, unless one soon below names more columns, two at least."""
    named = [len({plain(v) for v in row.values()} & known) for row in grid.cells[:SEARCHED_ROWS]]
    best = max(named)
    return named.index(best) if best >= 2 else 0


def _inside(grid: Grid, top: int, numbers: set[int], issues: list[Issue]) -> list[int]:
    """The rows that hold a value under a header. Values without a header are refused beside such rows, else named in a warning."""
    body: list[int] = []
    stray: dict[int, list[int]] = {}  # column -> sheet rows
    apart: list[str] = []
    for n in range(top + 1, len(grid.rows)):
        extra = grid.cells[n].keys() - numbers
        if not extra:
            body.append(n)
        elif len(extra) < len(grid.cells[n]):
            body.append(n)
            for column in extra:
                stray.setdefault(column, []).append(grid.rows[n])
        else:
            apart.append(f"{letter(min(extra))}{grid.rows[n]}")
    for column, rows in sorted(stray.items()):
        many = f" in {len(rows):,} rows" if len(rows) > 1 else ""
        text = f"the column {letter(column)} has no header but holds values{many}."
        hint = "Give it a header, or move the notes to a sheet of their own."
        issues.append(_issue("stray-value", text, hint, grid, f"{letter(column)}{rows[0]}"))
    if apart:
        many = (
            f"the cell {apart[0]} holds a value"
            if len(apart) == 1
            else f"{len(apart):,} rows from {apart[0]} hold values"
        )
        text = f"{many} outside the table, which is not read."
        issues.append(_issue("outside-table", text, "Put notes on a sheet of their own.", grid, apart[0], "warning"))
    return body


def _merged(grid: Grid, sheet: Sheet, numbers: Sequence[int]) -> None:
    """Only the first cell of merged ones holds the value: the blank rest is refused where it lies in the table."""
    places = {row: n for n, row in enumerate(sheet.rows)}
    for top, left, bottom, right in grid.merged:
        name = f"{letter(left)}{top}:{letter(right)}{bottom}"
        covered = [(p, c) for p, c in enumerate(numbers) if left <= c <= right]
        lines = [places[row] for row in _rows_of(places, top, bottom)]
        first = next((p for p, c in covered if c == left), None)
        if first is None or top not in places or sheet.columns[first][places[top]] is None:
            continue
        for p, _ in covered:
            for n in lines:
                if sheet.columns[p][n] is None:
                    text = f"the cells {name} are merged: only the first one holds the value."
                    sheet.columns[p][n] = BadCell("merged-cells", "", text, "Unmerge them and fill in every cell.")


def _rows_of(places: dict[int, int], top: int, bottom: int) -> Iterable[int]:
    """The rows of the table in a range that may reach far below it."""
    if bottom - top < len(places):
        return (row for row in range(top, bottom + 1) if row in places)
    return (row for row in places if top <= row <= bottom)


def _hidden(grid: Grid, sheet: Sheet, numbers: Sequence[int], issues: list[Issue]) -> None:
    """Notes that hidden cells were read like all others."""
    read = "read like all others."
    if grid.hidden:
        issues.append(_issue("hidden-sheet", f"the sheet is hidden; it is {read}", "", grid, "", "note"))
    inside = set(sheet.rows)
    rows = [row for row in grid.hidden_rows if row in inside]
    if rows:
        what = (
            f"row {rows[0]} is hidden; it is"
            if len(rows) == 1
            else f"{len(rows):,} rows from row {rows[0]} are hidden; they are"
        )
        issues.append(_issue("hidden-rows", f"{what} {read}", "", grid, f"A{rows[0]}", "note"))
    columns = [letter(c) for c in numbers if any(first <= c <= last for first, last in grid.hidden_columns)]
    if columns:
        what = (
            f"the column {columns[0]} is hidden; it is"
            if len(columns) == 1
            else f"the columns {', '.join(columns)} are hidden; they are"
        )
        place = f"{columns[0]}{sheet.header_row}"
        issues.append(_issue("hidden-columns", f"{what} {read}", "", grid, place, "note"))


def _issue(code: str, text: str, hint: str, grid: Grid, address: str, severity: Any = "error") -> Issue:
    return Issue(code, text, hint, severity, table=grid.title, cell=f"{grid.name}!{address}" if address else grid.name)
