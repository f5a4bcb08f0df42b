"""The table of bad input holds: every row of docs/reference/bad-input.md is tried, and every code of the reader stands in it."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import ugly_cells
import ugly_csv
import ugly_files
import ugly_links
import ugly_sheets
from ugly import EXAMPLES, IN_CHILD

import equipoise
from equipoise.errors import Issue
from equipoise.io import reading, worker
from equipoise.validate import Clean, validate

MODULES = (ugly_files, ugly_sheets, ugly_cells, ugly_links, ugly_csv)
PACKAGE = Path(equipoise.__file__).parent
READERS = (
    "validate/*.py",
    *(f"io/{name}.py" for name in ("guard", "xmlscan", "grid", "sheetxml", "excel", "csvfiles", "worker", "reading")),
)
SEVERITY = {"refused": "error", "warning": "warning", "note": "note"}


class Row(NamedTuple):
    """One row of the table."""

    kind: str
    answer: str
    code: str
    says: str


def rows() -> Iterator[Row]:
    """Every row of every table on the page."""
    page = (PACKAGE.parent / "docs" / "reference" / "bad-input.md").read_text(encoding="utf-8")
    for line in page.splitlines():
        if line.startswith("| ") and not line.startswith(("| input ", "|---")):
            yield Row(*(cell.strip() for cell in line.strip("|").split("|")))


ROWS = list(rows())


def codes_written() -> set[str]:
    """Every code that the reader and the validation write down: the first argument of what makes an issue."""
    makers = {"Issue", "BadCell", "RefusedError", "_bad", "_issue", "add"}
    found = set()
    for pattern in READERS:
        for path in PACKAGE.glob(pattern):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    words = (
                        [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
                        if name in makers
                        else []
                    )
                    found |= {
                        word
                        for word in words
                        if isinstance(word, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", word)
                    }
    return found


def test_every_row_has_an_example_and_every_example_a_row() -> None:
    assert len({row.kind for row in ROWS}) == len(ROWS)
    assert sorted(EXAMPLES) == sorted(row.kind for row in ROWS)


def test_every_code_of_the_reader_stands_in_the_table() -> None:
    assert sorted(codes_written()) == sorted({row.code.strip("`") for row in ROWS if row.code})


def _in_process(path: Path, names: Any, seconds: float) -> Any:
    return pickle.loads(pickle.dumps(worker.parse(path, names)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_the_answer_is_what_the_table_says(row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code, its severity and its words; no other error or warning beside it; and what had to be read was read."""
    if row.kind not in IN_CHILD:
        monkeypatch.setattr(reading, "_in_child", _in_process)
    made = EXAMPLES[row.kind](tmp_path, monkeypatch)
    source, check = made if isinstance(made, tuple) else (made, None)
    tables, origins, issues = reading.read_tables(source) if isinstance(source, Path) else (source, {}, ())
    clean = validate(tables, origins) if tables else None
    found: tuple[Issue, ...] = (*issues, *(clean.issues if clean else ()))
    assert {(i.severity, i.code) for i in found} == (
        {(SEVERITY[row.answer], row.code.strip("`"))} if row.code else set()
    ), found
    if row.code:
        assert any(row.says in f"{i.message} {i.hint}" for i in found), found
    if check is not None:
        assert isinstance(clean, Clean)
        check(clean)
