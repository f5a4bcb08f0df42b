"""The sheets Audit and Notes: how the plan was checked and found, and what there is to know about its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.worksheet import Worksheet

from equipoise.io import planwords as words
from equipoise.io.planbook import book as b
from equipoise.io.planbook.book import Book
from equipoise.plan import Plan
from equipoise.tables import SETTINGS

RULES_SHOWN = ("objective", "shortage", "final_backlog", "end_stock", "holding_on", "holding_rate", "integer_periods")
"""Settings that decide what the plan means."""


@dataclass
class _Page:
    book: Book
    sheet: Worksheet
    columns: int
    row: int = 0

    def heading(self, title: str, *heads: str, numbers: tuple[int, ...] = ()) -> None:
        """A title, and under it the heads of the columns; those of ``numbers`` stand on the right."""
        if self.row:
            self.row += 1
        self.book.text(self.sheet, self.row, 0, title, bold=True, font_size=12, font_color=b.NAVY)
        self.row += 1
        for column in range(self.columns) if heads else ():
            head = heads[column] if column < len(heads) else ""
            side = {"align": "right"} if column in numbers else {"align": "left", "indent": 1}
            self.book.text(self.sheet, self.row, column, head, bold=True, font_color="#FFFFFF", bg_color=b.BLUE, **side)
        self.row += bool(heads)

    def line(self, *values: Any, **look: Any) -> None:
        """One row; numbers as numbers, text as text."""
        edge = {"bottom": 1, "bottom_color": b.RULE, "valign": "top", "text_wrap": True, **look}
        for column in range(self.columns):
            value = values[column] if column < len(values) else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                style = self.book.style(**edge, num_format=_plain_format(value), align="right")
                self.sheet.write_number(self.row, column, value, style)
            else:
                self.book.text(self.sheet, self.row, column, value, **edge, indent=1)
        self.row += 1


def _plain_format(value: float) -> str:
    if float(value).is_integer():
        return "#,##0"
    return "#,##0.00" if abs(value) >= 0.01 else "0.0E+00"


def write_audit(book: Book, plan: Plan) -> None:
    """Result, checks, findings, where the case and the plan come from. Seconds, the only volatile figures, stand at the end."""
    page = _Page(book, book.sheet("Audit", b.GREY), 5)
    for column, width in enumerate((30, 18, 20, 14, 70)):
        page.sheet.set_column(column, column, width)
    _result(page, plan)
    _checks(page, plan)
    record = plan.record
    _pairs(page, "Rules of the case", _rules(plan))
    _pairs(page, "Options", {k: v for k, v in record.options.items() if v is not None})
    _pairs(page, "Fingerprint", {"case (SHA-256)": plan.case.fingerprint})
    _pairs(page, "Versions", record.versions)
    _pairs(page, "Size of the model", record.size)
    if record.features:
        _pairs(page, "Features that were on", {"features": ", ".join(record.features)})
    if record.steps:
        page.heading("Steps of the solution")
        for number, step in enumerate(record.steps, 1):
            page.book.merged(page.sheet, page.row, 1, 4, step, valign="top", text_wrap=True, indent=1)
            page.sheet.write_number(page.row, 0, number, page.book.style(align="left", valign="top", indent=1))
            page.row += 1
    _pairs(page, "Seconds", record.seconds)
    _ready_to_print(page.sheet)


def _result(page: _Page, plan: Plan) -> None:
    page.heading("Result")
    shown: dict[str, Any] = {
        "status": words.status_title(plan),
        words.objective_word(plan).lower(): plan.objective,
        "bound": plan.bound,
    }
    if plan.gap is not None and plan.gap != float("inf"):
        shown["gap (share of the objective)"] = plan.gap
    shown["at most better by"] = plan.money_gap
    shown["bound proven by"] = plan.record.bound_origin or None
    _pairs(page, "", {k: v for k, v in shown.items() if v is not None})


def _pairs(page: _Page, title: str, pairs: Mapping[str, Any]) -> None:
    if not pairs:
        return
    if title:
        page.heading(title)
    for key, value in pairs.items():
        page.book.text(page.sheet, page.row, 0, key, font_color=b.GREY, valign="top", indent=1)
        if isinstance(value, int | float) and not isinstance(value, bool):
            page.sheet.write_number(page.row, 1, value, page.book.style(align="left", num_format="General", indent=1))
        else:
            page.book.text(page.sheet, page.row, 1, value, indent=1)
        page.row += 1


def _rules(plan: Plan) -> dict[str, Any]:
    settings = plan.case.settings
    meanings = {s.name: s.meaning for s in SETTINGS}
    shown: dict[str, Any] = {}
    for name in RULES_SHOWN:
        value = getattr(settings, name)
        if value is not None:
            said = f"{value}: {words.END_OF_HORIZON[value]}" if name == "end_stock" else value
            shown[f"{name}"] = (
                f"{said} ({meanings[name]})" if name not in ("end_stock", "holding_rate", "integer_periods") else said
            )
    return shown


def _checks(page: _Page, plan: Plan) -> None:
    report = plan.audit
    if report is None:
        page.heading("Checks")
        page.line("The plan was not checked." if plan.has_plan else "There is no plan to check.")
        return
    verdict = "passed" if report.passed else f"{len(report.findings)} findings"
    page.heading(f"Checks: {verdict}", "Rule", "Rows checked", "Largest violation", "Unit", "Result", numbers=(1, 2))
    broken = {f.rule: 0 for f in report.findings}
    for finding in report.findings:
        broken[finding.rule] += 1
    for rule, (count, largest, unit) in report.checks.items():
        wrong = broken.get(rule, 0)
        look = {"font_color": b.RED, "bold": True} if wrong else {}
        page.line(rule, count, float(largest), unit, f"broken {wrong} times" if wrong else "kept", **look)
    if report.findings:
        page.heading("Findings", "Rule", "Where", "Amount", "Unit", "What is wrong", numbers=(2,))
        for f in report.findings:
            page.line(f.rule, f.where, float(f.amount), f.unit, f.message, font_color=b.RED)


def write_notes(book: Book, plan: Plan) -> None:
    """What collides, warnings of the plan, and what was noted about the data."""
    page = _Page(book, book.sheet("Notes", b.GREY), 5)
    for column, width in enumerate((12, 24, 24, 70, 50)):
        page.sheet.set_column(column, column, width)
    heads = ("Kind", "Code", "Cell", "What it says", "What to do")
    if plan.conflicts:
        page.heading("What collides", *heads)
        _issues(page, plan.conflicts, {"font_color": b.RED})
    if plan.warnings:
        page.heading("Warnings of the plan", *heads)
        for warning in plan.warnings:
            page.line("warning", None, None, warning)
    page.heading("Notes on the data", *heads)
    if plan.case.issues:
        _issues(page, plan.case.issues, {})
    else:
        page.line("note", None, None, "Nothing to note.")
    _ready_to_print(page.sheet)


def _issues(page: _Page, issues: Sequence[Any], look: dict[str, Any]) -> None:
    for issue in issues:
        if page.row >= b.MOST_ROWS - 1:
            return
        page.line(issue.severity, issue.code, issue.cell or issue.table, issue.message, issue.hint, **look)


def _ready_to_print(sheet: Worksheet) -> None:
    sheet.fit_to_pages(1, 0)
