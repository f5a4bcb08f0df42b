"""The ledgers that features post to, and the only place that closes them: one balance family, one objective."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from equipoise.plan import COST_LINES

if TYPE_CHECKING:
    from equipoise.model.build import Build

Place = tuple[str, str, str]  # item, site, period


class Books:
    """Flows (units of an item entering or leaving a site in a period), hours (of a resource in a period) and costs (by line and period)."""

    def __init__(self) -> None:
        self.flows: dict[Place, tuple[list[float], list[Any]]] = defaultdict(lambda: ([], []))
        self.hours: dict[tuple[str, str], tuple[list[float], list[Any]]] = defaultdict(lambda: ([], []))
        self.given: dict[Place, float] = defaultdict(float)
        self.costs: list[tuple[str, str, float, Any]] = []
        self.constants: list[tuple[str, str, float]] = []

    def flow(self, item: str, site: str, period: str, coefficient: float, var: Any) -> None:
        """Post ``coefficient * var`` [unit of the item]; positive enters stock, negative leaves it."""
        coefficients, variables = self.flows[item, site, period]
        coefficients.append(coefficient)
        variables.append(var)

    def work(self, resource: str, period: str, hours: float, var: Any) -> None:
        """Post ``hours * var`` [hours] used on a resource."""
        if hours:
            coefficients, variables = self.hours[resource, period]
            coefficients.append(hours)
            variables.append(var)

    def hours_used(self, resource: str, period: str) -> Any:
        """All hours posted to a resource in a period, as one expression [hours]; None where nothing uses it."""
        coefficients, variables = self.hours.get((resource, period), ([], []))
        return LinearExpression(linear_coefs=coefficients, linear_vars=variables) if variables else None

    def gift(self, item: str, site: str, period: str, amount: float) -> None:
        """Post a fixed inflow: opening stock, a receipt [unit of the item]."""
        self.given[item, site, period] += amount

    def cost(self, line: str, period: str, rate: float, var: Any) -> None:
        """Post ``rate * var`` [money] to a line of the cost report; negative is a credit."""
        if line not in COST_LINES:
            raise KeyError(f"{line} is no cost line")
        if rate:
            self.costs.append((line, period, rate, var))

    def constant(self, line: str, period: str, amount: float) -> None:
        """Post a fixed amount [money]."""
        if amount:
            self.constants.append((line, period, amount))


def balance(b: Build) -> Iterator[tuple[Place, Any]]:
    """What enters stock in a period leaves it in the period or is in stock at its end.

    stock[i,s,t-1] + given[i,s,t] + yield*make[m,t-lead] + buy[..,t-lead] + ship_in[..,t-lead]
    = stock[i,s,t] + (1+scrap)*quantity*make[m,t] + ship_out[..,t] + serve[..,t]     for each item, site, period   [unit of i]

    given: opening stock (first period) and receipts. Every feature posts its own terms to the flow ledger; nobody edits this family.
    Price: what one more unit of i at s in t is worth [money/unit], integers held.
    """
    books = b.books
    for place in b.place_periods:
        coefficients, variables = books.flows[place]
        yield place, (LinearExpression(linear_coefs=coefficients, linear_vars=variables), -books.given.get(place, 0.0))


def close(b: Build) -> None:
    """Write the balance family and the objective: nothing can be posted after this."""
    family = pyo.Constraint(pyo.Any)
    b.model.balance = family
    for place, row in balance(b):
        family.add(place, row)
    rates: dict[int, float] = defaultdict(float)
    variables: dict[int, Any] = {}
    for _, _, rate, var in b.books.costs:
        rates[id(var)] += rate
        variables[id(var)] = var
    constant = sum(amount for _, _, amount in b.books.constants)
    body = LinearExpression(constant=constant, linear_coefs=list(rates.values()), linear_vars=list(variables.values()))
    b.model.total = pyo.Objective(expr=body, sense=pyo.minimize)
