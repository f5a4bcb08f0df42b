"""A whole plan from a few decisions: everything else in it follows, period by period, in plain loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd
from hand import plan

from equipoise.case import Case

Decisions = Mapping[str, Mapping[tuple[str, ...], Any]]


def derive(case: Case, decisions: Decisions) -> tuple[dict[str, pd.DataFrame], float]:
    """Plan tables and objective.

    ``decisions``: make[recipe, period] = quantity, buy[supplier, item, site, period] = quantity,
    ship[origin, destination, item, period] = quantity, serve[item, site, customer, due, period] = quantity,
    lost[item, site, customer, due, period] = quantity, crew[crew, period] = (hired, laid off, overtime),
    overtime[resource, period] = hours.
    """
    d = {k: decisions.get(k, {}) for k in ("make", "buy", "ship", "serve", "lost", "crew", "overtime")}
    money: dict[tuple[str, str], float] = defaultdict(float)
    flow: dict[tuple[str, str, str], float] = defaultdict(float)
    tables = {
        "make": _make(case, d["make"], money, flow),
        "buy": _buy(case, d["buy"], money, flow),
        "ship": _ship(case, d["ship"], money, flow),
        "serve": _serve(case, d["serve"], money, flow),
        "short": _short(case, d["serve"], d["lost"], money),
    }
    tables["stock"] = _stock(case, flow, money)
    tables["storage"] = _storage(case, tables["stock"], money)
    tables["capacity"] = _capacity(case, d["make"], d["overtime"], money)
    tables["crew"] = _crew(case, d["crew"], tables["capacity"], money)
    sign = -1.0 if case.settings.objective == "profit" else 1.0
    credit = {"revenue", "end_value"}
    costs = [
        {"line": line, "period": p, "amount": sign * (-v if line in credit else v)}
        for (line, p), v in money.items()
        if v and (line != "revenue" or sign < 0)
    ]
    return plan(**tables, costs=costs), sum(row["amount"] for row in costs)


def _by(case: Case, table: str, *key: str) -> dict[Any, dict[str, Any]]:
    return {tuple(r[k] or "" for k in key): r for r in case.records(table)}


def _later(case: Case, period: str, lead: float | None) -> str | None:
    return case.periods.shift(period, int(lead or 0))


def _dated(main: dict[str, Any], calendar: dict[Any, dict[str, Any]], key: tuple[str, ...], column: str) -> Any:
    row = calendar.get(key)
    return row[column] if row is not None and row[column] is not None else main[column]


def _has_setup(case: Case, recipe: dict[str, Any]) -> bool:
    name = recipe["recipe"]
    hours = any(r["setup_hours"] for r in case.records("operations") if r["recipe"] == name)
    calendar = any(r["setup_cost"] for r in case.records("recipe_calendar") if r["recipe"] == name)
    return bool(recipe["setup_cost"] or recipe["lot_min"] or hours or calendar)


def _make(case: Case, decided: Any, money: Any, flow: Any) -> list[dict[str, Any]]:
    recipes, calendar = _by(case, "recipes", "recipe"), _by(case, "recipe_calendar", "recipe", "period")
    rows = []
    for (name, period), q in decided.items():
        r = recipes[name,]
        share = _dated(r, calendar, (name, period), "yield")
        output = q * (1.0 if share is None else share)
        arrival = _later(case, period, r["lead_time"])
        has = _has_setup(case, r)
        rows.append(
            {
                "recipe": name,
                "item": r["item"],
                "site": r["site"],
                "period": period,
                "quantity": q,
                "setup": 1.0 if has else None,
                "lots": q / r["lot_multiple"] if r["lot_multiple"] else None,
                "arrival": arrival,
                "output": output,
            }
        )
        flow[r["item"], r["site"], arrival] += output
        for c in case.records("components"):
            if c["recipe"] == name:
                flow[c["component"], r["site"], period] -= q * c["quantity"] * (1 + (c["scrap"] or 0))
        money["make", period] += q * (_dated(r, calendar, (name, period), "unit_cost") or 0)
        if has:
            money["setup", period] += _dated(r, calendar, (name, period), "setup_cost") or 0
    return rows


def _buy(case: Case, decided: Any, money: Any, flow: Any) -> list[dict[str, Any]]:
    supply = _by(case, "supply", "supplier", "item", "site")
    calendar = _by(case, "supply_calendar", "supplier", "item", "site", "period")
    rows = []
    for (supplier, item, site, period), q in decided.items():
        r = supply[supplier, item, site]
        has = bool(r["order_cost"] or r["lot_min"])
        arrival = _later(case, period, r["lead_time"])
        rows.append(
            {
                "supplier": supplier,
                "item": item,
                "site": site,
                "period": period,
                "quantity": q,
                "order": 1.0 if has else None,
                "lots": q / r["lot_multiple"] if r["lot_multiple"] else None,
                "arrival": arrival,
            }
        )
        flow[item, site, arrival] += q
        money["purchase", period] += q * (_dated(r, calendar, (supplier, item, site, period), "unit_cost") or 0)
        money["order", period] += r["order_cost"] or 0
    return rows


def _ship(case: Case, decided: Any, money: Any, flow: Any) -> list[dict[str, Any]]:
    lanes = _by(case, "lanes", "origin", "destination", "item")
    rows = []
    for (origin, destination, item, period), q in decided.items():
        r = lanes.get((origin, destination, item)) or lanes[origin, destination, ""]
        arrival = _later(case, period, r["lead_time"])
        rows.append(
            {
                "origin": origin,
                "destination": destination,
                "item": item,
                "period": period,
                "quantity": q,
                "arrival": arrival,
            }
        )
        flow[item, origin, period] -= q
        flow[item, destination, arrival] += q
        money["transport", period] += q * (r["unit_cost"] or 0)
    return rows


def _terms(case: Case, key: tuple[str, ...]) -> dict[str, float]:
    """Quantity, price, lost_cost and late_cost of a demand."""
    item = _by(case, "items", "item")[key[0],]
    if key[3] == "opening":
        row = {"quantity": _by(case, "stock", "item", "site")[key[:2]]["backlog"]}
    else:
        row = _by(case, "demand", "item", "site", "customer", "period")[key]
    own = {c: row.get(c) if row.get(c) is not None else item[c] for c in ("price", "lost_cost", "late_cost")}
    if own["lost_cost"] is None:
        own["lost_cost"] = 0.0 if case.settings.objective == "profit" else own["price"]
    return {"quantity": row["quantity"], **{k: v or 0.0 for k, v in own.items()}}


def _serve(case: Case, decided: Any, money: Any, flow: Any) -> list[dict[str, Any]]:
    rows = []
    for key, q in decided.items():
        item, site, customer, due, period = key
        rows.append(
            {"item": item, "site": site, "customer": customer or None, "due": due, "period": period, "quantity": q}
        )
        flow[item, site, period] -= q
        money["revenue", period] += q * _terms(case, key[:4])["price"]
    return rows


def _short(case: Case, serve: Any, lost: Any, money: Any) -> list[dict[str, Any]]:
    keys = [(r["item"], r["site"], r["customer"] or "", r["period"]) for r in case.records("demand")]
    if case.settings.shortage == "backorder":
        keys += [(r["item"], r["site"], "", "opening") for r in case.records("stock") if r["backlog"]]
    rows = []
    for key in keys:
        terms = _terms(case, key)
        waiting = terms["quantity"]
        for t, period in enumerate(case.periods.names):
            if t < case.periods.index.get(key[3], -1):
                continue
            gone = lost.get((*key, period), 0.0)
            waiting -= serve.get((*key, period), 0.0) + gone
            if waiting or gone:
                rows.append(
                    {
                        "item": key[0],
                        "site": key[1],
                        "customer": key[2] or None,
                        "due": key[3],
                        "period": period,
                        "late": waiting,
                        "lost": gone,
                    }
                )
            money["late", period] += waiting * terms["late_cost"]
            money["lost", period] += gone * terms["lost_cost"]
    return rows


def _stock(case: Case, flow: Any, money: Any) -> list[dict[str, Any]]:
    limits, targets = _by(case, "stock", "item", "site"), _by(case, "stock_targets", "item", "site", "period")
    for r in case.records("receipts"):
        flow[r["item"], r["site"], r["period"]] += r["quantity"]
    keys = sorted({k[:2] for k in flow} | set(limits))
    blank = dict.fromkeys(("opening", "safety", "safety_cost", "maximum", "maximum_cost", "final", "final_cost"))
    rows = []
    for key in keys:
        r = limits.get(key, blank)
        before = quantity = r["opening"] or 0.0
        for t, period in enumerate(case.periods.names):
            before, quantity = quantity, quantity + flow[*key, period]
            target = targets.get((*key, period), {})
            safety = target.get("safety") if target.get("safety") is not None else r["safety"] or 0.0
            maximum = target.get("maximum") if target.get("maximum") is not None else r["maximum"]
            below = max(0.0, safety - quantity) if r["safety_cost"] is not None else 0.0
            above = max(0.0, quantity - maximum) if maximum is not None and r["maximum_cost"] is not None else 0.0
            last = t == len(case.periods) - 1
            final = (
                max(0.0, (r["final"] or 0.0) - quantity)
                if last and r["final_cost"] is not None
                else None
                if not last
                else 0.0
            )
            rows.append(
                {
                    "item": key[0],
                    "site": key[1],
                    "period": period,
                    "quantity": quantity,
                    "below_safety": below,
                    "above_maximum": above,
                    "below_final": final,
                }
            )
            item = _by(case, "items", "item")[key[0],]
            rate = target.get("holding_cost")
            rate = item["holding_cost"] if rate is None else rate
            if rate is None:
                rate = (case.settings.holding_rate or 0) * (item["value"] or 0) * case.periods.year_share(t)
            held = (before + quantity) / 2 if case.settings.holding_on == "average" else quantity
            money["holding", period] += rate * held
            money["below_safety", period] += below * (r["safety_cost"] or 0)
            money["above_maximum", period] += above * (r["maximum_cost"] or 0)
            money["below_final", period] += (final or 0) * (r["final_cost"] or 0)
            if last and case.settings.end_stock == "value" and r["final"] is None:
                money["end_value", period] += quantity * (item["value"] or 0)
    return rows


def _storage(case: Case, stock: list[dict[str, Any]], money: Any) -> list[dict[str, Any]]:
    rows = []
    volumes = {r["item"]: 1.0 if r["volume"] is None else r["volume"] for r in case.records("items")}
    for site in case.records("sites"):
        if site["storage_capacity"] is None:
            continue
        for period in case.periods.names:
            here = [r for r in stock if r["site"] == site["site"] and r["period"] == period]
            volume = sum(volumes[r["item"]] * r["quantity"] for r in here)
            above = max(0.0, volume - site["storage_capacity"]) if site["storage_cost"] is not None else 0.0
            rows.append({"site": site["site"], "period": period, "volume": volume, "above": above})
            money["storage", period] += above * (site["storage_cost"] or 0)
    return rows


def _capacity(case: Case, make: Any, overtime: Any, money: Any) -> list[dict[str, Any]]:
    recipes = _by(case, "recipes", "recipe")
    rows = []
    for r in case.records("resources"):
        for period in case.periods.names:
            hours = setups = 0.0
            for o in case.records("operations"):
                q = make.get((o["recipe"], period))
                if o["resource"] == r["resource"] and q is not None:
                    hours += q * (o["hours"] or 0)
                    setups += (o["setup_hours"] or 0) if _has_setup(case, recipes[o["recipe"],]) else 0
            extra = overtime.get((r["resource"], period), 0.0)
            below = max(0.0, (r["minimum"] or 0) - hours - setups) if r["minimum_cost"] is not None else 0.0
            closed = any(
                c["open"] == 0
                for c in case.records("calendar")
                if (c["resource"], c["period"]) == (r["resource"], period)
            )
            below = 0.0 if closed else below
            rows.append(
                {
                    "resource": r["resource"],
                    "period": period,
                    "hours": hours + setups,
                    "setup_hours": setups,
                    "overtime": extra,
                    "below_minimum": below,
                }
            )
            money["resource", period] += (hours + setups) * (r["cost"] or 0)
            money["overtime", period] += extra * (r["overtime_cost"] or 0)
            money["below_minimum", period] += below * (r["minimum_cost"] or 0)
    return rows


def _crew(case: Case, decided: Any, capacity: list[dict[str, Any]], money: Any) -> list[dict[str, Any]]:
    calendar = _by(case, "crew_calendar", "crew", "period")
    rows = []
    for c in case.records("crews"):
        workers = c["workers"] or 0.0
        resources = {r["resource"] for r in case.records("resources") if r["crew"] == c["crew"]}
        for period in case.periods.names:
            hired, laid_off, extra = decided.get((c["crew"], period), (0.0, 0.0, 0.0))
            workers += hired - laid_off
            hours = sum(r["hours"] for r in capacity if r["resource"] in resources and r["period"] == period)
            rows.append(
                {
                    "crew": c["crew"],
                    "period": period,
                    "workers": workers,
                    "hired": hired,
                    "laid_off": laid_off,
                    "hours": hours,
                    "overtime": extra,
                }
            )
            for line, column, amount in (
                ("wages", "wage", workers),
                ("hiring", "hire_cost", hired),
                ("layoff", "layoff_cost", laid_off),
            ):
                money[line, period] += amount * (_dated(c, calendar, (c["crew"], period), column) or 0)
            money["overtime", period] += extra * (c["overtime_wage"] or 0)
    return rows
