"""Small workbooks and folders with one thing wrong: the healthy case, and what may be done to it."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from equipoise.validate import Clean

Rows = Sequence[Sequence[Any]]

HEALTHY: dict[str, Rows] = {
    "settings": [["key", "value"], ["start", dt.date(2026, 1, 1)], ["periods", 3]],
    "items": [["item", "lost_cost"], ["Apple", 10], ["Pear", 12]],
    "demand": [["item", "period", "quantity"], ["Apple", "2026-01", 5], ["Pear", "2026-02", 7]],
    "supply": [["supplier", "item", "unit_cost"], ["S", "Apple", 1], ["S", "Pear", 2]],
}
RESOURCES: dict[str, Rows] = {"resources": [["resource", "capacity"], ["M", 10]]}
TWO_SITES: dict[str, Rows] = {"sites": [["site"], ["P"], ["Q"]]}


def tables(**changes: Rows | None) -> dict[str, Rows]:
    """The healthy case with tables replaced, added or (None) left out."""
    return {name: rows for name, rows in {**HEALTHY, **changes}.items() if rows is not None}


def book(folder: Path, edit: Callable[[Workbook], None] | None = None, /, **changes: Rows | None) -> Path:
    """A workbook of the healthy case with changes, and an edit by openpyxl."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in tables(**changes).items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if edit:
        edit(made)
    path = folder / "case.xlsx"
    made.save(path)
    return path


def csvs(folder: Path, separator: str = ",", encoding: str = "utf-8", **changes: Rows | None) -> Path:
    """A folder of CSV files of the healthy case with changes."""
    place = folder / "case"
    place.mkdir()
    for name, rows in tables(**changes).items():
        with (place / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    return place


def demand(*cells: Any, header: Sequence[Any] = ("item", "period", "quantity")) -> Rows:
    """A demand table with one odd row."""
    return [header, ["Apple", "2026-01", 5], cells]


def patch(path: Path, part: str, change: Callable[[str], str] | None = None, **added: bytes) -> Path:
    """Change the text of a part of a zip file (None: drop it) and add parts; ``__`` in an added name is a slash, ``_`` a dot."""
    with zipfile.ZipFile(path) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    if part:
        if change is None:
            del contents[part]
        else:
            before = contents[part].decode()
            after = change(before)
            assert after != before, f"nothing changed in {part}"
            contents[part] = after.encode()
    contents |= {name.replace("__", "/").replace("_", "."): data for name, data in added.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in contents.items():
            new.writestr(name, data)
    return path


def sheet_part(path: Path, sheet: str) -> str:
    """The part of a sheet in a workbook by openpyxl."""
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def with_cell(path: Path, sheet: str, address: str, xml: str) -> Path:
    """A cell's XML replaced by another."""
    cell = re.compile(rf'<c r="{address}"[^>]*?(/>|>.*?</c>)')
    return patch(path, sheet_part(path, sheet), lambda text: cell.sub(lambda _: xml, text))


def zipped(path: Path, **parts: bytes) -> Path:
    """A zip file of parts; ``__`` in a name is a slash, ``_`` a dot."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return path


def laid(base: Mapping[str, Rows], **changes: Rows) -> dict[str, Rows]:
    """Tables to be laid over the healthy case, as keyword arguments."""
    return {**base, **changes}


# --- examples of the kinds in docs/reference/bad-input.md -----------------------------------------

Made = Path | Mapping[str, pd.DataFrame] | tuple[Path, Callable[[Clean], object]]
Example = Callable[[Path, pytest.MonkeyPatch], Made]

EXAMPLES: dict[str, Example] = {}
IN_CHILD: set[str] = set()
"""Kinds whose example needs the real child process; the others are parsed in the test's own, which is faster."""


def kind(words: str, in_child: bool = False) -> Callable[[Example], Example]:
    """An example of a kind of input: it makes a file (or frames), and may say what must have been read."""

    def add(example: Example) -> Example:
        assert words not in EXAMPLES, words
        EXAMPLES[words] = example
        if in_child:
            IN_CHILD.add(words)
        return example

    return add
