"""Names, keys, settings and periods across tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from ugly import HEALTHY, TWO_SITES, Made, book, demand, kind
from ugly_sheets import quantities

from equipoise.validate import Clean

Patch = pytest.MonkeyPatch


@kind("a name that is not in its table")
def unknown_name(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=demand("Quince", "2026-02", 7))


@kind("a misspelt name")
def misspelt_name(tmp: Path, mp: Patch) -> Made:
    return book(tmp, demand=demand("apple", "2026-02", 7))


@kind("a name of a table that is not there")
def unlisted_site(tmp: Path, mp: Patch) -> Made:
    rows = [["item", "period", "quantity", "site"], ["Apple", "2026-01", 5, "P"], ["Pear", "2026-02", 7, "Q"]]
    return book(tmp, demand=rows)


@kind("a row of supply_calendar without its supply row")
def calendar_without_row(tmp: Path, mp: Patch) -> Made:
    supply = [["supplier", "item"], ["S", "Apple"], ["T", "Pear"]]
    return book(
        tmp, supply=supply, supply_calendar=[["supplier", "item", "period", "unit_cost"], ["S", "Pear", "2026-01", 3]]
    )


@kind("two rows of one key")
def twice(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp, demand=[["item", "period", "quantity"], ["Apple", "2026-01", 5], [" Apple", dt.date(2026, 1, 9), 5]]
    )


@kind("two rows of one item")
def item_twice(tmp: Path, mp: Patch) -> Made:
    return book(tmp, items=[["item", "lost_cost"], ["Apple", 10], ["Pear", 12], ["Apple", 11]])


@kind("the column site, recipe or supplier left out where there is one")
def left_out(tmp: Path, mp: Patch) -> Made:
    def check(clean: Clean) -> None:
        assert clean.tables["demand"]["site"].tolist() == ["P", "P"]
        assert clean.tables["supply"]["supplier"].tolist() == ["supplier"]
        assert clean.tables["supply_calendar"]["supplier"].tolist() == ["supplier"]
        assert clean.tables["recipes"]["recipe"].tolist() == ["Apple"]
        assert clean.tables["components"]["recipe"].tolist() == ["Apple"]

    path = book(
        tmp,
        sites=[["site"], ["P"]],
        supply=[["item"], ["Pear"]],
        supply_calendar=[["item", "period", "unit_cost"], ["Pear", "2026-01", 3]],
        recipes=[["item", "unit_cost"], ["Apple", 2]],
        components=[["component", "quantity"], ["Pear", 2]],
    )
    return path, check


@kind("a blank site, recipe or supplier where there are several")
def blank_names(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp,
        **TWO_SITES,
        demand=[["item", "site", "period", "quantity"], ["Apple", None, "2026-01", 5], ["Pear", "Q", "2026-01", 7]],
        supply=[["supplier", "item", "site"], ["S", "Apple", "P"], ["T", "Apple", "P"], [None, "Pear", "Q"]],
        recipes=[["recipe", "item", "site"], ["r1", "Apple", "P"], ["r2", "Pear", "Q"], [None, "Pear", "P"]],
    )


@kind("the column site, recipe or supplier left out where there are several")
def missing_names(tmp: Path, mp: Patch) -> Made:
    return book(tmp, **TWO_SITES, supply=[["supplier", "item", "site"], ["S", "Apple", "P"], ["S", "Pear", "Q"]])


@kind("an unknown setting")
def unknown_setting(tmp: Path, mp: Patch) -> Made:
    return book(tmp, settings=[*HEALTHY["settings"], ["shortages", "lost"]])


@kind("a setting given twice")
def setting_twice(tmp: Path, mp: Patch) -> Made:
    return book(tmp, settings=[*HEALTHY["settings"], ["Periods", 4]])


@kind("no number of periods and no periods sheet")
def no_periods(tmp: Path, mp: Patch) -> Made:
    return book(
        tmp, settings=[["key", "value"], ["start", dt.date(2026, 1, 1)]], demand=[["item", "2026-01"], ["Apple", 5]]
    )


@kind("0 periods")
def zero_periods(tmp: Path, mp: Patch) -> Made:
    return book(tmp, settings=[["key", "value"], ["periods", 0]])


@kind("a number of periods that is not that of the periods sheet")
def periods_disagree(tmp: Path, mp: Patch) -> Made:
    periods = [["period"], ["2026-01"], ["2026-02"]]
    return book(tmp, settings=[["key", "value"], ["periods", 3]], periods=periods), quantities(5, 7)


@kind("periods that are not in order of time")
def disorder(tmp: Path, mp: Patch) -> Made:
    periods = [["period", "start"], ["2026-01", dt.date(2026, 1, 1)], ["2026-02", dt.date(2026, 1, 1)]]
    return book(tmp, settings=None, periods=periods)


@kind("a start for some periods only")
def half_dated(tmp: Path, mp: Patch) -> Made:
    return book(tmp, settings=None, periods=[["period", "start"], ["2026-01", dt.date(2026, 1, 1)], ["2026-02", None]])


@kind("a period named opening")
def opening(tmp: Path, mp: Patch) -> Made:
    return book(tmp, settings=None, periods=[["period"], ["Opening"], ["2026-01"], ["2026-02"]])
