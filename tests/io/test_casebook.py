"""write_case: what is written reads back as the same case, in both forms."""

from __future__ import annotations

import datetime as dt
import math

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reads import parsed_here  # noqa: F401

from equipoise.case import Case
from equipoise.errors import OutputError
from equipoise.examples import names, path
from equipoise.io import read_case, write_case
from equipoise.io.casebook import exact

pytestmark = pytest.mark.usefixtures("parsed_here")
AWKWARD_NUMBERS = [0.1 + 0.2, 1 / 3, 1e22, 1e-300, 5e-324, 1.7976931348623157e308, -0.0, 123456789012345680.0, 2.0]
AWKWARD_NAMES = [
    "=1+1",
    "+x",
    "-x",
    "@x",
    "00123",
    "1e5",
    "TRUE",
    "2026-01",
    "_x0041_",
    "box005F_",
    "المضخة",
    "pump 🚿",
    "'q",
]


def small(items: list[str] | None = None, costs: list[float] | None = None) -> Case:
    """A case with as many items as names; their purchase prices are ``costs``."""
    items = items or ["a"]
    costs = costs or [1.0] * len(items)
    return Case.from_tables(
        {
            "settings": pd.DataFrame({"key": ["name", "periods"], "value": ["small", 2]}, dtype=object),
            "items": pd.DataFrame({"item": items, "description": items, "lost_cost": 1.0}, dtype=object),
            "demand": pd.DataFrame({"item": items, "period": "1", "quantity": 1.0}, dtype=object),
            "supply": pd.DataFrame({"supplier": "s", "item": items, "unit_cost": costs}, dtype=object),
        }
    )


@pytest.fixture(params=["workbook.xlsx", "folder"])
def target(request, tmp_path):
    return tmp_path / request.param


@pytest.mark.parametrize("name", names())
def test_every_example_comes_back(name, target):
    case = read_case(path(name))
    write_case(case, target)
    assert read_case(target).fingerprint == case.fingerprint


def test_numbers_keep_every_bit(target):
    items = [f"i{n}" for n in range(len(AWKWARD_NUMBERS))]
    write_case(small(items, AWKWARD_NUMBERS), target)
    back = read_case(target).lookup("supply", "unit_cost")
    read = [back["s", item, ""] for item in items]
    assert [(v, math.copysign(1, v)) for v in read] == [(v, math.copysign(1, v)) for v in AWKWARD_NUMBERS]


def test_lines_of_a_text_come_back(target):
    case = small().with_table("items", pd.DataFrame({"item": ["a"], "description": ["=one\n\ttwo"], "lost_cost": [1]}))
    write_case(case, target)
    assert read_case(target).fingerprint == case.fingerprint


def test_names_stay_text(target):
    write_case(small(AWKWARD_NAMES), target)
    assert list(read_case(target).items) == AWKWARD_NAMES


def test_no_name_becomes_a_formula(tmp_path):
    write_case(small(AWKWARD_NAMES), tmp_path / "case.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "case.xlsx")["items"]
    assert [cell.data_type for cell in sheet["A"][1:]] == ["s"] * len(AWKWARD_NAMES)


def test_dates_come_back_as_dates(target):
    tables = small().to_tables()
    days = [dt.date(1900, 1, 1), dt.date(1900, 3, 1), dt.date(2026, 3, 29)]
    tables["periods"] = pd.DataFrame({"period": ["1", "2", "3"], "start": days, "days": [60, None, 7.5]}, dtype=object)
    case = Case.from_tables(tables)
    write_case(case, target)
    back = read_case(target)
    assert back.periods.starts == tuple(days)
    assert back.fingerprint == case.fingerprint


def test_settings_come_back(target):
    changes = {"start": "2026-02-03", "gap": 1 / 3, "currency": "=EUR", "end_stock": "opening"}
    demand = pd.DataFrame({"item": ["a"], "period": ["2026-03"], "quantity": [1]}, dtype=object)
    tables = {**small().to_tables(), "demand": demand}
    tables["settings"] = pd.DataFrame({"key": ["periods", *changes], "value": [2, *changes.values()]}, dtype=object)
    case = Case.from_tables(tables)
    write_case(case, target)
    back = read_case(target)
    assert (back.settings.start, back.settings.gap, back.settings.currency) == (dt.date(2026, 2, 3), 1 / 3, "=EUR")
    assert back.fingerprint == case.fingerprint


def test_the_same_case_gives_the_same_bytes(tmp_path):
    case = read_case(path("two_sites"))
    for name in ("one", "two"):
        write_case(case, tmp_path / f"{name}.xlsx")
        write_case(case, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    files = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert files == sorted(p.name for p in (tmp_path / "two").iterdir())
    assert [(tmp_path / "one" / f).read_bytes() for f in files] == [(tmp_path / "two" / f).read_bytes() for f in files]


def test_only_columns_with_values_are_written(tmp_path):
    write_case(small(), tmp_path / "case.xlsx")
    book = openpyxl.load_workbook(tmp_path / "case.xlsx")
    heads = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book}
    assert heads == {
        "settings": ["key", "value"],
        "items": ["item", "description", "lost_cost\n[money/unit]"],
        "demand": ["item", "period", "quantity\n[unit]"],
        "supply": ["supplier", "item", "unit_cost\n[money/unit]"],
    }


def test_text_that_fits_no_cell_is_refused(tmp_path):
    case = small().with_settings({"name": "x" * 32_768})
    with pytest.raises(OutputError) as caught:
        write_case(case, tmp_path / "case.xlsx")
    assert str(caught.value) == "settings: a text of 32,768 characters fits no cell (32,767 at most)."
    assert list(tmp_path.iterdir()) == []
    write_case(case, tmp_path / "case")
    assert read_case(tmp_path / "case").settings.name == "x" * 32_768


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"to a workbook \(.xlsx\) or to a folder of CSV files"):
        write_case(small(), tmp_path / "case.ods")


def test_a_folder_with_other_tables_is_refused(tmp_path):
    (tmp_path / "lanes.csv").write_text("origin,destination\n")
    with pytest.raises(OutputError, match=r"holds lanes\.csv, read as part of the case"):
        write_case(small(), tmp_path)


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path / "file" / "case.xlsx", tmp_path / "file" / "case"):
        with pytest.raises(OutputError, match="could not be written"):
            write_case(small(), place)
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(OutputError, match="could not be written"):
        write_case(small(), tmp_path / "taken.xlsx")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "taken.xlsx"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_cell_has_all_its_digits(value):
    text = f"{exact(value):.16G}"
    assert float(text) == value
    assert math.copysign(1, float(text)) == math.copysign(1, value)


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=8)
COSTS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(NAMES.map(str.strip).filter(bool), COSTS, min_size=1, max_size=6))
def test_any_names_and_numbers_come_back(tmp_path_factory, prices):
    case = small(list(prices), list(prices.values()))
    folder = tmp_path_factory.mktemp("any")
    for target in (folder / "case.xlsx", folder / "case"):
        write_case(case, target)
        assert read_case(target).fingerprint == case.fingerprint
