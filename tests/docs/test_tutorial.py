"""The tutorial and the how-to pages do what they say: their tables are typed in, their commands and Python blocks are run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.S | re.M)
TABLE = re.compile(r"^Sheet `(\w+)`[^\n]*\n\n((?:\|[^\n]*\n)+)", re.M)


def steps(text: str) -> list[tuple[str, str, str]]:
    """(kind, sheet, content) of every table to type in and every block to run, in the order of the page."""
    found = [(m.start(), m[1], "", m[2]) for m in BLOCK.finditer(text)]
    found += [(m.start(), "table", m[1], m[2]) for m in TABLE.finditer(text)]
    return [step[1:] for step in sorted(found)]


def value(text: str) -> str | float | None:
    text = text.strip().strip("`")
    try:
        return float(text)
    except ValueError:
        return text or None


def type_in(path: Path, sheet_name: str, content: str) -> None:
    """Type a Markdown table into a sheet, as a planner would: under the headers that are there, new headers beside them."""
    lines = [[value(cell) for cell in line.strip().strip("|").split("|")] for line in content.strip().splitlines()]
    headers, rows = [str(h) for h in lines[0]], lines[2:]
    book = load_workbook(path)
    sheet = book[sheet_name]
    if sheet_name == "settings":
        _type_settings(sheet, rows)
    else:
        _type_rows(sheet, headers, rows)
    book.save(path)


def _type_settings(sheet: Worksheet, rows: list[list[str | float | None]]) -> None:
    place = {str(sheet.cell(r, 1).value): r for r in range(2, sheet.max_row + 1)}
    for key, given in rows:
        sheet.cell(place[str(key)], 2).value = given


def _type_rows(sheet: Worksheet, headers: list[str], rows: list[list[str | float | None]]) -> None:
    there = {str(c.value).split()[0]: c.column for c in sheet[1] if c.value is not None}
    for header in headers:
        if header not in there:
            there[header] = max(there.values()) + 1
            sheet.cell(1, there[header]).value = header
    for r, row in enumerate(rows, start=2):
        for header, given in zip(headers, row, strict=True):
            sheet.cell(r, there[header]).value = given


def run_console(content: str, folder: Path) -> None:
    """Run each ``$ command``; the lines under it must come out in this order, ``...`` stands for anything."""
    for part in re.split(r"^\$ ", content, flags=re.M)[1:]:
        command, *expected = part.strip().splitlines()
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(command)],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
            check=False,
        )
        printed = done.stdout + done.stderr
        pattern = ".*".join(re.escape(" ".join(line.split())) for line in _between_dots(expected))
        assert re.search(pattern, " ".join(printed.split()), re.S), (
            f"{command}\nexpected {expected}\nprinted:\n{printed}"
        )


def _between_dots(lines: list[str]) -> list[str]:
    return [part for line in lines for part in line.split("...")]


@pytest.mark.parametrize("name", ["tutorial.md", "howto/use-it-from-python.md"])
def test_the_page_does_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (DOCS / name).read_text(encoding="utf-8")
    seen: dict[str, object] = {}
    workbook = re.search(r"equipoise template (\S+\.xlsx)", text)
    done = steps(text)
    assert done
    for kind, sheet, content in done:
        if kind == "table":
            assert workbook is not None
            type_in(tmp_path / workbook[1], sheet, content)
        elif kind == "console":
            run_console(content, tmp_path)
        else:
            exec(compile(content, name, "exec"), seen)
