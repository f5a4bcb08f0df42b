"""The ways of solving, in the order in which they are tried. docs/develop/decisions/0003 says why each is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Rung:
    """One way: in words for the planner, and as options of HiGHS 1.16.0. ``reseed`` is added to the seed."""

    words: str
    options: Mapping[str, Any] = field(default_factory=dict)
    reseed: int = 0


_NO_RINS = {"mip_heuristic_run_rins": False}
_NO_PRESOLVE = {**_NO_RINS, "presolve": "off"}
_EXACT = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}

PLAIN = Rung("HiGHS as it is")
CALM = Rung("HiGHS without its RINS heuristic", _NO_RINS)
BARE = Rung("HiGHS without presolve, another seed", _NO_PRESOLVE, reseed=1)
EXACT = Rung("HiGHS at a tolerance of 1e-9 for whole numbers", {**_NO_RINS, **_EXACT})
EXACT_BARE = Rung("HiGHS without presolve at a tolerance of 1e-9", {**_NO_PRESOLVE, **_EXACT}, reseed=2)

AFTER_A_CRASH = (CALM, BARE, EXACT)
AFTER_A_LEAK = (EXACT, EXACT_BARE)
AFTER_INFEASIBLE = (BARE, EXACT_BARE)
