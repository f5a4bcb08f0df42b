"""Instances as the engine meets them: cases with the tables a planner would fill in, and one matrix without a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.engine.numbers import (
    Floats,
    OneLevel,
    SeveralLevels,
    SharedLines,
    draw_shared_lines,
    read_one_level,
    read_several_levels,
)
from equipoise.case import Case
from equipoise.engine.matrix import Matrix

Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Variant:
    """What a multi-level instance may do when its hours do not suffice: overtime at a price an hour, or (None) be late."""

    overtime_cost: float | None

    @property
    def words(self) -> str:
        if self.overtime_cost is None:
            return f"late at the price and within the time of the file, then lost at {LOST:g} times that price, no overtime"
        return f"overtime at {self.overtime_cost:,.0f} an hour, nothing late"


LOST = 100.0
"""A unit never served costs this many times a period's lateness: dear enough that it happens only where nothing else can be done."""
BACKLOG = Variant(None)
OVERTIME = Variant(1_000.0)
"""Dear enough that a good plan uses none: an hour of a machine is worth a few units' holding cost."""
VARIANTS = {
    "classap": OVERTIME, "classbp": OVERTIME, "classc": OVERTIME, "classd": OVERTIME,
    "SET1": BACKLOG, "SET3": BACKLOG, "SET5": BACKLOG,
}  # fmt: skip
"""The variant of each class of the multi-level sets, fixed."""


def shared_lines(items: int, periods: int, lines: int, seed: int = 1, slack: float = 1.3) -> Case:
    """Items that can each be made on two of the lines, with set-ups; one store for all; what is not served is lost."""
    return of_shared_lines(draw_shared_lines(items, periods, lines, seed, slack))


def trigeiro(path: str | Path, unit_hours: bool = False) -> Case:
    """An instance of Trigeiro, Thomas and McClain (1989): all demand is served in its period.

    ``unit_hours``: every unit takes one hour, as in the set that was made of G30 (tr6-15).
    """
    return of_one_level(read_one_level(Path(path), unit_hours))


def mlclsp(path: str | Path, variant: Variant | None = None) -> Case:
    """An instance of the multi-level sets, in the variant given or that of its folder's class."""
    return of_several_levels(read_several_levels(Path(path)), variant or VARIANTS[Path(path).parent.name])


def sap_sop(path: str | Path) -> Matrix:
    """A matrix read from an .mps or .mps.gz file by HiGHS; its columns have no meaning. Raises ValueError where it cannot be read."""
    import highspy  # here alone: everything else in this module works beside any solver
    from scipy import sparse

    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    if h.readModel(str(path)) == highspy.HighsStatus.kError:
        raise ValueError(f"HiGHS cannot read {Path(path).name}")
    lp = h.getLp()
    form = sparse.csr_array if lp.a_matrix_.format_ == highspy.MatrixFormat.kRowwise else sparse.csc_array
    parts = (lp.a_matrix_.value_, lp.a_matrix_.index_, lp.a_matrix_.start_)
    rows = form(tuple(map(np.array, parts)), (lp.num_row_, lp.num_col_)).tocsr()
    sign = 1.0 if lp.sense_ == highspy.ObjSense.kMinimize else -1.0
    whole = np.array([t == highspy.HighsVarType.kInteger for t in lp.integrality_] or [False] * lp.num_col_)
    return Matrix(
        cost=sign * np.array(lp.col_cost_),
        lower=np.array(lp.col_lower_),
        upper=np.array(lp.col_upper_),
        integer=whole,
        row_lower=np.array(lp.row_lower_),
        row_upper=np.array(lp.row_upper_),
        start=rows.indptr.astype(np.int32),
        index=rows.indices.astype(np.int32),
        value=rows.data,
        offset=sign * lp.offset_,
    )


# ------------------------------------------------------------------------------------------------ numbers into cases


def of_shared_lines(n: SharedLines) -> Case:
    """The case of drawn numbers: no opening stock, nothing costs by the unit."""
    items, names = _names("I", len(n.hold)), _names("L", len(n.capacity))
    on = [(f"{items[i]} on {names[k]}", items[i], names[k], i) for i, pair in enumerate(n.lines) for k in pair]
    return Case.from_tables(
        {
            "settings": _settings(periods=n.demand.shape[1], period="week", shortage="lost"),
            "sites": _table("site storage_capacity", [("plant", n.store)]),
            "items": _table("item holding_cost lost_cost", zip(items, n.hold, n.lost_cost, strict=True)),
            "demand": _demand(items, n.demand),
            "resources": _table("resource capacity", zip(names, n.capacity, strict=True)),
            "recipes": _table("recipe item setup_cost", [(r, item, n.setup_cost[i]) for r, item, _, i in on]),
            "operations": _table(
                "recipe resource hours setup_hours", [(r, line, 1.0, n.setup_hours[i]) for r, _, line, i in on]
            ),
        }
    )


def of_one_level(n: OneLevel) -> Case:
    """The case of one machine: no opening stock, nothing costs by the unit, no demand is late or lost."""
    items = _names("I", len(n.hold))
    return Case.from_tables(
        {
            "settings": _settings(periods=n.demand.shape[1], shortage="forbidden"),
            "items": _table("item holding_cost", zip(items, n.hold, strict=True)),
            "demand": _demand(items, n.demand),
            "resources": _table("resource capacity", [("machine", n.capacity)]),
            "recipes": _table("recipe item setup_cost", zip(items, items, n.setup_cost, strict=True)),
            "operations": _table(
                "recipe resource hours setup_hours",
                zip(items, ["machine"] * len(items), n.hours, n.setup_hours, strict=True),
            ),
        }
    )


def of_several_levels(n: SeveralLevels, variant: Variant) -> Case:
    """The case of items made of items; lead times are 0, there is no opening stock.

    Late: the time allowed is that of the file, which must only end with the horizon; what it does not suffice for is
    lost. Overtime: as many hours as making everything in the period of its demand would take. So there always is a plan.
    Raises ValueError for a time allowed that changes otherwise.
    """
    items, machines = _names("I", len(n.hold)), _names("M", len(n.capacity))
    periods = _periods(n.demand)
    tables = {
        "settings": _settings(periods=len(periods), shortage="forbidden"),
        "items": _table("item holding_cost", zip(items, n.hold, strict=True)),
        "demand": _demand(items, n.demand),
        "resources": _table("resource capacity", zip(machines, n.capacity[:, 0], strict=True)),
        "calendar": _table(
            "resource period capacity",
            [(m, t, c) for m, row in zip(machines, n.capacity, strict=True) for t, c in zip(periods, row, strict=True)],
        ),
        "recipes": _table("recipe item setup_cost", zip(items, items, n.setup_cost, strict=True)),
        "operations": _table(
            "recipe resource hours setup_hours",
            [
                (items[i], machines[k], n.hours[k, i], n.setup_hours[k, i])
                for k, i in np.argwhere((n.hours > 0) | (n.setup_hours > 0))
            ],
        ),
        "components": _table("recipe component quantity", [(items[p], items[c], q) for p, c, q in n.parts]),
    }
    if variant.overtime_cost is None:
        late = _most_late(n.most_late)
        wanted = n.demand.sum(axis=1) > 0
        tables["settings"] = _settings(periods=len(periods), shortage="backorder", final_backlog="lost")
        prices = [
            [v if w else None for v, w in zip(by_item, wanted, strict=True)]
            for by_item in (n.late_cost, late, LOST * n.late_cost)
        ]
        tables["items"] = _table(
            "item holding_cost late_cost max_late lost_cost", zip(items, n.hold, *prices, strict=True)
        )
    else:
        hours = n.hours @ n.needed() + n.setup_hours.sum(axis=1)[:, None]
        tables["resources"] = _table(
            "resource capacity overtime overtime_cost",
            [
                (m, c[0], np.ceil(h.max()), variant.overtime_cost)
                for m, c, h in zip(machines, n.capacity, hours, strict=True)
            ],
        )
    return Case.from_tables(tables)


def _most_late(by_period: Floats) -> Floats:
    """Periods an item's demand may be late, by item."""
    most = by_period.max(axis=0)
    left = np.arange(len(by_period))[::-1]
    if (by_period != np.minimum(most, left[:, None])).any():
        raise ValueError("the time that demand may be late changes before the end of the horizon")
    return most


def _names(letter: str, number: int) -> list[str]:
    return [f"{letter}{n + 1:04d}" for n in range(number)]


def _periods(demand: Floats) -> list[str]:
    return [str(t + 1) for t in range(demand.shape[1])]


def _demand(items: Sequence[str], demand: Floats) -> pd.DataFrame:
    wanted = [(items[i], str(t + 1), demand[i, t]) for i, t in np.argwhere(demand > 0)]
    return _table("item period quantity", wanted)


def _table(columns: str, rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def _settings(**values: Any) -> pd.DataFrame:
    return pd.DataFrame(list(values.items()), columns=["key", "value"], dtype=object)
