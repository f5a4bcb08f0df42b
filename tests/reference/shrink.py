"""A smaller case in which the same thing is wrong: rows taken out and cells emptied for as long as it stays."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from reference.dice import Drawn

MOST_TRIES = 600


def shrunk(tables: Drawn, wrong: Callable[[Drawn], bool]) -> Drawn:
    """Greedy: every step that leaves ``wrong`` true is kept, until none does or enough was tried. ``tables`` must be wrong."""
    tries, smaller = 0, True
    while smaller:
        smaller = False
        for next_one in _steps(tables):
            tries += 1
            if tries > MOST_TRIES:
                return tables
            if wrong(next_one):
                tables, smaller = next_one, True
                break
    return tables


def _steps(tables: Drawn) -> Iterator[Drawn]:
    """Without a table; without a row; with a cell emptied; with a number made 1."""
    for name in tables:
        if name not in ("items", "settings"):
            yield {k: v for k, v in tables.items() if k != name}
    for name, rows in tables.items():
        for n in range(len(rows) if len(rows) > 1 else 0):
            yield {**tables, name: rows[:n] + rows[n + 1 :]}
    for value in (None, 1):
        for name, rows in tables.items():
            for n, row in enumerate(rows):
                for column, now in row.items():
                    if now is not None and now != value and (value is None or isinstance(now, float | int)):
                        out = copy.deepcopy(tables)
                        out[name][n][column] = value
                        yield out
