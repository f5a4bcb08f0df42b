"""The performance profiles as a picture (needs matplotlib)."""

from __future__ import annotations

from pathlib import Path

from benchmarks.engine.results import Table
from benchmarks.engine.tables import excess

COLOURS = {
    "equipoise": "#1f5a99", "highs": "#c8553d", "highs2": "#e5989b", "scip": "#588157", "cpsat": "#8a5a9e", "cbc": "#b08900",
}  # fmt: skip
LEAST, MOST = 1e-3, 10.0


def draw(tables: dict[str, Table], path: Path) -> None:
    """A pair of panels for each set (title -> table): share of instances by cost above the best, and by time to within 1 %."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, PercentFormatter

    figure = Figure(figsize=(10, 2.8 * len(tables)), layout="constrained")
    axes = figure.subplots(len(tables), 2, squeeze=False)
    for (left, right), (title, table) in zip(axes, tables.items(), strict=True):
        for solver in table.solvers:
            costs = [excess(table, run) for run in table.of(solver)]
            times = [run.near(best) if (best := table.best(run.key)) is not None else None for run in table.of(solver)]
            _steps(left, solver, [max(c, LEAST) for c in costs if c <= MOST], len(costs), MOST)
            limit = max(run.limit for run in table.runs)
            _steps(right, solver, [max(t, 0.1) for t in times if t is not None], len(times), limit)
        left.set_xscale("log")
        right.set_xscale("log")
        left.legend(fontsize=7, loc="lower right")
        left.set_title(title, fontsize=10, loc="left")
        left.set_xlabel(f"plan cost above the best (up to {LEAST:.1%} is the best)")
        left.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))
        right.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        right.xaxis.set_minor_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        right.set_xlabel("seconds to a plan within 1 % of the best")
        left.set_ylabel("share of instances")
        for panel in (left, right):
            panel.set_ylim(0, 1.02)
            panel.yaxis.set_major_formatter(PercentFormatter(1.0))
            panel.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _steps(panel, solver: str, figures: list[float], number: int, end: float) -> None:  # type: ignore[no-untyped-def]
    x = sorted(figures)
    y = [(n + 1) / number for n in range(len(x))]
    start = x[0] if x else end
    panel.step(
        [start, *x, max(end, *x, start)],
        [0.0, *y, y[-1] if y else 0.0],
        where="post",
        label=f"{solver} ({number})",
        color=COLOURS.get(solver),
    )
