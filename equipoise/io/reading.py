"""Read a case from a workbook or a folder of CSV files: parsed in a child process, validated here."""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

import equipoise
from equipoise.case import Case
from equipoise.errors import DataError, Issue, memory_for
from equipoise.io.grid import MARK, Parsed, Sheet
from equipoise.io.guard import SECONDS, RefusedError, check_source, too_heavy
from equipoise.validate import Origin

log = logging.getLogger(__name__)

Tables = dict[str, pd.DataFrame]


def read_case(path: str | Path) -> Case:
    """The case in a workbook (.xlsx, .xlsm) or a folder of CSV files. Raises DataError with every issue of the file."""
    with memory_for(f"reading {Path(path).name}"):
        tables, origins, issues = read_tables(path)
        if not tables and any(i.severity == "error" for i in issues):
            raise DataError(issues)  # nothing was read: that tables are missing would say no more
        return Case.from_tables(tables, origins, issues)


def read_tables(
    path: str | Path, names: Collection[str] | None = None, seconds: float = SECONDS
) -> tuple[Tables, dict[str, Origin], tuple[Issue, ...]]:
    """The raw tables of a file by sheet, where their rows come from, and what was noticed while reading. Never raises for a bad file.

    ``names`` are the sheets to read (as headers match, so "Demand" is "demand"); None: the tables of a case, where a formula with the
    result 0 is doubted if its file was never calculated. Other sheets that hold values come without columns. A file that takes longer
    than ``seconds`` is given up.
    """
    source = Path(path)
    try:
        check_source(source)
        parsed = _in_child(source, names, seconds)
    except RefusedError as refused:
        return {}, {}, (refused.issue,)
    tables: Tables = {}
    origins: dict[str, Origin] = {}
    for sheet in parsed.sheets:
        name = _free_name(sheet.title, tables)
        tables[name], origins[name] = _frame(sheet), _origin(sheet)
    for other in parsed.others:
        tables.setdefault(other, pd.DataFrame())
    return tables, origins, tuple(parsed.issues)


def _free_name(name: str, taken: Mapping[str, object]) -> str:
    """A sheet's name, told apart from one of the same name (no Excel writes two, but a broken tool may)."""
    while name in taken:
        name += " (2)"
    return name


def _frame(sheet: Sheet) -> pd.DataFrame:
    columns = {n: pd.Series(values, dtype=object) for n, values in enumerate(sheet.columns)}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(sheet.rows)))
    frame.columns = pd.Index(sheet.headers, dtype=object)
    return frame


def _origin(sheet: Sheet) -> Origin:
    return Origin(sheet.name, sheet.rows, columns=sheet.letters, header=sheet.header_row, text=sheet.text)


def _in_child(path: Path, names: Collection[str] | None, seconds: float) -> Parsed:
    """Parse in a child process; a child that dies or does not end is the file's fault and says so. Raises RefusedError."""
    job = json.dumps({"path": str(path.absolute()), "names": None if names is None else list(names)})
    home = str(Path(equipoise.__file__).parent.parent)
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [sys.executable, "-P", "-m", "equipoise.io.worker"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        done = subprocess.run(
            command, input=job.encode(), capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise too_heavy(path.name, f"takes longer than {seconds:g} seconds to read") from None
    _, _, answer = done.stdout.partition(MARK)
    if done.returncode != 0 or not answer:
        log.debug("the reader of %s ended with %s: %s", path, done.returncode, done.stderr.decode(errors="replace"))
        why = (
            f"stopped the reader (exit code {done.returncode}): it is too large, or damaged in a way that is not known"
        )
        raise too_heavy(path.name, why)
    parsed: Parsed = pickle.loads(answer)
    return parsed
