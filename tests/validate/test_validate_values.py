"""One cell against the kind of its column, and how words are matched."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from equipoise.periods import Buckets, made
from equipoise.tables import SETTINGS, TABLES, Column
from equipoise.validate import BadCell, Issues, near, plain, setting_value
from equipoise.validate.cells import tidy
from equipoise.validate.values import convert, period_name

MONTHS = made("month", 3, dt.date(2026, 1, 1))
QUANTITY = TABLES["demand"].column("quantity")
YIELD = TABLES["recipes"].column("yield")
LEAD_TIME = TABLES["recipes"].column("lead_time")
WHOLE = TABLES["items"].column("whole")
ITEM = TABLES["items"].column("item")
START = TABLES["periods"].column("start")
PERIOD = TABLES["demand"].column("period")
UNIT_COST = TABLES["recipes"].column("unit_cost")
TEXT = TABLES["items"].column("description")


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (QUANTITY, 0, 0.0),
        (QUANTITY, 1e300, 1e300),
        (UNIT_COST, -3, -3.0),
        (YIELD, 1e-9, 1e-9),
        (LEAD_TIME, 2.0, 2.0),
        (WHOLE, True, 1.0),
        (ITEM, "  A b ", "A b"),
        (ITEM, 1001.0, "1001"),
        (ITEM, -0.0, "0"),
        (ITEM, 2.5, "2.5"),
        (ITEM, 2**53 - 1, "9007199254740991"),
        (TEXT, 7.0, "7"),
        (TEXT, "a\r\nb\tc", "a\nb\tc"),
        (START, dt.datetime(2026, 1, 31, 13), dt.date(2026, 1, 31)),
        (START, "2026-01-31", dt.date(2026, 1, 31)),
        (PERIOD, "2026-02 ", "2026-02"),
        (PERIOD, dt.date(2026, 2, 28), "2026-02"),
        (PERIOD, "2026-02-28", "2026-02"),
    ],
)
def test_what_is_read(column: Column, value: Any, expected: Any) -> None:
    got = convert(column, value, MONTHS)
    assert (got, type(got)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (QUANTITY, "5", "text-number"),
        (QUANTITY, " 1.234,50 € ", "text-number"),
        (QUANTITY, "(1,234)", "text-number"),
        (QUANTITY, "5%", "text-number"),
        (QUANTITY, "12'500", "text-number"),
        (QUANTITY, "5 kg", "not-a-number"),
        (QUANTITY, "-", "not-a-number"),
        (QUANTITY, "nan", "not-a-number"),
        (QUANTITY, False, "not-a-number"),
        (QUANTITY, dt.timedelta(hours=8), "not-a-number"),
        (QUANTITY, float("-inf"), "not-finite"),
        (QUANTITY, -1e-300, "too-low"),
        (YIELD, 0, "too-low"),
        (LEAD_TIME, 0.5, "not-whole"),
        (LEAD_TIME, -1, "too-low"),
        (WHOLE, 0.5, "not-a-flag"),
        (WHOLE, "yes", "not-a-number"),
        (ITEM, dt.date(2026, 1, 1), "not-a-name"),
        (ITEM, dt.time(8), "not-a-name"),
        (ITEM, False, "not-a-name"),
        (ITEM, 2**53, "digits-lost"),
        (ITEM, -1e300, "digits-lost"),
        (ITEM, "a\tb", "control-character"),
        (ITEM, "a\ud800", "control-character"),
        (TEXT, "a\x07", "control-character"),
        (START, 46023, "not-a-date"),
        (START, True, "not-a-date"),
        (START, "2026-02-30", "not-a-date"),
        (START, "1/2/2026", "not-a-date"),
        (START, dt.date(1899, 12, 31), "date-out-of-range"),
        (PERIOD, "2026-04", "unknown-period"),
        (PERIOD, dt.date(2025, 12, 31), "unknown-period"),
        (PERIOD, 1, "unknown-period"),
        (PERIOD, True, "unknown-period"),
    ],
)
def test_what_is_refused(column: Column, value: Any, code: str) -> None:
    got = convert(column, value, MONTHS)
    assert isinstance(got, BadCell)
    assert got.code == code
    assert got.message.endswith(".")
    assert got.hint.endswith((".", "?"))


def test_text_tables_read_plain_numbers_only() -> None:
    assert [convert(QUANTITY, v, MONTHS, text=True) for v in ("5", " 1234.50 ", "1e3", "+0.5", ".5", "5.")] == [
        5,
        1234.5,
        1e3,
        0.5,
        0.5,
        5,
    ]
    assert [convert(WHOLE, v, MONTHS, text=True) for v in ("TRUE", "false", "1", "0.0")] == [1, 0, 1, 0]
    assert convert(ITEM, "007", MONTHS, text=True) == "007"
    for value in ("1,5", "1 000", "0x10", "1_000", "٣", "5%", "inf", "nan", "--5"):
        assert isinstance(convert(QUANTITY, value, MONTHS, text=True), BadCell), value
    assert convert(QUANTITY, "1e400", MONTHS, text=True).code == "not-finite"
    assert convert(QUANTITY, "TRUE", MONTHS, text=True).code == "not-a-number"


def test_values_of_numpy_pandas_and_decimal_are_read_as_what_they_are() -> None:
    values = [
        np.int64(3),
        np.float32(0.5),
        np.bool_(True),
        pd.Timestamp("2026-01-02"),
        decimal.Decimal("1.5"),
        pd.NaT,
        pd.NA,
    ]
    assert tidy([*values, np.float64("nan"), np.datetime64("2026-01-02"), 10**400, "\u00a0"]) == [
        3, 0.5, True, dt.datetime(2026, 1, 2), 1.5, None, None, None, dt.date(2026, 1, 2), float("inf"), None,
    ]  # fmt: skip
    for odd in (object(), {1}, 1j, b"x", pd.Period("2026-01")):
        assert tidy([odd])[0].code == "not-a-value"


def test_periods_without_dates_are_found_by_their_usual_names() -> None:
    assert period_name(dt.date(2026, 2, 3), Buckets(("2026-01", "2026-02"))) == "2026-02"
    assert period_name(dt.date(2026, 3, 3), Buckets(("2026-01", "2026-02"))) is None
    assert period_name(dt.date(2026, 2, 3), Buckets(("1", "2"))) is None
    assert period_name(2.0, Buckets(("1", "2"))) == "2"
    assert [period_name(v, Buckets(("1", "2"))) for v in (True, 1.5, float("inf"), None, [])] == [None] * 5


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("Setup cost [EUR]", "setup_cost"),
        ("SETUP-COST\n(EUR per set-up)", "setup_cost"),
        ("setup\u00a0cost", "Setup__Cost"),
        ("[EUR]", ""),
    ],
)
def test_words_that_match(words: str, same: str) -> None:
    assert plain(words) == plain(same)


def test_long_words_are_matched_in_little_time() -> None:
    assert plain("[" * 1_000_000) == "[" * 200


def test_near_misses() -> None:
    known = ["quantity", "lost_cost", "period"]
    assert near("quantiy", known) == 'Did you mean "quantity"?'
    assert near("Lost Costs", known) == 'Did you mean "lost_cost"?'
    assert near("colour", known) == ""


def test_settings_are_read_in_their_kind() -> None:
    by_name = {s.name: s for s in SETTINGS}
    issues = Issues()
    read = [
        setting_value(by_name[name], value, issues, {}, None)
        for name, value in [
            ("shortage", " Backorder "),
            ("periods", 12.0),
            ("name", 2026),
            ("start", "2026-01-01"),
            ("gap", 0),
        ]
    ]
    assert read == ["backorder", 12.0, "2026", dt.date(2026, 1, 1), 0.0]
    assert issues.found == []
    for name, value in [
        ("shortage", 1),
        ("objective", "service"),
        ("periods", 1.5),
        ("threads", -1),
        ("seed", -1),
        ("gap", "1%"),
    ]:
        assert setting_value(by_name[name], value, issues, {}, "fallback") == "fallback"
    codes = ["unknown-choice", "not-built", "not-whole", "too-low", "too-low", "text-number"]
    assert [i.code for i in issues.found] == codes
    assert setting_value(by_name["gap"], "0.01", issues, {}, None, text=True) == 0.01
