"""Native Excel charts of the sheet Summary. They can be told apart in black and white: by fill, pattern, marker and dash."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from xlsxwriter.worksheet import Worksheet

from equipoise.io.planbook import book as b
from equipoise.io.planbook.book import Book
from equipoise.io.planbook.by_period import ByPeriod

if TYPE_CHECKING:
    from equipoise.io.planbook.overview import Page

EDGE = 12
MOST_LABELS, MOST_UPRIGHT = 26, 8
MOST_COLUMNS = 40
"""Periods shown as columns; more become areas and lines."""
MOST_LINES = 2
"""Resources in the load chart beside the total; more lines cannot be told apart."""
DASHES, MARKERS, LINE_COLOURS = ("solid", "dash"), ("circle", "square"), (b.NAVY, "#B5651D")


def add_charts(page: Page, table: ByPeriod, upper: tuple[int, int], lower: tuple[int, int]) -> None:
    """Cost by line beside the cost table; demand and stock, and load, below. Each place is (row, pixels).

    The table must have been written.
    """
    book, sheet = page.book, page.sheet
    name = sheet.get_name()
    bottom, height = lower
    full = 12 * page.column
    half = full // 2 - EDGE
    if table.cost_lines:
        _insert(sheet, _cost_chart(book, name, table, page), upper[0], 6, half, upper[1])
    has_demand = any(any(v) for v in table.figures.values())
    has_load = any(v for v in table.total_use)
    if has_demand:
        _insert(sheet, _demand_chart(book, name, table), bottom, 0, half if has_load else full, height)
    if has_load:
        width = half if has_demand else full
        _insert(sheet, _load_chart(book, name, table), bottom, 6 if has_demand else 0, width, height)


def _insert(sheet: Worksheet, chart: Any, row: int, column: int, width: int, height: int) -> None:
    chart.set_size({"width": width, "height": height})
    chart.set_chartarea({"border": {"color": b.RULE}, "fill": {"color": "#FFFFFF"}})
    chart.set_legend({"position": "bottom", "font": {"name": b.FONT, "size": 8, "color": b.INK}})
    sheet.insert_chart(row, column, chart, {"x_offset": EDGE if column else 0, "y_offset": 0, "object_position": 2})


def _title(chart: Any, words: str) -> None:
    font = {"name": b.FONT, "size": 11, "bold": True, "color": b.NAVY}
    chart.set_title({"name": words, "name_font": font, "overlay": False})


def _axis(**more: Any) -> dict[str, Any]:
    return {
        "num_font": {"name": b.FONT, "size": 8, "color": b.INK},
        "line": {"color": b.GREY},
        "major_gridlines": {"visible": False},
        **more,
    }


def _values(number_format: str, **more: Any) -> dict[str, Any]:
    grid = {"visible": True, "line": {"color": "#E3E8EE", "width": 0.75}}
    return _axis(num_format=number_format, major_gridlines=grid, **{"line": {"none": True}, **more})


def _period_axis(table: ByPeriod) -> dict[str, Any]:
    step = max(1, -(-len(table.periods) // MOST_LABELS))
    axis = _axis(interval_unit=step, interval_tick=step, text_axis=True, label_position="low")
    if len(table.periods) > MOST_UPRIGHT:
        axis["num_font"] = {**axis["num_font"], "rotation": -45}
    return axis


def _gap(table: ByPeriod) -> int:
    """Space between columns in per cent of their width: few periods would give very fat ones."""
    return 60 if len(table.periods) > 4 else 200


def _series(sheet: str, table: ByPeriod, column: int, **look: Any) -> dict[str, Any]:
    """A column of the table over its periods."""
    return {
        "name": [sheet, table.head, column],
        "categories": [sheet, table.first, 0, table.last, 0],
        "values": [sheet, table.first, column, table.last, column],
        **look,
    }


def _demand_chart(book: Book, sheet: str, table: ByPeriod) -> Any:
    """Demand and deliveries as columns, stock as a line."""
    series = partial(_series, sheet, table)
    line = book.book.add_chart({"type": "line"})
    if len(table.periods) <= MOST_COLUMNS:
        chart = book.book.add_chart({"type": "column"})
        chart.add_series(
            series(1, fill={"color": "#FFFFFF"}, border={"color": b.NAVY, "width": 1}, gap=_gap(table), overlap=0)
        )
        chart.add_series(series(2, fill={"color": "#2E75B6"}, border={"color": b.NAVY, "width": 0.75}))
        marker = {"type": "circle", "size": 5, "fill": {"color": b.INK}, "border": {"color": b.INK}}
    else:
        chart = book.book.add_chart({"type": "area"})
        chart.add_series(series(2, fill={"color": "#BDD7EE"}))
        line.add_series(series(1, line={"color": b.NAVY, "width": 1}))
        marker = {"type": "none"}
    line.add_series(series(5, line={"color": b.INK, "width": 1.75, "dash_type": "dash"}, marker=marker))
    chart.combine(line)
    _title(chart, f"Demand, deliveries and stock of what is sold{f' ({table.unit})' if table.unit else ''}")
    chart.set_x_axis(_period_axis(table))
    chart.set_y_axis(_values("#,##0", min=0))
    return chart


def _load_chart(book: Book, sheet: str, table: ByPeriod) -> Any:
    """Load of all resources as columns, of the fullest as lines."""
    series = partial(_series, sheet, table)
    few = len(table.periods) <= MOST_COLUMNS
    chart = book.book.add_chart({"type": "column" if few else "area"})
    chart.add_series(
        series(
            7,
            fill={"color": "#C9D3DE"},
            border={"color": b.GREY, "width": 0.75},
            **({"gap": _gap(table)} if few else {}),
        )
    )
    line = book.book.add_chart({"type": "line"})
    lines = min(len(table.resource_use), MOST_LINES) if len(table.resource_use) > 1 else 0
    for n in range(lines):
        colour = LINE_COLOURS[n]
        shape = {
            "type": MARKERS[n],
            "size": 5,
            "fill": {"color": "#FFFFFF" if n % 2 else colour},
            "border": {"color": colour},
        }
        line.add_series(
            series(
                8 + n,
                line={"color": colour, "width": 1.75, "dash_type": DASHES[n]},
                marker=shape if few else {"type": "none"},
            )
        )
    if lines:
        chart.combine(line)
    _title(chart, "Capacity load (hours used / regular hours)")
    chart.set_x_axis(_period_axis(table))
    chart.set_y_axis(_values("0%", min=0))
    return chart


def _cost_chart(book: Book, sheet: str, table: ByPeriod, page: Page) -> Any:
    """One bar a cost line: money solid, penalties hatched, revenue and credit light."""
    first, last = table.cost_head + 1, table.cost_head + len(table.cost_lines)
    kinds = {kind for _, _, kind, _ in table.cost_lines}
    chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
    looks = (
        (2, {"money"}, {"fill": {"color": "#2E75B6"}}),
        (3, {"penalty"}, {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": b.RED, "bg_color": "#FFFFFF"}}),
        (4, {"revenue", "credit"}, {"fill": {"color": "#CFE3D6"}}),
    )
    for column, of, look in looks:
        if kinds & of:
            values = [sheet, first, column, last, column]
            name, categories = [sheet, table.cost_head, column], [sheet, first, 0, last, 0]
            edge = {"color": b.GREY, "width": 0.75}
            chart.add_series(
                {"name": name, "categories": categories, "values": values, "border": edge, "gap": 45, **look}
            )
    _title(chart, f"{'Cost' if page.plan.case.settings.objective == 'cost' else 'Profit'} by line ({page.currency})")
    font = {"name": b.FONT, "size": 7 if len(table.cost_lines) > 10 else 8}
    chart.set_y_axis(_axis(reverse=True, label_position="low", interval_unit=1, num_font=font))
    chart.set_x_axis(_values("#,##0", label_position="high"))
    return chart
