"""The pieces of a write-back: formulas under new names, styles of two workbooks, edits in place, packages."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from writeback_books import parts

from equipoise.errors import OutputError
from equipoise.io.package import Package
from equipoise.io.renames import Renames
from equipoise.io.stylemerge import merge_styles
from equipoise.io.xmledit import Edits, XmlError, parse

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RENAMES = Renames.of(
    {"Plan": "eq_Plan", "My 'own'": "eq_My 'own'", "in_demand": "eq_in_demand"},
    {"make": "eq_make", "Total": "eq_Total"},
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Plan!A1+PLAN!$B$2", "eq_Plan!A1+eq_Plan!$B$2"),
        ("'Plan'!A1:B2", "eq_Plan!A1:B2"),
        ("'My ''own'''!A1", "'eq_My ''own'''!A1"),
        ("SUM(make[quantity],make[[#This Row],[Plan!x]],Make)", "SUM(eq_make[quantity],eq_make[[#This Row],[Plan!x]],eq_make)"),
        ("make[it''s '[odd']]*total", "eq_make[it''s '[odd']]*eq_Total"),
        ('"Plan!A1 ""make"""&Plan!A1', '"Plan!A1 ""make"""&eq_Plan!A1'),
        ('HYPERLINK("#Plan!A1","Plan!A1")', 'HYPERLINK("#eq_Plan!A1","Plan!A1")'),
        ("TOTAL(1)+Total", "TOTAL(1)+eq_Total"),
        ("IF(#REF!=0,#N/A,totals.x+1.5E+3)", "IF(#REF!=0,#N/A,totals.x+1.5E+3)"),
        ("[#This Row],[quantity]", "[#This Row],[quantity]"),
    ],
)  # fmt: skip
def test_formulas_get_the_new_names_and_nothing_else(before: str, after: str) -> None:
    assert RENAMES.formula(before) == after


def test_a_sheet_the_plan_does_not_have_is_a_mistake_of_the_plan() -> None:
    with pytest.raises(ValueError, match="names the sheet Other, which the plan does not have"):
        RENAMES.formula("Other!A1")


def test_only_formulas_and_links_of_xml_are_touched() -> None:
    text = '<x location="Plan!A1" t="Plan!A1"><f>Plan!A1&amp;"&lt;"</f><t>Plan!A1 location="Plan!A1"</t></x>'
    assert RENAMES.xml(text) == (
        '<x location="eq_Plan!A1" t="Plan!A1"><f>eq_Plan!A1&amp;"&lt;"</f><t>Plan!A1 location="Plan!A1"</t></x>'
    )


# --- styles ------------------------------------------------------------------------------------------------------------------------


def styles(inner: str) -> bytes:
    return f'<styleSheet xmlns="{MAIN}">{inner}</styleSheet>'.encode()


FONT = '<font><sz val="9"/><name val="Arial"/></font>'
REST = "<fills><fill/></fills><borders><border/></borders>"
PLAN = styles(
    '<numFmts><numFmt numFmtId="164" formatCode="0.0"/><numFmt numFmtId="170" formatCode="d/m &quot;x&quot;"/></numFmts>'
    f'<fonts>{FONT}<font><b/></font></fonts>{REST}<cellXfs><xf/><xf numFmtId="164" fontId="1"/><xf numFmtId="170"/>'
    '<xf numFmtId="14"><alignment wrapText="1"/></xf></cellXfs>'
    '<dxfs><dxf><font><b/></font><numFmt numFmtId="164" formatCode="0.0"/></dxf></dxfs>'
)  # fmt: skip


def test_styles_that_are_there_are_used_again() -> None:
    base = styles(
        f'<numFmts count="1"><numFmt numFmtId="180" formatCode="0.0"/></numFmts><fonts count="2"><font/>{FONT}</fonts>{REST}'
        '<cellXfs count="2"><xf fontId="0"/><xf applyFont="1" fontId="1" numFmtId="0" xfId="0"/></cellXfs>'
    )
    merged = merge_styles(base, PLAN)
    assert merged.cells == (1, 2, 3, 4)
    assert merged.differential == (0,)
    assert merged.dates == {2, 3}
    text = merged.data.decode()
    assert """<numFmt numFmtId="181" formatCode='d/m "x"'/></numFmts>""" in text
    assert '<fonts count="3">' in text and text.count(FONT) == 1
    assert (
        '<dxfs count="1"><dxf><font><b/></font><numFmt numFmtId="180" formatCode="0.0"/></dxf></dxfs></styleSheet>'
        in text
    )
    assert '<xf numFmtId="180" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"' in text
    again = merge_styles(merged.data, PLAN)
    assert again == merged


def test_number_formats_for_older_versions_count_too() -> None:
    """Excel may write a number format twice, one of them for versions that do not know the other."""
    odd = (
        '<numFmts count="1"><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><numFmt numFmtId="164" formatCode="[x]0"/></mc:Choice>'
        '<mc:Fallback><numFmt numFmtId="164" formatCode="0"/></mc:Fallback></mc:AlternateContent></numFmts>'
    )
    merged = merge_styles(styles(odd + f"<fonts>{FONT}</fonts>{REST}<cellXfs><xf/></cellXfs>"), PLAN)
    assert b'<numFmt numFmtId="165" formatCode="0.0"/>' in merged.data


# --- edits -------------------------------------------------------------------------------------------------------------------------


def test_edits_leave_every_other_byte() -> None:
    data = '\ufeff<?xml version="1.0"?>\n<!-- é --><a:x  xmlns:a="u"\n q = \'1>\'><a:y/>\t<z k="é"></z  ><w/></a:x >'.encode()
    root = parse(data)
    edits = Edits(data)
    edits.append(root, "<n/>")
    edits.append(root.children[0], "<m/>")
    edits.set(root, "q", "2")
    edits.set(root.children[1], "new", "<é>")
    edits.remove(root.children[2])
    made = edits.made().decode()
    assert made == (
        '\ufeff<?xml version="1.0"?>\n<!-- é --><a:x  xmlns:a="u"\n q = "2"><a:y><m/></a:y>\t<z k="é" new="&lt;é&gt;"></z  ><n/></a:x >'
    )
    assert parse(made.encode()).get("q") == "2"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<a><b></a>", "not well-formed"),
        (b"", "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "not written in UTF-8"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "not written in UTF-8"),
    ],
)
def test_what_cannot_be_edited_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(XmlError, match=why):
        parse(data)


# --- packages ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("größe.xml", "<a/>" * 100)
        file.writestr(zipfile.ZipInfo("stored.bin", (2020, 5, 17, 10, 20, 30)), b"\x00" * 50)
    return path


def test_a_package_survives_reading_and_writing(archive: Path, tmp_path: Path) -> None:
    package = Package.read(archive)
    package.put("new.xml", b"<b/>")
    package.put("stored.bin", b"\x00" * 50)
    package.remove("NEW.xml")
    package.put("new.xml", b"<c/>")
    package.write(tmp_path / "b.xlsx")
    assert parts(tmp_path / "b.xlsx") == parts(archive) | {"new.xml": b"<c/>"}
    with zipfile.ZipFile(tmp_path / "b.xlsx") as file:
        infos = {i.filename: i for i in file.infolist()}
    assert infos["stored.bin"].date_time == (2020, 5, 17, 10, 20, 30)
    assert infos["stored.bin"].compress_type == zipfile.ZIP_STORED
    assert infos["new.xml"].date_time == (1980, 1, 1, 0, 0, 0)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("stored.bin", b"other")
    with pytest.raises(OutputError, match=r"holds the part stored\.bin twice"):
        Package.read(archive)


def test_a_damaged_part_is_refused_when_it_is_read(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    at = data.index(b"\x00" * 50)
    data[at + 5] = 1
    archive.write_bytes(data)
    package = Package.read(archive)
    assert package.content("größe.xml") == b"<a/>" * 100
    with pytest.raises(OutputError, match=r"the part stored\.bin is damaged"):
        package.content("stored.bin")
    with pytest.raises(OutputError, match=r"has no part none\.xml"):
        package.content("none.xml")


def test_an_encrypted_part_is_refused(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    archive.write_bytes(data)
    with pytest.raises(OutputError, match="is encrypted"):
        Package.read(archive)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"not-readable: .*none\.xlsx cannot be read"):
        Package.read(tmp_path / "none.xlsx")
