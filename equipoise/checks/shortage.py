"""What a late or a lost unit costs: never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from equipoise.checks.facts import Facts
from equipoise.checks.look import Report, Spot
from equipoise.checks.wanted import Wanted
from equipoise.checks.words import amount, at, counted


def backlog_needs_backorder(facts: Facts, issues: Report) -> None:
    """Opening backlog has a meaning only where demand may be served late."""
    if facts.settings.shortage == "backorder":
        return
    for one in facts.backlog:
        text = (
            f"{at(*one.place)} opens with a backlog of {amount(one.quantity)}, but shortage = "
            f"{facts.settings.shortage}."
        )
        issues.error(
            "backlog-without-backorder",
            facts.spot("stock", "backlog", *one.key).of(one.quantity),
            text,
            "Say shortage = backorder in settings, or empty the backlog.",
        )


def backlog_can_be_served(facts: Facts, issues: Report) -> None:
    """With max_late 0 an opening backlog is lost before the plan begins."""
    if facts.settings.shortage != "backorder":
        return
    for one in facts.backlog:
        if one.max_late == 0:
            text = (
                f"{at(*one.place)} opens with a backlog of {amount(one.quantity)}, but its max_late is 0: it "
                "could never be served."
            )
            issues.error(
                "backlog-past-max-late",
                facts.spot("stock", "backlog", *one.key).of(one.quantity),
                text,
                "Give items.max_late at least 1, or empty the backlog.",
            )


def late_cost_is_known(facts: Facts, issues: Report) -> None:
    """With shortage = backorder every demand and opening backlog that may wait needs a late_cost."""
    if facts.settings.shortage != "backorder":
        return
    for rows in _without(facts, lambda one: one.late_cost is None and one.max_late != 0):
        text = f"what a late unit of {at(*rows[0].place)} costs is not said ({_where(rows)})."
        hint = "Give items.late_cost, or demand.late_cost in these rows (0 if waiting is free)."
        if rows[0].table == "stock":
            hint = "Give items.late_cost: opening backlog pays the item's cost (0 if waiting is free)."
        issues.error("no-late-cost", _spot(facts, rows[0], "late_cost"), text, hint)


def lost_cost_is_known(facts: Facts, issues: Report) -> None:
    """Where a unit may be lost, a lost_cost or a price says what that costs."""
    if facts.settings.objective == "profit":
        return
    for rows in _without(facts, lambda one: facts.loss(one) is None and facts.may_be_lost(one)):
        text = (
            f"what a lost unit of {at(*rows[0].place)} costs is not said: no lost_cost and no price ({_where(rows)})."
        )
        hint = "Give items.lost_cost, or a price."
        if facts.settings.shortage == "backorder":
            hint += " Or let nothing be lost: no max_late, and final_backlog = forbidden or allowed."
        issues.error("no-lost-cost", _spot(facts, rows[0], "lost_cost"), text, hint)


def waiting_is_cheaper_than_losing(facts: Facts, issues: Report) -> None:
    """A late_cost that is not below the cost of a lost unit: the plan will never deliver late."""
    if facts.settings.shortage != "backorder":
        return
    for place, rows in facts.by_place.items():
        bad = [one for one in rows if _rather_lost(facts, one)]
        if bad:
            late, lost = bad[0].late_cost or 0.0, facts.loss(bad[0]) or 0.0
            text = (
                f"a unit of {at(*place)} costs {amount(late)} for each period late but only {amount(lost)} when "
                "it is lost: the plan will lose it rather than deliver it late."
            )
            issues.warning(
                "late-dearer-than-lost",
                _spot(facts, bad[0], "late_cost").of(late),
                text,
                "Check late_cost and lost_cost (or price).",
            )


def _rather_lost(facts: Facts, one: Wanted) -> bool:
    loss = facts.loss(one)
    if not one.late_cost or loss is None or one.max_late == 0:
        return False
    return one.late_cost >= loss and facts.may_be_given_up(one)


def _without(facts: Facts, lacks: Callable[[Wanted], bool]) -> Iterator[list[Wanted]]:
    """The rows of each item and site that lack a cost; demand and opening backlog apart."""
    for rows in facts.by_place.values():
        for table in ("stock", "demand"):
            bad = [one for one in rows if one.table == table and lacks(one)]
            if bad:
                yield bad


def _where(rows: list[Wanted]) -> str:
    return "opening backlog" if rows[0].table == "stock" else counted(len(rows), "demand row")


def _spot(facts: Facts, one: Wanted, column: str) -> Spot:
    """The cost cell of the demand row where demand rows carry that cost, else that of the item."""
    if one.table == "demand" and facts.lookup("demand", column):
        return facts.spot("demand", column, *one.key)
    return facts.spot("items", column, one.place[0])


CHECKS = (
    backlog_needs_backorder,
    backlog_can_be_served,
    late_cost_is_known,
    lost_cost_is_known,
    waiting_is_cheaper_than_losing,
)
