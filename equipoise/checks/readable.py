"""The look-ups of the checks for a case with errors in its cells: whoever looks at what is not known is stopped.

A check that was not stopped would have said the same whatever the unknown cells hold, because it never saw them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from equipoise.checks.facts import Facts
from equipoise.checks.look import Look, Row
from equipoise.errors import EquipoiseError
from equipoise.tables import TABLES
from equipoise.validate import Unknown

if TYPE_CHECKING:
    from equipoise.case import Case, Settings
    from equipoise.periods import Buckets

ROW = "(row)"
"""A column beside those of the vocabulary: the number of the row (from 0) as the sheet has it."""
TRIED = ("demand", "quantity")
TRIES = (0.0, 1.0, 1e9)
"""Quantities put in the place of unknown ones of demand. What a check says of other cells does not depend on them, or only in one
direction (more demand needs more), so what is said of the least and the most is said of all between."""


class UnknownError(EquipoiseError):
    """A check looked at something that is not known."""


def worlds(case: Case, unknown: Unknown) -> Iterator[tuple[Case, Unknown]]:
    """The case with each of TRIES in the unknown cells of TRIED, and what else is not known."""
    rows = unknown.cells.get(TRIED)
    if not rows:
        yield case, unknown
        return
    rest = Unknown()
    rest.tables, rest.settings, rest.periods = unknown.tables, unknown.settings, unknown.periods
    rest.cells.update({place: cells for place, cells in unknown.cells.items() if place != TRIED})
    for value in TRIES:
        frame = case.tables[TRIED[0]].copy()
        frame.loc[sorted(rows), TRIED[1]] = value
        yield replace(case, tables={**case.tables, TRIED[0]: frame}), rest


class KnownFacts(Facts):
    """The facts of a case as far as they are known. Raises UnknownError beyond."""

    def __init__(self, case: Case, unknown: Unknown):
        super().__init__(cast("Case", _KnownCase(case, unknown)))
        self._whole = Look(case)

    def cell(self, table: str, column: str, *key: str | None) -> str:
        return self._whole.cell(table, column, *key)


class _KnownCase:
    """What the checks read of a case, guarded."""

    def __init__(self, case: Case, unknown: Unknown):
        self._unknown = unknown
        numbered = {
            name: frame.assign(**{ROW: range(len(frame))}) if self._columns(name) else frame
            for name, frame in case.tables.items()
        }
        self._case = replace(case, tables=numbered)
        self.origins = case.origins

    def _columns(self, table: str) -> list[str]:
        """Columns of the table with a cell that is not known."""
        columns = [c.name for c in TABLES[table].columns if self._unknown.cells.get((table, c.name))]
        if self._unknown.periods and TABLES[table].has("period") and table != "periods":
            columns.append("period")
        return columns

    def _ask(self, table: str, *columns: str) -> None:
        if table in self._unknown.tables or any(column in columns for column in self._columns(table)):
            raise UnknownError

    @property
    def settings(self) -> Settings:
        return cast("Settings", _KnownSettings(self._case.settings, self._unknown.settings))

    @property
    def periods(self) -> Buckets:
        if self._unknown.periods:
            raise UnknownError
        return self._case.periods

    @property
    def sites(self) -> tuple[str, ...]:
        self._ask("sites", "site")
        return self._case.sites

    @property
    def tables(self) -> dict[str, _KnownTable]:
        return {name: _KnownTable(self, name, frame) for name, frame in self._case.tables.items()}

    def has_value(self, table: str, column: str) -> bool:
        self._ask(table, column)
        return self._case.has_value(table, column)

    def lookup(self, table: str, column: str) -> dict[Any, Any]:
        self._ask(table, *TABLES[table].key, column)
        return self._case.lookup(table, column)

    def records(self, table: str) -> Iterator[Row]:
        """The rows; those with a cell that is not known stop whoever reads it."""
        self._ask(table)
        unknown: dict[int, set[str]] = {}
        for column in self._columns(table):
            rows = self._unknown.cells.get((table, column)) or range(len(self._case.tables[table]))
            for row in rows:
                unknown.setdefault(row, set()).add(column)
        for record in self._case.records(table):
            hidden = unknown.get(record[ROW]) if unknown else None
            yield _KnownRow(record, hidden) if hidden else record


class _KnownTable:
    """One table as a frame of which columns are read."""

    def __init__(self, case: _KnownCase, name: str, frame: pd.DataFrame):
        self._case, self._name, self._frame = case, name, frame

    def __len__(self) -> int:
        self._case._ask(self._name)
        return len(self._frame)

    def __getitem__(self, column: str) -> pd.Series:
        self._case._ask(self._name, column)
        return self._frame[column]


class _KnownRow(Row):
    """A row of which some columns are not known."""

    def __init__(self, row: Row, unknown: set[str]):
        super().__init__(row)
        self._unknown = unknown

    def __getitem__(self, column: str) -> Any:
        self._ask(column)
        return super().__getitem__(column)

    def get(self, column: str, default: Any = None) -> Any:
        self._ask(column)
        return super().get(column, default)

    def _ask(self, column: str) -> None:
        if column in self._unknown:
            raise UnknownError


class _KnownSettings:
    """The settings, but for those that are not known."""

    def __init__(self, settings: Settings, unknown: set[str]):
        self._settings, self._unknown = settings, unknown

    def __getattr__(self, name: str) -> Any:
        if name in self._unknown:
            raise UnknownError
        return getattr(self._settings, name)
