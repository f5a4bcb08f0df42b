"""Random small cases that use the whole planning language, few values each. The same seed draws the same case.

Whole items are wanted in whole quantities (what a fraction of a piece that is wanted means, DATA-MODEL does not say), and
integer_periods ends within the horizon only where nothing is yes or no: a part of a set-up is a share of the most that can be made, a
figure of the model and not of the tables.
"""

from __future__ import annotations

import math
import random

from reference.dice import Drawn
from reference.draw_making import Making


def draw(seed: int) -> Drawn:
    """The tables of a case, rows in long form; None is a blank cell."""
    d = Drawing(random.Random(seed))
    for table in (d.items, d.sites, d.demand, d.stock, d.stock_targets, d.receipts):
        table()
    for table in (d.recipes, d.components, d.hours, d.supply, d.lanes):
        table()
    d.keep_to_what_is_said()
    d.leave_out_the_only_site()
    return {name: rows for name, rows in d.tables.items() if rows}


class Drawing(Making):
    """Each method draws the rows of a table (or two) from what was drawn before."""

    def items(self) -> None:
        self.tables["items"] = [
            {
                "item": name,
                "whole": self.some(0.25, 1),
                "value": self.some(0.7, 0.5, 3, 8),
                "holding_cost": self.some(0.85, 0, 0.5, 1, 4),
                "price": self.some(0.9, 20, 50),
                "volume": self.some(0.6, 0, 0.5, 2),
                "lost_cost": self.some(0.7, 10, 30, 100),
                "late_cost": self.one(0, 1, 4),
                "max_late": self.some(0.6, 0, 1, 2),
            }
            for name in self.names
        ]

    def sites(self) -> None:
        if self.named != [""]:
            self.tables["sites"] = [
                {"site": s, "storage_capacity": self.some(0.2, 0, 10, 25), "storage_cost": self.some(0.6, 1, 3)}
                for s in self.named
            ]

    def demand(self) -> None:
        share, items = (0.2, self.names) if self.keen else (0.5, self.names[: self.one(2, 2, 4)])
        share = 0.8 if self.slow else share
        keys = [(i, s, p) for i in items for s in self.named for p in self.periods if self.chance(share)]
        self.tables["demand"] = [
            {
                "item": item,
                "site": site,
                "period": period,
                "customer": customer,
                "quantity": self.one(0.5, 1, 2, 4) if self.keen else self.one(0, 0.5, 1, 2, 3, 5, 8, 10),
                "price": self.some(0.2, 10, 35),
                "lost_cost": self.some(0.2, 5, 40),
                "late_cost": self.some(0.3, 0, 2, 6),
                "max_late": self.some(0.3, 0, 1, 3),
            }
            for item, site, period in keys or [(self.names[0], self.named[0], self.periods[-1])]
            for customer in self.one([None], [None], [None], ["X"], ["X", "Y"])
        ]

    def stock(self) -> None:
        never_late = {row["item"] for row in self.rows("items") if row["max_late"] == 0}
        self.tables["stock"] = [
            {
                "item": item,
                "site": site,
                "opening": self.some(0.5, 1, 4, 12, 30),
                "backlog": self.some(0.3, 1, 3) if self.rule == "backorder" and item not in never_late else None,
                "safety": self.some(0.15, 2, 6),
                "safety_cost": self.some(0.5, 0, 2, 9),
                "maximum": self.some(0.2, 6, 12),
                "maximum_cost": self.some(0.6, 1, 6),
                "final": self.some(0.3, 0, 3, 5),
                "final_cost": self.some(0.6, 1, 3, 20),
            }
            for item, site in self.places(0.5)
        ]

    def stock_targets(self) -> None:
        share = 0.35 if self.keen else 0.1
        self.tables["stock_targets"] = [
            {
                "item": item,
                "site": site,
                "period": period,
                "safety": self.some(0.4, 0, 4, 10),
                "maximum": self.some(0.3, 10, 12),
                "holding_cost": self.some(0.4, 0, 1, 6),
            }
            for item, site in self.places(1.0)
            for period in self.periods
            if self.chance(share)
        ]

    def receipts(self) -> None:
        self.tables["receipts"] = [
            {
                "item": self.one(*self.names),
                "site": self.one(*self.named),
                "period": self.one(*self.periods),
                "kind": self.some(0.5, "purchase", "production", "transfer"),
                "reference": f"order {n}",
                "quantity": self.one(1, 5, 20),
            }
            for n in range(self.one(0, 0, 1, 2))
        ]

    def supply(self) -> None:
        """Most of what would have no source has a supplier, and some of what has one."""
        rows = [
            (item, site) for item, site in self.places(1.0) if self.chance(0.95 if self._lacks(item, site) else 0.3)
        ]
        self.tables["supply"] = [
            {
                "supplier": supplier,
                "item": item,
                "site": site,
                "unit_cost": self.money(0, 1, 3, 9),
                "lead_time": self.one(None, 0, 0, 1),
                "order_cost": self.some(0.4, 2, 8, 30),
                "lot_min": self.some(0.2, 3, 7.5, 15),
                "lot_multiple": self.some(0.15, 2, 2.5, 10),
                "lot_max": self.some(0.2, 20, 30),
                "capacity": self.some(0.8, 2, 4) if self.slow else self.some(0.25, 6, 20, 40),
            }
            for item, site in rows
            for supplier in self.one(["S"], ["S"], ["S", "R"])
        ]
        if self.chance(0.2 if self.slow else 0.6):
            self._help_out()
        self.tables["supply_calendar"] = [
            {
                **{key: row[key] for key in ("supplier", "item", "site")},
                "period": period,
                "capacity": self.some(0.5, 0, 2, 5),
                "unit_cost": self.some(0.5, 0, 2, 12),
            }
            for row in self.rows("supply")
            for period in self.periods
            if self.chance(0.2)
        ]

    def _help_out(self) -> None:
        """A dear supplier without limits, so that tight limits cost something and do not leave the case without a plan."""
        wanted = {(row["item"], row["site"]) for row in self.rows("demand")}
        blank = dict.fromkeys(("lead_time", "order_cost", "lot_min", "lot_multiple", "lot_max", "capacity"))
        self.tables["supply"] += [
            {"supplier": "dear", "item": item, "site": site, "unit_cost": 45, **blank} for item, site in sorted(wanted)
        ]

    def _lacks(self, item: str, site: str) -> bool:
        """Whether the item is wanted or used at the site, and no recipe makes it there."""
        here = [row for row in self.rows("recipes") if row["site"] == site]
        used = {row["component"] for row in self.rows("components") if any(row["recipe"] == r["recipe"] for r in here)}
        wanted = [
            *(row for row in self.rows("demand") if row["quantity"]),
            *(row for row in self.rows("stock") if row["safety"] or row["final"] or row["backlog"]),
            *(row for row in self.rows("stock_targets") if row["safety"]),
        ]
        wants = item in used or any(row["item"] == item and row["site"] == site for row in wanted)
        return wants and not any(row["item"] == item for row in here)

    def lanes(self) -> None:
        ways = [(o, d) for o in self.named for d in self.named if o != d]
        self.tables["lanes"] = [
            {
                "origin": origin,
                "destination": destination,
                "item": item,
                "unit_cost": self.money(0, 0.5, 2),
                "lead_time": self.one(None, 0, 0, 1, 2),
                "capacity": self.some(0.3, 0, 4, 15),
            }
            for origin, destination in ways
            for item in (None, *self.names)
            if self.chance(0.45 if item is None else 0.12)
        ]

    # --- sense --------------------------------------------------------------------------------------------------------------------

    def keep_to_what_is_said(self) -> None:
        """Takes back what the head of this file leaves out, and most of what would only be refused."""
        whole = {row["item"] for row in self.rows("items") if row["whole"]}
        for row in self.rows("demand"):
            if row["item"] in whole:
                row["quantity"] = math.ceil(row["quantity"])
        for row in self.rows("items"):
            if row["price"] is None and row["lost_cost"] is None:
                row["lost_cost"] = 25
        integer = next((row["value"] for row in self.rows("settings") if row["key"] == "integer_periods"), math.inf)
        if integer < len(self.periods):
            for table, columns in YES_OR_NO.items():
                for row in self.rows(table):
                    row.update(dict.fromkeys(columns))
        self._leave_room_for_safety()

    def _leave_room_for_safety(self) -> None:
        limits = {(row["item"], row["site"]): row for row in self.rows("stock")}
        for row in self.rows("stock_targets"):
            main = limits.get((row["item"], row["site"]), {"safety": None, "maximum": None})
            safety, most = (main[c] if row[c] is None else row[c] for c in ("safety", "maximum"))
            if safety is not None and most is not None and safety > most:
                row["maximum"] = safety

    def leave_out_the_only_site(self) -> None:
        """A case of one site without a name, and now and then one with a name, has no column for it."""
        if self.named == [""] or (len(self.named) == 1 and self.chance(0.3)):
            for table, rows in self.tables.items():
                for row in rows if table != "sites" else ():
                    row.pop("site", None)


YES_OR_NO = {
    "recipes": ("setup_cost", "lot_min"),
    "recipe_calendar": ("setup_cost",),
    "operations": ("setup_hours",),
    "supply": ("order_cost", "lot_min"),
}
"""Columns that make a decision one of yes or no."""
