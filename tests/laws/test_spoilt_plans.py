"""A solver's plan with one value changed does not pass the audit, and the rule that should catch it does."""

from __future__ import annotations

import pytest
from audit.spoil import spoilt
from cases import case, exact
from make_cases import rich_tables

from equipoise.audit import audit


@pytest.mark.parametrize("seed", [1, 2])
def test_every_kind_of_cell_of_a_real_plan(seed):
    one = case(**rich_tables(seed))
    plan = exact(one)
    tried = 0
    for table, row, column, tables, expected in spoilt(one, plan.tables):
        rules = {finding.rule for finding in audit(one, tables, plan.objective).findings}
        assert rules & expected, (table, row, column, expected, rules)
        tried += 1
    assert tried > 100
