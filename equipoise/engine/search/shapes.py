"""Which part of a plan to decide anew: items of one resource, a window of time, a product with its components, a mix.

A shape draws whole columns; the columns without whole numbers that go with them are added by ``Map.with_rest``. Where the
matrix comes without meaning, columns that share rows take the place of items and resources.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from equipoise.engine.matrix import Flags, Ints, Matrix
from equipoise.engine.meaning import Meaning
from equipoise.engine.search.slices import Slicer

SMALL = 15_000
"""With this many columns at most, all columns without whole numbers are free in every part."""
AROUND = 3
"""Periods before and after a free whole column in which the stock of its item and the like may move."""
CROWDED = 400
"""A row with more whole columns than this says nothing about which of them belong together."""

Draw = Callable[[np.random.Generator, Flags, int], Flags]
"""(random numbers, whole columns that are open, how many are wanted) -> whole columns to decide anew."""


class Map:
    """Which columns belong together: cells of item and period, items of a resource, products and components."""

    def __init__(self, matrix: Matrix, meaning: Meaning | None, slicer: Slicer):
        self.matrix, self.slicer = matrix, slicer
        self.whole = matrix.integer & (matrix.upper > matrix.lower)
        if meaning is None:
            nothing = np.full(matrix.columns, -1, np.int32)
            self.item, self.period = nothing, nothing
        else:
            self.item, self.period = meaning.columns.item, meaning.columns.period
        self.items = int(self.item.max(initial=-1)) + 1
        self.periods = int(self.period[self.whole].max(initial=-1)) + 1
        self.groups = self._groups(meaning)
        self.kin = self._kin(meaning)

    def shapes(self) -> dict[str, Draw]:
        """The shapes that make sense here, by name."""
        found: dict[str, Draw] = {}
        if self.items > 1 and self.groups:
            found["items of a resource"] = self._items_of_a_resource
        if self.periods > 1:
            found["window"] = self._window
            if self.groups:
                found["window of a resource"] = self._window_of_a_resource
        if self.items > 1 and any(len(k) for k in self.kin):
            found["product and components"] = self._chain
        if self.items > 1:
            found["mix of items"] = self._mix
        if not found:
            found["columns that share rows"] = self._neighbours
        return found

    def with_rest(self, chosen: Flags) -> Flags:
        """The chosen whole columns and the other columns that move with them."""
        continuous = ~self.matrix.integer
        if self.matrix.columns <= SMALL or not self.items:
            return chosen | (continuous if self.matrix.columns <= SMALL else self._touching(chosen) & continuous)
        mine = np.zeros((self.items + 1, self.periods + AROUND), bool)
        mine[self.item[chosen], np.clip(self.period[chosen], 0, None)] = True
        core = mine.copy()
        for shift in range(1, AROUND + 1):
            mine[:, shift:] |= core[:, :-shift]
            mine[:, :-shift] |= core[:, shift:]
        mine[-1, :] = False
        last = mine.shape[1] - 1
        rest = continuous & (self.item >= 0) & mine[self.item, np.clip(self.period, 0, last)]
        free = chosen | rest
        return free | (self._touching(free) & continuous & (self.item < 0))

    def _touching(self, columns: Flags) -> Flags:
        rows = self.slicer.rows_of(np.flatnonzero(columns).astype(np.int32))
        found = np.zeros(self.matrix.columns, bool)
        found[self.slicer.by_row[rows].indices] = True
        return found

    # ------------------------------------------------------------------ structure

    def _groups(self, meaning: Meaning | None) -> list[Ints]:
        """Sets of items that meet in a row which is no item's own: a resource, a store, a crew, a supplier.

        Items without whole columns do not count. All items are a group only where there is no smaller one: as a mix
        they are there anyway.
        """
        if meaning is None or not self.items:
            return []
        deciding = np.bincount(self.item[self.whole & (self.item >= 0)], minlength=self.items + 1) > 0
        by_row = self.slicer.by_row
        entry_rows = np.repeat(np.arange(self.matrix.rows), np.diff(by_row.indptr))
        keep = deciding[self.item[by_row.indices]] & (meaning.rows.item[entry_rows] < 0)
        rows, items = entry_rows[keep], self.item[by_row.indices[keep]]
        seen: dict[bytes, Ints] = {}
        order = np.argsort(rows, kind="stable")
        rows, items = rows[order], items[order]
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else np.zeros(0, int)
        for first, last in zip(starts, np.r_[starts[1:], len(rows)], strict=True):
            group = np.unique(items[first:last]).astype(np.int32)
            if len(group) > 1:
                seen.setdefault(group.tobytes(), group)
        smaller = [group for group in seen.values() if len(group) < deciding.sum()]
        return smaller or list(seen.values())

    def _kin(self, meaning: Meaning | None) -> list[list[int]]:
        """For each item the items it is made from or goes into."""
        kin: list[set[int]] = [set() for _ in range(self.items)]
        if meaning is not None:
            rows = meaning.rows.of_kind("balance")
            piece = self.slicer.by_row[rows]
            row_item = np.repeat(meaning.rows.item[rows], np.diff(piece.indptr))
            col_item = self.item[piece.indices]
            pairs = np.unique(np.stack([row_item, col_item])[:, (row_item != col_item) & (col_item >= 0)], axis=1)
            for a, b in pairs.T:
                kin[a].add(int(b))
                kin[b].add(int(a))
        return [sorted(k) for k in kin]

    # --------------------------------------------------------------------- shapes

    def _take(self, order: Ints, open_: Flags, want: int) -> Flags:
        """Whole columns of the items in order, until there are enough open ones."""
        count = np.bincount(self.item[open_ & (self.item >= 0)], minlength=self.items)
        enough = int(np.searchsorted(np.cumsum(count[order]), want)) + 1
        mask = np.zeros(self.items + 1, bool)
        mask[order[:enough]] = True
        return self.whole & mask[self.item]

    def _items_of_a_resource(self, rng: np.random.Generator, open_: Flags, want: int) -> Flags:
        group = self.groups[rng.integers(len(self.groups))]
        return self._take(rng.permutation(group), open_, want)

    def _mix(self, rng: np.random.Generator, open_: Flags, want: int) -> Flags:
        return self._take(rng.permutation(self.items).astype(np.int32), open_, want)

    def _chain(self, rng: np.random.Generator, open_: Flags, want: int) -> Flags:
        found = [int(rng.integers(self.items))]
        seen = set(found)
        for item in found:  # grows as it goes: first the nearest kin
            for other in rng.permutation(self.kin[item]).tolist() if self.kin[item] else ():
                if other not in seen:
                    seen.add(other)
                    found.append(int(other))
        return self._take(np.array(found, np.int32), open_, want)

    def _window(self, rng: np.random.Generator, open_: Flags, want: int) -> Flags:
        return self._within(rng, open_, want, self.whole)

    def _window_of_a_resource(self, rng: np.random.Generator, open_: Flags, want: int) -> Flags:
        mask = np.zeros(self.items + 1, bool)
        mask[self.groups[rng.integers(len(self.groups))]] = True
        return self._within(rng, open_, want, self.whole & mask[self.item])

    def _within(self, rng: np.random.Generator, open_: Flags, want: int, allowed: Flags) -> Flags:
        """Allowed columns of as many periods in a row as hold the wanted number of open ones."""
        count = np.bincount(self.period[open_ & allowed & (self.period >= 0)], minlength=self.periods)
        first = int(rng.integers(self.periods))
        last = first
        while count[first : last + 1].sum() < want and (first > 0 or last < self.periods - 1):
            if last < self.periods - 1:
                last += 1
            if first > 0 and count[first : last + 1].sum() < want:
                first -= 1
        return allowed & (self.period >= first) & (self.period <= last)

    def _neighbours(self, rng: np.random.Generator, open_: Flags, want: int) -> Flags:
        """Open columns around one of them, walking from row to row."""
        chosen = np.zeros(self.matrix.columns, bool)
        candidates = np.flatnonzero(open_)
        if not len(candidates):
            return chosen
        front = candidates[rng.integers(len(candidates), size=1)]
        seen = np.zeros(self.matrix.columns, bool)
        by_row = self.slicer.by_row
        while len(front) and chosen.sum() < want:
            seen[front] = True
            chosen[front[self.whole[front]]] = True
            rows = self.slicer.rows_of(front.astype(np.int32))
            rows = rows[np.diff(by_row.indptr)[rows] <= CROWDED]
            reached = np.unique(by_row[rows].indices)
            front = rng.permutation(reached[~seen[reached]])[:want]
        return chosen
