"""Reading and writing a workbook of 300,000 cells: ours in turn with bare openpyxl and bare XlsxWriter on the same cells."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from benchmarks.instances import shared_lines
from benchmarks.measure import interleaved, markdown, spread, verdict
from equipoise.io import read_case, write_case
from equipoise.io.reading import read_tables

TITLE = "Reading and writing a workbook"
SIZE = (1450, 46)  # items, periods: demand alone has 266,800 cells
SMALL = (20, 12)
MOST = 2.0


def run(small: bool = False) -> str:
    case = shared_lines(*(SMALL if small else SIZE))
    rounds = 1 if small else 3
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = Path(folder) / "case.xlsx", Path(folder) / "bare.xlsx"
        write_case(case, ours)
        cells = _cells(ours)
        number = sum(cell is not None for rows in cells.values() for row in rows for cell in row)
        reading = interleaved(
            {
                "cells": lambda: read_tables(ours),
                "case": lambda: read_case(ours),
                "bare": lambda: _cells(ours),
            },
            rounds,
        )
        writing = interleaved({"case": lambda: write_case(case, ours), "bare": lambda: _write(cells, bare)}, rounds)
    rows = [
        ["openpyxl, read_only, values_only", spread(reading["bare"]), ""],
        ["equipoise, cells to tables", *_against(reading, "cells")],
        ["equipoise, cells to a checked case", *_against(reading, "case")],
        ["XlsxWriter, the same cells", spread(writing["bare"]), ""],
        ["equipoise, case to workbook", *_against(writing, "case")],
    ]
    ratios = [_ratio(reading, "case"), _ratio(writing, "case")]
    return "\n\n".join(
        (
            f"{number:,} cells in {len(cells)} sheets.",
            markdown(["way", "seconds", "against bare"], rows),
            f"Reading {ratios[0]:.2f} ({verdict(ratios[0], MOST)}), writing {ratios[1]:.2f} ({verdict(ratios[1], MOST)}).",
        )
    )


def _ratio(seconds: dict[str, list[float]], way: str) -> float:
    return statistics.median(seconds[way]) / statistics.median(seconds["bare"])


def _against(seconds: dict[str, list[float]], way: str) -> tuple[str, str]:
    return spread(seconds[way]), f"{_ratio(seconds, way):.2f}"


def _cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every cell as bare openpyxl reads it."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    finally:
        book.close()


def _write(cells: dict[str, list[tuple[Any, ...]]], path: Path) -> None:
    """The same cells as bare XlsxWriter writes them."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in cells.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
