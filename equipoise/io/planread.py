"""Read a plan back: from its workbook, from a copy of the planner's workbook it was written into, or from a folder of CSV files.

A planner may have edited it by hand. Nothing is guessed: what cannot be read is an issue with its cell, and columns that are no part of
a plan are passed over. What the plan says is judged by the audit, not here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from equipoise.errors import BadCell, Issue, OutputError
from equipoise.io.package import Package
from equipoise.io.reading import read_tables
from equipoise.io.save import FINGERPRINT_NAME, OBJECTIVE_NAME, PLAN_FILE, PREFIX
from equipoise.io.workbookpart import Workbook
from equipoise.periods import Buckets
from equipoise.plan import PLAN_TABLES, PlanColumn, PlanTable, empty_tables
from equipoise.tables import TABLES, Column, plain
from equipoise.validate.cells import Issues, Origin, is_blank, shown
from equipoise.validate.values import convert, period_name

MAY_BE_BLANK = {"site": "", "origin": "", "destination": "", "customer": None}
"""Names that a row may leave blank, and what they are then."""

_NUMBERS = ("number", "flag", "count")
_PART = re.compile(r"\((\d+)\)\s*$")
_NO_PERIODS = Buckets(())
_CASE = tuple(t.name for t in TABLES.values() if t.required)
_HARMLESS = ("stray-value", "outside-table", "title-rows", "hidden-sheet", "hidden-rows", "hidden-columns")
"""What a planner may do to the sheets of a plan: notes beside the table, rows hidden or filtered away."""


@dataclass(frozen=True)
class ReadPlan:
    """A plan as its file tells it.

    ``tables`` holds every table of PLAN_TABLES with all its columns (empty where there is no sheet); ``fingerprint`` is that of the case
    it was made for and ``objective`` what it claims to reach, both None where the file does not say. With an error among ``issues`` the
    values concerned are blank in the tables.
    """

    tables: Mapping[str, pd.DataFrame]
    issues: tuple[Issue, ...] = ()
    fingerprint: str | None = None
    objective: float | None = None
    origins: Mapping[str, tuple[tuple[int, Origin], ...]] = field(default_factory=dict, repr=False)

    def cells(self, table: str, row: int, column: str) -> str:
        """The cell of a value, ``Production!E14``; ``row`` counts the rows of the table from 0. The table's name when it has no cell."""
        for first, origin in reversed(self.origins.get(table, ())):
            if row >= first:
                return origin.cell(row - first, column)
        return table


def read_plan(path: str | Path, periods: Buckets = _NO_PERIODS) -> ReadPlan:
    """The plan in a workbook or folder. Never raises for a bad file: see ``issues``.

    A date in a period column (Excel makes one of a typed 2026-01) is read as the period of ``periods`` that contains it.
    """
    source = Path(path)
    is_folder = source.is_dir()
    titles = {t.name if is_folder else t.sheet: t for t in PLAN_TABLES.values()}
    wanted = [*titles] if is_folder else [*titles, *(PREFIX + title for title in titles)]
    raw, origins, found = read_tables(source, wanted)
    if not raw and any(i.severity == "error" for i in found):
        return ReadPlan(empty_tables(), found)
    parts = _parts(raw, titles)
    used = {sheet for sheets in parts.values() for sheet in sheets}
    issues = Issues()
    issues.found += [
        replace(i, severity="note") if i.code in _HARMLESS else i for i in found if i.table in used or not i.table
    ]
    if _is_case(raw, parts):
        text = f"{source.name} is a case with no plan in it: it has the tables {' and '.join(_CASE)}."
        issues.add(
            "no-plan",
            text,
            "Give the plan that equipoise plan wrote for it, or a copy of it with the plan written back.",
        )
        return ReadPlan(empty_tables(), tuple(issues.found))
    if not parts:
        text = f"{source.name} holds no plan: it has none of {', '.join(titles)}."
        issues.add("no-plan", text, "Give a plan workbook.")
    tables, where = empty_tables(), {}
    for name, sheets in parts.items():
        reader = _Reader(PLAN_TABLES[name], periods, issues)
        for sheet in sheets:
            reader.read(raw[sheet], origins[sheet])
        tables[name], where[name] = reader.table(), tuple(reader.origins)
    facts = _folder_facts(source) if is_folder else _book_facts(source)
    return ReadPlan(tables, tuple(issues.found), *facts, where)


def _parts(raw: Mapping[str, pd.DataFrame], titles: Mapping[str, PlanTable]) -> dict[str, list[str]]:
    """The sheets of each plan table, in order: those with our prefix where there are any. A long table goes on in "Stock (2)"."""
    known = {plain(title): table.name for title, table in titles.items()}
    own = [s for s in raw if s.casefold().startswith(PREFIX) and plain(s[len(PREFIX) :]) in known]
    found: dict[str, list[tuple[int, str]]] = {}
    for sheet in own or raw:
        title = sheet[len(PREFIX) :] if own else sheet.removesuffix(".csv")
        part = _PART.search(title)
        if plain(title) in known:
            found.setdefault(known[plain(title)], []).append((int(part[1]) if part else 1, sheet))
    return {name: [sheet for _, sheet in sorted(sheets)] for name, sheets in found.items()}


def _is_case(raw: Mapping[str, pd.DataFrame], parts: Mapping[str, list[str]]) -> bool:
    """Whether these are the sheets of a case: its least tables, and of a plan only what may be a table of the case, too."""
    sheets = {plain(sheet.removesuffix(".csv")) for sheet in raw}
    used = {plain(sheet.removesuffix(".csv")) for own in parts.values() for sheet in own}
    return sheets.issuperset(map(plain, _CASE)) and used <= set(map(plain, TABLES))


class _Reader:
    """The rows of one plan table, sheet by sheet."""

    def __init__(self, table: PlanTable, periods: Buckets, issues: Issues):
        self.table_of, self.periods, self.issues = table, periods, issues
        self.columns: dict[str, list[Any]] = {c.name: [] for c in table.columns}
        self.origins: list[tuple[int, Origin]] = []

    def read(self, frame: pd.DataFrame, raw: Origin) -> None:
        """Add the rows of a sheet."""
        places = self._places(frame, raw)
        if frame.empty and not places:
            return  # emptied by hand: no rows
        self._miss(places, frame, raw)
        values = {n: frame.iloc[:, p].tolist() for n, p in places.items()}
        blank = [None] * len(frame)
        full = [n for n, row in enumerate(zip(*values.values(), strict=True)) if not all(map(is_blank, row))]
        letters = {n: raw.columns[p] for n, p in places.items()}
        origin = Origin(raw.sheet, [raw.rows[n] for n in full], letters, header=raw.header, text=raw.text)
        self.origins.append((len(self.columns[self.table_of.columns[0].name]), origin))
        for column in self.table_of.columns:
            cells = values.get(column.name, blank)
            self.columns[column.name] += self._column(column, [cells[n] for n in full], origin)

    def _places(self, frame: pd.DataFrame, raw: Origin) -> dict[str, int]:
        """Where each column of the table stands; one that is there twice is an issue."""
        known = {plain(c.name): c.name for c in self.table_of.columns}
        places: dict[str, int] = {}
        for place, header in enumerate(frame.columns):
            name = known.get(plain(header))
            if name in places:
                text = f'"{shown(header)}" is the second column named {name}.'
                self._issue(
                    "duplicate-column", text, "Keep one of them.", name or "", raw.header_cell(raw.columns[place])
                )
            elif name is not None:
                places[name] = place
        return places

    def _miss(self, places: dict[str, int], frame: pd.DataFrame, raw: Origin) -> None:
        spare = [str(h) for p, h in enumerate(frame.columns) if p not in places.values()]
        for column in self.table_of.columns:
            if column.name not in places:
                text = f'the sheet has no column "{column.name}" ({column.meaning}).'
                hint = self.issues.near(column.name, spare) or "Add it again, empty where there is nothing to say."
                self._issue("missing-column", text, hint, column.name, raw.sheet)

    def _column(self, column: PlanColumn, values: list[Any], origin: Origin) -> list[Any]:
        if column.kind in _NUMBERS:
            if all(v is None or (type(v) is float and math.isfinite(v)) for v in values):
                return values
            wanted = Column(column.name, "number", column.meaning, low=None)
        else:
            wanted = Column(column.name, "name", column.meaning)
        memory: dict[str, Any] = {}
        out = []
        for row, value in enumerate(values):
            if isinstance(value, str) and value in memory:
                out.append(memory[value])
                continue
            before = len(self.issues.found)
            out.append(self._value(wanted, column, value, origin, row))
            if isinstance(value, str) and len(self.issues.found) == before:
                memory[value] = out[-1]
        return out

    def _value(self, wanted: Column, column: PlanColumn, value: Any, origin: Origin, row: int) -> Any:
        cell = origin.cell(row, column.name)
        if is_blank(value):
            if column.kind in _NUMBERS or column.name in MAY_BE_BLANK:
                return MAY_BE_BLANK.get(column.name)
            text, hint = f"{column.name} is blank.", f"Fill it in ({column.meaning}), or empty the whole row."
            self._issue("missing-value", text, hint, column.name, cell)
            return None
        period = period_name(value, self.periods) if column.kind == "period" else None
        read = convert(wanted, value, self.periods, origin.text) if period is None else period
        if isinstance(read, BadCell):
            self._issue(read.code, read.message, read.hint, column.name, cell, read.shown)
            return None
        return read

    def _issue(self, code: str, text: str, hint: str, column: str, cell: str, value: str = "") -> None:
        place = {"table": self.table_of.name, "column": column, "cell": cell, "value": value}
        self.issues.add(code, text, hint, **place)

    def table(self) -> pd.DataFrame:
        """What was read, every column with its dtype."""
        kinds = {c.name: "float64" if c.kind in _NUMBERS else "object" for c in self.table_of.columns}
        return pd.DataFrame({n: pd.Series(v, dtype=kinds[n]) for n, v in self.columns.items()})


def _book_facts(path: Path) -> tuple[str | None, float | None]:
    """Fingerprint and objective, from the defined names of the workbook."""
    try:
        names = {n.get("name").casefold(): n.text.strip() for n in Workbook(Package.read(path)).names}
    except OutputError:
        return None, None
    return names.get(FINGERPRINT_NAME, "").strip('"') or None, _number(names.get(OBJECTIVE_NAME))


def _folder_facts(folder: Path) -> tuple[str | None, float | None]:
    """Fingerprint and objective, from the file beside the tables."""
    try:
        facts = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None, None
    known = facts if isinstance(facts, dict) else {}
    fingerprint = known.get("fingerprint")
    return fingerprint if isinstance(fingerprint, str) else None, _number(known.get("objective"))


def _number(value: object) -> float | None:
    """A number that a file tells, None for anything else."""
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
