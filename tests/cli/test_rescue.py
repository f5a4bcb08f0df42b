"""A plan that was found is kept, whatever becomes of the place it was to go to, and the planner is told where it is."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from cases import case, one_item
from click.testing import CliRunner, Result

from equipoise import app
from equipoise.cli import main
from equipoise.io import save, write_case

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder; the case lies in ``inputs``, results go to ``out``, the temporary folder is ``temporary``."""
    for name in ("work", "inputs", "out", "temporary"):
        (tmp_path / name).mkdir()
    write_case(case(**one_item(90, 120, 80, 70, hold=2, recipes={"setup_cost": 500})), tmp_path / "inputs/case.xlsx")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return tmp_path


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Path], bool]], None]:
    """Makes the disk full for the files of which something holds."""

    def patch(is_full: Callable[[Path], bool]) -> None:
        real = save._flush

        def flush(path: Path) -> None:
            if is_full(path):
                raise FULL
            real(path)

        monkeypatch.setattr(save, "_flush", flush)

    return patch


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Does something after the solve, before its result is written."""

    def patch(happens: Callable[[], object]) -> None:
        real = app.plan

        def planned(*args: object, **named: object) -> object:
            found = real(*args, **named)  # type: ignore[arg-type]
            happens()
            return found

        monkeypatch.setattr(app, "plan", planned)

    return patch


def plan(*words: str, code: int = 8) -> Result:
    result = CliRunner().invoke(main, ["plan", "../inputs/case.xlsx", *words])
    assert result.exit_code == code, (result.output, result.stderr, result.exception)
    return result


def only(folder: Path, pattern: str = "case-plan-rescued-*") -> Path:
    """The one file there besides the input; nothing half-written is left."""
    found = [p for p in folder.iterdir() if p.name != "case.xlsx"]
    assert [p for p in found if p.match(pattern)] == found
    assert len(found) == 1
    return found[0]


def test_a_full_disk_keeps_the_plan_beside_the_input(work, full):
    full(lambda path: path.parent.name == "out")
    result = plan("-o", "../out/plan.xlsx")
    kept = only(work / "inputs")
    assert kept.suffix == ".xlsx"
    target = Path("../out/plan.xlsx")
    why = f"disk-full: there is no room for {target}. Free some, or choose another place."
    assert result.stderr == f"Error: {why} The plan is not lost: it is in {kept.resolve()}\n"
    assert "Proven optimal. Cost 1,380.00" in result.stdout
    assert kept.name in result.stdout.splitlines()[-1]
    assert not any((work / "out").iterdir())
    assert app.audit(work / "inputs/case.xlsx", kept).passed


def test_as_json_it_says_where_the_plan_is(work, full):
    full(lambda path: path.parent.name == "out")
    found = json.loads(plan("-o", "../out/plan.xlsx", "--json").stdout)
    assert Path(found["plan"]).samefile(only(work / "inputs"))


def test_the_next_place_is_the_current_folder(work, full):
    full(lambda path: path.parent.name in ("out", "inputs"))
    plan("-o", "../out/plan.xlsx")
    assert only(work / "work").suffix == ".xlsx"


def test_the_last_place_is_a_folder_of_its_own_among_the_temporary_ones(work, full):
    full(lambda path: path.parent.name in ("out", "inputs", "work"))
    plan("-o", "../out/plan.xlsx")
    assert only(only(work / "temporary", "equipoise-*")).suffix == ".xlsx"


def test_where_no_workbook_has_room_its_tables_may(work, full):
    full(lambda path: path.suffix == ".xlsx")
    kept = only(work / "inputs") if "is in" in plan("-o", "../out/plan.xlsx").stderr else None
    assert kept is not None
    assert (kept / "make.csv").is_file()
    assert app.audit(work / "inputs/case.xlsx", kept).passed


def test_a_plan_that_is_lost_is_told_and_its_summary_printed(work, full):
    full(lambda path: True)
    result = plan("-o", "../out/plan.xlsx")
    places = "beside the input, in the current folder or in the temporary folder"
    assert result.stderr.endswith(f"The plan could not be written {places} either, and is lost.\n")
    assert "Proven optimal. Cost 1,380.00" in result.stdout
    assert [p.name for p in work.rglob("*") if p.is_file()] == ["case.xlsx"]
    assert not any((work / "temporary").iterdir())


@pytest.mark.parametrize("target", ["../out/plan.xlsx", "../out/plan"])
def test_a_folder_that_goes_while_it_solves(work, meanwhile, target):
    meanwhile(lambda: shutil.rmtree(work / "out"))
    assert "folder-missing" in plan("-o", target).stderr
    only(work / "inputs")


def test_a_file_of_somebody_else_that_comes_while_it_solves(work, meanwhile):
    meanwhile(lambda: (work / "out/plan.xlsx").write_text("mine"))
    assert "target-exists" in plan("-o", "../out/plan.xlsx").stderr
    assert (work / "out/plan.xlsx").read_text() == "mine"
    only(work / "inputs")


def test_write_back_without_the_input_keeps_the_plan_by_itself(work, meanwhile):
    meanwhile(lambda: (work / "inputs/case.xlsx").unlink())
    assert "not-readable" in plan("--write-back").stderr
    assert only(work / "inputs").suffix == ".xlsx"


def test_a_folder_of_tables_is_left_whole_where_the_disk_is_full(work, full):
    plan("-o", "../out/plan", code=0)
    before = {p.name: p.read_bytes() for p in (work / "out/plan").iterdir()}
    full(lambda path: "stock" in path.name)
    plan("-o", "../out/plan", "--set", "integer_periods=0")
    assert {p.name: p.read_bytes() for p in (work / "out/plan").iterdir()} == before
    only(work / "inputs")


def test_a_bug_in_writing_keeps_the_tables(work, monkeypatch):
    def bug(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("equipoise.io.planbook.write_plan_book", bug)
    result = plan(code=1)
    kept = only(work / "inputs")
    assert isinstance(result.exception, ZeroDivisionError)
    assert kept.name in result.exception.__notes__[0]
    assert app.audit(work / "inputs/case.xlsx", kept).passed


def test_an_infeasible_case_speaks_of_a_result(work, full):
    full(lambda path: path.parent.name == "out")
    tables = one_item(
        90, 120, resources={"resource": "L", "capacity": 100}, operations={"recipe": "mA", "resource": "L", "hours": 1}
    )
    write_case(case(**tables), work / "inputs/case.xlsx")
    assert "The result is not lost: it is in " in plan("-o", "../out/plan.xlsx").stderr


@pytest.mark.parametrize(
    "words", [["-o", "../out"], ["-o", "../none/plan"], ["--write-back", "-o", "../out/plan.xlsm"]]
)
def test_what_can_be_known_before_is_refused_before(work, monkeypatch, words):
    (work / "out/notes.txt").write_text("mine")
    monkeypatch.setattr(app, "plan", lambda *a, **k: pytest.fail("solved in vain"))
    assert "-o" not in plan(*words).stderr


def test_a_workbook_that_cannot_be_copied_is_refused_before(work, monkeypatch):
    monkeypatch.setattr(app, "plan", lambda *a, **k: pytest.fail("solved in vain"))
    write_case(case(**one_item(90, 120)), work / "inputs/tables")
    result = CliRunner().invoke(main, ["plan", "../inputs/tables", "--write-back"])
    assert result.exit_code == 8
    assert "not-a-workbook" in result.stderr


def test_a_summary_that_cannot_be_printed_says_where_the_plan_is(work, monkeypatch):
    real = click.echo

    def echo(text: object = None, err: bool = False) -> None:
        if not err:
            raise FULL
        real(text, err=True)

    monkeypatch.setattr(click, "echo", echo)
    path = Path("../inputs/case-plan.xlsx")
    why = "not-printed: standard output takes no text (No space left on device)."
    assert plan().stderr == f"Error: {why} The plan is in {path}\n"
    assert app.audit(work / "inputs/case.xlsx", path).passed


def test_where_nothing_can_be_said_at_all_the_exit_code_speaks(work, monkeypatch):
    def echo(*_: object, **__: object) -> None:
        raise FULL

    monkeypatch.setattr(click, "echo", echo)
    plan()
    assert (work / "inputs/case-plan.xlsx").is_file()
