"""One sheet for each table of the plan: its own columns, and beside them columns for people worked out from the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from equipoise.io.planbook.book import Book, decimals
from equipoise.io.planbook.tables import Column, Value, write_table
from equipoise.io.planfacts import Facts, rows
from equipoise.plan import COST_LINES, PLAN_TABLES, Plan, PlanColumn, PlanTable

Row = dict[str, Any]
ALERTS = {"below_safety", "above_maximum", "below_final", "below_minimum", "above", "lost", "late"}
"""Columns in which anything above 0 breaks a rule that has a price."""


def header(column: PlanColumn, currency: str) -> str:
    """The header of a plan column: its name, with the unit in brackets."""
    unit = (currency or "money") if column.unit == "money" else column.unit
    return f"{column.name} [{unit}]" if unit else column.name


def write_results(book: Book, plan: Plan, facts: Facts, digits: dict[str, int]) -> None:
    """Every plan table that has rows. ``digits`` gives the decimals of each item's quantities."""
    for table in PLAN_TABLES.values():
        found = list(rows(plan, table.name))
        if found:
            own = [_own(c, table, found, plan.case.settings.currency, digits) for c in table.columns]
            write_table(book, table.sheet, [*own, *_for_people(table, found, facts, digits)])


def _own(column: PlanColumn, table: PlanTable, found: list[Row], currency: str, digits: dict[str, int]) -> Column:
    values: list[Value] = [r[column.name] for r in found]
    if column.kind in ("name", "period", "text"):
        return Column(header(column, currency), values, key=column.key)
    numbers: list[Value] = [None if v is None else float(v) for v in values]
    by_item = [digits[r["item"]] for r in found] if column.unit == "unit" and "item" in found[0] else ()
    fixed = 2 if column.unit == "money" else None
    alert = column.name in ALERTS
    return Column(
        header(column, currency), numbers, "number", key=column.key, row_digits=by_item, digits=fixed, alert=alert
    )


# --- columns for people ------------------------------------------------------------------------------------------------------------


def _for_people(table: PlanTable, found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    extra = _EXTRA.get(table.name)
    items: list[Column] = []
    if "item" in found[0]:
        items = [
            _text("unit", [facts.unit(r["item"]) for r in found]),
            _text("description", [_about(facts, r) for r in found]),
        ]
    further = extra(found, facts, digits) if extra else []
    return [c for c in (*further, *items) if any(v not in (None, "") for v in c.values)]


def _about(facts: Facts, row: Row) -> str:
    return str(facts.items.get(row["item"], {}).get("description") or "")


def _text(header: str, values: Sequence[Value]) -> Column:
    return Column(f"({header})", values, for_people=True)


def _money(header: str, facts: Facts, values: Sequence[float]) -> Column:
    digits = 2 if max((abs(v) for v in values), default=0.0) < 1_000_000 else 0
    return Column(
        f"({header}, {facts.case.settings.currency or 'money'})", values, "number", for_people=True, digits=digits
    )


def _number(header: str, values: Sequence[Value], row_digits: Sequence[int] = ()) -> Column:
    return Column(f"({header})", values, "number", for_people=True, row_digits=row_digits)


def _use(header: str, used: str, table: str, found: list[Row], limits: Sequence[Value], place: int) -> Column:
    """used / most as a live formula; ``place`` is the position of the column with the limits."""
    names = [c.name for c in PLAN_TABLES[table].columns]
    hours, limit_at = xl_col_to_name(names.index(used)), xl_col_to_name(place)
    values: list[Value] = [
        float(r[used] or 0.0) / limit if isinstance(limit, float) and limit else None
        for r, limit in zip(found, limits, strict=True)
    ]

    def formula(row: int) -> str:
        return f'=IF(N({limit_at}{row})=0,"",{hours}{row}/{limit_at}{row})'

    return Column(f"({header})", values, "share", for_people=True, alert=True, formula=formula)


def _make(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    return [_money("cost with set-up", facts, [
        (r["quantity"] or 0.0) * facts.of_recipe("unit_cost", r["recipe"], r["period"])
        + (r["setup"] or 0.0) * facts.of_recipe("setup_cost", r["recipe"], r["period"])
        for r in found
    ])]  # fmt: skip


def _buy(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    prices = [facts.purchase_cost(r["supplier"], r["item"], r["site"], r["period"]) for r in found]
    costs = [
        (r["quantity"] or 0.0) * unit_cost + (r["order"] or 0.0) * order_cost
        for r, (unit_cost, order_cost) in zip(found, prices, strict=True)
    ]
    return [_money("cost with order", facts, costs)]


def _ship(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    costs = [(r["quantity"] or 0.0) * facts.transport_cost(r["origin"], r["destination"], r["item"]) for r in found]
    return [_money("cost", facts, costs)]


def _stock(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    by_item = [digits[r["item"]] for r in found]
    limits = {
        c: [facts.stock_limit(c, r["item"], r["site"], r["period"]) for r in found] for c in ("safety", "maximum")
    }
    columns = [_number(f"{c} stock", values, by_item) for c, values in limits.items()]
    if facts.case.has_value("items", "value"):
        columns.append(_money("value", facts, [(r["quantity"] or 0.0) * facts.value(r["item"]) for r in found]))
    return columns


def _serve(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    place = facts.case.periods.index
    late: list[Value] = [
        None if r["due"] == r["period"] else float(place[r["period"]] - place.get(r["due"], -1)) for r in found
    ]
    columns = [_number("periods late", late)]
    if facts.has_money:
        prices = [facts.of_demand("price", r["item"], r["site"], r["customer"], r["due"]) or 0.0 for r in found]
        columns.append(_money("revenue", facts, [r["quantity"] * p for r, p in zip(found, prices, strict=True)]))
    return columns


def _short(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    """What each row costs: the late units of its period end, and the units given up."""
    late, lost = [], []
    for r in found:
        demand = (r["item"], r["site"], r["customer"], r["due"])
        late.append((r["late"] or 0.0) * (facts.of_demand("late_cost", *demand) or 0.0))
        lost.append((r["lost"] or 0.0) * facts.lost_cost(*demand))
    return [_money("cost of late", facts, late), _money("cost of lost", facts, lost)]


def _capacity(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    regular: list[Value] = [facts.regular_hours(r["resource"], r["period"]) for r in found]
    most: list[Value] = [
        None if hours is None else float(hours) + facts.overtime_hours(r["resource"], r["period"])
        for r, hours in zip(found, regular, strict=True)
    ]
    first = len(PLAN_TABLES["capacity"].columns)
    return [
        _number("regular hours", regular),
        _number("with most overtime", most),
        _use("utilisation", "hours", "capacity", found, regular, first),
    ]


def _crew(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    paid: list[Value] = [(r["workers"] or 0.0) * facts.hours_of_worker(r["crew"], r["period"]) for r in found]
    first = len(PLAN_TABLES["crew"].columns)
    return [_number("regular hours", paid), _use("utilisation", "hours", "crew", found, paid, first)]


def _storage(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    rooms: list[Value] = [facts.rooms.get(r["site"]) for r in found]
    first = len(PLAN_TABLES["storage"].columns)
    return [_number("capacity", rooms), _use("use", "volume", "storage", found, rooms, first)]


def _costs(found: list[Row], facts: Facts, digits: dict[str, int]) -> list[Column]:
    return [
        _text("kind", [COST_LINES[r["line"]][0] for r in found]),
        _text("meaning", [COST_LINES[r["line"]][1] for r in found]),
    ]


_EXTRA: dict[str, Callable[[list[Row], Facts, dict[str, int]], list[Column]]] = {
    "make": _make,
    "buy": _buy,
    "ship": _ship,
    "stock": _stock,
    "serve": _serve,
    "short": _short,
    "capacity": _capacity,
    "crew": _crew,
    "storage": _storage,
    "costs": _costs,
}


def item_decimals(plan: Plan) -> dict[str, int]:
    """Decimals of each item's quantities, over all sheets."""
    found: dict[str, list[float]] = {}
    for table in ("make", "buy", "ship", "stock", "serve", "short"):
        for r in rows(plan, table):
            values = (r.get(c) for c in ("quantity", "late", "lost", "output"))
            found.setdefault(r["item"], []).extend(v for v in values if v)
    return {item: decimals(found.get(item, ())) for item in {*plan.case.items, *found}}
