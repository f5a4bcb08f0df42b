"""The child process that parses a file: ``python -m equipoise.io.worker``, a job in JSON on stdin, on stdout MARK and a pickled Parsed.

Whatever a file does to the parser (memory, time, a crash) ends here; the parent only sees that no answer came.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Collection
from pathlib import Path

from equipoise.io.csvfiles import read_folder
from equipoise.io.excel import read_workbook
from equipoise.io.grid import MARK, Grid, Parsed, shape
from equipoise.io.guard import MEGABYTE, MEMORY, RefusedError, check_source, not_readable, too_heavy
from equipoise.tables import LATER, TABLES, plain


def parse(path: Path, names: Collection[str] | None) -> Parsed:
    """Every sheet of ``path`` whose name is one of ``names`` (as they match; None: the tables of a case), in this process."""
    parsed = Parsed()
    wanted = {plain(name): name for name in names or (*TABLES, *LATER)}
    try:
        check_source(path)
        for grid in _grids(path, wanted, names is None, parsed):
            _take(grid, wanted, parsed)
    except RefusedError as refused:
        parsed.issues.append(refused.issue)
    except OSError as error:
        parsed.issues.append(not_readable(path, error).issue)
    except MemoryError:
        parsed = Parsed(
            issues=[too_heavy(path.name, f"takes more than {_memory() // MEGABYTE:,} MB of memory to read").issue]
        )
    return parsed


def _grids(path: Path, wanted: Collection[str], doubt_zeros: bool, parsed: Parsed) -> list[Grid]:
    def is_wanted(title: str) -> bool:
        return plain(title) in wanted

    if path.is_dir():
        return read_folder(path, is_wanted, parsed.issues)
    return read_workbook(path, is_wanted, doubt_zeros)


def _take(grid: Grid, wanted: dict[str, str], parsed: Parsed) -> None:
    name = wanted.get(plain(grid.title))
    if name is not None:
        parsed.sheets.append(shape(grid, name, parsed.issues))
    elif grid.rows:
        parsed.others.append(grid.title)


def _memory() -> int:
    """Bytes of memory this process may take."""
    try:
        import resource
    except ImportError:
        return MEMORY
    least = min(resource.getrlimit(resource.RLIMIT_AS))
    return MEMORY if least == resource.RLIM_INFINITY or least < 0 else min(MEMORY, least)


def limit_memory() -> None:
    """Cap the memory of this process where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the caps on bytes and cells stand alone
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ValueError, OSError):  # a lower limit is set already, or the system has none
        return


def main() -> None:
    """One job, one answer."""
    job = json.load(sys.stdin)
    limit_memory()
    answer = pickle.dumps(parse(Path(job["path"]), job["names"]), protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.write(MARK + answer)


if __name__ == "__main__":
    main()
