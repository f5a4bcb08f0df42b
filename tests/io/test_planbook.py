"""The plan workbook, read back: formulas and their cached values, tables, text that stays text, bytes that stay the same."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from plan_samples import Words, bikes, infeasible, long, nothing
from sheet_formulas import Calculator

from equipoise.io.casebook import CREATED
from equipoise.io.planbook import tables, write_plan_book
from equipoise.io.planbook.book import Book
from equipoise.io.planbook.grid import Grid
from equipoise.plan import PLAN_TABLES, AuditReport, Finding, Plan, SolveRecord
from equipoise.report import kpis
from equipoise.tables import plain

AWKWARD = {
    "City bike": "=cmd|' /C calc'!A1",
    "Trekking bike": "אופניים",
    "Frame": "@frame 😀",
    "Wheel": "+wheel -1",
    "Plant": "-Plant",
    "Depot": "מחסן",
    "North": "=1+1",
    "South": "2026-01",
    "Bikes": '=HYPERLINK("http://x")',
    "pcs": '"pcs" & 5',
    "seven gears": "-seven",
    "Assembly": "=Assembly",
    "Welders": "http://welders.example",
    "make Frame": "00123",
    "Wheels Ltd": "🚲 & <Söhne>",
}


SAMPLES = {
    "cost": bikes,
    "profit": lambda: bikes(objective="profit"),
    "awkward": lambda: bikes(Words(AWKWARD, "€", "=title & <x>")),
    "no currency": lambda: bikes(Words(currency="")),
    "nothing": nothing,
    "long": lambda: long(300),
    "infeasible": infeasible,
}


def written(plan: Plan) -> bytes:
    buffer = io.BytesIO()
    write_plan_book(plan, kpis(plan), buffer)
    return buffer.getvalue()


def opened(content: bytes) -> tuple[Workbook, Workbook]:
    """The workbook with its formulas, and with their cached values."""
    return openpyxl.load_workbook(io.BytesIO(content)), openpyxl.load_workbook(io.BytesIO(content), data_only=True)


@cache
def sample(name: str) -> Plan:
    return SAMPLES[name]()


@cache
def content_of(name: str) -> bytes:
    return written(sample(name))


@cache
def book_of(name: str) -> tuple[Workbook, Workbook]:
    return opened(content_of(name))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_formula_has_the_value_it_works_out_to(name: str) -> None:
    """Viewers that do not calculate show the cached value; Excel calculates: both must be the same number."""
    formulas, cached = book_of(name)
    calculator = Calculator(cached)
    found = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found += 1
                    value = cached[sheet.title][cell.coordinate].value
                    expected = calculator.value(sheet.title, str(cell.value))
                    where = f"{sheet.title}!{cell.coordinate} {cell.value}"
                    if expected in ("", None):
                        assert value in ("", None), where
                    else:
                        assert value == pytest.approx(expected, rel=1e-9, abs=1e-6), where
    assert found > 10 or name in ("infeasible", "nothing")


@pytest.mark.parametrize("name", ["cost", "profit", "awkward", "long"])
def test_the_cost_lines_sum_to_the_objective(name: str) -> None:
    plan = sample(name)
    _, cached = book_of(name)
    summary = cached["Summary"]
    last = "Profit" if name == "profit" else "Cost"
    rows = [
        r
        for r in range(1, summary.max_row)
        if summary.cell(r, 1).value == last and isinstance(summary.cell(r, 5).value, float)
    ]
    assert summary.cell(rows[0], 5).value == pytest.approx(plan.objective)
    assert sum(plan.cost_lines.values()) == pytest.approx(plan.objective)


def test_money_and_penalties_stand_apart() -> None:
    plan = sample("cost")
    _, cached = book_of("cost")
    column = {cached["Summary"].cell(r, 1).value: cached["Summary"].cell(r, 5).value for r in range(1, 40)}
    money = plan.objective - 2790 - 480 - 75  # lost 31 x 90, late 40 x 12, below safety 50 x 1.5, see plan_samples
    assert column["Money"] == pytest.approx(money)
    assert column["Penalties"] == pytest.approx(2790 + 480 + 75)


def test_text_never_becomes_a_formula_a_link_or_a_number() -> None:
    formulas, cached = book_of("awkward")
    kept = {c.value for sheet in cached for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
    for word in AWKWARD.values():
        assert word in kept, word
    own = re.compile(r"=(ROUND|SUM|SUMIF|SUMPRODUCT|IF|\$?[A-Z]+\$?\d+)\b")
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or own.match(str(cell.value)), (
                    f"{sheet.title}!{cell.coordinate}: {cell.value}"
                )
                assert cell.hyperlink is None
                if isinstance(cell.value, str) and cell.data_type != "f" and cell.value[:1] in tuple("=+-@"):
                    assert cell.quotePrefix, f"{sheet.title}!{cell.coordinate}"
    assert formulas["Production"]["A4"].value == "00123"


def test_periods_and_codes_stay_text() -> None:
    formulas, _ = book_of("cost")
    for sheet, cell in (("Production", "D2"), ("Plan", "H4"), ("in_demand", "C2")):
        assert formulas[sheet][cell].value == "2026-01"
        assert formulas[sheet][cell].data_type == "s"
        assert formulas[sheet][cell].number_format == "@"


@pytest.mark.parametrize("name", ["cost", "awkward", "infeasible"])
def test_the_same_plan_gives_the_same_bytes(name: str) -> None:
    assert written(SAMPLES[name]()) == content_of(name)


def test_only_the_audit_sheet_changes_with_the_seconds() -> None:
    plan = sample("cost")
    other = written(replace(plan, record=replace(plan.record, seconds={"solve": 99.75})))
    parts = [zipfile.ZipFile(io.BytesIO(content)) for content in (content_of("cost"), other)]
    changed = {n for n in parts[0].namelist() if parts[0].read(n) != parts[1].read(n)}
    titles = book_of("cost")[0].sheetnames
    assert changed == {f"xl/worksheets/sheet{titles.index('Audit') + 1}.xml"}


@pytest.mark.parametrize("name", ["cost", "awkward", "long"])
def test_tables_are_valid_and_hold_the_plan(name: str) -> None:
    """Header in row 1 from column A, the plan's columns first; an Excel table over exactly these rows."""
    plan = sample(name)
    formulas, cached = book_of(name)
    seen: set[str] = set()
    for table in PLAN_TABLES.values():
        frame = plan.tables[table.name]
        assert (table.sheet in formulas.sheetnames) == bool(len(frame)), table.name
        if not len(frame):
            continue
        sheet, values = formulas[table.sheet], cached[table.sheet]
        heads = [c.value for c in sheet[1]]
        own = [plain(h) for h in heads if not h.startswith("(")]
        assert own == [plain(c.name) for c in table.columns]
        assert all(plain(h) == "" for h in heads if h.startswith("("))
        (excel,) = sheet.tables.values()
        left, top, right, bottom = range_boundaries(excel.ref)
        assert (left, top, right, bottom) == (1, 1, len(heads), len(frame) + 1)
        assert [c.name for c in excel.tableColumns] == heads
        assert excel.displayName not in seen
        seen.add(excel.displayName)
        for position, column in enumerate(table.columns, 1):
            got = [values.cell(r, position).value for r in range(2, len(frame) + 2)]
            want = [None if v is None or v != v or v == "" else v for v in frame[column.name].tolist()]
            assert got == want, (table.name, column.name)


def test_headers_carry_their_units() -> None:
    formulas, _ = book_of("cost")
    assert [c.value for c in formulas["Costs"][1]] == ["line", "period", "amount [EUR]", "(kind)", "(meaning)"]
    assert formulas["Production"]["E1"].value == "quantity [unit]"


def test_the_cost_of_every_shortage_adds_up_to_its_cost_line() -> None:
    plan = sample("cost")
    _, cached = book_of("cost")
    sheet = cached["Shortages"]
    heads = [c.value for c in sheet[1]]
    for head, line in (("(cost of late, EUR)", "late"), ("(cost of lost, EUR)", "lost")):
        column = heads.index(head) + 1
        total = sum(sheet.cell(r, column).value for r in range(2, sheet.max_row + 1))
        assert total == pytest.approx(plan.cost_lines[line])


def test_the_cost_columns_of_make_buy_and_ship_add_up_to_their_lines() -> None:
    plan = sample("cost")
    _, cached = book_of("cost")
    for title, head, lines in (
        ("Production", "(cost with set-up, EUR)", ("make", "setup")),
        ("Purchases", "(cost with order, EUR)", ("purchase", "order")),
        ("Transfers", "(cost, EUR)", ("transport",)),
    ):
        sheet = cached[title]
        column = [c.value for c in sheet[1]].index(head) + 1
        total = sum(sheet.cell(r, column).value for r in range(2, sheet.max_row + 1))
        assert total == pytest.approx(sum(plan.cost_lines[line] for line in lines)), title


def test_the_balance_ends_in_the_closing_stock_of_the_plan() -> None:
    """The formulas of sheet Plan work out what the plan's table says."""
    plan = sample("cost")
    _, cached = book_of("cost")
    sheet = cached["Plan"]
    heads = [c.value for c in sheet[4]]
    first = heads.index("2026-01")
    got = {}
    for row in sheet.iter_rows(min_row=5, values_only=True):
        if row[heads.index("Figure")] == "Closing stock":
            got |= {(row[1], row[2], heads[c]): row[c] for c in range(first, first + 6)}
    want = {(r.item, r.site, r.period): r.quantity for r in plan.tables["stock"].itertuples()}
    assert got == want


def test_what_is_late_and_lost_stands_on_the_plan_sheet() -> None:
    _, cached = book_of("cost")
    rows = {(r[1], r[2], r[4]): r for r in cached["Plan"].iter_rows(min_row=5, values_only=True)}
    assert rows["City bike", "Depot", "Late at the end"][6:13] == (4, 0, 0, 0, 14, 24, 0)
    assert rows["City bike", "Depot", "Lost"][7:13] == (0, 0, 0, 0, 0, 29)
    assert ("Frame", "Plant", "Lost") not in rows


def test_an_infeasible_outcome_says_what_collides() -> None:
    formulas, _ = book_of("infeasible")
    words = " ".join(str(c.value) for row in formulas["Summary"].iter_rows() for c in row if c.value)
    assert "No plan is possible" in words
    assert "resources!C3" in words and "Welding has 70 hours" in words
    notes = [[c.value for c in row] for row in formulas["Notes"].iter_rows()]
    assert [
        "error",
        "hard-limit",
        "resources!C3",
        "Welding has 70 hours, the frames need 90.",
        "Raise the capacity.",
    ] in notes
    assert "Plan" not in formulas.sheetnames
    assert "in_resources" in formulas.sheetnames


def test_a_plan_that_fails_its_audit_says_so_first() -> None:
    finding = Finding("balance", "Stock!D14", 3.0, "unit", "closing stock is 3 too high")
    plan = replace(sample("cost"), audit=AuditReport((finding,), {"balance": (48, 3.0, "unit")}))
    formulas, _ = opened(written(plan))
    assert formulas["Summary"]["A4"].value == "AUDIT FAILED"
    lines = [[c.value for c in row] for row in formulas["Audit"].iter_rows()]
    assert ["balance", 48, 3, "unit", "broken 1 times"] in lines
    assert ["balance", "Stock!D14", 3, "unit", "closing stock is 3 too high"] in lines


def test_the_audit_sheet_tells_where_a_plan_comes_from() -> None:
    plan = bikes(end_stock="opening")
    formulas, _ = opened(written(plan))
    pairs = {r[0].value: r[1].value for r in formulas["Audit"].iter_rows()}
    assert pairs["case (SHA-256)"] == plan.case.fingerprint
    assert pairs["end_stock"] == "opening: at least the opening stock"
    assert pairs["gap"] == 0.02
    assert pairs["equipoise"] == "0.1.0"
    assert pairs["solve"] == 1.25
    assert pairs["bound proven by"] == "branch and bound"


def test_sheets_in_order() -> None:
    formulas, _ = book_of("cost")
    results = [t.sheet for t in PLAN_TABLES.values()]
    assert formulas.sheetnames[:14] == ["Summary", "Plan", *results, "Audit", "Notes"]
    assert all(name.startswith("in_") for name in formulas.sheetnames[14:])
    assert formulas.sheetnames[14] == "in_settings"


def test_rows_that_no_sheet_takes_go_on_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 101)
    plan = sample("long")
    formulas, cached = opened(written(plan))
    parts = ["Production", "Production (2)", "Production (3)"]
    assert [n for n in formulas.sheetnames if n.startswith("Production")] == parts
    periods = [cached[p].cell(r, 4).value for p in parts for r in range(2, cached[p].max_row + 1)]
    assert periods == plan.tables["make"]["period"].tolist()
    assert [c.value for c in formulas["Production (3)"][1]] == [c.value for c in formulas["Production"][1]]


def test_long_texts_and_odd_characters_are_made_to_fit() -> None:
    plan = replace(sample("cost"), warnings=("x" * 40_000, "a bell \x07 and a half \ud83d character"))
    formulas, _ = opened(written(plan))
    texts = [c.value for row in formulas["Notes"].iter_rows() for c in row if c.value]
    assert any(len(t) == 32_767 and t.endswith("…") for t in texts)
    assert "a bell \ufffd and a half \ufffd character" in texts


def test_charts_are_native_and_point_at_figures() -> None:
    content = zipfile.ZipFile(io.BytesIO(content_of("cost")))
    charts = [content.read(n).decode() for n in content.namelist() if n.startswith("xl/charts/chart")]
    assert len(charts) == 3
    for chart in charts:
        assert chart.count("<c:f>Summary!") >= 4
        assert "<c:v>" in chart


def test_every_sheet_is_ready_to_print() -> None:
    formulas, _ = book_of("cost")
    for sheet in formulas:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert "Page &P of &N" in sheet.oddFooter.right.text.replace("Page &[Page] of &N", "Page &P of &N"), sheet.title
        if sheet.title in {t.sheet for t in PLAN_TABLES.values()} | {"Plan"}:
            assert sheet.print_title_rows, sheet.title
            assert sheet.freeze_panes, sheet.title


@pytest.mark.parametrize(("periods", "pages", "breaks"), [(12, 1, 0), (13, 1, 0), (18, 2, 1), (52, 4, 3)])
def test_a_printed_page_of_the_plan_has_thirteen_periods_at_most(periods: int, pages: int, breaks: int) -> None:
    buffer = io.BytesIO()
    book = Book(buffer, "x", CREATED)
    Grid(book, "Plan", ["Item"], [str(t) for t in range(periods)]).finish([])
    book.close()
    sheet = openpyxl.load_workbook(buffer)["Plan"]
    assert (sheet.page_setup.fitToWidth or 1, len(sheet.col_breaks.brk)) == (pages, breaks)
    assert sheet.print_title_cols and sheet.print_title_rows


def test_constants_tell_programs_objective_and_case() -> None:
    plan = sample("cost")
    formulas, _ = book_of("cost")
    assert float(formulas.defined_names["eq_objective"].value) == plan.objective
    assert formulas.defined_names["eq_fingerprint"].value == f'"{plan.case.fingerprint}"'


def test_a_bare_plan_without_a_record_can_be_written() -> None:
    plan = replace(sample("cost"), audit=None, record=SolveRecord(), bound=None, warnings=())
    formulas, _ = opened(written(plan))
    words = " ".join(str(c.value) for row in formulas["Audit"].iter_rows() for c in row if c.value)
    assert "not checked" in words


def test_every_column_for_people_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "howto" / "read-the-plan.md").read_text(encoding="utf-8")
    formulas, _ = book_of("cost")
    heads = {c.value for t in PLAN_TABLES.values() for c in formulas[t.sheet][1] if c.value.startswith("(")}
    assert len(heads) > 15
    assert [h for h in sorted(heads) if h not in page] == []
