"""Published production plans without set-ups: capacity, overtime, holding, several products."""

from __future__ import annotations

from example_cases.base import MONTHS, Example, by_period, demand, numbered, periods, settings, table

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
XPRESS = "Gueret C., Prins C., Sevaux M.: Applications of Optimization with Xpress-MP (2002)"
OVERTIME_WORDS = (
    "resources: regular and overtime hours, one hour a unit; overtime_cost is what an overtime unit costs more."
)


def _contois() -> Example:
    return Example(
        "asw_contois_carpets",
        "Carpets over four quarters",
        "Anderson D.R., Sweeney D.J., Williams T.A. and others: An Introduction to Management Science",
        "A carpet maker knows demand, capacity and unit cost of four quarters; keeping a yard costs 0.25 a quarter.",
        ("recipe_calendar: unit cost and largest output (maximum) of each quarter.", "periods: Q1 to Q4 by name."),
        {
            "settings": settings("Contois Carpets", shortage="forbidden", period="quarter"),
            "periods": periods(*QUARTERS),
            "items": table("item unit holding_cost", ("carpet", "yard", 0.25)),
            "demand": demand({"carpet": [400, 500, 400, 400]}, QUARTERS),
            "recipes": table("recipe item", ("weave", "carpet")),
            "recipe_calendar": table(
                "recipe period unit_cost maximum",
                *by_period(("weave",), QUARTERS, [2, 5, 3, 3], [600, 300, 500, 400]),
            ),
        },
        5150,
        "The book's answer is 5,150.",
        {"make": 5100, "holding": 50},
        "Make 600, 300, 400, 400: 1,200 + 1,500 + 1,200 + 1,200 = 5,100, and 200 yards wait one quarter: 50.",
        published="asw_contois_carpets",
    )


def _bicycles() -> Example:
    wanted = [30000, 15000, 15000, 25000, 33000, 40000, 45000, 45000, 26000, 14000, 25000, 30000]
    return Example(
        "gueret_bicycles",
        "Bicycles over a year, with overtime",
        f"{XPRESS}, section 8.1",
        "A factory makes up to 30,000 bicycles a month at 32 each and up to 15,000 more in overtime at 40. Keeping one "
        "costs 5 a month; 2,000 are in stock.",
        (OVERTIME_WORDS, "recipes: unit_cost 32; an overtime bicycle costs 8 more."),
        {
            "settings": settings("Bicycles over a year", shortage="forbidden"),
            "periods": periods(*MONTHS),
            "items": table("item holding_cost", ("bicycle", 5)),
            "demand": demand({"bicycle": wanted}, MONTHS),
            "stock": table("item opening", ("bicycle", 2000)),
            "resources": table("resource capacity overtime overtime_cost", ("factory", 30000, 15000, 8)),
            "recipes": table("recipe item unit_cost", ("assemble", "bicycle", 32)),
            "operations": table("recipe resource hours", ("assemble", "factory", 1)),
        },
        11_247_000,
        "The book's answer is 11,247,000.",
        {"make": 10_912_000, "overtime": 320_000, "holding": 15_000},
        "341,000 bicycles at 32 are 10,912,000. June to August need 40,000 in overtime: 320,000 more. 3,000 of May's "
        "demand are made in April: 15,000.",
        published="gueret_bicycles",
    )


def _fiberglass() -> Example:
    names = numbered(6)
    return Example(
        "gueret_fiberglass",
        "Fiberglass over six weeks",
        f"{XPRESS}, section 8.5",
        "Capacity, demand, production cost and storage cost all change from week to week. The storage rate of a week is "
        "paid on what is carried from it into the next.",
        (
            "recipe_calendar: unit cost and largest output of each week.",
            "stock_targets: the holding cost of each week, paid on its closing stock.",
        ),
        {
            "settings": settings("Fiberglass", periods=6, period="week", shortage="forbidden"),
            "items": table("item", ("fiberglass",)),
            "demand": demand({"fiberglass": [100, 120, 100, 90, 120, 110]}, names),
            "stock_targets": table(
                "item period holding_cost", *by_period(("fiberglass",), names, [0.2, 0.3, 0.2, 0.25, 0.3, 0.4])
            ),
            "recipes": table("recipe item", ("spin", "fiberglass")),
            "recipe_calendar": table(
                "recipe period unit_cost maximum",
                *by_period(("spin",), names, [5, 8, 6, 6, 7, 6], [140, 100, 110, 100, 120, 100]),
            ),
        },
        3988,
        "The book's answer is 3,988.",
        {"make": 3970, "holding": 18},
        "Make 140, 80, 110, 100, 110, 100: 3,970. Stock 40, 0, 10, 20, 10: 8 + 0 + 2 + 5 + 3 = 18.",
        published="gueret_fiberglass",
    )


def _northern() -> Example:
    names = numbered(4)
    return Example(
        "hillier_northern_airplane",
        "Jet engines over four months",
        "Hillier F.S., Lieberman G.J.: Introduction to Operations Research, 7th edition, section 8.1",
        "Engines are installed in four months; unit cost (in millions) and capacity change, storage costs 0.015 an engine "
        "and month.",
        ("recipe_calendar: unit cost and largest output of each month.",),
        {
            "settings": settings("Northern Airplane", periods=4, shortage="forbidden", currency="million USD"),
            "items": table("item holding_cost", ("engine", 0.015)),
            "demand": demand({"engine": [10, 15, 25, 20]}, names),
            "recipes": table("recipe item", ("build", "engine")),
            "recipe_calendar": table(
                "recipe period unit_cost maximum",
                *by_period(("build",), names, [1.08, 1.11, 1.10, 1.13], [25, 35, 30, 10]),
            ),
        },
        77.3,
        "The book's answer is 77.3 million.",
        derivation="Build 25, 5, 30, 10: 27 + 5.55 + 33 + 11.3 = 76.85. Stock 15, 5, 10: 30 x 0.015 = 0.45.",
        published="hillier_northern_airplane",
    )


def _acme() -> Example:
    names = MONTHS[:6]
    return Example(
        "taha_acme_windows",
        "Windows over six months",
        "Taha H.A.: Operations Research, An Introduction, 8th edition, example 2.3-5",
        "A window maker's unit cost swings between 45 and 55; keeping a window costs 8 a month.",
        ("recipe_calendar: the unit cost of each month.",),
        {
            "settings": settings("Acme windows", shortage="forbidden"),
            "periods": periods(*names),
            "items": table("item holding_cost", ("window", 8)),
            "demand": demand({"window": [100, 250, 190, 140, 220, 110]}, names),
            "recipes": table("recipe item", ("make", "window")),
            "recipe_calendar": table("recipe period unit_cost", *by_period(("make",), names, [50, 45, 55, 48, 52, 50])),
        },
        49_980,
        "The book's answer is 49,980.",
        {"make": 48_460, "holding": 1_520},
        "March is made in February: 45 + 8 is less than 55. 100, 440, 0, 140, 220, 110 cost 48,460, and 190 windows wait "
        "a month: 1,520.",
        published="taha_acme_windows",
    )


def _williams() -> Example:
    names = MONTHS[:4]
    return Example(
        "williams_ch5_regular_overtime",
        "Regular and overtime production over four months",
        "Williams H.P.: Model Building in Mathematical Programming, 3rd edition, section 5.3",
        "A unit costs 1.0 in regular time and 1.5 in overtime; both capacities change by month. Storage costs 0.3.",
        (OVERTIME_WORDS, "calendar: both capacities by month."),
        {
            "settings": settings("Regular and overtime", shortage="forbidden"),
            "periods": periods(*names),
            "items": table("item holding_cost", ("product", 0.3)),
            "demand": demand({"product": [80, 200, 300, 200]}, names),
            "resources": table("resource overtime_cost", ("shop", 0.5)),
            "calendar": table(
                "resource period capacity overtime",
                *by_period(("shop",), names, [100, 150, 140, 160], [50, 75, 70, 80]),
            ),
            "recipes": table("recipe item unit_cost", ("make", "product", 1)),
            "operations": table("recipe resource hours", ("make", "shop", 1)),
        },
        941.5,
        "The figure belongs to the plan the source prints.",
        {"make": 780, "overtime": 115, "holding": 46.5},
        "All 780 units cost 1.0. Overtime 45, 75, 70, 40 adds 0.5 x 230 = 115. Stock 65 and 90: 0.3 x 155 = 46.5.",
        published="williams_ch5_regular_overtime",
    )


def _cakes() -> Example:
    names = numbered(3)
    cost = {"cheesecake": [3.25, 3.45, 3.9], "black forest": [2.75, 2.95, 3.45]}
    rows = [row for item, values in cost.items() for row in by_period((f"bake {item}",), names, values)]
    return Example(
        "winston_cakes",
        "Two cakes, one oven, three months",
        "Winston W.L.: Operations Research, Applications and Algorithms, chapter 3 review problem",
        "A bakery bakes at most 65 cakes a month of two kinds whose cost rises; a cake can wait in the freezer.",
        ("resources: 65 hours a month, one hour a cake.", "recipe_calendar: the unit cost of each month."),
        {
            "settings": settings("Cakes", periods=3, shortage="forbidden"),
            "items": table("item holding_cost", ("cheesecake", 0.5), ("black forest", 0.4)),
            "demand": demand({"cheesecake": [40, 30, 20], "black forest": [20, 30, 10]}, names),
            "resources": table("resource capacity", ("oven", 65)),
            "recipes": table("recipe item", *((f"bake {i}", i) for i in cost)),
            "recipe_calendar": table("recipe period unit_cost", *rows),
            "operations": table("recipe resource hours", *((f"bake {i}", "oven", 1) for i in cost)),
        },
        489,
        "A published solution of the model prints 489.",
        published="winston_cakes",
    )


def _sailco() -> Example:
    return Example(
        "winston_sailco",
        "Sailboats over four quarters",
        "Winston W.L.: Operations Research, Applications and Algorithms, section 3.10",
        "40 boats a quarter can be built in regular time at 400, any number more in overtime at 450. Keeping a boat costs "
        "20 a quarter; 10 are in stock.",
        (
            OVERTIME_WORDS,
            "Overtime is unlimited in the source; 200 hours a quarter is the demand of all four quarters.",
        ),
        {
            "settings": settings("Sailco", shortage="forbidden", period="quarter", currency="USD"),
            "periods": periods(*QUARTERS),
            "items": table("item holding_cost", ("sailboat", 20)),
            "demand": demand({"sailboat": [40, 60, 75, 25]}, QUARTERS),
            "stock": table("item opening", ("sailboat", 10)),
            "resources": table("resource capacity overtime overtime_cost", ("yard", 40, 200, 50)),
            "recipes": table("recipe item unit_cost", ("build", "sailboat", 400)),
            "operations": table("recipe resource hours", ("build", "yard", 1)),
        },
        78_450,
        "The book's answer is 78,450.",
        {"make": 76_000, "overtime": 2_250, "holding": 200},
        "190 boats at 400 are 76,000. Regular 40, 40, 40, 25 leaves 45 for overtime: 2,250. 10 boats wait one quarter: 200.",
        published="winston_sailco",
    )


def _greenberg(key: str, unit_cost: tuple[float, float], holding: tuple[float, float], answer: float) -> Example:
    names = MONTHS[:4]
    motors = ("GM3A", "GM3B")
    later = [
        (f"make {m}", month, round(c * 1.1, 6)) for m, c in zip(motors, unit_cost, strict=True) for month in names[2:]
    ]
    return Example(
        f"render_greenberg_motors_{key}",
        f"Two motors with a least number of labour hours ({key} edition)",
        "Render B., Stair R.M., Hanna M.E.: Quantitative Analysis for Management, production scheduling",
        "Two motors share the labour of a plant that must work at least 2,240 and at most 2,560 hours a month. Costs rise "
        "by a tenth in March. 450 and 300 motors must be left at the end, and the warehouse holds 3,300.",
        (
            "resources: capacity 2,560 hours and minimum 2,240, which is hard because minimum_cost is blank.",
            "sites: one site with room for 3,300 (storage_capacity), hard because storage_cost is blank.",
            "recipe_calendar: the dearer unit cost from March on. stock: final.",
        ),
        {
            "settings": settings(f"Greenberg Motors, {key} edition", shortage="forbidden", currency="USD"),
            "periods": periods(*names),
            "items": table("item holding_cost", *zip(motors, holding, strict=True)),
            "sites": table("site storage_capacity", ("plant", 3300)),
            "demand": demand({"GM3A": [800, 700, 1000, 1100], "GM3B": [1000, 1200, 1400, 1400]}, names),
            "stock": table("item final", ("GM3A", 450), ("GM3B", 300)),
            "resources": table("resource capacity minimum", ("labour", 2560, 2240)),
            "recipes": table(
                "recipe item unit_cost", *((f"make {m}", m, c) for m, c in zip(motors, unit_cost, strict=True))
            ),
            "recipe_calendar": table("recipe period unit_cost", *later),
            "operations": table("recipe resource hours", ("make GM3A", "labour", 1.3), ("make GM3B", "labour", 0.9)),
        },
        answer,
        "The book rounds the figure to the cent; final stock, warehouse and answer are as remembered, and the solve agrees.",
        published="render_greenberg_motors",
    )


def _steel() -> Example:
    names = numbered(4)
    price = {
        ("bands", "east"): [25, 26, 27, 27],
        ("bands", "north"): [26.5, 27.5, 28, 28.5],
        ("coils", "east"): [30, 35, 37, 39],
        ("coils", "west"): [29, 32, 33, 35],
        ("coils", "export"): [25, 25, 25, 28],
    }
    limit = {
        ("bands", "east"): [2000, 2000, 1500, 2000],
        ("bands", "north"): [4000, 4000, 2500, 4500],
        ("coils", "east"): [1000, 800, 1000, 1100],
        ("coils", "west"): [2000, 1200, 2000, 2300],
        ("coils", "export"): [1000, 500, 500, 800],
    }
    rows = [row for key, prices in price.items() for row in by_period(key, names, limit[key], prices)]
    return Example(
        "ampl_steelT3",
        "A steel mill chooses what to sell where",
        "Fourer R., Gay D.M., Kernighan B.W.: AMPL, 2nd edition, model steelT3",
        "A mill rolls bands and coils in the same hours and sells them in several areas, each with a price and a most it "
        "takes each week. The plan chooses the profit.",
        (
            "settings: objective profit; demand may be refused, and a refused ton loses nothing but its price.",
            "demand: one row for item, area (customer) and week, with the most the area takes and its price.",
            "operations: hours a ton, 1/200 and 1/140. calendar: only 32 hours in week 3.",
        ),
        {
            "settings": settings("Steel mill", periods=4, period="week", objective="profit"),
            "items": table("item unit holding_cost", ("bands", "ton", 2.5), ("coils", "ton", 3)),
            "demand": table("item customer period quantity price", *rows),
            "stock": table("item opening", ("bands", 10)),
            "resources": table("resource capacity", ("mill", 40)),
            "calendar": table("resource period capacity", ("mill", "3", 32)),
            "recipes": table("recipe item unit_cost", ("roll bands", "bands", 10), ("roll coils", "coils", 11)),
            "operations": table(
                "recipe resource hours", ("roll bands", "mill", 1 / 200), ("roll coils", "mill", 1 / 140)
            ),
        },
        514_521.7143,
        "A test value seen elsewhere, 172,850, charges production and holding once for every sales area; that is a fault of "
        "that model. 514,521.71 charges them once.",
        sense="profit",
        published="ampl_steelT3",
    )


EXAMPLES = (
    _steel(),
    _contois(),
    _bicycles(),
    _fiberglass(),
    _northern(),
    _greenberg("older", (10, 6), (0.18, 0.13), 76_301.6154),
    _greenberg("newer", (20, 15), (0.36, 0.26), 169_294.906),
    _acme(),
    _williams(),
    _cakes(),
    _sailco(),
)
