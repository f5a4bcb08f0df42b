"""Rows, values and cells of a case, found at once: the ground the other look-ups of the checks stand on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from equipoise.checks.words import period
from equipoise.errors import Issue, Severity
from equipoise.tables import TABLES
from equipoise.validate import shown

if TYPE_CHECKING:
    from equipoise.case import Case, Settings

INF = math.inf
Place = tuple[str, str]  # item, site
Row = dict[str, Any]
ROUNDING = 1e-9  # relative: numbers closer than this are the same number


def above(value: float, limit: float) -> bool:
    """Whether a value lies above a limit by more than rounding."""
    return value > limit + ROUNDING * max(1.0, abs(limit)) if limit < INF else False


@dataclass(frozen=True)
class Spot:
    """Where an issue is: the cell and the value in it."""

    table: str
    column: str
    cell: str
    value: str = ""

    def of(self, value: object) -> Spot:
        """The same cell with the value that is wrong."""
        return replace(self, value=shown(value))


class Report:
    """What the checks have found so far."""

    def __init__(self) -> None:
        self.found: list[Issue] = []

    def add(self, code: str, spot: Spot, message: str, hint: str, severity: Severity) -> None:
        self.found.append(Issue(code, message, hint, severity, spot.table, spot.column, spot.cell, spot.value))

    def error(self, code: str, spot: Spot, message: str, hint: str) -> None:
        self.add(code, spot, message, hint, "error")

    def warning(self, code: str, spot: Spot, message: str, hint: str) -> None:
        self.add(code, spot, message, hint, "warning")

    def note(self, code: str, spot: Spot, message: str, hint: str) -> None:
        self.add(code, spot, message, hint, "note")


class Look:
    """Look-ups of one case. Periods are counted from 0; no limit is infinity."""

    def __init__(self, case: Case):
        self.case = case
        self._rows: dict[str, list[Row]] = {}
        self._places: dict[str, dict[Any, int]] = {}
        self._lookups: dict[tuple[str, str], dict[Any, Any]] = {}

    @property
    def settings(self) -> Settings:
        return self.case.settings

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the periods."""
        return self.case.periods.names

    @property
    def horizon(self) -> int:
        """The number of periods."""
        return len(self.case.periods)

    def say(self, t: int) -> str:
        """The period in a message."""
        return period(self.names[t])

    def rows(self, table: str) -> list[Row]:
        """The rows of a table as dicts, blank = None."""
        if table not in self._rows:
            self._rows[table] = list(self.case.records(table))
        return self._rows[table]

    def lookup(self, table: str, column: str) -> dict[Any, Any]:
        """key -> value where the column is not blank."""
        if (table, column) not in self._lookups:
            self._lookups[table, column] = self.case.lookup(table, column)
        return self._lookups[table, column]

    def cell(self, table: str, column: str, *key: str | None) -> str:
        """The cell of a value by the full key of its row; the table's name where the case has no cells."""
        origin = self.case.origins.get(table)
        if origin is None:
            return table
        if table not in self._places:
            frame = self.case.tables[table]
            columns = [frame[c].tolist() for c in self.keys(table)]
            self._places[table] = {k: n for n, k in enumerate(zip(*columns, strict=True))}
        row = self._places[table].get(key)
        return origin.cell(row, column) if row is not None else origin.sheet

    @staticmethod
    def keys(table: str) -> list[str]:
        return [k for k in TABLES[table].key if TABLES[table].column(k).built]

    def spot(self, table: str, column: str, *key: str | None) -> Spot:
        """The place of an issue, by the full key of its row; without a key, the sheet."""
        return Spot(table, column, self.cell(table, column, *key))

    def row_spot(self, table: str, column: str, row: int) -> Spot:
        """The place of an issue, by the number of its row (from 0) as the sheet has it."""
        origin = self.case.origins.get(table)
        return Spot(table, column, origin.cell(row, column) if origin else table)

    def column(self, table: str, column: str) -> list[tuple[int, float]]:
        """(row, value) of every filled cell of a column of numbers, as the sheet has them."""
        return [(row, v) for row, v in enumerate(self.case.tables[table][column].tolist()) if v == v]

    @staticmethod
    def setting(name: str) -> Spot:
        """The place of an issue about a setting."""
        return Spot("settings", name, "settings")

    @cached_property
    def items(self) -> dict[str, Row]:
        return {row["item"]: row for row in self.rows("items")}
