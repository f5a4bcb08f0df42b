"""Every way of spoiling one cell of a right plan, each with the rules of which one at least must notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from equipoise.audit.bench import Bench
from equipoise.audit.entries import Entry
from equipoise.case import Case
from equipoise.plan import PLAN_TABLES

Tables = Mapping[str, pd.DataFrame]
Spoilt = tuple[str, int, str, dict[str, pd.DataFrame], set[str]]

NUMBERS: dict[tuple[str, str], set[str]] = {
    ("make", "quantity"): {"output"},
    ("make", "output"): {"output"},
    ("buy", "quantity"): {"balance"},
    ("ship", "quantity"): {"balance"},
    ("stock", "quantity"): {"balance"},
    ("stock", "below_safety"): {"safety_stock"},
    ("stock", "above_maximum"): {"maximum_stock"},
    ("stock", "below_final"): {"final_stock"},
    ("serve", "quantity"): {"demand_is_served_or_lost"},
    ("short", "late"): {"demand_is_served_or_lost"},
    ("short", "lost"): {"demand_is_served_or_lost"},
    ("capacity", "hours"): {"hours_add_up"},
    ("capacity", "setup_hours"): {"hours_add_up"},
    ("capacity", "below_minimum"): {"resource_minimum"},
    ("crew", "workers"): {"crew_balance"},
    ("crew", "hired"): {"crew_balance"},
    ("crew", "laid_off"): {"crew_balance"},
    ("crew", "hours"): {"crew_hours_add_up"},
    ("storage", "volume"): {"storage_capacity"},
    ("storage", "above"): {"storage_capacity"},
    ("costs", "amount"): {"cost_lines"},
}
"""Column -> the rule that states its value. Flags, lots and overtime are spoilt by functions of their own."""

MUST = {
    "make": ("quantity", "output"),
    "capacity": ("hours",),
    "crew": ("workers",),
    "storage": ("volume",),
    "costs": ("amount",),
}
"""Columns that may not be blank; in the tables not named, the quantity. The short table has none."""

ELSEWHERE = {
    "make": {"arrival", "known_rows", "one_row_per_key"},
    "buy": {"arrival", "balance", "known_rows", "one_row_per_key"},
    "ship": {"arrival", "balance", "known_rows", "one_row_per_key"},
    "stock": {"one_row_per_key", "stock_is_complete"},
    "serve": {"demand_is_served_or_lost", "served_in_its_window", "known_rows", "one_row_per_key"},
    "short": {"demand_is_served_or_lost", "served_in_its_window", "known_rows", "one_row_per_key"},
    "capacity": {"hours_add_up", "one_row_per_key"},
    "crew": {"crew_balance", "crew_hours_add_up", "one_row_per_key"},
    "storage": {"storage_capacity", "one_row_per_key"},
    "costs": {"cost_lines", "one_row_per_key"},
}
"""Rules that notice a row whose key is that of another item, period, ..."""


def spoilt(case: Case, tables: Tables) -> Iterator[Spoilt]:
    """(table, row, column, spoilt tables, rules) for every cell of a right plan, and for every row left out or doubled.

    Numbers move up and down by ten times the tolerance of the largest row that holds them, or more; flags and lots by one and by
    a half; a name becomes an unknown one and another known one; a number that must be there becomes blank, infinite, text.
    """
    bench = Bench(case, tables, None)
    step = _steps(bench)
    for name in PLAN_TABLES:
        for entry in bench.plan.all[name]:
            changes = (
                *_numbers(bench, entry, step),
                *_flags(bench, entry),
                *_overtime(bench, entry),
                *_names(bench, entry),
                *_blank(entry),
            )
            for column, value, rules in changes:
                yield name, entry.row, column, _with(tables, name, entry.row, column, value), rules
            yield from _rows(tables, entry)


def _steps(bench: Bench) -> dict[str, float]:
    """Ten times the tolerance of the largest row, for money and for all else; a yield below 1 makes the step larger."""
    numbers = [abs(v) for t in PLAN_TABLES if t != "costs" for e in bench.plan.all[t] for v in e.numbers.values()]
    numbers += list(bench.facts.column("demand", "quantity").values())
    uses = [
        q * float(use)
        for e in bench.plan.rows("make")
        for q in (e["quantity"],)
        for _, use in bench.facts.uses[e.key[0]]
    ]
    yields = [bench.yields(e.key[0], e.t) for e in bench.plan.rows("make")]
    money = [abs(e["amount"]) for e in bench.plan.all["costs"]]
    units = 1e-5 * max(1.0, *numbers, *uses) / min(1.0, *yields, 1.0)
    return {"units": units, "money": 1e-4 * max(1.0, *money, 1.0)}


def _with(tables: Tables, name: str, row: int, column: str, value: Any) -> dict[str, pd.DataFrame]:
    frame = tables[name].copy()
    frame[column] = frame[column].astype(object)
    frame.at[frame.index[row], column] = value
    return {**tables, name: frame}


Change = tuple[str, Any, set[str]]


def _numbers(bench: Bench, e: Entry, step: dict[str, float]) -> Iterator[Change]:
    size = step["money" if e.table == "costs" else "units"]
    for (table, column), rules in NUMBERS.items():
        if table != e.table:
            continue
        limits = {"below_safety", "above_maximum", "below_final", "below_minimum", "above"}
        value = e[column]
        yield column, value + size, rules
        if value - size >= 0 or column not in limits:
            below = {"non_negative"} if value - size < 0 and e.table != "costs" else set()
            yield column, value - size, rules | below


def _flags(bench: Bench, e: Entry) -> Iterator[Change]:
    if e.table not in ("make", "buy"):
        return
    make = e.table == "make"
    flag = "setup" if make else "order"
    needs = bench.facts.needs_setup(e.key[0], e.t) if make else bench.facts.needs_order(e.key[:3])
    whole = bench.facts.whole_in(e.t)
    if flag in e.numbers:
        if needs and e["quantity"] > 1e-6:
            yield flag, 0.0, {"make_needs_setup" if make else "order_needs_order"}
            yield flag, None, {"filled_cells"}
        elif needs:
            yield flag, 1.0 - e[flag], {"cost_lines", "hours_add_up", "lot_minimum", "order_minimum"}
        if whole:
            yield flag, 0.5, {"whole_setups"}
        yield flag, 2.0, {"whole_setups"}
        yield flag, -1.0, {"non_negative"}
    if "lots" in e.numbers:
        rule = "lot_multiple" if make else "order_multiple"
        yield "lots", e["lots"] + 1, {rule}
        yield "lots", e["lots"] - 1, {rule}
        if whole:
            yield "lots", e["lots"] + 0.5, {"whole_lots"}
        if e["quantity"] > 1e-6:
            yield "lots", None, {"filled_cells"}


def _overtime(bench: Bench, e: Entry) -> Iterator[Change]:
    if e.table not in ("capacity", "crew"):
        return
    crew = e.table == "crew"
    price = bench.facts.value(*(("crews", "overtime_wage") if crew else ("resources", "overtime_cost")), e.key[:1])
    yield "overtime", e["hours"] + e["overtime"] + 1, {"overtime_is_worked"}
    if price:
        step = 1 + 1e-3 * e["overtime"]
        yield "overtime", e["overtime"] + step, {"cost_lines"}
        if e["overtime"]:
            yield "overtime", 0.0, {"cost_lines"}


def _names(bench: Bench, e: Entry) -> Iterator[Change]:
    case = bench.facts.case
    others = {
        "item": case.items,
        "site": case.sites,
        "period": bench.facts.names,
        "due": bench.facts.names,
        "arrival": bench.facts.names,
        "recipe": sorted(bench.facts.recipes),
        "resource": [k[0] for k in sorted(bench.facts.keys("resources"))],
        "crew": [k[0] for k in sorted(bench.facts.keys("crews"))],
        "supplier": sorted({k[0] for k in bench.facts.keys("supply")}),
        "customer": sorted({k[2] for k in bench.facts.demand}),
        "origin": case.sites,
        "destination": case.sites,
        "line": ["make", "holding", "lost"],
    }
    empty = not any(e.numbers.values())
    for column, name in e.names.items():
        unknown = {"arrival"} if column == "arrival" else {"known_rows"}
        yield column, "no such name", unknown
        if empty and e.table in ("make", "buy", "ship", "serve", "short", "costs"):
            continue  # a row of zeros says nothing, wherever it stands
        rules = (
            {"arrival"}
            if column == "arrival"
            else {"known_rows"}
            if column not in PLAN_TABLES[e.table].key
            else ELSEWHERE[e.table]
        )
        for other in others[column]:
            if other != name:
                yield column, other, rules


def _blank(e: Entry) -> Iterator[Change]:
    for column in () if e.table == "short" else MUST.get(e.table, ("quantity",)):
        for value in (None, float("nan"), float("inf"), "12 pieces"):
            yield column, value, {"filled_cells"}


def _rows(tables: Tables, e: Entry) -> Iterator[Spoilt]:
    """The row doubled, and left out where it says something."""
    frame = tables[e.table]
    double = pd.concat([frame, frame.iloc[[e.row]]], ignore_index=True)
    yield e.table, len(frame), "", {**tables, e.table: double}, {"one_row_per_key"}
    if any(e.numbers.values()) or e.table == "stock":
        rules = {
            "make": {"balance", "make_needs_setup", "cost_lines", "hours_add_up"},
            "buy": {"balance", "cost_lines"},
            "ship": {"balance"},
            "stock": {"stock_is_complete"},
        }.get(e.table, ELSEWHERE[e.table] - {"known_rows", "one_row_per_key"})
        yield e.table, e.row, "", {**tables, e.table: frame.drop(index=frame.index[e.row])}, rules
