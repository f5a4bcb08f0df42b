"""What a late or a lost unit costs, and demand that no delivery reaches in time."""

from __future__ import annotations

import pytest
from seen import HEALTHY, Seen, Tables, lay, lines, named

BACKORDER: Tables = {"settings": {"shortage": "backorder"}, "items": {"late_cost": 1}}
NO_LOSS: Tables = {"items": {"price": None, "lost_cost": None, "late_cost": 1}}
DEMAND = HEALTHY["demand"]

SEEN = (
    Seen(
        "backlog where nothing may be late",
        {"stock": {"backlog": 5}},
        "error backlog-without-backorder stock!C2 [5]: A opens with a backlog of 5, but shortage = lost.",
        BACKORDER,
    ),
    Seen(
        "backlog that may not wait",
        {**BACKORDER, "items": {"late_cost": 1, "max_late": 0}, "stock": {"backlog": 5}},
        "error backlog-past-max-late stock!C2 [5]: "
        "A opens with a backlog of 5, but its max_late is 0: it could never be served.",
        {"items": {"max_late": 1}},
    ),
    Seen(
        "late without a cost",
        {"settings": {"shortage": "backorder"}},
        "error no-late-cost items!2: what a late unit of A costs is not said (4 demand rows).",
        {"items": {"late_cost": 0}},
    ),
    Seen(
        "late without a cost in one row",
        {
            "settings": {"shortage": "backorder"},
            "demand": [{**row, "late_cost": 1 if row["period"] != "3" else None} for row in DEMAND],
        },
        "error no-late-cost demand!D4: what a late unit of A costs is not said (1 demand row).",
        {"demand": [{**row, "late_cost": 1} for row in DEMAND]},
    ),
    Seen(
        "late without a cost, but never late",
        {"settings": {"shortage": "backorder"}, "items": {"max_late": 1}},
        "error no-late-cost items!2: what a late unit of A costs is not said (4 demand rows).",
        {"items": {"max_late": 0}},
    ),
    Seen(
        "backlog without a cost",
        {
            "settings": {"shortage": "backorder"},
            "demand": [{**row, "late_cost": 1} for row in DEMAND],
            "stock": {"backlog": 5},
        },
        "error no-late-cost items!2: what a late unit of A costs is not said (opening backlog).",
        {"items": {"late_cost": 1}},
    ),
    Seen(
        "lost without a cost",
        {"items": {"price": None, "lost_cost": None}},
        "error no-lost-cost items!C2: "
        "what a lost unit of A costs is not said: no lost_cost and no price (4 demand rows).",
        {"items": {"price": 30}},
    ),
    Seen(
        "lost without a cost in cost mode only",
        {"items": {"price": None, "lost_cost": None}},
        "error no-lost-cost items!C2: "
        "what a lost unit of A costs is not said: no lost_cost and no price (4 demand rows).",
        {"settings": {"shortage": "forbidden"}},
    ),
    Seen(
        "lost at the end without a cost",
        {**BACKORDER, **NO_LOSS},
        "error no-lost-cost items!C2: "
        "what a lost unit of A costs is not said: no lost_cost and no price (4 demand rows).",
        {"settings": {"final_backlog": "forbidden"}},
    ),
    Seen(
        "lost after max_late without a cost",
        {
            "settings": {"shortage": "backorder", "final_backlog": "forbidden"},
            "items": {**NO_LOSS["items"], "max_late": 1},
        },
        "error no-lost-cost items!C2: "
        "what a lost unit of A costs is not said: no lost_cost and no price (2 demand rows).",
        {"demand": DEMAND[2:]},
    ),
    Seen(
        "late dearer than lost",
        {"settings": {"shortage": "backorder"}, "items": {"late_cost": 45}},
        "warning late-dearer-than-lost items!F2 [45]: a unit of A costs 45 for each period late but only 40 when it "
        "is lost: the plan will lose it rather than deliver it late.",
        {"settings": {"final_backlog": "forbidden"}},
    ),
    Seen(
        "no demand",
        {"demand": [{"item": "A", "period": "4", "quantity": 0}]},
        "warning no-demand demand [0]: no demand row has a quantity above 0: there is nothing to plan for.",
        {"demand": {"quantity": 1}},
    ),
    Seen(
        "demand before the first delivery",
        {"stock": [{"item": "A", "opening": 50}], "recipes": {"lead_time": 1}},
        "warning demand-before-supply demand!C2 [40]: 80 of A are due in period 1 to 2 (2 periods), but opening stock "
        "and receipts bring 50 and the first delivery can be there in period 3; 30 cannot be served.",
        {"receipts": [{"item": "A", "period": "2", "quantity": 30}]},
    ),
    Seen(
        "demand before the first receipt",
        {
            "stock": None,
            "recipes": {"lead_time": 1},
            "receipts": [{"item": "A", "period": "2", "quantity": 70}, {"item": "B", "period": "1", "quantity": 90}],
        },
        "warning demand-before-supply demand!C2 [40]: 40 of A are due in period 1, but opening stock and receipts "
        "bring 0 and the first delivery can be there in period 2; 40 cannot be served.",
        {"receipts": {"period": "1"}},
    ),
    Seen(
        "demand that may wait, but not long enough",
        {
            "settings": {"shortage": "backorder"},
            "items": {"late_cost": 1, "max_late": 1},
            "stock": [{"item": "A", "opening": 10}],
            "recipes": {"lead_time": 1},
        },
        "warning demand-before-supply demand!C2 [40]: 40 of A are due in period 1, but opening stock and receipts "
        "bring 10 and the first delivery can be there in period 3; 30 cannot be served.",
        {"items": {"max_late": 2}},
    ),
    Seen(
        "demand that must be met before the first delivery",
        {
            "settings": {"shortage": "forbidden"},
            "items": {"lost_cost": None},
            "stock": [{"item": "B", "opening": 90}],
            "recipes": {"lead_time": 1},
        },
        "warning demand-before-supply demand!C2 [40]: 40 of A are due in period 1, but opening stock and receipts "
        "bring 0 and the first delivery can be there in period 2; 40 cannot be served: with shortage = forbidden no "
        "plan exists.",
        {"recipes": {"lead_time": 0}},
    ),
    Seen(
        "lead times that add up past the horizon",
        {"supply": {"lead_time": 2}, "recipes": {"lead_time": 2}, "stock": [{"item": "A", "opening": 150}]},
        "warning demand-before-supply demand!C2 [40]: 160 of A are due in period 1 to 4 (4 periods), but opening stock "
        "and receipts bring 150 and no delivery can be there within the horizon; 10 cannot be served.",
        {"stock": [{"item": "A", "opening": 160}]},
    ),
    Seen(
        "demand that ends early",
        {"demand": DEMAND[:3]},
        "note demand-ends-early demand [3]: demand ends in period 3; the horizon goes on to period 4.",
        {"settings": {"periods": 3}},
        notes=True,
    ),
    Seen(
        "an item whose demand ends early",
        {"demand": [*DEMAND, {"item": "B", "period": "2", "quantity": 3, "price": 9}]},
        "note demand-ends-early demand [B]: 1 item of 2 has no demand row up to period 4: B.",
        {"demand": [*DEMAND, {"item": "B", "period": "4", "quantity": 3, "price": 9}]},
        notes=True,
    ),
)


@pytest.mark.parametrize("seen", SEEN, ids=named)
def test_shortage_checks(seen: Seen) -> None:
    assert seen.found() == [seen.line]
    assert seen.found_when_fixed() == []


@pytest.mark.parametrize(
    ("settings", "items"),
    [
        ({"shortage": "backorder", "final_backlog": "forbidden"}, {}),
        ({"shortage": "backorder", "final_backlog": "allowed"}, {"late_cost": 20}),
        ({"shortage": "backorder", "final_backlog": "forbidden"}, {"max_late": 3}),
        ({"shortage": "forbidden"}, {"late_cost": None}),
    ],
)
def test_what_can_never_be_lost_needs_no_cost(settings: Tables, items: Tables) -> None:
    """No price and no lost_cost is fine where no rule can drive a unit into loss."""
    given = lay(lay(HEALTHY, NO_LOSS), {"items": items})
    assert lines({**given, "settings": {"periods": 4, **settings}}, over={}) == []


def test_a_row_of_its_own_cost_is_enough() -> None:
    """A price in the demand rows stands for what a lost unit costs."""
    rows = [{**row, "price": 30} for row in DEMAND]
    assert lines({"items": {"price": None, "lost_cost": None}, "demand": rows}) == []
