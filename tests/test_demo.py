"""The demo company is what its page says: size, season, squeeze, and the workbook in examples is the generator's."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest

from equipoise import app, demo
from equipoise.case import Case
from equipoise.examples import path
from equipoise.io import read_case


@pytest.fixture(scope="module")
def company() -> Case:
    return demo.company()


def load(case: Case) -> dict[str, list[float]]:
    """Hours needed if every demand were made in its month, in its home plant, without set-ups."""
    home: dict[str, str] = {}
    for r in case.records("recipes"):  # sorted by name: the home plant Kassel comes after Brno
        home[r["item"]] = r["recipe"]
    gross = case.lookup("recipes", "yield")
    uses, hours = defaultdict(list), defaultdict(list)
    for r in case.records("components"):
        uses[r["recipe"]].append((r["component"], r["quantity"]))
    for r in case.records("operations"):
        hours[r["recipe"]].append((r["resource"], r["hours"]))
    crew = case.lookup("resources", "crew")
    needed: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(case.periods))
    for d in case.records("demand"):
        todo = [(d["item"], d["quantity"])]
        while todo:
            item, quantity = todo.pop()
            recipe = home.get(item)
            if recipe is None:
                continue
            made = quantity / gross.get(recipe, 1.0)
            for resource, one in hours[recipe]:
                for name in (resource, crew.get(resource)):
                    if name:
                        needed[name][case.periods.index[d["period"]]] += one * made
            todo += [(c, q * made) for c, q in uses[recipe]]
    return dict(needed)


def test_the_company_has_the_promised_size(company: Case) -> None:
    items = company.tables["items"]
    assert len(items) == 40
    assert items["family"].nunique() == 4
    assert len(company.sites) == 4
    assert len(company.periods) == 18
    assert company.periods.names[0] == "2026-01"
    assert company.tables["supply"]["supplier"].nunique() == 3
    assert len(company.tables["crews"]) == 3
    assert {issue.severity for issue in company.issues} <= {"note"}


def test_every_item_is_used_or_sold(company: Case) -> None:
    named = set(company.tables["demand"]["item"]) | set(company.tables["components"]["component"])
    assert named == set(company.items)


def test_the_same_seed_gives_the_same_company_and_another_gives_other_demand(company: Case) -> None:
    other = demo.company(seed=2)
    assert demo.company(seed=1).fingerprint == company.fingerprint
    assert other.fingerprint != company.fingerprint
    assert other.tables["stock"].equals(company.tables["stock"])


def test_the_plants_are_nearly_full_on_average_and_short_in_spring(company: Case) -> None:
    needed = load(company)
    hours = company.lookup("crew_calendar", "hours")
    spring = [company.periods.index[p] for p in ("2026-03", "2026-04", "2026-05")]
    for row in company.records("crews"):
        crew = row["crew"]
        room = [row["workers"] * (hours[crew, p] + row["overtime"]) for p in company.periods.names]
        most = [row["maximum"] * (hours[crew, p] + row["overtime"]) for p in company.periods.names]
        assert 0.85 <= sum(needed[crew]) / sum(room) <= 1.0, crew
        assert max(needed[crew][t] / room[t] for t in spring) > 1.10, crew
        assert sum(needed[crew]) < 0.9 * sum(most), crew
    for resource, capacity in company.lookup("resources", "capacity").items():
        assert sum(needed[resource]) < 0.97 * capacity * len(company.periods), resource


def test_the_workbook_among_the_examples_is_this_company(company: Case) -> None:
    assert read_case(path("demo")).fingerprint == company.fingerprint


def test_it_is_planned_within_a_hundredth_of_the_best(company: Case) -> None:
    """The promise of the demo; the plan of a slow machine that stops at the time limit would fail here by its gap alone."""
    plan = app.plan(company, time_limit=300)
    assert plan.status in ("within_gap", "optimal")
    assert plan.gap is not None and plan.gap <= 0.01
    assert plan.audit is not None and plan.audit.passed
    assert plan.cost_lines["overtime"] > 0  # the squeeze is felt
    assert math.isclose(sum(plan.cost_lines.values()), plan.objective or 0.0, rel_tol=1e-9)
