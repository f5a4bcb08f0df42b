"""KPIs by hand. The bike plant of plan_samples, traced:

City bike (units)   2026-01  -02  -03  -04  -05  -06      Trekking bike  -01 -02 -03 -04 -05 -06
demand                   60   65   90  120  105   75                      15  20  30  35  30  20
made                     60   75   90   90   95   70                      20  20  30  25  28  20
late at the end           -    -    -   14   24    -                       -   -   -   -   2   -
lost                      -    -    -    -    -   29                       -   -   -   -   -   2
closing                   6   16   16    0    0    0      (opening 10)    10  10  10   0   0   0   (opening 5)

On time: 515 - 14 - 24 - 29 = 448 and 150 - 2 - 2 = 146. The backlog of 4 City bikes is delivered in the first period.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from plan_samples import bikes, infeasible, long, nothing

from equipoise.case import Case
from equipoise.plan import AuditReport, Plan, empty_tables
from equipoise.report import KPIS, kpis

ON_TIME, LATE, LOST, DUE = 448 + 146, 14 + 24 + 2, 29 + 2, 515 + 150
WHEELS = (
    400,
    240,
    330,
    320,
    320,
    304,
    354,
)  # 400 - 160; + 230 + 50 - 190; + 230 - 240; + 230 - 230; + 230 - 246; + 230 - 180
CITY, TREKKING = (10, 6, 16, 16, 0, 0, 0), (5, 10, 10, 10, 0, 0, 0)
HOURS = (60 + 30 + 5, 75 + 30 + 5, 90 + 45 + 5, 90 + 37.5 + 5, 95 + 42 + 5, 70 + 30 + 5)  # assembly, set-ups 2 + 3
WELDING = tuple(0.5 * n for n in (80, 95, 120, 115, 123, 90))


def values(plan: Plan) -> dict[str, float | None]:
    return {k.name: k.value for k in kpis(plan)}


def mean_of_levels(levels: tuple[float, ...]) -> float:
    return (levels[0] / 2 + sum(levels[1:-1]) + levels[-1] / 2) / (len(levels) - 1)


EXPECTED = {
    "volume_fill_rate": ON_TIME / DUE,
    "value_fill_rate": (448 * 400 + 146 * 650) / (515 * 400 + 150 * 650),
    "eventual_fill": (ON_TIME + LATE) / DUE,
    "late_share": LATE / DUE,
    "lost_share": LOST / DUE,
    "waiting_share": 0.0,
    "opening_backlog_served": 1.0,
    "period_service": 7 / 12,  # short: City bike in 3 of 6 periods, Trekking bike in 2
    "backlog_service": 1 - 40 / DUE,
    "average_lateness": 40 / DUE,
    "maximum_lateness": 1.0,
    "average_stock_value": mean_of_levels(CITY) * 210 + mean_of_levels(TREKKING) * 340 + mean_of_levels(WHEELS) * 14,
    "average_stock_quantity": mean_of_levels(CITY) + mean_of_levels(TREKKING) + mean_of_levels(WHEELS),
    "closing_stock_value": 354 * 14,
    "stock_cash_effect": 10 * 210 + 5 * 340 + 400 * 14 - 354 * 14,
    "safety_coverage": 5 / 12,  # 8 wanted: City bike 2 of 6 periods, Trekking bike 3 of 6
    "safety_violation": 2 + 3 * 8 + 3 * 8,
    "utilisation": (sum(HOURS) + sum(WELDING)) / (6 * 130 + 6 * 70),
    "utilisation_with_overtime": (sum(HOURS) + sum(WELDING)) / (6 * 150 + 6 * 70),
    "setup_share": 30 / (sum(HOURS) + sum(WELDING)),
    "overtime_hours": 10 + 2.5 + 12,
    "bottleneck_periods": 0.0,
    "crew_utilisation": sum(WELDING) / (6 * 2 * 70),
    "penalties": 31 * 90 + 40 * 12 + 50 * 1.5,
    "revenue": 400 * (4 + 515 - 29) + 650 * (150 - 2),
    "money_gap": 120.0,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_by_hand(name: str) -> None:
    assert values(bikes())[name] == pytest.approx(EXPECTED[name])


def test_turns_and_days_of_stock() -> None:
    """Half a year: 490 City bikes at 210 and 148 Trekking bikes at 340, twice that in a year."""
    found = values(bikes())
    per_year = 2 * (490 * 210 + 148 * 340)
    assert found["stock_turns"] == pytest.approx(per_year / EXPECTED["average_stock_value"])
    assert found["days_of_stock"] == pytest.approx(365 * EXPECTED["average_stock_value"] / per_year)


def test_money_revenue_and_contribution() -> None:
    plan = bikes()
    found = values(plan)
    assert found["money"] == pytest.approx(plan.objective - EXPECTED["penalties"])
    assert found["contribution"] == pytest.approx(found["revenue"] - found["money"])
    assert found["optimality_gap"] == pytest.approx(120 / plan.objective)


def test_costs_are_positive_in_profit_mode_too() -> None:
    cost, profit = values(bikes()), values(bikes(objective="profit"))
    for name in ("money", "penalties", "revenue", "contribution"):
        assert profit[name] == pytest.approx(cost[name]), name


def test_dividing_by_nothing_is_none() -> None:
    found = values(nothing())
    for name in (
        "volume_fill_rate", "value_fill_rate", "eventual_fill", "late_share", "lost_share", "waiting_share",
        "opening_backlog_served", "period_service", "backlog_service", "average_lateness", "maximum_lateness",
        "average_stock_value", "closing_stock_value", "stock_cash_effect", "stock_turns", "days_of_stock",
        "safety_coverage", "safety_violation", "utilisation", "utilisation_with_overtime", "setup_share",
        "overtime_hours", "bottleneck_periods", "crew_utilisation", "revenue", "contribution",
    ):  # fmt: skip
        assert found[name] is None, name
    assert found["money"] == 0 and found["penalties"] == 0 and found["optimality_gap"] == 0


def test_stock_without_use_turns_never() -> None:
    """Value in stock, nothing delivered: turns 0, days of stock mean nothing."""
    case = _case([("A", 10.0, 3.0)], [("A", "1", 5.0)])
    tables = {**empty_tables(), "stock": _rows(item="A", site="", period=["1", "2"], quantity=3.0, below_safety=0.0)}
    tables["short"] = _rows(item="A", site="", customer=None, due="1", period="1", late=0.0, lost=[5.0])
    found = values(Plan(case, "optimal", 1.0, 1.0, tables, audit=AuditReport()))
    assert found["stock_turns"] == 0
    assert found["days_of_stock"] is None
    assert found["average_stock_value"] == pytest.approx(30)
    assert found["lost_share"] == 1


def test_different_units_are_not_added_up() -> None:
    case = _case([("A", 10.0, 3.0), ("B", 1.0, 3.0)], [("A", "1", 5.0)], units=["kg", "pcs"])
    tables = {**empty_tables(), "stock": _rows(item=["A", "B"], site="", period="1", quantity=3.0)}
    found = {k.name: k for k in kpis(Plan(case, "optimal", 1.0, 1.0, tables))}
    assert found["average_stock_quantity"].value is None
    assert found["average_stock_value"].value is not None
    assert {k.name: k.unit for k in kpis(bikes())}["average_stock_quantity"] == "pcs"


def test_longer_periods_weigh_more() -> None:
    """10 days then 30: stock 4 to 8 to 0, one unit waits over the second period."""
    case = _case([("A", 1.0, 4.0)], [("A", "1", 5.0)], days=[10, 30], shortage="backorder")
    tables = {**empty_tables(), "stock": _rows(item="A", site="", period=["1", "2"], quantity=[8.0, 0.0])}
    tables["short"] = _rows(item="A", site="", customer=None, due="1", period=["1", "2"], late=[1.0, 1.0], lost=0.0)
    found = {k.name: k for k in kpis(Plan(case, "optimal", 1.0, 1.0, tables))}
    assert found["average_stock_value"].value == pytest.approx((6 * 10 + 4 * 30) / 40)
    assert found["average_lateness"].value == pytest.approx((10 + 30) / 5)
    assert found["average_lateness"].unit == "days"
    assert found["maximum_lateness"].value == 40
    assert found["waiting_share"].value == pytest.approx(1 / 5)


def test_a_full_resource_period_is_a_bottleneck() -> None:
    plan = bikes()
    capacity = plan.tables["capacity"].copy()
    capacity.loc[capacity["resource"] == "Welding", "hours"] = [70.0, 69.0, 70.0, 70.0 - 1e-9, 0.0, 0.0]
    found = values(replace(plan, tables={**plan.tables, "capacity": capacity}))
    assert found["bottleneck_periods"] == 3


def test_an_infinite_gap_is_none() -> None:
    assert values(replace(long(2), objective=0.0, bound=-1.0))["optimality_gap"] is None


def test_no_plan_has_no_figures() -> None:
    found = kpis(infeasible())
    assert len(found) == len(KPIS)
    assert all(k.value is None for k in found)


def test_names_are_stable_and_every_definition_is_a_sentence() -> None:
    names = [m.name for m in KPIS]
    assert len(set(names)) == len(names)
    assert all(n.replace("_", "").isalpha() and n.islower() for n in names)
    assert all(m.definition.endswith(".") and m.title for m in KPIS)


def test_money_is_in_the_currency_of_the_case() -> None:
    units = {k.name: k.unit for k in kpis(bikes())}
    assert units["money"] == "EUR" and units["volume_fill_rate"] == "share"
    assert {k.name: k.unit for k in kpis(long(2))}["money"] == "money"


def _case(items: list[tuple[str, float, float]], demand: list[tuple[str, str, float]], units: list[str] | None = None,
          days: list[int] | None = None, **settings: object) -> Case:  # fmt: skip
    """Items as (item, value, opening stock), demand as (item, period, quantity), two periods."""
    given = {"periods": None if days else 2, **settings}
    tables = {
        "settings": pd.DataFrame(
            [(k, v) for k, v in given.items() if v is not None], columns=["key", "value"], dtype=object
        ),
        "items": pd.DataFrame(
            [(i, v, 1.0, 1.0) for i, v, _ in items], columns=["item", "value", "lost_cost", "late_cost"], dtype=object
        ),
        "stock": pd.DataFrame([(i, o) for i, _, o in items], columns=["item", "opening"], dtype=object),
        "demand": pd.DataFrame(demand, columns=["item", "period", "quantity"], dtype=object),
    }
    if units:
        tables["items"]["unit"] = units
    if days:
        tables["periods"] = pd.DataFrame({"period": ["1", "2"], "days": days}, dtype=object)
    return Case.from_tables(tables)


def _rows(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        columns if any(isinstance(v, list) for v in columns.values()) else {k: [v] for k, v in columns.items()}
    )
