"""Where items can be had, how early, and what stands in the way: walks through recipes, suppliers and lanes."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from equipoise.checks.look import Place
from equipoise.checks.ways import Source

if TYPE_CHECKING:
    from equipoise.checks.facts import Facts

Start = Callable[[Source, int], int | None]  # first period from t on in which the source can be started; None = never


def at_once(source: Source, t: int) -> int | None:
    """A source that can be started in any period."""
    return t


def arrivals(facts: Facts, start: Start) -> dict[Place, int]:
    """Earliest period in which each item can be at each site; places that nothing reaches are left out.

    Opening stock is there in period 0. A recipe starts when its last component is there. Times may pass the horizon.
    """
    return _Wave(facts, start).run()


class _Wave:
    """Places in the order in which they are reached."""

    def __init__(self, facts: Facts, start: Start):
        self.facts, self.start = facts, start
        self.expected: dict[Place, int] = {}
        self.queue: list[tuple[int, Place]] = []
        self.waiting = {source.key: len(source.uses) for source in facts.sources}
        self.users: dict[Place, list[Source]] = defaultdict(list)
        for source in facts.sources:
            for place, _ in source.uses:
                self.users[place].append(source)

    def run(self) -> dict[Place, int]:
        """Period of each place that is reached."""
        self._first()
        found: dict[Place, int] = {}
        while self.queue:
            t, place = heapq.heappop(self.queue)
            if place not in found:
                found[place] = t
                self._spread(t, place)
        return found

    def _first(self) -> None:
        """Opening stock, receipts, and what needs no components."""
        for place, row in self.facts.stock.items():
            if row["opening"]:
                self._arrive(0, place)
        for place, arriving in self.facts.receipts.items():
            self._arrive(min(arriving), place)
        for source in self.facts.sources:
            if not source.uses:
                self._begin(source, 0)

    def _spread(self, t: int, place: Place) -> None:
        """What an item that is there in ``t`` makes possible: recipes that waited for it, and lanes."""
        for source in self.users[place]:
            self.waiting[source.key] -= 1
            if not self.waiting[source.key]:
                self._begin(source, t)
        for lane in self.facts.lanes_from(place):
            if lane["capacity"] != 0 or self.start is at_once:  # at_once: what exists, closed or not
                self._arrive(t + int(lane["lead_time"] or 0), (place[0], lane["destination"]))

    def _begin(self, source: Source, t: int) -> None:
        first = self.start(source, t)
        if first is not None:
            self._arrive(first + source.lead, source.place)

    def _arrive(self, t: int, place: Place) -> None:
        if t < self.expected.get(place, t + 1):
            self.expected[place] = t
            heapq.heappush(self.queue, (t, place))


@dataclass(frozen=True)
class Blocked:
    """A place that nothing reaches: the recipe that uses it, where the walk began, whether it began with a grave lack."""

    place: Place
    user: Source | None
    start: Place
    grave: bool
    ways: tuple[Source, ...] = ()  # recipes and suppliers of the place and of sites with lanes to it


def blocked(facts: Facts, starts: Iterable[Blocked], reached: dict[Place, int]) -> Iterator[Blocked]:
    """Each start that is not reached, then the components its recipes wait for, and so on down; each place once."""
    queue = deque(start for start in starts if start.place not in reached)
    seen: set[Place] = set()
    while queue:
        here = queue.popleft()
        if here.place in seen:
            continue
        seen.add(here.place)
        ways = tuple(s for place in _upstream(facts, here.place) for s in facts.sources_at.get(place, ()))
        yield replace(here, ways=ways)
        parts = [(part, source) for source in ways for part, _ in source.uses if part not in reached]
        queue.extend(Blocked(part, source, here.start, here.grave) for part, source in parts)


def _upstream(facts: Facts, place: Place) -> list[Place]:
    """The place and every site from which lanes lead to it."""
    found, queue = {place}, deque([place])
    while queue:
        here = queue.popleft()
        for lane in facts.lanes_to(here):
            origin = (here[0], lane["origin"])
            if origin not in found:
                found.add(origin)
                queue.append(origin)
    return sorted(found)


def needed(facts: Facts) -> set[Place]:
    """Places whose stock serves demand, a stock limit, the end of the horizon or a minimum; and all that feeds them."""
    queue = deque(one.place for one in facts.wanted)
    for place, row in facts.stock.items():
        if row["safety"] or row["final"] or (row["opening"] and facts.settings.end_stock == "opening"):
            queue.append(place)
    queue.extend(place for place, rows in facts.targets.items() if any(row["safety"] for row in rows.values()))
    queue.extend(recipe.place for recipe in facts.recipes.values() if recipe.row["minimum"])
    if facts.settings.end_stock == "value":
        queue.extend(source.place for source in facts.sources if facts.items[source.place[0]]["value"])
    return feeding(facts, queue)


def feeding(facts: Facts, places: Iterable[Place]) -> set[Place]:
    """The places and all from which lanes, recipes and their components lead to them."""
    found = set(places)
    queue = deque(found)
    while queue:
        place = queue.popleft()
        before = [(place[0], lane["origin"]) for lane in facts.lanes_to(place)]
        before += [part for source in facts.sources_at.get(place, ()) for part, _ in source.uses]
        for other in before:
            if other not in found:
                found.add(other)
                queue.append(other)
    return found


def loops(graph: dict[str, dict[str, str]]) -> list[list[str]]:
    """One loop of each knot of a graph (node -> next node -> anything): its nodes in order, each once; sorted."""
    out = []
    for knot in _knots(graph):
        first = min(knot)
        path = _shortest_loop(graph, first, knot)
        if path:
            out.append(path)
    return sorted(out)


def _shortest_loop(graph: dict[str, dict[str, str]], first: str, within: set[str]) -> list[str]:
    """Nodes of a shortest way from ``first`` back to itself; empty when there is none."""
    before: dict[str, str] = {}
    queue = deque([first])
    while queue:
        here = queue.popleft()
        for there in graph.get(here, ()):
            if there == first:
                path = [here]
                while path[-1] != first:
                    path.append(before[path[-1]])
                return path[::-1]
            if there in within and there not in before:
                before[there] = here
                queue.append(there)
    return []


def _knots(graph: dict[str, dict[str, str]]) -> list[set[str]]:
    """Strongly connected sets (Tarjan's way, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    held: set[str] = set()
    out: list[set[str]] = []
    for root in sorted(graph):
        if root in number:
            continue
        number[root] = low[root] = len(number)
        stack.append(root)
        held.add(root)
        work = [(root, iter(graph.get(root, ())))]
        while work:
            node, rest = work[-1]
            child = next(rest, None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    knot = set(stack[stack.index(node) :])
                    del stack[-len(knot) :]
                    held -= knot
                    out.append(knot)
            elif child not in number:
                number[child] = low[child] = len(number)
                stack.append(child)
                held.add(child)
                work.append((child, iter(graph.get(child, ()))))
            elif child in held:
                low[node] = min(low[node], number[child])
    return out
