"""The sheet Plan: one block for an item at a site, balances as live formulas.

closing = opening + all that comes in - all that goes out; late = late before + demand - lost - delivered. The column Start holds what
was there before the first period, so that every period has the same formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from equipoise.io.planbook import book as b
from equipoise.io.planbook import sections
from equipoise.io.planbook.book import Book
from equipoise.io.planbook.grid import FIRST_ROW, Alert, Grid, Line
from equipoise.io.planfacts import Facts, Place, Series
from equipoise.plan import OPENING, Plan

TITLE = "Plan"
WORDS = (
    "Closing stock and what is late are live formulas. Output, purchases and transfers count in the period they arrive. "
    "Fold with the buttons on the left, filter in row 4."
)
LONGEST_LITERAL = 250
"""Characters of a text inside a formula; Excel takes 255."""
TITLES = {
    "demand": "Demand",
    "lost": "Lost",
    "late": "Late at the end",
    "opening": "Opening stock",
    "made": "Made",
    "bought": "Bought",
    "receipts": "Open orders",
    "moved_in": "Transfers in",
    "moved_out": "Transfers out",
    "used": "Used in production",
    "delivered": "Delivered",
    "closing": "Closing stock",
    "safety": "Safety stock",
    "maximum": "Maximum stock",
}
INFLOWS, OUTFLOWS = ("made", "bought", "receipts", "moved_in"), ("moved_out", "used", "delivered")
STRONG = {"demand", "closing"}
ALERTS = (
    Alert(TITLES["lost"], "{at}>0.000001"),
    Alert(TITLES["late"], "{at}>0.000001"),
    Alert(TITLES["closing"], "{at}<-0.000001"),
    Alert(TITLES["closing"], '{next}="Safety stock",{at}<{below}-0.000001', severe=False),
    *sections.ALERTS,
)


@dataclass(frozen=True)
class PlanSheet:
    """Where things lie on the sheet, for the formulas of the summary."""

    sheet: str
    first: int
    last: int
    role: str
    figure: str
    unit: str
    periods: tuple[str, ...]

    def total(self, figure: str, unit: str, period: int) -> str:
        """The sum of a figure over everything that is sold in that unit."""

        def area(column: str) -> str:
            return f"{self.sheet}${column}${self.first}:${column}${self.last}"

        wanted = (
            f'({area(self.figure)}="{TITLES[figure]}")*({area(self.role)}="sold")*({area(self.unit)}={_quoted(unit)})'
        )
        return f"=SUMPRODUCT({wanted},{area(self.periods[period])})"


def _quoted(text: str) -> str:
    """Text as a formula writes it."""
    return '"' + b.clean(text).replace('"', '""') + '"'


def write_balance(book: Book, plan: Plan, facts: Facts, found: dict[Place, dict[str, Series]], digits: dict[str, int],
                  data: dict[str, list[dict[str, Any]]]) -> PlanSheet | None:  # fmt: skip
    """Write the sheet; None when it does not hold every item and period (its cells cannot be summed up then)."""
    families = any(r["family"] for r in facts.items.values())
    labels = [*(["Family"] if families else []), "Item", *(["Site"] if plan.case.sites != ("",) else []), "Role"]
    grid = Grid(book, TITLE, labels, plan.case.periods.names)
    grid.title("Plan by item, site and period", WORDS)
    whole = len(grid.periods) == len(plan.case.periods)
    last_family: str | None = None
    for place in _in_order(plan, facts, found):
        family = _family(place[0], facts)
        lines = _item_lines(grid, place, found[place], facts, 2 if families and family != last_family else 1)
        if not grid.has_room(len(lines)):
            whole = False
            break
        if families and family != last_family:
            grid.band(family or "without a family", b.BLUE, "#FFFFFF")
            last_family = family
        values = {
            "Family": family,
            "Item": place[0],
            "Site": place[1],
            "Role": "sold" if place[0] in facts.sold else "component",
        }
        grid.block([values[h] for h in labels], _title(place, facts), lines, digits.get(place[0], 0))
    last = grid.row
    sections.write_sections(grid, plan, facts, data)
    grid.finish(ALERTS)
    if not whole or last == FIRST_ROW or any(len(facts.unit(i)) > LONGEST_LITERAL for i in facts.items):
        return None
    role, figure, unit = (grid.head_letter(h) for h in ("Role", "Figure", "Unit"))
    columns = tuple(grid.letter(t) for t in range(len(grid.periods)))
    return PlanSheet(book.reference(TITLE), FIRST_ROW + 1, last, role, figure, unit, columns)


def _family(item: str, facts: Facts) -> str:
    return str(facts.items.get(item, {}).get("family") or "")


def _in_order(plan: Plan, facts: Facts, found: dict[Place, dict[str, Series]]) -> list[Place]:
    """By family, then item, then site, each in the planner's order; places where nothing happens are left out."""
    items = {i: n for n, i in enumerate(plan.case.items)}
    sites = {s: n for n, s in enumerate(plan.case.sites)}
    families: dict[str, int] = {}
    for item in plan.case.items:
        families.setdefault(_family(item, facts), len(families))
    busy = [p for p, series in found.items() if facts.opening(*p) or any(any(values) for values in series.values())]
    return sorted(busy, key=lambda p: (families.get(_family(p[0], facts), 0), items.get(p[0], 0), sites.get(p[1], 0)))


def _title(place: Place, facts: Facts) -> str:
    about = str(facts.items.get(place[0], {}).get("description") or "")
    return "  ·  ".join(part for part in (place[0], about, place[1]) if part)


def _item_lines(grid: Grid, place: Place, series: dict[str, Series], facts: Facts, bands: int) -> list[Line]:
    """The rows of one block: demand and shortage where there is demand, then the stock balance with the flows that occur."""
    unit, count = facts.unit(place[0]), len(grid.periods)
    backlog = facts.demand.get((*place, "", OPENING), {}).get("quantity") or 0.0
    names = ["demand"] if backlog or any(series["demand"]) or any(series["delivered"]) else []
    names += ["lost", "late"] if backlog or any(series["lost"]) or any(series["late"]) else []
    flows = [f for f in (*INFLOWS, *OUTFLOWS) if any(series[f]) or (f == "delivered" and names)]
    names += ["opening", *flows, "closing"]
    at = {name: grid.row + bands + 1 + n for n, name in enumerate(names)}  # rows as Excel counts them
    levels = _levels(facts.opening(*place), backlog, series, flows, count)
    formulas = {
        "opening": lambda t: f"={grid.letter(t - 1)}{at['closing']}",
        "closing": lambda t: _closing_formula(grid.letter(t), at, flows),
        "late": lambda t: _late_formula(grid.letter(t - 1), grid.letter(t), at),
    }
    starts = {"closing": facts.opening(*place), "late": backlog}
    lines = []
    for name in names:
        line = Line(TITLES[name], unit, series.get(name, [])[:count], strong=name in STRONG)
        if name in formulas:
            line.values, line.formula, line.start = levels[name], formulas[name], starts.get(name)
            end = 0 if name == "opening" else count - 1
            line.total, line.total_value = f"={grid.letter(end)}{at[name]}", levels[name][end]
        lines.append(line)
    for limit in ("safety", "maximum"):
        values = [facts.stock_limit(limit, *place, period) for period in grid.periods]
        if any(v is not None and (v or limit == "maximum") for v in values):
            lines.append(Line(TITLES[limit], unit, values, kind="limit"))
    return lines


def _levels(start: float, backlog: float, series: dict[str, Series], flows: list[str], count: int) -> dict[str, Series]:
    """Opening stock, closing stock and what is late, as the formulas of the sheet work them out."""
    found: dict[str, Series] = {"opening": [], "closing": [], "late": []}
    for t in range(count):
        found["opening"].append(start)
        for flow in flows:
            start += series[flow][t] if flow in INFLOWS else -series[flow][t]
        start = round(start, 9) + 0.0
        found["closing"].append(start)
        backlog = round(backlog + series["demand"][t] - series["lost"][t] - series["delivered"][t], 9) + 0.0
        found["late"].append(backlog)
    return found


def _closing_formula(column: str, at: dict[str, int], flows: list[str]) -> str:
    steps = "".join(f"{'+' if f in INFLOWS else '-'}{column}{at[f]}" for f in flows)
    return f"=ROUND({column}{at['opening']}{steps},9)"


def _late_formula(before: str, column: str, at: dict[str, int]) -> str:
    return f"=ROUND({before}{at['late']}+{column}{at['demand']}-{column}{at['lost']}-{column}{at['delivered']},9)"
