"""The command line as a contract: what it writes, what it prints, its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from cases import case, line, one_item
from click.testing import CliRunner

from equipoise.cli import main
from equipoise.io import write_case

LOTS = one_item(90, 120, 80, 70, hold=2, recipes={"setup_cost": 500})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words, code=0):
    """The result of ``equipoise words...``, which must end with ``code``."""
    result = CliRunner().invoke(main, [str(w) for w in words])
    assert result.exit_code == code, (result.exit_code, result.output, result.stderr, result.exception)
    return result


def workbook(name="case.xlsx", **tables):
    write_case(case(**(tables or LOTS)), Path(name))
    return name


def test_plan_writes_a_workbook_beside_the_input(folder):
    text = run("plan", workbook()).output
    assert "Proven optimal" in text
    assert "1,380" in text
    assert "case-plan.xlsx" in text
    assert {"Summary", "Plan", "Production", "Audit", "in_demand"} <= set(
        openpyxl.load_workbook("case-plan.xlsx").sheetnames
    )


def test_plan_as_json(folder):
    found = json.loads(run("plan", workbook(), "--json").output)
    assert set(found) == {
        *("schema_version", "status", "objective", "bound", "gap", "cost_lines", "kpis", "plan"),
        *("audit", "conflicts", "warnings", "seconds", "versions"),
    }
    assert found["status"] == "optimal"
    assert found["objective"] == pytest.approx(1380)
    assert sum(found["cost_lines"].values()) == pytest.approx(found["objective"])
    assert found["gap"] <= 1e-6
    assert found["plan"] == "case-plan.xlsx"
    assert found["audit"]["passed"] is True


def test_plan_of_a_folder_of_csv_files(folder):
    write_case(case(**LOTS), folder / "tables")
    found = json.loads(run("plan", "tables", "--json", "-o", "out.xlsx").output)
    assert found["objective"] == pytest.approx(1380)
    assert Path("out.xlsx").is_file()


def test_a_plan_as_a_folder_of_csv_files(folder):
    run("plan", workbook(), "-o", "plan")
    assert Path("plan/make.csv").is_file()
    run("audit", "case.xlsx", "plan")


@pytest.mark.parametrize("option", ["--gap", "--time-limit"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1", "1e999"])
def test_what_is_no_number_is_a_word_of_usage(folder, option, value):
    assert option in run("plan", workbook(), option, value, code=2).stderr


def test_settings_can_be_changed(folder):
    found = json.loads(run("plan", workbook(), "--json", "--set", "integer_periods=0", "--set", "name=Relaxed").output)
    assert found["objective"] < 1380 - 1
    assert "unknown-setting" in run("plan", "case.xlsx", "--set", "horizon=4", code=3).stderr
    assert "--set needs key=value" in run("plan", "case.xlsx", "--set", "horizon", code=2).stderr


def test_errors_in_the_input_end_with_3(folder):
    workbook()
    book = openpyxl.load_workbook("case.xlsx")
    book["demand"]["C3"] = -5
    book["items"]["A3"] = "A"
    book.save("case.xlsx")
    text = run("plan", "case.xlsx", code=3).stderr
    assert "too-low: demand!C3" in text
    assert "duplicate-key: items!A3" in text
    assert "2 errors" in text
    assert not Path("case-plan.xlsx").exists()
    report = json.loads(run("check", "case.xlsx", "--json", code=3).output)
    assert report["errors"] == 2
    assert {(i["code"], i["cell"]) for i in report["issues"]} >= {
        ("too-low", "demand!C3"),
        ("duplicate-key", "items!A3"),
    }


def test_check_of_a_good_workbook(folder):
    assert "0 errors" in run("check", workbook()).stderr


def test_check_finds_what_only_the_model_would(folder):
    tables = one_item(
        10, made=False, settings={"end_stock": "value"}, items={"value": 5}, supply={"unit_cost": 1, "order_cost": 3}
    )
    assert "no-limit: supply!A2" in run("check", workbook(**tables), code=3).stderr


def test_a_file_that_is_not_there(folder):
    assert "nowhere.xlsx" in run("plan", "nowhere.xlsx", code=3).stderr


def test_infeasible_ends_with_4_and_a_workbook_that_says_why(folder):
    text = run("plan", workbook(**one_item(90, 120, **line(capacity=100))), code=4)
    assert "demand!C2" in text.output
    assert "resources!B2" in text.output
    cells = [c.value for sheet in openpyxl.load_workbook("case-plan.xlsx") for row in sheet.iter_rows() for c in row]
    assert any("resources!B2" in str(value) for value in cells)


def test_a_result_of_an_infeasible_macro_workbook_is_no_macro_workbook(folder):
    """It is a workbook of its own, without macros: under the ending .xlsm Excel refuses to open it."""
    path = Path(workbook(**one_item(90, 120, **line(capacity=100)))).rename("case.xlsm")
    assert "case-plan.xlsx" in run("plan", path, "--write-back", code=4).output
    assert openpyxl.load_workbook("case-plan.xlsx").sheetnames[0] == "Summary"
    assert not Path("case-plan.xlsm").exists()


@pytest.mark.parametrize("name", ["plan.xlsm", "plan.pdf", "plan.xls"])
def test_a_name_under_which_excel_opens_no_plan_is_refused(folder, name):
    assert "Name it plan.xlsx." in run("plan", workbook(), "-o", name, code=8).stderr
    assert "Name it plan.xlsx." in run("template", name, code=8).stderr
    assert not Path(name).exists()


def test_stopped_at_a_limit_ends_with_5_or_6(folder):
    demand = [((7 * t) % 13) * 10 + 5 for t in range(60)]
    tables = one_item(*demand, recipes={"setup_cost": [40, 45, 50], "recipe": ["a", "b", "c"], "item": "A"})
    tables |= {"resources": {"resource": ["K", "L", "M"], "capacity": 40}}
    tables["operations"] = {
        "recipe": ["a", "b", "c"],
        "resource": ["K", "L", "M"],
        "hours": 1,
        "setup_hours": [3, 4, 5],
    }
    tables["settings"]["shortage"] = "lost"
    tables["items"]["lost_cost"] = 30
    found = CliRunner().invoke(main, ["plan", workbook(**tables), "--time-limit", "1", "--gap", "0", "--json"])
    status = json.loads(found.output)["status"]
    assert found.exit_code == {"optimal": 0, "stopped": 5, "unknown": 6}[status]


def test_a_file_that_is_no_plan_is_never_overwritten(folder):
    workbook()
    Path("mine.xlsx").write_text("my notes", encoding="utf-8")
    text = run("plan", "case.xlsx", "-o", "mine.xlsx", code=8).stderr
    assert "--force" in text
    assert Path("mine.xlsx").read_text(encoding="utf-8") == "my notes"
    run("plan", "case.xlsx", "-o", "mine.xlsx", "--force")
    assert openpyxl.load_workbook("mine.xlsx").sheetnames[0] == "Summary"
    run("plan", "case.xlsx", "-o", "mine.xlsx")  # a plan of ours may be replaced


def test_the_input_is_never_the_target(folder):
    before = Path(workbook()).read_bytes()
    assert "never writes over it" in run("plan", "case.xlsx", "-o", "case.xlsx", "--force", code=8).stderr
    assert Path("case.xlsx").read_bytes() == before


def test_a_folder_that_is_not_there_ends_with_8_before_anything_is_solved(folder, monkeypatch):
    monkeypatch.setattr("equipoise.app.plan", lambda *a, **k: pytest.fail("solved in vain"))
    assert "folder-missing" in run("plan", workbook(), "-o", "no/such/folder/plan.xlsx", code=8).stderr


def test_write_back_adds_sheets_to_a_copy(folder):
    before = Path(workbook()).read_bytes()
    run("plan", "case.xlsx", "--write-back")
    names = openpyxl.load_workbook("case-plan.xlsx").sheetnames
    assert (
        names[: len(openpyxl.load_workbook("case.xlsx").sheetnames)] == openpyxl.load_workbook("case.xlsx").sheetnames
    )
    assert {"eq_Summary", "eq_Production"} <= set(names)
    assert Path("case.xlsx").read_bytes() == before
    run("audit", "case.xlsx", "case-plan.xlsx")
    run("plan", "case-plan.xlsx", "-o", "again.xlsx")  # our sheets are passed over when it is read as a case


def test_start_from_an_earlier_plan(folder):
    run("plan", workbook())
    found = json.loads(run("plan", "case.xlsx", "--start", "case-plan.xlsx", "--json").output)
    assert found["objective"] == pytest.approx(1380)


def test_a_plan_of_another_case_to_start_from_is_told(folder):
    run("plan", workbook("other.xlsx", **one_item(10, 20, recipes={"recipe": "mZ"})))
    found = json.loads(run("plan", workbook(), "--start", "other-plan.xlsx", "--json").output)
    assert found["objective"] == pytest.approx(1380)
    assert found["warnings"][0] == (
        "The plan to begin from was not used: nothing that it decides is there in this case, neither its first row "
        "(make mZ, 1) nor another one. The solve began without it."
    )
    half = one_item(90, 120, 80, hold=2, recipes={"setup_cost": 500})
    found = json.loads(run("plan", workbook("shorter.xlsx", **half), "--start", "case-plan.xlsx", "--json").output)
    assert not any("to begin from" in warning for warning in found["warnings"])


def test_a_case_is_no_plan_to_audit_or_start_from(folder):
    tables = one_item(90, 120, stock={"item": "A", "opening": 5})
    for words in (["audit", workbook(**tables), "case.xlsx"], ["plan", "case.xlsx", "--start", "case.xlsx"]):
        text = run(*words, code=3).stderr
        assert "case.xlsx is a case with no plan in it: it has the tables items and demand. Give the plan" in text
        assert "1 error, " in text
    write_case(case(**tables), folder / "tables")
    assert "tables is a case with no plan in it" in run("audit", "tables", "tables", code=3).stderr


def test_advice_names_no_option_that_is_not_there(folder):
    run("template", "blank.xlsx")
    assert "-o" not in run("template", "blank.xlsx", code=8).stderr.replace("blank.xlsx", "")
    assert " -o" not in run("template", "none/blank.xlsx", code=8).stderr
    assert " -o" not in run("model", workbook(), "--write", "none/case.lp", code=8).stderr


def test_audit_of_a_plan_edited_by_hand_ends_with_7(folder):
    run("plan", workbook())
    assert "keeps every rule" in run("audit", "case.xlsx", "case-plan.xlsx").output
    book = openpyxl.load_workbook("case-plan.xlsx")
    sheet = book["Production"]
    header = [str(c.value).split(" [")[0] for c in sheet[1]]
    cell = sheet.cell(2, header.index("quantity") + 1)
    cell.value -= 10
    book.save("edited.xlsx")
    text = run("audit", "case.xlsx", "edited.xlsx", code=7).output
    assert "balance: " in text
    assert "[10 units]" in text
    report = json.loads(run("audit", "case.xlsx", "edited.xlsx", "--json", code=7).output)
    assert report["passed"] is False
    assert "balance" in {f["rule"] for f in report["findings"]}


def test_templates(folder):
    run("template", "blank.xlsx")
    assert {"Instructions", "settings", "items", "lanes"} <= set(openpyxl.load_workbook("blank.xlsx").sheetnames)
    run("template", "some.xlsx", "--for", "purchasing")
    assert "recipes" not in openpyxl.load_workbook("some.xlsx").sheetnames
    assert "no group of sheets is called nonsense" in run("template", "x.xlsx", "--for", "nonsense", code=2).stderr
    assert "no example is called nonsense" in run("template", "x.xlsx", "--example", "nonsense", code=2).stderr
    run("template", "blank.xlsx", code=8)


def test_examples_are_listed_and_can_be_planned(folder):
    assert "wagner_whitin_1958" in run("examples").output
    run("template", "ww.xlsx", "--example", "wagner_whitin_1958")
    assert json.loads(run("plan", "ww.xlsx", "--json").output)["objective"] == pytest.approx(864)


def test_the_model_as_a_file(folder):
    run("model", workbook(), "--write", "case.lp")
    assert "make_needs_setup(mA_1)" in Path("case.lp").read_text(encoding="utf-8")
    run("model", "case.xlsx", "--write", "case.txt", code=8)


def test_the_command_is_quiet_and_speaks_utf8_through_a_pipe(folder):
    tables = one_item(5, items={"item": "=Tür 😀"}, demand={"item": "=Tür 😀"}, recipes={"item": "=Tür 😀"})
    done = subprocess.run(
        [sys.executable, "-m", "equipoise", "plan", workbook(**tables)], capture_output=True, check=True
    )
    assert b"\r" not in done.stdout.replace(b"\r\n", b"\n")
    assert done.stderr == b""
    assert "Proven optimal" in done.stdout.decode("utf-8")


def test_importing_the_package_loads_no_solver():
    code = (
        "import sys, equipoise, equipoise.audit; print([m for m in ('pyomo', 'highspy', 'scipy') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_errors_as_json_too(folder):
    workbook()
    book = openpyxl.load_workbook("case.xlsx")
    book["demand"]["C3"] = -5
    book.save("case.xlsx")
    report = json.loads(run("plan", "case.xlsx", "--json", code=3).stdout)
    assert report["status"] == "refused"
    assert [issue["cell"] for issue in report["issues"] if issue["severity"] == "error"] == ["demand!C3"]


def test_output_that_cannot_be_printed_ends_with_8(folder, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("equipoise.app.examples", full)
    assert "No space left on device" in run("examples", code=8).stderr
