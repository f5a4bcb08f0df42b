"""A plan that cannot be written where it was to go is kept somewhere else: what took minutes to find is not thrown away."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from equipoise.errors import OutputError
from equipoise.io.plancsv import write_plan_csv
from equipoise.io.save import save
from equipoise.plan import Plan

log = logging.getLogger(__name__)

PLACES = "beside the input, in the current folder or in the temporary folder"


def rescued(plan: Plan, book: bytes | None, source: Path) -> Path | None:
    """Keep a plan in the first of PLACES that takes it; where it lies now, None when it lies nowhere.

    It is kept as ``book``, its workbook, or as CSV files where there is none, or no room for it. The name tells of the input
    ``source``, that the plan was rescued, and when; nothing that is there already is replaced. In the temporary folder it gets a folder
    of its own, which other users of the machine cannot read.
    """
    name = f"{source.stem}-plan-rescued-{dt.datetime.now():%Y%m%d-%H%M%S}"
    if book is not None:
        kept = _in_one_of_the_places(
            lambda folder: save(folder / f"{name}.xlsx", lambda part: part.write_bytes(book)), source
        )
        if kept is not None:
            return kept
    return _in_one_of_the_places(lambda folder: write_plan_csv(plan, folder / name), source)


def _in_one_of_the_places(write: Callable[[Path], Path], source: Path) -> Path | None:
    own: list[Path] = []

    def temporary() -> Path:
        own.append(Path(tempfile.mkdtemp(prefix="equipoise-")))
        return own[0]

    for place in (lambda: source.absolute().parent.resolve(), Path.cwd, temporary):
        try:
            return write(place())
        except (OutputError, OSError) as error:
            log.debug("not rescued: %s", error)
    for folder in own:
        with contextlib.suppress(OSError):
            folder.rmdir()
    return None
