"""Workbooks and targets that are not written to: each is refused in words, and nothing is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from writeback_books import change, relate

from equipoise.errors import OutputError
from equipoise.io.save import is_plan_book
from equipoise.io.writeback import write_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def refused(source: Path, plan: Path, target: Path | None = None) -> str:
    before = source.read_bytes()
    target = target or source.with_name(f"copy{source.suffix}")
    with pytest.raises(OutputError) as error:
        write_back(source, plan, target)
    assert source.read_bytes() == before
    assert target.exists() == (target.exists() and target.samefile(source))
    return str(error.value)


def test_a_strict_workbook_is_refused(source: Path, plan: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    change(source, "xl/workbook.xml", main, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    assert refused(source, plan) == (
        f"strict-workbook: {source.name} is saved as Strict Open XML. "
        'Save it as "Excel Workbook (*.xlsx)", or take the plan as a workbook of its own.'
    )


def test_a_signed_workbook_is_refused(source: Path, plan: Path) -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    relation = f'<Relationship Id="rIdS" Type="{kind}" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    change(source, "_rels/.rels", "</Relationships>", relation)
    assert refused(source, plan).startswith(f"signed-workbook: {source.name} carries a digital signature")


def test_a_protected_structure_is_refused(source: Path, plan: Path) -> None:
    change(source, "xl/workbook.xml", "<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>')
    assert refused(source, plan).startswith(f"protected-workbook: the structure of {source.name} is protected")


def test_a_shared_workbook_is_refused(source: Path, plan: Path) -> None:
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml.revisionHeaders+xml"
    relate(
        source,
        "revisionHeaders",
        "revisions/revisionHeaders.xml",
        "xl/revisions/revisionHeaders.xml",
        b"<headers/>",
        types,
    )
    assert refused(source, plan).startswith(f"shared-workbook: {source.name} is shared")


def test_the_input_is_never_the_target(source: Path, plan: Path) -> None:
    assert refused(source, plan, source).startswith(f"target-is-input: {source}")


def test_another_suffix_is_refused(source: Path, plan: Path) -> None:
    other = source.with_name("copy.xlsm" if source.suffix == ".xlsx" else "copy.xlsx")
    assert refused(source, plan, other).endswith(f"Name it copy{source.suffix}.")


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0" * 300, b"item,quantity\n"])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, plan: Path, content: bytes) -> None:
    source = tmp_path / "mine.xlsx"
    source.write_bytes(content)
    assert refused(source, plan).startswith("not-a-workbook: mine.xlsx is not an .xlsx or .xlsm file")


def test_damage_in_a_part_that_must_change_is_refused(source: Path, plan: Path) -> None:
    change(source, "xl/styles.xml", "<fonts", "<funts")
    assert refused(source, plan).startswith(f"broken-workbook: {source.name}: xl/styles.xml: it is not well-formed XML")


def test_a_part_with_a_doctype_is_refused(source: Path, plan: Path) -> None:
    change(source, "xl/workbook.xml", "<workbook ", '<!DOCTYPE workbook [<!ENTITY a "b">]><workbook ')
    assert refused(source, plan).startswith(f"broken-workbook: {source.name}: xl/workbook.xml: it has a DOCTYPE")


def test_a_file_that_is_no_plan_is_not_overwritten(source: Path, plan: Path) -> None:
    mine = source.with_name(f"notes{source.suffix}")
    mine.write_bytes(source.read_bytes())
    assert not is_plan_book(mine)
    with pytest.raises(OutputError, match="target-exists"):
        write_back(source, plan, mine)
    assert write_back(source, plan, mine, force=True) == mine
    assert is_plan_book(mine)
    assert write_back(source, plan, mine) == mine
