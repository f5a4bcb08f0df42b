"""A model in the making: what features declare variables on, post terms to and read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pyomo.environ as pyo

from equipoise.case import Case
from equipoise.errors import ModelError
from equipoise.model import books, bounds, places
from equipoise.model.inputs import INF, Inputs
from equipoise.model.streams import Stream, streams


class _View:
    """The variables a feature may read: its own and those of the features in its NEEDS."""

    def __init__(self, build: Build, reader: str, allowed: set[str]):
        self._build, self._reader, self._allowed = build, reader, allowed

    def __getattr__(self, name: str) -> Any:
        owner = self._build.owners.get(name)
        if owner is None:
            raise ModelError(f'no feature has a variable "{name}"')
        if owner not in self._allowed:
            raise ModelError(f'{self._reader} reads "{name}" of {owner} without naming {owner} in its NEEDS')
        return self._build.vars[name]


class Build:
    """A model in the making and, once built, the model with its maps.

    ``model`` is the Pyomo ConcreteModel (minimise; profit is minimised as its negative); ``vars`` maps a variable's name to its indexed
    Var; ``axes`` and ``units`` say what its index and its numbers are; ``on`` names the features that are on; ``every_plan`` says that
    no plan was left out because another one is as good.
    """

    def __init__(self, case: Case, every_plan: bool = False):
        self.case = case
        self.every_plan = every_plan
        self.model = pyo.ConcreteModel(name=case.settings.name or "equipoise")
        self.books = books.Books()
        self.vars: dict[str, Any] = {}
        self.axes: dict[str, tuple[str, ...]] = {}
        self.units: dict[str, str] = {}
        self.owners: dict[str, str] = {}
        self.on: list[str] = []
        self.m: Any = None
        self._feature = ""

    @property
    def profit(self) -> bool:
        return self.case.settings.objective == "profit"

    @cached_property
    def places(self) -> tuple[tuple[str, str], ...]:
        """(item, site) pairs where the item can be, is wanted or is limited."""
        return places.places(self.case)

    @cached_property
    def place_periods(self) -> list[tuple[str, str, str]]:
        return [(item, site, t) for item, site in self.places for t in self.case.periods.names]

    @cached_property
    def bounds(self) -> bounds.Bounds:
        """The smallest safe upper bounds of quantities."""
        return bounds.Bounds(self.inputs, every_plan=self.every_plan)

    @cached_property
    def inputs(self) -> Inputs:
        """What the tables say, defaults filled in."""
        return Inputs(self.case)

    @cached_property
    def streams(self) -> list[Stream]:
        """The demand, rows whose units are alike taken together."""
        return streams(self.inputs)

    @cached_property
    def lanes(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """(origin, destination, item) -> the lane row that carries it."""
        return {(origin, destination, item): row for origin, destination, item, row in places.shipments(self.case)}

    def integer(self, period: str) -> bool:
        """Whether lots, set-ups and whole units of the period are integer (settings.integer_periods)."""
        limit = self.case.settings.integer_periods
        return limit is None or self.case.periods.index[period] < limit

    def whole(self, item: str, period: str) -> Any:
        """Domain of a quantity of the item: whole units or fractions."""
        return pyo.NonNegativeIntegers if item in self.inputs.whole and self.integer(period) else pyo.NonNegativeReals

    def var(
        self,
        name: str,
        domains: Mapping[Any, Any] | Iterable[Any],
        axes: tuple[str, ...],
        unit: str,
        upper: Mapping[Any, float] | None = None,
    ) -> Any:
        """Declare a variable over the keys of ``domains`` (a mapping key -> Pyomo domain, or keys of non-negative reals)."""
        if name in self.vars:
            raise ModelError(f'{self._feature} and {self.owners[name]} both declare "{name}"')
        if not isinstance(domains, Mapping):
            domains = dict.fromkeys(domains, pyo.NonNegativeReals)
        usual = next(iter(domains.values()), pyo.NonNegativeReals)
        var = pyo.Var(list(domains), domain=usual)
        self.model.add_component(name, var)
        for key, domain in domains.items():
            if domain is not usual:
                var[key].domain = domain
        if upper:
            for key, bound in upper.items():
                if key in domains and bound != INF:
                    var[key].setub(bound)
        self.vars[name], self.axes[name], self.units[name], self.owners[name] = var, axes, unit, self._feature
        return var

    def enter(self, feature: str, needs: Iterable[str]) -> None:
        """From here on ``m`` shows what this feature may read."""
        self._feature = feature
        self.m = _View(self, feature, {feature, *needs})


def or_zero(var: Any, key: Any) -> Any:
    """The variable of the key where there is one, else 0."""
    return var[key] if key in var else 0.0  # noqa: SIM401 (Pyomo has no get)
