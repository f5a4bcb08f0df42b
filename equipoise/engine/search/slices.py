"""Cutting a small problem out of a matrix: some columns are free, all others stay at the values of a known plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.engine.matrix import Flags, Floats, Ints, Matrix


@dataclass(frozen=True, eq=False)
class Part:
    """The small problem and the positions of its columns in the whole one."""

    matrix: Matrix
    columns: Ints


class Slicer:
    """Cuts parts out of one matrix."""

    def __init__(self, matrix: Matrix):
        self.matrix = matrix
        self.by_row = sparse.csr_array((matrix.value, matrix.index, matrix.start), shape=(matrix.rows, matrix.columns))
        self.by_column = self.by_row.tocsc()

    def rows_of(self, columns: Ints) -> Ints:
        """Rows in which one of the columns stands."""
        return np.unique(self.by_column[:, columns].indices)

    def cut(self, free: Flags, x: Floats, lower: Floats, upper: Floats) -> Part:
        """The problem of the ``free`` columns within ``lower`` and ``upper`` when all others stay at ``x``.

        ``x`` itself is feasible in it: a row that it misses by a rounding may be missed by as much.
        """
        m = self.matrix
        columns = np.flatnonzero(free).astype(np.int32)
        piece = self.by_column[:, columns]
        rows = np.unique(piece.indices)
        piece = piece.tocsr()[rows]
        piece.sort_indices()
        own = piece @ x[columns]
        others = (self.by_row @ x)[rows] - own
        part = Matrix(
            cost=m.cost[columns],
            lower=np.minimum(lower[columns], x[columns]),
            upper=np.maximum(upper[columns], x[columns]),
            integer=m.integer[columns],
            row_lower=np.minimum(m.row_lower[rows] - others, own),
            row_upper=np.maximum(m.row_upper[rows] - others, own),
            start=piece.indptr.astype(np.int32),
            index=piece.indices.astype(np.int32),
            value=piece.data,
        )
        return Part(part, columns)
