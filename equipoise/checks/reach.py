"""Where items can be had, how early, and what stands in the way: walks through recipes, suppliers and lanes."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from equipoise.checks.facts import Facts
from equipoise.checks.look import Place
from equipoise.checks.ways import Source

Start = Callable[[Source, int], int | None]  # first period from t on in which the source can be started; None = never


def at_once(source: Source, t: int) -> int | None:
    """A source that can be started in any period."""
    return t


def arrivals(facts: Facts, start: Start) -> dict[Place, int]:
    """Earliest period in which each item can be at each site; places that nothing reaches are left out.

    Opening stock is there in period 0. A recipe starts when its last component is there. Times may pass the horizon.
    """
    found: dict[Place, int] = {}
    waiting: dict[tuple[str, ...], int] = {}
    users: dict[Place, list[Source]] = defaultdict(list)
    queue: list[tuple[int, Place]] = [(0, place) for place, row in facts.stock.items() if row["opening"]]
    queue += [(min(arriving), place) for place, arriving in facts.receipts.items()]

    def begin(source: Source, t: int) -> None:
        first = start(source, t)
        if first is not None:
            heapq.heappush(queue, (first + source.lead, source.place))

    heapq.heapify(queue)
    for source in facts.sources:
        waiting[source.key] = len(source.uses)
        for place, _ in source.uses:
            users[place].append(source)
        if not source.uses:
            begin(source, 0)
    while queue:
        t, place = heapq.heappop(queue)
        if place in found:
            continue
        found[place] = t
        for source in users[place]:
            waiting[source.key] -= 1
            if not waiting[source.key]:
                begin(source, t)
        for lane in facts.lanes_from(place):
            if lane["capacity"] != 0 or start is at_once:
                heapq.heappush(queue, (t + int(lane["lead_time"] or 0), (place[0], lane["destination"])))
    return found


@dataclass(frozen=True)
class Blocked:
    """A place that nothing reaches: who wants it in the end, the recipe that uses it, the ways of getting it."""

    place: Place
    wanted: Place
    user: Source | None
    ways: tuple[Source, ...]


def blocked(facts: Facts, wanted: Iterable[Place], reached: dict[Place, int]) -> Iterator[Blocked]:
    """Each wanted place that is not reached, then the components its recipes wait for, and so on down; each once."""
    queue: deque[tuple[Place, Place, Source | None]] = deque((p, p, None) for p in wanted if p not in reached)
    seen = {place for place, _, _ in queue}
    while queue:
        place, start, user = queue.popleft()
        ways = tuple(s for site in _upstream(facts, place) for s in facts.sources_at.get(site, ()))
        yield Blocked(place, start, user, ways)
        for source in ways:
            for part, _ in source.uses:
                if part not in reached and part not in seen:
                    seen.add(part)
                    queue.append((part, start, source))


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
