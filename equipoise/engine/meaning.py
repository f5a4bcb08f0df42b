"""What the columns and rows of a matrix stand for, as numbers: the ways to better plans and bounds read it.

Values only; needs numpy and nothing else, since the worker imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.engine.matrix import Ints, Matrix

AXES = ("item", "site", "resource", "period")


@dataclass(frozen=True, eq=False)
class Codes:
    """Of columns or of rows: ``kind`` counts into ``kinds`` (variable or family names); -1 on an axis: none.

    Codes of an axis mean the same for columns and for rows; codes of periods count from 0 in the order of time.
    """

    kinds: tuple[str, ...]
    kind: Ints
    item: Ints
    site: Ints
    resource: Ints
    period: Ints

    def of_kind(self, name: str) -> Ints:
        """Positions of this kind; empty where there are none."""
        if name not in self.kinds:
            return np.zeros(0, np.int32)
        return np.flatnonzero(self.kind == self.kinds.index(name)).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Meaning:
    """Codes of the columns and of the rows of one matrix, and how many periods there are."""

    columns: Codes
    rows: Codes
    periods: int

    def arrays(self) -> dict[str, Ints]:
        """The codes by name, for the way to a child."""
        return {
            f"{side}.{name}": getattr(codes, name)
            for side, codes in (("columns", self.columns), ("rows", self.rows))
            for name in ("kind", *AXES)
        }

    def words(self) -> dict[str, Any]:
        """What else it takes to make it again."""
        return {"columns": list(self.columns.kinds), "rows": list(self.rows.kinds), "periods": self.periods}

    @staticmethod
    def of(words: Mapping[str, Any], arrays: Mapping[str, Ints]) -> Meaning:
        """The meaning that ``arrays`` and ``words`` were made from."""

        def codes(side: str) -> Codes:
            return Codes(tuple(words[side]), *(arrays[f"{side}.{name}"] for name in ("kind", *AXES)))

        return Meaning(codes("columns"), codes("rows"), int(words["periods"]))


def has_components(matrix: Matrix, meaning: Meaning) -> bool:
    """Items are made from items: a balance row holds a column of another item."""
    rows = matrix.entry_rows
    balances = np.zeros(matrix.rows, np.bool_)
    balances[meaning.rows.of_kind("balance")] = True
    entry = balances[rows]
    mine, theirs = meaning.rows.item[rows[entry]], meaning.columns.item[matrix.index[entry]]
    return bool(np.any((theirs >= 0) & (mine != theirs)))


Where = tuple[int, Mapping[str, str | None] | None]


def meaning_of(
    columns: Sequence[tuple[str, Any]],
    rows: Sequence[tuple[str, Any]],
    column_labels: Callable[[str], Mapping[str, Where]],
    row_labels: Callable[[str], Mapping[str, Where]],
    periods: Sequence[str],
) -> Meaning:
    """Codes for columns and rows given as (kind, index).

    The labels of a kind say for each axis at which place of the index its name stands, and what that name stands for
    (None: itself).
    """
    books: dict[str, dict[str | None, int]] = {axis: {None: -1} for axis in AXES}
    books["period"] |= {name: t for t, name in enumerate(periods)}

    def codes(entries: Sequence[tuple[str, Any]], labels: Callable[[str], Mapping[str, Where]]) -> Codes:
        of_kind: dict[str, list[int]] = {}
        for n, (kind, _) in enumerate(entries):
            of_kind.setdefault(kind, []).append(n)
        table = np.full((len(AXES) + 1, len(entries)), -1, np.int32)
        for k, (kind, places) in enumerate(of_kind.items()):
            table[0, places] = k
            for axis, (at, stands_for) in labels(kind).items():
                book = books[axis]
                names = [entries[n][1] for n in places]
                if names and isinstance(names[0], tuple):
                    names = [index[at] for index in names]
                if stands_for is not None:
                    names = [stands_for[name] for name in names]
                table[1 + AXES.index(axis), places] = [book.setdefault(name, len(book) - 1) for name in names]
        return Codes(tuple(of_kind), *table)

    return Meaning(codes(columns, column_labels), codes(rows, row_labels), len(periods))
