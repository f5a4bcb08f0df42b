"""Cells come out of a workbook as Excel means them: numbers to the bit, dates, texts, and nothing that is not there."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel
from ugly import book, csvs, patch, sheet_part, tables

from equipoise.errors import BadCell, DataError
from equipoise.io import read_case, read_tables
from equipoise.io.grid import Grid, letter, shape
from equipoise.io.guard import RefusedError
from equipoise.io.sheetxml import Book, SheetReader, cell_range, column_number, date_kind, from_serial, unescape
from equipoise.io.worker import parse

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: str, book: Book = Book([], {}), after: str = "") -> Grid:  # noqa: B008 - frozen
    """The grid of a sheet with these rows."""
    xml = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return SheetReader("s", book).read(io.BytesIO(xml.encode()))


def cells(rows: str, book: Book = Book([], {})) -> list[dict[int, Any]]:  # noqa: B008 - frozen
    return sheet(rows, book).cells


def test_values_of_every_type() -> None:
    shared = Book(["text", None, "other"], {})
    row = """<row r="7"><c r="A7"><v>1</v></c><c r="B7" t="n"><v>-1.5E-3</v></c><c r="C7" t="s"><v>0</v></c><c r="D7" t="s"><v>1</v></c>
      <c r="E7" t="b"><v>1</v></c><c r="F7" t="b"><v>0</v></c><c r="G7" t="str"><f>x</f><v>a &amp; b</v></c><c r="H7" s="1"/>
      <c r="I7" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>no</t></rPh></is></c>
      <c r="AA7" t="d"><v>2026-01-31T00:00:00Z</v></c>
      <c r="AB7" t="inlineStr"><is><t xml:space="preserve">  </t></is></c><c r="XFD7"><v>NaN</v></c></row>"""
    grid = sheet(row, shared)
    assert grid.rows == [7]
    assert grid.cells == [
        {
            1: 1.0,
            2: -0.0015,
            3: "text",
            5: True,
            6: False,
            7: "a & b",
            9: "inline",
            27: dt.datetime(2026, 1, 31),
            16384: "NaN",
        }
    ]


def test_rows_and_cells_without_addresses_are_counted() -> None:
    grid = sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c r='C3'><v>3</v></c><c><v>4</v></c></row>")
    assert (grid.rows, grid.cells) == ([1, 3], [{1: 1.0, 2: 2.0}, {3: 3.0, 4: 4.0}])


@pytest.mark.parametrize("value", ["", "<v/>", "<v></v>"])
def test_a_formula_without_result_is_told_from_a_blank(value: str) -> None:
    (row,) = cells(
        f'<row r="1"><c r="A1"><f>1+1</f>{value}</c><c r="B1">{value}</c><c r="C1" t="str"><f>x</f>{value}</c></row>'
    )
    assert list(row) == [1]
    assert row[1].code == "formula-not-calculated"


def test_a_formula_with_result_0_is_doubted_only_where_it_was_never_calculated() -> None:
    rows = '<row r="1"><c r="A1"><f>1-1</f><v>0</v></c><c r="B1"><v>0</v></c><c r="C1"><f>2</f><v>2</v></c></row>'
    assert cells(rows) == [{1: 0.0, 2: 0.0, 3: 2.0}]
    (row,) = cells(rows, Book([], {}, doubt_zeros=True))
    assert (row[1].code, row[2], row[3]) == ("formula-not-calculated", 0.0, 2.0)


def test_merged_and_hidden_cells_are_noted() -> None:
    rows = '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="3" hidden="1"/>'
    grid = sheet(rows, after='<mergeCells><mergeCell ref="$A$2:B9"/><mergeCell ref="nonsense"/></mergeCells>')
    assert (grid.merged, grid.hidden_rows) == ([(2, 1, 9, 2)], [2])


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "docProps/core.xml", "xl/theme/theme1.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_part(part: str, encoding: str, tmp_path: Path) -> None:
    """Also in parts that are never parsed, and in another encoding."""
    path = tmp_path / "case.xlsx"
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("items").write("A1", "item")
    with zipfile.ZipFile(path) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    text = contents[part].decode().partition("?>")[2] or contents[part].decode()
    contents[part] = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]>{text}'.encode(encoding)
    with zipfile.ZipFile(path, "w") as new:
        for name, data in contents.items():
            new.writestr(name, data)
    assert [i.code for i in parse(path, None).issues] == ["file-not-safe"]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="(1"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="AAAAAAAAAAAAAAAAAA1"><v>1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="one"><c><v>1</v></c></row>',
        '<row><c t="s"><v>7</v></c></row>',
        '<row><c t="s"><v>-8</v></c></row>',
        "<row><c><v>1,5</v></c></row>",
    ],
)
def test_what_excel_never_writes_is_damage(rows: str, tmp_path: Path) -> None:
    path = book(tmp_path)
    whole = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'
    (issue,) = parse(patch(path, sheet_part(path, "demand"), lambda _: whole), None).issues
    assert issue.code == "file-damaged"


def test_an_encoding_that_nobody_knows_is_damage(tmp_path: Path) -> None:
    path = book(tmp_path)
    part = sheet_part(path, "demand")
    (issue,) = parse(patch(path, part, lambda text: f'<?xml version="1.0" encoding="x"?>{text}'), None).issues
    assert issue.code == "file-damaged"


# --- numbers and dates as openpyxl and Excel have them ----------------------------------------------


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
@settings(max_examples=30, deadline=None)
def test_numbers_keep_every_bit(numbers: list[float]) -> None:
    (row,) = cells(f"<row>{''.join(f'<c><v>{number!r}</v></c>' for number in numbers)}</row>")
    assert [row[n + 1].hex() for n in range(len(numbers))] == [number.hex() for number in numbers]


CODES = [
    "yyyy-mm-dd", "dd/mm/yyyy", "mmm yy", "[$-409]d-mmm-yy;@", "m", "General", "Standard", "0.00", "#,##0 [$EUR]", '0" days"', "0.0E+00",
    "[Red]0;[Blue]-0", '"m"0', "\\d0", "_(* #,##0_)", "0%", "@", "# ?/?",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_own_formats_are_dates_where_openpyxl_says_so(code: str) -> None:
    ours = date_kind(170, code) is not None
    assert ours == (code != "Standard" and bool(is_date_format(code)))


def test_formats_of_times_and_durations() -> None:
    kinds = {
        "h:mm": "time",
        "h:mm AM/PM": "time",
        "mm:ss": "time",
        "[h]:mm": "duration",
        "[mm]:ss": "duration",
        "d/m h:mm": "date",
    }
    assert {code: date_kind(170, code) for code in kinds} == kinds


@pytest.mark.parametrize("number", sorted(BUILTIN_FORMATS))
def test_formats_by_number_are_dates_where_openpyxl_says_so(number: int) -> None:
    assert (date_kind(number, None) is not None) == bool(is_date_format(BUILTIN_FORMATS[number]))


@given(st.integers(61, 2_900_000) | st.floats(61, 100_000), st.booleans())
def test_dates_are_those_of_openpyxl(serial: float, mac: bool) -> None:
    ours = from_serial(serial, "date", mac)
    theirs = from_excel(serial, MAC_EPOCH if mac else WINDOWS_EPOCH)
    assert abs(ours - theirs) <= dt.timedelta(milliseconds=1)


def test_the_first_days_of_the_calendars() -> None:
    assert from_serial(1, "date", False) == dt.datetime(1900, 1, 1)
    assert from_serial(59, "date", False) == dt.datetime(1900, 2, 28)
    assert from_serial(61, "date", False) == dt.datetime(1900, 3, 1)
    assert from_serial(0, "date", True) == dt.datetime(1904, 1, 1)
    assert from_serial(0.5, "time", False) == dt.time(12)
    assert from_serial(0.9999999999, "time", False) == dt.time(0)
    assert from_serial(1.5, "duration", False) == dt.timedelta(hours=36)
    for number in (-1, 0, 0.5, 1e9):
        with pytest.raises((ValueError, OverflowError)):
            from_serial(number, "date", False)


def test_escaped_characters() -> None:
    assert unescape("a_x000A_b_x005F_x000A__x41_") == "a\nb_x000A__x41_"
    assert unescape("_xD83D_") == "_xD83D_"


@given(st.integers(1, 16_384))
def test_letters_and_numbers_of_columns(number: int) -> None:
    assert column_number(letter(number)) == number


def test_addresses() -> None:
    assert [letter(n) for n in (1, 26, 27, 702, 703, 16_384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert cell_range("B3") == (3, 2, 3, 2)
    assert cell_range("A1:XFD1048576") == (1, 1, 1_048_576, 16_384)
    assert cell_range("A:B") is None


# --- whole files -----------------------------------------------------------------------------------


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    """What the reader finds and what validation finds, in one error, each with its cell."""

    def spoil(made: Any) -> None:
        made["demand"]["E3"] = "note"
        made["supply"].merge_cells("A2:A3")

    path = book(
        tmp_path,
        spoil,
        demand=[["item", "period", "quantity"], ["Aple", "2026-01", "=1"], ["Pear", "2026-13", -5]],
        ideas=[["x"]],
    )
    with pytest.raises(DataError) as caught:
        read_case(path)
    assert sorted((i.severity, i.code, i.cell) for i in caught.value.issues) == [
        ("error", "formula-not-calculated", "demand!C2"),
        ("error", "merged-cells", "supply!A3"),
        ("error", "stray-value", "demand!E3"),
        ("error", "too-low", "demand!C3"),
        ("error", "unknown-period", "demand!B3"),
        ("error", "unknown-reference", "demand!A2"),
        ("warning", "unknown-sheet", "ideas"),
    ]


def test_a_name_that_may_stand_in_a_bad_cell_is_not_called_unknown(tmp_path: Path) -> None:
    """Pear is merged away in items: what names it elsewhere is right."""
    path = book(tmp_path, lambda made: made["items"].merge_cells("A2:A3"))
    with pytest.raises(DataError) as caught:
        read_case(path)
    assert [(i.code, i.cell) for i in caught.value.errors] == [("merged-cells", "items!A3")]


def test_a_file_that_cannot_be_read_says_only_that(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_case(tmp_path / "none.xlsx")
    assert [i.code for i in caught.value.issues] == ["file-not-found"]


def test_every_csv_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = csvs(tmp_path)
    (folder / "demand.csv").write_bytes(b"\xff")
    (folder / "items.csv").write_bytes(b"item\n\xe4")
    with pytest.raises(DataError) as caught:
        read_case(folder)
    assert [(i.code, i.cell) for i in caught.value.issues] == [
        ("csv-not-utf8", "demand.csv!A1"),
        ("csv-not-utf8", "items.csv!A2"),
    ]


def test_cells_of_csv_files_are_those_a_spreadsheet_would_show(tmp_path: Path) -> None:
    folder = csvs(
        tmp_path,
        demand=[
            ["item", "customer", "period", "quantity"],
            ["Apple", "two\nlines", "2026-01", 5],
            ["Pear", "", "2026-02", "x"],
        ],
    )
    with pytest.raises(DataError) as caught:
        read_case(folder)
    assert [(i.code, i.cell) for i in caught.value.issues if i.severity == "error"] == [
        ("control-character", "demand.csv!B2"),
        ("not-a-number", "demand.csv!D3"),
    ]


def test_sheets_that_are_asked_for_are_read_and_zeros_trusted(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    made = xlsxwriter.Workbook(path)
    made.add_worksheet("Production").write_column("A1", ["title", None, "quantity"])
    made.get_worksheet_by_name("Production").write_formula("A4", "=1-1", None, 0)
    made.add_worksheet("Other").write("A1", "x")
    made.close()
    frames, origins, issues = read_tables(path, ["production"])
    assert list(frames) == ["Production", "Other"]
    assert frames["Production"].values.tolist() == [["quantity"], [0.0]]
    assert origins["Production"].rows == [3, 4]
    assert frames["Other"].shape == (0, 0)
    assert issues == ()


def test_two_sheets_of_one_name_are_both_seen(tmp_path: Path) -> None:
    path = book(tmp_path, copy=tables()["demand"])
    patch(path, "xl/workbook.xml", lambda text: text.replace('name="copy"', 'name="demand"'))
    with pytest.raises(DataError) as caught:
        read_case(path)
    assert [i.code for i in caught.value.issues if i.severity == "error"] == ["duplicate-sheet"]


def test_a_merged_name_is_refused_in_every_cell_it_covers() -> None:
    grid = Grid(
        "items",
        "items",
        [1, 2, 3, 9],
        [{1: "item", 2: "family"}, {1: "A", 2: "f"}, {1: "B"}, {1: "C"}],
        [(2, 2, 1_048_576, 2), (1, 1, 1, 2)],
    )
    table = shape(grid, "items", [])
    assert [isinstance(v, BadCell) for v in table.columns[1]] == [False, True, True]


def test_a_far_part_is_never_expanded(tmp_path: Path) -> None:
    """One value in the last corner makes one row of one cell."""
    grid = sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert (grid.rows, grid.cells) == ([1_048_576], [{16_384: 1.0}])


def test_caps_are_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("equipoise.io.sheetxml.MOST_CELLS", 2)
    assert len(cells("<row><c><v>1</v></c><c><v>2</v></c><c/></row>")) == 1
    with pytest.raises(RefusedError) as caught:
        cells("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    assert caught.value.issue.code == "file-too-heavy"


def test_the_part_of_a_sheet_is_found_by_its_relation_not_its_name(tmp_path: Path) -> None:
    """Sheets in another order than their parts, as after moving them in Excel."""
    path = book(tmp_path)

    def swap(text: str) -> str:
        return (
            text.replace('name="items"', 'name="?"')
            .replace('name="demand"', 'name="items"')
            .replace('name="?"', 'name="demand"')
        )

    patch(path, "xl/workbook.xml", swap)
    frames, _, _ = read_tables(path)
    assert list(frames["items"].columns) == ["item", "period", "quantity"]
    assert math.isclose(frames["items"]["quantity"].sum(), 12)
    assert sheet_part(path, "items").endswith("sheet3.xml")


def test_blank_cells_and_rows_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encodings and prefixes that the count of bytes passes over meet the same cap while they are parsed."""
    monkeypatch.setattr("equipoise.io.sheetxml.MOST_SCANNED", 4)
    assert cells("<row><c/><c/><c/></row>") == []
    with pytest.raises(RefusedError, match="blank ones with a format"):
        cells("<row><c/><c/><c/></row><row/>")
