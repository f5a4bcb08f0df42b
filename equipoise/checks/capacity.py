"""Resources: overtime, minimum use, what runs on them."""

from __future__ import annotations

from collections import defaultdict

from equipoise.checks.facts import Facts
from equipoise.checks.look import Report, Spot, above
from equipoise.checks.words import amount, counted, some


def overtime_has_a_price(facts: Facts, issues: Report) -> None:
    """Overtime of a resource needs an overtime_cost: what an hour costs is never guessed."""
    for name, spot, hours in _overtime(facts):
        if facts.resources[name]["crew"] is None and facts.resources[name]["overtime_cost"] is None:
            text = f"the resource {name} has {amount(hours)} hours of overtime ({spot.cell}) but no overtime_cost."
            issues.error(
                "overtime-without-cost",
                facts.spot("resources", "overtime_cost", name),
                text,
                "Give the cost of an hour (0 if it is free).",
            )


def crew_resource_has_no_own_overtime(facts: Facts, issues: Report) -> None:
    """The overtime of a resource with a crew is the crew's."""
    for name, spot, hours in _overtime(facts):
        crew = facts.resources[name]["crew"]
        if crew is not None:
            text = (
                f"the resource {name} has overtime of its own, but the crew {crew} works on it: its overtime is "
                "the crew's."
            )
            issues.error("overtime-on-crew-resource", spot.of(hours), text, "Empty it and give crews.overtime.")


def _overtime(facts: Facts) -> list[tuple[str, Spot, float]]:
    """Resources with overtime: name, the first cell that says so, hours."""
    found: dict[str, tuple[str, Spot, float]] = {}
    for name, row in facts.resources.items():
        if row["overtime"]:
            found[name] = (name, facts.spot("resources", "overtime", name), row["overtime"])
    for (name, period), hours in facts.lookup("calendar", "overtime").items():
        if hours and name not in found:
            found[name] = (name, facts.spot("calendar", "overtime", name, period), hours)
    return list(found.values())


def minimum_fits_capacity(facts: Facts, issues: Report) -> None:
    """The hours a resource must be used do not exceed the hours it has."""
    for name, row in facts.resources.items():
        if not row["minimum"]:
            continue
        bad = [
            t for t in range(facts.horizon) if facts.is_open(name, t) and above(row["minimum"], facts.hours(name, t))
        ]
        if bad:
            hours = facts.hours(name, bad[0])
            text = (
                f"the resource {name} must be used {amount(row['minimum'])} hours in every open period but has "
                f"{amount(hours)} at most in {_spell(facts, bad)}."
            )
            hint = "Lower the minimum, or close the resource in these periods (calendar.open = 0)."
            if row["minimum_cost"] is not None:
                hint += " The plan pays minimum_cost for the rest."
            issues.add(
                "minimum-above-capacity",
                facts.spot("resources", "minimum", name).of(row["minimum"]),
                text,
                hint,
                "error" if row["minimum_cost"] is None else "warning",
            )


def resources_are_used(facts: Facts, issues: Report) -> None:
    """Every resource is named by some operation; one with a hard minimum must be, unless it is closed in all periods."""
    used = {row["resource"] for row in facts.rows("operations")}
    for name, row in facts.resources.items():
        if name in used:
            continue
        if row["minimum"] and row["minimum_cost"] is None and any(facts.is_open(name, t) for t in range(facts.horizon)):
            text = (
                f"the resource {name} must be used {amount(row['minimum'])} hours a period, but no recipe has an "
                "operation on it."
            )
            issues.error(
                "minimum-above-capacity",
                facts.spot("resources", "minimum", name).of(row["minimum"]),
                text,
                "Add its operations, or empty the minimum.",
            )
        else:
            issues.warning(
                "unused-resource",
                facts.spot("resources", "resource", name).of(name),
                f"no recipe has an operation on the resource {name}: it limits nothing.",
                "Add its rows to operations, or remove it.",
            )


def operations_stay_on_site(facts: Facts, issues: Report) -> None:
    """A recipe runs on resources of its own site."""
    for row in facts.rows("operations"):
        here, there = facts.recipes[row["recipe"]].place[1], facts.resources[row["resource"]]["site"]
        if here != there:
            text = f"the recipe {row['recipe']} runs at {here}, but its resource {row['resource']} stands at {there}."
            issues.warning(
                "resource-elsewhere",
                facts.spot("operations", "resource", row["recipe"], row["resource"]).of(row["resource"]),
                text,
                "Correct the site of the recipe or of the resource.",
            )


def minimums_fit_together(facts: Facts, issues: Report) -> None:
    """What the recipes must make in every period fits into the hours of each resource."""
    needs: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for name, recipe in facts.recipes.items():
        for row in recipe.operations:
            hours = (row["hours"] or 0.0) * (recipe.row["minimum"] or 0.0)
            if hours:
                needs[row["resource"]].append((name, hours + (row["setup_hours"] or 0.0)))
    for resource, rows in needs.items():
        for t in range(facts.horizon):
            due = [(n, h) for n, h in rows if t + facts.recipes[n].lead < facts.horizon and recipe_is_open(facts, n, t)]
            total, hours = sum(h for _, h in due), facts.hours(resource, t)
            if above(total, hours):
                recipes = some([n for n, _ in due])
                text = (
                    f"the minimum of {recipes} takes {amount(total)} hours of {resource} in every period; it has "
                    f"{amount(hours)} in {facts.say(t)}."
                )
                issues.error(
                    "recipe-minimum-too-large",
                    facts.spot("recipes", "minimum", due[0][0]).of(facts.recipes[due[0][0]].row["minimum"]),
                    text,
                    "Lower recipes.minimum, add hours, or close the recipe in the period (recipe_calendar.open = 0).",
                )
                break


def recipe_is_open(facts: Facts, recipe: str, t: int) -> bool:
    return facts.lookup("recipe_calendar", "open").get((recipe, facts.names[t])) != 0


def recipe_minimum_fits_its_limits(facts: Facts, issues: Report) -> None:
    """What a recipe must make in every period does not exceed its own lot_max and its maximum of any period."""
    for name, recipe in facts.recipes.items():
        least = recipe.row["minimum"] or 0.0
        if not least:
            continue
        limits = [(recipe.row["lot_max"], "lot_max")]
        for t in range(facts.horizon - recipe.lead):
            if recipe_is_open(facts, name, t):
                maximum = facts.lookup("recipe_calendar", "maximum").get((name, facts.names[t]))
                limits.append((maximum, f"maximum of {facts.say(t)}"))
        for limit, words in limits:
            if limit is not None and above(least, limit):
                text = (
                    f"the recipe {name} must make {amount(least)} in every period, more than its {words} of "
                    f"{amount(limit)}."
                )
                issues.error(
                    "recipe-minimum-too-large",
                    facts.spot("recipes", "minimum", name).of(least),
                    text,
                    "Lower the minimum or raise the limit.",
                )
                break


def overtime_needs_a_limit_to_exceed(facts: Facts, issues: Report) -> None:
    """Overtime on a resource without a capacity has no meaning: its regular hours are without limit."""
    for name, spot, hours in _overtime(facts):
        unlimited = all(facts.own_hours(name, "capacity", t) is None for t in range(facts.horizon))
        if unlimited and facts.resources[name]["crew"] is None:
            text = (
                f"the resource {name} has {amount(hours)} hours of overtime but no capacity: blank means no "
                "limit, so overtime is never worked."
            )
            issues.warning("no-effect", spot.of(hours), text, "Give the capacity (0 if there are overtime hours only).")


def _spell(facts: Facts, periods: list[int]) -> str:
    """'2026-03', or '2026-03 and 4 more periods'."""
    first, rest = facts.say(periods[0]), len(periods) - 1
    return f"{first} and {counted(rest, 'more period')}" if rest else first


CHECKS = (
    overtime_has_a_price,
    crew_resource_has_no_own_overtime,
    minimum_fits_capacity,
    resources_are_used,
    operations_stay_on_site,
    minimums_fit_together,
    recipe_minimum_fits_its_limits,
    overtime_needs_a_limit_to_exceed,
)
