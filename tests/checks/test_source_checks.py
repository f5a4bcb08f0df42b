"""Loops in the bill of materials, demand without a source, lead times past the horizon, what nobody needs."""

from __future__ import annotations

import pytest
from seen import HEALTHY, TWO_SITES, Seen, issues, lay, lines, named

LOOP = {
    "recipes": [*HEALTHY["recipes"], {"recipe": "mB", "item": "B", "unit_cost": 1}],
    "components": [*HEALTHY["components"], {"recipe": "mB", "component": "A", "quantity": 0.2}],
}
WITH_C = [*HEALTHY["items"], {"item": "C", "price": 5}]
NOBODY = "there is no recipe, supplier, stock or receipt of it"
GIVEN_UP = ": the plan gives all this demand up"

SEEN = (
    Seen(
        "an item made of itself",
        {"components": [*HEALTHY["components"], {"recipe": "mA", "component": "A", "quantity": 0.2}]},
        "error bom-loop components!B3 [A]: A is made of itself: A -> A (recipe mA).",
        {"components": HEALTHY["components"]},
    ),
    Seen(
        "two items made of each other",
        LOOP,
        "error bom-loop components!B3 [A]: A is made of itself: A -> B -> A (recipes mA, mB).",
        {"components": [*HEALTHY["components"], {"recipe": "mB", "component": "A", "quantity": 0}]},
    ),
    Seen(
        "two items made of each other at two sites",
        {
            **TWO_SITES,
            "recipes": [*TWO_SITES["recipes"], {"recipe": "mB", "item": "B", "site": "W", "unit_cost": 1}],
            "components": LOOP["components"],
            "lanes": [*TWO_SITES["lanes"], {"origin": "W", "destination": "P", "unit_cost": 1}],
        },
        "error bom-loop components!B3 [A]: A is made of itself: A -> B -> A (recipes mA, mB).",
        {"components": HEALTHY["components"]},
    ),
    Seen(
        "demand without a source",
        {"items": WITH_C, "demand": [*HEALTHY["demand"], {"item": "C", "period": "4", "quantity": 7}]},
        f"warning no-source demand!C6 [7]: 7 of C are wanted, but {NOBODY}{GIVEN_UP}.",
        {"receipts": [{"item": "C", "period": "4", "quantity": 7}]},
    ),
    Seen(
        "demand at a site that nothing reaches",
        {**TWO_SITES, "lanes": [{"origin": "P", "destination": "W", "item": "B"}], "stock": None, "recipes": None,
         "resources": None, "operations": None, "components": None},
        f"warning no-source demand!C2 [40]: 160 of A at W are wanted, but {NOBODY}, nor a lane from a site that has one{GIVEN_UP}.",
        {"supply": [{"supplier": "S", "item": "A", "site": "P"}], "lanes": [{"origin": "P", "destination": "W", "item": None}]},
    ),
    Seen(
        "a hard safety stock without a source",
        {"items": WITH_C, "stock": [*HEALTHY["stock"], {"item": "C", "safety": 5}]},
        f"error no-source stock!C4 [5]: a safety stock of 5 of C is asked for, but {NOBODY}.",
        {"stock": [*HEALTHY["stock"], {"item": "C", "safety": 5, "safety_cost": 1}]},
    ),
    Seen(
        "a component without a source",
        {"supply": None, "stock": None},
        f"warning no-source components!B2 [B]: the recipe mA uses B, but {NOBODY}.",
        {"supply": [{"supplier": "S", "item": "B"}]},
    ),
    Seen(
        "a component without a source of an item in stock",
        {"supply": None, "stock": [{"item": "A", "opening": 50}]},
        f"warning no-source components!B2 [B]: the recipe mA uses B, but {NOBODY}.",
        {"stock": HEALTHY["stock"], "demand": HEALTHY["demand"][:1]},
    ),
    Seen(
        "a component without a source two levels down",
        {
            "items": WITH_C,
            "supply": None,
            "stock": None,
            "recipes": [*HEALTHY["recipes"], {"recipe": "mB", "item": "B"}],
            "components": [*HEALTHY["components"], {"recipe": "mB", "component": "C", "quantity": 1}],
        },
        f"warning no-source components!B3 [C]: the recipe mB uses C, but {NOBODY}.",
        {"supply": [{"supplier": "S", "item": "C"}]},
    ),
    Seen(
        "a component without a source of one recipe of two",
        {
            "items": WITH_C,
            "recipes": [*HEALTHY["recipes"], {"recipe": "mA2", "item": "A"}],
            "components": [*HEALTHY["components"], {"recipe": "mA2", "component": "C", "quantity": 1}],
        },
        f"warning no-source components!B3 [C]: the recipe mA2 uses C, but {NOBODY}.",
        {"stock": [*HEALTHY["stock"], {"item": "C", "opening": 1}]},
    ),
    Seen(
        "a lane to itself",
        {**TWO_SITES, "lanes": [*TWO_SITES["lanes"], {"origin": "P", "destination": "P", "unit_cost": 1}]},
        "error lane-to-itself lanes!B3 [P]: the lane from P leads to P itself.",
        {"lanes": TWO_SITES["lanes"]},
    ),
    Seen(
        "a recipe that nobody needs",
        {"items": WITH_C, "recipes": [*HEALTHY["recipes"], {"recipe": "mC", "item": "C"}]},
        "warning recipe-not-needed recipes!A3 [mC]: nobody needs what the recipe mC makes: C has no demand, no stock "
        "limit, no recipe that uses it and no lane to where it is needed.",
        {"stock": [*HEALTHY["stock"], {"item": "C", "safety": 1}]},
    ),
    Seen(
        "a recipe at a site without a way out",
        {
            **TWO_SITES,
            "sites": [*TWO_SITES["sites"], {"site": "Q"}],
            "recipes": [*TWO_SITES["recipes"], {"recipe": "mA2", "item": "A", "site": "Q", "unit_cost": 9}],
        },
        "warning recipe-not-needed recipes!A3 [mA2]: nobody needs what the recipe mA2 makes: A at Q has no demand, no "
        "stock limit, no recipe that uses it and no lane to where it is needed.",
        {"lanes": [*TWO_SITES["lanes"], {"origin": "Q", "destination": "P", "unit_cost": 1}]},
    ),
    Seen(
        "an item that nobody uses",
        {"items": WITH_C},
        "note unused-item items!A4 [C]: nobody demands, uses or keeps C.",
        {"components": [*HEALTHY["components"], {"recipe": "mA", "component": "C", "quantity": 1}],
         "supply": [*HEALTHY["supply"], {"supplier": "S", "item": "C"}]},
        notes=True,
    ),
    Seen(
        "a supplier too slow for the horizon",
        {"supply": {"lead_time": 4}, "stock": [{"item": "A", "opening": 50}, {"item": "B", "opening": 300}]},
        "warning lead-time-past-horizon supply!D2 [4]: the supplier S of B has a lead time of 4 periods: what is "
        "started in period 1, the first period it is open, arrives after the horizon of 4.",
        {"supply": {"lead_time": 3}},
    ),
    Seen(
        "a recipe that opens too late",
        {
            "recipes": {"lead_time": 2},
            "recipe_calendar": [{"recipe": "mA", "period": str(t), "open": 0} for t in (1, 2)],
        },
        "warning lead-time-past-horizon recipes!D2 [2]: the recipe mA has a lead time of 2 periods: what is started "
        "in period 3, the first period it is open, arrives after the horizon of 4.",
        {"recipe_calendar": None, "stock": [{"item": "A", "opening": 80}, {"item": "B", "opening": 90}]},
    ),
    Seen(
        "a lane too slow for the horizon",
        {
            **TWO_SITES,
            "lanes": [{"origin": "P", "destination": "W", "lead_time": 4}],
            "stock": [{"item": "A", "site": "W", "opening": 160}, {"item": "B", "site": "P", "opening": 90}],
        },
        "warning lead-time-past-horizon lanes!C2 [4]: the lane from P to W takes 4 periods: nothing arrives within "
        "the horizon of 4.",
        {"lanes": {"lead_time": 3}},
    ),
)  # fmt: skip


@pytest.mark.parametrize("seen", SEEN, ids=named)
def test_source_checks(seen: Seen) -> None:
    assert seen.found() == [seen.line]
    assert seen.found_when_fixed() == []


def test_the_case_of_two_sites_is_healthy() -> None:
    assert lines(TWO_SITES) == []


def test_lanes_to_and_fro_are_no_loop_and_no_source() -> None:
    """Two sites that ship to each other make no item out of nothing."""
    lanes = [{"origin": "P", "destination": "W"}, {"origin": "W", "destination": "P"}]
    assert lines({**TWO_SITES, "lanes": lanes}) == []
    bare = {**TWO_SITES, "lanes": lanes, "stock": None, "recipes": None, "operations": None, "components": None}
    assert [text[:18] for text in lines({**bare, "resources": None})] == ["warning no-source "]


def test_a_long_chain_of_loops_is_reported_once_each() -> None:
    """Two separate loops give two errors; a loop within a loop gives one."""
    items = [*HEALTHY["items"], *({"item": name} for name in "CDEF")]
    made = [{"recipe": f"m{name}", "item": name} for name in "CDEF"]
    uses = [("mC", "D"), ("mD", "C"), ("mD", "E"), ("mE", "C"), ("mF", "F")]
    tables = {
        "items": items,
        "recipes": [*HEALTHY["recipes"], *made],
        "components": [*HEALTHY["components"], *({"recipe": r, "component": c, "quantity": 1} for r, c in uses)],
    }
    texts = [issue.message for issue in issues(tables) if issue.code == "bom-loop"]
    assert texts == [
        "C is made of itself: C -> D -> C (recipes mC, mD).",
        "F is made of itself: F -> F (recipe mF).",
    ]


def test_end_stock_makes_a_recipe_needed() -> None:
    """An item without demand is needed where its opening stock must be there again, or its closing stock has a value."""
    tables = {
        "items": [*HEALTHY["items"], {"item": "C", "value": 1}],
        "recipes": [*HEALTHY["recipes"], {"recipe": "mC", "item": "C", "unit_cost": 3}],
        "stock": [*HEALTHY["stock"], {"item": "C", "opening": 1}],
    }
    assert [text[:25] for text in lines(tables)] == ["warning recipe-not-needed"]
    assert lines(lay(tables, {"settings": {"end_stock": "opening"}})) == []


WITHOUT = [seen for seen in SEEN if " no-source " in seen.line]


@pytest.mark.parametrize("seen", WITHOUT, ids=named)
def test_what_must_be_served_and_has_no_source_is_an_error(seen: Seen) -> None:
    """The same gaps with shortage = forbidden, and with a backlog that has to be served by the end: no plan exists."""
    other_source = "mA2" in seen.line
    words = seen.line.replace(GIVEN_UP, "")
    said = words if other_source else words.replace("warning", "error")
    for rule in ({"shortage": "forbidden"}, {"shortage": "backorder", "final_backlog": "forbidden"}):
        items = [{**row, "late_cost": 1} for row in seen.tables.get("items", HEALTHY["items"])]
        assert said in lines({**seen.tables, "items": items, "settings": rule})


def test_a_recipe_that_must_run_and_lacks_a_component_is_an_error() -> None:
    tables = {"supply": None, "stock": None, "recipes": {"minimum": 1}}
    assert any(text.startswith("error no-source components!B2 [B]") for text in lines(tables))
