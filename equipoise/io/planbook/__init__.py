"""The plan workbook: what a planner shows, reads, prints and can have audited again.

Sheets: Summary, Plan, one for each plan table with rows, Audit, Notes, and the inputs used as in_<table>.
docs/reference/plan.md lists every column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from equipoise.errors import OutOfMemoryError, OutputError, memory_for
from equipoise.io.casebook import CREATED
from equipoise.io.planbook.balance import write_balance
from equipoise.io.planbook.book import Book
from equipoise.io.planbook.by_period import gather
from equipoise.io.planbook.inputs import write_inputs
from equipoise.io.planbook.overview import TITLE, KpiLike, write_overview
from equipoise.io.planbook.record import write_audit, write_notes
from equipoise.io.planbook.results import item_decimals, write_results
from equipoise.io.planfacts import Facts, flows, rows
from equipoise.io.planwords import case_title
from equipoise.io.save import FINGERPRINT_NAME, OBJECTIVE_NAME
from equipoise.plan import PLAN_TABLES, Plan

__all__ = ["write_plan_book"]

CSV_TAKES_LESS = (
    "Write its tables as CSV files instead (-o with a name without an ending), or give the process more memory."
)


def write_plan_book(
    plan: Plan, kpis: Sequence[KpiLike], path: str | Path | BinaryIO, *, created: dt.datetime = CREATED
) -> None:
    """Write the plan workbook to exactly ``path`` (a file name or a file open for writing bytes).

    The same plan gives the same bytes, the seconds on sheet Audit apart. ``created`` is the creation time in its properties. Raises OSError
    where the file cannot be written, OutputError where memory does not suffice.
    """
    try:
        with memory_for("writing the plan workbook", CSV_TAKES_LESS):
            _write(plan, kpis, path, created)
    except OutOfMemoryError as error:
        raise OutputError(f"The plan was found, but there is {error}") from None


def _write(plan: Plan, kpis: Sequence[KpiLike], path: str | Path | BinaryIO, created: dt.datetime) -> None:
    book = Book(path, case_title(plan), created)
    book.constant(FINGERPRINT_NAME, f'"{plan.case.fingerprint}"')
    if plan.objective is not None:
        book.constant(OBJECTIVE_NAME, f"{plan.objective:.17G}")
    first = book.sheet(TITLE)
    facts = Facts(plan.case)
    data = {table: list(rows(plan, table)) for table in PLAN_TABLES}
    found = flows(plan, facts) if plan.has_plan else {}
    balance = None
    if plan.has_plan:
        digits = item_decimals(plan)
        balance = write_balance(book, plan, facts, found, digits, data)
        write_results(book, plan, facts, digits)
    write_audit(book, plan)
    write_notes(book, plan)
    write_inputs(book, plan.case)
    write_overview(book, first, plan, kpis, balance, gather(plan, facts, found, data))
    book.close()
