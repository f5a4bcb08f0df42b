"""A plan read back is the plan that was written, bit for bit; what a hand did to it is told cell by cell."""

from __future__ import annotations

import datetime as dt
import json
import math
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from cases import case as make_case
from hypothesis import given, settings
from hypothesis import strategies as st
from reads import parsed_here  # noqa: F401
from writeback_books import planner_book
from writeback_lint import faults

from equipoise.errors import OutputError
from equipoise.io.planbook import write_plan_book
from equipoise.io.plancsv import is_plan_folder, write_plan_csv
from equipoise.io.planread import ReadPlan, read_plan
from equipoise.io.writeback import write_back
from equipoise.plan import PLAN_TABLES, Plan, empty_tables
from equipoise.report import kpis

pytestmark = [
    pytest.mark.usefixtures("parsed_here"),
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
]

Row = tuple[Any, ...]
Edit = Callable[[openpyxl.Workbook], None]


def plan_of(rows: dict[str, list[Row]], objective: float | None = 0.1 + 0.2, **settings: object) -> Plan:
    """A plan with these rows; the case only has the names."""
    first = ["2026-01", "2026-02"] if "start" in settings else ["1", "2"]
    case = make_case(
        settings={"periods": 3, **settings},
        items={"item": ["A", "007"], "lost_cost": 1},
        demand={"item": ["A", "A"], "period": first, "quantity": 5, "customer": [None, "Öl & Söhne"]},
        recipes={"recipe": ["=r", "😀"], "item": ["A", "007"]},
    )
    tables = empty_tables()
    for name, of_table in rows.items():
        frame = pd.DataFrame(of_table, columns=list(tables[name].columns), dtype=object)
        tables[name] = frame.astype(tables[name].dtypes.to_dict())
    return Plan(case, "optimal", objective, objective, tables)


@pytest.fixture
def plan() -> Plan:
    """Numbers that need all their digits, names that look like something else, blanks of every kind."""
    return plan_of({
        "make": [("=r", "A", "", "1", 0.1 + 0.2, 1.0, None, "1", 1 / 3), ("😀", "007", "", "2", 1e-300, None, 2.0, "3", 5e22)],
        "stock": [("A", "", "1", -0.0, 0.0, 0.0, 0.0), ("007", "", "1", 123456789.12345679, 0.0, 0.0, 0.0)],
        "serve": [("A", "", None, "1", "1", 5.0), ("A", "", "Öl & Söhne", "opening", "2", 2 / 3)],
        "costs": [("holding", "1", 4.35), ("lost", "2", 0.1)],
    })  # fmt: skip


def written(plan: Plan, path: Path) -> Path:
    write_plan_book(plan, kpis(plan), path)
    return path


def edited(plan: Plan, path: Path, edit: Edit) -> ReadPlan:
    """The plan read back after a hand went over its workbook."""
    book = openpyxl.load_workbook(written(plan, path))
    edit(book)
    book.save(path)
    return read_plan(path)


def same(read: ReadPlan, plan: Plan) -> None:
    """Every table, every dtype, every bit."""
    assert list(read.tables) == list(PLAN_TABLES)
    for name, frame in plan.tables.items():
        pd.testing.assert_frame_equal(read.tables[name], frame, check_exact=True)
        for column in frame.columns:
            pairs = zip(read.tables[name][column], frame[column], strict=True)
            assert all((type(a), str(a)) == (type(b), str(b)) for a, b in pairs), column


def said(read: ReadPlan) -> list[str]:
    return [str(i) for i in read.issues]


# --- round trips -------------------------------------------------------------------------------------------------------------------


def test_a_workbook_gives_the_plan_back(plan: Plan, tmp_path: Path) -> None:
    read = read_plan(written(plan, tmp_path / "plan.xlsx"))
    same(read, plan)
    assert (read.issues, read.fingerprint, read.objective) == ((), plan.case.fingerprint, plan.objective)


def test_a_copy_of_the_planners_workbook_gives_the_plan_back(plan: Plan, tmp_path: Path) -> None:
    """Her own sheet "Stock" is not taken for ours."""
    source = planner_book(tmp_path / "mine.xlsx")
    book = openpyxl.load_workbook(source)
    hers = book.create_sheet("Stock")
    hers.append(["item", "opening", "#N/A"])
    hers.append([None, None, None, "no header"])
    book.save(source)
    ours = written(plan, tmp_path / "plan.xlsx")
    copy = write_back(source, ours, tmp_path / "copy.xlsx")
    assert faults(copy) == []
    assert write_back(copy, ours, tmp_path / "again.xlsx").read_bytes() == copy.read_bytes()
    read = read_plan(copy)
    same(read, plan)
    assert (said(read), read.fingerprint, read.objective) == ([], plan.case.fingerprint, plan.objective)
    assert read.cells("make", 1, "quantity") == "eq_Production!E3"


def test_a_folder_gives_the_plan_back(plan: Plan, tmp_path: Path) -> None:
    read = read_plan(write_plan_csv(plan, tmp_path / "plan"))
    same(read, plan)
    assert (read.issues, read.fingerprint, read.objective) == ((), plan.case.fingerprint, plan.objective)
    assert read.cells("make", 1, "quantity") == "make.csv!E3"


def test_a_plan_without_rows_gives_empty_tables(tmp_path: Path) -> None:
    nothing = plan_of({}, objective=None)
    same(read_plan(write_plan_csv(nothing, tmp_path / "plan")), nothing)
    assert read_plan(tmp_path / "plan").objective is None


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_any_number_comes_back_with_every_bit(numbers: list[float]) -> None:
    plan = plan_of({"storage": [(f"s{n}", "1", v, None) for n, v in enumerate(numbers)]}, objective=numbers[0])
    with tempfile.TemporaryDirectory() as folder:
        path = written(plan, Path(folder) / "plan.xlsx")
        read, by_csv = read_plan(path), read_plan(write_plan_csv(plan, Path(folder) / "plan"))
    same(read, plan)
    same(by_csv, plan)
    assert read.objective == by_csv.objective == numbers[0]


# --- what a hand may do ------------------------------------------------------------------------------------------------------------


def test_harmless_edits_change_nothing(plan: Plan, tmp_path: Path) -> None:
    """Moved and extra columns, other writings of a header, blank rows, notes, hidden rows, other sheets."""

    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Production"]
        sheet["A1"], sheet["E1"] = "RECIPE [any unit]", " Quantity "
        sheet.insert_rows(3, 2)
        sheet["N2"] = "a note beside the table"
        sheet.row_dimensions[2].hidden = True
        costs = book["Costs"]
        costs.insert_cols(1)
        costs["A1"], costs["A2"] = "my notes", "look here"
        book.create_sheet("Ideas")["A1"] = "#N/A"
        del book["Purchases" if "Purchases" in book.sheetnames else "Notes"]

    read = edited(plan, tmp_path / "plan.xlsx", edit)
    assert [i for i in read.issues if i.severity == "error"] == []
    for name in ("make", "costs", "stock", "serve"):
        pd.testing.assert_frame_equal(read.tables[name], plan.tables[name], rtol=1e-15)  # openpyxl saves 16 digits
    assert read.cells("make", 1, "quantity") == "Production!E5"
    assert read.cells("costs", 0, "amount") == "Costs!D2"


def test_a_deleted_or_emptied_sheet_is_an_empty_table(plan: Plan, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        del book["Deliveries"]
        sheet = book["Costs"]
        sheet.tables.clear()
        sheet.delete_rows(1, sheet.max_row)

    read = edited(plan, tmp_path / "plan.xlsx", edit)
    assert said(read) == []
    assert len(read.tables["serve"]) == len(read.tables["costs"]) == 0
    assert read.cells("serve", 0, "quantity") == "serve"


def test_numbers_typed_for_names_become_text(plan: Plan, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Production"]["D2"], book["Production"]["H2"], book["Production"]["B3"] = 1, 2.0, 7

    read = edited(plan, tmp_path / "plan.xlsx", edit)
    assert said(read) == []
    assert read.tables["make"][["item", "period", "arrival"]].values.tolist() == [["A", "1", "2"], ["7", "2", "3"]]


def test_a_date_is_the_period_that_contains_it(tmp_path: Path) -> None:
    plan = plan_of({"storage": [("s", "2026-02", 1.0, None)]}, start=dt.date(2026, 1, 1))
    path = written(plan, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(path)
    book["Storage"]["B2"] = dt.date(2026, 3, 1)
    book.save(path)
    assert read_plan(path, plan.case.periods).tables["storage"]["period"].tolist() == ["2026-03"]
    assert said(read_plan(path)) == [
        "error not-a-name: Storage!B2: period is 2026-03-01, not a name. Format the cell as text and type the name again."
    ]


def test_what_is_no_number_is_never_guessed(plan: Plan, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Stock"]
        sheet["D2"], sheet["E2"], sheet["D3"], sheet["E3"], sheet["F3"] = "1,234.50", "#N/A", "none", True, "nan"
        sheet["E2"].data_type = "e"
        sheet["A2"], sheet["C3"] = "#REF!", None
        sheet["A2"].data_type = "e"

    read = edited(plan, tmp_path / "plan.xlsx", edit)
    found = {i.cell: (i.code, i.table, i.column) for i in read.issues}
    assert found == {
        "Stock!A2": ("excel-error", "stock", "item"),
        "Stock!D2": ("text-number", "stock", "quantity"),
        "Stock!E2": ("excel-error", "stock", "below_safety"),
        "Stock!C3": ("missing-value", "stock", "period"),
        "Stock!D3": ("not-a-number", "stock", "quantity"),
        "Stock!E3": ("not-a-number", "stock", "below_safety"),
        "Stock!F3": ("not-a-number", "stock", "above_maximum"),
    }
    assert all(math.isnan(v) for v in read.tables["stock"]["quantity"])
    text = 'error text-number: Stock!D2: quantity is the text "1,234.50", not a number. Type it as a number; text is never guessed.'
    assert text in said(read)


def test_fractions_in_yes_or_no_columns_are_left_to_the_audit(plan: Plan, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Production"]["F2"], book["Production"]["G2"] = 0.5, 1.5

    read = edited(plan, tmp_path / "plan.xlsx", edit)
    assert said(read) == []
    assert read.tables["make"][["setup", "lots"]].iloc[0].tolist() == [0.5, 1.5]


def test_a_column_that_is_gone_or_there_twice_is_told(plan: Plan, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Production"]["E1"] = "quantty"
        book["Stock"]["G1"] = "Quantity [unit]"

    read = edited(plan, tmp_path / "plan.xlsx", edit)
    assert [(i.code, i.cell, i.column, i.hint) for i in read.issues] == [
        ("missing-column", "Production", "quantity", 'Did you mean "quantty"?'),
        ("duplicate-column", "Stock!G1", "quantity", "Keep one of them."),
        ("missing-column", "Stock", "below_final", "Add it again, empty where there is nothing to say."),
    ]
    assert list(read.tables["make"].columns) == [c.name for c in PLAN_TABLES["make"].columns]


def test_a_table_that_goes_on_in_a_second_sheet_is_one(plan: Plan, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        more = book.create_sheet("Stock (2)", 0)
        for row in book["Stock"].iter_rows(min_row=1, max_row=2, values_only=True):
            more.append(row)

    read = edited(plan, tmp_path / "plan.xlsx", edit)
    assert said(read) == []
    assert read.tables["stock"]["item"].tolist() == ["A", "007", "A"]
    assert [read.cells("stock", n, "quantity") for n in range(3)] == ["Stock!D2", "Stock!D3", "Stock (2)!D2"]


def test_a_file_that_is_no_plan_says_so(tmp_path: Path) -> None:
    read = read_plan(planner_book(tmp_path / "mine.xlsx"))
    assert [i.code for i in read.issues if i.severity == "error"] == ["no-plan"]
    assert read.issues[-1].message.startswith("mine.xlsx holds no plan: it has none of Production, Purchases")
    assert all(len(t) == 0 for t in read.tables.values())


def test_a_file_that_cannot_be_read_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(b"PK\x03\x04 cut off")
    for path in (tmp_path / "plan.xlsx", tmp_path / "none.xlsx"):
        read = read_plan(path)
        assert [i.severity for i in read.issues] == ["error"]
        assert list(read.tables) == list(PLAN_TABLES)


# --- folders -----------------------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_ours_is_left_alone(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("item,opening\nA,5\n")
    with pytest.raises(OutputError, match=r"target-exists: the folder .* holds files and no plan of this program"):
        write_plan_csv(plan, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["stock.csv"]
    assert not is_plan_folder(tmp_path)
    with pytest.raises(OutputError, match="folder-missing"):
        write_plan_csv(plan, tmp_path / "none" / "plan")


def test_a_newer_plan_replaces_an_older_one_in_its_folder(plan: Plan, tmp_path: Path) -> None:
    folder = write_plan_csv(plan, tmp_path / "plan")
    newer = replace(plan, tables=empty_tables() | {"costs": plan.tables["costs"]}, objective=7.0)
    assert write_plan_csv(newer, folder) == folder
    same(read_plan(folder), newer)
    facts = json.loads((folder / "plan.json").read_text())
    assert (facts["status"], facts["objective"]) == ("optimal", 7.0)


@pytest.mark.parametrize("facts", ["", "[]", '{"objective": "much", "fingerprint": 5}', '{"objective": NaN}'])
def test_a_broken_fact_file_is_as_none(plan: Plan, tmp_path: Path, facts: str) -> None:
    folder = write_plan_csv(plan, tmp_path / "plan")
    (folder / "plan.json").write_text(facts)
    read = read_plan(folder)
    same(read, plan)
    assert (read.fingerprint, read.objective) == (None, None)
