"""Which rules collide, as rows and bounds of the compiled matrix.

For a linear conflict the answer is exact and small. By Farkas' lemma the rows and bounds of an infeasible linear program can be added up
(with multipliers y >= 0) to "0 >= 1"; and the vertices of the set of such multipliers are the conflicts from which nothing can be left
out (Gleeson and Ryan 1990, Identifying minimally infeasible subsystems of inequalities). One linear program finds such a vertex. When only
whole numbers make the case infeasible, rules are left out one by one for as long as the rest stays infeasible.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from equipoise.engine.compile import Compiled, Entry
from equipoise.engine.matrix import Limits, Matrix
from equipoise.engine.parent.runner import run
from equipoise.errors import SolverError

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
    size = np.maximum(
        abs(stacked).max(axis=1).toarray().ravel(), np.abs(right) / max(1.0, np.abs(right).max(initial=1.0))
    )
    stacked, right = sparse.diags(1.0 / size) @ stacked, right / size
    system = sparse.vstack([stacked.T, sparse.csr_matrix(right / max(1.0, np.abs(right).max(initial=1.0)))]).tocsr()
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
    try:
        outcome = run(proof, limits)
    except SolverError:  # numerically hopeless: the rules are then left out one by one
        return []
    if outcome.x is None:
        return []
    least = FOUND * outcome.x.max(initial=0.0)
    return _unique(entry for entry, y in zip(entries, outcome.x, strict=True) if y > least)


def _weight(entry: Entry) -> float:
    return EASY if entry[0] in ("balance", "stock", "crew_balance") else 1.0


def whole_conflict(compiled: Compiled, limits: Limits) -> list[Entry]:
    """Rows that cannot hold together although their linear relaxation can: whole numbers are part of the conflict.

    Deletion filter: first whole families, then rows, are left out one after the other for as long as the rest stays infeasible. When
    ``limits.time_limit`` runs out, what is left is still a conflict, but something of it may be superfluous.
    """
    deadline = time.monotonic() + limits.time_limit
    kept = [n for n, entry in enumerate(compiled.rows) if entry[0] not in DEFINITIONS]
    by_family: dict[str, list[int]] = {}
    for n in kept:
        by_family.setdefault(compiled.rows[n][0], []).append(n)
    kept = _shrunk(compiled, kept, list(by_family.values()), limits, deadline)
    kept = _shrunk(compiled, kept, [[n] for n in kept], limits, deadline)
    return _unique(compiled.rows[n] for n in kept)


def _shrunk(compiled: Compiled, kept: list[int], parts: list[list[int]], limits: Limits, deadline: float) -> list[int]:
    """``kept`` less every part without which the rest is infeasible still."""
    for part in parts:
        if time.monotonic() > deadline:
            break
        rest = [n for n in kept if n not in set(part)]
        if _infeasible(compiled.matrix, _left_out(compiled, rest), limits):
            kept = rest
    return kept


def _left_out(compiled: Compiled, rest: list[int]) -> np.ndarray:
    """Rows that may be broken: every rule that is not in ``rest``."""
    free = np.array([entry[0] not in DEFINITIONS for entry in compiled.rows], bool)
    free[rest] = False
    return free


def _infeasible(m: Matrix, free: np.ndarray, limits: Limits) -> bool:
    relaxed = replace(
        m,
        cost=np.zeros(len(m.cost)),
        row_lower=np.where(free, -np.inf, m.row_lower),
        row_upper=np.where(free, np.inf, m.row_upper),
        offset=0.0,
    )
    return run(relaxed, limits).status == "infeasible"


DEFINITIONS = frozenset({"balance", "crew_balance", "make_needs_setup", "order_needs_order"})
"""Families that say what quantities are rather than what they may be: always kept, never shown."""


def _unique(entries: Iterable[Entry]) -> list[Entry]:
    return list(dict.fromkeys(entries))
