"""The tables of one set as Markdown."""

from __future__ import annotations

import statistics

from benchmarks.engine.results import Run, Table, geometric, solving_time
from benchmarks.measure import markdown

WITHIN = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0)


def runs(table: Table) -> str:
    """Every run, the solvers of an instance one below the other."""
    headers = [
        "instance",
        "solver",
        "plan cost",
        "over best",
        "bound",
        "gap",
        "first [s]",
        "within 1 % [s]",
        "end [s]",
        "MB",
        "note",
    ]
    rows = [_row(table, run, number == 0) for key in table.keys for number, run in enumerate(_of(table, key))]
    return markdown(headers, rows)


def _of(table: Table, key: tuple[str, str, int]) -> list[Run]:
    return [run for solver in table.solvers if (run := table.get(key, solver)) is not None]


def _row(table: Table, run: Run, names: bool) -> list[str]:
    best, over = table.best(run.key), table.over(run)
    return [
        (run.instance + (f", seed {run.seed}" if run.seed else "")) if names else "",
        run.solver,
        _figure(run.cost, ",.0f" if abs(run.cost or 0) >= 1000 else ",.2f"),
        "" if run.cost is None or over is None else f"{over - 1:.2%}",
        _figure(run.bound, ",.0f" if abs(run.bound or 0) >= 1000 else ",.2f"),
        _figure(run.gap, ".2%"),
        _figure(run.first, ".1f"),
        _figure(run.near(best) if best is not None else None, ".1f"),
        f"{run.seconds:.1f}",
        _figure(run.memory, ",.0f"),
        run.note,
    ]


def _figure(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def summaries(table: Table) -> str:
    """A line a solver over its instances; where not all ran on all, once more over those on which all ran."""
    common = table.common()
    parts = [summary(table), profile(table)]
    if common is not None:
        names = f"The {len(common.keys)} of {len(table.keys)} instances on which all of them ran:"
        parts = ["Each solver on its own instances:", *parts, names, summary(common), profile(common)]
    return "\n\n".join(parts)


def summary(table: Table) -> str:
    """Figures over many instances, a line a solver."""
    headers = [
        "solver", "instances", "plans", "wins", "cost over best, geometric mean", "proven", "mean gap",
        "first [s]", "within 1 % [s]", "to the gap [s]",
    ]  # fmt: skip
    return markdown(headers, [_line(table, solver) for solver in table.solvers])


def _line(table: Table, solver: str) -> list[str]:
    mine = table.of(solver)
    ratios = [over for run in mine if (over := table.over(run)) is not None]
    gaps = [1.0 if run.gap is None else min(1.0, run.gap) for run in mine]
    near = [run.near(best) if (best := table.best(run.key)) is not None else None for run in mine]
    return [
        solver,
        str(len(mine)),
        str(sum(run.cost is not None for run in mine)),
        str(table.wins(solver)),
        f"{geometric(ratios) - 1:.2%}" if ratios else "-",
        str(sum(run.proven() for run in mine)),
        f"{statistics.fmean(gaps):.2%}",
        _mean_time(mine, [run.first for run in mine]),
        _mean_time(mine, near),
        f"{geometric([solving_time(run) for run in mine], 1.0):.1f}",
    ]


def _mean_time(mine: list[Run], seconds: list[float | None]) -> str:
    """Geometric mean shifted by a second; what never happened counts as twice the limit."""
    counted = [2 * run.limit if t is None else t for run, t in zip(mine, seconds, strict=True)]
    return f"{geometric(counted, 1.0):.1f}"


def profile(table: Table) -> str:
    """Share of a solver's instances on which its plan costs at most so much more than the best."""
    headers = ["plan within", *(f"{w:.0%}" if w else "best" for w in WITHIN)]
    rows = []
    for solver in table.solvers:
        over = [excess(table, run) for run in table.of(solver)]
        rows.append([solver, *(f"{sum(e <= w + 1e-6 for e in over) / len(over):.0%}" for w in WITHIN)])
    return markdown(headers, rows)


def excess(table: Table, run: Run) -> float:
    """What the plan costs above the best one, as a share of the best; endless without a plan."""
    best = table.best(run.key)
    if run.cost is None or best is None:
        return float("inf")
    return (run.cost - best) / max(abs(best), 1e-9)
