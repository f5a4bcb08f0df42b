"""Items share the storage capacity of a site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.model.build import Build, or_zero

NEEDS = ("inventory",)
SWITCH = ("sites.storage_capacity", "sites.storage_cost")


def variables(b: Build) -> None:
    """above_capacity[s,t]: volume stored above the capacity of site s in period t [volume]; only where sites.storage_cost prices it."""
    prices = {row["site"]: row["storage_cost"] for row in _sites(b) if row["storage_cost"] is not None}
    keys = [(site, t) for site in prices for t in b.case.periods.names]
    for (site, t), var in b.var("above_capacity", keys, ("site", "period"), "volume").items():
        b.books.cost("storage", t, prices[site], var)


def _sites(b: Build) -> list[dict[str, Any]]:
    return [row for row in b.case.records("sites") if row["storage_capacity"] is not None]


def storage_capacity(b: Build) -> Iterator[tuple[Any, Any]]:
    """The volume of all stock at a site stays within its storage capacity, or the volume above it is paid for.

    sum of volume[i]*stock[i,s,t] over items i - above_capacity[s,t] <= storage_capacity[s]   for each site s with one, period t   [volume]

    Hard where storage_cost is blank (no above_capacity). Off: sites.storage_capacity is blank.
    Price: what a volume unit more is worth [money/volume].
    """
    for row in _sites(b):
        here = [item for item, site in b.places if site == row["site"] and b.inputs.volume(item)]
        for t in b.case.periods.names if here else ():
            key = (row["site"], t)
            slack = or_zero(b.m.above_capacity, key)
            stored = sum(b.inputs.volume(item) * b.m.stock[item, row["site"], t] for item in here)
            yield key, stored - slack <= row["storage_capacity"]


FAMILIES = (storage_capacity,)
