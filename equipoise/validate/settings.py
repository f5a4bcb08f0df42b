"""The settings sheet and the periods: both are read before the other tables, which may be wide by period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from equipoise.errors import BadCell
from equipoise.periods import Buckets, label, listed, made
from equipoise.tables import SETTINGS, ZERO, Column, Setting, plain
from equipoise.validate.cells import Issues, is_blank, is_zero, shown
from equipoise.validate.rows import clean_rows
from equipoise.validate.sheets import Raw
from equipoise.validate.values import choice, convert

NO_PERIODS = Buckets(())
RESERVED = "opening"
"""What plans call the time before the first period."""


def read_settings(raw: Raw | None, issues: Issues) -> tuple[dict[str, Any], set[str]]:
    """Every setting with its default filled in, and the names of those given with a value (right or wrong)."""
    values: dict[str, Any] = {s.name: s.default for s in SETTINGS}
    given: set[str] = set()
    strangers: list[object] = []  # keys that name no setting
    if "settings" in issues.unknown.tables:
        issues.unknown.settings.update(values)
    if raw is None or not raw.size:
        return values, given
    if not {"key", "value"} <= set(raw.columns):
        text = 'the table "settings" needs the columns key and value.'
        issues.add("missing-column", text, "Put one setting a row.", table="settings", cell=raw.origin.sheet)
        issues.unknown.settings.update(values)
        return values, given
    for row, (key, value) in enumerate(zip(raw.columns["key"], raw.columns["value"], strict=True)):
        place = {"table": "settings", "column": "key", "cell": raw.origin.cell(row, "key"), "value": shown(key)}
        setting = _named(key, issues, place)
        place |= {"column": "value", "cell": raw.origin.cell(row, "value"), "value": shown(value)}
        if setting is None:
            strangers.append(key)
        if setting is None or value is None:
            continue
        if setting.name in given:
            issues.add("duplicate-key", f'the setting "{setting.name}" is given twice.', "Keep one row.", **place)
            issues.unknown.settings.add(setting.name)
        elif not setting.built and setting.blank == ZERO and is_zero(value):
            pass  # as if it were blank
        elif not setting.built:
            text = f'the setting "{setting.name}" ({setting.meaning}) is not built yet.'
            issues.add("not-built", text, "Empty it to plan without it.", **place)
        else:
            values[setting.name] = setting_value(setting, value, issues, place, setting.default, raw.origin.text)
        given.add(setting.name)
    issues.unknown.settings.update(name for key in strangers for name in _perhaps(key, given, issues))
    return values, given


def _perhaps(key: object, given: set[str], issues: Issues) -> Iterable[str]:
    """The settings that a key may mean which is none: the one like it, else any that is not given."""
    names = [s.name for s in SETTINGS if s.built and s.name not in given]
    found = issues.closest(key, names) if isinstance(key, str) else ""
    return [found] if found else names


def _named(key: object, issues: Issues, place: dict[str, str]) -> Setting | None:
    """The setting that a cell of the key column names."""
    if key is None:
        issues.add("missing-value", "key is blank.", "Name the setting.", **place)
        return None
    if isinstance(key, BadCell):
        issues.bad(key, **place)
        return None
    known = {plain(s.name): s for s in SETTINGS}
    setting = known.get(plain(key))
    if setting is None:
        names = [s.name for s in SETTINGS if s.built]
        hint = issues.near(str(key), names) or f"Known settings: {', '.join(names)}."
        issues.add("unknown-setting", f'there is no setting "{shown(key)}".', hint, **place)
    return setting


def setting_value(
    setting: Setting, value: object, issues: Issues, place: dict[str, str], fallback: Any, text: bool = False
) -> Any:
    """The value of one setting, or ``fallback`` with an issue. ``text``: it comes from a text file."""
    if isinstance(value, str) and value.strip().casefold() in setting.unbuilt_choices:
        others = [c for c in setting.choices if c not in setting.unbuilt_choices]
        issues.add(
            "not-built", f"{setting.name} = {shown(value)} is not built yet.", f"Use {' or '.join(others)}.", **place
        )
        return fallback
    if setting.kind == "choice" and not isinstance(value, BadCell):
        read = choice(setting.name, setting.choices, value, issues.near)
    else:
        column = Column(setting.name, setting.kind, setting.meaning, low=setting.low, high=setting.high)
        read = convert(column, value, NO_PERIODS, text, issues.near)
    if isinstance(read, BadCell):
        issues.bad(read, **place)
        issues.unknown.settings.add(setting.name)
        return fallback
    return read


def read_periods(
    raw: Raw | None, settings: dict[str, Any], given: set[str], issues: Issues
) -> tuple[Buckets, pd.DataFrame | None]:
    """The periods, from the sheet where it has rows, else from settings; with the clean periods table.

    None are known where a cell that makes them has an error: a period that seems unknown may then be one.
    """
    kind = settings["period"]
    if raw is None or not raw.size:
        made_up = _made(kind, settings, given, issues)
        issues.unknown.periods |= not (made_up.names and issues.unknown.calendar_is_known())
        return (made_up if issues.unknown.calendar_is_known() else Buckets((), kind)), None
    frame = clean_rows(_dates_as_names(raw, kind), NO_PERIODS, issues)
    rows = [n for n, name in enumerate(frame["period"]) if name is not None]
    names = [frame["period"][n] for n in rows]
    _check_order(raw, frame, issues)
    for n in rows:
        if frame["period"][n].casefold() == RESERVED:
            place = {
                "table": "periods",
                "column": "period",
                "cell": raw.origin.cell(n, "period"),
                "value": frame["period"][n],
            }
            issues.add(
                "reserved-name",
                f'a period cannot be called "{RESERVED}".',
                "Plans use the word; choose another.",
                **place,
            )
    if settings["periods"] is not None and settings["periods"] != len(names):
        text = f"settings say {settings['periods']:g} periods, the periods sheet lists {len(names)}; the sheet holds."
        issues.add(
            "periods-disagree", text, "Empty the setting periods.", "warning", table="periods", cell=raw.origin.sheet
        )
    starts = [frame["start"][n] for n in rows]
    days = [None if is_blank(d) else float(d) for d in (frame["days"][n] for n in rows)]
    if not issues.unknown.calendar_is_known():
        issues.unknown.periods = True
        return Buckets((), kind), frame
    return listed(names, starts if all(starts) else [], days, kind), frame


def _made(kind: str, settings: dict[str, Any], given: set[str], issues: Issues) -> Buckets:
    """Periods from settings."""
    if settings["periods"] is None:
        if "periods" not in given | issues.unknown.settings:
            hint = "Give settings the key periods (how many), or fill a periods sheet."
            issues.add("no-periods", "the horizon is not said.", hint, table="settings", column="periods")
        return Buckets((), kind)
    return made(kind, int(settings["periods"]), settings["start"])


def _dates_as_names(raw: Raw, kind: str) -> Raw:
    """Excel turns a typed 2026-01 into a date: in the period column it stands for the period that contains it, which starts then."""
    names = raw.columns.get("period", [])
    if not any(isinstance(n, dt.date) for n in names):
        return raw
    starts = raw.columns.get("start", [None] * raw.size)
    columns = {
        **raw.columns,
        "period": [label(n, kind) if isinstance(n, dt.date) else n for n in names],
        "start": [n if s is None and isinstance(n, dt.date) else s for n, s in zip(names, starts, strict=True)],
    }
    return replace(raw, columns=columns)


def _check_order(raw: Raw, frame: pd.DataFrame, issues: Issues) -> None:
    """Starts are given for all periods or none, and rise."""
    names, starts = frame["period"].tolist(), frame["start"].tolist()
    written = raw.columns.get("start", [])
    before: int | None = None
    for t, now in enumerate(starts):
        place = {"table": "periods", "column": "start", "cell": raw.origin.cell(t, "start"), "value": shown(now)}
        if now is None:
            if any(starts) and written and written[t] is None:
                hint = "Fill in the first day of every period, or of none."
                issues.add("missing-value", "start is blank, while other periods have one.", hint, **place)
                issues.unknown.cell("periods", "start", t)
            continue
        if before is not None and now <= starts[before]:
            text = f"the period {names[t]} starts on {now}, not after {names[before]} ({starts[before]})."
            issues.add("periods-out-of-order", text, "List periods in order of time.", **place)
            issues.unknown.cell("periods", "start", t)
        before = t
