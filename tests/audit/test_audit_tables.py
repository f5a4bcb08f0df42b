"""Rows and cells of the plan tables, the words of findings, arithmetic at the tolerance, the reference page."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hand import amounts, case, make, plan, raw, stock

from equipoise.audit import GROUPS, RULES, audit, rules_page, unit_of
from equipoise.audit.exact import judge
from equipoise.case import Case
from equipoise.plan import PLAN_TABLES
from equipoise.validate import Origin

RECIPE = {
    "recipes": [{"recipe": "r", "item": "A", "unit_cost": 1, "lot_min": 5}],
    "stock": [{"item": "A", "opening": 3}],
}


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("make", {"recipe": "x", "period": "1"}),
        ("make", {"recipe": "r", "item": "A", "site": "", "period": "9"}),
        ("make", {"recipe": "r", "item": "A", "site": "", "period": None}),
        ("buy", {"supplier": "s", "item": "A", "site": "", "period": "1"}),
        ("ship", {"origin": "N", "destination": "S", "item": "A", "period": "1"}),
        ("ship", {"origin": "N", "destination": "S", "item": "Z", "period": "1"}),
        ("stock", {"item": "Z", "site": "", "period": "1"}),
        ("stock", {"item": "A", "site": "N", "period": "1"}),
        ("serve", {"item": "A", "site": "", "due": "2", "period": "2"}),
        ("serve", {"item": "A", "site": "", "customer": "X", "due": "1", "period": "1"}),
        ("short", {"item": "A", "site": "", "due": "opening", "period": "1"}),
        ("capacity", {"resource": "m", "period": "1"}),
        ("crew", {"crew": "c", "period": "1"}),
        ("storage", {"site": "N", "period": "1"}),
        ("costs", {"line": "bribes", "period": "1"}),
    ],
)
def test_rows_that_the_case_does_not_know(table: str, row: dict[str, Any]) -> None:
    """They are findings, and nothing else counts them."""
    c = case(**RECIPE)
    numbers = {col.name: 7.0 for col in PLAN_TABLES[table].columns if col.kind in ("number", "flag", "count")}
    tables = plan(stock=stock("A", 3, 3, 3)) if table != "stock" else plan()
    extra = plan(**{table: [{**row, **numbers}]})[table]
    tables[table] = extra if table != "stock" else pd.concat([plan(stock=stock("A", 3, 3, 3))["stock"], extra])
    assert [(f.rule, f.amount, f.unit) for f in audit(c, tables).findings] == [("known_rows", 1, "rows")]


def test_the_item_and_site_beside_a_recipe_are_its_own() -> None:
    c = case(items=[{"item": "A"}, {"item": "B"}], recipes=[{"recipe": "r", "item": "A"}])
    assert amounts(c, plan(make=[make("r", "1", 5, item="B")]), "known_rows") == [1]
    assert amounts(c, plan(make=[make("r", "1", 5), make("r", "2", 5, item="")]), "known_rows") == [1]


def test_a_second_row_is_reported_and_does_not_count() -> None:
    c = case(**RECIPE)
    tables = plan(stock=stock("A", 3, 3, 3) + stock("A", 8))
    assert [(f.rule, f.amount) for f in audit(c, tables).findings] == [("one_row_per_key", 1)]


def test_cells_without_a_number() -> None:
    """A blank, a text and an infinite quantity, a set-up left open; blank set-ups and lots where there is no rule are right."""
    c = case(recipes=[*RECIPE["recipes"], {"recipe": "q", "item": "A"}])
    rows = [
        make("r", "1", 9),
        make("r", "2", float("inf"), setup=1),
        make("r", "3", float("nan"), setup=1),
        make("q", "1", 9),
    ]
    tables = plan(make=rows)
    assert len(amounts(c, tables, "filled_cells")) == 1 + 2 + 2
    tables = plan(make=[make("q", "1", 9)])
    tables["make"]["quantity"] = tables["make"]["quantity"].astype(object)
    tables["make"].loc[0, "quantity"] = "nine"
    finding = next(f for f in audit(c, tables).findings if f.rule == "filled_cells")
    assert (finding.amount, finding.unit, finding.message) == (1, "cells", 'quantity is "nine", not a number.')


def test_a_column_that_is_missing_is_blank() -> None:
    c = case(**RECIPE)
    tables = plan(stock=stock("A", 3, 3, 3))
    tables["stock"] = tables["stock"].drop(columns=["quantity", "below_safety"])
    assert amounts(c, tables, "filled_cells") == [1, 1, 1]


def test_blank_sites_whole_numbers_and_dates_are_read_as_the_case_names_them() -> None:
    """A sheet edited by hand: the only site left out, an item code typed as a number, a month typed as a date."""
    c = case(
        {"start": pd.Timestamp("2026-01-01"), "periods": 1},
        items=[{"item": "7"}],
        sites=[{"site": "N"}],
        demand=[{"item": "7", "period": "2026-01", "quantity": 0, "lost_cost": 1}],
        stock=[{"item": "7", "opening": 2}],
    )
    row = {"item": 7.0, "site": None, "period": pd.Timestamp("2026-01-01"), "quantity": 2}
    assert audit(c, plan(stock=[row])).findings == ()


def test_a_finding_names_the_cells_of_plan_and_case_and_the_amount_in_units() -> None:
    tables = raw(items=[{"item": "A", "unit": "kg"}], stock=[{"item": "A", "opening": 3, "maximum": 2}])
    where = {"stock": Origin("stock", [5], {"item": "A", "opening": "B", "maximum": "C"})}
    c = Case.from_tables(tables, where)
    report = audit(c, plan(stock=stock("A", 3, 2, 2)), cells=lambda table, row, column: f"{table}!{column}{row + 6}")
    over, balance = (next(f for f in report.findings if f.rule == r) for r in ("maximum_stock", "balance"))
    assert (over.where, over.amount, over.unit) == ("stock!quantity6", 1, "kg")
    assert over.message == "the stock of A in 1 is 3, 1 kg above the maximum stock of 2 (stock!C5)."
    assert balance.where == "stock!quantity7"
    assert (
        balance.message
        == "closing stock of A in 2 is 2; 3 follows from the stock before and the movements, 1 kg differ."
    )
    assert report.checks["balance"] == (3, 1, "kg")
    assert not report.passed


def test_messages_of_one_rule_are_counted_beyond_a_thousand() -> None:
    periods = [{"period": f"p{n}"} for n in range(600)]
    c = case(
        {"periods": None},
        items=[{"item": "A"}, {"item": "B"}],
        periods=periods,
        stock=[{"item": i, "opening": 1} for i in "AB"],
        demand=[{"item": "A", "period": "p1", "quantity": 0, "lost_cost": 1}],
    )
    report = audit(c, {})
    assert len(report.findings) == 1001
    assert report.findings[-1].amount == 200


# --- arithmetic --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0.001, 1.0, 5.0, 1234.5, 1e9])
def test_the_tolerance_is_a_millionth_of_the_row_at_least_of_a_unit(size: float) -> None:
    tolerance = max(1.0, size) * 1e-6
    for sense in ("=", "<="):
        assert not judge(((size + 0.98 * tolerance,), (-size,)), sense).broken
        assert not judge(((size + 0.999 * tolerance,), (-size,)), sense).broken
        assert judge(((size + 1.001 * tolerance,), (-size,)), sense).broken
    assert judge(((size - 1.001 * tolerance,), (-size,)), ">=").broken
    assert not judge(((size + 99.0,), (-size,)), ">=").broken
    assert not judge(((size - 99.0,), (-size,)), "<=").broken


def test_the_verdict_at_the_edge_is_that_of_exact_arithmetic() -> None:
    """A millionth as a float lies below one millionth, its neighbour above: one holds, the next does not."""
    edge = 1e-6
    assert Fraction(edge) <= Fraction(1, 10**6) < Fraction(edge) + Fraction(1, 2**70)
    assert not judge(((edge,),), "=").broken
    assert judge(((edge + 2**-70,),), "=").broken


def test_terms_that_cancel_are_summed_without_loss() -> None:
    """1e16 + 1 - 1e16 is 1, which a running float sum gives as 0; the row is so large that 1 is within its tolerance."""
    verdict = judge(((1e16,), (1.0,), (-1e16,)), "=")
    assert (verdict.violation, verdict.broken) == (1, False)


def test_numbers_beyond_the_range_of_floats_are_judged_exactly() -> None:
    assert judge(((1e200, 1e200), (-1e200, 1e200)), "=").violation == 0
    assert judge(((1e200, 1e200),), "=").broken
    assert judge(((1e300, 1e300, 0.0), (2.0,)), "=").violation == 2


# --- names and page ----------------------------------------------------------------------------------------------------------------


def test_every_rule_says_what_it_checks_with_a_formula_and_a_unit() -> None:
    assert len(set(RULES)) == len(RULES)
    for _, rules in GROUPS:
        for rule in rules:
            text = rule.__doc__ or ""
            assert re.fullmatch(r"[A-Z][^\n]+\.", text.split("\n")[0]), rule.__name__
            assert f"[{unit_of(rule)}]" in text
            assert "for each" in text or rule.__name__ == "objective"


def test_the_reference_page_is_that_of_the_rules() -> None:
    page = rules_page()
    assert [line.removeprefix("### ") for line in page.splitlines() if line.startswith("### ")] == list(RULES)
    stored = Path(__file__).parents[2] / "docs" / "reference" / "audit.md"
    assert stored.read_text(encoding="utf-8").endswith(page.strip() + "\n")


def test_the_audit_loads_neither_model_nor_solver() -> None:
    heavy = "('pyomo', 'highspy', 'equipoise.model', 'equipoise.engine', 'equipoise.solve')"
    code = f"import sys, equipoise.audit; print([m for m in sys.modules if m.startswith({heavy})])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
