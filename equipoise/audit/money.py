"""Rules about money: every cost line recomputed from quantities and prices, and the sum of the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from equipoise.audit.bench import Bench
from equipoise.audit.exact import Factor, Term
from equipoise.audit.row import Place, Row
from equipoise.plan import COST_LINES

Posting = tuple[str, int, Term]
"""Cost line, period, term as it counts in a cost (a credit is negative)."""

_OF_RESOURCES = (
    ("resource", "cost", "hours"),
    ("overtime", "overtime_cost", "overtime"),
    ("below_minimum", "minimum_cost", "below_minimum"),
)
_OF_CREWS = (("wages", "wage", "workers"), ("hiring", "hire_cost", "hired"), ("layoff", "layoff_cost", "laid_off"))
"""Cost line, price in the case, column of the plan."""


def cost_lines(b: Bench) -> Iterator[Row]:
    """Every cost line of every period is what the quantities of the plan cost.

    make, purchase, transport: unit_cost * quantity in the period of the decision; setup, order: cost * flag
    overtime: overtime_cost * overtime of resources + overtime_wage * overtime of crews; resource: cost * hours
    wages: wage * workers; hiring, layoff: cost * people
    holding: rate * closing stock, or rate * (opening + closing stock) / 2 with holding_on = average, where the rate is
    stock_targets.holding_cost, items.holding_cost or holding_rate * value * the period's share of a year
    storage: storage_cost * above; below_safety, above_maximum, below_final, below_minimum: cost * the column of that name
    late: late_cost * what waits at the end of the period; lost: lost_cost in the period given up
    end_value: value * closing stock of the last period of items without stock.final, a credit
    revenue (profit only): the price of the demand's own row * quantity in the period served
    amount[line,t] = the sum, with costs negative where the objective is profit   for each cost line, period   [money]
    """
    found: dict[tuple[str, int], list[Term]] = defaultdict(list)
    for post in (_made, _bought_and_shipped, _resources, _crews, _stock, _last_stock, _demand):
        for line, t, term in post(b):
            found[line, t].append(term)
    stated = {(e.key[0], e.t) for e in b.plan.rows("costs")}
    sign = 1.0 if b.facts.profit else -1.0  # a profit is less by what is spent
    order = {line: n for n, line in enumerate(COST_LINES)}
    for line, t in sorted({*found, *stated}, key=lambda k: (order[k[0]], k[1])):
        key = (line, b.facts.names[t])
        terms = [(b.plan.number("costs", key, "amount"),), *((sign, *term) for term in found.get((line, t), ()))]
        says = "{0} in {1} is {stated}; the quantities of the plan make it {expected}, {amount} {unit} differ"
        yield Row(terms, "=", b.plan.at("costs", key, "amount"), says, key, b.facts.money)


def objective(b: Bench) -> Iterator[Row]:
    """The cost lines add up to the objective.

    objective = sum of amount[line,t] over all lines and periods   [money]
    """
    if b.objective is None:
        return
    terms = [(b.objective,), *((-1.0, e["amount"]) for e in b.plan.rows("costs"))]
    says = "the objective is {stated}; the cost lines add up to {expected}, {amount} {unit} differ"
    yield Row(terms, "=", Place("costs", "amount", None, ()), says, (), b.facts.money)


def _made(b: Bench) -> Iterator[Posting]:
    for e in b.plan.rows("make"):
        name = e.key[:1]
        yield "make", e.t, (b.facts.value("recipes", "unit_cost", name, e.t), e["quantity"])
        yield "setup", e.t, (b.facts.value("recipes", "setup_cost", name, e.t), b.runs(e))


def _bought_and_shipped(b: Bench) -> Iterator[Posting]:
    for e in b.plan.rows("buy"):
        key = e.key[:3]
        yield "purchase", e.t, (b.facts.value("supply", "unit_cost", key, e.t), e["quantity"])
        yield "order", e.t, (b.facts.value("supply", "order_cost", key), b.runs(e))
    for e in b.plan.rows("ship"):
        lane = b.facts.lane(*e.key[:3])
        if lane is not None:
            yield "transport", e.t, (lane["unit_cost"] or 0.0, e["quantity"])


def _resources(b: Bench) -> Iterator[Posting]:
    for e in b.plan.rows("capacity"):
        for line, price, column in _OF_RESOURCES:
            yield line, e.t, (b.facts.value("resources", price, e.key[:1]), e[column])


def _crews(b: Bench) -> Iterator[Posting]:
    for e in b.plan.rows("crew"):
        crew = e.key[:1]
        yield "overtime", e.t, (b.facts.value("crews", "overtime_wage", crew), e["overtime"])
        for line, price, column in _OF_CREWS:
            yield line, e.t, (b.facts.value("crews", price, crew, e.t), e[column])


def _stock(b: Bench) -> Iterator[Posting]:
    average = b.facts.case.settings.holding_on == "average"
    for e in b.plan.rows("stock"):
        key = e.key[:2]
        rate: tuple[Factor, ...] = b.facts.holding_rate(key, e.t)
        if average:
            before = b.stock_entry(key[0], key[1], e.t - 1) if e.t else None
            start = before["quantity"] if before is not None else 0.0 if e.t else b.facts.value("stock", "opening", key)
            yield "holding", e.t, (*rate, 0.5, start)
            yield "holding", e.t, (*rate, 0.5, e["quantity"])
        else:
            yield "holding", e.t, (*rate, e["quantity"])
        for line, price in (("below_safety", "safety_cost"), ("above_maximum", "maximum_cost")):
            yield line, e.t, (b.facts.value("stock", price, key), e[line])
    for e in b.plan.rows("storage"):
        yield "storage", e.t, (b.facts.value("sites", "storage_cost", e.key[:1]), e["above"])


def _last_stock(b: Bench) -> Iterator[Posting]:
    credit = b.facts.case.settings.end_stock == "value"
    for e in b.plan.rows("stock"):
        key = e.key[:2]
        if e.t == b.facts.count - 1:
            yield "below_final", e.t, (b.facts.value("stock", "final_cost", key), e["below_final"])
            if credit and b.facts.get("stock", "final", key) is None:
                yield "end_value", e.t, (-1.0, b.facts.items[key[0]]["value"] or 0.0, e["quantity"])


def _demand(b: Bench) -> Iterator[Posting]:
    for e in b.plan.rows("short"):
        d = b.facts.demand[e.key[:4]]
        yield "late", e.t, (d.late_cost, e["late"])
        yield "lost", e.t, (d.lost_cost or 0.0, e["lost"])
    if b.facts.profit:
        for e in b.plan.rows("serve"):
            yield "revenue", e.t, (-1.0, b.facts.demand[e.key[:4]].price, e["quantity"])


RULES = (cost_lines, objective)
