"""What every draw has: chance, the names of a case, its settings and periods."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

Row = dict[str, Any]
Drawn = dict[str, list[Row]]
STARTS = {
    "day": dt.date(2027, 2, 27),
    "week": dt.date(2026, 12, 24),
    "month": dt.date(2026, 11, 9),
    "quarter": dt.date(2026, 8, 1),
}
"""A date in the first period: a month, an ISO year and a year end soon after."""
NAMES = {
    "day": ["2027-02-27", "2027-02-28", "2027-03-01", "2027-03-02"],
    "week": ["2026-W52", "2026-W53", "2027-W01", "2027-W02"],
    "month": ["2026-11", "2026-12", "2027-01", "2027-02"],
    "quarter": ["2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"],
}


class Dice:
    """One case in the making: its size, what kind of case it is, and its tables so far."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.tables: Drawn = {}
        self.keen = self.chance(0.4)  # little demand; targets, lots and minima that make more than is wanted
        self.odd = self.chance(0.06)  # costs below 0
        self.crewed = self.chance(0.5)
        count = rng.randint(1, 4)
        kind = rng.choice(["month", "month", "day", "week", "quarter"])
        listed = self.chance(0.15)
        start = None if listed or self.chance(0.7) else STARTS[kind]
        self.periods = NAMES[kind][:count] if start else [str(t + 1) for t in range(count)]
        if listed:
            days = [STARTS["month"] + dt.timedelta(days=30 * t) for t in range(count)]
            self.periods = [f"P{t + 1}" for t in range(count)]
            self.tables["periods"] = [
                {"period": p, "start": day, "days": self.some(0.6, 7, 30, 73)}
                for p, day in zip(self.periods, days, strict=True)
            ]
        self.named = rng.choice([[""], ["A"], ["A", "B"], ["A", "B", "C"]])
        self.names = rng.choice([["P"], ["P", "C"], ["P", "C"], ["P", "Q", "C"], ["P", "Q", "C", "D"]])
        self.rule = rng.choice(["lost", "forbidden"] if self.keen else ["lost", "backorder", "backorder", "forbidden"])
        self.slow = self.rule == "backorder" and self.chance(0.6)  # much demand, little to serve it with
        self.at_end = rng.choice(["none", "none", "opening", "opening", "value"])
        settings = {
            "period": self.some(0.9, kind) if kind == "month" else kind,
            "start": start,
            "periods": None if listed else count,
            "objective": rng.choice(["cost", "cost", "cost", "profit"]),
            "shortage": self.rule,
            "final_backlog": rng.choice(["lost", "forbidden", "allowed"]) if self.rule == "backorder" else None,
            "end_stock": self.at_end,
            "holding_on": rng.choice(["end", "end", "average"]),
            "holding_rate": self.some(0.25, 0.5, 3),
            "integer_periods": self.some(0.15, 0, 1, 2, 4),
        }
        self.tables["settings"] = [{"key": k, "value": v} for k, v in settings.items() if v is not None]

    # --- chance -------------------------------------------------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def some(self, share: float, *values: Any) -> Any:
        """One of the values, or else a blank."""
        return self.rng.choice(values) if self.chance(share) else None

    def one(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def money(self, *values: float) -> float:
        return self.rng.choice([*values, -1, -2] if self.odd else values)

    def places(self, share: float) -> list[tuple[str, str]]:
        return [(i, s) for i in self.names for s in self.named if self.chance(share)]

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])
