# ruff: noqa: E501
"""The text summary: what a planner reads first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_samples import bikes, infeasible, long, nothing

from equipoise.errors import Issue
from equipoise.plan import AuditReport, Finding, Plan
from equipoise.report import kpis, summary


def text(plan: Plan, path: object = None) -> str:
    return summary(plan, kpis(plan), path)


def test_the_whole_text() -> None:
    plan = long(2)
    assert text(replace(plan, case=replace(plan.case, issues=())), "case-plan.xlsx") == (
        "Plan\n"
        "2 periods, 1 to 2, 1 item\n"
        "\n"
        "Proven optimal. Cost 40.00; no plan can cost less.\n"
        "\n"
        "Audit: passed, 0 rules on 0 rows.\n"
        "\n"
        "Cost lines                               amount\n"
        "  Production  unit cost of what is made   40.00\n"
        "Cost                                      40.00\n"
        "\n"
        "Key figures\n"
        "  Delivered on time             100.0 %\n"
        "  Delivered in the end          100.0 %\n"
        "  Lost                            0.0 %\n"
        "  Periods without shortage      100.0 %\n"
        "  Average lateness            0 periods\n"
        "  Average stock                  0 unit\n"
        "\n"
        "Nothing is short.\n"
        "\n"
        "Plan workbook: case-plan.xlsx"
    )


def test_a_folder_of_tables_is_called_one() -> None:
    assert text(long(2), "case-plan").splitlines()[-1] == "Folder of plan tables: case-plan"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "Within the asked gap. Cost 92,318.30 EUR; no plan can cost less than 92,198.30 EUR: at most 120.00 EUR (0.13 %) better exists."),
        ({"status": "stopped"}, "Stopped at a limit. Cost 92,318.30 EUR; no plan can cost less than 92,198.30 EUR: at most 120.00 EUR (0.13 %) better exists."),
        ({"status": "stopped", "bound": None}, "Stopped at a limit. Cost 92,318.30 EUR; how much better a plan could be is not known."),
        ({"status": "stopped", "bound": None, "interrupted": True}, "Interrupted. Cost 92,318.30 EUR; how much better a plan could be is not known."),
        ({"status": "unknown", "objective": None, "bound": None, "interrupted": True}, "No plan found yet. It was interrupted before any plan was found."),
        ({"status": "optimal", "bound": 92318.3}, "Proven optimal. Cost 92,318.30 EUR; no plan can cost less."),
        ({"status": "optimal", "bound": 92318.25}, "Proven optimal. Cost 92,318.30 EUR; no plan can cost less than 92,318.25 EUR: at most 0.05 EUR (less than 0.01 %) better exists."),
        ({"status": "unknown", "objective": None}, "No plan found yet. The time was up before any plan was found; no plan can cost less than 92,198.30 EUR."),
        ({"status": "unknown", "objective": None, "bound": None}, "No plan found yet. The time was up before any plan was found."),
        ({"status": "unbounded", "objective": None}, "No limit to the profit. The profit has no limit: something earns money without using up anything that is limited."),
        ({"objective": 0.0, "bound": -3.0}, "Within the asked gap. Cost 0.00 EUR; no plan can cost less than -3.00 EUR: at most 3.00 EUR better exists."),
    ],
)  # fmt: skip
def test_the_proof_line(changes: dict[str, object], line: str) -> None:
    assert line in text(replace(bikes(), **changes)).split("\n")  # type: ignore[arg-type]


def test_profit_has_its_bound_above() -> None:
    lines = text(bikes(objective="profit"))
    assert (
        "Profit 199,881.70 EUR; no plan can earn more than 200,001.70 EUR: at most 120.00 EUR (0.06 %) better exists."
        in lines
    )
    assert "Production unit cost of what is made -46,725.00" in [" ".join(line.split()) for line in lines.split("\n")]


def test_money_and_penalties_apart_with_their_sums() -> None:
    lines = [line.split() for line in text(bikes()).split("\n")]
    assert ["Money", "88,973.30"] in lines
    assert ["Penalties", "3,345.00"] in lines
    assert ["Cost", "92,318.30"] in lines


def test_what_is_short_is_named_dearest_first() -> None:
    lines = text(bikes()).split("\n")
    at = lines.index("Short: 3 of 4 item, site and customer")
    assert lines[at + 1 : at + 4] == [
        "  City bike, Depot, South: 25 pcs lost and up to 24 pcs late at the end of 2 periods (2,706.00 EUR)",
        "  City bike, Depot, North: 4 pcs lost (360.00 EUR)",
        "  Trekking bike, Depot, North: 2 pcs lost and 2 pcs late at the end of 1 period (204.00 EUR)",
    ]


def test_warnings_of_plan_and_data() -> None:
    plan = bikes()
    issue = Issue("end-of-horizon", "nothing holds stock at the end.", "Set end_stock.", "warning", cell="settings!B3")
    note = Issue("a-note", "not shown here", severity="note")
    lines = text(replace(plan, case=replace(plan.case, issues=(issue, note))))
    assert (
        "Warnings\n  The plan may empty the shelves.\n  end-of-horizon: settings!B3: nothing holds stock at the end. Set end_stock."
        in lines
    )
    assert "not shown here" not in lines


def test_many_warnings_are_counted() -> None:
    plan = bikes()
    quiet = replace(plan.case, issues=())
    lines = text(replace(plan, case=quiet, warnings=tuple(f"warning {n}" for n in range(14))))
    assert "  warning 9\n  ... and 4 more" in lines


def test_infeasible_lists_what_collides() -> None:
    lines = text(infeasible())
    assert (
        "What collides\n  error hard-limit: resources!C3: Welding has 70 hours, the frames need 90. Raise the capacity."
        in lines
    )
    assert "Key figures" not in lines and "Cost lines" not in lines


def test_a_failed_audit_is_shouted() -> None:
    finding = Finding("balance", "Stock!D14", 3.0, "unit", "closing stock is 3 too high")
    lines = text(replace(bikes(), audit=AuditReport((finding,), {"balance": (48, 3.0, "unit")})))
    assert "AUDIT FAILED: this is not a plan to work with\n  balance, Stock!D14: closing stock is 3 too high" in lines


def test_nothing_to_plan() -> None:
    assert "Cost 0.00; no plan can cost less." in text(nothing())
