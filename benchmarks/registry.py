"""The benchmarks by name, in the order in which they run."""

from __future__ import annotations

from typing import Protocol

from benchmarks import again, growth, handover, share, workbook


class Benchmark(Protocol):
    """A module with a title and ``run(small) -> Markdown``."""

    TITLE: str

    def run(self, small: bool = False) -> str: ...


BENCHMARKS: dict[str, Benchmark] = {
    "handover": handover,
    "growth": growth,
    "workbook": workbook,
    "share": share,
    "again": again,
}
