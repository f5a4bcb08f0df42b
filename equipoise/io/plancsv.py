"""A plan as a folder of CSV files: one file a plan table, and beside them what the plan claims."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from equipoise.errors import OutputError
from equipoise.io.save import PLAN_FILE, PLAN_PROPERTY, save
from equipoise.plan import PLAN_TABLES, Plan

FORMAT = 1
"""Version of the form of these files."""


def write_plan_csv(plan: Plan, folder: str | Path, *, force: bool = False) -> Path:
    """Write every table of a plan, also empty ones, to ``folder``/make.csv and so on; returns the folder.

    A folder that holds files is only written to when a plan of ours is in it, or with ``force``. Raises OutputError.
    """
    target = Path(folder)
    try:
        if target.is_dir() and any(target.iterdir()) and not force and not is_plan_folder(target):
            text = f"target-exists: the folder {target} holds files and no plan of this program; nothing was written."
            raise OutputError(f"{text} Choose an empty one with -o, or write into it with --force.")
        target.mkdir(exist_ok=True)
    except OSError as error:
        text = f"folder-missing: the folder {target} cannot be made ({error.strerror or error})."
        raise OutputError(f"{text} Choose another with -o.") from error
    for name, table in PLAN_TABLES.items():
        frame = plan.tables.get(name)
        columns = [c.name for c in table.columns]
        rows = _rows(frame, columns) if frame is not None else ()
        _write(target / f"{name}.csv", _csv(columns, rows))
    facts = {
        PLAN_PROPERTY: FORMAT,
        "status": plan.status,
        "fingerprint": plan.case.fingerprint,
        "objective": plan.objective,
    }
    _write(target / PLAN_FILE, json.dumps(facts, indent=2) + "\n")
    return target


def is_plan_folder(folder: Path) -> bool:
    """Whether a folder holds a plan written by ``write_plan_csv``."""
    try:
        facts = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(facts, dict) and PLAN_PROPERTY in facts


def _rows(frame: pd.DataFrame, columns: list[str]) -> Iterable[list[str]]:
    return ([_shown(v) for v in row] for row in zip(*(frame[c].tolist() for c in columns), strict=True))


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def _csv(columns: list[str], rows: Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    data = text.encode()
    written = save(path, lambda target: target.write_bytes(data), force=True)
    if written != path:
        written.unlink()
        raise OutputError(
            f"target-locked: {path} is open in another program or write-protected. Close it, and write again."
        )
