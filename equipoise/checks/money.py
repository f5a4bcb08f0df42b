"""Costs that make the plan refuse, hoard or earn without end."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.checks.facts import Facts
from equipoise.checks.look import INF, Place, Report, Spot, above
from equipoise.checks.routes import cheapest
from equipoise.checks.wanted import Wanted
from equipoise.checks.ways import Source
from equipoise.checks.words import amount, at, counted, some


def serving_pays(facts: Facts, issues: Report) -> None:
    """Demand that costs more to make or buy than it earns, or than a lost unit costs: the plan will refuse it."""
    if facts.settings.shortage == "forbidden":
        return
    costs = facts.cheapest
    for place, rows in facts.by_place.items():
        cost = costs.get(place)
        if cost is None:
            continue
        bad = [one for one in rows if _refused(facts, one, cost)]
        if bad:
            worst = min(bad, key=lambda one: facts.loss(one) or 0.0)
            loss = facts.loss(worst) or 0.0
            earns = _earns(facts, worst, loss)
            part = "all its demand" if len(bad) == len(rows) else f"{len(bad)} of {counted(len(rows), 'demand row')}"
            text = (
                f"{at(*place)} costs at least {amount(cost)} a unit to make or buy, but {earns}: the plan will "
                f"refuse {part} that stock does not cover."
            )
            issues.warning(
                "refused-demand",
                _loss_spot(facts, worst).of(loss),
                text,
                "Check price and lost_cost against the costs of its recipes, components and suppliers.",
            )


def _refused(facts: Facts, one: Wanted, cost: float) -> bool:
    loss = facts.loss(one)
    return loss is not None and facts.may_be_given_up(one) and above(cost, loss)


def _earns(facts: Facts, one: Wanted, loss: float) -> str:
    if facts.settings.objective == "profit":
        lost = f" and saves a lost_cost of {amount(one.lost_cost)}" if one.lost_cost else ""
        return f"a unit served earns {amount(one.price or 0.0)}{lost}"
    return f"a lost unit costs only {amount(loss)}"


def _loss_spot(facts: Facts, one: Wanted) -> Spot:
    """The cell that says what a lost unit costs."""
    first = "price" if facts.settings.objective == "profit" else "lost_cost"
    for column in (first, "price", "lost_cost"):
        if one.table == "demand" and one.key in facts.lookup("demand", column):
            return facts.spot("demand", column, *one.key)
        if one.place[0] in facts.lookup("items", column):
            return facts.spot("items", column, one.place[0])
    return facts.spot("items", first, one.place[0])


def waiting_at_the_end_is_dearer(facts: Facts, issues: Report) -> None:
    """final_backlog = allowed: demand of the last period that is cheaper to leave waiting than to serve."""
    if facts.settings.shortage != "backorder" or facts.settings.final_backlog != "allowed":
        return
    costs = facts.cheapest
    late = [one for one in facts.demand if one.max_late != 0 and one.late_cost is not None]
    bad = sorted({one.place for one in late if one.place in costs and above(costs[one.place], one.late_cost or 0.0)})
    if bad:
        text = (
            "a unit that still waits at the end pays late_cost but is never made: for "
            f"{some([at(*p) for p in bad])} that is cheaper than serving it in the last periods."
        )
        issues.warning(
            "backlog-cheaper-than-supply",
            facts.setting("final_backlog").of("allowed"),
            text,
            "Say final_backlog = forbidden, or let the plan show how much waits at the end.",
        )


def profit_has_prices(facts: Facts, issues: Report) -> None:
    """In profit mode demand has a price."""
    if facts.settings.objective != "profit":
        return
    bare = sorted({one.place[0] for one in facts.demand if one.price is None})
    if bare:
        text = (
            f"the objective is profit, but {counted(len(bare), 'item')} in demand "
            f"{'has' if len(bare) == 1 else 'have'} no price: {some(bare)}; serving "
            f"{'it' if len(bare) == 1 else 'them'} earns nothing."
        )
        issues.warning(
            "no-price",
            facts.spot("items", "price", bare[0]),
            text,
            "Give items.price or demand.price (0 if it is free).",
        )


def unit_costs_are_positive(facts: Facts, issues: Report) -> None:
    """Negative unit costs: they earn money with every unit."""
    for table in ("recipes", "recipe_calendar", "supply", "supply_calendar", "lanes"):
        for row in facts.rows(table):
            cost = row["unit_cost"]
            if cost is not None and cost < 0:
                key = [row[k] for k in facts.keys(table)]
                names = ", ".join(str(k) for k in key if k)
                text = f"unit_cost of {names} is {amount(cost)}: every unit earns money."
                issues.warning(
                    "negative-cost",
                    facts.spot(table, "unit_cost", *key).of(cost),
                    text,
                    "Correct the sign, unless somebody pays for it (a limit should then say how much).",
                )


def nothing_earns_without_limit(facts: Facts, issues: Report) -> None:
    """An item that earns by being had and kept to the end, with nothing that limits it: a profit without end."""
    costs = _without_limit(facts)
    for place, gain in _hoards(facts, costs):
        issues.warning(
            "unlimited-gain",
            _gain_spot(facts, place),
            f"{_gain_words(facts, place, costs[place], gain)} and nothing limits how much: the plan has no end.",
            "Give a limit (stock.maximum, lot_max, capacity, storage_capacity), or correct the value or the cost.",
        )


def stock_is_not_worth_hoarding(facts: Facts, issues: Report) -> None:
    """end_stock = value with a value above the cost of making or buying: the plan will fill the shelves."""
    if facts.settings.end_stock != "value":
        return
    without_limit = {place for place, _ in _hoards(facts, _without_limit(facts))}
    costs = facts.cheapest
    bad = [
        (gain, place) for place, gain in _hoards(facts, costs) if place not in without_limit and _value(facts, place)
    ]
    if bad:
        gain, place = max(bad, key=lambda pair: (pair[0], pair[1]))
        more = (
            f" ({counted(len(bad), 'item and site', 'items and sites')} like it: {some([at(*p) for _, p in bad])})"
            if len(bad) > 1
            else ""
        )
        text = (
            f"{_gain_words(facts, place, costs[place], gain)}{more}: the plan will fill the shelves at the end as "
            "far as the limits allow."
        )
        issues.warning(
            "value-above-cost",
            _gain_spot(facts, place),
            text,
            "Set items.value at or below the cost of the item, or use stock.final or end_stock = opening.",
        )


def _gain_words(facts: Facts, place: Place, cost: float, gain: float) -> str:
    if not _value(facts, place):
        return f"{at(*place)} can be had for {amount(cost)} a unit: each earns {amount(gain)}"
    return (
        f"a unit of {at(*place)} in stock at the end is worth {amount(_value(facts, place))} but can be had for "
        f"{amount(cost)} (wages, set-ups and overtime apart): each earns {amount(gain)}"
    )


def _value(facts: Facts, place: Place) -> float:
    return (facts.items[place[0]]["value"] or 0.0) if facts.settings.end_stock == "value" else 0.0


def _gain_spot(facts: Facts, place: Place) -> Spot:
    if _value(facts, place) or place not in facts.sources_at:
        return facts.spot("items", "value", place[0]).of(facts.items[place[0]]["value"])
    source = facts.sources_at[place][0]
    return facts.spot(source.table, "unit_cost", *source.key).of(source.row["unit_cost"])


def _hoards(facts: Facts, costs: dict[Place, float]) -> Iterator[tuple[Place, float]]:
    """Items and sites where a further unit kept to the end earns more than it costs, with the gain.

    Hard limits of stock shut it out, priced ones lower it.
    """
    last = facts.horizon - 1
    rooms = {row["site"]: row for row in facts.rows("sites")}
    share = 0.5 if facts.settings.holding_on == "average" else 1.0
    for place, cost in sorted(costs.items()):
        gain = _value(facts, place) - cost
        if gain <= 0:
            continue
        gain -= share * facts.holding(place, last)
        if facts.limit(place, "maximum", last) is not None:
            gain -= _or_hard(facts.price(place, "maximum_cost"))
        room = rooms.get(place[1])
        volume = facts.items[place[0]]["volume"]
        if room is not None and room["storage_capacity"] is not None and volume != 0:
            gain -= _or_hard(room["storage_cost"]) * (1.0 if volume is None else volume)
        if above(gain, 0.0):
            yield place, gain


def _or_hard(price: float | None) -> float:
    return INF if price is None else price


def _without_limit(facts: Facts) -> dict[Place, float]:
    """Cheapest costs through recipes, suppliers and lanes that nothing limits."""

    def use(source: Source, t: int) -> bool:
        return facts.most(source, t) == INF

    if facts.settings.end_stock != "value" and not any(_negative(facts)):
        return {}
    return cheapest(facts, use, lanes_without_limit=True)


def _negative(facts: Facts) -> Iterator[bool]:
    for table in ("recipes", "recipe_calendar", "supply", "supply_calendar", "lanes"):
        yield any((row["unit_cost"] or 0.0) < 0 for row in facts.rows(table))


def policies_are_worth_it(facts: Facts, issues: Report) -> None:
    """Prices so low that the plan will rather break the limit: safety_cost below holding, final_cost below the cost."""
    costs, last = facts.cheapest, facts.horizon - 1
    for place, row in facts.stock.items():
        safety, final = row["safety_cost"], row["final_cost"]
        holding = min(facts.holding(place, t) for t in range(facts.horizon)) if safety is not None else 0.0
        asked = safety is not None and any(facts.limit(place, "safety", t) for t in range(facts.horizon))
        if asked and above(holding, safety):
            text = (
                f"a unit below the safety stock of {at(*place)} costs {amount(safety)} a period, less than "
                f"keeping it ({amount(holding)}): the plan will not keep the safety stock."
            )
            issues.warning(
                "penalty-too-low",
                facts.spot("stock", "safety_cost", *place).of(safety),
                text,
                "Raise safety_cost above the holding cost.",
            )
        least = costs.get(place, 0.0) + facts.holding(place, last)
        if row["final"] and final is not None and place in costs and above(least, final):
            text = (
                f"a unit below the final stock of {at(*place)} costs {amount(final)}, less than having and "
                f"keeping it ({amount(least)} at least): the plan will not build the final stock."
            )
            issues.warning(
                "penalty-too-low",
                facts.spot("stock", "final_cost", *place).of(final),
                text,
                "Raise final_cost above the cost of a unit.",
            )


CHECKS = (
    serving_pays,
    waiting_at_the_end_is_dearer,
    profit_has_prices,
    unit_costs_are_positive,
    nothing_earns_without_limit,
    stock_is_not_worth_hoarding,
    policies_are_worth_it,
)
