"""Published cases with people, buying and selling, bills of materials or several sites."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from example_cases.base import MONTHS, Example, by_period, demand, periods, settings, table

CHOPRA = "Chopra S., Meindl P.: Supply Chain Management, Red Tomato Tools (aggregate planning and S&OP chapters)"
XPRESS = "Gueret C., Prins C., Sevaux M.: Applications of Optimization with Xpress-MP (2002)"
CHOPRA_WORDS = (
    "crews: 80 workers with 160 hours at a wage of 640 (paid busy or idle), up to 10 overtime hours at 6 each, hiring "
    "300, lay-off 500.",
    "resources, operations: one line that uses crew hours, 4 hours a tool. recipes: material 10 a tool.",
    "supply: a subcontractor at 30 a tool, without limit.",
    "settings: shortage backorder (late_cost 5 at every month end) and final_backlog forbidden; stock: final = 500.",
)


def _tomato_tables(name: str, wanted: Sequence[float], prices: Sequence[float], whole: int) -> dict[str, pd.DataFrame]:
    names = MONTHS[:6]
    crew = ("team", 80, 160, 640, 10, 6, 300, 500, whole or None)
    columns = "crew workers hours wage overtime overtime_wage hire_cost layoff_cost whole"
    return {
        "settings": settings(name, currency="USD", shortage="backorder", final_backlog="forbidden"),
        "periods": periods(*names),
        "items": table("item holding_cost late_cost whole", ("tool", 2, 5, whole or None)),
        "demand": table("item period quantity price", *by_period(("tool",), names, wanted, prices)),
        "stock": table("item opening final", ("tool", 1000, 500)),
        "resources": table("resource crew", ("line", "team")),
        "recipes": table("recipe item unit_cost", ("make", "tool", 10)),
        "operations": table("recipe resource hours", ("make", "line", 4)),
        "crews": table(columns, crew),
        "supply": table("supplier item unit_cost", ("subcontractor", "tool", 30)),
    }


def _tomato() -> list[Example]:
    wanted = [1600, 3000, 3200, 3800, 2200, 2200]
    story = (
        "A maker of garden tools plans six months of seasonal demand with hiring, lay-offs, overtime, subcontracting, "
        "stock and backlog. Nothing may be owed and at least 500 must be in stock at the end of June."
    )
    return [
        Example(
            "chopra_red_tomato_base",
            "Red Tomato Tools: the base plan",
            CHOPRA,
            story,
            CHOPRA_WORDS,
            _tomato_tables("Red Tomato Tools", wanted, [40] * 6, 0),
            422_275,
            "The book's answer is 422,275; revenue is 640,000, so its profit is 217,725.",
            derivation=(
                "15.42 people leave at once (7,708.33) and 64.58 stay: wages 248,000. 15,500 tools: material 155,000. "
                "Month-end stock 1,983.33, 1,566.67, 950, 0, 116.67, 500 costs 10,233.33 and 266.67 tools are late in "
                "April: 1,333.33. Together 422,275."
            ),
            published="chopra_red_tomato_base",
        ),
        Example(
            "chopra_red_tomato_base_integer",
            "Red Tomato Tools: whole people and whole tools",
            CHOPRA,
            f"{story} People and tools are counted whole.",
            (*CHOPRA_WORDS, "crews: whole = 1. items: whole = 1."),
            _tomato_tables("Red Tomato Tools, whole numbers", wanted, [40] * 6, 1),
            422_660,
            "The book's all-integer answer is 422,660.",
            published="chopra_red_tomato_base",
        ),
        Example(
            "chopra_red_tomato_promotion_january",
            "Red Tomato Tools: a promotion in January",
            CHOPRA,
            f"{story} A price of 39 instead of 40 in January brings a tenth more demand and pulls a fifth of February's "
            "and March's into January.",
            (*CHOPRA_WORDS, "demand: 3,000, 2,400, 2,560 in the first three months; price 39 in January."),
            _tomato_tables(
                "Red Tomato Tools, January promotion", [3000, 2400, 2560, 3800, 2200, 2200], [39, *[40] * 5], 0
            ),
            421_915,
            "The book's answer is 421,915; revenue is 643,400, so its profit is 221,485, more than without the promotion.",
            derivation=(
                "14.75 people leave (7,375) and 65.25 stay: wages 250,560. 15,660 tools: material 156,600. Stock 610, "
                "820, 870, 0, 90, 500 costs 5,780 and 320 tools are late in April: 1,600. Together 421,915."
            ),
            published="chopra_red_tomato_promotion_january",
        ),
    ]


def _whouse() -> Example:
    names = ("Q1", "Q2", "Q3", "Q4")
    price = [10, 12, 8, 9]
    return Example(
        "gams_whouse",
        "Buy, store and sell (Dantzig's warehouse)",
        "Dantzig G.B. (1963): Linear Programming and Extensions, section 3.6; GAMS model library, WHOUSE",
        "A trader buys and sells grain at the same price, which changes every quarter. The warehouse holds 100 and costs 1 "
        "a unit and quarter; 50 are in it.",
        (
            "settings: objective profit, so that demand may be refused.",
            "demand: 100 a quarter at the quarter's price; more than the warehouse holds can never be sold with a gain.",
            "supply_calendar: the same price for buying. stock: opening 50, maximum 100 (hard).",
        ),
        {
            "settings": settings("Warehouse", objective="profit", period="quarter"),
            "periods": periods(*names),
            "items": table("item holding_cost", ("grain", 1)),
            "demand": table("item period quantity price", *by_period(("grain",), names, [100] * 4, price)),
            "stock": table("item opening maximum", ("grain", 50, 100)),
            "supply": table("supplier item", ("market", "grain")),
            "supply_calendar": table("supplier item period unit_cost", *by_period(("market", "grain"), names, price)),
        },
        600,
        "The source states it as a cost of -600.",
        derivation="Buy 50 at 10, keep 100 (100), sell 100 at 12; buy 100 at 8, keep them (100), sell them at 9: "
        "-500 - 100 + 1,200 - 800 - 100 + 900 = 600.",
        sense="profit",
        published="gams_whouse",
    )


def _lorries() -> Example:
    bill = {
        "axle": {"wheel": 2, "steel bar": 1},
        "assembled chassis": {"bumper": 2, "axle": 2, "chassis": 1},
        "assembled cabin": {"cabin": 1, "door window": 2, "windscreen": 1},
        "blue lorry": {
            "assembled chassis": 1,
            "container": 1,
            "assembled cabin": 1,
            "blue motor": 1,
            "headlight": 2,
        },
        "red lorry": {"assembled chassis": 1, "tank": 1, "assembled cabin": 1, "red motor": 1, "headlight": 2},
    }
    price = {
        "wheel": 0.3, "steel bar": 1, "bumper": 0.2, "chassis": 0.8, "cabin": 2.75, "door window": 0.1,
        "windscreen": 0.29, "assembled chassis": 30, "container": 2.6, "tank": 3, "assembled cabin": 3,
        "blue motor": 1.65, "red motor": 1.65, "headlight": 0.15, "axle": 12.75,
    }  # fmt: skip
    assembly = {
        "axle": (6.8, 600),
        "assembled chassis": (3.55, 4000),
        "assembled cabin": (3.2, 3000),
        "blue lorry": (2.2, 4000),
        "red lorry": (2.6, 5000),
    }
    items = [*price, "blue lorry", "red lorry"]
    return Example(
        "gueret_toy_lorries",
        "Toy lorries: make or buy on three levels",
        f"{XPRESS}, section 8.3",
        "Two toy lorries are put together from parts; axles, chassis and cabins can be assembled or bought. Each assembly "
        "has a monthly capacity. One month, nothing in stock.",
        (
            "components: the bill of materials. supply: the price of every part that can be bought.",
            "recipes: the cost of assembly without the parts, and the most that can be assembled (lot_max).",
            "items: whole = 1, nothing is made or bought in fractions.",
        ),
        {
            "settings": settings("Toy lorries", periods=1, shortage="forbidden"),
            "items": table("item whole", *((i, 1) for i in items)),
            "demand": demand({"blue lorry": [3000], "red lorry": [3000]}, ["1"]),
            "recipes": table(
                "recipe item unit_cost lot_max", *((f"make {i}", i, c, m) for i, (c, m) in assembly.items())
            ),
            "components": table(
                "recipe component quantity",
                *((f"make {i}", p, n) for i, parts in bill.items() for p, n in parts.items()),
            ),
            "supply": table("supplier item unit_cost", *(("market", i, c) for i, c in price.items())),
        },
        238_365,
        "The source prints 238,365.",
        {"make": 19_545, "purchase": 218_820},
        "600 axles (all that can be made) go into 300 chassis; the other 5,700 chassis and all 6,000 cabins are bought. "
        "Assembly 4,080 + 1,065 + 6,600 + 7,800 = 19,545; parts 218,820.",
        published="gueret_toy_lorries",
    )


def _distribution() -> Example:
    factories = {"Liverpool": 150000, "Brighton": 200000}
    depots = {"Newcastle": 70000, "Birmingham": 50000, "London": 100000, "Exeter": 40000}
    customers = {"C1": 50000, "C2": 10000, "C3": 40000, "C4": 35000, "C5": 60000, "C6": 20000}
    cost = {
        "Liverpool": {"Newcastle": 0.5, "Birmingham": 0.5, "London": 1, "Exeter": 0.2, "C1": 1, "C3": 1.5, "C4": 2, "C6": 1},
        "Brighton": {"Birmingham": 0.3, "London": 0.5, "Exeter": 0.2, "C1": 2},
        "Newcastle": {"C2": 1.5, "C3": 0.5, "C5": 1.5, "C6": 1},
        "Birmingham": {"C1": 1, "C2": 0.5, "C3": 0.5, "C4": 1, "C5": 0.5},
        "London": {"C2": 1.5, "C3": 2, "C5": 0.5, "C6": 1.5},
        "Exeter": {"C3": 0.2, "C4": 1.5, "C5": 0.5, "C6": 1.5},
    }  # fmt: skip
    lanes = [
        (origin, f"{place} gate" if place in depots else place, rate, None)
        for origin, rates in cost.items()
        for place, rate in rates.items()
    ]
    lanes += [(f"{depot} gate", depot, None, most) for depot, most in depots.items()]
    sites = [*factories, *(f"{d} gate" for d in depots), *depots, *customers]
    return Example(
        "williams_distribution_1",
        "Two factories, four depots, six customers",
        "Williams H.P.: Model Building in Mathematical Programming, 5th edition, problem 19",
        "Two factories serve six customers, directly or through four depots, at a cost per ton for each way. A depot can "
        "pass on only so much a month.",
        (
            "lanes: one row for every way, with its cost per ton.",
            "A depot's throughput is the capacity of one lane from its gate (a site of its own) into the depot.",
            "recipes: what each factory can deliver (lot_max), at no cost.",
        ),
        {
            "settings": settings("Distribution", periods=1, shortage="forbidden"),
            "items": table("item unit", ("goods", "ton")),
            "sites": table("site", *((s,) for s in sites)),
            "demand": table("item site period quantity", *(("goods", c, "1", q) for c, q in customers.items())),
            "recipes": table(
                "recipe item site lot_max", *((f"{f} works", "goods", f, q) for f, q in factories.items())
            ),
            "lanes": table("origin destination unit_cost capacity", *lanes),
        },
        198_500,
        "The source prints 198,500.",
        {"transport": 198_500},
        published="williams_distribution_1",
    )


EXAMPLES = (*_tomato(), _whouse(), _lorries(), _distribution())
