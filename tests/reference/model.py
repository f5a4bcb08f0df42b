"""A second model of the planning language, to hold equipoise against: DATA-MODEL.md written as a programme, rule by rule.

It shares no line with equipoise: it reads plain rows, has no index sets from what is reachable, no streams of demand, no bounds of what can
be of use. It is slow where it matters in practice and plain where it matters here. The solver is not a second one (see program.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference.books import FAR, Books
from reference.buying import lanes_move_items, suppliers_deliver
from reference.demand import demand_is_served_late_or_lost
from reference.making import crews_work_and_are_paid, recipes_make_items, resources_have_hours
from reference.program import Solution, Status
from reference.reading import Reading, Tables
from reference.stock import (
    receipts_arrive,
    stock_at_the_end,
    stock_has_room,
    stock_is_kept,
    stock_stays_within_its_limits,
    what_comes_goes_or_stays,
)

RULES = (
    stock_is_kept,
    receipts_arrive,
    stock_stays_within_its_limits,
    stock_at_the_end,
    stock_has_room,
    demand_is_served_late_or_lost,
    recipes_make_items,
    resources_have_hours,
    crews_work_and_are_paid,
    suppliers_deliver,
    lanes_move_items,
    what_comes_goes_or_stays,
)
"""In this order: what writes hours before what limits them, the balance last."""

DECISIONS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "make": ("make", ("recipe",), "quantity"),
    "buy": ("buy", ("supplier", "item", "site"), "quantity"),
    "ship": ("ship", ("origin", "destination", "item"), "quantity"),
    "serve": ("serve", ("item", "site", "customer", "due"), "quantity"),
    "crew": ("workers", ("crew",), "workers"),
}
"""Table of a plan -> the amount it gives, the names it is told apart by (and the period), the column that holds it."""


@dataclass(frozen=True)
class Answer:
    """``value`` is the least cost or, in profit mode, the most profit; None unless the status is optimal.

    ``far``: the plan makes or buys about as much as a yes-or-no rule allows here at most, so a better one may lie beyond.
    """

    status: Status
    value: float | None = None
    far: bool = False


def written(r: Reading, far: float = FAR) -> Books:
    """The programme of a case."""
    books = Books(far)
    for rule in RULES:
        rule(r, books)
    return books


def answer(tables: Tables) -> Answer:
    """What the best plan costs (earns)."""
    r = Reading(tables)
    books = written(r)
    return _answer(r, books, books.program.solve())


def price(tables: Tables, plan: Mapping[str, Sequence[Mapping[str, Any]]]) -> Answer:
    """What a plan costs (earns) that makes, buys, ships, serves and employs as the rows of its tables say, and nothing else.

    Status infeasible: the plan breaks a rule. Raises KeyError for a decision that the case does not allow.
    """
    r = Reading(tables)
    most = max((row[c] for table, (_, _, c) in DECISIONS.items() for row in plan[table]), default=0.0)
    books = written(r, max(FAR, 2 * most))
    amounts = {amount for amount, _, _ in DECISIONS.values()}
    fixed: dict[Hashable, float] = {key: 0.0 for key in books.program.at if key[0] in amounts}  # type: ignore[index]
    for table, (amount, names, column) in DECISIONS.items():
        for row in plan[table]:
            key = (amount, *(row[name] for name in names), r.period(row))
            if key not in fixed:
                raise KeyError(key)
            fixed[key] = row[column]
    return _answer(r, books, books.program.solve(fixed))


def _answer(r: Reading, books: Books, found: Solution) -> Answer:
    if found.cost is None:
        return Answer(found.status)
    turned = -found.cost if r.setting("objective", "cost") == "profit" else found.cost
    return Answer("optimal", turned, books.goes_far(found.x))
