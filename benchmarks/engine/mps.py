"""A matrix as an MPS file, for solvers that only read files. Columns are c0, c1, ..., rows r0, r1, ...; every limit is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from equipoise.engine.matrix import Matrix


def write_mps(m: Matrix, path: Path) -> None:
    """Free MPS with every digit; the offset is left out."""
    with path.open("w", encoding="ascii") as file:
        file.write("NAME matrix FREE\nROWS\n N cost\n")
        kinds = [_kind(low, high) for low, high in zip(m.row_lower.tolist(), m.row_upper.tolist(), strict=True)]
        file.writelines(f" {kind} r{r}\n" for r, kind in enumerate(kinds))
        file.write("COLUMNS\n")
        _columns(m, file.write)
        file.write("RHS\n")
        for r, kind in enumerate(kinds):
            right = m.row_lower[r] if kind == "G" else m.row_upper[r]
            if kind != "N" and right:
                file.write(f" RHS r{r} {float(right)!r}\n")
        file.write("RANGES\n")
        both = np.isfinite(m.row_lower) & np.isfinite(m.row_upper) & (m.row_lower < m.row_upper)
        file.writelines(f" RNG r{r} {float(m.row_upper[r] - m.row_lower[r])!r}\n" for r in np.flatnonzero(both))
        file.write("BOUNDS\n")
        for j, (low, high) in enumerate(zip(m.lower.tolist(), m.upper.tolist(), strict=True)):
            file.write(f" MI BND c{j}\n" if np.isinf(low) else f" LO BND c{j} {low!r}\n")
            file.write(f" PL BND c{j}\n" if np.isinf(high) else f" UP BND c{j} {high!r}\n")
        file.write("ENDATA\n")


def _kind(low: float, high: float) -> str:
    if low == high:
        return "E"
    if np.isfinite(high):
        return "L"
    return "G" if np.isfinite(low) else "N"


def _columns(m: Matrix, write: Callable[[str], object]) -> None:
    rows = m.entry_rows
    order = np.lexsort((rows, m.index))
    ends = np.searchsorted(m.index[order], np.arange(m.columns + 1))
    row, value = rows[order].tolist(), m.value[order].tolist()
    whole = False
    for j in range(m.columns):
        if bool(m.integer[j]) != whole:
            whole = not whole
            write(f" MARK 'MARKER' '{'INTORG' if whole else 'INTEND'}'\n")
        write(f" c{j} cost {float(m.cost[j])!r}\n")
        for k in range(ends[j], ends[j + 1]):
            write(f" c{j} r{row[k]} {value[k]!r}\n")
    if whole:
        write(" MARK 'MARKER' 'INTEND'\n")
