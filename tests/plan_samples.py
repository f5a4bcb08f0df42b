# ruff: noqa: E501
"""Plans made by hand, for tests of what people see: numbers that add up, without any solver.

``bikes()`` is a plant that welds frames and assembles bikes, and a depot that sells them. Production is given; deliveries follow first
come, first served. What is late waits one period, then is given up (max_late 1), so late and lost demand both occur.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from equipoise.case import Case
from equipoise.errors import Issue
from equipoise.plan import PLAN_TABLES, AuditReport, Plan, SolveRecord, empty_tables

DEMAND = {
    "City bike": {"North": (40, 45, 60, 80, 70, 50), "South": (20, 20, 30, 40, 35, 25)},
    "Trekking bike": {"North": (15, 20, 30, 35, 30, 20)},
}
MADE = {"City bike": (60, 75, 90, 90, 95, 70), "Trekking bike": (20, 20, 30, 25, 28, 20)}
OPENING = {"City bike": 10.0, "Trekking bike": 5.0}
BACKLOG = {"City bike": 4.0}
PRICE = {"City bike": 400.0, "Trekking bike": 650.0}
HOURS = {"City bike": 1.0, "Trekking bike": 1.5, "Frame": 0.5}
SETUP_HOURS = {"City bike": 2.0, "Trekking bike": 3.0, "Frame": 0.0}
LATE_COST, LOST_COST, UNIT_COST, SETUP_COST, WHEEL_COST, ORDER_COST, FREIGHT = 12.0, 90.0, 55.0, 150.0, 14.0, 40.0, 6.0
HOLDING = {"City bike": 2.0, "Trekking bike": 3.0, "Frame": 0.5, "Wheel": 0.1}
VALUE = {"City bike": 210.0, "Trekking bike": 340.0, "Frame": 60.0, "Wheel": 14.0}
SAFETY = 8.0
SAFETY_COST = 1.5
CAPACITY, OVERTIME, OVERTIME_COST = {"Assembly": 130.0, "Welding": 70.0}, 20.0, 35.0
WORKERS, CREW_HOURS, WAGE = 2.0, 70.0, 1600.0


@dataclass
class Words:
    """The names a sample uses, so that a test can choose awkward ones."""

    names: Mapping[str, str] = field(default_factory=dict)
    currency: str = "EUR"
    title: str = "Bikes, spring"

    def __getitem__(self, name: str) -> str:
        return self.names.get(name, name)


def bikes_case(words: Words | None = None, **settings: object) -> Case:
    """The case of the bike plant: 2 sites, 4 items, 6 months, a bill of materials, a supplier, a lane, two resources, one crew."""
    w = words or Words()
    given = {
        "name": w.title,
        "currency": w.currency,
        "start": "2026-01-01",
        "periods": 6,
        "shortage": "backorder",
        **settings,
    }
    periods = [f"2026-{m:02d}" for m in range(1, 7)]
    return Case.from_tables({
        "settings": _frame(["key", "value"], [(k, pd.Timestamp(v) if k == "start" else v) for k, v in given.items() if v is not None]),
        "items": _frame(["item", "description", "family", "unit", "value", "holding_cost", "price", "lost_cost", "late_cost", "max_late"], [
            (w["City bike"], w["seven gears"], w["Bikes"], w["pcs"], VALUE["City bike"], HOLDING["City bike"], PRICE["City bike"], LOST_COST, LATE_COST, 1),
            (w["Trekking bike"], None, w["Bikes"], w["pcs"], VALUE["Trekking bike"], HOLDING["Trekking bike"], PRICE["Trekking bike"], LOST_COST, LATE_COST, 1),
            (w["Frame"], "steel", "Parts", w["pcs"], VALUE["Frame"], HOLDING["Frame"], None, None, None, None),
            (w["Wheel"], None, "Parts", w["pcs"], VALUE["Wheel"], HOLDING["Wheel"], None, None, None, None)]),
        "sites": _frame(["site", "storage_capacity"], [(w["Plant"], None), (w["Depot"], 60)]),
        "demand": _frame(["item", "site", "period", "customer", "quantity"], [
            (w[i], w["Depot"], p, w[c], float(q)) for i, by in DEMAND.items() for c, qs in by.items() for p, q in zip(periods, qs, strict=True)]),
        "stock": _frame(["item", "site", "opening", "backlog", "safety", "safety_cost"], [
            (w["City bike"], w["Depot"], OPENING["City bike"], BACKLOG["City bike"], SAFETY, SAFETY_COST),
            (w["Trekking bike"], w["Depot"], OPENING["Trekking bike"], None, SAFETY, SAFETY_COST),
            (w["Wheel"], w["Plant"], 400.0, None, None, None)]),
        "resources": _frame(["resource", "site", "capacity", "overtime", "overtime_cost", "crew"], [
            (w["Assembly"], w["Plant"], CAPACITY["Assembly"], OVERTIME, OVERTIME_COST, None),
            (w["Welding"], w["Plant"], CAPACITY["Welding"], None, None, w["Welders"])]),
        "recipes": _frame(["recipe", "item", "site", "unit_cost", "setup_cost"], [
            (w["make City bike"], w["City bike"], w["Plant"], UNIT_COST, SETUP_COST),
            (w["make Trekking bike"], w["Trekking bike"], w["Plant"], UNIT_COST, SETUP_COST),
            (w["make Frame"], w["Frame"], w["Plant"], 20.0, None)]),
        "operations": _frame(["recipe", "resource", "hours", "setup_hours"], [
            (w["make City bike"], w["Assembly"], 1.0, 2.0), (w["make Trekking bike"], w["Assembly"], 1.5, 3.0), (w["make Frame"], w["Welding"], 0.5, 0.0)]),
        "components": _frame(["recipe", "component", "quantity"], [
            (w["make City bike"], w["Frame"], 1.0), (w["make City bike"], w["Wheel"], 2.0),
            (w["make Trekking bike"], w["Frame"], 1.0), (w["make Trekking bike"], w["Wheel"], 2.0)]),
        "crews": _frame(["crew", "workers", "hours", "wage"], [(w["Welders"], WORKERS, CREW_HOURS, WAGE)]),
        "supply": _frame(["supplier", "item", "site", "unit_cost", "lead_time", "order_cost"], [(w["Wheels Ltd"], w["Wheel"], w["Plant"], WHEEL_COST, 1, ORDER_COST)]),
        "receipts": _frame(["item", "site", "period", "quantity"], [(w["Wheel"], w["Plant"], "2026-02", 50.0)]),
        "lanes": _frame(["origin", "destination", "unit_cost"], [(w["Plant"], w["Depot"], FREIGHT)]),
    })  # fmt: skip


def bikes(words: Words | None = None, **settings: object) -> Plan:
    """A plan of ``bikes_case`` whose balances hold and whose cost lines sum to the objective."""
    w = words or Words()
    case = bikes_case(w, **settings)
    rows: dict[str, list[dict[str, object]]] = {table: [] for table in PLAN_TABLES}
    _make_and_buy(case, w, rows)
    _sell(case, w, rows)
    _storage(case, w, rows)
    objective = _costs(case, w, rows)
    tables = {
        **empty_tables(),
        **{t: pd.DataFrame(r, columns=[c.name for c in PLAN_TABLES[t].columns]) for t, r in rows.items() if r},
    }
    bound = objective - 120.0 if case.settings.objective == "cost" else objective + 120.0
    record = SolveRecord(
        {"gap": 0.02, "threads": 1},
        {"solve": 1.25},
        {"equipoise": "0.1.0"},
        "branch and bound",
        ("built", "solved"),
        {"rows": 200},
        ("demand",),
    )
    report = AuditReport((), {"balance": (48, 0.0, "unit"), "capacity": (12, 2e-9, "hours")})
    return Plan(
        case,
        "within_gap",
        objective,
        bound,
        tables,
        audit=report,
        warnings=("The plan may empty the shelves.",),
        record=record,
    )


def _frame(columns: list[str], rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _make_and_buy(case: Case, w: Words, rows: dict[str, list[dict[str, object]]]) -> None:
    plant, names = w["Plant"], case.periods.names
    frames = [sum(MADE[i][t] for i in MADE) for t in range(6)]
    wheels = 400.0
    for t, period in enumerate(names):
        for item in (*MADE, "Frame"):
            quantity = float(MADE[item][t]) if item in MADE else float(frames[t])
            rows["make"].append({"recipe": w[f"make {item}"], "item": w[item], "site": plant, "period": period, "quantity": quantity,
                                 "setup": 1.0 if item in MADE else None, "arrival": period, "output": quantity})  # fmt: skip
            if item in MADE:
                rows["ship"].append(
                    {
                        "origin": plant,
                        "destination": w["Depot"],
                        "item": w[item],
                        "period": period,
                        "quantity": quantity,
                        "arrival": period,
                    }
                )
                rows["stock"].append(_stock(w[item], plant, period, 0.0))
        assembly = sum(MADE[i][t] * HOURS[i] + SETUP_HOURS[i] for i in MADE)
        rows["capacity"].append({"resource": w["Assembly"], "period": period, "hours": assembly, "setup_hours": 5.0,
                                 "overtime": max(0.0, assembly - CAPACITY["Assembly"]), "below_minimum": 0.0})  # fmt: skip
        rows["capacity"].append(
            {
                "resource": w["Welding"],
                "period": period,
                "hours": frames[t] * 0.5,
                "setup_hours": 0.0,
                "overtime": 0.0,
                "below_minimum": 0.0,
            }
        )
        rows["crew"].append(
            {
                "crew": w["Welders"],
                "period": period,
                "workers": WORKERS,
                "hired": 0.0,
                "laid_off": 0.0,
                "hours": frames[t] * 0.5,
                "overtime": 0.0,
            }
        )
        order = 230.0 if t < 5 else 0.0
        if order:
            rows["buy"].append(
                {
                    "supplier": w["Wheels Ltd"],
                    "item": w["Wheel"],
                    "site": plant,
                    "period": period,
                    "quantity": order,
                    "order": 1.0,
                    "arrival": names[t + 1],
                }
            )
        wheels += (230.0 if t else 0.0) + (50.0 if t == 1 else 0.0) - 2.0 * frames[t]
        rows["stock"] += [_stock(w["Frame"], plant, period, 0.0), _stock(w["Wheel"], plant, period, wheels)]


def _stock(item: str, site: str, period: str, quantity: float, below: float = 0.0) -> dict[str, object]:
    return {
        "item": item,
        "site": site,
        "period": period,
        "quantity": quantity,
        "below_safety": below,
        "above_maximum": 0.0,
        "below_final": 0.0,
    }


def _sell(case: Case, w: Words, rows: dict[str, list[dict[str, object]]]) -> None:
    """First come, first served; what waits a second period is given up, and at the end whatever waits."""
    names = case.periods.names
    for item, by in DEMAND.items():
        stock = OPENING[item]
        open_orders = [("", "opening", -1, BACKLOG[item])] if item in BACKLOG else []
        for t, period in enumerate(names):
            stock += MADE[item][t]
            open_orders += [(w[c], period, t, float(q[t])) for c, q in by.items()]
            waiting = []
            for customer, due, due_at, quantity in open_orders:
                key = {"item": w[item], "site": w["Depot"], "customer": customer or None, "due": due, "period": period}
                served = min(stock, quantity)
                stock -= served
                if served:
                    rows["serve"].append({**key, "quantity": served})
                left = quantity - served
                given_up = left if t - due_at >= 1 or t == len(names) - 1 else 0.0
                if left:
                    rows["short"].append({**key, "late": left - given_up, "lost": given_up})
                if left > given_up:
                    waiting.append((customer, due, due_at, left))
            open_orders = waiting
            rows["stock"].append(_stock(w[item], w["Depot"], period, stock, max(0.0, SAFETY - stock)))


def _storage(case: Case, w: Words, rows: dict[str, list[dict[str, object]]]) -> None:
    volume: dict[str, float] = defaultdict(float)
    for r in rows["stock"]:
        if r["site"] == w["Depot"]:
            volume[str(r["period"])] += float(str(r["quantity"]))
    rows["storage"] = [{"site": w["Depot"], "period": p, "volume": volume[p], "above": 0.0} for p in case.periods.names]


def _costs(case: Case, w: Words, rows: dict[str, list[dict[str, object]]]) -> float:
    """The cost lines of the rows, signed for the objective; returns their sum."""
    profit = case.settings.objective == "profit"
    real = {v: k for k, v in w.names.items()}
    amounts: dict[tuple[str, str], float] = defaultdict(float)

    def add(line: str, table: str, amount: object) -> None:
        for r in rows[table]:
            value = amount(r, real.get(str(r.get("item")), str(r.get("item"))))  # type: ignore[operator]
            amounts[line, str(r["period"])] += value

    if profit:
        add("revenue", "serve", lambda r, i: PRICE[i] * r["quantity"])
    add("make", "make", lambda r, i: (20.0 if i == "Frame" else UNIT_COST) * r["quantity"])
    add("setup", "make", lambda r, i: SETUP_COST * (r["setup"] or 0.0))
    add("purchase", "buy", lambda r, i: WHEEL_COST * r["quantity"])
    add("order", "buy", lambda r, i: ORDER_COST)
    add("transport", "ship", lambda r, i: FREIGHT * r["quantity"])
    add("overtime", "capacity", lambda r, i: OVERTIME_COST * r["overtime"])
    add("wages", "crew", lambda r, i: WAGE * r["workers"])
    add("holding", "stock", lambda r, i: HOLDING[i] * r["quantity"])
    add("lost", "short", lambda r, i: LOST_COST * r["lost"])
    add("late", "short", lambda r, i: LATE_COST * r["late"])
    add("below_safety", "stock", lambda r, i: SAFETY_COST * r["below_safety"])
    signed = {k: -v if profit and k[0] != "revenue" else v for k, v in amounts.items() if v}
    rows["costs"] = [{"line": line, "period": p, "amount": v} for (line, p), v in signed.items()]
    return sum(signed.values())


def infeasible() -> Plan:
    """The bike plant when no plan is possible."""
    conflict = Issue(
        "hard-limit",
        "Welding has 70 hours, the frames need 90.",
        "Raise the capacity.",
        "error",
        "resources",
        "capacity",
        "resources!C3",
        "70",
    )
    return Plan(bikes_case(), "infeasible", conflicts=(conflict,))


def nothing() -> Plan:
    """A plan of a case in which nothing happens: no demand, no costs, no rows."""
    case = Case.from_tables({
        "settings": _frame(["key", "value"], [("periods", 2)]),
        "items": _frame(["item"], [("A",)]),
        "demand": _frame(["item", "period", "quantity"], [("A", "1", 0.0)]),
    })  # fmt: skip
    return Plan(case, "optimal", 0.0, 0.0, empty_tables(), audit=AuditReport())


def long(periods: int) -> Plan:
    """One item over many periods, made as it is wanted."""
    names = [f"{n + 1}" for n in range(periods)]
    case = Case.from_tables({
        "settings": _frame(["key", "value"], [("periods", periods)]),
        "items": _frame(["item", "holding_cost", "lost_cost"], [("A", 1, 5)]),
        "demand": _frame(["item", "period", "quantity"], [("A", n, 10.0) for n in names]),
        "recipes": _frame(["recipe", "item", "unit_cost"], [("R", "A", 2)]),
    })  # fmt: skip
    rows = {
        "make": [
            {
                "recipe": "R",
                "item": "A",
                "site": "",
                "period": n,
                "quantity": 10.0,
                "setup": None,
                "lots": None,
                "arrival": n,
                "output": 10.0,
            }
            for n in names
        ],
        "serve": [{"item": "A", "site": "", "customer": None, "due": n, "period": n, "quantity": 10.0} for n in names],
        "stock": [_stock("A", "", n, 0.0) for n in names],
        "costs": [{"line": "make", "period": n, "amount": 20.0} for n in names],
    }
    tables = {
        **empty_tables(),
        **{t: pd.DataFrame(r, columns=[c.name for c in PLAN_TABLES[t].columns]) for t, r in rows.items()},
    }
    return Plan(case, "optimal", 20.0 * periods, 20.0 * periods, tables, audit=AuditReport())
