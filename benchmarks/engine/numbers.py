"""The numbers of planning instances: read from the public files, or drawn. No case, no model.

Periods are columns of every array by period, items its rows. The public sets are described in docs/benchmarks.md.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OneLevel:
    """Items share the hours of one machine: ``capacity`` hours a period, the rest by item (``demand`` by item and period)."""

    capacity: float
    hours: Floats
    hold: Floats
    setup_hours: Floats
    setup_cost: Floats
    demand: Floats


@dataclass(frozen=True, eq=False)
class SeveralLevels:
    """Items made of items on several machines.

    ``capacity`` by machine and period; ``hours`` and ``setup_hours`` by machine and item; ``most_late`` by period and item;
    ``parts``: (item, component, quantity), items counted from 0; everything else by item, ``demand`` by item and period.
    """

    capacity: Floats
    hours: Floats
    setup_hours: Floats
    setup_cost: Floats
    hold: Floats
    late_cost: Floats
    most_late: Floats
    demand: Floats
    parts: tuple[tuple[int, int, float], ...]

    def needed(self) -> Floats:
        """Units of each item and period that all demand asks for, parts of parts included and made in the period of the demand."""
        need, open_items = self.demand.copy(), set(range(len(self.hold)))
        while open_items:
            done = [i for i in open_items if not any(c == i and p in open_items for p, c, _ in self.parts)]
            if not done:
                raise ValueError("the parts lists of the instance go round in a circle")
            for item in done:
                for _, component, quantity in (part for part in self.parts if part[0] == item):
                    need[component] += quantity * need[item]
            open_items -= set(done)
        return need


@dataclass(frozen=True, eq=False)
class SharedLines:
    """Items with two lines each and one store for all: ``lines`` by item; ``capacity`` hours of every line and period."""

    hold: Floats
    lost_cost: Floats
    setup_cost: Floats
    setup_hours: Floats
    demand: Floats
    lines: npt.NDArray[np.int64]
    capacity: Floats
    store: float


def draw_shared_lines(items: int, periods: int, lines: int, seed: int, slack: float) -> SharedLines:
    """Seasonal, noisy demand of items of very different volume. One unit takes one hour.

    The order of the draws is part of the family: the same arguments give the same numbers wherever it is stated.
    """
    draw = np.random.default_rng(seed)
    level = draw.lognormal(4, 1, items)[:, None]
    angle = 2 * np.pi * np.arange(periods) / periods + draw.uniform(0, 6, (items, 1))
    noise = draw.normal(1, 0.25, (items, periods))
    demand = np.maximum(0, level * (1 + 0.3 * np.sin(angle)) * noise).round()
    setup_hours = draw.uniform(5, 40, items).round()
    value = draw.lognormal(1, 0.6, items)
    setup_cost = draw.uniform(100, 900, items).round()
    pairs = np.sort([draw.choice(lines, 2, replace=False) for _ in range(items)], axis=1)
    load = (demand.sum(axis=1) / periods + 0.4 * setup_hours) / 2
    mean = np.bincount(pairs.ravel(), np.repeat(load, 2), minlength=lines).mean()
    store = 0.8 * demand.sum() / periods
    capacity = np.full(lines, mean * slack)
    return SharedLines(0.02 * value, 3 * value + 20, setup_cost, setup_hours, demand, pairs, capacity, float(store))


def read_one_level(path: Path, unit_hours: bool = False) -> OneLevel:
    """An instance of Trigeiro, Thomas and McClain (1989). ``unit_hours``: every unit takes one hour, whatever the file says.

    The file: items and periods; a 1; hours a period; a line an item (hours of a unit, holding cost, set-up hours, set-up cost); demand,
    a line a period and a column an item, where more than 15 items stand in blocks below each other; then words that say nothing.
    """
    lines: list[list[float]] = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            lines.append([float(word) for word in text.split()])
        except ValueError:
            break
    lines = [line for line in lines if line]
    items, periods = map(int, lines[0])
    by_item = np.array(lines[3 : 3 + items])
    blocks = [np.array(lines[at : at + periods]) for at in range(3 + items, len(lines), periods)]
    demand = np.hstack(blocks).T
    if by_item.shape != (items, 4) or demand.shape != (items, periods):
        raise ValueError(f"{path.name} is not laid out as its first line says")
    hours, hold, setup_hours, setup_cost = by_item.T
    return OneLevel(lines[2][0], np.ones(items) if unit_hours else hours, hold, setup_hours, setup_cost, demand)


def draw_one_level(items: int, periods: int, seed: int, load: float = 0.9) -> OneLevel:
    """In the manner of the set of 1989: demand about 100 with gaps early on, set-ups worth several periods of holding cost."""
    draw = np.random.default_rng(seed)
    demand = draw.integers(75, 126, (items, periods)).astype(float)
    demand[:, : periods // 4] *= draw.random((items, periods // 4)) > 0.25
    hold, setup_hours = (
        draw.integers(1, 6, items).astype(np.float64),
        (10 * draw.integers(1, 6, items)).astype(np.float64),
    )
    setup_cost = (200 * draw.integers(1, 6, items)).astype(np.float64)
    hours = np.ones(items)
    # a set-up every second period, and never less than the demand met so far and a set-up of each asks for
    so_far = (demand.cumsum(axis=1).sum(axis=0) + setup_hours.sum()) / np.arange(1, periods + 1)
    mean = (demand.sum() / periods + setup_hours.sum() / 2) / load
    return OneLevel(float(np.ceil(max(mean, so_far.max()))), hours, hold, setup_hours, setup_cost, demand)


def read_several_levels(path: Path) -> SeveralLevels:
    """An instance of the multi-level sets: headed sections of lists, one line a row. Raises ValueError where a section is missing."""
    sections: dict[str, list[Any]] = {}
    title = ""
    for text in filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())):
        if text[0] in "[-0123456789":
            sections.setdefault(title, []).append(ast.literal_eval(text))
        else:
            title = text
    if missing := {"Cap(R,Cap)", "Production_Time", "Setup_Time", "Setup_Cost", "Demand"} - set(sections):
        raise ValueError(f"{path.name} has no section {', '.join(sorted(missing))}")
    lists = {name: np.array(rows, float) for name, rows in sections.items() if name.count(",") < 2}
    parts = tuple((int(p) - 1, int(c) - 1, float(q)) for p, c, q in sections["Assemble,Component,Quantity"])
    return SeveralLevels(
        capacity=lists["Cap(R,Cap)"],
        hours=lists["Production_Time"],
        setup_hours=lists["Setup_Time"],
        setup_cost=lists["Setup_Cost"].sum(axis=0),  # classes A+ and C state it on one resource for all
        hold=lists["Holding_Cost"][0],
        late_cost=lists["Delay_Cost"][0],
        most_late=lists["Order_Delay_TimeLimit"],
        demand=lists["Demand"][0],
        parts=parts,
    )


def draw_several_levels(ends: int, periods: int, machines: int, seed: int, load: float = 0.85) -> SeveralLevels:
    """Three levels: ``ends`` end items, as many assemblies, half as many parts; each item is made of two of the level below.

    Items take machines in turn. Capacity is the mean need with a set-up of every item in two of three periods, over ``load``.
    """
    draw = np.random.default_rng(seed)
    sizes = [ends, ends, max(2, ends // 2)]
    starts = np.cumsum([0, *sizes])
    items = int(starts[-1])
    parts: list[tuple[int, int, float]] = []
    for level in range(2):
        for item in range(starts[level], starts[level + 1]):
            below = draw.choice(
                np.arange(starts[level + 1], starts[level + 2]), min(2, sizes[level + 1]), replace=False
            )
            parts += [(item, int(c), 1.0) for c in below]
    demand = np.zeros((items, periods))
    demand[:ends] = draw.normal(50, 15, (ends, periods)).clip(0).round()
    hold = np.concatenate([draw.integers(4 * (2 - level) + 1, 4 * (2 - level) + 4, n) for level, n in enumerate(sizes)])
    on = (np.arange(machines)[:, None] == np.arange(items) % machines).astype(float)
    setup_hours = on * draw.choice([5.0, 10.0, 15.0], items)
    most_late = np.tile(np.minimum(4, np.arange(periods)[::-1])[:, None], (1, items)) * (np.arange(items) < ends)
    found = SeveralLevels(
        np.zeros((machines, periods)), on, setup_hours, draw.choice([200.0, 400.0, 800.0, 1600.0], items), hold.astype(float),
        5.0 * hold * (np.arange(items) < ends), most_late.astype(float), demand, tuple(parts),
    )  # fmt: skip
    mean = (on @ found.needed()).mean(axis=1) + setup_hours.sum(axis=1) * 2 / 3
    return replace(found, capacity=np.tile(np.ceil(mean / load)[:, None], (1, periods)))
