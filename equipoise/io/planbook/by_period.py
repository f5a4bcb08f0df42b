"""The figures by period on the sheet Summary: what the charts are drawn from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from equipoise.io import planwords as words
from equipoise.io.planbook import book as b
from equipoise.io.planbook.balance import PlanSheet
from equipoise.io.planbook.book import decimals, number_format
from equipoise.io.planfacts import Facts, Place, Series
from equipoise.plan import Plan

if TYPE_CHECKING:
    from equipoise.io.planbook.overview import Page

MOST_RESOURCES = 4
"""Resources with a column, and a line in the chart, of their own: the fullest."""
FULL = 0.99
"""Share of the regular hours from which a period counts as full."""
FIGURES = ("demand", "delivered", "late", "lost", "closing")
HEADS = {"demand": "Demand", "delivered": "Delivered", "late": "Late", "lost": "Lost", "closing": "Stock"}


class CostRow(NamedTuple):
    """A line of the cost table: its row on the sheet, its name, kind and amount."""

    row: int
    line: str
    kind: str
    amount: float


@dataclass
class ByPeriod:
    """The numbers, and (once placed) the rows in which they stand."""

    periods: tuple[str, ...]
    unit: str
    several_units: bool
    figures: dict[str, Series]
    objective: Series
    total_use: list[float | None]
    resource_use: dict[str, list[float | None]]
    cost_lines: list[CostRow] = field(default_factory=list)
    head: int = 0
    cost_head: int = 0

    @property
    def first(self) -> int:
        return self.head + 1

    @property
    def last(self) -> int:
        return self.head + len(self.periods)


def gather(
    plan: Plan, facts: Facts, found: dict[Place, dict[str, Series]], data: dict[str, list[dict[str, Any]]]
) -> ByPeriod:
    """Sums by period over what is sold in the most usual unit; money; load of all and of the fullest resources."""
    periods = plan.case.periods.names
    sold = {p: s for p, s in found.items() if p[0] in facts.sold}
    weight: dict[str, int] = defaultdict(int)
    for item in sorted({p[0] for p in sold}):
        weight[facts.unit(item)] += 1
    unit = max(sorted(weight), key=lambda u: weight[u], default="")
    shown = [s for p, s in sold.items() if facts.unit(p[0]) == unit]
    figures = {f: [sum(s[f][t] for s in shown) for t in range(len(periods))] for f in FIGURES}
    amounts: dict[str, float] = defaultdict(float)
    for r in data["costs"]:
        amounts[r["period"]] += r["amount"]
    total, single = _uses(plan, facts, data["capacity"])
    return ByPeriod(periods, unit, len(weight) > 1, figures, [amounts[p] for p in periods], total, single)


def _uses(
    plan: Plan, facts: Facts, capacity: list[dict[str, Any]]
) -> tuple[list[float | None], dict[str, list[float | None]]]:
    """Hours used / regular hours by period: over all resources with a capacity, and for the fullest of them."""
    place = plan.case.periods.index
    used: dict[str, Series] = {}
    regular: dict[str, Series] = {}
    for r in capacity:
        hours = facts.regular_hours(r["resource"], r["period"])
        if hours is None:
            continue
        for series, value in ((used, r["hours"] or 0.0), (regular, hours)):
            series.setdefault(r["resource"], [0.0] * len(place))[place[r["period"]]] = value

    def ratios(names: list[str]) -> list[float | None]:
        pairs = [(sum(used[n][t] for n in names), sum(regular[n][t] for n in names)) for t in range(len(place))]
        return [hours / most if most else None for hours, most in pairs]

    single = {name: ratios([name]) for name in used}
    full = {n: sum(v is not None and v > FULL for v in values) for n, values in single.items()}
    mean = {n: sum(used[n]) / (sum(regular[n]) or 1.0) for n in single}
    fullest = sorted(single, key=lambda n: (-full[n], -round(mean[n], 9), n))[:MOST_RESOURCES]
    return ratios(list(used)) if used else [], {n: single[n] for n in fullest}


def write_by_period(page: Page, table: ByPeriod, balance: PlanSheet | None, cost_lines: list[CostRow]) -> None:
    """Write the table, and remember in it where it stands."""
    book, sheet = page.book, page.sheet
    page.heading("Figures by period")
    note = page.take(18)
    unit, objective = table.unit or "units", words.objective_word(page.plan)
    more = f" Quantities: items sold in {unit} only; the sheet Plan has the others." if table.several_units else ""
    money = page.plan.case.settings.currency or "money without a name"
    load = (
        " Load: hours used / regular hours, of all resources with a capacity and of the fullest."
        if table.total_use
        else ""
    )
    words_ = f"What is sold, over all items and sites, in {unit}; {objective.lower()} in {money}.{more}{load}"
    book.text(sheet, note, 0, words_, font_size=8, font_color=b.GREY)
    table.head = head = page.take(30)
    table.cost_lines = cost_lines
    look: dict[str, Any] = {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": b.BLUE,
        "text_wrap": True,
        "font_size": 9,
    }
    heads = ["Period", *(HEADS[f] for f in FIGURES), objective]
    heads += ["Load, all", *table.resource_use] if table.total_use else []
    for column, title in enumerate(heads):
        book.text(sheet, head, column, title, **look, align="right" if column else "left")
    for t, period in enumerate(table.periods):
        _period_row(page, table, balance, t, period)
    if table.total_use:
        first, last = 7, 7 + len(table.resource_use)
        over = book.style(font_color=b.RED, bold=True, bg_color=b.RED_FILL)
        rule = {"type": "cell", "criteria": ">", "value": 1.005, "format": over}
        sheet.conditional_format(table.first, first, table.last, last, rule)
    _total_row(page, table)
    _cost_figures(page, table)


def _period_row(page: Page, table: ByPeriod, balance: PlanSheet | None, t: int, period: str) -> None:
    book, sheet = page.book, page.sheet
    edge = {"bottom": 1, "bottom_color": b.RULE}
    row = page.take(18)
    book.text(sheet, row, 0, period, **edge, num_format="@")
    digits = decimals(v for f in FIGURES for v in table.figures[f])
    look = book.style(**edge, num_format=number_format(digits, b.NOTHING))
    for column, figure in enumerate(FIGURES, 1):
        value = table.figures[figure][t]
        if balance is None:
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_formula(row, column, balance.total(figure, table.unit, t), look, value)
    money = 0 if max((abs(v) for v in table.objective), default=0.0) >= 1000 else 2
    sheet.write_number(row, 6, table.objective[t], book.style(**edge, num_format=number_format(money, b.NOTHING)))
    if table.total_use:
        percent = book.style(**edge, num_format="0%")
        for column, values in enumerate((table.total_use, *table.resource_use.values()), 7):
            value_or_none = values[t]
            if value_or_none is None:
                sheet.write_blank(row, column, None, percent)
            else:
                sheet.write_number(row, column, value_or_none, percent)


def _total_row(page: Page, table: ByPeriod) -> None:
    book, sheet, row = page.book, page.sheet, page.take(20)
    strong = {"bold": True, "top": 1, "top_color": b.NAVY}
    book.text(sheet, row, 0, "Total", **strong)
    digits = decimals(v for f in FIGURES for v in table.figures[f])
    for column, figure in enumerate((*FIGURES, "objective"), 1):
        if figure in ("late", "closing"):
            sheet.write_blank(row, column, None, book.style(**strong))
            continue
        values = table.objective if figure == "objective" else table.figures[figure]
        name = xl_col_to_name(column)
        look = book.style(**strong, num_format=number_format(digits if figure != "objective" else 0, b.NOTHING))
        sheet.write_formula(row, column, f"=SUM({name}{table.first + 1}:{name}{table.last + 1})", look, sum(values))


COST_COLUMNS = {"money": 2, "penalty": 3, "revenue": 4, "credit": 4}


def _cost_figures(page: Page, table: ByPeriod) -> None:
    """Cost lines, money and penalties in columns of their own, for the chart."""
    book, sheet = page.book, page.sheet
    page.take(18)
    head = table.cost_head = page.take(20)
    look: dict[str, Any] = {"bold": True, "font_color": "#FFFFFF", "bg_color": b.BLUE, "font_size": 9}
    for column, title in enumerate(("Cost line", "", "Money", "Penalties", "Income")):
        book.text(sheet, head, column, title, **look, align="right" if column else "left")
    edge = {"bottom": 1, "bottom_color": b.RULE}
    for source, line, kind, amount in table.cost_lines:
        row = page.take(18)
        for column in range(5):
            sheet.write_blank(row, column, None, book.style(**edge))
        book.text(sheet, row, 0, words.line_title(line), **edge)
        sheet.write_formula(
            row, COST_COLUMNS[kind], f"=E{source + 1}", book.style(**edge, num_format=number_format(0)), amount
        )
