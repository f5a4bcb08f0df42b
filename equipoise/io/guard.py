"""Before anything is parsed: what kind of file is it, is it whole, is it small enough?

The caps are absolute, so that a small file that unpacks to a huge one is stopped as well as a huge file. Everything here but
``check_source`` runs in the child process.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from equipoise.errors import Issue

MEGABYTE = 1_000_000
LARGEST_FILE = 500 * MEGABYTE
MOST_PARTS = 10_000
LARGEST_CONTENT = 1_000 * MEGABYTE
"""Bytes that the parts which are read may have when unpacked."""
MOST_CELLS = 5_000_000
"""Filled cells in the tables of a workbook or folder."""
MOST_SCANNED = 5_000_000
"""Rows and cells of a sheet, those that have a format but no value too."""
MOST_TEXTS = 1_000_000
"""Different texts of a workbook (its shared strings)."""
LARGEST_TEXTS = 200 * MEGABYTE
"""Bytes of these texts when unpacked."""
MEMORY = 3_000 * MEGABYTE
"""Bytes of memory the child process may take, where the system can limit it."""
SECONDS = 120.0
"""Wall-clock time the child process may take."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
SAVE_AS = "Open it in Excel and save it as an Excel workbook (.xlsx)."
SPLIT = "Keep only the tables of the case in the file, or cut them down."


class RefusedError(Exception):
    """The file cannot be read; ``issue`` says why."""

    def __init__(self, code: str, message: str, hint: str, cell: str = ""):
        super().__init__(message)
        self.issue = Issue(code, message, hint, cell=cell)


def check_source(path: Path) -> None:
    """Refuse what is not there, cannot be opened or is empty."""
    try:
        if not path.exists():
            raise RefusedError("file-not-found", f"{path} is not there.", "Check the name and the folder.")
        if path.is_dir():
            next(path.iterdir(), None)
            return
        if not path.is_file():
            text = f"{path} is no file but a pipe or a device."
            raise RefusedError("file-not-readable", text, "Save what it gives to a file, and give that.")
        with path.open("rb") as file:
            size, head = path.stat().st_size, file.read(1)
    except OSError as error:
        raise not_readable(path, error) from None
    except ValueError:
        raise RefusedError("file-not-found", f"{str(path)!r} is no name of a file.", "Check the name.") from None
    if not head:
        raise RefusedError(
            "file-empty", f"{path.name} is empty (0 bytes).", "Save it again in Excel, or fetch it again."
        )
    if size > LARGEST_FILE:
        raise too_heavy(path.name, f"has {size // MEGABYTE:,} MB; at most {LARGEST_FILE // MEGABYTE:,} MB are read")


def open_workbook(path: Path) -> zipfile.ZipFile:
    """The package of an .xlsx or .xlsm file, whatever its name ends in. Raises RefusedError for anything else."""
    with path.open("rb") as file:
        head = file.read(512)
        if head.startswith(OLE):
            _refuse_ole(path.name, head + file.read())
    if not head.startswith(ZIP):
        _refuse_other(path, head)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        raise damaged(path.name, "it is cut off, or was changed on its way") from None
    _check_package(path.name, archive)
    return archive


def damaged(name: str, why: str) -> RefusedError:
    """The refusal of a file that is broken inside."""
    return RefusedError(
        "file-damaged", f"{name} is damaged: {why}.", "Fetch it again, or open it in Excel and save it again."
    )


def not_readable(path: Path, error: OSError) -> RefusedError:
    """The refusal of a file that the system does not let us read."""
    hint = "Close it where it is open, and check that you may read it."
    return RefusedError("file-not-readable", f"{path} cannot be read ({error.strerror or error}).", hint)


def too_heavy(name: str, why: str) -> RefusedError:
    """The refusal of a file that goes beyond one of the caps."""
    return RefusedError("file-too-heavy", f"{name} {why}.", SPLIT)


def _refuse_ole(name: str, content: bytes) -> None:
    """Old Excel files and encrypted new ones are the same kind of container."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        hint = "Open it in Excel, take the password off (File, Info, Protect Workbook) and save it."
        raise RefusedError("file-encrypted", f"{name} is protected by a password.", hint)
    raise RefusedError("wrong-file-type", f"{name} is an old Excel file (.xls) or another Office file.", SAVE_AS)


def _refuse_other(path: Path, head: bytes) -> None:
    if b"\0" not in head:
        text = f"{path.name} is a text file, not an Excel workbook."
        hint = f"{SAVE_AS} CSV files are read as a folder with one file a table: give the folder."
        raise RefusedError("wrong-file-type", text, hint)
    raise RefusedError("wrong-file-type", f"{path.name} is not an Excel workbook.", SAVE_AS)


def _check_package(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise too_heavy(name, f"has {len(entries):,} parts; at most {MOST_PARTS:,} are read")
    parts = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError("file-encrypted", f"{name} is an encrypted zip file.", SAVE_AS)
    if "xl/workbook.bin" in parts:
        raise RefusedError("wrong-file-type", f"{name} is a binary Excel workbook (.xlsb).", SAVE_AS)
    if "[Content_Types].xml" not in parts or "_rels/.rels" not in parts:
        what = "an OpenDocument file (.ods)" if "mimetype" in parts else "a zip file, but no Excel workbook"
        raise RefusedError("wrong-file-type", f"{name} is {what}.", SAVE_AS)
