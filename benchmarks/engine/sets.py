"""The sets of instances: which of them run when, for how long, and what stands in where the public files are not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from benchmarks.engine import acceptance
from benchmarks.engine.instances import (
    BACKLOG,
    OVERTIME,
    VARIANTS,
    mlclsp,
    of_one_level,
    of_several_levels,
    sap_sop,
    shared_lines,
    trigeiro,
)
from benchmarks.engine.numbers import draw_one_level, draw_several_levels
from benchmarks.engine.results import Table
from benchmarks.engine.solvers import EVERYBODY, OURS, PLAIN
from equipoise import demo
from equipoise.case import Case
from equipoise.engine.compile import compile_model
from equipoise.engine.matrix import Matrix
from equipoise.examples import names as example_names
from equipoise.examples import path as example_path
from equipoise.io import read_case
from equipoise.model import build

Mode = Literal["everyday", "full", "small"]
SMALL = 2.0
"""Time limit of the smallest sizes."""


@dataclass(frozen=True)
class Entry:
    """An instance, its time limit in seconds and who runs on it."""

    name: str
    limit: float
    make: Callable[[], Case | Matrix]
    solvers: Sequence[str] = EVERYBODY
    gap: float = 1e-4

    def alone(self) -> Entry:
        """Run by equipoise and plain HiGHS only."""
        return replace(self, solvers=(OURS, PLAIN))


@dataclass(frozen=True)
class InstanceSet:
    """``entries``: those of a mode, given the folder of the public data; ``words``: what to know; ``drawn``: in the picture."""

    name: str
    title: str
    words: str
    entries: Callable[[Path, Mode], list[Entry]]
    required: Callable[[Table], list[str]]
    folder: str = ""
    drawn: bool = True

    def missing(self, data: Path) -> bool:
        """Whether the set has public files and they are not there."""
        return bool(self.folder) and not (data / self.folder).is_dir()


# ------------------------------------------------------------------------------------------------------------ shared lines


def _shared_lines(data: Path, mode: Mode) -> list[Entry]:
    def entry(items: int, periods: int, lines: int, limit: float, seed: int = 1) -> Entry:
        name = f"{items:,} x {periods} x {lines}, {limit:g} s" + (f", draw {seed}" if seed > 1 else "")
        return Entry(name, limit, partial(shared_lines, items, periods, lines, seed))

    if mode == "small":
        return [entry(4, 4, 2, SMALL)]
    if mode == "everyday":
        return [
            entry(200, 26, 5, 60),
            replace(entry(200, 26, 5, 300), solvers=(OURS,)),
            replace(entry(1000, 52, 20, 300), solvers=(OURS,)),
        ]
    others = [entry(200, 26, 5, 60, seed) for seed in (2, 3)]
    return [entry(200, 26, 5, 60), entry(200, 26, 5, 300), *others, entry(1000, 52, 20, 300)]


# ---------------------------------------------------------------------------------------------------------------- Trigeiro

TRIGEIRO_LIMIT = 120.0
UNIT_HOURS = "G30, unit hours 1"
TRIGEIRO_EVERYDAY = ("F12", "F70", "G1", "G35", "X11117A", "X11429A", "X12428B", "G46", "G48", "G53", "G62")
TRIGEIRO_PEERS = (UNIT_HOURS,)


def _trigeiro(data: Path, mode: Mode) -> list[Entry]:
    folder = data / "trigeiro"
    if mode == "small":
        return [Entry("3 x 6, drawn", SMALL, lambda: of_one_level(draw_one_level(3, 6, 1)))]
    if not folder.is_dir():
        sizes = ((6, 15, 1), (6, 15, 2), (10, 20, 3), (12, 15, 4), (6, 30, 5))
        return [
            Entry(f"{i} x {t}, draw {seed}", TRIGEIRO_LIMIT, partial(_drawn_one_level, i, t, seed)).alone()
            for i, t, seed in sizes
        ]
    files = {path.stem: path for path in sorted(folder.iterdir(), key=_natural)}
    if mode == "everyday":
        chosen = [name for name in TRIGEIRO_EVERYDAY if name in files]
    else:
        numbers = {"F": range(1, 71), "G": (*range(1, 51), 53, *range(56, 61), 62)}
        chosen = [n for n in files if n[0] == "X" or int(n[1:]) in numbers[n[0]]]
    entries = [Entry(name, TRIGEIRO_LIMIT, partial(trigeiro, files[name])) for name in chosen]
    if "G30" in files:
        entries.insert(0, Entry(UNIT_HOURS, TRIGEIRO_LIMIT, partial(trigeiro, files["G30"], unit_hours=True)))
    return [e if e.name in TRIGEIRO_PEERS else e.alone() for e in entries]


def _drawn_one_level(items: int, periods: int, seed: int) -> Case:
    return of_one_level(draw_one_level(items, periods, seed))


def _natural(path: Path) -> tuple[str, int, str]:
    digits = "".join(c for c in path.stem[1:] if c.isdigit())
    return path.stem[0], int(digits or 0), path.stem


# ------------------------------------------------------------------------------------------------------------- multi-level

MLCLSP_LIMIT = 60.0
MLCLSP_EVERYDAY = {
    "classap": ("G501130", "G502530"),
    "classbp": ("G511130", "G512142", "G522430", "G531530"),
    "classc": ("G501120", "G502440", "K501340"),
    "classd": ("G012131", "G042531", "G542241"),
    "SET1": ("data_01", "data_05"),
    "SET3": ("data_03", "data_09"),
    "SET5": ("data_01", "data_02"),
}
MLCLSP_PEERS = ("classbp/G512142", "SET1/data_01")


def _mlclsp(data: Path, mode: Mode) -> list[Entry]:
    folder = data / "mlclsp"
    if mode == "small":
        numbers = draw_several_levels(2, 6, 2, 1)
        return [Entry("5 x 6, drawn", SMALL, partial(of_several_levels, numbers, BACKLOG))]
    if not folder.is_dir():
        sizes = ((4, 24, 3, 1, OVERTIME), (16, 16, 6, 2, OVERTIME), (30, 16, 6, 3, BACKLOG), (50, 24, 6, 4, BACKLOG))
        return [
            Entry(
                f"{ends} end items x {periods}, draw {seed}",
                MLCLSP_LIMIT,
                partial(of_several_levels, draw_several_levels(ends, periods, machines, seed), variant),
            )
            for ends, periods, machines, seed, variant in sizes
        ]
    found = [path for name in VARIANTS for path in sorted((folder / name).glob("*.txt"))]
    if mode == "everyday":
        found = [path for path in found if path.stem in MLCLSP_EVERYDAY[path.parent.name]]
    entries = [Entry(f"{p.parent.name}/{p.stem}", MLCLSP_LIMIT, partial(mlclsp, p)) for p in found]
    return [e if mode == "full" or e.name in MLCLSP_PEERS else e.alone() for e in entries]


def _variants() -> str:
    classes: dict[str, list[str]] = {}
    for name, variant in VARIANTS.items():
        classes.setdefault(variant.words, []).append(name)
    return "Variants: " + "; ".join(f"{', '.join(names)}: {words}" for words, names in classes.items()) + "."


# -------------------------------------------------------------------------------------- a generic matrix, demo and examples


def _sap_sop(data: Path, mode: Mode) -> list[Entry]:
    folder = data / "sap_sop"
    if mode == "small" or not folder.is_dir():
        size = (4, 4, 2) if mode == "small" else (30, 12, 3)
        return [
            Entry("a matrix without meaning, drawn", SMALL if mode == "small" else 60.0, partial(_bare, *size)).alone()
        ]
    files = sorted(folder.glob("*.mps*"))
    chosen = files if mode == "full" else files[:1]
    return [Entry(path.name.partition(".")[0], 300.0, partial(sap_sop, path)).alone() for path in chosen]


def _bare(items: int, periods: int, lines: int) -> Matrix:
    return compile_model(build(shared_lines(items, periods, lines)).model).matrix


def _company(data: Path, mode: Mode) -> list[Entry]:
    known = ["wagner_whitin_1958"] if mode == "small" else [n for n in example_names() if n != "demo"]
    entries = [Entry(name, 60.0, partial(read_case, example_path(name))).alone() for name in known]
    return (
        entries
        if mode == "small"
        else [
            Entry("demo company", 60.0, demo.company, gap=0.01).alone(),
            *entries,
        ]
    )


SETS = {
    s.name: s
    for s in (
        InstanceSet(
            "shared_lines",
            "Shared lines",
            "Generated: items x weeks x lines, two lines an item, set-up cost and time, one store for all stock, lost sales.",
            _shared_lines,
            acceptance.shared_lines,
        ),
        InstanceSet(
            "trigeiro",
            "One level: Trigeiro, Thomas and McClain (1989)",
            "Set-up times on one machine, no backlog. An instance not solved to the gap counts as 240 s.",
            _trigeiro,
            acceptance.trigeiro,
            "trigeiro",
        ),
        InstanceSet(
            "mlclsp",
            "Several levels: classes A+, B+, C, D and SET1, SET3, SET5",
            f"{_variants()} Lead times are 0. The figures of no two variants compare.",
            _mlclsp,
            acceptance.mlclsp,
            "mlclsp",
        ),
        InstanceSet(
            "sap_sop",
            "A matrix without meaning: S&OP of a phone maker (MIPcc23, series 1)",
            "No case, no names: what the engine does where it cannot know what columns mean.",
            _sap_sop,
            acceptance.sap_sop,
            "sap_sop",
            drawn=False,
        ),
        InstanceSet(
            "company",
            "The demo company and all examples",
            "Time to the same gap as plain HiGHS: 1 % for the demo company, as its settings ask for, else 0.01 %.",
            _company,
            acceptance.company,
            drawn=False,
        ),
    )
}
