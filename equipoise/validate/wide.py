"""Wide tables, one column a period, turned into rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from equipoise.errors import BadCell
from equipoise.tables import Table, plain
from equipoise.validate.cells import Issues, shown
from equipoise.validate.sheets import VALUE_NAMES, Raw


def to_long(raw: Raw, issues: Issues) -> Raw:
    """The table with one row a period; a table that is long already is returned as it is. Blank cells make no row."""
    if not raw.spread:
        if VALUE_NAMES in raw.columns:
            _refuse_lonely(raw, issues)
        return raw
    if "period" in raw.columns:
        letter, _ = next(iter(raw.spread.values()))
        text = f'"{raw.table.name}" has a column "period" and columns named after periods.'
        place = {"table": raw.table.name, "cell": raw.origin.header_cell(letter)}
        issues.add("long-and-wide", text, "Use one form: a row a period, or a column a period.", **place)
        return _given_up(raw)
    return _by_names(raw, issues) if VALUE_NAMES in raw.columns else _of_one_value(raw, issues)


def _given_up(raw: Raw) -> Raw:
    """The table without its period columns, when it is not known what they mean: nothing is missed besides."""
    return replace(raw, spread={}, meant={c.name for c in raw.table.columns})


def _refuse_lonely(raw: Raw, issues: Issues) -> None:
    letter = raw.origin.letters.get(VALUE_NAMES, "")
    place = {"table": raw.table.name, "column": VALUE_NAMES, "cell": raw.origin.header_cell(letter)}
    text = f'"{raw.table.name}" has a column "{VALUE_NAMES}" but no columns named after periods.'
    issues.add("unknown-column", text, "Remove it, or add one column a period.", **place)


def _main_value(table: Table) -> str | None:
    """The value of a wide table that names none: its quantity, or its only value."""
    values = [c.name for c in table.values if c.built]
    if "quantity" in values:
        return "quantity"
    return values[0] if len(values) == 1 else None


def _of_one_value(raw: Raw, issues: Issues) -> Raw:
    """Every period cell holds the same value."""
    table, origin = raw.table, raw.origin
    value = _main_value(table)
    if value is None or value in raw.columns:
        names = ", ".join(c.name for c in table.values if c.built)
        text = (
            f'"{table.name}" has a column "{value}" and columns named after periods.'
            if value
            else f'"{table.name}" has one column a period but does not say which value they hold.'
        )
        hint = f'Add a column "{VALUE_NAMES}" that says for each row which value it holds: {names}.'
        issues.add(
            "long-and-wide", text, hint, table=table.name, cell=origin.header_cell(next(iter(raw.spread.values()))[0])
        )
        return _given_up(raw)
    periods = list(raw.spread)
    letters = [letter for letter, _ in raw.spread.values()]
    cells = zip(*(values for _, values in raw.spread.values()), strict=True)
    hits = [(n, p, v) for n, row in enumerate(cells) for p, v in enumerate(row) if v is not None]
    rows = [n for n, _, _ in hits]
    columns: dict[str, list[Any]] = {name: [values[n] for n in rows] for name, values in raw.columns.items()}
    columns["period"] = [periods[p] for _, p, _ in hits]
    columns[value] = [v for _, _, v in hits]
    addresses = [f"{letters[p]}{origin.rows[n]}" for n, p, _ in hits]
    where = replace(origin, rows=[origin.rows[n] for n in rows], cells={value: addresses, "period": addresses})
    return replace(raw, columns=columns, origin=where, size=len(hits), spread={})


def _by_names(raw: Raw, issues: Issues) -> Raw:
    """The rows say which value their period cells hold; the rows of one key become one row a period."""
    table, origin = raw.table, raw.origin
    fixed = {name: values for name, values in raw.columns.items() if name != VALUE_NAMES}
    known = {plain(c.name): c for c in table.values if c.name not in fixed}
    built = [c.name for c in known.values() if c.built]
    merged: dict[
        tuple[Any, ...], dict[str, tuple[int, str, Any]]
    ] = {}  # key and period -> value name -> row, address, value
    for n, named in enumerate(raw.columns[VALUE_NAMES]):
        place = {"table": table.name, "column": VALUE_NAMES, "cell": origin.cell(n, VALUE_NAMES), "value": shown(named)}
        if isinstance(named, BadCell):
            issues.bad(named, **place)
            continue
        column = known.get(plain(named))
        if column is None or not column.built:
            what = "is not built yet" if column else f'is no value of "{table.name}"'
            issues.add(
                "not-built" if column else "unknown-column",
                f'"{shown(named)}" {what}.',
                f"Values: {', '.join(built)}.",
                **place,
            )
            continue
        key = tuple((type(v), v.strip() if isinstance(v, str) else v) for v in (values[n] for values in fixed.values()))
        for period, (letter, values) in raw.spread.items():
            if values[n] is None:
                continue
            row = merged.setdefault((*key, period), {})
            address = f"{letter}{origin.rows[n]}"
            if column.name in row:
                text = f"a second {column.name} for the same key and period; the first is {origin.sheet}!{row[column.name][1]}."
                where = {
                    "table": table.name,
                    "column": column.name,
                    "cell": f"{origin.sheet}!{address}",
                    "value": shown(values[n]),
                }
                issues.add("duplicate-key", text, "Keep one row.", **where)
            else:
                row[column.name] = n, address, values[n]
    return _merged_rows(raw, merged, [name for name in built if any(name in row for row in merged.values())])


def _merged_rows(raw: Raw, merged: dict[tuple[Any, ...], dict[str, tuple[int, str, Any]]], used: list[str]) -> Raw:
    origin = raw.origin
    firsts = [next(iter(row.values())) for row in merged.values()]
    rows = [n for n, _, _ in firsts]
    columns: dict[str, list[Any]] = {
        name: [values[n] for n in rows] for name, values in raw.columns.items() if name != VALUE_NAMES
    }
    columns["period"] = [key[-1] for key in merged]
    cells: dict[str, list[str]] = {"period": [address for _, address, _ in firsts]}
    for name in used:
        columns[name] = [row[name][2] if name in row else None for row in merged.values()]
        cells[name] = [row[name][1] if name in row else "" for row in merged.values()]
    where = replace(origin, rows=[origin.rows[n] for n in rows], cells=cells)
    return replace(raw, columns=columns, origin=where, size=len(rows), spread={})
