"""The second model against every plan that there is: whole quantities, so few that all of them can be tried. No solver on that side."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from reference.dice import Drawn
from reference.model import answer
from reference.program import same

PERIODS, MOST_MADE = 3, 6


class Tiny:
    """One whole item, one recipe on one line: what is drawn, as numbers."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.demand = [rng.randint(0, 3) for _ in range(PERIODS)]
        self.lost = rng.choice([None, 7, 15])  # None: served in its period
        self.hold, self.average = rng.choice([0, 1, 3]), rng.random() < 0.5
        self.opening, self.safety, self.safety_cost = rng.choice([0, 2]), rng.choice([0, 1]), rng.choice([None, 2])
        self.maximum, self.final = rng.choice([None, 3]), rng.choice([0, 1])
        self.unit, self.setup, self.lot_min, self.lot = (
            rng.choice([0, 2]),
            rng.choice([0, 6]),
            rng.choice([0, 2]),
            rng.choice([1, 2, 3]),
        )
        self.lead = rng.choice([0, 0, 1])
        self.hours, self.setup_hours = rng.choice([1, 2]), rng.choice([0, 1])
        self.capacity, self.overtime, self.overtime_cost = rng.choice([3, 6]), rng.choice([0, 2]), 1.5

    def tables(self) -> Drawn:
        names = [str(t + 1) for t in range(PERIODS)]
        settings = {
            "periods": PERIODS,
            "shortage": "forbidden" if self.lost is None else "lost",
            "holding_on": "average" if self.average else "end",
        }
        return {
            "settings": [{"key": k, "value": v} for k, v in settings.items()],
            "items": [{"item": "A", "whole": 1, "holding_cost": self.hold, "lost_cost": self.lost}],
            "demand": [{"item": "A", "period": p, "quantity": q} for p, q in zip(names, self.demand, strict=True)],
            "stock": [{
                "item": "A", "opening": self.opening, "safety": self.safety, "safety_cost": self.safety_cost,
                "maximum": self.maximum, "final": self.final,
            }],
            "recipes": [{
                "recipe": "m", "item": "A", "unit_cost": self.unit, "setup_cost": self.setup, "lot_min": self.lot_min,
                "lot_multiple": self.lot, "lot_max": MOST_MADE, "lead_time": self.lead,
            }],
            "operations": [{"recipe": "m", "resource": "L", "hours": self.hours, "setup_hours": self.setup_hours}],
            "resources": [{
                "resource": "L", "capacity": self.capacity, "overtime": self.overtime, "overtime_cost": self.overtime_cost,
            }],
        }  # fmt: skip

    def cost(self, made: tuple[int, ...], served: tuple[int, ...]) -> float:
        """What a plan costs; infinite where it breaks a rule."""
        total, stock = 0.0, self.opening
        for t in range(PERIODS):
            if made[t] and (t + self.lead >= PERIODS or made[t] < self.lot_min or made[t] % self.lot):
                return math.inf
            hours = made[t] * self.hours + (self.setup_hours if made[t] else 0)
            extra = max(0.0, hours - self.capacity)
            arrived = made[t - self.lead] if t >= self.lead else 0
            closing = stock + arrived - served[t]
            missing = max(0, self.safety - closing)
            broken = (
                extra > self.overtime
                or closing < 0
                or (missing and self.safety_cost is None)
                or (self.maximum is not None and closing > self.maximum)
                or (self.lost is None and served[t] < self.demand[t])
            )
            if broken:
                return math.inf
            total += made[t] * self.unit + (self.setup if made[t] else 0) + extra * self.overtime_cost
            total += self.hold * ((stock + closing) / 2 if self.average else closing)
            total += missing * (self.safety_cost or 0) + (self.demand[t] - served[t]) * (self.lost or 0)
            stock = closing
        return total if stock >= self.final else math.inf


@pytest.mark.parametrize("seed", range(16))
def test_the_second_model_finds_the_best_of_all_plans(seed: int) -> None:
    tiny = Tiny(seed)
    made = itertools.product(range(MOST_MADE + 1), repeat=PERIODS)
    served = list(itertools.product(*(range(d + 1) for d in tiny.demand)))
    least = min(tiny.cost(m, s) for m in made for s in served)
    found = answer(tiny.tables())
    assert found.status == ("infeasible" if least == math.inf else "optimal")
    assert found.value is None or same(found.value, least)


def test_most_of_the_tiny_cases_have_a_plan() -> None:
    assert sum(answer(Tiny(seed).tables()).status == "optimal" for seed in range(16)) >= 10
