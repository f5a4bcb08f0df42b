"""Rules about the plan tables themselves: rows the case knows, once each, with a number in every cell that needs one."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.audit.bench import RUNS_ABOVE, Bench
from equipoise.audit.entries import Entry
from equipoise.audit.exact import Term
from equipoise.audit.row import KEPT, Place, Row, yes_or_no
from equipoise.plan import PLAN_TABLES

NEEDED = {
    "make": ("quantity", "output"),
    "buy": ("quantity",),
    "ship": ("quantity",),
    "stock": ("quantity",),
    "serve": ("quantity",),
    "short": (),
    "capacity": ("hours",),
    "crew": ("workers",),
    "storage": ("volume",),
    "costs": ("amount",),
}
"""Columns that need a number in every row. A blank in any other column is zero, or means that the case has no such rule."""


def known_rows(b: Bench) -> Iterator[Row]:
    """Every row of the plan means something in the case.

    The recipe, supply row, lane, demand row, resource, crew, site, cost line and period of a row are in the case, and the item
    and site beside a recipe are those of the recipe. A row that is not known is reported here and counts nowhere else.

    unknown rows = 0   for each row   [rows]
    """
    for table in PLAN_TABLES:
        column = PLAN_TABLES[table].key[0]
        for e in b.plan.all[table]:
            yield yes_or_no(False, e.at(column), "{0}; the row is not counted", (e.unknown,)) if e.unknown else KEPT
    for e in b.plan.rows("make"):
        for column in ("item", "site"):
            own, given = b.facts.recipes[e.key[0]][column], e.names[column]
            names = (e.key[0], column, own or "without a name", given or "blank")
            says = "recipe {0} has the {1} {2}, not {3}"
            yield KEPT if given == own else yes_or_no(False, e.at(column), says, names)


def one_row_per_key(b: Bench) -> Iterator[Row]:
    """No two rows of a plan table say the same thing twice; only the first one counts.

    rows with the key of an earlier row = 0   for each row   [rows]
    """
    for table in PLAN_TABLES:
        column = PLAN_TABLES[table].key[0]
        for e in b.plan.all[table]:
            if not e.repeated:
                yield KEPT
                continue
            words = ", ".join(name for name in e.key if name)
            yield yes_or_no(False, e.at(column), "a second row for {0}; it is not counted", (words,))


def filled_cells(b: Bench) -> Iterator[Row]:
    """Every number of the plan is there and is a finite number.

    A set-up, order or lots cell may be blank only where the case has no such rule or nothing is made or ordered; a column that
    shows a shortfall, an overtime or a share of the hours counts as zero where it is blank.

    cells without a number = 0   for each row   [cells]
    """
    for table, needed in NEEDED.items():
        for e in b.plan.all[table]:
            for column, text in e.bad.items():
                yield yes_or_no(False, e.at(column), '{0} is "{1}", not a number', (column, text), "cells")
            must = (*needed, *(() if e.unknown else _rules_of(b, e)))
            for column in must:
                blank = column in e.blank
                yield yes_or_no(False, e.at(column), "{0} is blank", (column,), "cells") if blank else KEPT


def _rules_of(b: Bench, e: Entry) -> tuple[str, ...]:
    """The flag and lots columns that a row of make or buy has to fill in."""
    if e.table not in ("make", "buy") or e["quantity"] <= RUNS_ABOVE:
        return ()
    if e.table == "make":
        recipe = b.facts.recipes[e.key[0]]
        flag, lots = ("setup" if b.facts.needs_setup(e.key[0], e.t) else ""), recipe["lot_multiple"]
    else:
        flag = "order" if b.facts.needs_order(e.key[:3]) else ""
        lots = b.facts.get("supply", "lot_multiple", e.key[:3])
    return (*((flag,) if flag else ()), *(("lots",) if lots else ()))


def stock_is_complete(b: Bench) -> Iterator[Row]:
    """The stock table has a row in every period for each item and site with stock, stock limits or movements.

    missing rows = 0   for each item, site, period   [rows]
    """
    for item, site in b.stocked:
        for t, period in enumerate(b.facts.names):
            if b.stock_entry(item, site, t) is not None:
                yield KEPT
                continue
            at = Place("stock", "quantity", None, (item, site, period))
            yield yes_or_no(False, at, "the plan has no stock row for {0}", (item,))


def non_negative(b: Bench) -> Iterator[Row]:
    """Nothing in a plan is below zero; only a cost may be.

    number >= 0   for each number of every table but costs   [unit]
    """
    for table in PLAN_TABLES:
        if table == "costs":
            continue
        units = {c.name: c.unit for c in PLAN_TABLES[table].columns}
        for e in b.plan.rows(table):
            for column, value in e.numbers.items():
                if value >= 0:
                    yield KEPT
                    continue
                terms: tuple[Term, ...] = ((value,),)
                says = "{0} is {stated}, below zero"
                yield Row(terms, ">=", e.at(column), says, (column,), units[column] or "units")


RULES = (known_rows, one_row_per_key, filled_cells, stock_is_complete, non_negative)
