"""Which rules collide, as rows and bounds of the compiled matrix.

For a linear conflict the answer is exact and small. By Farkas' lemma the rows and bounds of an infeasible linear program can be added up
(with multipliers y >= 0) to "0 >= 1"; and the vertices of the set of such multipliers are the conflicts from which nothing can be left
out (Gleeson and Ryan 1990, Identifying minimally infeasible subsystems of inequalities). One linear program finds such a vertex. When only
whole numbers make the case infeasible, the limits are given a price instead and those that must give way are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from equipoise.engine.compile import Compiled, Entry
from equipoise.engine.matrix import Limits, Matrix
from equipoise.engine.runner import run

EASY = 1e-3  # weight of rows that are no rule of the planner (balances): kept out of a conflict only as a tie-break
FOUND = 1e-7


def conflict(compiled: Compiled, limits: Limits) -> list[Entry]:
    """Rows and bounds of the linear relaxation that cannot hold together and of which none can be left out; [] when it is feasible.

    Minimises sum of weight * y over y >= 0 with y'A + bounds = 0 and y'b = 1, where every row and bound is written as a >=.
    """
    m = compiled.matrix
    a = sparse.csr_matrix((m.value, m.index, m.start), shape=(len(m.row_lower), len(m.cost)))
    unit = sparse.identity(len(m.cost), format="csr")
    parts: list[tuple[Any, np.ndarray, np.ndarray]] = [
        (a, m.row_lower, np.isfinite(m.row_lower)),
        (-a, -m.row_upper, np.isfinite(m.row_upper)),
    ]
    parts += [(unit, m.lower, np.isfinite(m.lower)), (-unit, -m.upper, np.isfinite(m.upper))]
    stacked = sparse.vstack([block[keep] for block, _, keep in parts]).tocsr()
    right = np.concatenate([values[keep] for _, values, keep in parts])
    names = [[*compiled.rows], [*compiled.rows], [*compiled.columns], [*compiled.columns]]
    entries = [
        entry
        for group, (_, _, keep) in zip(names, parts, strict=True)
        for entry, kept in zip(group, keep, strict=True)
        if kept
    ]
    scale = np.maximum(1.0, np.abs(right).max(initial=1.0))
    system = sparse.vstack([stacked.T, sparse.csr_matrix(right / scale)]).tocsr()
    wanted = np.zeros(system.shape[0])
    wanted[-1] = 1.0
    weights = np.array([_weight(entry) for entry in entries])
    proof = Matrix(
        cost=weights,
        lower=np.zeros(len(entries)),
        upper=np.full(len(entries), np.inf),
        integer=np.zeros(len(entries), bool),
        row_lower=wanted,
        row_upper=wanted,
        start=system.indptr.astype(np.int32),
        index=system.indices.astype(np.int32),
        value=system.data.astype(float),
    )
    outcome = run(proof, limits)
    if outcome.x is None:
        return []
    least = FOUND * outcome.x.max(initial=0.0)
    return _unique(entry for entry, y in zip(entries, outcome.x, strict=True) if y > least)


def _weight(entry: Entry) -> float:
    return EASY if entry[0] in ("balance", "stock", "crew_balance") else 1.0


def must_give_way(compiled: Compiled, limits: Limits) -> list[Entry]:
    """Limits that must be broken when every limit can be, at one unit of its own size a unit: the least broken in all."""
    m = compiled.matrix
    soft = [n for n, entry in enumerate(compiled.rows) if entry[0] not in STRUCTURE]
    columns: list[int] = []
    rows: list[int] = []
    values: list[float] = []
    cost: list[float] = []
    for n in soft:
        size = max(
            1.0,
            abs(m.row_lower[n]) if np.isfinite(m.row_lower[n]) else 0.0,
            abs(m.row_upper[n]) if np.isfinite(m.row_upper[n]) else 0.0,
        )
        for sign, bound in ((1.0, m.row_lower[n]), (-1.0, m.row_upper[n])):
            if np.isfinite(bound):
                rows.append(n)
                columns.append(len(cost))
                values.append(sign)
                cost.append(1.0 / size)
    a = sparse.csr_matrix((m.value, m.index, m.start), shape=(len(m.row_lower), len(m.cost)))
    slack = sparse.csr_matrix((values, (rows, columns)), shape=(len(m.row_lower), len(cost)))
    wide = sparse.hstack([a, slack]).tocsr()
    elastic = replace(
        m,
        cost=np.concatenate([np.zeros(len(m.cost)), cost]),
        lower=np.concatenate([m.lower, np.zeros(len(cost))]),
        upper=np.concatenate([m.upper, np.full(len(cost), np.inf)]),
        integer=np.concatenate([m.integer, np.zeros(len(cost), bool)]),
        start=wide.indptr.astype(np.int32),
        index=wide.indices.astype(np.int32),
        value=wide.data.astype(float),
        offset=0.0,
        col_names=(),
        row_names=(),
    )
    outcome = run(elastic, limits)
    if outcome.x is None:
        return []
    broken = outcome.x[len(m.cost) :]
    return _unique(compiled.rows[rows[n]] for n in range(len(cost)) if broken[n] > FOUND)


STRUCTURE = frozenset(
    {"balance", "crew_balance", "make_needs_setup", "order_needs_order", "lot_multiple", "order_multiple"}
)
"""Families that say what quantities are rather than what they may be: never relaxed."""


def _unique(entries: Iterable[Entry]) -> list[Entry]:
    return list(dict.fromkeys(entries))
