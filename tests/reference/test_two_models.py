"""equipoise against a second model of DATA-MODEL, on random small cases: the same status, the same optimum, the same price of the plan.

Many more cases by hand: CONTRIBUTING.md says how.
"""

from __future__ import annotations

import pytest
from reference.against import Verdict, case_of, compare, refusal, verdicts, wrong_with
from reference.draw import draw
from reference.model import answer

from equipoise import app
from equipoise.errors import DataError

BATCHES, SIZE = 9, 20
LEAST_COMPARED = 10
"""Of each batch; as drawn, 15 and more are compared and the rest refused."""
THROUGH_THE_ENGINE = range(10_000, 10_010)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_models_agree(batch: int) -> None:
    """The matrix of equipoise, solved as the second model is, so that a difference lies in the model."""
    found = dict(verdicts(draw, range(batch * SIZE, (batch + 1) * SIZE)))
    assert {seed: v.wrong for seed, v in found.items() if v.wrong} == {}
    assert sum(v.compared for v in found.values()) >= LEAST_COMPARED, [v.word for v in found.values()]


@pytest.mark.parametrize("half", [0, 1])
def test_the_engine_agrees_with_the_second_model(half: int) -> None:
    """The whole way as a planner goes it, audit included."""
    compared = 0
    for seed in THROUGH_THE_ENGINE[half::2]:
        tables = draw(seed)
        best = answer(tables)
        if best.far or best.status == "unsettled":
            continue
        try:
            plan = app.plan(case_of(tables), gap=0.0, threads=1, seed=0, time_limit=60)
        except DataError as error:
            assert refusal(error), seed
            continue
        compared += 1
        assert plan.status == best.status, (seed, plan.record.steps)
        if plan.status == "optimal":
            assert wrong_with(tables, plan, best) == "", seed
    assert compared >= 3


@pytest.mark.parametrize("seed", [40594, 50292])
def test_whole_units_with_room_for_a_part_only(seed: int) -> None:
    """Two drawn cases in which a whole unit is at most 0.5: seen as infeasible where the matrix was not prepared."""
    assert compare(draw(seed)) == Verdict("optimal", compared=True)


@pytest.mark.parametrize("seed", [61058, 62799])
def test_quantities_that_rules_force_beyond_what_is_wanted(seed: int) -> None:
    """Two drawn cases whose best plan was cut off: a least lot topped up to whole lots of the item above, a set-up that fills a minimum."""
    assert compare(draw(seed)) == Verdict("optimal", compared=True)


def test_a_difference_is_found() -> None:
    """The comparison itself: a case whose tables are told apart costs more in one model than in the other."""
    tables = draw(
        next(seed for seed in range(100) if compare(draw(seed)).word == "optimal" and answer(draw(seed)).value)
    )
    plan = app.plan(case_of(tables), gap=0.0, threads=1, seed=0)
    best = answer(tables)
    assert wrong_with(tables, plan, best) == ""
    dearer = type(best)("optimal", (best.value or 0.0) + 1.0)
    assert "the second model says" in wrong_with(tables, plan, dearer)
