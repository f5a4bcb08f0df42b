"""From raw tables to clean ones, with every problem found on the way.

Raw tables are DataFrames of plain Python values (None or NaN where the cell is blank). Nothing is repaired in silence: a value that
does not fit its column is an Issue with its cell. Trimming blanks around names, whole numbers as names and dates as periods are the
only readings this module makes, and docs/reference/bad-input.md lists them.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from equipoise.errors import Issue, Severity
from equipoise.periods import Buckets, listed, made
from equipoise.tables import LATER, SETTINGS, TABLES, Column, Setting, Table

EXACT_INTEGERS = 2**53  # above this a float has lost digits
OWN_PREFIX = "eq_"
OWN_SHEET = "instructions"  # of the blank template


@dataclass(frozen=True)
class BadCell:
    """A cell that has no value to plan with: an Excel error, a formula without a stored result. Readers put it in the raw table."""

    code: str
    shown: str
    message: str
    hint: str


@dataclass(frozen=True)
class Origin:
    """Where the rows of a table come from. ``letters`` gives each column's letter; ``cells`` overrides it row by row (wide tables)."""

    sheet: str
    rows: Sequence[int] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def cell(self, row: int, column: str) -> str:
        """``sheet!D14`` for row ``row`` (from 0) of the clean table."""
        number = self.rows[row] if 0 <= row < len(self.rows) else ""
        own = self.cells.get(column)
        letter = own[row] if own is not None else self.letters.get(column, "")
        return f"{self.sheet}!{letter}{number}" if letter else f"{self.sheet}!{number}" if number else self.sheet


class Issues:
    """The list that every check writes to."""

    def __init__(self) -> None:
        self.found: list[Issue] = []

    def add(self, code: str, message: str, hint: str = "", severity: Severity = "error", **place: str) -> None:
        self.found.append(Issue(code, message, hint, severity, **place))


@dataclass
class _Raw:
    """A raw table on its way: the frame, its table, its origin."""

    table: Table
    frame: pd.DataFrame
    origin: Origin


@dataclass(frozen=True)
class Clean:
    """What validation hands to Case."""

    tables: dict[str, pd.DataFrame]
    origins: dict[str, Origin]
    settings: dict[str, Any]
    periods: Buckets
    issues: tuple[Issue, ...]


def plain(word: object) -> str:
    """A header or sheet name as it is matched: without case, spaces, underscores, hyphens and a unit in brackets."""
    text = re.sub(r"[\[(].*?[\])]", "", str(word))
    return re.sub(r"[\s_\-\u00a0]+", "", text).casefold()


def near(word: str, known: Sequence[str]) -> str:
    """'Did you mean "x"?' when a known word is close, else ''."""
    by_plain = {plain(k): k for k in known}
    close = difflib.get_close_matches(plain(word), list(by_plain), n=1, cutoff=0.7)
    return f'Did you mean "{by_plain[close[0]]}"?' if close else ""


def shown(value: object) -> str:
    """A value as the user sees it."""
    if value is None:
        return ""
    if isinstance(value, BadCell):
        return value.shown
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)


def validate(raw: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin] | None = None) -> Clean:
    """Clean tables, settings and periods, with every issue. Tables are complete (all built columns, typed) even when there are errors."""
    issues = Issues()
    given = _match_tables(raw, origins or {}, issues)
    settings = _settings(given.pop("settings", None), issues)
    periods = _periods(given.get("periods"), settings, issues)
    tables: dict[str, pd.DataFrame] = {}
    where: dict[str, Origin] = {}
    for name, table in TABLES.items():
        if name == "settings":
            continue
        if name not in given:
            if table.required:
                issues.add(
                    "missing-sheet",
                    f'there is no table "{name}".',
                    f"Add a sheet named {name}: {table.meaning[0].lower()}{table.meaning[1:]}.",
                    table=name,
                )
            tables[name] = _empty(table)
            continue
        raw_table = _long(given[name], periods, issues)
        tables[name], where[name] = _clean(raw_table, periods, issues)
    _fill_sites(tables, where, issues)
    _check_references(tables, where, set(given), issues)
    _check_keys(tables, where, issues)
    return Clean(tables, where, settings, periods, tuple(issues.found))


# --- tables and headers ------------------------------------------------------------------------------------------------------------


def _match_tables(raw: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin], issues: Issues) -> dict[str, _Raw]:
    known = {plain(name): name for name in (*TABLES, *LATER)}
    given: dict[str, _Raw] = {}
    for sheet, frame in raw.items():
        if sheet.casefold().startswith(OWN_PREFIX) or plain(sheet) == OWN_SHEET:
            continue
        name = known.get(plain(sheet))
        origin = origins.get(sheet) or Origin(sheet, range(2, len(frame) + 2), {})
        if name is None:
            hint = near(sheet, (*TABLES, *LATER)) or "Notes are welcome: the sheet is not read."
            issues.add(
                "unknown-sheet",
                f'"{sheet}" is not a table of a planning case and is not read.',
                hint,
                "warning",
                table=sheet,
                cell=sheet,
                value=sheet,
            )
        elif name in LATER:
            if not _blank_frame(frame):
                issues.add(
                    "not-built",
                    f'the table "{name}" ({LATER[name]}) is not built yet.',
                    "Remove its rows to plan without it.",
                    table=name,
                    cell=origin.sheet,
                )
        elif name in given:
            issues.add(
                "duplicate-sheet",
                f'"{sheet}" and "{given[name].origin.sheet}" are both the table "{name}".',
                "Keep one of them.",
                table=name,
                cell=sheet,
                value=sheet,
            )
        else:
            given[name] = _headers(TABLES[name], frame, origin, issues)
    return given


def _blank_frame(frame: pd.DataFrame) -> bool:
    return all(_is_blank(v) for column in range(frame.shape[1]) for v in frame.iloc[:, column].tolist())


def _is_blank(value: object) -> bool:
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, str) and not value.strip().strip("\u00a0")


def _headers(table: Table, frame: pd.DataFrame, origin: Origin, issues: Issues) -> _Raw:
    """Columns renamed to the vocabulary; unknown ones refused; blank rows dropped."""
    known = {plain(c.name): c for c in table.columns}
    keep: list[int] = []
    names: list[object] = []
    for position, header in enumerate(frame.columns):
        column = known.get(plain(header))
        values = frame.iloc[:, position].tolist()
        letter = origin.letters.get(str(header), "")
        place = {
            "table": table.name,
            "column": str(header),
            "cell": f"{origin.sheet}!{letter}1" if letter else origin.sheet,
            "value": shown(header),
        }
        if column is not None and column.name in names:
            issues.add(
                "duplicate-column",
                f'"{header}" is the second column named {column.name}.',
                "Keep one of them.",
                **place,
            )
        elif column is not None and not column.built:
            _refuse_unbuilt(table, column, values, origin, letter, issues)
        elif column is not None:
            keep.append(position)
            names.append(column.name)
        elif table.wide and (plain(header) == "column" or not _is_word(header, known)):
            keep.append(position)
            names.append("column" if plain(header) == "column" else header)
        elif all(_is_blank(v) for v in values) and (_is_blank(header) or str(header).startswith("Unnamed")):
            continue
        else:
            hint = (
                near(str(header), [c.name for c in table.columns])
                or f"Known columns: {', '.join(c.name for c in table.columns if c.built)}."
            )
            issues.add("unknown-column", f'the table "{table.name}" has no column "{header}".', hint, **place)
    body = frame.iloc[:, keep].copy()
    body.columns = pd.Index(names, dtype=object)
    letters = {str(n): origin.letters.get(str(frame.columns[p]), "") for n, p in zip(names, keep, strict=True)}
    rows = list(origin.rows) or list(range(2, len(frame) + 2))
    full = (
        [
            i
            for i, row in enumerate(zip(*(body.iloc[:, p].tolist() for p in range(body.shape[1])), strict=True))
            if not all(map(_is_blank, row))
        ]
        if len(names)
        else []
    )
    return _Raw(table, body.iloc[full].reset_index(drop=True), Origin(origin.sheet, [rows[i] for i in full], letters))


def _is_word(header: object, known: Mapping[str, Column]) -> bool:
    """A header of a wide table that is a misspelt column rather than a period (periods have digits or are dates, or are checked later)."""
    return (
        isinstance(header, str)
        and bool(difflib.get_close_matches(plain(header), list(known), n=1, cutoff=0.8))
        or _is_blank(header)
    )


def _refuse_unbuilt(
    table: Table, column: Column, values: Sequence[object], origin: Origin, letter: str, issues: Issues
) -> None:
    rows = list(origin.rows) or list(range(2, len(values) + 2))
    for row, value in zip(rows, values, strict=False):
        if not _is_blank(value):
            cell = f"{origin.sheet}!{letter}{row}" if letter else origin.sheet
            text = f'the column "{column.name}" of "{table.name}" ({column.meaning}) is not built yet.'
            issues.add(
                "not-built",
                text,
                "Empty the column to plan without it.",
                table=table.name,
                column=column.name,
                cell=cell,
                value=shown(value),
            )
            return


# --- settings and periods ----------------------------------------------------------------------------------------------------------


def _settings(raw: _Raw | None, issues: Issues) -> dict[str, Any]:
    values: dict[str, Any] = {s.name: s.default for s in SETTINGS}
    if raw is None or not {"key", "value"} <= set(raw.frame.columns):
        if raw is not None:
            issues.add(
                "missing-column",
                'the table "settings" needs the columns key and value.',
                "Put one setting a row.",
                table="settings",
                cell=raw.origin.sheet,
            )
        return values
    known = {plain(s.name): s for s in SETTINGS}
    seen: set[str] = set()
    for row, (key, value) in enumerate(zip(raw.frame["key"].tolist(), raw.frame["value"].tolist(), strict=True)):
        place = {"table": "settings", "column": "value", "cell": raw.origin.cell(row, "value"), "value": shown(value)}
        setting = known.get(plain(key))
        if setting is None:
            hint = (
                near(str(key), [s.name for s in SETTINGS])
                or f"Known settings: {', '.join(s.name for s in SETTINGS if s.built)}."
            )
            issues.add(
                "unknown-setting",
                f'there is no setting "{shown(key)}".',
                hint,
                **{**place, "column": "key", "cell": raw.origin.cell(row, "key"), "value": shown(key)},
            )
        elif setting.name in seen:
            issues.add("duplicate-key", f'the setting "{setting.name}" is given twice.', "Keep one row.", **place)
        elif not _is_blank(value):
            seen.add(setting.name)
            if not setting.built:
                issues.add(
                    "not-built",
                    f'the setting "{setting.name}" ({setting.meaning}) is not built yet.',
                    "Empty it to plan without it.",
                    **place,
                )
            else:
                values[setting.name] = setting_value(setting, value, issues, place, setting.default)
    return values


def setting_value(setting: Setting, value: object, issues: Issues, place: dict[str, str], fallback: Any) -> Any:
    """The value of one setting, or ``fallback`` with an issue."""
    if isinstance(value, BadCell):
        issues.add(value.code, value.message, value.hint, **place)
        return fallback
    if setting.kind == "choice":
        word = str(value).strip().casefold()
        if word in setting.unbuilt_choices:
            issues.add(
                "not-built",
                f"{setting.name} = {word} is not built yet.",
                f"Use {' or '.join(c for c in setting.choices if c not in setting.unbuilt_choices)}.",
                **place,
            )
        elif word not in setting.choices:
            issues.add(
                "unknown-choice",
                f'"{shown(value)}" is no value of {setting.name}.',
                near(word, setting.choices) or f"Choose {', '.join(setting.choices)}.",
                **place,
            )
        else:
            return word
        return fallback
    column = Column(setting.name, setting.kind, setting.meaning, low=setting.low, high=setting.high)
    converted = _value(column, value, issues, place)
    return fallback if converted is None else converted


def _periods(raw: _Raw | None, settings: dict[str, Any], issues: Issues) -> Buckets:
    kind = settings["period"]
    if raw is not None and "period" in raw.frame.columns and len(raw.frame):
        frame, origin = _clean(raw, Buckets(()), Issues())  # problems are reported when the table itself is cleaned
        names = [str(n) for n in frame["period"].tolist() if not _is_blank(n)]
        starts = [s if isinstance(s, dt.date) else None for s in frame["start"].tolist()]
        for t in range(1, len(starts)):
            before, now = starts[t - 1], starts[t]
            if before is not None and now is not None and now <= before:
                issues.add("periods-out-of-order", f"the period {names[t]} starts on {now}, not after {names[t - 1]} ({before}).",
                           "List periods in order of time.", table="periods", column="start", cell=origin.cell(t, "start"), value=str(now))  # fmt: skip
        return listed(names, starts, [None if _is_blank(d) else float(d) for d in frame["days"].tolist()], kind)
    if raw is not None and settings["periods"] is None:
        issues.add(
            "no-periods",
            "the periods sheet has no periods.",
            "List the periods, or remove the sheet and say settings periods.",
            table="periods",
            cell=raw.origin.sheet,
        )
        return Buckets((), kind)
    if settings["periods"] is None:
        issues.add(
            "no-periods",
            "the horizon is not said.",
            "Give settings the key periods (how many), or add a periods sheet.",
            table="settings",
            column="periods",
        )
        return Buckets((), kind)
    return made(kind, int(settings["periods"]), settings["start"])


# --- wide tables -------------------------------------------------------------------------------------------------------------------


def _long(raw: _Raw, periods: Buckets, issues: Issues) -> _Raw:
    """A wide table (one column a period) turned into rows; a long one is returned as it is."""
    table, frame = raw.table, raw.frame
    if not table.wide:
        return raw
    fixed = [c for c in frame.columns if isinstance(c, str) and (table.has(c) or c == "column")]
    spread = [c for c in frame.columns if not (isinstance(c, str) and (table.has(c) or c == "column"))]
    if not spread:
        return raw
    by_column: dict[object, str] = {}
    for header in spread:
        place = {
            "table": table.name,
            "column": str(header),
            "cell": f"{raw.origin.sheet}!{raw.origin.letters.get(str(header), '')}1",
            "value": shown(header),
        }
        period = _period_name(header, periods)
        if period is None or "period" in frame.columns:
            words = [c.name for c in table.columns] + list(periods.names)
            hint = (
                near(str(header), words)
                or f"Known columns: {', '.join(c.name for c in table.columns if c.built)}; or one column a period."
            )
            issues.add(
                "unknown-column",
                f'"{shown(header)}" is neither a column of "{table.name}" nor a period.',
                hint,
                **place,
            )
        elif period in by_column.values():
            issues.add(
                "duplicate-column",
                f'"{shown(header)}" is the second column of the period {period}.',
                "Keep one of them.",
                **place,
            )
        else:
            by_column[header] = period
    return _melt(raw, fixed, by_column, issues) if by_column else _Raw(table, frame[fixed], raw.origin)


def _melt(raw: _Raw, fixed: list[str], by_column: dict[object, str], issues: Issues) -> _Raw:
    table, frame, origin = raw.table, raw.frame, raw.origin
    values = [c.name for c in table.values if c.built and c.name not in fixed]
    main = "quantity" if table.has("quantity") else values[0] if len(values) == 1 else None
    names = [c for c in fixed if c != "column"]
    fixed_rows = list(zip(*(frame[c].tolist() for c in names), strict=True)) if names else [()] * len(frame)
    kinds = frame["column"].tolist() if "column" in fixed else [main] * len(frame)
    spread = {p: frame.iloc[:, list(frame.columns).index(h)].tolist() for h, p in by_column.items()}
    letter = {p: origin.letters.get(str(h), "") for h, p in by_column.items()}
    known = {plain(v): v for v in values}
    unbuilt = {plain(c.name) for c in table.columns if not c.built}
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    places: dict[tuple[object, ...], dict[str, str]] = {}
    lines: dict[tuple[object, ...], int] = {}
    for n, (keys, kind) in enumerate(zip(fixed_rows, kinds, strict=True)):
        value_name = known.get(plain(kind)) if kind is not None else None
        if value_name is None:
            code = "not-built" if plain(kind) in unbuilt else "unknown-column"
            message = (
                f'"{shown(kind)}" is no value of the table "{table.name}".'
                if kind is not None
                else f'a wide table "{table.name}" needs the column "column".'
            )
            issues.add(
                code,
                message,
                f"Values: {', '.join(values)}.",
                table=table.name,
                column="column",
                cell=origin.cell(n, "column"),
                value=shown(kind),
            )
            continue
        for period, cells in spread.items():
            if not _is_blank(cells[n]):
                key = (*keys, period) if "column" in fixed else (n, period)
                row = rows.setdefault(key, {**dict(zip(names, keys, strict=True)), "period": period})
                again = value_name in row
                if again:
                    place = f"{origin.sheet}!{letter[period]}{origin.rows[n]}"
                    issues.add(
                        "duplicate-key",
                        f"a second value of {value_name} for the same key and period.",
                        "Keep one row.",
                        table=table.name,
                        cell=place,
                        value=shown(cells[n]),
                    )
                row[value_name] = cells[n]
                places.setdefault(key, {})[value_name] = letter[period]
                lines.setdefault(key, origin.rows[n])
    used = sorted({v for p in places.values() for v in p}, key=values.index)
    out = pd.DataFrame(list(rows.values()), columns=pd.Index([*names, "period", *used], dtype=object), dtype=object)
    cells_of = {v: [places[k].get(v, "") for k in rows] for v in used}
    cells_of["period"] = [next(iter(places[k].values())) for k in rows]
    return _Raw(table, out, Origin(origin.sheet, [lines[k] for k in rows], origin.letters, cells_of))


def _period_name(value: object, periods: Buckets) -> str | None:
    """The period a cell or header means, or None."""
    if isinstance(value, dt.datetime | dt.date):
        return periods.containing(value.date() if isinstance(value, dt.datetime) else value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and float(value).is_integer():
        value = str(int(value))
    word = str(value).strip()
    return word if word in periods.index else None


# --- columns -----------------------------------------------------------------------------------------------------------------------


def _empty(table: Table) -> pd.DataFrame:
    return pd.DataFrame({c.name: pd.Series(dtype=_dtype(c)) for c in table.columns if c.built})


def _dtype(column: Column) -> str:
    return "float64" if column.kind in ("number", "count", "flag") else "object"


def _clean(raw: _Raw, periods: Buckets, issues: Issues) -> tuple[pd.DataFrame, Origin]:
    table, frame, origin = raw.table, raw.frame, raw.origin
    out: dict[str, pd.Series] = {}
    for column in table.columns:
        if not column.built:
            continue
        if column.name not in frame.columns:
            if column.required and not (column.name == "site"):
                issues.add(
                    "missing-column",
                    f'the table "{table.name}" has no column "{column.name}".',
                    f"Add it: {column.meaning}.",
                    table=table.name,
                    column=column.name,
                    cell=origin.sheet,
                )
            out[column.name] = pd.Series([None] * len(frame), dtype=_dtype(column))
            continue
        values = frame[column.name].tolist()
        out[column.name] = pd.Series(_column(table, column, values, origin, periods, issues), dtype=_dtype(column))
    return pd.DataFrame(out), origin


def _column(
    table: Table, column: Column, values: list[Any], origin: Origin, periods: Buckets, issues: Issues
) -> list[Any]:
    kinds = set(map(type, values))
    if column.kind in ("number", "count", "flag") and kinds <= {int, float, type(None)} and not column.required:
        fast = _all_good(column, values)
        if fast is not None:
            return fast
    if column.kind in ("name", "text") and kinds == {str} and all(v.strip() == v and v for v in set(values)):
        return values
    out = []
    required = column.required and column.name != "site"
    memory: dict[object, object] = {}
    for row, value in enumerate(values):
        if _is_blank(value):
            if required:
                issues.add(
                    "missing-value",
                    f"{column.name} is blank.",
                    f"Fill it in: {column.meaning}.",
                    table=table.name,
                    column=column.name,
                    cell=origin.cell(row, column.name),
                )
            out.append(None)
            continue
        if isinstance(value, str) and value in memory:
            out.append(memory[value])
            continue
        before = len(issues.found)
        place = {
            "table": table.name,
            "column": column.name,
            "cell": origin.cell(row, column.name),
            "value": shown(value),
        }
        converted = _value(column, value, issues, place, periods)
        if isinstance(value, str) and len(issues.found) == before:
            memory[value] = converted
        out.append(converted)
    return out


def _all_good(column: Column, values: list[Any]) -> list[float] | None:
    """The values as floats when none can have an issue (blank is NaN), else None."""
    if column.kind != "number":
        return None
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    numbers = [math.nan if v is None else float(v) for v in values]
    for v in numbers:
        if v != v:
            continue
        if not (low < v if column.above else low <= v) or v > high or math.isinf(v):
            return None
    return numbers


def _value(column: Column, value: Any, issues: Issues, place: dict[str, str], periods: Buckets | None = None) -> Any:
    """One cell in the kind of its column, or None with an issue."""
    if isinstance(value, BadCell):
        issues.add(value.code, value.message, value.hint, **place)
        return None
    reader: dict[str, Callable[..., Any]] = {
        "number": _number,
        "count": _number,
        "flag": _number,
        "date": _date,
        "name": _name,
        "text": _text,
        "choice": _choice,
    }
    if column.kind == "period":
        return _period(column, value, issues, place, periods or Buckets(()))
    return reader[column.kind](column, value, issues, place)


def _number(column: Column, value: Any, issues: Issues, place: dict[str, str]) -> float | None:
    if isinstance(value, bool):
        if column.kind == "flag":
            return float(value)
        issues.add("not-a-number", f"{column.name} is {str(value).upper()}, not a number.", "Type a number.", **place)
        return None
    if isinstance(value, str):
        text = value.replace("\u00a0", " ").strip()
        if re.fullmatch(r"[+-]?[\d.,' ]*\d[\d.,' ]*%?", text):
            issues.add(
                "text-number",
                f'{column.name} is the text "{value}", not a number.',
                "Type it as a number; text is never guessed.",
                **place,
            )
        else:
            issues.add(
                "not-a-number",
                f'{column.name} is "{value}", not a number.',
                "Type a number, or leave the cell blank.",
                **place,
            )
        return None
    if isinstance(value, dt.datetime | dt.date | dt.time):
        issues.add(
            "not-a-number",
            f"{column.name} is a date ({shown(value)}), not a number.",
            "Type a number; format the cell as a number.",
            **place,
        )
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        issues.add("not-a-number", f"{column.name} is {value!r}, not a number.", "Type a number.", **place)
        return None
    if not math.isfinite(number):
        issues.add(
            "not-finite",
            f"{column.name} is {number}.",
            "Type a finite number, or leave the cell blank for no limit.",
            **place,
        )
    elif column.low is not None and (number <= column.low if column.above else number < column.low):
        words = "above" if column.above else "at least"
        issues.add(
            "too-low",
            f"{column.name} is {shown(number)}; it must be {words} {shown(float(column.low))}.",
            "Correct the value.",
            **place,
        )
    elif column.high is not None and number > column.high:
        issues.add(
            "too-high",
            f"{column.name} is {shown(number)}; it must be at most {shown(float(column.high))}.",
            "Correct the value.",
            **place,
        )
    elif column.kind == "flag" and number not in (0.0, 1.0):
        issues.add(
            "not-a-flag", f"{column.name} is {shown(number)}; it must be 0 or 1.", "Type 1 for yes, 0 for no.", **place
        )
    elif column.kind == "count" and not number.is_integer():
        issues.add(
            "not-whole",
            f"{column.name} is {shown(number)}; it must be a whole number.",
            "Round it as you mean it.",
            **place,
        )
    else:
        return number
    return None


def _date(column: Column, value: Any, issues: Issues, place: dict[str, str]) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    issues.add(
        "not-a-date",
        f'{column.name} is "{shown(value)}", not a date.',
        "Type a date (or 2026-01-31 as text); other text is never guessed.",
        **place,
    )
    return None


def _name(column: Column, value: Any, issues: Issues, place: dict[str, str]) -> str | None:
    if isinstance(value, str):
        return value.strip().strip("\u00a0").strip()
    if isinstance(value, bool) or isinstance(value, dt.datetime | dt.date | dt.time):
        issues.add(
            "not-a-name",
            f"{column.name} is {shown(value)}, not a name.",
            "Format the cell as text and type the name again.",
            **place,
        )
        return None
    number = float(value)
    if not math.isfinite(number) or abs(number) > EXACT_INTEGERS:
        issues.add(
            "digits-lost",
            f"{column.name} is the number {value!r}; digits may have been lost.",
            "Format the cell as text and type the code again.",
            **place,
        )
        return None
    return str(int(number)) if number.is_integer() else repr(number)


def _text(column: Column, value: Any, issues: Issues, place: dict[str, str]) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return shown(value).strip()


def _choice(column: Column, value: Any, issues: Issues, place: dict[str, str]) -> str | None:
    word = str(value).strip().casefold()
    if word in column.choices:
        return word
    issues.add(
        "unknown-choice",
        f'"{shown(value)}" is no value of {column.name}.',
        near(word, column.choices) or f"Choose {', '.join(column.choices)}.",
        **place,
    )
    return None


def _period(column: Column, value: Any, issues: Issues, place: dict[str, str], periods: Buckets) -> str | None:
    found = _period_name(value, periods)
    if found is None and len(periods):
        span = f"{periods.names[0]} to {periods.names[-1]}"
        hint = near(shown(value), periods.names) if isinstance(value, str) else ""
        issues.add(
            "unknown-period",
            f'"{shown(value)}" is no period of the case ({span}).',
            hint or "Use the name of a period, or a date in it.",
            **place,
        )
    return found


# --- sites, references, keys -------------------------------------------------------------------------------------------------------


def _fill_sites(tables: dict[str, pd.DataFrame], where: dict[str, Origin], issues: Issues) -> None:
    """A blank site means the only site; where there are several it is an error."""
    names = [s for s in tables["sites"]["site"].tolist() if s is not None]
    for name, table in TABLES.items():
        if name == "sites" or not table.has("site") or not len(tables.get(name, ())):
            continue
        values = tables[name]["site"].tolist()
        if not names and all(v is None for v in values):
            tables[name]["site"] = pd.Series([""] * len(values), dtype="object")
        elif len(names) == 1:
            tables[name]["site"] = pd.Series([names[0] if v is None else v for v in values], dtype="object")
        else:
            for row, value in enumerate(values):
                if value is None:
                    issues.add("missing-site", "the site is blank and there are several sites.", f"Fill in one of {', '.join(names[:8])}.",
                               table=name, column="site", cell=where[name].cell(row, "site"))  # fmt: skip


def _check_references(
    tables: dict[str, pd.DataFrame], where: dict[str, Origin], given: set[str], issues: Issues
) -> None:
    for name, table in TABLES.items():
        for column in table.columns:
            target, _, target_column = column.reference.partition(".")
            if (
                not column.built
                or not target
                or target == "periods"
                or (target == name and target_column == column.name)
                or not len(tables.get(name, ()))
            ):
                continue
            values = tables[name][column.name].tolist()
            known = set(tables[target][target_column].tolist())
            if target == "sites" and not len(tables["sites"]):
                if any(values):
                    row = next(n for n, v in enumerate(values) if v)
                    issues.add("unknown-reference", f'the site "{values[row]}" is named but there is no sites sheet.', "Add a sheet named sites with one row a site.",
                               table=name, column=column.name, cell=where[name].cell(row, column.name), value=str(values[row]))  # fmt: skip
                continue
            if target not in given and TABLES[target].required:
                continue  # the missing sheet is reported once
            for row, value in enumerate(values):
                if value is not None and value not in known:
                    hint = near(value, sorted(k for k in known if k)) if len(issues.found) < 2_000 else ""
                    issues.add("unknown-reference", f'the {target_column} "{value}" is not in the table "{target}".', hint or f"Add it to {target}, or correct the name.",
                               table=name, column=column.name, cell=where[name].cell(row, column.name), value=value)  # fmt: skip


def _check_keys(tables: dict[str, pd.DataFrame], where: dict[str, Origin], issues: Issues) -> None:
    for name, table in TABLES.items():
        key = [c.name for c in table.columns if c.key and c.built]
        frame = tables.get(name)
        if not key or frame is None or not len(frame):
            continue
        rows = list(zip(*(frame[k].tolist() for k in key), strict=True))
        if len(set(rows)) == len(rows):
            continue
        counts = Counter(rows)
        first: dict[tuple[Any, ...], int] = {}
        for row, values in enumerate(rows):
            must = [v for k, v in zip(key, values, strict=True) if table.column(k).required]
            if counts[values] < 2 or any(v is None for v in must):
                continue
            if values in first:
                words = ", ".join(f"{k} {v}" for k, v in zip(key, values, strict=True) if v)
                issues.add("duplicate-key", f"a second row for {words}; the first is {where[name].cell(first[values], key[0])}.", "Keep one row, or add the quantities up.",
                           table=name, column=key[0], cell=where[name].cell(row, key[0]), value=words)  # fmt: skip
            else:
                first[values] = row
