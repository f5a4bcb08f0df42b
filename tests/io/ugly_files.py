"""Files that are not there, not whole, not workbooks, too large or not safe; and odd ones that are fine."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from cases import one_item, raw
from openpyxl.styles import Font
from ugly import Made, book, csvs, kind, patch, sheet_part, tables, zipped

from equipoise import app
from equipoise.case import Case
from equipoise.io import excel, guard, reading, sheetxml, worker
from equipoise.validate import Clean

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@kind("a file that is not there")
def missing(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    return tmp / "case.xlsx"


@kind("a file that may not be opened")
def locked(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)

    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    mp.setattr(Path, "open", refuse)
    return path


@kind("a named pipe or a device")
def pipe(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    """What is no file waits for ever when it is opened; where the system makes no pipes, a stand-in."""
    path = tmp / "case.xlsx"
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        return path
    mp.setattr(Path, "is_file", lambda self: False)
    return book(tmp)


@kind("a plan workbook written by equipoise")
def plan_as_case(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    case = Case.from_tables(raw(**one_item(4, 5)))
    return app.write(app.plan(case), tmp / "plan.xlsx")


@kind("a file of 0 bytes")
def nothing(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    (tmp / "case.xlsx").touch()
    return tmp / "case.xlsx"


@kind("a folder without CSV files")
def bare_folder(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    (tmp / "notes.txt").write_text("hello")
    return tmp


@kind("a text or CSV file named .xlsx")
def renamed(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    (tmp / "case.xlsx").write_text("item,period,quantity\nApple,1,2\n")
    return tmp / "case.xlsx"


@kind("a file of some other kind")
def picture(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    (tmp / "case.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    return tmp / "case.xlsx"


@kind("an old Excel file (.xls)")
def old(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    (tmp / "case.xls").write_bytes(OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"))
    return tmp / "case.xls"


@kind("a workbook protected by a password")
def protected(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    (tmp / "case.xlsx").write_bytes(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99)
    return tmp / "case.xlsx"


@kind("an encrypted zip file")
def encrypted(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    return path


@kind("a binary workbook (.xlsb)")
def binary(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    return zipped(tmp / "case.xlsb", xl__workbook_bin=b"\0", **{"[Content_Types]_xml": b"<x/>"}, _rels__x=b"")


@kind("an OpenDocument file (.ods)")
def open_document(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    return zipped(tmp / "case.ods", mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>")


@kind("a zip file that is no workbook")
def other_zip(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    return zipped(tmp / "case.xlsx", readme_txt=b"hello")


@kind("an Office file without worksheets")
def letter(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        b'Target="word/document.xml"/></Relationships>'
    )
    path = zipped(tmp / "case.docx", word__document_xml=b"<w:document xmlns:w='w'/>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", relation)
    return path


@kind("a workbook that is cut off")
def cut_off(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)
    path.write_bytes(path.read_bytes()[:-300])
    return path


@kind("a workbook with broken XML")
def broken_xml(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)
    return patch(path, sheet_part(path, "demand"), lambda text: text[: len(text) // 2])


@kind("a workbook with a part that cannot be unpacked")
def broken_part(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/styles.xml")
    content = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(info.filename)
    content[start : start + info.compress_size] = b"\xff" * info.compress_size
    path.write_bytes(content)
    return path


def with_fields(path: Path, local: int, central: int, value: int) -> Path:
    """Two bytes of the header of every part, and of its line in the directory, set to ``value``."""
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\3\4", local), (b"PK\1\2", central)):
        for found in re.finditer(re.escape(mark), bytes(content)):
            content[found.start() + offset : found.start() + offset + 2] = value.to_bytes(2, "little")
    path.write_bytes(content)
    return path


@kind("a workbook packed by a method that is not known")
def unknown_method(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    return with_fields(book(tmp), 8, 10, 99)


@kind("a zip file of a later version")
def later_version(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    return with_fields(book(tmp), 4, 6, 99)


@kind("a workbook with a sheet whose part is missing")
def lost_sheet(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)
    return patch(path, sheet_part(path, "demand"))


@kind("a workbook with content that Excel never writes")
def nonsense(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)
    return patch(path, sheet_part(path, "demand"), lambda text: text.replace("<v>5</v>", "<v>five</v>"))


@kind("a document type (DOCTYPE) in any part")
def document_type(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return patch(book(tmp), "xl/workbook.xml", lambda text: bomb + text)


@kind("a file larger than the cap")
def large(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    mp.setattr(guard, "LARGEST_FILE", 1_000)
    return book(tmp)


@kind("a workbook that unpacks to more than the cap (zip bomb)")
def bomb(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    """A sheet of 40 MB of blanks in about 40 KB, under a cap of 30 MB."""
    mp.setattr(excel, "LARGEST_CONTENT", 30 * guard.MEGABYTE)
    path = book(tmp)
    part = sheet_part(path, "demand")
    patch(path, part, lambda text: text + " " * 40 * guard.MEGABYTE)
    assert path.stat().st_size < guard.MEGABYTE
    return path


@kind("a workbook with more parts than the cap")
def many_parts(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = book(tmp)
    with zipfile.ZipFile(path, "a") as archive:
        for n in range(guard.MOST_PARTS):
            archive.writestr(f"junk/{n}", b"")
    return path


@kind("more filled cells than the cap")
def many_cells(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    mp.setattr(sheetxml, "MOST_CELLS", 8)
    return book(tmp)


@kind("more rows and cells in a sheet than the cap, blank ones with a format included")
def many_blanks(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    def colour(made: Any) -> None:
        for n in range(10, 40):
            made["demand"].cell(n, 1).font = Font(bold=True)

    for module in (excel, sheetxml):
        mp.setattr(module, "MOST_SCANNED", 30)
    return book(tmp, colour)


@kind("more different texts than the cap")
def many_texts(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    mp.setattr(excel, "MOST_TEXTS", 2)
    return shared_texts(tmp)


def shared_texts(folder: Path) -> Path:
    """A workbook whose texts stand in a part of their own, as Excel writes them."""
    with xlsxwriter.Workbook(folder / "case.xlsx") as made:
        sheet = made.add_worksheet("items")
        for n in range(20):
            sheet.write(n, 0, f"text {n}")
    return folder / "case.xlsx"


@kind("texts of more bytes than the cap")
def long_texts(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    mp.setattr(excel, "LARGEST_TEXTS", 300)
    return shared_texts(tmp)


@kind("a file that takes more memory than the cap")
def much_memory(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    def starve(*_: Any) -> None:
        raise MemoryError

    mp.setattr(worker, "read_workbook", starve)
    return book(tmp)


@kind("a file that takes longer than the cap", in_child=True)
def slow(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    in_child = reading._in_child
    mp.setattr(reading, "_in_child", lambda path, names, seconds: in_child(path, names, 0.001))
    return book(tmp)


@kind("a file that kills the reader", in_child=True)
def killer(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    """The child ends as one that the system killed."""
    run = subprocess.run

    def killed(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        return run([*command[:-2], "-c", "import os; os._exit(137)"], **options)

    mp.setattr(subprocess, "run", killed)
    return book(tmp)


@kind("a workbook with macros (.xlsm)")
def macros(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = patch(
        book(tmp),
        "[Content_Types].xml",
        lambda text: text.replace("spreadsheetml.sheet.main+xml", "sheet.macroEnabled.main+xml"),
        xl__vbaProject_bin=OLE,
    )
    return path.rename(tmp / "case.xlsm")


@kind("a workbook with links to other workbooks")
def links(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    path = tmp / "case.xlsx"
    made = xlsxwriter.Workbook(path)
    for name, rows in tables().items():
        sheet = made.add_worksheet(name)
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row, made.add_format({"num_format": "yyyy-mm-dd"}) if name == "settings" else None)
    made.get_worksheet_by_name("settings").write(2, 1, 3)
    made.get_worksheet_by_name("demand").write_formula(1, 2, "='[other.xlsx]Sheet1'!$A$1", None, 42)
    made.close()
    return path, lambda clean: _quantities(clean, [42, 7])


def _quantities(clean: Clean, expected: list[float]) -> None:
    assert clean.tables["demand"]["quantity"].tolist() == expected


@kind("a workbook in the strict format (ISO 29500)")
def strict(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    """Other namespaces, prefixes before every name, dates as text of type d."""
    path = book(tmp)
    settings, demand = sheet_part(path, "settings"), sheet_part(path, "demand")
    patch(path, "xl/workbook.xml", _strict)
    patch(path, "xl/_rels/workbook.xml.rels", _strict)
    patch(path, settings, lambda text: text.replace('t="n"><v>46023</v>', 't="d"><v>2026-01-01</v>'))

    def prefixed(text: str) -> str:
        return (
            _strict(text)
            .replace("<", "<x:")
            .replace("<x:/", "</x:")
            .replace("xmlns=", "xmlns:x=")
            .replace("<x:?", "<?")
        )

    patch(path, demand, prefixed)

    def check(clean: Clean) -> None:
        _quantities(clean, [5, 7])
        assert clean.periods.names[0] == "2026-01"

    return path, check


def _strict(text: str) -> str:
    return text.replace(
        "http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"
    ).replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
    )


@kind("200,000 rows", in_child=True)
def many_rows(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    items = [f"item {n}" for n in range(1_000)]
    days = [str(dt.date(2026, 1, 1) + dt.timedelta(days=n)) for n in range(200)]
    folder = csvs(
        tmp,
        settings=[["key", "value"], ["period", "day"], ["periods", 200], ["start", "2026-01-01"]],
        items=[["item"], *([item] for item in items)],
        demand=[["item", "period", "quantity"], *([item, day, 1] for item in items for day in days)],
        supply=[["supplier", "item"], *(["S", item] for item in items)],
    )
    return folder, lambda clean: _quantities(clean, [1.0] * 200_000)


@kind("a blank cell at XFD1048576", in_child=True)
def far_blank(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    def colour(made: Any) -> None:
        made["demand"].cell(1_048_576, 16_384).font = Font(bold=True)

    path = book(tmp, colour)
    return path, lambda clean: _quantities(clean, [5, 7])


@kind("a filled cell at XFD1048576", in_child=True)
def far_value(tmp: Path, mp: pytest.MonkeyPatch) -> Made:
    def fill(made: Any) -> None:
        made["demand"].cell(1_048_576, 16_384, 1)

    return book(tmp, fill), lambda clean: _quantities(clean, [5, 7])
