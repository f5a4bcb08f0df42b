"""How well demand is served. Demand = delivered on time + delivered late + given up + still waiting, for every row of demand."""

from __future__ import annotations

from collections import defaultdict

from equipoise.plan import OPENING
from equipoise.report.figures import Figures, is_short, ratio


def _due(f: Figures) -> float:
    return sum(row["quantity"] for key, row in f.facts.demand.items() if key[3] != OPENING)


def _delivered(f: Figures, late: bool) -> float:
    return sum(r["quantity"] for r in f.rows["serve"] if r["due"] != OPENING and (r["period"] != r["due"]) == late)


def _lost(f: Figures) -> float:
    return sum(r["lost"] or 0.0 for r in f.rows["short"] if r["due"] != OPENING)


def volume_fill_rate(f: Figures) -> float | None:
    """On time / due."""
    return ratio(_delivered(f, late=False), _due(f))


def value_fill_rate(f: Figures) -> float | None:
    """The same, weighted by price."""
    facts = f.facts
    if not facts.has_money:
        return None
    due = sum((facts.of_demand("price", *k) or 0.0) * r["quantity"] for k, r in facts.demand.items() if k[3] != OPENING)
    on_time = sum(
        (facts.of_demand("price", r["item"], r["site"], r["customer"], r["due"]) or 0.0) * r["quantity"]
        for r in f.rows["serve"]
        if r["due"] == r["period"]
    )
    return ratio(on_time, due)


def eventual_fill(f: Figures) -> float | None:
    """(on time + late) / due."""
    return ratio(_delivered(f, late=False) + _delivered(f, late=True), _due(f))


def late_share(f: Figures) -> float | None:
    """Late / due."""
    return ratio(_delivered(f, late=True), _due(f))


def lost_share(f: Figures) -> float | None:
    """Given up / due."""
    return ratio(_lost(f), _due(f))


def waiting_share(f: Figures) -> float | None:
    """Waiting at the end of the last period / due."""
    last = f.plan.case.periods.names[-1:]
    waiting = sum(r["late"] or 0.0 for r in f.rows["short"] if r["due"] != OPENING and r["period"] in last)
    return ratio(waiting, _due(f))


def opening_backlog_served(f: Figures) -> float | None:
    """Delivered from the opening backlog / opening backlog."""
    backlog = sum(row["quantity"] for key, row in f.facts.demand.items() if key[3] == OPENING)
    return ratio(sum(r["quantity"] for r in f.rows["serve"] if r["due"] == OPENING), backlog)


def period_service(f: Figures) -> float | None:
    """Item, site and period without shortage / all of them, where there is demand."""
    size: dict[tuple[str, str], float] = defaultdict(float)
    for (item, site, _, _), row in f.facts.demand.items():
        size[item, site] = max(size[item, site], row["quantity"])
    missing: dict[tuple[str, str, str], float] = defaultdict(float)
    for r in f.rows["short"]:
        missing[r["item"], r["site"], r["period"]] += (r["late"] or 0.0) + (r["lost"] or 0.0)
    cells = len(size) * len(f.plan.case.periods)
    short = sum(is_short(quantity, size[item, site]) for (item, site, _), quantity in missing.items())
    return ratio(cells - short, cells)


def backlog_service(f: Figures) -> float | None:
    """1 - mean backlog / mean demand (gamma)."""
    if f.plan.case.settings.shortage != "backorder":
        return None
    share = ratio(sum(r["late"] or 0.0 for r in f.rows["short"] if r["due"] != OPENING), _due(f))
    return None if share is None else 1.0 - share


def average_lateness(f: Figures) -> float | None:
    """Waiting time over all demand / due."""
    place = f.plan.case.periods.index
    waited = sum((r["late"] or 0.0) * f.lengths[place[r["period"]]] for r in f.rows["short"] if r["due"] != OPENING)
    return ratio(waited, _due(f))


def maximum_lateness(f: Figures) -> float | None:
    """Longest wait of any unit, counted in period ends (their lengths in days where known)."""
    if not f.facts.demand:
        return None
    place = f.plan.case.periods.index
    waits = [
        sum(f.lengths[place.get(r["due"], 0) : place[r["period"]] + 1])
        for r in f.rows["short"]
        if is_short(r["late"] or 0.0, 1.0)
    ]
    return max(waits, default=0.0)
