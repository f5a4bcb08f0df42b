"""What is not known of a case whose cells have errors, so that nothing is concluded from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

PERIODS = "periods"
CALENDAR = ("period", "start")
"""Columns of the periods sheet without which no cell can be told to lie in a period."""


class Unknown:
    """Cells without a value to rely on, tables that could not be read, settings and periods that may be others.

    A cell is named by its table, column and row (from 0) of the clean frame. The rows of a table that could not be read (a header
    that is no column, a sheet that is missing) may be others altogether.
    """

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.cells: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.settings: set[str] = set()
        self.periods = False
        self.everything = False

    def table(self, name: str) -> None:
        """Nothing of the table is known."""
        self.tables.add(name)
        self.periods |= name == PERIODS
        self.everything |= not name

    def cell(self, table: str, column: str, *rows: int) -> None:
        """Cells of a column are not known."""
        if rows:
            self.cells[table, column].update(rows)
            self.periods |= table == PERIODS

    def cells_of(self, table: str, columns: Iterable[str], row: int) -> None:
        """These cells of a row are not known."""
        for column in columns:
            self.cell(table, column, row)

    def holds(self, table: str, columns: Iterable[str]) -> bool:
        """Whether some cell of the columns is not known."""
        return table in self.tables or any(self.cells.get((table, column)) for column in columns)

    def rows(self, table: str, columns: Iterable[str]) -> set[int]:
        """Rows with an unknown cell in one of the columns."""
        return set().union(*(self.cells.get((table, column), ()) for column in columns))

    def calendar_is_known(self) -> bool:
        """Whether the names and first days of the periods can be relied on."""
        return not (self.settings & {"period", "start", "periods"} or self.holds(PERIODS, CALENDAR))
