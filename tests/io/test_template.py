"""The blank workbook says everything tables.py says, and reads back as what was put in."""

from __future__ import annotations

import re

import openpyxl
import pytest
from reads import parsed_here  # noqa: F401

from equipoise.errors import DataError
from equipoise.examples import names, path
from equipoise.io import instructions, read_case, write_template
from equipoise.io.template import GROUPS, note, template_tables
from equipoise.tables import SETTINGS, TABLES
from equipoise.validate import plain

pytestmark = pytest.mark.usefixtures("parsed_here")


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    file = tmp_path_factory.mktemp("template") / "blank.xlsx"
    write_template(file)
    return file


@pytest.fixture(scope="module")
def book(blank):
    return openpyxl.load_workbook(blank)


def rules(sheet):
    """Column letter -> the check of its cells."""
    return {re.match(r"[A-Z]+", str(v.sqref))[0]: v for v in sheet.data_validations.dataValidation}


def letter(sheet, name):
    return next(cell.column_letter for cell in sheet[1] if plain(cell.value) == plain(name))


def test_every_table_has_its_sheet_after_the_instructions(book):
    assert book.sheetnames == ["Instructions", *TABLES]


def test_every_built_column_has_a_header_with_unit_and_note(book):
    for table in TABLES.values():
        cells = {plain(cell.value): cell for cell in book[table.name][1]}
        for column in table.columns:
            if not column.built:
                assert plain(column.name) not in cells
                continue
            cell = cells[plain(column.name)]
            assert (f"[{column.unit}]" in cell.value) == bool(column.unit)
            assert column.meaning.lower() in cell.comment.text.lower()
            assert ("Required." in cell.comment.text) != ("Blank: " in cell.comment.text)


def test_required_headers_are_dark_and_bold(book):
    fonts = {cell.value: (cell.font.b, cell.fill.fgColor.rgb) for cell in book["demand"][1]}
    assert fonts["item"] == fonts["quantity\n[unit]"] == (True, "FF1F4E79")
    assert fonts["site"] == fonts["customer"] == (False, "FFDDEBF7")


def test_data_start_in_row_2(book):
    for name in TABLES:
        if name != "settings":
            assert book[name].max_row == 1
        assert book[name].freeze_panes == "A2"


def test_the_note_of_a_column():
    assert note(TABLES["recipes"].column("yield")) == (
        "Part of the units made that enters stock.\nUnit: share.\nBlank: 1.\nAllowed: numbers above 0."
    )
    assert note(TABLES["lanes"].column("origin")) == "From.\nRequired.\nAllowed: a site of the sheet sites."
    assert (
        note(TABLES["demand"].column("site")) == "The site.\nBlank: the only site.\nAllowed: a site of the sheet sites."
    )


def test_settings_lists_every_key_with_its_meaning_and_choices(book):
    sheet = book["settings"]
    built = [s for s in SETTINGS if s.built]
    assert [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)] == [s.name for s in built]
    checks = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
    for row, setting in enumerate(built, start=2):
        assert sheet.cell(row, 2).value is None
        assert setting.meaning.lower() in sheet.cell(row, 1).comment.text.lower()
        assert setting.meaning.lower() in checks[f"B{row}"].prompt.lower()
    row = 2 + [s.name for s in built].index("objective")
    assert checks[f"B{row}"].formula1 == '"cost,profit"'  # service is not built


def test_references_are_drop_downs_by_range(book):
    sheet = book["demand"]
    rule = rules(sheet)[letter(sheet, "item")]
    assert (rule.type, rule.formula1) == ("list", "OFFSET(items!$A$2,0,0,MAX(1,COUNTA(items!$A$2:$A$10001)),1)")
    supplier = rules(book["supply_calendar"])[letter(book["supply_calendar"], "supplier")]
    assert supplier.formula1.startswith("OFFSET(supply!$A$2")


def test_no_list_is_longer_than_excel_can_hold(book):
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.formula1 or "") <= 255
            assert rule.type != "list" or rule.formula1.startswith(("OFFSET(", '"'))


def test_input_checks_follow_the_bounds_of_the_column(book):
    def of(table, column):
        sheet = book[table]
        rule = rules(sheet)[letter(sheet, column)]
        return rule.type, rule.operator, rule.formula1.removesuffix(".0"), rule.formula2 and float(rule.formula2)

    assert of("demand", "quantity") == ("decimal", "greaterThanOrEqual", "0", None)
    assert of("recipes", "yield") == ("decimal", "greaterThan", "0", None)
    assert of("recipes", "lead_time") == ("whole", "greaterThanOrEqual", "0", None)
    assert of("supply", "unit_cost") == ("decimal", "greaterThanOrEqual", "-1000000000000000", None)
    assert of("crews", "minimum_use") == ("decimal", None, "0", 1)  # between
    assert of("items", "whole")[:3:2] == ("list", '"0,1"')
    assert of("receipts", "kind")[:3:2] == ("list", '"purchase,production,transfer"')
    assert of("periods", "start")[:2] == ("date", "greaterThanOrEqual")


def test_codes_are_typed_as_text(book):
    assert book["items"].column_dimensions["A"].width >= 18
    assert book["items"].column_dimensions["A"].number_format == "@"


def test_the_instructions_name_every_sheet_and_setting(book):
    words = {cell.value for row in book["Instructions"].iter_rows() for cell in row}
    assert set(TABLES) <= words
    assert {s.name for s in SETTINGS if s.built} <= words
    assert set(instructions.WHEN) == set(TABLES)


def test_only_the_groups_asked_for(tmp_path):
    write_template(tmp_path / "some.xlsx", ["purchasing"])
    sheets = openpyxl.load_workbook(tmp_path / "some.xlsx").sheetnames
    assert sheets == ["Instructions", *(n for n, t in TABLES.items() if t.group in ("core", "purchasing"))]


def test_a_column_that_could_only_name_rows_of_a_missing_sheet_is_left_out():
    def columns(groups):
        return [c.name for c in template_tables(groups)[TABLES["resources"]]]

    assert "crew" not in columns(["production"])
    assert "crew" in columns(["production", "crews"])


def test_an_unknown_group_is_named():
    with pytest.raises(ValueError, match=f'no group "sales" of tables; choose from {", ".join(GROUPS)}'):
        template_tables(["sales"])


def test_the_blank_template_reads_as_no_data(blank):
    with pytest.raises(DataError) as caught:
        read_case(blank)
    assert {i.code for i in caught.value.issues} <= {"no-periods", "missing-rows"}
    assert {i.table for i in caught.value.issues} == {"settings", "items", "demand"}


@pytest.mark.parametrize("name", names())
def test_the_template_filled_with_an_example_reads_as_the_example(name, tmp_path):
    case = read_case(path(name))
    write_template(tmp_path / "filled.xlsx", ["core"], case)
    back = read_case(tmp_path / "filled.xlsx")
    assert back.fingerprint == case.fingerprint
    assert [i for i in back.issues if i.code == "unknown-sheet"] == []


def test_the_same_template_twice_is_the_same_file(blank, tmp_path):
    write_template(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == blank.read_bytes()
