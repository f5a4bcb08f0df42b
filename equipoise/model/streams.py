"""Demand as streams.

Rows of demand that share item, site, customer, late cost, window (and price, in profit mode) form a stream: units of a stream are alike,
so the oldest is served first and one backlog a stream says all. Rows that differ form streams of their own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from equipoise.model.inputs import INF, Inputs, Row

StreamKey = tuple[str, str, str, str]


@dataclass(frozen=True)
class Stream:
    """Demand rows whose units are alike. ``rows`` are in order of due date; ``window`` is the largest lateness in periods."""

    key: StreamKey
    rows: tuple[Row, ...]
    late_cost: float
    window: float
    price: float

    @property
    def whole(self) -> bool:
        """Whether every quantity is whole; a fraction (a forecast of 2.5 pieces) can only be served as one."""
        return all(float(row["quantity"]).is_integer() for row in self.rows)

    def open_in(self, t: int) -> list[Row]:
        """Rows that can be served in period ``t`` (from 0)."""
        return [row for row in self.rows if row["first"] <= t <= row["last"]]

    def waiting_after(self, t: int) -> list[Row]:
        """Rows that may still wait at the end of period ``t``: due by then, and still to be served later."""
        return [row for row in self.rows if row["first"] <= t < row["last"]]


def streams(inputs: Inputs) -> list[Stream]:
    """The demand of a case as streams; the last part of a stream's key numbers streams of one item, site and customer ("" the first)."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    profit = inputs.case.settings.objective == "profit"
    for row in inputs.demand:
        price = (row["price"] or 0.0) if profit else 0.0
        groups[row["item"], row["site"], row["customer"] or "", row["late_cost"] or 0.0, row["max_late"], price].append(
            row
        )
    count: dict[tuple[str, str, str], int] = defaultdict(int)
    out = []
    for (item, site, customer, late_cost, window, price), rows in groups.items():
        count[item, site, customer] += 1
        number = count[item, site, customer]
        rows.sort(key=lambda row: row["first"])
        key = (item, site, customer, "" if number == 1 else str(number))
        out.append(Stream(key, tuple(rows), late_cost, INF if window is None else window, price))
    return out
