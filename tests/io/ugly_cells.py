"""Cells: errors, formulas, text numbers, dates, names, bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from ugly import HEALTHY, Made, book, demand, kind, tables, with_cell
from ugly_sheets import quantities

from equipoise.validate import Clean

Patch = pytest.MonkeyPatch


def calculated(tmp: Path, formula: str, result: Any) -> Path:
    """A workbook by XlsxWriter with a formula for the first quantity."""
    path = tmp / "case.xlsx"
    made = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in tables().items():
        sheet = made.add_worksheet(name)
        for n, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write_datetime(n, c, value) if isinstance(value, dt.date) else sheet.write(n, c, value)
    made.get_worksheet_by_name("demand").write_formula("C2", formula, None, result)
    made.close()
    return path


def quantity(tmp: Path, value: Any, number_format: str | None = None) -> Path:
    """The healthy case with one odd quantity in demand!C3."""

    def dress(made: Any) -> None:
        if number_format:
            made["demand"]["C3"].number_format = number_format

    return book(tmp, dress, demand=demand("Pear", "2026-02", value))


# --- errors and formulas --------------------------------------------------------------------------


@kind("an Excel error (#N/A, #DIV/0!, #REF!)")
def error(tmp: Path, mp: Patch) -> Made:
    return calculated(tmp, "=NA()", "#N/A")


@kind("a formula without a stored result")
def not_calculated(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, "=5+2")


@kind("a formula with result 0 in a file that was never calculated")
def doubtful_zero(tmp: Path, mp: Patch) -> Made:
    return calculated(tmp, "=5+2", 0)


@kind("a formula with a stored result")
def formula(tmp: Path, mp: Patch) -> Made:
    return calculated(tmp, "=5+2", 7.5), quantities(7.5, 7)


@kind('a formula that gives ""')
def empty_text(tmp: Path, mp: Patch) -> Made:
    path = book(tmp, demand=demand("Pear", "2026-02", 7, 9, header=["item", "period", "quantity", "price"]))
    path = with_cell(path, "demand", "D3", '<c r="D3" t="str"><f>IF(1,"","")</f><v></v></c>')

    def check(clean: Clean) -> None:
        assert clean.tables["demand"]["price"].isna().all()

    return path, check


# --- numbers --------------------------------------------------------------------------------------


@kind("a number as text (1,234.50)")
def text_number(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, "1,234.50")


@kind("a number as text with a currency or a no-break space")
def text_money(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp, demand=[["item", "period", "quantity"], ["Apple", "2026-01", "1\u00a0234"], ["Pear", "2026-02", "€ 12.50"]]
    )


@kind('"n/a" or another word in a column of numbers')
def word(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, "n/a")


@kind("TRUE or FALSE in a column of numbers")
def boolean(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, True)


@kind("TRUE or FALSE where 0 or 1 is wanted")
def boolean_flag(tmp: Path, mp: Patch) -> Made:
    def check(clean: Clean) -> None:
        assert clean.tables["items"]["whole"].tolist() == [1.0, 0.0]

    return book(tmp, items=[["item", "whole"], ["Apple", True], ["Pear", False]]), check


@kind("a date in a column of numbers")
def date_number(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, dt.date(2026, 1, 5))


@kind("a time of day in a column of numbers")
def time_number(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, dt.time(8))


@kind("a percentage")
def percentage(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, 0.05, "0%"), quantities(5, 0.05)


@kind("a negative number where none is allowed")
def negative(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, -1)


@kind("a number above its bound")
def above(tmp: Path, mp: Patch) -> Made:
    return book(tmp, crews=[["crew", "workers", "hours", "layoff_share"], ["C", 1, 8, 1.5]])


@kind("a share given in percent (20)")
def percent(tmp: Path, mp: Patch) -> Made:
    return book(tmp, crews=[["crew", "workers", "hours", "minimum_use"], ["C", 1, 8, 20]])


@kind("a share given in percent as text (20 %)")
def percent_text(tmp: Path, mp: Patch) -> Made:
    return book(tmp, crews=[["crew", "workers", "hours", "layoff_share"], ["C", 1, 8, "20 %"]])


@kind("a fraction where a whole number is wanted")
def fraction(tmp: Path, mp: Patch) -> Made:
    return book(tmp, supply=[["supplier", "item", "lead_time"], ["S", "Apple", 1.5], ["S", "Pear", 0]])


@kind("anything but 0 and 1 where 0 or 1 is wanted")
def not_flag(tmp: Path, mp: Patch) -> Made:
    return book(tmp, items=[["item", "whole"], ["Apple", 2], ["Pear", -1]])


@kind("an infinite number")
def infinite(tmp: Path, mp: Patch) -> Made:
    return with_cell(quantity(tmp, 7), "demand", "C3", '<c r="C3"><v>1e999</v></c>')


@kind("a required cell that is blank")
def blank(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, "  ")


@kind("a blank cell of any other column")
def blank_optional(tmp: Path, mp: Patch) -> Made:
    def check(clean: Clean) -> None:
        assert clean.tables["supply"]["lead_time"].isna().all()
        assert clean.tables["demand"]["customer"].tolist() == [None, None]

    return book(tmp, supply=[["supplier", "item", "lead_time"], ["S", "Apple"], ["S", "Pear", "\u00a0"]]), check


# --- dates and periods ----------------------------------------------------------------------------


def settings(*more: Sequence[Any]) -> dict[str, Any]:
    """Settings without a start, and more."""
    return {
        "settings": [["key", "value"], ["periods", 3], *more],
        "demand": [["item", "period", "quantity"], ["Apple", 1, 5]],
    }


@kind("a date as text in the form 2026-01-31")
def date_text(tmp: Path, mp: Patch) -> Made:
    rows = [["key", "value"], ["periods", 3], ["start", " 2026-01-31 "]]
    return book(tmp, settings=rows, demand=demand("Pear", "2026-02-28", 7)), quantities(5, 7)


@kind("a date as text in any other form")
def date_words(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **settings(["start", "31.01.2026"]))


@kind("a date as text whose day and month could be either")
def date_of_two_orders(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **settings(["start", "01.02.2026"]))


@kind("a number where a date is wanted")
def date_serial(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **settings(["start", 46023]))


@kind("a date in an impossible year")
def far_date(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **settings(["start", dt.date(9026, 1, 1)]))


@kind("a date format on a number that is no date")
def no_date(tmp: Path, mp: Patch) -> Made:
    return quantity(tmp, -5, "yyyy-mm-dd")


@kind("dates counted from 1904")
def from_1904(tmp: Path, mp: Patch) -> Made:
    def epoch(made: Any) -> None:
        made.epoch = CALENDAR_MAC_1904

    def check(clean: Clean) -> None:
        assert clean.settings["start"] == dt.date(2026, 1, 1)
        assert clean.tables["demand"]["period"].tolist() == ["2026-01", "2026-03"]

    path = book(tmp, epoch, demand=demand("Pear", dt.date(2026, 3, 31), 7))
    assert openpyxl.load_workbook(path).epoch == CALENDAR_MAC_1904
    return path, check


@kind("a date in a period column")
def date_period(tmp: Path, mp: Patch) -> Made:
    def check(clean: Clean) -> None:
        assert clean.tables["demand"]["period"].tolist() == ["2026-01", "2026-02"]

    return book(tmp, demand=demand("Pear", dt.datetime(2026, 2, 28, 23, 59), 7)), check


@kind("dates in the period column of `periods`")
def period_dates(tmp: Path, mp: Patch) -> Made:
    def check(clean: Clean) -> None:
        assert clean.periods.names == ("2026-01", "2026-02")
        assert clean.periods.starts == (dt.date(2026, 1, 1), dt.date(2026, 2, 1))
        assert clean.tables["demand"]["period"].tolist() == ["2026-01", "2026-02"]

    periods = [["period", "start"], [dt.date(2026, 1, 1)], [dt.date(2026, 2, 1)]]
    return book(tmp, settings=None, periods=periods, demand=demand("Pear", dt.date(2026, 2, 3), 7)), check


@kind("a period that the case does not have")
def other_period(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp,
        demand=[
            ["item", "period", "quantity"],
            ["Apple", "2026-04", 5],
            ["Pear", dt.date(2025, 12, 31), 7],
            ["Pear", 2, 3],
        ],
    )


@kind("a word that is no choice of its column or setting")
def other_choice(tmp: Path, mp: Patch) -> Made:
    receipts = [["item", "period", "kind", "quantity"], ["Apple", "2026-01", "gift", 3]]
    return book(tmp, settings=[*HEALTHY["settings"], ["shortage", "backorders"]], receipts=receipts)


# --- names and texts ------------------------------------------------------------------------------


def named(tmp: Path, *names: Any, expected: Sequence[str]) -> Made:
    """A case whose two items have these names."""

    def check(clean: Clean) -> None:
        assert clean.tables["items"]["item"].tolist() == list(expected)

    return book(tmp, **_of(*names)), check


def _of(one: Any, two: Any) -> dict[str, Any]:
    return {
        "items": [["item"], [one], [two]],
        "demand": [["item", "period", "quantity"], [one, "2026-01", 5], [two, "2026-02", 7]],
        "supply": [["supplier", "item"], ["S", one], ["S", two]],
    }


@kind("a name that is a number")
def number_name(tmp: Path, mp: Patch) -> Made:
    return named(tmp, 1001, 1.5, expected=["1001", "1.5"])


@kind("a name that is a number of 16 digits or more")
def long_code(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **_of("Apple", 2**53 + 2))


@kind("a date, TRUE or FALSE where a name is wanted")
def date_name(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **_of(dt.date(2026, 1, 1), True))


@kind("a line break or control character in a name")
def broken_name(tmp: Path, mp: Patch) -> Made:
    path = book(tmp, items=[["item"], ["Apple"], ["Pear"], ["Plum\n1 kg"], ["x"]])
    return with_cell(path, "items", "A5", '<c r="A5" t="inlineStr"><is><t>bell_x0007_</t></is></c>')


@kind("a control character in a text")
def broken_text(tmp: Path, mp: Patch) -> Made:
    path = book(tmp, items=[["item", "description"], ["Apple", "two\nlines"], ["Pear", "x"]])
    return with_cell(path, "items", "B3", '<c r="B3" t="inlineStr"><is><t>a_x001B_[31m</t></is></c>')


@kind("blanks around a name")
def blanks(tmp: Path, mp: Patch) -> Made:
    items = [["item"], ["Apple\u00a0"], [" Pear "]]
    return book(tmp, items=items), quantities(5, 7)


@kind("names with emoji, from right to left, or beginning with =")
def odd_names(tmp: Path, mp: Patch) -> Made:
    path = tmp / "case.xlsx"
    names = ["=SUM(A1)", "👩‍🌾 تفاحة <&> _x005F_ 'q'"]
    made = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    for name, rows in tables(**_of(*names)).items():
        sheet = made.add_worksheet(name)
        for n, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write_datetime(n, c, value) if isinstance(value, dt.date) else sheet.write(n, c, value)
    made.close()

    def check(clean: Clean) -> None:
        assert clean.tables["items"]["item"].tolist() == names

    return path, check


@kind("text in several fonts and colours")
def rich(tmp: Path, mp: Patch) -> Made:
    def dress(made: Any) -> None:
        made["items"]["A2"] = CellRichText(TextBlock(InlineFont(b=True), "Ap"), "ple")

    return book(tmp, dress), quantities(5, 7)


@kind("a list or other object in a DataFrame")
def python_object(tmp: Path, mp: Patch) -> Made:
    rows = {
        name: pd.DataFrame(list(table[1:]), columns=list(table[0]), dtype=object) for name, table in tables().items()
    }
    rows["demand"].at[1, "quantity"] = [7]
    rows["demand"].at[0, "item"] = {"a": 1}
    return rows
