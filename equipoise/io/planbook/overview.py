"""The sheet Summary: one page to show, then the key figures with their definitions, then the figures by period behind the charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from xlsxwriter.worksheet import Worksheet

from equipoise.io import planwords as words
from equipoise.io.planbook import book as b
from equipoise.io.planbook import charts
from equipoise.io.planbook.balance import PlanSheet
from equipoise.io.planbook.book import Book, decimals, money_decimals, number_format
from equipoise.io.planbook.by_period import ByPeriod, CostRow, write_by_period
from equipoise.plan import COST_LINES, Plan

TITLE = "Summary"
COLUMNS, LEAST_COLUMN = 12, 88
SHAPE = 1.56
"""Width of the first page as a multiple of its height, so that what fits an A4 page in width fits it in height too."""
TILES = (
    ("objective",),
    ("money_gap",),
    ("volume_fill_rate",),
    ("lost_share", "late_share"),
    ("average_stock_value", "average_stock_quantity"),
    ("utilisation", "crew_utilisation", "period_service"),
)
"""The six figures of the first page; the first of each that has a value."""
CHART_ROWS = 13
LINE_PIXELS, LETTER = 20, 5.3
"""Height of a row; width of a small letter."""
LEAST_SIDE = 240
"""Pixels of the cost chart at least, however few the lines."""


class KpiLike(Protocol):
    """What the sheet needs to know of a KPI."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def definition(self) -> str: ...


@dataclass
class Page:
    """The sheet while it is written: the next row, the height so far and the width of a column in pixels."""

    book: Book
    sheet: Worksheet
    plan: Plan
    row: int = 0
    height: int = 0
    column: int = LEAST_COLUMN

    @property
    def currency(self) -> str:
        return self.plan.case.settings.currency or "money"

    def take(self, pixels: int) -> int:
        """The next row, given this height."""
        self.sheet.set_row_pixels(self.row, pixels)
        self.row += 1
        self.height += pixels
        return self.row - 1

    def heading(self, title: str, first: int = 0, last: int = COLUMNS - 1, row: int | None = None) -> None:
        """A section heading with a rule under it."""
        at = self.take(24) if row is None else row
        for column in range(first, last + 1):
            self.sheet.write_blank(at, column, None, self.book.style(bottom=2, bottom_color=b.NAVY))
        self.book.text(
            self.sheet, at, first, title, bold=True, font_size=11, font_color=b.NAVY, bottom=2, bottom_color=b.NAVY
        )


def write_overview(book: Book, sheet: Worksheet, plan: Plan, kpis: Sequence[KpiLike],
                   balance: PlanSheet | None, by_period: ByPeriod) -> None:  # fmt: skip
    """Write the sheet. Everything else must be written before, so that its formulas know where to look."""
    page = Page(book, sheet, plan)
    sheet.set_first_sheet()
    sheet.activate()
    _title(page)
    if plan.has_plan:
        tile = _tiles(page, kpis)
        top, above = page.row, page.height
        lines = _costs(page, tile)
        while page.height - above < LEAST_SIDE:
            page.take(LINE_PIXELS)
        side = page.height - above
        page.take(10)
        bottom = page.row
        for _ in range(CHART_ROWS):
            page.take(LINE_PIXELS)
        page.column = max(LEAST_COLUMN, int(page.height * SHAPE / COLUMNS))
        pages = [page.row]
        _key_figures(page, kpis)
        pages.append(page.row)
        write_by_period(page, by_period, balance, lines)
        charts.add_charts(page, by_period, (top, side), (bottom, CHART_ROWS * LINE_PIXELS))
        book.print_areas(TITLE, [*pages, page.row], COLUMNS)
    else:
        _collisions(page)
        book.print_areas(TITLE, [page.row], COLUMNS)
    sheet.set_column_pixels(0, COLUMNS - 1, page.column)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()


# --- the head ----------------------------------------------------------------------------------------------------------------------


def _title(page: Page) -> None:
    book, sheet, plan = page.book, page.sheet, page.plan
    book.text(sheet, page.take(36), 0, words.case_title(plan), bold=True, font_size=20, font_color=b.NAVY)
    rules = [f"objective {plan.case.settings.objective}", f"shortage {plan.case.settings.shortage}"]
    scope = "  ·  ".join([words.scope_line(plan), *rules, *([page.currency] if plan.case.settings.currency else [])])
    book.text(sheet, page.take(20), 0, scope, font_size=9, font_color=b.GREY)
    page.take(8)
    failed = plan.audit is not None and not plan.audit.passed and plan.has_plan
    bad = failed or not plan.has_plan
    fill, ink = (b.RED, b.RED_FILL) if bad else (b.GREEN, "#E7F3EC") if plan.status == "optimal" else (b.BLUE, b.SKY)
    row = page.take(40)
    status = "AUDIT FAILED" if failed else words.status_title(plan)
    book.merged(
        sheet,
        row,
        0,
        1,
        status,
        bold=True,
        font_size=11,
        font_color="#FFFFFF",
        bg_color=fill,
        align="center",
        text_wrap=True,
    )
    proof = words.proof_line(plan)
    if failed and plan.audit is not None:
        proof = f"{len(plan.audit.findings)} findings on the sheet Audit: this is not a plan to work with. {proof}"
    book.merged(
        sheet,
        row,
        2,
        COLUMNS - 1,
        proof,
        font_size=11,
        bold=True,
        font_color=b.INK,
        bg_color=ink,
        text_wrap=True,
        indent=1,
    )
    page.take(10)


def _tiles(page: Page, kpis: Sequence[KpiLike]) -> int:
    """Six figures in large; returns the row of their values."""
    by_name = {k.name: k for k in kpis}
    title, value, unit = page.take(20), page.take(32), page.take(18)
    small = {**_TILE_EDGE, "font_color": b.GREY, "indent": 1}
    for number, names in enumerate(TILES):
        left = number * 2
        if names == ("objective",):
            head, shown, under = words.objective_word(page.plan), page.plan.objective, page.currency
        else:
            usable = [by_name[n] for n in names if n in by_name]
            kpi = next((k for k in usable if k.value is not None), usable[0])
            head, shown, under = kpi.title, kpi.value, _unit_words(kpi) if kpi.value is not None else ""
        page.book.merged(page.sheet, title, left, left + 1, head, **small, font_size=9)
        page.book.merged(page.sheet, unit, left, left + 1, under, **small, font_size=8)
        page.book.merged(page.sheet, value, left, left + 1, "n/a", **_TILE)
        if shown is not None:
            page.sheet.write_number(
                value, left, shown, page.book.style(**_TILE, num_format=_format(under, [shown], page.currency))
            )
    page.take(10)
    return value


_TILE_EDGE = {"bg_color": b.PALE, "left": 5, "left_color": b.BLUE}
_TILE = {**_TILE_EDGE, "bold": True, "font_size": 16, "font_color": b.NAVY, "align": "left", "indent": 1}


def _unit_words(kpi: KpiLike) -> str:
    return "% of demand" if kpi.unit == "share" and kpi.name in _OF_DEMAND else "%" if kpi.unit == "share" else kpi.unit


_OF_DEMAND = {"volume_fill_rate", "lost_share", "late_share"}


def _format(unit: str, values: Sequence[float], currency: str) -> str:
    if unit.startswith("%") or unit == "share":
        size = max(map(abs, values))
        return "0.00%" if 0 < size < 0.01 or 0.99 < size < 1 else "0.0%"
    if unit == currency:
        return number_format(0 if max(map(abs, values)) >= 10_000 else 2)
    return number_format(min(decimals(values), 2))


# --- costs and charts --------------------------------------------------------------------------------------------------------------


def _costs(page: Page, tile: int) -> list[CostRow]:
    """The cost table; its sum also goes to the first tile. Returns its rows, for the chart."""
    book, sheet, plan = page.book, page.sheet, page.plan
    page.heading(
        "Where the money goes" if plan.case.settings.objective == "cost" else "Where the profit comes from", 0, 5
    )
    costs = book.reference("Costs")
    digits = money_decimals([*plan.cost_lines.values(), plan.objective or 0.0])
    look = {"num_format": number_format(digits), "align": "right"}
    head = page.take(18)
    for column, title in ((0, "Line"), (2, "What it is"), (4, page.currency), (5, "Share")):
        book.text(sheet, head, column, title, font_size=8, font_color=b.GREY, align="right" if column > 3 else "left")
    found = words.sections(plan)
    objective_row = page.row + sum(len(of_kind) + 1 for of_kind in found.values())
    written: list[CostRow] = []
    sums: list[int] = []
    objective = plan.objective or 0.0
    for kind, of_kind in found.items():
        first = page.row
        for line, amount in of_kind:
            row = page.take(LINE_PIXELS)
            book.text(sheet, row, 0, words.line_title(line), indent=1)
            book.text(sheet, row, 2, _short_meaning(line), font_size=8, font_color=b.GREY)
            formula = f'=SUMIF({costs}$A:$A,"{line}",{costs}$C:$C)'
            sheet.write_formula(row, 4, formula, book.style(**look), amount)
            _share(page, row, amount, objective, objective_row, {})
            written.append(CostRow(row, line, kind, amount))
        row = page.take(LINE_PIXELS)
        total = sum(amount for _, amount in of_kind)
        strong = {"bold": True, "top": 1, "top_color": b.RULE, "bg_color": b.PALE}
        for column in range(6):
            sheet.write_blank(row, column, None, book.style(**strong))
        book.text(sheet, row, 0, words.SECTION_TITLES[kind], **strong)
        sheet.write_formula(row, 4, f"=SUM(E{first + 1}:E{row})", book.style(**look, **strong), total)
        _share(page, row, total, objective, objective_row, strong)
        sums.append(row)
    row = page.take(LINE_PIXELS)
    strong = {"bold": True, "bg_color": b.NAVY, "font_color": "#FFFFFF"}
    for column in range(6):
        sheet.write_blank(row, column, None, book.style(**strong))
    book.text(sheet, row, 0, words.objective_word(plan), **strong)
    formula = "=" + "+".join(f"E{r + 1}" for r in sums) if sums else "=0"
    sheet.write_formula(row, 4, formula, book.style(**look, **strong), sum(plan.cost_lines.values()))
    _share(page, row, objective, objective, objective_row, strong)
    big = {**_TILE, "num_format": _format(page.currency, [objective], page.currency)}
    sheet.write_formula(tile, 0, f"=E{row + 1}", book.style(**big), sum(plan.cost_lines.values()))
    return written


def _short_meaning(line: str) -> str:
    """The meaning of a cost line up to its first comma or bracket."""
    return COST_LINES[line][1].split(" (")[0].split(",")[0]


def _share(page: Page, row: int, amount: float, objective: float, objective_row: int, strong: dict[str, Any]) -> None:
    style = page.book.style(num_format="0.0%", align="right", **({"font_color": b.GREY} | strong))
    formula = f'=IF(E${objective_row + 1}=0,"",E{row + 1}/ABS(E${objective_row + 1}))'
    page.sheet.write_formula(row, 5, formula, style, amount / abs(objective) if objective else "")


# --- key figures -------------------------------------------------------------------------------------------------------------------


def _key_figures(page: Page, kpis: Sequence[KpiLike]) -> None:
    book, sheet = page.book, page.sheet
    page.heading("Key figures")
    edge = {"bottom": 1, "bottom_color": b.RULE}
    for kpi in kpis:
        lines = -(-len(kpi.definition) // int(7 * page.column / LETTER))
        row = page.take(20 if lines == 1 else 28)
        book.merged(sheet, row, 0, 2, kpi.title, **edge, bold=True)
        if kpi.value is None:
            book.text(sheet, row, 3, "n/a", **edge, align="right", font_color=b.GREY)
        else:
            sheet.write_number(
                row,
                3,
                kpi.value,
                book.style(**edge, bold=True, num_format=_format(kpi.unit, [kpi.value], page.currency)),
            )
        unit = "" if kpi.unit == "share" else kpi.unit
        book.text(sheet, row, 4, unit, **edge, font_color=b.GREY, font_size=8, indent=1)
        book.merged(sheet, row, 5, COLUMNS - 1, kpi.definition, **edge, text_wrap=True, font_size=8, font_color=b.GREY)


# --- no plan -----------------------------------------------------------------------------------------------------------------------


def _collisions(page: Page) -> None:
    """What collides, with its cells; warnings below."""
    book, sheet, plan = page.book, page.sheet, page.plan
    if plan.conflicts:
        page.heading("What collides")
    edge = {"bottom": 1, "bottom_color": b.RULE, "valign": "top", "text_wrap": True}
    for issue in plan.conflicts:
        said = f"{issue.message} {issue.hint}".strip()
        row = page.take(20 * max(1, -(-len(said) // 105), -(-len(issue.cell or issue.table) // 26)))
        book.merged(sheet, row, 0, 2, issue.cell or issue.table, **edge, bold=True, font_color=b.RED)
        book.merged(sheet, row, 3, COLUMNS - 1, said, **edge)
    if plan.warnings:
        page.heading("Warnings")
    for warning in plan.warnings:
        book.merged(sheet, page.take(20 * max(1, -(-len(warning) // 140))), 0, COLUMNS - 1, warning, **edge)
