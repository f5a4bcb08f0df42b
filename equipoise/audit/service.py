"""Rules about demand: served, waiting or given up, each in its time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from equipoise.audit.bench import Bench
from equipoise.audit.facts import Demand
from equipoise.audit.row import KEPT, Row, Source
from equipoise.plan import OPENING


def demand_is_served_or_lost(b: Bench) -> Iterator[Row]:
    """Every unit wanted is served, waits or is given up: nothing is forgotten and nothing served twice.

    late[d,t] = late[d,t-1] + quantity[d] if t is its first period - serve[d,t] - lost[d,t]
    for each demand d, period t of its window   [unit]

    The first period of a demand is the one it is due in, that of the opening backlog is the first of the horizon. No unit may
    still wait after the window (served_in_its_window), so that everything has been served or given up by then.
    """
    active: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for table in ("serve", "short"):
        for e in b.plan.rows(table):
            active[e.key[:4]].update((e.t, e.t + 1) if table == "short" else (e.t,))
    says = "of the demand {0}, {stated} {unit} wait at the end of {1}; {expected} follows from what was wanted, served and given up"
    for d in b.facts.demand.values():
        end = min(max(d.last, d.first), b.facts.count - 1)
        for t in sorted({d.first} | {t for t in active[d.key] if d.first < t <= end}):
            period = b.facts.names[t]
            key = (*d.key, period)
            late, lost = (b.plan.number("short", key, c) for c in ("late", "lost"))
            serve = b.plan.number("serve", key, "quantity")
            before = b.plan.number("short", (*d.key, b.facts.names[t - 1]), "late") if t > d.first else d.quantity
            served = b.plan.get("serve", key)
            at = served.at("quantity") if served is not None else b.plan.at("short", key, "late")
            terms = ((late,), (-1.0, before), (serve,), (lost,))
            yield Row(terms, "=", at, says, (words(d), period), b.facts.unit(d.item), source(d))


def served_in_its_window(b: Bench) -> Iterator[Row]:
    """Demand is served, waits and is given up in its window only: from its due period to max_late periods after it.

    serve[d,t] = 0 and lost[d,t] = 0 outside the window, late[d,t] = 0 before the due period and from the last period of the
    window on   for each demand d, period t   [unit]

    Without backorder the window is the due period alone. The opening backlog is due one period before the first; where its
    window is over by then, it is given up in the first period.
    """
    says = "{0} of the demand {1} is {stated} in {2}, outside the periods in which it may be"
    for table, columns in (("serve", ("quantity",)), ("short", ("late", "lost"))):
        for e in b.plan.rows(table):
            d = b.facts.demand[e.key[:4]]
            last = {"quantity": d.last, "late": d.last - 1, "lost": max(d.last, d.first)}
            for column in columns:
                if d.first <= e.t <= last[column]:
                    yield KEPT
                    continue
                name = "what is served" if column == "quantity" else column
                yield Row(
                    ((e[column],),),
                    "=",
                    e.at(column),
                    says,
                    (name, words(d), e.key[4]),
                    b.facts.unit(d.item),
                    source(d),
                )


def backlog_at_the_end(b: Bench) -> Iterator[Row]:
    """What may wait at the end of the horizon is a matter of settings.final_backlog.

    lost: late[d,T] = 0; what still waits is given up
    forbidden: late[d,T] = 0 and, where the window reaches the last period, lost[d,t] = 0 in every period
    allowed, or shortage is not backorder: no rule   for each demand d   [unit]
    """
    settings = b.facts.case.settings
    rule = settings.final_backlog
    if rule == "allowed" or settings.shortage != "backorder":
        return
    for e in b.plan.rows("short"):
        d = b.facts.demand[e.key[:4]]
        names, unit = (words(d), e.key[4]), b.facts.unit(d.item)
        if e.t == b.facts.count - 1:
            says = "of the demand {0}, {stated} {unit} wait at the end of the horizon; none may"
            yield Row(((e["late"],),), "=", e.at("late"), says, names, unit, source(d))
        if rule == "forbidden" and d.last >= b.facts.count - 1:
            says = (
                "of the demand {0}, {stated} {unit} are given up in {1}; all must be served by the end of the horizon"
            )
            yield Row(((e["lost"],),), "=", e.at("lost"), says, names, unit, source(d))


def lost_only_where_allowed(b: Bench) -> Iterator[Row]:
    """Demand is given up only where the case says what a lost unit costs, and never with shortage = forbidden.

    lost[d,t] = 0   for each demand d without a cost of losing it, period t   [unit]
    """
    forbidden = b.facts.case.settings.shortage == "forbidden"
    for e in b.plan.rows("short"):
        d = b.facts.demand[e.key[:4]]
        if forbidden or d.lost_cost is None:
            why = "shortage is forbidden" if forbidden else "it has no lost_cost and no price"
            says = "of the demand {0}, {stated} {unit} are given up in {1}, but {2}"
            names = (words(d), e.key[4], why)
            yield Row(((e["lost"],),), "=", e.at("lost"), says, names, b.facts.unit(d.item), source(d))


def words(d: Demand) -> str:
    """A demand as a message names it."""
    item, site, customer, due = d.key
    when = "from before the start" if due == OPENING else f"due {due}"
    return f"for {item}{f' at {site}' if site else ''}{f' by {customer}' if customer else ''} {when}"


def source(d: Demand) -> Source:
    """The cell of its quantity."""
    item, site, customer, due = d.key
    if d.due < 0:
        return Source("stock", "backlog", (item, site))
    return Source("demand", "quantity", (item, site, due, customer))


RULES = (demand_is_served_or_lost, served_in_its_window, backlog_at_the_end, lost_only_where_allowed)
