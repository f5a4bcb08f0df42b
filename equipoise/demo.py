"""The demo company: Hazelbrook, an invented maker of garden tools, planned over 18 months from January 2026.

Two plants (Kassel forges, grinds and assembles cutting tools; Brno makes handles and grips and assembles digging tools), two
warehouses (Venlo, Linz), 40 items in four families, a bill of materials of two levels, three suppliers, three crews. Spring is the
peak: assembly and grinding cannot keep up from March to June, so stock is built in winter, and a promotion in May 2026 makes it worse.

``company(seed)`` draws demand around the season with random.Random, so the same seed gives the same case on every machine.
Money is in euros, hours are machine or crew hours, materials are in kilograms or pieces.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable
from typing import Any

import pandas as pd

from equipoise.case import Case
from equipoise.periods import made

MONTHS = 18
START = "2026-01-01"
SEASON = {  # share of an average month, January to December
    "Cutting tools": (0.70, 0.90, 1.30, 1.50, 1.45, 1.15, 0.90, 0.80, 1.05, 1.00, 0.70, 0.55),
    "Digging tools": (0.60, 0.90, 1.45, 1.65, 1.50, 1.15, 0.85, 0.75, 0.95, 0.90, 0.70, 0.60),
}
GROWTH = 1.03  # a year
PROMOTION = ("2026-05", {"SEC-CLASSIC": 1.8, "TROWEL": 1.6})
CHANNELS = {"DIY chains": 0.6, "Garden centres": 0.4}
WAREHOUSES = {"Venlo": 0.62, "Linz": 0.38}

# fmt: off
# item, description, units an average month, price, value, volume (m3), assembly hours, set-up cost, parts and materials of a unit
CUTTING = (
    ("SEC-CLASSIC", "Secateurs classic", 13000, 9.90, 5.40, 0.0016, 0.09, 45, {"BLADE-S": 2, "GRIP": 2, "SPRING": 1, "FASTENER": 1, "CARD": 1}),
    ("SEC-PRO", "Secateurs professional", 6500, 19.50, 8.10, 0.0018, 0.13, 55, {"BLADE-S": 2, "GRIP": 2, "SPRING": 1, "FASTENER": 2, "CARD": 1}),
    ("LOPPER", "Lopper", 4750, 15.80, 8.70, 0.0085, 0.12, 50, {"BLADE-L": 2, "GRIP": 2, "TUBE": 2, "FASTENER": 2, "BOX": 0.1}),
    ("LOPPER-RATCHET", "Ratchet lopper", 2250, 27.00, 12.60, 0.0090, 0.18, 60, {"BLADE-L": 2, "GRIP": 2, "TUBE": 2, "SPRING": 1, "FASTENER": 4, "BOX": 0.1}),
    ("HEDGE", "Hedge shears", 4250, 17.50, 9.40, 0.0080, 0.14, 50, {"BLADE-L": 2, "HANDLE-S": 2, "FASTENER": 3, "BOX": 0.1}),
    ("HEDGE-TELE", "Telescopic hedge shears", 1500, 34.00, 15.20, 0.0100, 0.22, 65, {"BLADE-L": 2, "GRIP": 2, "TUBE": 4, "FASTENER": 4, "BOX": 0.1}),
    ("GRASS", "Grass shears", 3500, 12.40, 5.90, 0.0022, 0.10, 40, {"BLADE-S": 2, "GRIP": 2, "SPRING": 1, "FASTENER": 1, "CARD": 1}),
    ("SAW", "Pruning saw", 3750, 11.20, 5.00, 0.0024, 0.06, 35, {"BLADE-SAW": 1, "GRIP": 1, "FASTENER": 1, "CARD": 1}),
    ("SAW-FOLD", "Folding saw", 3250, 14.60, 5.90, 0.0014, 0.09, 40, {"BLADE-SAW": 1, "GRIP": 1, "FASTENER": 2, "CARD": 1}),
    ("KNIFE", "Grafting knife", 2000, 8.90, 3.10, 0.0006, 0.05, 30, {"BLADE-S": 1, "GRIP": 1, "FASTENER": 1, "CARD": 1}),
)
DIGGING = (
    ("SPADE", "Digging spade", 6000, 16.80, 8.60, 0.0150, 0.08, 40, {"HEAD-SPADE": 1, "HANDLE-L": 1, "FASTENER": 1, "BOX": 0.15}),
    ("SPADE-BORDER", "Border spade", 3000, 15.90, 8.20, 0.0120, 0.08, 40, {"HEAD-SPADE": 1, "HANDLE-L": 1, "FASTENER": 1, "BOX": 0.15}),
    ("FORK", "Digging fork", 3750, 18.90, 9.70, 0.0150, 0.09, 40, {"HEAD-FORK": 1, "HANDLE-L": 1, "FASTENER": 1, "BOX": 0.15}),
    ("RAKE", "Garden rake", 5500, 11.90, 6.80, 0.0140, 0.07, 35, {"HEAD-RAKE": 1, "HANDLE-L": 1, "FASTENER": 1, "BOX": 0.12}),
    ("HOE", "Dutch hoe", 3250, 11.50, 6.30, 0.0100, 0.06, 35, {"HEAD-HOE": 1, "HANDLE-L": 1, "FASTENER": 1, "BOX": 0.12}),
    ("CULTIVATOR", "Cultivator", 2500, 12.90, 8.00, 0.0110, 0.08, 35, {"HEAD-FORK": 1, "HANDLE-L": 1, "FASTENER": 1, "BOX": 0.12}),
    ("TROWEL", "Hand trowel", 9000, 5.90, 2.60, 0.0015, 0.04, 30, {"HEAD-TROWEL": 1, "HANDLE-S": 1, "CARD": 1}),
    ("EDGER", "Lawn edger", 1750, 16.50, 6.90, 0.0120, 0.07, 35, {"HEAD-HOE": 1, "HANDLE-L": 1, "FASTENER": 2, "BOX": 0.12}),
)
# item, description, site, value, {resource: hours a unit}, set-up cost, set-up hours, lot multiple, lead time, yield, materials of a unit
PARTS = (
    ("BLADE-S", "Small blade", "Kassel", 1.10, {"K-FORGE": 0.006, "K-GRIND": 0.020}, 120, 4, 500, 0, 1.0, {"STAINLESS": 0.09}),
    ("BLADE-L", "Large blade", "Kassel", 2.05, {"K-FORGE": 0.011, "K-GRIND": 0.036}, 150, 5, 250, 0, 1.0, {"STAINLESS": 0.21}),
    ("BLADE-SAW", "Saw blade", "Kassel", 2.20, {"K-FORGE": 0.012, "K-GRIND": 0.050}, 110, 4, 250, 0, 0.96, {"STAINLESS": 0.12}),
    ("HEAD-SPADE", "Spade head", "Kassel", 3.30, {"K-FORGE": 0.020, "K-GRIND": 0.025}, 160, 5, 100, 0, 1.0, {"STEEL": 1.35, "POWDER": 0.04}),
    ("HEAD-FORK", "Fork head", "Kassel", 3.90, {"K-FORGE": 0.028, "K-GRIND": 0.030}, 170, 5, 100, 0, 1.0, {"STEEL": 1.20, "POWDER": 0.04}),
    ("HEAD-RAKE", "Rake head", "Kassel", 2.60, {"K-FORGE": 0.020, "K-GRIND": 0.018}, 140, 4, 100, 0, 1.0, {"STEEL": 0.75, "POWDER": 0.03}),
    ("HEAD-HOE", "Hoe head", "Kassel", 2.20, {"K-FORGE": 0.015, "K-GRIND": 0.018}, 130, 4, 100, 0, 1.0, {"STEEL": 0.62, "POWDER": 0.02}),
    ("HEAD-TROWEL", "Trowel head", "Kassel", 0.95, {"K-FORGE": 0.008, "K-GRIND": 0.012}, 100, 3, 250, 0, 1.0, {"STEEL": 0.24, "POWDER": 0.01}),
    ("HANDLE-L", "Long ash handle", "Brno", 2.40, {"B-WOOD": 0.035}, 60, 2, 100, 1, 1.0, {"ASH": 1.0}),
    ("HANDLE-S", "Short ash handle", "Brno", 0.95, {"B-WOOD": 0.020}, 50, 2, 250, 1, 1.0, {"ASH": 0.34}),
    ("GRIP", "Moulded grip", "Brno", 0.42, {"B-MOULD": 0.012}, 90, 3, 1000, 0, 0.98, {"PP": 0.05}),
)
# item, description, unit, value, opening stock by site
MATERIALS = (
    ("STEEL", "Carbon steel strip", "kg", 1.15, {"Kassel": 35000}),
    ("STAINLESS", "Stainless steel strip", "kg", 3.40, {"Kassel": 16250}),
    ("TUBE", "Aluminium tube", "piece", 0.85, {"Kassel": 27500}),
    ("ASH", "Ash blank", "piece", 1.25, {"Brno": 90000}),
    ("PP", "Polypropylene granulate", "kg", 1.60, {"Brno": 6250}),
    ("POWDER", "Powder coat", "kg", 6.20, {"Kassel": 1500}),
    ("SPRING", "Spring", "piece", 0.22, {"Kassel": 30000, "Brno": 2500}),
    ("FASTENER", "Set of fasteners", "piece", 0.15, {"Kassel": 75000, "Brno": 35000}),
    ("CARD", "Blister card", "piece", 0.18, {"Kassel": 40000, "Brno": 12500}),
    ("BOX", "Carton", "piece", 0.95, {"Kassel": 1750, "Brno": 5000}),
    ("LABEL", "Customs and lot label", "piece", 0.03, {"Kassel": 50000, "Brno": 50000}),
)
# supplier, item, sites, price, lead time, order cost, MOQ, multiple, capacity a month
SUPPLY = (
    ("Rheinstahl", "STEEL", ("Kassel",), 1.15, 1, 180, 5000, 1000, 75000), ("Rheinstahl", "STAINLESS", ("Kassel",), 3.40, 1, 180, 2000, 500, 30000),
    ("Rheinstahl", "TUBE", ("Kassel",), 0.85, 1, 120, 2000, 500, None), ("Rheinstahl", "FASTENER", ("Kassel",), 0.13, 1, 90, 20000, 5000, None),
    ("Baltic Ash", "ASH", ("Brno",), 1.25, 2, 350, 5000, 1000, 50000), ("Baltic Ash", "HANDLE-L", ("Brno",), 3.10, 2, 200, 1000, 500, 12500),
    ("Morava Supply", "GRIP", ("Brno", "Kassel"), 0.62, 1, 110, 5000, 1000, 50000), ("Morava Supply", "PP", ("Brno",), 1.60, 0, None, None, None, None),
    ("Morava Supply", "POWDER", ("Kassel",), 6.20, 0, None, None, None, None), ("Morava Supply", "SPRING", ("Kassel", "Brno"), 0.22, 0, None, None, None, None),
    ("Morava Supply", "FASTENER", ("Kassel", "Brno"), 0.15, 0, None, None, None, None), ("Morava Supply", "CARD", ("Kassel", "Brno"), 0.18, 0, None, None, None, None),
    ("Morava Supply", "BOX", ("Kassel", "Brno"), 0.95, 0, None, None, None, None), ("Morava Supply", "LABEL", ("Kassel", "Brno"), 0.03, 0, None, None, None, None),
)  # call-offs without a rule for what is delivered in days
# fmt: on
SITES = (
    # site, description, storage capacity (m3), cost of a m3 above it and month
    ("Kassel", "Plant: forge, grinding, assembly of cutting tools", 160, 15),
    ("Brno", "Plant: wood, moulding, assembly of digging tools", 330, 12),
    ("Venlo", "Warehouse for western Europe", 250, 24),
    ("Linz", "Warehouse for central Europe", 150, 20),
)
RESOURCES = (
    # resource, site, capacity, overtime, overtime cost, cost an hour, least hours, cost of an hour less, crew
    ("K-FORGE", "Kassel", 1600, 250, 38, 45, None, None, None),
    ("K-GRIND", "Kassel", 4250, None, None, 9, None, None, "Kassel metal"),
    ("K-ASSEMBLY", "Kassel", 6500, None, None, 2, None, None, "Kassel assembly"),
    ("B-WOOD", "Brno", 1800, None, None, 6, None, None, "Brno"),
    ("B-MOULD", "Brno", 1100, 200, 26, 14, 200, 30, None),
    ("B-ASSEMBLY", "Brno", 3100, None, None, 2, None, None, "Brno"),
)
CREWS = (
    # crew, workers, wage, overtime hours, overtime wage, hire cost, lay-off cost, hire at most, share laid off, minimum, maximum
    ("Kassel metal", 22, 4100, 16, 37, 2200, 9000, 4, 0.15, 20, 24),
    ("Kassel assembly", 33, 3600, 16, 33, 1800, 8000, 3, 0.15, 31, 37),
    ("Brno", 26, 2350, 18, 21, 1200, 3500, 3, 0.15, 24, 30),
)
WORKING_HOURS = (150, 146, 160, 146, 138, 150, 160, 104, 158, 154, 150, 120)  # of a worker, January to December
LANES = {
    # (origin, destination): (cost a m3, cost a unit, lead time)
    ("Kassel", "Venlo"): (14.0, 0.02, 0),
    ("Kassel", "Linz"): (19.0, 0.02, 0),
    ("Brno", "Venlo"): (24.0, 0.02, 1),
    ("Brno", "Linz"): (9.0, 0.02, 0),
    ("Venlo", "Linz"): (30.0, 0.12, 0),
    ("Linz", "Venlo"): (30.0, 0.12, 0),
}
SECOND_PLANT = ("SEC-CLASSIC", "SEC-PRO")  # also assembled in Brno, from April 2026, a little slower
PART_VOLUME = {"HANDLE-L": 0.0022, "HANDLE-S": 0.0006, "HEAD-SPADE": 0.0014, "HEAD-FORK": 0.0016, "HEAD-RAKE": 0.0018}
PART_OPENING = {
    ("HANDLE-L", "Brno"): 31250,
    ("HANDLE-S", "Brno"): 12500,
    ("HANDLE-S", "Kassel"): 10000,
    ("GRIP", "Kassel"): 35000,
}
PERIODS = made("month", MONTHS, pd.Timestamp(START).date()).names

Rows = list[dict[str, Any]]


def company(seed: int = 1) -> Case:
    """The demo company. Another seed draws other demand around the same season."""
    tables = {
        "settings": _settings(),
        "items": _items(),
        "sites": _named(("site", "description", "storage_capacity", "storage_cost"), SITES),
        "demand": _demand(random.Random(seed)),
        "stock": _stock(),
        "stock_targets": _stock_targets(),
        **_production(),
        **_crews(),
        **_buying(),
        "lanes": _lanes(),
    }
    return Case.from_tables({name: _frame(rows) for name, rows in tables.items()})


def write(path: str, seed: int = 1) -> None:
    """Write the demo company as a workbook. Raises OutputError."""
    from equipoise.io import write_case

    write_case(company(seed), path)


def _frame(rows: Rows) -> pd.DataFrame:
    """Rows as a raw table; a key that a row lacks is blank."""
    columns = list(dict.fromkeys(k for row in rows for k in row))
    return pd.DataFrame([[row.get(c) for c in columns] for row in rows], columns=columns, dtype=object)


def _named(columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _settings() -> Rows:
    values = {
        "name": "Hazelbrook Garden Tools",
        "currency": "EUR",
        "period": "month",
        "start": START,
        "periods": MONTHS,
        "objective": "cost",
        "shortage": "backorder",
        "end_stock": "opening",
        "holding_rate": 0.18,
        "gap": 0.01,
        "time_limit": 60,
    }
    return [{"key": k, "value": v} for k, v in values.items()]


def _items() -> Rows:
    rows: Rows = []
    for family, tools in (("Cutting tools", CUTTING), ("Digging tools", DIGGING)):
        for item, description, _, price, value, volume, *_ in tools:
            rows.append({"item": item, "description": description, "family": family, "unit": "piece", "value": value,
                         "price": price, "volume": volume, "late_cost": round(0.06 * price, 2), "max_late": 2})  # fmt: skip
    for item, description, _, value, *_ in PARTS:
        volume = PART_VOLUME.get(item, 0.0003)
        rows.append({"item": item, "description": description, "family": "Parts", "unit": "piece", "value": value, "volume": volume})  # fmt: skip
    for item, description, unit, value, _ in MATERIALS:
        volume = {"ASH": 0.0018, "BOX": 0.0012}.get(item, 0.0002)
        rows.append({"item": item, "description": description, "family": "Materials", "unit": unit, "value": value, "volume": volume})  # fmt: skip
    return rows


def _demand(draw: random.Random) -> Rows:
    """Season x growth x a draw of some 6 %, split over warehouses and channels, in tens; the promotion comes on top."""
    promoted_period, uplift = PROMOTION
    rows: Rows = []
    for family, tools in (("Cutting tools", CUTTING), ("Digging tools", DIGGING)):
        for item, _, base, price, *_ in tools:
            for t, period in enumerate(PERIODS):
                month = base * SEASON[family][t % 12] * GROWTH ** (t / 12) * draw.uniform(0.94, 1.06)
                month *= uplift.get(item, 1.0) if period == promoted_period else 1.0
                for site, share in WAREHOUSES.items():
                    for customer, part in CHANNELS.items():
                        row = {"item": item, "site": site, "period": period, "customer": customer}
                        penalty = round(0.12 * price, 2) if customer == "DIY chains" else None
                        rows.append({**row, "quantity": max(10, round(month * share * part, -1)), "late_cost": penalty})
    return rows


def _stock() -> Rows:
    rows: Rows = []
    for item, _, base, price, value, *_ in (*CUTTING, *DIGGING):
        for site, share in WAREHOUSES.items():
            usual = base * share
            rows.append({"item": item, "site": site, "opening": round(0.75 * usual, -1), "safety": round(0.30 * usual, -1),
                         "safety_cost": round(0.05 * price, 2), "final": round(0.40 * usual, -1), "final_cost": round(1.5 * value, 2)})  # fmt: skip
    rows[4]["backlog"] = 400  # loppers at Venlo, still owed from 2025
    for item, _, site, *_ in PARTS:
        rows.append({"item": item, "site": site, "opening": PART_OPENING.get((item, site), round(0.4 * _monthly_use(item), -2))})  # fmt: skip
    rows += [{"item": i, "site": s, "opening": q} for (i, s), q in PART_OPENING.items() if s == "Kassel"]
    rows += [{"item": item, "site": site, "opening": q} for item, *_, stock in MATERIALS for site, q in stock.items()]
    return rows


def _monthly_use(part: str) -> float:
    """Units of a part that an average month needs."""
    return sum(tool[2] * tool[8].get(part, 0) for tool in (*CUTTING, *DIGGING))


def _stock_targets() -> Rows:
    """More safety stock of the promoted tools in the month before the promotion."""
    base = {tool[0]: tool[2] for tool in (*CUTTING, *DIGGING)}
    return [{"item": i, "site": s, "period": "2026-04", "safety": round(0.5 * base[i] * share, -1)}
            for i in PROMOTION[1] for s, share in WAREHOUSES.items()]  # fmt: skip


def _production() -> dict[str, Rows]:
    resources = _named(
        ("resource", "site", "capacity", "overtime", "overtime_cost", "cost", "minimum", "minimum_cost", "crew"),
        RESOURCES,
    )
    calendar: Rows = [
        {"resource": "K-GRIND", "period": "2026-03", "capacity": 2500},  # a grinding belt is replaced
        {"resource": "B-WOOD", "period": "2026-08", "open": 0},  # the saw mill stands still
    ]
    calendar += [
        {"resource": "K-FORGE", "period": p, "capacity": 1050, "overtime": 100} for p in ("2026-08", "2026-12")
    ]
    out: dict[str, Rows] = {
        "resources": resources,
        "calendar": calendar,
        "recipes": [],
        "operations": [],
        "components": [],
    }
    for plant, tools in (("Kassel", CUTTING), ("Brno", DIGGING)):
        for tool in tools:
            _assembly(out, tool, plant, 1.0)
            if tool[0] in SECOND_PLANT:
                _assembly(out, tool, "Brno", 1.3)
    for item, _, site, _, hours, setup_cost, setup_hours, multiple, lead_time, share, materials in PARTS:
        recipe = {"recipe": f"make {item}", "item": item, "site": site, "unit_cost": 0.05, "lead_time": lead_time}
        out["recipes"].append({**recipe, "yield": share, "setup_cost": setup_cost, "lot_multiple": multiple})
        for n, (resource, one) in enumerate(hours.items()):
            out["operations"].append({"recipe": f"make {item}", "resource": resource, "hours": one, "setup_hours": setup_hours if n == 0 else None})  # fmt: skip
        for material, quantity in materials.items():
            scrap = 0.04 if material == "ASH" else None
            out["components"].append(
                {"recipe": f"make {item}", "component": material, "quantity": quantity, "scrap": scrap}
            )
    names = [f"assemble {item} Brno" for item in SECOND_PLANT]
    out["recipe_calendar"] = [{"recipe": r, "period": p, "open": 0} for r in names for p in PERIODS[:3]]
    return out


def _assembly(out: dict[str, Rows], tool: tuple[Any, ...], plant: str, slower: float) -> None:
    """The recipe that assembles a tool in a plant, its hours and what it uses."""
    item, _, _, _, _, _, hours, setup_cost, components = tool
    name = f"assemble {item} {plant}"
    out["recipes"].append({"recipe": name, "item": item, "site": plant, "unit_cost": 0.12, "setup_cost": setup_cost, "lot_min": 100})  # fmt: skip
    resource = {"Kassel": "K-ASSEMBLY", "Brno": "B-ASSEMBLY"}[plant]
    out["operations"].append(
        {"recipe": name, "resource": resource, "hours": round(hours * slower, 4), "setup_hours": 1}
    )
    out["components"] += [
        {"recipe": name, "component": c, "quantity": q} for c, q in {**components, "LABEL": 1}.items()
    ]


def _crews() -> dict[str, Rows]:
    columns = (
        "crew",
        "workers",
        "wage",
        "overtime",
        "overtime_wage",
        "hire_cost",
        "layoff_cost",
        "hire_max",
        "layoff_share",
        "minimum",
        "maximum",
    )
    crews = [{**row, "whole": 1} for row in _named(columns, CREWS)]
    hours: Rows = [{"crew": c["crew"], "period": p, "hours": WORKING_HOURS[t % 12]} for c in crews for t, p in enumerate(PERIODS)]  # fmt: skip
    return {"crews": crews, "crew_calendar": hours}


def _buying() -> dict[str, Rows]:
    columns = (
        "supplier",
        "item",
        "site",
        "unit_cost",
        "lead_time",
        "order_cost",
        "lot_min",
        "lot_multiple",
        "capacity",
    )
    supply = [
        row for s, item, sites, *rest in SUPPLY for row in _named(columns, ((s, item, site, *rest) for site in sites))
    ]
    dearer: Rows = [{"supplier": "Rheinstahl", "item": "STEEL", "site": "Kassel", "period": p, "unit_cost": 1.22} for p in PERIODS[9:]]  # fmt: skip
    dearer += [{"supplier": "Baltic Ash", "item": "ASH", "site": "Brno", "period": p, "capacity": 30000} for p in ("2026-06", "2026-07")]  # fmt: skip
    receipts = (
        ("STEEL", "Kassel", "2026-01", 32500, "purchase", "PO-4711"),
        ("STAINLESS", "Kassel", "2026-01", 12500, "purchase", "PO-4712"),
        ("TUBE", "Kassel", "2026-01", 17500, "purchase", "PO-4713"),
        ("ASH", "Brno", "2026-01", 30000, "purchase", "PO-4688"),
        ("ASH", "Brno", "2026-02", 37500, "purchase", "PO-4702"),
        ("HANDLE-L", "Brno", "2026-01", 17500, "production", "WO-911"),
        ("SPADE", "Venlo", "2026-01", 2250, "transfer", "TR-120"),
        ("RAKE", "Venlo", "2026-01", 2000, "transfer", "TR-121"),
    )
    incoming = _named(("item", "site", "period", "quantity", "kind", "reference"), receipts)
    return {"supply": supply, "supply_calendar": dearer, "receipts": incoming}


def _lanes() -> Rows:
    """Tools from plants to warehouses and between warehouses, parts between the plants."""
    rows: Rows = []
    for plant, tools in (("Kassel", CUTTING), ("Brno", DIGGING)):
        for item, _, _, _, _, volume, *_ in tools:
            origins = {plant, "Venlo", "Linz"} | ({"Brno"} if item in SECOND_PLANT else set())
            for (origin, destination), (per_volume, per_unit, lead_time) in LANES.items():
                if origin in origins:
                    cost = round(per_volume * volume + per_unit, 4)
                    rows.append({"origin": origin, "destination": destination, "item": item, "unit_cost": cost, "lead_time": lead_time})  # fmt: skip
    to_brno = ("HEAD-SPADE", "HEAD-FORK", "HEAD-RAKE", "HEAD-HOE", "HEAD-TROWEL", "BLADE-S")
    for origin, destination, parts in (("Kassel", "Brno", to_brno), ("Brno", "Kassel", ("GRIP", "HANDLE-S"))):
        for part in parts:
            cost = round(22 * PART_VOLUME.get(part, 0.0003) + 0.01, 4)
            rows.append({"origin": origin, "destination": destination, "item": part, "unit_cost": cost, "capacity": 100000})  # fmt: skip
    return rows


if __name__ == "__main__":
    write(sys.argv[1])
