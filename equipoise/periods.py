"""The buckets of the horizon: names, dates, lengths and shifts. Pure functions and one frozen value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4}


@dataclass(frozen=True)
class Buckets:
    """The periods of a case in order of time.

    ``starts`` is empty or one date a period; ``days`` is empty or one length a period (None where the sheet is blank);
    ``ends`` is the first day after the last period, where it is known.
    """

    names: tuple[str, ...]
    kind: str = "month"
    starts: tuple[dt.date | None, ...] = ()
    days: tuple[float | None, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each period, from 0."""
        return {name: t for t, name in enumerate(self.names)}

    def shift(self, period: str, by: int) -> str | None:
        """The period ``by`` places later (earlier when negative); None outside the horizon."""
        t = self.index[period] + by
        return self.names[t] if 0 <= t < len(self.names) else None

    def containing(self, day: dt.date) -> str | None:
        """The period a date falls in; None before, after, or when periods have no dates."""
        found = None
        for name, start in zip(self.names, self.starts, strict=False):
            if start is None or day < start:
                break
            found = name
        return found if found is not None and day < self._end() else None

    def _end(self) -> dt.date:
        last = self.starts[-1]
        if last is None:
            return dt.date.max
        days = self.days[-1] if self.days else None
        return last + dt.timedelta(days=days) if days else next_start(last, self.kind)

    def year_share(self, t: int) -> float:
        """Share of a year that period ``t`` (from 0) lasts: days / 365 where the sheet has days, else 1/12, 1/52, 1/365 or 1/4."""
        days = self.days[t] if self.days else None
        return days / 365 if days else 1 / PER_YEAR[self.kind]


def made(kind: str, count: int, start: dt.date | None) -> Buckets:
    """``count`` periods from settings: 2026-01, 2026-W01, 2026-Q1, 2026-01-31; 1, 2, 3, ... without a start."""
    if start is None:
        return Buckets(tuple(str(n + 1) for n in range(count)), kind)
    starts = [first_day(start, kind)]
    while len(starts) < count:
        starts.append(next_start(starts[-1], kind))
    return Buckets(tuple(label(s, kind) for s in starts), kind, tuple(starts))


def listed(names: Sequence[str], starts: Sequence[dt.date | None], days: Sequence[float | None], kind: str) -> Buckets:
    """Periods as the periods sheet lists them."""
    dated = tuple(starts) if any(s is not None for s in starts) else ()
    return Buckets(tuple(names), kind, dated, tuple(days) if any(d is not None for d in days) else ())


def first_day(day: dt.date, kind: str) -> dt.date:
    """First day of the day, ISO week, month or quarter that contains ``day``."""
    if kind == "week":
        return day - dt.timedelta(days=day.weekday())
    if kind == "month":
        return day.replace(day=1)
    if kind == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day


def next_start(day: dt.date, kind: str) -> dt.date:
    """First day of the next period; ``day`` is the first day of this one."""
    months = {"month": 1, "quarter": 3}.get(kind)
    if months is None:
        return day + dt.timedelta(days=7 if kind == "week" else 1)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, day.day if day.day <= 28 else 28)


def label(day: dt.date, kind: str) -> str:
    """Name of the period that starts on ``day``."""
    if kind == "week":
        iso = day.isocalendar()
        return f"{iso.year}-W{iso.week:02d}"
    if kind == "month":
        return f"{day:%Y-%m}"
    if kind == "quarter":
        return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    return day.isoformat()
