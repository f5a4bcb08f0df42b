"""What ties the tables together: names left out, references, keys. Called when every table is clean."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from equipoise.tables import TABLES, Column, Table
from equipoise.validate.cells import Issues, Origin, shown

HOMES = {"site": "sites", "recipe": "recipes", "supplier": "supply"}
"""Names that may be left out where the case has only one of them, with the table that lists them."""
ONE_SUPPLIER = "supplier"
"""Name of the only supplier where nobody names it. The only site has no name, the only recipe that of its item."""
CHANGES = {"supply_calendar": ("supply", ("supplier", "item", "site"))}
"""Tables whose rows change a row of another table: without that row they would change nothing."""

ADDED_UP = ("demand", "receipts")
"""Tables in which two rows of a key may both be meant: their quantities add up."""


@dataclass(frozen=True)
class Tables:
    """Clean frames by table, where their rows come from, and the columns that the planner gave."""

    frames: dict[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    given: Mapping[str, Collection[str]]

    def values(self, table: str, column: str) -> list[Any]:
        return list(self.frames[table][column].tolist())

    def place(self, table: str, column: str, row: int, value: object = "") -> dict[str, str]:
        return {"table": table, "column": column, "cell": self.origins[table].cell(row, column), "value": shown(value)}


# --- names left out ----------------------------------------------------------------------------------------------------------------


def fill_names(tables: Tables, issues: Issues) -> None:
    """A blank site, recipe or supplier means the only one; where there are several it is an error."""
    _name_the_only_one(tables)
    for name, home in HOMES.items():
        known = [v for v in dict.fromkeys(tables.values(home, name)) if v is not None]
        for table in TABLES.values():
            if table.has(name) and len(tables.frames[table.name]) and table.name != "sites":
                _fill(tables, table.name, name, known, issues)


def _name_the_only_one(tables: Tables) -> None:
    recipes, supply = tables.frames["recipes"], tables.frames["supply"]
    if len(recipes) == 1 and recipes["recipe"][0] is None:
        recipes["recipe"] = pd.Series([recipes["item"][0]], dtype="object")
    if len(supply) and all(v is None for v in supply["supplier"]):
        supply["supplier"] = pd.Series([ONE_SUPPLIER] * len(supply), dtype="object")


def _fill(tables: Tables, table: str, name: str, known: list[str], issues: Issues) -> None:
    values = tables.values(table, name)
    blanks = [n for n, v in enumerate(values) if v is None]
    if table != HOMES[name] and issues.unknown.holds(HOMES[name], [name]):
        issues.unknown.cell(table, name, *blanks)
        return  # which names there are is not known
    no_sites = name == "site" and not known
    if not blanks or (no_sites and len(blanks) < len(values)):
        return  # sites named without a sites sheet are reported as references
    if no_sites or (len(known) == 1 and table != HOMES[name]):
        only = known[0] if known else ""
        tables.frames[table][name] = pd.Series([only if v is None else v for v in values], dtype="object")
        return
    some = f" ({', '.join(known[:5])}{', ...' if len(known) > 5 else ''})" if known else ""
    why = (
        f"there are several{some}"
        if len(known) > 1
        else "each needs a name"
        if table == HOMES[name]
        else "none is listed"
    )
    if name not in tables.given[table]:
        text = f'the table "{table}" has no column "{name}", and {why}.'
        place = {"table": table, "column": name, "cell": tables.origins[table].sheet}
        issues.add("missing-column", text, f"Add it: which {name} each row is about.", **place)
        issues.unknown.cell(table, name, *blanks)
        return
    issues.unknown.cell(table, name, *blanks)
    for row in blanks:
        place = tables.place(table, name, row)
        if not issues.has(place["cell"]):
            issues.add("missing-name", f"the {name} is blank, and {why}.", f"Fill in the {name}.", **place)


# --- references --------------------------------------------------------------------------------------------------------------------


def check_references(tables: Tables, issues: Issues) -> None:
    """Every name stands in the table that lists it."""
    for table in TABLES.values():
        for column in table.columns:
            target, _, key = column.reference.partition(".")
            if not (column.built and target) or target in ("periods", table.name) or not len(tables.frames[table.name]):
                continue
            if issues.unknown.holds(target, [key]):
                _doubt_names(tables, table, column, target, key, issues)
            elif target not in tables.given:
                _refuse_missing_table(tables, table, column, target, issues)
            elif key in tables.given[target] or target in HOMES.values():
                _check_names(tables, table, column, target, key, issues)
    for name, (target, keys) in CHANGES.items():
        _check_rows(tables, name, target, keys, issues)


def _refuse_missing_table(tables: Tables, table: Table, column: Column, target: str, issues: Issues) -> None:
    """One issue, at the first name; a required table that is missing is reported already."""
    if TABLES[target].required:
        return
    for row, value in enumerate(tables.values(table.name, column.name)):
        if value:
            text = f'the {column.name} "{shown(value)}" is named but there is no table "{target}".'
            hint = f"Add a sheet named {target} with one row for each."
            hint += " With one site, leave the column empty." if target == "sites" else ""
            issues.add("missing-sheet", text, hint, **tables.place(table.name, column.name, row, value))
            issues.unknown.table(target)
            return


def _doubt_names(tables: Tables, table: Table, column: Column, target: str, key: str, issues: Issues) -> None:
    """Names that may stand in a cell of the other table that cannot be read: nothing is said of them."""
    known = set(tables.values(target, key))
    values = tables.values(table.name, column.name)
    rows = (row for row, value in enumerate(values) if value is not None and value not in known)
    issues.unknown.cell(table.name, column.name, *rows)


def _check_names(tables: Tables, table: Table, column: Column, target: str, key: str, issues: Issues) -> None:
    known = dict.fromkeys(v for v in tables.values(target, key) if v is not None)
    words = tuple(known)
    hints: dict[str, str] = {}
    for row, value in enumerate(tables.values(table.name, column.name)):
        if value is None or value in known:
            continue
        if value not in hints:
            hints[value] = _hint(value, words, issues) or f"Add it to {target}, or correct the name."
        issues.unknown.cell(table.name, column.name, row)
        text = f'the {column.name} "{shown(value)}" is not in the table "{target}".'
        issues.add("unknown-reference", text, hints[value], **tables.place(table.name, column.name, row, value))


def _hint(value: str, known: tuple[str, ...], issues: Issues) -> str:
    found = issues.closest(value, known)
    if not found:
        return ""
    alike = unicodedata.normalize("NFKC", found) == unicodedata.normalize("NFKC", value)
    return f'Did you mean "{shown(found)}"?' + (" They look alike but hold different characters." if alike else "")


def _check_rows(tables: Tables, name: str, target: str, keys: tuple[str, ...], issues: Issues) -> None:
    if not len(tables.frames[name]) or not len(tables.frames[target]):
        return
    unknown = issues.unknown.rows(name, keys)
    if issues.unknown.holds(target, keys):
        return  # the row may be one that cannot be read
    known = set(zip(*(tables.values(target, k) for k in keys), strict=True))
    single = {k: {row[n] for row in known} for n, k in enumerate(keys)}
    for row, values in enumerate(zip(*(tables.values(name, k) for k in keys), strict=True)):
        if (
            values in known
            or row in unknown
            or any(v not in single[k] for k, v in zip(keys, values, strict=True) if k == keys[0] or v is None)
        ):
            continue
        issues.unknown.cells_of(name, keys, row)
        text = f'the table "{target}" has no row for {_words(keys, values)}.'
        place = tables.place(name, keys[0], row, values[0])
        issues.add("unknown-reference", text, f"Add the row to {target}, or correct the names.", **place)


def _words(keys: tuple[str, ...], values: tuple[Any, ...]) -> str:
    return ", ".join(f"{k} {shown(v)}" for k, v in zip(keys, values, strict=True) if v)


# --- keys --------------------------------------------------------------------------------------------------------------------------


def check_keys(tables: Tables, issues: Issues) -> None:
    """No two rows have the same key. A row whose required names are blank or wrong is reported already."""
    for table in TABLES.values():
        keys = tuple(k for k in table.key if table.column(k).built)
        if table.name == "settings" or table.name in issues.unknown.tables or not len(tables.frames[table.name]):
            continue  # without a column of its key, rows may look alike that are not
        rows = list(zip(*(tables.values(table.name, k) for k in keys), strict=True))
        if len(set(rows)) < len(rows):
            must = [n for n, k in enumerate(keys) if table.column(k).required]
            _refuse_second_rows(tables, table.name, keys, rows, must, issues)


def _refuse_second_rows(
    tables: Tables, name: str, keys: tuple[str, ...], rows: list[tuple[Any, ...]], must: list[int], issues: Issues
) -> None:
    first: dict[tuple[Any, ...], int] = {}
    lines = tables.origins[name].rows
    told: set[tuple[int, int]] = set()  # a wide row clashes in every period: once is enough
    unknown = issues.unknown.rows(name, keys)
    for row, values in enumerate(rows):
        if row in unknown or any(values[n] is None for n in must):
            continue
        before = first.setdefault(values, row)
        if before == row:
            continue
        for both in (row, before):
            issues.unknown.cells_of(name, tables.frames[name].columns, both)
        if (lines[row], lines[before]) in told:
            continue
        told.add((lines[row], lines[before]))
        words = _words(keys, values)
        text = f"a second row for {words}; the first is {tables.place(name, keys[0], before)['cell']}."
        sums = name in ADDED_UP and "Keep one row, or add the quantities up."
        issues.add("duplicate-key", text, sums or "Keep one row.", **tables.place(name, keys[0], row, words))
