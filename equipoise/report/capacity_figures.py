"""How full resources and crews are. Hours are added up; percentages are never averaged."""

from __future__ import annotations

from equipoise.report.figures import Figures, is_short, ratio


def _limited(f: Figures) -> list[tuple[float, float, float]]:
    """(hours used, regular hours, most overtime) of every resource and period with a capacity of its own."""
    found = []
    for r in f.rows["capacity"]:
        regular = f.facts.regular_hours(r["resource"], r["period"])
        if regular is not None:
            found.append((r["hours"] or 0.0, regular, f.facts.overtime_hours(r["resource"], r["period"])))
    return found


def utilisation(f: Figures) -> float | None:
    """Hours used / regular hours."""
    cells = _limited(f)
    return ratio(sum(used for used, _, _ in cells), sum(regular for _, regular, _ in cells))


def utilisation_with_overtime(f: Figures) -> float | None:
    """Hours used / (regular hours + most overtime)."""
    cells = _limited(f)
    return ratio(sum(used for used, _, _ in cells), sum(regular + overtime for _, regular, overtime in cells))


def setup_share(f: Figures) -> float | None:
    """Set-up hours / hours used."""
    used = f.rows["capacity"]
    return ratio(sum(r["setup_hours"] or 0.0 for r in used), sum(r["hours"] or 0.0 for r in used))


def overtime(f: Figures) -> float | None:
    """Overtime hours of resources and crews."""
    cells = [*f.rows["capacity"], *f.rows["crew"]]
    return sum(r["overtime"] or 0.0 for r in cells) if cells else None


def bottlenecks(f: Figures) -> float | None:
    """Resource periods without an hour left."""
    cells = [(used, regular + overtime) for used, regular, overtime in _limited(f) if regular + overtime > 0]
    return float(sum(not is_short(most - used, most) for used, most in cells)) if cells else None


def crew_utilisation(f: Figures) -> float | None:
    """Hours worked / regular hours of the people employed."""
    cells = f.rows["crew"]
    paid = sum((r["workers"] or 0.0) * f.facts.hours_of_worker(r["crew"], r["period"]) for r in cells)
    return ratio(sum(r["hours"] or 0.0 for r in cells), paid)
