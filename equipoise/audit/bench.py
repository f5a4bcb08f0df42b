"""Case and plan side by side, with the sums that several rules need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import pandas as pd

from equipoise.audit.entries import Entries, Entry
from equipoise.audit.exact import Term
from equipoise.audit.facts import Facts
from equipoise.case import Case

RUNS_ABOVE = 1e-6
"""A recipe or order without a flag runs where its quantity is above this."""


class Bench:
    """What every rule is handed: ``facts`` of the case, ``plan`` rows, and sums of both. The last value is the plan's objective."""

    def __init__(self, case: Case, tables: Mapping[str, pd.DataFrame], objective: float | None):
        self.facts = Facts(case)
        self.plan = Entries(self.facts, tables)
        self.objective = objective

    def lead(self, entry: Entry) -> int:
        """Whole periods between a row of make, buy or ship and its arrival."""
        facts = self.facts
        if entry.table == "make":
            return int(facts.recipes[entry.key[0]]["lead_time"] or 0)
        if entry.table == "buy":
            return int(facts.value("supply", "lead_time", entry.key[:3]))
        origin, destination, item, _ = entry.key
        lane = facts.lane(origin, destination, item)
        return int(lane["lead_time"] or 0) if lane is not None else 0

    def runs(self, entry: Entry) -> float:
        """The set-up (make) or order (buy) of a row: its flag, or where that is blank whether there is a quantity."""
        flag = entry.numbers.get("setup" if entry.table == "make" else "order")
        return float(entry["quantity"] > RUNS_ABOVE) if flag is None else flag

    def yields(self, recipe: str, t: int) -> float:
        return self.facts.value("recipes", "yield", (recipe,), t, default=1.0)

    # --- stock -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def movements(self) -> dict[tuple[str, str, int], list[Term]]:
        """(item, site, period) -> what enters (+) and leaves (-) its stock in the period, opening stock apart."""
        found: dict[tuple[str, str, int], list[Term]] = defaultdict(list)
        for key, quantity in self.facts.column("receipts", "quantity").items():
            if quantity:
                found[key[0], key[1], self.facts.index[key[2]]].append((quantity,))
        for item, site, t, term in self._moved():
            if 0 <= t < self.facts.count:
                found[item, site, t].append(term)
        return found

    def _moved(self) -> Iterator[tuple[str, str, int, Term]]:
        for e in self._rows_with_quantity("make"):
            recipe = self.facts.recipes[e.key[0]]
            q = e["quantity"]
            yield recipe["item"], recipe["site"], e.t + self.lead(e), (self.yields(e.key[0], e.t), q)
            for component, use in self.facts.uses[e.key[0]]:
                yield component, recipe["site"], e.t, (-1.0, use, q)
        for e in self._rows_with_quantity("buy"):
            yield e.key[1], e.key[2], e.t + self.lead(e), (e["quantity"],)
        for e in self._rows_with_quantity("ship"):
            origin, destination, item, _ = e.key
            yield item, destination, e.t + self.lead(e), (e["quantity"],)
            yield item, origin, e.t, (-1.0, e["quantity"])
        for e in self._rows_with_quantity("serve"):
            yield e.key[0], e.key[1], e.t, (-1.0, e["quantity"])

    def _rows_with_quantity(self, table: str) -> Iterator[Entry]:
        return (e for e in self.plan.rows(table) if e["quantity"])

    @cached_property
    def stocked(self) -> list[tuple[str, str]]:
        """Items and sites whose stock the plan has to show: with opening stock, limits from below, movements or stock rows."""
        found = {(i, s) for i, s, _ in self.movements}
        found |= {(e.key[0], e.key[1]) for e in self.plan.rows("stock")}
        for table, column in (
            ("stock", "opening"),
            ("stock", "safety"),
            ("stock", "final"),
            ("stock_targets", "safety"),
        ):
            found |= {(key[0], key[1]) for key, value in self.facts.column(table, column).items() if value}
        return sorted(found)

    def stock_entry(self, item: str, site: str, t: int) -> Entry | None:
        return self.plan.get("stock", (item, site, self.facts.names[t]))

    # --- hours -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def hours(self) -> dict[tuple[str, int], tuple[list[Term], list[Term]]]:
        """(resource, period) -> hours of units made, hours of set-ups."""
        found: dict[tuple[str, int], tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
        for e in self.plan.rows("make"):
            for resource, hours, setup_hours in self.facts.operations[e.key[0]]:
                units, setups = found[resource, e.t]
                units.append((hours, e["quantity"]))
                if setup_hours:
                    setups.append((setup_hours, self.runs(e)))
        return found

    @cached_property
    def crew_resources(self) -> dict[str, list[str]]:
        """Crew -> the resources that use its hours."""
        found: dict[str, list[str]] = defaultdict(list)
        for r in self.facts.case.records("resources"):
            if r["crew"] is not None:
                found[r["crew"]].append(r["resource"])
        return found


def negated(terms: list[Term]) -> list[Term]:
    """The same terms on the other side of the row."""
    return [(-1.0, *term) for term in terms]
