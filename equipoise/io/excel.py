"""The parts of an Excel workbook: which sheets it has, its texts and date formats, and the grids of the sheets that are wanted."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO
from xml.parsers import expat

from equipoise.io.grid import Grid
from equipoise.io.guard import (
    LARGEST_CONTENT,
    LARGEST_TEXTS,
    MEGABYTE,
    MOST_SCANNED,
    MOST_TEXTS,
    RefusedError,
    damaged,
    not_readable,
    open_workbook,
    too_heavy,
)
from equipoise.io.sheetxml import Book, Kind, SheetReader, date_kind, too_many_cells, unescape
from equipoise.io.xmlscan import Start, is_true, local, peek, scan

PLAN_SHEETS = {"Summary", "Audit", "in_items", "in_demand"}
"""Sheets of every plan workbook."""
TAGS_OF_A_TEXT = 4
"""Elements that a text of the shared strings may take on average, runs of rich text included."""
TEXT_SIGNS = (b"<si>", b"<si/", b":si>", b":si/")
"""How a shared text begins in its XML."""
CELL_SIGNS = (b"<c ", b"<c>", b"<c/", b":c ", b"<row")
"""How cells and rows begin in the XML of a sheet."""


class Workbook:
    """An open workbook. Every part is read at most once, and all of them together only up to LARGEST_CONTENT bytes."""

    def __init__(self, archive: zipfile.ZipFile, name: str):
        self._archive = archive
        self._name = name
        self._entries = {e.filename.casefold(): e for e in archive.infolist()}
        self._unread = LARGEST_CONTENT
        self._parsed: set[str] = set()

    def too_heavy(self, why: str) -> RefusedError:
        """The refusal of this workbook for its size."""
        return too_heavy(self._name, why)

    def part(self, name: str) -> IO[bytes] | None:
        """A part as a stream, None where the package has none of this name."""
        entry = self._entries.get(name.casefold().lstrip("/"))
        if entry is None:
            return None
        self._unread -= entry.file_size
        if self._unread < 0:
            raise self.too_heavy(f"unpacks to more than {LARGEST_CONTENT // MEGABYTE:,} MB")
        self._parsed.add(entry.filename)
        return self._archive.open(entry)

    def size(self, name: str) -> int:
        """Bytes of a part when unpacked, 0 for one that is missing."""
        entry = self._entries.get(name.casefold().lstrip("/"))
        return entry.file_size if entry else 0

    def holds_more(self, name: str, most: int, signs: Sequence[bytes]) -> bool:
        """Whether more than ``most`` elements of a part begin like this: counted in its bytes, much faster than by parsing it."""
        if self.size(name) < 4 * most:  # the shortest element has four letters
            return False
        found = 0
        with self._archive.open(self._entries[name.casefold().lstrip("/")]) as stream:
            while found <= most and (chunk := stream.read(MEGABYTE)):
                found += sum(chunk.count(sign) for sign in signs)
        return found > most

    def scan(
        self,
        name: str,
        start: Start,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Scan a part; a missing one has no elements."""
        stream = self.part(name)
        if stream is not None:
            with stream:
                scan(stream, start, end, text)

    def peek_at_rest(self) -> None:
        """Look at the parts that were not parsed for a document type."""
        for entry in self._entries.values():
            if entry.filename not in self._parsed:
                peek(self._archive, entry)

    def relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, kind (the last word of the type) and target part of each relation."""
        found: list[tuple[str, str, str]] = []
        folder, name = posixpath.split(part)

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                path = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found.append((attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], path))

        self.scan(posixpath.join(folder, "_rels", name + ".rels"), start)
        return iter(found)


def read_workbook(path: Path, is_wanted: Callable[[str], bool], doubt_zeros: bool) -> list[Grid]:
    """The grids of a workbook: whole for wanted sheets, the first filled row for others. Raises RefusedError.

    ``doubt_zeros``: a formula whose stored result is 0 was never calculated where the file asks for it to be done at opening.
    """
    try:
        with open_workbook(path) as archive:
            workbook = Workbook(archive, path.name)
            grids = _grids(workbook, path.name, is_wanted, doubt_zeros)
            workbook.peek_at_rest()
            return grids
    except expat.ExpatError as error:
        raise damaged(path.name, f"its XML is broken ({error})") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise damaged(path.name, "a part cannot be unpacked") from None
    except OSError as error:
        raise not_readable(path, error) from None
    except (ValueError, LookupError) as error:
        raise damaged(path.name, f"a part holds something that Excel does not write ({error})") from None


def _grids(workbook: Workbook, name: str, is_wanted: Callable[[str], bool], doubt_zeros: bool) -> list[Grid]:
    main = next((target for _, kind, target in workbook.relations("") if kind == "officeDocument"), "")
    sheets, flags = _outline(workbook, main)
    if doubt_zeros and {title for title, _, _ in sheets} >= PLAN_SHEETS:
        hint = (
            "Give the workbook of the case; a plan is read by: equipoise audit CASE PLAN, and plan CASE --start PLAN."
        )
        raise RefusedError("wrong-file-type", f"{name} is a plan written by equipoise, not a case.", hint)
    parts = {relation: (kind, target) for relation, kind, target in workbook.relations(main)}
    of_kind = dict(parts.values())
    book = Book(
        strings=_strings(workbook, of_kind.get("sharedStrings", "")),
        dates=_dates(workbook, of_kind.get("styles", "")),
        from_1904=flags.get("date1904", False),
        doubt_zeros=doubt_zeros and flags.get("fullCalcOnLoad", False),
    )
    grids = []
    for sheet, relation, hidden in sheets:
        kind, target = parts.get(relation, ("worksheet", ""))
        if kind != "worksheet":  # a chart on a sheet of its own
            continue
        stream = workbook.part(target)
        if stream is None:
            raise damaged(name, f'the part of the sheet "{sheet}" is missing')
        if is_wanted(sheet) and workbook.holds_more(target, MOST_SCANNED, CELL_SIGNS):
            raise too_many_cells(sheet)
        with stream:
            grid = SheetReader(sheet, book, first_value_only=not is_wanted(sheet)).read(stream)
        grid.hidden = hidden
        grids.append(grid)
    if not grids:
        hint = "Give an Excel workbook with one table a sheet."
        raise RefusedError("wrong-file-type", f"{name} is an Office file without worksheets.", hint)
    return grids


def _outline(workbook: Workbook, main: str) -> tuple[list[tuple[str, str, bool]], dict[str, bool]]:
    """Name, relation and hiddenness of each sheet, and the flags of the workbook."""
    sheets: list[tuple[str, str, bool]] = []
    flags: dict[str, bool] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = local(tag)
        if tag == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))
        elif tag in ("workbookPr", "calcPr"):
            flags.update({k: is_true(v) for k, v in attributes.items()})

    workbook.scan(main, start)
    return sheets, flags


def _strings(workbook: Workbook, part: str) -> list[str | None]:
    """The shared texts; runs of rich text joined, blank texts as None."""
    strings: list[str | None] = []
    pieces: list[str] = []
    reading = phonetic = False
    count = 0
    too_many = workbook.too_heavy(f"holds more than {MOST_TEXTS:,} different texts")
    if workbook.size(part) > LARGEST_TEXTS:
        raise workbook.too_heavy(f"holds more than {LARGEST_TEXTS // MEGABYTE:,} MB of texts")
    if workbook.holds_more(part, MOST_TEXTS, TEXT_SIGNS):
        raise too_many

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal reading, phonetic, count
        count += 1
        if count > MOST_TEXTS * TAGS_OF_A_TEXT:
            raise too_many
        tag = local(tag)
        if tag == "t":
            reading = not phonetic
        elif tag == "si":
            pieces.clear()
        elif tag == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal reading, phonetic
        tag = local(tag)
        if tag == "t":
            reading = False
        elif tag == "si":
            text = "".join(pieces)
            strings.append(unescape(text) if text and not text.isspace() else None)
        elif tag == "rPh":
            phonetic = False

    def characters(text: str) -> None:
        if reading:
            pieces.append(text)

    workbook.scan(part, start, end, characters)
    return strings


def _dates(workbook: Workbook, part: str) -> dict[str, Kind]:
    """The styles that show a date or time."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        tag = local(tag)
        if tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            formats.append(int(attributes.get("numFmtId", "0")))

    def end(tag: str) -> None:
        nonlocal inside
        if local(tag) == "cellXfs":
            inside = False

    workbook.scan(part, start, end)
    kinds = ((str(n), date_kind(number, codes.get(number))) for n, number in enumerate(formats))
    return {style: kind for style, kind in kinds if kind}
