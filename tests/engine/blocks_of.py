"""Matrices that fall apart: others side by side, small ones of every kind, and the same in any order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matrices import INF, matrix

from equipoise.engine.matrix import Matrix


def beside(*parts: Matrix) -> Matrix:
    """The matrices as one, nothing ties them."""
    columns = np.cumsum([0, *(m.columns for m in parts)])
    entries = np.cumsum([0, *(m.entries for m in parts)])

    def all_of(name: str) -> np.ndarray:
        return np.concatenate([getattr(m, name) for m in parts])

    same = ("cost", "lower", "upper", "integer", "row_lower", "row_upper", "value")
    return Matrix(
        **{name: all_of(name) for name in same},
        start=np.concatenate([[0], *(m.start[1:] + e for m, e in zip(parts, entries, strict=False))]).astype(np.int32),
        index=np.concatenate([m.index + c for m, c in zip(parts, columns, strict=False)]).astype(np.int32),
        offset=sum(m.offset for m in parts),
    )


def small(seed: int) -> Matrix:
    """Whole numbers and others with costs of either sign, an equality and a fixed column, always with a plan."""
    r = np.random.default_rng(seed)
    point = np.array([*r.integers(0, 6, 4), *r.uniform(0, 5, 2), 2.0])
    rows = []
    for kind in range(4):
        weights = np.where(r.random(7) < 0.7, r.integers(1, 9, 7), 0).astype(float)
        weights[kind], weights[kind + 1] = 3.0, 2.0
        at = float(weights @ point)
        rows.append((at, list(weights), at) if kind == 0 else (-INF, list(weights), at + float(r.integers(0, 9))))
    upper = [6.0, 6, 6, 6, INF, 9, 2]
    return matrix(list(r.integers(-20, 20, 7) + 0.5), rows, [0, 0, 0, 0, 0, 0, 2], upper, range(4), offset=float(seed))


def shuffled(m: Matrix, seed: int) -> Matrix:
    """The same problem with columns and rows in another order."""
    r = np.random.default_rng(seed)
    place, order = r.permutation(m.columns), r.permutation(m.rows)
    back = np.argsort(place)
    entries = np.concatenate([np.arange(m.start[k], m.start[k + 1]) for k in order])
    columns = {name: getattr(m, name)[back] for name in ("cost", "lower", "upper", "integer")}
    rows = {name: getattr(m, name)[order] for name in ("row_lower", "row_upper")}
    return replace(
        m,
        **columns,
        **rows,
        start=np.concatenate([[0], np.cumsum(np.diff(m.start)[order])]).astype(np.int32),
        index=place[m.index[entries]].astype(np.int32),
        value=m.value[entries],
    )
