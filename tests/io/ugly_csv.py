"""Folders of CSV files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from ugly import Made, csvs, demand, kind
from ugly_sheets import quantities

from equipoise.validate import Clean

Patch = pytest.MonkeyPatch


@kind("UTF-8, with or without a byte order mark")
def byte_order_mark(tmp: Path, mp: Patch) -> Made:
    folder = csvs(tmp)
    path = folder / "demand.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    (folder / "notes.txt").write_bytes(b"\xff")
    return folder, quantities(5, 7)


@kind("comma, semicolon or tab between the cells")
def separators(tmp: Path, mp: Patch) -> Made:
    folder = csvs(tmp)
    for name, separator in (("demand", ";"), ("supply", "\t")):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text().replace(",", separator))
    (folder / "items.csv").write_text('"item";"description\n[a ""text"", long]"\nApple;"red; round, sweet"\nPear;""\n')

    def check(clean: Clean) -> None:
        quantities(5, 7)(clean)
        assert clean.tables["items"]["description"].tolist() == ["red; round, sweet", None]

    return folder, check


@kind("UTF-16")
def utf16(tmp: Path, mp: Patch) -> Made:
    return csvs(tmp, encoding="utf-16")


@kind("Latin-1 or another encoding")
def latin1(tmp: Path, mp: Patch) -> Made:
    return csvs(tmp, encoding="latin-1", items=[["item"], ["Apple"], ["Pear"], ["Käse"]])


@kind("a binary file named .csv")
def binary(tmp: Path, mp: Patch) -> Made:
    folder = csvs(tmp)
    (folder / "demand.csv").write_bytes(b"PK\x03\x04\0\0\0\0")
    return folder


@kind("quotes that do not close")
def open_quote(tmp: Path, mp: Patch) -> Made:
    folder = csvs(tmp)
    (folder / "demand.csv").write_text('item,period,quantity\n"Apple,2026-01,5\nPear,2026-02,7\n')
    return folder


@kind("numbers as 1234.5, -3, 1e6")
def numbers(tmp: Path, mp: Patch) -> Made:
    rows = [
        ["item", "period", "quantity"],
        ["Apple", "2026-01", " 1234.5 "],
        ["Pear", "2026-02", "1e6"],
        ["Pear", "2026-03", "+.5"],
    ]
    supply = [["supplier", "item", "unit_cost"], ["S", "Apple", "-3"], ["S", "Pear", "007"]]
    return csvs(tmp, demand=rows, supply=supply), quantities(1234.5, 1e6, 0.5)


@kind("numbers as 1,234.50 or 12,5")
def grouped(tmp: Path, mp: Patch) -> Made:
    return csvs(
        tmp,
        separator=";",
        demand=[["item", "period", "quantity"], ["Apple", "2026-01", "1,234.50"], ["Pear", "2026-02", "12,5"]],
    )


@kind("TRUE and FALSE where 0 or 1 is wanted, dates as 2026-01-31")
def flags_and_dates(tmp: Path, mp: Patch) -> Made:
    def check(clean: Clean) -> None:
        assert clean.tables["items"]["whole"].tolist() == [1.0, 0.0]
        assert clean.settings["start"] == dt.date(2026, 1, 31)
        assert clean.tables["demand"]["period"].tolist() == ["2026-01", "2026-02"]

    folder = csvs(
        tmp,
        items=[["item", "whole"], ["Apple", "TRUE"], ["Pear", "false"]],
        settings=[["key", "value"], ["periods", "3"], ["start", "2026-01-31"]],
        demand=demand("Pear", "2026-02-28", 7),
    )
    return folder, check


@kind("codes with leading zeros")
def leading_zeros(tmp: Path, mp: Patch) -> Made:
    def check(clean: Clean) -> None:
        assert clean.tables["items"]["item"].tolist() == ["007", "7"]

    return csvs(
        tmp,
        items=[["item"], ["007"], ["7"]],
        demand=[["item", "period", "quantity"], ["007", "2026-01", 5], ["7", "2026-01", 7]],
        supply=[["item"], ["007"], ["7"]],
    ), check
