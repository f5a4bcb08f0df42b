"""Below the items on the sheet Plan: resources, crews, stores and costs by period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from equipoise.io.planbook.grid import Alert, Grid, Line
from equipoise.io.planfacts import Facts
from equipoise.io.planwords import line_title
from equipoise.plan import Plan

Cells = dict[str, list[dict[str, Any] | None]]
UTILISATION = "Utilisation"
ALERTS = (Alert(UTILISATION, "{at}>1.005"),)


def write_sections(grid: Grid, plan: Plan, facts: Facts, data: dict[str, list[dict[str, Any]]]) -> None:
    """A block for every resource, crew and store, and one for the costs."""
    for name, cells in _by_name(grid, data["capacity"], "resource").items():
        _resource(grid, facts, name, cells)
    for name, cells in _by_name(grid, data["crew"], "crew").items():
        _crew(grid, facts, name, cells)
    for name, cells in _by_name(grid, data["storage"], "site").items():
        _store(grid, facts, name, cells)
    _costs(grid, plan, _by_name(grid, data["costs"], "line"))


def _by_name(grid: Grid, found: list[dict[str, Any]], key: str) -> Cells:
    """Name -> its row of each period."""
    place = {p: t for t, p in enumerate(grid.periods)}
    grouped: Cells = {}
    for r in found:
        cells = grouped.setdefault(r[key] or "", [None] * len(place))
        if r["period"] in place:
            cells[place[r["period"]]] = r
    return grouped


def _values(cells: list[dict[str, Any] | None], column: str) -> list[float | None]:
    return [cell[column] if cell else None for cell in cells]


def _block(grid: Grid, role: str, name: str, title: str, lines: list[Line]) -> None:
    if grid.has_room(len(lines)):
        values = {"Family": "", "Item": name, "Site": "", "Role": role}
        grid.block([values[h] for h in grid.heads if h in values], title, lines)


def _resource(grid: Grid, facts: Facts, name: str, cells: list[dict[str, Any] | None]) -> None:
    regular = [facts.regular_hours(name, p) for p in grid.periods]
    more = [
        ("setup_hours", "of these set-ups"),
        ("overtime", "of these overtime"),
        ("below_minimum", "Below minimum use"),
    ]
    used = _values(cells, "hours")
    lines = [Line("Hours used", "hours", used, strong=True)]
    lines += [Line(title, "hours", _values(cells, c)) for c, title in more if any(_values(cells, c))]
    lines += _utilisation(grid, used, regular, grid.row + 2, grid.row + 2 + len(lines))
    _block(grid, "resource", name, f"Resource  ·  {name}", lines)


def _crew(grid: Grid, facts: Facts, name: str, cells: list[dict[str, Any] | None]) -> None:
    paid = [(c["workers"] or 0.0) * facts.hours_of_worker(name, c["period"]) if c else None for c in cells]
    used = _values(cells, "hours")
    lines = [Line("People", "people", _values(cells, "workers"), kind="level")]
    lines += [
        Line(t, "people", _values(cells, c))
        for c, t in (("hired", "Hired"), ("laid_off", "Laid off"))
        if any(_values(cells, c))
    ]
    lines.append(Line("Hours worked", "hours", used, strong=True))
    used_row = grid.row + 1 + len(lines)
    if any(_values(cells, "overtime")):
        lines.append(Line("of these overtime", "hours", _values(cells, "overtime")))
    lines += _utilisation(grid, used, paid, used_row, grid.row + 2 + len(lines))
    _block(grid, "crew", name, f"Crew  ·  {name}", lines)


def _utilisation(
    grid: Grid, used: Sequence[float | None], regular: Sequence[float | None], used_row: int, regular_row: int
) -> list[Line]:
    """Regular hours and the share used of them, nothing where there is no limit. Rows are counted as in Excel."""
    if not any(regular):
        return []

    def ratio(column: str) -> str:
        return f'=IF(N({column}{regular_row})=0,"",{column}{used_row}/{column}{regular_row})'

    total = sum(r or 0.0 for r in regular)
    line = Line(
        UTILISATION, "%", [(u or 0.0) / r if r else None for u, r in zip(used, regular, strict=True)], kind="share"
    )
    line.formula = lambda t: ratio(grid.letter(t))
    line.total, line.total_value = ratio(grid.letters[grid.last_column]), sum(u or 0.0 for u in used) / total
    return [Line("Regular hours", "hours", regular), line]


def _store(grid: Grid, facts: Facts, site: str, cells: list[dict[str, Any] | None]) -> None:
    lines = [
        Line("Volume stored", "volume", _values(cells, "volume"), kind="level", strong=True),
        Line("Capacity", "volume", [facts.rooms.get(site)] * len(cells), kind="limit"),
    ]
    name = site or "the site"
    _block(grid, "store", name, f"Store  ·  {name}", lines)


def _costs(grid: Grid, plan: Plan, cells: Cells) -> None:
    """Every cost line by period, signed as in the objective, and their sum."""
    names = [line for line in plan.cost_lines if line in cells]
    if not names:
        return
    currency = plan.case.settings.currency or "money"
    series = {n: _values(cells[n], "amount") for n in names}
    lines = [Line(line_title(n), currency, series[n], kind="money") for n in names]
    first, last = grid.row + 2, grid.row + 1 + len(lines)
    sums: list[float | None] = [sum(s[t] or 0.0 for s in series.values()) for t in range(len(grid.periods))]
    total = Line("Sum of all lines", currency, sums, kind="money", strong=True)
    total.formula = lambda t: f"=SUM({grid.letter(t)}{first}:{grid.letter(t)}{last})"
    _block(grid, "cost", "Objective", "Costs by period, signed as they count in the objective", [*lines, total])
