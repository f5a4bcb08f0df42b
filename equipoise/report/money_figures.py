"""Money and penalties, apart; revenue; how far the plan can be from the best."""

from __future__ import annotations

import math

from equipoise.plan import COST_LINES
from equipoise.report.figures import Figures


def _cost(f: Figures, kind: str) -> float:
    """Sum of the lines of one kind, costs positive."""
    sign = -1.0 if f.plan.case.settings.objective == "profit" else 1.0
    return sign * sum(amount for line, amount in f.plan.cost_lines.items() if COST_LINES[line][0] == kind) + 0.0


def spent(f: Figures) -> float | None:
    """Money lines."""
    return _cost(f, "money")


def penalties(f: Figures) -> float | None:
    """Penalty lines."""
    return _cost(f, "penalty")


def revenue(f: Figures) -> float | None:
    """Price of what is delivered, whatever the objective."""
    if not f.facts.has_money:
        return None
    return sum(
        (f.facts.of_demand("price", r["item"], r["site"], r["customer"], r["due"]) or 0.0) * r["quantity"]
        for r in f.rows["serve"]
    )


def contribution(f: Figures) -> float | None:
    """Revenue less money spent."""
    earned = revenue(f)
    return None if earned is None else earned - _cost(f, "money")


def gap(f: Figures) -> float | None:
    """The gap as a fraction of the objective."""
    fraction = f.plan.gap
    return None if fraction is None or not math.isfinite(fraction) else fraction


def money_gap(f: Figures) -> float | None:
    """The gap as an amount."""
    return f.plan.money_gap
