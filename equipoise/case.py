"""A planning case: clean, complete, frozen. What every other room reads."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from equipoise import checks
from equipoise.errors import DataError, Issue
from equipoise.periods import Buckets
from equipoise.tables import SETTINGS, TABLES
from equipoise.validate import Issues, Origin, setting_value, validate

Key = tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """The settings sheet with its defaults filled in."""

    name: str | None = None
    currency: str = ""
    period: Literal["day", "week", "month", "quarter"] = "month"
    start: dt.date | None = None
    periods: float | None = None
    objective: Literal["cost", "profit"] = "cost"
    shortage: Literal["lost", "backorder", "forbidden"] = "lost"
    final_backlog: Literal["lost", "forbidden", "allowed"] = "lost"
    end_stock: Literal["none", "opening", "value"] = "none"
    holding_on: Literal["end", "average"] = "end"
    holding_rate: float | None = None
    integer_periods: float | None = None
    time_limit: float = 60.0
    gap: float = 1e-6
    threads: float = 0.0
    seed: float = 0.0


@dataclass(frozen=True)
class Case:
    """One planning case. Build it with ``Case.from_tables``; change it with ``with_table`` and ``with_settings``.

    ``tables`` maps each table of tables.py (settings apart) to a DataFrame with all its built columns: numbers as float (NaN = blank),
    names, text and dates as objects (None = blank), ``site`` always filled in ("" = the one site without a name).
    ``issues`` holds the warnings and notes found; a case with errors cannot exist.
    """

    tables: Mapping[str, pd.DataFrame]
    settings: Settings
    periods: Buckets
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)
    issues: tuple[Issue, ...] = field(default=(), compare=False)

    @staticmethod
    def from_tables(
        tables: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin] | None = None, issues: tuple[Issue, ...] = ()
    ) -> Case:
        """A case from raw tables, long or wide, keyed by table name.

        ``origins`` says where each table's rows come from, for messages; ``issues`` are those a reader found before.
        Raises DataError with every issue when there is any error.
        """
        clean = validate(tables, origins)
        settings = Settings(**{k: v for k, v in clean.settings.items() if k in Settings.__dataclass_fields__})
        case = Case(clean.tables, settings, clean.periods, clean.origins, (*issues, *clean.issues))
        bad = [i for i in case.issues if i.severity == "error"]
        for issue in issues:
            if issue.severity == "error":
                clean.unknown.table(issue.table)
        more = checks.check_readable(case, clean.unknown) if bad else checks.check(case)
        case = replace(case, issues=(*case.issues, *more))
        if any(i.severity == "error" for i in case.issues):
            raise DataError(case.issues)
        return case

    # --- reading ---------------------------------------------------------------------------------------------------------------

    def __contains__(self, table: str) -> bool:
        """Whether the table has rows."""
        return bool(len(self.tables[table]))

    def has_value(self, table: str, column: str) -> bool:
        """Whether any row of the column holds a value other than blank and zero."""
        values = self.tables[table][column]
        return bool(((values.notna()) & (values != 0)).any())

    def records(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows as dicts (blank = None), sorted by key and period, so that the order of rows in a workbook changes nothing."""
        yield from self._records[table] if table in self._records else self._sorted_records(table)

    def lookup(self, table: str, column: str) -> dict[Any, Any]:
        """key -> value for every row whose ``column`` is not blank. The key is a tuple, or the bare name where one column is the key."""
        key = TABLES[table].key
        built = [k for k in key if TABLES[table].column(k).built]
        pairs = ((tuple(r[k] for k in built), r[column]) for r in self.records(table) if r[column] is not None)
        return {k[0]: v for k, v in pairs} if len(built) == 1 else dict(pairs)

    def cell(self, table: str, column: str, **key: str) -> str:
        """The cell of a value, ``demand!D14``, found by (part of) its key; the table's name when it has no cell."""
        frame = self.tables.get(table)
        origin = self.origins.get(table)
        if frame is None or origin is None:
            return table
        hit = pd.Series(True, index=frame.index)
        for name, value in key.items():
            hit &= frame[name].isna() if value is None else frame[name] == value
        rows = frame.index[hit]
        return origin.cell(int(rows[0]), column) if len(rows) else origin.sheet

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """The sites in the planner's order; ("",) when there is no sites sheet."""
        return tuple(self.tables["sites"]["site"].tolist()) or ("",)

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The items in the planner's order."""
        return tuple(self.tables["items"]["item"].tolist())

    @cached_property
    def _records(self) -> dict[str, list[dict[str, Any]]]:
        return {name: self._sorted_records(name) for name in self.tables}

    def _sorted_records(self, table: str) -> list[dict[str, Any]]:
        frame = self.tables[table]
        names = list(frame.columns)
        columns = [[None if v != v else v for v in frame[c].tolist()] for c in names]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        if table == "periods":
            return rows
        place = self.periods.index
        key = [k for k in TABLES[table].key if k in names]
        rows.sort(
            key=lambda r: tuple((0, place.get(r[k], -1), "") if k == "period" else (1, 0, str(r[k] or "")) for k in key)
        )
        return rows

    # --- changing --------------------------------------------------------------------------------------------------------------

    def with_table(self, name: str, frame: pd.DataFrame) -> Case:
        """The same case with one table replaced, validated anew."""
        return Case.from_tables({**self.to_tables(), name: frame})

    def with_settings(self, values: Mapping[str, object]) -> Case:
        """The same case with some settings replaced (``--set key=value``). Text is read as its setting's kind. Raises DataError."""
        issues = Issues()
        known = {s.name: s for s in SETTINGS}
        read: dict[str, Any] = {}
        for key, value in values.items():
            place = {"table": "settings", "column": "value", "value": str(value)}
            if key not in known:
                issues.add(
                    "unknown-setting",
                    f'there is no setting "{key}".',
                    f"Known settings: {', '.join(s.name for s in SETTINGS if s.built)}.",
                    **place,
                )
            elif not known[key].built:
                issues.add("not-built", f'the setting "{key}" is not built yet.', "Leave it out.", **place)
            else:
                read[key] = setting_value(known[key], _typed(value, known[key].kind), issues, place, known[key].default)
        if issues.found:
            raise DataError(issues.found)
        frame = self.to_tables()["settings"]
        kept = [(k, v) for k, v in zip(frame["key"], frame["value"], strict=True) if k not in read]
        table = pd.DataFrame([*kept, *read.items()], columns=["key", "value"], dtype=object)
        return Case.from_tables(
            {**self.to_tables(), "settings": table}, {k: v for k, v in self.origins.items() if k != "settings"}
        )

    def to_tables(self) -> dict[str, pd.DataFrame]:
        """Raw tables (copies) that ``from_tables`` turns into an equal case. Tables without rows are left out, but for required ones."""
        given = {s.name: getattr(self.settings, s.name) for s in SETTINGS if s.built}
        settings = [
            (s.name, given[s.name])
            for s in SETTINGS
            if s.built and given[s.name] is not None and given[s.name] != s.default
        ]
        out = {"settings": pd.DataFrame(settings, columns=["key", "value"], dtype=object)}
        for name, frame in self.tables.items():
            if len(frame) or TABLES[name].required:
                out[name] = frame.astype(object).where(frame.notna(), None)
                if "site" in frame.columns and name != "sites" and self.sites == ("",):
                    out[name] = out[name].drop(columns="site")
        return out

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of settings and tables; the order of rows and the form of the file do not matter."""
        digest = hashlib.sha256()
        settings = {k: str(v) for k, v in vars(self.settings).items() if v is not None}
        digest.update(json.dumps(settings, sort_keys=True).encode())
        for name in sorted(self.tables):
            rows = self._records[name]
            if rows:
                digest.update(name.encode())
                for row in rows:
                    digest.update(repr([(k, str(v)) for k, v in row.items() if v is not None]).encode())
        return digest.hexdigest()


def _typed(value: object, kind: str) -> object:
    """Text from a command line as the kind of its setting; what cannot be read stays text and is reported as such."""
    if not isinstance(value, str):
        return value
    if kind in ("number", "count"):
        try:
            return float(value)
        except ValueError:
            return value
    return value
