"""Independent blocks: columns and rows of a matrix that nothing ties to the others, found, cut out and put together.

Needs numpy and nothing else. (scipy.sparse.csgraph would find components, too, but its import alone takes longer than
what is done here for a matrix of 200,000 columns.)
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.engine.matrix import Flags, Floats, Ints, Matrix
from equipoise.engine.meaning import AXES, Codes, Meaning
from equipoise.engine.points import KEPT

LONE = 1.5
"""How many times an even share of the work is far more."""
TINY = 10
"""Blocks with fewer whole columns share a solve, since beginning one takes longer than they do,"""
TOGETHER = 30
"""about so many whole columns in each."""
LEAST_SECONDS = 0.2
"""Blocks share a solve where each would get less time of its own than this."""
FAIR_SECONDS = 1.0
"""A block may take so much time even where it is next to nothing beside the others."""
COLUMN_WEIGHT = 0.05
"""What a column that need not be whole weighs where time is shared; a whole one more by 1."""
LINEAR_WORTH = 0.1
"""Share of the columns from which a linear part is taken away from a single block with whole columns."""
NOTHING = 1e-9
"""Money that is none."""


@dataclass(frozen=True, eq=False)
class Block:
    """Positions of columns and rows in the matrix, rising, and how many of the columns are ``whole``.

    ``joined`` says of how many blocks it was made.
    """

    columns: Ints
    rows: Ints
    whole: int
    joined: int = 1

    @property
    def weight(self) -> float:
        """How much of the time it is worth."""
        return self.whole + COLUMN_WEIGHT * len(self.columns)


@dataclass(frozen=True, eq=False)
class Split:
    """A matrix that falls apart, the heaviest of its blocks first.

    ``settled`` holds the values of the columns in no block (fixed, or in no row and at their cheapest), 0 elsewhere; what
    they take of the rows is taken off the row limits of ``matrix``. ``clash`` says in words which row without any other
    column they break (empty: none).
    """

    matrix: Matrix
    settled: Floats
    blocks: tuple[Block, ...]
    clash: str = ""

    def cut(self, block: Block) -> Matrix:
        """The block as a matrix of its own, without offset."""
        m, rows = self.matrix, block.rows
        place = np.full(m.columns, -1, np.int32)
        place[block.columns] = np.arange(len(block.columns), dtype=np.int32)
        row, entries = m.entries_of(rows)
        column, value = place[m.index[entries]], m.value[entries]
        kept = (column >= 0) & (value != 0)
        per_row = np.bincount(row[kept], minlength=len(rows))
        return Matrix(
            cost=m.cost[block.columns],
            lower=m.lower[block.columns],
            upper=m.upper[block.columns],
            integer=m.integer[block.columns],
            row_lower=m.row_lower[rows],
            row_upper=m.row_upper[rows],
            start=np.concatenate([[0], np.cumsum(per_row)]).astype(np.int32),
            index=column[kept],
            value=value[kept],
        )

    @property
    def base(self) -> float:
        """What the columns in no block cost, with the offset."""
        return self.matrix.offset + float(self.matrix.cost @ self.settled)

    def plan(self, parts: Sequence[tuple[Block, Floats]]) -> Floats:
        """All columns, from those of the blocks; the lower limit where a block is not among them."""
        x = self.settled.copy()
        for block, own in parts:
            x[block.columns] = own
        return x


def meant(meaning: Meaning | None, block: Block) -> Meaning | None:
    """What the columns and rows of the block stand for, with the same codes as in the whole."""

    def taken(codes: Codes, at: Ints) -> Codes:
        return replace(codes, **{name: getattr(codes, name)[at] for name in ("kind", *AXES)})

    if meaning is None:
        return None
    return replace(meaning, columns=taken(meaning.columns, block.columns), rows=taken(meaning.rows, block.rows))


def split(matrix: Matrix) -> Split | None:
    """The independent blocks of a matrix; None where there is one, or one and next to nothing beside it.

    Columns without whole ones tied to them make one block, whether they hang together or not.
    """
    if not matrix.integer.any():
        return None
    free = matrix.lower < matrix.upper
    row = matrix.entry_rows.astype(np.int32)
    ties = free[matrix.index] & (matrix.value != 0)
    row, column = row[ties], matrix.index[ties]
    root = _roots(row, column, matrix.columns)
    tied = np.zeros(matrix.columns, bool)
    tied[column] = True
    whole = np.bincount(root[tied & matrix.integer], minlength=matrix.columns)
    linear = tied & (whole[root] == 0)
    apart = np.count_nonzero(whole)
    if apart < 2 and not (apart and linear.sum() > LINEAR_WORTH * matrix.columns):
        return None
    settled, endless = _settled(matrix, tied)
    root[linear | endless] = matrix.columns
    row_root = np.full(matrix.rows, -1, np.int32)
    row_root[row] = root[column]
    blocks = _grouped(np.where(tied | endless, root, -1), row_root, matrix.integer)
    shifted, clash = _shifted(matrix, settled, row_root < 0)
    return Split(shifted, settled, tuple(sorted(blocks, key=lambda b: -b.weight)), clash)


def _roots(row: Ints, column: Ints, columns: int) -> Ints:
    """For each column the first of all columns it is tied to; entries come row by row.

    Every root hooks onto the least of its neighbours, then every column onto its root, until no row ties two roots.
    """
    root = np.arange(columns, dtype=np.int32)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    one, other = np.repeat(column[first], np.diff(first, append=len(row))), column
    while True:
        one, other = root[one], root[other]
        apart = one != other
        if not apart.any():
            return root
        one, other = one[apart], other[apart]
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(up := root[root], root):
            root = up


def _settled(matrix: Matrix, tied: Flags) -> tuple[Floats, Flags]:
    """Values of the columns no row decides on (0 elsewhere), and those whose cheapest value has no end."""
    nearest_to_nothing = np.clip(0.0, matrix.lower, matrix.upper)
    cheapest = np.where(matrix.cost > 0, matrix.lower, np.where(matrix.cost < 0, matrix.upper, nearest_to_nothing))
    endless = ~tied & ~np.isfinite(cheapest)
    return np.where(tied | endless, 0.0, cheapest), endless


def _grouped(root: Ints, row_root: Ints, integer: Flags) -> list[Block]:
    """One block for each root; columns and rows without one (-1) are in none."""
    columns, ends = _by_root(root)
    rows, row_ends = _by_root(row_root)
    none = np.zeros(0, np.int32)
    rows_of = {int(row_root[rows[a]]): rows[a:b] for a, b in row_ends}
    groups = [columns[a:b] for a, b in ends]
    return [Block(c, rows_of.get(int(root[c[0]]), none), int(integer[c].sum())) for c in groups]


def _by_root(root: Ints) -> tuple[Ints, list[tuple[int, int]]]:
    """Positions that have a root, those of one root side by side and rising, and from where to where they go."""
    order = np.argsort(root, kind="stable").astype(np.int32)
    order = order[np.searchsorted(root[order], 0) :]
    firsts = np.flatnonzero(np.diff(root[order], prepend=-1)).tolist()
    return order, list(zip(firsts, [*firsts[1:], len(order)], strict=True))


def _shifted(matrix: Matrix, settled: Floats, bare: Flags) -> tuple[Matrix, str]:
    """The matrix with row limits less what settled columns take, and in words a row of nothing else that they break."""
    row = matrix.entry_rows
    parts = matrix.value * settled[matrix.index]
    taken = np.bincount(row, weights=parts, minlength=matrix.rows)
    size = np.ones(matrix.rows)
    np.maximum.at(size, row[parts != 0], np.abs(parts[parts != 0]))
    lower, upper = matrix.row_lower - taken, matrix.row_upper - taken
    broken = np.flatnonzero(bare & (np.maximum(lower, -upper) > KEPT * size))
    clash = f"row {broken[0]} has fixed columns only and is not kept" if len(broken) else ""
    return replace(matrix, row_lower=lower, row_upper=upper), clash


def few_enough(blocks: Sequence[Block], seconds: float) -> list[Block]:
    """The blocks, or groups of them, so few that each has some work and some time; the heaviest first."""
    tiny = [block for block in blocks if block.whole < TINY]
    groups = joined(tiny, 1 + sum(block.whole for block in tiny) // TOGETHER)
    others = [block for block in blocks if block.whole >= TINY]
    return joined([*others, *groups], max(2, int(seconds / LEAST_SECONDS)))


def for_processes(blocks: Sequence[Block], processes: int) -> list[Block]:
    """A group for each process, the heaviest first; two where one block outweighs an even share by far."""
    first, *others = sorted(blocks, key=lambda b: -b.weight)
    if outweighs([first, *others], processes):
        return [first, _union(others)]
    return joined(blocks, processes)


def outweighs(blocks: Sequence[Block], processes: int) -> bool:
    """The first block is worth all processes: it has far more than an even share of the work."""
    return processes * blocks[0].weight > LONE * sum(block.weight for block in blocks)


def joined(blocks: Sequence[Block], most: int) -> list[Block]:
    """At most so many blocks of about the same weight, made by joining; the heaviest first.

    The next heaviest always goes to the lightest group.
    """
    if len(blocks) <= most:
        return sorted(blocks, key=lambda b: -b.weight)
    heap: list[tuple[float, int]] = [(0.0, n) for n in range(most)]
    groups: list[list[Block]] = [[] for _ in range(most)]
    for block in sorted(blocks, key=lambda b: -b.weight):
        weight, n = heapq.heappop(heap)
        groups[n].append(block)
        heapq.heappush(heap, (weight + block.weight, n))
    return sorted((_union(group) for group in groups), key=lambda b: -b.weight)


def _union(group: Sequence[Block]) -> Block:
    columns = np.sort(np.concatenate([block.columns for block in group]))
    rows = np.sort(np.concatenate([block.rows for block in group]))
    return Block(columns, rows, sum(block.whole for block in group), sum(block.joined for block in group))


def seconds_for(weight: float, others: Sequence[float], left: float) -> float:
    """The share of the time left by weight; not less than an even share of half of it, up to a second or so."""
    fair = left * weight / (weight + sum(others))
    return min(left, max(fair, min(FAIR_SECONDS, 0.5 * left / (1 + len(others)))))


def gaps(costs: Floats, bounds: Floats, base: float, gap: float) -> Floats:
    """Relative gaps that blocks need for the whole, which costs ``base`` more, to be within ``gap``; nan: close enough.

    What the whole may lack is shared by what the blocks cost without their signs, so a block that earns what another
    costs has to be closer than the whole. What those that are close enough leave goes to the others in the same way.
    While a block has no plan (inf) or no bound (-inf) nothing is known of the whole, and all need its gap.
    """
    known = np.isfinite(costs) & np.isfinite(bounds)
    size = np.abs(np.where(known, costs, 0.0))
    lack = np.where(known, costs, 0.0) - np.where(known, bounds, 0.0)
    if not known.all():
        return np.where(known & (lack <= gap * size + NOTHING), np.nan, gap)
    share = gap * abs(base + float(costs.sum())) * size / max(float(size.sum()), 1e-300)
    close = lack <= share + NOTHING
    left, others = float((share - lack)[close].sum()), float(share[~close].sum())
    factor = 1.0 + max(left, 0.0) / others if others > 0 else 1.0
    needed = np.divide(factor * share, size, out=np.zeros(len(size)), where=size > 0)
    return np.where(close, np.nan, needed)
