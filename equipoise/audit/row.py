"""What a rule hands to the audit: one row to judge, the place in the plan it concerns, the place in the case it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from equipoise.audit.exact import Sense, Term, Verdict, judge
from equipoise.case import Case
from equipoise.plan import AuditReport, Finding
from equipoise.tables import TABLES

Cells = Callable[[str, int, str], str]
MOST_WORDS = 1_000
"""Findings beyond this many of one rule are counted in one last finding."""


class Place(NamedTuple):
    """A cell of a plan table; ``row`` is None where the plan has no such row."""

    table: str
    column: str
    row: int | None
    key: tuple[str, ...]


class Source(NamedTuple):
    """A cell of the case: the value of ``column`` in the row with this key."""

    table: str
    column: str
    key: tuple[str, ...]


class Row(NamedTuple):
    """The sum of ``terms`` is ``sense`` 0. The first term is what the plan states, with coefficient 1.

    ``says`` is the finding in words; it may use {stated}, {expected} (what the first term should have been, at least or at most),
    {amount}, {unit} and {0}, {1}, ... for ``names``.
    """

    terms: Sequence[Term]
    sense: Sense
    at: Place
    says: str
    names: tuple[str | float, ...] = ()
    unit: str = "units"
    source: Source | None = None


HOLDS: tuple[Term, ...] = ((0.0,),)
BROKEN: tuple[Term, ...] = ((1.0,),)
KEPT = Row(HOLDS, "=", Place("", "", None, ()), "")
"""A row that is plainly kept; yielded to be counted without the cost of describing its place."""


def yes_or_no(holds: bool, at: Place, says: str, names: tuple[str | float, ...] = (), unit: str = "rows") -> Row:
    """A row that is a statement about a cell: broken by one where it does not hold."""
    return Row(HOLDS if holds else BROKEN, "=", at, says, names, unit)


def number(value: str | float) -> str:
    """A number as a message shows it; text as it is."""
    return value if isinstance(value, str) else f"{value + 0.0:.12g}"


class Tally:
    """Judges the rows of each rule and keeps counts, the largest violation and the findings."""

    def __init__(self, case: Case, cells: Cells | None):
        self._case, self._cells = case, cells
        self._findings: list[Finding] = []
        self._checks: dict[str, tuple[int, float, str]] = {}
        self._rows_of: dict[str, dict[tuple[str, ...], int]] = {}

    def run(self, rule: str, unit: str, rows: Iterable[Row]) -> None:
        """Judge every row of one rule; ``unit`` is shown where nothing is violated."""
        count, broken, largest = 0, 0, 0.0
        for row in rows:
            count += 1
            if row.terms is HOLDS:
                continue
            verdict = judge(row.terms, row.sense)
            if verdict.violation > largest:
                largest, unit = verdict.violation, row.unit
            if verdict.broken:
                broken += 1
                if broken <= MOST_WORDS:
                    self._findings.append(self._finding(rule, row, verdict))
        if broken > MOST_WORDS:
            more = broken - MOST_WORDS
            self._findings.append(Finding(rule, "plan", float(more), "findings", f"{more} more findings of this rule."))
        self._checks[rule] = (count, largest, unit)

    def report(self) -> AuditReport:
        return AuditReport(tuple(self._findings), self._checks)

    def _finding(self, rule: str, row: Row, verdict: Verdict) -> Finding:
        says = row.says.format(
            *map(number, row.names),
            stated=number(verdict.first),
            expected=number(verdict.first - verdict.total),
            amount=number(verdict.violation),
            unit=row.unit,
        )
        place = f" ({self._cell(row.source)})" if row.source is not None else ""
        return Finding(rule, self._where(row.at), verdict.violation, row.unit, f"{says}{place}.")

    def _where(self, at: Place) -> str:
        if at.row is not None and self._cells is not None:
            return self._cells(at.table, at.row, at.column)
        words = ", ".join(name for name in at.key if name)
        return f"{at.table}: {words} ({at.column})" if words else f"{at.table} ({at.column})"

    def _cell(self, source: Source) -> str:
        """The cell of the case, ``resources!C3``; the table and column where it has none."""
        origin = self._case.origins.get(source.table)
        row = self._index(source.table).get(source.key)
        if origin is None or row is None:
            return f"{source.table}.{source.column}"
        return origin.cell(row, source.column)

    def _index(self, table: str) -> dict[tuple[str, ...], int]:
        if table not in self._rows_of:
            frame = self._case.tables[table]
            columns = [frame[k].tolist() for k in TABLES[table].key if k in frame.columns]
            keys = (tuple("" if v is None or v != v else str(v) for v in key) for key in zip(*columns, strict=True))
            self._rows_of[table] = {key: row for row, key in enumerate(keys)}
        return self._rows_of[table]
