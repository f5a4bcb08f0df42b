"""Overtime, crews, minimum use, lots, stock and storage: limits that contradict each other."""

from __future__ import annotations

import pytest
from seen import CREW, HEALTHY, TWO_SITES, Seen, Tables, lay, lines, named


def crew(**columns: object) -> Tables:
    """The healthy case worked by a crew."""
    return lay(CREW, {"crews": [{**CREW["crews"][0], **columns}]})


FORBIDDEN: Tables = {
    "settings": {"shortage": "forbidden"},
    "items": {"lost_cost": None},
    "stock": [{"item": "B", "opening": 90}],
}

SEEN = (
    Seen(
        "overtime without a cost",
        {"resources": {"overtime": 10}},
        "error overtime-without-cost resources!2: the resource L has 10 hours of overtime (resources!C2) but no overtime_cost.",
        {"resources": {"overtime_cost": 0}},
    ),
    Seen(
        "overtime of a period without a cost",
        {"calendar": [{"resource": "L", "period": "2", "overtime": 10}]},
        "error overtime-without-cost resources!2: the resource L has 10 hours of overtime (calendar!C2) but no overtime_cost.",
        {"calendar": {"overtime": 0}},
    ),
    Seen(
        "overtime above nothing",
        {"resources": {"capacity": None, "overtime": 10, "overtime_cost": 1}},
        "warning no-effect resources!C2 [10]: the resource L has 10 hours of overtime but no capacity: blank means no "
        "limit, so overtime is never worked.",
        {"resources": {"capacity": 0}},
    ),
    Seen(
        "crew overtime without a wage",
        crew(overtime=2),
        "error crew-overtime-without-wage crews!2: the crew C has 2 hours of overtime a worker but no overtime_wage.",
        {"crews": {"overtime_wage": 15}},
    ),
    Seen(
        "overtime of a resource with a crew",
        lay(CREW, {"resources": {"overtime": 5}}),
        "error overtime-on-crew-resource resources!C2 [5]: "
        "the resource L has overtime of its own, but the crew C works on it: its overtime is the crew's.",
        {"resources": {"overtime": None}},
    ),
    Seen(
        "overtime of a period of a resource with a crew",
        {**CREW, "calendar": [{"resource": "L", "period": "2", "overtime": 10}]},
        "error overtime-on-crew-resource calendar!C2 [10]: "
        "the resource L has overtime of its own, but the crew C works on it: its overtime is the crew's.",
        {"calendar": None},
    ),
    Seen(
        "a crew without hours",
        {**crew(hours=None), "crew_calendar": [{"crew": "C", "period": "1", "hours": 20}]},
        "error crew-without-hours crews!C2: the crew C has no hours a worker in period 2 to 4 (3 periods).",
        {"crew_calendar": [{"crew": "C", "period": str(t), "hours": 20} for t in (1, 2, 3, 4)]},
    ),
    Seen(
        "a crew with minimum above maximum",
        crew(minimum=8, maximum=6),
        "error crew-limits-collide crews!D2 [8]: "
        "the crew C has a minimum of 8 people above its maximum of 6 in period 1.",
        {"crews": {"maximum": 8}},
    ),
    Seen(
        "a crew that cannot grow so fast",
        {**crew(hire_max=1), "crew_calendar": [{"crew": "C", "period": "2", "minimum": 8}]},
        "error crew-limits-collide crew_calendar!C2 [8]: "
        "the crew C must have 8 people in period 2, but with hire_max it can have 7 at most.",
        {"crew_calendar": {"period": "3"}},
    ),
    Seen(
        "a crew that cannot shrink so fast",
        crew(workers=20, maximum=10, layoff_share=0.4),
        "error crew-limits-collide crews!D2 [10]: "
        "the crew C may have 10 people in period 1, but with layoff_share it still has 12 at least.",
        {"crews": {"layoff_share": 0.5}},
    ),
    Seen(
        "a crew that works nowhere",
        {"crews": CREW["crews"]},
        "warning crew-without-resource crews!A2 [C]: no resource names the crew C: its hours are never used.",
        {"resources": [{"resource": "L", "crew": "C"}]},
    ),
    Seen(
        "a crew of whole people with half a person",
        crew(workers=5.5, whole=1),
        "error fraction-of-whole crews!B2 [5.5]: the crew C is of whole people but opens with 5.5: no plan can have a whole number.",
        {"crews": {"whole": 0}},
    ),
    Seen(
        "minimum use above capacity",
        {"resources": {"minimum": 70}},
        "error minimum-above-capacity resources!C2 [70]: the resource L must be used 70 hours in every open period "
        "but has 60 at most in period 1 and 3 more periods.",
        {"resources": {"overtime": 10, "overtime_cost": 1}},
    ),
    Seen(
        "minimum use above capacity at a price",
        {"resources": {"minimum": 70, "minimum_cost": 1}},
        "warning minimum-above-capacity resources!C2 [70]: the resource L must be used 70 hours in every open period "
        "but has 60 at most in period 1 and 3 more periods.",
        {"resources": {"minimum": 60}},
    ),
    Seen(
        "minimum use in a period without capacity",
        {"resources": {"minimum": 30}, "calendar": [{"resource": "L", "period": "2", "capacity": 0}]},
        "error minimum-above-capacity resources!C2 [30]: the resource L must be used 30 hours in every open period "
        "but has 0 at most in period 2.",
        {"calendar": {"open": 0}},
    ),
    Seen(
        "minimum use of a crew that is too small",
        lay(crew(maximum=5), {"resources": {"minimum": 101}}),
        "error minimum-above-capacity resources!C2 [101]: the resource L must be used 101 hours in every open period "
        "but has 100 at most in period 1 and 3 more periods.",
        {"crews": {"maximum": None}},
    ),
    Seen(
        "minimum use of a resource without operations",
        {"resources": [{"resource": "L", "capacity": 60, "minimum": None}, {"resource": "M", "minimum": 5}]},
        "error minimum-above-capacity resources!C3 [5]: "
        "the resource M must be used 5 hours a period, but no recipe has an operation on it.",
        {"operations": [*HEALTHY["operations"], {"recipe": "mA", "resource": "M", "hours": 1}]},
    ),
    Seen(
        "minimum use of a resource without operations that is never open",
        {
            "resources": [{"resource": "L", "capacity": 60, "minimum": None}, {"resource": "M", "minimum": 5}],
            "calendar": [{"resource": "M", "period": t, "open": 0} for t in "1234"],
        },
        "warning unused-resource resources!A3 [M]: no recipe has an operation on the resource M: it limits nothing.",
        {"operations": [*HEALTHY["operations"], {"recipe": "mA", "resource": "M", "hours": 0}]},
    ),
    Seen(
        "a resource without operations",
        {"resources": [*HEALTHY["resources"], {"resource": "M", "capacity": 60}]},
        "warning unused-resource resources!A3 [M]: no recipe has an operation on the resource M: it limits nothing.",
        {"resources": HEALTHY["resources"]},
    ),
    Seen(
        "a resource of another site",
        {**TWO_SITES, "resources": [{"resource": "L", "capacity": 60, "site": "W"}]},
        "warning resource-elsewhere operations!B2 [L]: the recipe mA runs at P, but its resource L stands at W.",
        {"resources": {"site": "P"}},
    ),
    Seen(
        "a recipe minimum above its lot_max",
        {"recipes": {"minimum": 20, "lot_max": 10}},
        "error recipe-minimum-too-large recipes!D2 [20]: "
        "the recipe mA must make 20 in every period, more than its lot_max of 10.",
        {"recipes": {"lot_max": 20}},
    ),
    Seen(
        "a recipe minimum above the maximum of a period",
        {"recipes": {"minimum": 20}, "recipe_calendar": [{"recipe": "mA", "period": "2", "maximum": 10}]},
        "error recipe-minimum-too-large recipes!D2 [20]: "
        "the recipe mA must make 20 in every period, more than its maximum of period 2 of 10.",
        {"recipe_calendar": {"open": 0}},
    ),
    Seen(
        "a recipe minimum above the hours",
        {"recipes": {"minimum": 60}, "operations": {"setup_hours": 1}},
        "error recipe-minimum-too-large recipes!D2 [60]: "
        "the minimum of mA takes 61 hours of L in every period; it has 60 in period 1.",
        {"operations": {"setup_hours": 0}},
    ),
    Seen(
        "lot_min above lot_max",
        {"recipes": {"lot_min": 30, "lot_max": 20}},
        "error lot-min-above-max recipes!D2 [30]: the recipe mA has a lot_min of 30 above its lot_max of 20.",
        {"recipes": {"lot_max": 30}},
    ),
    Seen(
        "no multiple between lot_min and lot_max",
        {"supply": {"lot_min": 25, "lot_max": 35, "lot_multiple": 20}},
        "error no-lot-between supply!G2 [20]: "
        "the supplier S of B has no whole multiple of 20 between its lot_min of 25 and its lot_max of 35.",
        {"supply": {"lot_max": 40}},
    ),
    Seen(
        "no whole unit below lot_max",
        {"items": {"whole": 1}, "recipes": {"lot_max": 0.5}},
        "error no-lot-between recipes!D2 [0.5]: "
        "the recipe mA has no whole unit (the item is whole) between its lot_min of 0 and its lot_max of 0.5.",
        {"recipes": {"lot_max": 1}},
    ),
    Seen(
        "a lot above the hours",
        {"recipes": {"lot_min": 60}, "operations": {"setup_hours": 1}},
        "warning lot-above-capacity recipes!D2 [60]: the smallest lot of the recipe mA is 60, but no period has room "
        "for more than 59 (hours of L): it can never run.",
        {"resources": {"overtime": 1, "overtime_cost": 1}},
    ),
    Seen(
        "a multiple above the hours",
        {"recipes": {"lot_multiple": 70}},
        "warning lot-above-capacity recipes!D2 [70]: the smallest lot of the recipe mA is 70, but no period has room "
        "for more than 60 (hours of L): it can never run.",
        {"settings": {"integer_periods": 0}},
    ),
    Seen(
        "a lot above what the crew can work",
        lay(crew(maximum=5), {"recipes": {"lot_min": 101}}),
        "warning lot-above-capacity recipes!D2 [101]: the smallest lot of the recipe mA is 101, but no period has "
        "room for more than 100 (hours of L): it can never run.",
        {"crews": {"overtime": 1, "overtime_wage": 9}},
    ),
    Seen(
        "an order above the supplier's capacity",
        {"supply": {"lot_min": 30, "capacity": 20}},
        "warning lot-above-capacity supply!E2 [30]: the smallest lot of the supplier S of B is 30, but no period has "
        "room for more than 20 (capacity): nothing can ever be ordered.",
        {"supply_calendar": [{"supplier": "S", "item": "B", "period": "3", "capacity": 30}]},
    ),
    Seen(
        "a lot above the hours of the only source",
        lay(FORBIDDEN, {"recipes": {"lot_min": 70}}),
        "error lot-above-capacity recipes!D2 [70]: the smallest lot of the recipe mA is 70, but no period has room "
        "for more than 60 (hours of L): it can never run; there is no other way to get A, and shortage = forbidden.",
        {"recipes": {"lot_min": 60}},
    ),
    Seen(
        "a lot above the hours of one source of two",
        lay(FORBIDDEN, {"recipes": [*HEALTHY["recipes"], {"recipe": "mA2", "item": "A", "lot_min": 70, "lot_max": 65}]}),
        "error lot-min-above-max recipes!D3 [70]: the recipe mA2 has a lot_min of 70 above its lot_max of 65.",
        {"recipes": HEALTHY["recipes"]},
    ),
    Seen(
        "a recipe that is always closed",
        {"recipe_calendar": [{"recipe": "mA", "period": str(t), "open": 0} for t in (1, 2, 3, 4)]},
        "warning never-open recipes!A2 [mA]: "
        "the recipe mA is closed or without capacity in every period: it can never run.",
        {"recipe_calendar": {"open": 1}},
    ),
    Seen(
        "set-up hours above the capacity",
        {"operations": {"setup_hours": 61}},
        "warning never-open recipes!A2 [mA]: "
        "the recipe mA is closed or without capacity in every period: it can never run.",
        {"operations": {"setup_hours": 59}},
    ),
    Seen(
        "a supplier without capacity that is the only source",
        {**FORBIDDEN, "supply": {"capacity": 0, "lead_time": 0}, "stock": None},
        "error never-open supply!A2 [S]: the supplier S of B is closed or without capacity in every period: nothing "
        "can ever be ordered; there is no other way to get A, and shortage = forbidden.",
        {"supply": {"capacity": 1000}},
    ),
    Seen(
        "safety above maximum",
        {"stock": {"safety": 30, "maximum": 20}},
        "error safety-above-maximum stock!C2 [30]: the safety stock of A is 30, above its maximum of 20.",
        {"stock": {"maximum": 30}},
    ),
    Seen(
        "safety above maximum at a price",
        {"stock": {"safety": 30, "maximum": 20, "safety_cost": 1}},
        "warning safety-above-maximum stock!C2 [30]: the safety stock of A is 30, above its maximum of 20.",
        {"stock": {"safety": 20}},
    ),
    Seen(
        "safety above the maximum of a period",
        {"stock": {"safety": 30}, "stock_targets": [{"item": "A", "period": "3", "maximum": 20}]},
        "error safety-above-maximum stock!C2 [30]: the safety stock of A is 30, above its maximum of 20 in period 3.",
        {"stock_targets": {"safety": 10}},
    ),
    Seen(
        "final above maximum",
        {"stock": {"final": 30, "maximum": 20}},
        "error final-above-maximum stock!C2 [30]: the final stock of A is 30, above its maximum of 20 in period 4.",
        {"stock_targets": [{"item": "A", "period": "4", "maximum": 30}]},
    ),
    Seen(
        "final above maximum at a price",
        {"stock": {"final": 30, "maximum": 20, "maximum_cost": 3}},
        "warning final-above-maximum stock!C2 [30]: the final stock of A is 30, above its maximum of 20 in period 4.",
        {"stock": {"final": 20}},
    ),
    Seen(
        "opening, to be there again, above maximum",
        {"settings": {"end_stock": "opening"}, "stock": {"maximum": 20}},
        "error final-above-maximum stock!B2 [50]: "
        "A must end with its opening stock of 50 (end_stock = opening), above its maximum of 20 in period 4.",
        {"stock": {"final": 20}},
    ),
    Seen(
        "opening above a maximum that demand cannot reach",
        {"stock": {"opening": 90, "maximum": 40}},
        "warning opening-above-maximum stock!B2 [90]: A opens with 90 (receipts of period 1 included); demand takes "
        "40 at most in period 1, so more than its hard maximum of 40 must remain: no plan exists.",
        {"stock": {"maximum": 50}},
    ),
    Seen(
        "opening above a maximum at a price",
        {"stock": {"opening": 90, "maximum": 40}},
        "warning opening-above-maximum stock!B2 [90]: A opens with 90 (receipts of period 1 included); demand takes "
        "40 at most in period 1, so more than its hard maximum of 40 must remain: no plan exists.",
        {"stock": {"maximum_cost": 2}},
    ),
    Seen(
        "opening above the storage",
        {"sites": [{"site": "P", "storage_capacity": 139}]},
        "warning storage-below-opening sites!B2 [139]: P opens with a volume of 140, above its storage capacity of "
        "139: the excess must leave in the first period, or no plan exists.",
        {"items": {"volume": 0.5}},
    ),
    Seen(
        "opening above the storage at a price",
        {"sites": [{"site": "P", "storage_capacity": 139, "storage_cost": 2}]},
        "warning storage-below-opening sites!B2 [139]: P opens with a volume of 140, above its storage capacity of "
        "139: the excess pays storage_cost.",
        {"sites": {"storage_capacity": 140}},
    ),
    Seen(
        "safety stocks above the storage",
        {
            "sites": [{"site": "P", "storage_capacity": 150}],
            "stock": [{"item": "A", "opening": 50, "safety": 80}, {"item": "B", "opening": 90, "safety": 80}],
        },
        "error safety-above-storage sites!B2 [150]: the safety stocks of P take a volume of 160 in period 1, above "
        "its storage capacity of 150; both are hard.",
        {"sites": {"storage_cost": 1}},
    ),
    Seen(
        "half a unit of a whole item",
        {"items": {"whole": 1}, "demand": {"quantity": 40.5}},
        "warning fraction-of-whole demand!C2 [40.5]: A is made and bought in whole units, but demand.quantity is 40.5 "
        "(1 row with a fraction): the plan cannot match it exactly.",
        {"items": {"whole": 0}},
    ),
)  # fmt: skip


@pytest.mark.parametrize("seen", SEEN, ids=named)
def test_limit_checks(seen: Seen) -> None:
    assert seen.found() == [seen.line]
    assert seen.found_when_fixed() == []


def test_a_second_source_leaves_a_warning() -> None:
    """A lot that never fits is no error where another recipe makes the item."""
    second = [*HEALTHY["recipes"], {"recipe": "mA2", "item": "A", "lot_min": 70}]
    operations = [*HEALTHY["operations"], {"recipe": "mA2", "resource": "L", "hours": 1}]
    found = lines(lay(FORBIDDEN, {"recipes": second, "operations": operations}))
    assert [text.split(" ")[:2] for text in found] == [["warning", "lot-above-capacity"]]


def test_a_closed_source_is_no_contradiction_of_lots() -> None:
    """lot_max 0 closes a supplier: a warning, whatever its multiple."""
    found = lines({"supply": {"lot_multiple": 20, "lot_max": 0}})
    assert [text.split(" ")[:2] for text in found] == [["warning", "never-open"]]


def test_the_crew_case_is_healthy() -> None:
    assert lines(CREW) == []


def test_consumption_can_bring_an_opening_stock_down() -> None:
    """Above its maximum, but a recipe uses it: nothing is said."""
    assert lines({"stock": [{"item": "A", "opening": 50}, {"item": "B", "opening": 90, "maximum": 40}]}) == []
