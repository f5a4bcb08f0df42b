"""The planner's workbook, without and with macros, and a plan to be written into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from writeback_books import plan_book, planner_book


@pytest.fixture(params=[".xlsx", ".xlsm"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return planner_book(tmp_path / f"mine{request.param}")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return plan_book(tmp_path / "plan.xlsx")
