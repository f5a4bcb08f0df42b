"""Matrices to solve: written out by hand, a lot-sizing generator, and a market split no solver likes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from equipoise.engine.matrix import Limits, Matrix

INF = np.inf
LIMITS = Limits(time_limit=20, gap=1e-6)


def matrix(
    cost: Sequence[float],
    rows: Sequence[tuple[float, Sequence[float], float]] = (),
    lower: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    integer: Sequence[int] = (),
    offset: float = 0.0,
) -> Matrix:
    """``rows`` are (lower, coefficients, upper); columns lie in 0..inf unless said; ``integer`` lists whole columns."""
    n = len(cost)
    dense = np.array([r[1] for r in rows], float).reshape(len(rows), n)
    entries = [(j, v) for row in dense for j, v in enumerate(row) if v]
    flags = np.zeros(n, bool)
    flags[list(integer)] = True
    return Matrix(
        cost=np.array(cost, float),
        lower=np.zeros(n) if lower is None else np.array(lower, float),
        upper=np.full(n, INF) if upper is None else np.array(upper, float),
        integer=flags,
        row_lower=np.array([r[0] for r in rows], float),
        row_upper=np.array([r[2] for r in rows], float),
        start=np.array([0, *itertools.accumulate(int((row != 0).sum()) for row in dense)], np.int32),
        index=np.array([j for j, _ in entries], np.int32),
        value=np.array([v for _, v in entries], float),
        offset=offset,
    )


def lots(items: int, periods: int, lines: int = 2, seed: int = 1) -> Matrix:
    """Lot sizing with set-up time and cost on shared lines and lost sales; columns make, stock, lost, set-up."""
    r = np.random.default_rng(seed)
    demand = np.where(r.random((items, periods)) < 0.7, r.integers(10, 100, (items, periods)), 0).astype(float)
    fixed, keep = r.integers(200, 1000, items), r.uniform(0.5, 2, items)
    hours, line = r.integers(10, 30, items), r.integers(0, lines, items)
    n = items * periods
    make, stock, lost, setup = (np.arange(n).reshape(items, periods) + k * n for k in range(4))
    entries: list[list[tuple[int, float]]] = []
    limits: list[tuple[float, float]] = []
    for i, t in itertools.product(range(items), range(periods)):
        balance = [(make[i, t], 1.0), (stock[i, t], -1.0), (lost[i, t], 1.0)]
        entries += [balance + ([(stock[i, t - 1], 1.0)] if t else [])]
        entries += [[(make[i, t], 1.0), (setup[i, t], -max(demand[i, t:].sum(), 1.0))]]
        limits += [(demand[i, t], demand[i, t]), (-INF, 0.0)]
    for k, t in itertools.product(range(lines), range(periods)):
        mine = np.flatnonzero(line == k)
        entries += [[(make[i, t], 1.0) for i in mine] + [(setup[i, t], float(hours[i])) for i in mine]]
        limits += [(-INF, 1.1 * (demand[mine].sum() / periods + 0.3 * hours[mine].sum()))]
    flat = [e for row in entries for e in row]
    return Matrix(
        cost=np.concatenate([np.zeros(n), np.repeat(keep, periods), np.full(n, 40.0), np.repeat(fixed, periods)]),
        lower=np.zeros(4 * n),
        upper=np.concatenate([np.full(2 * n, INF), demand.ravel(), np.ones(n)]),
        integer=np.arange(4 * n) >= 3 * n,
        row_lower=np.array([low for low, _ in limits]),
        row_upper=np.array([high for _, high in limits]),
        start=np.array([0, *itertools.accumulate(map(len, entries))], np.int32),
        index=np.array([j for j, _ in flat], np.int32),
        value=np.array([v for _, v in flat]),
    )


def market_split(rows: int = 5, columns: int = 40, seed: int = 3) -> Matrix:
    """Choose half of some numbers in every row to the unit (Cornuejols and Dawande): no plan comes up in a second."""
    r = np.random.default_rng(seed)
    weights = r.integers(0, 100, (rows, columns)).astype(float)
    half = np.floor(weights.sum(axis=1) / 2)
    return matrix(
        [1.0] * columns,
        [(h, list(w), h) for h, w in zip(half, weights, strict=True)],
        upper=[1.0] * columns,
        integer=range(columns),
    )


def leak() -> Matrix:
    """Make 0.05 with a set-up of 100 and a big-M of 1e6, or buy at 5000 a unit: 5e-8 of a set-up looks whole to HiGHS."""
    return matrix([1, 100, 5000], [(-INF, [1, -1e6, 0], 0), (0.05, [1, 0, 1], INF)], upper=[INF, 1, INF], integer=[1])
