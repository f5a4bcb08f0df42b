"""Tables as DATA-MODEL has them: rows of plain values, names that may be left out, calendars over main tables, periods. No equipoise."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
"""Table -> its rows in long form; None or a column left out is a blank cell. settings has rows of key and value."""

A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4}


class Reading:
    """Look-ups of the tables of one case. Periods are counted from 0."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.settings = {row["key"]: row["value"] for row in tables["settings"] if row["value"] is not None}
        self.names = _period_names(self.settings, tables.get("periods", ()))
        self.periods = range(len(self.names))
        self.last = len(self.names) - 1
        self.sites = [row["site"] for row in tables.get("sites", ())] or [""]
        self.items = {row["item"]: row for row in tables["items"]}
        self.recipes = {row["recipe"]: row for row in self.rows("recipes")}
        self._place = {name: t for t, name in enumerate(self.names)}
        self._calendars: dict[str, dict[tuple[Any, ...], Row]] = {}

    def setting(self, key: str, blank: Any) -> Any:
        return self.settings.get(key, blank)

    def rows(self, table: str) -> Sequence[Row]:
        return self._tables.get(table, ())

    def site(self, row: Row) -> str:
        """The site of a row; the only one where it is left out."""
        name = row.get("site")
        assert name is not None or len(self.sites) == 1, row
        return self.sites[0] if name is None else name

    def period(self, row: Row) -> int:
        return self._place[row["period"]]

    def by_name(self, table: str, name: str) -> dict[str, list[Row]]:
        """Rows of a table by one of their names: the operations of a recipe."""
        out: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            out[row[name]].append(row)
        return out

    def in_period(self, table: str, column: str, key: tuple[str, ...], t: int, main: Any) -> Any:
        """What a calendar table says in period t; "blank values in a calendar table mean as in the main table"."""
        if table not in self._calendars:
            self._calendars[table] = {(*self._key(row), self.period(row)): row for row in self.rows(table)}
        value = self._calendars[table].get((*key, t), {}).get(column)
        return main if value is None else value

    def _key(self, row: Row) -> tuple[str, ...]:
        named = [row[name] for name in ("supplier", "resource", "recipe", "crew", "item") if name in row]
        return (*named, self.site(row)) if "item" in row else tuple(named)

    def is_whole(self, item: str, t: int) -> bool:
        """Whether the item comes in whole units in period t."""
        return bool(self.items[item].get("whole")) and self.is_integer(t)

    def is_integer(self, t: int) -> bool:
        """ "integer_periods: lot counters, set-ups and whole units are integer in the first n periods and continuous after"."""
        return t < self.setting("integer_periods", len(self.names))

    def share_of_a_year(self, t: int) -> float:
        """ "holding_rate, per year, is divided by 365, 52, 12 or 4; times days / 365 where periods has days"."""
        rows = self.rows("periods")
        days = rows[t].get("days") if rows else None
        return 1 / A_YEAR[self.setting("period", "month")] if days is None else days / 365


def _period_names(settings: Row, listed: Sequence[Row]) -> list[str]:
    """ "month 2026-01, week 2026-W01, quarter 2026-Q1, day 2026-01-31; without start, 1, 2, 3, ..."."""
    if listed:
        return [row["period"] for row in listed]
    count, kind, day = settings["periods"], settings.get("period", "month"), settings.get("start")
    if day is None:
        return [str(t + 1) for t in range(count)]
    if kind in ("month", "quarter"):
        size = 1 if kind == "month" else 3
        firsts = [12 * day.year + (day.month - 1) // size * size + t * size for t in range(count)]
        numbers = [(m // 12, m % 12 // size + 1) for m in firsts]
        return [f"{year}-{n:02d}" if kind == "month" else f"{year}-Q{n}" for year, n in numbers]
    days = [day + dt.timedelta(days=t * (7 if kind == "week" else 1)) for t in range(count)]
    return [d.isoformat() if kind == "day" else "{}-W{:02d}".format(*d.isocalendar()[:2]) for d in days]
