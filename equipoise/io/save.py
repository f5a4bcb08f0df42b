"""Writing a result so that nothing is lost: to a temporary file first, then under its name in one step."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from equipoise.errors import OutputError
from equipoise.io.package import Package
from equipoise.io.workbookpart import Workbook
from equipoise.plan import PLAN_TABLES
from equipoise.tables import TABLES

PLAN_PROPERTY = "equipoise_plan"
"""The custom document property every plan workbook carries, by which it is known again."""

FINGERPRINT_NAME, OBJECTIVE_NAME = "eq_fingerprint", "eq_objective"
"""Defined names of a plan workbook: the fingerprint of its case (text) and the objective (a number with all its digits)."""

PLAN_FILE = "plan.json"
"""What a plan claims, beside its tables in a folder of CSV files."""

PREFIX = "eq_"
"""Sheets of ours in the planner's own workbook begin with it."""

_TITLES = ("Summary", "Plan", *(t.sheet for t in PLAN_TABLES.values()), "Audit", "Notes", *(f"in_{t}" for t in TABLES))
_OWN_TITLE = re.compile(rf"{PREFIX}(?:{'|'.join(map(re.escape, _TITLES))})(?: \(\d+\))?", re.IGNORECASE)

_TRIES = 99
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def save(
    path: Path,
    write: Callable[[Path], object],
    *,
    force: bool = False,
    is_ours: Callable[[Path], bool] | None = None,
) -> Path:
    """Let ``write`` make a temporary file beside ``path``, then give it its name; returns the path it got.

    A file already there is replaced only when ``is_ours`` knows it or with ``force``. One that is open elsewhere or write-protected is
    left alone: the result gets the next free name beside it ("plan (2).xlsx"), so compare the answer with ``path``. Raises OutputError
    (the file is not ours; no such folder; folder read-only; disk full; ``path`` is a folder), and whatever else ``write`` raises. The
    temporary file is always removed.
    """
    path = Path(path)
    check_target(path, force=force, is_ours=is_ours)
    temporary = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}{path.suffix}")
    try:
        try:
            write(temporary)
            _flush(temporary)
        except Exception as error:
            cause = _os_error(error)
            if cause is None:
                raise
            raise OutputError(reason(path, cause)) from error
        return _give_name(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def is_own_title(title: str) -> bool:
    """Whether a write-back may replace a sheet of this title. Others are the planner's, whatever their name begins with."""
    return bool(_OWN_TITLE.fullmatch(title))


def is_plan_book(path: Path) -> bool:
    """Whether a file is a plan workbook of ours, or a workbook with a plan written back into it."""
    try:
        package = Package.read(Path(path))
        custom = next((r.part for r in package.relations() if r.kind == "custom-properties"), "")
        if custom and any(n.get("name") == PLAN_PROPERTY for n in package.xml(custom).children):
            return True
        titles = [s.title for s in Workbook(package).sheets]
    except OutputError:
        return False
    return f"{PREFIX}Summary" in titles and sum(map(is_own_title, titles)) > 1


def check_target(path: Path, *, force: bool = False, is_ours: Callable[[Path], bool] | None = None) -> None:
    """Raises OutputError where ``save`` would refuse the name: a folder, no folder to put it in, a file that is not ours."""
    try:
        if path.is_dir():
            raise OutputError(f"target-is-folder: {path} is a folder. Give the name of a file in it.")
        if not path.parent.is_dir():
            raise OutputError(f"folder-missing: there is no folder {path.parent}. Make it first, or choose another.")
        if path.exists() and not force and not (is_ours is not None and is_ours(path)):
            text = f"target-exists: {path} is there already and is no plan of this program; it was left as it is."
            raise OutputError(f"{text} Choose another name, or replace it with --force.")
    except OSError as error:
        raise OutputError(reason(path, error)) from error


def check_ending(path: Path, what: str = "an Excel workbook", ending: str = ".xlsx") -> None:
    """Raises OutputError for a name under which Excel would not open ``what`` is to be written."""
    if path.suffix.lower() != ending.lower():
        text = f"wrong-suffix: {what} must end in {ending}, or Excel refuses to open it."
        raise OutputError(f"{text} Name it {path.with_suffix(ending).name}.")


def _give_name(temporary: Path, path: Path) -> Path:
    """Rename the finished file; a name in use gives way to a free one beside it."""
    try:
        if not _in_use(path):
            try:
                return _renamed(temporary, path)
            except PermissionError:
                if not path.exists():
                    raise  # else Windows says so because another program has the file open
        return _beside(temporary, path)
    except OSError as error:
        raise OutputError(reason(path, error)) from error


def _beside(temporary: Path, path: Path) -> Path:
    bare = re.sub(r" \(\d+\)$", "", path.stem)
    for number in range(2, _TRIES + 1):
        beside = path.with_name(f"{bare} ({number}){path.suffix}")
        try:
            beside.open("xb").close()
        except FileExistsError:
            continue
        try:
            return _renamed(temporary, beside)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
    text = f"target-locked: {path} is open in another program or write-protected, and {_TRIES - 1} names beside it are taken."
    raise OutputError(f"{text} Close it, or choose another name.")


def _renamed(temporary: Path, path: Path) -> Path:
    temporary.replace(path)
    _flush_folder(path.parent)
    return path


def _in_use(path: Path) -> bool:
    """Whether the file is write-protected, or open in Excel or LibreOffice as their lock files say (only Windows locks the file itself)."""
    locks = (f"~${path.name}", f".~lock.{path.name}#")
    return path.exists() and (not os.access(path, os.W_OK) or any(path.with_name(lock).exists() for lock in locks))


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name durable where the system can: not on Windows, nor on some network drives."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _os_error(error: BaseException) -> OSError | None:
    """The system's error behind an error of a writer (XlsxWriter wraps it)."""
    return next((e for e in (error, *error.args, error.__cause__, error.__context__) if isinstance(e, OSError)), None)


def reason(path: Path, error: OSError) -> str:
    """Why the system does not let ``path`` be written, and what to do."""
    if error.errno in _FULL:
        return f"disk-full: there is no room for {path}. Free some, or choose another place."
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"folder-read-only: nothing may be written in {path.parent}. Choose another place."
    if error.errno == errno.ENAMETOOLONG:
        return f"name-too-long: the system takes no name as long as {path.name}. Choose a shorter one."
    return f"write-failed: {path} could not be written ({error.strerror or error}). Choose another place."
