"""Every message names the right cell, whatever form the table has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from cases import case, line, one_item

from equipoise.case import Case
from equipoise.errors import DataError
from equipoise.validate import BadCell, Clean, Issues, Origin, shown, validate

ITEMS = pd.DataFrame({"item": ["Apple", "Pear"]})
SETTINGS = pd.DataFrame([["periods", 3], ["start", dt.date(2026, 1, 1)]], columns=["key", "value"], dtype=object)
ERROR = BadCell("excel-error", "#N/A", "the cell shows #N/A.", "Correct it.")


def read(rows: Sequence[Sequence[Any]], columns: str, first: int = 2, **other: pd.DataFrame) -> Clean:
    """A case with this demand sheet: the first of ``rows`` is the header, ``columns`` its letters, ``first`` the row below it."""
    header, *body = rows
    frame = pd.DataFrame([list(r) for r in body], columns=pd.Index(list(header), dtype=object), dtype=object)
    origin = Origin("Demand", range(first, first + len(body)), columns=columns, header=first - 1)
    return validate({"settings": SETTINGS, "items": ITEMS, "Demand": frame, **other}, {"Demand": origin})


def cells(clean: Clean) -> list[tuple[str, str]]:
    """Code and cell of every issue."""
    return [(i.code, i.cell) for i in clean.issues]


def test_a_long_table() -> None:
    rows = [["item", "note [x]", "period", "quantity"], ["Apple", None, "2026-01", "5"], ["Plum", None, "2026-09", -1]]
    assert cells(read(rows, "ABCD")) == [
        ("unknown-column", "Demand!B1"),
        ("unknown-period", "Demand!C3"),
        ("text-number", "Demand!D2"),
        ("too-low", "Demand!D3"),
        ("unknown-reference", "Demand!A3"),
    ]


def test_a_table_with_rows_and_columns_left_free() -> None:
    rows = [["period", "item", "quantity"], ["2026-01", "Apple", 5], [None, float("nan"), " "], ["2026-01", "Apple", 6]]
    clean = read(rows, "CEH", first=7)
    assert cells(clean) == [("duplicate-key", "Demand!E9")]
    assert "the first is Demand!E7" in clean.issues[0].message
    assert clean.origins["demand"].cell(1, "quantity") == "Demand!H9"


def test_a_wide_table_with_headers_of_every_kind() -> None:
    header = ["item", dt.datetime(2026, 1, 1), "2026-02", dt.date(2026, 3, 31), dt.datetime(2027, 1, 1), ERROR]
    clean = read([header, ["Apple", "n/a", 1, ERROR, 7, 8], ["Plum", 1, -2, 3, 4, None]], "ABCDEF")
    assert cells(clean) == [
        ("excel-error", "Demand!F1"),
        ("unknown-column", "Demand!E1"),
        ("not-a-number", "Demand!B2"),
        ("excel-error", "Demand!D2"),
        ("too-low", "Demand!C3"),
        ("unknown-reference", "Demand!A3"),
    ]


def test_a_wide_row_given_twice_is_told_once() -> None:
    clean = read([["item", "2026-01", "2026-02"], ["Apple", 1, 2], ["Apple", 3, 4]], "ABC")
    assert cells(clean) == [("duplicate-key", "Demand!A3")]
    assert "the first is Demand!A2" in clean.issues[0].message


def test_the_second_of_two_columns_is_the_one_to_blame() -> None:
    clean = read([["item", "period", "quantity", "quantity"], ["Apple", "2026-01", "x", "y"]], "ABCD")
    assert cells(clean) == [("duplicate-column", "Demand!D1"), ("not-a-number", "Demand!C2")]


def test_headers_that_are_numbers() -> None:
    plain = pd.DataFrame([["periods", 3]], columns=["key", "value"], dtype=object)
    clean = read([["item", 1, 2.0, 3.5, True], ["Apple", 1, "x", 3, 4]], "ABCDE", settings=plain)
    assert cells(clean) == [
        ("unknown-column", "Demand!D1"),
        ("unknown-column", "Demand!E1"),
        ("not-a-number", "Demand!C2"),
    ]
    assert clean.tables["demand"]["period"].tolist() == ["1", "2"]


def test_cells_survive_a_changed_setting() -> None:
    """A case made anew from a wide sheet still knows its cells."""
    frame = pd.DataFrame([["Apple", 1, 2]], columns=["item", "2026-01", "2026-02"], dtype=object)
    supply = pd.DataFrame({"item": ["Apple"]})
    items = pd.DataFrame({"item": ["Apple"], "lost_cost": [1]})
    origin = Origin("Demand", [5], columns="BCD")
    tables = {"settings": SETTINGS, "items": items, "Demand": frame, "supply": supply}
    case = Case.from_tables(tables, {"Demand": origin}).with_settings({"gap": 0.5})
    assert case.cell("demand", "quantity", period="2026-02") == "Demand!D5"
    assert case.cell("demand", "item", period="2026-02") == "Demand!B5"


def test_frames_without_an_origin_count_rows_as_a_sheet_would() -> None:
    clean = validate(
        {"settings": SETTINGS, "items": ITEMS, "demand": pd.DataFrame({"item": ["Apple"], "2026-01": [-1]})}
    )
    assert cells(clean) == [("too-low", "demand!2")]


def test_an_origin_gives_the_most_it_knows() -> None:
    origin = Origin("s", [7], {"a": "C"}, {"b": ["D9"]})
    assert [origin.cell(0, c) for c in "abx"] == ["s!C7", "s!D9", "s!7"]
    assert origin.cell(1, "a") == origin.cell(-1, "a") == "s"
    assert (origin.header_cell("C"), origin.header_cell("")) == ("s!C1", "s")


def test_the_same_problem_of_a_cell_is_kept_once() -> None:
    issues = Issues()
    for _ in range(3):
        issues.add("too-low", "too low.", cell="a!B2")
        issues.add("too-low", "too low.", table="a")
    issues.add("too-low", "much too low.", cell="a!B2")
    assert [i.message for i in issues.found] == ["too low.", "too low.", "too low.", "too low.", "much too low."]
    assert issues.has("a!B2")
    assert not issues.has("a!B3")


def test_values_are_shown_short_and_harmless() -> None:
    assert (
        shown("a\x1b[31m\nb\x00") == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    )
    assert shown("x" * 40_000) == "x" * 120 + "..."
    assert [shown(v) for v in (None, 7.0, 0.1 + 0.2, ERROR, True)] == ["", "7", "0.3", "#N/A", "True"]
    assert shown(dt.datetime(2026, 1, 2)) == "2026-01-02"
    assert shown(dt.datetime(2026, 1, 2, 3, 4)) == "2026-01-02 03:04:00"


def test_receipts_may_have_a_column_a_period() -> None:
    long = case(**one_item(0, 5), receipts={"item": "A", "period": "2", "quantity": 5})
    wide = case(**one_item(0, 5), receipts={"item": "A", "1": None, "2": 5})
    assert wide.fingerprint == long.fingerprint


@pytest.mark.parametrize(
    ("table", "column", "nothing", "something"),
    [("demand", "minimum", 0, 0.5), ("resources", "fixed_cost", "0", 1), ("settings", "change_cost", 0.0, 2)],
)
def test_a_zero_that_a_blank_cell_means_asks_for_no_rule_that_is_not_built(
    table: str, column: str, nothing: object, something: object
) -> None:
    tables = one_item(0, 5, **line(1, capacity=10))
    tables[table] = {**tables[table], column: nothing}
    assert case(**tables).fingerprint == case(**one_item(0, 5, **line(1, capacity=10))).fingerprint
    tables[table] = {**tables[table], column: something}
    with pytest.raises(DataError, match="not-built"):
        case(**tables)
