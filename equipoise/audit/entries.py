"""The plan as the audit reads it: typed rows of the plan tables, with what is wrong about each row as such."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from equipoise.audit.facts import Facts, Key
from equipoise.audit.row import Place
from equipoise.plan import COST_LINES, PLAN_TABLES, PlanTable

NUMERIC = ("number", "flag", "count")


@dataclass(slots=True)
class Entry:
    """One row of a plan table.

    ``numbers`` holds the cells with a finite number, ``blank`` the empty numeric ones, ``bad`` those with anything else.
    ``unknown`` says why the row means nothing in this case ('' = it does); ``repeated`` marks a second row with the same key.
    """

    table: str
    row: int
    key: Key
    t: int
    numbers: dict[str, float]
    names: dict[str, str]
    blank: tuple[str, ...] = ()
    bad: dict[str, str] = field(default_factory=dict)
    unknown: str = ""
    repeated: bool = False

    def __getitem__(self, column: str) -> float:
        """A number; 0 where the cell is blank."""
        return self.numbers.get(column, 0.0)

    def at(self, column: str) -> Place:
        return Place(self.table, column, self.row, self.key)


class Entries:
    """Every row of a plan. Rows that are unknown or repeated are kept apart: no rule but those about them counts them."""

    def __init__(self, facts: Facts, tables: Mapping[str, pd.DataFrame]):
        self.all = {name: _read(facts, table, tables.get(name)) for name, table in PLAN_TABLES.items()}
        self._by_key = {
            name: {e.key: e for e in rows if not e.unknown and not e.repeated} for name, rows in self.all.items()
        }

    def rows(self, table: str) -> list[Entry]:
        """The rows that count."""
        return list(self._by_key[table].values())

    def get(self, table: str, key: Key) -> Entry | None:
        return self._by_key[table].get(key)

    def number(self, table: str, key: Key, column: str) -> float:
        """A number of the plan; 0 where there is no such row or the cell is blank."""
        entry = self._by_key[table].get(key)
        return entry[column] if entry is not None else 0.0

    def at(self, table: str, key: Key, column: str) -> Place:
        """The cell, whether the plan has the row or not."""
        entry = self._by_key[table].get(key)
        return entry.at(column) if entry is not None else Place(table, column, None, key)


def _read(facts: Facts, table: PlanTable, frame: pd.DataFrame | None) -> list[Entry]:
    if frame is None:
        return []
    columns = {
        c.name: frame[c.name].tolist() if c.name in frame.columns else [None] * len(frame) for c in table.columns
    }
    numeric = [c.name for c in table.columns if c.kind in NUMERIC]
    words = [(c.name, c.kind) for c in table.columns if c.kind not in NUMERIC]
    key_columns = table.key
    seen: set[Key] = set()
    found = []
    for row in range(len(frame)):
        names = {name: _name(facts, kind, name, columns[name][row]) for name, kind in words}
        numbers, blank, bad = _numbers(numeric, columns, row)
        key = tuple(names[k] for k in key_columns)
        entry = Entry(table.name, row, key, facts.index.get(names.get("period", ""), -1), numbers, names, blank, bad)
        entry.unknown = _unknown(facts, entry)
        entry.repeated = key in seen
        seen.add(key)
        found.append(entry)
    return found


def _numbers(
    numeric: list[str], columns: Mapping[str, list[Any]], row: int
) -> tuple[dict[str, float], tuple[str, ...], dict[str, str]]:
    numbers: dict[str, float] = {}
    blank: list[str] = []
    bad: dict[str, str] = {}
    for name in numeric:
        value = columns[name][row]
        if type(value) is float and math.isfinite(value):
            numbers[name] = value
        elif value is None or value is pd.NA or value != value:
            blank.append(name)
        elif isinstance(value, str) or not math.isfinite(value):
            bad[name] = str(value)
        else:
            numbers[name] = float(value)
    return numbers, tuple(blank), bad


def _name(facts: Facts, kind: str, column: str, value: Any) -> str:
    """A name as the case spells it: blank is '', the only site where there is one, a date the period that contains it."""
    if type(value) is str and value:
        return value
    if value is None or value is pd.NA or value != value:
        value = ""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date) and kind == "period":
        return facts.case.periods.containing(value) or str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if column == "site" and value == "" and len(facts.case.sites) == 1:
        return facts.case.sites[0]
    return str(value)


# --- rows that mean nothing in this case -------------------------------------------------------------------------------------------


def _unknown(facts: Facts, entry: Entry) -> str:
    """Why the case knows no such row; '' where it does."""
    if entry.t < 0:
        return f'the case has no period "{entry.names["period"]}"'
    return _UNKNOWN[entry.table](facts, entry.key)


def _make(facts: Facts, key: Key) -> str:
    return "" if key[0] in facts.recipes else f'the case has no recipe "{key[0]}"'


def _buy(facts: Facts, key: Key) -> str:
    supplier, item, site, _ = key
    words = f'the case has no supply of "{item}" from "{supplier}"{_site(" to", site)}'
    return "" if key[:3] in facts.keys("supply") else words


def _ship(facts: Facts, key: Key) -> str:
    origin, destination, item, _ = key
    if item not in facts.items:
        return f'the case has no item "{item}"'
    words = f'the case has no lane for "{item}" from "{origin}" to "{destination}"'
    return "" if facts.lane(origin, destination, item) is not None else words


def _stock(facts: Facts, key: Key) -> str:
    if key[0] not in facts.items:
        return f'the case has no item "{key[0]}"'
    return _storage(facts, key[1:])


def _demand(facts: Facts, key: Key) -> str:
    item, site, customer, due = key[:4]
    words = f'the case has no demand for "{item}"{_site(" at", site)}{_site(" by", customer)} due in "{due}"'
    return "" if key[:4] in facts.demand else words


def _capacity(facts: Facts, key: Key) -> str:
    return "" if key[:1] in facts.keys("resources") else f'the case has no resource "{key[0]}"'


def _crew(facts: Facts, key: Key) -> str:
    return "" if key[:1] in facts.keys("crews") else f'the case has no crew "{key[0]}"'


def _storage(facts: Facts, key: Key) -> str:
    return "" if key[0] in facts.case.sites else f'the case has no site "{key[0]}"'


def _costs(facts: Facts, key: Key) -> str:
    return "" if key[0] in COST_LINES else f'there is no cost line "{key[0]}"'


def _site(word: str, name: str) -> str:
    return f'{word} "{name}"' if name else ""


_UNKNOWN: dict[str, Callable[[Facts, Key], str]] = {
    "make": _make,
    "buy": _buy,
    "ship": _ship,
    "stock": _stock,
    "serve": _demand,
    "short": _demand,
    "capacity": _capacity,
    "crew": _crew,
    "storage": _storage,
    "costs": _costs,
}
