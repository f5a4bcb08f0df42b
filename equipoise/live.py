"""The live line of a running solve: time, best plan, bound and gap; silent when the output is no terminal."""

from __future__ import annotations

import shutil
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from equipoise.plan import relative_gap

if TYPE_CHECKING:
    from equipoise.engine.matrix import Progress


class LiveLine:
    """One line on stderr, rewritten in place."""

    def __init__(self, currency: str = "", quiet: bool = False):
        self.currency = currency
        self.on = not quiet and sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write("")

    def show(self, progress: Progress) -> None:
        """Show where the solve stands."""
        self._write(line(progress, self.currency))

    def _write(self, text: str) -> None:
        if self.on:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r{text[:width]:<{width}}\r{text[:width]}")
            sys.stderr.flush()


def line(progress: Progress, currency: str = "") -> str:
    """``12 s  best 1,234.00 EUR  bound 1,200.00  gap 34.00 (2.76 %)  stage``."""
    unit = f" {currency}" if currency else ""
    parts = [f"{progress.seconds:.0f} s"]
    if progress.objective is not None:
        parts.append(f"best {progress.objective:,.2f}{unit}")
    if progress.bound is not None:
        parts.append(f"bound {progress.bound:,.2f}")
    if progress.objective is not None and progress.bound is not None:
        gap = relative_gap(progress.objective, progress.bound)
        parts.append(f"gap {abs(progress.objective - progress.bound):,.2f} ({gap:.2%})")
    return "  ".join([*parts, progress.stage])
