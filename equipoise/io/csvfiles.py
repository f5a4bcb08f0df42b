"""A folder of CSV files as grids, one file a table. UTF-8 only; comma, semicolon or tab, judged by the header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from equipoise.errors import Issue
from equipoise.io.grid import Grid
from equipoise.io.guard import LARGEST_CONTENT, MEGABYTE, MOST_CELLS, RefusedError, too_heavy

SEPARATORS = ",;\t"
LONGEST_FIELD = 1_000_000  # characters
LONGEST_HEADER = 100_000
_QUOTED = re.compile(r'"[^"]*"')


def read_folder(folder: Path, is_wanted: Callable[[str], bool], issues: list[Issue]) -> list[Grid]:
    """The grids of the CSV files in a folder. Where files cannot be read, each is an issue and nothing else is read."""
    csv.field_size_limit(LONGEST_FIELD)
    files = sorted(
        p for p in folder.iterdir() if p.suffix.casefold() == ".csv" and p.is_file() and not p.name.startswith(".")
    )
    if not files:
        hint = "Give the workbook itself, or a folder with one CSV file a table (items.csv, demand.csv, ...)."
        raise RefusedError("folder-without-csv", f"the folder {folder.name} holds no CSV file.", hint)
    if sum(p.stat().st_size for p in files) > LARGEST_CONTENT:
        raise too_heavy(f"the folder {folder.name}", f"holds more than {LARGEST_CONTENT // MEGABYTE:,} MB of CSV files")
    grids = []
    for path in files:
        try:
            grids.append(_grid(path, is_wanted(path.stem)))
        except RefusedError as refused:
            issues.append(refused.issue)
    return [] if issues else grids


def _grid(path: Path, whole: bool) -> Grid:
    grid = Grid(path.name, path.stem, text=True)
    count = 0
    for number, row in enumerate(_rows(path), start=1):
        cells: dict[int, Any] = {n: v for n, v in enumerate(row, start=1) if v and not v.isspace()}
        if not cells:
            continue
        grid.rows.append(number)
        grid.cells.append(cells)
        count += len(cells)
        if count > MOST_CELLS:
            raise too_heavy(path.name, f"has more than {MOST_CELLS:,} filled cells")
        if not whole:
            break
    return grid


def _rows(path: Path) -> Iterator[list[str]]:
    """The records of a file, numbered as a spreadsheet would number its rows."""
    text = _decoded(path)
    lines = _QUOTED.sub("", text[:LONGEST_HEADER]).splitlines()
    header = next((line for line in lines if any(c in line for c in SEPARATORS)), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=header.count), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        hint = "Quote texts that hold the separator or a line break, and double the quotes inside them."
        place = f"{path.name}!A{reader.line_num}"
        raise RefusedError(
            "csv-not-readable", f"line {reader.line_num} cannot be read ({error}).", hint, place
        ) from None


def _decoded(path: Path) -> str:
    """The text of a file, a byte order mark taken off. Raises RefusedError for anything but UTF-8."""
    content = path.read_bytes()
    hint = 'Save it as "CSV UTF-8".'
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError("csv-not-utf8", f"{path.name} is UTF-16, not UTF-8.", hint, path.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{path.name} is not UTF-8: line {line} holds a byte of another encoding."
        raise RefusedError("csv-not-utf8", message, hint, f"{path.name}!A{line}") from None
    if "\0" in text:
        raise RefusedError("csv-not-utf8", f"{path.name} holds zero bytes: it is no text file.", hint, path.name)
    return text
