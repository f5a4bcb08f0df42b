"""What can go wrong, as values and as exceptions.

    EquipoiseError
    +-- DataError        the case cannot be planned as it stands; carries every Issue found
    +-- ModelError       the model was asked for something it does not have (a switch, a feature)
    +-- SolverError      no way of solving gave an answer that can be trusted
    |   +-- OutOfMemoryError   there was not enough memory to get to one
    +-- OutputError      the result exists but could not be written

Infeasible, unbounded and out of time are outcomes (``Plan.status``), not exceptions.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Issue:
    """One thing to know about the input, with the cell it comes from.

    ``code`` is a stable kebab-case word (listed in docs/reference/issues.md); ``cell`` is ``sheet!D14`` where it is known;
    ``message`` says what is wrong with the value in it, ``hint`` says the next step.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    table: str = ""
    column: str = ""
    cell: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = f"{self.cell or self.table}: " if (self.cell or self.table) else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.severity} {self.code}: {place}{self.message}{hint}"


@dataclass(frozen=True)
class BadCell:
    """A cell that has no value to plan with: an Excel error, a formula without a stored result, a value of the wrong kind.

    Readers put it into raw tables; ``shown`` is what the cell shows.
    """

    code: str
    shown: str
    message: str
    hint: str


class EquipoiseError(Exception):
    """Base of everything this package raises on purpose."""


class DataError(EquipoiseError):
    """The input has errors. ``issues`` holds all of them, with the warnings found beside them."""

    def __init__(self, issues: Iterable[Issue]):
        self.issues = tuple(issues)
        super().__init__(self._text())

    @property
    def errors(self) -> tuple[Issue, ...]:
        return tuple(i for i in self.issues if i.severity == "error")

    def _text(self) -> str:
        errors = self.errors
        shown = "\n".join(f"  {issue}" for issue in errors[:20])
        more = f"\n  ... and {len(errors) - 20} more" if len(errors) > 20 else ""
        return f"{len(errors)} error{'s' if len(errors) != 1 else ''} in the data\n{shown}{more}"


class ModelError(EquipoiseError):
    """The model cannot be built as asked."""


class SolverError(EquipoiseError):
    """The solver gave no answer that can be trusted."""


class OutOfMemoryError(SolverError):
    """There is not enough memory; the message says for what, and what helps."""

    def __init__(self, doing: str = "working", helps: str = ""):
        super().__init__(f"not enough memory for {doing}. {helps or MORE_MEMORY}")


MORE_MEMORY = "Close other programs, raise the limit set on this process (ulimit -v), or plan fewer items, sites or periods at once."


@contextmanager
def memory_for(doing: str, helps: str = "") -> Iterator[None]:
    """Whatever runs out of memory inside becomes an OutOfMemoryError that says what was being done; what it held is let go."""
    try:
        yield
    except (MemoryError, SystemError) as error:  # C code now and then fails for memory without saying so
        if isinstance(error, SystemError) and "without" not in str(error):
            raise
        traceback.clear_frames(error.__traceback__)
        raise OutOfMemoryError(doing, helps) from None


class OutputError(EquipoiseError):
    """The result could not be written; the message says where and what to do."""
