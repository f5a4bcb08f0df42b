"""Stock: opening, limits by period, final stock, holding cost."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from equipoise.checks.look import Look, Place, Row, Spot


class Shelves(Look):
    """Stock and its limits."""

    @cached_property
    def stock(self) -> dict[Place, Row]:
        return {(row["item"], row["site"]): row for row in self.rows("stock")}

    @cached_property
    def receipts(self) -> dict[Place, dict[int, float]]:
        """Item and site -> period -> quantity that arrives from orders placed before the start."""
        out: dict[Place, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for row in self.rows("receipts"):
            if row["quantity"]:
                out[row["item"], row["site"]][self.case.periods.index[row["period"]]] += row["quantity"]
        return dict(out)

    @cached_property
    def targets(self) -> dict[Place, dict[int, Row]]:
        """Item and site -> period -> row of stock_targets."""
        out: dict[Place, dict[int, Row]] = defaultdict(dict)
        for row in self.rows("stock_targets"):
            out[row["item"], row["site"]][self.case.periods.index[row["period"]]] = row
        return out

    @cached_property
    def limited(self) -> list[Place]:
        """Items and sites that a row of stock or stock_targets names."""
        return sorted({*self.stock, *self.targets})

    def price(self, place: Place, column: str) -> float | None:
        """safety_cost, maximum_cost or final_cost; None = the limit is hard."""
        row = self.stock.get(place)
        return row[column] if row else None

    def opening(self, place: Place) -> float:
        row = self.stock.get(place)
        return (row["opening"] or 0.0) if row else 0.0

    def limit(self, place: Place, column: str, t: int) -> float | None:
        """safety or maximum of a period: stock_targets, else stock."""
        target = self.targets[place].get(t) if place in self.targets else None
        if target is not None and target[column] is not None:
            return float(target[column])
        row = self.stock.get(place)
        return row[column] if row else None

    def limit_spot(self, place: Place, column: str, t: int) -> Spot:
        """Where the limit of a period is written."""
        target = self.targets[place].get(t) if place in self.targets else None
        if target is not None and target[column] is not None:
            return self.spot("stock_targets", column, *place, self.names[t])
        return self.spot("stock", column, *place)

    def final(self, place: Place) -> tuple[float, str] | None:
        """Closing stock asked for at the end and the column that says so; None where there is none."""
        row = self.stock.get(place)
        if row is None:
            return None
        if row["final"] is not None:
            return row["final"], "final"
        return (row["opening"], "opening") if self.settings.end_stock == "opening" and row["opening"] else None

    def final_is_hard(self, place: Place, column: str) -> bool:
        return column == "opening" or self.price(place, "final_cost") is None

    def holding(self, place: Place, t: int) -> float:
        """Cost of keeping a unit through the period."""
        target = self.targets[place].get(t) if place in self.targets else None
        if target is not None and target["holding_cost"] is not None:
            return float(target["holding_cost"])
        row = self.items[place[0]]
        if row["holding_cost"] is not None:
            return float(row["holding_cost"])
        return (self.settings.holding_rate or 0.0) * (row["value"] or 0.0) * self.case.periods.year_share(t)
