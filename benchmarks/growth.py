"""Build time and peak memory against size, each size in a process of its own."""

from __future__ import annotations

import json
import statistics
import sys
import time

from benchmarks.instances import shared_lines
from benchmarks.measure import exponent, in_own_process, markdown, peak_mb, spread, verdict

TITLE = "Build time and peak memory against size"
SIZES = ((250, 26), (500, 26), (1000, 26))  # items, periods
SMALL = ((10, 6), (20, 6), (40, 6))
MOST = 1.15


def run(small: bool = False) -> str:
    rounds, sizes = (1, SMALL) if small else (3, SIZES)
    results = [[in_own_process("growth", *size) for size in sizes] for _ in range(rounds)]
    by_size = list(zip(*results, strict=True))
    columns = [runs[0]["columns"] for runs in by_size]
    rows = [
        [
            f"{items} x {periods}",
            f"{runs[0]['columns']:,}",
            f"{runs[0]['rows']:,}",
            spread([r["build"] for r in runs]),
            spread([r["compile"] for r in runs]),
            spread([r["peak"] for r in runs], 0),
            spread([_own(r) for r in runs], 0),
        ]
        for (items, periods), runs in zip(sizes, by_size, strict=True)
    ]
    seconds = exponent(columns, [statistics.median(r["build"] for r in runs) for runs in by_size])
    memory = exponent(columns, [statistics.median(_own(r) for r in runs) for runs in by_size])
    return "\n\n".join(
        (
            markdown(
                ["items x periods", "columns", "rows", "build [s]", "compile [s]", "peak [MB]", "of these model and data [MB]"], rows
            ),
            f"Growth exponent of build time {seconds:.2f} ({verdict(seconds, MOST)}), of memory above the loaded packages "
            f"{memory:.2f} ({verdict(memory, MOST)}). Median of {rounds}, in brackets least and most.",
        )
    )  # fmt: skip


def _own(run: dict[str, float]) -> float:
    """Memory that the case, the model and the matrix took [MB]; at least 1, the grain of the measurement."""
    return max(1.0, run["peak"] - run["before"])


def one(items: int, periods: int) -> dict[str, float]:
    """Build and compile one size: seconds and peak memory [MB]."""
    from equipoise.engine.compile import compile_model
    from equipoise.model import build

    compile_model(build(shared_lines(3, 2)).model)  # imports and first-use costs are no part of growth
    before = peak_mb()
    case = shared_lines(items, periods)
    start = time.perf_counter()
    model = build(case).model
    built = time.perf_counter()
    matrix = compile_model(model).matrix
    compiled = time.perf_counter()
    return {
        "columns": matrix.columns,
        "rows": matrix.rows,
        "build": built - start,
        "compile": compiled - built,
        "peak": peak_mb(),
        "before": before,
    }


if __name__ == "__main__":
    print(json.dumps(one(*map(int, sys.argv[1:]))))
