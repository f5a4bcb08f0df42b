"""What the engine is required to reach, line by line, with what it did. A line about an instance that did not run is left out."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from benchmarks.engine.results import NO_PLAN, Run, Table, at_most, geometric, slowest, solving_time
from benchmarks.engine.solvers import OURS, PLAIN

MEMORY = 4096.0

LINES = (
    # name, limit, cost, gap
    ("200 x 26 x 5, 60 s", 60.0, 1_020_000.0, 0.25),
    ("200 x 26 x 5, 300 s", 300.0, 935_000.0, 0.12),
    ("1,000 x 52 x 20, 300 s", 300.0, 9_500_000.0, 0.35),
)
LARGE = "1,000 x 52 x 20"
OPTIMA = {"G62": 61_746.0, "G53": 74_634.0}
OPTIMA_GAP = 5e-4
MORE_ITEMS = {"G56", "G57", "G58", "G59", "G60"}
"""Of 24 items: in the table, in no requirement."""
RESISTING = "G512142"
RESISTING_COST = 188_000.0


def line(what: str, figure: str, met: bool) -> str:
    """``what`` is required; ``figure`` is what was reached."""
    return f"- required {what}: {'met' if met else 'NOT MET'} ({figure})"


def shared_lines(table: Table) -> list[str]:
    out = []
    for name, limit, cost, gap in LINES:
        for run in (r for r in table.of(OURS) if (r.instance, r.limit) == (name, limit)):
            out.append(
                line(
                    f"plan of at most {cost:,.0f}, {name}", _money(run.cost), run.cost is not None and run.cost <= cost
                )
            )
            out.append(
                line(f"gap of at most {gap:.0%}, {name}", _share(run.gap), run.gap is not None and run.gap <= gap)
            )
            if name.startswith(LARGE) and run.memory is not None:
                words = f"memory of at most {MEMORY:,.0f} MB, {name}"
                out.append(line(words, f"{run.memory:,.0f} MB", run.memory <= MEMORY))
    return out


def trigeiro(table: Table) -> list[str]:
    pairs = table.pairs(OURS, PLAIN)
    small = [(a, b) for a, b in pairs if a.instance not in {*OPTIMA, *MORE_ITEMS}]
    out = []
    if small:
        ours, theirs = (sum(pair[side].proven() for pair in small) for side in (0, 1))
        out.append(line("proven on as many as by plain HiGHS", f"{ours} and {theirs} of {len(small)}", ours >= theirs))
        left = [(a, b) for a, b in small if not (a.proven() and b.proven())]
        if left:
            mean, other = (statistics.fmean(_gap(pair[side]) for pair in left) for side in (0, 1))
            words = f"mean gap left at most half of plain HiGHS' ({len(left)} not proven by both)"
            out.append(line(words, f"{mean:.3%} and {other:.3%}", mean <= other / 2))
        out += _times(small)
    for name, optimum in OPTIMA.items():
        for run in (r for r in table.of(OURS) if r.instance == name):
            met = run.cost is not None and at_most(run.cost, optimum) and run.proven(OPTIMA_GAP)
            figure = f"{_money(run.cost)}, gap {_share(run.gap)}"
            out.append(line(f"optimum {optimum:,.0f} of {name} found and proven to {OPTIMA_GAP:.2%}", figure, met))
    return out


def _times(pairs: list[tuple[Run, Run]]) -> list[str]:
    times = [[solving_time(pair[side]) for pair in pairs] for side in (0, 1)]
    mean, other = (geometric(t, 1.0) for t in times)
    tail, tail_other = (slowest(t) for t in times)
    return [
        line(
            "geometric mean time (shifted by 1 s) at most plain HiGHS'", f"{mean:.1f} and {other:.1f} s", mean <= other
        ),
        line(
            "slowest tenth at most half of plain HiGHS'", f"{tail:.1f} and {tail_other:.1f} s", tail <= tail_other / 2
        ),
    ]


def mlclsp(table: Table) -> list[str]:
    runs = table.of(OURS)
    if not runs:
        return []
    soon = sum(run.first is not None and run.first <= 20 for run in runs)
    out = [line("a plan for every instance within 20 s", f"{soon} of {len(runs)}", soon == len(runs))]
    pairs = table.pairs(OURS, PLAIN)
    if pairs:
        ratio = geometric((_cost(table, a) / _cost(table, b)) for a, b in pairs)
        out.append(line("geometric mean cost at most 0.75 of plain HiGHS'", f"{ratio:.3f}", ratio <= 0.75))
    out += _against_all(table)
    for run in (r for r in runs if r.instance.endswith(RESISTING)):
        hours = float(run.facts.get("overtime", 0.0))
        met = run.cost is not None and run.cost <= RESISTING_COST and hours <= 1e-6
        words = f"{RESISTING} at most {RESISTING_COST:,.0f} without overtime"
        out.append(line(words, f"{_money(run.cost)}, {hours:.3g} hours of overtime", met))
    return out


def _against_all(table: Table) -> list[str]:
    """At or below every other solver's plan, all at once; each of them in brackets."""
    below: dict[str, list[bool]] = {}
    together: dict[object, bool] = {}
    for peer in (s for s in table.solvers if s != OURS):
        for ours, theirs in table.pairs(OURS, peer):
            met = ours.cost is not None and at_most(ours.cost, theirs.cost)
            below.setdefault(peer, []).append(met)
            together[ours.key] = together.get(ours.key, True) and met
    if not together:
        return []
    each = ", ".join(f"{peer} {sum(met)} of {len(met)}" for peer, met in below.items())
    share = sum(together.values()) / len(together)
    figure = f"{sum(together.values())} of {len(together)}, {share:.0%}: {each}"
    return [line("at or below every peer on 90 %", figure, share >= 0.9)]


def company(table: Table) -> list[str]:
    pairs = table.pairs(OURS, PLAIN)
    if not pairs:
        return []
    slow = [a.instance for a, b in pairs if solving_time(a) > 1.2 * solving_time(b) + 2]
    both = [(a, b) for a, b in pairs if a.proven() and b.proven()]
    apart = [a.instance for a, b in both if not _same(a, b)]
    return [
        line("at most 1.2 times plain HiGHS' time and 2 s", _of(slow, len(pairs)), not slow),
        line("the same optimum where proven", _of(apart, len(both)), not apart),
    ]


def sap_sop(table: Table) -> list[str]:
    pairs = table.pairs(OURS, PLAIN)
    if not pairs:
        return []
    ratio = geometric(solving_time(a) / max(solving_time(b), 1e-3) for a, b in pairs)
    return [line("at most 1.1 times plain HiGHS' time to the gap", f"{ratio:.2f}", ratio <= 1.1)]


def bounds(table: Table) -> list[str]:
    """Complaints about bounds that lie above a plan: one of the two is wrong."""
    out = []
    for run in table.runs:
        best = table.best(run.key)
        if run.bound is not None and best is not None and not at_most(run.bound, best, 2e-6):
            out.append(f"- WRONG: {run.solver} on {run.instance}: bound {run.bound:,.6g} above the plan of {best:,.6g}")
    return out


def _same(a: Run, b: Run) -> bool:
    """Whether two proven plans cost the same, each within the gap asked for."""
    cost, other = a.cost or 0.0, b.cost or 0.0
    return abs(cost - other) <= (a.asked + b.asked) * max(1.0, abs(cost), abs(other))


def _gap(run: Run) -> float:
    """The gap left; nothing proven counts as all of it."""
    return 1.0 if run.gap is None else min(1.0, run.gap)


def _cost(table: Table, run: Run) -> float:
    """Cost of the plan; twice the best known where there is none."""
    return run.cost if run.cost is not None else NO_PLAN * (table.best(run.key) or 1.0)


def _of(names: Iterable[str], number: int) -> str:
    found = list(names)
    return f"{', '.join(found)} of {number}" if found else f"all {number}"


def _money(cost: float | None) -> str:
    return "no plan" if cost is None else f"{cost:,.0f}"


def _share(gap: float | None) -> str:
    return "none" if gap is None else f"{gap:.2%}"
