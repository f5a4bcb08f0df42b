"""python -m benchmarks.engine [SET ...]: equipoise beside other free solvers, at equal wall time."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.engine import acceptance, picture, tables
from benchmarks.engine.race import Race
from benchmarks.engine.results import Run, Table
from benchmarks.engine.sets import SETS, Entry, InstanceSet, Mode
from benchmarks.engine.solvers import PACKAGES, SOLVERS
from benchmarks.measure import machine
from equipoise.case import Case
from equipoise.engine.compile import Compiled, compile_model
from equipoise.engine.matrix import Matrix
from equipoise.model import build

DATA = Path(__file__).parents[2].parent / "shared" / "data"
THREADS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    given = _arguments(arguments)
    mode: Mode = "small" if given.small else "full" if given.full else "everyday"
    found: list[Run] = []
    if given.reprint:
        found = [Run(**run) for file in given.reprint for run in json.loads(file.read_text(encoding="utf-8"))["runs"]]
    else:
        print(f"{machine(PACKAGES)}\n\n{_who(given)}\n", flush=True)
    done: dict[str, Table] = {}
    code = 0
    for chosen in [SETS[name] for name in given.sets or SETS]:
        entries = [] if given.reprint else _entries(chosen, mode, given)
        runs = [run for run in found if run.set == chosen.name]
        try:
            for run in _runs(chosen, entries, given):
                runs.append(run)
                found.append(run)
                _write(found, given)
        except KeyboardInterrupt:
            code = 130
        if runs:
            done[chosen.title] = Table(runs)
            print(_report(chosen, done[chosen.title], given), flush=True)
        if code:
            break
    drawn = {chosen.title: done[chosen.title] for chosen in SETS.values() if chosen.drawn and chosen.title in done}
    if given.picture and drawn:
        picture.draw(drawn, given.picture)
    return code


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"any of {', '.join(SETS)}; default all")
    parser.add_argument("--instances", nargs="+", default=["*"], metavar="NAME", help="names or patterns (*)")
    parser.add_argument("--solvers", help=f"any of {','.join(SOLVERS)}, on all instances; default by instance")
    parser.add_argument("--limit", type=float, help="seconds an instance; default by instance")
    parser.add_argument("--gap", type=float, help="relative gap at which a solver may stop; default by instance")
    parser.add_argument("--seeds", default="0", help="random seeds, each a run of its own (%(default)s)")
    parser.add_argument("--full", action="store_true", help="all instances (hours) instead of the everyday ones")
    parser.add_argument(
        "--small", action="store_true", help="tiny instances, to see that it runs; the figures mean nothing"
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    parser.add_argument("--json", type=Path, help="write the raw results there")
    parser.add_argument("--picture", type=Path, help="draw the performance profiles there")
    parser.add_argument(
        "--reprint", type=Path, nargs="+", metavar="JSON", help="no runs: the tables of raw results written before"
    )
    given = parser.parse_args(arguments)
    given.seeds = [int(seed) for seed in given.seeds.split(",")]
    given.solvers = given.solvers.split(",") if given.solvers else None
    for what, names, known in (("set", given.sets, SETS), ("solver", given.solvers or (), SOLVERS)):
        if unknown := sorted(set(names) - set(known)):
            parser.error(f"no {what} is called {', '.join(unknown)}; there are {', '.join(known)}")
    return given


def _who(given: argparse.Namespace) -> str:
    wanted = given.solvers or [name for name in SOLVERS if name != "highs2"]
    here = [SOLVERS[name] for name in wanted]
    lines = [f"- {s.name}: {s.words}" for s in here if s.installed]
    lines += [
        f"- {s.name} is left out: {s.needs} is not installed (pip install equipoise[bench])"
        for s in here
        if not s.installed
    ]
    return "\n".join(lines)


def _entries(chosen: InstanceSet, mode: Mode, given: argparse.Namespace) -> list[Entry]:
    entries = [
        entry for entry in chosen.entries(given.data, mode) if any(fnmatch(entry.name, p) for p in given.instances)
    ]
    if entries:
        most = sum(_limit(e, given) * len(_solvers(e, given)) for e in entries) * len(given.seeds)
        minutes = f"{math.ceil(most / 60)} min where nobody gets to the gap before the limit, and the time for loading."
        print(f"## {chosen.title}\n\n{chosen.words} {minutes}", flush=True)
        if chosen.missing(given.data) and mode != "small":
            print(
                "The public set is not there; generated instances of the same family stand in (docs/benchmarks.md: where it is from)."
            )
        print(flush=True)
    return entries


def _limit(entry: Entry, given: argparse.Namespace) -> float:
    return float(entry.limit if given.limit is None else given.limit)


def _gap(entry: Entry, given: argparse.Namespace) -> float:
    return float(entry.gap if given.gap is None else given.gap)


def _solvers(entry: Entry, given: argparse.Namespace) -> list[str]:
    return [name for name in given.solvers or entry.solvers if SOLVERS[name].installed]


def _runs(chosen: InstanceSet, entries: Iterable[Entry], given: argparse.Namespace) -> Iterable[Run]:
    for entry in entries:
        began = time.monotonic()
        made = entry.make()
        case = made if isinstance(made, Case) else None
        compiled = compile_model(build(made).model) if isinstance(made, Case) else None
        matrix = made if isinstance(made, Matrix) else compiled.matrix if compiled else None
        assert matrix is not None
        race = Race(matrix, case, time.monotonic() - began)
        for seed in given.seeds:
            for solver in _solvers(entry, given):
                run = Run(chosen.name, entry.name, solver, seed, _limit(entry, given), _gap(entry, given))
                race.run(run, THREADS)
                _figures(run, compiled)
                _say(run)
                yield run


def _figures(run: Run, compiled: Compiled | None) -> None:
    """Totals of the plan that a set's requirements speak of."""
    x = run.facts.pop("x", None)
    if x is not None and compiled is not None:
        for name in ("overtime", "lost"):
            run.facts[name] = float(sum(x[j] for j, (kind, _) in enumerate(compiled.columns) if kind == name))


def _say(run: Run) -> None:
    """One line on standard error, for those who wait."""
    cost = "no plan" if run.cost is None else f"{run.cost:,.2f}"
    gap = "" if run.gap is None else f", gap {run.gap:.2%}"
    note = f" ({run.note})" if run.note else ""
    print(
        f"{run.instance}: {run.solver} {cost}{gap}, {run.status} after {run.seconds:.1f} s{note}",
        file=sys.stderr,
        flush=True,
    )


def _write(runs: Sequence[Run], given: argparse.Namespace) -> None:
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        words = {"machine": machine(PACKAGES), "runs": [run.as_json() for run in runs]}
        given.json.write_text(json.dumps(words), encoding="utf-8")


def _report(chosen: InstanceSet, table: Table, given: argparse.Namespace) -> str:
    required = [*chosen.required(table), *acceptance.bounds(table)]
    if required and not (given.limit is None and given.gap is None):
        required.insert(0, "The limit or the gap of this run is not the one that the requirements speak of.\n")
    heading = [f"## {chosen.title}"] if given.reprint else []
    parts = [*heading, tables.runs(table), tables.summaries(table), "\n".join(required)]
    return "\n\n".join(filter(None, parts)) + "\n"


if __name__ == "__main__":
    sys.exit(main())
