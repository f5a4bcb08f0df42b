"""Workbooks for the write-back tests: a planner's own one with everything that is easily lost, and a small plan."""

from __future__ import annotations

import base64
import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import xlsxwriter

from equipoise.io.writeback import write_back

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MACRO = b"\xd0\xcf\x11\xe0 no real macro, but bytes that must survive \x00\xff" * 20
SHAPE = (
    b'<xdr:twoCellAnchor xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"><xdr:from>'
    b"<xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to>"
    b"<xdr:col>11</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    b'<xdr:sp macro="[0]!PlanNow" textlink=""><xdr:nvSpPr><xdr:cNvPr id="77" name="Button"/><xdr:cNvSpPr/></xdr:nvSpPr>'
    b'<xdr:spPr><a:xfrm xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:off x="0" y="0"/>'
    b'<a:ext cx="1000000" cy="500000"/></a:xfrm><a:prstGeom xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    b'prst="roundRect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/></xdr:twoCellAnchor>'
)
EXTERNAL = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<externalLink xmlns="http://schemas.openxmlformats.org/'
    b'spreadsheetml/2006/main"><externalBook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    b'r:id="rId1"><sheetNames><sheetName val="Prices"/></sheetNames></externalBook></externalLink>'
)
EXTERNAL_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/'
    b'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/externalLinkPath" Target="prices.xlsx" TargetMode="External"/></Relationships>'
)
CHAIN = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<calcChain xmlns="http://schemas.openxmlformats.org/'
    b'spreadsheetml/2006/main"><c r="C2" i="1"/><c r="C3"/></calcChain>'
)


def parts(path: Path) -> dict[str, bytes]:
    """Every part of a file, unpacked."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path) -> dict[str, bytes]:
    """Every part of a file as its bytes are stored."""
    found = {}
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            at = info.header_offset
            start = (
                at
                + 30
                + int.from_bytes(data[at + 26 : at + 28], "little")
                + int.from_bytes(data[at + 28 : at + 30], "little")
            )
            found[info.filename] = data[start : start + info.compress_size]
    return found


def repack(path: Path, changes: Mapping[str, bytes | None]) -> None:
    """Replace, add (bytes) or take out (None) parts; packed more tightly than the program packs."""
    content = parts(path) | changes
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)


def change(path: Path, part: str, old: str, new: str) -> None:
    """Replace text in one part; the text must be there."""
    before = parts(path)[part].decode()
    assert old in before
    repack(path, {part: before.replace(old, new, 1).encode()})


def relate(path: Path, kind: str, target: str, part: str, data: bytes, content_type: str) -> None:
    """Add a part that the workbook relates to."""
    content = parts(path)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rIdX{kind}" Type="{office}/{kind}" Target="{target}"/></Relationships>'
    relations = content["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", relation.encode())
    override = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    types = content["[Content_Types].xml"].replace(b"</Types>", override.encode())
    repack(path, {part: data, "xl/_rels/workbook.xml.rels": relations, "[Content_Types].xml": types})


def planner_book(path: Path, date1904: bool = False) -> Path:
    """A planner's workbook: charts, drop-downs, shapes, conditional formats, notes, pictures, names, links; macros in an .xlsm."""
    path.write_bytes(_made(_planner_book, path.suffix, date1904))
    return path


def plan_book(path: Path, rows: int = 3, crews: bool = False) -> Path:
    """A small plan with a sheet of every kind of content: tables, charts, live formulas, notes, links, formats."""
    path.write_bytes(_made(_plan_book, ".xlsx", rows, crews))
    return path


@cache
def _made(make: Callable[..., None], suffix: str, *options: object) -> bytes:
    """The bytes of a workbook, made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"book{suffix}"
        make(path, *options)
        return path.read_bytes()


def _planner_book(path: Path, date1904: bool) -> None:
    book = xlsxwriter.Workbook(str(path), {"date_1904": date1904})
    if path.suffix == ".xlsm":
        book.add_vba_project(io.BytesIO(MACRO), is_stream=True)
    bold = book.add_format({"bold": True, "bg_color": "#FFFF00", "num_format": "0.000"})
    red = book.add_format({"font_color": "#FF0000"})
    demand, board, secret = (
        book.add_worksheet("demand"),
        book.add_worksheet("My board"),
        book.add_worksheet("eq_my own notes"),
    )
    demand.write_row(0, 0, ["item", "quantity", "twice"], bold)
    for row in range(1, 5):
        demand.write(row, 0, f"item {row}")
        demand.write_number(row, 1, row * 10)
        demand.write_formula(row, 2, f"=B{row + 1}*2", red, row * 20)
    demand.add_table(9, 0, 11, 1, {"name": "Prices", "columns": [{"header": "item"}, {"header": "price"}]})
    demand.data_validation("A2:A9", {"validate": "list", "source": "='My board'!$A$1:$A$3"})
    demand.conditional_format("B2:B9", {"type": "3_color_scale"})
    demand.conditional_format("C2:C9", {"type": "cell", "criteria": ">", "value": 30, "format": red})
    demand.write_comment("A1", "what we sell")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=demand!$B$2:$B$5", "categories": "=demand!$A$2:$A$5"})
    board.insert_chart("C3", chart)
    board.insert_textbox("H3", "Call the plant first")
    board.insert_image("A9", "logo.png", {"image_data": io.BytesIO(PIXEL)})
    secret.write(0, 0, "mine, not yours")
    secret.hide()
    board.activate()
    book.define_name("Horizon", "=demand!$B$2:$B$5")
    book.define_name("'My board'!Local", "='My board'!$A$1")
    board.repeat_rows(0)
    book.close()
    change(path, "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    content = parts(path)
    drawing = content["xl/drawings/drawing1.xml"].replace(b"</xdr:wsDr>", SHAPE + b"</xdr:wsDr>")
    repack(path, {"xl/drawings/drawing1.xml": drawing, "xl/printerSettings/printerSettings1.bin": bytes(range(256))})
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    relate(path, "calcChain", "calcChain.xml", "xl/calcChain.xml", CHAIN, types + "calcChain+xml")
    name = "xl/externalLinks/externalLink1.xml"
    relate(path, "externalLink", "externalLinks/externalLink1.xml", name, EXTERNAL, types + "externalLink+xml")
    repack(path, {"xl/externalLinks/_rels/externalLink1.xml.rels": EXTERNAL_RELATIONS})
    outside = '</sheets><externalReferences><externalReference r:id="rIdXexternalLink"/></externalReferences>'
    change(path, "xl/workbook.xml", "</sheets>", outside)
    extra = '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"/>'
    if path.suffix != ".xlsm":
        change(path, "[Content_Types].xml", "<Override ", f"{extra}<Override ")


def _plan_book(path: Path, rows: int, crews: bool) -> None:
    book = xlsxwriter.Workbook(str(path), {"default_format_properties": {"font_name": "Arial", "font_size": 10}})
    book.set_custom_property("equipoise_plan", "1")
    head = book.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1})
    money = book.add_format({"num_format": '#,##0.00" EUR"'})
    late = book.add_format({"font_color": "#9C0006", "num_format": "0.000"})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    summary, made = book.add_worksheet("Summary"), book.add_worksheet("Production")
    costs = book.add_worksheet("Costs")
    if crews:
        crew = book.add_worksheet("Crews")
        crew.add_table(0, 0, 2, 1, {"name": "t_crews", "columns": [{"header": "crew"}, {"header": "workers"}]})
        crew.write_row(1, 0, ["day", 5])
        crew.write_string(2, 0, "night")
        crew.write_formula(2, 1, "=B2+1", None, 6)
    summary.write(0, 0, "Plan of Plan! & <Production!A1>", head)
    summary.write_formula("B2", "=SUM(Production!C2:C9)", money, 60)
    summary.write_formula("B3", '=HYPERLINK("#Production!A1","see Production!A1")', None, "see")
    summary.write_formula("B4", "=SUM(t_make[quantity])+SUM('Costs'!B:B)+Total", None, 1.5)
    summary.write_formula("B5", '=IF(Summary!B2>0,"Costs!x",#REF!)', None, "Costs!x")
    summary.write_url("C1", "internal:'Production'!A1", string="Production")
    summary.write_url("C2", "https://example.org/plan#Costs!A1", string="outside")
    summary.write_rich_string("D1", "a ", head, "bold", " c")
    summary.write_number("E1", 45000, date)
    summary.write_comment("A1", "what it is")
    summary.insert_image("G1", "logo.png", {"image_data": io.BytesIO(PIXEL), "url": "internal:Costs!A1"})
    summary.insert_textbox("K3", "", {"textlink": "=Production!$A$1"})
    summary.print_area(0, 0, 9, 9)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": f"=Production!$C$2:$C${rows + 1}", "name": "=Production!$C$1"})
    summary.insert_chart("E5", chart)
    data = [[f"=r{n}", f"2026-{n:02d}", n + 0.1] for n in range(1, rows + 1)]
    columns = [
        {"header": "recipe", "header_format": head},
        {"header": "period"},
        {"header": "quantity [unit]", "format": money},
    ]
    made.add_table(0, 0, rows, 2, {"name": "t_make", "columns": columns})
    for number, values in enumerate(data, 1):
        for column, value in enumerate(values):
            (made.write_string if isinstance(value, str) else made.write_number)(number, column, value)
    made.conditional_format("C2:C99", {"type": "cell", "criteria": ">", "value": "=Summary!$B$2", "format": late})
    made.conditional_format("C2:C99", {"type": "data_bar", "data_bar_2010": True})
    made.data_validation("E1", {"validate": "list", "source": "=Costs!$A$1:$A$3"})
    made.add_sparkline("F2", {"range": "Production!C2:C4"})
    made.set_column(0, 0, 20, late)
    made.repeat_rows(0)
    costs.write_row(0, 0, ["line", "amount"], head)
    costs.write_row(1, 0, ["make", 1.5])
    costs.autofilter(0, 0, 1, 1)
    book.define_name("Total", "=Summary!$B$2")
    book.close()


def copied(source: Path, plan: Path, name: str = "copy") -> Path:
    """The planner's workbook with the plan in it, beside her own."""
    return write_back(source, plan, source.with_name(name + source.suffix))
