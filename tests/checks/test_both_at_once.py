"""Errors of cells and errors across tables are told in one run, and no bad cell brings a false one about."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pandas as pd
import pytest
from seen import CREW, HEALTHY, TWO_SITES, issues, lay

from equipoise.case import Case
from equipoise.errors import BadCell, DataError, Issue
from equipoise.examples import names, path
from equipoise.io.reading import read_tables
from equipoise.validate import Origin

BASE = lay(lay(HEALTHY, TWO_SITES), {**CREW, "resources": [{"resource": "L", "crew": "C", "site": "P"}]})
BAD = {
    "a number as text": ({"demand": {"quantity": "40 pcs"}}, "not-a-number demand!C2"),
    "a negative price": ({"items": {"price": -1}}, "too-low items!B2"),
    "a name that is nowhere": ({"demand": {"item": "Z"}}, "unknown-reference demand!A2"),
    "a period that is none": ({"demand": {"period": "9"}}, "unknown-period demand!B2"),
    "hours as text": ({"operations": {"hours": "1 h"}}, "not-a-number operations!C2"),
    "a cost as text": ({"supply": {"unit_cost": "2,50"}}, "text-number supply!C2"),
    "an unknown setting": ({"settings": {"shortages": "lost"}}, "unknown-setting settings!A3"),
    "a column that is none": ({"stock": {"colour": 1}}, "unknown-column stock!D1"),
    "two rows of one key": ({"stock": [TWO_SITES["stock"][0]] * 2}, "duplicate-key stock!A3"),
}  # fmt: skip
CROSS = {
    "overtime without a wage": ({"crews": {"overtime": 5}}, "crew-overtime-without-wage"),
    "limits of people that collide": ({"crews": {"minimum": 9, "maximum": 2}}, "crew-limits-collide"),
    "a lane to itself": ({"lanes": [*TWO_SITES["lanes"], {"origin": "W", "destination": "W"}]}, "lane-to-itself"),
    "lots that exclude each other": ({"recipes": {"lot_min": 9, "lot_max": 2}}, "lot-min-above-max"),
}  # fmt: skip


def codes(found: tuple[Issue, ...]) -> set[str]:
    return {issue.code for issue in found if issue.severity == "error"}


@pytest.mark.parametrize(("bad", "cross"), list(product(BAD, CROSS)))
def test_both_are_told_at_once(bad: str, cross: str) -> None:
    (wrong, told), (across, code) = BAD[bad], CROSS[cross]
    assert not codes(issues(BASE, over={}))
    found = issues(lay(lay(BASE, wrong), across), over={})
    errors = [f"{i.code} {i.cell}" for i in found if i.severity == "error"]
    assert told in errors
    assert codes(found) == {told.split()[0], code}, found


NO_SOURCE = {"items": [*HEALTHY["items"], {"item": "C", "lost_cost": 1}]}


def test_a_bad_quantity_does_not_hide_an_item_without_a_source() -> None:
    """C has no source; the quantity of A is wrong, and A is not spoken of."""
    wanted = [{"item": "C", "period": "1", "quantity": 3}]
    demand = [{**HEALTHY["demand"][0], "quantity": "40 pcs"}, *HEALTHY["demand"][1:], *wanted]
    found = issues({**NO_SOURCE, "demand": demand})
    assert codes(found) == {"not-a-number"}
    assert "no-source" in {issue.code for issue in found}, "a warning: demand of C may be given up"


def test_an_item_whose_quantity_is_not_known_is_not_said_to_lack_a_source() -> None:
    demand = [*HEALTHY["demand"], {"item": "C", "period": "1", "quantity": "3 pcs"}]
    assert codes(issues({**NO_SOURCE, "demand": demand})) == {"not-a-number"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"supply": {"item": "Z"}},
        {"recipes": {"item": "#N/A"}},
        {"supply": [{"supplier": "S", "itm": "B"}]},
        {"supply": [{"supplier": "S", "item": "B", "lead_time": "1 month"}]},
        {"stock": {"opening": "many"}},
        {"settings": {"shortages": "forbidden"}},
        {"settings": {"periods": "four"}},
    ],
)
def test_nothing_is_concluded_from_what_cannot_be_read(wrong: dict[str, Any]) -> None:
    found = issues(lay(HEALTHY, wrong), over={})
    assert len([i for i in found if i.severity == "error"]) == 1, found
    assert {(i.code, i.message) for i in found if i.severity == "warning"} <= {
        (i.code, i.message) for i in issues({})
    }, found


# --- every example, one cell spoilt ---------------------------------------------------------------------------------------------

CELLS = 12  # of each example
ERROR = BadCell("excel-error", "#N/A", "the cell shows #N/A.", "Correct it.")


def found_in(tables: dict[str, pd.DataFrame], origins: dict[str, Origin]) -> tuple[Issue, ...]:
    try:
        return Case.from_tables(tables, origins).issues
    except DataError as error:
        return error.issues


@pytest.mark.parametrize("name", names())
def test_a_spoilt_cell_brings_about_its_own_issue_and_no_other(name: str) -> None:
    tables, origins, _ = read_tables(path(name))
    whole = found_in(tables, origins)
    dice = random.Random(name)
    cells = [(t, row, c) for t, f in tables.items() for row in range(len(f)) for c in range(f.shape[1])]
    for table, row, column in dice.sample(cells, min(CELLS, len(cells))):
        frame = tables[table].copy()
        frame.iat[row, column] = ERROR
        found = found_in({**tables, table: frame}, origins)
        errors = [i for i in found if i.severity == "error"]
        place = f"{origins[table].sheet}!{origins[table].columns[column]}{origins[table].rows[row]}"
        assert [(i.code, i.cell) for i in errors] == [("excel-error", place)], errors
        more = [i for i in found if i.severity != "error" and i not in whole]
        assert not more, (place, more)
