"""Small cases of our own, one idea each, with an answer that a pencil can check."""

from __future__ import annotations

from example_cases.base import Example, by_period, demand, numbered, settings, table

OWN = "made for this project, worked by hand"


def _two_sites() -> Example:
    names = numbered(3)
    return Example(
        "two_sites",
        "A plant serves two warehouses",
        OWN,
        "A plant supplies the warehouses north (same week, at most 25 a week) and south (a week on the way). South starts "
        "with 10 pumps. The plant's hours shrink from week to week.",
        (
            "sites: plant, north, south. lanes: cost, lead_time, capacity.",
            "demand: by site. calendar: the plant's hours of each week.",
        ),
        {
            "settings": settings("A plant and two warehouses", periods=3, period="week", shortage="forbidden"),
            "items": table("item holding_cost", ("pump", 1)),
            "sites": table("site", ("plant",), ("north",), ("south",)),
            "demand": table(
                "item site period quantity",
                *by_period(("pump", "north"), names, [20, 20, 30]),
                *by_period(("pump", "south"), names, [10, 20, 20]),
            ),
            "stock": table("item site opening", ("pump", "south", 10)),
            "resources": table("resource site", ("line", "plant")),
            "calendar": table("resource period capacity", *by_period(("line",), names, [50, 40, 30])),
            "recipes": table("recipe item site unit_cost", ("build", "pump", "plant", 10)),
            "operations": table("recipe resource hours", ("build", "line", 1)),
            "lanes": table(
                "origin destination unit_cost lead_time capacity",
                ("plant", "north", 1, None, 25),
                ("plant", "south", 2, 1, None),
            ),
        },
        1260,
        "Stock on the road pays no holding.",
        {"make": 1100, "transport": 150, "holding": 10},
        "120 wanted less 10 in stock: 110 x 10 = 1,100. North gets 70 at 1, south 40 at 2, ordered in weeks 1 and 2: 150. "
        "Only 25 can reach north in week 3, so 5 go there in week 2 and wait a week: 5. The plant must ship 40, 45 and 25 "
        "but has 40 hours in week 2, so 5 are made in week 1 and wait: 5.",
    )


def _whole_crew() -> Example:
    names = numbered(3)
    columns = "crew workers hours wage overtime overtime_wage hire_cost layoff_cost whole"
    return Example(
        "whole_crew",
        "Hire, work overtime, lay off: whole people",
        OWN,
        "Three people with 40 hours a week pack one unit an hour. The second week is busy. A week's wage is 800, an overtime "
        "hour 30 (5 a person), hiring 300, a lay-off 200.",
        ("crews: whole = 1. resources: the packing line has no capacity of its own, only its crew's hours.",),
        {
            "settings": settings("Whole people", periods=3, period="week", shortage="forbidden"),
            "items": table("item holding_cost", ("box", 1)),
            "demand": demand({"box": [120, 170, 120]}, names),
            "resources": table("resource crew", ("packing", "packers")),
            "recipes": table("recipe item", ("pack", "box")),
            "operations": table("recipe resource hours", ("pack", "packing", 1)),
            "crews": table(columns, ("packers", 3, 40, 800, 5, 30, 300, 200, 1)),
        },
        8800,
        "With fractions of people the plan would be cheaper.",
        {"overtime": 300, "wages": 8000, "hiring": 300, "layoff": 200},
        "Three people give at most 270 hours in two weeks, 290 are needed: somebody must be hired by week 2. 3, 4, 3 people: "
        "wages 8,000, hiring 300, lay-off 200, 10 overtime hours in week 2 300. Keeping the fourth in week 3 costs 800 "
        "instead of 200; hiring in week 1 saves 290 of overtime and costs 800; 3, 4, 2 is short of hours (360 regular and "
        "45 overtime for 410).",
    )


def _order_multiples() -> Example:
    names = numbered(4)
    return Example(
        "order_multiples",
        "Least order, multiples, order cost, an order on its way",
        OWN,
        "Resin is ordered in multiples of 25, at least 40, at 4 a kilo and 50 an order, and takes a week. 30 kilos are in "
        "stock and an order of 10 arrives in week 2.",
        ("supply: lead_time, order_cost, lot_min, lot_multiple. receipts: the order on its way.",),
        {
            "settings": settings("Resin", periods=4, period="week", shortage="forbidden"),
            "items": table("item unit holding_cost", ("resin", "kg", 1)),
            "demand": demand({"resin": [30, 45, 20, 60]}, names),
            "stock": table("item opening", ("resin", 30)),
            "supply": table(
                "supplier item unit_cost lead_time order_cost lot_min lot_multiple",
                ("chemist", "resin", 4, 1, 50, 40, 25),
            ),
            "receipts": table("item period quantity kind reference", ("resin", "2", 10, "purchase", "PO-17")),
        },
        670,
        "",
        {"purchase": 500, "order": 100, "holding": 70},
        "115 are missing in weeks 2 to 4 (35, 20, 60), so at least 125 are bought: 500. One order for week 2: 50, stock 90, "
        "70, 10 costs 170. 75 for week 2 and 50 for week 4: 100, stock 40, 20, 10 costs 70: together 170, the best. 50 and "
        "75 for weeks 2 and 3: 100 and 95. Three orders need 150 kilos.",
    )


def _late_or_lost() -> Example:
    names = numbered(3)
    return Example(
        "late_or_lost",
        "Backorders with a longest wait",
        OWN,
        "At most 10 units a week can be made. 25 are wanted in the first week, 5 in the second. Waiting costs 1 a week and "
        "customers wait one week at most; a lost unit costs 8.",
        ("settings: shortage backorder. items: late_cost, lost_cost, max_late. recipes: lot_max.",),
        {
            "settings": settings("Late or lost", periods=3, period="week", shortage="backorder"),
            "items": table("item late_cost lost_cost max_late", ("part", 1, 8, 1)),
            "demand": demand({"part": [25, 5, 0]}, names),
            "recipes": table("recipe item unit_cost lot_max", ("make", "part", 2, 10)),
        },
        105,
        "Without max_late nothing would be lost and the plan would cost 85.",
        {"make": 50, "lost": 40, "late": 15},
        "Week 1's 25 can be served in weeks 1 and 2 only: 20, so 5 are lost at once: 40. Ten of them wait a week: 10. Week "
        "2's 5 then wait for week 3: 5. Making 25 costs 50. Serving week 2's 5 in time would lose 10 and cost 125.",
    )


def _priced_limits() -> Example:
    names = numbered(3)
    return Example(
        "priced_limits",
        "Safety stock and maximum with a price, final stock without",
        OWN,
        "At most 10 units a week can be made. A unit short of the safety stock of 5 costs 3 a week, a unit above the maximum "
        "of 5 costs 1. Exactly hard: 5 must be left at the end.",
        (
            "stock: safety with safety_cost and maximum with maximum_cost may be broken; final without final_cost may not.",
        ),
        {
            "settings": settings("Priced limits", periods=3, period="week", shortage="forbidden"),
            "items": table("item holding_cost", ("valve", 0.5)),
            "demand": demand({"valve": [8, 14, 3]}, names),
            "stock": table("item opening safety safety_cost maximum maximum_cost final", ("valve", 4, 5, 3, 5, 1, 5)),
            "recipes": table("recipe item unit_cost lot_max", ("make", "valve", 1, 10)),
        },
        42.5,
        "",
        {"make": 26, "holding": 6.5, "below_safety": 9, "above_maximum": 1},
        "Make 10, 10, 6: stock 6, 2, 5. Making 26: 26. Holding 0.5 x 13 = 6.5. Week 2 is 3 short of safety: 9. Week 1 is 1 "
        "above the maximum: 1. Making one less in week 1 saves 1 + 0.5 + 0.5 and costs 3.",
    )


def _yield_and_scrap() -> Example:
    return Example(
        "yield_and_scrap",
        "Two ways of making, with yield, scrap and a lead time",
        OWN,
        "40 units of paint are wanted in week 2 and making takes a week. The reactor yields 0.8, uses 2 units of base and a "
        "quarter of that again in scrap, costs 1 and half an hour (20 hours a week). By hand: nothing is lost, 2 units of "
        "base, cost 5. Base costs 3.",
        (
            "recipes: two for the same item. unit_cost, hours and components are per unit started, before yield.",
            "components: quantity 2, scrap 0.25 for the reactor.",
        ),
        {
            "settings": settings("Yield and scrap", periods=2, period="week", shortage="forbidden"),
            "items": table("item", ("paint",), ("base",)),
            "demand": demand({"paint": [0, 40]}, numbered(2)),
            "resources": table("resource capacity", ("reactor", 20)),
            "recipes": table(
                "recipe item unit_cost lead_time yield",
                ("reactor", "paint", 1, 1, 0.8),
                ("by hand", "paint", 5, 1, None),
            ),
            "operations": table("recipe resource hours", ("reactor", "reactor", 0.5)),
            "components": table(
                "recipe component quantity scrap", ("reactor", "base", 2, 0.25), ("by hand", "base", 2, None)
            ),
            "supply": table("supplier item unit_cost", ("chemist", "base", 3)),
        },
        428,
        "",
        {"make": 80, "purchase": 348},
        "A good unit costs (1 + 2.5 x 3) / 0.8 = 10.625 in the reactor and 5 + 6 = 11 by hand. The reactor starts 40 (20 "
        "hours), 32 are good: 40 and 100 base. 8 by hand: 40 and 16 base. 116 base cost 348.",
    )


def _shared_storage() -> Example:
    return Example(
        "shared_storage",
        "Buying ahead of a price rise with little room",
        OWN,
        "Two goods are wanted in week 2, 20 each, and both become dearer then. The store has room for 30; a volume unit more "
        "costs 1.6 a week. Oil takes 2 volume units, grease 1.",
        ("sites: storage_capacity with storage_cost. items: volume. supply_calendar: the prices of each week.",),
        {
            "settings": settings("Shared storage", periods=2, period="week", shortage="forbidden"),
            "items": table("item volume holding_cost", ("oil", 2, 0.5), ("grease", None, 0.5)),
            "sites": table("site storage_capacity storage_cost", ("store", 30, 1.6)),
            "demand": demand({"oil": [0, 20], "grease": [0, 20]}, numbered(2)),
            "supply": table("supplier item", ("market", "oil"), ("market", "grease")),
            "supply_calendar": table(
                "supplier item period unit_cost",
                *by_period(("market", "oil"), numbered(2), [5, 9]),
                *by_period(("market", "grease"), numbered(2), [4, 6]),
            ),
        },
        246,
        "",
        {"purchase": 220, "holding": 10, "storage": 16},
        "Early oil saves 4 - 0.5 = 3.5, that is 1.75 a volume unit; early grease saves 1.5. Oil comes first, and as 1.75 is "
        "more than 1.6 all 20 are bought early (100, holding 10, 10 volume units too many 16); grease is not: 1.5 is less. "
        "20 x 6 = 120.",
    )


def _setup_hours() -> Example:
    return Example(
        "setup_hours",
        "Set-ups that cost money and hours",
        OWN,
        "A press makes caps and lids, one an hour, after a set-up of 4 hours and 15 of money. 28 hours a week, 10 more in "
        "overtime at 5.",
        ("recipes: setup_cost. operations: hours and setup_hours. resources: overtime with its cost.",),
        {
            "settings": settings("Set-up hours", periods=2, period="week", shortage="forbidden"),
            "items": table("item holding_cost", ("cap", 0.5), ("lid", 0.3)),
            "demand": demand({"cap": [10, 8], "lid": [4, 10]}, numbered(2)),
            "resources": table("resource capacity overtime overtime_cost", ("press", 28, 10, 5)),
            "recipes": table("recipe item setup_cost", ("press caps", "cap", 15), ("press lids", "lid", 15)),
            "operations": table(
                "recipe resource hours setup_hours", ("press caps", "press", 1, 4), ("press lids", "press", 1, 4)
            ),
        },
        59,
        "",
        {"setup": 45, "overtime": 10, "holding": 4},
        "Lot for lot: 22 and 26 hours, four set-ups: 60. All caps in week 1: 18 + 4 + 8 = 30 hours, 2 of them overtime 10, "
        "holding 8 x 0.5 = 4, three set-ups 45: 59. All lids in week 1: 32 hours, 20 + 3 + 45 = 68. Both: 36 hours, "
        "40 + 7 + 30 = 77.",
    )


EXAMPLES = (
    _two_sites(),
    _whole_crew(),
    _order_multiples(),
    _late_or_lost(),
    _priced_limits(),
    _yield_and_scrap(),
    _shared_storage(),
    _setup_hours(),
)
