# ruff: noqa: E501
"""The figures a plan is judged by. Each KPI is one line in KPIS with its words; dividing by nothing gives None, never 0 or 100 %."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from equipoise.plan import Plan
from equipoise.report import capacity_figures as capacity
from equipoise.report import money_figures as money
from equipoise.report import service_figures as service
from equipoise.report import stock_figures as stock
from equipoise.report.figures import MONEY, Figures


@dataclass(frozen=True)
class Kpi:
    """One figure of a plan. ``value`` is None where it means nothing for this plan; ``unit`` "share" is a fraction of 1."""

    name: str
    title: str
    value: float | None
    unit: str
    definition: str


@dataclass(frozen=True)
class Measure:
    """How a KPI is worked out, and its words. The unit MONEY stands for the currency of the case, "unit" for the unit of its items."""

    name: str
    title: str
    unit: str
    definition: str
    value: Callable[[Figures], float | None]


SHARE, PERIODS, HOURS = "share", "periods", "hours"
PERIODS_OF_RESOURCES = "times"

KPIS: tuple[Measure, ...] = (
    Measure("volume_fill_rate", "Delivered on time", SHARE, "Demand delivered in the period it was due in, as a share of all demand due in the horizon; quantities are added up whatever their unit.", service.volume_fill_rate),
    Measure("value_fill_rate", "Delivered on time, by value", SHARE, "The same with every quantity times its price; n/a without prices.", service.value_fill_rate),
    Measure("eventual_fill", "Delivered in the end", SHARE, "Demand due in the horizon and delivered on time or late, as a share of all demand due.", service.eventual_fill),
    Measure("late_share", "Delivered late", SHARE, "Demand due in the horizon and delivered after its period, as a share of all demand due.", service.late_share),
    Measure("lost_share", "Lost", SHARE, "Demand due in the horizon and given up, as a share of all demand due.", service.lost_share),
    Measure("waiting_share", "Still waiting at the end", SHARE, "Demand due in the horizon, neither delivered nor given up by its end, as a share of all demand due.", service.waiting_share),
    Measure("opening_backlog_served", "Opening backlog delivered", SHARE, "Demand from before the first period delivered in the horizon, as a share of that backlog; it is in no other service figure but the longest lateness.", service.opening_backlog_served),
    Measure("period_service", "Periods without shortage", SHARE, "Of all periods of every item and site with demand, the share in which nothing waits at the end and nothing is given up (ready rate).", service.period_service),
    Measure("backlog_service", "Service with waiting time", SHARE, "1 - (mean backlog of a period / mean demand of a period): falls with how much waits and how long, may be negative (gamma service level); backorder only.", service.backlog_service),
    Measure("average_lateness", "Average lateness", PERIODS, "Sum over all period ends of what waits, as a share of all demand due: periods that a unit of demand waits on average; in days where the periods have days.", service.average_lateness),
    Measure("maximum_lateness", "Longest lateness", PERIODS, "Longest time any unit has waited by the end of the horizon, opening backlog included from the first period on; in days where the periods have days.", service.maximum_lateness),
    Measure("average_stock_value", "Average stock value", MONEY, "(opening + closing stock) / 2 of every period times the item's value, averaged over the horizon by length of period; items without a value count 0; n/a when none has one.", stock.average_value),
    Measure("average_stock_quantity", "Average stock", "unit", "The same in units; n/a where the items have different units.", stock.average_quantity),
    Measure("closing_stock_value", "Stock value at the end", MONEY, "Closing stock of the last period times the item's value.", stock.closing_value),
    Measure("stock_cash_effect", "Cash freed from stock", MONEY, "Value of the opening stock less that of the closing stock of the last period; negative = cash tied up.", stock.cash_effect),
    Measure("stock_turns", "Stock turns", "per year", "Value of what is delivered in a year at the items' value / average stock value.", stock.turns),
    Measure("days_of_stock", "Days of stock", "days", "365 / stock turns (days inventory outstanding).", stock.days),
    Measure("safety_coverage", "Safety stock kept", SHARE, "Of all item, site and period with a safety stock above 0, the share that closes at it or above.", stock.safety_coverage),
    Measure("safety_violation", "Below safety stock", "unit-periods", "Sum over all period ends of what is missing to the safety stock, whatever the unit.", stock.safety_violation),
    Measure("utilisation", "Utilisation, regular hours", SHARE, "Hours used, set-ups and overtime included, as a share of regular hours, over all resources with a capacity; hours are added up, percentages are not averaged; above 100 % with overtime.", capacity.utilisation),
    Measure("utilisation_with_overtime", "Utilisation with overtime", SHARE, "Hours used as a share of regular hours and the most overtime allowed.", capacity.utilisation_with_overtime),
    Measure("setup_share", "Set-up share", SHARE, "Set-up hours as a share of hours used.", capacity.setup_share),
    Measure("overtime_hours", "Overtime", HOURS, "Overtime of resources and of crews.", capacity.overtime),
    Measure("bottleneck_periods", "Bottleneck periods", PERIODS_OF_RESOURCES, "Number of periods, summed over all open resources with a capacity, in which no hour is left, overtime included.", capacity.bottlenecks),
    Measure("crew_utilisation", "Utilisation of crews", SHARE, "Hours worked by the crews, overtime included, as a share of the regular hours of everybody employed.", capacity.crew_utilisation),
    Measure("money", "Money spent", MONEY, "Sum of the money lines, production to extra storage; costs are positive here also when the objective is profit.", money.spent),
    Measure("penalties", "Penalties", MONEY, "Sum of the penalty lines: what the plan pays for breaking a rule that has a price; nobody sends a bill for it.", money.penalties),
    Measure("revenue", "Revenue", MONEY, "Price of its demand row times what is delivered, also when late; n/a without prices.", money.revenue),
    Measure("contribution", "Contribution", MONEY, "Revenue less money spent; penalties and the value of the final stock are not in it.", money.contribution),
    Measure("optimality_gap", "Gap to the bound", SHARE, "Difference between the objective and the proven bound, as a share of the objective.", money.gap),
    Measure("money_gap", "At most better by", MONEY, "Difference between the objective and the proven bound.", money.money_gap),
)  # fmt: skip
"""Every KPI in the order of the report. Names are stable: JSON readers rely on them."""


def kpis(plan: Plan) -> list[Kpi]:
    """Every KPI of the plan; all n/a when there is no plan."""
    figures = Figures(plan) if plan.has_plan else None
    return [
        Kpi(m.name, m.title, None if figures is None else m.value(figures), _unit(m, plan, figures), m.definition)
        for m in KPIS
    ]


def _unit(measure: Measure, plan: Plan, figures: Figures | None) -> str:
    if measure.unit == MONEY:
        return plan.case.settings.currency or MONEY
    if measure.unit == PERIODS:
        return "days" if figures is not None and figures.has_days else PERIODS
    if measure.unit == "unit":
        return (figures.common_unit if figures is not None else None) or "unit"
    return measure.unit
