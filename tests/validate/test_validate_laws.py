"""Laws: nothing raises but DataError, many errors take no longer each than few, forms of the same data mean the same."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.case import Case
from equipoise.errors import DataError
from equipoise.tables import LATER, SETTINGS, TABLES
from equipoise.validate import BadCell, validate
from equipoise.validate import words as words_module
from equipoise.validate.cells import CONTROL, MOST_COMPARISONS

GARBAGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.binary(max_size=2),
    st.lists(st.integers(), max_size=2),
    st.just(BadCell("excel-error", "#N/A", "the cell shows #N/A.", "Correct it.")),
    st.sampled_from(["2026-01", "2026-02", "A", "B", "S", "1", "capacity", 1, 0, 5.0, dt.date(2026, 1, 31)]),
)
HEADERS = sorted({c.name for t in TABLES.values() for c in t.columns} | {"column", "2026-01", "2026-02", "1", "2"})


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """A frame of garbage under headers that mostly exist."""
    headers = draw(
        st.lists(st.one_of(st.sampled_from(HEADERS), GARBAGE.filter(lambda v: not isinstance(v, list))), max_size=6)
    )
    rows = draw(st.lists(st.lists(GARBAGE, min_size=len(headers), max_size=len(headers)), max_size=4))
    columns = {n: pd.Series([row[n] for row in rows], dtype=object) for n in range(len(headers))}
    frame = pd.DataFrame(columns, index=range(len(rows)))
    frame.columns = pd.Index(headers, dtype=object)
    return frame


@st.composite
def keyed_settings(draw: st.DrawFn) -> pd.DataFrame:
    """A settings sheet with known keys and garbage values."""
    keys = draw(st.lists(st.sampled_from([s.name for s in SETTINGS]), max_size=5))
    return pd.DataFrame(
        {"key": pd.Series(keys, dtype=object), "value": pd.Series([draw(GARBAGE) for _ in keys], dtype=object)}
    )


SHEETS = st.dictionaries(st.sampled_from([*TABLES, *LATER, "notes", "eq_x", "Demand"]), frames(), max_size=5)


@given(SHEETS, st.none() | keyed_settings() | frames())
@settings(max_examples=150, deadline=None)
def test_garbage_is_refused_and_never_breaks_anything(
    sheets: dict[str, pd.DataFrame], given_settings: pd.DataFrame | None
) -> None:
    tables = sheets if given_settings is None else {**sheets, "settings": given_settings}
    clean = validate(tables)
    assert set(clean.tables) == set(TABLES) - {"settings"}
    for name, frame in clean.tables.items():
        assert list(frame.columns) == [c.name for c in TABLES[name].columns if c.built]
    for issue in clean.issues:
        assert issue.message and not CONTROL.search(str(issue)), issue
    with pytest.raises(DataError):  # items and demand of garbage make no case
        Case.from_tables({**tables, "items": pd.DataFrame()})


def healthy() -> dict[str, pd.DataFrame]:
    """A case that validates."""
    return {
        "settings": pd.DataFrame(
            [["periods", 3], ["start", dt.date(2026, 1, 1)]], columns=["key", "value"], dtype=object
        ),
        "items": pd.DataFrame({"item": ["A", "B"], "lost_cost": [1, 2]}),
        "supply": pd.DataFrame({"item": ["A", "B"]}),
        "demand": pd.DataFrame({"item": ["A", "B"], "period": ["2026-01", "2026-02"], "quantity": [3, 4]}),
    }


def test_tens_of_thousands_of_errors_are_all_found_and_few_names_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    search = difflib.get_close_matches

    def counted(word: str, known: Any, **options: Any) -> list[str]:
        nonlocal compared
        compared += len(known)
        return search(word, known, **options)

    monkeypatch.setattr(words_module.difflib, "get_close_matches", counted)
    n = 20_000
    demand = pd.DataFrame(
        {"item": [f"item {k}" for k in range(n)], "period": [f"p{k}" for k in range(n)], "quantity": ["1,5"] * n}
    )
    items = pd.DataFrame({"item": [f"thing {k}" for k in range(5_000)]})
    found = validate({**healthy(), "demand": demand, "items": items}).issues
    codes = [i.code for i in found]
    assert {c: codes.count(c) for c in set(codes)} == {
        "unknown-period": n,
        "text-number": n,
        "unknown-reference": n + 2,
    }
    assert 0 < compared <= MOST_COMPARISONS


@st.composite
def demands(draw: st.DrawFn) -> dict[tuple[str, str], float]:
    """Quantities by item and period."""
    keys = st.tuples(st.sampled_from(["A", "B"]), st.sampled_from(["2026-01", "2026-02", "2026-03"]))
    return draw(st.dictionaries(keys, st.floats(0, 1e9), min_size=1))


@given(demands(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_long_wide_and_shuffled_tables_are_one_case(quantities: dict[tuple[str, str], float], random: Any) -> None:
    rows = [(item, period, quantity) for (item, period), quantity in quantities.items()]
    long = pd.DataFrame(rows, columns=["item", "period", "quantity"])
    items = sorted({item for item, _ in quantities})
    periods = [dt.date(2026, 1, 9), "2026-02", dt.datetime(2026, 3, 31)]
    names = ["2026-01", "2026-02", "2026-03"]
    wide = pd.DataFrame(
        [[item, *(quantities.get((item, name)) for name in names)] for item in items],
        columns=["Item", *periods],
        dtype=object,
    )
    random.shuffle(rows)
    shuffled = pd.DataFrame(rows, columns=["item", "PERIOD", "quantity [unit]"])[["quantity [unit]", "PERIOD", "item"]]
    prints = {Case.from_tables({**healthy(), "demand": frame}).fingerprint for frame in (long, wide, shuffled)}
    assert len(prints) == 1


def test_cells_of_different_kinds_are_not_mistaken_for_one_another() -> None:
    items = pd.DataFrame({"item": pd.Series([1, True, 1.0, "1"], dtype=object)})
    found = [
        (i.code, i.cell) for i in validate({**healthy(), "items": items, "demand": healthy()["demand"].iloc[:0]}).issues
    ]
    assert ("not-a-name", "items!3") in found
    assert [cell for code, cell in found if code == "duplicate-key"] == ["items!4", "items!5"]


def test_a_name_that_only_looks_like_another() -> None:
    items = pd.DataFrame({"item": ["Café crème", "B"]})
    demand = pd.DataFrame({"item": ["Cafe\u0301 crème"], "period": ["2026-01"], "quantity": [1]})
    supply = pd.DataFrame({"item": ["Café crème"]})
    (found,) = validate({**healthy(), "items": items, "demand": demand, "supply": supply}).issues
    assert found.hint == 'Did you mean "Café crème"? They look alike but hold different characters.'
