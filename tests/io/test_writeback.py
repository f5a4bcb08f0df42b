"""The planner's workbook with our sheets in it: nothing of hers is lost, and both programs that read it agree."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from writeback_books import CHAIN, MACRO, change, copied, packed, parts, plan_book, planner_book, relate, repack
from writeback_lint import faults

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
OPEN = "xl/worksheets/sheet2.xml"
"""The sheet that is open in the planner's workbook: it loses the mark of being selected, and nothing else."""
CHANGED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


def test_every_other_part_keeps_its_bytes(source: Path, plan: Path) -> None:
    before = packed(source)
    target = copied(source, plan)
    after = packed(target)
    assert {n for n in before if after.get(n) != before[n]} == {*CHANGED, OPEN}
    assert parts(source)[OPEN].replace(b' tabSelected="1"', b"") == parts(target)[OPEN]
    assert {n for n in after if n not in before and "eq_" not in n} == set()
    assert ("xl/vbaProject.bin" in before) == (source.suffix == ".xlsm")
    assert parts(target).get("xl/vbaProject.bin", MACRO) == MACRO
    for hers in (
        "xl/calcChain.xml",
        "xl/printerSettings/printerSettings1.bin",
        "xl/charts/chart1.xml",
        "xl/drawings/drawing1.xml",
    ):
        assert hers in before


def test_the_copy_has_no_fault(source: Path, plan: Path) -> None:
    assert faults(source) == []
    assert faults(copied(source, plan)) == []


def test_what_changes_keeps_its_other_bytes(source: Path, plan: Path) -> None:
    """Each changed part still has every element it had, as it was written."""
    before, after = parts(source), parts(copied(source, plan))
    for name in CHANGED:
        pieces = re.findall(rb"<[^>]+>", before[name])
        kept = re.findall(rb"<[^>]+>", after[name])
        lists = (b"fonts", b"fills", b"borders", b"cellXfs", b"dxfs", b"numFmts", b"calcPr")
        pieces = [re.sub(rb'(<workbookView .*activeTab=")1"', rb'\g<1>3"', p) for p in pieces]  # eq_Summary opens
        missing = [p for p in pieces if p not in kept and not p.startswith(tuple(b"<" + x for x in lists))]
        assert missing == []


def test_a_second_write_of_the_same_plan_changes_nothing(source: Path, plan: Path) -> None:
    first = copied(source, plan)
    assert copied(first, plan, "again").read_bytes() == first.read_bytes()


def test_a_newer_plan_replaces_the_older_one(source: Path, plan: Path, tmp_path: Path) -> None:
    newer = plan_book(tmp_path / "newer.xlsx", rows=5, crews=True)
    direct, twice = copied(source, newer, "direct"), copied(copied(source, plan), newer, "twice")
    assert faults(twice) == []
    assert set(parts(twice)) == set(parts(direct))
    new = [n for n in parts(twice) if "eq_" in n]
    assert "xl/worksheets/eq_sheet4.xml" in new
    book = openpyxl.load_workbook(twice, keep_vba=True)
    assert book["eq_Production"]["A6"].value == "=r5"
    assert book.sheetnames[-1] == "eq_Crews"


def test_a_plan_without_a_sheet_takes_the_old_sheet_out(source: Path, plan: Path, tmp_path: Path) -> None:
    crews = plan_book(tmp_path / "crews.xlsx", crews=True)
    target = copied(copied(source, crews), plan, "less")
    assert faults(target) == []
    assert openpyxl.load_workbook(target).sheetnames == openpyxl.load_workbook(copied(source, plan, "plain")).sheetnames


@pytest.mark.parametrize("formula", ["EQ_CREWS!A1", "SUM(eq_t_crews[workers])"])
def test_a_sheet_of_ours_the_planner_refers_to_stays_without_its_values(
    source: Path, plan: Path, tmp_path: Path, formula: str
) -> None:
    first = copied(source, plan_book(tmp_path / "crews.xlsx", crews=True))
    change(first, "xl/worksheets/sheet1.xml", "<f>B2*2</f>", f"<f>{formula}</f>")
    chain = CHAIN.replace(b'i="1"', b'i="7"')
    repack(first, {"xl/calcChain.xml": chain})
    target = copied(first, plan, "less")
    assert faults(target) == []
    crews = openpyxl.load_workbook(target)["eq_Crews"]
    assert list(crews.values) == [("crew", "workers"), (None, None), (None, None)]
    assert crews.tables["eq_t_crews"].ref == "A1:B3"
    assert "xl/calcChain.xml" not in parts(target)
    assert 'fullCalcOnLoad="1"' in parts(target)["xl/workbook.xml"].decode()
    assert copied(target, plan, "again").read_bytes() == target.read_bytes()


def test_openpyxl_sees_the_same_cells_as_in_the_plan(source: Path, plan: Path) -> None:
    ours, theirs = openpyxl.load_workbook(copied(source, plan)), openpyxl.load_workbook(plan)
    for sheet in theirs:
        copy = ours[f"eq_{sheet.title}"]
        for row in sheet.iter_rows():
            for cell in row:
                twin = copy[cell.coordinate]
                if cell.value is None and not cell.has_style:
                    continue  # not in the file
                assert (twin.number_format, twin.font.name, twin.font.b, twin.fill.fgColor.rgb, twin.border.left.style) == (
                    cell.number_format, cell.font.name, cell.font.b, cell.fill.fgColor.rgb, cell.border.left.style,
                )  # fmt: skip
                if cell.data_type != "f":
                    assert twin.value == cell.value
        assert copy.freeze_panes == sheet.freeze_panes
        assert copy.column_dimensions["A"].width == sheet.column_dimensions["A"].width


def test_references_follow_the_new_names(source: Path, plan: Path) -> None:
    book = openpyxl.load_workbook(copied(source, plan))
    sheet = book["eq_Summary"]
    assert sheet["A1"].value == "Plan of Plan! & <Production!A1>"
    assert sheet["B2"].value == "=SUM(eq_Production!C2:C9)"
    assert sheet["B3"].value == '=HYPERLINK("#eq_Production!A1","see Production!A1")'
    assert sheet["B4"].value == "=SUM(eq_t_make[quantity])+SUM(eq_Costs!B:B)+eq_Total"
    assert sheet["B5"].value == '=IF(eq_Summary!B2>0,"Costs!x",#REF!)'
    assert sheet["C1"].hyperlink.location == "eq_Production!A1"
    assert sheet["C2"].hyperlink.target == "https://example.org/plan"
    assert book["eq_Production"].tables["eq_t_make"].ref == "A1:C4"
    assert book.defined_names["eq_Total"].attr_text == "eq_Summary!$B$2"
    assert book.defined_names["Horizon"].attr_text == "demand!$B$2:$B$5"
    assert book["My board"].defined_names["Local"].attr_text == "'My board'!$A$1"
    assert book["eq_Production"].print_title_rows == "$1:$1"
    assert book["eq_Costs"].auto_filter.ref == "A1:B2"
    names = parts(source.with_name(f"copy{source.suffix}"))["xl/workbook.xml"].decode()
    assert (
        '<definedName name="_xlnm._FilterDatabase" localSheetId="5" hidden="1">eq_Costs!$A$1:$B$2</definedName>'
        in names
    )
    rules = {r.formula[0] for rules in book["eq_Production"].conditional_formatting for r in rules.rules if r.formula}
    assert rules == {"eq_Summary!$B$2"}
    assert book["eq_Production"].data_validations.dataValidation[0].formula1 == "eq_Costs!$A$1:$A$3"


def test_charts_sparklines_and_shapes_follow_too(source: Path, plan: Path) -> None:
    new = parts(copied(source, plan))
    chart = new["xl/charts/eq_chart1.xml"].decode()
    assert "<c:f>eq_Production!$C$2:$C$4</c:f>" in chart and ">Production!" not in chart
    assert "<xm:f>eq_Production!C2:C4</xm:f>" in new["xl/worksheets/eq_sheet2.xml"].decode()
    drawing = new["xl/drawings/eq_drawing1.xml"].decode()
    assert 'textlink="eq_Production!$A$1"' in drawing
    assert 'Target="#eq_Costs!A1"' in new["xl/drawings/_rels/eq_drawing1.xml.rels"].decode()


def test_stored_results_of_formulas_survive(source: Path, plan: Path) -> None:
    book = openpyxl.load_workbook(copied(source, plan), data_only=True)
    assert book["eq_Summary"]["B2"].value == 60
    assert book["eq_Summary"]["B5"].value == "Costs!x"
    assert book["demand"]["C3"].value == 40


def test_the_summary_opens_and_no_other_sheet_is_selected(source: Path, plan: Path) -> None:
    """A second selected sheet would be edited together with the first."""
    book = openpyxl.load_workbook(copied(source, plan))
    assert book.active is not None and book.active.title == "eq_Summary"
    assert [s.title for s in book if s.sheet_view.tabSelected] == ["eq_Summary"]
    assert book.sheetnames == ["demand", "My board", "eq_my own notes", "eq_Summary", "eq_Production", "eq_Costs"]
    assert book["eq_my own notes"].sheet_state == "hidden"


def test_our_sheet_in_front_stays_in_front(source: Path, plan: Path) -> None:
    first = copied(source, plan)
    change(first, "xl/workbook.xml", 'activeTab="3"', 'activeTab="4"')
    book = openpyxl.load_workbook(copied(first, plan, "again"))
    assert [s.title for s in book if s.sheet_view.tabSelected] == ["eq_Production"]


def test_sheets_the_planner_moved_keep_their_place(source: Path, plan: Path, tmp_path: Path) -> None:
    """Our sheets first, hers after: names with a sheet and the active tab move with them when one of ours goes."""
    first = copied(source, plan_book(tmp_path / "crews.xlsx", crews=True))
    text = parts(first)["xl/workbook.xml"].decode()
    (crews,) = re.findall(r'<sheet name="eq_Crews"[^>]*/>', text)
    text = text.replace(crews, "").replace("<sheets>", f"<sheets>{crews}").replace('activeTab="3"', 'activeTab="2"')
    text = re.sub(r'localSheetId="(\d)"', lambda m: f'localSheetId="{int(m[1]) + 1}"', text)
    repack(first, {"xl/workbook.xml": text.encode()})
    kept = openpyxl.load_workbook(copied(first, plan_book(tmp_path / "more.xlsx", crews=True), "kept"))
    assert kept.sheetnames[:3] == ["eq_Crews", "demand", "My board"]
    assert kept.active is not None and kept.active.title == "eq_Summary"
    target = copied(first, plan, "less")
    assert faults(target) == []
    less = openpyxl.load_workbook(target)
    assert less.sheetnames[0] == "demand" and less.active is not None and less.active.title == "eq_Summary"
    assert less["My board"].defined_names["Local"].attr_text == "'My board'!$A$1"
    assert less["eq_Production"].print_title_rows == "$1:$1"


def test_after_excel_saved_the_copy_its_chain_and_code_names_are_minded(source: Path, plan: Path) -> None:
    """Excel lists our formulas in its calculation chain and names our sheets for macros; a newer plan must not contradict it."""
    first = copied(source, plan)
    number = re.search(r'name="eq_Summary" sheetId="(\d+)"', parts(first)["xl/workbook.xml"].decode())
    assert number is not None
    chain = CHAIN.replace(b"</calcChain>", b'<c r="B2" i="%s"/></calcChain>' % number[1].encode())
    sheet = (
        parts(first)["xl/worksheets/eq_sheet1.xml"]
        .decode()
        .replace("<dimension", '<sheetPr codeName="Sheet9"/><dimension')
    )
    repack(first, {"xl/calcChain.xml": chain, "xl/worksheets/eq_sheet1.xml": sheet.encode()})
    target = copied(first, plan, "again")
    assert faults(target) == []
    assert "xl/calcChain.xml" not in parts(target)
    assert '<sheetPr codeName="Sheet9"/>' in parts(target)["xl/worksheets/eq_sheet1.xml"].decode()


def test_dates_keep_their_day_in_a_1904_workbook(tmp_path: Path, plan: Path) -> None:
    target = copied(planner_book(tmp_path / "mac.xlsx", date1904=True), plan)
    there, here = openpyxl.load_workbook(target)["eq_Summary"]["E1"], openpyxl.load_workbook(plan)["Summary"]["E1"]
    assert there.value == here.value


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/tables/table1.xml", 'name="Prices" displayName="Prices"', 'name="EQ_t_make" displayName="EQ_t_make"'),
        ("xl/workbook.xml", '<definedName name="Horizon"', '<definedName name="EQ_t_make"'),
    ],
)
def test_names_already_taken_get_a_number(source: Path, plan: Path, part: str, old: str, new: str) -> None:
    change(source, part, old, new)
    target = copied(source, plan)
    assert faults(target) == []
    book = openpyxl.load_workbook(target)
    assert list(book["eq_Production"].tables) == ["eq_t_make_2"]
    assert book["eq_Summary"]["B4"].value == "=SUM(eq_t_make_2[quantity])+SUM(eq_Costs!B:B)+eq_Total"
    assert copied(target, plan, "again").read_bytes() == target.read_bytes()


def test_parts_of_the_planner_with_our_names_are_left_alone(source: Path, plan: Path) -> None:
    hers = b"<mine/>"
    relate(source, "customXml", "worksheets/EQ_sheet1.xml", "xl/worksheets/EQ_sheet1.xml", hers, "application/xml")
    target = copied(source, plan)
    assert faults(target) == []
    assert parts(target)["xl/worksheets/EQ_sheet1.xml"] == hers
    assert copied(target, plan, "again").read_bytes() == target.read_bytes()


def test_declared_relations_go_with_their_sheet(source: Path, plan: Path) -> None:
    """LibreOffice declares relation parts one by one."""
    first = copied(source, plan)
    name = "/xl/worksheets/_rels/eq_sheet1.xml.rels"
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    change(first, "[Content_Types].xml", "</Types>", f'<Override PartName="{name}" ContentType="{kind}"/></Types>')
    target = copied(first, plan, "again")
    assert faults(target) == []
    assert name not in parts(target)["[Content_Types].xml"].decode()


# --- other ways to write a workbook --------------------------------------------------------------------------------------------------

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SDK = {
    "[Content_Types].xml": f'{HEAD}<t:Types xmlns:t="{TYPES}"><t:Default Extension="xml" ContentType="{SHEETML}.sheet.main+xml"/>'
    '<t:Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<t:Override PartName="/xl/worksheets/sheet.xml" ContentType="{SHEETML}.worksheet+xml"/></t:Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Type="{OFFICE}/officeDocument" Target="/xl/workbook.xml" Id="R1"/></Relationships>',
    "xl/workbook.xml": f'{HEAD}<x:workbook xmlns:x="{MAIN}"><x:sheets>'
    f'<x:sheet name="demand" sheetId="7" q:id="R7" xmlns:q="{OFFICE}"/></x:sheets></x:workbook>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<p:Relationships xmlns:p="{RELATIONS}">'
    f'<p:Relationship Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet.xml" Id="R7"/></p:Relationships>',
    "xl/worksheets/sheet.xml": f'{HEAD}<x:worksheet xmlns:x="{MAIN}">'
    '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>',
}
FONTS = '<x:fonts><x:font><x:sz val="9"/></x:font></x:fonts>'
STYLES = f'<x:styleSheet xmlns:x="{MAIN}">{FONTS}<x:dxfs count="0"/></x:styleSheet>'


@pytest.mark.parametrize("styles", [None, STYLES, STYLES.replace("<x:dxfs", "<x:cellXfs count='0'/><x:dxfs")])
@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_a_workbook_with_prefixes_absolute_targets_and_hardly_any_styles(
    tmp_path: Path, plan: Path, styles: str | None
) -> None:
    source = tmp_path / "sdk.xlsx"
    stored(source, {n: t.encode() for n, t in SDK.items()})
    if styles:
        content = parts(source)
        declared = f'<t:Override PartName="/xl/styles.xml" ContentType="{SHEETML}.styles+xml"/></t:Types>'
        related = f'<p:Relationship Type="{OFFICE}/styles" Target="/xl/styles.xml" Id="R8"/></p:Relationships>'
        types = content["[Content_Types].xml"].replace(b"</t:Types>", declared.encode())
        relations = content["xl/_rels/workbook.xml.rels"].replace(b"</p:Relationships>", related.encode())
        added = {
            "xl/styles.xml": styles.encode(),
            "[Content_Types].xml": types,
            "xl/_rels/workbook.xml.rels": relations,
        }
        repack(source, added)
    target = copied(source, plan)
    assert faults(target) == []
    assert parts(target)["xl/worksheets/sheet.xml"] == SDK["xl/worksheets/sheet.xml"].encode()
    assert b"<x:sheet xmlns:r=" in parts(target)["xl/workbook.xml"]
    assert copied(target, plan, "again").read_bytes() == target.read_bytes()
    book = openpyxl.load_workbook(target)
    assert book["demand"]["A1"].value == 5
    assert book["eq_Summary"]["B2"].number_format == '#,##0.00" EUR"'


def stored(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def test_a_workbook_made_by_openpyxl(tmp_path: Path, plan: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "demand"
    book.active["A1"] = "item"
    source = tmp_path / "mine.xlsx"
    book.save(source)
    target = copied(source, plan)
    assert faults(target) == []
    assert {n for n, data in packed(source).items() if packed(target)[n] != data} == CHANGED


def test_a_workbook_without_a_view_gets_one_that_opens_the_summary(source: Path, plan: Path) -> None:
    view = re.search(r"<bookViews>.*?</bookViews>", parts(source)["xl/workbook.xml"].decode())
    assert view is not None
    change(source, "xl/workbook.xml", view[0], "")
    target = copied(source, plan)
    assert faults(target) == []
    book = openpyxl.load_workbook(target)
    assert book.active is not None and book.active.title == "eq_Summary"
