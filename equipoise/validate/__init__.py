"""From raw tables to clean ones, with every problem found on the way.

Raw tables are DataFrames of plain Python values (None or NaN where the cell is blank). Nothing is repaired in silence: a value that
does not fit its column is an Issue with its cell. docs/reference/bad-input.md lists what is refused, warned of or read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from equipoise.errors import BadCell, Issue
from equipoise.periods import Buckets
from equipoise.tables import TABLES, plain
from equipoise.validate.cells import Issues, Origin, shown
from equipoise.validate.links import Tables, check_keys, check_references, fill_names
from equipoise.validate.rows import clean_rows, empty
from equipoise.validate.settings import NO_PERIODS, read_periods, read_settings, setting_value
from equipoise.validate.sheets import Raw, holds_values, match_columns, match_sheets
from equipoise.validate.unknown import Unknown
from equipoise.validate.wide import to_long
from equipoise.validate.words import near

__all__ = ["BadCell", "Clean", "Issues", "Origin", "Unknown", "near", "plain", "setting_value", "shown", "validate"]


@dataclass(frozen=True)
class Clean:
    """What validation hands to Case."""

    tables: dict[str, pd.DataFrame]
    origins: dict[str, Origin]
    settings: dict[str, Any]
    periods: Buckets
    issues: tuple[Issue, ...]
    unknown: Unknown


def validate(raw: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin] | None = None) -> Clean:
    """Clean tables, settings and periods, with every issue. Tables are complete (all built columns, typed) even when there are errors."""
    issues = Issues()
    sheets = match_sheets(raw, origins or {}, issues)
    _doubt_tables(issues, 0)
    first = {
        name: _matched(name, sheets[name], NO_PERIODS, issues) for name in ("settings", "periods") if name in sheets
    }
    settings, given = read_settings(first.get("settings"), issues)
    periods, listed = read_periods(first.get("periods"), settings, given, issues)
    tables = {name: empty(table) for name, table in TABLES.items() if name != "settings"}
    where: dict[str, Origin] = {}
    columns: dict[str, set[str]] = {}
    if listed is not None:
        tables["periods"], where["periods"], columns["periods"] = (
            listed,
            first["periods"].origin,
            set(first["periods"].columns),
        )
    for name in tables:
        if name not in sheets or name == "periods":
            continue
        long = _matched(name, sheets[name], periods, issues)
        if long.size:
            tables[name], where[name], columns[name] = clean_rows(long, periods, issues), long.origin, set(long.columns)
    _refuse_missing(sheets, columns, issues)
    links = Tables(tables, where, columns)
    fill_names(links, issues)
    check_references(links, issues)
    check_keys(links, issues)
    return Clean(tables, where, settings, periods, tuple(issues.found), issues.unknown)


def _matched(name: str, sheet: tuple[pd.DataFrame, Origin], periods: Buckets, issues: Issues) -> Raw:
    """The columns of one table, one row a period. A table with a header that is not understood is not known at all."""
    before = len(issues.found)
    raw = to_long(match_columns(name, *sheet, periods, issues), issues)
    if raw.meant:
        issues.unknown.table(name)
    _doubt_tables(issues, before)
    return raw


def _doubt_tables(issues: Issues, before: int) -> None:
    """What a sheet with a problem found since ``before`` holds is not known. What is not built yet is to be removed."""
    for issue in issues.found[before:]:
        if issue.severity == "error" and issue.code != "not-built":
            issues.unknown.table(issue.table)


def _refuse_missing(
    sheets: Mapping[str, tuple[pd.DataFrame, Origin]], filled: Mapping[str, object], issues: Issues
) -> None:
    """Required tables that are not there, or hold no rows."""
    for name, table in TABLES.items():
        if not table.required or name in filled:
            continue
        issues.unknown.table(name)
        what = f"{table.meaning[0].lower()}{table.meaning[1:]}"
        if name not in sheets:
            issues.add(
                "missing-sheet", f'there is no table "{name}".', f"Add a sheet named {name}: {what}.", table=name
            )
        elif not holds_values(sheets[name][0]):
            issues.add(
                "missing-rows", f'the table "{name}" has no rows.', f"Fill it in: {what}.", table=name, cell=name
            )
