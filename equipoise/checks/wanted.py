"""Demand and opening backlog with the items' defaults, and what a lost unit costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from equipoise.checks.look import INF, Look, Place, Row

DEFAULTS = ("price", "lost_cost", "late_cost", "max_late")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A demand row with a quantity, or an opening backlog (``due`` -1), with the item's defaults. None = not given."""

    place: Place
    due: int
    quantity: float
    table: str
    key: tuple[str | None, ...]
    price: float | None
    lost_cost: float | None
    late_cost: float | None
    max_late: float | None


class Demand(Look):
    """What is wanted."""

    @cached_property
    def demand(self) -> list[Wanted]:
        """Demand rows with a quantity above zero."""
        index, out = self.case.periods.index, []
        for row in self.rows("demand"):
            if row["quantity"]:
                place, costs = (row["item"], row["site"]), self._costs(row["item"], row)
                key = (*place, row["period"], row["customer"])
                out.append(Wanted(place, index[row["period"]], row["quantity"], "demand", key, **costs))
        return out

    @cached_property
    def backlog(self) -> list[Wanted]:
        """Opening backlog: due before the first period, at the item's costs."""
        out = []
        for row in self.rows("stock"):
            if row["backlog"]:
                key = (row["item"], row["site"])
                out.append(Wanted(key, -1, row["backlog"], "stock", key, **self._costs(row["item"], {})))
        return out

    def _costs(self, item: str, row: Row) -> dict[str, float | None]:
        """The columns of DEFAULTS: the row's own, else the item's."""
        item_row = self.items[item]
        return {c: item_row[c] if row.get(c) is None else row[c] for c in DEFAULTS}

    @cached_property
    def wanted(self) -> list[Wanted]:
        """Demand rows, and opening backlog where the shortage rule knows one."""
        return self.demand + (self.backlog if self.settings.shortage == "backorder" else [])

    @cached_property
    def by_place(self) -> dict[Place, list[Wanted]]:
        """What is wanted at each item and site, in order of time."""
        out: dict[Place, list[Wanted]] = defaultdict(list)
        for one in sorted(self.wanted, key=lambda w: w.due):
            out[one.place].append(one)
        return dict(sorted(out.items()))

    def loss(self, one: Wanted) -> float | None:
        """What a unit costs that is never served, in profit mode with the revenue missed; None where not known."""
        if self.settings.objective == "profit":
            return (one.lost_cost or 0.0) + (one.price or 0.0)
        return one.lost_cost if one.lost_cost is not None else one.price

    def may_be_lost(self, one: Wanted) -> bool:
        """Whether the rules may drive the plan to lose a unit of this demand."""
        if self.settings.shortage != "backorder":
            return self.settings.shortage == "lost"
        if self.settings.final_backlog == "lost":
            return True
        last = one.due + (INF if one.max_late is None else one.max_late)
        end = self.horizon - 1
        return last < end if self.settings.final_backlog == "forbidden" else last <= end

    def may_be_given_up(self, one: Wanted) -> bool:
        """Whether the plan may lose a unit of this demand because that is cheaper."""
        if self.settings.shortage != "backorder":
            return self.settings.shortage == "lost"
        last = one.due + (INF if one.max_late is None else one.max_late)
        return self.settings.final_backlog != "forbidden" or last < self.horizon - 1
