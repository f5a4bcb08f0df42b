"""Reading many files in one process, for tests that read hundreds of them. The child process has tests of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from equipoise.io import reading
from equipoise.io.worker import parse
from equipoise.tables import LATER, TABLES


@pytest.fixture
def parsed_here() -> Iterator[None]:
    """read_case parses in this process instead of a child."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_in_child", lambda path, names, seconds: parse(path, names or (*TABLES, *LATER)))
        yield
