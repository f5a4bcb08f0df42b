"""How much stock the plan holds, and what it is worth at the items' value."""

from __future__ import annotations

from collections.abc import Callable

from equipoise.report.figures import Figures, is_short, ratio


def _is_valued(f: Figures) -> bool:
    return f.plan.case.has_value("items", "value")


def _levels(f: Figures, worth: Callable[[str], float]) -> list[float]:
    """Opening stock, then the closing stock of every period, summed over all places."""
    place = f.plan.case.periods.index
    levels = [0.0] * (len(f.plan.case.periods) + 1)
    levels[0] = sum((r["opening"] or 0.0) * worth(item) for (item, _), r in f.facts.stock.items())
    for r in f.rows["stock"]:
        levels[place[r["period"]] + 1] += r["quantity"] * worth(r["item"])
    return levels


def _average(f: Figures, levels: list[float]) -> float | None:
    held = sum((levels[t] + levels[t + 1]) / 2 * length for t, length in enumerate(f.lengths))
    return ratio(held, sum(f.lengths))


def average_value(f: Figures) -> float | None:
    """Mean value of the stock, weighted by the length of the periods."""
    return _average(f, _levels(f, f.facts.value)) if _is_valued(f) else None


def average_quantity(f: Figures) -> float | None:
    """Mean quantity in stock, where all items have one unit."""
    return None if f.common_unit is None else _average(f, _levels(f, lambda _: 1.0))


def closing_value(f: Figures) -> float | None:
    """Value of the stock at the end of the horizon."""
    return _levels(f, f.facts.value)[-1] if _is_valued(f) else None


def cash_effect(f: Figures) -> float | None:
    """Value of the opening stock less that of the closing stock."""
    if not _is_valued(f):
        return None
    levels = _levels(f, f.facts.value)
    return levels[0] - levels[-1]


def turns(f: Figures) -> float | None:
    """Deliveries of a year at value / average stock value."""
    average = average_value(f)
    delivered = sum(r["quantity"] * f.facts.value(r["item"]) for r in f.rows["serve"])
    per_year = ratio(delivered, f.years)
    return None if average is None or per_year is None else ratio(per_year, average)


def days(f: Figures) -> float | None:
    """365 / turns."""
    times = turns(f)
    return None if times is None else ratio(365.0, times)


def _safety(f: Figures) -> list[tuple[float, float]]:
    """(stock, safety stock) of every item, site and period that has one."""
    pairs = ((r["quantity"], f.facts.stock_limit("safety", r["item"], r["site"], r["period"])) for r in f.rows["stock"])
    return [(quantity, safety) for quantity, safety in pairs if safety]


def safety_coverage(f: Figures) -> float | None:
    """Cells at safety stock or above / cells with one."""
    cells = _safety(f)
    return ratio(sum(not is_short(safety - quantity, safety) for quantity, safety in cells), len(cells))


def safety_violation(f: Figures) -> float | None:
    """Sum of what is missing to the safety stock."""
    cells = _safety(f)
    missing = (safety - quantity for quantity, safety in cells if is_short(safety - quantity, safety))
    return sum(missing) if cells else None
