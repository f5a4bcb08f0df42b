"""What the plan would refuse, hoard or earn without end; settings without effect; numbers that look mistyped."""

from __future__ import annotations

import pytest
from seen import ALWAYS, HEALTHY, TWO_SITES, Seen, issues, lay, line, lines, named

CHEAP = [{"item": "A", "price": 50, "value": 8, "holding_cost": 0.5}, {"item": "B", "value": 3, "holding_cost": None}]

SEEN = (
    Seen(
        "an item that costs more than its loss",
        {"items": {"lost_cost": 8}},
        "warning refused-demand items!C2 [8]: A costs at least 9 a unit to make or buy, but a lost unit costs only 8: "
        "the plan will refuse all its demand that stock does not cover.",
        {"items": {"lost_cost": 9}},
    ),
    Seen(
        "one row that costs more than its loss",
        {"demand": [{**row, "lost_cost": 8 if row["period"] == "3" else None} for row in HEALTHY["demand"]]},
        "warning refused-demand demand!D4 [8]: A costs at least 9 a unit to make or buy, but a lost unit costs only "
        "8: the plan will refuse 1 of 4 demand rows that stock does not cover.",
        {"recipes": {"unit_cost": 4}},
    ),
    Seen(
        "hours, scrap, yield and transport count",
        {
            **TWO_SITES,
            "items": {"lost_cost": 34},
            "resources": [{**TWO_SITES["resources"][0], "cost": 3}],
            "recipes": [{**TWO_SITES["recipes"][0], "yield": 0.5}],
            "operations": {"hours": 2},
            "components": {"scrap": 0.5},
        },
        "warning refused-demand items!C2 [34]: A at W costs at least 35 a unit to make or buy, but a lost unit costs "
        "only 34: the plan will refuse all its demand that stock does not cover.",
        {"items": {"lost_cost": 35}},
    ),
    Seen(
        "an item that costs more than it earns",
        {"settings": {"objective": "profit"}, "items": {"price": 8, "lost_cost": None}},
        "warning refused-demand items!B2 [8]: A costs at least 9 a unit to make or buy, but a unit served earns 8: "
        "the plan will refuse all its demand that stock does not cover.",
        {"items": {"lost_cost": 1}},
    ),
    Seen(
        "an item that costs more than it earns and saves",
        {"settings": {"objective": "profit"}, "items": {"price": 6, "lost_cost": 2}},
        "warning refused-demand items!B2 [8]: A costs at least 9 a unit to make or buy, but a unit served earns 6 and "
        "saves a lost_cost of 2: the plan will refuse all its demand that stock does not cover.",
        {"items": {"price": 7}},
    ),
    Seen(
        "waiting at the end is cheaper than serving",
        {"settings": {"shortage": "backorder", "final_backlog": "allowed"}, "items": {"late_cost": 1}},
        "warning backlog-cheaper-than-supply settings [allowed]: a unit that still waits at the end pays late_cost "
        "but is never made: for A that is cheaper than serving it in the last periods.",
        {"items": {"late_cost": 9}},
    ),
    Seen(
        "profit without a price",
        {"settings": {"objective": "profit"}, "items": {"price": None}},
        "warning no-price items!B2: "
        "the objective is profit, but 1 item in demand has no price: A; serving it earns nothing.",
        {"settings": {"objective": "cost"}},
    ),
    Seen(
        "a recipe that earns",
        {"recipes": {"unit_cost": -1}},
        "warning negative-cost recipes!C2 [-1]: unit_cost of mA is -1: every unit earns money.",
        {"recipes": {"unit_cost": 0}},
    ),
    Seen(
        "a value above the cost of an item without limit",
        {"settings": {"end_stock": "value"}, "items": CHEAP},
        "warning unlimited-gain items!C3 [3]: a unit of B in stock at the end is worth 3 but can be had for 2 (wages, "
        "set-ups and overtime apart): each earns 1 and nothing limits how much: the plan has no end.",
        {"stock": [{"item": "A", "opening": 50}, {"item": "B", "opening": 90, "maximum": 500}]},
    ),
    Seen(
        "a value above the cost of an item with a price on the maximum",
        {
            "settings": {"end_stock": "value"},
            "items": CHEAP,
            "stock": [{"item": "A", "opening": 50}, {"item": "B", "opening": 90, "maximum": 500, "maximum_cost": 0.4}],
        },
        "warning unlimited-gain items!C3 [3]: a unit of B in stock at the end is worth 3 but can be had for 2 (wages, "
        "set-ups and overtime apart): each earns 0.6 and nothing limits how much: the plan has no end.",
        {"stock": [{"item": "A", "opening": 50}, {"item": "B", "opening": 90, "maximum": 500, "maximum_cost": 1}]},
    ),
    Seen(
        "a value above the cost of an item with a limit",
        {"settings": {"end_stock": "value"}},
        "warning value-above-cost items!D2 [12]: a unit of A in stock at the end is worth 12 but can be had for 9 "
        "(wages, set-ups and overtime apart): each earns 2.5: the plan will fill the shelves at the end as far as the "
        "limits allow.",
        {"items": {"holding_cost": 3}},
    ),
    Seen(
        "an item without a value",
        {"settings": {"end_stock": "value"}, "items": [CHEAP[0], {"item": "B"}]},
        "warning value-missing items!C3: end_stock = value, but 1 item of 2 has no value: B. The plan may empty their "
        "shelves at the end.",
        {"items": [CHEAP[0], {"item": "B", "value": 2}]},
    ),
    Seen(
        "a safety stock that does not pay",
        {"stock": {"safety": 10, "safety_cost": 0.2}},
        "warning penalty-too-low stock!D2 [0.2]: a unit below the safety stock of A costs 0.2 a period, less than "
        "keeping it (0.5): the plan will not keep the safety stock.",
        {"stock_targets": [{"item": "A", "period": "2", "holding_cost": 0.1}]},
    ),
    Seen(
        "a final stock that does not pay",
        {"stock": {"final": 10, "final_cost": 9}},
        "warning penalty-too-low stock!D2 [9]: a unit below the final stock of A costs 9, less than having and "
        "keeping it (9.5 at least): the plan will not build the final stock.",
        {"stock": {"final_cost": 9.5}},
    ),
    Seen(
        "late_cost without backorder",
        {"items": {"late_cost": 1}},
        "warning no-effect items!F2 [1]: late_cost in items has no effect: shortage = lost.",
        {"settings": {"shortage": "backorder"}},
    ),
    Seen(
        "max_late without backorder",
        {"demand": {"max_late": 1}},
        "warning no-effect demand!D2 [1]: max_late in demand has no effect: shortage = lost.",
        {"demand": {"max_late": None}},
    ),
    Seen(
        "lost_cost where nothing may be lost",
        {"settings": {"shortage": "forbidden"}},
        "warning no-effect items!C2 [40]: lost_cost in items has no effect: shortage = forbidden.",
        {"items": {"lost_cost": None}},
    ),
    Seen(
        "final_backlog without backorder",
        {"settings": {"final_backlog": "forbidden"}},
        "warning no-effect settings [forbidden]: "
        "final_backlog = forbidden has no effect: shortage = lost, nothing waits.",
        {"settings": {"final_backlog": "lost"}},
    ),
    Seen(
        "holding_rate where every item has a holding_cost",
        {"settings": {"holding_rate": 0.2}},
        "warning no-effect settings [0.2]: "
        "holding_rate has no effect: every item with a value has a holding_cost of its own.",
        {"items": {"holding_cost": None}},
    ),
    Seen(
        "holding_rate without values",
        {"settings": {"holding_rate": 0.2}, "items": [{"item": "A", "price": 50}, {"item": "B"}]},
        "warning no-effect settings [0.2]: holding_rate has no effect: no item has a value.",
        {"items": [{"item": "A", "price": 50, "value": 4}, {"item": "B"}]},
    ),
    Seen(
        "safety_cost without safety",
        {"stock": {"safety_cost": 5, "safety": 0}},
        "warning no-effect stock!C2 [5]: "
        "safety_cost in stock has no effect: stock.safety or stock_targets.safety is blank everywhere.",
        {"stock_targets": [{"item": "A", "period": "2", "safety": 4}]},
    ),
    Seen(
        "maximum_cost without maximum",
        {"stock": {"maximum_cost": 5}},
        "warning no-effect stock!C2 [5]: "
        "maximum_cost in stock has no effect: stock.maximum or stock_targets.maximum is blank everywhere.",
        {"stock": {"maximum": 0}},
    ),
    Seen(
        "final_cost without final",
        {"stock": {"final_cost": 50}},
        "warning no-effect stock!C2 [50]: final_cost in stock has no effect: stock.final is blank everywhere.",
        {"stock": {"final": 10}},
    ),
    Seen(
        "storage_cost without storage_capacity",
        {"sites": [{"site": "P", "storage_cost": 5}]},
        "warning no-effect sites!B2 [5]: "
        "storage_cost in sites has no effect: sites.storage_capacity is blank everywhere.",
        {"sites": {"storage_capacity": 500}},
    ),
    Seen(
        "minimum_cost without minimum",
        {"resources": {"minimum_cost": 5}},
        "warning no-effect resources!C2 [5]: "
        "minimum_cost in resources has no effect: resources.minimum is blank everywhere.",
        {"resources": {"minimum": 5}},
    ),
    Seen(
        "overtime_cost without overtime",
        {"resources": {"overtime_cost": 5}},
        "warning no-effect resources!C2 [5]: "
        "overtime_cost in resources has no effect: resources.overtime or calendar.overtime is blank everywhere.",
        {"calendar": [{"resource": "L", "period": "2", "overtime": 3}]},
    ),
    Seen(
        "overtime_wage without overtime",
        {"crews": [{"crew": "C", "workers": 5, "hours": 20, "overtime_wage": 5}], "resources": {"crew": "C"}},
        "warning no-effect crews!D2 [5]: overtime_wage in crews has no effect: crews.overtime is blank everywhere.",
        {"crews": {"overtime": 1}},
    ),
    Seen(
        "a penalty that drowns the costs",
        {"items": {"lost_cost": 1e9}},
        "warning cost-scale items!C2 [1000000000]: the largest cost, 1,000,000,000 in items!C2, is 1e+10 times the "
        "smallest, 0.1 in items!E3: the solver cannot weigh them exactly.",
        {"items": {"lost_cost": 1e8}},
    ),
    Seen(
        "a large number for no limit",
        {"stock": {"maximum": 1e10}},
        "warning very-large stock!C2 [10000000000]: "
        "maximum is 10,000,000,000: the solver cannot be exact with such sizes.",
        {"stock": {"maximum": 1e9}},
    ),
    Seen(
        "a yield in per cent",
        {"recipes": {"yield": 95}},
        "warning looks-like-percent recipes!D2 [95]: yield is 95, that is 9,500 %.",
        {"recipes": {"yield": 0.95}},
    ),
    Seen(
        "a rate in per cent",
        {"settings": {"holding_rate": 25}, "items": {"holding_cost": None}},
        "warning looks-like-percent settings [25]: holding_rate is 25, that is 2,500 % a year.",
        {"settings": {"holding_rate": 0.25}},
    ),
    Seen(
        "a gap in per cent",
        {"settings": {"gap": 1}},
        "warning looks-like-percent settings [1]: gap is 1, that is 100 %.",
        {"settings": {"gap": 0.01}},
    ),
    Seen(
        "names alike",
        {"recipes": [*HEALTHY["recipes"], {"recipe": "M A", "item": "A", "unit_cost": 6}]},
        'warning names-alike recipes!A3 [M A]: "mA" and "M A" are two names of recipes that differ in capitals or '
        "spaces only.",
        {"recipes": [*HEALTHY["recipes"], {"recipe": "mA-2", "item": "A", "unit_cost": 6}]},
    ),
    Seen(
        "which limits are hard: safety",
        {"stock": [{"item": "A", "opening": 50, "safety": 5}, {"item": "B", "opening": 90, "safety": 5, "safety_cost": 3}]},
        "note hard-limit stock: safety stock is hard for 1 of 2 items: a case that cannot meet it is infeasible.",
        {"stock": {"safety_cost": 3}},
        notes=True,
    ),
    Seen(
        "which limits are hard: maximum, also of zero",
        {"stock": {"maximum": 0}},
        "note hard-limit stock: maximum stock is hard for 1 item: a case that cannot meet it is infeasible.",
        {"stock": {"maximum_cost": 3}},
        notes=True,
    ),
    Seen(
        "which limits are hard: targets",
        {"stock_targets": [{"item": "A", "period": "2", "safety": 5}]},
        "note hard-limit stock_targets: safety stock is hard for 1 item: a case that cannot meet it is infeasible.",
        {"stock_targets": {"safety": 0}},
        notes=True,
    ),
    Seen(
        "which limits are hard: final",
        {"settings": {"end_stock": "opening"}},
        "note hard-limit stock: final stock is hard for all 2 items: a case that cannot meet it is infeasible.",
        {"settings": {"end_stock": "none"}},
        notes=True,
    ),
    Seen(
        "which limits are hard: storage",
        {"sites": [{"site": "P", "storage_capacity": 500}]},
        "note hard-limit sites: storage capacity is hard for 1 site: a case that cannot meet it is infeasible.",
        {"sites": {"storage_cost": 5}},
        notes=True,
    ),
    Seen(
        "which limits are hard: minimum use",
        {"resources": {"minimum": 5}},
        "note hard-limit resources: minimum use is hard for 1 resource: a case that cannot meet it is infeasible.",
        {"resources": {"minimum_cost": 5}},
        notes=True,
    ),
    Seen(
        "which limits are hard: minimum production",
        {"recipes": {"minimum": 5}},
        "note hard-limit recipes: minimum production is hard for 1 recipe: a case that cannot meet it is infeasible.",
        {"recipes": {"minimum": 0}},
        notes=True,
    ),
    Seen(
        "which limits are hard: people",
        {"crews": [{"crew": "C", "workers": 5, "hours": 20, "hire_max": 2}], "resources": {"crew": "C"},
         "crew_calendar": [{"crew": "C", "period": "2", "maximum": 6}]},
        "note hard-limit crews: the limit on people (maximum, hire_max) is hard for 1 crew: a case that cannot meet "
        "it is infeasible.",
        {"crews": {"hire_max": None}, "crew_calendar": {"maximum": None, "wage": 4}},
        notes=True,
    ),
    Seen(
        "which limits are hard: demand",
        {"settings": {"shortage": "forbidden"}},
        "note hard-limit demand: demand is hard for all 4 rows (shortage = forbidden): a case that cannot meet it is "
        "infeasible.",
        {"settings": {"shortage": "lost"}},
        notes=True,
    ),
)  # fmt: skip


@pytest.mark.parametrize("seen", SEEN, ids=named)
def test_money_checks(seen: Seen) -> None:
    assert seen.found() == [seen.line]
    assert seen.found_when_fixed() == []


def test_a_healthy_case_gets_one_warning_about_its_end() -> None:
    """And nothing else, not even a note."""
    assert [line(i) for i in issues({})] == [
        "warning end-of-horizon settings [none]: "
        "the plan may empty the shelves at the end: nothing after period 4 counts (end_stock = none and no stock.final)."
    ]


@pytest.mark.parametrize(
    "tables",
    [
        {"settings": {"end_stock": "opening"}},
        {"settings": {"end_stock": "value"}},
        {"stock": {"final": 20}},
        {"stock": {"final": 0}},
        {"stock": None, "items": [{"item": "A", "price": 50}, {"item": "B", "value": 2}]},
    ],
)
def test_an_end_that_is_said_needs_no_warning(tables: dict[str, object]) -> None:
    assert ALWAYS not in {issue.code for issue in issues(tables)}


@pytest.mark.parametrize(
    "tables",
    [
        {"items": [{"item": "A", "price": 50}, {"item": "B"}]},
        {"stock": None},
        {"stock": None, "settings": {"holding_rate": 0.1}, "items": [{"item": "A", "price": 50, "value": 3}, {"item": "B"}]},
    ],
)  # fmt: skip
def test_stock_or_a_holding_cost_makes_the_end_matter(tables: dict[str, object]) -> None:
    assert ALWAYS in {issue.code for issue in issues(tables)}


def test_an_unlimited_supplier_that_pays() -> None:
    """A negative price and no limit: two warnings, the second about the profit without end."""
    assert lines({"supply": {"unit_cost": -1}}) == [
        "warning negative-cost supply!C2 [-1]: unit_cost of S, B is -1: every unit earns money.",
        "warning unlimited-gain supply!C2 [-1]: "
        "B can be had for -1 a unit: each earns 0.9 and nothing limits how much: the plan has no end.",
    ]


def test_storage_limits_what_can_be_hoarded() -> None:
    """A hard storage capacity ends a gain without limit."""
    found = lines({"supply": {"unit_cost": -1}, "sites": [{"site": "P", "storage_capacity": 500}]})
    assert [text.split()[1] for text in found] == ["negative-cost"]


def test_the_same_hoard_is_named_once_for_all_items() -> None:
    """Many items whose value lies above their cost give one warning that names the worst and counts them."""
    items = [
        {"item": "A", "price": 50, "value": 13, "holding_cost": 0.5},
        {"item": "B", "value": 2},
        {"item": "D", "value": 12, "price": 50, "holding_cost": 0.5},
    ]
    tables = lay(
        {"items": items, "settings": {"end_stock": "value"}},
        {
            "recipes": [*HEALTHY["recipes"], {"recipe": "mD", "item": "D", "unit_cost": 5, "lot_max": 20}],
            "components": [*HEALTHY["components"], {"recipe": "mD", "component": "B", "quantity": 2}],
        },
    )
    assert [line(i) for i in issues(tables) if i.code == "value-above-cost"] == [
        "warning value-above-cost items!C2 [13]: a unit of A in stock at the end is worth 13 but can be had for 9 "
        "(wages, set-ups and overtime apart): each earns 3.5 (2 items and sites like it: A, D): the plan will fill the "
        "shelves at the end as far as the limits allow."
    ]
