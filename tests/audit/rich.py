"""A small case in which every table and nearly every column has a value, with a plan that keeps every rule."""
# ruff: noqa: E501  (tables of data, one row a line)

from __future__ import annotations

from typing import Any

import pandas as pd
from derive import derive
from hand import raw

from equipoise.case import Case

PERIODS = ("1", "2", "3", "4")


def rich(**settings: Any) -> tuple[Case, dict[str, pd.DataFrame], float]:
    """Case, plan tables and objective. ``settings`` replace those of the base: cost, backorder, holding on the average."""
    given = {"periods": 4, "currency": "EUR", "shortage": "backorder", "holding_on": "average", "holding_rate": 0.24}
    tables = _tables(settings.get("shortage", "backorder") == "backorder")
    made = Case.from_tables(raw({**given, **settings}, **tables))
    return made, *derive(made, _decisions(made))


def _tables(backorder: bool) -> dict[str, list[dict[str, Any]]]:
    return {
        "items": [
            {"item": "bike", "unit": "pieces", "whole": 1, "value": 60, "price": 100, "volume": 2, "lost_cost": 70, "late_cost": 3},
            {"item": "frame", "value": 20, "holding_cost": 0.25, "volume": 0.5},
            {"item": "paint", "unit": "litres", "value": 4, "holding_cost": 0.1, "late_cost": 1},
        ],
        "sites": [
            {"site": "Plant", "storage_capacity": 400},
            {"site": "Depot", "storage_capacity": 30, "storage_cost": 1.5},
        ],
        "demand": [
            {"item": "bike", "site": "Depot", "period": "1", "quantity": 12, "customer": "X"},
            {"item": "bike", "site": "Depot", "period": "2", "quantity": 20, "customer": "X", "price": 120, "late_cost": 4, "max_late": 2},
            {"item": "bike", "site": "Depot", "period": "3", "quantity": 15},
            {"item": "bike", "site": "Depot", "period": "4", "quantity": 10, "customer": "X", "lost_cost": 55},
            {"item": "paint", "site": "Plant", "period": "2", "quantity": 2.5, "price": 9},
        ],
        "stock": [
            {"item": "bike", "site": "Depot", "opening": 18, "backlog": 4 if backorder else None, "safety": 5, "safety_cost": 2, "final": 10, "final_cost": 7},
            {"item": "frame", "site": "Plant", "opening": 60, "safety": 3, "maximum": 70, "maximum_cost": 0.5},
            {"item": "paint", "site": "Plant", "opening": 30, "maximum": 80},
        ],
        "stock_targets": [{"item": "bike", "site": "Depot", "period": "3", "safety": 9, "holding_cost": 0.75}],
        "resources": [
            {"resource": "welder", "site": "Plant", "capacity": 18, "overtime": 6, "overtime_cost": 11, "cost": 3, "minimum": 8, "minimum_cost": 2.5},
            {"resource": "line", "site": "Plant", "crew": "team"},
        ],
        "calendar": [{"resource": "welder", "period": "2", "capacity": 20}, {"resource": "welder", "period": "4", "open": 0}],
        "recipes": [
            {"recipe": "build", "item": "bike", "site": "Plant", "unit_cost": 5, "lead_time": 1, "yield": 0.9, "setup_cost": 40, "lot_min": 10, "lot_multiple": 5, "lot_max": 40},
            {"recipe": "weld", "item": "frame", "site": "Plant", "unit_cost": 2, "minimum": 2},
        ],
        "recipe_calendar": [
            {"recipe": "build", "period": "2", "unit_cost": 6, "setup_cost": 45, "yield": 0.8, "maximum": 35},
            {"recipe": "weld", "period": "3", "open": 0},
        ],
        "operations": [
            {"recipe": "build", "resource": "welder", "hours": 0.5, "setup_hours": 1.5},
            {"recipe": "build", "resource": "line", "hours": 1.25, "setup_hours": 2},
            {"recipe": "weld", "resource": "line", "hours": 0.1},
        ],
        "components": [
            {"recipe": "build", "component": "frame", "quantity": 1, "scrap": 0.05},
            {"recipe": "build", "component": "paint", "quantity": 0.3},
        ],
        "crews": [
            {"crew": "team", "workers": 3, "hours": 10, "wage": 200, "overtime": 2, "overtime_wage": 25, "hire_cost": 80, "layoff_cost": 60, "hire_max": 2, "layoff_share": 0.5,
             "minimum": 1, "maximum": 6, "minimum_use": 0.005, "whole": 1},
        ],
        "crew_calendar": [{"crew": "team", "period": "2", "hours": 9, "wage": 190, "maximum": 5}],
        "supply": [
            {"supplier": "Frames Ltd", "item": "frame", "site": "Plant", "unit_cost": 18, "lead_time": 1, "order_cost": 30, "lot_min": 20, "lot_multiple": 10, "lot_max": 50, "capacity": 60},
            {"supplier": "Paints Ltd", "item": "paint", "site": "Plant", "unit_cost": 4},
        ],
        "supply_calendar": [{"supplier": "Paints Ltd", "item": "paint", "site": "Plant", "period": "1", "capacity": 25, "unit_cost": 3.5}],
        "receipts": [{"item": "frame", "site": "Plant", "period": "1", "quantity": 6, "kind": "purchase"}],
        "lanes": [
            {"origin": "Plant", "destination": "Depot", "unit_cost": 0.5, "capacity": 30},
            {"origin": "Plant", "destination": "Depot", "item": "paint", "unit_cost": 0.2, "lead_time": 1, "capacity": 8},
        ],
    }  # fmt: skip


def _decisions(made: Case) -> dict[str, dict[tuple[str, ...], Any]]:
    """Served and given up by hand; with shortage = lost the late deliveries are given up when due."""
    x = ("bike", "Depot", "X")
    serve = {(*x, "1", "1"): 12.0, (*x, "2", "2"): 6.0, ("bike", "Depot", "", "3", "3"): 15.0, (*x, "4", "4"): 8.0, ("paint", "Plant", "", "2", "2"): 2.5}  # fmt: skip
    lost = {(*x, "4", "4"): 2.0}
    if made.settings.shortage == "backorder":
        serve |= {("bike", "Depot", "", "opening", "2"): 3.0, (*x, "2", "3"): 10.0}
        lost |= {("bike", "Depot", "", "opening", "3"): 1.0, (*x, "2", "4"): 4.0}
    else:
        lost |= {(*x, "2", "2"): 14.0}
    return {
        "make": {("build", "1"): 25.0, ("build", "2"): 30.0, ("weld", "1"): 2.0, ("build", "3"): 10.0, ("weld", "2"): 2.0, ("weld", "4"): 8.0},
        "buy": {("Frames Ltd", "frame", "Plant", "2"): 30.0, ("Paints Ltd", "paint", "Plant", "1"): 12.5},
        "ship": {("Plant", "Depot", "bike", "2"): 22.0, ("Plant", "Depot", "bike", "3"): 17.0, ("Plant", "Depot", "paint", "1"): 4.0},
        "serve": serve,
        "lost": lost,
        "overtime": {("welder", "2"): 0.0},
        "crew": {("team", "1"): (1.0, 0.0, 0.0), ("team", "2"): (0.0, 0.0, 3.7), ("team", "3"): (0.0, 2.0, 0.0)},
    }  # fmt: skip
