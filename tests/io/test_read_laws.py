"""Laws of reading: the form of a file changes nothing, and a broken file never breaks the reader."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ugly import csvs, tables

from equipoise.case import Case
from equipoise.io.reading import _frame, _origin
from equipoise.io.worker import parse
from equipoise.validate import validate

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=9
).filter(lambda t: t.strip() == t and "\ufffe" not in t and "\uffff" not in t)


def read(path: Path) -> Case:
    """A case read in this process."""
    parsed = parse(path, None)
    tables = {sheet.title: _frame(sheet) for sheet in parsed.sheets}
    return Case.from_tables(tables, {sheet.title: _origin(sheet) for sheet in parsed.sheets}, tuple(parsed.issues))


def excel(path: Path, tables: dict[str, list[list[Any]]]) -> Path:
    """Tables in a workbook."""
    made = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "dd.mm.yy"}
    )
    for name, rows in tables.items():
        sheet = made.add_worksheet(name)
        for n, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write_datetime(n, c, value) if isinstance(value, dt.date) else sheet.write(n, c, value)
    made.close()
    return path


def folder(path: Path, tables: dict[str, list[list[Any]]], separator: str) -> Path:
    """Tables in CSV files."""
    path.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (path / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    return path


@given(
    st.lists(NAMES, min_size=1, max_size=4, unique=True),
    st.lists(st.floats(0, 1e12).map(lambda x: float(f"{x:.15g}")) | st.integers(0, 10**9), min_size=4, max_size=4),
    st.sampled_from(",;\t"),
    st.randoms(use_true_random=False),
)
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
def test_csv_and_excel_long_and_wide_in_any_order_are_one_case(
    tmp_path: Path, names: list[str], numbers: list[float], separator: str, random: Any
) -> None:
    base: dict[str, list[list[Any]]] = {
        "settings": [["key", "value"], ["start", dt.date(2026, 1, 31)], ["periods", 3], ["gap", 0.25]],
        "items": [["item", "lost_cost", "whole"], *([name, 1.5, n % 2 == 0] for n, name in enumerate(names))],
        "supply": [["supplier", "item"], *(["S", name] for name in names)],
    }
    long = [["item", "period", "quantity"], *([name, "2026-02", q] for name, q in zip(names, numbers, strict=False))]
    wide = [["Item", dt.date(2026, 2, 1)], *([name, q] for name, _, q in long[1:])]
    body = [[q, name, dt.date(2026, 2, 28)] for name, _, q in long[1:]]
    random.shuffle(body)
    forms = [long, wide, [["quantity [pcs]", "ITEM", "Period"], *body]]
    prints = {read(excel(tmp_path / "case.xlsx", {**base, "demand": form})).fingerprint for form in forms}
    prints |= {read(folder(tmp_path / "case", {**base, "demand": form}, separator)).fingerprint for form in forms}
    assert len(prints) == 1


def broken(path: Path) -> None:
    """Whatever a file holds, reading and validating it ends."""
    parsed = parse(path, None)
    frames: dict[str, pd.DataFrame] = {sheet.title: _frame(sheet) for sheet in parsed.sheets}
    validate(frames, {sheet.title: _origin(sheet) for sheet in parsed.sheets})
    assert parsed.sheets or parsed.issues


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sound workbook, with its texts in a part of their own."""
    return excel(tmp_path_factory.mktemp("healthy") / "case.xlsx", tables()).read_bytes()


@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8), st.floats(0, 1)
)
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_a_workbook_with_changed_bytes_never_breaks_the_reader(
    tmp_path: Path, healthy: bytes, changes: list[tuple[float, int]], kept: float
) -> None:
    content = bytearray(healthy if kept > 0.2 else healthy[: int(len(healthy) * kept * 5)])
    for place, byte in changes:
        content[int(place * len(content)) : int(place * len(content)) + 1] = bytes([byte])
    (tmp_path / "case.xlsx").write_bytes(content)
    broken(tmp_path / "case.xlsx")


@given(
    st.sampled_from(
        [
            "xl/workbook.xml",
            "xl/styles.xml",
            "xl/sharedStrings.xml",
            "xl/worksheets/sheet3.xml",
            "_rels/.rels",
            "xl/_rels/workbook.xml.rels",
        ]
    ),
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.text("<>/\"'=&;#x0159AZcvrst -:[]!%é\0", max_size=3)),
        min_size=1,
        max_size=4,
    ),
)
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
def test_a_workbook_with_changed_xml_never_breaks_the_reader(
    tmp_path: Path, healthy: bytes, part: str, changes: list[tuple[float, str]]
) -> None:
    with zipfile.ZipFile(io.BytesIO(healthy)) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    text = contents[part].decode()
    for place, piece in changes:
        at = int(place * len(text))
        text = text[:at] + piece + text[at + len(piece) :]
    contents[part] = text.encode()
    with zipfile.ZipFile(tmp_path / "case.xlsx", "w") as new:
        for name, data in contents.items():
            new.writestr(name, data)
    broken(tmp_path / "case.xlsx")


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda t: t.encode("utf-8", "surrogatepass")))
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_a_csv_file_of_anything_never_breaks_the_reader(tmp_path: Path, content: bytes) -> None:
    if not (tmp_path / "case").exists():
        csvs(tmp_path)
    (tmp_path / "case" / "demand.csv").write_bytes(content)
    broken(tmp_path / "case")
