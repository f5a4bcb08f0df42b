"""The child process that parses: what it is given, what it may take, and what becomes of it."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from ugly import book, csvs

import equipoise
from equipoise.io import read_case, read_tables
from equipoise.io.grid import MARK, Parsed

HOME = str(Path(equipoise.__file__).parent.parent)


def test_the_child_loads_no_pandas_and_no_spreadsheet_library(tmp_path: Path) -> None:
    """It starts for every file that is read: it must start fast."""
    code = "import sys, equipoise.io.worker; print(sorted({'pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'pyomo'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME)
    assert done.stdout.strip() == "[]"


def test_modules_in_the_working_folder_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planner's folder may hold a calendar.py."""
    for name in ("zipfile", "calendar", "pickle", "equipoise"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    path = book(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert read_case(path.name).items == ("Apple", "Pear")


def test_odd_file_names_are_read(tmp_path: Path) -> None:
    place = tmp_path / "Übersicht 'März' 🍎"
    place.mkdir()
    assert read_case(book(place)).items == ("Apple", "Pear")
    assert read_case(csvs(place)).items == ("Apple", "Pear")


def test_memory_is_capped_where_the_system_can(tmp_path: Path) -> None:
    """Under a cap below what the file takes, the answer is a message; where there are no caps, the file is read."""
    rows = [["item", "description"], *([f"item {n}", "x" * 300 + str(n)] for n in range(60_000))]
    folder = csvs(tmp_path, items=rows)
    code = "from equipoise.io import worker; worker.MEMORY = 100_000_000; worker.main()"
    job = json.dumps({"path": str(folder), "names": None}).encode()
    done = subprocess.run([sys.executable, "-c", code], input=job, capture_output=True, check=True, cwd=HOME)
    answer = pickle.loads(done.stdout.partition(MARK)[2])
    assert isinstance(answer, Parsed)
    can_cap = importlib.util.find_spec("resource") is not None and sys.platform.startswith("linux")
    assert [i.code for i in answer.issues] == (["file-too-heavy"] if can_cap else [])


def test_a_child_that_ends_without_an_answer_is_told_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda command, **o: run([*command[:-2], "-c", "raise SystemExit(7)"], **o))
    tables, origins, (issue,) = read_tables(book(tmp_path))
    assert (tables, origins, issue.code) == ({}, {}, "file-too-heavy")
    assert "(exit code 7)" in issue.message


def test_what_the_child_prints_by_the_way_spoils_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that prints when it is imported (here through sitecustomize) must not mix with the answer."""
    (tmp_path / "sitecustomize.py").write_text("print('hello')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")])))
    assert read_case(book(tmp_path)).items == ("Apple", "Pear")
