"""A result is written whole or not at all, and nothing of anybody else's is lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from writeback_books import plan_book, planner_book

from equipoise.errors import OutputError
from equipoise.io.save import PLAN_PROPERTY, is_own_title, is_plan_book, save
from equipoise.io.writeback import write_back


def text(words: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(words)


def failing(error: Exception) -> Callable[[Path], object]:
    """A writer that fails half way."""

    def write(path: Path) -> None:
        path.write_text("half")
        raise error

    return write


NEW = text("new")


def refusal(path: Path, write: Callable[[Path], object] = NEW, **options: object) -> str:
    """The message of a refusal, after which the folder is as it was."""
    before = {p: p.read_bytes() for p in path.parent.rglob("*") if p.is_file()} if path.parent.is_dir() else {}
    with pytest.raises(OutputError) as error:
        save(path, write, **options)  # type: ignore[arg-type]
    if path.parent.is_dir():
        assert {p: p.read_bytes() for p in path.parent.rglob("*") if p.is_file()} == before
    return str(error.value)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "X-plan.xlsx"


def test_the_answer_is_the_path_and_no_temporary_file_stays(target: Path) -> None:
    assert save(target, text("new")) == target
    assert [p.name for p in target.parent.iterdir()] == ["X-plan.xlsx"]
    assert target.read_text() == "new"


def test_the_writer_gets_a_path_beside_the_target_with_its_suffix(target: Path) -> None:
    seen: list[Path] = []
    save(target, lambda path: (seen.append(path), path.write_text("")))
    assert seen[0].parent == target.parent and seen[0].suffix == ".xlsx" and seen[0] != target


def test_a_file_that_is_not_ours_is_refused_unless_forced(target: Path) -> None:
    target.write_text("letters")
    assert refusal(target, is_ours=lambda p: False) == (
        f"target-exists: {target} is there already and is no plan of this program; it was left as it is. "
        "Choose another name, or replace it with --force."
    )
    assert refusal(target).startswith("target-exists")
    assert save(target, text("new"), force=True).read_text() == "new"


def test_a_plan_of_ours_is_replaced(target: Path) -> None:
    target.write_text("old plan")
    assert save(target, text("new"), is_ours=lambda p: p.read_text() == "old plan") == target
    assert target.read_text() == "new"


def test_a_failing_writer_leaves_the_old_file(target: Path) -> None:
    target.write_text("old")
    with pytest.raises(ZeroDivisionError):
        save(target, failing(ZeroDivisionError()), force=True)
    with pytest.raises(KeyboardInterrupt):
        save(target, lambda path: (path.write_text("half"), (_ for _ in ()).throw(KeyboardInterrupt()))[1], force=True)
    assert [p.read_text() for p in target.parent.iterdir()] == ["old"]


def test_a_full_disk_is_told(target: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    message = f"disk-full: there is no room for {target}. Free some, or choose another place."
    assert refusal(target, failing(full)) == message
    assert refusal(target, failing(xlsxwriter.exceptions.FileCreateError(full))) == message


def test_other_errors_of_the_system_are_told(target: Path) -> None:
    assert refusal(target, failing(OSError(errno.EIO, "Input/output error"))) == (
        f"write-failed: {target} could not be written (Input/output error). Choose another place."
    )
    assert refusal(target, failing(PermissionError(errno.EACCES, "no"))) == (
        f"folder-read-only: nothing may be written in {target.parent}. Choose another place."
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    assert refusal(tmp_path / "plans", force=True) == (
        f"target-is-folder: {tmp_path / 'plans'} is a folder. Give the name of a file in it."
    )


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none" / "plan.xlsx") == (
        f"folder-missing: there is no folder {tmp_path / 'none'}. Make it first, or choose another."
    )


def test_a_name_too_long_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("x" * 300 + ".xlsx")).startswith(
        "name-too-long: the system takes no name as long as xxx"
    )


def test_a_locked_target_gives_a_free_name_beside_it(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows with the plan open in Excel: the rename is refused, and the result must not be lost."""
    target.write_text("open in Excel")
    target.with_name("X-plan (2).xlsx").write_text("somebody's")
    rename = Path.replace

    def locked(self: Path, to: Path) -> Path:
        if to == target:
            raise PermissionError(errno.EACCES, "in use")
        return rename(self, to)

    monkeypatch.setattr(Path, "replace", locked)
    assert save(target, text("new"), force=True).name == "X-plan (3).xlsx"
    texts = {p.name: p.read_text() for p in target.parent.iterdir()}
    assert texts == {"X-plan.xlsx": "open in Excel", "X-plan (2).xlsx": "somebody's", "X-plan (3).xlsx": "new"}


@pytest.mark.parametrize("lock", ["~$X-plan.xlsx", ".~lock.X-plan.xlsx#"])
def test_lock_files_of_excel_and_libreoffice_are_respected(target: Path, lock: str) -> None:
    target.write_text("open")
    target.with_name(lock).write_text("me")
    assert save(target, text("new"), force=True).name == "X-plan (2).xlsx"
    assert target.read_text() == "open"


def test_a_numbered_name_counts_on(target: Path) -> None:
    second = target.with_name("X-plan (2).xlsx")
    second.write_text("open")
    second.with_name("~$X-plan (2).xlsx").write_text("me")
    assert save(second, text("new"), force=True).name == "X-plan (3).xlsx"


def test_a_write_protected_file_is_left_alone(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target.write_text("keep")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != target)
    assert save(target, text("new"), force=True).name == "X-plan (2).xlsx"
    assert target.read_text() == "keep"


def test_when_nothing_may_be_written_beside_it_either_it_says_so(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, to: Path) -> Path:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "replace", refused)
    target.write_text("old")
    assert refusal(target, force=True).startswith("folder-read-only")
    target.unlink()
    assert refusal(target).startswith("folder-read-only")


def test_when_every_name_beside_it_is_taken_it_says_so(target: Path) -> None:
    target.write_text("open")
    target.with_name("~$X-plan.xlsx").write_text("me")
    for number in range(2, 100):
        target.with_name(f"X-plan ({number}).xlsx").write_text("other")
    assert refusal(target, force=True).startswith(f"target-locked: {target} is open in another program")


# --- knowing our own files ---------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_a_plan_workbook_is_known_by_its_property(tmp_path: Path) -> None:
    plan = plan_book(tmp_path / "plan.xlsx")
    assert is_plan_book(plan)
    book = openpyxl.load_workbook(plan)
    assert book.custom_doc_props[PLAN_PROPERTY].value == "1"


def test_a_copy_with_a_plan_written_back_is_known_by_its_sheets(tmp_path: Path) -> None:
    source = planner_book(tmp_path / "mine.xlsx")
    assert not is_plan_book(source)
    assert is_plan_book(write_back(source, plan_book(tmp_path / "plan.xlsx"), tmp_path / "copy.xlsx"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"item;quantity\n"])
def test_other_files_are_not_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "X-plan.xlsx"
    path.write_bytes(content)
    assert not is_plan_book(path)
    assert not is_plan_book(tmp_path / "none.xlsx")


def test_one_sheet_with_our_prefix_makes_no_plan(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "mine.xlsx"))
    for title in ("eq_Summary", "eq_ideas", "Stock"):
        book.add_worksheet(title)
    book.close()
    assert not is_plan_book(tmp_path / "mine.xlsx")


@pytest.mark.parametrize(
    ("title", "own"),
    [("eq_Summary", True), ("EQ_stock", True), ("eq_Stock (2)", True), ("eq_in_demand", True),
     ("eq_ideas", False), ("Summary", False), ("eq_Stock (x)", False), ("eq_Summary old", False)],
)  # fmt: skip
def test_titles_a_write_back_may_replace(title: str, own: bool) -> None:
    assert is_own_title(title) is own
