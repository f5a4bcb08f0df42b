"""Hours of resources and people of crews, calendars included."""

from __future__ import annotations

from functools import cached_property

from equipoise.checks.look import INF, Look, Row


class Hours(Look):
    """Resources and crews."""

    @cached_property
    def resources(self) -> dict[str, Row]:
        return {row["resource"]: row for row in self.rows("resources")}

    @cached_property
    def crews(self) -> dict[str, Row]:
        return {row["crew"]: row for row in self.rows("crews")}

    def crew(self, column: str, crew: str, t: int) -> float | None:
        """A value of a crew in a period: the calendar's, else the crew's."""
        own = self.lookup("crew_calendar", column).get((crew, self.names[t])) if self.rows("crew_calendar") else None
        return own if own is not None else self.crews[crew][column]

    def people(self, crew: str) -> list[tuple[float, float]]:
        """Fewest and most workers of each period that hiring, lay-off and limits allow; fewest > most: they collide."""
        row = self.crews[crew]
        low = high = row["workers"] or 0.0
        hire = INF if row["hire_max"] is None else row["hire_max"]
        stay = 0.0 if row["layoff_share"] is None else 1 - row["layoff_share"]
        out = []
        for t in range(self.horizon):
            most = self.crew("maximum", crew, t)
            low = max(low * stay, self.crew("minimum", crew, t) or 0.0)
            high = min(high + hire, INF if most is None else most)
            out.append((low, high))
        return out

    @cached_property
    def _people(self) -> dict[str, list[tuple[float, float]]]:
        return {crew: self.people(crew) for crew in self.crews}

    def is_open(self, resource: str, t: int) -> bool:
        return self.lookup("calendar", "open").get((resource, self.names[t])) != 0

    def own_hours(self, resource: str, column: str, t: int) -> float | None:
        """capacity or overtime of the resource in the period, as the tables say it."""
        own = self.lookup("calendar", column).get((resource, self.names[t]))
        return own if own is not None else self.resources[resource][column]

    @cached_property
    def _hours(self) -> dict[tuple[str, int], float]:
        return {(r, t): self._most_hours(r, t) for r in self.resources for t in range(self.horizon)}

    def hours(self, resource: str, t: int) -> float:
        """Hours a resource can work in a period at most, overtime and the largest crew included."""
        return self._hours[resource, t]

    def _most_hours(self, resource: str, t: int) -> float:
        if not self.is_open(resource, t):
            return 0.0
        capacity = self.own_hours(resource, "capacity", t)
        limit = INF if capacity is None else capacity
        crew = self.resources[resource]["crew"]
        if crew is None:
            return limit + (self.own_hours(resource, "overtime", t) or 0.0)
        regular = self.crew("hours", crew, t)
        if regular is None:
            return limit  # crews_have_hours has said so
        per_worker = regular + (self.crews[crew]["overtime"] or 0.0)
        return min(limit, self._people[crew][t][1] * per_worker if per_worker else 0.0)
