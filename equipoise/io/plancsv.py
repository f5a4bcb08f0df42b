"""A plan as a folder of CSV files: one file a plan table, and beside them what the plan claims."""

from __future__ import annotations

import csv
import io
import json
import math
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from equipoise.errors import OutputError
from equipoise.io.save import PLAN_FILE, PLAN_PROPERTY, reason, save
from equipoise.plan import PLAN_TABLES, Plan

FORMAT = 1
"""Version of the form of these files."""


def write_plan_csv(plan: Plan, folder: str | Path, *, force: bool = False) -> Path:
    """Write every table of a plan, also empty ones, to ``folder``/make.csv and so on; returns the folder.

    A folder that holds files is only written to when a plan of ours is in it, or with ``force``. All files are made aside first: what
    fails or is broken off while they are made leaves the folder as it was. Raises OutputError.
    """
    target = Path(folder)
    check_folder(target, force=force)
    texts = {f"{name}.csv": _table(plan, name) for name in PLAN_TABLES} | {PLAN_FILE: _facts(plan)}
    is_there = target.is_dir()
    aside = (target if is_there else target.parent) / f".{target.name[:40]}-{secrets.token_hex(4)}"
    try:
        aside.mkdir()
        for name, text in texts.items():
            _write(aside / name, text)
        if is_there:
            _take_over(aside, target, texts)
        else:
            aside.replace(target)
    except OSError as error:
        raise OutputError(reason(target, error)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Raise OutputError where ``write_plan_csv`` would refuse the name: a file, no folder to put it in, files of somebody else."""
    try:
        if folder.is_dir():
            if any(folder.iterdir()) and not force and not is_plan_folder(folder):
                text = (
                    f"target-exists: the folder {folder} holds files and no plan of this program; nothing was written."
                )
                raise OutputError(f"{text} Choose an empty one, or write into it with --force.")
        elif folder.exists():
            raise OutputError(f"target-exists: {folder} is a file, no folder. Choose another name.")
        elif not folder.parent.is_dir():
            text = f"folder-missing: the folder {folder} cannot be made: there is no folder {folder.parent}."
            raise OutputError(f"{text} Make that first, or choose another.")
    except OSError as error:
        raise OutputError(reason(folder, error)) from error


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


def _table(plan: Plan, name: str) -> str:
    frame, columns = plan.tables.get(name), [c.name for c in PLAN_TABLES[name].columns]
    return _csv(columns, _rows(frame, columns) if frame is not None else ())


def _facts(plan: Plan) -> str:
    facts = {"status": plan.status, "fingerprint": plan.case.fingerprint, "objective": plan.objective}
    return json.dumps({PLAN_PROPERTY: FORMAT, **facts}, indent=2) + "\n"


def _write(path: Path, text: str) -> None:
    data = text.encode()
    save(path, lambda target: target.write_bytes(data), force=True)


def _take_over(aside: Path, folder: Path, names: Iterable[str]) -> None:
    """Put the files made aside in the place of those of an earlier plan. What is claimed of them comes last: meanwhile nothing is."""
    _write(folder / PLAN_FILE, json.dumps({PLAN_PROPERTY: FORMAT}) + "\n")
    for name in names:
        written = save(folder / name, (aside / name).replace, force=True)
        if written != folder / name:
            written.unlink()
            text = f"target-locked: {folder / name} is open in another program or write-protected."
            raise OutputError(f"{text} Close it, and write again.")
