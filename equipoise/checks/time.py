"""Lead times and the horizon: what arrives too late, demand that comes too early or stops too soon."""

from __future__ import annotations

from equipoise.checks.facts import Facts
from equipoise.checks.look import INF, Place, Report, above
from equipoise.checks.reach import Blocked, arrivals, blocked
from equipoise.checks.wanted import Wanted
from equipoise.checks.words import amount, at, counted, some, span


def deliveries_arrive_in_time(facts: Facts, issues: Report) -> None:
    """Every recipe, supplier and lane can deliver within the horizon at least once."""
    for source in facts.sources:
        runs = facts.runs[source.key]
        if runs and not facts.in_time(source):
            text = (
                f"{source} has a lead time of {counted(source.lead, 'period')}: what is started in "
                f"{facts.say(runs[0])}, the first period it is open, arrives after the horizon of "
                f"{facts.horizon}."
            )
            issues.warning(
                "lead-time-past-horizon",
                facts.spot(source.table, "lead_time", *source.key).of(float(source.lead)),
                text,
                "Lengthen the horizon, or put what is under way into receipts.",
            )
    for row in facts.rows("lanes"):
        lead = row["lead_time"] or 0
        if lead >= facts.horizon:
            text = (
                f"the lane from {row['origin']} to {row['destination']} takes {counted(int(lead), 'period')}: "
                f"nothing arrives within the horizon of {facts.horizon}."
            )
            issues.warning(
                "lead-time-past-horizon",
                facts.spot("lanes", "lead_time", row["origin"], row["destination"], row["item"]).of(lead),
                text,
                "Lengthen the horizon, or put what is under way into receipts.",
            )


def demand_can_be_met_in_time(facts: Facts, issues: Report) -> None:
    """Demand due before the first delivery can be there, beyond what opening stock and receipts bring."""
    early = arrivals(facts, facts.start)
    for place, rows in facts.by_place.items():
        first = _first_delivery(facts, place, early)
        urgent = [one for one in rows if _latest(facts, one) < first]
        if place not in facts.possible or not urgent:
            continue
        brought, missed = _without_deliveries(facts, place, urgent, first)
        if not above(missed, 0.0) or (first >= facts.horizon and _said_already(facts, place, early)):
            continue
        when = span(list(dict.fromkeys(facts.names[max(one.due, 0)] for one in urgent)))
        arrival = (
            f"the first delivery can be there in {facts.say(first)}"
            if first < facts.horizon
            else "no delivery can be there within the horizon"
        )
        end = ": with shortage = forbidden no plan exists" if facts.settings.shortage == "forbidden" else ""
        text = (
            f"{amount(sum(one.quantity for one in urgent))} of {at(*place)} are due in {when}, but opening stock and "
            f"receipts bring {amount(brought)} and {arrival}; {amount(missed)} cannot be served{end}."
        )
        column = "quantity" if urgent[0].table == "demand" else "backlog"
        issues.warning(
            "demand-before-supply",
            facts.spot(urgent[0].table, column, *urgent[0].key).of(urgent[0].quantity),
            text,
            "Give the opening stock or receipts, or check the lead times.",
        )


def _said_already(facts: Facts, place: Place, early: dict[Place, int]) -> bool:
    """Whether a recipe or supplier on the way to the place has a message of its own: it cannot run in time, or at all."""
    ways = facts.sources_at.get(place, ())
    starts = [Blocked(part, source, place, True) for source in ways for part, _ in source.uses]
    gaps = list(blocked(facts, starts, early))
    if any(gap.place not in facts.possible for gap in gaps):
        return True
    return any(not facts.in_time(source) for source in (*ways, *(way for gap in gaps for way in gap.ways)))


def _first_delivery(facts: Facts, place: Place, early: dict[Place, int]) -> int:
    """First period in which something made, bought or shipped can be at the place; the horizon when never."""
    first = facts.horizon
    for source in facts.sources_at.get(place, ()):
        ready = max((early.get(part, facts.horizon) for part, _ in source.uses), default=0)
        start = facts.start(source, ready)
        first = first if start is None else min(first, start + source.lead)
    for lane in facts.lanes_to(place):
        if lane["capacity"] != 0:
            lead = int(lane["lead_time"] or 0)
            first = min(first, early.get((place[0], lane["origin"]), facts.horizon) + lead)
    return first


def _without_deliveries(facts: Facts, place: Place, urgent: list[Wanted], first: int) -> tuple[float, float]:
    """What opening stock and receipts bring before the first delivery, and how much of the urgent demand they leave."""
    coming = {t: q for t, q in facts.receipts.get(place, {}).items() if t < first}
    if facts.settings.shortage == "backorder":
        brought = facts.opening(place) + sum(coming.values())
        return brought, sum(one.quantity for one in urgent) - brought
    stock, missed, seen = facts.opening(place), 0.0, -1
    for one in urgent:
        stock += sum(q for t, q in coming.items() if seen < t <= one.due)
        seen = one.due
        missed += max(one.quantity - stock, 0.0)
        stock = max(stock - one.quantity, 0.0)
    return facts.opening(place) + sum(coming.values()), missed


def _latest(facts: Facts, one: Wanted) -> float:
    """Last period in which the demand can be served."""
    if facts.settings.shortage != "backorder":
        return one.due
    return min(one.due + (INF if one.max_late is None else one.max_late), facts.horizon - 1)


def demand_reaches_the_end(facts: Facts, issues: Report) -> None:
    """Demand given for a part of the horizon only."""
    if not facts.demand:
        return
    last: dict[str, int] = {}
    for row in facts.rows("demand"):
        t = facts.case.periods.index[row["period"]]
        last[row["item"]] = max(t, last.get(row["item"], t))
    end = max(last.values())
    if end < facts.horizon - 1:
        text = f"demand ends in {facts.say(end)}; the horizon goes on to {facts.say(-1)}."
        issues.note(
            "demand-ends-early",
            facts.spot("demand", "period").of(facts.names[end]),
            text,
            "Fill in the later periods, or shorten the horizon.",
        )
    short = [item for item, t in sorted(last.items()) if t < end]
    if short:
        text = (
            f"{counted(len(short), 'item')} of {len(last)} {'has' if len(short) == 1 else 'have'} no demand row up to "
            f"{facts.say(end)}: {some(short)}."
        )
        issues.note(
            "demand-ends-early",
            facts.spot("demand", "period").of(short[0]),
            text,
            "Blank means no demand; fill in what is missing.",
        )


CHECKS = (deliveries_arrive_in_time, demand_can_be_met_in_time, demand_reaches_the_end)
