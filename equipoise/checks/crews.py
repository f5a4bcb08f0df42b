"""Crews: hours, overtime wages, numbers of people that can be reached."""

from __future__ import annotations

from equipoise.checks.facts import Facts
from equipoise.checks.look import ROUNDING, Report, Spot
from equipoise.checks.words import amount, span


def crew_overtime_has_a_wage(facts: Facts, issues: Report) -> None:
    """Overtime of a crew needs an overtime_wage."""
    for name, row in facts.crews.items():
        if row["overtime"] and row["overtime_wage"] is None:
            text = f"the crew {name} has {amount(row['overtime'])} hours of overtime a worker but no overtime_wage."
            issues.error(
                "crew-overtime-without-wage",
                facts.spot("crews", "overtime_wage", name),
                text,
                "Give the whole price of an overtime hour (0 if it is free).",
            )


def crews_have_hours(facts: Facts, issues: Report) -> None:
    """The hours of a worker are known in every period."""
    for name in facts.crews:
        blank = [facts.names[t] for t in range(facts.horizon) if facts.crew("hours", name, t) is None]
        if blank:
            text = f"the crew {name} has no hours a worker in {span(blank)}."
            issues.error(
                "crew-without-hours",
                facts.spot("crews", "hours", name),
                text,
                "Give crews.hours, or crew_calendar.hours in every period.",
            )


def people_can_be_reached(facts: Facts, issues: Report) -> None:
    """Minimum and maximum of a crew can be met in every period with the people there, hire_max and layoff_share."""
    for name in facts.crews:
        people = facts.people(name)
        collide = next((t for t, (low, high) in enumerate(people) if low > high + ROUNDING * max(1.0, high)), None)
        if collide is None:
            continue
        period, (low, high) = facts.say(collide), people[collide]
        least, most = facts.crew("minimum", name, collide) or 0.0, facts.crew("maximum", name, collide)
        if most is not None and least > most:
            text = (
                f"the crew {name} has a minimum of {amount(least)} people above its maximum of {amount(most)} in "
                f"{period}."
            )
            hint, column, value = "Correct one of them.", "minimum", least
        elif least >= low:
            text = (
                f"the crew {name} must have {amount(least)} people in {period}, but with hire_max it can have "
                f"{amount(high)} at most."
            )
            hint, column, value = "Raise hire_max or lower the minimum.", "minimum", least
        else:
            text = (
                f"the crew {name} may have {amount(high)} people in {period}, but with layoff_share it still has "
                f"{amount(low)} at least."
            )
            hint, column, value = "Raise layoff_share or the maximum.", "maximum", high
        issues.error("crew-limits-collide", _limit_spot(facts, column, name, collide).of(value), text, hint)


def _limit_spot(facts: Facts, column: str, crew: str, t: int) -> Spot:
    if (crew, facts.names[t]) in facts.lookup("crew_calendar", column):
        return facts.spot("crew_calendar", column, crew, facts.names[t])
    return facts.spot("crews", column, crew)


def crews_have_resources(facts: Facts, issues: Report) -> None:
    """Every crew works on some resource; otherwise its wages are paid for nothing."""
    used = {row["crew"] for row in facts.resources.values()}
    for name in facts.crews:
        if name not in used:
            issues.warning(
                "crew-without-resource",
                facts.spot("crews", "crew", name).of(name),
                f"no resource names the crew {name}: its hours are never used.",
                "Name it in resources.crew, or remove it.",
            )


def whole_people_open_whole(facts: Facts, issues: Report) -> None:
    """A crew of whole people opens with a whole number of them: hired and laid off in whole numbers, it can never have one otherwise."""
    for name, row in facts.crews.items():
        workers = row["workers"] or 0.0
        if row["whole"] and not workers.is_integer():
            text = (
                f"the crew {name} is of whole people but opens with {amount(workers)}: no plan can have a whole number."
            )
            issues.error(
                "fraction-of-whole",
                facts.spot("crews", "workers", name).of(workers),
                text,
                "Round workers, or empty whole.",
            )


CHECKS = (
    crew_overtime_has_a_wage,
    crews_have_hours,
    people_can_be_reached,
    crews_have_resources,
    whole_people_open_whole,
)
