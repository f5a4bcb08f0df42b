"""Laws that hold between optima, whatever the case."""

from __future__ import annotations

import copy
import random

import pytest
from cases import case, exact, one_item
from make_cases import lot_sizing, rich_tables

from equipoise import app
from equipoise.model.need import Need

SEEDS = range(8)
MONEY = {
    "items": ["holding_cost", "lost_cost", "late_cost"],
    "sites": ["storage_cost"],
    "stock": ["safety_cost", "maximum_cost"],
    "resources": ["overtime_cost", "cost"],
    "recipes": ["unit_cost", "setup_cost"],
    "supply": ["unit_cost", "order_cost"],
    "lanes": ["unit_cost"],
}


def times(value, k):
    return [None if v is None else v * k for v in value] if isinstance(value, list) else value * k


@pytest.mark.parametrize("seed", SEEDS)
def test_all_costs_times_k(seed):
    tables = rich_tables(seed)
    dearer = copy.deepcopy(tables)
    for table, columns in MONEY.items():
        for column in columns:
            dearer[table][column] = times(dearer[table][column], 7)
    assert exact(case(**dearer)).objective == pytest.approx(7 * exact(case(**tables)).objective, rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_capacity_never_costs_more(seed):
    tables = rich_tables(seed)
    wider = copy.deepcopy(tables)
    wider["resources"]["capacity"] += 5
    assert exact(case(**wider)).objective <= exact(case(**tables)).objective + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_source_dearer_than_the_shortage_changes_nothing(seed):
    tables = rich_tables(seed)
    more = copy.deepcopy(tables)
    more["supply"] = {
        **{k: [v, None] for k, v in tables["supply"].items()},
        "supplier": ["S", "dear"],
        "item": ["C", "P"],
        "site": ["plant", "shop"],
        "unit_cost": [1, 1_000],
    }
    assert exact(case(**more)).objective == pytest.approx(exact(case(**tables)).objective, rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_relaxed_integers_never_cost_more(seed):
    tables = rich_tables(seed)
    relaxed = copy.deepcopy(tables)
    relaxed["settings"]["integer_periods"] = 1
    assert exact(case(**relaxed)).objective <= exact(case(**tables)).objective + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_shuffled_rows_change_nothing(seed):
    one = case(**rich_tables(seed))
    rng = random.Random(seed)
    shuffled = {}
    for name, frame in one.to_tables().items():
        order = list(range(len(frame)))
        rng.shuffle(order)
        shuffled[name] = frame.iloc[order].reset_index(drop=True)
    other = type(one).from_tables(shuffled)
    assert other.fingerprint == one.fingerprint
    first, second = exact(one), exact(other)
    for name, table in first.tables.items():
        assert table.equals(second.tables[name]), name


@pytest.mark.parametrize("seed", SEEDS)
def test_a_start_does_not_change_the_optimum(seed):
    one = case(**rich_tables(seed))
    plan = exact(one)
    again = app.plan(one, gap=0.0, start=plan)
    assert again.status == "optimal"
    assert again.objective == pytest.approx(plan.objective, rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_safe_bounds_cut_off_no_optimum(seed, monkeypatch):
    """The bounds of usefulness against bounds that are only very large."""
    one = case(**rich_tables(seed))
    tight = exact(one).objective
    monkeypatch.setattr(Need, "of", lambda self, item: [1_000.0] * (self.last + 1))
    assert exact(one).objective == pytest.approx(tight, rel=1e-7)


@pytest.mark.parametrize("seed", range(10))
def test_single_item_lot_sizing_against_the_dynamic_program(seed):
    demand, setup, hold = lot_sizing(seed)
    plan = exact(case(**one_item(*demand, hold=hold, recipes={"setup_cost": setup})))
    assert plan.objective == pytest.approx(wagner_whitin(demand, setup, hold))


def wagner_whitin(demand: list[int], setup: float, hold: float) -> float:
    """Least cost of set-ups and holding: best[t] = min over the last lot s of best[s] + its cost (Wagner and Whitin 1958)."""
    best = [0.0] + [float("inf")] * len(demand)
    for end in range(1, len(demand) + 1):
        for first in range(end):
            kept = sum(hold * (t - first) * demand[t] for t in range(first, end))
            lot = setup if any(demand[first:end]) else 0.0
            best[end] = min(best[end], best[first] + lot + kept)
    return best[-1]


def test_the_same_plan_to_the_byte():
    one = case(**rich_tables(3))
    first, second = exact(one), exact(one)
    for name, table in first.tables.items():
        assert table.to_csv() == second.tables[name].to_csv(), name
