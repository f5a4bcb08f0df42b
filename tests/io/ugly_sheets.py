"""Sheets and headers: near misses, blank ones, wide ones, merged and hidden cells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from ugly import HEALTHY, RESOURCES, Made, book, demand, kind, patch, sheet_part, with_cell

from equipoise.validate import Clean

Patch = pytest.MonkeyPatch


def quantities(*expected: float) -> Any:
    """A check that demand holds these quantities."""

    def check(clean: Clean) -> None:
        assert clean.tables["demand"]["quantity"].tolist() == list(expected)

    return check


# --- sheets ---------------------------------------------------------------------------------------


@kind("a sheet that is no table (notes)")
def notes(tmp: Path, mp: Patch) -> Made:
    return book(tmp, ideas=[["call the supplier"]])


@kind("a misspelt sheet")
def misspelt_sheet(tmp: Path, mp: Patch) -> Made:
    return book(tmp, resorces=RESOURCES["resources"])


@kind("result sheets (eq_...) and the instructions of the template")
def own_sheets(tmp: Path, mp: Patch) -> Made:
    return book(tmp, eq_Summary=[["item"], ["#N/A"]], Instructions=[["read me"]])


@kind("a blank sheet, or a table with its header only")
def blank_sheets(tmp: Path, mp: Patch) -> Made:
    return book(tmp, Sheet1=[], crews=[], resources=[["resource", "capacity"]], actuals=[["item", "stock"]])


@kind("a hidden sheet")
def hidden_sheet(tmp: Path, mp: Patch) -> Made:
    def hide(made: Any) -> None:
        made["demand"].sheet_state = "veryHidden"

    return book(tmp, hide), quantities(5, 7)


@kind("a required sheet that is missing")
def no_sheet(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=None)


@kind("a required table without rows")
def no_rows(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=[["item", "period", "quantity"]])


@kind("two sheets for one table (Demand, demand [units])")
def two_sheets(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **{"Demand (units)": HEALTHY["demand"]})


@kind("a table of the vocabulary that is not built yet, with values")
def later_table(tmp: Path, mp: Patch) -> Made:
    return book(tmp, actuals=[["item", "period", "demand"], ["Apple", "2026-01", 4]])


@kind("a column of the vocabulary that is not built yet, with values")
def later_column(tmp: Path, mp: Patch) -> Made:
    return book(tmp, items=[["item", "shelf_life"], ["Apple", 3], ["Pear", None]])


@kind("a column or table that is not built yet, blank")
def later_blank(tmp: Path, mp: Patch) -> Made:
    return book(tmp, items=[["item", "shelf_life"], ["Apple"], ["Pear"]], drivers=[["driver", "period", "value"]])


@kind("a setting or choice that is not built yet")
def later_setting(tmp: Path, mp: Patch) -> Made:
    return book(tmp, settings=[*HEALTHY["settings"], ["frozen_periods", 2], ["objective", "Service"]])


# --- headers --------------------------------------------------------------------------------------


@kind("headers in other case, with spaces, hyphens, units")
def loose_headers(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp,
        items=[["ITEM", "Lost-Cost\n[EUR/unit]"], ["Apple", 1], ["Pear", 1]],
        demand=demand("Pear", 1, 7, header=["Item ", "Period (name)", "quanti_ty"])[:2],
    ), quantities(5)


@kind("an unknown column")
def unknown_column(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=demand("Pear", "2026-02", 7, "x", header=["item", "period", "quantity", "colour"]))


@kind("a misspelt column")
def misspelt_column(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=demand("Pear", "2026-02", 7, header=["item", "period", "quantiy"]))


@kind("a required column that is missing")
def missing_column(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=[["item", "period", "price"], ["Apple", "2026-01", 5]])


@kind("two columns of one name")
def twice_named(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=demand("Pear", "2026-02", 7, 8, header=["item", "period", "quantity", "Quantity"]))


@kind("an error value as a header")
def error_header(tmp: Path, mp: Patch) -> Made:
    path = book(tmp, demand=demand("Pear", "2026-02", 7, header=["item", "period", "quantity", "x"]))
    return with_cell(path, "demand", "D1", '<c r="D1" t="e"><v>#REF!</v></c>')


@kind("no header that the table knows")
def no_header(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=[["Apple", 5, 12.5], ["Pear", 7, 8]])


@kind("blank rows above the header and between rows")
def blank_rows(tmp: Path, mp: Patch) -> Made:
    rows = HEALTHY["demand"]
    return book(tmp, demand=[[], [], rows[0], [], rows[1], ["  ", "\u00a0"], rows[2], []]), quantities(5, 7)


@kind("title rows above the header")
def title_rows(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=[["Quantity"], ["as of", dt.date(2026, 1, 5)], *HEALTHY["demand"]]), quantities(5, 7)


@kind("values beside the rows in a column without a header")
def stray(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp,
        demand=[
            ["item", "period", "quantity"],
            ["Apple", "2026-01", 5, None, "check"],
            ["Pear", "2026-02", 7, None, 3],
        ],
    )


@kind("notes below or beside the table, in columns of their own")
def apart(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=[*HEALTHY["demand"], [None, None, None, "source: SAP"], [], [None] * 5 + [1]]), quantities(
        5, 7
    )


# --- wide tables ----------------------------------------------------------------------------------


@kind("a wide table: dates, numbers or names of periods as headers")
def wide(tmp: Path, mp: Patch) -> Made:
    header = ["item", dt.date(2026, 1, 15), "2026-02", dt.datetime(2026, 3, 31)]
    return book(tmp, demand=[header, ["Apple", 5, None, 0], ["Pear", None, 7, 2]]), quantities(5, 0, 7, 2)


@kind("a wide table with `column` naming the value of each row")
def wide_named(tmp: Path, mp: Patch) -> Made:
    calendar = [["resource", "Column", "2026-01", "2026-02"], ["M", "capacity", 8, None], ["M", "Open", 1, 0]]

    def check(clean: Clean) -> None:
        frame, origin = clean.tables["calendar"], clean.origins["calendar"]
        assert frame[["period", "open"]].values.tolist() == [["2026-01", 1.0], ["2026-02", 0.0]]
        assert frame["capacity"].tolist()[0] == 8.0
        assert [origin.cell(0, c) for c in ("capacity", "open", "resource")] == [
            "calendar!C2",
            "calendar!C3",
            "calendar!A2",
        ]
        assert origin.cell(1, "open") == "calendar!D3"

    return book(tmp, **RESOURCES, calendar=calendar), check


@kind("a wide table with a header that is no period")
def wide_unknown(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=[["item", "2026-01", dt.date(2027, 1, 1), "2026-4"], ["Apple", 5, 3, 1]])


@kind("two columns of one period")
def wide_twice(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=[["item", "2026-02", dt.date(2026, 2, 10)], ["Apple", 5, 3]])


@kind("a period column and columns named after periods")
def long_and_wide(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=demand("Pear", "2026-02", 7, 3, header=["item", "period", "quantity", "2026-03"]))


@kind("a wide table of several values without `column`")
def wide_of_what(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **RESOURCES, calendar=[["resource", "2026-01"], ["M", 8]])


@kind("a wide table with an unknown value in `column`")
def wide_stranger(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **RESOURCES, calendar=[["resource", "column", "2026-01"], ["M", "hours", 8]])


@kind("a wide table with the same value twice for a key")
def wide_doubled(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp, **RESOURCES, calendar=[["resource", "column", "2026-01"], ["M", "capacity", 8], [" M", "capacity", 9]]
    )


@kind("`column` in a table that is not wide")
def lonely_column(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=demand("Pear", "2026-02", 7, "quantity", header=["item", "period", "quantity", "column"]))


# --- merged and hidden ----------------------------------------------------------------------------


@kind("merged cells in a table")
def merged(tmp: Path, mp: Patch) -> Made:
    def merge(made: Any) -> None:
        made["demand"].merge_cells("A2:A3")

    return book(tmp, merge)


@kind("merged cells that hold nothing, or lie outside the table")
def merged_outside(tmp: Path, mp: Patch) -> Made:
    def merge(made: Any) -> None:
        sheet = made["demand"]
        sheet.merge_cells("E1:G9")
        sheet.merge_cells("D2:D3")
        sheet.merge_cells("C2:C2")

    rows = [["item", "period", "quantity", "price"], ["Apple", "2026-01", 5, None], ["Pear", "2026-02", 7, None]]
    path = book(tmp, merge, demand=rows)
    far = '<mergeCell ref="A9:XFD1048576"/></mergeCells>'
    patch(path, sheet_part(path, "demand"), lambda text: text.replace("</mergeCells>", far))
    return path, quantities(5, 7)


@kind("hidden or filtered rows")
def hidden_rows(tmp: Path, mp: Patch) -> Made:
    def hide(made: Any) -> None:
        made["demand"].auto_filter.ref = "A1:C3"
        for row in (3, 4, 5):  # only row 3 holds something
            made["demand"].row_dimensions[row].hidden = True

    return book(tmp, hide), quantities(5, 7)


@kind("hidden columns")
def hidden_columns(tmp: Path, mp: Patch) -> Made:
    def hide(made: Any) -> None:
        made["demand"].column_dimensions["C"].hidden = True
        made["demand"].column_dimensions["E"].hidden = True

    return book(tmp, hide), quantities(5, 7)
