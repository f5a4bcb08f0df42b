"""Published lot-sizing cases: set-up cost against holding cost, one or several items."""

from __future__ import annotations

from collections.abc import Sequence

from example_cases.base import Example, by_period, demand, numbered, settings, table

WW = "Wagner H.M., Whitin T.M. (1958): Dynamic Version of the Economic Lot Size Model, Management Science 5(1), 89-96"
SNYDER = "Snyder L.V., Shen Z.M.: Fundamentals of Supply Chain Theory, 2nd edition; test values of the package stockpyl"
SOTON = "University of Southampton, EdShare document 4121 (exercise with answer)"


def lots(
    name: str,
    *,
    demands: Sequence[float],
    setup: float | Sequence[float],
    holding: float,
    unit_cost: float | Sequence[float] = 0,
    opening: float = 0,
    final: float = 0,
    free_last: bool = False,
) -> dict:
    """The tables of a lot-sizing case with one item: a number where a cost is the same in every period, else one a period."""
    names = numbered(len(demands))
    tables = {
        "settings": settings(name, periods=len(demands), shortage="forbidden"),
        "items": table("item holding_cost", ("item", holding)),
        "demand": demand({"item": demands}, names),
    }
    columns = [(c, v) for c, v in (("unit_cost", unit_cost), ("setup_cost", setup)) if not isinstance(v, int | float)]
    fixed = [(c, v) for c, v in (("unit_cost", unit_cost), ("setup_cost", setup)) if isinstance(v, int | float)]
    tables["recipes"] = table(
        " ".join(["recipe item", *(c for c, _ in fixed)]), ("lot", "item", *(v for _, v in fixed))
    )
    if columns:
        rows = by_period(("lot",), names, *(v for _, v in columns))
        tables["recipe_calendar"] = table(" ".join(["recipe period", *(c for c, _ in columns)]), *rows)
    if opening or final:
        tables["stock"] = table("item opening final", ("item", opening or None, final or None))
    if free_last:
        tables["stock_targets"] = table("item period holding_cost", ("item", names[-1], 0))
    return tables


LOT_WORDS = (
    "items: one item with its holding cost per unit and period, paid on closing stock.",
    "recipes: one way of making it, with a cost for every period in which it runs (setup_cost).",
)


def _wagner_whitin() -> Example:
    return Example(
        "wagner_whitin_1958",
        "Twelve months of lot sizing (Wagner and Whitin 1958)",
        WW,
        "The example of the paper that gave lot sizing its name: twelve months of known demand, a set-up cost that "
        "changes from month to month, holding cost 1 per unit and month, no capacity, nothing in stock at either end.",
        (*LOT_WORDS, "recipe_calendar: the set-up cost of each month."),
        lots(
            "Wagner and Whitin 1958",
            demands=[69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56],
            setup=[85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114],
            holding=1,
        ),
        864,
        "The paper prints 864; a lot in every month would cost 1,234. Several plans reach 864.",
        published="wagner_whitin_1958",
    )


def _snyder() -> list[Example]:
    facts = [
        ("example_3_9", {"demands": [90, 120, 80, 70], "setup": 500, "holding": 2}, 1380, "example 3.9"),
        ("problem_3_27", {"demands": [150, 100, 80, 200], "setup": 120, "holding": 0.8}, 424, "problem 3.27"),
        ("problem_3_29", {"demands": [730, 580, 445, 650, 880], "setup": 100, "holding": 0.1}, 423, "problem 3.29"),
        (
            "price_changes",
            {"demands": [400, 500, 500, 1100, 900], "setup": 100, "holding": 0.1, "unit_cost": [3, 1, 4, 6, 6]},
            4940,
            "a unit cost that changes with the period: buying ahead of a rise pays",
        ),
        (
            "level_demand",
            {"demands": [200] * 5, "setup": 100, "holding": 0.1},
            280,
            "the same demand each period",
        ),
        (
            "zero_demand",
            {"demands": [0, 0, 0, 0, 0, 7], "setup": [110, 108, 110, 120, 125, 134], "holding": 1},
            131,
            "demand in the last period only: a cheaper set-up before it costs holding",
        ),
    ]
    return [
        Example(
            f"snyder_shen_{key}",
            f"Lot sizing of Snyder and Shen: {words.split(':')[0]}",
            SNYDER,
            f"{words[0].upper()}{words[1:]}. {len(data['demands'])} periods, no capacity, nothing in stock at either end.",
            LOT_WORDS,
            lots(f"Snyder and Shen {key.replace('_', ' ')}", **data),
            cost,
            f"The source prints {cost:,}.",
            published="snyder_shen_wagner_whitin_set",
        )
        for key, data, cost, words in facts
    ]


def _soton() -> list[Example]:
    data = {"demands": [40, 20, 10, 30, 20], "setup": 100, "holding": 2}
    story = (
        "Five periods of demand, set-up cost 100, holding cost 2 per unit and period, nothing in stock at the start."
    )
    return [
        Example(
            "soton_five_periods",
            "Five periods of lot sizing",
            SOTON,
            story,
            LOT_WORDS,
            lots("Southampton five periods", **data),
            320,
            "The source prints 320: make 70 in period 1 and 50 in period 4.",
            {"setup": 200, "holding": 120},
            "Lots of 70 and 50: stock 30, 10, 0, 20, 0, so holding 2 x 60 = 120 and two set-ups 200.",
            published="soton_lot_sizing_5_period",
        ),
        Example(
            "soton_five_periods_end_stock",
            "Five periods of lot sizing with a stock at the end",
            SOTON,
            f"{story} 40 units must be left at the end; the source charges no holding on them.",
            (
                *LOT_WORDS,
                "stock: final = 40.",
                "stock_targets: holding_cost 0 in period 5, because the source leaves the final stock out.",
            ),
            lots("Southampton with end stock", **data, final=40, free_last=True),
            380,
            "The source prints 380: make 70, 30 and 60 in periods 1, 4 and 5.",
            {"setup": 300, "holding": 80},
            "Lots of 70, 30 and 60: stock 30, 10, 0, 0, 40. Holding 2 x 40 = 80 without the final 40; three set-ups 300.",
            published="soton_lot_sizing_5_period",
        ),
        Example(
            "soton_five_periods_end_stock_charged",
            "Five periods of lot sizing with a charged stock at the end",
            SOTON,
            f"{story} 40 units must be left at the end, and holding is paid on them as on any closing stock.",
            (*LOT_WORDS, "stock: final = 40."),
            lots("Southampton with charged end stock", **data, final=40),
            460,
            "The source prints 380 because it leaves out the holding on the final stock, 40 x 2 = 80.",
            {"setup": 300, "holding": 160},
            "The plan of the variant without that charge, 380, plus 40 x 2.",
            published="soton_lot_sizing_5_period",
        ),
    ]


def _single() -> list[Example]:
    return [
        Example(
            "hillier_airplane_setup",
            "Small airplanes: four periods of production with set-ups",
            "Hillier F.S., Lieberman G.J.: Introduction to Operations Research, inventory theory, periodic review",
            "A maker of small airplanes owes 3, 2, 3 and 2 of them in four periods. A production run costs 2 (million), "
            "keeping an airplane 0.2 a period. The cost of the airplanes themselves is the same for every plan and left out.",
            LOT_WORDS,
            lots("Small airplanes", demands=[3, 2, 3, 2], setup=2, holding=0.2),
            4.8,
            "The book prints 4.8 without the constant production cost. One run of 10 or two runs of 5 both cost 4.8.",
            published="hillier_airplane_setup",
        ),
        Example(
            "pochet_wolsey_bike",
            "Bicycles: eight periods of lot sizing with opening stock",
            "Pochet Y., Wolsey L.A.: Production Planning by Mixed Integer Programming (2006), introductory example",
            "A bicycle is made in lots: 5,000 a lot, 100 a bicycle, 5 to keep one for a period. 200 are in stock.",
            (*LOT_WORDS, "stock: opening = 200."),
            lots(
                "Bicycles",
                demands=[400, 400, 800, 800, 1200, 1200, 1200, 1200],
                setup=5000,
                holding=5,
                unit_cost=100,
                opening=200,
            ),
            736_000,
            "The book's optimum is 736,000: lots of 600 and 1,600 cover two periods each, then one lot a period.",
            {"make": 700_000, "setup": 30_000, "holding": 6_000},
            "7,200 wanted less 200 in stock: 7,000 x 100 = 700,000. Six lots 30,000. Stock 400 after period 1 and 800 "
            "after period 3: 5 x 1,200 = 6,000.",
            published="pochet_wolsey_bike",
        ),
    ]


def _clsp() -> Example:
    names = numbered(4)
    items = {"A": (100, 0.2), "B": (200, 0.1), "C": (300, 0.6)}
    return Example(
        "gams_clsp",
        "Three products share one line",
        "GAMSPy model library, model clsp (capacitated lot sizing)",
        "Three products, four periods, one unit of the line's time for each unit made; each product has its own set-up cost.",
        (
            "resources, calendar: one line whose hours are units of capacity, different in each period.",
            "operations: one hour a unit. The source has two resources with the same capacity, which bind alike; one is enough.",
        ),
        {
            "settings": settings("Three products, one line", periods=4, shortage="forbidden"),
            "items": table("item holding_cost", *((i, h) for i, (_, h) in items.items())),
            "demand": demand({"A": [100, 150, 120, 180], "B": [80, 100, 90, 120], "C": [50, 60, 70, 80]}, names),
            "resources": table("resource", ("line",)),
            "calendar": table("resource period capacity", *by_period(("line",), names, [340, 330, 300, 380])),
            "recipes": table("recipe item setup_cost", *((f"make {i}", i, s) for i, (s, _) in items.items())),
            "operations": table("recipe resource hours", *((f"make {i}", "line", 1) for i in items)),
        },
        1694,
        "The source prints 1,694.",
        {"setup": 1600, "holding": 94},
        "Make A lot for lot; B 90, 180, 0, 120; C 110, 0, 150, 0. Set-ups 4 x 100 + 3 x 200 + 2 x 300 = 1,600. "
        "B keeps 10 and 90: 0.1 x 100 = 10; C keeps 60 and 80: 0.6 x 140 = 84.",
        published="gams_clsp",
    )


def _els() -> Example:
    names = numbered(15)
    wanted = {
        "p1": [2, 3, 5, 3, 4, 2, 5, 4, 1, 3, 4, 2, 3, 5, 2],
        "p2": [3, 1, 2, 3, 5, 3, 1, 2, 3, 3, 4, 5, 1, 4, 1],
        "p3": [3, 5, 2, 1, 2, 1, 3, 3, 5, 2, 2, 1, 3, 2, 3],
        "p4": [2, 2, 1, 3, 2, 1, 2, 2, 3, 3, 2, 2, 3, 1, 2],
    }
    unit_cost = {
        "p1": [5, 3, 2, 1, 3, 1, 4, 3, 2, 2, 3, 1, 2, 3, 2],
        "p2": [1, 4, 2, 3, 1, 3, 1, 2, 3, 3, 3, 4, 4, 2, 2],
        "p3": [3, 3, 3, 4, 4, 3, 3, 3, 2, 2, 1, 1, 3, 3, 3],
        "p4": [2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 2, 2, 2, 3],
    }
    setup = [17, 14, 11, 6, 9, 6, 15, 10, 8, 7, 12, 9, 10, 8, 12]
    rows = [row for i in wanted for row in by_period((f"make {i}",), names, unit_cost[i], setup)]
    return Example(
        "xpress_els",
        "Four products, fifteen periods, one machine",
        "Xpress Mosel user guide, example els (economic lot sizing)",
        "Four products share a machine that makes 12 units a period. Unit cost and set-up cost change with the period; "
        "keeping stock is free.",
        (
            "recipe_calendar: unit cost and set-up cost of each period.",
            "resources: 12 hours a period, one hour a unit.",
        ),
        {
            "settings": settings("Economic lot sizing", periods=15, shortage="forbidden"),
            "items": table("item", *((i,) for i in wanted)),
            "demand": demand(wanted, names),
            "resources": table("resource capacity", ("machine", 12)),
            "recipes": table("recipe item", *((f"make {i}", i) for i in wanted)),
            "recipe_calendar": table("recipe period unit_cost setup_cost", *rows),
            "operations": table("recipe resource hours", *((f"make {i}", "machine", 1) for i in wanted)),
        },
        642,
        "No published optimum is known; 642 comes from an independent solve of the same data.",
        published="xpress_els",
    )


EXAMPLES = (_wagner_whitin(), *_snyder(), *_soton(), *_single(), _clsp(), _els())
