"""From a Pyomo model to a HiGHS object that could solve: our way and Pyomo's own, in turn on the same model."""

from __future__ import annotations

import io
import statistics
from typing import Any

from pyomo.contrib.solver.solvers.highs import Highs as PyomoHighs

from benchmarks.instances import shared_lines
from benchmarks.measure import interleaved, markdown, spread, verdict
from equipoise.engine.child.progress import Watch
from equipoise.engine.compile import compile_model
from equipoise.engine.highs import Highs
from equipoise.engine.matrix import Limits, Matrix
from equipoise.model import build

TITLE = "Compile and hand over to HiGHS"
SIZE = (1000, 29)  # items, periods: about 200,000 columns
SMALL = (20, 6)
MOST = 0.25


def run(small: bool = False) -> str:
    model = build(shared_lines(*(SMALL if small else SIZE))).model
    matrix = compile_model(model).matrix
    limits = Limits(time_limit=60.0, gap=1e-6)

    def ours() -> Any:
        return Highs(compile_model(model).matrix, limits, {}, Watch(io.BytesIO(), 60.0), whole=True)

    def theirs() -> Any:
        solver = PyomoHighs()
        solver.set_instance(model)
        return solver

    seconds = interleaved({"ours": ours, "theirs": theirs}, 1 if small else 3)
    ratio = statistics.median(seconds["ours"]) / statistics.median(seconds["theirs"])
    rows = [
        ["equipoise: compile once, passModel", spread(seconds["ours"])],
        ["pyomo.contrib.solver HiGHS, set_instance", spread(seconds["theirs"])],
    ]
    return "\n\n".join(
        (
            _size(matrix),
            markdown(["way", "seconds"], rows),
            f"Ratio {ratio:.3f} ({verdict(ratio, MOST)}). Both begin with the same ConcreteModel in one process and take turns.",
        )
    )


def _size(matrix: Matrix) -> str:
    integers = int(matrix.integer.sum())
    return f"{matrix.columns:,} columns ({integers:,} integer), {matrix.rows:,} rows, {matrix.entries:,} entries."
