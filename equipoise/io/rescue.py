"""A result that cannot be written where it was to go is kept somewhere else: what took minutes to find is not thrown away."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from equipoise.errors import OutputError

log = logging.getLogger(__name__)

PLACES = "beside the input, in the current folder or in the temporary folder"


def rescued(write: Callable[[Path], Path], source: Path, ending: str) -> Path | None:
    """Let ``write`` put a result into the first of PLACES that takes it; where it lies now, None when it lies nowhere.

    The name tells of the input ``source``, that it was rescued, and when; ``ending`` is that of a file, "" for a folder. In the
    temporary folder it gets a folder of its own, which other users of the machine cannot read.
    """
    name = f"{source.stem}-plan-rescued-{dt.datetime.now():%Y%m%d-%H%M%S}{ending}"
    own: list[Path] = []

    def temporary() -> Path:
        own.append(Path(tempfile.mkdtemp(prefix="equipoise-")))
        return own[0]

    for place in (lambda: source.absolute().parent.resolve(), Path.cwd, temporary):
        try:
            return write(place() / name)
        except (OutputError, OSError) as error:
            log.debug("not rescued: %s", error)
    for folder in own:
        with contextlib.suppress(OSError):
            folder.rmdir()
    return None
