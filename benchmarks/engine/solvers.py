"""The solvers that can take part."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass


@dataclass(frozen=True)
class Solver:
    """``driver``: its module and arguments; ``needs``: the package it comes in; ``words``: what runs."""

    name: str
    driver: tuple[str, ...]
    needs: str
    words: str

    @property
    def installed(self) -> bool:
        return importlib.util.find_spec(self.needs) is not None


SOLVERS = {
    s.name: s
    for s in (
        Solver("equipoise", ("ours",), "equipoise", "equipoise, 2 threads"),
        Solver("highs", ("highs",), "highspy", "plain Pyomo and HiGHS: the compiled matrix, HiGHS' own defaults"),
        Solver("highs2", ("highs", "parallel"), "highspy", "the same with parallel=on and 2 threads"),
        Solver("scip", ("scip",), "pyscipopt", "SCIP through PySCIPOpt, its defaults (1 thread)"),
        Solver("cpsat", ("cpsat",), "ortools", "CP-SAT of OR-Tools, 2 workers, on the matrix in whole numbers"),
        Solver("cbc", ("cbc",), "pulp", "CBC as it comes with PuLP, 2 threads"),
    )
}
OURS, PLAIN = "equipoise", "highs"
PEERS = ("scip", "cpsat", "cbc")
EVERYBODY = (OURS, PLAIN, *PEERS)
PACKAGES = ("pyscipopt", "ortools", "pulp", "matplotlib")
"""Versions worth stating beside those of equipoise."""
