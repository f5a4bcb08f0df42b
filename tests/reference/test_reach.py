"""The drawn cases reach the whole planning language: every column and setting that equipoise reads, and each moves an optimum."""

from __future__ import annotations

import copy
import functools
from collections import defaultdict

import pytest
from reference.dice import Drawn
from reference.draw import draw
from reference.model import Answer, answer, written
from reference.program import same
from reference.reading import Reading

from equipoise.tables import SETTINGS, TABLES

SEEDS = range(180)  # those of test_two_models
LEAST = 3
"""Cases at least that hold a value other than blank and 0."""

NOT_DRAWN = {
    "settings.name": "a text",
    "settings.currency": "a text",
    "settings.time_limit": "how long is looked for a plan, not which is best",
    "settings.gap": "how long is looked for a plan, not which is best",
    "settings.threads": "how a plan is looked for, not which is best",
    "settings.seed": "how a plan is looked for, not which is best",
    "settings.key": "every setting is looked at by itself",
    "settings.value": "every setting is looked at by itself",
    "items.description": "a text",
    "items.family": "a text",
    "items.unit": "a text",
    "sites.description": "a text",
}
"""Columns and settings that no optimum depends on, with the reason."""
MOVES_NOTHING = {
    "periods.start": "dates name periods and nothing else",
    "settings.start": "dates name periods and nothing else",
    "settings.periods": "the number of periods is what the other tables are written for",
    "resources.site": "where a resource stands limits nothing",
    "receipts.kind": "where a receipt comes from limits nothing",
    "receipts.reference": "an order number",
}
"""Drawn, but without a say in what is best."""


def value_columns() -> list[str]:
    columns = [f"{t.name}.{c.name}" for t in TABLES.values() for c in t.columns if c.built]
    return columns + [f"settings.{s.name}" for s in SETTINGS if s.built]


def values(tables: Drawn, column: str) -> list[object]:
    """The values of a column, or of a setting."""
    table, name = column.split(".")
    if table == "settings":
        return [row["value"] for row in tables[table] if row["key"] == name]
    return [row[name] for row in tables.get(table, []) if row.get(name) is not None]


@functools.cache
def drawn(seed: int) -> Drawn:
    return draw(seed)


@functools.cache
def best(seed: int) -> Answer:
    return answer(drawn(seed))


def programme(tables: Drawn) -> dict[str, object]:
    """All that is solved, to see at once that nothing has changed."""
    return vars(written(Reading(tables)).program)


def test_every_column_is_drawn() -> None:
    """A new column or setting is drawn in draw.py and read in the second model, or is named above with a reason."""
    wanted = [column for column in value_columns() if column not in NOT_DRAWN]
    times = {c: sum(any(v != 0 for v in values(drawn(seed), c)) for seed in SEEDS) for c in wanted}
    assert {column: n for column, n in times.items() if n < LEAST} == {}


def test_exceptions_are_still_columns() -> None:
    assert {*NOT_DRAWN, *MOVES_NOTHING} <= set(value_columns())


def test_nothing_is_drawn_that_is_not_read() -> None:
    known = {*value_columns()}
    for seed in SEEDS:
        for table, rows in drawn(seed).items():
            names = {row["key"] for row in rows} if table == "settings" else {c for row in rows for c in row}
            assert {f"{table}.{name}" for name in names} <= known


def test_every_choice_is_drawn() -> None:
    found = defaultdict(set)
    for seed in SEEDS:
        for row in drawn(seed)["settings"]:
            found[row["key"]].add(row["value"])
        for row in drawn(seed).get("receipts", []):
            found["kind"].add(row["kind"])
    for setting in SETTINGS:
        if setting.choices:
            assert found[setting.name] >= set(setting.choices) - set(setting.unbuilt_choices), setting.name
    assert found["kind"] >= set(TABLES["receipts"].column("kind").choices)


def without(tables: Drawn, column: str, required: bool) -> Drawn:
    """The case as somebody reads it who does not know the column: blank, or twice as much where it may not be blank."""
    table, name = column.split(".")
    out = {**tables, table: copy.deepcopy(tables[table])}
    if table == "settings":
        out[table] = [row for row in out[table] if row["key"] != name]
    for row in out[table] if table != "settings" else ():
        if row.get(name) is not None:
            row[name] = 2 * row[name] + 1 if required else None
    return out


def moving() -> list[str]:
    """Columns that hold a value and no name."""
    keys = {f"{t.name}.{c.name}" for t in TABLES.values() for c in t.columns if c.key or c.kind == "name"}
    kept = {"resources.crew"}  # a name that switches a rule on
    return [c for c in value_columns() if c not in {*NOT_DRAWN, *MOVES_NOTHING, *(keys - kept)}]


@pytest.mark.parametrize("column", moving())
def test_every_column_moves_an_optimum(column: str) -> None:
    """Whoever does not read the column is wrong about a case of test_two_models."""
    table, name = column.split(".")
    required = table != "settings" and (TABLES[table].column(name).required or column == "crews.hours")
    many = sorted(SEEDS, key=lambda seed: -len(values(drawn(seed), column)))  # the likely ones first
    for seed in many:
        if not values(drawn(seed), column):
            break
        if column == "settings.period" and values(drawn(seed), "settings.start"):
            continue  # the other tables name dates
        less = without(drawn(seed), column, required)
        if best(seed).value is not None and programme(less) != programme(drawn(seed)):
            other = answer(less)
            if other.value is None or not same(other.value, best(seed).value or 0.0, 1e-4):
                return
    raise AssertionError(f"{column} moves no optimum of {len(SEEDS)} cases")
