"""One way to an exact optimum, run three ways: as it is, through a case workbook, and back from a plan workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cases import case as make_case
from cases import exact

from equipoise import app
from equipoise.case import Case
from equipoise.plan import Plan

Best = Callable[..., Plan]


@pytest.fixture(params=["solve", "write, read, solve", "solve, write, read"])
def best(request: pytest.FixtureRequest, tmp_path: Path) -> Best:
    """Tables (or a Case) -> the optimal plan."""

    def through(*given: Case, **tables: Any) -> Plan:
        case = given[0] if given else make_case(**tables)
        if request.param == "write, read, solve":
            from equipoise.io import read_case, write_case

            write_case(case, tmp_path / "case.xlsx")
            case = read_case(tmp_path / "case.xlsx")
        plan = exact(case)
        if request.param == "solve, write, read":
            path = app.write(plan, tmp_path / "plan.xlsx")
            report = app.audit(case, path)
            assert report.passed, report.findings
        return plan

    return through
