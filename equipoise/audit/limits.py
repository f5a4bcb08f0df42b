"""A limit that is hard, or priced with a column of the plan that shows by how much it is missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.audit.exact import Sense, Term
from equipoise.audit.row import Place, Row, Source


@dataclass(frozen=True)
class Limit:
    """One value of the plan and its limit. ``bound`` is None where there is no limit; ``shown`` is the column of the miss."""

    what: str  # "stock of A at North in 2026-01"
    limit: str  # "safety stock"
    value: float
    bound: float | None
    upper: bool
    column: str
    shown: float
    priced: bool
    unit: str
    at: Place
    column_at: Place
    source: Source

    def rows(self) -> Iterator[Row]:
        """Priced: the column shows the miss exactly. Hard: there is no miss, and the column shows none."""
        sign = 1.0 if self.upper else -1.0
        # the sign of a difference of two floats is exact
        missed = self.bound is not None and sign * (self.value - self.bound) > 0
        miss: tuple[Term, ...] = ((-sign, self.value), (sign, self.bound or 0.0)) if missed else ()
        if self.priced:
            says = "{0} is {stated}, but the {1} is {2}, so it must be {expected}"
            names = (self.column, self.what, self.value)
            yield Row(((self.shown,), *miss), "=", self.column_at, says, names, self.unit, self.source)
            return
        if self.bound is not None:
            says = (
                f"the {{0}} is {{stated}}, {{amount}} {{unit}} {'above' if self.upper else 'below'} the {{1}} of {{2}}"
            )
            names = (self.what, self.limit, self.bound)
            sense: Sense = "<=" if self.upper else ">="
            terms = ((self.value,), (-self.bound,))
            yield Row(terms, sense, self.at, says, names, self.unit, self.source)
        says = "{0} is {stated}, but the {1} of the {2} is not missed by more than {expected}"
        yield Row(((self.shown,), *miss), "<=", self.column_at, says, (self.column, self.limit, self.what), self.unit)
