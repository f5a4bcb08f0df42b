"""The sentences about a plan that the workbook and the terminal share: what was reached, what is proven, in which money."""

from __future__ import annotations

from equipoise.plan import COST_LINES, Plan

STATUS_TITLES = {
    "optimal": "Proven optimal",
    "within_gap": "Within the asked gap",
    "stopped": "Stopped at a limit",
    "infeasible": "No plan is possible",
    "unbounded": "No limit to the profit",
    "unknown": "No plan found yet",
}

LINE_TITLES = {
    "revenue": "Revenue",
    "make": "Production",
    "setup": "Set-ups",
    "purchase": "Purchases",
    "order": "Orders placed",
    "transport": "Transport",
    "overtime": "Overtime",
    "wages": "Wages",
    "hiring": "Hiring",
    "layoff": "Lay-offs",
    "resource": "Resource hours",
    "holding": "Stock holding",
    "storage": "Extra storage",
    "lost": "Lost demand",
    "late": "Late demand",
    "below_safety": "Below safety",
    "above_maximum": "Above maximum",
    "below_final": "Below final",
    "below_minimum": "Below minimum",
    "end_value": "End value",
}

SECTION_TITLES = {"revenue": "Revenue", "money": "Money", "penalty": "Penalties", "credit": "Credit"}
"""Kind of cost line -> heading; in the order of the report."""

END_OF_HORIZON = {
    "none": "no rule: the plan may empty the shelves",
    "opening": "at least the opening stock",
    "value": "a credit at the items' value",
}


def status_title(plan: Plan) -> str:
    """The words for how the solve ended."""
    return "Interrupted" if plan.interrupted and plan.status == "stopped" else STATUS_TITLES[plan.status]


def line_title(line: str) -> str:
    """The words for a cost line."""
    return LINE_TITLES.get(line, line.replace("_", " ").capitalize())


def sections(plan: Plan) -> dict[str, list[tuple[str, float]]]:
    """Kind -> its (line, amount), only kinds with lines; all amounts sum to the objective."""
    found: dict[str, list[tuple[str, float]]] = {}
    lines = plan.cost_lines
    for kind in SECTION_TITLES:
        of_kind = [(line, amount) for line, amount in lines.items() if COST_LINES[line][0] == kind]
        if of_kind:
            found[kind] = of_kind
    return found


def money(amount: float, currency: str = "") -> str:
    """1,234.00 EUR; more digits where two would show nothing."""
    digits = 2 if abs(amount) >= 0.005 or amount == 0 else 6
    return f"{amount:,.{digits}f} {currency}".rstrip()


def share(fraction: float) -> str:
    """0.32 %, with words where two digits would show nothing."""
    if fraction == 0:
        return "0 %"
    return "less than 0.01 %" if abs(fraction) < 0.0001 else f"{fraction * 100:,.2f} %"


def objective_word(plan: Plan) -> str:
    """Cost or Profit."""
    return "Profit" if plan.case.settings.objective == "profit" else "Cost"


def proof_line(plan: Plan) -> str:
    """What is reached and what is proven, in one sentence."""
    currency = plan.case.settings.currency
    profit = plan.case.settings.objective == "profit"
    limit = "no plan can earn more than" if profit else "no plan can cost less than"
    if plan.status == "infeasible":
        return "No plan keeps every hard rule of this case; what collides is listed below."
    if plan.status == "unbounded":
        return "The profit has no limit: something earns money without using up anything that is limited."
    if plan.objective is None:
        known = "" if plan.bound is None else f"; {limit} {money(plan.bound, currency)}"
        ended = "It was interrupted" if plan.interrupted else "The time was up"
        return f"{ended} before any plan was found{known}."
    reached = f"{objective_word(plan)} {money(plan.objective, currency)}"
    if plan.bound is None or plan.gap is None or plan.money_gap is None:
        return f"{reached}; how much better a plan could be is not known."
    if plan.status == "optimal" and round(plan.money_gap, 2) == 0:
        return f"{reached}; no plan can {'earn more' if profit else 'cost less'}."
    better = money(plan.money_gap, currency)
    in_share = f" ({share(plan.gap)})" if plan.gap != float("inf") else ""
    return f"{reached}; {limit} {money(plan.bound, currency)}: at most {better}{in_share} better exists."


def case_title(plan: Plan) -> str:
    """The name of the case."""
    return plan.case.settings.name or "Plan"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def scope_line(plan: Plan) -> str:
    """18 months from 2026-01 to 2027-06, 40 items, 4 sites."""
    case = plan.case
    names = case.periods.names
    kind = case.settings.period if case.periods.starts else "period"
    span = f"{names[0]} to {names[-1]}" if len(names) > 1 else "".join(names)
    parts = [f"{_counted(len(names), kind)}, {span}" if span else "", _counted(len(case.items), "item")]
    if case.sites != ("",):
        parts.append(_counted(len(case.sites), "site"))
    return ", ".join(p for p in parts if p)
