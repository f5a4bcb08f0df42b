"""Bills of materials without loops, demand with a source, recipes and items that somebody needs."""

from __future__ import annotations

from collections import defaultdict

from equipoise.checks.facts import Facts
from equipoise.checks.look import Place, Report, Spot
from equipoise.checks.reach import Blocked, blocked, feeding, loops
from equipoise.checks.words import amount, at, some


def bom_graph(facts: Facts) -> dict[str, dict[str, str]]:
    """item -> component -> a recipe that makes the one from the other."""
    graph: dict[str, dict[str, str]] = defaultdict(dict)
    for name, recipe in facts.recipes.items():
        for (component, _), _ in recipe.uses:
            graph[recipe.place[0]].setdefault(component, name)
    return graph


def no_item_is_made_of_itself(facts: Facts, issues: Report) -> None:
    """No loop in the bill of materials, over all recipes and sites."""
    graph = bom_graph(facts)
    for loop in loops(graph):
        steps = list(zip(loop, [*loop[1:], loop[0]], strict=True))
        recipes = [graph[item][component] for item, component in steps]
        words = " -> ".join([*loop, loop[0]])
        text = (
            f"{loop[0]} is made of itself: {words} ({'recipe' if len(recipes) == 1 else 'recipes'} "
            f"{', '.join(recipes)})."
        )
        issues.error(
            "bom-loop",
            facts.spot("components", "component", recipes[-1], loop[0]).of(loop[0]),
            text,
            "Correct one of these rows of components.",
        )


def lanes_lead_elsewhere(facts: Facts, issues: Report) -> None:
    """No lane from a site to itself."""
    for row in facts.rows("lanes"):
        if row["origin"] == row["destination"]:
            text = f"the lane from {row['origin']} leads to {row['destination']} itself."
            issues.error(
                "lane-to-itself",
                facts.spot("lanes", "destination", row["origin"], row["destination"], row["item"]).of(
                    row["destination"]
                ),
                text,
                "Correct the origin or the destination.",
            )


def demand_has_a_source(facts: Facts, issues: Report) -> None:
    """Demand, backlog, hard safety and final stock, and the components behind them, can come from somewhere.

    A source is opening stock, a receipt, a recipe, a supplier or a lane from a site that has one; lead times apart. Only a
    warning where a component lacks one and what it goes into has another source, and where the demand behind it may be given up
    at a price: the plan then pays for all of it.
    """
    wanted, must = _wanted(facts), _must_be_had(facts)
    starts = [*(Blocked(place, None, place, place in must) for place in wanted), *_missing_components(facts, must)]
    for gap in blocked(facts, sorted(starts, key=lambda start: not start.grave), facts.possible):
        if not gap.ways:
            issues.add(
                "no-source",
                _spot(facts, gap, wanted),
                f"{_why(gap, wanted)}, but there is no recipe, supplier, stock or receipt of it{_or_lane(facts)}{_so(facts, gap)}.",
                "Add a row to recipes or supply (or stock, receipts, lanes), or correct the name.",
                "error" if gap.grave else "warning",
            )


def _so(facts: Facts, gap: Blocked) -> str:
    """What the plan does about demand that may be given up."""
    return (
        ": the plan gives all this demand up"
        if gap.user is None and gap.place in facts.by_place and not gap.grave
        else ""
    )


def _must_be_had(facts: Facts) -> set[Place]:
    """Places where demand that may not be given up, hard stock limits or recipes with a minimum ask for an item; what feeds them."""
    found = {place for place, rows in facts.by_place.items() if not all(facts.may_be_given_up(one) for one in rows)}
    for place, row in facts.stock.items():
        if any(row[column] and row[f"{column}_cost"] is None for column in ("safety", "final")):
            found.add(place)
    for place, targets in facts.targets.items():
        if facts.price(place, "safety_cost") is None and any(row["safety"] for row in targets.values()):
            found.add(place)
    found |= {recipe.place for recipe in facts.recipes.values() if recipe.row["minimum"]}
    return feeding(facts, found)


def _missing_components(facts: Facts, must: set[Place]) -> list[Blocked]:
    """Components that nothing brings, of recipes that are needed.

    Grave where the recipe has a minimum, or is the only source of what must be had.
    """
    out = []
    for recipe in facts.recipes.values():
        missing = [part for part, _ in recipe.uses if part not in facts.possible]
        if missing and recipe.place in facts.needed:
            ways = [s for s in facts.sources_at[recipe.place] if all(part in facts.possible for part, _ in s.uses)]
            lanes = [row for row in facts.lanes_to(recipe.place) if (recipe.place[0], row["origin"]) in facts.possible]
            grave = bool(recipe.row["minimum"]) or (recipe.place in must and not ways and not lanes)
            out += [Blocked(part, recipe, recipe.place, grave) for part in missing]
    return out


def _wanted(facts: Facts) -> dict[Place, tuple[str, Spot]]:
    """Places where an item must be had: the reason and its cell."""
    out: dict[Place, tuple[str, Spot]] = {}
    for place, rows in facts.by_place.items():
        column = "quantity" if rows[0].table == "demand" else "backlog"
        spot = facts.spot(rows[0].table, column, *rows[0].key).of(rows[0].quantity)
        out[place] = (f"{amount(sum(one.quantity for one in rows))} of {at(*place)} are wanted", spot)
    for place, row in facts.stock.items():
        for column in ("safety", "final"):
            if row[column] and row[f"{column}_cost"] is None and place not in out:
                text = f"a {column} stock of {amount(row[column])} of {at(*place)} is asked for"
                out[place] = (text, facts.spot("stock", column, *place).of(row[column]))
    return out


def _why(gap: Blocked, wanted: dict[Place, tuple[str, Spot]]) -> str:
    if gap.user is None:
        return wanted[gap.place][0]
    return f"the recipe {gap.user.key[0]} uses {at(*gap.place)}"


def _spot(facts: Facts, gap: Blocked, wanted: dict[Place, tuple[str, Spot]]) -> Spot:
    if gap.user is None:
        return wanted[gap.place][1]
    return facts.spot("components", "component", gap.user.key[0], gap.place[0]).of(gap.place[0])


def _or_lane(facts: Facts) -> str:
    return ", nor a lane from a site that has one" if facts.rows("lanes") else ""


def demand_is_given(facts: Facts, issues: Report) -> None:
    """There is something to plan for."""
    if not facts.demand:
        issues.warning(
            "no-demand",
            Spot("demand", "quantity", facts.cell("demand", "quantity")).of("0"),
            "no demand row has a quantity above 0: there is nothing to plan for.",
            "Fill in demand.quantity.",
        )


def recipes_are_needed(facts: Facts, issues: Report) -> None:
    """Every recipe makes something that demand, a stock limit or another recipe asks for."""
    if not facts.demand:
        return
    places = facts.needed
    for name, recipe in facts.recipes.items():
        if recipe.place not in places:
            text = (
                f"nobody needs what the recipe {name} makes: {at(*recipe.place)} has no demand, no stock limit, "
                "no recipe that uses it and no lane to where it is needed."
            )
            issues.warning(
                "recipe-not-needed",
                facts.spot("recipes", "recipe", name).of(name),
                text,
                "Check the item and the site; remove the recipe if it is history.",
            )


def items_are_used(facts: Facts, issues: Report) -> None:
    """Items without demand that no recipe uses."""
    if not facts.demand:
        return
    live = {place[0] for place in facts.needed} | {recipe.place[0] for recipe in facts.recipes.values()}
    idle = [item for item in facts.items if item not in live]
    if idle:
        text = f"nobody demands, uses or keeps {some(idle)}."
        issues.note(
            "unused-item",
            facts.spot("items", "item", idle[0]).of(idle[0]),
            text,
            "Nothing is planned for them; remove them if they are history.",
        )


CHECKS = (
    no_item_is_made_of_itself,
    lanes_lead_elsewhere,
    demand_has_a_source,
    demand_is_given,
    recipes_are_needed,
    items_are_used,
)
